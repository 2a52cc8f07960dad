"""Tells duty officers and moderators by mail that a message went out on one person's word (alerts.approval), and what
a partner says of an active alert (alerts.importing)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.users.models import UserProfile

from alerts.approval import Notice
from alerts.content import in_brussels
from alerts.lifecycle import Kind
from alerts.mails import BUDGET_SECONDS, PersonalMail
from alerts.moments import in_figures
from alerts.sources import PartnersNews, RefusalMail
from alerts.vocabulary import Status
from generator import registry
from pages.languages import FR, LANGUAGES, active, override

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long one worker has to send what it took; then it is taken for dead."""
LONGEST_PAUSE = timedelta(minutes=5)
AT_ONCE = 50


@registry.periodic("alert notices", seconds=2, apart="mails")
def send_due() -> int:
    """Send what is due, as far as there is time; what fails is due again after 2 seconds, then 4, 8, up to 5 minutes.
    How many were sent.

    A worker killed between sending and writing that down sends twice, under the same Message-ID.
    """
    written: tuple[tuple[type[PersonalMail], Callable[[Any], EmailMessage]], ...] = (
        (Notice, mail),
        (PartnersNews, news_mail),
        (RefusalMail, refusal_mail),
    )
    return sum(_send_due(model, compose) for model, compose in written)


def _send_due(model: type[PersonalMail], compose: Callable[[Any], EmailMessage]) -> int:
    sent, deadline = 0, time.monotonic() + BUDGET_SECONDS
    rows: Any = model._default_manager
    due = rows.filter(sent_at=None, due_at__lte=timezone.now())
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        if time.monotonic() >= deadline:
            break
        now = timezone.now()
        taken = due.filter(pk=pk).update(due_at=now + LEASE, attempts=F("attempts") + 1)
        if not taken:
            continue
        waiting = rows.select_related("user").get(pk=pk)
        try:
            compose(waiting).send()
        except (OSError, SMTPException) as error:
            pause = min(timedelta(seconds=2 ** min(waiting.attempts, 16)), LONGEST_PAUSE)
            rows.filter(pk=pk).update(due_at=now + pause, error=f"{type(error).__name__}: {error}")
            logger.warning("The mail to %s about %s failed: %s", waiting.user, waiting, error)
            if not isinstance(error, SMTPRecipientsRefused):
                # The server is away: the others would only wait for it too.
                break
            continue
        rows.filter(pk=pk).update(sent_at=timezone.now(), error="")
        sent += 1
    return sent


def mail(notice: Notice) -> EmailMessage:
    """In the reader's language."""
    authorisation, message = notice.authorisation, notice.authorisation.message
    with override(_language(notice.user)):
        headline = message.text("headline")
        subject = gettext("Alert sent by one person: %(headline)s") % {"headline": headline}
        body = gettext(
            "%(officer)s has sent this alert alone, at %(time)s:\n\n"
            "%(headline)s\n%(page)s\n\n"
            "Reason: %(reason)s\n\n"
            "Somebody else has to review it: %(review)s\n"
        ) % {
            "officer": authorisation.user.get_full_name() or authorisation.user.get_username(),
            "time": _written(message.sent),
            "headline": headline,
            "page": message.content["web"][active()],
            "reason": authorisation.reason,
            "review": _address("alerts_review", authorisation.pk),
        }
        key = f"alone-{message.identifier}-{notice.pk}"
        return _composed(key, notice.user, subject, body, message.content["status"])


def news_mail(news: PartnersNews) -> EmailMessage:
    """In the reader's language."""
    imported, message = news.imported, news.imported.concerns
    if message is None:
        raise ValueError(news)
    alert = message.alert_id
    with override(_language(news.user)):
        headline = message.text("headline")
        subject = (
            gettext("Over, says its sender, and still active here: %(headline)s")
            if imported.is_ending
            else gettext("Updated by its sender, not yet here: %(headline)s")
        ) % {"headline": headline}
        context = {
            "headline": headline,
            "page": message.content["web"][active()],
            "sender": imported.sender,
            "time": _written(imported.created_at),
            "is_ending": imported.is_ending,
            "all_clear_url": _address("alerts_end", alert, Kind.ALL_CLEAR.value),
            "cancel_url": _address("alerts_end", alert, Kind.CANCEL.value),
            "update_url": _address("alerts_update", alert),
            "draft_url": _address("wagtailadmin_pages:edit", alert),
        }
        body = render_to_string("alerts/admin/news_mail.txt", context)
        key = f"news-{message.identifier}-{news.pk}"
        return _composed(key, news.user, subject, body, message.content["status"])


def refusal_mail(mail: RefusalMail) -> EmailMessage:
    """In the reader's language."""
    refused = mail.refused
    with override(_language(mail.user)):
        what = {"Update": gettext("an update"), "Cancel": gettext("a cancellation")}
        said = {"sender": refused.who, "what": what.get(refused.msg_type, gettext("a message"))}
        subject = gettext("Not taken: %(what)s from %(sender)s") % said
        body = gettext(
            "%(sender)s has sent %(what)s that was not taken, at %(time)s:\n\n"
            "%(why)s\n\n"
            "Nothing has changed here. Read it, and see whether an alert has to be updated or ended: %(page)s\n"
        ) % {
            **said,
            "time": _written(refused.created_at),
            "why": refused.told,
            "page": _address("alerts_refused", refused.pk),
        }
        return _composed(f"refused-{refused.pk}-{mail.pk}", mail.user, subject, body)


def _composed(
    key: str, reader: Any, subject: str, body: str, status: str = Status.ACTUAL.value
) -> EmailMessage:
    """In the active language. An exercise says so in its subject."""
    if status != Status.ACTUAL:
        subject = f"[{Status(status).label}] {subject}"
    host = settings.VIGIE_CAP_SENDER.rpartition("@")[2]
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[reader.email],
        headers={
            "Message-ID": f"<{key}@{host}>",
            "Content-Language": active(),
            "Auto-Submitted": "auto-generated",
        },
    )


def _language(reader: Any) -> str:
    preferred = UserProfile.get_for_user(reader).get_preferred_language()[:2]
    return preferred if preferred in LANGUAGES else FR


def _written(moment: datetime) -> str:
    return in_figures(in_brussels(moment))


def _address(name: str, *args: Any) -> str:
    return str(settings.WAGTAILADMIN_BASE_URL) + reverse(name, args=args)
