# ruff: noqa: PLR0917 - a shape is its coordinates
"""The register of pictures, and the compositions that several of them share."""

from __future__ import annotations

import math
from collections.abc import Callable

from home.demo.drawing import motifs as m
from home.demo.drawing.brussels import Projection, zones
from home.demo.drawing.canvas import Canvas, Point, clear, mix, smooth
from home.demo.drawing.motifs import BRICK, CLAY, CREAM, DEEP, INK, MIST, OCHRE, TEAL

Scene = Callable[[Canvas], None]
SCENES: dict[str, tuple[Scene, int, int]] = {}
"""A picture's key: its function, its width and its height in pixels."""

ZONE_COLOURS = {"5339": BRICK, "5340": TEAL, "5341": OCHRE, "5342": MIST, "5343": CLAY, "5344": DEEP}


def scene(key: str, width: int = 1600, height: int = 1000) -> Callable[[Scene], Scene]:
    """Register a picture under `key`."""

    def register(function: Scene) -> Scene:
        SCENES[key] = (function, width, height)
        return function

    return register


def sheet(x: float, y: float, width: float, height: float, angle: float) -> list[Point]:
    """The corners of a sheet of paper, top left at `x`, `y`, turned by `angle` radians about its middle."""
    cx, cy = x + width / 2, y + height / 2
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    cos, sin = math.cos(angle), math.sin(angle)
    return [
        (cx + sx * width / 2 * cos - sy * height / 2 * sin, cy + sx * width / 2 * sin + sy * height / 2 * cos)
        for sx, sy in corners
    ]


def zone_map(c: Canvas, projection: Projection, *, pins: bool = True) -> None:
    """The police zones in their colours, with a shadow, the canal and a pin for each zone."""
    shapes = projection.municipalities()
    belongs = zones()
    lift = projection.unit / 250
    for rings in shapes.values():
        for ring in rings:
            c.poly([(px + lift * 0.8, py + lift) for px, py in ring], "#b4cac9")
    for nis, rings in shapes.items():
        for ring in rings:
            c.poly(ring, ZONE_COLOURS[belongs[nis]])
    for rings in shapes.values():
        for ring in rings:
            c.line([*ring, ring[0]], clear(CREAM, 0.55), 2.5, cap=False)
    c.line(smooth(projection.canal(), closed=False), "#dcebea", projection.unit / 450)
    if not pins:
        return
    for zone, lon, lat in (
        ("5340", 4.303, 50.866), ("5341", 4.296, 50.826), ("5339", 4.367, 50.853), ("5344", 4.392, 50.868),
        ("5343", 4.432, 50.840), ("5342", 4.398, 50.786),
    ):  # fmt: skip
        x, y = projection.point(lon, lat)
        c.ellipse(x + 8, y + 5, 26, 9, clear(INK, 0.3))
        c.poly([(x - 32, y - 64), (x + 32, y - 64), (x, y)], CREAM)
        c.circle(x, y - 82, 40, CREAM)
        c.circle(x, y - 82, 27, ZONE_COLOURS[zone])
        c.circle(x, y - 82, 10, CREAM)


def seated_from_behind(c: Canvas, x: float, base: float, size: float, coat: str, look: int) -> None:
    """A person on a chair, seen from behind."""
    s = size
    hair = m.HAIRS[(look // 2 + look) % 4]
    c.rect(x - s * 0.21, base - s * 0.76, s * 0.42, s * 0.5, coat, s * 0.16)
    c.rect(x - s * 0.06, base - s * 0.84, s * 0.12, s * 0.14, m.SKINS[look])
    c.circle(x, base - s * 0.93, s * 0.12, hair)
    if look % 2:
        c.rect(x - s * 0.1, base - s * 0.95, s * 0.2, s * 0.26, hair, s * 0.08)
    c.rect(x - s * 0.23, base - s * 0.5, s * 0.46, s * 0.3, mix(CLAY, INK, 0.3), s * 0.06)
    for side in (-1, 1):
        c.rect(x + side * s * 0.19 - s * 0.02, base - s * 0.25, s * 0.04, s * 0.25, INK)
