"""Periods of whole days. Both ends are part of the period; a missing end is open."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` to `end`, both included; None is an open end. False when it has no day."""

    start: datetime.date | None = None
    end: datetime.date | None = None

    def __contains__(self, day: datetime.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def __bool__(self) -> bool:
        return self.start is None or self.end is None or self.start <= self.end

    def __and__(self, other: "Period") -> "Period":
        """The days that lie in both."""
        starts = [day for day in (self.start, other.start) if day is not None]
        ends = [day for day in (self.end, other.end) if day is not None]
        return Period(max(starts, default=None), min(ends, default=None))


class DatedQuerySet(models.QuerySet):
    def on(self, date: datetime.date, prefix: str = "") -> Any:
        """What is valid on `date`; `prefix` ("zone__") looks at a related row's period instead."""
        started = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": date})
        not_ended = Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gte": date})
        return self.filter(started & not_ended)


DatedManager = models.Manager.from_queryset(DatedQuerySet)


class Dated(models.Model):
    """A row that holds from `valid_from` to `valid_until`, both days included."""

    valid_from = models.DateField(
        _("valid from"), null=True, blank=True, help_text=_("First day. Empty: always was.")
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("Last day. Empty: no end known.")
    )

    objects = DatedManager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                violation_error_message=_("The last day is before the first day."),
            )
        ]

    @property
    def own_period(self) -> Period:
        return Period(self.valid_from, self.valid_until)

    def holds_on(self, date: datetime.date) -> bool:
        return date in self.own_period

    def clean(self) -> None:
        super().clean()
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError(
                {
                    "valid_until": gettext("The last day (%(until)s) is before the first day (%(start)s).")
                    % {"until": self.valid_until, "start": self.valid_from}
                }
            )
