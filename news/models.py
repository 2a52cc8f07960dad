"""News: a list by year and theme, articles, a feed in each language (news/publishing.py)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.search import index

from generator.recording import paused, record
from pages.fields import body_field
from pages.illustrated import IllustratedPage, image_panel
from pages.listing import Entry, Facet, Listing, ListingPage, Term, suffix
from pages.models import BilingualPage
from pages.panels import twin_panel
from pages.vocabulary import VocabularyTerm, terms

if TYPE_CHECKING:
    from pages.graph import PageNode, SiteGraph
    from pages.rendering import Rendering, Run

PER_PAGE = 10
NEWEST = 4
"""The most articles that `latest` gives."""
THEME = Facet("theme", _("Theme"), {"fr": "theme", "nl": "thema"})
YEAR = Facet("year", _("Year"), {"fr": "annee", "nl": "jaar"}, alphabetical=False)
FEED_NAME = "feed.atom"


class NewsTheme(VocabularyTerm):
    """What an article is about."""

    class Meta(VocabularyTerm.Meta):
        verbose_name = _("news theme")
        verbose_name_plural = _("news themes")


def today() -> datetime.date:
    return timezone.localdate()


@dataclass(frozen=True, slots=True)
class Article:
    """An article in a list."""

    node: PageNode
    date: datetime.date
    theme_id: int | None


def articles(graph: SiteGraph) -> list[Article]:
    """Every public article, the newest first."""
    nodes = {node.id: node for node in graph.of_type("news.newspage")}
    rows = NewsPage.objects.order_by().values_list("pk", "date", "theme_id")
    found = [Article(nodes[pk], *values) for pk, *values in rows if pk in nodes]
    return sorted(found, key=lambda article: (article.date, article.node.id), reverse=True)


def latest(run: Run, count: int, parent_id: int | None = None) -> list[Article]:
    """The newest articles, at most NEWEST, of one list if `parent_id` names it. Who shows them depends on which they
    are (news/publishing.py tells), not on every article there is."""
    record(latest_key(parent_id))
    with paused():
        found = run.once("news.articles", lambda: articles(run.graph))
        below = (article for article in found if parent_id in (None, article.node.parent_id))
        return list(islice(below, min(count, NEWEST)))


def latest_key(parent_id: int | None) -> str:
    return f"news.latest:{parent_id}"


class NewsIndexPage(ListingPage, BilingualPage):
    """The articles, newest first; by year and by theme."""

    intro = models.TextField(_("introduction"), blank=True)

    template = "news/news_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.NewsPage"]
    max_count = 1

    content_panels = [*BilingualPage.content_panels, twin_panel("intro")]

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    @classmethod
    def listing_of(cls, index_id: int, run: Run) -> Listing:
        found = [article for article in articles(run.graph) if article.node.parent_id == index_id]
        years = sorted({article.date.year for article in found}, reverse=True)
        facets = (
            replace(THEME, terms=terms(NewsTheme)),
            replace(YEAR, terms=tuple(Term.neutral(year) for year in years)),
        )
        # The same for all articles of a theme and year: there are thousands.
        alike = {
            (theme, year): {"theme": (str(theme),), "year": (str(year),)}
            for theme, year in {(article.theme_id, article.date.year) for article in found}
        }
        entries = (
            Entry(
                article.node,
                alike[article.theme_id, article.date.year],
                article,
                shown=article.date.isoformat(),
            )
            for article in found
        )
        return Listing(entries, facets, PER_PAGE)

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        node = rendering.node
        context = super().get_render_context(rendering)
        return context | {"feed_url": feed_url(node, rendering.language) if node else None}


def feed_url(index: PageNode, language: str) -> str:
    """The address of a list's Atom feed."""
    return index.urls[language] + FEED_NAME


class NewsPage(IllustratedPage):
    """An article."""

    date = models.DateField(_("date"), default=today, db_index=True)
    theme = models.ForeignKey(
        NewsTheme,
        verbose_name=_("theme"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    mission = models.ForeignKey(
        "missions.MissionPage",
        verbose_name=_("mission"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    body = body_field()

    template = "news/news_page.html"
    document_relations = (*IllustratedPage.document_relations, "theme")
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BilingualPage.content_panels,
        FieldRowPanel(
            [
                FieldPanel("date"),
                FieldPanel("theme", widget=forms.Select),
                PageChooserPanel("mission", "missions.MissionPage"),
            ]
        ),
        image_panel(),
        FieldPanel("body"),
    ]
    api_fields = [*IllustratedPage.api_fields, *map(APIField, ("date", "theme", "mission", "body"))]
    search_fields = [*BilingualPage.search_fields, index.FilterField("date")]

    class Meta:
        verbose_name = _("news article")
        verbose_name_plural = _("news articles")

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        node, graph, language = rendering.node, rendering.graph, rendering.language
        parent = graph.parent(node) if node else graph.first("news.newsindexpage")
        nearby = [
            each
            for each in latest(rendering.run, 4, parent.id if parent else None)
            if each.node.id != self.pk
        ]
        theme = self.theme.as_term() if self.theme else None
        return {
            "theme": theme,
            "theme_url": parent.urls[language] + suffix(THEME, theme, 1, language)
            if parent and theme
            else None,
            "mission": graph.node(self.mission_id) if self.mission_id else None,
            "feed_url": feed_url(parent, language) if parent else None,
            "nearby": nearby[:3],
        }
