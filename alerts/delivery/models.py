"""The outbox of each channel, whom it still has to reach, and who asked to be told.

A delivery is written in the transaction that appends its message. Its recipients are written, all or none, when the
page is live; one row each, so that a worker that is killed goes on where it was.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from generator.models import BuildRequest
from pages.languages import FR, NL
from territory.models import Municipality


class ChannelName(models.TextChoices):
    SITE = "site", _("Site")
    PUSH = "push", _("Notifications")
    MAIL = "mail", _("Mail to partners")


class AlertDelivery(models.Model):
    """One message on one channel."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the page to be live")
        SENDING = "sending", _("Being sent")
        FAILED = "failed", _("Failed, to be tried again")
        INCOMPLETE = "incomplete", _("Sent, but not to all")
        DONE = "done", pgettext_lazy("delivery", "Sent")
        DROPPED = "dropped", _("Not sent any more: over or replaced")

    message = models.ForeignKey(
        "alerts.AlertMessage",
        on_delete=models.PROTECT,
        related_name="deliveries",
        verbose_name=_("alert message"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=ChannelName)
    build = models.ForeignKey(
        BuildRequest, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("build request")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    error = models.TextField(_("error"), blank=True)
    wanted = models.PositiveIntegerField(_("recipients"), default=0)
    sent = models.PositiveIntegerField(_("reached"), default=0)
    failed = models.PositiveIntegerField(_("not reached"), default=0)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("message", "pk")
        constraints = (
            models.UniqueConstraint(fields=("message", "channel"), name="one_delivery_a_message_and_channel"),
        )
        indexes = (models.Index(fields=("state", "due_at")),)

    OPEN = (State.WAITING, State.SENDING, State.FAILED)

    def __str__(self) -> str:
        return f"{self.key} ({self.get_state_display()})"

    @property
    def key(self) -> str:
        """What tells this delivery from every other, to whoever receives it twice."""
        return f"{self.message.identifier}:{self.channel}"

    @property
    def can_be_retried(self) -> bool:
        return self.state in (self.State.FAILED, self.State.INCOMPLETE)


class Audience(models.Model):
    """Whom an alert concerns: those who chose one of its municipalities, or the whole region by choosing none."""

    municipalities = models.ManyToManyField(
        Municipality,
        blank=True,
        related_name="+",
        verbose_name=_("municipalities"),
        help_text=_("None: the whole region."),
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


class PushSubscription(Audience):
    """A browser that wants notifications (W3C Push API). Nothing else is known of who uses it."""

    endpoint = models.TextField(_("address at the push service"), unique=True)
    p256dh = models.CharField(_("public key"), max_length=100)
    auth = models.CharField(_("shared secret"), max_length=32)
    language = models.CharField(_("language"), max_length=2, choices=[(FR, _("French")), (NL, _("Dutch"))])

    class Meta:
        verbose_name = _("subscription to notifications")
        verbose_name_plural = _("subscriptions to notifications")

    def __str__(self) -> str:
        return f"{self.language} {self.pk}"


class Partner(Audience):
    """An organisation that gets every message that concerns it by mail."""

    class Languages(models.TextChoices):
        BOTH = "both", _("French and Dutch")
        FRENCH = FR, _("French")
        DUTCH = NL, _("Dutch")

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email address"), unique=True)
    languages = models.CharField(_("languages"), max_length=4, choices=Languages, default=Languages.BOTH)
    exercises = models.BooleanField(
        _("exercises and tests too"), default=False, help_text=_("Marked as such in the subject.")
    )
    is_active = models.BooleanField(_("gets mails"), default=True)
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Recipient(models.Model):
    """One delivery to one subscriber. `key` is the subscriber's, so that nobody stands in a delivery twice, and what
    was reached is still counted when the subscriber is gone."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CLAIMED = "claimed", _("Being sent")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        GONE = "gone", _("Unsubscribed")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")
        DROPPED = "dropped", _("Not sent any more: over or replaced")

    delivery = models.ForeignKey(AlertDelivery, on_delete=models.CASCADE, related_name="recipients")
    key = models.CharField(max_length=40)
    subscription = models.ForeignKey(PushSubscription, null=True, on_delete=models.SET_NULL, related_name="+")
    partner = models.ForeignKey(Partner, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_by = models.CharField(max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = (
            models.UniqueConstraint(fields=("delivery", "key"), name="one_row_a_delivery_and_recipient"),
        )
        indexes = (models.Index(fields=("delivery", "state", "due_at")),)

    def __str__(self) -> str:
        return f"{self.delivery_id}:{self.key}"
