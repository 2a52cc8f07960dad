"""Emergency numbers: what to dial for which need, in both languages, and when somebody last checked it.

An entry answers one need. Its lines are the numbers (or addresses) that answer: one for everybody, or one a
language. Whether a number may be called depends on the time, which is always an argument. What the public sees
of all this is `emergency_numbers.directory`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from emergency_numbers.blocks import GuideBlock
from emergency_numbers.checks import CHARGED, FREE, NORMAL, Finding, findings
from emergency_numbers.fields import SpokenLanguagesField
from emergency_numbers.querysets import PUBLISHED, UNPUBLISHED, UNSURE, EmergencyNumberManager
from emergency_numbers.spelling import key as number_key
from emergency_numbers.spelling import validate_number
from pages import completeness
from pages.languages import twins
from pages.mixins import BilingualModel
from pages.models import BilingualPage
from pages.panels import twin_panel

VERIFY_EVERY = datetime.timedelta(days=182)
"""How long a verification holds, unless the editor says otherwise."""
ALWAYS_PUBLISHED = ("112", "101")
"""Keys of the entries that every page shows."""


class ForbiddenNumber(models.Model):
    """A number that must not be published, and why. Held against lines, channels and exports."""

    number = models.CharField(_("number"), max_length=60, unique=True, validators=[validate_number])
    why = models.TextField(_("why"))

    panels = [FieldPanel("number"), FieldPanel("why")]

    class Meta:
        verbose_name = _("number not to publish")
        verbose_name_plural = _("numbers not to publish")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def reasons(cls) -> dict[str, str]:
        """Why, by `spelling.key` of the number."""
        return {number_key(number): why for number, why in cls.objects.values_list("number", "why")}


def refuse_forbidden(field: str, number: str) -> None:
    """Raise ValidationError for `field` when `number` is on the list of numbers not to publish."""
    try:
        why = ForbiddenNumber.reasons().get(number_key(number))
    except ValueError:
        return
    if why:
        message = gettext("%(number)s must not be published: %(why)s.")
        raise ValidationError({field: message % {"number": number, "why": why}})


def refuse_incomplete(instance: models.Model) -> None:
    """Raise ValidationError that names each text of `instance` that one language lacks. Its children say so
    themselves."""
    errors: dict[str, list[str]] = {}
    for missing in completeness.check(instance):
        if not missing.place:
            errors.setdefault(missing.field, []).append(str(missing))
    if errors:
        raise ValidationError(errors)


class Need(BilingualModel):
    """What people need: the groups of the page, in the order of `position`."""

    key = models.SlugField(
        _("key"), max_length=40, unique=True, help_text=_("Never changes: others rely on it.")
    )
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    panels = [FieldPanel("key"), twin_panel("name"), FieldPanel("position")]

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name or self.key


class EmergencyNumber(BilingualModel, ClusterableModel):
    """One need and how to have it answered.

    `key` is its public identifier and never changes. With `only_while_activated`, its numbers exist until
    `activated_until`; without that moment they are not in service.
    """

    class Kind(models.TextChoices):
        EMERGENCY = "emergency", _("Emergency: shown first, large")
        SERVICE = "service", _("Service: shown under its need")
        SENDER = "sender", _("Sender of messages: never to be called")
        LEGACY = "legacy", _("Old number: answers, is not shown")

    class Status(models.TextChoices):
        PUBLISHED = PUBLISHED, pgettext_lazy("emergency number", "Published")
        UNPUBLISHED = UNPUBLISHED, pgettext_lazy("emergency number", "Unpublished")

    key = models.SlugField(
        _("key"), max_length=60, unique=True, help_text=_("Never changes: other systems rely on it.")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.UNPUBLISHED)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SERVICE)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+", verbose_name=_("need"))
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Its place among the numbers of the same need.")
    )
    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=300, help_text=_("When to call, in one sentence."))
    only_while_activated = models.BooleanField(
        _("only while activated"),
        default=False,
        help_text=_("The authorities open this number during a crisis and close it afterwards."),
    )
    activated_until = models.DateTimeField(
        _("activated until"), null=True, blank=True, help_text=_("Empty: not in service.")
    )
    replaced_by = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("replaced by"),
        help_text=_("For an old number: which one people should learn instead."),
    )
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("verified by"),
    )
    verify_again_by = models.DateField(_("verify again by"), null=True, blank=True)
    note = models.TextField(_("note for editors"), blank=True, help_text=_("Never public."))

    objects = EmergencyNumberManager()  # type: ignore[django-manager-missing]

    panels = [
        FieldRowPanel([FieldPanel("status"), FieldPanel("key")]),
        twin_panel("name"),
        twin_panel("purpose"),
        InlinePanel("lines", min_num=1, heading=_("Numbers and addresses"), label=_("Number or address")),
        InlinePanel("channels", heading=_("Other channels"), label=_("Channel")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("need"), FieldPanel("position")]),
                FieldRowPanel([FieldPanel("kind"), FieldPanel("replaced_by")]),
            ],
            heading=_("Where it is shown"),
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("only_while_activated"), FieldPanel("activated_until")])],
            heading=_("Activation"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("verified_on"), FieldPanel("verify_again_by")]),
                FieldPanel("verified_by", read_only=True),
                FieldPanel("note"),
            ],
            heading=_("Verification"),
        ),
    ]

    class Meta:
        verbose_name = _("emergency number")
        verbose_name_plural = _("emergency numbers")
        ordering = ["need__position", "position", "key"]
        constraints = [
            models.CheckConstraint(
                name="number_published_in_both_languages",
                condition=Q(status=UNPUBLISHED)
                | (
                    Q(*((name + "__isnull", False) for name in (*twins("name"), *twins("purpose"))))
                    & ~Q(*((name, "") for name in (*twins("name"), *twins("purpose"))), _connector=Q.OR)
                ),
                violation_error_message=_(
                    "A number is published only with name and purpose in both languages."
                ),
            ),
            models.CheckConstraint(
                name="number_activated_only_when_it_can_be",
                condition=Q(activated_until__isnull=True) | Q(only_while_activated=True),
                violation_error_message=_(
                    "Only a number that exists while activated has an end of activation."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key

    def numbers(self) -> str:
        """All its numbers and addresses, for lists in the CMS."""
        return " · ".join(line.number for line in self.lines.all())

    def is_activated(self, now: datetime.datetime) -> bool:
        """True when its lines are in service at `now` (aware)."""
        if not self.only_while_activated:
            return True
        return self.activated_until is not None and now < self.activated_until

    def is_overdue(self, on: datetime.date) -> bool:
        """True when it is published and its verification is missing or has run out by `on`."""
        if self.status != self.Status.PUBLISHED:
            return False
        return self.verified_on is None or self.verify_again_by is None or self.verify_again_by <= on

    def is_to_verify(self) -> bool:
        """True when a detail of it waits for somebody to check it."""
        return any(line.is_to_verify() for line in self.lines.all()) or any(
            channel.to_verify for channel in self.channels.all()
        )

    def verify(self, user: Any, on: datetime.date) -> None:
        """Store that `user` compared the numbers with their sources on `on`. What is marked "to verify" stays
        so: taking that off is a decision for each detail."""
        self.verified_on, self.verified_by, self.verify_again_by = on, user, on + VERIFY_EVERY
        self.save()

    def clean(self) -> None:
        super().clean()
        if self.activated_until and not self.only_while_activated:
            raise ValidationError(
                {
                    "activated_until": gettext(
                        "Only a number that exists while activated has an end of activation."
                    )
                }
            )
        if self.verified_on and self.verify_again_by and self.verify_again_by <= self.verified_on:
            raise ValidationError(
                {
                    "verify_again_by": gettext("Choose a day after the verification (%(day)s).")
                    % {"day": self.verified_on}
                }
            )
        if self.status == self.Status.PUBLISHED:
            refuse_incomplete(self)
        elif self.key in ALWAYS_PUBLISHED:
            raise ValidationError(
                {"status": gettext("%(key)s is on every page: it stays published.") % {"key": self.key}}
            )


class Line(BilingualModel):
    """A number or an address that answers, in some languages. The public does not see what is "to verify"."""

    class Cost(models.TextChoices):
        FREE = FREE, _("Free")
        NORMAL = NORMAL, _("Normal rate")
        CHARGED = CHARGED, _("Charged")

    class Confidence(models.TextChoices):
        A = "A", _("A: page of the operator or an authority")
        B = "B", _("B: several other pages")
        C = UNSURE, _("C: old or single source, to verify")

    entry = ParentalKey(EmergencyNumber, on_delete=models.CASCADE, related_name="lines")
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    number = models.CharField(
        _("number or address"),
        max_length=60,
        validators=[validate_number],
        help_text=_("As people read it: “070 245 245”, “1733”, or an e-mail address."),
    )
    name = models.CharField(
        _("who answers"),
        max_length=120,
        blank=True,
        help_text=_("The name of the service, where it has its own."),
    )
    languages = SpokenLanguagesField(_("spoken languages"))
    around_the_clock = models.BooleanField(_("day and night, every day"), default=False)
    hours = models.CharField(_("hours"), max_length=160, blank=True)
    hours_to_verify = models.BooleanField(_("hours to verify"), default=False)
    cost = models.CharField(_("cost"), max_length=8, choices=Cost, blank=True)
    cost_detail = models.CharField(_("cost, in words"), max_length=120, blank=True)
    cost_to_verify = models.BooleanField(_("cost to verify"), default=False)
    confidence = models.CharField(_("confidence"), max_length=1, choices=Confidence, default=Confidence.C)
    source = models.CharField(_("source"), max_length=300, blank=True, help_text=_("Where this was read."))

    panels = [
        FieldRowPanel([FieldPanel("number"), FieldPanel("languages")]),
        twin_panel("name"),
        FieldRowPanel([FieldPanel("around_the_clock"), FieldPanel("hours_to_verify")]),
        twin_panel("hours"),
        FieldRowPanel([FieldPanel("cost"), FieldPanel("cost_to_verify")]),
        twin_panel("cost_detail"),
        FieldRowPanel([FieldPanel("source"), FieldPanel("confidence")]),
    ]

    class Meta:
        verbose_name = _("number or address")
        verbose_name_plural = _("numbers and addresses")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.number

    def is_to_verify(self) -> bool:
        return self.hours_to_verify or self.cost_to_verify or self.confidence == self.Confidence.C

    def findings(self) -> list[Finding]:
        """What `phonenumbers` would look at again."""
        return findings(self.number, self.cost, self.source)

    def clean(self) -> None:
        super().clean()
        refuse_forbidden("number", self.number)
        if self.around_the_clock and any(getattr(self, name) for name in twins("hours")):
            message = gettext("Day and night leaves no other hours: clear the one or the other.")
            raise ValidationError({"around_the_clock": message})
        refuse_incomplete(self)


class Channel(BilingualModel):
    """Another way than calling: an app, a chat, a text message, a site, or a second number."""

    class Kind(models.TextChoices):
        APP = "app", _("App")
        CHAT = "chat", _("Chat")
        SMS = "sms", _("Text message")
        SITE = "site", _("Site")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Another number")

    entry = ParentalKey(EmergencyNumber, on_delete=models.CASCADE, related_name="channels")
    sort_order = models.IntegerField(null=True, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = models.CharField(_("text"), max_length=200, help_text=_("What it is and for whom."))
    address = models.CharField(
        _("address"),
        max_length=200,
        blank=True,
        help_text=_("A web address (https://…), an e-mail address or a number."),
    )
    languages = SpokenLanguagesField(_("languages"), blank=True)
    for_deaf = models.BooleanField(_("for deaf and hard-of-hearing people"), default=False)
    to_verify = models.BooleanField(
        _("to verify"), default=False, help_text=_("Hidden from the public meanwhile.")
    )

    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("languages")]),
        twin_panel("text"),
        twin_panel("address"),
        FieldRowPanel([FieldPanel("for_deaf"), FieldPanel("to_verify")]),
    ]

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.text or self.get_kind_display()

    def clean(self) -> None:
        super().clean()
        for name in twins("address"):
            address = (getattr(self, name) or "").strip()
            if address and not address.startswith("https://"):
                try:
                    validate_number(address)
                except ValidationError as error:
                    raise ValidationError({name: error.messages}) from error
                refuse_forbidden(name, address)
        refuse_incomplete(self)


class EmergencyNumbersPage(BilingualPage):
    """The numbers for the public: 112 and 101 first, a guide of situations, then by need; a poster."""

    intro = models.TextField(
        _("introduction"), blank=True, help_text=_("What everybody who calls should know. Below 112 and 101.")
    )
    guide = StreamField(
        GuideBlock(),
        verbose_name=_("which number?"),
        blank=True,
        help_text=_("Situations, each with the number that answers it."),
    )

    template = "emergency_numbers/emergency_numbers_page.html"
    is_urgent = True
    fixed_slugs: ClassVar[Mapping[str, str]] = {"fr": "numeros-urgence", "nl": "noodnummers"}
    max_count = 1
    content_panels = [*BilingualPage.content_panels, twin_panel("intro"), FieldPanel("guide")]
    search_fields = [*BilingualPage.search_fields, *(index.SearchField(name) for name in twins("intro"))]
    api_fields = [
        *BilingualPage.api_fields,
        *(APIField(name, writable=True) for name in twins("intro")),
        APIField("guide"),
    ]

    class Meta:
        verbose_name = _("emergency numbers page")
        verbose_name_plural = _("emergency numbers pages")

    def get_render_context(self, rendering: Any) -> dict[str, Any]:
        from emergency_numbers.rendering import page_context

        return page_context(self, rendering)
