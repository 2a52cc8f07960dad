"""An editor's day, in the browser: from /cms/ to the public page, in both languages."""

import http.client
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from pages.languages import ENDONYMS
from tests.conftest import Figures
from tests.site import demo

pytestmark = pytest.mark.browser

PASSWORD = "vigie-demonstration"
PATIENCE_SECONDS = 90
PATIENCE = PATIENCE_SECONDS * 1000
"""For the browser, in milliseconds: the worker may be building on the same cores."""
SAVE, PUBLISH, SUBMIT = "footer .action-save", "footer [name=action-publish]", "footer [name=action-submit]"
APPROVE = "footer [data-workflow-action-name=approve]:not([data-workflow-action-modal-url])"
ARTICLE = "from news.models import NewsPage; page = NewsPage.objects.live().order_by('pk').first()"
SAID = {"fr": "Une phrase neuve, écrite à l’instant.", "nl": "Een nieuwe zin, zonet geschreven."}


class Office:
    """A running site that may be changed, one article of it, and a browser at the CMS."""

    def __init__(self, site: demo.Site, server: demo.Server, browser: Browser) -> None:
        self.site, self.server, self.browser = site, server, browser
        script = f"{ARTICLE}; print(page.pk, page.url_path_fr, page.url_path_nl)"
        lines = site.manage("shell", "--no-imports", "-c", script).stdout.split()
        self.page_id, paths = lines[0], dict(zip(("fr", "nl"), lines[1:], strict=True))
        # The first part of a URL path is the site's root page.
        self.urls = {code: f"/{code}/{path.split('/', 2)[2]}" for code, path in paths.items()}

    def log_in(self, name: str) -> Page:
        context = self.browser.new_context(base_url=self.server.url, viewport={"width": 1280, "height": 1000})
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/cms/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/cms/")
        return page

    def open(self, page: Page) -> None:
        page.goto(f"/cms/pages/{self.page_id}/edit/")

    def act(self, page: Page, button: str) -> None:
        """Press the form's button, which may be behind the arrow beside the first one, and wait for its success."""
        self.press(page, button)
        expect(page.locator(".messages .success").first).to_be_visible(timeout=PATIENCE)

    def press(self, page: Page, button: str) -> float:
        """Press it without waiting for what follows; when, on the clock of `time.monotonic`."""
        page.wait_for_load_state("load")
        wanted = page.locator(button).first
        if not wanted.is_visible():
            # The admin's scripts give the arrow its life some time after the page is there.
            page.wait_for_selector("footer [data-w-dropdown-target='toggle'][aria-expanded]")
            page.locator("footer [data-w-dropdown-target='toggle']").first.click()
        wanted.wait_for()
        pressed = time.monotonic()
        wanted.click(no_wait_after=True)
        return pressed

    def public(self, language: str) -> str:
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=30)
        try:
            connection.request("GET", self.urls[language])
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def seconds_until_public(self, texts: dict[str, str]) -> float:
        """How long until each language's page holds its text."""
        start = time.monotonic()
        while missing := [code for code, text in texts.items() if text not in self.public(code)]:
            waited = time.monotonic() - start
            log = (self.site.folder / "worker.log").read_text()
            assert waited < PATIENCE_SECONDS, f"{missing} not public after {waited:.0f} s\n{log[-3000:]}"
            time.sleep(0.1)
        return time.monotonic() - start


