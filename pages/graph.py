"""The site graph: every live public page's type, place, dates, titles, slugs and URLs in both languages, from one pass.

Menus, breadcrumbs, links in rich text, the language switch, lists, feeds and the sitemap read it, not the ORM.
It holds only what the public may see: live pages below live pages, without view restrictions.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from wagtail.models import PageViewRestriction, Site

from generator.changed import Changed
from generator.keys import NEW
from generator.recording import paused, record
from pages.languages import LANGUAGES, active, twin, twins

COLUMNS = (
    "id",
    "path",
    "depth",
    "translation_key",
    "content_type_id",
    "show_in_menus",
    "first_published_at",
    "last_published_at",
    *twins("title"),
    *twins("slug"),
    *twins("url_path"),
    *twins("summary"),
    *twins("seo_title"),
    *twins("search_description"),
)
STEPLEN = 4


@dataclass(frozen=True, slots=True)
class PageNode:
    """A live page as others see it. Mappings are by language; the bare properties follow the active language.
    `translation_key` never changes, whatever becomes of the page's address."""

    id: int
    type: str
    parent_id: int | None
    path: str
    depth: int
    titles: Mapping[str, str]
    slugs: Mapping[str, str]
    urls: Mapping[str, str]
    summaries: Mapping[str, str]
    seo_titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    show_in_menus: bool
    first_published_at: datetime | None
    last_published_at: datetime | None
    translation_key: UUID

    @property
    def title(self) -> str:
        return self.titles[active()]

    @property
    def url(self) -> str:
        return self.urls[active()]

    @property
    def summary(self) -> str:
        return self.summaries[active()]


CONTENT = (
    "show_in_menus",
    "titles",
    "slugs",
    "urls",
    "summaries",
    "seo_titles",
    "descriptions",
    "first_published_at",
    "translation_key",
)
PLACE = ("path", "depth", "parent_id")
READ_AS = {
    **dict.fromkeys(CONTENT, "page"),
    **dict.fromkeys(PLACE, "place"),
    "last_published_at": "published",
}
"""What reading an attribute of a node records, before the page's number: so whoever shows a page's title depends on it,
and whoever only counts pages does not."""


class _Recorded:
    """An attribute of PageNode that records that it was read."""

    def __init__(self, slot: Any, kind: str) -> None:
        self.slot, self.kind = slot, kind
        self.get = slot.__get__

    def __get__(self, node: PageNode | None, owner: type | None = None) -> Any:
        if node is None:
            return self
        record(f"{self.kind}:{node.id}")
        return self.get(node)

    def __set__(self, node: PageNode, value: Any) -> None:
        self.slot.__set__(node, value)


for _name, _kind in READ_AS.items():
    setattr(PageNode, _name, _Recorded(PageNode.__dict__[_name], _kind))


class RecordedNodes(Mapping[int, PageNode]):
    """Nodes by page number. Looking one up records the page, going through them all records the tree."""

    def __init__(self, nodes: dict[int, PageNode]) -> None:
        self._nodes = nodes

    def __getitem__(self, page_id: int) -> PageNode:
        record(f"page:{page_id}")
        return self._nodes[page_id]

    def __iter__(self) -> Iterator[int]:
        record("pages")
        return iter(self._nodes)

    def __len__(self) -> int:
        record("pages")
        return len(self._nodes)

    def flat(self) -> dict[int, PageNode]:
        """The nodes, without recording anything."""
        return self._nodes

    def values(self) -> ValuesView[PageNode]:
        record("pages")
        return self._nodes.values()

    def items(self) -> ItemsView[int, PageNode]:
        record("pages")
        return self._nodes.items()


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of a menu. `current` is True for the page itself and for the pages above it."""

    node: PageNode
    label: str
    url: str
    current: bool = False
    children: tuple[MenuItem, ...] = ()


EMPTY: Mapping[str, str] = dict.fromkeys(LANGUAGES, "")
"""What pages that say nothing share."""
TEXTS = [
    (name, [(language, twin(column, language)) for language in LANGUAGES])
    for name, column in (
        ("titles", "title"),
        ("slugs", "slug"),
        ("summaries", "summary"),
        ("seo_titles", "seo_title"),
        ("descriptions", "search_description"),
    )
]
"""Texts of a page by language, and the columns that hold them."""


def _type(content_type_id: int) -> str:
    return sys.intern("{}.{}".format(*ContentType.objects.get_for_id(content_type_id).natural_key()))


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a row needs to become a node: where the site begins, which pages are private with all that is below, and of
    which page another is an alias."""

    root_path: str
    root_url_path: str
    private: frozenset[int]
    sources: Mapping[int, int]

    def node(self, value: Mapping[str, Any], parent_id: int | None) -> PageNode:
        return PageNode(
            id=value["id"],
            type=_type(value["content_type_id"]),
            parent_id=parent_id,
            path=value["path"],
            depth=value["depth"],
            urls={
                language: f"/{language}/{value[twin('url_path', language)][len(self.root_url_path) :]}"
                for language in LANGUAGES
            },
            show_in_menus=value["show_in_menus"],
            first_published_at=value["first_published_at"],
            last_published_at=value["last_published_at"],
            translation_key=value["translation_key"],
            **{
                name: {language: value[column] or "" for language, column in columns}
                if any(value[column] for _language, column in columns)
                else EMPTY
                for name, columns in TEXTS
            },
        )


