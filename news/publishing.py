"""The Atom feed of each list of news in each language (RFC 4287)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from generator import registry
from generator.documents import Document
from news.models import (
    FEED_NAME,
    NEWEST,
    Article,
    NewsIndexPage,
    NewsPage,
    NewsTheme,
    articles,
    feed_url,
    latest,
    latest_key,
)
from pages.graph import PageNode
from pages.languages import LANGUAGES, REGIONAL, override
from pages.publishing import GRAPH_TABLES, publish_list
from pages.redirects import redirect_below
from pages.rendering import Rendering, Run, base_context
from pages.vocabulary import terms

ENTRIES = 30
"""How many articles a feed holds."""
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


class Feed(Atom1Feed):
    """Django's, whose `updated` does not depend on the clock: an unchanged feed keeps its bytes."""

    def latest_post_date(self) -> datetime.datetime:
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=self.feed["changed_at"])

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for href, language in self.feed["others"]:
            attributes = {
                "rel": "alternate",
                "hreflang": language,
                "type": "application/atom+xml",
                "href": href,
            }
            handler.addQuickElement("link", None, attributes)


@registry.facts("news.latest", tables=(NewsPage._meta.db_table, *GRAPH_TABLES), is_recorded=True)
def facts(context: registry.BuildContext) -> dict[str, str]:
    """Which articles are the newest, of each list and of all."""
    run = Run.of(context)
    parents = {None, *(article.node.parent_id for article in articles(run.graph))}
    return {
        latest_key(parent): repr(
            [(each.node.id, each.date, each.theme_id) for each in latest(run, NEWEST, parent)]
        )
        for parent in parents
    }


publish_list(NewsIndexPage, NewsPage, NewsTheme)
redirect_below("news.newsindexpage", lambda: dict.fromkeys(LANGUAGES, FEED_NAME))


@registry.documents("news.feeds")
def documents(context: registry.BuildContext) -> Iterator[Document]:
    """A feed for each list and language."""
    run = Run.of(context)
    graph = run.graph
    found = articles(graph)
    for index in graph.of_type("news.newsindexpage"):
        below = [article for article in found if article.node.parent_id == index.id][:ENTRIES]
        for language in LANGUAGES:
            yield Document(
                url=feed_url(index, language),
                render=partial(render, index, index.translation_key, below, language, run),
                media_type=MEDIA_TYPE,
                language=language,
                lastmod=index.last_published_at,
                label=f"{index.titles[language]} (Atom, {language})",
                headers={"Content-Language": REGIONAL[language]},
            )


def render(index: PageNode, key: UUID, below: list[Article], language: str, run: Run) -> str:
    """The feed of `below` (newest first) as XML text. Identifiers are URNs that outlive an address."""
    with override(language):
        site = base_context(Rendering(None, language, run)).get("site")
        site_name = getattr(site, "name", None) or index.titles[language]
        other = next(code for code in LANGUAGES if code != language)
        feed = Feed(
            title=f"{site_name} – {index.titles[language]}",
            link=run.base_url + index.urls[language],
            description=None,
            subtitle=index.summaries[language] or None,
            language=REGIONAL[language],
            author_name=site_name,
            author_link=run.base_url + "/",
            feed_url=run.base_url + feed_url(index, language),
            feed_guid=uuid5(key, language).urn,
            changed_at=index.last_published_at or run.generated_at,
            others=[(run.base_url + feed_url(index, other), REGIONAL[other])],
        )
        themes = run.once("news.themes", lambda: {term.key: term for term in terms(NewsTheme)})
        for article in below:
            add(feed, article, themes.get(str(article.theme_id)), language, run.base_url)
        return feed.writeString("utf-8")


def add(feed: Feed, article: Article, theme: Any, language: str, base_url: str) -> None:
    node = article.node
    midnight = datetime.datetime.combine(article.date, datetime.time(), timezone.get_default_timezone())
    feed.add_item(
        title=node.titles[language],
        link=base_url + node.urls[language],
        description=escape(node.summaries[language]),  # Django says that it is HTML.
        unique_id=uuid5(article.node.translation_key, language).urn,
        pubdate=midnight,
        updateddate=max(midnight, node.last_published_at or midnight),
        categories=[theme.labels[language]] if theme else [],
    )
