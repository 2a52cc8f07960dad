"""Alerts: the page that officers edit, and the ledger of what was sent.

The page is what is edited. Whatever route publishes it ends in `AlertPage.save`, which appends one message to the
ledger in the same transaction; messages never change again (database triggers in migrations/0002_immutable.py). What
the public sees and what is active follow from the ledger alone.
"""

from __future__ import annotations

import hashlib
import json
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.log_actions import LogContext, get_active_log_context

from alerts import approval, cap, details, lifecycle, moments, parity, placeholders, plain, signature, sources
from alerts.approval import BreakGlassFormMixin
from alerts.content import HEADLINE, ended, frozen, steps
from alerts.delivery import outbox
from alerts.delivery.models import AlertDelivery, ChannelName
from alerts.fields import ResponsesField
from alerts.lifecycle import Kind, Sent, State
from alerts.moments import local
from alerts.rendering import context as page_context
from alerts.scenarios import Scenario  # noqa: F401  (Django looks for models here)
from alerts.vocabulary import Certainty, Event, Severity, Status, Urgency
from emergency_numbers.spelling import validate_number
from generator.outbox import request_build
from generator.recording import paused, record
from pages.completeness import Incomplete, PublicationRefused
from pages.forms import BilingualPageForm
from pages.illustrated import IllustratedPage, image_panel
from pages.languages import LANGUAGES, NAMES, active, twin, twins
from pages.listing import Entry, Listing, ListingPage
from pages.models import BilingualPage
from pages.panels import twin_panel
from territory.fields import ShapesField
from territory.models import Landmark, Municipality, PoliceZone

if TYPE_CHECKING:
    from pages.graph import PageNode
    from pages.rendering import Rendering, Run

logger = logging.getLogger(__name__)

NO_XML = hashlib.sha256(b"").hexdigest()
PER_PAGE = 20
WRONG_CLOCK = timedelta(minutes=5)
"""The most by which clocks of one service may differ."""
LATELY = timedelta(minutes=1)
"""The page of an alert that was over by then waits for the second release of another one."""


class AlertIndexPage(ListingPage, BilingualPage):
    """All alerts: what is active, and, page by page, what was."""

    template = "alerts/alert_index_page.html"
    is_urgent = True
    fixed_slugs: ClassVar[Mapping[str, str]] = {"fr": "alertes", "nl": "waarschuwingen"}
    searchable = False
    max_count = 1
    parent_page_types = ["home.HomePage"]
    subpage_types = ["alerts.AlertPage"]

    class Meta:
        verbose_name = _("alerts")
        verbose_name_plural = _("alerts indexes")

    @classmethod
    def listing_of(cls, index_id: int, run: Run) -> Listing:
        """What is over, newest last message first. An entry's value is the number of that message."""
        nodes = {node.id: node for node in run.graph.of_type("alerts.alertpage")}
        sent = AlertMessage.objects.filter(content__status=Status.ACTUAL)
        newest = {
            alert: (pk, Sent(Kind(kind), *times))
            for alert, pk, kind, *times in sent.values_list("alert_id", "pk", "kind", "sent", "expires")
            if alert in nodes
        }
        now = run.at(next_end((last for _pk, last in newest.values()), run.started_at))
        over = [
            Entry(nodes[alert], value=pk, shown=pk)
            for alert, (pk, last) in newest.items()
            if lifecycle.state_at([last], now) is not State.ACTIVE
        ]
        return Listing(sorted(over, key=lambda entry: entry.value, reverse=True), per_page=PER_PAGE)

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        context = super().get_render_context(rendering)
        started_at = rendering.run.started_at
        sent = rendering.run.once("alerts.recent", lambda: chains_sent(since=started_at))
        now = rendering.run.at(next_turn((chain.last for chain in sent), started_at))
        nodes = rendering.graph.nodes
        active = [chain for chain in sent if chain.state_at(now) is State.ACTIVE and chain.alert_id in nodes]
        shown = [entry.value for entry in context["listing"].entries]
        return context | {
            "active_alerts": [] if rendering.variant else [chain.last for chain in active],
            "now": now,
            "first_identifiers": {chain.alert_id: chain.first.identifier for chain in active},
            "past_alerts": AlertMessage.objects.defer("xml").filter(pk__in=shown).order_by("-pk"),
            "Kind": Kind,
        }


