"""The outlines of the nineteen municipalities, ready to be drawn.

They come from the territory's own reference file, so its attribution (Statbel) holds for the pictures too.
"""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

from home.demo.drawing.canvas import Point

SOURCE = Path(__file__).resolve().parents[3] / "territory" / "data" / "brussels_municipalities.geojson"


@cache
def _features() -> list[tuple[str, str, list[list[Point]]]]:
    collection = json.loads(SOURCE.read_text(encoding="utf-8"))
    features = []
    for feature in collection["features"]:
        geometry = feature["geometry"]
        polygons = (
            geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        )
        rings = [[(lon, lat) for lon, lat in polygon[0]] for polygon in polygons]
        features.append((feature["properties"]["nis"], feature["properties"]["police_zone"], rings))
    return features


def zones() -> dict[str, str]:
    """The police zone code of each municipality, by NIS code."""
    return {nis: zone for nis, zone, _ in _features()}


class Projection:
    """Longitude and latitude to scene units: the region as large as fits in a box, centred in it."""

    def __init__(self, x: float, y: float, width: float, height: float) -> None:
        points = [point for _, _, rings in _features() for ring in rings for point in ring]
        self.west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, self.north = min(p[1] for p in points), max(p[1] for p in points)
        self.narrow = math.cos(math.radians((south + self.north) / 2))
        self.unit = min(width / ((east - self.west) * self.narrow), height / (self.north - south))
        self.left = x + (width - (east - self.west) * self.narrow * self.unit) / 2
        self.top = y + (height - (self.north - south) * self.unit) / 2

    def point(self, lon: float, lat: float) -> Point:
        return (
            self.left + (lon - self.west) * self.narrow * self.unit,
            self.top + (self.north - lat) * self.unit,
        )

    def municipalities(self) -> dict[str, list[list[Point]]]:
        """The outer rings of each municipality by NIS code."""
        return {
            nis: [[self.point(lon, lat) for lon, lat in ring] for ring in rings]
            for nis, _, rings in _features()
        }

    def canal(self) -> list[Point]:
        """The course of the canal through the region, roughly."""
        course = (
            (4.262, 50.806), (4.283, 50.817), (4.306, 50.829), (4.323, 50.837), (4.336, 50.846),
            (4.344, 50.857), (4.352, 50.866), (4.366, 50.876), (4.388, 50.890), (4.407, 50.904),
            (4.424, 50.918),
        )  # fmt: skip
        return [self.point(lon, lat) for lon, lat in course]
