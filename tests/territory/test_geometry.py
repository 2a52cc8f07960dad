"""Shapes as officers write them, and what becomes of them."""

import math

import pytest
import shapely
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import LinearRing
from shapely.geometry import Polygon as Surface

from territory import borders, geometry
from territory.geometry import MOST_POINTS, Circle, Polygon

pytestmark = pytest.mark.once

lons, lats = st.floats(4.2, 4.5), st.floats(50.75, 50.92)


@st.composite
def outlines(draw, most=250):
    """Points around a centre, each at its own distance: never crossing, as jagged as can be."""
    count = draw(st.integers(3, most))
    lon, lat = draw(lons), draw(lats)
    rough = draw(st.sampled_from([0.0, 0.05, 0.3, 0.9]))
    random = draw(st.randoms(use_true_random=False))
    reach = draw(st.floats(0.002, 0.1))
    points = []
    for step in range(count):
        away = reach * (1 - rough * random.random())
        turn = 2 * math.pi * step / count
        points.append((lon + away * math.cos(turn), lat + away * math.sin(turn)))
    return points


def surface(points) -> Surface:
    return Surface([(round(lon, 6), round(lat, 6)) for lon, lat in points])


def fits(polygon: Polygon) -> None:
    points = polygon.points
    assert points[0] == points[-1]
    assert 4 <= len(points) <= MOST_POINTS
    assert all(round(number, 6) == number for point in points for number in point)
    assert LinearRing(points).is_ccw
    assert polygon.surface.is_valid


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(outlines())
def test_what_is_simplified_covers_what_was_given(points):
    given_area = surface(points)
    assume(given_area.is_valid and given_area.area > geometry.FLAT)
    polygon = geometry.polygon(points)
    fits(polygon)
    assert polygon.surface.covers(given_area)
    assert polygon.surface.area <= given_area.convex_hull.area * 1.1 + 1e-8


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(outlines(150), lons, lats, st.floats(0.02, 20))
def test_what_was_made_fit_is_left_as_it_is(points, lon, lat, radius):
    given_area = surface(points)
    assume(given_area.is_valid and given_area.area > geometry.FLAT)
    shapes = [geometry.polygon(points), Circle(round(lon, 6), round(lat, 6), math.ceil(radius * 1000) / 1000)]
    text = geometry.written(shapes)
    assert geometry.parse(text) == shapes
    assert geometry.written(geometry.parse(text)) == text


@pytest.mark.parametrize("nis", [*sorted(borders.borders()), "all"])
def test_the_borders_are_covered_and_hardly_grow(nis):
    codes = tuple(borders.borders()) if nis == "all" else (nis,)
    for part in shapely.get_parts(borders.joined(codes)):
        covering = geometry.covering(part)
        fits(geometry.ring(covering))
        assert covering.covers(part)
        assert covering.area <= part.area * 1.05


def test_a_line_of_5000_points_is_taken():
    turns = [2 * math.pi * step / 5000 for step in range(5000)]
    points = [
        (4.35 + (0.05 + 0.002 * (step % 2)) * math.cos(turn), 50.85 + 0.04 * math.sin(turn))
        for step, turn in enumerate(turns)
    ]
    given_area = surface(points)
    assert given_area.is_valid
    polygon = geometry.polygon(points)
    fits(polygon)
    assert polygon.surface.covers(given_area)
    assert polygon.surface.area <= given_area.area * 1.05


def test_holes_are_filled_and_what_defies_all_ends_in_a_rectangle():
    square = Surface(
        [(4.3, 50.8), (4.4, 50.8), (4.4, 50.9), (4.3, 50.9)], [[(4.34, 50.84), (4.35, 50.84), (4.35, 50.85)]]
    )
    assert geometry.covering(square) == Surface(square.exterior)
    star = surface([(4.35, 50.95), (4.36, 50.86), (4.45, 50.85), (4.36, 50.84), (4.35, 50.75), (4.3, 50.8)])
    box = geometry.covering(star, most=3)
    assert box.covers(star)
    assert len(box.exterior.coords) == 5


