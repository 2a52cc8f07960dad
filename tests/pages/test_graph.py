"""The site graph: what the public may see, from one pass, fresh after every change."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction, Site

from pages import graph as graph_module
from pages.graph import SiteGraph
from pages.models import BilingualPage
from tests.factories.pages import ArticlePageFactory, AsidePageFactory, draft_of
from tests.testapp.models import ArticlePage, AsidePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(home):
    missions = AsidePageFactory(parent=home, title_fr="Missions", title_nl="Opdrachten", show_in_menus=True)
    floods = ArticlePageFactory(parent=missions, title_fr="Inondations", title_nl="Overstromingen")
    home.refresh_from_db()
    missions.refresh_from_db()
    return home, missions, floods


def ids():
    return list(SiteGraph.current().nodes)


def other_process(monkeypatch):
    """A second process's cache, filled now. Call the result to ask that process which pages it sees."""
    cache = threading.local()
    with monkeypatch.context() as patch:
        patch.setattr(graph_module, "_process", cache)
        SiteGraph.current()

    def pages():
        with monkeypatch.context() as patch:
            patch.setattr(graph_module, "_process", cache)
            return list(SiteGraph.current().nodes)

    return pages


# Reading


def test_a_node_tells_type_place_texts_and_addresses(tree):
    home, missions, floods = tree
    graph = SiteGraph.current()
    node = graph.node(floods.pk)
    assert node.type == "testapp.articlepage"
    assert (node.parent_id, node.depth, node.path) == (missions.pk, floods.depth, floods.path)
    assert node.titles == {"fr": "Inondations", "nl": "Overstromingen"}
    assert node.slugs == {"fr": "inondations", "nl": "overstromingen"}
    assert node.urls == {"fr": "/fr/missions/inondations/", "nl": "/nl/opdrachten/overstromingen/"}
    assert graph.root.urls == {"fr": "/fr/", "nl": "/nl/"}
    assert graph.root.id == home.pk


def test_bare_properties_follow_the_active_language(tree):
    node = SiteGraph.current().node(tree[2].pk)
    with override("nl"):
        assert (node.title, node.url) == ("Overstromingen", "/nl/opdrachten/overstromingen/")
    with override("fr"):
        assert (node.title, node.url) == ("Inondations", "/fr/missions/inondations/")


def test_family(tree):
    home, missions, floods = tree
    graph = SiteGraph.current()
    node = graph.node(floods.pk)
    assert [each.id for each in graph.ancestors(node)] == [home.pk, missions.pk]
    assert graph.parent(node).id == missions.pk
    assert [each.id for each in graph.children(graph.node(missions.pk))] == [floods.pk]
    assert graph.children(node) == ()
    assert graph.parent(graph.root) is None
    assert [each.id for each in graph.of_type("testapp.articlepage")] == [floods.pk]
    assert graph.first("testapp.articlepage").id == floods.pk
    assert graph.first("news.unknown") is None
    assert graph.url(floods.pk, "nl") == "/nl/opdrachten/overstromingen/"
    assert graph.url(0, "fr") is None


def test_the_menu_is_what_stands_below_the_root_and_is_shown_in_menus(tree):
    home, _missions, floods = tree
    AsidePageFactory(parent=home, title_fr="Autre", title_nl="Ander")
    graph = SiteGraph.current()
    assert [(item.label, item.url, item.current) for item in graph.menu("nl", graph.node(floods.pk))] == [
        ("Opdrachten", "/nl/opdrachten/", True)
    ]
    assert [item.current for item in graph.menu("fr", graph.root)] == [False]


def test_the_url_agrees_with_wagtails(tree):
    graph = SiteGraph.current()
    for page in tree:
        for language in ("fr", "nl"):
            with override(language):
                assert graph.url(page.pk, language) == page.url


def test_a_graph_costs_the_same_queries_whatever_it_holds(tree):
    home, *_ = tree

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            SiteGraph.load()
        return len(queries)

    SiteGraph.load()
    before = cost()
    for _number in range(10):
        page = ArticlePageFactory(parent=home)
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        ArticlePageFactory(parent=home).create_alias()
    assert cost() == before <= 5


