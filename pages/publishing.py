"""The documents that pages make: each live public page in both languages, with its variants; its redirects."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice

from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.template import engines
from wagtail.contrib.redirects.models import Redirect as PageRedirect
from wagtail.models import PageViewRestriction, Site

from generator import registry
from generator.documents import Document, Redirect
from generator.recording import replay
from pages.bulk import Renditions, read, record_shown
from pages.graph import PageNode, SiteGraph
from pages.languages import LANGUAGES, REGIONAL, twins
from pages.listing import Listed, ListingPage, told
from pages.models import BilingualPage
from pages.redirects import page_redirects
from pages.rendering import Rendering, Run, Variant, render_page

CHUNK = 200
VARIANT = "|"
"""Separates the number of a list from the key of a further page of it, in the name of a part."""
GRAPH_TABLES = (
    BilingualPage._meta.db_table,
    Site._meta.db_table,
    PageViewRestriction._meta.db_table,
)


def page_names(context: registry.BuildContext) -> list[str]:
    """The parts of every live public page, in tree order by type."""
    run = Run.of(context)
    ids: dict[str, list[int]] = {}
    for node in run.graph:
        ids.setdefault(node.type, []).append(node.id)
    models = ((apps.get_model(kind), numbers) for kind, numbers in ids.items())
    return [
        name
        for model, numbers in models
        if model.makes_documents
        for pk in numbers
        for name in part_names(model, pk, run)
    ]


def part_names(model: type[BilingualPage], pk: int, run: Run) -> Iterator[str]:
    """The parts of one page: most have one. Each page of a list is one of its own, so that an entry of one page leaves
    the others as they are: "12", "12|2", "12|theme:3:1"."""
    yield str(pk)
    if issubclass(model, ListingPage):
        listed = Listed.of(run, model, pk)
        # Which pages a list has follows from all that it lists.
        replay(listed.made)
        for key in listed.variants:
            yield f"{pk}{VARIANT}{key}"


def urgent_names(context: registry.BuildContext) -> list[str]:
    """The pages that lives depend on: alerts, home, the emergency numbers."""
    return [
        str(node.id)
        for kind in Run.of(context).graph.types()
        if apps.get_model(kind).is_urgent and apps.get_model(kind).makes_documents
        for node in apps.get_model(kind).urgent_pages(Run.of(context))
    ]


@registry.parts("pages", names=page_names, urgent=urgent_names)
def documents(context: registry.BuildContext, names: list[str]) -> Iterator[tuple[str, Iterable[Document]]]:
    """The documents of the parts `names`, of pages which are read in bulk."""
    run = Run.of(context)
    wanted: dict[int, list[str]] = {}
    for name in names:
        pk, _separator, key = name.partition(VARIANT)
        wanted.setdefault(int(pk), []).append(key)
    for page in published_pages(run.graph, wanted, run.once("pages.renditions", dict)):
        for key in wanted[page.pk]:
            yield f"{page.pk}{VARIANT}{key}" if key else str(page.pk), documents_of(page, run, key)


def published_pages(graph: SiteGraph, wanted: Iterable[int], known: Renditions) -> Iterator[BilingualPage]:
    """The specific pages of the graph among those wanted, a query a type and chunk."""
    ids: dict[str, list[int]] = {}
    for pk in wanted:
        if node := graph.node(pk):
            ids.setdefault(node.type, []).append(pk)
    for name, numbers in ids.items():
        model = apps.get_model(name)
        iterator = iter(numbers)
        while chunk := list(islice(iterator, CHUNK)):
            yield from read(model, chunk, known)


def documents_of(page: BilingualPage, run: Run, key: str = "") -> Iterator[Document]:
    """The documents of one part of a page: of a list, its own or those of the variant `key`; all of any other."""
    record_shown(page)
    node = run.graph.nodes[page.pk]
    variants: Iterable[Variant | None]
    if not isinstance(page, ListingPage):
        variants = (None, *page.get_variants(run))
    elif key:
        listed = Listed.of(run, type(page), page.pk)
        listed.shown_by(key)
        variants = [listed.variants[key]]
    else:
        variants = [None]
    for variant in variants:
        yield from page_documents(page, node, run, variant)


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
            in_sitemap=page.in_sitemap and (variant is None or variant.in_sitemap),
            label=f"{node.titles[language]} ({language})",
            headers={"Content-Language": REGIONAL[language], **page.document_headers},
            fallback=page.fallback(rendering),
        )


@registry.redirects("pages")
def redirects(context: registry.BuildContext) -> Iterator[Redirect]:
    """Where moved pages are now, in the language of their old address, and what lies below them; and the redirects that
    editors made."""
    yield from page_redirects(Run.of(context).graph, PageRedirect.objects.all().iterator())


@registry.facts("pages", tables=GRAPH_TABLES)
def facts(context: registry.BuildContext) -> dict[str, str]:
    """What pages show of other pages."""
    return Run.of(context).graph.facts()


@registry.warm_up("pages")
def warm_up(context: registry.BuildContext) -> None:
    """Read the site graph and the templates."""
    environment = engines["public"].env  # type: ignore[attr-defined]
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)
    Run.of(context)


def publish_list(model: type[ListingPage], *tables: type[models.Model]) -> None:
    """A list of the type `model`, made from rows of `tables` and the site graph, depends on what it shows of them."""
    name = model._meta.label_lower  # type: ignore[attr-defined]

    @registry.facts(
        f"list:{name}",
        tables=[*(table._meta.db_table for table in tables), *GRAPH_TABLES],
        is_recorded=True,
        can_wait=True,
    )
    def facts(context: registry.BuildContext) -> dict[str, str]:
        run = Run.of(context)
        found: dict[str, str] = {}
        for node in run.graph.of_type(name):
            listed = Listed.of(run, model, node.id)
            replay(listed.made)
            found |= listed.facts()
        return found

    told.add(model)


# What no public page shows, or what follows from something else that it does.
UNSHOWN_OF_WAGTAIL = """
comment commentreply grouppagepermission groupcollectionpermission groupapprovaltask groupsitepermission modellogentry
pagelogentry pagesubscription referenceindex revision task taskstate uploadedfile workflow workflowcontenttype
workflowpage workflowstate workflowtask
"""
registry.unwatched("wagtailsearch", "modelsearch", "wagtailadmin", "wagtailusers", "pages.graphstate")
registry.unwatched(*(f"wagtailcore.{name}" for name in UNSHOWN_OF_WAGTAIL.split()))
registry.derived("pages.rendition")
registry.columns(
    BilingualPage._meta.db_table,
    unshown=(
        "numchild",
        "latest_revision_id",
        "latest_revision_created_at",
        "has_unpublished_changes",
        *("draft_title", *twins("draft_title")),
        *("locked", "locked_at", "locked_by_id", "go_live_at", "expire_at", "owner_id"),
    ),
    apart=("path", "depth", "url_path", *twins("url_path")),
)


@registry.periodic("schedule", seconds=1, before_builds=True, apart="clock")
def publish_due() -> None:
    """Go-live and expiry that are due."""
    call_command("publish_scheduled")
