"""Notifications in a real browser: from the choice on the page to the notification and the alert's page behind it.

One thing is stood in for, at the browser's edge: the push service (`pushManager.subscribe` needs one of a browser
maker). The desktop that draws a notification, and the hand that clicks on it, are outside of the browser: one test has
such a desktop, the others dispatch the click within the service worker.
"""

from __future__ import annotations

import contextlib
import html
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, CDPSession, Page, Worker, expect

from alerts.delivery import push
from tests.alerts.push_service import PushService
from tests.conftest import Figures
from tests.site import demo
from tests.site.browsing import PHONE, axe
from tests.site.conftest import require
from tests.site.desktop import Desktop
from tests.site.night import PATIENCE, Night

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("notifications")]

PAGES = {"fr": "/fr/alertes/notifications/", "nl": "/nl/waarschuwingen/meldingen/"}
SAID = {
    "on": (
        "Les notifications sont activées pour ce navigateur.",
        "De meldingen staan aan voor deze browser.",
    ),
    "off": (
        "Les notifications sont désactivées pour ce navigateur.",
        "De meldingen staan uit voor deze browser.",
    ),
    "saved": ("Votre choix est enregistré.", "Uw keuze is opgeslagen."),
    "refused": (
        "Votre navigateur bloque les notifications de ce site. Autorisez-les dans ses réglages, puis revenez ici.",
        "Uw browser blokkeert de meldingen van deze site. Sta ze toe in de instellingen en kom dan terug.",
    ),
    "none": ("Choisissez une commune, ou toute la région.", "Kies een gemeente, of het hele gewest."),
    "failed": (
        "Cela n’a pas fonctionné. Réessayez dans quelques minutes.",
        "Dat is niet gelukt. Probeer het over enkele minuten opnieuw.",
    ),
}


def said(name: str, language: str) -> str:
    return SAID[name][language == "nl"]


