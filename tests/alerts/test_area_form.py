"""The map of an alert's form in Chromium: drawn, typed, or neither with JavaScript off, the area is saved."""

import mimetypes
import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import Page, Route

from alerts.areas import Area
from alerts.models import AlertMessage, AlertPage
from alerts.scenarios import Scenario
from territory import geometry
from territory.geometry import Circle
from tests.factories.alerts import AlertFactory, send
from tests.factories.users import UserFactory
from tests.site.browsing import axe

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
MAP = ".vigie-shapes"
TEXT = "textarea[name=shapes]"
OVERLAPPING = """() => {
  const names = [...document.querySelectorAll(".vigie-shapes__name:not(.vigie-shapes__name--crowded)")];
  const boxes = names.map((name) => [name.textContent, name.getBoundingClientRect()]);
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.flatMap(([one, a], i) =>
    boxes.slice(i + 1).filter(([, b]) => overlap(a, b)).map(([two]) => `${one}, ${two}`));
}"""
COLUMN = ".vigie-pairs > div, .w-field-row > *"
SPILLING = """(column) => [...document.querySelectorAll(column)].flatMap((column) =>
  [...column.querySelectorAll("select")].filter((list) =>
    list.getBoundingClientRect().right > column.getBoundingClientRect().right + 1)).map((list) => list.name)"""
FILLED = "form => [...new FormData(form)].filter(([, value]) => typeof value === 'string')"


@pytest.fixture
def alert(db):
    alert = AlertFactory(shapes="50.88,4.4 0.5")
    alert.save_revision()
    return alert


