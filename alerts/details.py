"""What an alert says beside its texts (area, responses, contact): its panels in the CMS, and what keeps it from being
published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django import forms
from django.core.exceptions import ValidationError
from wagtail.admin.panels import FieldPanel, Panel

from alerts import fields
from emergency_numbers.models import refuse_forbidden
from emergency_numbers.spelling import validate_number
from pages.completeness import Incomplete
from territory import geometry

if TYPE_CHECKING:
    from alerts.models import AlertPage


def area_panels() -> list[Panel]:
    """Check boxes, which a keyboard reaches one by one, and the map."""
    several = ("municipalities", "police_zones", "landmarks")
    return [
        *(FieldPanel(name, widget=forms.CheckboxSelectMultiple) for name in several),
        FieldPanel("shapes"),
    ]


def errors(alert: AlertPage) -> Iterator[Incomplete]:
    """What a form would say, for the routes that have none."""
    checks = (
        ("shapes", lambda: geometry.parse(alert.shapes or "")),
        ("response_types", lambda: fields.check(alert.response_types)),
        ("contact_number", lambda: _check_number(alert.contact_number)),
    )
    for name, check in checks:
        try:
            check()
        except ValidationError as error:
            yield Incomplete(
                name, alert._meta.get_field(name).verbose_name, None, reason=" ".join(error.messages)
            )


def _check_number(number: str) -> None:
    """As the emergency numbers are: it can be dialled or written to, and is not one that must not be published."""
    if number:
        validate_number(number)
        refuse_forbidden("contact_number", number)