@settings(max_examples=200, deadline=None)
@given(lons, lats, st.floats(0.02, 20), st.floats(0, 360))
def test_a_circle_s_polygon_covers_it_on_the_ground(lon, lat, radius, bearing):
    """A point at the radius (great circle on the smallest and largest radius of the earth) lies within."""
    circle = Circle(round(lon, 6), round(lat, 6), math.ceil(radius * 1000) / 1000)
    outline = circle.surface
    assert outline.is_valid
    assert outline.area < math.pi * (radius * 1.1 / 111.1) ** 2 / math.cos(math.radians(lat)) * 1.1 + 1e-7
    for earth in (6357.0, 6378.0):
        angle, turn, start = circle.radius_km / earth, math.radians(bearing), math.radians(circle.lat)
        north = math.asin(
            math.sin(start) * math.cos(angle) + math.cos(start) * math.sin(angle) * math.cos(turn)
        )
        east = math.atan2(
            math.sin(turn) * math.sin(angle) * math.cos(start),
            math.cos(angle) - math.sin(start) * math.sin(north),
        )
        assert outline.covers(shapely.Point(circle.lon + math.degrees(east), math.degrees(north)))


def test_shapes_are_read_line_by_line():
    text = "\n50.84674,4.35247 0.3\n\n 50.84,4.34  50.86,4.35 50.85,4.38 \n50.84674,4.35247 0.3\n"
    circle, polygon = geometry.parse(text)
    assert circle == Circle(4.35247, 50.84674, 0.3)
    fits(polygon)
    assert polygon.surface.equals(Surface([(4.34, 50.84), (4.35, 50.86), (4.38, 50.85)]))
    assert geometry.parse("") == []


def test_the_way_round_and_the_closing_point_make_no_difference():
    closed = "50.84,4.34 50.86,4.35 50.85,4.38 50.84,4.34"
    open_backwards = "50.85,4.38 50.86,4.35 50.84,4.34"
    one, other = geometry.parse(closed)[0], geometry.parse(open_backwards)[0]
    assert one.surface.equals(other.surface)
    fits(one)
    fits(other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("50.84,4.34 50.86,4.35", "2 points"),
        ("50.84", "no point"),
        ("50,84 4,34 0.3", "“50,84”"),
        ("50.84674;4.35247 0.3", "“50.84674;4.35247”"),
        ("50.84674,4.35247 far", "“far”"),
        ("50.84674,4.35247 0", "0.02"),
        ("50.84674,4.35247 21", "20 km"),
        ("50.84674,4.35247 -1", "“-1”"),
        ("50.84674,4.35247 nan", "“nan”"),
        ("50.84674,4.35247 1e1", "“1e1”"),
        ("4.35247,50.84674 0.3", "50.84674,4.35247"),
        ("48.8566,2.3522 0.3", "region"),
        ("50.84,4.34 50.86,4.36 50.84,4.36 50.86,4.34", "50.85,4.35"),
        ("50.84,4.34 50.85,4.35 50.86,4.36", "one line"),
        ("50.84,4.34 50.84,4.34 50.84,4.34", "one line"),
        ("50.84,4.34 " * 5001, "5001 points"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_its_value_and_what_to_do(text, said):
    with translation.override(None), pytest.raises(ValidationError) as refusal:
        geometry.parse("50.84674,4.35247 0.3\n" + text)
    (message,) = refusal.value.messages
    assert message.startswith("Line 2: ")
    assert said in message


def test_every_wrong_line_is_named_and_too_many_are_refused():
    with pytest.raises(ValidationError) as refusal:
        geometry.parse("x\n50.84674,4.35247 0.3\ny")
    assert len(refusal.value.messages) == 2
    with pytest.raises(ValidationError, match="21"):
        geometry.parse("\n".join(f"50.84674,4.35247 0.{number + 10}" for number in range(21)))


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("0123456789., -+e\n5048"), max_size=80))
def test_nonsense_is_refused_or_fits(text):
    try:
        shapes = geometry.parse(text)
    except ValidationError:
        return
    assert geometry.parse(geometry.written(shapes)) == shapes


class TestBorders:
    def test_every_municipality_is_there_and_valid(self):
        assert len(borders.borders()) == 19
        assert all(surface.is_valid for surface in borders.borders().values())
        assert "Statbel" in borders.attribution()

    def test_a_circle_touches_the_municipalities_it_reaches_and_no_neighbour_of_a_whole_one(self):
        assert borders.touched(Circle(4.35247, 50.84674, 0.2).surface) == ["21004"]
        # Porte de Ninove: Bruxelles, Molenbeek, Anderlecht
        assert borders.touched(Circle(4.3365, 50.8487, 0.3).surface) == ["21001", "21004", "21012"]
        for nis, whole in borders.borders().items():
            assert borders.touched(whole) == [nis]

    def test_unknown_codes_are_left_out(self):
        assert borders.joined(("99999",)).is_empty
        assert borders.joined(("21001", "99999")) == borders.joined(("21001",))
