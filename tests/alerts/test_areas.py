"""Where an alert holds: from what the officer chose to every output, as somebody else's readers see it."""

import json
import math
from datetime import date, datetime, timedelta

import feedparser
import jsonschema
import pytest
import shapely
from capparselib.parsers import CAPParser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from shapely.geometry import LinearRing, shape

from alerts import atom, cap, exports, publishing
from alerts.areas import Area
from alerts.delivery.channels import concerned
from alerts.delivery.models import Partner
from alerts.models import AlertMessage, AlertPage
from pages.completeness import PublicationRefused
from territory import borders, geometry
from territory.geometry import Circle
from territory.models import Landmark, Municipality, PoliceZone
from tests.alerts import outputs
from tests.alerts.generated import chain_of, contents
from tests.factories.alerts import AlertFactory, send

pytestmark = pytest.mark.once

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(publishing.SCHEMA.read_text()), format_checker=jsonschema.FormatChecker()
)
BASE = "https://vigie.example"
TRIANGLE = "50.84,4.34 50.86,4.35 50.85,4.38"


def parts(geojson):
    if geojson is None:
        return []
    return [geojson["coordinates"]] if geojson["type"] == "Polygon" else geojson["coordinates"]


def rings_of_cap(area: etree._Element) -> list[shapely.Polygon]:
    """The polygons of a CAP area, read again: "lat,lon lat,lon"."""
    found = []
    for polygon in area.findall(f"{{{cap.NAMESPACE}}}polygon"):
        points = [tuple(map(float, pair.split(",")))[::-1] for pair in polygon.text.split()]
        assert points[0] == points[-1]
        assert 4 <= len(points) <= 100
        found.append(shapely.Polygon(points))
    return found


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents())
def test_whatever_the_alert_other_people_s_readers_understand_it(content):
    sent = datetime.fromisoformat(content["onset"])
    chain = chain_of(content, sent)
    message, area = chain.last, Area.of(content)

    cap.validate(message.xml.encode())
    (parsed,) = CAPParser(message.xml).as_dict()
    assert str(parsed["cap_id"]) == message.identifier
    assert len(parsed["cap_info"]) == 2
    for info, language in zip(parsed["cap_info"], ("fr", "nl"), strict=True):
        assert str(info["cap_language"]) == f"{language}-BE"
        assert str(info["cap_headline"]).split() == content["headline"][language].split()
        (where,) = info["cap_area"]
        assert len(str(where["area_description"])) < 50
        codes = [str(item["value"]) for item in where.get("geocodes", []) if str(item["valueName"]) == "NIS"]
        assert codes == content["nis"]

    for element in etree.fromstring(message.xml.encode()).iter(f"{{{cap.NAMESPACE}}}area"):
        rings = rings_of_cap(element)
        assert all(ring.is_valid for ring in rings)
        rounds = [circle.text.split() for circle in element.findall(f"{{{cap.NAMESPACE}}}circle")]
        assert [float(radius) for _centre, radius in rounds] == [circle.radius_km for circle in area.circles]
        told = shapely.union_all([*rings, *(circle.surface for circle in area.circles)])
        assert area.union().difference(told.buffer(1e-9)).is_empty

    SCHEMA.validate(json.loads(exports.active_json([chain], sent, BASE)))
    (feature,) = json.loads(exports.active_geojson([chain], sent, BASE))["features"]
    if feature["geometry"] is None:
        assert not area.nis
        assert not area.shapes
        assert feature["properties"]["bbox"] is None
    else:
        read = shape(feature["geometry"])
        assert read.is_valid
        assert read.equals(area.union())
        assert feature["properties"]["bbox"] == list(read.bounds)
        for rings in parts(feature["geometry"]):
            assert LinearRing(rings[0]).is_ccw
            assert not any(LinearRing(hole).is_ccw for hole in rings[1:])
        assert set(feature["properties"]["nis"]) <= set(feature["properties"]["touched"])

    for language in ("fr", "nl"):
        feed = feedparser.parse(atom.feed([chain], sent, language, BASE))
        assert not feed.bozo, feed.get("bozo_exception")
        assert len(feed.entries) == 1


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents())
def test_an_area_is_the_same_after_its_way_through_json(content):
    again = Area.of(json.loads(json.dumps(content)))
    assert again == Area.of(content)
    assert geometry.parse(geometry.written(again.shapes)) == list(dict.fromkeys(again.shapes))


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(sorted(borders.borders())), min_size=1, unique=True).map(sorted))
def test_what_cap_says_of_municipalities_covers_them(nis):
    area = Area(tuple(nis))
    told = shapely.union_all([polygon.surface for polygon in area.cap_polygons()])
    # The parts cover exactly (tests/territory/test_geometry.py); joining them rounds.
    assert told.buffer(1e-9).covers(area.union())
    assert area.touched() == nis


