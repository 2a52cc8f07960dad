"""The map of the region as inline SVG, drawn once from `data/brussels_municipalities.geojson`.

Borders are cut into arcs where three territories meet; each arc is simplified and rounded once, so neighbours
still share every edge. Coordinates are whole numbers in a square view box of about 40 m to the unit.
"""

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markupsafe import Markup, escape

from territory.geometry import KM_PER_DEGREE, Circle, Shape

GEOJSON = Path(__file__).parent / "data" / "brussels_municipalities.geojson"
SIZE = 400
"""The longer side of the view box, in units."""
MARGIN = 4
"""Room for the thick outline of what is highlighted, in units."""
TOLERANCE = 1.1
"""How far a simplified border may be from the real one, in units."""

DOT = 4
"""The least radius of a circle, in units."""

Point = tuple[float, float]
Cell = tuple[int, int]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Projection:
    """From degrees to view box units. Equirectangular at the middle latitude: over 17 km it is off by less than a
    unit."""

    west: float
    north: float
    squeeze: float
    scale: float

    def __call__(self, point: Point) -> Point:
        lon, lat = point
        return (
            MARGIN + (lon - self.west) * self.squeeze * self.scale,
            MARGIN + (self.north - lat) * self.scale,
        )


@dataclass(frozen=True, slots=True)
class Drawing:
    """The outlines in view box units: `paths` maps each NIS code to the `d` of its path."""

    width: int
    height: int
    paths: dict[str, str]
    project: Projection


@cache
def drawing() -> Drawing:
    """The drawing of the GeoJSON file. Raises ValueError for a geometry that is no (multi)polygon."""
    rings: dict[str, list[Ring]] = {}
    for feature in json.loads(GEOJSON.read_text(encoding="utf-8"))["features"]:
        rings[feature["id"]] = list(_rings(feature["id"], feature["geometry"]))
    return draw(rings)


def draw(rings: dict[str, list[Ring]]) -> Drawing:
    """Project, simplify and write `rings` (NIS code -> closed rings of longitude and latitude)."""
    everything = [point for parts in rings.values() for ring in parts for point in ring]
    west, east = min(x for x, _ in everything), max(x for x, _ in everything)
    south, north = min(y for _, y in everything), max(y for _, y in everything)
    squeeze = math.cos(math.radians((south + north) / 2))
    span = max((east - west) * squeeze, north - south)
    scale = (SIZE - 2 * MARGIN) / span
    project = Projection(west, north, squeeze, scale)
    projected = {nis: [[project(point) for point in ring] for ring in parts] for nis, parts in rings.items()}
    corners = _corners(ring for parts in projected.values() for ring in parts)
    arcs: dict[tuple[Point, ...], list[Cell]] = {}
    paths = {
        nis: "".join(_path(_outline(ring, corners, arcs)) for ring in parts)
        for nis, parts in projected.items()
    }
    width = math.ceil((east - west) * squeeze * scale) + 2 * MARGIN
    height = math.ceil((north - south) * scale) + 2 * MARGIN
    return Drawing(width, height, paths, project)


def territory_svg(
    highlighted: Collection[str], title: str, ident: str = "territory", shapes: Sequence[Shape] = ()
) -> Markup:
    """The map with the municipalities of `highlighted` (NIS codes; unknown ones are left out) marked, and `shapes`
    drawn over it; the picture grows to hold those that reach beyond the region.

    `title` is what a screen reader says in place of the picture. `ident` begins the ids inside, so that
    a page may hold more than one map. What is marked differs by pattern and outline, not by colour alone;
    all is drawn in `currentColor`: without a style sheet, in forced colours and on paper it stays visible.
    """
    outlines = drawing()
    marked = [nis for nis in outlines.paths if nis in highlighted]
    plain = [nis for nis in outlines.paths if nis not in highlighted]

    def paths(codes: list[str]) -> str:
        return "".join(f'<path data-nis="{nis}" d="{outlines.paths[nis]}"/>' for nis in codes)

    name = escape(ident)
    drawn, (left, top, right, bottom) = _drawn(outlines, shapes)
    # The marked ones come last, so that no neighbour's thin line covers their thick one.
    return Markup(  # noqa: S704  (numbers, NIS codes of our own file, and escaped names)
        f'<svg class="map" role="img" aria-labelledby="{name}-title"'
        f' viewBox="{left} {top} {right - left} {bottom - top}"'
        ' fill="none" stroke="currentColor" stroke-linejoin="round">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path stroke-width="4" d="M0 0v6"/></pattern>'
        f"<g>{paths(plain)}</g>"
        f'<g class="map__on" fill="url(#{name}-hatch)" stroke-width="3">{paths(marked)}</g>{drawn}</svg>'
    )