SUBSCRIPTION = """(() => {
  const MEMORY = "test.subscription", data = %s;
  const made = () => ({
    endpoint: data.endpoint,
    toJSON: () => data,
    unsubscribe: async () => { localStorage.removeItem(MEMORY); return true; },
  });
  PushManager.prototype.getSubscription = async () => (localStorage.getItem(MEMORY) ? made() : null);
  PushManager.prototype.subscribe = async (options) => {
    localStorage.setItem(MEMORY, JSON.stringify(options));
    return made();
  };
})()"""
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration.getNotifications()).map(
    ({ title, body, tag, lang, silent, actions }) => ({ title, body, tag, lang, silent, settings: actions[0].title }));
}"""
WATCH = """() => {
  if ("handled" in self) return;
  self.handled = 0;
  const { waitUntil } = ExtendableEvent.prototype;
  const done = () => { self.handled += 1; };
  ExtendableEvent.prototype.waitUntil = function (promise) {
    if (this.type === "push") promise.then(done, done);
    return waitUntil.call(this, promise);
  };
}"""
CLICK = """async (action) => {
  const opened = [];
  Clients.prototype.openWindow = async (url) => { opened.push(url); return null; };
  WindowClient.prototype.focus = async function () { opened.push(`focus ${this.url}`); return this; };
  const [notification] = await registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification, action });
  const waits = [];
  event.waitUntil = (promise) => waits.push(promise);
  dispatchEvent(event);
  await Promise.all(waits);
  return opened;
}"""


ACTIVATE = """async () => {
  const waits = [];
  const event = Object.assign(new ExtendableEvent("activate"), { waitUntil: (promise) => waits.push(promise) });
  dispatchEvent(event);
  await Promise.all(waits);
}"""
ALLOWED: dict[str, Any] = {"service_workers": "allow", "permissions": ["notifications"], "viewport": PHONE}

CHANGE = """async ([before, data, isTold, isGiven, isDown]) => {
  const made = { endpoint: data.endpoint, toJSON: () => data };
  const options = { userVisibleOnly: true };
  const asks = (asked) => asked === options || (!isTold && asked.userVisibleOnly && asked.applicationServerKey);
  PushManager.prototype.getSubscription = async () => (self.test ?? null);
  PushManager.prototype.subscribe = async (asked) => (asks(asked) ? (self.test = made) : null);
  if (isGiven) self.test = made;
  const { fetch } = self;
  if (isDown) self.fetch = async () => { throw new TypeError("Failed to fetch"); };
  const waits = [];
  const event = Object.assign(new ExtendableEvent("pushsubscriptionchange"), {
    oldSubscription: isTold ? { endpoint: before, options } : null,
    newSubscription: isTold && isGiven ? made : null,
    waitUntil: (promise) => waits.push(promise),
  });
  dispatchEvent(event);
  await Promise.all(waits);
  self.fetch = fetch;
}"""


class Device:
    """A browser that has notifications of one push service."""

    def __init__(
        self, night: Night, service: PushService, name: str, page: Page | None = None, **options: Any
    ) -> None:
        self.name, self.service = name, service
        self.page = page or night.page(**(ALLOWED | options))
        self.context: BrowserContext = self.page.context
        data = service.device(name).subscription(service.url)
        self.context.add_init_script(SUBSCRIPTION % json.dumps(data))
        self.session: CDPSession = self.context.new_cdp_session(self.page)
        self.registrations: dict[str, str] = {}
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self.session.send("ServiceWorker.enable")

    def _registered(self, event: dict[str, Any]) -> None:
        for registration in event["registrations"]:
            self.registrations[registration["scopeURL"]] = registration["registrationId"]

    def open(self, language: str) -> Page:
        self.page.goto(PAGES[language])
        expect(self.page.locator("#push form")).to_be_visible()
        return self.page

    @property
    def status(self) -> Any:
        return self.page.locator("#push [role=status]")

    def turn_on(self) -> None:
        self.page.locator("#push button[type=submit]").click()

    def subscribe(self, language: str, *nis: str, notifications: str = "") -> Page:
        """The page in `language`, once notifications are on: of these municipalities or of the whole region, in
        `notifications` or the language of the page."""
        page = self.open(language)
        if nis:
            page.locator("[name=where][value=some]").check()
        for code in nis:
            page.locator(f"[name=nis][value='{code}']").check()
        if notifications:
            page.locator(f"[name=language][value={notifications}]").check()
        self.turn_on()
        expect(self.status).to_have_text(said("on", language))
        return page

    def deliver(self, message: dict[str, Any]) -> None:
        """As the push service of a browser maker hands it over; returns when all that follows from it is done."""
        origin = self.page.evaluate("location.origin")
        self.until(lambda: f"{origin}/" in self.registrations, "the browser knows no worker")
        registration, worker = self.registrations[f"{origin}/"], self.worker()
        worker.evaluate(WATCH)
        before = worker.evaluate("handled")
        self.session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": registration, "data": json.dumps(message)},
        )
        self.until(lambda: worker.evaluate("handled") > before, "the worker got no message")

    def until(self, is_so: Callable[[], object], otherwise: object) -> None:
        """Waits; the browser's events arrive meanwhile."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not is_so():
            assert time.monotonic() < deadline, otherwise
            self.page.wait_for_timeout(100)

    def received(self) -> dict[str, Any]:
        """The first message for it that reaches the push service."""
        self.until(lambda: self.name in {one.name for one in self.service.received}, "see worker.log")
        return next(one.message for one in self.service.received if one.name == self.name)

    def shown(self) -> list[dict[str, Any]]:
        return self.page.evaluate(SHOWN)

    def shown_only(self, *titles: str) -> list[dict[str, Any]]:
        """What stands there, once it is these."""
        self.until(lambda: [each["title"] for each in self.shown()] == [*titles], titles)
        return self.shown()

    def shown_once(self, title: str) -> dict[str, Any]:
        return self.shown_only(title)[0]

    def worker(self) -> Worker:
        """The one that shows notifications."""

        def found() -> list[Worker]:
            return [worker for worker in self.context.service_workers if worker.url.endswith("/sw-push.js")]

        self.until(found, "no worker for notifications")
        return found()[0]

    def change(
        self, name: str, *, is_told: bool = True, is_given: bool = True, is_down: bool = False
    ) -> None:
        """The push service knows the device as `name` from now on. `is_told`: the browser says what it was known as;
        `is_given`: it has the new address already; `is_down`: the site cannot be reached."""
        before = self.service.device(self.name).subscription(self.service.url)["endpoint"]
        after = self.service.device(name).subscription(self.service.url)
        self.worker().evaluate(CHANGE, [before, after, is_told, is_given, is_down])

    def click(self, action: str = "") -> list[str]:
        """What a click on the only notification opens, or turns to ("focus …")."""
        opened: list[str] = self.worker().evaluate(CLICK, action)
        self.shown_only()
        return opened


