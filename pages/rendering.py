"""From a page to its HTML. Preview, build and the CMS's own view of a page share this one way.

The context contract (every public template may rely on it): `page`, `node`, `graph`, `language`, `other_language`,
`lang_code`, `variant`, `title`, `description`, `alternates`, `canonical`, `breadcrumbs`, `menu`, `generated_at`,
`base_url`, `preview`, and what apps add with `register_context` (`site`, `footer_links`, `emergency`,
`alert_band`). What is computed is computed when a template first uses it, so that a page depends on what it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import jinja2
from django.conf import settings
from django.http import HttpResponse
from django.template import engines
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, empty

from generator.recording import Memo, record_always, record_until, sharing
from generator.registry import BuildContext
from pages.graph import PageNode, SiteGraph
from pages.languages import LANGUAGES, REGIONAL, other, override, twin

if TYPE_CHECKING:
    from pages.models import BilingualPage

T = TypeVar("T")

FRAGMENTS = 8_000
"""How many parts of pages a run keeps: some 12 MB."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A further document of a page: page 2 of a list, a filter.

    `paths` are the suffixes to the page's URL by language ("theme/jeunesse/page/2/"), with a last slash; `titles` what
    it adds to the page's title (may be empty); `data` is what the page's `get_render_context` needs to know.
    """

    key: str
    paths: Mapping[str, str]
    titles: Mapping[str, str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    in_sitemap: bool = True


@dataclass(slots=True)
class Run:
    """What a build (or one preview) shares between its renderings: graph, time, and whatever was computed once."""

    graph: SiteGraph
    started_at: datetime
    base_url: str
    preview: bool = False
    _memo: Memo = field(default_factory=Memo)
    fragments: Memo = field(default_factory=lambda: Memo(FRAGMENTS))
    """Parts of pages: what `generator.recording.shared` keeps while a page is rendered."""

    @classmethod
    def now(cls, *, preview: bool = False) -> Run:
        return cls(SiteGraph.current(), timezone.now(), settings.VIGIE_BASE_URL, preview)

    @classmethod
    def of(cls, context: BuildContext) -> Run:
        """The run that all publishers of a build share. Its graph is that of the build before, where this process made
        that, with what has changed since."""

        def begin() -> Run:
            known = context.warm.get("pages.graph")
            # Asking it whether it is empty would record its pages, for all that comes after.
            graph = SiteGraph.load() if known is None else known.updated(context.changed)
            context.warm["pages.graph"] = graph
            return cls(graph, context.started_at, context.base_url)

        return context.memo.once("pages.run", begin)

    @property
    def generated_at(self) -> datetime:
        """The time of the run. What shows it, or asks it without saying how long the answer holds, is rendered in
        every build: see `at`, and the slot `made` for "made at"."""
        record_always()
        return self.started_at

    def at(self, until: datetime | None) -> datetime:
        """The time of the run, for an answer that holds until `until` (None: for good)."""
        record_until(until)
        return self.started_at

    def today(self) -> date:
        """The local day of the run; the answer holds until midnight."""
        record_until(next_midnight(self.started_at))
        return timezone.localtime(self.started_at).date()

    def once(self, key: Any, compute: Callable[[], T]) -> T:
        """`compute()`, computed once a run for `key`."""
        return self._memo.once(key, compute)


def next_midnight(moment: datetime) -> datetime:
    """When the local day of `moment` (aware) ends."""
    tomorrow = timezone.localtime(moment).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time()))


@dataclass(slots=True)
class Rendering:
    """One document being rendered: this page, in this language, as this variant."""

    page: BilingualPage | None
    language: str
    run: Run
    variant: Variant | None = None
    graph: SiteGraph = field(init=False)
    _number: int | None = field(init=False)
    _ancestors: list[PageNode] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.graph = self.run.graph
        self._number = self.page.pk if self.page is not None else None

    @property
    def node(self) -> PageNode | None:
        return self.graph.node(self._number) if self._number else None

    @property
    def ancestors(self) -> list[PageNode]:
        """From the site's root page down to the page above this one."""
        if self._ancestors is None:
            node = self.node
            self._ancestors = self.graph.ancestors(node) if node else []
        return self._ancestors

    def once(self, key: Any, compute: Callable[[], T]) -> T:
        return self.run.once((self.language, key), compute)

    def urls(self) -> dict[str, str]:
        """The URL path of this document in each language; empty for a draft that has none yet."""
        node = self.node
        if node is None:
            return {}
        urls = node.urls
        if self.variant is None:
            return dict(urls)
        suffixes = self.variant.paths
        return {language: urls[language] + suffixes.get(language, "") for language in LANGUAGES}


