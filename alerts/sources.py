"""Who may send CAP messages to import, and what they have sent (alerts.importing)."""

from __future__ import annotations

import hashlib
import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


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
    """A partner's message as it came, and the draft it made. The same message is taken once."""

    sender = models.CharField(max_length=255)
    identifier = models.CharField(max_length=255)
    sent = models.CharField(max_length=40)
    msg_type = models.CharField(max_length=10)
    xml = models.TextField()
    alert = models.ForeignKey(
        "alerts.AlertPage", null=True, on_delete=models.SET_NULL, related_name="imported"
    )
    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="messages")
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