@pytest.fixture
def form(browser, admin, alert):
    """Opens the alert's form. Django has answered before: within Playwright's event loop it would use another database
    connection, outside the test's transaction."""
    contexts = []

    edit = reverse("wagtailadmin_pages:edit", args=[alert.pk])

    def open_form(url: str = edit, **options) -> Page:
        paths = (url, reverse("wagtailadmin_javascript_catalog"), reverse("territory_borders"))
        answers = {path: admin.get(path) for path in paths}

        def answer(route: Route) -> None:
            path = urlsplit(route.request.url).path
            if path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
                route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(file)[0])
            elif path in answers:
                route.fulfill(body=answers[path].content, content_type=answers[path]["Content-Type"])
            else:
                route.fulfill(status=404)

        context = browser.new_context(viewport={"width": 1300, "height": 1000}, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto(f"http://testserver{url}")
        page.wait_for_selector(TEXT, state="attached")
        return page

    yield open_form
    for context in contexts:
        context.close()


@pytest.fixture
def drawn(form) -> Page:
    """With the map in view and its borders on it."""
    page = form()
    page.locator(MAP).scroll_into_view_if_needed()
    page.locator(f"{MAP} .vigie-shapes__border").nth(18).wait_for(state="attached")
    return page


def save(admin, alert, page: Page) -> AlertPage:
    """What the form would send, sent; the draft that comes of it."""
    filled = page.locator("#page-edit-form").evaluate(FILLED)
    response = admin.post(
        reverse("wagtailadmin_pages:edit", args=[alert.pk]),
        urlencode([tuple(pair) for pair in filled]),
        content_type="application/x-www-form-urlencoded",
    )
    assert response.status_code == 302, re.findall(
        r"error-message.*?</", response.content.decode(), re.DOTALL
    )
    return AlertPage.objects.get(pk=alert.pk).get_latest_revision_as_object()


def press(page: Page, tool: str) -> None:
    page.locator(f"{MAP} .leaflet-pm-toolbar .control-icon.leaflet-pm-icon-{tool}").click()


def at(page: Page, x: float, y: float) -> tuple[float, float]:
    """A place on the map: parts of its width and height."""
    box = page.locator(MAP).bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_what_was_stored_is_on_the_map_with_the_municipalities(drawn):
    assert drawn.locator(f"{MAP} .vigie-shapes__border").count() == 19
    assert drawn.locator(f"{MAP} .vigie-shapes__name", has_text="Woluwe-Saint-Lambert").count() == 1
    assert drawn.locator(f"{MAP} path.vigie-shapes__drawn").count() == 1
    assert drawn.locator(TEXT).input_value() == "50.88,4.4 0.5"


def test_a_circle_that_is_drawn_is_in_the_area_of_the_message(drawn, admin, alert):
    press(drawn, "circle")
    drawn.mouse.click(*at(drawn, 0.3, 0.6))
    drawn.mouse.move(*at(drawn, 0.35, 0.6), steps=3)
    drawn.mouse.click(*at(drawn, 0.35, 0.6))
    drawn.wait_for_function(f"document.querySelector('{TEXT}').value.includes('\\n')")
    lines = drawn.locator(TEXT).input_value().splitlines()
    assert lines[0] == "50.88,4.4 0.5"
    draft = save(admin, alert, drawn)
    first, second = geometry.parse(draft.shapes)
    assert first == Circle(4.4, 50.88, 0.5)
    assert isinstance(second, Circle)
    assert Area.of(send(AlertPage.objects.get(pk=alert.pk)).content).shapes == (first, second)


def test_a_polygon_that_is_drawn_and_one_that_is_removed(drawn, admin, alert):
    press(drawn, "polygon")
    corners = [(0.3, 0.7), (0.4, 0.5), (0.45, 0.75)]
    for corner in [*corners, corners[0]]:
        drawn.mouse.move(*at(drawn, *corner), steps=2)
        drawn.mouse.click(*at(drawn, *corner))
    drawn.wait_for_function(f"document.querySelector('{TEXT}').value.includes('\\n')")
    press(drawn, "delete")
    circle = drawn.locator(f"{MAP} path.vigie-shapes__drawn").first.bounding_box()
    drawn.mouse.click(circle["x"] + circle["width"] / 2, circle["y"] + circle["height"] / 2)
    drawn.wait_for_function(f"!document.querySelector('{TEXT}').value.includes('0.5')")
    (polygon,) = geometry.parse(save(admin, alert, drawn).shapes)
    assert len(polygon.points) == 4


def test_what_is_typed_is_drawn_and_a_line_that_cannot_be_read_is_kept(drawn, admin, alert):
    drawn.locator(TEXT).fill("50.84674,4.35247 0.3\n50.84,4.34 half a line")
    assert drawn.locator(f"{MAP} path.vigie-shapes__drawn").count() == 1
    assert drawn.locator("[data-shapes-note]").text_content().strip()
    press(drawn, "circle")
    drawn.mouse.click(*at(drawn, 0.3, 0.6))
    drawn.mouse.move(*at(drawn, 0.35, 0.6), steps=3)
    drawn.mouse.click(*at(drawn, 0.35, 0.6))
    drawn.wait_for_function(f"document.querySelector('{TEXT}').value.split('\\n').length === 3")
    assert "50.84,4.34 half a line" in drawn.locator(TEXT).input_value()
    drawn.locator(TEXT).fill("50.84674,4.35247 0.3")
    assert drawn.locator("[data-shapes-note]").text_content() == ""
    assert save(admin, alert, drawn).shapes == "50.84674,4.35247 0.3"


def test_without_javascript_the_text_does_it_all(form, admin, alert):
    page = form(java_script_enabled=False)
    assert page.locator(MAP).get_attribute("hidden") is not None
    field = page.locator(TEXT)
    assert field.input_value() == "50.88,4.4 0.5"
    response = admin.get(reverse("wagtailadmin_pages:edit", args=[alert.pk])).content.decode()
    assert 'for="id_shapes"' in response
    assert "50.84674,4.35247 0.3" in response


def test_axe_finds_nothing_in_the_field_and_its_map(drawn):
    assert [line for line in axe(drawn) if "vigie-shapes" in line or "id_shapes" in line] == []


def test_no_script_or_style_is_inline(form, admin, alert):
    made = admin.get(reverse("wagtailadmin_pages:edit", args=[alert.pk])).content.decode()
    widget = made[
        made.index('class="vigie-shapes"') - 200 : made.index("</textarea>", made.index('name="shapes"'))
    ]
    assert "<script" not in widget
    assert "style=" not in widget
    assert "onclick" not in widget


# The officer's form


@pytest.fixture
def officers_form(form, alert):
    """A new alert, ready but for the place; the map is not opened yet."""
    path = reverse("alerts_new", args=[Scenario.objects.get(name_fr="Fusillade").pk])
    return lambda **options: form(path, **options)


def sent(officer, page: Page) -> AlertMessage:
    filled = page.locator("[data-alert-form]").evaluate(FILLED)
    typed = {"action": "send", "alone_reason": "Seul de garde."}
    pairs = [(name, value) for name, value in filled if name not in typed] + list(typed.items())
    response = officer.post(
        urlsplit(page.url).path, urlencode(pairs), content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 302, response.context["form"].errors
    return AlertMessage.objects.get()


@pytest.fixture
def officer(alert, client):
    client.force_login(UserFactory(groups=["Duty officers"], language="nl"))
    return client


def test_the_officer_draws_in_the_form_itself_and_the_map_is_out_of_the_way_before(officers_form, officer):
    page = officers_form()
    page.fill("[name=area_fr]", "Place Bara")
    page.fill("[name=area_nl]", "Baraplein")
    assert not page.locator(MAP).is_visible()
    page.locator("details", has=page.locator(TEXT)).locator("summary").click()
    page.locator(MAP).scroll_into_view_if_needed()
    page.locator(f"{MAP} .vigie-shapes__border").nth(18).wait_for(state="attached")
    press(page, "circle")
    page.mouse.click(*at(page, 0.3, 0.6))
    page.mouse.move(*at(page, 0.35, 0.6), steps=3)
    page.mouse.click(*at(page, 0.35, 0.6))
    page.wait_for_function(f"document.querySelector('{TEXT}').value")
    (circle,) = geometry.parse(page.locator(TEXT).input_value())
    assert Area.of(sent(officer, page).content).shapes == (circle,)


def test_without_javascript_the_officer_types_the_area_in_the_form(officers_form, officer):
    page = officers_form(java_script_enabled=False)
    assert not page.locator(TEXT).is_visible()
    page.locator("details", has=page.locator(TEXT)).locator("summary").click()
    assert page.locator(TEXT).is_visible()
    assert not page.locator(MAP).is_visible()
    assert page.get_by_text("50.84674,4.35247 0.3").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_name_on_the_map_lies_on_another_and_those_without_room_come_with_the_zoom(officers_form, width):
    page = officers_form()
    page.set_viewport_size({"width": width, "height": 900})
    page.locator("details", has=page.locator(TEXT)).locator("summary").click()
    page.locator(MAP).scroll_into_view_if_needed()
    page.locator(f"{MAP} .vigie-shapes__border").nth(18).wait_for(state="attached")
    crowded = page.locator(".vigie-shapes__name--crowded")
    page.wait_for_function("document.querySelector('.vigie-shapes__name--crowded')")
    before = crowded.count()
    assert before < 8
    assert page.evaluate(OVERLAPPING) == []
    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_function(f"document.querySelectorAll('.vigie-shapes__name--crowded').length < {before}")
    assert page.evaluate(OVERLAPPING) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_list_of_options_is_wider_than_its_column(form, officers_form, width):
    for page, details in ((form(), ""), (officers_form(), "details:has([name=severity]) > summary")):
        page.set_viewport_size({"width": width, "height": 900})
        if details:
            page.locator(details).click()
        assert page.locator("[name=severity]").is_visible()
        assert page.evaluate(SPILLING, COLUMN) == []
