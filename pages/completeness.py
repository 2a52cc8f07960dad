"""What a page needs before it may be live: every text in both languages.

The same check runs for every route to publication (form, approval, schedule, bulk action, copy, API, code), because
`BilingualPage.save` and the scheduling of a revision call it; the database constraint holds the core of it against
SQL. Language law: notices of a Brussels authority to the public are in French and in Dutch (coordinated laws of 1966;
law of 16 June 1989, art. 32).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext
from wagtail.fields import StreamField

from pages.languages import LANGUAGES, NAMES, other, twin

if TYPE_CHECKING:
    from pages.models import BilingualPage


@dataclass(frozen=True, slots=True)
class Incomplete:
    """What keeps a page from being live: the form field it belongs to, what an editor calls it, in which language it is
    missing (None for what has no language), where in the page, and what is wrong where that is not that it is missing.
    """

    field: str
    label: str | Promise
    language: str | None
    place: str = ""
    reason: str = ""

    def __str__(self) -> str:
        label = str(self.label)
        where = f"{self.place} › {label}" if self.place and label else self.place or capfirst(label)
        if self.reason:
            return with_reason(where, self.reason)
        if self.language is None:
            return gettext("%(label)s: missing.") % {"label": where}
        return gettext("%(label)s: missing in %(language)s.") % {
            "label": where,
            "language": NAMES[self.language],
        }


def with_reason(label: str, reason: str) -> str:
    return gettext("%(label)s: %(reason)s") % {"label": label, "reason": reason}


class PublicationRefused(ValidationError):
    """A page cannot be live yet. `message_dict` maps form fields to sentences and `summary` is one for all, both in the
    language that was active when it was raised: the editor's."""

    def __init__(self, page: BilingualPage, errors: Iterable[Incomplete] | ValidationError) -> None:
        self.page = page
        by_field: dict[str, list[str]] = {}
        reasons: list[str] = []
        if isinstance(errors, ValidationError):
            by_field = (
                errors.message_dict if hasattr(errors, "error_dict") else {NON_FIELD_ERRORS: errors.messages}
            )
            for name, sentences in by_field.items():
                label = _label(page, name)
                reasons += [with_reason(label, sentence) if label else sentence for sentence in sentences]
        else:
            for error in errors:
                by_field.setdefault(error.field, []).append(str(error))
                reasons.append(str(error))
        super().__init__(by_field)
        self.summary: str = gettext("“%(page)s” cannot be published. %(reasons)s") % {
            "page": page.get_admin_display_title(),
            "reasons": " ".join(reasons),
        }

    def __str__(self) -> str:
        return self.summary


def _label(page: BilingualPage, name: str) -> str:
    try:
        return str(capfirst(page._meta.get_field(name).verbose_name))
    except (FieldDoesNotExist, AttributeError):
        return ""


def missing_in(language: str) -> str:
    """The error at a field, whose label stands beside it."""
    return gettext("Missing in %(language)s.") % {"language": NAMES[language]}


def is_empty(value: Any) -> bool:
    """True for what a reader would not see: None, blanks, markup without text."""
    if value is None:
        return True
    text = getattr(value, "source", value)
    if isinstance(text, str):
        return (
            not strip_tags(text).replace("\xa0", " ").replace("&nbsp;", " ").strip() and "<embed" not in text
        )
    return not value and value != 0


def check(instance: models.Model) -> list[Incomplete]:
    """What `instance` (a page or another model with twins, its StreamFields and its inline children) lacks."""
    return [*_twins(instance), *_streams(instance), *_children(instance)]


def _translated(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    from modeltranslation.translator import NotRegistered, translator

    try:
        names = translator.get_options_for_model(model).get_field_names()
    except NotRegistered:
        return
    # In the order in which the model declares them, so that messages come in the order of the form.
    for field in model._meta.concrete_fields:
        if field.name in names and field.editable:
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
    return getattr(instance, instance._meta.get_field(name).attname)  # type: ignore[union-attr]


def _streams(instance: models.Model) -> Iterator[Incomplete]:
    from pages.blocks import stream_incomplete

    for field in instance._meta.concrete_fields:
        if isinstance(field, StreamField):
            yield from stream_incomplete(
                getattr(instance, field.name), field.name, capfirst(field.verbose_name)
            )


def _children(instance: models.Model) -> Iterator[Incomplete]:
    from modelcluster.models import get_all_child_relations

    for relation in get_all_child_relations(type(instance)):
        name = relation.get_accessor_name()
        for number, child in enumerate(getattr(instance, name).all(), start=1):
            place = f"{capfirst(relation.related_model._meta.verbose_name)} ({number})"
            for error in check(child):
                nested = f"{place} › {error.place}" if error.place else place
                yield Incomplete(name, error.label, error.language, nested, error.reason)
