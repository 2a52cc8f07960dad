"""The inline SVG map."""

import gzip
import json
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from territory.maps import territory_map
from territory.svg import GEOJSON, Drawing, draw, drawing, simplify, territory_svg

pytestmark = pytest.mark.once

SVG = "{http://www.w3.org/2000/svg}"
NIS = [feature["id"] for feature in json.loads(GEOJSON.read_text(encoding="utf-8"))["features"]]


def parse(svg: str) -> etree._Element:
    return etree.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def segments(drawn: Drawing, nis: str) -> set[frozenset[tuple[int, int]]]:
    """The edges of a municipality's outline, without direction."""
    found = set()
    for part in drawn.paths[nis].split("z")[:-1]:
        x, y, *steps = (int(number) for number in re.findall(r"-?\d+", part))
        points = [(x, y)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        found |= {frozenset(edge) for edge in zip(points, points[1:] + points[:1], strict=True)}
    return found


def test_each_municipality_has_one_path():
    drawn = parse(territory_svg(["21004"], "Carte"))
    assert sorted(
        path.get("data-nis") for path in drawn.iter(SVG + "path") if path.get("data-nis")
    ) == sorted(NIS)


def test_the_map_of_everything_stays_under_three_kilobytes_compressed():
    assert len(gzip.compress(territory_svg(NIS, "Carte").encode(), 9)) < 3_000


def test_what_is_marked_stands_in_the_marked_group():
    marked = parse(territory_svg(["21004", "21009"], "Carte")).find(f"{SVG}g[@class='map__on']")
    assert [path.get("data-nis") for path in marked] == ["21004", "21009"]


def test_marking_does_not_rest_on_colour_alone():
    marked = parse(territory_svg(["21004"], "Carte")).find(f"{SVG}g[@class='map__on']")
    assert marked.get("fill").startswith("url(#")
    assert float(marked.get("stroke-width")) > 1


def test_the_map_is_an_image_named_by_its_title():
    drawn = parse(territory_svg([], "Carte <19>"))
    title = drawn.find(SVG + "title")
    assert drawn.get("role") == "img"
    assert drawn.get("aria-labelledby") == title.get("id")
    assert title.text == "Carte <19>"


def test_two_maps_on_a_page_share_no_id():
    ids = [set(re.findall(r' id="([^"]+)"', territory_svg([], "Carte", ident))) for ident in ("one", "two")]
    assert not ids[0] & ids[1]


def test_unknown_codes_are_left_out():
    assert "99999" not in territory_svg(["99999"], "Carte")


def test_the_map_is_drawn_in_the_right_proportions():
    drawn = drawing()
    kilometres = (4.48231 - 4.24466) * math.cos(math.radians(50.84)) / (50.91371 - 50.76370)
    assert drawn.width / drawn.height == pytest.approx(kilometres, rel=0.05)


def test_neighbours_share_their_edges():
    drawn = drawing()
    for one, other in [("21009", "21016"), ("21015", "21014"), ("21018", "21019"), ("21005", "21019")]:
        assert len(segments(drawn, one) & segments(drawn, other)) >= 2


def test_no_edge_belongs_to_more_than_two_municipalities():
    drawn = drawing()
    owners: dict[frozenset, int] = {}
    for nis in drawn.paths:
        for edge in segments(drawn, nis):
            owners[edge] = owners.get(edge, 0) + 1
    assert sum(1 for count in owners.values() if count > 2) == 0


def test_a_geometry_that_is_no_polygon_is_refused():
    from territory.svg import _rings

    with pytest.raises(ValueError, match="21001 is a Point"):
        list(_rings("21001", {"type": "Point", "coordinates": [4, 50]}))


def test_an_enclave_is_drawn():
    square = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]
    hole = [(0.25, 0.25), (0.25, 0.75), (0.75, 0.75), (0.75, 0.25), (0.25, 0.25)]
    drawn = draw({"a": [square, hole[::-1]], "b": [hole]})
    assert segments(drawn, "b") <= segments(drawn, "a")


points = st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=2, max_size=30)


@given(points)
def test_simplifying_keeps_the_ends_and_adds_nothing(line: list[tuple[float, float]]):
    simplified = simplify(line, 1.0)
    assert (simplified[0], simplified[-1]) == (line[0], line[-1])
    assert set(simplified) <= set(line)


def test_the_map_for_templates_is_named_in_the_language_asked_for():
    assert 'data-nis="21004"' in territory_map(["21004"], "nl")
