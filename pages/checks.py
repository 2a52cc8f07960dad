"""House rules as Django system checks."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model

from pages.languages import LANGUAGES


@register()
def both_languages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A model or block with one language's field needs the other's (vigie.E001, vigie.E002)."""
    errors: list[CheckMessage] = []
    for model in apps.get_models():
        errors += missing_twins(model, {field.name for field in model._meta.get_fields()})
    return errors


def missing_twins(owner: type[Model] | type, names: set[str]) -> list[CheckMessage]:
    """An error for each name in `names` that ends in one language and lacks the other."""
    errors: list[CheckMessage] = []
    for name in sorted(names):
        stem, _, language = name.rpartition("_")
        if stem and language in LANGUAGES:
            missing = next(code for code in LANGUAGES if code != language)
            if f"{stem}_{missing}" not in names:
                errors.append(
                    Error(
                        f"{owner.__name__} has '{name}' and no '{stem}_{missing}'.",
                        hint=f"Add '{stem}_{missing}', or register '{stem}' with modeltranslation.",
                        obj=owner,
                        id="vigie.E001",
                    )
                )
    return errors
