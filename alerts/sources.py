"""Who may send CAP messages to import, and what they have sent (alerts.importing)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts import approval
from alerts.lifecycle import Kind
from alerts.mails import PersonalMail
from pages.languages import active

if TYPE_CHECKING:
    from alerts.models import AlertMessage, AlertPage


class Source(models.Model):
    """A partner that may send CAP messages by the API, and nothing else. Its token is stored as a hash. `senders`: the
    CAP senders (CAP 1.2, 3.2.1) that it speaks for; it may send in no other name, and without any in none."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    senders = models.JSONField(_("CAP senders"), default=list, blank=True)
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


def tell_of_ending(message: AlertMessage) -> None:
    """Where a partner has ended what the draft was made from, before `message` was sent as its first: it stays to be
    answered, and officers get a mail."""
    newest = ImportedMessage.objects.filter(alert_id=message.alert_id).defer("xml").order_by("-pk").first()
    if newest is None or not newest.is_ending:
        return
    newest.concerns = message
    newest.save(update_fields=["concerns"])
    now = timezone.now()
    PartnersNews.objects.bulk_create(
        PartnersNews(imported=newest, user=user, due_at=now) for user in approval.told()
    )


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


class RefusedMessage(models.Model):
    """What a partner sent of an alert and was not taken, until somebody has dealt with it. The same file counts once.

    `sender`, `identifier` and `msg_type` as far as they can be read. `alert`: the one of ours that it speaks of.
    `note`: why it was refused and what to do, by language and in English ("en"). `data`: the file as it came, empty
    where it is longer than what is read.
    """

    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="refused")
    sender = models.CharField(max_length=255, blank=True)
    identifier = models.CharField(max_length=255, blank=True)
    msg_type = models.CharField(max_length=10, blank=True)
    code = models.CharField(max_length=20)
    note = models.JSONField()
    alert = models.ForeignKey(
        "alerts.AlertPage", null=True, on_delete=models.SET_NULL, related_name="refused"
    )
    data = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("refused message")
        verbose_name_plural = _("refused messages")

    def __str__(self) -> str:
        return f"{self.sender or self.source or '?'}: {self.msg_type} {self.identifier}"

    @property
    def told(self) -> str:
        """Why it was refused, in the active language."""
        return str(self.note[active()])

    @property
    def who(self) -> str:
        """Who sent it, as far as is known."""
        return self.sender or str(self.source or "?")

    @property
    def text(self) -> str:
        """The file, to be read by people."""
        return bytes(self.data).decode("utf-8", "replace")


class RefusalMail(PersonalMail):
    """A mail that tells of a refused message."""

    refused = models.ForeignKey(RefusedMessage, on_delete=models.CASCADE, related_name="mails")

    class Meta:
        verbose_name = _("mail of a refused message")
        verbose_name_plural = _("mails of refused messages")
        constraints = [
            models.UniqueConstraint(fields=["refused", "user"], name="one_mail_of_a_refusal_for_each_person")
        ]

    def __str__(self) -> str:
        return f"{self.refused}: {self.user}"


def notes_of(alert: AlertPage) -> list[str]:
    """What to know of the partner's message that the draft of `alert` was made from, until it is sent."""
    newest = alert.imported.defer("xml").order_by("-pk").first()
    last = alert.messages.order_by("-pk").values_list("pk", flat=True).first()
    return newest.told if newest and newest.concerns_id == last else []