def message(identifier: str, **changes: Any) -> dict[str, Any]:
    """As alerts.delivery.push sends it."""
    return {
        "id": identifier, "tag": "first", "title": identifier, "body": "Restez à l’intérieur.", "lang": "fr",
        "url": "https://vigie.example/fr/alertes/", "settings": "https://vigie.example/fr/alertes/notifications/",
        "labels": {"settings": "Réglages"}, "sent": 1,
    } | changes  # fmt: skip


@pytest.fixture(scope="module")
def browser(whole_browser: Browser) -> Browser:
    return whole_browser


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture(scope="module")
def running(
    site: demo.Site, service: PushService, browser: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Night]:
    copy = site.copy(tmp_path_factory.mktemp("notifications") / "site")
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.site.loopback_settings",
        "VIGIE_VAPID_PRIVATE_KEY": push.new_private_key(),
        "VIGIE_PUSH_SERVICES": service.url,
        # All devices ask from one address here, more than twenty times a minute.
        "CACHE_URL": "dummycache://",
    }
    with demo.serving(copy, own_address=True, **own) as server:
        own["VIGIE_BASE_URL"] = server.url
        copy.run("manage.py", "build", env=copy.environment | own)
        with demo.working(copy, **own):
            yield Night(copy, server, browser)
    copy.forget()


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_an_alert_of_the_chosen_municipality_comes_in_the_chosen_language_and_leads_to_its_page(
    night: Night, service: PushService, language: str, figures: Figures
) -> None:
    """The page is read in French, the notifications come in `language`."""
    device = Device(night, service, f"anderlecht-{language}")
    page = device.subscribe("fr", "21001", notifications=language)
    assert axe(page) == []

    elsewhere = Device(night, service, f"jette-{language}")
    elsewhere.subscribe("nl", "21010")

    officer = night.officer("fr")
    officer.goto("/cms/alerts/new/1/")
    officer.locator("#id_municipalities label", has_text="Anderlecht").click()
    officer.fill("[name=alone_reason]", "Seul de garde.")
    sent = time.monotonic()
    officer.click("button[value=send]")
    officer.wait_for_url("**/sent/")
    received = device.received()
    figures(f"sent at /cms/, at the push service after {time.monotonic() - sent:.1f} s ({language})")

    device.deliver(received)
    title = {"fr": "Fusillade : Anderlecht", "nl": "Schietpartij: Anderlecht"}[language]
    shown = device.shown_once(received["title"])
    assert shown["title"].replace("\u00a0", " ") == title
    assert shown["lang"] == language
    assert "Anderlecht" in shown["body"]
    assert shown["settings"] == {"fr": "Réglages", "nl": "Instellingen"}[language]
    (address,) = device.click()
    device.page.goto(address)
    expect(device.page.locator("h1")).to_have_text(received["title"])
    assert device.page.locator("html").get_attribute("lang") == f"{language}-BE"
    assert not [one for one in service.received if one.name == elsewhere.name]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    require("dbus-daemon", Desktop.available())
    with Desktop(tmp_path) as desktop:
        yield desktop


def test_a_click_on_the_desktop_opens_the_alert_s_page_in_the_language_of_the_notification(
    night: Night,
    service: PushService,
    desktop: Desktop,
    browser_type: BrowserType,
    whole_chromium: dict[str, Any],
    tmp_path: Path,
) -> None:
    with contextlib.ExitStack() as browsers:
        devices = {}
        for language in ("fr", "nl"):
            # Only in a profile of its own may a browser open a window for a service worker.
            context = browser_type.launch_persistent_context(
                tmp_path / language,
                **(whole_chromium | ALLOWED),
                env={**os.environ, **desktop.environment},
                base_url=night.server.url,
            )
            browsers.callback(context.close)
            context.set_default_timeout(PATIENCE)
            device = Device(night, service, f"desktop-{language}", context.pages[0])
            device.subscribe(language)
            devices[language] = device
        officer = night.officer("fr")
        night.send(officer, "Parc Josaphat", "Josaphatpark")
        for language, device in devices.items():
            sent = device.received()
            device.deliver(sent)
            drawn = desktop.wait_for(sent["title"])
            assert sent["body"].splitlines()[0] in html.unescape(drawn.body)
            with device.context.expect_page() as opened:
                desktop.click(drawn)
            page = opened.value
            expect(page.locator("h1")).to_have_text(sent["title"])
            assert page.locator("html").get_attribute("lang") == f"{language}-BE"
            assert urlsplit(page.url).path == urlsplit(sent["url"]).path
            desktop.wait_until_gone(drawn)

            device.deliver(sent | {"id": f"{language} again", "sent": sent["sent"] + 1})
            again = desktop.wait_for(sent["title"])
            settings = {label: action for action, label in again.actions.items()}[
                {"fr": "Réglages", "nl": "Instellingen"}[language]
            ]
            device.page.goto(f"/{language}/")
            with device.context.expect_page() as opened:
                desktop.click(again, settings)
            expect(opened.value.locator("#push form")).to_be_visible()
            assert urlsplit(opened.value.url).path == PAGES[language]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_other_button_of_a_notification_leads_to_the_settings(
    night: Night, service: PushService, language: str
) -> None:
    device = Device(night, service, f"settings-{language}")
    page = device.subscribe(language)
    settings = page.url
    device.deliver(message("one", settings=settings))
    device.shown_once("one")
    assert device.click("settings") == [f"focus {settings}"], "what is open already is not opened again"
    page.goto(f"/{language}/")
    device.deliver(message("two", settings=settings, sent=2))
    device.shown_once("two")
    assert device.click("settings") == [settings]


