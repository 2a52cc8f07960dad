"""The Atom feed of news, as a feed reader understands it."""

from __future__ import annotations

import datetime
from typing import Any

import feedparser
import pytest
from lxml import etree, html

from news.models import NewsIndexPage
from tests.factories.pages import draft_of
from tests.factories.rendering import BASE_URL, parsed, published, redirected, rendered
from tests.factories.site import NewsFactory, NewsThemeFactory, index_page

pytestmark = pytest.mark.django_db
ADDRESSES = {"fr": "/fr/actualites/feed.atom", "nl": "/nl/nieuws/feed.atom"}


@pytest.fixture(autouse=True)
def news() -> NewsIndexPage:
    return index_page(NewsIndexPage, "Actualités", "Nieuws")


def feed(language: str = "fr") -> Any:
    return feedparser.parse(rendered(published("news.feeds")[ADDRESSES[language]]).encode())


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_each_language_has_a_well_formed_feed(language: str) -> None:
    NewsFactory()

    assert not feed(language).bozo
    assert feed(language).version == "atom10"
    assert feed(language).feed.language == f"{language}-BE"


def test_an_entry_has_the_article_s_words_in_the_feed_s_language() -> None:
    NewsFactory(title_nl="Storm", summary_nl="Blijf binnen.", summary_fr="Restez chez vous.")

    (entry,) = feed("nl").entries

    assert (entry.title, entry.summary) == ("Storm", "Blijf binnen.")


def test_addresses_are_absolute() -> None:
    NewsFactory(slug_fr="tempete")

    read = feed()

    assert read.entries[0].link == f"{BASE_URL}/fr/actualites/tempete/"
    assert {link.href for link in read.feed.links if link.rel == "self"} == {BASE_URL + ADDRESSES["fr"]}


def test_an_identifier_outlives_a_change_of_address() -> None:
    article = NewsFactory(slug_fr="tempete")
    before = feed().entries[0].id

    article.slug_fr = "vent"
    article.save()

    assert feed().entries[0].id == before


def test_the_feed_s_identifier_outlives_a_change_of_address(news: NewsIndexPage) -> None:
    before = feed().feed.id

    news.slug_fr = "nouvelles"
    news.save()

    moved = rendered(published("news.feeds")["/fr/nouvelles/feed.atom"])
    assert feedparser.parse(moved.encode()).feed.id == before


def test_a_reader_finds_the_feed_from_each_address_it_ever_had(news: NewsIndexPage) -> None:
    for slug in ("nouvelles", "infos"):
        draft_of(news, slug_fr=slug).publish()
        news.refresh_from_db()
    assert redirected()["/fr/actualites/feed.atom"] == "/fr/infos/feed.atom"
    assert redirected()["/fr/nouvelles/feed.atom"] == "/fr/infos/feed.atom"
    assert not [old for old in redirected() if old.startswith("/nl/")]

    draft_of(news, slug_fr="actualites", slug_nl="berichten").publish()
    assert redirected()["/fr/infos/feed.atom"] == "/fr/actualites/feed.atom"
    assert redirected()["/nl/nieuws/feed.atom"] == "/nl/berichten/feed.atom"
    assert "/fr/actualites/feed.atom" not in redirected()


def test_a_summary_is_read_as_it_was_written() -> None:
    NewsFactory(summary_fr="Moins de 5 < 10 & plus.")

    (entry,) = feed().entries

    assert html.fromstring(entry.summary).text_content() == "Moins de 5 < 10 & plus."


def test_an_article_has_another_identifier_in_each_language() -> None:
    NewsFactory()

    assert feed("fr").entries[0].id != feed("nl").entries[0].id


def test_an_entry_is_published_on_the_article_s_date() -> None:
    NewsFactory(date=datetime.date(2026, 7, 21))

    published_at = datetime.datetime.fromisoformat(feed().entries[0].published)

    assert published_at.date() == datetime.date(2026, 7, 21)


def test_an_entry_names_its_theme() -> None:
    NewsFactory(theme=NewsThemeFactory(name_fr="Conseils"))

    assert [tag.term for tag in feed().entries[0].tags] == ["Conseils"]


def test_a_feed_has_what_the_standard_requires() -> None:
    NewsFactory()
    root = etree.fromstring(rendered(published("news.feeds")[ADDRESSES["fr"]]).encode())
    atom = "{http://www.w3.org/2005/Atom}"

    for name in ("id", "title", "updated", "author"):
        assert root.find(atom + name) is not None
    for entry in root.findall(atom + "entry"):
        assert all(entry.find(atom + name) is not None for name in ("id", "title", "updated"))


def test_an_unchanged_feed_keeps_its_bytes() -> None:
    assert rendered(published("news.feeds")[ADDRESSES["fr"]]) == rendered(
        published("news.feeds")[ADDRESSES["fr"]]
    )


def test_the_list_names_its_feed(news: NewsIndexPage) -> None:
    (link,) = parsed(news, "nl").xpath('//head/link[@type="application/atom+xml"]')

    assert link.get("href") == BASE_URL + ADDRESSES["nl"]
