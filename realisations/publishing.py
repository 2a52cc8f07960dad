"""The index of realisations as JSON in each language: what static/js/realisations.js combines filters over.

Each item carries the very markup of the list: what a script shows and what a file holds cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext, ngettext

from generator import registry
from generator.documents import Document
from generator.recording import sharing
from pages.graph import PageNode
from pages.languages import LANGUAGES, REGIONAL
from pages.listing import ALL, Listed, Listing, collated
from pages.models import BilingualImage
from pages.publishing import GRAPH_TABLES, publish_list
from pages.redirects import redirect_below
from pages.rendering import Run
from realisations import catalogue
from realisations.catalogue import realisation_item
from realisations.models import INDEX_NAME, RealisationIndexPage, RealisationPage, RealisationTheme
from territory.models import Municipality, PoliceZone, ZoneMembership

publish_list(
    RealisationIndexPage,
    *(RealisationPage, RealisationTheme, Municipality, PoliceZone, ZoneMembership, BilingualImage),
    *(RealisationPage.police_zones.through, RealisationPage.municipalities.through),
)
redirect_below("realisations.realisationindexpage", lambda: dict.fromkeys(LANGUAGES, INDEX_NAME))


@registry.facts(
    "realisations",
    tables=(RealisationPage._meta.db_table, BilingualImage._meta.db_table, *GRAPH_TABLES),
    is_recorded=True,
    can_wait=True,
)
def facts(context: registry.BuildContext) -> dict[str, str]:
    """What is shown of each realisation, and which are the newest of each mission."""
    run = Run.of(context)
    return {
        **{catalogue.item_key(pk): repr(catalogue.told(item)) for pk, item in catalogue.told_of(run).items()},
        **{
            catalogue.mission_key(mission): repr([item.node.id for item in found])
            for mission, found in catalogue.of_missions(run).items()
        },
    }


@registry.documents("realisations.index")
def documents(context: registry.BuildContext) -> Iterator[Document]:
    """A JSON document for each list and language, beside the list."""
    run = Run.of(context)
    graph = run.graph
    for index in graph.of_type("realisations.realisationindexpage"):
        listing = Listed.of(run, RealisationIndexPage, index.id).shown_by(ALL)
        for language in LANGUAGES:
            yield Document(
                url=index.urls[language] + INDEX_NAME,
                render=partial(render, index, listing, language, run),
                media_type="application/json; charset=utf-8",
                language=language,
                label=f"{index.titles[language]} (JSON, {language})",
                headers={"Content-Language": REGIONAL[language]},
            )


def render(index: PageNode, listing: Listing, language: str, run: Run) -> str:
    """`{title, urls, messages, facets: [{name, label, segments, terms: [{key, label, slugs}]}],
    items: [{terms: {facet: [key]}, html}]}`; `urls`, `segments` and `slugs` are by language."""
    with sharing(run.fragments):
        html = [realisation_item(entry.value).strip() for entry in listing.entries]
    content: dict[str, Any] = {
        "title": index.titles[language],
        "urls": index.urls,
        "messages": {
            "none": gettext("No realisation fits this choice."),
            # Translators: {n} stands for the number of realisations.
            "one": ngettext("{n} realisation", "{n} realisations", 1),
            "other": ngettext("{n} realisation", "{n} realisations", 2),
        },
        "facets": [
            {
                "name": facet.name,
                "label": str(facet.label),
                "segments": facet.segments,
                "terms": [
                    {"key": term.key, "label": term.labels[language], "slugs": term.slugs}
                    for term in sorted(facet.terms, key=lambda term: collated(term.labels[language]))
                ],
            }
            for facet in listing.facets
        ],
        "items": [
            {
                "terms": {facet.name: sorted(entry.terms[facet.name]) for facet in listing.facets},
                "html": markup,
            }
            for entry, markup in zip(listing.entries, html, strict=True)
        ],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
