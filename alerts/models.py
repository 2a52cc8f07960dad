"""Alerts: the page that officers edit, and the ledger of what was sent.

The page is what is edited; each publication appends one message to the ledger, which never changes again
(database triggers in migrations/0002_immutable.py). What is active follows from the ledger (alerts.lifecycle).
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from alerts import lifecycle
from alerts.lifecycle import Kind, Sent, State
from alerts.vocabulary import CATEGORIES, Certainty, Event, Severity, Status, Urgency
from pages.completeness import PublicationRefused
from pages.languages import LANGUAGES, twin
from pages.models import BilingualPage
from pages.panels import twin_panel
from territory.models import Municipality

if TYPE_CHECKING:
    from pages.graph import SiteGraph
    from pages.rendering import Rendering

HEADLINE = 140
"""Characters of a headline: what a notification and CAP's advice (3.2.2 `headline`) can hold."""
KEPT = timedelta(days=14)
"""How long an alert that is over stays listed as such."""


class AlertIndexPage(BilingualPage):
    """All alerts: what is active, and what was."""

    template = "alerts/alert_index_page.html"
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["alerts.AlertPage"]

    class Meta:
        verbose_name = _("alerts")
        verbose_name_plural = _("alerts indexes")

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        now = rendering.run.generated_at
        alerts = rendering.run.once("alerts", lambda: published(rendering.graph))
        current = [alert for alert in alerts if alert.state_at(now) is State.ACTIVE]
        past = [alert for alert in alerts if alert.state_at(now) is not State.ACTIVE]
        return {"active_alerts": current, "past_alerts": past[:50], "State": State}


class AlertPage(BilingualPage):
    """One alert. Its title is the headline."""

    template = "alerts/alert_page.html"
    parent_page_types = ["alerts.AlertIndexPage"]
    subpage_types: list[str] = []

    event = models.CharField(_("event"), max_length=20, choices=Event, default=Event.OTHER)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.ACTUAL,
        help_text=_("Exercises and tests never appear in the banner, in feeds or in lists of active alerts."),
    )
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.IMMEDIATE)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, default=Severity.SEVERE)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty, default=Certainty.OBSERVED)
    onset = models.DateTimeField(_("since"), default=timezone.now)
    expires = models.DateTimeField(
        _("until"), help_text=_("The alert goes out by itself then. Extend it by publishing an update.")
    )
    what = models.TextField(_("what happens"), max_length=1200)
    instruction = models.TextField(_("what to do"), max_length=1200, help_text=_("One short step a line."))
    area = models.CharField(
        _("where, in words"), max_length=49, help_text=_("A street, a quarter, “the whole region”.")
    )
    whole_region = models.BooleanField(_("the whole region"), default=False)
    municipalities = ParentalManyToManyField(Municipality, blank=True, verbose_name=_("municipalities"))
    link = models.URLField(_("more information"), blank=True)

    content_panels = [
        *BilingualPage.content_panels[:1],
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("event"), FieldPanel("status")]),
             FieldRowPanel([FieldPanel("onset"), FieldPanel("expires")])],
            heading=_("What and when"),
        ),
        twin_panel("what"),
        twin_panel("instruction"),
        MultiFieldPanel(
            [twin_panel("area"), FieldPanel("whole_region"), FieldPanel("municipalities")], heading=_("Where")
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("urgency"), FieldPanel("severity"), FieldPanel("certainty")]),
                FieldPanel("link"),
            ],
            heading=_("Details"),
        ),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")

    def clean(self) -> None:
        super().clean()
        errors: dict[str, Any] = {}
        for language in LANGUAGES:
            try:
                MaxLengthValidator(HEADLINE)(getattr(self, twin("title", language)) or "")
            except ValidationError as error:
                errors[twin("title", language)] = error
        if self.onset and self.expires and self.expires <= self.onset:
            errors["expires"] = gettext(
                "The alert would end (%(end)s) before it begins (%(begin)s). Choose a later end."
            ) % {
                "end": timezone.localtime(self.expires).strftime("%d/%m/%Y %H:%M"),
                "begin": timezone.localtime(self.onset).strftime("%d/%m/%Y %H:%M"),
            }
        if errors:
            raise ValidationError(errors)

    # The chain

    def sent_messages(self) -> list[AlertMessage]:
        """Its messages, oldest first."""
        return list(self.messages.all())

    def state_at(self, now: datetime) -> State:
        return lifecycle.state_at([message.as_sent() for message in self.sent_messages()], now)

    @transaction.atomic
    def publish(self, revision: Any, user: Any = None, log_action: Any = True, **kwargs: Any) -> Any:
        """Publish the revision and append its message: an Alert the first time, an Update while active.

        Raises PublicationRefused for an alert that is over (make a new one) or would be over at once.
        """
        now = timezone.now()
        state = self.state_at(now)
        kind = Kind.UPDATE if state is State.ACTIVE else Kind.ALERT
        refuse_unless_possible(self, state, kind)
        candidate = revision.as_object()
        if candidate.expires <= max(now, candidate.go_live_at or now):
            message = gettext("It would be over at once: choose an end (“until”) in the future.")
            raise PublicationRefused(candidate, ValidationError({"expires": message}))
        result = super().publish(revision, user=user, log_action=log_action, **kwargs)
        page = type(self).objects.get(pk=self.pk)
        if page.live and page.live_revision_id == revision.pk:
            AlertMessage.append(page, kind, now=timezone.now(), user=user)
        return result

    def end(self, kind: Kind, *, now: datetime, user: Any = None) -> AlertMessage:
        """Send the all-clear, or cancel what was issued in error. Raises PublicationRefused when it is over."""
        refuse_unless_possible(self, self.state_at(now), kind)
        return AlertMessage.append(self, kind, now=now, user=user)

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        now = rendering.run.generated_at
        messages = self.sent_messages()
        state = State.ACTIVE if rendering.run.preview else self.state_at(now)
        codes = (
            rendering.run.once("nis", all_nis)
            if self.whole_region
            else [town.nis for town in self.municipalities.all()]
        )
        return {
            "state": state,
            "State": State,
            "messages": messages[::-1],
            "last_message": messages[-1] if messages else None,
            "instructions": steps(self.instruction or ""),
            "nis_codes": codes,
        }