def test_a_message_is_seen_once_and_the_next_one_takes_its_place(night: Night, service: PushService) -> None:
    device = Device(night, service, "once")
    device.subscribe("fr")
    device.deliver(message("one"))
    assert device.shown_once("one")["silent"] is False
    device.deliver(message("one"))
    assert device.shown_once("one")["silent"] is True
    device.deliver(message("two", sent=2))
    assert device.shown_once("two")["silent"] is False
    # The first one comes again, late: what is newer stays.
    device.deliver(message("one"))
    device.shown_once("two")
    device.click()
    # Dismissed, it does not come back when it is sent again.
    device.deliver(message("two", sent=2))
    device.shown_only()
    device.deliver(message("other", tag="another alert"))
    device.shown_once("other")


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_choice_is_remembered_and_changed_and_turned_off(
    night: Night, service: PushService, language: str
) -> None:
    device = Device(night, service, f"choice-{language}")
    page = device.open(language)
    off = page.locator("#push form button[type=button]")
    assert not off.is_visible()
    page.locator("[name=where][value=some]").check()
    page.locator("[name=nis][value='21004']").check()
    device.turn_on()
    expect(device.status).to_have_text(said("on", language))
    page = device.open(language)
    assert page.locator("[name=nis][value='21004']").is_checked()
    page.locator("[name=where][value='']").check()
    device.turn_on()
    expect(device.status).to_have_text(said("saved", language))
    assert subscribed(night, device.name) == "1 0"
    off.click()
    expect(device.status).to_have_text(said("off", language))
    assert not off.is_visible()
    assert subscribed(night, device.name) == "0 0"
    assert page.evaluate("caches.has('vigie-push')") is False
    assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("is_given", [True, False], ids=["given", "to be asked for"])
@pytest.mark.parametrize("is_told", [True, False], ids=["instead of one", "nobody says of which"])
def test_what_was_chosen_moves_to_the_browser_s_new_address(
    night: Night, service: PushService, is_given: bool, is_told: bool
) -> None:
    name = f"{is_given}-{is_told}"
    device = Device(night, service, f"before-{name}")
    device.subscribe("fr", "21001", "21004")
    device.change(f"after-{name}", is_told=is_told, is_given=is_given)
    assert subscribed(night, device.name) == "0 0"
    assert subscribed(night, f"after-{name}") == "1 2"


def test_a_new_address_that_nobody_could_be_told_is_told_with_the_next_page(
    night: Night, service: PushService
) -> None:
    device = Device(night, service, "before-down")
    device.subscribe("fr", "21001", "21004")
    device.change("after-down", is_down=True)
    assert (subscribed(night, device.name), subscribed(night, "after-down")) == ("1 2", "0 0")
    device.page.goto("/fr/")
    device.until(lambda: subscribed(night, "after-down") == "1 2", "not told")
    assert subscribed(night, device.name) == "0 0"


def test_what_the_site_has_given_up_as_dead_is_told_what_was_chosen(
    night: Night, service: PushService
) -> None:
    device = Device(night, service, "before-dead")
    device.subscribe("fr", "21001", "21004")
    code = "from alerts.delivery.models import PushSubscription as P; P.objects.filter(endpoint__endswith=%r).delete()"
    night.site.manage("shell", "--no-imports", "-c", code % "/before-dead")
    device.change("after-dead")
    assert subscribed(night, "after-dead") == "1 2"


