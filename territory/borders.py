"""The municipalities' borders (data/README.md) as geometry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache, lru_cache

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from territory import geometry
from territory.geometry import Polygon
from territory.svg import GEOJSON

_GRAZED = 1e-8
"""Square degrees, some 80 m²: what is touched by less is only grazed."""


@cache
def attribution() -> str:
    """Whom the borders are from: to be kept wherever they go."""
    return str(json.loads(GEOJSON.read_text(encoding="utf-8"))["attribution"])


@cache
def digest() -> str:
    """The SHA-256 of the borders: another one means other borders."""
    return hashlib.sha256(GEOJSON.read_bytes()).hexdigest()


@cache
def borders() -> dict[str, BaseGeometry]:
    """Each municipality by NIS code: a Polygon or a MultiPolygon, in degrees."""
    features = json.loads(GEOJSON.read_text(encoding="utf-8"))["features"]
    return {feature["id"]: shape(feature["geometry"]) for feature in features}


@lru_cache(maxsize=256)
def joined(nis_codes: tuple[str, ...]) -> BaseGeometry:
    """The municipalities of `nis_codes` (unknown ones are left out) as one area, without the borders between them."""
    return shapely.union_all([borders()[nis] for nis in nis_codes if nis in borders()])


def touched(area: BaseGeometry) -> list[str]:
    """The NIS codes of the municipalities that `area` covers in whole or in part, in their order."""
    return [nis for nis, surface in borders().items() if surface.intersection(area).area > _GRAZED]


def region() -> BaseGeometry:
    return joined(tuple(borders()))


def covers_region(area: BaseGeometry) -> bool:
    return float(region().difference(area).area) <= _GRAZED


def clipped(area: BaseGeometry) -> list[Polygon]:
    """What of `area` lies in the region, fit to publish (geometry.covering); what only grazes it is left out."""
    parts = shapely.get_parts(region().intersection(area))
    return [geometry.ring(geometry.covering(part)) for part in parts if part.area > _GRAZED]


def right_handed(area: BaseGeometry) -> BaseGeometry:
    """RFC 7946, 3.1.6: outer rings counterclockwise, holes clockwise."""
    return shapely.orient_polygons(area, exterior_cw=False)


def known(nis_codes: Iterable[str]) -> list[str]:
    return [nis for nis in nis_codes if nis in borders()]
