"""Who may send CAP messages to import, and what they have sent (alerts.importing)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.lifecycle import Kind
from alerts.mails import PersonalMail
from pages.languages import active

if TYPE_CHECKING:
    from alerts.models import AlertPage


class Source(models.Model):
    """A partner that may send CAP messages by the API, and nothing else. Its token is stored as a hash."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    window_began_at = models.DateTimeField(default=timezone.now, editable=False)
    window_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("source of CAP messages")
        verbose_name_plural = _("sources of CAP messages")

    def __str__(self) -> str:
        return self.name

    def renew(self) -> str:
        """Give it a new token, which is returned and stored nowhere."""
        token = secrets.token_urlsafe(32)
        self.token_sha256 = hashed(token)
        self.is_active, self.window_began_at, self.window_count = True, timezone.now(), 0
        self.save()
        return token


def hashed(token: str) -> str:
    """A token has 256 random bits: a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


class ImportedMessage(models.Model):
    """A partner's message as it came, and the draft it made. The same message is taken once.

    `notes`: what whoever completes the draft has to know, sentences by language and in English ("en"). `concerns`: our
    message that was active when this one came. `is_ending`: it cancels, or gives the all-clear.
    """

    sender = models.CharField(max_length=255)
    identifier = models.CharField(max_length=255)
    sent = models.CharField(max_length=40)
    msg_type = models.CharField(max_length=10)
    xml = models.TextField()
    alert = models.ForeignKey(
        "alerts.AlertPage", null=True, on_delete=models.SET_NULL, related_name="imported"
    )
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="messages")
    notes = models.JSONField(default=list)
    concerns = models.ForeignKey(
        "alerts.AlertMessage",
        null=True,
        on_delete=models.PROTECT,
        related_name="partners_news",
    )
    is_ending = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("imported message")
        verbose_name_plural = _("imported messages")
        constraints = [
            models.UniqueConstraint(
                fields=["sender", "identifier", "sent"], name="an_imported_message_is_taken_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"

    @property
    def told(self) -> list[str]:
        """Its notes in the active language."""
        return [note[active()] for note in self.notes]

    @classmethod
    def unanswered(cls, now: datetime) -> models.QuerySet[ImportedMessage]:
        """What partners said of alerts that are active at `now` and have had no message since; newest first."""
        open_kinds = [kind.value for kind in (Kind.ALERT, Kind.UPDATE)]
        concerned = cls.objects.filter(concerns__expires__gt=now, concerns__kind__in=open_kinds)
        answered = cls.objects.filter(concerns__alert__messages__gt=F("concerns"))
        return concerned.exclude(pk__in=answered.values("pk")).defer("xml").order_by("-pk")


class PartnersNews(PersonalMail):
    """A mail that tells what a partner said of an active alert."""

    imported = models.ForeignKey(ImportedMessage, on_delete=models.CASCADE, related_name="mails")

    class Meta:
        verbose_name = _("mail of a partner’s news")
        verbose_name_plural = _("mails of partners’ news")
        constraints = [
            models.UniqueConstraint(fields=["imported", "user"], name="one_mail_of_the_news_for_each_person")
        ]

    def __str__(self) -> str:
        return f"{self.imported}: {self.user}"


def notes_of(alert: AlertPage) -> list[str]:
    """What to know of the partner's message that the draft of `alert` was made from, until it is sent."""
    newest = alert.imported.defer("xml").order_by("-pk").first()
    last = alert.messages.order_by("-pk").values_list("pk", flat=True).first()
    return newest.told if newest and newest.concerns_id == last else []
