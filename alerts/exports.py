"""What is active, for other systems: JSON (docs/alerts.md, data/active.schema.json) and GeoJSON (RFC 7946)."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

from alerts.content import moment
from alerts.models import Chain
from generator.slots import made
from territory.svg import GEOJSON

LICENCE = "CC0-1.0"
SCHEMA_URL = "/alerts/active.schema.json"
CODES = ("event", "category", "urgency", "severity", "certainty", "onset", "expires", "nis")
TEXTS = ("headline", "what", "instruction", "area")


def entry(chain: Chain, base_url: str) -> dict[str, Any]:
    """One active alert, as its last message says."""
    message, content = chain.last, chain.last.content
    return {
        "identifier": message.identifier,
        "first_identifier": chain.first.identifier,
        "sent": moment(message.sent),
        "first_sent": moment(chain.first.sent),
        "url": content["web"],
        "cap": base_url + message.url if message.has_xml else None,
        **{name: content[name] for name in CODES + TEXTS},
    }


def active_json(active: Iterable[Chain], now: datetime, base_url: str) -> str:
    """What is active at `now`, supersession resolved, both languages; in the order given."""
    body = {
        "schema": base_url + SCHEMA_URL,
        "licence": LICENCE,
        "generated_at": made("moment", lambda: moment(now)),
        "alerts": [entry(chain, base_url) for chain in active],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


def active_geojson(active: Iterable[Chain], now: datetime, base_url: str) -> str:
    """The same as features; the geometry is that of the alert's municipalities, null where it names none."""
    attribution, borders = _borders()
    features = []
    for chain in active:
        shapes = [borders[nis] for nis in chain.last.content["nis"] if nis in borders]
        # Neighbours share borders, which a MultiPolygon may not.
        several = {"type": "GeometryCollection", "geometries": shapes} if shapes else None
        features.append(
            {
                "type": "Feature",
                "id": chain.first.identifier,
                "geometry": shapes[0] if len(shapes) == 1 else several,
                "properties": entry(chain, base_url),
            }
        )
    body = {
        "type": "FeatureCollection",
        "licence": LICENCE,
        "attribution": attribution,
        "generated_at": made("moment", lambda: moment(now)),
        "features": features,
    }
    return json.dumps(body, ensure_ascii=False)


@cache
def _borders() -> tuple[str, dict[str, dict[str, Any]]]:
    """Whom the borders are from, and each municipality's geometry by NIS code, outer rings counterclockwise."""
    collection = json.loads(GEOJSON.read_text(encoding="utf-8"))
    return collection["attribution"], {
        feature["id"]: _right_handed(feature["geometry"]) for feature in collection["features"]
    }


def _right_handed(geometry: dict[str, Any]) -> dict[str, Any]:
    """RFC 7946, 3.1.6: outer rings counterclockwise, holes clockwise."""
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    wound = [
        [ring if (_area(ring) > 0) == (place == 0) else ring[::-1] for place, ring in enumerate(polygon)]
        for polygon in polygons
    ]
    return {
        "type": geometry["type"],
        "coordinates": wound if geometry["type"] == "MultiPolygon" else wound[0],
    }


def _area(ring: list[list[float]]) -> float:
    """The signed area of a closed ring, positive when it is counterclockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2
