"""Every template in a real browser: axe, narrow and magnified views, forced colours, print, keyboard."""

import re
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from tests.conftest import Figures
from tests.site import samples
from tests.site.browsing import (
    DESKTOP,
    FOCUSED,
    MOVING,
    OVERFLOWING,
    PHONE,
    REACHABLE,
    Visitor,
    axe,
    visible_text,
)
from tests.site.inventory import Entry
from tests.site.output import LANGUAGES, Output

pytestmark = pytest.mark.browser

SCREENS = {"phone": {"viewport": PHONE, "has_touch": True}, "desktop": {"viewport": DESKTOP}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLOUR_RULES = ("color-contrast", "link-in-text-block")
"""Those that a scheme of other colours can break: all others are asked in the first one."""
# WCAG 2.2, 1.4.12.
TEXT_SPACING = """
  * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
  p { margin-block-end: 2em !important }"""


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_light_and_dark(
    visitor: Visitor, documents: list[Entry], output: Output, language: str, screen: str, figures: Figures
) -> None:
    page = visitor.page(**SCREENS[screen])
    urls = [*samples.of_each_kind(documents, output, language), *samples.STANDALONE]
    found = []
    for url in urls:
        page.goto(url)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            only = COLOUR_RULES if scheme == "dark" else ()
            found += [f"{url} {scheme} {line}" for line in axe(page, only=only)]
    assert not found, f"{len(found)}:\n" + "\n".join(found[:40])
    figures(f"axe: {len(urls)} pages in light and dark, {language}, {screen}: 0 violations")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_scrolls_sideways_at_320_pixels_or_magnified_twice(
    visitor: Visitor, output: Output, language: str
) -> None:
    page = visitor.page(java_script_enabled=False, device_scale_factor=2)
    wrong = []
    for url in [*(page.url for page in output.in_language(language)), *samples.STANDALONE]:
        page.goto(url, wait_until="domcontentloaded")
        for width, height in ((320, 640), (640, 450)):
            page.set_viewport_size({"width": width, "height": height})
            if found := page.evaluate(OVERFLOWING):
                wrong.append(f"{url}: {found}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_wider_letters_and_lines_cut_nothing_off(
    visitor: Visitor, documents: list[Entry], output: Output, language: str
) -> None:
    page = visitor.page(viewport={"width": 320, "height": 640}, bypass_csp=True)
    wrong = []
    for url in samples.of_each_template(documents, output, language):
        page.goto(url)
        page.add_style_tag(content=TEXT_SPACING)
        if found := page.evaluate(OVERFLOWING) or page.evaluate(CUT_OFF):
            wrong.append(f"{url}: {found}")
    assert not wrong, "\n".join(wrong)


# Text in a box that hides what does not fit.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const style = getComputedStyle(e);
  return e.textContent.trim() && !["visible", "auto", "scroll"].includes(style.overflowX)
    && style.clipPath === "none" && e.checkVisibility() && e.clientWidth > 1
    && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).slice(0, 3).map((e) => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_text_of_twice_the_size_fits(
    visitor: Visitor, documents: list[Entry], output: Output, language: str, width: int
) -> None:
    page = visitor.page(viewport={"width": width, "height": 900}, bypass_csp=True)
    wrong = []
    for url in [*samples.of_each_template(documents, output, language), *samples.STANDALONE]:
        page.goto(url)
        page.add_style_tag(content="html { font-size: 200% !important }")
        if found := page.evaluate(OVERFLOWING) or page.evaluate(CUT_OFF):
            wrong.append(f"{url}: {found}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_forced_colours_keep_every_text_and_drawing(
    visitor: Visitor, documents: list[Entry], output: Output, scheme: Literal["light", "dark"]
) -> None:
    usual = visitor.page(color_scheme=scheme)
    forced = visitor.page(color_scheme=scheme, forced_colors="active")
    for url in [*samples.of_each_template(documents, output, "fr"), *samples.STANDALONE]:
        usual.goto(url)
        forced.goto(url)
        assert visible_text(forced) == visible_text(usual), url
        assert forced.evaluate(DRAWN) == usual.evaluate(DRAWN), url
        assert forced.evaluate(INVISIBLE) == [], url
        assert axe(forced) == [], url


DRAWN = """() => [...document.querySelectorAll("svg:not([aria-hidden]), img")]
  .filter((e) => e.checkVisibility()).length"""
# Shapes that have the colour of what they lie on.
INVISIBLE = """() => {
  const ground = getComputedStyle(document.body).backgroundColor;
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
    return ground;
  };
  return [...document.querySelectorAll("svg path, svg circle, svg rect, svg polygon")].filter((e) => {
    if (!e.checkVisibility() || e.closest("defs, symbol, mask, clipPath, pattern")) return false;
    const { fill, stroke } = getComputedStyle(e), colour = behind(e.ownerSVGElement);
    const seen = [fill, stroke].filter((paint) => paint !== "none" && paint !== "rgba(0, 0, 0, 0)");
    return seen.length > 0 && seen.every((paint) => paint === colour);
  }).slice(0, 3).map((e) => e.outerHTML.slice(0, 120));
}"""


def test_nothing_moves_for_who_asks_for_less_motion(
    visitor: Visitor, documents: list[Entry], output: Output
) -> None:
    page = visitor.page(reduced_motion="reduce")
    for url in samples.of_each_template(documents, output, "fr"):
        page.goto(url)
        assert page.evaluate(MOVING) == [], url


def walk(page: Page) -> list[dict[str, Any]]:
    """Tab through the whole page; each element that had the focus."""
    seen = []
    limit = len(page.evaluate(REACHABLE)) + 20
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            return seen
        seen.append(focused)
    pytest.fail(f"the focus never left {page.url}: {seen[-3:]}")


@pytest.mark.parametrize(("language", "screen"), [("fr", "desktop"), ("nl", "phone")])
def test_a_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    visitor: Visitor, documents: list[Entry], output: Output, language: str, screen: str, figures: Figures
) -> None:
    page = visitor.page(viewport=SCREENS[screen]["viewport"])
    stops = 0
    for url in samples.of_each_template(documents, output, language):
        page.goto(url)
        expected = page.evaluate(REACHABLE)
        seen = walk(page)
        stops += len(seen)
        reached = [element["html"] for element in seen if element["html"] in set(expected)]
        assert reached == expected, f"{url}: {set(expected) - set(reached)}"
        assert 'href="#main"' in reached[0], f"{url}: {reached[0]}"
        for element in seen:
            assert element["onScreen"], f"{url}: {element['html']}"
            assert element["outline"] >= 2, f"{url}: no visible focus on {element['html']}"
            assert not element["covered"], f"{url}: {element['html']} is covered by {element['covered']}"
    figures(f"keyboard: {stops} stops on {language}, {screen}")


