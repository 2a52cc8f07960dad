"""Rich text to HTML without a query a link: page links come from the site graph."""

from __future__ import annotations

import re
from functools import partial
from html import escape, unescape
from typing import TYPE_CHECKING

from wagtail.whitelist import check_url

from generator.recording import shared
from pages.graph import SiteGraph

if TYPE_CHECKING:
    from wagtail.documents.models import AbstractDocument

LINK = re.compile(r"<a\s([^>]*)>(.*?)</a>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
EMBED = re.compile(r"<embed\s[^>]*/?>")


def expand(source: str, graph: SiteGraph, language: str) -> str:
    """The HTML of `source` (Wagtail's database format) in `language`.

    A link to a page that is not public, or to a document that is gone, becomes its text: no dead link is published.
    """
    if "<a" in source:
        source = LINK.sub(lambda match: _link(match, graph, language), source)
    return EMBED.sub("", source) if "<embed" in source else source


def _link(match: re.Match[str], graph: SiteGraph, language: str) -> str:
    attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(match[1])}
    text = match[2]
    kind, number = attributes.get("linktype"), attributes.get("id", "")
    href: str | None = None
    if kind is None:
        # None for a scheme that could run a script.
        href = check_url(attributes.get("href", ""))
    elif not number.isdecimal():
        href = None
    elif kind == "page":
        href = graph.url(int(number), language)
    elif kind == "document":
        href = shared(("linked document", number), partial(_document_url, int(number)))
    return f'<a href="{escape(href)}">{text}</a>' if href else text


def _document_url(document_id: int) -> str | None:
    from wagtail.documents import get_document_model

    from pages.jinja import document_url

    document: AbstractDocument | None = get_document_model().objects.filter(pk=document_id).first()
    return document_url(document) if document else None
