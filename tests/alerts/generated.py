"""Alerts as nobody would write them: contents of messages for Hypothesis, and chains made of them."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from alerts import cap
from alerts.areas import REGION_NUTS, Area
from alerts.lifecycle import Kind
from alerts.models import AlertMessage, Chain, new_identifier
from alerts.vocabulary import CATEGORIES, Certainty, Event, Response, Severity, Urgency
from territory import borders, geometry
from territory.geometry import Circle

BRUSSELS = ZoneInfo("Europe/Brussels")
NIS = sorted(borders.borders())
WEB = {"fr": "https://vigie.example/fr/alertes/x/", "nl": "https://vigie.example/nl/waarschuwingen/x/"}

# The independent reader of CAP takes a text that is a number for one.
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=139).map("é{}".format)
pairs = st.fixed_dictionaries({"fr": texts, "nl": texts})
areas = texts.map(lambda text: text[:49]).filter(str.strip)
times = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.sampled_from([UTC, BRUSSELS]))


@st.composite
def outlines(draw: Any, most: int = 120) -> list[geometry.Point]:
    """Points around a centre, each at its own distance: never crossing, as jagged as can be."""
    count, rough = draw(st.integers(3, most)), draw(st.sampled_from([0.0, 0.1, 0.6]))
    lon, lat = draw(st.floats(4.2, 4.5)), draw(st.floats(50.75, 50.92))
    reach, random = draw(st.floats(0.002, 0.1)), draw(st.randoms(use_true_random=False))
    points = []
    for step in range(count):
        away, turn = reach * (1 - rough * random.random()), 2 * math.pi * step / count
        points.append((lon + away * math.cos(turn), lat + away * math.sin(turn)))
    return points


polygons = outlines().map(geometry.polygon)
circles = st.builds(
    lambda lon, lat, metres: Circle(round(lon, 6), round(lat, 6), metres / 1000),
    st.floats(4.2, 4.5),
    st.floats(50.75, 50.92),
    st.integers(20, 20_000),
)
pictures = st.builds(
    lambda name, size, alt: {
        "file": f"alerts/{name}.jpg",
        "uri": f"https://vigie.example/media/alerts/{name}.jpg",
        "media_type": "image/jpeg",
        "size": size,
        "sha1": name,
        "width": 960,
        "height": 640,
        "alt": alt,
    },
    st.binary().map(lambda body: hashlib.sha1(body, usedforsecurity=False).hexdigest()),
    st.integers(1, 10**6),
    pairs,
)


@st.composite
def contents(draw: Any) -> dict[str, Any]:
    """A message's content; a fifth of them as messages were before areas were drawn."""
    onset = draw(times)
    nis = sorted(draw(st.one_of(st.just(NIS), st.lists(st.sampled_from(NIS), max_size=19, unique=True))))
    content = {
        "status": draw(st.sampled_from(["Actual", "Exercise", "Test"])),
        "event": draw(st.sampled_from(Event.values)),
        "category": draw(st.sampled_from(sorted(set(CATEGORIES.values())))),
        "event_label": draw(pairs),
        "urgency": draw(st.sampled_from(Urgency.values)),
        "severity": draw(st.sampled_from(Severity.values)),
        "certainty": draw(st.sampled_from(Certainty.values)),
        "onset": onset.isoformat(timespec="seconds"),
        "expires": (onset + timedelta(minutes=draw(st.integers(1, 5000)))).isoformat(timespec="seconds"),
        "headline": draw(pairs),
        "what": draw(pairs),
        "instruction": draw(pairs),
        "area": {"fr": draw(areas), "nl": draw(areas)},
        "nis": nis,
        "link": draw(st.sampled_from(["", "https://example.org/?a=1&b=2"])),
        "web": WEB,
        "sender_name": draw(pairs),
    }
    if draw(st.integers(0, 4)) == 0:
        return content
    shapes = draw(st.lists(st.one_of(polygons, circles), max_size=3))
    area = Area(tuple(nis), tuple(shapes))
    responses = draw(st.lists(st.sampled_from(Response.values[:-1]), max_size=3, unique=True))
    return content | {
        "nuts": list(REGION_NUTS) if nis == NIS else [],
        "polygons": [[list(point) for point in polygon.points] for polygon in area.polygons],
        "circles": [
            {"center": [circle.lon, circle.lat], "radius_km": circle.radius_km} for circle in area.circles
        ],
        "touched": area.touched(),
        "places": [],
        "response_types": responses or draw(st.sampled_from([[], ["None"]])),
        "contact": draw(st.one_of(pairs, st.just({"fr": "", "nl": ""}))),
        "contact_number": draw(
            st.sampled_from(["", "112", "02 123 45 67", "+32 2 123 45 67", "info@example.org"])
        ),
        "image": draw(st.none() | pictures),
    }


def xml_of(content: dict[str, Any], sent: datetime, kind: Kind = Kind.ALERT) -> tuple[str, str]:
    """Identifier and CAP file."""
    identifier = new_identifier()
    references = cap.reference("alerts@vigie.example", new_identifier(), sent)
    xml = cap.build(
        identifier=identifier,
        sender="alerts@vigie.example",
        sent=sent,
        kind=kind,
        references="" if kind is Kind.ALERT else references,
        content=content,
    )
    return identifier, xml.decode()


def chain_of(content: dict[str, Any], sent: datetime, number: int = 1) -> Chain:
    """A chain of one message, never stored."""
    identifier, xml = xml_of(content, sent)
    message = AlertMessage(
        pk=number,
        alert_id=number,
        identifier=identifier,
        kind=Kind.ALERT,
        sent=sent,
        expires=datetime.fromisoformat(content["expires"]),
        content=content,
        xml=xml,
        sha256=hashlib.sha256(xml.encode()).hexdigest(),
    )
    return Chain([message])
