"""The tests' database: the migrations run once, and each worker of pytest-xdist begins with a copy.

They take a worker longer than anything else it does, and make the same each time.
"""

import sqlite3
from pathlib import Path

from django.db import connection


class Migrated:
    """A migrated database that nobody works in; `folder` is where SQLite's lies."""

    def __init__(self, folder: Path) -> None:
        self.made = folder / "made"
        self.file = folder / "migrated.sqlite3"
        self.is_sqlite = connection.vendor == "sqlite"
        self.name = f"test_{connection.settings_dict['NAME']}_migrated"
        self._memory: sqlite3.Connection | None = None

    def begin_with_it(self) -> None:
        """Let Django make its test database as a copy; it finds nothing left to migrate."""
        if self.is_sqlite:
            # In memory, a database lasts as long as somebody is connected.
            self._memory = sqlite3.connect(connection.creation._get_test_db_name(), uri=True)
            source = sqlite3.connect(self.file)
            source.backup(self._memory)
            source.close()
        else:
            connection.settings_dict["TEST"]["TEMPLATE"] = self.name

    def make(self) -> None:
        """From the test database, which is migrated and holds nothing else."""
        if self.is_sqlite:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(self.file)])
        else:
            original = connection.settings_dict["NAME"]
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}"')
                cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{original}"')
        self.made.touch()

    def forget(self) -> None:
        self.made.unlink(missing_ok=True)
        if self.is_sqlite:
            self.file.unlink(missing_ok=True)
        else:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}"')
