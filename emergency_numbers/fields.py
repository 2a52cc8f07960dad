"""The languages in which somebody answers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

SPOKEN = {"fr": _("French"), "nl": _("Dutch"), "de": _("German"), "en": _("English")}
"""BCP 47 codes, in the order in which they are shown."""


class SpokenLanguagesField(models.JSONField):
    """A list of codes of SPOKEN, kept as JSON and edited as check boxes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if not isinstance(value, list) or any(code not in SPOKEN for code in value):
            raise ValidationError(
                _("%(value)s: choose among %(codes)s."), params={"value": value, "codes": ", ".join(SPOKEN)}
            )

    def formfield(self, **kwargs: Any) -> Any:
        return forms.MultipleChoiceField(
            choices=list(SPOKEN.items()),
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=self.verbose_name,
            help_text=self.help_text,
        )
