"""Missions: the list, the page, and the realisations that say they belong to it."""

from __future__ import annotations

import pytest

from missions.models import MissionIndexPage
from tests.factories.rendering import inside, parsed, texts
from tests.factories.site import MissionFactory, RealisationFactory, index_page

pytestmark = pytest.mark.django_db
CONTACT = {
    "name_fr": "Équipe Prévention",
    "name_nl": "Team Preventie",
    "phone": "+32 2 000 00 01",
    "email": "prevention@vigie.example",
}


def test_missions_are_listed_in_the_order_of_the_tree() -> None:
    MissionFactory(title_fr="Zones de police")
    MissionFactory(title_fr="Ancrage local")

    index = index_page(MissionIndexPage, "Missions", "Opdrachten")

    assert texts(inside(parsed(index), "rows", "//h2")) == ["Zones de police", "Ancrage local"]


def test_a_mission_shows_its_realisations_and_no_others() -> None:
    mission = MissionFactory()
    RealisationFactory(title_nl="Metro", mission=mission)
    RealisationFactory(title_nl="Parken", mission=MissionFactory())

    assert texts(inside(parsed(mission, "nl"), "card", "//h3")) == ["Metro"]


def test_a_mission_does_not_show_a_draft_realisation() -> None:
    mission = MissionFactory()
    RealisationFactory(mission=mission, live=False)

    assert inside(parsed(mission), "card") == []


@pytest.mark.parametrize(("language", "name"), [("fr", "Équipe Prévention"), ("nl", "Team Preventie")])
def test_a_mission_names_whom_to_contact(language: str, name: str) -> None:
    mission = MissionFactory(contacts=[("contact", CONTACT)])

    (contact,) = inside(parsed(mission, language), "contact")

    assert name in contact.text_content()
    assert contact.xpath('.//a[@href="tel:+3220000001"]')


def test_a_mission_leads_to_the_others() -> None:
    mission = MissionFactory()
    MissionFactory(slug_fr="ancrage")

    links = [link.get("href") for link in inside(parsed(mission), "filters", "//a")]

    assert links == ["/fr/missions/ancrage/"]
