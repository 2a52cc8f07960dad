"""Search in both languages: French and Dutch stemming on PostgreSQL, full text search on SQLite."""

from typing import Any

from modelsearch.backends.database import SearchBackend as database_backend


def backend(params: dict[str, Any]) -> Any:
    return database_backend(params)