class AlertPageForm(BreakGlassFormMixin, BilingualPageForm):
    """A page's form, which asks who publishes alone for the reason, and for no text whose translation follows.
    Times are bounded here: the importer has bounds of its own, and what was sent stays as it is."""

    lasts_long = forms.BooleanField(
        label=_("It lasts that long"),
        required=False,
        help_text=_("Needed only for an alert that lasts longer than a week."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None and not approval.is_duty_officer(self.for_user):
            # Nobody else may use it.
            del self.fields["alone_reason"]
        for name in twins("title"):
            if name in self.fields:
                attributes = self.fields[name].widget.attrs
                # A browser would cut what is pasted, and say nothing.
                attributes.pop("maxlength", None)
                attributes |= {"data-most": HEADLINE, "data-counted": _("{count} of {most} characters")}

    def full_clean(self) -> None:
        language = self.data.get("translation_follows")
        for name in (twin(stem, language) for stem in parity.MAY_FOLLOW if language in LANGUAGES):
            if name in self.fields:
                self.fields[name].required = False
        super().full_clean()

    def clean_onset(self) -> datetime | None:
        """What an update tells of may have begun long ago."""
        is_new = not (self.instance.pk and self.instance.messages.exists())
        return self._bounded("onset", back=moments.BACK if is_new else None)

    def clean_expires(self) -> datetime | None:
        return self._bounded("expires")

    def _bounded(self, name: str, back: timedelta | None = None) -> datetime | None:
        time: datetime | None = self.cleaned_data[name]
        if time:
            # A draft of it could not even be stored on every database.
            moments.check_calendar(time)
            if not self.is_deferred_validation:
                moments.check_near(time, timezone.now(), back=back)
        return time

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        end = cleaned.get("expires")
        if end and not self.is_deferred_validation and not cleaned.get("lasts_long"):
            times = (timezone.now(), cleaned.get("onset"), cleaned.get("go_live_at"))
            if question := moments.asked_about(max(filter(None, times)), end):
                self.add_error("lasts_long", question)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if not self.is_deferred_validation and self.for_user is not None:
            self.check_four_eyes()


class AlertPage(IllustratedPage):
    """One alert. Its title is the headline."""

    base_form_class = AlertPageForm

    template = "alerts/alert_page.html"
    is_urgent = True
    searchable = False
    in_public_api = False
    parent_page_types = ["alerts.AlertIndexPage"]
    subpage_types: list[str] = []
    # Each alert says for itself why it could not wait.
    exclude_fields_in_copy = [*BilingualPage.exclude_fields_in_copy, "translation_reason"]

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
    police_zones = ParentalManyToManyField(PoliceZone, blank=True, verbose_name=_("police zones"))
    landmarks = ParentalManyToManyField(Landmark, blank=True, verbose_name=_("landmarks"))
    shapes = ShapesField(_("drawn on the map"), blank=True)
    response_types = ResponsesField(
        _("what people should do, as a code"), blank=True, help_text=_("For other systems; several may hold.")
    )
    contact = models.CharField(
        _("whom to contact, in words"),
        max_length=160,
        blank=True,
        help_text=_("Information line, crisis centre…"),
    )
    contact_number = models.CharField(
        _("number or address to contact"),
        max_length=60,
        blank=True,
        validators=[validate_number],
        help_text=_("As people read it: “02 123 45 67”, “1771”, or an e-mail address."),
    )
    link = models.URLField(_("more information"), blank=True)
    translation_follows = models.CharField(
        _("translation that follows"),
        max_length=2,
        blank=True,
        choices=list(NAMES.items()),
        help_text=_(
            "For the duty officer in the first minutes: the alert goes out, and each text that is missing in this "
            "language says that its translation follows. The next update has to bring it."
        ),
    )
    translation_reason = models.CharField(_("why the translation follows"), max_length=500, blank=True)

    standing_in = ""
    """The language whose texts only say that they follow (parity.stand_in)."""

    content_panels = [
        *BilingualPage.content_panels[:1],
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("event"), FieldPanel("status")]),
             FieldRowPanel([FieldPanel("onset"), FieldPanel("expires")]),
             FieldPanel("lasts_long")],
            heading=_("What and when"),
        ),
        twin_panel("what"),
        twin_panel("instruction"),
        MultiFieldPanel(
            [twin_panel("area"), FieldPanel("whole_region"), *details.area_panels()], heading=_("Where")
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("urgency"), FieldPanel("severity"), FieldPanel("certainty")]),
                FieldPanel("response_types"),
                twin_panel("contact"),
                FieldRowPanel([FieldPanel("contact_number"), FieldPanel("link")]),
            ],
            heading=_("Details"),
        ),
        image_panel(),
        MultiFieldPanel([FieldPanel("alone_reason")], heading=_("Publishing alone")),
        MultiFieldPanel(
            [FieldPanel("translation_follows"), FieldPanel("translation_reason")],
            heading=_("The translation follows"),
            classname="collapsed",
        ),
    ]  # fmt: skip

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")

    # What may be published

    def publication_errors(self) -> list[Incomplete]:
        errors = [
            *super().publication_errors(),
            *self._alert_errors(),
            *details.errors(self),
            *parity.untranslated(self),
        ]
        return parity.excused(self, errors, is_first=not (self.pk and self.messages.exists()))

    def _alert_errors(self) -> list[Incomplete]:
        errors = []
        for language in LANGUAGES:
            name = twin("title", language)
            length = len(getattr(self, name) or "")
            if length > HEADLINE:
                reason = gettext("%(length)d characters; a headline has at most %(most)d. Shorten it.")
                errors.append(
                    Incomplete(
                        name, _("headline"), language, reason=reason % {"length": length, "most": HEADLINE}
                    )
                )
        errors += unfilled(self)
        slips = [
            Incomplete(name, label, None, reason=moments.out_of_calendar(time))
            for name, label, time in (
                ("onset", _("since"), self.onset),
                ("expires", _("until"), self.expires),
            )
            if time and not moments.in_calendar(time)
        ]
        errors += slips
        begin = max(filter(None, (self.onset, self.go_live_at)), default=None)
        if not slips and begin and self.expires and self.expires <= begin:
            reason = gettext(
                "The alert would end (%(end)s) before it begins (%(begin)s). Choose a later end."
            )
            times = {"end": local(self.expires), "begin": local(begin)}
            errors.append(Incomplete("expires", _("until"), None, reason=reason % times))
        if self.expire_at:
            reason = gettext("An alert ends by itself at “until”, or with the all-clear. Leave this empty.")
            errors.append(Incomplete("expire_at", _("expiry date/time"), None, reason=reason))
        return errors

    @classmethod
    def urgent_pages(cls, run: Run) -> list[PageNode]:
        """Not those of alerts that have been over for a while, of which there are ever more; but of those too where
        nobody has looked after them meanwhile."""
        now, since = run.started_at, run.started_at - LATELY
        late = set(AlertMessage.alerts_that_waited(since).values_list("alert_id", flat=True))
        messages = AlertMessage.objects.filter(
            models.Q(alert_id__in=AlertMessage.alerts_with_news(since)) | models.Q(alert_id__in=late)
        )
        chains: dict[int, list[Sent]] = {}
        for alert, kind, sent, expires in messages.values_list("alert_id", "kind", "sent", "expires"):
            chains.setdefault(alert, []).append(Sent(Kind(kind), sent, expires))
        urgent = {
            alert
            for alert, chain in chains.items()
            if alert in late
            or lifecycle.state_at(chain, now) is State.ACTIVE
            or lifecycle.news_at(chain, now) > since
        }
        return [node for node in super().urgent_pages(run) if node.id in urgent]

    # The chain

    def chain(self) -> Chain:
        return Chain(list(AlertMessage.objects.filter(alert_id=self.pk)))

    def state_at(self, now: datetime) -> State:
        return self.chain().state_at(now)

    @property
    def in_sitemap(self) -> bool:
        """Nobody should find what did not happen."""
        return bool(self.status == Status.ACTUAL)

    def _set_core_field_defaults(self) -> None:
        """Before an address is made from a title, by whatever route: the one that is out stays."""
        parity.keep_addresses(self)
        super()._set_core_field_defaults()

    @transaction.atomic
    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Locked before any revision is: Wagtail updates them all when one is published, in no order. What was sent, or
        is planned, is what somebody has approved: Wagtail's autosave writes beside it, not over it."""
        AlertMessage.lock()
        over = kwargs.get("overwrite_revision")
        if over and (over.approved_go_live_at or AlertPage.objects.filter(live_revision=over).exists()):
            kwargs["overwrite_revision"] = None
        revision = super().save_revision(*args, **kwargs)
        if reason := self.__dict__.pop("alone_reason", ""):
            approval.break_glass(self, revision.user, reason)
        return revision

    def get_latest_revision_as_object(self) -> Any:
        """Where a translation follows, the page as it was written: what is live has texts that stand in. Why it
        followed was said for what has been sent."""
        revision = self.get_latest_revision() if self.translation_follows else None
        page = revision.as_object() if revision else super().get_latest_revision_as_object()
        if page.translation_reason and self.messages.exists():
            page.translation_reason = ""
        return page

    @transaction.atomic
    def publish(self, revision: Any, user: Any = None, log_action: Any = True, **kwargs: Any) -> Any:
        AlertMessage.lock()
        with LogContext(user=user or get_active_log_context().user):
            try:
                return super().publish(revision, user=user, log_action=log_action, **kwargs)
            except PublishPermissionError as error:
                if not self.permissions_for_user(user).can_end():
                    raise
                reason = ValidationError(approval.told_apart(revision.as_object(), user))
                raise PublicationRefused(self, reason) from error

    @transaction.atomic
    def save(self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any) -> None:
        """Where a revision goes live, append its message: an Alert the first time, an Update while active.

        Raises PublicationRefused for an alert that is over (make a new one), that would be over at once, that would
        change its status, or that is an alias or was not saved as a draft first; and where only its author has
        approved it (alerts.approval).
        """
        if not self.live or kwargs.get("update_fields") is not None or not self._goes_live():
            super().save(clean=clean, user=user, log_action=log_action, **kwargs)
            return
        AlertMessage.lock()
        now, chain = timezone.now(), self.chain()
        kind = Kind.UPDATE if chain.messages else Kind.ALERT
        self._refuse_unless_possible(chain, kind, now)
        sender = get_active_log_context().user or self.live_revision.user
        authorisation = approval.authorisation_for(self, sender)
        if parity.following(self) and (errors := self.publication_errors()):
            raise PublicationRefused(self, errors)
        parity.stand_in(self)
        super().save(clean=clean, user=user, log_action=log_action, **kwargs)
        message = AlertMessage.append(self, kind, now=now, user=sender, authorisation=authorisation)
        if kind is Kind.ALERT:
            sources.tell_of_ending(message)

    def _goes_live(self) -> bool:
        stored = type(self).objects.filter(pk=self.pk).values_list("live", "live_revision_id").first()
        return stored != (True, self.live_revision_id) or self.live_revision_id is None

    def _refuse_unless_possible(self, chain: Chain, kind: Kind, now: datetime) -> None:
        if self.alias_of_id or self.live_revision_id is None:
            raise PublicationRefused(
                self, ValidationError(gettext("Save the alert as a draft first, then publish it."))
            )
        chain.refuse_unless_possible(self, kind, now)
        if errors := parity.left_standing(self):
            raise PublicationRefused(self, errors)
        if self.expires is None or self.expires <= now:
            message = gettext("It would be over at once: choose an end (“until”) in the future.")
            raise PublicationRefused(self, ValidationError({"expires": message}))
        for name in ("onset", "expires"):
            # A form says so while it is filled in; what came another way (an import, a command) is asked here.
            try:
                moments.check_near(getattr(self, name), now)
            except ValidationError as error:
                raise PublicationRefused(self, ValidationError({name: error})) from error
        if chain.messages and chain.last.content["status"] != self.status:
            message = gettext(
                "It was sent as “%(status)s”, which cannot change. Cancel it and make a new alert."
            )
            sent_as = Status(chain.last.content["status"]).label
            raise PublicationRefused(self, ValidationError({"status": message % {"status": sent_as}}))

    @transaction.atomic
    def end(
        self,
        kind: Kind,
        *,
        now: datetime,
        user: Any = None,
        texts: dict[str, dict[str, str]] | None = None,
        after: str | None = None,
    ) -> AlertMessage:
        """Send the all-clear, or cancel what was issued in error, with `texts` of alerts.content.ended; `after` is the
        identifier of the message that the sender saw last, where that is known. Raises PublicationRefused when it is
        over, when there is a newer message than `after`, when a text reads the same in both languages, or when nobody
        is known to end it (`user`, or the one of the active log context)."""
        AlertMessage.lock()
        chain = self.chain()
        chain.refuse_unless_possible(self, kind, now)
        if after is not None and after != chain.last.identifier:
            raise PublicationRefused(self, ValidationError(chain.told_meanwhile()))
        if any(parity.is_same(said) for said in (texts or {}).values()):
            raise PublicationRefused(self, ValidationError(capfirst(parity.same_in_both())))
        user = user or get_active_log_context().user
        authorisation = approval.authorise_ending(self, user)
        return AlertMessage.append(self, kind, now=now, user=user, authorisation=authorisation, texts=texts)

    def permissions_for_user(self, user: Any) -> approval.AlertPermissionTester:
        return approval.AlertPermissionTester(user, self)

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        """The page as the last message says; a preview says what the next one would."""
        chain, now = self._sent(rendering)
        is_preview = rendering.run.preview or not chain.messages
        content = frozen(parity.completed(self)) if is_preview else chain.last.content
        state = State.ACTIVE if is_preview else chain.state_at(now)
        onset = datetime.fromisoformat(content["onset"])
        is_announced = state is State.ACTIVE and now < onset
        context = {
            "said": content,
            "onset": onset,
            "is_announced": is_announced,
            # What was ended before it began.
            "never_began": state in (State.ENDED, State.CANCELLED) and onset >= chain.last.sent,
            "expires": datetime.fromisoformat(content["expires"]),
            "state": state,
            "State": State,
            "messages": chain.messages[::-1],
            "instructions": steps(content["instruction"][rendering.language]),
            **page_context(content, chain.messages, state, rendering, is_announced=is_announced),
        }
        # A tab, a search result and a preview of a link show nothing else: what is over says so there too.
        is_over = [gettext("This alert is over")] if state is State.EXPIRED else []
        context["title"] = " – ".join([*is_over, context["headline"]])
        return context

    def fallback(self, rendering: Rendering) -> Callable[[], str] | None:
        return partial(self._plainly, rendering)

    def _plainly(self, rendering: Rendering) -> str:
        chain, now = self._sent(rendering)
        sent = [message.as_sent() for message in chain.messages]
        is_active = lifecycle.state_at(sent, now) is State.ACTIVE
        end = chain.last.expires if is_active else lifecycle.news_at(sent, now)
        begin = chain.last.onset if is_active and now < chain.last.onset else None
        return plain.page(
            chain.last.content,
            rendering.language,
            is_active=is_active,
            begin=begin,
            end=end,
            identifier=chain.last.identifier,
        )

    def _sent(self, rendering: Rendering) -> tuple[Chain, datetime]:
        """The chain, and the time of the run."""
        record(chain_key(self.pk))
        with paused():
            chain = self.chain()
        return chain, rendering.run.at(next_turn(chain.messages[-1:], rendering.run.started_at))