@dataclass(frozen=True)
class SiteGraph:
    """Read-only. Build it with `SiteGraph.load()`, or take the process's fresh one with `SiteGraph.current()`."""

    nodes: Mapping[int, PageNode]
    top: PageNode | None
    version: UUID | None = None
    _children: Mapping[int | None, tuple[PageNode, ...]] = field(default_factory=dict)
    _origin: _Origin | None = None
    _facts: dict[str, str] = field(default_factory=dict)
    """Those that were computed, so that the graph after this one computes only what is other."""

    @classmethod
    def load(cls, version: UUID | None = None) -> SiteGraph:
        """The graph of the default site, from one pass over its tree (and two small queries: site, restrictions)."""
        with paused():
            return cls._load(version)

    @classmethod
    def _load(cls, version: UUID | None) -> SiteGraph:
        from pages.models import BilingualPage

        site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
        if site is None:
            return cls(nodes=RecordedNodes({}), top=None, version=version)
        pages = BilingualPage.objects.rewrite(False)
        root_path, root_url_path = pages.filter(pk=site.root_page_id).values_list("path", "url_path_fr").get()
        restricted = dict(PageViewRestriction.objects.values_list("page_id", "page__path"))
        aliases = pages.filter(alias_of__isnull=False)
        places = list(aliases.values_list("id", "path", "alias_of_id", "alias_of__path"))
        sources = {pk: source for pk, _path, source, _source_path in places}
        private = _private(restricted, {pk: (path, source_path) for pk, path, _source, source_path in places})
        origin = _Origin(root_path, root_url_path, private, sources)
        nodes: dict[int, PageNode] = {}
        by_path: dict[str, int] = {}
        children: dict[int | None, list[PageNode]] = {}
        rows = pages.filter(live=True, path__startswith=root_path).order_by("path").values_list(*COLUMNS)
        for row in rows.iterator(chunk_size=2000):
            value = dict(zip(COLUMNS, row, strict=True))
            parent_id = by_path.get(value["path"][:-STEPLEN])
            if (value["path"] != root_path and parent_id is None) or value["id"] in origin.private:
                continue
            node = origin.node(value, parent_id)
            nodes[node.id] = node
            by_path[node.path] = node.id
            children.setdefault(parent_id, []).append(node)
        return cls(
            nodes=RecordedNodes(nodes),
            top=nodes.get(site.root_page_id),
            version=version,
            _children={parent: tuple(siblings) for parent, siblings in children.items()},
            _origin=origin,
        )

    def updated(self, changed: Changed) -> SiteGraph:
        """The graph as it is after `changed`: this one with other texts where no more than texts of pages that it holds
        are other, else one that is loaded."""
        with paused():
            return self._updated(changed) or self.load()

    def _updated(self, changed: Changed) -> SiteGraph | None:
        from pages.models import BilingualPage

        table = BilingualPage._meta.db_table
        others = (Site._meta.db_table, PageViewRestriction._meta.db_table)
        noted = {key for key in changed.keys if key.partition("=")[0].rstrip("+*~") == table}
        rows = {int(key.partition("=")[2]) for key in noted if "=" in key}
        if changed.everything or changed.touches_tables(others) or self._origin is None:
            return None
        if changed.tables & {table, *others} or noted - {
            table,
            table + NEW,
            *(f"{table}={pk}" for pk in rows),
        }:
            return None
        known = self.nodes.flat()  # type: ignore[attr-defined]
        pages = BilingualPage.objects.rewrite(False).order_by()
        if table + NEW in noted:
            live = pages.filter(live=True, path__startswith=self._origin.root_path)
            rows.update(pk for pk in live.values_list("pk", flat=True) if pk not in known)
        if not rows:
            return self
        values = pages.filter(pk__in=rows).values(*COLUMNS, "live", "alias_of_id", "numchild")
        found = {value["id"]: value for value in values}
        nodes: dict[int, PageNode | None] = {}
        for pk in rows:
            value, old = found.get(pk), known.get(pk)
            if value is None or not value["live"]:
                if old is not None:
                    nodes[pk] = None
                continue
            parent = self._at_path.get(value["path"][:-STEPLEN])
            if value["alias_of_id"] != self._origin.sources.get(pk) or pk in self._origin.private:
                return None
            # A parent that is other itself may be public no longer.
            if old is None and (parent is None or parent in rows or value["numchild"]):
                return None
            nodes[pk] = self._origin.node(value, parent if old is None else old.parent_id)
        # What has pages below it takes them along, which this does not.
        for pk, node in nodes.items():
            old = known.get(pk)
            is_same_place = (
                node and old and (node.path, node.urls, node.type) == (old.path, old.urls, old.type)
            )
            if old and not is_same_place and (self._children.get(pk) or (node and node.path != old.path)):
                return None
        return self._with(nodes, known)

    @cached_property
    def _at_path(self) -> dict[str, int]:
        with paused():
            return {node.path: node.id for node in self.nodes.values()}

    def _with(self, nodes: dict[int, PageNode | None], known: dict[int, PageNode]) -> SiteGraph:
        """This graph with other nodes, more of them without any below, and without those that are None."""
        added = {pk for pk in nodes if pk not in known}
        gone = {pk for pk, node in nodes.items() if node is None}
        all_nodes = {**known, **{pk: node for pk, node in nodes.items() if node}}
        if gone:
            all_nodes = {pk: node for pk, node in all_nodes.items() if pk not in gone}
        if added:
            all_nodes = dict(sorted(all_nodes.items(), key=lambda item: item[1].path))

        others = [node for node in nodes.values() if node]
        touched = [*others, *(known[pk] for pk in gone)]
        children, by_type = dict(self._children), dict(self._by_type)
        for parent in {node.parent_id for node in touched}:
            stay = (node for node in children.get(parent, ()) if node.id not in nodes)
            come = (node for node in others if node.parent_id == parent)
            children[parent] = tuple(sorted((*stay, *come), key=_place))
        for name in {node.type for node in touched}:
            stay = (node for node in by_type.get(name, ()) if node.id not in nodes)
            come = (node for node in others if node.type == name)
            by_type[name] = sorted((*stay, *come), key=_place)
        graph = SiteGraph(
            nodes=RecordedNodes(all_nodes),
            top=all_nodes.get(self.top.id) if self.top else None,
            _children={parent: below for parent, below in children.items() if below},
            _origin=self._origin,
            _facts=dict(self._facts),
        )
        graph.__dict__["_by_type"] = {name: found for name, found in by_type.items() if found}
        if self._facts:
            graph._tell_of(touched, gone, is_other=bool(added or gone))
        return graph

    def _tell_of(self, touched: Iterable[PageNode], gone: set[int], *, is_other: bool) -> None:
        """Bring the facts up to date for pages that are other, new or gone."""
        for node in touched:
            if node.id in gone:
                for key in _facts_of(node):
                    self._facts.pop(key, None)
            else:
                self._facts.update(_facts_of(node))
            if is_other:
                self._facts.pop(f"children:{node.parent_id}", None)
                self._facts.pop(f"type:{node.type}", None)
                if node.parent_id in self._children:
                    below = [each.id for each in self._children[node.parent_id]]
                    self._facts[f"children:{node.parent_id}"] = _digest(below)
                if node.type in self._by_type:
                    self._facts[f"type:{node.type}"] = _digest([each.id for each in self._by_type[node.type]])
        if is_other:
            self._facts["pages"] = _digest(list(self.nodes))
            self._facts["root"] = _digest(self.top.id if self.top else None)

    @classmethod
    def current(cls) -> SiteGraph:
        """The fresh graph: this process's own as long as nobody has published, moved or deleted since (one query)."""
        from pages.models import GraphState

        version = GraphState.objects.filter(pk=1).values_list("version", flat=True).first()
        cached = getattr(_process, "graph", None)
        if cached is None or version is None or cached.version != version:
            cached = cls.load(version)
            _process.graph = cached
        return cached

    def hidden_urls(self) -> set[str]:
        """The addresses of pages below the site's root that the public cannot see."""
        from pages.models import BilingualPage

        if self._origin is None:
            return set()
        known, start = self.nodes.flat(), len(self._origin.root_url_path)  # type: ignore[attr-defined]
        pages = BilingualPage.objects.rewrite(False).filter(path__startswith=self._origin.root_path)
        columns = [twin("url_path", language) for language in LANGUAGES]
        return {
            f"/{language}/{url_path[start:]}"
            for pk, *url_paths in pages.order_by().values_list("pk", *columns).iterator(chunk_size=2000)
            if pk not in known
            for language, url_path in zip(LANGUAGES, url_paths, strict=True)
            if url_path
        }

    def __iter__(self) -> Iterator[PageNode]:
        """All pages in tree order."""
        return iter(self.nodes.values())

    @property
    def root(self) -> PageNode | None:
        """The site's first page, if it is public."""
        record("root")
        return self.top

    def __len__(self) -> int:
        return len(self.nodes)

    def node(self, page_id: int) -> PageNode | None:
        """The page, or None when it is not public."""
        return self.nodes.get(page_id)

    def url(self, page_id: int, language: str) -> str | None:
        """The page's URL path in `language`, or None when it is not public."""
        node = self.node(page_id)
        return node.urls[language] if node else None

    def parent(self, node: PageNode) -> PageNode | None:
        return self.node(node.parent_id) if node.parent_id is not None else None

    def children(self, node: PageNode) -> tuple[PageNode, ...]:
        """The public pages right below `node`, in the editors' order."""
        record(f"children:{node.id}")
        return self._children.get(node.id, ())

    def ancestors(self, node: PageNode) -> list[PageNode]:
        """From the site's root page down to the parent of `node`."""
        chain = []
        parent = self.parent(node)
        while parent is not None:
            chain.append(parent)
            parent = self.parent(parent)
        return chain[::-1]

    def of_type(self, name: str) -> list[PageNode]:
        """All pages of a type, e.g. "news.newspage", in tree order."""
        record(f"type:{name}")
        return self._by_type.get(name, [])

    def types(self) -> list[str]:
        """The types of which there are pages."""
        record("pages")
        return list(self._by_type)

    def first(self, name: str) -> PageNode | None:
        """The first page of a type: for types of which a site has one."""
        return next(iter(self.of_type(name)), None)

    def menu(self, language: str, current: PageNode | None = None) -> list[MenuItem]:
        """The main menu: the pages below the root that are shown in menus."""
        current_path = current.path if current else ""
        return [
            MenuItem(node, node.titles[language], node.urls[language], current_path.startswith(node.path))
            for node in (self.children(self.root) if self.root else ())
            if node.show_in_menus
        ]

    def facts(self) -> dict[str, str]:
        """What can be recorded of this graph, each as a short digest: another digest, another answer."""
        if not self._facts:
            with paused():
                facts = self._facts
                facts["pages"] = _digest(list(self.nodes))
                facts["root"] = _digest(self.top.id if self.top else None)
                for node in self.nodes.values():
                    facts |= _facts_of(node)
                for parent, below in self._children.items():
                    facts[f"children:{parent}"] = _digest([node.id for node in below])
                for name, nodes in self._by_type.items():
                    facts[f"type:{name}"] = _digest([node.id for node in nodes])
        return self._facts

    @cached_property
    def _by_type(self) -> dict[str, list[PageNode]]:
        by_type: dict[str, list[PageNode]] = {}
        with paused():
            for node in self.nodes.values():
                by_type.setdefault(node.type, []).append(node)
        return by_type


def _place(node: PageNode) -> str:
    return node.path


def _facts_of(node: PageNode) -> dict[str, str]:
    with paused():
        return {
            f"page:{node.id}": _digest([getattr(node, name) for name in CONTENT]),
            f"place:{node.id}": _digest([getattr(node, name) for name in PLACE]),
            f"published:{node.id}": _digest(node.last_published_at),
        }


def _digest(value: Any) -> str:
    return hashlib.blake2b(repr(value).encode(), digest_size=9).hexdigest()


def _private(restricted: Mapping[int, str], aliases: Mapping[int, tuple[str, str]]) -> frozenset[int]:
    """The pages with a view restriction, given with their paths, and the aliases that are as private as their source:
    it, or a page above it, is one of these. `aliases` has the path of each and that of its source, which may stand
    anywhere, and be an alias itself."""
    private = dict(restricted)
    found = private
    while found:
        paths = set(private.values())
        found = {
            pk: path
            for pk, (path, source) in aliases.items()
            if pk not in private
            and any(source[:end] in paths for end in range(STEPLEN, len(source) + 1, STEPLEN))
        }
        private |= found
    return frozenset(private)


_process = threading.local()
