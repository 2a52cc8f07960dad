"""Realisations: the list and its filters, the JSON index over which scripts combine them, the page."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.utils import translation

from pages.completeness import PublicationRefused
from realisations.models import RealisationIndexPage, RealisationPage, RealisationPartner
from territory.models import Municipality, PoliceZone, ZoneMembership
from tests.factories.media import ImageFactory
from tests.factories.pages import draft_of
from tests.factories.rendering import inside, markup, parsed, published, redirected, rendered, run, texts
from tests.factories.site import MissionFactory, RealisationFactory, RealisationThemeFactory, index_page

pytestmark = pytest.mark.django_db
JETTE, MOLENBEEK, FOREST = "21010", "21012", "21007"
WEST = "5340"


@pytest.fixture
def index() -> RealisationIndexPage:
    return index_page(RealisationIndexPage, "Réalisations", "Realisaties")


def titles(page: RealisationIndexPage, language: str = "fr", key: str | None = None) -> list[str]:
    return texts(inside(parsed(page, language, key), "card", "//h3"))


def keys(page: RealisationIndexPage) -> set[str]:
    return {variant.key for variant in page.get_variants(run())}


def json_index(language: str = "fr") -> Any:
    url = {"fr": "/fr/realisations/index.json", "nl": "/nl/realisaties/index.json"}[language]
    return json.loads(rendered(published("realisations.index")[url]))


def test_the_old_address_of_the_json_redirects(index: RealisationIndexPage) -> None:
    draft_of(index, slug_fr="projets", slug_nl="projecten").publish()

    assert redirected()["/fr/realisations/index.json"] == "/fr/projets/index.json"
    assert redirected()["/nl/realisaties/index.json"] == "/nl/projecten/index.json"


def test_what_began_last_comes_first(index: RealisationIndexPage) -> None:
    RealisationFactory(title_fr="Ancienne", start=datetime.date(2024, 1, 1))
    RealisationFactory(title_fr="Récente", start=datetime.date(2025, 1, 1))

    assert titles(index) == ["Récente", "Ancienne"]


def test_theme_and_mission_filters_show_what_a_query_finds(index: RealisationIndexPage) -> None:
    themes, missions = RealisationThemeFactory.create_batch(2), MissionFactory.create_batch(2)
    for number in range(5):
        RealisationFactory(theme=themes[number % 2], mission=missions[number % 3 == 0])

    for theme in themes:
        found = RealisationPage.objects.filter(theme=theme).values_list("title_fr", flat=True)
        assert sorted(titles(index, key=f"theme:{theme.pk}:1")) == sorted(found)
    for mission in missions:
        found = RealisationPage.objects.filter(mission=mission).values_list("title_nl", flat=True)
        assert sorted(titles(index, "nl", f"mission:{mission.pk}:1")) == sorted(found)


def test_a_municipality_shows_what_takes_place_in_it_or_in_its_zone(index: RealisationIndexPage) -> None:
    RealisationFactory(title_fr="Dans la commune", places=[JETTE], start=datetime.date(2025, 3, 1))
    RealisationFactory(title_fr="Dans sa zone", zones=[WEST], start=datetime.date(2025, 2, 1))
    RealisationFactory(title_fr="Ailleurs", places=[FOREST])

    assert titles(index, key=f"municipality:{JETTE}:1") == ["Dans la commune", "Dans sa zone"]


def test_a_zone_counts_with_the_municipalities_it_had_then(index: RealisationIndexPage) -> None:
    RealisationFactory(zones=[WEST], start=datetime.date(2025, 2, 1), end=datetime.date(2025, 6, 30))
    zone, jette = PoliceZone.objects.get(code=WEST), Municipality.objects.get(nis=JETTE)
    ZoneMembership.objects.filter(zone=zone, municipality=jette).update(
        valid_until=datetime.date(2024, 12, 31)
    )

    assert f"municipality:{MOLENBEEK}:1" in keys(index)
    assert f"municipality:{JETTE}:1" not in keys(index)


def test_a_year_shows_what_ran_in_it(index: RealisationIndexPage) -> None:
    RealisationFactory(title_fr="Longue", start=datetime.date(2022, 5, 1), end=datetime.date(2024, 2, 1))
    RealisationFactory(title_fr="Courte", start=datetime.date(2024, 5, 1), end=datetime.date(2024, 6, 1))

    shown = {year: titles(index, key=f"year:{year}:1") for year in (2022, 2023, 2024)}

    assert shown == {2022: ["Longue"], 2023: ["Longue"], 2024: ["Courte", "Longue"]}


def test_what_goes_on_counts_for_this_year(index: RealisationIndexPage) -> None:
    from django.utils import timezone

    RealisationFactory(start=datetime.date(2024, 1, 1), end=None)

    assert f"year:{timezone.localdate().year}:1" in keys(index)


def test_filters_are_links_that_need_no_script(index: RealisationIndexPage) -> None:
    RealisationFactory(theme=RealisationThemeFactory(slug_nl="wijken"), places=[JETTE])

    links = {link.get("href") for link in inside(parsed(index, "nl"), "filters", "//a")}

    assert {
        "/nl/realisaties/thema/wijken/",
        "/nl/realisaties/gemeente/jette/",
        "/nl/realisaties/jaar/2025/",
    } == links


def test_the_index_holds_each_realisation_with_the_list_s_markup(index: RealisationIndexPage) -> None:
    RealisationFactory.create_batch(2)

    items = json_index()["items"]

    page = " ".join(markup(index).split())
    assert len(items) == 2
    assert all(" ".join(item["html"].split()) in page for item in items)


def test_combined_filters_of_the_index_equal_a_query(index: RealisationIndexPage) -> None:
    theme = RealisationThemeFactory()
    both = RealisationFactory(theme=theme, places=[JETTE])
    RealisationFactory(theme=theme, places=[FOREST])
    RealisationFactory(places=[JETTE])

    found = [
        item
        for item in json_index()["items"]
        if str(theme.pk) in item["terms"]["theme"] and JETTE in item["terms"]["municipality"]
    ]

    expected = RealisationPage.objects.filter(theme=theme, municipalities__nis=JETTE)
    assert list(expected) == [both]
    assert len(found) == 1
    assert both.title_fr in found[0]["html"]


def test_the_index_leads_to_the_same_filter_in_the_other_language(index: RealisationIndexPage) -> None:
    RealisationFactory(theme=RealisationThemeFactory(slug_fr="quartiers", slug_nl="wijken"))

    facet = json_index()["facets"][0]

    assert facet["segments"] == {"fr": "theme", "nl": "thema"}
    assert facet["terms"][0]["slugs"] == {"fr": "quartiers", "nl": "wijken"}


def test_the_page_lists_the_municipalities_of_its_zones() -> None:
    page = RealisationFactory(zones=[WEST])

    assert "Koekelberg" in texts(inside(parsed(page), "territory", "//dd"))


def test_the_page_names_its_partners_in_its_language() -> None:
    page = RealisationFactory()
    page.partners = [RealisationPartner(name_fr="Les écoles", name_nl="De scholen")]
    page.save()

    assert "De scholen" in markup(page, "nl")
    assert "Les écoles" not in markup(page, "nl")


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_partners_are_kept_in_both_languages_whoever_publishes(language: str) -> None:
    page = RealisationFactory()
    page.partners = [RealisationPartner(name_fr="Les écoles", name_nl="De scholen")]
    with translation.override(language):
        page.save_revision().publish()

    stored = RealisationPartner.objects.get()
    assert (stored.name_fr, stored.name_nl) == ("Les écoles", "De scholen")


def test_a_partner_without_dutch_keeps_the_page_from_being_live() -> None:
    draft = RealisationFactory(live=False)
    draft.partners = [RealisationPartner(name_fr="Les écoles")]

    with pytest.raises(PublicationRefused) as refused:
        draft.save_revision().publish()

    assert "partners" in refused.value.message_dict


def test_an_image_needs_its_description_in_both_languages() -> None:
    draft = draft_of(RealisationFactory(live=False), image=ImageFactory(), image_alt_fr="Un tram.")

    with pytest.raises(PublicationRefused) as refused:
        draft.publish()

    assert set(refused.value.message_dict) == {"image_alt_nl"}


def test_it_cannot_end_before_it_begins() -> None:
    with pytest.raises(PublicationRefused) as refused:
        RealisationFactory(start=datetime.date(2025, 2, 1), end=datetime.date(2025, 1, 1))

    assert "end" in refused.value.message_dict


def test_a_build_reads_what_realisations_refer_to_at_once(
    index: RealisationIndexPage, django_assert_max_num_queries: Any
) -> None:
    for number in range(2):
        page = RealisationFactory(title_fr=f"R{number}", title_nl=f"R{number}")
        page.police_zones = [PoliceZone.objects.get(code=WEST)]
        page.partners = [RealisationPartner(name_fr="STIB", name_nl="MIVB")]
        page.save()
    documents = published("pages")
    first, second = (documents[f"/fr/realisations/r{number}/"] for number in range(2))
    assert "STIB" in rendered(first)
    # The map and its list on that page's day.
    with django_assert_max_num_queries(3):
        assert "STIB" in rendered(second)