@pytest.fixture(scope="module")
def office(site: demo.Site, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with demo.running(site, tmp_path_factory.mktemp("journey") / "site") as (copy, server):
        yield Office(copy, server, browser)


@pytest.fixture
def reader(browser_type: BrowserType, whole_chromium: dict[str, Any], office: Office) -> Iterator[Browser]:
    """A second browser, which has nothing in common with the editor's."""
    browser = browser_type.launch(**whole_chromium)
    yield browser
    browser.close()


def seconds_until_seen(pages: dict[str, Page], texts: dict[str, str], pressed: float) -> dict[str, float]:
    """From the editor's click to the text's being visible in each language, for a reader who reloads."""
    seen: dict[str, float] = {}
    while len(seen) < len(pages):
        for code, page in pages.items():
            if code in seen:
                continue
            page.reload(wait_until="domcontentloaded")
            if page.locator("main", has_text=texts[code]).is_visible():
                seen[code] = time.monotonic() - pressed
        assert time.monotonic() - pressed < PATIENCE_SECONDS, f"seen: {seen}"
    return seen


def test_what_a_moderator_publishes_a_reader_sees_in_both_languages_and_the_moderator_is_told(
    office: Office, reader: Browser, figures: Figures
) -> None:
    editor = office.log_in("moderator")
    office.open(editor)
    for code, text in SAID.items():
        editor.fill(f"[name=summary_{code}]", text)
    context = reader.new_context(base_url=office.server.url, service_workers="block")
    pages = {code: context.new_page() for code in SAID}
    for code, page in pages.items():
        page.goto(office.urls[code])
        expect(page.locator("main")).not_to_contain_text(SAID[code])
    pressed = office.press(editor, PUBLISH)
    seen = seconds_until_seen(pages, SAID, pressed)
    after = ", ".join(f"{code} after {seconds:.2f} s" for code, seconds in seen.items())
    figures(f"click on publish in one browser, visible in another: {after}")
    told = editor.locator("[data-vigie-seen=visible]").first
    expect(told).to_contain_text(
        re.compile(r"(Visible depuis|Zichtbaar sinds) \d\d:\d\d:\d\d"), timeout=PATIENCE
    )
    for code, url in office.urls.items():
        expect(told.locator(f"a[href$='{url}']")).to_have_text(ENDONYMS[code])


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_half_a_translation_is_refused_with_a_message_that_names_it(office: Office, language: str) -> None:
    before = office.public("fr"), office.public("nl")
    page = office.log_in("moderator")
    office.open(page)
    kept = {"fr": "nl", "nl": "fr"}[language]
    page.fill(f"[name=summary_{language}]", "")
    page.fill(f"[name=summary_{kept}]", "Een halve vertaling")
    office.press(page, PUBLISH)
    expect(page.locator(".messages .error").first).to_be_visible(timeout=PATIENCE)
    error = page.locator(
        f".w-field__errors:has(~ * [name=summary_{language}]), [id$=summary_{language}-errors]"
    )
    expect(error.first).to_contain_text({"fr": "Frans", "nl": "Nederlands"}[language])
    assert page.input_value(f"[name=summary_{kept}]") == "Een halve vertaling"
    time.sleep(1)
    assert (office.public("fr"), office.public("nl")) == before


def test_what_an_editor_submits_is_public_once_somebody_else_approves(
    office: Office, figures: Figures
) -> None:
    said = {
        code: text.replace("écrite", "relue").replace("geschreven", "nagelezen")
        for code, text in SAID.items()
    }
    editor = office.log_in("editor")
    office.open(editor)
    for code, text in said.items():
        editor.fill(f"[name=summary_{code}]", text)
    assert editor.locator(PUBLISH).count() == 0
    office.act(editor, SUBMIT)
    assert said["fr"] not in office.public("fr")
    moderator = office.log_in("moderator")
    office.open(moderator)
    office.act(moderator, APPROVE)
    seconds = office.seconds_until_public(said)
    figures(f"approved at /cms/, public in both languages after {seconds:.1f} s")


def test_an_editor_sees_a_draft_in_both_languages_before_anybody_else(office: Office) -> None:
    page = office.log_in("editor")
    office.open(page)
    drafts = {"fr": "Seulement un brouillon.", "nl": "Nog maar een ontwerp."}
    for code, text in drafts.items():
        page.fill(f"[name=summary_{code}]", text)
    office.act(page, SAVE)
    page.goto(f"/cms/pages/{office.page_id}/view_draft/")
    expect(page.locator("main")).to_contain_text(drafts["fr"])
    assert drafts["fr"] not in office.public("fr")
