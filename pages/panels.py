"""Panels that show both languages side by side, field by field (one under the other on narrow screens:
pages/static/pages/admin.css)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel, TitleFieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput

from pages.languages import LANGUAGES, twin


def _grows_with_its_text(field: models.Field[Any, Any]) -> dict[str, Any]:
    original = field.translated_field if isinstance(field, TranslationField) else field
    return {"widget": AdminAutoHeightTextInput} if type(original) is models.TextField else {}


# Wagtail's rule is for exactly TextField; a twin is of a class of its own.
register_form_field_override(models.TextField, override=_grows_with_its_text)


def twin_panel(name: str, *, panel: type[FieldPanel] = FieldPanel, **options: Any) -> Panel:
    """The two fields of `name`, French left, Dutch right. `options` go to each field's panel."""
    return FieldRowPanel(
        [panel(twin(name, language), **options) for language in LANGUAGES],
        classname="vigie-twins",
    )


def twin_title_panel() -> Panel:
    """Both titles; each proposes its own slug."""
    return FieldRowPanel(
        [
            TitleFieldPanel(
                twin("title", language),
                targets=[twin("slug", language)],
                # A draft needs one title only.
                required_on_save=False,
            )
            for language in LANGUAGES
        ],
        classname="vigie-twins",
    )


def promote_panels() -> list[Panel]:
    return [
        MultiFieldPanel(
            [twin_panel("slug"), twin_panel("seo_title"), twin_panel("search_description")],
            heading=_("For search engines"),
        ),
        MultiFieldPanel([FieldPanel("show_in_menus")], heading=_("For site menus")),
    ]
