"""The band on a municipality's site: another origin on another port, whose policy allows Vigie's and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.listening import Listening
from tests.site.browsing import DESKTOP, PHONE, axe
from tests.site.night import Night

pytestmark = pytest.mark.browser

BAND = "#alerts a"
STYLE = """:root { color-scheme: light dark }
body { margin: 0; font: 14px Georgia, serif }
main { padding: 1rem }
a { color: green !important; background: yellow; text-transform: uppercase }
aside, template { display: none !important }
iframe { display: block; border: 0 }"""
"""Of a host that has plans of its own for what the band is made of."""
TAGS = {
    "script": '<script src="{vigie}/alerts/embed.js" data-lang="{language}" async></script>',
    "frame": '<iframe src="{vigie}/alerts/embed.{language}.html" title="Vigie" width="100%" height="90"></iframe>',
}


class Town(Listening):
    """The site: "/<script or frame>/<language>" is a page with the band. Its address is another origin than Vigie's."""

    def __init__(self, vigie: str) -> None:
        allowed = "; ".join(f"{kind}-src {vigie}" for kind in ("script", "connect", "frame"))
        self.policy = f"default-src 'self'; style-src 'self'; {allowed}"
        town = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                is_style = path == "/style.css"
                body = (STYLE if is_style else town.page(vigie, *path.strip("/").split("/"))).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/css" if is_style else "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", town.policy)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server.server_port}"

    @staticmethod
    def page(vigie: str, kind: str = "", language: str = "fr") -> str:
        tag = TAGS[kind].format(vigie=vigie, language=language) if kind in TAGS else ""
        return (
            f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>Commune</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="stylesheet" href="/style.css"></head><body>{tag}<main><h1>Commune</h1></main></body></html>'
        )


@pytest.fixture
def town(night: Night) -> Iterator[Town]:
    with Town(night.server.url) as town:
        yield town


class Reader:
    """Who has a page of the town open; `complaints` is what the browser refused or found wrong."""

    def __init__(self, night: Night, town: Town, kind: str, language: str, **options: Any) -> None:
        self.kind, self.language = kind, language
        self.complaints: list[str] = []
        self.page: Page = night.page(base_url=town.url, **options)
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"/{kind}/{language}/")

    @property
    def inside(self) -> Any:
        return self.page.frame_locator("iframe") if self.kind == "frame" else self.page


def test_an_alert_comes_to_the_town_s_pages_and_the_all_clear_removes_it(night: Night, town: Town) -> None:
    readers = [
        Reader(night, town, kind, language, viewport=viewport, color_scheme=scheme)
        for kind, language, viewport, scheme in (
            ("script", "fr", PHONE, "light"),
            ("script", "nl", DESKTOP, "dark"),
            ("frame", "fr", DESKTOP, "light"),
            ("frame", "nl", PHONE, "dark"),
        )
    ]
    for reader in readers:
        expect(reader.inside.locator("#alerts")).to_be_hidden()
    officer = night.officer("fr")
    night.send(officer, "Quartier Tivoli", "Tivoliwijk")
    place = {"fr": "Quartier Tivoli", "nl": "Tivoliwijk"}
    for reader in readers:
        row = reader.inside.locator(BAND, has_text=place[reader.language])
        expect(row).to_be_visible()
        box = row.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= reader.page.viewport_size["width"]
        assert row.evaluate("row => getComputedStyle(row).color") == "rgb(255, 255, 255)"
        assert row.evaluate("row => getComputedStyle(row).textTransform") == "none"
        assert axe(reader.page) == [], reader.kind
    row = readers[3].inside.locator(BAND, has_text="Tivoliwijk")
    with readers[3].page.expect_navigation():
        row.click()
    assert readers[3].page.url.startswith(f"{night.server.url}/nl/waarschuwingen/"), "out of the frame"
    readers[3].page.goto("/frame/nl/")
    expect(readers[3].inside.locator(BAND, has_text="Tivoliwijk")).to_be_visible()

    officer.locator(".vigie-actions a[href$='/all-clear/']").click()
    officer.wait_for_selector("[name=headline_fr]")
    officer.locator(".vigie-send button").click()
    officer.wait_for_url("**/sent/")
    for reader in readers:
        expect(reader.inside.locator(BAND)).to_have_count(0)
        expect(reader.inside.locator("#alerts")).to_be_hidden()
        if reader.kind == "frame":
            expect(reader.inside.locator(".calm")).to_be_visible()
        assert reader.complaints == []
        assert reader.page.context.cookies() == []
