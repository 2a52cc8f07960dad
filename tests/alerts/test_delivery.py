"""The outbox: what is written with a message, when it leaves, what is tried again, and what no one gets twice."""

import contextlib
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from alerts.delivery import outbox
from alerts.delivery.channels import Gone, Refused, Unavailable, concerned
from alerts.delivery.models import AlertDelivery, Partner, Recipient
from alerts.lifecycle import Kind
from alerts.models import AlertMessage
from generator import conf
from generator.documents import path_for
from generator.models import BuildRequest
from generator.targets import PUBLIC, ReleaseTarget
from generator.worker import Worker
from territory.models import Municipality
from tests.alerts.released import go_live, make_live
from tests.factories.alerts import AlertFactory, end, send
from tests.factories.site import StandardPageFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
State = AlertDelivery.State


class Loft:
    """Carrier pigeons to partners: `refusals` says what happens to one of them, by name, instead of arriving."""

    subscriber, at_once = "partner", 4

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str]] = []
        self.tried: list[str] = []
        self.refusals: dict[str, Exception] = {}
        self.forgotten: list[Any] = []

    def is_ready(self) -> bool:
        return True

    def takes(self, message: AlertMessage) -> bool:
        return message.content["status"] == "Actual"

    def audience(self, message: AlertMessage) -> Any:
        return concerned(Partner.objects.all(), message)

    def host(self, subscriber: Partner) -> str:
        return subscriber.email.partition("@")[2]

    def at_host(self, host: str) -> Q:
        return Q(partner__email__endswith=f"@{host}")

    def forget(self, subscriber: Partner | None) -> None:
        self.forgotten.append(subscriber)

    @contextlib.contextmanager
    def sender(self, message: AlertMessage) -> Iterator[Any]:
        def fly(partner: Partner) -> None:
            self.tried.append(partner.name)
            if refusal := self.refusals.get(partner.name):
                raise refusal
            self.arrived.append((partner.name, message.identifier))

        yield fly


@pytest.fixture
def loft(monkeypatch: pytest.MonkeyPatch) -> Loft:
    loft = Loft()
    monkeypatch.setattr(outbox, "CHANNELS", {"push": loft})
    # What a call leaves for the next one for want of time is tested with mails.
    monkeypatch.setattr(outbox, "BUDGET_SECONDS", 60.0)
    return loft


def partner(name: str, host: str = "a.example", *nis: str) -> Partner:
    made = Partner.objects.create(name=name, email=f"{name}@{host}")
    made.municipalities.set(Municipality.objects.filter(nis__in=nis))
    return made


def live_file(url: str) -> bytes:
    target = ReleaseTarget(conf.releases_root())
    return (target.root / str(target.current()) / PUBLIC / path_for(url)).read_bytes()


def delivery(channel: str = "push") -> AlertDelivery:
    return AlertDelivery.objects.filter(channel=channel).latest("pk")


def test_a_message_and_its_deliveries_are_written_together_or_not_at_all(loft):
    alert = AlertFactory()
    with transaction.atomic():
        send(alert)
        assert AlertDelivery.objects.count() == 2
        transaction.set_rollback(True)
    assert not AlertDelivery.objects.exists()
    message = send(alert)
    assert {row.key for row in AlertDelivery.objects.all()} == {
        f"{message.identifier}:site",
        f"{message.identifier}:push",
    }


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_exercises_and_tests_are_only_on_the_site(loft, status):
    partner("anna")
    send(AlertFactory(status=status))
    go_live()
    outbox.deliver()
    assert [row.channel for row in AlertDelivery.objects.all()] == ["site"]
    assert loft.arrived == []


def test_nothing_leaves_before_the_page_is_live_and_each_gets_it_once_then(loft):
    people = {partner("anna").name, partner("bert").name}
    message = send(AlertFactory())
    outbox.deliver()
    assert loft.tried == []
    assert {row.state for row in AlertDelivery.objects.all()} == {State.WAITING}
    go_live()
    for _ in range(3):
        outbox.deliver()
    assert sorted(loft.arrived) == sorted((name, message.identifier) for name in people)
    assert {row.state for row in AlertDelivery.objects.all()} == {State.DONE}
    assert (delivery().wanted, delivery().sent, delivery().failed) == (2, 2, 0)


