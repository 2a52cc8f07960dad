"""The search page: without scripts, a map of the site in the reader's language."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from lxml import html

from alerts.models import AlertIndexPage
from generator.registry import BuildContext
from home.models import LISTED, SEARCH_POLICY, SearchPage
from pages.graph import SiteGraph
from pages.publishing import documents
from tests.factories.alerts import AlertFactory, send
from tests.factories.site import NewsFactory, StandardPageFactory, index_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def search_page() -> SearchPage:
    return index_page(SearchPage, "Rechercher", "Zoeken")


def made(url: str) -> Any:
    """The document at `url`."""
    context = BuildContext(timezone.now(), "https://vigie.example")
    return next(document for document in documents(context) if document.url == url)


def shown(url: str) -> Any:
    return html.document_fromstring(made(url).render())


@pytest.mark.parametrize(("language", "slug"), [("fr", "rechercher"), ("nl", "zoeken")])
def test_every_section_and_its_pages_are_links(search_page: SearchPage, language: str, slug: str) -> None:
    article, plain = NewsFactory(), StandardPageFactory()
    links = set(shown(f"/{language}/{slug}/").xpath("//main//a/@href"))
    graph = SiteGraph.current()
    assert {graph.url(page.pk, language) for page in (article, article.get_parent(), plain)} <= links


def test_a_long_section_names_some_pages_and_how_many_there_are(search_page: SearchPage) -> None:
    articles = [NewsFactory() for _ in range(LISTED + 1)]
    section = SiteGraph.current().url(articles[0].get_parent().pk, "nl")
    items = shown("/nl/zoeken/").xpath(f"//li[h3/a/@href='{section}']/ul/li")
    assert len(items) == LISTED + 1
    assert str(LISTED + 1) in items[-1].text_content()


def test_the_form_waits_for_its_script(search_page: SearchPage) -> None:
    assert shown("/fr/rechercher/").xpath("//search/@hidden")


def test_only_the_search_page_may_run_webassembly(search_page: SearchPage) -> None:
    assert made("/nl/zoeken/").headers["Content-Security-Policy"] == SEARCH_POLICY
    assert "Content-Security-Policy" not in made("/nl/").headers


def test_pages_are_searched_but_alerts_and_the_search_itself_are_not(search_page: SearchPage) -> None:
    NewsFactory(slug_nl="bericht")
    alert = AlertFactory()
    send(alert)
    graph = SiteGraph.current()
    searched = {
        document.url: "data-pagefind-body" in document.render()
        for document in documents(BuildContext(timezone.now(), "https://vigie.example"))
        if document.language == "nl"
    }
    assert searched["/nl/"]
    assert not searched["/nl/zoeken/"]
    assert not searched[graph.url(alert.pk, "nl")]
    assert not searched[graph.first(AlertIndexPage._meta.label_lower).urls["nl"]]
