"""Lists: what a filter shows, where its pages are, in both languages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.graph import PageNode
from pages.listing import Entry, Facet, Listing, Term, collated, suffix

COLOURS = (
    Term("r", {"fr": "Rouge", "nl": "Rood"}, {"fr": "rouge", "nl": "rood"}),
    Term("g", {"fr": "Vert", "nl": "Groen"}, {"fr": "vert", "nl": "groen"}),
    Term("b", {"fr": "Bleu", "nl": "Blauw"}, {"fr": "bleu", "nl": "blauw"}),
)
COLOUR = Facet("colour", "Colour", {"fr": "couleur", "nl": "kleur"}, COLOURS)


def node(number: int) -> PageNode:
    empty = {"fr": "", "nl": ""}
    titles = {"fr": f"Page {number}", "nl": f"Pagina {number}"}
    return PageNode(
        number,
        "x.page",
        None,
        "",
        3,
        titles,
        empty,
        empty,
        empty,
        empty,
        empty,
        False,
        None,
        None,
        UUID(int=number),
    )


def listing(*colours: str, per_page: int = 2) -> Listing:
    entries = [Entry(node(number), {"colour": set(keys)}) for number, keys in enumerate(colours)]
    return Listing(entries, [COLOUR], per_page)


def ids(entries: list[Entry]) -> list[int]:
    return [entry.node.id for entry in entries]


def test_the_first_page_shows_the_first_entries() -> None:
    assert ids(listing("r", "g", "r").show("/l/", "fr", None).entries) == [0, 1]


def test_each_page_of_each_filter_has_a_variant() -> None:
    keys = [variant.key for variant in listing("r", "r", "r", "g").variants()]

    assert keys == ["2", "colour:r:1", "colour:r:2", "colour:g:1"]


def test_a_term_that_nothing_has_makes_no_link() -> None:
    (shown,) = listing("r", "g").show("/l/", "fr", None).filters

    assert [link.label for link in shown.links] == ["Rouge", "Vert"]


def test_links_are_sorted_by_what_each_language_calls_them() -> None:
    (shown,) = listing("r", "g", "b").show("/l/", "nl", None).filters

    assert [link.label for link in shown.links] == ["Blauw", "Groen", "Rood"]


def test_a_variant_has_its_address_in_both_languages() -> None:
    variant = next(each for each in listing("r", "r", "r").variants() if each.key == "colour:r:2")

    assert variant.paths == {"fr": "couleur/rouge/page/2/", "nl": "kleur/rood/pagina/2/"}


def test_a_variant_says_in_its_title_what_it_shows(db: None) -> None:
    variant = next(each for each in listing("r", "r", "r").variants() if each.key == "colour:r:2")

    assert {language: title.split(",")[0] for language, title in variant.titles.items()} == {
        "fr": "Rouge",
        "nl": "Rood",
    }


def test_pages_of_a_filter_stay_within_the_filter() -> None:
    whole = listing("r", "r", "r", "g")
    variant = next(each for each in whole.variants() if each.key == "colour:r:2")

    shown = whole.show("/l/", "fr", variant)

    assert (ids(shown.entries), shown.total, shown.page) == ([2], 3, 2)
    assert shown.page_urls == ["/l/couleur/rouge/", "/l/couleur/rouge/page/2/"]


def test_an_empty_list_has_one_page_and_no_filter() -> None:
    shown = listing().show("/l/", "fr", None)

    assert (shown.entries, shown.total, shown.page_urls, shown.filters) == ([], 0, ["/l/"], [])


def test_accents_and_capitals_do_not_change_the_order() -> None:
    assert sorted(["Évere", "Forest", "etterbeek"], key=collated) == ["etterbeek", "Évere", "Forest"]


@given(st.lists(st.sets(st.sampled_from("rgb")).map("".join), max_size=25), st.integers(1, 5))
def test_the_pages_of_a_filter_hold_what_it_lets_through_once_and_in_order(
    colours: Any, per_page: int
) -> None:
    whole = listing(*colours, per_page=per_page)
    for term in COLOURS:
        variants = [each for each in whole.variants() if each.data["term"] == term.key]
        shown = [entry.node.id for each in variants for entry in whole.show("/l/", "fr", each).entries]

        assert shown == [number for number, keys in enumerate(colours) if term.key in keys]


@pytest.mark.parametrize(("page", "expected"), [(1, ""), (2, "page/2/")])
def test_the_whole_list_has_no_segment(page: int, expected: str) -> None:
    assert suffix(None, None, page, "fr") == expected