def unfilled(alert: AlertPage) -> list[Incomplete]:
    """What a scenario left open and nobody filled in, text by text."""
    reason = gettext("%(placeholder)s is not filled in. Replace it.")
    return [
        Incomplete(
            twin(name, language),
            _("headline") if name == "title" else alert._meta.get_field(name).verbose_name,
            language,
            reason=reason % {"placeholder": placeholder},
        )
        for name in ("title", "what", "instruction", "area")
        for language in LANGUAGES
        for placeholder in placeholders.unfilled(getattr(alert, twin(name, language)) or "")
    ]


def keep_what_was_sent(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """`on_delete` of a message's page, reached by every route that deletes it or a page above it."""
    raise ValidationError(gettext("An alert that was sent cannot be deleted: end it or cancel it instead."))


STATES = {
    State.DRAFT: _("draft"),
    State.ACTIVE: pgettext_lazy("alert", "active"),
    State.ENDED: _("all clear"),
    State.EXPIRED: _("expired"),
    State.CANCELLED: _("cancelled"),
}


class Chain:
    """The messages of one alert, oldest first."""

    def __init__(self, messages: list[AlertMessage]) -> None:
        self.messages = messages

    @property
    def first(self) -> AlertMessage:
        return self.messages[0]

    @property
    def last(self) -> AlertMessage:
        return self.messages[-1]

    @property
    def alert_id(self) -> int:
        return self.first.alert_id

    def state_at(self, now: datetime) -> State:
        return lifecycle.state_at([message.as_sent() for message in self.messages], now)

    def refuse_unless_possible(self, page: AlertPage, kind: Kind, now: datetime) -> None:
        """Raises PublicationRefused, in words for the officer, where the transition table says no."""
        state = self.state_at(now)
        try:
            lifecycle.after(state, kind)
        except lifecycle.TransitionRefused as error:
            message = gettext(
                "This alert is not active (%(state)s), so nothing can follow it. Make a new alert."
            )
            raise PublicationRefused(page, ValidationError(message % {"state": STATES[state]})) from error

    def told_meanwhile(self) -> str:
        """For who has not seen the last message."""
        message = gettext(
            "Somebody sent a message for this alert meanwhile. It says now: “%(headline)s”. "
            "Compare your text with it, then send again."
        )
        return message % {"headline": self.last.text("headline")}


def chain_key(alert_id: int) -> str:
    """What a document records that shows the messages of one alert (alerts.publishing tells), not those of all."""
    return f"alerts.chain:{alert_id}"


def next_end(messages: Iterable[AlertMessage | Sent], now: datetime) -> datetime | None:
    """When the first of `messages` expires that has not at `now`."""
    return min((message.expires for message in messages if message.expires > now), default=None)


def next_turn(messages: Iterable[AlertMessage], now: datetime) -> datetime | None:
    """When the first of `messages` begins or expires that has not at `now`: what shows it says something else then."""
    turns = (time for message in messages for time in (message.onset, message.expires))
    return min((time for time in turns if time > now), default=None)


def chains_sent(status: str = Status.ACTUAL, since: datetime | None = None) -> list[Chain]:
    """Every chain of `status` (a status never changes within a chain), newest last message first; with `since` not
    those of which all was sent and over by then."""
    by_alert: dict[int, list[AlertMessage]] = {}
    messages = AlertMessage.objects.filter(content__status=status).defer("xml")
    if since:
        messages = messages.filter(alert_id__in=AlertMessage.alerts_with_news(since))
    for message in messages:
        by_alert.setdefault(message.alert_id, []).append(message)
    return sorted(map(Chain, by_alert.values()), key=lambda chain: chain.last.pk, reverse=True)


def new_identifier() -> str:
    """An identifier that is unique, that no clock decides, and free of what CAP forbids (space, comma, <, &)."""
    return f"vigie-{uuid.uuid4()}"


class AlertMessage(models.Model):
    """One CAP message as it was sent. Appended by `append`, never changed: the database refuses it."""

    alert = models.ForeignKey(
        AlertPage, on_delete=keep_what_was_sent, related_name="messages", verbose_name=_("alert")
    )
    identifier = models.CharField(
        _("identifier"), max_length=80, unique=True, default=new_identifier, editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    sent = models.DateTimeField(_("sent"))
    expires = models.DateTimeField(_("expires"))
    content = models.JSONField(_("content"))
    references = models.TextField(_("references"), blank=True)
    xml = models.TextField(_("CAP 1.2"), blank=True, help_text=_("Empty where it could not be made."))
    sha256 = models.CharField(_("SHA-256 of the XML"), max_length=64)
    # Unique, so that the ledger is one line: no two messages follow the same one.
    previous_seal = models.CharField(_("seal of the message before"), max_length=64, blank=True, unique=True)
    seal = models.CharField(_("SHA-256 of the record and the seal before"), max_length=64, unique=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("sent by"),
    )

    class Meta:
        verbose_name = _("alert message")
        verbose_name_plural = _("alert messages")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.identifier

    def as_sent(self) -> Sent:
        return Sent(Kind(self.kind), self.sent, self.expires)

    def text(self, name: str) -> str:
        """What the message says as `name`, in the active language."""
        return str(self.content[name][active()])

    @property
    def headline(self) -> str:
        return self.text("headline")

    @property
    def onset(self) -> datetime:
        return datetime.fromisoformat(self.content["onset"])

    def news_at(self, now: datetime) -> datetime:
        """When the public last had news of what this message, the last of its alert, says."""
        return lifecycle.news_at([self.as_sent()], now)

    @property
    def is_announcement(self) -> bool:
        """Whether what it warns of was still to begin when it was sent."""
        return self.kind in (Kind.ALERT, Kind.UPDATE) and self.sent < self.onset

    @property
    def has_xml(self) -> bool:
        """Told from the hash, so that lists need not read the XML."""
        return self.sha256 != NO_XML

    @property
    def url(self) -> str:
        """The path of its CAP file."""
        return f"/alerts/cap/{self.identifier}.xml"

    @classmethod
    def alerts_with_news(cls, since: datetime) -> models.QuerySet[Any, Any]:
        """The numbers of the alerts of which something was sent, or held, later than `since`."""
        return cls.objects.filter(models.Q(sent__gt=since) | models.Q(expires__gt=since)).values("alert_id")

    @classmethod
    def alerts_that_waited(cls, since: datetime) -> models.QuerySet[Any, Any]:
        """Messages whose news, however old, nobody has brought to the site yet, or whose expiry was noticed later
        than `since`."""
        waits = models.Q(deliveries__channel=ChannelName.SITE, deliveries__state__in=AlertDelivery.OPEN)
        return cls.objects.filter(waits | models.Q(expiry_notice__noticed_at__gt=since))

    @staticmethod
    def lock() -> None:
        """One publication at a time, until the transaction ends. SQLite's transactions here are exclusive from their
        beginning (`transaction_mode`), so only PostgreSQL has to be told."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {AlertMessage._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")

    @classmethod
    @transaction.atomic
    def append(
        cls,
        alert: AlertPage,
        kind: Kind,
        *,
        now: datetime,
        authorisation: approval.Authorisation,
        user: Any = None,
        texts: dict[str, dict[str, str]] | None = None,
    ) -> AlertMessage:
        """Append one message to the chain of `alert`; ask for a build and for its deliveries. The caller locks.

        Its references are all messages of the chain that have not expired (CAP 1.2, 3.2.1). Where the XML cannot be
        made, that is logged as an error and the rest goes out. Raises TransitionRefused when the chain takes no such
        message.
        """
        messages = list(cls.objects.filter(alert_id=alert.pk))
        lifecycle.after(lifecycle.state_at([message.as_sent() for message in messages], now), kind)
        previous = cls.objects.order_by("-pk").first()
        # A clock that is set back must not reorder what was sent; nor one that once was wrong spoil other alerts.
        sent = max([now.astimezone(UTC).replace(microsecond=0), *(message.sent for message in messages)])
        if sent - now > WRONG_CLOCK:
            logger.error(
                "The last message of alert %s was sent at %s, which is ahead: so is what is sent now. Was a clock "
                "wrong? Send a new alert, and end this one.",
                alert.pk,
                sent.isoformat(),
            )
        content = (
            frozen(alert)
            if kind in (Kind.ALERT, Kind.UPDATE)
            else ended(messages[-1].content, kind, sent=sent, texts=texts)
        )
        # Kept with the message, which later ones name by it: the setting may change.
        content["sender"] = settings.VIGIE_CAP_SENDER
        message = cls(
            alert_id=alert.pk,
            kind=kind,
            sent=sent,
            expires=datetime.fromisoformat(content["expires"]),
            content=content,
            references=" ".join(earlier.reference() for earlier in messages if earlier.expires > now),
            sent_by=user,
            previous_seal=previous.seal if previous else "",
        )
        message.xml = message.make_xml()
        message.sha256 = hashlib.sha256(message.xml.encode()).hexdigest()
        approval.record(authorisation, message)
        message.seal = message.make_seal()
        message.save(force_insert=True)
        outbox.enqueue(message, request_build(f"alert {message.identifier}", urgent=True))
        return message

    @property
    def sender(self) -> str:
        return str(self.content.get("sender", settings.VIGIE_CAP_SENDER))

    def reference(self) -> str:
        """How later messages name it: as its own XML does."""
        return cap.reference(self.sender, self.identifier, self.sent)

    def make_xml(self) -> str:
        """Its CAP file, which follows the schema; "" (and an error in the log) where that fails, in whatever way:
        people are warned all the same."""
        try:
            xml = cap.build(
                identifier=self.identifier,
                sender=self.sender,
                sent=self.sent,
                kind=Kind(self.kind),
                references=self.references,
                content=self.content,
            )
            xml = signature.signed(xml)
            cap.validate(xml)
        except Exception:
            logger.exception(
                "The CAP file of %s could not be made: the alert goes out without it", self.identifier
            )
            return ""
        return xml.decode("utf-8")

    def make_seal(self) -> str:
        """The SHA-256 of all that the record says and of the seal before it."""
        record = [
            self.previous_seal,
            self.alert_id,
            self.identifier,
            str(self.kind),
            self.sent.astimezone(UTC).isoformat(),
            self.expires.astimezone(UTC).isoformat(),
            self.references,
            self.content,
            self.sha256,
            *([self.authorisation.record()] if hasattr(self, "authorisation") else []),
        ]
        return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


class ExpiryNotice(models.Model):
    """That a build was asked for because this message expired: once a message, also after a restart."""

    message = models.OneToOneField(AlertMessage, on_delete=models.PROTECT, related_name="expiry_notice")
    noticed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("notice of expiry")

    def __str__(self) -> str:
        return str(self.message)


class ExpiryMail(models.Model):
    """The mail to one officer about one message. Its row exists before it is sent, so that nobody is forgotten."""

    message = models.ForeignKey(AlertMessage, on_delete=models.PROTECT, related_name="expiry_mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(_("not before"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("mail before an alert expires")
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="one_expiry_mail_a_message")]

    def __str__(self) -> str:
        return f"{self.message}: {self.user}"
