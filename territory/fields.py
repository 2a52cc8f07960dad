"""Fields of territory: a list of short codes, edited as one line of text; shapes on the ground, drawn or typed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from territory import geometry
from territory.widgets import ShapesWidget

POSTAL_CODE = RegexValidator(r"^[1-9]\d{3}\Z", _("A Belgian postal code has four digits."))


class CodesFormField(forms.CharField):
    """Codes separated by commas or spaces, as a list without repeats."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        codes = value if isinstance(value, list) else str(value or "").replace(",", " ").split()
        return list(dict.fromkeys(codes))

    def run_validators(self, value: Any) -> None:
        for code in value:
            super().run_validators(code)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class CodesField(models.JSONField):
    """A list of strings. `item_validator` judges each."""

    def __init__(self, *args: Any, item_validator: RegexValidator = POSTAL_CODE, **kwargs: Any) -> None:
        self.item_validator = item_validator
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            raise ValidationError(_("Give a list of codes."))
        for code in value:
            self.item_validator(code)

    def formfield(self, **kwargs: Any) -> Any:
        options = {
            "required": not self.blank,
            "label": self.verbose_name,
            "help_text": self.help_text or _("Separated by commas."),
            "validators": [self.item_validator],
        }
        return CodesFormField(
            **(options | {key: value for key, value in kwargs.items() if key in ("widget", "label")})
        )


class ShapesFormField(forms.CharField):
    """Shapes as `territory.geometry` reads them; what comes out is fit to publish."""

    def to_python(self, value: Any) -> str:
        return geometry.written(geometry.parse(super().to_python(value) or ""))


class ShapesField(models.TextField):
    """Circles and polygons, a line each (territory.geometry): drawn on a map, or typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            _(
                "Draw on the map, or write a line for each shape, latitude first. Circle, with its radius in km: "
                "50.84674,4.35247 0.3 – Polygon: 50.84,4.34 50.86,4.35 50.85,4.38"
            ),
        )
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        geometry.parse(value or "")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**(kwargs | {"form_class": ShapesFormField, "widget": ShapesWidget}))
