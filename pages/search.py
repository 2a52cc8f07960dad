"""Search in both languages: French and Dutch stemming on PostgreSQL, full text search on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from functools import reduce
from operator import add, or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import TextField, Value
from modelsearch.backends.database import SearchBackend
from modelsearch.backends.database.postgres import postgres
from modelsearch.index import RelatedFields

from pages.languages import FR, LANGUAGES, NL, twins

CONFIGS = {FR: "vigie_french", NL: "vigie_dutch"}
"""PostgreSQL's text search configuration of each language: stemming without accents (pages/migrations/0006)."""


def configs_of(field_name: str) -> list[str]:
    """A twin is in its language; what has no language may be in either."""
    language = field_name.rpartition("_")[2]
    return [CONFIGS[language]] if language in LANGUAGES else list(CONFIGS.values())


class Text(str):
    """A text to index, with the configurations to index it in."""

    __slots__ = ("configs",)
    configs: list[str]


class BilingualIndexer(postgres.ObjectIndexer):
    """Stems each text in its language; both titles count as the title."""

    def prepare_field(self, obj: Any, field: Any) -> Iterator[tuple[Any, str, str]]:
        for each, weight, value in super().prepare_field(obj, field):
            if isinstance(field, RelatedFields):
                # The field itself came through here.
                yield each, weight, value
                continue
            text = Text(value)
            text.configs = configs_of(each.field_name)
            if each.field_name in twins("title"):
                each = copy(each)  # noqa: PLW2901
                each.field_name = "title"
            yield each, weight, text

    def as_vector(self, texts: list[tuple[str, str]], for_autocomplete: bool = False) -> Any:
        if for_autocomplete:
            return super().as_vector(texts, for_autocomplete)
        vectors = [
            SearchVector(Value(text.strip(), output_field=TextField()), weight=weight, config=config)
            for text, weight in texts
            if text.strip()
            for config in getattr(text, "configs", CONFIGS.values())
        ]
        return reduce(add, vectors) if vectors else postgres.EMPTY_VECTOR


# modelsearch's index names its indexer in one place only, its module.
postgres.ObjectIndexer = BilingualIndexer


class BilingualQueryCompiler(postgres.PostgresSearchQueryCompiler):
    """Finds what either language's stems match, whatever language the reader has chosen."""

    def build_tsquery(self, query: Any, config: str | None = None) -> SearchQuery | None:
        queries = [self.build_tsquery_content(query, config=each) for each in CONFIGS.values()]
        return None if None in queries else reduce(or_, queries)

    def get_fields_vectors(self, search_query: Any) -> list[tuple[Any, float]]:
        return [
            (SearchVector(lookup, config=config), field.boost)
            for lookup, field in self.search_fields.items()
            for config in configs_of(lookup)
        ]


class BilingualPostgresBackend(postgres.PostgresSearchBackend):
    query_compiler_class = BilingualQueryCompiler


def backend(params: dict[str, Any]) -> Any:
    """Wagtail's search backend, by the database in use."""
    return BilingualPostgresBackend(params) if connection.vendor == "postgresql" else SearchBackend(params)