class Later(SimpleLazyObject):
    """Django's, begun at once: each document has several, of which it asks few."""

    def __init__(self, compute: Callable[[], Any]) -> None:
        object.__setattr__(self, "_setupfunc", compute)
        object.__setattr__(self, "_wrapped", empty)


ContextProvider = Callable[[Rendering], Any]
_providers: dict[str, ContextProvider] = {}


def register_context(name: str, provider: ContextProvider) -> None:
    """Add the variable `name` to every public template. Raises ValueError when the name is taken."""
    if name in _providers:
        message = f"The template variable {name!r} is provided already. Choose another name."
        raise ValueError(message)
    _providers[name] = provider


def base_context(rendering: Rendering) -> dict[str, Any]:
    """The context contract without what belongs to one page type."""
    language, run, node = rendering.language, rendering.run, rendering.node
    urls = rendering.urls()
    context: dict[str, Any] = {
        "page": rendering.page,
        "node": node,
        "graph": run.graph,
        "rendering": rendering,
        "language": language,
        "other_language": other(language),
        "lang_code": REGIONAL[language],
        "variant": rendering.variant,
        "alternates": [
            {
                "language": code,
                "hreflang": REGIONAL[code],
                "url": urls[code],
                "absolute": run.base_url + urls[code],
            }
            for code in LANGUAGES
            if code in urls
        ],
        "canonical": run.base_url + urls[language] if urls else None,
        "breadcrumbs": rendering.ancestors,
        "menu": Later(lambda: run.graph.menu(language, node)),
        "generated_at": Later(lambda: run.generated_at),
        "base_url": run.base_url,
        "preview": run.preview,
    }
    for name, provider in _providers.items():
        context[name] = Later(partial(provider, rendering))
    return context


OWN_TEXTS = ("title", "seo_title", "search_description", "summary")


def page_context(rendering: Rendering) -> dict[str, Any]:
    """The whole context of a page's template."""
    page = rendering.page
    assert page is not None
    context = base_context(rendering)
    suffix = rendering.variant.titles.get(rendering.language, "") if rendering.variant else ""
    own = {name: getattr(page, twin(name, rendering.language)) for name in OWN_TEXTS}
    title = own["seo_title"] or own["title"] or str(page)
    context["title"] = f"{title} – {suffix}" if suffix else title
    context["description"] = own["search_description"] or own["summary"] or ""
    context.update(page.get_render_context(rendering))
    return context


def render_page(rendering: Rendering) -> str:
    """The HTML of a page in one language, rendered with that language active."""
    assert rendering.page is not None
    with override(rendering.language), sharing(rendering.run.fragments):
        return _template(rendering.page.template).render(page_context(rendering))


def render_template(name: str, context: dict[str, Any]) -> str:
    """The template's text. What a `rendering` shares with others of its run is made once."""
    rendering: Rendering | None = context.get("rendering")
    if rendering is None:
        return _template(name).render(context)
    with sharing(rendering.run.fragments):
        return _template(name).render(context)


def _template(name: str) -> jinja2.Template:
    found: jinja2.Template = engines["public"].env.get_template(name)  # type: ignore[attr-defined]
    return found


def render_response(page: BilingualPage, language: str, *, preview: bool = False) -> HttpResponse:
    """The page as the CMS shows it: the same HTML as the build makes, from the page as given (a draft, say)."""
    run = Run.now(preview=preview)
    html = render_page(Rendering(page, language, run))
    return HttpResponse(
        html, headers={"Content-Language": REGIONAL[language], "Cache-Control": "private, no-store"}
    )
