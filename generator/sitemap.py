"""sitemap.xml (sitemaps.org 0.9, with xhtml:link alternates) and robots.txt."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from hashlib import blake2b
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from generator.documents import Document, encode
from generator.registry import BuildContext

URLS_PER_SITEMAP = 100
"""At most twice as many on average, so that a change rewrites little; sitemaps.org allows 50,000 in one file, and as
many files."""
LARGEST_SINGLE = 500
"""So many are listed in sitemap.xml itself."""
INDEX = "sitemap.xml"
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


def count_for(urls: int) -> int:
    """In how many files so many addresses are listed: one, or a power of two."""
    return 1 if urls <= LARGEST_SINGLE else 1 << ((urls - 1) // URLS_PER_SITEMAP).bit_length()


def number_of(document: Listed, count: int) -> int:
    """Which of `count` files lists the document (from 0): that of its other languages, and the same one as long as
    there are as many."""
    key = min(document.alternates.values(), default=document.url, key=lambda url: (len(url) < 2, url))
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big") % count


def name_of(number: int, count: int) -> str:
    """The file of the sitemap `number` (from 0) of `count`."""
    return INDEX if count == 1 else f"sitemap-{number + 1}.xml"


def sitemap(
    name: str, listed: Sequence[Listed], context: BuildContext, hreflang: Mapping[str, str]
) -> Document:
    """The sitemap `name` of the documents `listed`."""
    return _document(name, partial(urlset, listed, context.base_url, hreflang), newest(listed))


def index_of(changed: Sequence[datetime | None], context: BuildContext) -> Document:
    """sitemap.xml as the index of several sitemaps, told when something in each last `changed`."""
    entries = [
        (f"{context.base_url}/{name_of(number, len(changed))}", moment)
        for number, moment in enumerate(changed)
    ]
    return _document(INDEX, partial(index, entries))


def robots(context: BuildContext) -> Document:
    return Document(
        "/robots.txt",
        lambda: f"User-agent: *\nAllow: /\n\nSitemap: {context.base_url}/sitemap.xml\n",
        media_type="text/plain; charset=utf-8",
        label="robots.txt",
    )


def newest(listed: Iterable[Listed]) -> datetime | None:
    """When the last of them was changed."""
    return max((each.lastmod for each in listed if each.lastmod), default=None)


def _document(name: str, render: Callable[[], str], lastmod: datetime | None = None) -> Document:
    return Document(f"/{name}", render, media_type=XML, lastmod=lastmod, label=name)


def urlset(listed: Iterable[Listed], base_url: str, hreflang: Mapping[str, str]) -> str:
    """One sitemap. A page's alternates name itself too, as hreflang asks."""
    lines = [DECLARATION, f"<urlset {NAMESPACES}>\n"]
    for document in sorted(listed, key=lambda each: each.url):
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
