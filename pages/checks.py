"""House rules as Django system checks."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model
from modeltranslation.translator import translator
from wagtail.blocks import Block, ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField
from wagtail.models import get_page_models

from pages.languages import LANGUAGES


@register()
def both_languages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A model or block with one language's field needs the other's (vigie.E001), a page type its twins (vigie.E002)."""
    errors: list[CheckMessage] = []
    for model in apps.get_models():
        errors += missing_twins(
            model, {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
        )
        errors += block_errors(model)
    return [*errors, *unregistered_pages(get_page_models())]


def missing_twins(owner: type[Model] | type[Block], names: Iterable[str]) -> list[CheckMessage]:
    """An error for each name in `names` that ends in one language and lacks the other."""
    errors: list[CheckMessage] = []
    for name in sorted(names):
        stem, _, language = name.rpartition("_")
        if stem and language in LANGUAGES:
            errors += [
                Error(
                    f"{owner.__name__} has '{name}' and no '{stem}_{missing}'.",
                    hint=f"Add '{stem}_{missing}', or register '{stem}' with modeltranslation.",
                    obj=owner,
                    id="vigie.E001",
                )
                for missing in LANGUAGES
                if f"{stem}_{missing}" not in names
            ]
    return errors


def block_errors(model: type[Model]) -> list[CheckMessage]:
    """The same for each block of the model's StreamFields, however deep."""
    errors: dict[type[Block], list[CheckMessage]] = {}
    for field in model._meta.fields:
        if isinstance(field, StreamField):
            for block in _structs(field.stream_block):
                errors[type(block)] = missing_twins(type(block), block.child_blocks)
    return [error for found in errors.values() for error in found]


def _structs(block: Block) -> Iterator[StructBlock]:
    if isinstance(block, StructBlock):
        yield block
    if isinstance(block, StructBlock | StreamBlock):
        for child in block.child_blocks.values():
            yield from _structs(child)
    elif isinstance(block, ListBlock):
        yield from _structs(block.child_block)


def unregistered_pages(models: Iterable[type[Model]]) -> list[CheckMessage]:
    """An error for each page type that modeltranslation does not know: lookups would read the bare columns."""
    registered = translator.get_registered_models()
    return [
        Error(
            f"{model.__name__} is not registered with modeltranslation.",
            hint=f"Register it in {model._meta.app_label}/translation.py, with `fields = ()` if it adds no text.",
            obj=model,
            id="vigie.E002",
        )
        for model in models
        if model not in registered
    ]
