"""The mail before an alert expires: to each duty officer, once a message, in their language, whatever happens."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from alerts import expiry
from alerts.lifecycle import Kind
from alerts.models import ExpiryMail
from tests.alerts.filling import prefilled
from tests.factories.alerts import AlertFactory, end, send
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officers(clock):
    return [UserFactory(groups=["Duty officers"], language=language) for language in ("fr", "nl")]


@pytest.fixture
def alert(officers):
    alert = AlertFactory()
    send(alert)
    return alert


def recipients():
    return sorted(address for message in mail.outbox for address in message.to)


def addresses(officers):
    return sorted(officer.email for officer in officers)


def test_each_officer_is_told_once_half_an_hour_before(clock, alert, officers):
    clock(minutes=89)
    expiry.warn()
    assert mail.outbox == []
    clock(minutes=1)
    for _ in range(3):
        expiry.warn()
        clock(minutes=5)
    assert recipients() == addresses(officers)


def test_each_in_their_language_with_the_ways_on(clock, alert, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://vigie.example"
    clock(minutes=90)
    expiry.warn()
    french, dutch = sorted(mail.outbox, key=lambda message: message.extra_headers["Content-Language"])
    assert alert.title_fr in french.subject
    assert alert.title_nl in dutch.subject
    assert "15:00" in french.subject
    assert "prolonge" in french.body
    assert "verleng" in dutch.body
    for message in (french, dutch):
        assert f"https://vigie.example/cms/alerts/{alert.pk}/update/" in message.body
        assert f"https://vigie.example/cms/alerts/{alert.pk}/all-clear/" in message.body
        assert "\n" not in message.subject


def test_how_long_before_can_be_set_and_a_short_alert_is_announced_half_way(clock, officers, settings):
    settings.VIGIE_ALERT_EXPIRY_NOTICE = 10
    send(AlertFactory(expires=clock() + timedelta(hours=1)))
    send(AlertFactory(expires=clock() + timedelta(minutes=16)))
    for minutes, mails in ((7, 0), (1, 2), (41, 2), (1, 4)):
        clock(minutes=minutes)
        expiry.warn()
        assert len(mail.outbox) == mails, minutes


def test_an_exercise_says_so(clock, officers):
    send(AlertFactory(status="Exercise"))
    clock(minutes=90)
    expiry.warn()
    assert sorted(message.subject.split(": ")[1].split("\u00a0")[0].strip() for message in mail.outbox) == [
        "EXERCICE",
        "OEFENING",
    ]


def test_an_update_that_extends_it_starts_again(clock, alert, officers):
    clock(minutes=90)
    expiry.warn()
    send(alert, expires=clock() + timedelta(hours=2))
    expiry.warn()
    assert len(mail.outbox) == 2
    clock(minutes=90)
    expiry.warn()
    assert len(mail.outbox) == 4


@pytest.mark.parametrize("kind", [Kind.ALL_CLEAR, Kind.CANCEL])
def test_what_has_ended_is_not_announced(clock, alert, kind):
    end(alert, kind, now=clock(minutes=85))
    clock(minutes=10)
    expiry.warn()
    clock(minutes=45)
    expiry.warn()
    assert mail.outbox == []


def test_what_has_expired_while_the_worker_was_down_is_not_announced_too_late(clock, alert):
    clock(minutes=121)
    expiry.warn()
    assert mail.outbox == []


def test_only_active_duty_officers_with_an_address_are_told(clock, alert, officers):
    UserFactory(groups=["Duty officers"], is_active=False)
    UserFactory(groups=["Duty officers"], email="")
    UserFactory(groups=["Editors"])
    clock(minutes=90)
    expiry.warn()
    assert recipients() == addresses(officers)


class Server:
    """Stands in for the mail server's answer; what it takes arrives."""

    def __init__(self, monkeypatch):
        self.error = None
        self.asked = 0
        deliver = EmailBackend.send_messages

        def send_messages(backend, messages):
            self.asked += 1
            if self.error:
                raise self.error
            return deliver(backend, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send_messages)


@pytest.fixture
def server(monkeypatch):
    return Server(monkeypatch)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        smtplib.SMTPServerDisconnected(),
        smtplib.SMTPDataError(451, b""),
    ],
)
def test_a_mail_server_that_is_down_is_asked_again_and_nobody_is_forgotten(
    clock, alert, officers, server, error
):
    server.error = error
    clock(minutes=90)
    for _ in range(20):
        expiry.warn()
        clock(seconds=10)
    assert mail.outbox == []
    assert 2 <= server.asked <= 12
    server.error = None
    for _ in range(30):
        expiry.warn()
        clock(seconds=10)
    assert recipients() == addresses(officers)


def test_an_address_that_is_refused_keeps_nobody_else_waiting(clock, alert, officers, monkeypatch):
    refused = officers[0].email
    deliver = EmailBackend.send_messages

    def send_messages(backend, messages):
        if messages[0].to == [refused]:
            raise smtplib.SMTPRecipientsRefused({refused: (550, b"unknown")})
        return deliver(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    clock(minutes=90)
    expiry.warn()
    assert recipients() == [officers[1].email]


def test_a_worker_killed_while_sending_leaves_the_mail_to_the_next_under_the_same_identifier(
    clock, alert, officers, monkeypatch
):
    deliver = EmailBackend.send_messages

    def send_and_die(backend, messages):
        deliver(backend, messages)
        raise SystemExit

    clock(minutes=90)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", send_and_die)
        with pytest.raises(SystemExit):
            expiry.warn()
    expiry.warn()
    assert len(mail.outbox) == 2  # the one that left, and the other officer's
    clock(seconds=61)
    expiry.warn()
    assert len(mail.outbox) == 3
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2
    clock(seconds=61)
    expiry.warn()
    assert len(mail.outbox) == 3


def test_two_workers_at_once_send_one_mail_each(clock, alert, officers, monkeypatch):
    """The second looks while the first is sending."""
    deliver = EmailBackend.send_messages

    def send_messages(backend, messages):
        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "send_messages", deliver)
            expiry.warn()
        return deliver(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    clock(minutes=90)
    expiry.warn()
    assert recipients() == addresses(officers)
    assert ExpiryMail.objects.filter(sent_at=None).count() == 0


@pytest.mark.parametrize(("language", "words"), [("fr", "se termine bientôt"), ("nl", "loopt binnenkort af")])
def test_the_dashboard_says_so_too_until_the_alert_is_extended(clock, client, alert, language, words):
    client.force_login(UserFactory(groups=["Duty officers"], language=language))
    assert words not in client.get("/cms/").content.decode()
    clock(minutes=91)
    assert words in client.get("/cms/").content.decode()
    path = f"/cms/alerts/{alert.pk}/update/"
    client.post(path, prefilled(client.get(path), alone_reason="Seul de garde."))
    assert words not in client.get("/cms/").content.decode()
