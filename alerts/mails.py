"""What the mails to people have in common whatever they tell of. alerts.notices sends them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

BUDGET_SECONDS = 2.0
"""How long a call of a job may send mails; then the other jobs have their turn."""


class PersonalMail(models.Model):
    """A mail to `user`: written in the transaction that it tells of, sent by the worker until it has gone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True