def test_the_skip_link_leads_to_the_content(visitor: Visitor, documents: list[Entry], output: Output) -> None:
    page = visitor.page()
    for url in samples.of_each_template(documents, output, "nl"):
        page.goto(url)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", url
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('main, footer')"), url


def test_the_menu_of_a_phone_opens_and_closes_with_the_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page(viewport=PHONE)
    page.goto("/fr/")
    menu = page.locator("#menu")
    button = page.locator("button[popovertarget=menu]").first
    assert not menu.is_visible()
    button.focus()
    page.keyboard.press("Enter")
    assert menu.is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('#menu')")
    page.keyboard.press("Escape")
    assert not menu.is_visible()
    assert page.evaluate("document.activeElement.getAttribute('popovertarget')") == "menu"


@pytest.mark.parametrize("url", ["/fr/numeros-urgence/", "/nl/noodnummers/"])
def test_the_numbers_print_on_one_sheet_of_a4(visitor: Visitor, url: str) -> None:
    page = visitor.page()
    page.goto(url)
    sheet = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
    page.emulate_media(media="print")
    assert page.locator("main a[href='tel:112']").first.is_visible()
    smallest = page.evaluate(SMALLEST_TEXT)
    assert smallest["points"] >= 6.5, smallest
    assert page.evaluate(OVERFLOWING) == []


SMALLEST_TEXT = """() => {
  const texts = [...document.querySelectorAll("main *")].filter((e) => e.checkVisibility()
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()));
  const sizes = texts.map((e) => ({
    points: parseFloat(getComputedStyle(e).fontSize) * 0.75, html: e.outerHTML.slice(0, 100) }));
  return sizes.sort((a, b) => a.points - b.points)[0];
}"""
