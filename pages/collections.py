"""Files (images, documents) in a collection that only some may see are not public, wherever they are used."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from wagtail.models import Collection, CollectionViewRestriction

from generator.recording import shared


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
