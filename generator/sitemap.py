"""sitemap.xml (sitemaps.org 0.9, with xhtml:link alternates) and robots.txt."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from generator.documents import Document, encode
from generator.registry import BuildContext

URLS_PER_SITEMAP = 50_000
"""sitemaps.org: no more in one file."""
XML = "application/xml"
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Listed(Protocol):
    """What a sitemap tells of a document."""

    @property
    def url(self) -> str: ...
    @property
    def language(self) -> str | None: ...
    @property
    def lastmod(self) -> datetime | None: ...
    @property
    def alternates(self) -> Mapping[str, str]: ...
    @property
    def in_sitemap(self) -> bool: ...


def documents(
    published: Iterable[Listed], context: BuildContext, hreflang: Mapping[str, str]
) -> list[Document]:
    """sitemap.xml and robots.txt for what is published; above 50,000 URLs, sitemap.xml is an index of parts.

    `hreflang` maps a language to the code that goes out ("fr" -> "fr-BE").
    """
    listed = [document for document in published if document.in_sitemap]
    parts = [listed[start : start + URLS_PER_SITEMAP] for start in range(0, len(listed), URLS_PER_SITEMAP)]
    if len(parts) <= 1:
        sitemaps = [_document("/sitemap.xml", partial(urlset, listed, context.base_url, hreflang))]
    else:
        sitemaps = [
            _document(f"/sitemap-{number}.xml", partial(urlset, part, context.base_url, hreflang))
            for number, part in enumerate(parts, 1)
        ]
        urls = [context.base_url + part.url for part in sitemaps]
        newest = [max((each.lastmod for each in part if each.lastmod), default=None) for part in parts]
        sitemaps.insert(0, _document("/sitemap.xml", partial(index, list(zip(urls, newest, strict=True)))))
    robots = Document(
        "/robots.txt",
        lambda: f"User-agent: *\nAllow: /\n\nSitemap: {context.base_url}/sitemap.xml\n",
        media_type="text/plain; charset=utf-8",
        label="robots.txt",
    )
    return [*sitemaps, robots]


def _document(url: str, render: partial[str]) -> Document:
    return Document(url, render, media_type=XML, label=url[1:])


def urlset(listed: Sequence[Listed], base_url: str, hreflang: Mapping[str, str]) -> str:
    """One sitemap. A page's alternates name itself too, as hreflang asks."""
    lines = [DECLARATION, f"<urlset {NAMESPACES}>\n"]
    for document in listed:
        lines.append(f"<url><loc>{escape(_address(base_url, document.url))}</loc>")
        if document.lastmod:
            lines.append(f"<lastmod>{document.lastmod.isoformat(timespec='seconds')}</lastmod>")
        alternates = {hreflang.get(code, code): url for code, url in document.alternates.items()}
        if alternates and document.language:
            alternates.setdefault(hreflang.get(document.language, document.language), document.url)
        for code, url in sorted(alternates.items()):
            href = quoteattr(_address(base_url, url))
            lines.append(f'<xhtml:link rel="alternate" hreflang={quoteattr(code)} href={href}/>')
        lines.append("</url>\n")
    return "".join([*lines, "</urlset>\n"])


def index(parts: Iterable[tuple[str, datetime | None]]) -> str:
    """The index of several sitemaps: the address of each, and when something in it last changed."""
    entries = []
    for url, newest in parts:
        lastmod = f"<lastmod>{newest.isoformat(timespec='seconds')}</lastmod>" if newest else ""
        entries.append(f"<sitemap><loc>{escape(url)}</loc>{lastmod}</sitemap>\n")
    return "".join([DECLARATION, f"<sitemapindex {NAMESPACES}>\n", *entries, "</sitemapindex>\n"])


def _address(base_url: str, url: str) -> str:
    return encode(url if url.startswith(("http://", "https://")) else base_url + url)
