"""Municipalities and police zones as dated data: a merger changes rows, never history. Landmarks: where crowds are.

Every question is asked of a date. A municipality belongs to one zone at a time.
"""

import datetime
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel

from pages import completeness
from pages.mixins import BilingualModel
from pages.panels import twin_panel
from territory.fields import CodesField, ShapesField
from territory.forms import PoliceZoneForm
from territory.validity import Dated, Period


class Municipality(BilingualModel, Dated):
    """One of the region's municipalities. `nis` is Statbel's code; a postal code is not a municipality, since
    parts of one may belong to another."""

    nis = models.CharField(
        _("NIS code"),
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^\d{5}\Z", _("A NIS code has five digits."))],
    )
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("In the address of filtered lists.")
    )
    postal_codes = CodesField(_("postal codes"))

    panels = [
        FieldPanel("nis"),
        twin_panel("name"),
        twin_panel("slug"),
        FieldPanel("postal_codes"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
    ]

    class Meta(Dated.Meta):
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["nis"]

    def __str__(self) -> str:
        return self.name or self.nis

    def zone_on(self, date: datetime.date) -> "PoliceZone | None":
        """The police zone it belongs to on `date`, or None."""
        memberships = ZoneMembership.objects.filter(municipality=self).on(date).on(date, "zone__")
        membership = memberships.select_related("zone").first()
        return membership.zone if membership else None


class PoliceZone(BilingualModel, Dated, ClusterableModel):
    """A local police zone. `code` is the federal one."""

    code = models.CharField(
        _("code"),
        max_length=4,
        unique=True,
        validators=[RegexValidator(r"^\d{4}\Z", _("A police zone has a code of four digits."))],
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(
        _("slug"), max_length=120, unique=True, help_text=_("In the address of filtered lists.")
    )

    base_form_class = PoliceZoneForm
    panels = [
        FieldPanel("code"),
        twin_panel("name"),
        twin_panel("slug"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
        InlinePanel("memberships", heading=_("Municipalities"), label=_("Municipality")),
    ]

    class Meta(Dated.Meta):
        verbose_name = _("police zone")
        verbose_name_plural = _("police zones")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name or self.code

    def municipalities_on(self, date: datetime.date) -> "models.QuerySet[Municipality]":
        """The municipalities that belong to it on `date`, by NIS code; none when it does not exist then."""
        if not self.holds_on(date):
            return Municipality.objects.none()
        members = ZoneMembership.objects.on(date).filter(zone=self)
        return Municipality.objects.on(date).filter(pk__in=members.values("municipality"))


class ZoneMembership(Dated):
    """A municipality's time in a zone. It ends with the zone, whatever its own end."""

    zone = ParentalKey(
        PoliceZone, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("police zone")
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("municipality")
    )

    panels = [
        FieldPanel("municipality"),
        FieldRowPanel([FieldPanel("valid_from"), FieldPanel("valid_until")]),
    ]

    class Meta(Dated.Meta):
        verbose_name = _("membership of a zone")
        verbose_name_plural = _("memberships of zones")
        ordering = ["municipality__nis", "valid_from"]

    def __str__(self) -> str:
        return f"{self.municipality} → {self.zone}"

    @property
    def period(self) -> Period:
        """The days on which it holds: its own, as long as the zone exists."""
        return self.own_period & self.zone.own_period

    def clashes_with(self, others: "Iterable[ZoneMembership]") -> "ZoneMembership | None":
        """The first of `others` that puts this municipality into a zone on the same days, or None."""
        return next(
            (
                other
                for other in others
                if other.municipality_id == self.municipality_id
                and other is not self
                and self.period & other.period
            ),
            None,
        )

    def clash_elsewhere(self) -> "ZoneMembership | None":
        """The first stored membership of another zone on the same days, or None."""
        elsewhere = ZoneMembership.objects.filter(municipality_id=self.municipality_id).select_related("zone")
        return self.clashes_with(elsewhere.exclude(zone_id=self.zone_id) if self.zone_id else elsewhere)

    def clean(self) -> None:
        super().clean()
        # A form's rows get their zone only when they are saved: territory.forms checks them.
        if self.municipality_id and self.zone_id and (other := self.clash_elsewhere()):
            raise ValidationError({"municipality": self.clash_message(other.zone)})

    def clash_message(self, zone: PoliceZone) -> str:
        """What to tell who puts this municipality into a second zone beside `zone`."""
        message = gettext(
            "%(municipality)s belongs to the zone “%(zone)s” on some of these days."
            " End that membership or zone first."
        )
        return message % {"municipality": self.municipality, "zone": zone}


class Landmark(BilingualModel):
    """A place that alerts are about again and again, with its outline ready: a station, a square, a quarter."""

    name = models.CharField(_("name"), max_length=49)
    shapes = ShapesField(_("outline"))

    panels = [twin_panel("name"), FieldPanel("shapes")]

    class Meta:
        verbose_name = _("landmark")
        verbose_name_plural = _("landmarks")
        ordering = ["name_fr"]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    def clean(self) -> None:
        super().clean()
        errors: dict[str, list[str]] = {}
        for missing in completeness.check(self):
            errors.setdefault(missing.field, []).append(str(missing))
        if errors:
            raise ValidationError(errors)


def zone_on(nis: str, date: datetime.date) -> PoliceZone | None:
    """The police zone of the municipality with this NIS code on `date`, or None."""
    municipality = Municipality.objects.on(date).filter(nis=nis).first()
    return municipality.zone_on(date) if municipality else None


def municipalities_on(date: datetime.date) -> "models.QuerySet[Municipality]":
    """The region's municipalities on `date`, by NIS code."""
    return Municipality.objects.on(date)


def zones_on(date: datetime.date) -> "models.QuerySet[PoliceZone]":
    """The police zones that exist on `date`, by code."""
    return PoliceZone.objects.on(date)