def _drawn(outlines: Drawing, shapes: Sequence[Shape]) -> tuple[str, tuple[int, int, int, int]]:
    """`shapes` as a group, and the box (left, top, right, bottom) that holds them and the map."""
    boxes = [(0.0, 0.0, float(outlines.width), float(outlines.height))]
    parts = []
    for shape in shapes:
        west, south, east, north = shape.surface.bounds
        (left, top), (right, bottom) = outlines.project((west, north)), outlines.project((east, south))
        boxes.append((left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN))
        if isinstance(shape, Circle):
            x, y = outlines.project((shape.lon, shape.lat))
            # Of the smallest circle, a dot is left to see.
            radius = max(shape.radius_km / KM_PER_DEGREE * outlines.project.scale, DOT)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')
        else:
            points = (f"{x:.1f} {y:.1f}" for x, y in map(outlines.project, shape.points[:-1]))
            parts.append(f'<path d="M{"L".join(points)}z"/>')
    sides = [min(box[side] for box in boxes) for side in (0, 1)]
    sides += [max(box[side] for box in boxes) for side in (2, 3)]
    left, top, right, bottom = (
        math.floor(sides[0]),
        math.floor(sides[1]),
        math.ceil(sides[2]),
        math.ceil(sides[3]),
    )
    group = (
        f'<g class="map__drawn" stroke-width="3" stroke-dasharray="7 3">{"".join(parts)}</g>' if parts else ""
    )
    return group, (left, top, right, bottom)


def _rings(nis: str, geometry: dict) -> Iterator[Ring]:
    if geometry["type"] == "Polygon":
        polygons = [geometry["coordinates"]]
    elif geometry["type"] == "MultiPolygon":
        polygons = geometry["coordinates"]
    else:
        message = f"The geometry of {nis} is a {geometry['type']}. Give a Polygon or a MultiPolygon."
        raise ValueError(message)
    for polygon in polygons:
        for ring in polygon:
            yield [(x, y) for x, y in ring]


def _corners(rings: Iterator[Ring]) -> set[Point]:
    """The points where borders meet: those with other than two neighbours, over all rings."""
    neighbours: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for one, other in pairwise(ring):
            neighbours[one].add(other)
            neighbours[other].add(one)
    return {point for point, others in neighbours.items() if len(others) != 2}


def _outline(ring: Ring, corners: set[Point], arcs: dict[tuple[Point, ...], list[Cell]]) -> list[Cell]:
    """`ring` simplified, arc by arc. `arcs` remembers each, for the neighbour on its other side."""
    points = ring[:-1]
    start = next((index for index, point in enumerate(points) if point in corners), None)
    if start is None:
        # An outline that meets no other (an exclave within one neighbour): begin where both sides would.
        start = points.index(min(points))
    points = [*points[start:], *points[: start + 1]]
    outline: list[Cell] = []
    first = 0
    for index in range(1, len(points)):
        if points[index] in corners or index == len(points) - 1:
            outline += _arc(tuple(points[first : index + 1]), arcs)[:-1]
            first = index
    return _without_repeats(outline)


def _arc(points: tuple[Point, ...], arcs: dict[tuple[Point, ...], list[Cell]]) -> list[Cell]:
    backwards = points[::-1]
    if points > backwards:
        return _arc(backwards, arcs)[::-1]
    if points not in arcs:
        arcs[points] = [(round(x), round(y)) for x, y in simplify(list(points), TOLERANCE)]
    return arcs[points]


def simplify(points: list[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker: `points` without those nearer than `tolerance` to the line kept. The ends stay."""
    if len(points) < 3:
        return points
    distances = [_distance(point, points[0], points[-1]) for point in points[1:-1]]
    farthest = max(range(len(distances)), key=distances.__getitem__)
    if distances[farthest] < tolerance:
        return [points[0], points[-1]]
    middle = farthest + 1
    return simplify(points[: middle + 1], tolerance)[:-1] + simplify(points[middle:], tolerance)


def _distance(point: Point, start: Point, end: Point) -> float:
    """From `point` to the segment; to `start` where the segment is a point, as in a closed ring."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(1.0, max(0.0, along))
    return math.dist(point, (start[0] + along * dx, start[1] + along * dy))


def _without_repeats(cells: list[Cell]) -> list[Cell]:
    return [cell for index, cell in enumerate(cells) if cell != cells[index - 1]] or cells[:1]


def _path(cells: list[Cell]) -> str:
    """Relative lines, written as short as SVG allows: a minus sign separates as well as a space does."""
    x, y = cells[0]
    written = f"M{x} {y}l"
    for other_x, other_y in cells[1:]:
        for number in (other_x - x, other_y - y):
            written += str(number) if number < 0 or written.endswith("l") else f" {number}"
        x, y = other_x, other_y
    return written + "z"
