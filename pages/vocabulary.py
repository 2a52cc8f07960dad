"""Vocabularies: terms by which editors sort pages. A term's slugs make the addresses of filtered lists."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from generator.outbox import request_build
from pages.languages import LANGUAGES, twin
from pages.listing import Term
from pages.mixins import BilingualModel
from pages.panels import twin_panel


class VocabularyTerm(BilingualModel):
    """A term with a name and a slug in both languages. Register each concrete one in `translation.py`:
    `fields = ("name", "slug")`. The public site shows it, so each change of it asks for a build."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        help_text=_("In the address of filtered lists: small letters, hyphens."),
    )

    panels = [twin_panel("name"), twin_panel("slug")]

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.slug or ""

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        request_build(f"{self._meta.label_lower} {self.pk}")

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        request_build(f"{self._meta.label_lower} {self.pk} deleted")
        return super().delete(*args, **kwargs)

    def as_term(self) -> Term:
        """This term for a list's facet; its key is its identifier."""
        return Term(
            str(self.pk),
            {language: getattr(self, twin("name", language)) or "" for language in LANGUAGES},
            {language: getattr(self, twin("slug", language)) or "" for language in LANGUAGES},
        )


def terms(model: type[VocabularyTerm]) -> tuple[Term, ...]:
    """Every term of a vocabulary, in its order."""
    return tuple(term.as_term() for term in model.objects.all())  # type: ignore[attr-defined]
