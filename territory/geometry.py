"""Circles and polygons on the ground: read as officers write them, made fit to publish. No database, no clock.

A line is a shape, in the notation of CAP 1.2 (3.2.4 `circle`, `polygon`): latitude first, degrees of WGS 84, a point
for decimals.

    50.84674,4.35247 0.3                        a circle: its centre, its radius in kilometres
    50.84,4.34 50.86,4.35 50.85,4.38            a polygon: three points or more

What comes out is closed, valid, has at most 6 decimals, and 100 points a polygon; where points had to go, the polygon
covers the one that was given: nobody who was in the area falls out of it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from shapely.geometry import LinearRing, box
from shapely.geometry import Polygon as Surface

Point = tuple[float, float]
"""Longitude and latitude, as in GeoJSON."""

DECIMALS = 6
"""About 10 cm."""
MOST_POINTS = 100
"""Of a polygon, the first one counted twice since it closes it."""
MOST_GIVEN = 5_000
MOST_SHAPES = 20
FLAT = 1e-9
"""Square degrees, some 8 m²."""
SMALLEST_KM, LARGEST_KM = 0.02, 20.0
FARTHEST_KM = 1_000.0
"""A circle that is larger is no circle in degrees."""
KM_PER_DEGREE = 111.195
"""Of latitude (mean sphere of 6371 km)."""
BOUNDS = (4.0, 50.6, 4.75, 51.1)
"""West, south, east, north: the region and some 15 km around it. What lies beyond is a slip of the hand."""

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Circle:
    lon: float
    lat: float
    radius_km: float

    def __str__(self) -> str:
        """As CAP writes it."""
        return f"{_written((self.lon, self.lat))} {_plain(self.radius_km)}"

    @property
    def surface(self) -> Surface:
        """A polygon of 64 sides around the circle, which it covers on the sphere and on the ellipsoid."""
        sides = 64
        # 1 %: degrees of longitude shrink within the circle, and the earth is no sphere.
        reach = self.radius_km * 1.01 / math.cos(math.pi / sides) / KM_PER_DEGREE
        wide = reach / math.cos(math.radians(self.lat))
        turns = (2 * math.pi * step / sides for step in range(sides))
        return Surface(
            [
                _rounded((self.lon + wide * math.cos(turn), self.lat + reach * math.sin(turn)))
                for turn in turns
            ]
        )


@dataclass(frozen=True, slots=True)
class Polygon:
    """`points` is closed and goes counterclockwise (RFC 7946, 3.1.6)."""

    points: tuple[Point, ...]

    def __str__(self) -> str:
        """As CAP writes it."""
        return " ".join(map(_written, self.points))

    @property
    def surface(self) -> Surface:
        return Surface(self.points)


Shape = Circle | Polygon


def parse(text: str) -> list[Shape]:
    """The shapes of `text`, a line each; empty lines are left out, repeats too.

    Raises ValidationError with a sentence for each line that is wrong, in the active language.
    """
    shapes: dict[Shape, None] = {}
    errors: list[str] = []
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_SHAPES:
        message = gettext("%(count)d shapes; at most %(most)d are possible. Draw fewer, larger ones.")
        raise ValidationError(message % {"count": len(lines), "most": MOST_SHAPES})
    for number, line in lines:
        try:
            shapes[shape_of(line)] = None
        except ValueError as error:
            errors.append(gettext("Line %(line)d: %(reason)s") % {"line": number, "reason": error})
    if errors:
        raise ValidationError(errors)
    return list(shapes)


def written(shapes: Iterable[Shape]) -> str:
    """What `parse` reads."""
    return "\n".join(map(str, shapes))


def shape_of(line: str) -> Shape:
    """The shape of one line. Raises ValueError with a sentence, in the active language, where it is wrong."""
    words = line.split()
    if len(words) == 2 and "," not in words[1]:
        return _circle(*words)
    points = [_point(word) for word in words]
    if len(points) < 3 or len(points) > MOST_GIVEN:
        message = gettext(
            "%(count)d points. A polygon has between 3 and %(most)d; "
            "a circle is written “50.84674,4.35247 0.3” (centre, radius in km)."
        )
        raise ValueError(message % {"count": len(points), "most": MOST_GIVEN})
    return polygon(points)


def surface_of(line: str) -> Surface:
    """The surface of one line, wherever it lies: what a partner outside of the region draws. Raises ValueError with a
    sentence, in the active language, where it is wrong."""
    words = line.split()
    if len(words) == 2 and "," not in words[1]:
        lon, lat = _degrees(words[0])
        if not _NUMBER.match(words[1]) or not SMALLEST_KM <= float(words[1]) <= FARTHEST_KM or abs(lat) > 80:
            return _circle(*words).surface
        return Circle(lon, lat, float(words[1])).surface
    return _outline([_degrees(word) for word in words])


def _circle(centre: str, radius: str) -> Circle:
    lon, lat = _point(centre)
    if not _NUMBER.match(radius) or not SMALLEST_KM <= float(radius) <= LARGEST_KM:
        message = gettext(
            "The radius “%(value)s” is not between %(least)s and %(most)s km. Write 0.3 for 300 m."
        )
        raise ValueError(message % {"value": radius, "least": SMALLEST_KM, "most": f"{LARGEST_KM:g}"})
    # Rounded up to the metre: the circle may grow, not shrink.
    return Circle(lon, lat, math.ceil(round(float(radius) * 1000, 6)) / 1000)


def _degrees(word: str) -> Point:
    """A point anywhere."""
    lat, comma, lon = word.partition(",")
    if not comma or not _NUMBER.match(lat) or not _NUMBER.match(lon):
        message = gettext(
            "“%(value)s” is no point. Write latitude, comma, longitude, with points for decimals and "
            "no space: 50.84674,4.35247."
        )
        raise ValueError(message % {"value": word})
    if abs(float(lat)) > 90 or abs(float(lon)) > 180:
        message = gettext("“%(value)s” is not on the earth: latitude to 90, longitude to 180. Correct it.")
        raise ValueError(message % {"value": word})
    return _rounded((float(lon), float(lat)))


def _point(word: str) -> Point:
    """A point in the region or near it."""
    point = _degrees(word)
    west, south, east, north = BOUNDS
    if not (west <= point[0] <= east and south <= point[1] <= north):
        if west <= point[1] <= east and south <= point[0] <= north:
            message = gettext("“%(value)s” has its longitude first. Write the latitude first: %(swapped)s.")
            lat, _comma, lon = word.partition(",")
            raise ValueError(message % {"value": word, "swapped": f"{lon},{lat}"})
        message = gettext(
            "“%(value)s” is not in or near the region (latitude %(south)s to %(north)s, "
            "longitude %(west)s to %(east)s). Correct it."
        )
        bounds = {"south": south, "north": north, "west": west, "east": east}
        raise ValueError(message % {"value": word, **bounds})
    return point


def polygon(points: Sequence[Point]) -> Polygon:
    """Closed, valid, of few points and decimals. Raises ValueError where the outline crosses itself or is flat."""
    return ring(covering(_outline(points)))


def _outline(points: Sequence[Point]) -> Surface:
    """Raises ValueError where it crosses itself or is flat."""
    outline = [_rounded(point) for point in points]
    outline = [point for place, point in enumerate(outline) if place == 0 or point != outline[place - 1]]
    if len(outline) > 1 and outline[0] == outline[-1]:
        outline.pop()
    surface = Surface(outline) if len(outline) > 2 else Surface()
    if not surface.is_valid:
        where = re.search(r"\[([\d.-]+) ([\d.-]+)", shapely.is_valid_reason(surface))
        message = gettext("The outline crosses or touches itself near %(point)s. Draw it without crossings.")
        near = _written(_rounded((float(where[1]), float(where[2])))) if where else _written(outline[0])
        raise ValueError(message % {"point": near})
    if surface.area < FLAT:
        raise ValueError(gettext("The points lie on one line, so there is no area. Add a point beside it."))
    return surface


def ring(surface: Surface) -> Polygon:
    """The outer ring of `surface`, counterclockwise."""
    points = [(float(lon), float(lat)) for lon, lat in surface.exterior.coords]
    return Polygon(tuple(points if LinearRing(points).is_ccw else points[::-1]))


def covering(surface: Surface, most: int = MOST_POINTS) -> Surface:
    """`surface` without holes, of at most `most` points (the closing one counted) and 6 decimals, valid. Where it has
    too many points, a polygon a little larger that covers all of it."""
    outer = Surface(surface.exterior)
    if len(outer.exterior.coords) <= most and _is_rounded(outer):
        return outer
    tolerance = 10.0**-DECIMALS
    while tolerance < 0.1:
        # Grown first, then simplified by less than it grew. A mitre keeps corners without adding points.
        grown = outer.buffer(tolerance + 10.0**-DECIMALS, join_style="mitre", mitre_limit=2)
        points = list(shapely.orient_polygons(Surface(grown.simplify(tolerance).exterior)).exterior.coords)[
            :-1
        ]
        # What follows is the better of the two, and takes the square of the points in time.
        if len(points) < 4 * most:
            candidate = Surface([_rounded(point) for point in _with_fewer(points, most - 1)])
            if len(candidate.exterior.coords) <= most and candidate.is_valid and candidate.covers(outer):
                return candidate
        tolerance *= 1.6
    # The rectangle around it covers all.
    west, south, east, north = outer.bounds
    step = 10.0**-DECIMALS
    return Surface(
        [
            _rounded(point)
            for point in box(west - step, south - step, east + step, north + step).exterior.coords
        ]
    )


def _with_fewer(points: list[Point], most: int) -> list[Point]:
    """An open ring (counterclockwise) of `most` points that only gained ground, as little as possible at each step:
    a dent is filled (its point goes), or an edge is replaced by the point where its neighbours meet."""
    while len(points) > most:
        count = len(points)
        gains: list[tuple[float, int, Point | None]] = []
        for index in range(count):
            before, here, there, after = (points[(index + step) % count] for step in (-1, 0, 1, 2))
            turn = _cross(before, here, there)
            if turn <= 0:
                gains.append((-turn, index, None))
            elif _cross(here, there, after) > 0 and (tip := _meeting(before, here, after, there)):
                gains.append((abs(_cross(here, tip, there)), index, tip))
        for _gain, index, tip in sorted(gains, key=lambda gain: gain[0]):
            candidate = [point for place, point in enumerate(points) if place != index]
            if tip:
                candidate[index % len(candidate)] = tip
            if Surface(candidate).is_valid:
                points = candidate
                break
        else:
            break
    return points


def _cross(one: Point, two: Point, three: Point) -> float:
    """Twice the signed area of the triangle: positive where the way turns left at `two`."""
    return (two[0] - one[0]) * (three[1] - two[1]) - (two[1] - one[1]) * (three[0] - two[0])


def _meeting(one: Point, two: Point, other: Point, another: Point) -> Point | None:
    """Where the way from `one` beyond `two` meets that from `other` beyond `another`; None where they part."""
    (x, y), (u, v) = (two[0] - one[0], two[1] - one[1]), (another[0] - other[0], another[1] - other[1])
    scale = x * v - y * u
    if scale == 0:
        return None
    along = ((another[0] - two[0]) * v - (another[1] - two[1]) * u) / scale
    beyond = ((another[0] - two[0]) * y - (another[1] - two[1]) * x) / scale
    return (two[0] + along * x, two[1] + along * y) if along > 0 and beyond > 0 else None


def _is_rounded(surface: Surface) -> bool:
    return all(_rounded(point) == point for point in surface.exterior.coords)


def _rounded(point: Sequence[float]) -> Point:
    # + 0.0: no minus zero.
    return round(float(point[0]), DECIMALS) + 0.0, round(float(point[1]), DECIMALS) + 0.0


def _plain(number: float) -> str:
    """Without an exponent or zeros at the end: "0.3"."""
    return f"{number:.{DECIMALS}f}".rstrip("0").rstrip(".")


def _written(point: Sequence[float]) -> str:
    """Latitude first."""
    return f"{_plain(point[1])},{_plain(point[0])}"
