"""How the worker hears that something was asked for, without asking the database all the time.

PostgreSQL tells it (LISTEN, NOTIFY, delivered with the commit). SQLite has nobody to tell, but one number that changes
with each commit of another connection (`PRAGMA data_version`), which is read in microseconds. Elsewhere, and while the
database is away, the worker looks every `seconds`.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import suppress
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections

logger = logging.getLogger(__name__)

CHANNEL = "vigie_build"
LOOK_SECONDS = 0.01
RETRY_SECONDS = 10.0


class Stopping(Protocol):
    """What tells that there is to be an end."""

    def is_set(self) -> bool: ...
    def wait(self, seconds: float) -> bool: ...


class Waker(Protocol):
    """Waits for news."""

    def wait(self, seconds: float, stopped: Stopping) -> None:
        """Return when something was committed since the last call, when `stopped`, or after `seconds`."""

    def close(self) -> None:
        """Let go of the database."""


class Stop:
    """Whether to end, which a signal may say. Without a lock, unlike `threading.Event`: a second signal, heard while
    the first one is, would wait for that for ever."""

    def __init__(self) -> None:
        self._is_set = False

    def set(self) -> None:
        self._is_set = True

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Return when it is set, or after `seconds`; whether it is."""
        deadline = time.monotonic() + seconds
        while not self._is_set and (left := deadline - time.monotonic()) > 0:
            time.sleep(min(LOOK_SECONDS, left))
        return self._is_set


class Clock:
    """Knows of nothing but time."""

    def wait(self, seconds: float, stopped: Stopping) -> None:
        stopped.wait(seconds)

    def close(self) -> None:
        """Nothing is held."""


class SQLite:
    """Sees each commit, the worker's own too: a round without anything to do follows those."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._seen = self._version()

    def wait(self, seconds: float, stopped: Stopping) -> None:
        deadline = time.monotonic() + seconds
        while (version := self._version()) == self._seen:
            if stopped.is_set() or (left := deadline - time.monotonic()) <= 0:
                return
            stopped.wait(min(LOOK_SECONDS, left))
        self._seen = version

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self._connection.close()


class PostgreSQL:
    """A connection of its own that listens."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        import psycopg

        self._connection = psycopg.connect(**parameters, autocommit=True)
        self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float, stopped: Stopping) -> None:
        if not stopped.is_set():
            for _notify in self._connection.notifies(timeout=seconds, stop_after=1):
                return

    def close(self) -> None:
        self._connection.close()


class Patient:
    """What fits the default database; the clock while that is away."""

    def __init__(self) -> None:
        self._waker: Waker | None = None
        self._due = 0.0

    def wait(self, seconds: float, stopped: Stopping) -> None:
        if self._waker is None and time.monotonic() >= self._due:
            self._waker = self._opened()
        try:
            (self._waker or Clock()).wait(seconds, stopped)
        except Exception:
            logger.warning(
                "Nothing tells of new requests for now; looking every %.1f s", seconds, exc_info=True
            )
            self.close()
            stopped.wait(seconds)

    def close(self) -> None:
        self._due = time.monotonic() + RETRY_SECONDS
        if self._waker is not None:
            with suppress(Exception):
                self._waker.close()
        self._waker = None

    def _opened(self) -> Waker | None:
        connection: Any = connections[DEFAULT_DB_ALIAS]
        try:
            if connection.vendor == "postgresql":
                parameters = connection.get_connection_params()
                parameters.pop("cursor_factory", None)
                parameters.pop("context", None)
                return PostgreSQL(parameters)
            if connection.vendor == "sqlite" and not connection.is_in_memory_db():
                return SQLite(str(connection.settings_dict["NAME"]))
        except Exception:
            logger.warning("Nothing tells of new requests for now", exc_info=True)
            self._due = time.monotonic() + RETRY_SECONDS
            return None
        return Clock()


def tell() -> None:
    """Wake the worker when the transaction at hand is committed."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
