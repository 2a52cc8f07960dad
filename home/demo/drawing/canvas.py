# ruff: noqa: PLR0917 - a shape is its coordinates
"""A small drawing surface over Pillow: scene units in, an antialiased picture out.

Scene units are the pixels of the finished picture (1600 x 1000 unless told otherwise), the origin is
the top left corner and y grows downwards. Shapes are drawn `SCALE` times larger and reduced once, at
the end, which gives clean edges with plain polygons. Colours are "#rrggbb" or "#rrggbbaa"; an alpha is
blended into what is already there.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from PIL import Image, ImageDraw

Point = tuple[float, float]

SCALE = 2
"""How many times larger than the finished picture the shapes are drawn."""


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` (0 to 1) of the way from `first` to `second`, both "#rrggbb"."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def clear(colour: str, opacity: float) -> str:
    """`colour` ("#rrggbb") with an opacity from 0 to 1, as "#rrggbbaa"."""
    return f"{colour}{round(opacity * 255):02x}"


def noise(seed: int, index: int) -> float:
    """A number from 0 to 1 that depends on nothing but its two arguments."""
    value = (seed * 374761393 + index * 668265263) & 0xFFFFFFFF
    value = ((value ^ (value >> 13)) * 1274126177) & 0xFFFFFFFF
    return ((value ^ (value >> 16)) & 0xFFFF) / 0xFFFF


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 14) -> list[Point]:
    """A Catmull-Rom curve through `points`, as a list of points."""
    count = len(points)
    curve: list[Point] = []
    for index in range(count if closed else count - 1):
        if closed:
            p0, p1, p2, p3 = (points[(index + shift) % count] for shift in (-1, 0, 1, 2))
        else:
            p0, p1, p2, p3 = (points[min(max(index + shift, 0), count - 1)] for shift in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_catmull(p0[0], p1[0], p2[0], p3[0], t), _catmull(p0[1], p1[1], p2[1], p3[1], t)))
    if not closed:
        curve.append(points[-1])
    return curve


def around(cx: float, cy: float, radius: float, angle: float) -> Point:
    """The point at `angle` degrees (0 is east, clockwise) on a circle."""
    return cx + radius * math.cos(math.radians(angle)), cy + radius * math.sin(math.radians(angle))


class Canvas:
    """A picture being drawn; see the module for units and colours."""

    def __init__(self, width: int = 1600, height: int = 1000, background: str = "#ffffff") -> None:
        self.width = width
        self.height = height
        self.image = Image.new("RGB", (width * SCALE, height * SCALE), background)
        self.draw = ImageDraw.Draw(self.image, "RGBA")

    def finished(self) -> Image.Image:
        """The picture at its own size, edges smoothed."""
        return self.image.reduce(SCALE)

    @contextmanager
    def inside(self, *shapes: Sequence[Point]) -> Iterator[None]:
        """Keep what is drawn in the block within the polygons `shapes`."""
        scaled = [self._scaled(shape) for shape in shapes]
        xs = [x for shape in scaled for x, _ in shape]
        ys = [y for shape in scaled for _, y in shape]
        left, top = max(0, int(min(xs)) - 1), max(0, int(min(ys)) - 1)
        right, bottom = min(self.image.width, int(max(xs)) + 2), min(self.image.height, int(max(ys)) + 2)
        before = self.image.copy()
        yield
        mask = Image.new("1", (right - left, bottom - top), 0)
        pen = ImageDraw.Draw(mask)
        for shape in scaled:
            pen.polygon([(x - left, y - top) for x, y in shape], fill=1)
        before.paste(self.image.crop((left, top, right, bottom)), (left, top), mask)
        self.image.paste(before)

    def rect(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        if width <= 0 or height <= 0:
            return
        box = (x * SCALE, y * SCALE, (x + width) * SCALE - 1, (y + height) * SCALE - 1)
        if radius:
            radius = min(radius, width / 2, height / 2)
            self.draw.rounded_rectangle(box, radius * SCALE, fill=colour)
        else:
            self.draw.rectangle(box, fill=colour)

    def poly(self, points: Iterable[Point], colour: str) -> None:
        self.draw.polygon(self._scaled(points), fill=colour)

    def blob(self, points: Sequence[Point], colour: str) -> None:
        """A closed shape with a soft outline through `points`."""
        self.poly(smooth(points), colour)

    def ellipse(self, cx: float, cy: float, rx: float, ry: float, colour: str) -> None:
        box = ((cx - rx) * SCALE, (cy - ry) * SCALE, (cx + rx) * SCALE, (cy + ry) * SCALE)
        self.draw.ellipse(box, fill=colour)

    def circle(self, cx: float, cy: float, radius: float, colour: str) -> None:
        self.ellipse(cx, cy, radius, radius, colour)

    def ring(self, cx: float, cy: float, radius: float, colour: str, width: float) -> None:
        self.arc(cx, cy, radius, 0, 360, colour, width)

    def arc(
        self, cx: float, cy: float, radius: float, start: float, end: float, colour: str, width: float
    ) -> None:
        """A stroke centred on the circle, from `start` to `end` degrees, clockwise from east."""
        outer = (radius + width / 2) * SCALE
        box = (cx * SCALE - outer, cy * SCALE - outer, cx * SCALE + outer, cy * SCALE + outer)
        self.draw.arc(box, start, end, fill=colour, width=round(width * SCALE))

    def pie(self, cx: float, cy: float, radius: float, start: float, end: float, colour: str) -> None:
        box = ((cx - radius) * SCALE, (cy - radius) * SCALE, (cx + radius) * SCALE, (cy + radius) * SCALE)
        self.draw.pieslice(box, start, end, fill=colour)

    def line(self, points: Sequence[Point], colour: str, width: float, *, cap: bool = True) -> None:
        """A stroke through `points` with rounded joints, and rounded ends unless `cap` is False."""
        scaled = self._scaled(points)
        self.draw.line(scaled, fill=colour, width=max(1, round(width * SCALE)), joint="curve")
        thick = width > 12
        if (cap and width >= 2) or thick:
            radius = width * SCALE / 2 - 0.5
            ends = (scaled[0], scaled[-1]) if cap else ()
            # Pillow's own joints leave notches on thick curves.
            for x, y in (*ends, *(scaled[1:-1] if thick else ())):
                self.draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def dashes(self, points: Sequence[Point], colour: str, width: float, dash: float, gap: float) -> None:
        """A dashed stroke through `points`."""
        for start, end in dash_spans(points, dash, gap):
            self.line((start, end), colour, width)

    def bands(self, top: float, bottom: float, colours: Sequence[str]) -> None:
        """Horizontal bands of equal height over the whole width."""
        step = (bottom - top) / len(colours)
        for index, colour in enumerate(colours):
            self.rect(0, top + index * step, self.width, step + 1, colour)

    def gradient(self, top: float, bottom: float, first: str, last: str) -> None:
        """A vertical gradient over the whole width."""
        rows = round((bottom - top) * SCALE)
        for row in range(rows):
            y = top * SCALE + row
            colour = mix(first, last, row / max(1, rows - 1))
            self.draw.line((0, y, self.width * SCALE, y), fill=colour)

    def _scaled(self, points: Iterable[Point]) -> list[Point]:
        return [(x * SCALE, y * SCALE) for x, y in points]


def dash_spans(points: Sequence[Point], dash: float, gap: float) -> Iterator[tuple[Point, Point]]:
    """The dashes of a stroke through `points`, as pairs of end points."""
    for start, end in itertools.pairwise(points):
        length = math.dist(start, end)
        if not length:
            continue
        at = 0.0
        while at < length:
            stop = min(at + dash, length)
            yield _between(start, end, at / length), _between(start, end, stop / length)
            at += dash + gap


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _channels(colour: str) -> list[int]:
    return [int(colour[index : index + 2], 16) for index in (1, 3, 5)]


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)
