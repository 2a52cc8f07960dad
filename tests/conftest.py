"""Fixtures that all tests may use. What tests measure is told at the end of the run, whichever process measured it."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from tests.databases import Migrated
from tests.scheduling import Scheduling, is_decided, rank
from tests.sharing import Users, folder_of_the_run, is_worker, locked

FIGURES = "figures"
Figures = Callable[[str], None]


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    """Call it with what the test found, in words and numbers."""
    return lambda text: record_property(FIGURES, text)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    told = [value for report in reports for name, value in report.user_properties if name == FIGURES]
    if told:
        terminalreporter.section("figures")
        for text in told:
            terminalreporter.write_line(str(text))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if is_decided(item)])
        items[:] = [item for item in items if not is_decided(item)]
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def migrated(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings: None,
    django_db_blocker: Any,
) -> Iterator[Callable[[], None] | None]:
    """Lets the database be made from what the first worker migrated. Call it when it is made; None without workers."""
    if not is_worker(request):
        yield None
        return
    folder = folder_of_the_run(request, tmp_path_factory) / "database"
    database, users = Migrated(folder), Users(folder)
    with contextlib.ExitStack() as first:
        first.enter_context(locked(folder))
        users.come()
        if database.made.exists():
            database.begin_with_it()

        def done() -> None:
            if not database.made.exists():
                database.make()
            first.close()

        yield done
    with locked(folder), django_db_blocker.unblock():
        if users.go():
            database.forget()


@pytest.fixture(scope="session")
def django_db_setup(
    migrated: Callable[[], None] | None, django_db_setup: None, django_db_blocker: Any
) -> None:
    """pytest-django's, where one worker of many runs the migrations."""
    if migrated:
        with django_db_blocker.unblock():
            migrated()


@pytest.fixture(autouse=True)
def no_cache_of_the_test_before() -> None:
    """SQLite gives out the same keys again: another image's rendition would be taken for this one's."""
    cache.clear()


@pytest.fixture
def home(db: None) -> Any:
    """The root page of the default site, live in both languages at /fr/ and /nl/."""
    from tests.factories.pages import make_home

    return make_home()


@pytest.fixture(params=["fr", "nl"])
def both_languages(request: pytest.FixtureRequest) -> Iterator[str]:
    """Runs the test with French active, then with Dutch."""
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def superuser(db: None) -> Any:
    """Reads the admin in French."""
    from tests.factories.users import SuperuserFactory

    return SuperuserFactory(language="fr")


@pytest.fixture
def admin(client: Any, superuser: Any) -> Any:
    """A client of the admin, in French."""
    client.force_login(superuser)
    return client


@pytest.fixture
def admin_nl(client: Any) -> Any:
    """A client of the admin, in Dutch, whose browser asks for French."""
    from tests.factories.users import SuperuserFactory

    client.force_login(SuperuserFactory(language="nl"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return client
