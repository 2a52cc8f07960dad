"""The demo site, made once a session and shared by the workers of pytest-xdist; its server; Chromium.

SITE_TEST_FOLDER=<folder> keeps the site there and takes it as it is next time: for who writes these tests.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserType, expect

from tests.sharing import Users, folder_of_the_run, locked
from tests.site import demo, inventory, links
from tests.site.browsing import Visitor
from tests.site.night import PATIENCE, Night
from tests.site.output import Output

MADE, FAILED = "made", "failed"


def require(what: str, found: str | None) -> str:
    """`found`, or a visible skip where it is None; a failure in CI."""
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, which is a failure in CI.", pytrace=False)
    pytest.skip(f"{what} is missing.")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[demo.Site]:
    """The demo site, built. Nobody changes it: `site.copy` is for that."""
    kept = os.environ.get("SITE_TEST_FOLDER")
    shared = Path(kept) if kept else folder_of_the_run(request, tmp_path_factory) / "demo"
    users = Users(shared)
    with locked(shared):
        site = _made(shared, again=bool(kept))
        users.come()
    yield site
    with locked(shared):
        if users.go() and not kept:
            (shared / MADE).unlink()
            site.forget()


def _made(shared: Path, *, again: bool) -> demo.Site:
    """The site in `shared`, made now if nobody has. What failed once fails at once for the others."""
    made, failed, folder = shared / MADE, shared / FAILED, shared / "site"
    if made.exists():
        return demo.Site(folder, made.read_text())
    if failed.exists() and not again:
        pytest.fail(failed.read_text(), pytrace=False)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        site = demo.make(folder, os.environ.get("DATABASE_URL"))
    except Exception as error:
        failed.write_text(f"The demo site could not be made: {error}")
        pytest.fail(failed.read_text(), pytrace=False)
    made.write_text(site.database_url)
    return site


@pytest.fixture(scope="session")
def output(site: demo.Site) -> Output:
    """The demo site's public files."""
    return Output(site.public, demo.BASE_URL)


@pytest.fixture(scope="session")
def link_report(output: Output) -> links.Report:
    return links.check(output)


@pytest.fixture(scope="session")
def documents(site: demo.Site) -> list[inventory.Entry]:
    """What the demo site publishes, with the template of each page."""
    return inventory.take(site)


@pytest.fixture
def changeable(site: demo.Site, tmp_path: Path) -> Iterator[demo.Site]:
    """A copy of the demo site that the test may change."""
    copy = site.copy(tmp_path / "site")
    yield copy
    copy.forget()


@pytest.fixture(scope="session")
def server(site: demo.Site) -> Iterator[demo.Server]:
    """The demo site, served."""
    with demo.serving(site) as server:
        yield server


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium without its windows, where that is installed: the same engine in a third of the time."""
    return _launching(os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or _chromium())


@pytest.fixture(scope="session")
def whole_chromium() -> dict[str, Any]:
    """To launch Chromium as people have it, which shows notifications and keeps a profile."""
    return _launching(_chromium())


@pytest.fixture(scope="module")
def whole_browser(browser_type: BrowserType, whole_chromium: dict[str, Any]) -> Iterator[Browser]:
    browser = browser_type.launch(**whole_chromium)
    yield browser
    browser.close()


def _chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def _launching(found: str | None) -> dict[str, Any]:
    """Playwright keeps an event loop running in the thread of the tests, where Django refuses its database; but no test
    uses it from inside the loop."""
    executable = require("Chromium", found)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    quiet = ["quic", "background-networking", "component-update", "sync", "gpu", "extensions"]
    arguments = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in quiet)]
    return {"executable_path": executable, "args": arguments}


@pytest.fixture
def visitor(browser: Browser, server: demo.Server) -> Iterator[Visitor]:
    """Somebody with a browser at the demo site. No request may leave it, no cookie may be set."""
    visitor = Visitor(browser, server.url)
    yield visitor
    visitor.close()
    visitor.must_have_been_left_alone()


@pytest.fixture(scope="module")
def running(site: demo.Site, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """A copy of the demo site that the module's tests change, with its worker."""
    with demo.running(site, tmp_path_factory.mktemp("running") / "site") as (copy, server):
        yield Night(copy, server, browser)


@pytest.fixture
def night(running: Night) -> Iterator[Night]:
    """The module's `running` site, with no browser left open by the test before. What its pages should come to show may
    take as long as the worker's builds beside them."""
    expect.set_options(timeout=PATIENCE)
    yield running
    expect.set_options(timeout=None)
    running.close()
