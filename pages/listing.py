"""Lists that are filtered and paginated without a server: each filter's each page is a document of its own.

A page type that lists others mixes in `ListingPage` and says with `listing_of` what there is; the variants,
their addresses in both languages and what its template shows follow from it
(templates/components/lists.html).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from generator.recording import Recording, paused, record, recording, replay
from pages.graph import PageNode
from pages.languages import LANGUAGES, active, override
from pages.rendering import Rendering, Variant

if TYPE_CHECKING:
    from pages.rendering import Run

PAGE_SEGMENTS = {"fr": "page", "nl": "pagina"}


@dataclass(frozen=True, slots=True)
class Term:
    """A value that a list can be narrowed to. `key` has no language; mappings are by language."""

    key: str
    labels: Mapping[str, str]
    slugs: Mapping[str, str]

    @property
    def label(self) -> str:
        return self.labels[active()]

    @classmethod
    def neutral(cls, value: object) -> Term:
        """A term that reads the same in both languages, such as a year."""
        text = str(value)
        return cls(text, dict.fromkeys(LANGUAGES, text), dict.fromkeys(LANGUAGES, text))


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow a list: what people call it, its segment in addresses, and its terms. `alphabetical`
    ones are shown by their labels in each language, others in their order."""

    name: str
    label: str | Promise
    segments: Mapping[str, str]
    terms: tuple[Term, ...] = ()
    alphabetical: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the listed: `terms` maps a facet's name to the keys it has there; `value` is the type's own; `shown` holds
    what a list shows of it besides its page, as values whose `repr` tells them apart."""

    node: PageNode
    terms: Mapping[str, Collection[str]] = field(default_factory=dict)
    value: Any = None
    shown: Any = None


@dataclass(frozen=True, slots=True)
class FilterLink:
    """A link that narrows the list to one term, as `filter_links` of components/lists.html shows it."""

    label: str
    url: str
    count: int
    current: bool
    term: Term


@dataclass(frozen=True)
class Filter:
    """The links of one facet, made when they are asked for: `name` and `current`, the key of the term that the list is
    narrowed to (or None), say which they are."""

    name: str
    label: str | Promise
    current: str | None
    make: Callable[[], list[FilterLink]]

    @cached_property
    def links(self) -> list[FilterLink]:
        return self.make()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template of a list shows: one page of the (narrowed) list.

    `total` counts all that the filter lets through, `everything` all there is; `page_urls` are the addresses
    of page 1, 2, 3 …; `term` is what the list is narrowed to, or None; `url` leads to the whole list.
    """

    entries: list[Entry]
    total: int
    everything: int
    url: str
    filters: list[Filter]
    page: int
    page_urls: list[str]
    facet: Facet | None
    term: Term | None

    @property
    def page_numbers(self) -> list[int | None]:
        """The pages to link: first, last and those near this one; None stands for some that are left out."""
        last = len(self.page_urls)
        near = range(max(1, self.page - 2), min(last, self.page + 2) + 1)
        numbers: list[int | None] = list(near)
        if near[0] > 1:
            numbers[:0] = [1, None] if near[0] > 2 else [1]
        if near[-1] < last:
            numbers += [None, last] if near[-1] < last - 1 else [last]
        return numbers


