"""Several codes of one vocabulary, kept as JSON and edited as check boxes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from alerts.vocabulary import Response


class ResponsesField(models.JSONField):
    """A list of codes of Response, in its order."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        check(value)

    def formfield(self, **kwargs: Any) -> Any:
        return forms.MultipleChoiceField(
            choices=Response.choices,
            widget=forms.CheckboxSelectMultiple,
            required=not self.blank,
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
        )


def check(value: Any) -> None:
    """Raises ValidationError for what is no list of codes, and for "None" beside another."""
    unknown = [code for code in value if code not in Response.values] if isinstance(value, list) else [value]
    if unknown:
        raise ValidationError(
            _("“%(value)s” is no response. Choose among %(codes)s."),
            params={"value": unknown[0], "codes": ", ".join(Response.values)},
        )
    if Response.NONE in value and len(value) > 1:
        raise ValidationError(
            _("“Nothing to do” stands alone: clear it, or clear the others (%(codes)s)."),
            params={"codes": ", ".join(code for code in value if code != Response.NONE)},
        )


def ordered(value: list[str]) -> list[str]:
    """Without repeats, in the vocabulary's order."""
    return [code for code in Response.values if code in value]
