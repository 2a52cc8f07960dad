"""The page of the numbers, and 112 and 101 on every page."""

import datetime
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html as lxml_html

from emergency_numbers import spelling
from emergency_numbers.models import Channel, EmergencyNumber, EmergencyNumbersPage
from emergency_numbers.rendering import emergency
from pages.graph import SiteGraph
from pages.rendering import Rendering, Run

HOUR = datetime.timedelta(hours=1)
LANGUAGES = pytest.mark.parametrize("language", ["fr", "nl"])

pytestmark = [pytest.mark.django_db, pytest.mark.once]
Render = Callable[..., str]


def parse(text: str) -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(text)


def links(text: str) -> list[tuple[str, str]]:
    """(address, text) of each link in the main part."""
    main = parse(text).get_element_by_id("main")
    return [(link.get("href"), " ".join(link.text_content().split())) for link in main.iter("a")]


def activate(until: datetime.datetime) -> None:
    EmergencyNumber.objects.filter(key="fire-brigade-storm").update(activated_until=until)


@LANGUAGES
def test_112_and_101_come_first_and_are_dialled_bare(render: Render, language: str):
    calls = [address for address, _ in links(render(language)) if address.startswith("tel:")]
    assert calls[:2] == ["tel:112", "tel:101"]


@LANGUAGES
def test_links_dial_the_numbers_shown(render: Render, language: str):
    shown = [
        (address, text)
        for address, text in links(render(language))
        if address.startswith(("tel:", "mailto:"))
    ]
    tiles = {"tel:112": "112", "tel:101": "101"}
    assert shown
    for address, text in shown:
        assert address == spelling.uri(tiles.get(address, text))


def test_what_every_caller_should_know_is_said_in_the_language_of_the_page(render: Render):
    assert "Restez en ligne." in render("fr")
    assert "Blijf aan de lijn." in render("nl")
    assert "Restez" not in render("nl")


@LANGUAGES
def test_the_guide_is_of_plain_links_to_entries_of_the_page(render: Render, language: str):
    text = render(language)
    document = parse(text)
    targets = [address[1:] for address, _ in links(text) if address.startswith("#")]
    assert targets == ["n-112", "n-listening"]
    assert all(document.get_element_by_id(target) is not None for target in targets)


def test_the_guide_names_the_number_of_the_language(render: Render):
    assert ("#n-listening", "Parler 107") in links(render("fr"))
    assert ("#n-listening", "Praten 106") in links(render("nl"))


def test_a_situation_whose_number_opens_joins_the_guide(render: Render, now: datetime.datetime):
    activate(now + HOUR)
    assert ("#n-fire-brigade-storm", "Une cave inondée 1722") in links(render("fr", now))


def test_a_number_that_is_not_in_service_has_no_link(render: Render, now: datetime.datetime):
    assert "tel:1722" not in render("fr", now)


def test_an_activated_number_says_until_when(render: Render, now: datetime.datetime):
    activate(now + HOUR)
    text = render("fr", now)
    assert "tel:1722" in text
    assert 'datetime="2026-11-22T13:00' in text


def test_an_activation_that_has_ended_is_not_shown_as_callable(render: Render, now: datetime.datetime):
    activate(now)
    assert "tel:1722" not in render("fr", now)


def test_a_sender_of_messages_has_no_link(render: Render):
    text = render("fr")
    assert "(1789)" in text
    assert "tel:1789" not in text


@LANGUAGES
def test_text_routes_lead_to_the_authority(render: Render, language: str):
    addresses = [address for address, _ in links(render(language))]
    assert "https://112.be/SMS" in addresses
    assert not any(address.startswith("sms:") for address in addresses)


@pytest.mark.parametrize("number", ["8112", "8101", "1955", "116 006", "070 344 344"])
def test_numbers_not_to_publish_are_not_on_the_page(render: Render, number: str):
    assert not re.search(rf"\b{number}\b", parse(render("fr")).text_content())


def test_the_day_of_the_verification_is_shown(render: Render):
    EmergencyNumber.objects.update(verified_on=datetime.date(2026, 11, 20))
    assert '<time datetime="2026-11-20">20 novembre 2026</time>' in render("fr")


def test_an_overdue_verification_changes_nothing_for_citizens(render: Render, now: datetime.datetime):
    EmergencyNumber.objects.update(
        verified_on=datetime.date(2026, 11, 20), verify_again_by=datetime.date(2027, 5, 1)
    )
    before = render("fr", now)
    EmergencyNumber.objects.update(verify_again_by=datetime.date(2026, 11, 21))
    assert render("fr", now) == before


def test_without_any_verification_the_page_stands(render: Render):
    assert "tel:112" in render("fr")


@LANGUAGES
def test_schema_org_is_a_data_block_in_the_language(render: Render, language: str):
    block = parse(render(language)).xpath("//script[@type='application/ld+json']")[0].text
    names = [service["name"] for service in json.loads(block)["@graph"]]
    assert names[1] == {"fr": "Police", "nl": "Politie"}[language]


@LANGUAGES
def test_the_page_fits_its_budget(render: Render, language: str):
    parts = [
        render(language),
        *(Path(name).read_text() for name in ("static/css/vigie.css", "static/js/vigie.js")),
    ]
    assert sum(len(gzip.compress(part.encode(), 9)) for part in parts) <= 14_336


@LANGUAGES
def test_ids_are_unique_and_there_is_one_h1(render: Render, language: str):
    document = parse(render(language))
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert len(document.xpath("//h1")) == 1


def test_other_ways_open_what_they_say(directory, db: None):
    addresses = {
        channel.uri(language)
        for entry in directory
        for channel in entry.channels
        for language in ("fr", "nl")
        if channel.address
    }
    assert {address.partition(":")[0] for address in addresses} <= {"https", "tel", "mailto"}


def test_the_two_numbers_of_every_page_are_112_and_101(
    numbers_page: EmergencyNumbersPage, now: datetime.datetime
):
    run = Run(SiteGraph.load(), now, "https://vigie.example")
    calls = emergency(Rendering(numbers_page, "fr", run))
    assert [(call.number, call.uri) for call in calls] == [("112", "tel:112"), ("101", "tel:101")]


def test_a_run_reads_the_directory_once(
    numbers_page: EmergencyNumbersPage, now: datetime.datetime, django_assert_num_queries
):
    run = Run(SiteGraph.load(), now, "https://vigie.example")
    emergency(Rendering(numbers_page, "fr", run))
    with django_assert_num_queries(0):
        emergency(Rendering(numbers_page, "nl", run))


def test_a_draft_with_a_situation_in_one_language_is_not_published(numbers_page: EmergencyNumbersPage):
    from pages.completeness import PublicationRefused

    numbers_page.guide[0].value["text_nl"] = ""
    with pytest.raises(PublicationRefused):
        numbers_page.save()


def test_the_api_names_a_number_by_its_key(numbers_page: EmergencyNumbersPage):
    value = numbers_page.guide.stream_block.get_api_representation(numbers_page.guide)
    assert value[0]["value"]["number"] == "112"


def test_a_channel_without_address_is_text(render: Render):
    Channel.objects.filter(entry__key="poison-centre").update(address_fr="", address_nl="", address="")
    assert "centreantipoisons.be" in render("fr")
    assert "https://centreantipoisons.be" not in [address for address, _ in links(render("fr"))]