@pytest.mark.django_db
class TestFromTheForm:
    def test_municipalities_zones_landmarks_and_shapes_become_one_area(self, clock):
        square = Landmark.objects.get(name_fr="Grand-Place")
        message = send(
            AlertFactory(),
            municipalities=list(Municipality.objects.filter(nis="21001")),
            police_zones=list(PoliceZone.objects.filter(code="5343")),
            landmarks=[square],
            shapes=f"{TRIANGLE}\n50.88,4.4 0.5",
        )
        content = message.content
        assert content["nis"] == ["21001", "21005", "21018", "21019"]
        assert content["circles"] == [
            {"center": [4.4, 50.88], "radius_km": 0.5},
            {"center": [4.35247, 50.84674], "radius_km": 0.2},
        ]
        assert content["places"] == [{"fr": "Grand-Place", "nl": "Grote Markt"}]
        assert content["nuts"] == []
        assert {"21004", *content["nis"]} < set(content["touched"])
        (entry,) = outputs.active()
        assert entry["touched"] == content["touched"]
        (feature,) = json.loads(outputs.files()["/alerts/active.geojson"])["features"]
        assert shape(feature["geometry"]).covers(Circle(4.4, 50.88, 0.5).surface)
        assert shape(feature["geometry"]).covers(borders.borders()["21019"])

    def test_the_zones_are_those_of_the_day_it_begins(self, clock):
        zone = PoliceZone.objects.get(code="5343")
        zone.memberships.filter(municipality__nis="21005").update(valid_until=date(2026, 11, 22))
        alert = AlertFactory(expires=clock() + timedelta(days=3))
        assert "21005" in send(alert, police_zones=[zone]).content["nis"]
        tomorrow = send(alert, onset=clock() + timedelta(days=1))
        assert tomorrow.content["nis"] == ["21018", "21019"]

    def test_the_whole_region_has_its_nuts_code_and_one_outline(self, clock):
        message = send(AlertFactory(whole_region=True))
        outlines = {
            element.text
            for element in etree.fromstring(message.xml.encode()).iter(f"{{{cap.NAMESPACE}}}polygon")
        }
        assert len(outlines) == 1
        assert message.content["nuts"] == ["BE100"]
        assert "<valueName>NUTS3</valueName>" in message.xml

    def test_a_landmark_that_is_moved_changes_no_message(self, clock):
        square = Landmark.objects.get(name_fr="Grand-Place")
        message = send(AlertFactory(), landmarks=[square])
        square.shapes = "50.9,4.4 1"
        square.save()
        assert AlertMessage.objects.get(pk=message.pk).content == message.content
        assert outputs.active()[0]["circles"] == [{"center": [4.35247, 50.84674], "radius_km": 0.2}]

    def test_who_lives_where_something_was_drawn_is_concerned_and_nobody_else(self, clock):
        for name, nis in (("anderlecht", "21001"), ("uccle", "21016"), ("jette", "21010")):
            partner = Partner.objects.create(name=name, email=f"{name}@example.org")
            partner.municipalities.set(Municipality.objects.filter(nis=nis))
        message = send(
            AlertFactory(),
            municipalities=list(Municipality.objects.filter(nis="21010")),
            shapes="50.8353,4.3113 0.3",
        )
        told = concerned(Partner.objects.order_by("name"), message)
        assert [partner.name for partner in told] == ["anderlecht", "jette"]

    def test_shapes_that_cannot_be_read_are_refused_by_every_route(self, clock):
        alert = AlertFactory()
        with pytest.raises(PublicationRefused) as refusal:
            send(alert, shapes="50.84,4.34 far away")
        assert list(refusal.value.message_dict) == ["shapes"]
        assert "50.84,4.34" in refusal.value.summary or "far" in refusal.value.summary
        assert not AlertMessage.objects.exists()

    def test_the_form_stores_what_is_fit_to_publish_and_names_what_is_not(self, clock):
        alert = AlertFactory()
        form_class = alert.get_edit_handler().get_form_class()
        good = form_class(
            {"shapes": " 50.8400000001,4.34  50.86,4.35 50.85,4.38 "}, instance=alert, for_user=None
        )
        assert "shapes" not in good.errors
        stored = good.cleaned_data["shapes"].split()
        assert stored[0] == stored[-1]
        assert set(stored) == {"50.84,4.34", "50.86,4.35", "50.85,4.38"}
        bad = form_class({"shapes": "x"}, instance=alert, for_user=None)
        assert "« x »" in bad.errors["shapes"][0]

    def test_only_words_say_where_and_that_is_fine(self, clock):
        message = send(AlertFactory())
        assert message.has_xml
        assert "<polygon>" not in message.xml
        (entry,) = outputs.active()
        assert (entry["touched"], entry["bbox"]) == ([], None)