def test_what_is_known_by_an_old_address_is_turned_off_too(night: Night, service: PushService) -> None:
    device = Device(night, service, "before-lost")
    page = device.subscribe("fr", "21001")
    device.change("after-lost", is_down=True)
    page.evaluate("localStorage.removeItem('test.subscription')")
    page = device.open("fr")
    assert page.locator("[name=nis][value='21001']").is_checked()
    page.locator("#push form button[type=button]").click()
    expect(device.status).to_have_text(said("off", "fr"))
    assert (subscribed(night, device.name), subscribed(night, "after-lost")) == ("0 0", "0 0")


def test_who_takes_the_permission_away_has_turned_notifications_off(
    night: Night, service: PushService
) -> None:
    device = Device(night, service, "before-refused")
    page = device.subscribe("fr", "21001")
    device.worker().evaluate(
        "() => void Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
    )
    device.change("after-refused")
    assert subscribed(night, "after-refused") == "0 0"
    assert page.evaluate("caches.has('vigie-push')") is False


def test_another_version_of_the_worker_forgets_old_copies_and_nothing_else(
    night: Night, service: PushService
) -> None:
    device = Device(night, service, "version")
    page = device.subscribe("fr", "21001")
    device.deliver(message("one"))
    page.evaluate("caches.open('vigie-0123456789ab')")
    device.worker().evaluate(ACTIVATE)
    kept = page.evaluate("caches.keys()")
    assert {"vigie-push", "vigie-shown"} < set(kept)
    assert "vigie-0123456789ab" not in kept
    assert len(kept) == 3


def test_who_turned_notifications_off_is_not_told_of_again(night: Night, service: PushService) -> None:
    device = Device(night, service, "before-off")
    page = device.subscribe("fr", "21001")
    page.locator("#push form button[type=button]").click()
    expect(device.status).to_have_text(said("off", "fr"))
    device.change("after-off")
    assert (subscribed(night, device.name), subscribed(night, "after-off")) == ("0 0", "0 0")


def subscribed(night: Night, name: str) -> str:
    """How many subscriptions the site has of the device, and how many municipalities they have."""
    query = (
        "SELECT count(DISTINCT subscription.id), count(chosen.id) FROM alerts_pushsubscription subscription "
        "LEFT JOIN alerts_pushsubscription_municipalities chosen ON chosen.pushsubscription_id = subscription.id "
        f"WHERE subscription.endpoint LIKE '%/{name}'"
    )
    return "{} {}".format(*night.site.row(query))


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_goes_wrong_is_said_in_the_language_of_the_page(
    night: Night, service: PushService, language: str
) -> None:
    device = Device(night, service, f"wrong-{language}")
    page = device.open(language)
    page.locator("[name=where][value=some]").check()
    device.turn_on()
    expect(device.status).to_have_text(said("none", language))
    expect(device.status).to_be_in_viewport()
    page.locator("[name=where][value='']").check()
    page.route("**/alerts/push/subscriptions/", lambda route: route.fulfill(status=503))
    device.turn_on()
    expect(device.status).to_have_text(said("failed", language))
    page.unroute("**/alerts/push/subscriptions/")
    assert device.open(language).evaluate("localStorage.length") == 0
    assert device.status.text_content() == "", "what the site does not know of is not on"
    device.turn_on()
    expect(device.status).to_have_text(said("on", language))

    refusing = Device(night, service, f"refusing-{language}", permissions=[])
    page = refusing.open(language)
    refusing.turn_on()
    expect(refusing.status).to_have_text(said("refused", language))
    assert axe(page) == []
    assert page.evaluate(
        "navigator.serviceWorker.getRegistration().then(found => found.active.scriptURL)"
    ).endswith("/sw.js"), "who does not want them keeps the smaller worker"


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("lacking", ["PushManager", "scripts"])
def test_where_the_browser_cannot_what_works_without_is_shown(
    night: Night, language: str, lacking: str
) -> None:
    page = night.page(java_script_enabled=lacking != "scripts", service_workers="allow")
    page.add_init_script(f"delete window.{lacking}")
    page.goto(PAGES[language])
    expect(page.locator("[data-unsupported]")).to_be_visible()
    assert not page.locator("#push form").is_visible()
    assert page.locator(f"a[href='/alerts/feed.{language}.atom']").first.is_visible()