def test_a_failed_build_is_the_site_s_error_and_nothing_leaves(loft):
    partner("anna")
    send(AlertFactory())
    BuildRequest.objects.update(state=BuildRequest.State.FAILED, error="/fr/ cannot be rendered", attempts=3)
    outbox.deliver()
    site = delivery("site")
    assert (site.state, site.error, site.attempts) == (State.FAILED, "/fr/ cannot be rendered", 3)
    assert loft.tried == []


def paths(message: AlertMessage) -> dict[str, str]:
    return {language: urlsplit(url).path for language, url in message.content["web"].items()}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_nothing_leaves_while_the_alert_s_own_page_is_as_it_was(loft, language):
    """A build may leave a page that cannot be rendered as it was, with the band of now, and try it again by itself."""
    partner("anna")
    alert = AlertFactory()
    first = send(alert)
    go_live()
    before = {url: live_file(url) for url in paths(first).values()}
    outbox.deliver()
    loft.arrived.clear()
    second = send(alert, what_fr="Tout autre chose.", what_nl="Iets heel anders.")
    go_live()
    kept = paths(second)[language]
    now = {url: live_file(url) for url in [*paths(second).values(), "/alerts/active.json"]}
    make_live(now | {kept: before[kept] + f'<aside data-here="{second.identifier}">'.encode()})
    error = f"{kept} (Alert), published by pages: ZeroDivisionError: division by zero"
    BuildRequest.objects.update(state=BuildRequest.State.DONE)
    BuildRequest.objects.create(reason="pages", state=BuildRequest.State.FAILED, error=f"/fr/ oh\n{error}")
    outbox.deliver()
    assert loft.arrived == []
    assert (delivery("site").state, delivery("site").error) == (State.WAITING, error)
    make_live(now)
    outbox.deliver()
    assert loft.arrived == [("anna", second.identifier)]
    assert (delivery("site").state, delivery("site").error) == (State.DONE, "")


def test_nothing_leaves_before_active_json_lists_it(loft):
    partner("anna")
    message = send(AlertFactory())
    go_live()
    pages = {url: live_file(url) for url in paths(message).values()}
    full = live_file("/alerts/active.json")
    make_live(pages | {"/alerts/active.json": b'{"alerts": []}'})
    outbox.deliver()
    assert loft.arrived == []
    make_live(pages | {"/alerts/active.json": full})
    outbox.deliver()
    assert loft.arrived == [("anna", message.identifier)]


def test_an_all_clear_leaves_once_active_json_has_let_go_of_the_alert(loft, clock):
    partner("anna")
    alert = AlertFactory()
    send(alert)
    go_live()
    outbox.deliver()
    loft.arrived.clear()
    stale = live_file("/alerts/active.json")
    message = end(alert, Kind.ALL_CLEAR, now=clock(minutes=1))
    go_live()
    pages = {url: live_file(url) for url in paths(message).values()}
    make_live(pages | {"/alerts/active.json": stale})
    outbox.deliver()
    assert loft.arrived == []
    go_live()
    outbox.deliver()
    assert loft.arrived == [("anna", message.identifier)]


def test_what_is_left_of_the_build_holds_nothing_back(loft):
    """The release of what is urgent is live long before the build is done."""
    partner("anna")
    message = send(AlertFactory())
    go_live()
    assert set(BuildRequest.objects.values_list("state", flat=True)) == {BuildRequest.State.PENDING}
    outbox.deliver()
    assert loft.arrived == [("anna", message.identifier)]
    assert delivery("site").state == State.DONE


def test_the_worker_delivers_between_the_two_releases_of_an_alert(loft, monkeypatch, figures):
    """By the whole site's own publishers."""
    target = ReleaseTarget(conf.releases_root())
    worker = Worker(target)
    anna, alert, other = partner("anna"), AlertFactory(), StandardPageFactory().get_url_parts()[2]
    assert worker.work_once()
    shown = []
    audience = loft.audience

    def look(message: AlertMessage) -> Any:
        mark = message.identifier.encode()
        shown.append([mark in live_file(url) for url in ("/fr/", "/alerts/active.json", other)])
        return audience(message)

    monkeypatch.setattr(loft, "audience", look)
    message = send(alert)
    before, releases = time.monotonic(), len(target.releases())
    assert worker.work_once()
    figures(f"commit to delivered and built: {time.monotonic() - before:.2f} s")
    assert loft.arrived == [(anna.name, message.identifier)]
    assert len(target.releases()) == releases + 2
    assert shown == [[True, True, False]]
    assert message.identifier.encode() in live_file(other)


