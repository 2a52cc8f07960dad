"""Files (images, documents) in a collection that only some may see are not public, wherever they are used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import Q
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction

from generator import registry
from generator.recording import shared

FOLDERS = ("documents/", "images/", "original_images/")
"""Where Wagtail puts documents, the sizes of pictures, and pictures as they were uploaded."""


def is_public(file: Any) -> bool:
    """Whether everybody may see the image or document: neither its collection nor one above is restricted."""
    return file.collection_id not in shared("restricted collections", _restricted)


def _restricted() -> frozenset[int]:
    """Two queries at most, once a build: a file knows the number of its collection, not what is above it."""
    paths = CollectionViewRestriction.objects.values_list("collection__path", flat=True)
    below = [Q(path__startswith=path) for path in paths]
    if not below:
        return frozenset()
    return frozenset(Collection.objects.filter(reduce(or_, below)).order_by().values_list("pk", flat=True))


@registry.attachments_withheld("media")
def withheld(paths: Iterable[str]) -> Iterator[str]:
    """Documents and pictures that are in a collection which only some may see, or deleted."""
    media = settings.MEDIA_URL.lstrip("/")
    names = [path.removeprefix(media) for path in paths if path.startswith(media)]
    names = [name for name in names if name.startswith(FOLDERS)]
    images = get_image_model()
    renditions = images.get_rendition_model().objects.filter(file__in=names).select_related("image")
    found = {each.file.name: each for each in get_document_model().objects.filter(file__in=names)}
    found |= {each.file.name: each for each in images.objects.filter(file__in=names)}
    found |= {each.file.name: each.image for each in renditions}
    yield from (media + name for name in names if name not in found or not is_public(found[name]))
