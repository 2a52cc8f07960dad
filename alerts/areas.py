"""Where a message holds: whole municipalities and shapes on the ground. Their union is derived here and nowhere else;
the map, CAP, GeoJSON, JSON and the list in words all ask this module.

A message keeps its area in its content as it was when it was sent (`frozen`): a zone that is merged or a landmark that
is moved later changes no message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import shapely
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from pages.languages import LANGUAGES, twin, twins
from territory import borders, geometry
from territory.geometry import Circle, Polygon, Shape
from territory.maps import Territory
from territory.models import Landmark, Municipality, PoliceZone

if TYPE_CHECKING:
    from alerts.models import AlertPage

REGION_NUTS = ("BE100",)
"""NUTS 3 (Regulation (EC) 1059/2003): the administrative district of Brussels-Capital, which is the whole region.
Meteoalarm's EMMA_ID for it is wider (docs/decisions/0015-alert-areas.md)."""


@dataclass(frozen=True, slots=True)
class Area:
    """`nis`: municipalities that are in it as a whole. `shapes`: what was drawn, and the outlines of landmarks."""

    nis: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = ()

    @classmethod
    def of(cls, content: dict[str, Any]) -> Area:
        """That of a message's content. Messages from before shapes existed have none."""
        polygons = (Polygon(tuple((lon, lat) for lon, lat in ring)) for ring in content.get("polygons", ()))
        circles = (
            Circle(circle["center"][0], circle["center"][1], circle["radius_km"])
            for circle in content.get("circles", ())
        )
        return cls(tuple(content["nis"]), (*polygons, *circles))

    @property
    def polygons(self) -> list[Polygon]:
        return [shape for shape in self.shapes if isinstance(shape, Polygon)]

    @property
    def circles(self) -> list[Circle]:
        return [shape for shape in self.shapes if isinstance(shape, Circle)]

    def union(self) -> BaseGeometry:
        """All of it, in degrees; empty where only words say where."""
        return _union(self)

    def touched(self) -> list[str]:
        """The NIS codes of the municipalities that lie in it in whole or in part."""
        return _touched(self)

    def geojson(self) -> dict[str, Any] | None:
        """Its union as an RFC 7946 geometry, right-hand ruled; None where only words say where. A circle is a polygon
        that covers it."""
        union = self.union()
        return shapely.geometry.mapping(borders.right_handed(union)) if not union.is_empty else None

    def cap_polygons(self) -> list[Polygon]:
        """For CAP, whose area is the union of all its parts: the whole municipalities, at most 100 points a polygon
        and covering them; and the polygons that were drawn."""
        return [*_outlines(self.nis), *self.polygons]


@lru_cache(maxsize=64)
def _union(area: Area) -> BaseGeometry:
    return shapely.union_all([borders.joined(area.nis), *(shape.surface for shape in area.shapes)])


@lru_cache(maxsize=64)
def _outlines(nis: tuple[str, ...]) -> list[Polygon]:
    parts = shapely.get_parts(borders.joined(nis))
    return [geometry.ring(geometry.covering(part)) for part in parts if not part.is_empty]


@lru_cache(maxsize=64)
def _touched(area: Area) -> list[str]:
    drawn = shapely.union_all([shape.surface for shape in area.shapes])
    # Not of the union: a municipality's neighbours share its border.
    return sorted({*area.nis, *borders.touched(drawn)})


def frozen(alert: AlertPage) -> dict[str, Any]:
    """The area of `alert` as a message keeps it. Its police zones are those of the day on which it begins.

    Raises ValidationError for shapes that cannot be read (publication_errors says so first).
    """
    landmarks = list(alert.landmarks.all())
    every_nis = list(Municipality.objects.values_list("nis", flat=True))
    if alert.whole_region:
        nis = every_nis
    else:
        zones = _of_zones([zone.code for zone in alert.police_zones.all()], alert.onset)
        chosen = {town.nis for town in alert.municipalities.all()} | zones
        nis = [code for code in every_nis if code in chosen]
    shapes = dict.fromkeys(shape for text in _texts(alert, landmarks) for shape in geometry.parse(text))
    area = Area(tuple(nis), tuple(shapes))
    return {
        "nis": nis,
        "nuts": list(REGION_NUTS) if nis and nis == every_nis else [],
        "polygons": [[list(point) for point in polygon.points] for polygon in area.polygons],
        "circles": [
            {"center": [circle.lon, circle.lat], "radius_km": circle.radius_km} for circle in area.circles
        ],
        "touched": area.touched(),
        "places": [
            {language: getattr(place, twin("name", language)) for language in LANGUAGES}
            for place in landmarks
        ],
    }


def meant(content: Mapping[str, Any], onset: datetime | None) -> list[Any]:
    """What the keys in `content` (a page's `serializable_data()` or a revision's `content`) stand for now: NIS codes
    and borders of the municipalities, those of the zones on the day of `onset`, names and outlines of the landmarks.
    Another answer means other ground."""
    if content.get("whole_region"):
        nis = set(Municipality.objects.values_list("nis", flat=True))
    else:
        towns = Municipality.objects.filter(pk__in=content.get("municipalities") or ())
        zones = PoliceZone.objects.filter(pk__in=content.get("police_zones") or ())
        nis = {*towns.values_list("nis", flat=True), *_of_zones(zones.values_list("code", flat=True), onset)}
    landmarks = Landmark.objects.filter(pk__in=content.get("landmarks") or ()).order_by("pk")
    return [
        sorted(nis),
        borders.digest() if nis else "",
        [list(place) for place in landmarks.values_list("pk", *twins("name"), "shapes")],
    ]


def _of_zones(codes: Iterable[str], onset: datetime | None) -> set[str]:
    codes = list(codes)
    if not codes or onset is None:
        return set()
    territory = Territory.on(timezone.localtime(onset).date())
    return {nis for code in codes for nis in territory.codes_of_zone(code)}


def _texts(alert: AlertPage, landmarks: Iterable[Any]) -> list[str]:
    return [alert.shapes or "", *(place.shapes for place in landmarks)]
