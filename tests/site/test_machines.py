"""What machines read: sitemap, robots, feeds, JSON, vCard."""

import json
from typing import Any
from urllib.parse import urljoin

import feedparser
import jsonschema
import lxml.etree
import pytest
import vobject

from tests.site import checks
from tests.site.demo import BASE_URL
from tests.site.output import LANGUAGES, Output

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def sitemap(output: Output) -> lxml.etree._Element:
    return lxml.etree.parse(str(output.files["/sitemap.xml"])).getroot()


def test_the_sitemap_lists_every_page_exactly_once(output: Output) -> None:
    listed = [
        output.local(location, "/")
        for location in sitemap(output).xpath("//s:loc/text()", namespaces=SITEMAP)
    ]
    assert len(listed) == len(set(listed))
    assert set(listed) == {page.url for page in output.documents}


def test_the_sitemap_names_the_same_alternates_as_the_page(output: Output) -> None:
    for entry in sitemap(output).xpath("//s:url", namespaces=SITEMAP):
        url = output.local(entry.findtext("s:loc", namespaces=SITEMAP), "/")
        listed = {
            link.get("hreflang"): link.get("href") for link in entry.findall("x:link", namespaces=SITEMAP)
        }
        tree = output.pages[url].tree
        shown = {
            link.get("hreflang"): link.get("href")
            for link in tree.xpath("//link[@rel='alternate'][@hreflang]")
        }
        assert listed == shown, url


def test_robots_lets_everybody_in_and_names_the_sitemap(output: Output) -> None:
    lines = output.files["/robots.txt"].read_text().splitlines()
    assert f"Sitemap: {BASE_URL}/sitemap.xml" in lines
    assert "Disallow: /" not in lines


def feeds(output: Output) -> list[str]:
    return [url for url, _ in output.by_suffix(".atom")]


def test_there_is_a_news_feed_in_each_language_and_pages_announce_it(output: Output) -> None:
    for language in LANGUAGES:
        announced = {
            output.local(link, page.url)
            for page in output.in_language(language)
            for link in page.tree.xpath("//link[@rel='alternate'][@type='application/atom+xml']/@href")
        }
        assert announced, language
        assert announced <= set(feeds(output))


def test_feeds_parse_and_are_in_their_language(output: Output) -> None:
    assert len(feeds(output)) >= 2
    languages = set()
    for url in feeds(output):
        data = output.files[url].read_bytes()
        feed = feedparser.parse(data)
        assert feed.bozo == 0, f"{url}: {feed.get('bozo_exception')}"
        assert feed.version == "atom10", url
        language = lxml.etree.fromstring(data).get("{http://www.w3.org/XML/1998/namespace}lang")
        languages.add(language)
        assert language in LANGUAGES.values(), url
        assert feed.feed.title
        assert feed.feed.updated_parsed
        assert any(output.local(link.href, url) == url for link in feed.feed.links if link.rel == "self"), url
        assert feed.entries or url.startswith("/alerts/"), url
        assert len({entry.id for entry in feed.entries}) == len(feed.entries)
        for entry in feed.entries:
            page = output.pages[output.local(entry.link, url)]
            assert LANGUAGES[page.language] == language, f"{url}: {entry.link}"
            assert entry.title
            assert entry.updated_parsed
            assert page.tree.xpath("string(//h1)").split() == entry.title.split()
    assert languages == set(LANGUAGES.values())


def test_json_files_parse_and_hold_no_number_that_json_does_not_know(output: Output) -> None:
    found = list(output.by_suffix(".json", ".geojson", ".webmanifest"))
    assert found

    def refuse(name: str) -> None:
        raise ValueError(name)

    for url, file in found:
        assert json.loads(file.read_text(encoding="utf-8"), parse_constant=refuse), url


def test_structured_data_is_json_of_schema_org(output: Output) -> None:
    for page in output.pages.values():
        for script in page.tree.xpath("//script[@type='application/ld+json']"):
            data = json.loads(script.text)
            assert data["@context"] == "https://schema.org", page.url


def test_the_numbers_page_dials_every_number_of_the_json_file_in_both_languages(output: Output) -> None:
    listed = json.loads(output.files["/emergency-numbers.json"].read_text(encoding="utf-8"))
    numbers = {checks.national(number) for number in telephones(listed)}
    assert {"112", "101"} <= numbers
    for url in ("/fr/numeros-urgence/", "/nl/noodnummers/"):
        dialled = {
            checks.national(link.removeprefix("tel:"))
            for link in output.pages[url].tree.xpath("//main//a/@href[starts-with(., 'tel:')]")
        }
        assert numbers <= dialled, f"{url} does not dial {numbers - dialled}"
        assert dialled <= numbers, f"{url} dials {dialled - numbers}, which the JSON file does not have"


def telephones(listed: dict[str, Any]) -> list[str]:
    """Every telephone number of /emergency-numbers.json that is to be called now."""
    numbers = [number for number in listed["numbers"] if not number["replaced_by"]]
    uris = [line["uri"] for number in numbers for line in number["lines"] if line["uri"]]
    channels = [channel["uri"] or {} for number in numbers for channel in number["channels"]]
    uris += [uri for channel in channels for uri in channel.values()]
    return [uri.removeprefix("tel:") for uri in uris if uri.startswith("tel:")]


def test_the_numbers_file_is_as_its_own_schema_says(output: Output) -> None:
    listed = json.loads(output.files["/emergency-numbers.json"].read_text(encoding="utf-8"))
    schema = output.files[output.local(listed["$schema"], "/")]
    jsonschema.validate(
        listed, json.loads(schema.read_text()), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_the_vcards_parse_and_hold_the_same_numbers(output: Output) -> None:
    text = output.files["/emergency-numbers.vcf"].read_bytes().decode()
    cards = list(vobject.readComponents(text))
    assert len(cards) > 10
    assert all(card.version.value == "4.0" for card in cards)
    assert all(card.fn.value for card in cards)


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_of_feeds_and_data_are_absolute(output: Output, language: str) -> None:
    for url in feeds(output):
        for link in lxml.etree.parse(str(output.files[url])).getroot().iter("{*}link"):
            assert urljoin("https://elsewhere.example/", link.get("href")).startswith(BASE_URL), url
