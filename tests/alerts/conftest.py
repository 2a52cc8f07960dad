from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from tests.alerts.processes import have_database
from tests.site.conftest import browser_type_launch_args  # noqa: F401  (Debian's Chromium)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """What `timezone.now()` says, as long as a test holds it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = NOON
        monkeypatch.setattr(timezone, "now", lambda: self.time)

    def __call__(self, **ahead: float) -> datetime:
        """Move it, as in `clock(minutes=5)`."""
        self.time += timedelta(**ahead)
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Noon UTC on 22 November 2026."""
    return Clock(monkeypatch)


@pytest.fixture(autouse=True)
def no_release_yet(settings: Any, tmp_path: Path) -> None:
    """What is live is the test's own affair."""
    settings.VIGIE_RELEASES_ROOT = tmp_path / "releases"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """No service worker comes between the tests and the pages."""
    return {**browser_context_args, "service_workers": "block", "locale": "fr-BE"}


@pytest.fixture(scope="session")
def copy_url(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where the copies of the tests' database lie, one after the other."""
    url = _copy_url(tmp_path_factory)
    have_database(url)
    return url


def _copy_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('copies') / 'copy.sqlite3'}"
    settings = connection.settings_dict
    password = f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
    place = f"{settings['USER']}{password}@{settings['HOST']}:{settings['PORT'] or 5432}"
    return f"postgres://{place}/{settings['NAME']}_copy"


@pytest.fixture
def processes(copy_url: str, django_db_blocker: Any) -> Iterator[None]:
    """`Work` works on a copy of the database as the migrations made it; gone afterwards."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            path = Path(copy_url.removeprefix("sqlite:///"))
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(path)])
            yield
            for file in path.parent.iterdir():
                file.unlink()
            return
        original, copy = connection.settings_dict["NAME"], copy_url.rpartition("/")[2]
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')
        yield
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{copy}"')
