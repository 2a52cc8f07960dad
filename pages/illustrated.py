"""Pages with a main image: one picture for both languages, described in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.images import get_image_model

from pages.completeness import Incomplete, is_empty
from pages.languages import LANGUAGES, active, twin, twins
from pages.models import BilingualPage
from pages.panels import twin_panel

if TYPE_CHECKING:
    from pages.models import BilingualImage


class IllustratedPage(BilingualPage):
    """A page type grown from this registers `image_alt` in its `translation.py`. An image needs its
    alternative text in both languages before the page may be live."""

    document_relations: ClassVar[tuple[str, ...]] = ("image",)

    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        verbose_name=_("image"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    image_alt = models.CharField(
        _("alternative text of the image"),
        max_length=200,
        blank=True,
        help_text=_("What the image shows, for who cannot see it."),
    )

    api_fields = [
        *BilingualPage.api_fields,
        APIField("image"),
        *(APIField(name, writable=True) for name in twins("image_alt")),
    ]

    class Meta:
        abstract = True

    def publication_errors(self) -> list[Incomplete]:
        errors = super().publication_errors()
        named = {error.field for error in errors}
        if self.image_id:
            label = self._meta.get_field("image_alt").verbose_name
            for language in LANGUAGES:
                field = twin("image_alt", language)
                if field not in named and is_empty(getattr(self, field)):
                    errors.append(Incomplete(field, label, language))
        return errors


def image_panel() -> MultiFieldPanel:
    return MultiFieldPanel([FieldPanel("image"), twin_panel("image_alt")], heading=_("Image"))


@dataclass(frozen=True, slots=True)
class Illustration:
    """An image and what it shows, by language; `alt` follows the active one."""

    image: BilingualImage
    alts: Mapping[str, str]

    @property
    def alt(self) -> str:
        return self.alts[active()]


def illustrations(rows: Iterable[Mapping[str, Any]]) -> dict[int, Illustration]:
    """The illustration of each page of `rows` (`pk`, `image_id`, `image_alt_fr`, `image_alt_nl`) with one,
    from two queries: images and their renditions."""
    rows = [row for row in rows if row["image_id"]]
    images = (
        get_image_model().objects.prefetch_related("renditions").in_bulk({row["image_id"] for row in rows})
    )
    return {
        row["pk"]: Illustration(
            images[row["image_id"]],
            {language: row[twin("image_alt", language)] or "" for language in LANGUAGES},
        )
        for row in rows
        if row["image_id"] in images
    }
