"""Mails to partners, through a real mail server."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from alerts.delivery import outbox
from alerts.delivery.models import AlertDelivery, Partner, Recipient
from territory.models import Municipality
from tests.alerts import released
from tests.alerts.mail_server import HOST, MailServer
from tests.factories.alerts import AlertFactory, send
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = HOST, server.port, 5
        settings.DEFAULT_FROM_EMAIL = "alerts@vigie.example"
        settings.VIGIE_BASE_URL = "https://vigie.example"
        yield server


def partner(name: str = "stib", *nis: str, **values: Any) -> Partner:
    made = Partner.objects.create(name=name, email=f"{name}@partner.example", **values)
    made.municipalities.set(Municipality.objects.filter(nis__in=nis))
    return made


def alert(**values: Any) -> Any:
    return AlertFactory(expires=timezone.now() + timedelta(hours=2), **values)


def go_live() -> None:
    released.go_live()
    outbox.deliver()


def delivery() -> AlertDelivery:
    return AlertDelivery.objects.filter(channel="mail").latest("pk")


@pytest.mark.parametrize(("languages", "codes"), [("both", ["fr", "nl"]), ("fr", ["fr"]), ("nl", ["nl"])])
def test_a_partner_gets_one_mail_in_their_languages(server, languages, codes):
    stib = partner(languages=languages)
    page = alert()
    message = send(page)
    go_live()
    outbox.deliver()
    (mail,) = server.mails
    assert mail["to"] == stib.email
    assert mail["subject"].strip() == " / ".join(getattr(page, f"title_{code}") for code in codes)
    assert mail.get_content_type() == "text/plain"
    body = mail.get_content()
    for code in ("fr", "nl"):
        assert (getattr(page, f"what_{code}") in body) is (code in codes)
        assert (message.content["web"][code] in body) is (code in codes)
    assert f"https://vigie.example{message.url}" in body
    assert delivery().state == AlertDelivery.State.DONE


def test_a_mail_can_be_told_from_every_other_and_says_how_to_leave(server, client):
    stib = partner()
    page = alert()
    first = send(page)
    go_live()
    second = send(page)
    go_live()
    one, other = server.mails
    assert first.identifier in one["message-id"]
    assert second.identifier in other["message-id"]
    leave = reverse("alerts_leave_mail", args=[stib.token])
    assert one["list-unsubscribe"].strip() == f"<https://vigie.example{leave}>"
    assert one["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert one["auto-submitted"] == "auto-generated"
    page = client.get(leave)
    assert "style-src 'self' 'sha256-" in page["Content-Security-Policy"]
    assert stib.name in page.content.decode()
    stib.refresh_from_db()
    assert stib.is_active
    response = client.post(leave, {"List-Unsubscribe": "One-Click"})
    assert (response.status_code, len(response.cookies)) == (200, 0)
    stib.refresh_from_db()
    assert not stib.is_active
    send(alert())
    go_live()
    assert len(server.mails) == 2


def test_a_slow_mail_server_takes_no_more_than_its_share_of_the_time_and_nobody_is_left_out(
    server, monkeypatch
):
    monkeypatch.setattr(outbox, "BUDGET_SECONDS", 1.0)
    server.pause_seconds = 0.5
    for number in range(4):
        partner(f"partner{number}")
    for message in (send(alert()), send(alert())):
        assert message
    released.go_live()
    calls, longest = 0, 0.0
    while len(server.mails) < 8:
        assert calls < 40
        calls += 1
        began = time.monotonic()
        outbox.deliver()
        longest = max(longest, time.monotonic() - began)
        if calls == 1:
            assert len({mail["message-id"].split(".")[0] for mail in server.mails}) == 2, (
                "both have their share"
            )
    assert calls > 2
    assert longest < 8 * server.pause_seconds
    outbox.deliver()
    assert len({mail["message-id"] for mail in server.mails}) == len(server.mails) == 8
    assert set(AlertDelivery.objects.values_list("state", flat=True)) == {AlertDelivery.State.DONE}


def test_a_mail_server_that_never_answers_is_given_up_and_asked_again_later(server, settings):
    settings.EMAIL_TIMEOUT = 1
    server.is_silent = True
    for number in range(6):
        partner(f"partner{number}")
    send(alert())
    began = time.monotonic()
    go_live()
    # One asks; the others would only wait for the same server.
    assert time.monotonic() - began < 6 * settings.EMAIL_TIMEOUT + 1
    assert delivery().state == AlertDelivery.State.FAILED
    assert "timed out" in delivery().error
    server.is_silent = False
    AlertDelivery.objects.update(due_at=timezone.now())
    Recipient.objects.update(due_at=timezone.now())
    outbox.deliver()
    assert len(server.mails) == 6


def test_an_unknown_token_is_a_404(client):
    url = reverse("alerts_leave_mail", args=["00000000-0000-4000-8000-000000000000"])
    assert client.get(url).status_code == 404


def test_a_headline_over_several_lines_makes_no_other_header(server):
    partner()
    send(alert(title_fr="Feu\r\nBcc: x@evil.example", title_nl="Brand"))
    go_live()
    (mail,) = server.mails
    assert mail["bcc"] is None
    assert mail["subject"] == "Feu Bcc: x@evil.example / Brand"


def test_only_partners_of_the_place_are_mailed(server):
    partner("anderlecht", "21001")
    partner("jette", "21010")
    page = alert()
    send(page, municipalities=list(Municipality.objects.filter(nis="21001")))
    go_live()
    assert [mail["to"] for mail in server.mails] == ["anderlecht@partner.example"]


@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_an_exercise_goes_only_to_who_asked_for_it_and_says_so(server, status):
    partner("stib")
    partner("zone", exercises=True, languages="nl")
    send(alert(status=status))
    go_live()
    (mail,) = server.mails
    assert mail["to"] == "zone@partner.example"
    assert mail["subject"].startswith({"Exercise": "OEFENING", "Test": "TEST"}[status])
    assert "CAP 1.2" not in mail.get_content()


def test_a_mailbox_that_does_not_exist_is_told_and_holds_nobody_up(server):
    partner("gone"), partner("stib")
    server.refusals["gone@partner.example"] = "550 no such user"
    send(alert())
    go_live()
    outbox.deliver()
    assert [mail["to"] for mail in server.mails] == ["stib@partner.example"]
    assert delivery().state == AlertDelivery.State.INCOMPLETE
    assert "550" in delivery().error


def test_a_mailbox_that_is_busy_is_tried_again(server):
    partner("busy")
    server.refusals["busy@partner.example"] = "451 try later"
    send(alert())
    go_live()
    assert delivery().state == AlertDelivery.State.FAILED
    server.refusals.clear()
    outbox.retry(delivery())
    outbox.deliver()
    assert len(server.mails) == 1


def test_a_mail_server_that_is_away_is_asked_once_and_again_later(server, settings):
    for number in range(5):
        partner(f"p{number}")
    with MailServer() as away:
        settings.EMAIL_PORT = away.port
    send(alert())
    go_live()
    assert delivery().state == AlertDelivery.State.FAILED
    assert sorted(Recipient.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    assert not Recipient.objects.filter(due_at__lte=timezone.now()).exists()
    settings.EMAIL_PORT = server.port
    outbox.retry(delivery())
    outbox.deliver()
    assert len(server.mails) == 5


@pytest.mark.parametrize(
    ("group", "status"), [("Site managers", 200), ("Editors", 302), ("Duty officers", 302)]
)
def test_site_managers_keep_the_list_of_partners(client, group, status):
    client.force_login(UserFactory(groups=[group]))
    partner("stib")
    response = client.get(reverse("wagtailsnippets_alerts_partner:list"))
    assert response.status_code == status
    assert (b"stib" in response.content) is (status == 200)
