"""The band on another site, under a policy that allows it as little as docs/alerts.md says."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from alerts.delivery import embed
from alerts.lifecycle import Kind
from generator import headers
from generator.registry import BuildContext
from home import publishing as home
from tests.alerts import outputs
from tests.alerts.outputs import BASE_URL
from tests.alerts.serving import Public, pass_time
from tests.factories.alerts import AlertFactory, alert_index, end, send
from tests.site.browsing import OVERFLOWING, axe

DEMO = Path("docs/embed.html")
HOST = "https://commune.example"
SCRIPT_POLICY = f"default-src 'none'; script-src {BASE_URL}; connect-src {BASE_URL}"
FRAME_POLICY = f"default-src 'none'; frame-src {BASE_URL}"
BAND = "#alerts a"


class Commune:
    """Another site, of one page under `policy`; `refused` collects what its browser refuses or complains of."""

    def __init__(self, context: Any) -> None:
        self.html = self.policy = ""
        self.refused: list[str] = []
        self.context = context
        context.route(f"{HOST}/**", self.answer)

    def answer(self, route: Any) -> None:
        if urlsplit(route.request.url).path != "/":
            route.fulfill(status=404)
            return
        sent = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": self.policy}
        route.fulfill(status=200, body=self.html, headers=sent)

    def open(self, html: str, policy: str) -> Any:
        self.html, self.policy = f"<!DOCTYPE html><html lang=fr><title>Commune</title>{html}", policy
        page = self.context.new_page()
        page.on("console", lambda said: self.refused.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.refused.append(str(error)))
        page.clock.install(time=timezone.now())
        page.goto(f"{HOST}/")
        return page


@pytest.fixture
def public(context: Any, clock: Any) -> Public:
    public = Public(context)
    alert_index()
    public.update()
    return public


@pytest.fixture
def commune(public: Public) -> Commune:
    return Commune(public.context)


@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("place", ["body", "head"])
def test_one_script_tag_shows_what_is_active_under_a_strict_policy(public, commune, language, place):
    alert = AlertFactory(severity="Extreme")
    send(alert)
    public.update()
    tag = f'<script src="{BASE_URL}/alerts/embed.js" data-lang="{language}" async></script>'
    html = f"<body>{tag}<h1>Commune</h1>" if place == "body" else f"<head>{tag}</head><body><h1>Commune</h1>"
    page = commune.open(html, SCRIPT_POLICY)
    page.locator(BAND).wait_for()
    assert getattr(alert, f"title_{language}") in page.locator(BAND).inner_text()
    href = page.locator(BAND).get_attribute("href")
    assert href.startswith(f"{BASE_URL}/{language}/")
    assert (
        page.locator("#alerts").evaluate("band => getComputedStyle(band).backgroundColor")
        == "rgb(179, 19, 27)"
    )
    assert [each.bounding_box()["width"] for each in page.locator(f"{BAND} svg.icon").all()] == [20, 20]
    assert page.locator("p[role=alert]").text_content() == getattr(alert, f"title_{language}")
    assert page.evaluate("document.cookie") == ""
    assert commune.refused == []


@pytest.mark.browser
@pytest.mark.django_db
def test_it_follows_updates_and_the_end_and_takes_no_room_when_nothing_is_active(public, commune, clock):
    page = commune.open(
        f'<body><script src="{BASE_URL}/alerts/embed.js" async></script><h1>Commune</h1>', SCRIPT_POLICY
    )
    page.locator("#alerts").wait_for(state="attached")
    assert not page.locator("#alerts").is_visible()
    alert = AlertFactory()
    send(alert)
    public.update()
    pass_time(page)
    page.locator(BAND).wait_for()
    clock(seconds=30)
    send(alert, title_fr="Le suspect est arrêté")
    public.update()
    pass_time(page)
    page.get_by_role("link", name="Le suspect est arrêté").wait_for()
    assert page.locator(BAND).count() == 1
    end(alert, Kind.CANCEL, now=clock(seconds=30))
    public.update()
    pass_time(page)
    page.locator(BAND).wait_for(state="detached")
    assert not page.locator("#alerts").is_visible()
    assert commune.refused == []


@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_frame_shows_the_same_and_leads_out_of_itself(public, commune, language):
    alert = AlertFactory()
    send(alert)
    public.update()
    page = commune.open(
        f'<body><iframe title="x" src="{BASE_URL}/alerts/embed.{language}.html"></iframe>', FRAME_POLICY
    )
    frame = page.frame_locator("iframe")
    frame.locator(BAND).wait_for()
    assert getattr(alert, f"title_{language}") in frame.locator(BAND).inner_text()
    assert not frame.locator(".calm").is_visible()
    assert {link.get_attribute("target") for link in frame.locator("a").all()} == {"_top"}
    end(alert, Kind.ALL_CLEAR, now=timezone.now())
    public.update()
    pass_time(page)
    frame.locator(".calm").wait_for(state="visible")
    assert frame.locator(BAND).count() == 0
    assert commune.refused == []


@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_low_frame_on_a_phone_shows_all_alerts_and_that_a_headline_goes_on(public, commune, number):
    headline = (
        "Incendie avec fumée toxique : fermez portes et fenêtres, coupez la ventilation, attendez la suite "
    )
    for _ in range(number):
        send(AlertFactory(title_fr=headline.ljust(140, "s")))
    public.update()
    page = commune.open(
        f'<body><iframe title="x" width="360" height="90" src="{BASE_URL}/alerts/embed.fr.html"></iframe>',
        FRAME_POLICY,
    )
    page.set_viewport_size({"width": 380, "height": 600})
    band = page.frame_locator("iframe").locator("#alerts")
    band.wait_for()
    page.clock.run_for(1000)
    rows = band.locator("a").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().toJSON())")
    assert len(rows) == number
    assert all(row["top"] >= 0 and row["bottom"] <= 90 and row["height"] >= 24 for row in rows), rows
    assert band.evaluate("band => band.ownerDocument.documentElement.scrollHeight") <= 90, "nothing to scroll"
    texts = band.locator("b").evaluate_all(
        "texts => texts.map(text => [getComputedStyle(text).webkitLineClamp, text.getBoundingClientRect().width])"
    )
    assert all(lines in {"1", "2"} and width > 180 for lines, width in texts), texts


@pytest.mark.browser
@pytest.mark.django_db
def test_a_frame_of_twice_that_shows_the_longest_headline_whole(public, commune):
    send(AlertFactory(title_fr="Restez chez vous " * 8 + "svp."))
    public.update()
    page = commune.open(
        f'<body><iframe title="x" width="360" height="180" src="{BASE_URL}/alerts/embed.fr.html"></iframe>',
        FRAME_POLICY,
    )
    row = page.frame_locator("iframe").locator(BAND)
    row.wait_for()
    assert row.evaluate("row => row.getBoundingClientRect().bottom") <= 180
    assert row.locator("b").evaluate("text => getComputedStyle(text).webkitLineClamp") == "none"


@pytest.mark.browser
@pytest.mark.django_db
def test_no_other_page_of_the_site_can_be_framed(public, commune):
    public.build(alert_index())
    path = next(iter(public.pages))
    page = commune.open(f'<body><iframe src="{BASE_URL}{path}"></iframe>', FRAME_POLICY)
    page.wait_for_timeout(300)
    assert any("frame" in refusal for refusal in commune.refused)


@pytest.mark.browser
@pytest.mark.django_db
def test_the_demo_page_works_under_its_own_policy(public, commune):
    send(AlertFactory())
    public.update()
    html = DEMO.read_text(encoding="utf-8")
    page = commune.open("", "")
    commune.html = html
    page.goto(f"{HOST}/")
    page.locator(BAND).first.wait_for()
    for language, frame in zip(("fr", "nl"), page.locator("iframe").all(), strict=True):
        frame.content_frame.locator(BAND).wait_for()
        assert f"embed.{language}.html" in frame.get_attribute("src")
    assert commune.refused == []


@pytest.mark.browser
@pytest.mark.django_db
def test_the_page_that_asks_for_the_language_shows_it_in_both(public, clock):
    run = outputs.rendering(alert_index(), "fr").run
    public.pages["/"] = home.standalone("language_choice.html", run)
    alert = AlertFactory(severity="Extreme")
    send(alert)
    public.update()
    page = public.context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.clock.install(time=timezone.now())
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto(f"{BASE_URL}/")
    for number, language in enumerate(("fr", "nl")):
        row = page.locator("section").nth(number).locator(BAND)
        row.wait_for()
        assert getattr(alert, f"title_{language}") in row.inner_text()
        assert row.get_attribute("href").startswith(f"{BASE_URL}/{language}/")
        choice = page.locator(f"a[href='/{language}/']")
        assert row.bounding_box()["y"] < choice.bounding_box()["y"]
    assert page.evaluate(OVERFLOWING) == []
    assert axe(page) == []
    end(alert, Kind.ALL_CLEAR, now=clock(seconds=30))
    public.update()
    pass_time(page)
    page.locator(BAND).first.wait_for(state="detached")
    assert page.locator(BAND).count() == 0
    assert said == []


IN_BOTH_LANGUAGES = ["language_choice", "404", "500", "maintenance"]


def opened(public: Public, template: str) -> Any:
    """That page, as built now."""
    run = outputs.rendering(alert_index(), "fr").run
    public.pages["/"] = home.standalone(f"{template}.html", run)
    page = public.context.new_page()
    page.goto(f"{BASE_URL}/")
    return page


@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.parametrize("template", IN_BOTH_LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_in_both_languages_shows_it_without_javascript_too(browser, clock, template, scheme):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 320, "height": 640}, color_scheme=scheme
    )
    public = Public(context)
    assert opened(public, template).locator(".now").count() == 0
    alerts = [AlertFactory(), AlertFactory(severity="Extreme")]
    for alert in alerts:
        send(alert)
    page = opened(public, template)
    assert page.locator(".now").count() == 4
    for number, (language, todo) in enumerate((("fr", "Que faire"), ("nl", "Wat te doen"))):
        rows = page.locator("section").nth(number).locator(".now")
        for row, alert in zip(rows.all(), reversed(alerts), strict=True):
            assert 250 < row.bounding_box()["width"] < 320
            assert getattr(alert, f"title_{language}") in row.inner_text()
            assert todo in row.inner_text()
            assert row.get_attribute("href").startswith(f"/{language}/")
    context.close()


@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.parametrize("script", ["embed.js", "alerts.js"])
def test_a_page_in_both_languages_shows_it_where_a_script_does_not_come(context, clock, script):
    public = Public(context)
    send(AlertFactory())
    public.update()
    context.route(f"**/{script}", lambda route: route.abort())
    page = opened(public, "404")
    page.wait_for_load_state("networkidle")
    assert page.locator(".now").count() == 2
    assert page.locator(".now").first.is_visible()
    assert page.locator(BAND).locator("visible=true").count() == 0
    assert axe(page) == []


@pytest.mark.browser
@pytest.mark.django_db
def test_a_page_in_both_languages_keeps_it_true_by_the_reader_s_clock(public, clock):
    public.context.clock.install(time=timezone.now())
    send(AlertFactory())
    public.update()
    public.is_down = True
    page = opened(public, "500")
    page.locator(BAND).first.wait_for()
    page.locator(".now").first.wait_for(state="detached")
    assert page.locator(BAND).count() == 2
    page.clock.run_for(timedelta(hours=2, seconds=5) // timedelta(milliseconds=1))
    page.locator(BAND).first.wait_for(state="detached")
    assert page.locator(BAND).count() == 0


def documents() -> dict[str, Any]:
    alert_index()
    return {document.url: document for document in embed.documents(BuildContext(timezone.now(), BASE_URL))}


@pytest.mark.django_db
def test_only_the_frames_pages_may_be_framed():
    framed = {
        url
        for url, document in documents().items()
        if "frame-ancestors *" in headers.for_file(url, document.media_type, document.headers).get(
            "Content-Security-Policy", ""
        )
    }  # fmt: skip
    assert framed == {"/alerts/embed.fr.html", "/alerts/embed.nl.html"}


@pytest.mark.django_db
def test_the_script_says_what_the_site_s_own_band_says():
    made = documents()
    for language in ("fr", "nl"):
        html = made[f"/alerts/embed.{language}.html"].render()
        said = embed.texts()[language]
        for text in (said["alert"], said["todo"], said["over"], f'aria-label="{said["label"]}"'):
            assert text in html
    assert re.search(r'"follow": "/static/js/alerts[^"]*\.js"', made["/alerts/embed.js"].render())


def test_the_policy_of_the_documentation_is_the_one_that_was_tested():
    text = Path("docs/alerts.md").read_text(encoding="utf-8").replace("https://vigie.example", BASE_URL)
    for directive in (*SCRIPT_POLICY.split("; ")[1:], FRAME_POLICY.split("; ")[1]):
        assert directive in text
