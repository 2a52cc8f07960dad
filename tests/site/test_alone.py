"""The public site with nobody behind it: PostgreSQL stopped, gunicorn killed, nginx on the last release."""

import gzip
import hashlib
import json
import os
import secrets
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import brotli
import pytest
from playwright.sync_api import Browser, Page, expect

from generator import headers, redirects
from generator.documents import url_for
from generator.manifest import Manifest
from tests.conftest import Figures
from tests.deploy import nginx
from tests.site import cluster, demo
from tests.site.conftest import require

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("alone")]

MAKE = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", verbosity=0)
call_command("load_demo", verbosity=0)
from alerts.models import AlertIndexPage, AlertPage
from members.models import User
now = timezone.now()
alert = AlertPage(
    title_fr="Fumée toxique", title_nl="Giftige rook", slug_fr="fumee", slug_nl="rook",
    what_fr="Un entrepôt brûle.", what_nl="Er brandt een loods.",
    instruction_fr="Fermez les fenêtres.", instruction_nl="Sluit de ramen.",
    area_fr="Toute la région", area_nl="Het hele gewest", whole_region=True,
    event="fire", onset=now, expires=now + timedelta(hours=2), live=False,
)
AlertIndexPage.objects.get().add_child(instance=alert)
revision = alert.save_revision(user=User.objects.get(username="duty"))
revision.publish(user=User.objects.get(username="manager"))
call_command("build", no_search=True, verbosity=0)
"""
"""In one process, since starting Django takes a second or two each time."""
BAND = "#alerts [data-expires]"
TITLES = {"fr": "Fumée toxique", "nl": "Giftige rook"}


@dataclass(frozen=True)
class Abandoned:
    """nginx on the last release of a site whose database and whose CMS are gone."""

    server: nginx.Server
    manifest: Manifest
    path: Path
    before: dict[str, Any]

    @property
    def url(self) -> str:
        return f"http://{nginx.HOST}:{self.server.port}"

    def alert(self) -> dict[str, Any]:
        [alert] = json.loads(self.server.ask("/alerts/active.json").body)["alerts"]
        return dict(alert)


@pytest.fixture(scope="module")
def abandoned(site: demo.Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Abandoned]:
    """Made on a PostgreSQL server of its own; of the demo site only the CMS's collected files are taken."""
    programs = require("PostgreSQL's initdb", cluster.programs())
    nginx.executable()
    folder = tmp_path_factory.mktemp("alone") / "site"
    folder.mkdir()
    (folder / "static").symlink_to(site.folder / "static")
    with cluster.running(programs) as postgres:
        own = demo.Site(folder, postgres.url)
        own.manage("shell", "--no-imports", "-c", MAKE)
        production = {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "ALLOWED_HOSTS": "vigie.example",
            "SECRET_KEY": secrets.token_urlsafe(64),
        }
        with demo.serving(own, **production) as gunicorn:
            port = urlsplit(gunicorn.url).port
            with nginx.serving(folder / "nginx", own.releases, folder, cms_port=port) as server:
                before = {
                    "login": server.ask("/cms/login/").status,
                    "health": json.loads(server.ask("/health/ready").body),
                }
                postgres.stop()
                # `timeout` and gunicorn with its workers are one group.
                os.killpg(gunicorn.process.pid, signal.SIGKILL)
                gunicorn.process.wait()
                wait_until_refused(server.cms_port)
                wait_until_refused(postgres.port)
                path = own.releases / "current" / "manifest.json"
                yield Abandoned(server, Manifest.load(path), path, before)