def test_a_release_that_was_rolled_back_is_not_live(loft):
    partner("anna")
    make_live({"/alerts/active.json": b'{"alerts": []}'})
    target = ReleaseTarget(conf.releases_root())
    before = target.current()
    message = send(AlertFactory())
    after = go_live()
    target.activate(before)
    outbox.deliver()
    assert loft.arrived == []
    target.activate(after)
    outbox.deliver()
    assert loft.arrived == [("anna", message.identifier)]


def test_a_page_that_was_moved_meanwhile_is_found_at_its_new_address(loft):
    partner("anna")
    alert = AlertFactory()
    message = send(alert)
    go_live()
    now = {language: live_file(url) for language, url in paths(message).items()}
    moved = {f"/{language}/elsewhere/": body for language, body in now.items()}
    redirects = {url.rstrip("/"): f"/{language}/elsewhere/" for language, url in paths(message).items()}
    make_live(moved | {"/alerts/active.json": live_file("/alerts/active.json")}, redirects)
    outbox.deliver()
    assert loft.arrived == [("anna", message.identifier)]


def test_a_page_that_never_was_on_the_site_is_let_go_when_its_time_is_over(loft, clock):
    partner("anna")
    send(AlertFactory())
    make_live({"/alerts/active.json": b'{"alerts": []}'})
    outbox.deliver()
    assert {row.state for row in AlertDelivery.objects.all()} == {State.WAITING}
    clock(hours=3)
    outbox.deliver()
    assert {row.state for row in AlertDelivery.objects.all()} == {State.DROPPED}
    assert loft.arrived == []


def test_only_those_whom_the_area_concerns_are_reached_and_an_update_follows_who_was_told(loft, clock):
    partner("everywhere")
    partner("anderlecht", "a.example", "21001")
    partner("jette", "a.example", "21010")
    alert = AlertFactory()
    send(alert, municipalities=list(Municipality.objects.filter(nis="21001")))
    go_live()
    outbox.deliver()
    assert {name for name, _ in loft.arrived} == {"everywhere", "anderlecht"}
    loft.arrived.clear()
    clock(minutes=5)
    send(alert, municipalities=list(Municipality.objects.filter(nis="21010")))
    go_live()
    outbox.deliver()
    assert {name for name, _ in loft.arrived} == {"everywhere", "anderlecht", "jette"}


def test_an_alert_without_municipalities_concerns_everybody(loft):
    partner("jette", "a.example", "21010")
    send(AlertFactory())
    go_live()
    outbox.deliver()
    assert [name for name, _ in loft.arrived] == ["jette"]


def test_what_may_work_later_is_tried_again_later_each_time_and_the_rest_goes_on(loft, clock):
    partner("anna"), partner("bert", "b.example")
    send(AlertFactory())
    go_live()
    loft.refusals["anna"] = Unavailable("503 Service Unavailable")
    waits = []
    for attempt in range(1, 6):
        outbox.deliver()
        row = Recipient.objects.get(partner__name="anna")
        assert row.attempts == attempt
        waits.append((row.due_at - timezone.now()).total_seconds())
        assert (delivery().state, delivery().error) == (State.FAILED, "503 Service Unavailable")
        tried = len(loft.tried)
        outbox.deliver()
        assert len(loft.tried) == tried
        clock(seconds=waits[-1] + 1)
    for attempt, wait in enumerate(waits):
        assert 0.75 * 2 * 2**attempt <= wait <= 1.25 * 2 * 2**attempt
    assert [name for name, _ in loft.arrived] == ["bert"]
    loft.refusals.clear()
    outbox.deliver()
    assert sorted(name for name, _ in loft.arrived) == ["anna", "bert"]
    assert (delivery().state, delivery().error, delivery().attempts) == (State.DONE, "", 5)


