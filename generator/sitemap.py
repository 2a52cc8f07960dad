"""sitemap.xml (sitemaps.org 0.9, with xhtml:link alternates) and robots.txt."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from xml.sax.saxutils import escape, quoteattr

from generator.documents import Document, encode
from generator.registry import BuildContext

URLS_PER_SITEMAP = 50_000
"""sitemaps.org: no more in one file."""
XML = "application/xml"
NAMESPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def documents(
    published: Iterable[Document], context: BuildContext, hreflang: Mapping[str, str]
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
        sitemaps.insert(0, _document("/sitemap.xml", partial(index, urls, context.generated_at.isoformat())))
    robots = Document(
        "/robots.txt",
        lambda: f"User-agent: *\nAllow: /\n\nSitemap: {context.base_url}/sitemap.xml\n",
        media_type="text/plain; charset=utf-8",
        label="robots.txt",
    )
    return [*sitemaps, robots]


def _document(url: str, render: partial[str]) -> Document:
    return Document(url, render, media_type=XML, label=url[1:])


def urlset(listed: Sequence[Document], base_url: str, hreflang: Mapping[str, str]) -> str:
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


def index(urls: Iterable[str], lastmod: str) -> str:
    """The index of several sitemaps."""
    entries = [f"<sitemap><loc>{escape(url)}</loc><lastmod>{lastmod}</lastmod></sitemap>\n" for url in urls]
    return "".join([DECLARATION, f"<sitemapindex {NAMESPACES}>\n", *entries, "</sitemapindex>\n"])


def _address(base_url: str, url: str) -> str:
    return encode(url if url.startswith(("http://", "https://")) else base_url + url)
