"""What a page needs before it may be live: every text in both languages.

The same check runs for every route to publication (form, approval, schedule, bulk action, copy, API, code), because
`BilingualPage.publish` and `BilingualPage.save` call it; the database constraint holds the core of it against SQL.
Language law: notices of a Brussels authority to the public are in French and in Dutch (coordinated laws of 1966;
law of 16 June 1989, art. 32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from wagtail.fields import StreamField

from pages.languages import LANGUAGES, NAMES, other, twin

if TYPE_CHECKING:
    from pages.models import BilingualPage


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A text that is missing: the form field it belongs to, what an editor calls it, and in which language."""

    field: str
    label: str | Promise
    language: str
    place: str = ""

    def __str__(self) -> str:
        label = f"{self.place} › {self.label}" if self.place else str(self.label)
        return gettext("%(label)s: missing in %(language)s.") % {
            "label": label,
            "language": str(NAMES[self.language]),
        }


class PublicationRefused(ValidationError):
    """A page cannot be live yet. `errors` says why; `message_dict` maps form fields to sentences, in the active
    language when read."""

    def __init__(self, page: BilingualPage, errors: Iterable[Incomplete]) -> None:
        self.page = page
        self.errors = list(errors)
        by_field: dict[str, list[str]] = {}
        for error in self.errors:
            by_field.setdefault(error.field, []).append(str(error))
        super().__init__(by_field)  # type: ignore[arg-type]

    def summary(self) -> str:
        """One sentence that names page, fields and languages."""
        return gettext("“%(page)s” cannot be published: %(reasons)s") % {
            "page": self.page.get_admin_display_title(),
            "reasons": " ".join(str(error) for error in self.errors),
        }


def is_empty(value: Any) -> bool:
    """True for what a reader would not see: None, blanks, markup without text."""
    if value is None:
        return True
    text = getattr(value, "source", value)
    if isinstance(text, str):
        from django.utils.html import strip_tags

        return not strip_tags(text).replace("\xa0", " ").strip() and "<embed" not in text
    return not value and value != 0


def check(instance: models.Model) -> list[Incomplete]:
    """The texts that `instance` (a page or another model with twins, its StreamFields and its inline children) lacks."""
    return [*_twins(instance), *_streams(instance), *_children(instance)]


def _translated(model: type[models.Model]) -> Iterator[models.Field]:
    from modeltranslation.translator import NotRegistered, translator

    try:
        names = translator.get_options_for_model(model).get_field_names()
    except NotRegistered:
        return
    for name in names:
        field = model._meta.get_field(name)
        if field.editable:
            yield field


def _twins(instance: models.Model) -> Iterator[Incomplete]:
    for field in _translated(type(instance)):
        if isinstance(field, StreamField):
            continue
        empty = {language: is_empty(_stored(instance, twin(field.name, language))) for language in LANGUAGES}
        for language in LANGUAGES:
            if empty[language] and (not field.blank or not empty[other(language)]):
                yield Incomplete(twin(field.name, language), field.verbose_name, language)


def _stored(instance: models.Model, name: str) -> Any:
    field = instance._meta.get_field(name)
    return getattr(instance, field.attname)


def _streams(instance: models.Model) -> Iterator[Incomplete]:
    from pages.blocks import stream_incomplete

    for field in instance._meta.concrete_fields:
        if isinstance(field, StreamField):
            for label, language, place in stream_incomplete(getattr(instance, field.name)):
                yield Incomplete(field.name, label, language, place)


def _children(instance: models.Model) -> Iterator[Incomplete]:
    from modelcluster.models import get_all_child_relations

    for relation in get_all_child_relations(type(instance)):
        name = relation.get_accessor_name()
        for number, child in enumerate(getattr(instance, name).all(), start=1):
            for error in _twins(child):
                place = f"{relation.related_model._meta.verbose_name} {number}"
                yield Incomplete(name, error.label, error.language, place)
