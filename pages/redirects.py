"""Redirects from an old address to the new one, for each language: Wagtail's own follow the active language only; and
for what lies below a page, which Wagtail does not know."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from wagtail.contrib.redirects import signal_handlers
from wagtail.models import Site

from generator.documents import Redirect
from pages.languages import LANGUAGES, override, twin

if TYPE_CHECKING:
    from wagtail.contrib.redirects.models import Redirect as PageRedirect

    from pages.graph import SiteGraph
    from pages.models import BilingualPage

Below = Callable[[], Mapping[str, str]]
_below: dict[str, list[Below]] = {}


def redirect_below(kind: str, paths: Below) -> None:
    """What lies below each page of the type `kind`, e.g. "news.newsindexpage", and is asked for by its address: where
    the page has moved, its old address redirects too. `paths` returns the suffix to the page's URL by language
    ("feed.atom"), or nothing as long as there is no such document."""
    _below.setdefault(kind, []).append(paths)


def page_redirects(graph: SiteGraph, stored: Iterable[PageRedirect]) -> Iterator[Redirect]:
    """Those that are stored, then those that follow from them: what lies below a page moves with it. A page that lives
    at an old address wins, and what lies below one."""
    below = {kind: [found for paths in listed if (found := paths())] for kind, listed in _below.items()}
    taken = {url.rstrip("/") for node in graph for url in node.urls.values()}
    for kind, listed in below.items():
        for index in graph.of_type(kind):
            taken.update(
                (index.urls[code] + path).rstrip("/") for paths in listed for code, path in paths.items()
            )
    following: list[Redirect] = []
    for redirect in stored:
        if not redirect.redirect_page_id:
            if redirect.redirect_link and redirect.old_path not in taken:
                yield Redirect(redirect.old_path, redirect.redirect_link)
            continue
        language = redirect.old_path.lstrip("/").split("/", 1)[0]
        code = language if language in LANGUAGES else LANGUAGES[0]
        node = graph.node(redirect.redirect_page_id)
        if node is None:
            continue
        if redirect.old_path not in taken:
            yield Redirect(redirect.old_path, node.urls[code] + redirect.redirect_page_route_path.lstrip("/"))
        # Nothing ever lay below an address that an editor made up.
        for paths in below.get(node.type, ()) if redirect.automatically_created else ():
            old = f"{redirect.old_path}/{paths[code]}"
            if old.rstrip("/") not in taken:
                following.append(Redirect(old, node.urls[code] + paths[code]))
    yield from following


def create_redirects(page: BilingualPage, old_paths: dict[str, str]) -> None:
    """Redirect each address of `page` and of its live descendants that `old_paths` changes.

    `old_paths` maps `url_path_fr` and/or `url_path_nl` to the path before the change, e.g. "/home/missions/".
    """
    specific = page.specific
    for language in LANGUAGES:
        if twin("url_path", language) not in old_paths:
            continue
        before = copy.copy(specific)
        setattr(before, twin("url_path", language), old_paths[twin("url_path", language)])
        with override(language):
            sites = Site.objects.filter(
                id__in=[root.site_id for root in before._get_relevant_site_root_paths(cache_object=specific)]
            ).exclude(root_page=specific.pk)
            signal_handlers.create_redirects(page=specific, page_old=before, sites=sites)