def answers(port: int) -> bool:
    try:
        socket.create_connection((nginx.HOST, port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def wait_until_refused(port: int) -> None:
    """The kernel takes a moment to end a group of processes."""
    deadline = time.monotonic() + nginx.PATIENCE_SECONDS
    while answers(port):
        assert time.monotonic() < deadline, f"port {port} still answers"
        time.sleep(0.02)


def files(abandoned: Abandoned) -> Iterator[tuple[str, Any]]:
    """Each file of the release by its public URL; redirects' pages aside, which nginx answers by its map."""
    for path, entry in abandoned.manifest.files.items():
        url = url_for(path)
        if redirects.key(url) not in abandoned.manifest.redirects:
            yield url, entry


def test_the_database_and_the_cms_were_there_and_are_gone(abandoned: Abandoned) -> None:
    assert abandoned.before["login"] == 200
    assert abandoned.before["health"]["database"] is True
    assert answers(abandoned.server.cms_port) is False
    assert abandoned.server.ask("/cms/").status == 503


def test_every_public_address_answers_with_its_bytes(abandoned: Abandoned, figures: Figures) -> None:
    began, asked = time.monotonic(), 0
    for url, entry in files(abandoned):
        answer = abandoned.server.ask(quote(url))
        assert answer.status == 200, url
        assert hashlib.sha256(answer.body).hexdigest() == entry.sha256, url
        asked += 1
    figures(f"without database and CMS: {asked} addresses answered in {time.monotonic() - began:.1f} s")
    assert asked > 300


def test_every_redirect_leads_on(abandoned: Abandoned) -> None:
    for old, new in abandoned.manifest.redirects.items():
        answer = abandoned.server.ask(quote(old))
        assert (answer.status, answer.headers["location"]) == (301, new)


def test_every_file_has_the_headers_that_it_has_with_the_cms(abandoned: Abandoned) -> None:
    assert not nginx.header_differences(abandoned.server, abandoned.path)


def test_every_page_is_secured_and_may_be_shown_stale(abandoned: Abandoned) -> None:
    seen = 0
    for url, entry in files(abandoned):
        if not entry.media_type.startswith("text/html") or url.endswith("404.html"):
            continue
        sent = abandoned.server.ask(quote(url)).headers
        assert "stale-if-error=" in sent["cache-control"], url
        assert sent["x-content-type-options"] == "nosniff", url
        assert sent["strict-transport-security"].startswith("max-age=31536000"), url
        assert "default-src" in sent["content-security-policy"], url
        seen += 1
    assert seen > 80


def test_what_lives_depend_on_is_asked_for_again_soon_and_shown_stale_for_a_day(abandoned: Abandoned) -> None:
    for url in ("/", "/fr/", "/nl/", "/alerts/active.json", urlsplit(abandoned.alert()["url"]["fr"]).path):
        sent = abandoned.server.ask(url).headers["cache-control"]
        assert sent == (headers.FOLLOWED if url == "/alerts/active.json" else headers.URGENT), url
        assert "stale-if-error=86400" in sent


@pytest.mark.parametrize(
    ("encoding", "plain"),
    [("gzip", gzip.decompress), ("br", brotli.decompress)],
)
def test_every_text_goes_out_compressed(abandoned: Abandoned, encoding: str, plain: Any) -> None:
    if encoding == "br" and not nginx.BROTLI.exists():
        pytest.skip("nginx has no brotli module here")
    seen = 0
    for url, entry in files(abandoned):
        if encoding not in entry.encodings:
            continue
        answer = abandoned.server.ask(quote(url), Accept_Encoding=encoding)
        assert answer.headers["content-encoding"] == encoding, url
        assert hashlib.sha256(plain(answer.body)).hexdigest() == entry.sha256, url
        seen += 1
    assert seen > 100


def test_an_unknown_address_is_told_so_in_the_languages_page(abandoned: Abandoned) -> None:
    for language in ("fr", "nl"):
        answer = abandoned.server.ask(f"/{language}/nulle-part/")
        assert answer.status == 404
        assert f'lang="{language}' in answer.body.decode()


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("where", ["home", "alert"])
def test_an_alert_expires_by_the_readers_clock(
    abandoned: Abandoned, browser: Browser, language: str, where: str
) -> None:
    alert = abandoned.alert()
    path = urlsplit(alert["url"][language]).path if where == "alert" else f"/{language}/"
    expires = datetime.fromisoformat(alert["expires"])
    context = browser.new_context(base_url=abandoned.url, service_workers="block")
    try:
        page = context.new_page()
        page.clock.install(time=expires - timedelta(minutes=5))
        page.goto(path)
        assert_is_active(page, TITLES[language], where)
        page.clock.run_for(4 * 60_000)
        assert_is_active(page, TITLES[language], where)
        page.clock.run_for(2 * 60_000)
        expect(page.locator("[data-expires]")).to_have_count(0)
        expect(page.locator("#alerts")).to_be_hidden()
    finally:
        context.close()


def assert_is_active(page: Page, title: str, where: str) -> None:
    marked = page.locator("[data-expires]").first
    expect(marked).to_be_visible()
    if where == "home":
        expect(page.locator(BAND)).to_contain_text(title)
    else:
        expect(page.locator("h1")).to_contain_text(title)
