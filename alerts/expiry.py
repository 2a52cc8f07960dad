"""One mail to each duty officer before an active alert expires, so that it is extended or ended on purpose.

At least once: each officer's mail is claimed for CLAIM_HOLDS before it is sent and marked after. A worker killed in
between leaves it to be sent again, under the same Message-ID, by which mail programs show it once.
"""

from __future__ import annotations

import logging
import smtplib
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.users.models import UserProfile

from alerts.approval import DUTY_OFFICERS
from alerts.cap import in_brussels
from alerts.handover import marked_headline
from alerts.lifecycle import Kind
from alerts.mails import BUDGET_SECONDS
from alerts.models import AlertMessage, ExpiryMail
from alerts.moments import in_figures
from generator import registry
from pages.languages import DEFAULT, LANGUAGES, override

logger = logging.getLogger(__name__)

CLAIM_HOLDS = timedelta(seconds=60)
"""Longer than a mail takes; then another worker may try."""
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 15, 120


def noticed_at(sent: datetime, expires: datetime) -> datetime:
    """When officers are told that an alert ends: VIGIE_ALERT_EXPIRY_NOTICE minutes before, or half-way through an alert
    shorter than twice that."""
    notice = timedelta(minutes=settings.VIGIE_ALERT_EXPIRY_NOTICE)
    return expires - min(notice, max(expires - sent, timedelta()) / 2)


@registry.periodic("alert expiry notice", seconds=5, apart="mails")
def warn() -> None:
    """Write down whom to tell about what ends soon, and send what is due."""
    now = timezone.now()
    unexpired = AlertMessage.objects.filter(expires__gt=now)
    newest = {message.alert_id: message for message in unexpired.defer("xml")}
    for message in newest.values():
        if _concerns(message, now):
            mails = (ExpiryMail(message=message, user=user, due_at=now) for user in officers())
            ExpiryMail.objects.bulk_create(mails, ignore_conflicts=True)
    _send_due(now)


def officers() -> models.QuerySet[Any]:
    """Those who are told."""
    return (
        get_user_model()
        .objects.filter(groups__name=DUTY_OFFICERS, is_active=True)
        .exclude(email="")
        .distinct()
    )


def _concerns(message: AlertMessage, now: datetime) -> bool:
    """Whether `message` is active, is the last of its alert, and ends soon."""
    is_last = not AlertMessage.objects.filter(alert_id=message.alert_id, pk__gt=message.pk).exists()
    is_open = message.kind in (Kind.ALERT, Kind.UPDATE)
    return is_last and is_open and noticed_at(message.sent, message.expires) <= now < message.expires


def _send_due(now: datetime) -> None:
    due = ExpiryMail.objects.filter(sent_at=None, due_at__lte=now, message__expires__gt=now)
    connection, deadline = None, time.monotonic() + BUDGET_SECONDS
    for mail in due.select_related("message__alert", "user").order_by("message__expires", "pk"):
        if time.monotonic() >= deadline:
            return
        if not _concerns(mail.message, now):
            continue
        claimed = ExpiryMail.objects.filter(pk=mail.pk, sent_at=None, due_at=mail.due_at)
        if not claimed.update(due_at=now + CLAIM_HOLDS, attempts=models.F("attempts") + 1):
            continue
        connection = connection or get_connection()
        try:
            composed(mail, connection).send()
        except (OSError, smtplib.SMTPException) as error:
            wait = min(FIRST_RETRY_SECONDS * 2**mail.attempts, LAST_RETRY_SECONDS)
            logger.warning("The mail to %s before %s expires failed: %s", mail.user, mail.message, error)
            ExpiryMail.objects.filter(pk=mail.pk).update(due_at=now + timedelta(seconds=wait))
            if not isinstance(error, smtplib.SMTPRecipientsRefused):
                # The server is away: the others would only wait for it too.
                return
        else:
            ExpiryMail.objects.filter(pk=mail.pk).update(sent_at=timezone.now())


def composed(mail: ExpiryMail, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The mail, in the officer's language."""
    message = mail.message
    profile = UserProfile.objects.filter(user=mail.user).first()
    language = profile.get_preferred_language()[:2] if profile else DEFAULT
    language = language if language in LANGUAGES else DEFAULT
    address = settings.WAGTAILADMIN_BASE_URL
    with override(language):
        headline = marked_headline(message.content, language)
        hour = in_figures(in_brussels(message.expires))
        context = {
            "headline": headline,
            "expires": hour,
            "update_url": address + reverse("alerts_update", args=[message.alert_id]),
            "all_clear_url": address + reverse("alerts_end", args=[message.alert_id, Kind.ALL_CLEAR.value]),
        }
        subject = gettext("Ends at %(time)s: %(headline)s") % {"time": hour, "headline": headline}
        body = render_to_string("alerts/admin/expiry_mail.txt", context)
    host = urlsplit(settings.VIGIE_BASE_URL).hostname or "vigie"
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[mail.user.email],
        connection=connection,
        headers={
            "Message-ID": f"<expiry-{message.identifier}-{mail.user.public_id}@{host}>",
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
        },
    )
