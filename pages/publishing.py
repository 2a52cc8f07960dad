"""The documents that pages make: each live public page in both languages, with its variants; its redirects."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from django.apps import apps
from django.core.management import call_command
from wagtail.contrib.redirects.models import Redirect as PageRedirect

from generator import registry
from generator.documents import Document, Redirect
from pages.graph import PageNode, SiteGraph
from pages.languages import LANGUAGES, REGIONAL
from pages.models import BilingualPage
from pages.rendering import Rendering, Run, Variant, render_page

CHUNK = 200


@registry.documents("pages")
def documents(context: registry.BuildContext) -> Iterator[Document]:
    """Every live public page, in tree order by type, in bulk."""
    graph = SiteGraph.load()
    run = Run(graph, context.generated_at, context.base_url)
    for page in published_pages(graph):
        node = graph.nodes[page.pk]
        for variant in (None, *page.get_variants(graph)):
            yield from page_documents(page, node, run, variant)


def published_pages(graph: SiteGraph) -> Iterator[BilingualPage]:
    """The specific pages of the graph, a query a type and chunk."""
    ids: dict[str, list[int]] = {}
    for node in graph:
        ids.setdefault(node.type, []).append(node.id)
    for name, wanted in ids.items():
        model = apps.get_model(name)
        if not model.makes_documents:
            continue
        iterator = iter(wanted)
        while chunk := list(islice(iterator, CHUNK)):
            found = model.objects.in_bulk(chunk)
            yield from (found[pk] for pk in chunk if pk in found)


def page_documents(
    page: BilingualPage, node: PageNode, run: Run, variant: Variant | None
) -> Iterable[Document]:
    for language in LANGUAGES:
        rendering = Rendering(page, language, run, variant)
        urls = rendering.urls()
        yield Document(
            url=urls[language],
            render=partial(render_page, rendering),
            language=language,
            lastmod=node.last_published_at,
            alternates={**{REGIONAL[code]: url for code, url in urls.items()}, "x-default": "/"},
            in_sitemap=variant is None or variant.in_sitemap,
            label=f"{node.titles[language]} ({language})",
            headers={"Content-Language": REGIONAL[language]},
        )


@registry.redirects("pages")
def redirects(context: registry.BuildContext) -> Iterator[Redirect]:
    """Where moved pages are now, in the language of their old address; and the redirects that editors made. A page that
    lives at an old address wins."""
    graph = SiteGraph.load()
    taken = {url.rstrip("/") for node in graph for url in node.urls.values()}
    for redirect in PageRedirect.objects.all().iterator():
        if redirect.old_path in taken:
            continue
        if redirect.redirect_page_id:
            language = redirect.old_path.lstrip("/").split("/", 1)[0]
            for code in [language] if language in LANGUAGES else LANGUAGES[:1]:
                if target := graph.url(redirect.redirect_page_id, code):
                    yield Redirect(redirect.old_path, target + redirect.redirect_page_route_path.lstrip("/"))
        elif redirect.redirect_link:
            yield Redirect(redirect.old_path, redirect.redirect_link)


@registry.periodic("schedule", seconds=5)
def publish_due() -> None:
    """Go-live and expiry that are due."""
    call_command("publish_scheduled")