class Listing:
    """Entries in their order, and the facets by which they can be narrowed. Terms without entries are left
    out."""

    def __init__(self, entries: Iterable[Entry], facets: Iterable[Facet] = (), per_page: int = 10) -> None:
        self.entries = list(entries)
        self.per_page = per_page
        self._urls: dict[tuple[str, str, str | None, str | None], list[str]] = {}
        self.facets = [
            replace(facet, terms=tuple(term for term in facet.terms if self._has(facet.name, term)))
            for facet in facets
        ]

    def _has(self, facet: str, term: Term) -> bool:
        return bool(self._by_term.get((facet, term.key)))

    @cached_property
    def _by_term(self) -> dict[tuple[str, str], list[Entry]]:
        found: dict[tuple[str, str], list[Entry]] = {}
        for entry in self.entries:
            for facet, keys in entry.terms.items():
                for key in keys:
                    found.setdefault((facet, key), []).append(entry)
        return found

    def select(self, facet: str, key: str) -> list[Entry]:
        """The entries that have the term, in the list's order."""
        return self._by_term.get((facet, key), [])

    def page_count(self, entries: list[Entry]) -> int:
        return max(1, -(-len(entries) // self.per_page))

    def variants(self) -> list[Variant]:
        """Page 2 and on of the whole list, and each page of each filter."""
        variants = [self._variant(None, None, page) for page in range(2, self.page_count(self.entries) + 1)]
        for facet in self.facets:
            for term in facet.terms:
                count = self.page_count(self.select(facet.name, term.key))
                variants += [self._variant(facet, term, page) for page in range(1, count + 1)]
        return variants

    def _variant(self, facet: Facet | None, term: Term | None, page: int) -> Variant:
        narrowed = facet is not None and term is not None
        titles = {}
        for language in LANGUAGES:
            with override(language):
                parts = [term.labels[language]] if term else []
                if page > 1:
                    parts.append(gettext("page %(number)d") % {"number": page})
                titles[language] = ", ".join(parts)
        return Variant(
            key=":".join([*([facet.name, term.key] if narrowed and facet and term else []), str(page)]),
            paths={language: suffix(facet, term, page, language) for language in LANGUAGES},
            titles=titles,
            data={"facet": facet.name if facet else None, "term": term.key if term else None, "page": page},
        )

    def page_of(self, variant: Variant | None) -> list[Entry]:
        """The entries that `variant` shows."""
        entries, page = self._chosen(variant), variant.data["page"] if variant else 1
        return entries[(page - 1) * self.per_page : page * self.per_page]

    def _chosen(self, variant: Variant | None) -> list[Entry]:
        if variant is None or variant.data["facet"] is None:
            return self.entries
        return self.select(variant.data["facet"], variant.data["term"])

    def told(self, variant: Variant | None) -> str:
        """All that `variant` shows, but for what is said of the pages in the site graph: another text, another list."""
        entries = self._chosen(variant)
        texts = (dict(variant.titles), dict(variant.paths)) if variant else ()
        shown = [(entry.node.id, entry.shown) for entry in self.page_of(variant)]
        return repr((texts, shown, len(entries), len(self.entries)))

    def told_of_filters(self) -> str:
        """What the filters say."""
        return repr(
            [
                (
                    facet.name,
                    term.key,
                    dict(term.labels),
                    dict(term.slugs),
                    len(self.select(facet.name, term.key)),
                )
                for facet in self.facets
                for term in facet.terms
            ]
        )

    def told_of_all(self) -> str:
        """All entries, and what they can be narrowed to."""
        return repr(
            [
                (entry.node.id, entry.shown, [(name, sorted(keys)) for name, keys in entry.terms.items()])
                for entry in self.entries
            ]
        )

    def show(self, url: str, language: str, variant: Variant | None) -> Shown:
        """What `variant` (None: the first page of the whole list) shows below the list's address `url`."""
        data: Mapping[str, Any] = variant.data if variant else {"facet": None, "term": None, "page": 1}
        facet = next((facet for facet in self.facets if facet.name == data["facet"]), None)
        term = next((term for term in facet.terms if term.key == data["term"]), None) if facet else None
        entries, page = self._chosen(variant), data["page"]
        return Shown(
            entries=self.page_of(variant),
            total=len(entries),
            everything=len(self.entries),
            url=url,
            filters=[
                Filter(
                    each.name,
                    each.label,
                    term.key if term and each is facet else None,
                    partial(self._links, each, term, url, language),
                )
                for each in self.facets
                if each.terms
            ],
            page=page,
            page_urls=self._page_urls(url, language, facet, term, self.page_count(entries)),
            facet=facet,
            term=term,
        )

    def _page_urls(
        self, url: str, language: str, facet: Facet | None, term: Term | None, count: int
    ) -> list[str]:
        """One list for all pages of a (narrowed) list: there may be hundreds."""
        key = (url, language, facet.name if facet else None, term.key if term else None)
        if key not in self._urls:
            self._urls[key] = [url + suffix(facet, term, number, language) for number in range(1, count + 1)]
        return self._urls[key]

    def _links(self, facet: Facet, current: Term | None, url: str, language: str) -> list[FilterLink]:
        links = [
            FilterLink(
                label=term.labels[language],
                url=url + suffix(facet, term, 1, language),
                count=len(self.select(facet.name, term.key)),
                current=term is current,
                term=term,
            )
            for term in facet.terms
        ]
        return sorted(links, key=lambda link: collated(link.label)) if facet.alphabetical else links


def suffix(facet: Facet | None, term: Term | None, page: int, language: str) -> str:
    """What the address of a page of a (narrowed) list adds to the list's: "theme/jeunesse/page/2/"."""
    narrowed = f"{facet.segments[language]}/{term.slugs[language]}/" if facet and term else ""
    return narrowed + (f"{PAGE_SEGMENTS[language]}/{page}/" if page > 1 else "")


def collated(text: str) -> str:
    """A key that sorts as French and Dutch readers expect: accents and capitals do not count."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()


class ListingPage:
    """Mixed into a page type that lists others. Its template finds a `Shown` in `listing`."""

    pk: Any

    @classmethod
    def listing_of(cls, index_id: int, run: Run) -> Listing:
        """What there is to list on the page `index_id`; empty where it is not public yet."""
        raise NotImplementedError

    def get_variants(self, run: Run) -> list[Variant]:
        return self.listing_of(self.pk, run).variants()

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        variant = rendering.variant
        listing = Listed.of(rendering.run, type(self), self.pk).shown_by(variant.key if variant else MAIN)
        url = rendering.node.urls[rendering.language] if rendering.node else ""
        return {"listing": listing.show(url, rendering.language, rendering.variant)}


MAIN, FILTERS, ALL = "", "filters", "all"
"""What there are facts about besides each variant, by its key: the list's own page, its filters, all entries."""


@dataclass(frozen=True)
class Listed:
    """The listing of one page in a run. Who shows a part of it depends on that part (`facts`), not on all that the
    listing was made from."""

    model: type[ListingPage]
    index_id: int
    listing: Listing
    variants: dict[str, Variant]
    """Those of the page, by key."""
    made: Recording
    """What the listing and its variants were made from."""

    @classmethod
    def of(cls, run: Run, model: type[ListingPage], index_id: int) -> Listed:
        def make() -> Listed:
            with recording() as made:
                listing = model.listing_of(index_id, run)
                variants = {variant.key: variant for variant in listing.variants()}
            return cls(model, index_id, listing, variants, made)

        with paused():
            return run.once(("listed", index_id), make)

    def shown_by(self, *parts: str) -> Listing:
        """The listing, for a document that shows `parts` of it and its filters."""
        if self.model in told:
            for part in (*parts, FILTERS):
                record(self._key(part))
            replay(Recording(until=self.made.until, always=self.made.always))
        else:
            replay(self.made)
        return self.listing

    def _key(self, part: str) -> str:
        """Facts are asked for when rows have changed: what changes with time too is another fact each time."""
        holds = f"@{self.made.until.isoformat()}" if self.made.until else ""
        return f"list:{self.index_id}:{part}{holds}"

    def facts(self) -> dict[str, str]:
        """What each part shows, as short digests by key."""
        texts = {
            MAIN: self.listing.told(None),
            FILTERS: self.listing.told_of_filters(),
            ALL: self.listing.told_of_all(),
            **{key: self.listing.told(variant) for key, variant in self.variants.items()},
        }
        return {
            self._key(part): hashlib.blake2b(text.encode(), digest_size=9).hexdigest()
            for part, text in texts.items()
        }


told: set[type[ListingPage]] = set()
"""The page types of whose lists there are facts (`pages.publishing.publish_list`)."""
