"""Fixtures that all tests may use. What tests measure is told at the end of the run, whichever process measured it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import translation

from tests.scheduling import Scheduling, rank

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
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


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
