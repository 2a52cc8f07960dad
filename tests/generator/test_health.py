import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.utils import ConnectionHandler
from django.test import RequestFactory

from config.settings.base import database
from generator import views
from generator.targets import ReleaseTarget

from .samples import built, page


@pytest.fixture
def releases(tmp_path: Path, settings: Any) -> ReleaseTarget:
    settings.VIGIE_RELEASES_ROOT = tmp_path
    return ReleaseTarget(tmp_path)


def test_a_process_that_answers_is_alive() -> None:
    response = views.live(RequestFactory().get("/health/live"))
    assert response.status_code == HTTPStatus.OK
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_is_who_has_a_database_and_a_release(releases: ReleaseTarget) -> None:
    built(releases, page("/fr/"))
    assert views.ready(RequestFactory().get("/health/ready")).status_code == HTTPStatus.OK


@pytest.mark.django_db
def test_without_a_release_nobody_is_ready(releases: ReleaseTarget) -> None:
    response = views.ready(RequestFactory().get("/health/ready"))
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert b'"release": null' in response.content


@pytest.mark.django_db
def test_a_link_to_nothing_is_no_release(releases: ReleaseTarget) -> None:
    (releases.root / "current").symlink_to("20261122T000000.000000Z")
    assert views.ready(RequestFactory().get("/health/ready")).status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_without_a_database_nobody_is_ready(releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    built(releases, page("/fr/"))
    monkeypatch.setattr(views, "_database_answers", lambda: False)
    response = views.ready(RequestFactory().get("/health/ready"))
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert b'"database": false' in response.content


class Silent:
    """A port that takes connections and says nothing."""

    def __init__(self, port: int = 0) -> None:
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.taken: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                self.taken.append(self.listener.accept()[0])

    def close(self) -> None:
        self.listener.close()
        for each in self.taken:
            each.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    silent = Silent()
    yield silent
    silent.close()


@pytest.fixture
def database_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes the health check ask a PostgreSQL at that port, with the pool of production."""
    made: list[Any] = []
    probe = views.Probe(views._ask_database)

    def at(port: int) -> None:
        handler = ConnectionHandler({"default": database(f"postgres://nobody@127.0.0.1:{port}/none")})
        made.append(handler["default"])
        monkeypatch.setattr(views, "connections", handler)
        monkeypatch.setattr(views, "_database", probe)

    yield at
    made[0].close_pool()
    # A question still asked would be heard by the tests that follow.
    probe.answers(60)


def ask() -> tuple[int, bytes, float]:
    began = time.monotonic()
    response = views.ready(RequestFactory().get("/health/ready"))
    return response.status_code, response.content, time.monotonic() - began


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.django_db
def test_where_no_database_listens_that_is_said_in_time(releases: ReleaseTarget, database_at: Any) -> None:
    built(releases, page("/fr/"))
    database_at(free_port())
    status, body, seconds = ask()
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert b'"database": false' in body
    assert b'"release": null' not in body
    assert seconds < 3


@pytest.mark.django_db
def test_a_database_that_says_nothing_is_away_and_is_not_asked_the_more_for_it(
    releases: ReleaseTarget, database_at: Any, silent: Silent
) -> None:
    built(releases, page("/fr/"))
    database_at(silent.port)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _number: ask(), range(6)))
    assert {status for status, _body, _seconds in answers} == {HTTPStatus.SERVICE_UNAVAILABLE}
    assert max(seconds for _status, _body, seconds in answers) < 4
    assert len(silent.taken) <= 2, "the pool's first connection, and one more at most"


@pytest.mark.once
@pytest.mark.django_db
def test_a_database_that_is_back_is_asked_soon_however_long_it_was_away(
    releases: ReleaseTarget, database_at: Any
) -> None:
    port = free_port()
    database_at(port)
    gone_until = time.monotonic() + 8
    while time.monotonic() < gone_until:
        ask()
    back = Silent(port)
    try:
        deadline = time.monotonic() + 4
        while not back.taken and time.monotonic() < deadline:
            ask()
        assert back.taken
    finally:
        back.close()


@pytest.mark.django_db
def test_the_connection_goes_back_to_the_pool(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []
    handler = ConnectionHandler(connections.settings)
    monkeypatch.setattr(views, "connections", handler)
    asked = handler["default"]
    close = asked.close
    monkeypatch.setattr(asked, "close", lambda: closed.append(asked.alias) or close())
    assert views._ask_database()
    assert closed == ["default"]


def test_what_answers_again_is_there_again() -> None:
    hangs = threading.Event()
    asked = []

    def question() -> bool:
        asked.append(1)
        return hangs.wait(30)

    probe = views.Probe(question)
    assert not probe.answers(0.05)
    assert not probe.answers(0.05)
    assert len(asked) == 1
    hangs.set()
    assert probe.answers(30)
    assert probe.answers(30)
    assert len(asked) >= 2
