"""The outbox: what is written with a message, when it leaves, what is tried again, and what no one gets twice."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from alerts.delivery import outbox
from alerts.delivery.channels import Gone, Refused, Unavailable, concerned
from alerts.delivery.models import AlertDelivery, Partner, Recipient
from alerts.lifecycle import Kind
from alerts.models import AlertMessage
from generator.models import BuildRequest
from territory.models import Municipality
from tests.factories.alerts import AlertFactory, end, send
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
    return loft


def partner(name: str, host: str = "a.example", *nis: str) -> Partner:
    made = Partner.objects.create(name=name, email=f"{name}@{host}")
    made.municipalities.set(Municipality.objects.filter(nis__in=nis))
    return made


def live() -> None:
    BuildRequest.objects.update(state=BuildRequest.State.DONE)


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
    live()
    outbox.deliver()
    assert [row.channel for row in AlertDelivery.objects.all()] == ["site"]
    assert loft.arrived == []


def test_nothing_leaves_before_the_page_is_live_and_each_gets_it_once_then(loft):
    people = {partner("anna").name, partner("bert").name}
    message = send(AlertFactory())
    outbox.deliver()
    assert loft.tried == []
    assert {row.state for row in AlertDelivery.objects.all()} == {State.WAITING}
    live()
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


def test_nothing_leaves_while_the_alert_s_own_page_is_as_it_was(loft):
    """A build may leave a page that cannot be rendered as it was, and try it again by itself."""
    partner("anna")
    alert = AlertFactory()
    message = send(alert)
    live()
    path = message.content["web"]["nl"].removeprefix(settings.VIGIE_BASE_URL)
    error = f"{path} (Alert), published by pages: ZeroDivisionError: division by zero"
    again = BuildRequest.objects.create(reason="pages", state=BuildRequest.State.FAILED, error=error)
    outbox.deliver()
    assert loft.tried == []
    assert delivery("site").state == State.WAITING
    BuildRequest.objects.filter(pk=again.pk).update(state=BuildRequest.State.DONE)
    outbox.deliver()
    assert [name for name, _ in loft.arrived] == ["anna"]
    assert delivery("site").state == State.DONE


def test_only_those_whom_the_area_concerns_are_reached_and_an_update_follows_who_was_told(loft, clock):
    partner("everywhere")
    partner("anderlecht", "a.example", "21001")
    partner("jette", "a.example", "21010")
    alert = AlertFactory()
    send(alert, municipalities=list(Municipality.objects.filter(nis="21001")))
    live()
    outbox.deliver()
    assert {name for name, _ in loft.arrived} == {"everywhere", "anderlecht"}
    loft.arrived.clear()
    clock(minutes=5)
    send(alert, municipalities=list(Municipality.objects.filter(nis="21010")))
    live()
    outbox.deliver()
    assert {name for name, _ in loft.arrived} == {"everywhere", "anderlecht", "jette"}


def test_an_alert_without_municipalities_concerns_everybody(loft):
    partner("jette", "a.example", "21010")
    send(AlertFactory())
    live()
    outbox.deliver()
    assert [name for name, _ in loft.arrived] == ["jette"]


def test_what_may_work_later_is_tried_again_later_each_time_and_the_rest_goes_on(loft, clock):
    partner("anna"), partner("bert", "b.example")
    send(AlertFactory())
    live()
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
    live()
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
    live()
    outbox.deliver()
    waits = {row.partner.name: row.due_at - timezone.now() for row in Recipient.objects.all()}
    assert timedelta(minutes=9) < waits["anna"] <= timedelta(minutes=10)
    assert timedelta(minutes=59) < waits["bert"] <= timedelta(hours=1)


def test_what_is_refused_is_not_tried_again_but_told_and_by_hand_it_is(loft):
    partner("anna"), partner("bert")
    loft.refusals["anna"] = Refused("400 Bad Request")
    send(AlertFactory())
    live()
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
    live()
    outbox.deliver()
    assert [name for name, _ in loft.arrived] == ["bert"]
    assert (delivery().state, delivery().error) == (State.INCOMPLETE, "ZeroDivisionError: oh")
    monkeypatch.setattr(loft, "audience", lambda message: 1 / 0)
    send(AlertFactory())
    live()
    outbox.deliver()
    assert (delivery("site").state, delivery().error) == (State.DONE, "ZeroDivisionError: division by zero")
    assert delivery().due_at > timezone.now()


def test_who_is_gone_is_forgotten_and_no_failure(loft):
    anna = partner("anna")
    loft.refusals["anna"] = Gone()
    send(AlertFactory())
    live()
    outbox.deliver()
    assert loft.forgotten == [anna]
    assert (delivery().state, delivery().sent, delivery().failed) == (State.DONE, 0, 0)


def test_who_leaves_between_the_publication_and_the_sending_gets_nothing(loft):
    partner("anna")
    loft.refusals["anna"] = Unavailable("later")
    send(AlertFactory())
    live()
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
    live()
    outbox.deliver()
    last = end(alert, Kind.CANCEL, now=clock(minutes=1))
    live()
    loft.refusals.clear()
    outbox.deliver()
    assert loft.arrived == [("anna", last.identifier)]
    assert first.deliveries.get(channel="push").state == State.DROPPED
    second = send(AlertFactory())
    clock(hours=3)
    live()
    outbox.deliver()
    assert second.deliveries.get(channel="push").state == State.DROPPED
    assert len(loft.arrived) == 1


def test_what_a_dead_worker_had_claimed_is_taken_back_after_a_minute(loft, clock):
    partner("anna")
    send(AlertFactory())
    live()
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
    live()
    one, other = delivery(), delivery()
    assert outbox._address(one, loft)
    assert not outbox._address(other, loft)
    assert len(outbox._claim(one)) == 2
    assert outbox._claim(other) == []


def test_rows_of_recipients_are_kept_a_month_and_the_numbers_for_good(loft, clock):
    partner("anna")
    send(AlertFactory())
    live()
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
    live()
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
    from django.contrib.auth.models import Group

    user = UserFactory()
    user.groups.add(Group.objects.get(name="Editors"))
    client.force_login(user)
    assert client.post(reverse("alerts_retry_delivery", args=[failed.pk])).status_code == 302
    assert delivery().state == State.INCOMPLETE


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_officer_sees_each_channel_and_a_button_where_something_failed(failed, rf, language):
    from django.template.loader import render_to_string
    from django.utils import translation

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
