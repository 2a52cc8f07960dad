"""The band in a browser: as built without JavaScript, and kept true by static/js/alerts.js with it."""

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alerts.lifecycle import Kind
from pages.storage import smaller_script
from territory.models import Landmark
from tests.alerts import outputs
from tests.alerts.filling import prefilled
from tests.alerts.serving import Public, pass_time
from tests.factories.alerts import AlertFactory, alert_index, end, send
from tests.factories.users import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
BAND = "#alerts a"


@pytest.fixture
def public(context: Any, clock: Any) -> Public:
    """The alerts index as built at the clock's time, and whatever the files say when they are asked for."""
    public = Public(context)
    alert_index()
    return public


def opened(public: Public, language: str = "fr") -> Any:
    """The index page, with the reader's clock at that of the build."""
    page = public.context.new_page()
    page.clock.install(time=timezone.now())
    public.build(alert_index())
    public.open(page, alert_index(), language)
    return page


def said(page: Any, role: str) -> str:
    return str(page.locator(f"p[role={role}]").inner_text()).strip()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_an_expired_alert_leaves_by_the_reader_s_clock_though_the_copy_is_stale(public, language):
    alert = AlertFactory()
    send(alert)
    page = opened(public, language)
    assert getattr(alert, f"title_{language}") in page.locator(BAND).inner_text()
    page.clock.run_for(timedelta(hours=1, minutes=59) // timedelta(milliseconds=1))
    assert page.locator(BAND).is_visible()
    page.clock.run_for(90_000)
    page.locator(BAND).wait_for(state="detached")
    assert not page.locator("#alerts").is_visible()
    assert page.locator("[data-over]:not(p[role])").first.get_attribute("data-expires") is None


def test_a_page_that_is_opened_late_claims_nothing(public, clock):
    send(AlertFactory())
    public.build(alert_index())
    page = public.context.new_page()
    page.clock.install(time=clock() + timedelta(hours=3))
    public.open(page, alert_index(), "fr")
    page.locator(BAND).wait_for(state="detached")


@pytest.mark.parametrize(
    ("severity", "urgency", "role", "silent"),
    [
        ("Extreme", "Immediate", "alert", "status"),
        ("Severe", "Immediate", "alert", "status"),
        ("Extreme", "Expected", "status", "alert"),
        ("Minor", "Immediate", "status", "alert"),
    ],
)
def test_a_new_alert_appears_and_is_said_as_gravely_as_it_is(public, severity, urgency, role, silent):
    page = opened(public, "nl")
    assert said(page, "status") == said(page, "alert") == ""
    page.locator(".wordmark").focus()
    alert = AlertFactory(severity=severity, urgency=urgency)
    send(alert)
    public.update()
    pass_time(page)
    page.locator(BAND).wait_for()
    assert alert.title_nl in page.locator(BAND).inner_text()
    assert page.locator(BAND).evaluate("link => link.pathname").startswith("/nl/")
    assert page.locator(f"p[role={role}]").text_content() == alert.title_nl
    assert page.locator(f"p[role={silent}]").text_content() == ""
    assert page.evaluate("document.activeElement.className") == "wordmark"


def test_an_update_takes_its_predecessor_s_place_and_is_said_quietly(public, clock):
    alert = AlertFactory(severity="Extreme")
    send(alert)
    page = opened(public)
    page.locator(BAND).focus()
    clock(seconds=10)
    send(alert, title_fr="Le suspect est arrêté")
    public.update()
    pass_time(page)
    page.get_by_role("link", name="Le suspect est arrêté").wait_for()
    assert page.locator(BAND).count() == 1
    assert page.locator("p[role=status]").text_content() == "Le suspect est arrêté"
    assert page.locator("p[role=alert]").text_content() == ""
    assert page.evaluate("document.activeElement === document.querySelector('#alerts a')")


@pytest.mark.parametrize("kind", [Kind.CANCEL, Kind.ALL_CLEAR])
def test_what_was_ended_or_cancelled_disappears(public, clock, kind):
    alert = AlertFactory()
    send(alert)
    page = opened(public)
    assert page.locator(BAND).is_visible()
    end(alert, kind, now=clock(seconds=10))
    public.update()
    pass_time(page)
    page.locator(BAND).wait_for(state="detached")
    assert alert.title_fr in page.locator("p[role=status]").text_content()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_an_open_index_says_what_is_over_of_what_it_shows(public, clock, language):
    ended, going_on = AlertFactory(), AlertFactory()
    for alert in (ended, going_on):
        send(alert)
    page = opened(public, language)
    over = {"fr": "Cette alerte est terminée", "nl": "Deze waarschuwing is voorbij"}[language]
    assert page.locator("main").get_by_text(over).count() == 0
    end(ended, Kind.ALL_CLEAR, now=clock(seconds=10))
    public.update()
    pass_time(page)
    row = page.locator("main li", has_text=getattr(ended, f"title_{language}"))
    row.get_by_text(over).wait_for()
    assert page.locator("main").get_by_text(over).count() == 1


def on_its_page(public: Public, alert: Any, language: str = "fr") -> Any:
    """The page of an active alert, as built now, opened; the focus on the site's name."""
    public.build(alert)
    page = public.context.new_page()
    page.clock.install(time=timezone.now())
    public.open(page, alert, language)
    page.locator(".wordmark").focus()
    page.clock.run_for(2_000)
    assert page.locator(BAND).count() == 0
    return page


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_open_page_of_an_alert_says_that_it_was_updated_and_shows_it(public, clock, language):
    alert = AlertFactory(severity="Extreme")
    send(alert)
    page = on_its_page(public, alert, language)
    clock(seconds=30)
    send(alert, **{f"title_{language}": "Autre titre"})
    public.build(alert)
    pass_time(page)
    said = {"fr": "Cette alerte a été mise à jour", "nl": "Deze waarschuwing is bijgewerkt"}[language]
    page.get_by_role("link", name=said).wait_for()
    assert page.locator("p[role=status]").text_content() == said
    assert page.locator("p[role=alert]").text_content() == ""
    assert page.evaluate("document.activeElement.className") == "wordmark"
    assert page.locator("h1").inner_text() != "Autre titre"
    pass_time(page, 40)
    assert page.locator(BAND).count() == 1
    page.get_by_role("link", name=said).click()
    page.get_by_role("heading", level=1, name="Autre titre").wait_for()
    assert page.locator(BAND).count() == 0


@pytest.mark.parametrize("is_asleep", [False, True], ids=["awake", "asleep"])
def test_the_open_page_of_an_alert_whose_end_was_put_off_does_not_leave_it_at_the_old_end(
    public, clock, is_asleep
):
    alert = AlertFactory()
    send(alert)
    page = on_its_page(public, alert)
    past = timedelta(hours=2, minutes=1) // timedelta(milliseconds=1)
    public.is_down = is_asleep
    if is_asleep:
        page.clock.run_for(past)
        page.get_by_role("heading", name=NO_LONGER["fr"][1]).wait_for()
    clock(minutes=30)
    send(alert, expires=timezone.now() + timedelta(hours=4))
    public.build(alert)
    public.is_down = False
    # The longest pause after failures, and then some.
    pass_time(page, 150)
    page.get_by_role("link", name="Cette alerte a été mise à jour").wait_for()
    if not is_asleep:
        public.is_down = True
        page.clock.run_for(past)
        assert NO_LONGER["fr"][0] not in page.locator(".kicker").inner_text()
        assert page.get_by_role("heading", name=NO_LONGER["fr"][1]).count() == 0


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_open_page_of_an_announced_alert_says_that_it_has_begun(public, clock, language):
    alert = AlertFactory(onset=clock() + timedelta(minutes=30))
    send(alert)
    page = on_its_page(public, alert, language)
    pass_time(page, 60)
    assert page.locator(BAND).count() == 0
    clock(minutes=30)
    public.build(alert)
    page.clock.run_for(timedelta(minutes=29) // timedelta(milliseconds=1))
    # Half an hour at once ran requests into their time limit: the longest pause after that.
    pass_time(page, 150)
    begun = {"fr": "Alerte en cours", "nl": "Waarschuwing van kracht"}[language]
    link = page.get_by_role("link", name=begun)
    link.wait_for()
    assert page.locator("p[role=status]").text_content() == begun
    pass_time(page, 40)
    assert page.locator(BAND).count() == 1
    link.click()
    page.locator(".kicker").get_by_text(begun).wait_for()
    assert page.locator(BAND).count() == 0


def test_a_page_looks_at_once_when_the_network_is_back(public, clock):
    page = opened(public)
    public.is_down = True
    pass_time(page, 300)
    alert = AlertFactory()
    send(alert)
    public.build(alert)
    public.is_down = False
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_role("link", name=alert.title_fr).wait_for()


@pytest.mark.parametrize("kind", [Kind.CANCEL, Kind.ALL_CLEAR])
def test_the_open_page_of_an_alert_says_that_it_is_over(public, clock, kind):
    alert = AlertFactory()
    send(alert)
    page = on_its_page(public, alert)
    end(alert, kind, now=clock(seconds=30))
    public.build(alert)
    pass_time(page)
    link = page.get_by_role("link", name="Cette alerte est terminée")
    link.wait_for()
    assert page.evaluate("document.activeElement.className") == "wordmark"
    link.click()
    page.locator(BAND).wait_for(state="detached")


NO_LONGER = {
    "fr": ("Cette alerte est terminée", "Ce qui était demandé alors", "consignes ne valent plus"),
    "nl": ("Deze waarschuwing is voorbij", "Wat toen gevraagd werd", "instructies gelden niet meer"),
}


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("way", ["its time runs out", "all-clear"])
def test_the_open_page_of_an_alert_asks_nothing_more_once_it_is_over(public, clock, way, language):
    alert = AlertFactory()
    send(alert)
    page = on_its_page(public, alert, language)
    over, asked, no_longer = NO_LONGER[language]
    assert page.get_by_role("heading", name=asked).count() == 0
    if way == "all-clear":
        end(alert, Kind.ALL_CLEAR, now=clock(seconds=30))
        public.build(alert)
        pass_time(page)
    else:
        public.is_down = True
        page.clock.run_for(timedelta(hours=2, minutes=1) // timedelta(milliseconds=1))
    page.get_by_role("heading", name=asked).wait_for()
    assert over in page.locator(".kicker").inner_text()
    assert over in page.locator("p[role=status]").text_content()
    warning = page.locator(".while", has_text=no_longer)
    list_of_steps = page.locator("main ol").first
    assert warning.bounding_box()["y"] < list_of_steps.bounding_box()["y"]
    assert warning.evaluate("each => getComputedStyle(each).borderInlineStartWidth") == "6px"
    page.emulate_media(media="print")
    assert warning.is_visible()
    assert page.get_by_role("heading", name=asked).is_visible()


def test_the_translation_that_arrives_by_the_form_ends_nothing_on_open_pages(public, client, clock):
    officer = UserFactory(groups=["Duty officers"])
    empty = dict.fromkeys(("title_nl", "what_nl", "instruction_nl", "area_nl"), "")
    alert = AlertFactory(translation_follows="nl", translation_reason="Traductrice injoignable.", **empty)
    send(alert, officer)
    own, other = on_its_page(public, alert, "nl"), opened(public, "nl")
    over = re.compile("voorbij|Wat toen gevraagd werd|gelden niet meer")
    assert over.findall(own.locator("body").inner_text() + other.locator("body").inner_text()) == []
    clock(seconds=30)
    client.force_login(officer)
    address = f"/cms/alerts/{alert.pk}/update/"
    texts = {
        "title_nl": "Gevaarlijke stof",
        "what_nl": "Gas.",
        "instruction_nl": "Blijf binnen.",
        "area_nl": "Flagey",
    }
    why = {"action": "send", "alone_reason": "Alleen van wacht."}
    client.post(address, prefilled(client.get(address), **texts, **why))
    public.build(alert)
    for page in (own, other):
        pass_time(page)
    own.get_by_role("link", name="Deze waarschuwing is bijgewerkt").wait_for()
    other.get_by_role("link", name="Gevaarlijke stof").wait_for()
    assert other.locator(BAND).count() == 1
    assert said(other, "status") == "Gevaarlijke stof"
    for page in (own, other):
        assert over.findall(page.locator("body").inner_text() + said(page, "status")) == []


@pytest.mark.parametrize("where", ["its page", "the list"])
def test_another_address_ends_no_alert_on_open_pages(public, clock, where):
    alert = AlertFactory(severity="Extreme")
    send(alert)
    page = on_its_page(public, alert) if where == "its page" else opened(public)
    clock(seconds=30)
    send(alert, slug_fr="ailleurs")
    public.build(alert)
    pass_time(page)
    name = "Cette alerte a été mise à jour" if where == "its page" else alert.title_fr
    page.locator(f"{BAND}[href]", has_text=name).wait_for()
    page.locator("p[role=status]:not(:empty)").first.wait_for(state="attached")
    assert said(page, "status") == name
    assert said(page, "alert") == ""
    assert page.locator(BAND).count() == 1
    assert "terminée" not in page.locator("body").inner_text()
    if where == "the list":
        assert page.locator(BAND).get_attribute("href").endswith("/ailleurs/")


def polled(public: Public, page: Any) -> None:
    """Let the page ask for what is active, and show it."""
    public.update()
    page.wait_for_load_state("networkidle")
    with page.expect_response("**/alerts/active.json"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(200)


def test_what_one_look_brings_is_said_at_once_and_gravest_first(public, clock):
    ending, raised = AlertFactory(severity="Minor"), AlertFactory(severity="Minor")
    send(ending)
    send(raised)
    page = opened(public)
    # Severe comes after Extreme in the file, and is said before it where only it is imminent.
    alerts = [
        AlertFactory(severity=severity, urgency=urgency)
        for severity, urgency in (
            ("Severe", "Immediate"),
            ("Extreme", "Expected"),
            ("Extreme", "Immediate"),
            ("Minor", "Immediate"),
        )
    ]
    for alert in alerts:
        send(alert)
    clock(seconds=10)
    send(raised, severity="Extreme", urgency="Immediate")
    end(ending, Kind.ALL_CLEAR, now=clock(seconds=1))
    polled(public, page)
    severe, expected, extreme, minor = (alert.title_fr for alert in alerts)
    over = f"L’alerte est terminée : {ending.title_fr}"
    text = said(page, "alert").replace("\xa0", " ")
    assert text == ". ".join([raised.title_fr, extreme, severe, over, expected, minor])
    assert said(page, "status") == ""


def test_an_alert_that_begins_as_another_ends_is_said(public, clock):
    ending = AlertFactory()
    send(ending)
    page = opened(public)
    end(ending, Kind.ALL_CLEAR, now=clock(seconds=10))
    alert = AlertFactory(severity="Minor")
    send(alert)
    polled(public, page)
    assert alert.title_fr in said(page, "status")
    assert ending.title_fr in said(page, "status")


def test_a_second_alert_with_the_same_headline_is_said_too(public, clock):
    page = opened(public)
    send(AlertFactory(severity="Extreme", title_fr="Fusillade"))
    polled(public, page)
    assert said(page, "alert") == "Fusillade"
    page.evaluate(
        "new MutationObserver(() => window.heard = true)"
        ".observe(document.querySelector('p[role=alert]'), {childList: true})"
    )
    clock(seconds=10)
    polled(public, page)
    assert not page.evaluate("window.heard")
    send(AlertFactory(severity="Extreme", title_fr="Fusillade"))
    polled(public, page)
    assert page.locator(BAND).count() == 2
    assert said(page, "alert") == "Fusillade"
    assert page.evaluate("window.heard")


@pytest.mark.parametrize("where", ["its page", "the list"])
def test_an_update_that_makes_it_imminent_is_said_as_gravely_as_a_new_alert(public, clock, where):
    alert = AlertFactory(severity="Minor", urgency="Immediate")
    send(alert)
    page = on_its_page(public, alert) if where == "its page" else opened(public)
    clock(seconds=10)
    send(alert, severity="Extreme")
    polled(public, page)
    assert (
        said(page, "alert")
        == {
            "its page": "Cette alerte a été mise à jour",
            "the list": alert.title_fr,
        }[where]
    )
    clock(seconds=10)
    send(alert, title_fr="Toujours grave")
    polled(public, page)
    assert said(page, "alert") == ""
    assert (
        said(page, "status")
        == {
            "its page": "Cette alerte a été mise à jour",
            "the list": "Toujours grave",
        }[where]
    )


def test_it_asks_again_after_a_request_that_hangs(public):
    page = public.context.new_page()
    page.clock.install(time=timezone.now())
    public.build(alert_index())
    public.hangs = True
    public.open(page, alert_index(), "fr")
    pass_time(page, 5)
    public.hangs = False
    alert = AlertFactory()
    send(alert)
    public.update()
    # The time limit, and the longest pause after it.
    pass_time(page, 10 + 24)
    page.locator(BAND).wait_for()


def test_it_follows_where_a_browser_cannot_give_up_a_request(public):
    page = public.context.new_page()
    page.add_init_script("delete AbortSignal.timeout")
    page.clock.install(time=timezone.now())
    public.build(alert_index())
    public.open(page, alert_index(), "fr")
    send(AlertFactory())
    polled(public, page)
    page.locator(BAND).wait_for()


def test_a_stale_copy_of_what_is_active_takes_nothing_from_a_newer_page(public, clock):
    public.update()
    stale = public.files
    alert, other = AlertFactory(), AlertFactory()
    clock(minutes=1)
    send(alert)
    send(other)
    public.build(alert)
    public.files = stale
    page = public.context.new_page()
    page.clock.install(time=timezone.now())
    public.open(page, alert, "fr")
    for _ in range(3):
        pass_time(page)
        page.wait_for_timeout(20)
    assert public.asked > 1
    assert page.locator(BAND).count() == 1
    assert other.title_fr in page.locator(BAND).inner_text()


def test_assistive_technology_is_told_through_regions_that_are_empty_at_load(public):
    """As the browser's accessibility tree has them: what a screen reader reads."""
    page = opened(public)
    session = public.context.new_cdp_session(page)

    def regions() -> dict[str, tuple[str, str]]:
        tree = session.send("Accessibility.getFullAXTree")["nodes"]
        nodes = {node["nodeId"]: node for node in tree}
        found = {}
        for node in tree:
            properties = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
            role = node.get("role", {}).get("value")
            if role in ("status", "alert"):
                text = "".join(
                    nodes[child].get("name", {}).get("value", "") for child in node.get("childIds", [])
                )
                found[role] = (properties.get("live", ""), text)
        return found

    assert regions() == {"status": ("polite", ""), "alert": ("assertive", "")}
    alert = AlertFactory(severity="Extreme")
    send(alert)
    public.update()
    pass_time(page)
    page.locator(BAND).wait_for()
    assert regions() == {"status": ("polite", ""), "alert": ("assertive", alert.title_fr)}


def test_what_was_on_the_page_is_not_said_again(public):
    send(AlertFactory(severity="Extreme"))
    page = opened(public)
    for _ in range(6):
        pass_time(page, 10)
        page.wait_for_timeout(20)
    assert public.asked > 2
    assert page.locator("p[role=alert]").text_content() == ""
    assert page.locator("p[role=status]").text_content() == ""


def test_it_asks_every_10_seconds_or_so_and_backs_off_to_two_minutes(public):
    page = opened(public)
    page.wait_for_load_state("networkidle")
    # The page decides how long to wait once it has the answer, which a busy machine takes its time for: what it decides
    # is read, and its clock put forward by as much.
    page.evaluate(
        """() => {
            const { setTimeout } = window;
            window.waits = [];
            window.setTimeout = (then, wait) => {
                if (wait >= 5000) window.waits.push(wait);
                return setTimeout(then, wait);
            };
        }"""
    )

    asked = public.asked

    def next_wait(now: float) -> float:
        """How many seconds the page waits after it has asked, which it does `now` seconds from here."""
        nonlocal asked
        page.clock.run_for(round(now * 1000) + 1)
        for _ in range(1000):
            if waits := page.evaluate("window.waits.splice(0)"):
                break
            page.wait_for_timeout(10)
        asked += 1
        assert (len(waits), public.asked) == (1, asked)
        return float(waits[0] / 1000)

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    waits = [next_wait(0)]
    for _ in range(8):
        waits.append(next_wait(waits[-1]))
    assert all(8 <= wait <= 12 for wait in waits)
    assert len(set(waits)) > 1
    public.is_down = True
    for least, most in [(16, 24), (32, 48), (64, 96), *[(96, 144)] * 4]:
        waits.append(next_wait(waits[-1]))
        assert least <= waits[-1] <= most
    assert not page.locator("#alerts").is_visible()
    public.is_down = False
    assert 8 <= next_wait(waits[-1]) <= 12


def test_it_is_quiet_while_hidden_and_looks_at_once_when_shown(public):
    page = opened(public)
    hidden = "Object.defineProperty(document, 'hidden', {configurable: true, get: () => %s});"
    shown = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(hidden % "true" + shown)
    page.wait_for_timeout(50)
    public.asked = 0
    page.clock.run_for(300_000)
    page.wait_for_timeout(50)
    assert public.asked == 0
    alert = AlertFactory()
    send(alert)
    public.update()
    page.evaluate(hidden % "false" + shown)
    page.locator(BAND).wait_for()
    assert public.asked == 1


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_without_javascript_it_is_what_it_was_when_built(browser, clock, language):
    context = browser.new_context(java_script_enabled=False)
    public = Public(context)
    alert = AlertFactory()
    send(alert)
    public.build(alert_index())
    page = context.new_page()
    public.open(page, alert_index(), language)
    assert getattr(alert, f"title_{language}") in page.locator(BAND).inner_text()
    end(alert, Kind.CANCEL, now=clock(minutes=1))
    public.build(alert_index())
    public.open(page, alert_index(), language)
    assert page.locator(BAND).count() == 0
    assert not page.locator("#alerts").is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_alert_s_page_fits_a_phone_and_axe_finds_nothing(public, language, scheme):
    from tests.site.browsing import OVERFLOWING, axe

    alert = AlertFactory(
        whole_region=True,
        shapes="50.86,4.39 50.865,4.4 50.86,4.41\n50.83,4.3 1",
        contact_fr="Ligne d'information",
        contact_nl="Informatielijn",
        contact_number="1771",
    )
    other = AlertFactory()
    send(alert)
    send(alert, landmarks=list(Landmark.objects.all()))
    send(other)
    public.build(alert)
    page = public.context.new_page()
    page.set_viewport_size({"width": 320, "height": 700})
    page.emulate_media(color_scheme=scheme)
    page.clock.set_fixed_time(timezone.now())
    public.open(page, alert, language)
    assert page.evaluate(OVERFLOWING) == []
    assert axe(page) == []
    assert page.locator(BAND).count() == 1
    assert getattr(other, f"title_{language}") in page.locator(BAND).inner_text()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_to_do_begins_on_the_first_screen_of_an_alert_s_page(public, language, width):
    alert = AlertFactory()
    send(alert)
    public.build(alert)
    page = public.context.new_page()
    page.set_viewport_size({"width": width, "height": 740})
    page.clock.set_fixed_time(timezone.now())
    public.open(page, alert, language)
    step = page.locator("main ol > li").first.bounding_box()
    assert step["y"] + step["height"] < 740


def test_the_script_weighs_less_than_1700_bytes_as_it_goes_out():
    assert len(gzip.compress(smaller_script(Public.static("js/alerts.js").decode()).encode(), 9)) <= 1700


def test_an_alert_s_page_weighs_less_than_14336_bytes_in_all(public):
    alert = AlertFactory(whole_region=True, what_fr="a" * 600, instruction_fr="Restez.\n" * 10)
    for _ in range(3):
        send(alert)
    html = outputs.html(alert, "fr")
    parts = [
        html.encode(),
        *map(Public.static, re.findall(r'(?:src|href)="/static/([^"?]+\.(?:css|js))', html)),
    ]
    assert len(parts) == 4
    assert sum(len(gzip.compress(part, 9)) for part in parts) <= 14_336


def test_the_pages_here_are_under_the_site_s_content_security_policy(public):
    public.build(alert_index())
    response = public.open(public.context.new_page(), alert_index(), "fr")
    assert "default-src 'self'" in response.headers["content-security-policy"]