@pytest.mark.django_db
def test_messages_from_before_areas_were_drawn_are_still_shown(clock, monkeypatch):
    """A sealed message is never changed: who reads it copes."""
    from alerts import models

    young = (
        "nuts",
        "polygons",
        "circles",
        "touched",
        "places",
        "response_types",
        "contact",
        "contact_number",
        "image",
    )
    new = models.frozen
    alert = AlertFactory()
    with monkeypatch.context() as before:
        before.setattr(
            models,
            "frozen",
            lambda alert: {name: value for name, value in new(alert).items() if name not in young},
        )
        message = send(alert, municipalities=list(Municipality.objects.filter(nis="21001")))
    assert "polygons" not in message.content
    made = outputs.files()
    SCHEMA.validate(json.loads(made["/alerts/active.json"]))
    (feature,) = json.loads(made["/alerts/active.geojson"])["features"]
    assert shape(feature["geometry"]).equals(borders.borders()["21001"])
    assert made[message.url].decode() == message.xml
    for language in ("fr", "nl"):
        assert "Anderlecht" in outputs.html(alert, language)
    clock(minutes=1)
    send(alert, shapes=TRIANGLE)
    assert "Anderlecht" in outputs.html(AlertPage.objects.get(pk=alert.pk), "fr")


def test_the_seeded_landmarks_are_where_they_are_said_to_be(db):
    expected = {
        "Grand-Place": "21004",
        "Gare de Bruxelles-Midi": "21013",
        "Gare de Bruxelles-Nord": "21015",
        "Quartier européen": "21004",
        "Plateau du Heysel": "21004",
        "Place Flagey": "21009",
        "Forest National": "21007",
    }
    found = {place.name_fr: geometry.parse(place.shapes) for place in Landmark.objects.all()}
    assert len(found) == 13
    for name, nis in expected.items():
        (circle,) = found[name]
        assert borders.borders()[nis].contains(shapely.Point(circle.lon, circle.lat)), name
    for place in Landmark.objects.all():
        assert geometry.written(found[place.name_fr]) == place.shapes
        assert len(place.name_fr) < 50
        assert len(place.name_nl) < 50
        assert math.isfinite(found[place.name_fr][0].surface.area)
