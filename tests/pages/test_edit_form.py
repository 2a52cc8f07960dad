"""The edit form in Chromium: both languages side by side, one under the other where there is no room."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Page, Route

from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.pages import ArticlePageFactory, body
from tests.pages.test_blocks import complete

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def form(browser, admin):
    """Opens an admin address in a window of a given width. Django has answered before: within Playwright's event loop
    it would use another database connection, outside the test's transaction."""
    opened = []

    def open_form(url: str, width: int) -> Page:
        answers = {path: admin.get(path) for path in (url, reverse("wagtailadmin_javascript_catalog"))}

        def answer(route: Route) -> None:
            path = urlsplit(route.request.url).path
            if path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
                route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(file)[0])
            elif path in answers:
                route.fulfill(body=answers[path].content, content_type=answers[path]["Content-Type"])
            else:
                route.fulfill(status=404)

        page = browser.new_page(viewport={"width": width, "height": 4000})
        page.route("**/*", answer)
        page.goto(f"http://testserver{url}")
        page.wait_for_selector("#id_title_fr")
        opened.append(page)
        return page

    yield open_form
    for page in opened:
        page.close()


@pytest.fixture
def edit(home):
    values = complete(ImageFactory(), DocumentFactory())
    page = ArticlePageFactory(parent=home, live=False, body=body(*values.items()))
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def pairs(page):
    """The boxes of each French field and of its Dutch twin, of the page and of its blocks."""
    names = page.eval_on_selector_all(
        "[name$='_fr']:not([type=hidden])",
        "fields => fields.filter(f => f.offsetParent).map(field => field.name)",
    )
    assert len(names) > 20
    return [
        [page.locator(f"[name='{name[:-2]}{language}']").first.bounding_box() for language in ("fr", "nl")]
        for name in names
    ]


@pytest.mark.parametrize("width", [1100, 1500])
def test_side_by_side_on_a_wide_screen(form, edit, width):
    for french, dutch in pairs(form(edit, width)):
        assert abs(french["y"] - dutch["y"]) < 2
        assert dutch["x"] >= french["x"] + french["width"]
        assert abs(french["width"] - dutch["width"]) < 2


def test_one_under_the_other_on_a_narrow_screen(form, edit):
    for french, dutch in pairs(form(edit, 400)):
        assert abs(french["x"] - dutch["x"]) < 2
        assert dutch["y"] >= french["y"] + french["height"]


def test_each_title_proposes_its_slug(form, home):
    page = form(reverse("wagtailadmin_pages:add", args=["testapp", "articlepage", home.pk]), 1300)
    page.fill("#id_title_fr", "Été à Évere")
    page.fill("#id_title_nl", "Zomer in Evere")
    page.keyboard.press("Tab")
    page.get_by_role("tab").nth(1).click()
    page.wait_for_function("document.querySelector('#id_slug_nl').value === 'zomer-in-evere'")
    assert page.input_value("#id_slug_fr") == "ete-a-evere"


def test_spelling_is_checked_in_the_texts_language(form, edit):
    page = form(edit, 1300)
    assert page.get_attribute("#id_title_nl", "lang") == "nl"
    assert (
        page.locator("[name='body-0-value-text_nl']").evaluate("field => field.closest('[lang]').lang")
        == "nl"
    )
