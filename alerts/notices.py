"""Tells duty officers and moderators by mail that a message went out on one person's word (alerts.approval)."""

from __future__ import annotations

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.users.models import UserProfile

from alerts.approval import Notice
from alerts.content import in_brussels
from alerts.vocabulary import Status
from generator import registry
from pages.languages import FR, LANGUAGES, override

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long one worker has to send what it took; then it is taken for dead."""
LONGEST_PAUSE = timedelta(minutes=5)
AT_ONCE = 50


@registry.periodic("alert notices", seconds=2)
def send_due() -> int:
    """Send what is due; what fails is due again after 2 seconds, then 4, 8, up to 5 minutes. How many were sent.

    A worker killed between sending and writing that down sends twice, under the same Message-ID.
    """
    sent = 0
    due = Notice.objects.filter(sent_at=None, due_at__lte=timezone.now())
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        now = timezone.now()
        taken = due.filter(pk=pk).update(due_at=now + LEASE, attempts=F("attempts") + 1)
        if not taken:
            continue
        notice = Notice.objects.select_related("authorisation__message", "authorisation__user", "user").get(
            pk=pk
        )
        try:
            mail(notice).send()
        except (OSError, SMTPException) as error:
            pause = min(timedelta(seconds=2 ** min(notice.attempts, 16)), LONGEST_PAUSE)
            Notice.objects.filter(pk=pk).update(due_at=now + pause, error=f"{type(error).__name__}: {error}")
            logger.warning("The mail to %s about %s failed: %s", notice.user, notice.authorisation, error)
            continue
        Notice.objects.filter(pk=pk).update(sent_at=timezone.now(), error="")
        sent += 1
    return sent


def mail(notice: Notice) -> EmailMessage:
    """In the reader's language."""
    authorisation, message = notice.authorisation, notice.authorisation.message
    preferred = UserProfile.get_for_user(notice.user).get_preferred_language()[:2]
    language = preferred if preferred in LANGUAGES else FR
    with override(language):
        headline = message.text("headline")
        subject = gettext("Alert sent by one person: %(headline)s") % {"headline": headline}
        if message.content["status"] != Status.ACTUAL:
            subject = f"[{Status(message.content['status']).label}] {subject}"
        body = gettext(
            "%(officer)s has sent this alert alone, at %(time)s:\n\n"
            "%(headline)s\n%(page)s\n\n"
            "Reason: %(reason)s\n\n"
            "Somebody else has to review it: %(review)s\n"
        ) % {
            "officer": authorisation.user.get_full_name() or authorisation.user.get_username(),
            "time": in_brussels(message.sent).strftime("%d/%m/%Y %H:%M"),
            "headline": headline,
            "page": message.content["web"][language],
            "reason": authorisation.reason,
            "review": settings.WAGTAILADMIN_BASE_URL + reverse("alerts_review", args=[authorisation.pk]),
        }
    host = settings.VIGIE_CAP_SENDER.rpartition("@")[2]
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[notice.user.email],
        headers={
            "Message-ID": f"<alone-{message.identifier}-{notice.pk}@{host}>",
            "Content-Language": language,
            "Auto-Submitted": "auto-generated",
        },
    )