def test_a_server_that_does_not_answer_is_left_alone_for_all_who_are_there(loft, clock):
    for number in range(outbox.BATCH * 2):
        partner(f"anna{number}")
        loft.refusals[f"anna{number}"] = Unavailable("timed out", host="a.example")
    partner("bert", "b.example")
    send(AlertFactory())
    go_live()
    outbox.deliver()
    assert len([name for name in loft.tried if name.startswith("anna")]) <= Loft.at_once
    assert [name for name, _ in loft.arrived] == ["bert"]
    waiting = Recipient.objects.filter(state=Recipient.State.WAITING)
    assert waiting.count() == outbox.BATCH * 2
    assert not waiting.filter(due_at__lte=timezone.now()).exists()
    loft.refusals.clear()
    clock(seconds=3)
    outbox.deliver()
    assert len(loft.arrived) == outbox.BATCH * 2 + 1


def test_how_long_the_other_side_asks_to_wait_is_heeded_up_to_an_hour(loft):
    partner("anna"), partner("bert")
    loft.refusals = {
        "anna": Unavailable("429", wait=timedelta(minutes=10)),
        "bert": Unavailable("429", wait=timedelta(days=9)),
    }
    send(AlertFactory())
    go_live()
    outbox.deliver()
    waits = {row.partner.name: row.due_at - timezone.now() for row in Recipient.objects.all()}
    assert timedelta(minutes=9) < waits["anna"] <= timedelta(minutes=10)
    assert timedelta(minutes=59) < waits["bert"] <= timedelta(hours=1)


def test_what_is_refused_is_not_tried_again_but_told_and_by_hand_it_is(loft):
    partner("anna"), partner("bert")
    loft.refusals["anna"] = Refused("400 Bad Request")
    send(AlertFactory())
    go_live()
    for _ in range(2):
        outbox.deliver()
    assert loft.tried.count("anna") == 1
    row = delivery()
    assert (row.state, row.sent, row.failed, row.error) == (State.INCOMPLETE, 1, 1, "400 Bad Request")
    loft.refusals.clear()
    outbox.retry(row)
    outbox.deliver()
    assert sorted(name for name, _ in loft.arrived) == ["anna", "bert"]
    assert (delivery().state, delivery().failed) == (State.DONE, 0)


def test_a_fault_of_ours_stops_neither_the_others_nor_the_other_deliveries(loft, monkeypatch):
    partner("anna"), partner("bert")
    loft.refusals["anna"] = ZeroDivisionError("oh")
    send(AlertFactory())
    go_live()
    outbox.deliver()
    assert [name for name, _ in loft.arrived] == ["bert"]
    assert (delivery().state, delivery().error) == (State.INCOMPLETE, "ZeroDivisionError: oh")
    monkeypatch.setattr(loft, "audience", lambda message: 1 / 0)
    send(AlertFactory())
    go_live()
    outbox.deliver()
    assert (delivery("site").state, delivery().error) == (State.DONE, "ZeroDivisionError: division by zero")
    assert delivery().due_at > timezone.now()


def test_who_is_gone_is_forgotten_and_no_failure(loft):
    anna = partner("anna")
    loft.refusals["anna"] = Gone()
    send(AlertFactory())
    go_live()
    outbox.deliver()
    assert loft.forgotten == [anna]
    assert (delivery().state, delivery().sent, delivery().failed) == (State.DONE, 0, 0)


def test_who_leaves_between_the_publication_and_the_sending_gets_nothing(loft):
    partner("anna")
    loft.refusals["anna"] = Unavailable("later")
    send(AlertFactory())
    go_live()
    outbox.deliver()
    Partner.objects.all().delete()
    outbox.retry(delivery())
    outbox.deliver()
    assert loft.arrived == []
    assert delivery().state == State.DONE


def test_what_is_replaced_or_over_before_it_left_does_not_leave(loft, clock):
    partner("anna")
    loft.refusals["anna"] = Unavailable("later")
    alert = AlertFactory()
    first = send(alert)
    go_live()
    outbox.deliver()
    last = end(alert, Kind.CANCEL, now=clock(minutes=1))
    go_live()
    loft.refusals.clear()
    outbox.deliver()
    assert loft.arrived == [("anna", last.identifier)]
    assert first.deliveries.get(channel="push").state == State.DROPPED
    second = send(AlertFactory())
    clock(hours=3)
    go_live()
    outbox.deliver()
    assert second.deliveries.get(channel="push").state == State.DROPPED
    assert len(loft.arrived) == 1


