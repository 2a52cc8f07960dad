"""The demo content, gathered: what `manage.py load_demo` reads.

    from home.demo import content, drawing

    content.SITE, content.HOME, content.INDEXES, content.PLAIN_PAGES
    content.MISSIONS, content.REALISATIONS, content.ARTICLES, content.PUBLICATIONS
    content.REALISATION_THEMES, content.NEWS_THEMES, content.GUIDE
    content.IMAGES, drawing.jpeg(image.key)
    content.DOCUMENTS, content.pdf(document, "fr")

`home.demo.shapes` documents the shapes. `pages()` gives every page after its parent; a body may refer to
any page, so bodies are best filled in once all pages exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from home.demo import pdf as writer
from home.demo.shapes import Block, DemoDocument, DemoPage
from home.demo.texts.images import IMAGES
from home.demo.texts.legal import LEGAL_PAGES as PLAIN_PAGES
from home.demo.texts.missions import MISSIONS
from home.demo.texts.news import ARTICLES
from home.demo.texts.publications import DOCUMENTS, PUBLICATIONS
from home.demo.texts.realisations import REALISATIONS
from home.demo.texts.site import GUIDE, HOME, INDEXES, NEWS_THEMES, REALISATION_THEMES, SEARCH, SITE

__all__ = [
    "ARTICLES",
    "DOCUMENTS",
    "GUIDE",
    "HOME",
    "IMAGES",
    "INDEXES",
    "MISSIONS",
    "NEWS_THEMES",
    "PLAIN_PAGES",
    "PUBLICATIONS",
    "REALISATIONS",
    "REALISATION_THEMES",
    "SEARCH",
    "SITE",
    "image_alt",
    "pages",
    "parent_key",
    "pdf",
    "with_page_links",
]

_KEY_LINK = re.compile(r'<a href="key:([a-z0-9-]+)">')
_PARENTS = {
    "mission": "missions",
    "realisation": "realisations",
    "news": "news",
    "publication": "publications",
}


def pages() -> Iterator[DemoPage]:
    """Every page: the home page, the lists, the plain pages, then what the lists hold."""
    yield HOME
    yield from INDEXES
    yield from PLAIN_PAGES
    yield SEARCH
    yield from MISSIONS
    yield from PUBLICATIONS
    yield from REALISATIONS
    yield from ARTICLES


def parent_key(page: DemoPage) -> str | None:
    """The key of the page that `page` goes under: a list for its items, "home" for others, None for home."""
    if page.key == HOME.key:
        return None
    if page.key in {index.key for index in INDEXES}:
        return HOME.key
    return _PARENTS.get(page.key.split("-")[0], HOME.key)


def image_alt(key: str) -> tuple[str, str]:
    """What a picture shows, in French and in Dutch. KeyError for an unknown picture."""
    found = {image.key: image for image in IMAGES}[key]
    return found.alt_fr, found.alt_nl


def with_page_links(html: str, ids: Mapping[str, int]) -> str:
    """Rich text with its links to keys made links to pages, by primary key. KeyError names an unknown key."""
    return _KEY_LINK.sub(lambda match: f'<a linktype="page" id="{ids[match[1]]}">', html)


def key_links(block: Block) -> set[str]:
    """The keys that a block's rich text links to."""
    return set(_KEY_LINK.findall(repr(block[1])))


def pdf(document: DemoDocument, language: str) -> bytes:
    """The document's file in "fr" or "nl"; the same bytes each time."""
    sections = [
        (getattr(section, f"heading_{language}"), list(getattr(section, f"paragraphs_{language}")))
        for section in document.sections
    ]
    return writer.document(
        getattr(document, f"title_{language}"),
        getattr(document, f"subtitle_{language}"),
        sections,
        language=f"{language}-BE",
        created=document.date,
        author=getattr(SITE, f"name_{language}"),
    )
