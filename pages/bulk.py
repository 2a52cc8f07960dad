"""Pages for a build: read with all that their documents show, a few queries for hundreds of pages.

What is read for many at once cannot be recorded by the query: each page says which rows are its own (`record_shown`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import InterfaceError, OperationalError, models
from django.db.models import prefetch_related_objects
from wagtail import blocks
from wagtail.blocks import ListBlock, StreamBlock, StructBlock
from wagtail.images.models import AbstractImage
from wagtail.models import AbstractPage

from generator import registry
from generator.recording import record
from generator.tracking import record_instance
from pages.models import BilingualPage

logger = logging.getLogger(__name__)


REMEMBERED = 500
"""Of how many images the renditions are remembered."""

Renditions = dict[int, Any]
"""What Django keeps of an image's prefetched renditions, by the number of the image."""


def read(
    model: type[BilingualPage], numbers: list[int], known: Renditions | None = None
) -> list[BilingualPage]:
    """The pages `numbers` of one type, in that order, without those that are gone. A build reads the renditions of an
    image once as long as it is `known`."""
    found = model.objects.prefetch_related(*model.document_relations).in_bulk(numbers)
    pages = [found[pk] for pk in numbers if pk in found]
    images = [image for page in pages for image in _related(page) if isinstance(image, AbstractImage)]
    for name in model.get_streamfield_names():
        block = model._meta.get_field(name).stream_block
        try:
            streams = block.bulk_to_python([list(getattr(page, name).raw_data) for page in pages])
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # One of them holds what no block understands. Read one by one, only that page fails.
            logger.warning("The %s of %d pages could not be read at once.", name, len(pages), exc_info=True)
            continue
        for page, stream in zip(pages, streams, strict=True):
            setattr(page, name, stream)
            images += (each for each in chosen(block, stream) if isinstance(each, AbstractImage))
    _give_renditions(images, {} if known is None else known)
    return pages


def _give_renditions(images: list[AbstractImage], known: Renditions) -> None:
    others = []
    for image in images:
        if (renditions := known.get(image.pk)) is None:
            others.append(image)
        else:
            image._prefetched_objects_cache = {"renditions": renditions}
    prefetch_related_objects(others, "renditions")
    for image in others:
        known[image.pk] = image._prefetched_objects_cache["renditions"]
    while len(known) > REMEMBERED:
        del known[next(iter(known))]


def record_shown(page: BilingualPage) -> None:
    """The document being rendered shows `page` and what `read` has read with it."""
    record_instance(page)
    for relation in page.document_relations:
        if not page._meta.get_field(relation).many_to_one:
            record(related_key(type(page), relation, page.pk))
    for instance in _related(page):
        record_instance(instance)
    for name in page.get_streamfield_names():
        stream = getattr(page, name)
        for instance in chosen(stream.stream_block, stream):
            if isinstance(instance, AbstractPage):
                # What is shown of another page is in the graph.
                record(f"page:{instance.pk}")
            else:
                record_instance(instance)


def _related(page: BilingualPage) -> Iterator[models.Model]:
    """The rows to which the page's relations lead."""
    for relation in page.document_relations:
        if page._meta.get_field(relation).many_to_one:
            if (instance := getattr(page, relation)) is not None:
                yield instance
        else:
            yield from page.rows_of(relation)


def chosen(block: blocks.Block, value: Any) -> Iterator[models.Model]:
    """The rows (images, documents, pages) that were chosen in `value`."""
    if isinstance(value, models.Model):
        yield value
    elif not value or not _has_choosers(block):
        return
    elif isinstance(block, StructBlock):
        for name, child in block.child_blocks.items():
            yield from chosen(child, value.get(name))
    elif isinstance(block, ListBlock):
        for item in value:
            yield from chosen(block.child_block, item)
    elif isinstance(block, StreamBlock):
        for child in value:
            yield from chosen(child.block, child.value)


_choosing: dict[int, tuple[blocks.Block, bool]] = {}
"""By the identity of a block, which lives as long as its field: blocks are compared by what they are made of."""


def _has_choosers(block: blocks.Block) -> bool:
    known = _choosing.get(id(block))
    if known is None or known[0] is not block:
        known = _choosing[id(block)] = (
            block,
            any(map(_has_choosers, _inside(block))) or isinstance(block, blocks.ChooserBlock),
        )
    return known[1]


def _inside(block: blocks.Block) -> Iterable[blocks.Block]:
    if isinstance(block, ListBlock):
        return [block.child_block]
    children: dict[str, blocks.Block] = getattr(block, "child_blocks", {})
    return children.values()


def related_key(model: type[BilingualPage], relation: str, pk: int) -> str:
    return f"{model._meta.label_lower}.{relation}:{pk}"


def _to_many() -> Iterator[tuple[Any, str, Any, str, str]]:
    """The relations to many rows that documents show: page type, its name there, the model that holds it, and the
    columns of the page and the row."""
    for model in apps.get_models():
        for relation in getattr(model, "document_relations", ()):
            field: Any = model._meta.get_field(relation)
            if field.many_to_many:
                through = field.remote_field.through
                yield model, relation, through, field.m2m_field_name(), field.m2m_reverse_field_name()
            elif field.one_to_many:
                yield model, relation, field.related_model, field.field.name, "pk"


@registry.facts(
    "pages.relations", tables=[holder._meta.db_table for _model, _relation, holder, *_columns in _to_many()]
)
def facts(context: registry.BuildContext) -> dict[str, str]:
    """Which rows are related to each page, where they are many: their own keys say what changes in one."""
    found: dict[str, list[str]] = {}
    for model, relation, holder, page, row in _to_many():
        for page_id, value in holder._default_manager.order_by("pk").values_list(page, row):
            found.setdefault(related_key(model, relation, page_id), []).append(str(value))
    return {key: " ".join(values) for key, values in found.items()}