def test_a_fresh_graph_costs_one_query(tree, django_assert_num_queries):
    first = SiteGraph.current()
    with django_assert_num_queries(1):
        assert SiteGraph.current() is first


def test_without_a_site_there_is_nothing(db):
    Site.objects.all().delete()
    graph = SiteGraph.load()
    assert (len(graph), graph.root, graph.menu("fr")) == (0, None, [])


# What it leaves out


def test_drafts_and_what_stands_below_them(tree):
    home, *_ = tree
    draft = AsidePageFactory(parent=home, live=False)
    ArticlePageFactory(parent=draft)
    assert ids() == [page.pk for page in tree]


def test_a_draft_of_a_live_page_changes_nothing(tree):
    draft_of(tree[2], title_fr="Autre", slug_fr="autre", summary_fr="…")
    assert SiteGraph.load().node(tree[2].pk).titles["fr"] == "Inondations"


def test_expired_pages(tree):
    home, missions, floods = tree
    ArticlePage.objects.filter(pk=floods.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    SiteGraph.current()
    call_command("publish_scheduled")
    assert ids() == [home.pk, missions.pk]


def test_restricted_pages_and_what_stands_below_them(tree):
    home, missions, _floods = tree
    PageViewRestriction.objects.create(page=missions, restriction_type="login")
    assert ids() == [home.pk]


def test_an_alias_of_a_restricted_page(tree):
    home, missions, floods = tree
    alias = floods.create_alias(parent=home)
    again = ArticlePage.objects.get(pk=alias.pk).create_alias(parent=home)
    assert {alias.pk, again.pk} < set(ids())
    PageViewRestriction.objects.create(page=floods, restriction_type="login")
    assert ids() == [home.pk, missions.pk]


def test_an_alias_of_what_stands_below_a_restricted_page(tree):
    home, missions, floods = tree
    alias = floods.create_alias(parent=home)
    section = missions.create_alias(parent=home, recursive=True, update_slug="copie")
    inner = AsidePageFactory(parent=section, title_fr="Dedans", title_nl="Binnen")
    again = inner.create_alias(parent=home)
    assert {alias.pk, section.pk, inner.pk, again.pk} < set(ids())
    PageViewRestriction.objects.create(page=missions, restriction_type="login")
    assert ids() == [home.pk]


def test_pages_outside_the_site(tree):
    ArticlePageFactory()
    assert ids() == [page.pk for page in tree]


# Freshness


def restrict(home, missions, floods):
    PageViewRestriction.objects.create(page=missions, restriction_type="login")


def unpublish_root(home, missions, floods):
    home.unpublish()


CHANGES = {
    "publish": lambda home, missions, floods: ArticlePageFactory(parent=missions),
    "publish a draft": lambda home, missions, floods: draft_of(missions, title_fr="Nouveau").publish(),
    "unpublish": lambda home, missions, floods: floods.unpublish(),
    "unpublish the root": unpublish_root,
    "rename": lambda home, missions, floods: draft_of(missions, slug_nl="risicos").publish(),
    "move": lambda home, missions, floods: floods.move(home, pos="first-child"),
    "reorder": lambda home, missions, floods: AsidePageFactory(parent=home).move(missions, pos="left"),
    "delete": lambda home, missions, floods: missions.delete(),
    "restrict": restrict,
    "restriction lifted": lambda home, missions, floods: PageViewRestriction.objects.all().delete(),
    "site moved": lambda home, missions, floods: Site.objects.get(is_default_site=True).delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_process_sees_a_change_at_once(tree, monkeypatch, change):
    _home, _missions, floods = tree
    if change == "restriction lifted":
        PageViewRestriction.objects.create(page=floods, restriction_type="login")
    ask = other_process(monkeypatch)
    before = SiteGraph.current()
    CHANGES[change](*tree)
    after = SiteGraph.current()
    fresh = SiteGraph.load()
    assert after is not before
    assert after.nodes == fresh.nodes
    assert list(after.nodes) == list(fresh.nodes) == ask()
    assert dict(before.nodes) != dict(fresh.nodes) or list(before.nodes) != list(fresh.nodes)


def test_a_change_that_is_rolled_back_is_forgotten(tree):
    before = ids()
    with transaction.atomic():
        tree[2].unpublish()
        assert ids() != before
        transaction.set_rollback(True)
    assert ids() == before


# Against the naive computation


def is_private(page, asked=frozenset()):
    """Whether the page, one above it, or what one of them is an alias of is restricted: Wagtail does not look at what
    an alias stands for. A source may stand below its alias, so no page is `asked` about twice."""
    asked |= {page.pk}
    above = list(page.get_ancestors(inclusive=True))
    sources = [each.alias_of for each in above if each.alias_of is not None and each.alias_of_id not in asked]
    return any(each.view_restrictions.exists() for each in above) or any(
        is_private(source, asked) for source in sources
    )


def naive():
    """What the public may see, page by page, as Wagtail computes it."""
    root = Site.objects.get(is_default_site=True).root_page
    nodes = []
    for page in root.get_descendants(inclusive=True):
        chain = [*page.get_ancestors().filter(path__startswith=root.path), page]
        if is_private(page) or not all(each.live for each in chain):
            continue
        urls = {}
        for language in ("fr", "nl"):
            with override(language):
                urls[language] = page.url
        nodes.append((page.pk, urls, {"fr": page.title_fr, "nl": page.title_nl}, page.show_in_menus))
    return nodes


def seen():
    return [(node.id, node.urls, node.titles, node.show_in_menus) for node in SiteGraph.current()]


STEPS = st.tuples(
    st.sampled_from(
        [
            "add",
            "add draft",
            "publish",
            "unpublish",
            "rename",
            "move",
            "before",
            "delete",
            "restrict",
            "free",
            "alias",
        ]
    ),
    st.integers(0, 30),
    st.integers(0, 30),
)


def take(step, home, number):
    """One edit, by page number, if it is possible."""
    name, one, two = step
    pages = list(home.get_descendants())
    every = [home, *pages]
    parent = BilingualPage.objects.get(pk=every[two % len(every)].pk)
    if name in {"add", "add draft"}:
        AsidePageFactory(
            parent=parent,
            live=name == "add",
            show_in_menus=bool(one % 2),
            title_fr=f"F{number}",
            title_nl=f"N{number}",
        )
        return
    if not pages:
        return
    page = pages[one % len(pages)].specific
    if name == "publish" and not page.alias_of_id:
        page.save_revision().publish()
    elif name == "unpublish":
        page.unpublish()
    elif name == "rename" and not page.alias_of_id:
        language = ("fr", "nl")[two % 2]
        draft_of(page, **{f"slug_{language}": f"s{number}", f"title_{language}": f"T{number}"}).publish()
    elif name in {"move", "before"} and parent.pk != page.pk and not parent.is_descendant_of(page):
        into = parent if name == "move" else parent.get_parent()
        if parent.pk == home.pk and name == "before":
            return
        if not page.slug_errors(into):
            page.move(parent, pos="left" if name == "before" else "first-child" if one % 2 else "last-child")
    elif name == "delete":
        page.delete()
    elif name == "restrict":
        PageViewRestriction.objects.get_or_create(page=page, restriction_type="login")
    elif name == "free":
        for restriction in page.view_restrictions.all():
            restriction.delete()
    elif name == "alias" and not parent.is_descendant_of(page):
        page.create_alias(parent=parent)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=14))
def test_the_graph_equals_the_naive_computation_after_any_edits(home, steps):
    savepoint = transaction.savepoint()
    try:
        for number in range(3):
            AsidePageFactory(
                parent=BilingualPage.objects.get(pk=home.pk), title_fr=f"A{number}", title_nl=f"B{number}"
            )
        for number, step in enumerate(steps):
            take(step, BilingualPage.objects.get(pk=home.pk), number)
            assert seen() == naive()
    finally:
        transaction.savepoint_rollback(savepoint)


def test_subclasses_are_known_by_their_own_type(tree):
    assert {node.type for node in SiteGraph.current()} == {"testapp.articlepage", "testapp.asidepage"}
    assert AsidePage._meta.label_lower == "testapp.asidepage"
