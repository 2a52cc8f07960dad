"""What is active, for other systems: JSON (docs/alerts.md, data/active.schema.json) and GeoJSON (RFC 7946)."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from alerts.areas import Area
from alerts.content import moment
from alerts.models import Chain
from generator.slots import made
from territory import borders

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
        "translation_follows": content.get("translation_follows"),
        "cap": base_url + message.url if message.has_xml else None,
        **{name: content[name] for name in CODES + TEXTS},
        **_details(content),
    }


def _details(content: dict[str, Any]) -> dict[str, Any]:
    """What messages from before these fields existed do not have: they get the value that says "none"."""
    area = Area.of(content)
    contact = content.get("contact", {})
    return {
        "response_types": content.get("response_types", []),
        "contact": contact if any(contact.values()) else None,
        "contact_number": content.get("contact_number") or None,
        "link": content.get("link") or None,
        "image": _image(content.get("image")),
        "nuts": content.get("nuts", []),
        "touched": area.touched(),
        "polygons": content.get("polygons", []),
        "circles": content.get("circles", []),
        "bbox": None if area.union().is_empty else list(area.union().bounds),
    }


def _image(image: dict[str, Any] | None) -> dict[str, Any] | None:
    return image and {name: image[name] for name in ("uri", "media_type", "width", "height", "alt")}


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
    """The same as features; the geometry is the alert's whole area, null where only words say where."""
    body = {
        "type": "FeatureCollection",
        "licence": LICENCE,
        "attribution": borders.attribution(),
        "generated_at": made("moment", lambda: moment(now)),
        "features": [
            {
                "type": "Feature",
                "id": chain.first.identifier,
                "geometry": Area.of(chain.last.content).geojson(),
                "properties": entry(chain, base_url),
            }
            for chain in active
        ],
    }
    return json.dumps(body, ensure_ascii=False)
