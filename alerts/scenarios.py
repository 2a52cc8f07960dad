"""Scenarios: alerts prepared in both languages, of which an officer fills in the place and the hour.

Their texts are checked when they are edited, at leisure, so that nothing is left to find out at three in the morning.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from alerts import placeholders
from alerts.content import HEADLINE
from alerts.fields import ResponsesField
from alerts.vocabulary import Certainty, Event, Severity, Status, Urgency
from pages import completeness
from pages.languages import LANGUAGES, NAMES, twin
from pages.mixins import BilingualModel
from pages.panels import twin_panel

TEXTS = ("headline", "what", "instruction")
LONGEST = {placeholders.PLACE: 49, placeholders.TIME: 17, placeholders.DETAIL: 300}
"""Characters that a placeholder may grow to: of a place, CAP 1.2, 3.2.4 `areaDesc` as the alert limits it."""
MOST_HOURS = 7 * 24


class Scenario(BilingualModel):
    """An alert in both languages with placeholders (alerts.placeholders), and how long it usually lasts."""

    name = models.CharField(_("name"), max_length=80, help_text=_("What officers choose in the list."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    event = models.CharField(_("event"), max_length=20, choices=Event, default=Event.OTHER)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ACTUAL)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.IMMEDIATE)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, default=Severity.SEVERE)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty, default=Certainty.OBSERVED)
    response_types = ResponsesField(
        _("what people should do, as a code"), blank=True, help_text=_("For other systems; several may hold.")
    )
    hours = models.PositiveSmallIntegerField(
        _("hours until it ends"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_HOURS)],
        help_text=_("What the form proposes; the officer may change it."),
    )
    headline = models.CharField(
        _("headline"),
        max_length=HEADLINE,
        help_text=_("Write {place}, {time} and {detail} where the officer is to fill them in."),
    )
    what = models.TextField(_("what happens"), max_length=800)
    instruction = models.TextField(_("what to do"), max_length=1000, help_text=_("One short step a line."))

    panels = [
        FieldRowPanel([FieldPanel("event"), FieldPanel("status")]),
        twin_panel("name"),
        twin_panel("headline"),
        twin_panel("what"),
        twin_panel("instruction"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("urgency"), FieldPanel("severity"), FieldPanel("certainty")]),
                FieldPanel("response_types"),
                FieldRowPanel([FieldPanel("hours"), FieldPanel("position")]),
            ],
            heading=_("Details"),
        ),
    ]

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name or gettext("(untitled)")

    @property
    def duration(self) -> timedelta:
        return timedelta(hours=self.hours)

    @property
    def asks_detail(self) -> bool:
        """Whether a text has {detail}."""
        return any(placeholders.DETAIL in placeholders.named(text) for text in self.texts().values())

    def texts(self) -> dict[str, str]:
        """The texts of the alert by field name: "headline_fr", "headline_nl", "what_fr"…"""
        names = [twin(name, language) for name in TEXTS for language in LANGUAGES]
        return {name: getattr(self, name) or "" for name in names}

    def clean(self) -> None:
        """Every text in both languages, with known placeholders only, the same ones in both, and room for them."""
        super().clean()
        errors: dict[str, list[str]] = {}
        for missing in completeness.check(self):
            errors.setdefault(missing.field, []).append(str(missing))
        for name, text in self.texts().items():
            if problems := self._problems(name, text):
                errors.setdefault(name, []).extend(problems)
        if errors:
            raise ValidationError(errors)

    def _problems(self, name: str, text: str) -> list[str]:
        stem, _separator, language = name.rpartition("_")
        known = ", ".join(f"{{{known}}}" for known in placeholders.MEANINGS)
        problems = [
            gettext("“%(strange)s” is no placeholder. These are: %(known)s.")
            % {"strange": strange, "known": known}
            for strange in placeholders.unknown(text)
        ]
        for there in LANGUAGES:
            counterpart = getattr(self, twin(stem, there)) or ""
            only_there = set(placeholders.named(counterpart)) - set(placeholders.named(text))
            problems += [
                gettext("%(language)s has {%(name)s}, this text has not.")
                % {"language": str(NAMES[there]).capitalize(), "name": missing}
                for missing in sorted(only_there & set(placeholders.MEANINGS))
                if text and there != language
            ]
        if stem == "headline":
            filled = placeholders.fill(text, {key: "x" * most for key, most in LONGEST.items()})
            if len(filled) > HEADLINE:
                message = gettext(
                    "With a long place: %(length)d characters; a headline has at most %(most)d. Shorten it."
                )
                problems.append(message % {"length": len(filled), "most": HEADLINE})
        return problems

    def filled(self, values: dict[str, dict[str, str]]) -> dict[str, Any]:
        """`texts` with the placeholders that `values` (by language, then by name) knows replaced."""
        return {name: placeholders.fill(text, values[name[-2:]]) for name, text in self.texts().items()}
