"""The checks made in a browser find the faults they are for: each is shown a page that has it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.site.browsing import FOCUSED, MOVING, OVERFLOWING, REACHABLE, Visitor, axe
from tests.site.test_accessibility import CUT_OFF, DRAWN, INVISIBLE, SMALLEST_TEXT, walk

pytestmark = pytest.mark.browser

PAGE = """<!DOCTYPE html><html lang="fr-BE"><head><meta charset="utf-8"><title>t</title>
<meta name="viewport" content="width=device-width"><style>{style}</style></head>
<body><main><h1>Titre</h1>{body}</main></body></html>"""


@pytest.fixture
def anywhere(browser: Browser) -> Any:
    """Opens made-up pages: nothing is asked of a server."""
    visitor = Visitor(browser, "http://127.0.0.1:9")

    def open_page(body: str, style: str = "", headers: dict[str, str] | None = None, **options: Any) -> Page:
        page = visitor.page(**options)
        content = PAGE.format(style=style, body=body)
        page.route(
            "**/*", lambda route: route.fulfill(body=content, content_type="text/html", headers=headers)
        )
        page.goto("/")
        return page

    open_page.visitor = visitor
    yield open_page
    visitor.close()


def test_a_sound_page_passes(anywhere: Any) -> None:
    page = anywhere('<p>Texte</p><a href="/">Accueil</a>', ":focus-visible { outline: 3px solid }")
    assert axe(page) == page.evaluate(OVERFLOWING) == page.evaluate(CUT_OFF) == page.evaluate(MOVING) == []
    assert page.evaluate(INVISIBLE) == []
    (stop,) = walk(page)
    assert stop["outline"] == 3
    anywhere.visitor.close()
    anywhere.visitor.must_have_been_left_alone()


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<p style="color: #999">pâle</p>', "color-contrast"),
        ('<img src="a.png">', "image-alt"),
        ("<h4>trop bas</h4>", "heading-order"),
        ('<a href="/"></a>', "link-name"),
        ("<input>", "label"),
        ('<div role="buttn">b</div>', "aria-roles"),
        ("<main>encore</main>", "landmark-no-duplicate-main"),
        (
            '<p><a href="/1" style="font-size: 9px">a</a><br><a href="/2" style="font-size: 9px">b</a></p>',
            "target-size",
        ),
    ],
)
def test_axe_finds_a_violation(anywhere: Any, body: str, rule: str) -> None:
    assert any(line.startswith(f"{rule}:") for line in axe(anywhere(body))), rule


def test_axe_sees_the_scheme_that_is_emulated(anywhere: Any) -> None:
    style = "@media (prefers-color-scheme: dark) { html { background: #000; color: #222 } }"
    assert axe(anywhere("<p>a</p>", style, color_scheme="light")) == []
    assert axe(anywhere("<p>a</p>", style, color_scheme="dark")) != []


def test_a_page_that_scrolls_sideways_is_found(anywhere: Any) -> None:
    page = anywhere('<div style="width: 400px">a</div>', viewport={"width": 320, "height": 640})
    assert page.evaluate(OVERFLOWING)


def test_text_that_is_cut_off_is_found(anywhere: Any) -> None:
    page = anywhere('<p style="height: 1em; overflow: hidden">a<br>b<br>c</p>')
    assert page.evaluate(CUT_OFF)


def test_a_drawing_in_the_colour_of_its_ground_is_found(anywhere: Any) -> None:
    page = anywhere('<svg><path fill="#fff" d="M0 0h9v9z"/></svg>', "body { background: #fff }")
    assert page.evaluate(INVISIBLE)
    assert page.evaluate(DRAWN) == 1


def test_what_moves_is_found(anywhere: Any) -> None:
    assert anywhere("<p>a</p>", "p { transition: color 1s }").evaluate(MOVING)
    assert anywhere("<p>a</p>", "html { scroll-behavior: smooth }").evaluate(MOVING)
    spin = "@keyframes a { to { opacity: 0 } } p { animation: a 3s infinite }"
    assert anywhere("<p>a</p>", spin).evaluate(MOVING)


def test_an_invisible_focus_is_found(anywhere: Any) -> None:
    (stop,) = walk(anywhere('<a href="/">a</a>', ":focus { outline: none }"))
    assert stop["outline"] == 0


def test_a_focus_that_something_covers_is_found(anywhere: Any) -> None:
    body = '<a href="/">a</a><div style="position: fixed; inset: 0; background: #fff"></div>'
    (stop,) = walk(anywhere(body))
    assert stop["covered"]


def test_an_element_out_of_reach_and_an_odd_order_are_found(anywhere: Any) -> None:
    body = '<a href="/1">1</a><a href="/2" tabindex="-1">2</a><a href="/3" tabindex="5">3</a>'
    page = anywhere(body)
    reachable = page.evaluate(REACHABLE)
    assert [element["html"] for element in walk(page)] != reachable
    assert len(reachable) == 3


def test_a_trapped_focus_is_found(anywhere: Any) -> None:
    page = anywhere('<a href="/1">1</a><a href="/2" onblur="this.focus()">2</a><a href="/3">3</a>')
    assert len(walk(page)) < 3


def test_small_print_is_found(anywhere: Any) -> None:
    assert anywhere('<p style="font-size: 6pt">a</p>').evaluate(SMALLEST_TEXT)["points"] == pytest.approx(6)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ('<img src="https://elsewhere.example/a.png" alt="">', {}),
        ('<link rel="stylesheet" href="https://elsewhere.example/a.css">', {}),
        ("<script>document.cookie = 'a=b'</script>", {}),
        ("<script>throw new Error('broken')</script>", {}),
        ("<p>a</p>", {"Set-Cookie": "a=b"}),
    ],
)
def test_a_visitor_who_is_not_left_alone_notices(anywhere: Any, body: str, headers: dict[str, str]) -> None:
    anywhere(body, headers=headers)
    anywhere.visitor.close()
    with pytest.raises(AssertionError):
        anywhere.visitor.must_have_been_left_alone()


def test_the_element_in_focus_is_told_once(anywhere: Any) -> None:
    page = anywhere('<a href="/">a</a>')
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)
    assert page.evaluate(FOCUSED) is None
