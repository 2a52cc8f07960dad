"""Documents for tests, rendered as a build renders them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils import translation
from lxml import html

from generator.documents import Document
from generator.registry import BuildContext, default
from pages.graph import SiteGraph
from pages.rendering import Rendering, Run, render_page

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
BASE_URL = "https://vigie.example"


def run() -> Run:
    return Run(SiteGraph.load(), NOW, BASE_URL)


def markup(page: Any, language: str = "fr", key: str | None = None) -> str:
    """The HTML of `page`; `key` names one of its variants."""
    page = type(page).objects.get(pk=page.pk)
    shared = run()
    variant = next(each for each in page.get_variants(shared) if each.key == key) if key else None
    return render_page(Rendering(page, language, shared, variant))


def parsed(page: Any, language: str = "fr", key: str | None = None) -> html.HtmlElement:
    return html.document_fromstring(markup(page, language, key))


def texts(elements: Iterable[Any]) -> list[str]:
    """What each element says, with single spaces."""
    return [" ".join(element.text_content().split()) for element in elements]


def published(publisher: str) -> dict[str, Document]:
    """What an app registered as `publisher`, by URL."""
    found = default.document_publishers[publisher](BuildContext(NOW, BASE_URL))
    return {document.url: document for document in found}


def redirected() -> dict[str, str]:
    """Where the old addresses of pages lead, and those of what lies below them."""
    return {
        redirect.old: redirect.new
        for redirect in default.redirect_publishers["pages"](BuildContext(NOW, BASE_URL))
    }


def rendered(document: Document) -> str:
    """The document's text, with its language active."""
    with translation.override(document.language or "fr"):
        body = document.render()
    return body.decode() if isinstance(body, bytes) else body


def inside(tree: html.HtmlElement, name: str, path: str = "") -> list[Any]:
    """The elements at XPath `path` ("//h3") inside those of the class `name`; those themselves without a path."""
    return tree.xpath(f'//*[contains(concat(" ", normalize-space(@class), " "), " {name} ")]{path}')
