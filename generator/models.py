"""The outbox: what asks for a build. The journal: what has changed. Which build is live. And how the mirrors are."""

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
    is_urgent = models.BooleanField(_("lives depend on it"), default=False)
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


class MirrorState(models.Model):
    """How a mirror is: which release is whole on it, and what became of the last try. One row a mirror, by its name."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        WHOLE = "whole", _("Whole")
        FAILED = "failed", _("Failed, to be tried again")

    name = models.CharField(_("name"), max_length=63, unique=True)
    address = models.CharField(_("address"), max_length=500)
    # With a default of the database's: the version before, which does not know it, has to run on it too.
    digest = models.CharField(
        _("digest of address, options and key"), max_length=64, blank=True, default="", db_default=""
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    release = models.CharField(
        _("release"), max_length=255, blank=True, help_text=_("The last one whole there.")
    )
    wanted = models.CharField(_("release that is sent"), max_length=255, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    started_at = models.DateTimeField(_("last try"), null=True, blank=True)
    finished_at = models.DateTimeField(_("whole since"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("mirror")
        verbose_name_plural = _("mirrors")
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"


class Change(models.Model):
    """What one statement changed, written in its transaction: keys as `generator.tracking` makes them, one a
    line."""

    keys = models.TextField(_("keys"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.keys


class Generation(models.Model):
    """A build's number (`generator.fencing`)."""

    taken_at = models.DateTimeField(_("taken at"), default=timezone.now)

    class Meta:
        verbose_name = _("build")
        verbose_name_plural = _("builds")
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.pk)


class Live(models.Model):
    """One row: the number of the newest build that has made a release live, or is about to."""

    generation = models.BigIntegerField(_("build"), default=0)

    class Meta:
        verbose_name = _("live build")
        verbose_name_plural = _("live builds")

    def __str__(self) -> str:
        return str(self.generation)
