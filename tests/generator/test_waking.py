"""The worker hears of a request when its transaction is committed."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import pytest_django
from django.db import connection, transaction

from generator import outbox, waking
from generator.models import BuildRequest

LONG = 20.0


def waited(waker: waking.Waker, stopped: Event | None = None, seconds: float = LONG) -> float:
    started = time.monotonic()
    waker.wait(seconds, stopped or Event())
    return time.monotonic() - started


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite3"
    with sqlite3.connect(path) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE a (b)")
    return path


def later(seconds: float, act: Any) -> None:
    threading.Timer(seconds, act).start()


@pytest.mark.once
def test_a_commit_to_sqlite_wakes(database: Path) -> None:
    def commit() -> None:
        with sqlite3.connect(database) as writer:
            writer.execute("INSERT INTO a VALUES (1)")

    waker = waking.SQLite(str(database))
    later(0.2, commit)
    assert waited(waker) < LONG / 2
    commit()
    assert waited(waker) < LONG / 2
    assert waited(waker, seconds=0.1) >= 0.1
    waker.close()


@pytest.mark.once
def test_stopping_wakes(database: Path) -> None:
    for waker in (waking.SQLite(str(database)), waking.Clock()):
        stopped = Event()
        later(0.1, stopped.set)
        assert waited(waker, stopped) < LONG / 2
        waker.close()


@pytest.mark.postgres
def test_a_request_wakes_over_postgresql_when_it_is_committed(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    waker = waking.Patient()
    # Committed, and taken away: a transactional test would empty the database that the tests after it begin with.
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                outbox.request_build("a page was published")
                waker.wait(0, Event())
                assert waited(waker, seconds=0.3) >= 0.3
            assert waited(waker) < LONG / 2
        finally:
            waker.close()
            BuildRequest.objects.all().delete()
            connection.close()


@pytest.mark.django_db
def test_where_nobody_tells_the_clock_does() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL tells")
    assert waited(waking.Patient(), seconds=0.1) >= 0.1


def test_a_database_that_goes_away_is_looked_for_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def wait(self, seconds: float, stopped: Event) -> None:
            raise ConnectionError("gone")

        def close(self) -> None:
            raise ConnectionError("gone")

    opened: list[int] = []

    def open_again(self: waking.Patient) -> waking.Waker:
        opened.append(1)
        return Broken() if len(opened) == 1 else waking.Clock()

    monkeypatch.setattr(waking.Patient, "_opened", open_again)
    waker = waking.Patient()
    assert waited(waker, seconds=0.05) >= 0.05
    assert "Nothing tells of new requests" in caplog.text
    monkeypatch.setattr(waking, "RETRY_SECONDS", 0)
    waker._due = 0
    waited(waker, seconds=0.01)
    assert len(opened) == 2
