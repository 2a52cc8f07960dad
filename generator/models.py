"""The outbox: what asks for a build."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BuildRequest(models.Model):
    """One change that is to become visible. Written in the transaction of the change, so that neither exists
    without the other; the worker answers many at once with one build."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        CLAIMED = "claimed", _("Being built")
        FAILED = "failed", _("Failed, to be tried again")
        DONE = "done", pgettext_lazy("build request", "Live")

    reason = models.CharField(_("reason"), max_length=255)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    claimed_by = models.CharField(_("worker"), max_length=255, blank=True)
    heartbeat_at = models.DateTimeField(_("worker last seen at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    release = models.CharField(_("release"), max_length=255, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("build request")
        verbose_name_plural = _("build requests")
        ordering = ("pk",)
        permissions = (("activate_release", "Can make an earlier release live"),)
        indexes = (models.Index(fields=("state", "due_at")),)

    def __str__(self) -> str:
        return f"{self.reason} ({self.get_state_display()})"
