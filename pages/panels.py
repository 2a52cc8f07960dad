"""Panels that show both languages side by side, field by field (one under the other on narrow screens:
pages/static/pages/admin.css)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel, TitleFieldPanel

from pages.languages import LANGUAGES, twin


def twin_panel(name: str, *, panel: type[FieldPanel] = FieldPanel, **options: Any) -> Panel:
    """The two fields of `name`, French left, Dutch right. `options` go to each field's panel."""
    return FieldRowPanel(
        [
            panel(twin(name, language), classname=_twin_classname(language), **options)
            for language in LANGUAGES
        ],
        classname="vigie-twins",
    )


def _twin_classname(language: str) -> str:
    return f"vigie-twin vigie-twin-{language}"


def twin_title_panel() -> Panel:
    """Both titles; each proposes its own slug."""
    return FieldRowPanel(
        [
            TitleFieldPanel(
                twin("title", language),
                targets=[twin("slug", language)],
                classname=f"title {_twin_classname(language)}",
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