def refuse_unless_possible(page: AlertPage, state: State, kind: Kind) -> None:
    """Raises PublicationRefused, in words for the officer, where the transition table says no."""
    try:
        lifecycle.after(state, kind)
    except lifecycle.TransitionRefused as error:
        message = gettext(
            "This alert is not active (%(state)s), so it takes no such message. Make a new alert."
        )
        raise PublicationRefused(page, ValidationError(message % {"state": STATES[state]})) from error


STATES = {
    State.DRAFT: _("draft"),
    State.ACTIVE: _("active"),
    State.ENDED: _("all clear"),
    State.EXPIRED: _("expired"),
    State.CANCELLED: _("cancelled"),
}


def steps(text: str) -> list[str]:
    """The lines of an instruction that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def all_nis() -> list[str]:
    """The NIS codes of the whole region."""
    return list(Municipality.objects.values_list("nis", flat=True))


def published(graph: SiteGraph) -> list[AlertPage]:
    """The actual alerts that the public may see, newest message first."""
    pages = AlertPage.objects.filter(
        pk__in=[node.id for node in graph.of_type("alerts.alertpage")], status=Status.ACTUAL
    )
    alerts = [alert for alert in pages.prefetch_related("messages") if alert.sent_messages()]
    return sorted(alerts, key=lambda alert: alert.sent_messages()[-1].sent, reverse=True)


def new_identifier() -> str:
    """An identifier that is unique, that no clock decides, and free of what CAP forbids (space, comma, <, &)."""
    return f"vigie-{uuid.uuid4()}"


class AlertMessage(models.Model):
    """One CAP message as it was sent. Appended by `append`, never changed: the database refuses it."""

    alert = models.ForeignKey(
        AlertPage, on_delete=models.PROTECT, related_name="messages", verbose_name=_("alert")
    )
    identifier = models.CharField(
        _("identifier"), max_length=80, unique=True, default=new_identifier, editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    sent = models.DateTimeField(_("sent"))
    expires = models.DateTimeField(_("expires"))
    content = models.JSONField(_("content"))
    references = models.TextField(_("references"), blank=True)
    xml = models.TextField(_("CAP 1.2"))
    sha256 = models.CharField("SHA-256", max_length=64)
    previous_sha256 = models.CharField(_("SHA-256 of the message before"), max_length=64, blank=True)
    sent_by = models.ForeignKey(
        "members.User", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )

    class Meta:
        verbose_name = _("alert message")
        verbose_name_plural = _("alert messages")
        ordering = ["sent", "pk"]

    def __str__(self) -> str:
        return self.identifier

    def as_sent(self) -> Sent:
        return Sent(Kind(self.kind), self.sent, self.expires)

    @classmethod
    @transaction.atomic
    def append(cls, alert: AlertPage, kind: Kind, *, now: datetime, user: Any = None) -> AlertMessage:
        """Append one message to the chain of `alert`, built from the page as it is, and ask for a build."""
        from alerts.ledger import append

        return append(alert, kind, now=now, user=user)


class ExpiryNotice(models.Model):
    """That a build was asked for because this message expired: once a message, also after a restart."""

    message = models.OneToOneField(AlertMessage, on_delete=models.PROTECT, related_name="expiry_notice")
    noticed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("notice of expiry")

    def __str__(self) -> str:
        return str(self.message)


def category(event: str) -> str:
    """The CAP category of an event."""
    return CATEGORIES[Event(event)]