def test_what_a_dead_worker_had_claimed_is_taken_back_after_a_minute(loft, clock):
    partner("anna")
    send(AlertFactory())
    go_live()
    row = delivery()
    assert outbox._address(row, loft)
    assert len(outbox._claim(row)) == 1
    clock(seconds=59)
    outbox.deliver()
    assert loft.arrived == []
    clock(seconds=2)
    outbox.deliver()
    assert len(loft.arrived) == 1


def test_two_workers_share_the_recipients_and_neither_writes_them_twice(loft):
    for name in ("anna", "bert"):
        partner(name)
    send(AlertFactory())
    go_live()
    one, other = delivery(), delivery()
    assert outbox._address(one, loft)
    assert not outbox._address(other, loft)
    assert len(outbox._claim(one)) == 2
    assert outbox._claim(other) == []


def test_rows_of_recipients_are_kept_a_month_and_the_numbers_for_good(loft, clock):
    partner("anna")
    send(AlertFactory())
    go_live()
    outbox.deliver()
    clock(days=29)
    assert outbox.forget() == 0
    clock(days=2)
    assert outbox.forget() == 1
    assert delivery().sent == 1


# By hand


@pytest.fixture
def failed(loft: Loft) -> AlertDelivery:
    partner("anna")
    loft.refusals["anna"] = Refused("400 Bad Request")
    send(AlertFactory())
    go_live()
    outbox.deliver()
    return delivery()


def test_an_officer_tries_again_after_a_confirmation(loft, failed, client):
    client.force_login(UserFactory(is_superuser=True))
    url = reverse("alerts_retry_delivery", args=[failed.pk])
    assert "400 Bad Request" in client.get(url).content.decode()
    assert delivery().state == State.INCOMPLETE
    loft.refusals.clear()
    assert client.post(url).status_code == 302
    outbox.deliver()
    assert delivery().state == State.DONE
    assert client.post(url, follow=True).status_code == 200
    assert len(loft.arrived) == 1


def test_who_may_not_publish_alerts_may_not_try_again(failed, client):
    client.force_login(UserFactory(groups=["Editors"]))
    assert client.post(reverse("alerts_retry_delivery", args=[failed.pk])).status_code == 302
    assert delivery().state == State.INCOMPLETE


def test_who_drafts_the_next_update_may_try_again_what_was_sent(loft, failed, client, rf):
    """It was authorised when it was sent; nothing of the draft goes out."""
    moderator = UserFactory(groups=["Moderators"])
    alert = failed.message.alert
    draft = alert.get_latest_revision_as_object()
    draft.what_fr = "Un texte que personne n'a approuvé."
    draft.save_revision(user=moderator)
    alert.refresh_from_db()
    assert not alert.permissions_for_user(moderator).can_publish()
    url = reverse("alerts_retry_delivery", args=[failed.pk])
    request = rf.get("/")
    request.user = moderator
    assert url in render_to_string("alerts/admin/delivery_state.html", {"alert": alert}, request=request)
    client.force_login(moderator)
    assert client.get(url).status_code == 200
    loft.refusals.clear()
    client.post(url)
    outbox.deliver()
    assert loft.arrived == [("anna", failed.message.identifier)]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_officer_sees_each_channel_and_a_button_where_something_failed(failed, rf, language):
    request = rf.get("/")
    request.user = UserFactory(is_superuser=True)
    with translation.override(language):
        html = render_to_string(
            "alerts/admin/delivery_state.html", {"alert": failed.message.alert}, request=request
        )
        assert str(State.INCOMPLETE.label) in html
    assert "400 Bad Request" in html
    assert html.count(reverse("alerts_retry_delivery", args=[failed.pk])) == 1
    request.user = UserFactory()
    html = render_to_string(
        "alerts/admin/delivery_state.html", {"alert": failed.message.alert}, request=request
    )
    assert "retry" not in html
