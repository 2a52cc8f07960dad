"""Mail to partners: plain text, one a message and partner."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from alerts.content import in_brussels, steps
from alerts.delivery.channels import Gone, Refused, Send, Unavailable, concerned, register
from alerts.delivery.models import ChannelName, Partner
from alerts.lifecycle import Kind
from alerts.moments import in_figures
from alerts.vocabulary import Status
from pages.languages import ENDONYMS, LANGUAGES, override

if TYPE_CHECKING:
    from alerts.models import AlertMessage

SERVER = "SMTP"
RULE = "-" * 60


def languages_of(partner: Partner) -> tuple[str, ...]:
    return LANGUAGES if partner.languages == Partner.Languages.BOTH else (partner.languages,)


def subject(message: AlertMessage, language: str) -> str:
    """The headline, marked where nothing of it is happening."""
    content = message.content
    with override(language):
        return Status(content["status"]).marked(" ".join(content["headline"][language].split()))


def text(message: AlertMessage, language: str) -> str:
    """The message in one language, with where to read on."""
    content = message.content
    with override(language):
        is_over = message.kind in (Kind.ALL_CLEAR, Kind.CANCEL)
        label, time = (
            (gettext("Over since"), message.sent) if is_over else (gettext("Until"), message.expires)
        )
        begins = (
            [f"{gettext('Starting on')}: {in_figures(in_brussels(message.onset))}"]
            if message.is_announcement
            else []
        )
        lines = [
            subject(message, language),
            "",
            f"{gettext('Where')}: {content['area'][language]}",
            *begins,
            f"{label}: {in_figures(in_brussels(time))}",
            "",
            content["what"][language],
            "",
            gettext("What to do"),
            *(f"- {step}" for step in steps(content["instruction"][language])),
            "",
            content["web"][language],
        ]
        if message.has_xml and content["status"] == Status.ACTUAL:
            lines.append(f"CAP 1.2: {settings.VIGIE_BASE_URL}{message.url}")
    return "\n".join(lines)


def mail(message: AlertMessage, partner: Partner) -> EmailMessage:
    """Its Message-ID follows from message and partner: whoever gets it twice can tell."""
    languages = languages_of(partner)
    parts = [text(message, language) for language in languages]
    if len(languages) > 1:
        parts = [f"{ENDONYMS[language]}\n\n{part}" for language, part in zip(languages, parts, strict=True)]
    leave = settings.VIGIE_BASE_URL + reverse("alerts_leave_mail", args=[partner.token])
    for language in languages:
        with override(language):
            parts.append(gettext("No more of these mails: %(address)s") % {"address": leave})
    sender = settings.DEFAULT_FROM_EMAIL
    host = urlsplit(settings.VIGIE_BASE_URL).hostname
    return EmailMessage(
        subject=" / ".join(subject(message, language) for language in languages),
        body=f"\n\n{RULE}\n\n".join(parts[: len(languages)])
        + f"\n\n{RULE}\n"
        + "\n".join(parts[len(languages) :]),
        from_email=sender,
        to=[partner.email],
        headers={
            "Message-ID": f"<{message.identifier}.{partner.token.hex}@{host}>",
            "List-Unsubscribe": f"<{leave}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Content-Language": ", ".join(languages),
        },
    )


class Mail:
    """The channel. One connection a batch; one mail at a time."""

    subscriber, at_once = "partner", 1

    def is_ready(self) -> bool:
        return Partner.objects.filter(is_active=True).exists()

    def takes(self, message: AlertMessage) -> bool:
        return message.content["status"] == Status.ACTUAL or self._partners(message).exists()

    def audience(self, message: AlertMessage) -> QuerySet[Partner]:
        return concerned(self._partners(message), message)

    def _partners(self, message: AlertMessage) -> QuerySet[Partner]:
        active = Partner.objects.filter(is_active=True)
        return active if message.content["status"] == Status.ACTUAL else active.filter(exercises=True)

    def host(self, subscriber: Partner) -> str:
        return SERVER

    def at_host(self, host: str) -> Q:
        return Q()

    def forget(self, subscriber: Partner | None) -> None:
        """Who has left is kept in the list, and asked no more."""

    @contextmanager
    def sender(self, message: AlertMessage) -> Iterator[Send]:
        connection = get_connection()

        def send(partner: Partner) -> None:
            if not partner.is_active:
                raise Gone
            try:
                connection.open()
                connection.send_messages([mail(message, partner)])
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
                _judge(error)
            except (smtplib.SMTPException, OSError) as error:
                connection.close()
                raise Unavailable(f"{type(error).__name__}: {error}", host=SERVER) from error

        try:
            yield send
        finally:
            connection.close()


def _judge(error: Exception) -> None:
    """RFC 5321, 4.2.1: 4xx may work later, 5xx never."""
    codes = (
        [code for code, _text in error.recipients.values()]
        if isinstance(error, smtplib.SMTPRecipientsRefused)
        else [getattr(error, "smtp_code", 0)]
    )
    if any(code >= 500 for code in codes):
        raise Refused(str(error)) from error
    raise Unavailable(str(error)) from error


register(ChannelName.MAIL.value, Mail())
