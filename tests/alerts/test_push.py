"""Notifications: what a browser gets, what a push service answers, and who may subscribe."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from alerts.cap import in_brussels
from alerts.delivery import checks, outbox, push
from alerts.delivery.models import AlertDelivery, PushSubscription, Recipient
from alerts.lifecycle import Kind
from alerts.models import AlertIndexPage
from territory.models import Municipality
from tests.alerts import outputs, released
from tests.alerts.push_service import Device, PushService, base64url
from tests.factories.alerts import AlertFactory, alert_index, end, send
from tests.factories.pages import draft_of
from tests.factories.rendering import redirected

pytestmark = pytest.mark.django_db
SITE = "http://testserver"
UNTIL = {"fr": "Jusqu’au", "nl": "Tot"}


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    """A push service, allowed; a key; a site at testserver."""
    with PushService() as service:
        settings.VIGIE_PUSH_SERVICES = [service.url]
        settings.VIGIE_VAPID_PRIVATE_KEY = push.new_private_key()
        settings.VIGIE_BASE_URL = SITE
        cache.clear()
        yield service


def ask(client: Any, body: Any, method: str = "post", **headers: str) -> Any:
    data = body if isinstance(body, str | bytes) else json.dumps(body)
    return getattr(client, method)(
        reverse("alerts_push_subscriptions"),
        data=data,
        content_type=headers.pop("content_type", "application/json"),
        headers={"Origin": SITE, **headers},
    )


def subscribe(service: PushService, name: str, language: str = "fr", *nis: str) -> PushSubscription:
    made = PushSubscription.objects.create(
        **push.check_subscription(service.device(name).subscription(service.url)), language=language
    )
    made.municipalities.set(Municipality.objects.filter(nis__in=nis))
    return made


def go_live() -> None:
    released.go_live()
    outbox.deliver()


def delivery() -> AlertDelivery:
    return AlertDelivery.objects.filter(channel="push").latest("pk")


# What arrives


def test_each_gets_one_notification_in_their_language_signed_and_encrypted(service, settings):
    subscribe(service, "fr", "fr")
    subscribe(service, "nl", "nl")
    alert = AlertFactory(expires=timezone.now() + timedelta(hours=2))
    message = send(alert)
    go_live()
    outbox.deliver()
    assert sorted(one.name for one in service.received) == ["fr", "nl"]
    for one in service.received:
        assert one.message["id"] == one.message["tag"] == message.identifier
        assert one.message["title"] == getattr(alert, f"title_{one.name}")
        assert one.message["lang"] == one.name
        assert one.message["url"] == SITE + outputs.rendering(alert, one.name).urls()[one.name]
        assert getattr(alert, f"area_{one.name}") in one.message["body"]
        end = in_brussels(alert.expires).strftime("%d/%m/%Y %H:%M")
        assert f"{UNTIL[one.name]} {end}" in one.message["body"]
        assert one.key == push.public_key()
        assert one.claims["aud"] == service.url
        assert one.claims["sub"] == settings.VIGIE_VAPID_CONTACT
        assert time.time() < one.claims["exp"] < time.time() + 24 * 3600
        assert 7100 <= int(one.headers["ttl"]) <= 7200
        assert one.headers["urgency"] == "high"
        assert one.headers["content-encoding"] == "aes128gcm"
    assert delivery().state == AlertDelivery.State.DONE


def test_an_update_has_the_tag_and_the_topic_of_its_chain(service):
    subscribe(service, "fr")
    alert = AlertFactory(expires=timezone.now() + timedelta(hours=2))
    first = send(alert)
    go_live()
    last = end(alert, Kind.ALL_CLEAR, now=timezone.now())
    go_live()
    one, other = service.received
    assert (one.message["id"], other.message["id"]) == (first.identifier, last.identifier)
    assert one.message["tag"] == other.message["tag"]
    assert one.headers["topic"] == other.headers["topic"]
    assert len(one.headers["topic"]) <= 32


def test_the_longest_texts_fit_a_notification(service):
    subscribe(service, "fr")
    send(AlertFactory(
        title_fr="é" * 140, instruction_fr="é" * 1200, area_fr="é" * 49, expires=timezone.now() + timedelta(hours=2)
    ))  # fmt: skip
    go_live()
    assert len(json.dumps(service.received[0].message)) <= 3993
    assert len(service.received[0].message["body"]) <= push.BODY


def test_the_settings_of_a_notification_lead_to_the_page_that_exists(service):
    subscribe(service, "fr")
    subscribe(service, "nl", "nl")
    send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    pages = {SITE + document.url for document in notification_pages()}
    assert {one.message["settings"] for one in service.received} == pages


# What a push service answers


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_subscription_is_removed(service, status):
    subscribe(service, "dead")
    subscribe(service, "alive")
    service.answers["dead"] = (status, {})
    send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    assert [row.endpoint.rpartition("/")[2] for row in PushSubscription.objects.all()] == ["alive"]
    assert (delivery().state, delivery().sent) == (AlertDelivery.State.DONE, 1)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_service_is_asked_again_and_the_notification_arrives_once(service, status):
    subscribe(service, "fr")
    service.answers["fr"] = (status, {})
    send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    assert delivery().state == AlertDelivery.State.FAILED
    assert str(status) in delivery().error
    service.answers.clear()
    outbox.retry(delivery())
    outbox.deliver()
    outbox.deliver()
    assert len(service.received) == 1
    assert delivery().state == AlertDelivery.State.DONE


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_service_says_when_to_come_back(service, form):
    subscribe(service, "fr")
    later = "600" if form == "seconds" else http_date(time.time() + 600)
    service.answers["fr"] = (429, {"Retry-After": later})
    send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    assert 590 < (Recipient.objects.get().due_at - timezone.now()).total_seconds() <= 600


@pytest.mark.parametrize("status", [400, 401, 403, 413])
def test_what_a_service_refuses_is_told_and_not_repeated(service, status):
    subscribe(service, "fr")
    service.answers["fr"] = (status, {})
    send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    outbox.deliver()
    assert service.asked == ["fr"]
    assert delivery().state == AlertDelivery.State.INCOMPLETE
    assert str(status) in delivery().error


def test_a_redirect_is_not_followed(service):
    subscribe(service, "fr")
    with PushService() as inside:
        service.answers["fr"] = (307, {"Location": f"{inside.url}/secret"})
        send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
        go_live()
        assert inside.asked == []
    assert delivery().state == AlertDelivery.State.INCOMPLETE


def test_a_service_that_is_down_is_tried_again(service, settings):
    subscription = subscribe(service, "fr")
    with PushService() as gone:
        down = gone.url
    settings.VIGIE_PUSH_SERVICES = [service.url, down]
    PushSubscription.objects.filter(pk=subscription.pk).update(endpoint=f"{down}/send/fr")
    send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    assert delivery().state == AlertDelivery.State.FAILED
    assert Recipient.objects.get().due_at > timezone.now()


def test_a_service_that_is_no_longer_allowed_is_not_called(service, settings):
    subscribe(service, "fr")
    settings.VIGIE_PUSH_SERVICES = ["https://push.example"]
    send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    assert service.asked == []
    assert "VIGIE_PUSH_SERVICES" in delivery().error


def test_without_a_key_nothing_is_pushed(service, settings):
    settings.VIGIE_VAPID_PRIVATE_KEY = ""
    send(AlertFactory())
    assert not AlertDelivery.objects.filter(channel="push").exists()


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_an_exercise_is_not_pushed(service, status):
    subscribe(service, "fr")
    send(AlertFactory(status=status, expires=timezone.now() + timedelta(hours=2)))
    go_live()
    assert service.asked == []


# Where a push may go


@pytest.mark.parametrize(
    ("endpoint", "is_allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://wns2-am3p.notify.windows.com/w/?token=x", True),
        ("http://fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com:8443/x", False),
        ("https://fcm.googleapis.com.evil.example/x", False),
        ("https://evilfcm.googleapis.com/x", False),
        ("https://push.services.mozilla.com.evil.example/", False),
        ("https://evil.example/.push.services.mozilla.com", False),
        ("https://evil.example#.push.apple.com", False),
        ("https://evil.example\\.push.apple.com/", None),
        ("https://evil.example\t.push.apple.com/", None),
        ("https://evil.example/\\.push.apple.com/", None),
        ("https://127.0.0.1/", False),
        ("https://[::1]/", None),
        ("https://169.254.169.254/latest/meta-data/", False),
        ("https://localhost/", False),
        ("file:///etc/passwd", None),
        ("https://user:secret@fcm.googleapis.com/", None),
        ("https://fcm.googleapis.com:port/", None),
        ("", None),
    ],
)
def test_only_known_push_services_are_called(endpoint, is_allowed):
    if is_allowed is None:
        with pytest.raises(push.InvalidSubscription):
            push.is_push_service(endpoint)
    else:
        assert push.is_push_service(endpoint) is is_allowed


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"endpoint": "https://127.0.0.1/"}, "no push service"),
        ({"endpoint": None}, "no address"),
        ({"endpoint": "x" * 2000}, "longer than"),
        ({"keys": {}}, "p256dh and auth"),
        ({"keys": {"p256dh": "%%%", "auth": "a"}}, "p256dh and auth"),
        ({"keys": {"p256dh": base64url(b"\4" + b"\0" * 64), "auth": base64url(b"0" * 16)}}, "P-256"),
        ({"keys": {"auth": base64url(b"0" * 15)}}, "p256dh and auth"),
    ],
)
def test_what_is_no_subscription_is_refused_with_the_reason(service, client, change, reason):
    subscription = service.device("fr").subscription(service.url) | change
    response = ask(client, {"subscription": subscription, "language": "fr", "municipalities": []})
    assert response.status_code == 400
    assert reason in response.json()["error"]
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("length", [15, 17])
def test_a_secret_of_another_length_is_refused(service, length):
    subscription = Device("fr", auth=b"0" * length).subscription(service.url)
    with pytest.raises(push.InvalidSubscription, match="16"):
        push.check_subscription(subscription)


# Who may subscribe


def test_a_browser_subscribes_changes_its_mind_and_leaves(service, client):
    subscription = service.device("fr").subscription(service.url)
    body = {"subscription": subscription, "language": "fr", "municipalities": ["21001", "21010"]}
    response = ask(client, body)
    assert response.status_code == 201
    assert not response.cookies
    stored = PushSubscription.objects.get()
    assert (stored.language, stored.municipalities.count()) == ("fr", 2)
    assert ask(client, body | {"language": "nl", "municipalities": []}).status_code == 200
    stored.refresh_from_db()
    assert (stored.language, stored.municipalities.count()) == ("nl", 0)
    for _ in range(2):
        assert ask(client, {"endpoint": subscription["endpoint"]}, "delete").status_code == 204
    assert not PushSubscription.objects.exists()


def test_a_new_address_takes_over_what_was_chosen(service, client):
    old = subscribe(service, "old", "nl", "21001")
    new = service.device("new").subscription(service.url)
    assert ask(client, {"subscription": new, "replaces": old.endpoint}).status_code == 201
    stored = PushSubscription.objects.get()
    assert (stored.endpoint, stored.language) == (new["endpoint"], "nl")
    assert [town.nis for town in stored.municipalities.all()] == ["21001"]
    assert ask(client, {"subscription": new, "replaces": f"{service.url}/other"}).status_code == 404


def test_of_an_old_address_that_is_known_its_own_choice_counts_otherwise_the_one_that_comes_along(
    service, client
):
    choice = {"language": "fr", "municipalities": ["21004"]}
    old = subscribe(service, "old", "nl", "21001")
    new = service.device("new").subscription(service.url)
    for language, town in (("nl", "21001"), ("fr", "21004")):
        assert ask(client, {"subscription": new, "replaces": old.endpoint, **choice}).status_code in {
            200,
            201,
        }
        stored = PushSubscription.objects.get()
        assert (stored.endpoint, stored.language) == (new["endpoint"], language)
        assert [municipality.nis for municipality in stored.municipalities.all()] == [town]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("[" * 5000, 400),
        (b"\xff\xfe", 400),
        ({"language": "en"}, 400),
        ({"municipalities": "21001"}, 400),
        ({"municipalities": [21001]}, 400),
        ({"municipalities": ["99999"]}, 400),
        ({"municipalities": ["2"] * 4000}, 413),
        ({"municipalities": [str(number) for number in range(900)]}, 400),
    ],
)
def test_a_bad_request_is_told_so(service, client, body, status):
    if isinstance(body, dict):
        subscription = service.device("fr").subscription(service.url)
        body = {"subscription": subscription, "language": "fr", "municipalities": []} | body
    response = ask(client, body)
    assert response.status_code == status
    assert response.json()["error"]
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example", ""])
@pytest.mark.parametrize("method", ["post", "delete"])
def test_another_site_may_neither_subscribe_nor_unsubscribe_anybody(service, client, origin, method):
    known = subscribe(service, "fr")
    other = service.device("nl").subscription(service.url)
    body = {"endpoint": known.endpoint, "subscription": other, "language": "fr", "municipalities": []}
    assert ask(client, body, method, Origin=origin).status_code == 403
    assert list(PushSubscription.objects.all()) == [known]


def test_a_form_of_another_kind_is_refused(service, client):
    assert ask(client, "a=b", content_type="application/x-www-form-urlencoded").status_code == 415
    assert client.get(reverse("alerts_push_subscriptions")).status_code == 405


def test_an_address_that_asks_too_often_has_to_wait_and_another_has_not(service, client):
    for _ in range(20):
        assert ask(client, {"endpoint": "x"}, "delete").status_code == 204
    assert ask(client, {"endpoint": "x"}, "delete").status_code == 429
    # As the proxy on this machine tells, and nobody further away.
    forged = {"X-Forwarded-For": "192.0.2.1, 127.0.0.1"}
    assert ask(client, {"endpoint": "x"}, "delete", **forged).status_code == 429
    assert ask(client, {"endpoint": "x"}, "delete", **{"X-Forwarded-For": "192.0.2.1"}).status_code == 204


def test_without_a_key_nobody_can_subscribe_but_leave(service, client, settings):
    settings.VIGIE_VAPID_PRIVATE_KEY = ""
    subscription = service.device("fr").subscription(service.url)
    body = {"subscription": subscription, "language": "fr", "municipalities": []}
    assert ask(client, body).status_code == 503
    assert ask(client, {"endpoint": subscription["endpoint"]}, "delete").status_code == 204


# Keys


def test_the_command_makes_a_pair_that_works(capsys, settings):
    call_command("vapid_keys")
    name, _equals, private_key = capsys.readouterr().out.strip().partition("=")
    assert name == "VIGIE_VAPID_PRIVATE_KEY"
    settings.VIGIE_VAPID_PRIVATE_KEY = private_key
    assert len(push.public_key()) == 87
    assert checks.notifications(None) == []


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("VIGIE_VAPID_PRIVATE_KEY", "not a key", "alerts.E101"),
        ("VIGIE_VAPID_PRIVATE_KEY", "AAAA", "alerts.E101"),
        ("VIGIE_VAPID_CONTACT", "web@vigie.example", "alerts.E102"),
        ("VIGIE_PUSH_SERVICES", ["http://push.example"], "alerts.E103"),
        ("VIGIE_PUSH_SERVICES", ["https://*"], "alerts.E103"),
        ("VIGIE_PUSH_SERVICES", ["https://push.example/"], "alerts.E103"),
    ],
)
def test_a_setting_that_cannot_work_is_told_at_the_start(settings, name, value, code):
    setattr(settings, name, value)
    assert [error.id for error in checks.notifications(None)] == [code]


# The page


def notification_pages() -> list[Any]:
    from alerts.delivery import pages
    from generator.registry import BuildContext

    return list(pages.documents(BuildContext(timezone.now(), SITE)))


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_there_is_a_page_in_each_language_linked_from_the_list_of_alerts(service, language):
    index = alert_index()
    made = {document.language: document for document in notification_pages()}
    html = made[language].render()
    assert f'data-key="{push.public_key()}"' in html
    assert html.count('name="nis"') == 19
    assert f'href="{made[language].url}"' in outputs.html(index, language)


def test_the_old_address_of_the_page_redirects(service, settings, monkeypatch):
    """On a site from before the index had an address that stays."""
    with monkeypatch.context() as patch:
        patch.setattr(AlertIndexPage, "fixed_slugs", {})
        draft_of(alert_index(), slug_fr="avis", slug_nl="berichten").publish()
    old = {document.language: document.url for document in notification_pages()}
    assert old == {"fr": "/fr/avis/notifications/", "nl": "/nl/berichten/meldingen/"}
    draft_of(alert_index()).publish()
    new = {document.language: document.url for document in notification_pages()}
    found = redirected()
    assert {language: found.get(url) for language, url in old.items()} == new
    settings.VIGIE_VAPID_PRIVATE_KEY = ""
    assert not set(old.values()) & set(redirected())


def test_there_is_no_page_without_a_key(service, settings):
    index = alert_index()
    settings.VIGIE_VAPID_PRIVATE_KEY = ""
    assert notification_pages() == []
    assert "notifications/" not in outputs.html(index, "fr")
