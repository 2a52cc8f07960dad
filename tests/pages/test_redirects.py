"""An address that changes in a language gets a redirect in that language, for the page and all below it."""

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from generator.redirects import resolve
from generator.registry import BuildContext
from pages.publishing import redirects
from tests.factories.pages import ArticlePageFactory, AsidePageFactory, draft_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree(home):
    missions = AsidePageFactory(parent=home, title_fr="Missions", title_nl="Opdrachten")
    floods = ArticlePageFactory(parent=missions, title_fr="Inondations", title_nl="Overstromingen")
    for page in (missions, floods):
        page.save_revision().publish()
        page.refresh_from_db()
    return missions, floods


def old_paths():
    return set(Redirect.objects.values_list("old_path", flat=True))


def built():
    return {
        redirect.old: redirect.new
        for redirect in redirects(BuildContext(timezone.now(), "https://vigie.example"))
    }


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ({"slug_fr": "risques"}, {"/fr/missions", "/fr/missions/inondations"}),
        ({"slug_nl": "risicos"}, {"/nl/opdrachten", "/nl/opdrachten/overstromingen"}),
        (
            {"slug_fr": "risques", "slug_nl": "risicos"},
            {"/fr/missions", "/fr/missions/inondations", "/nl/opdrachten", "/nl/opdrachten/overstromingen"},
        ),
    ],
)
def test_a_new_slug(tree, both_languages, slug, expected):
    draft_of(tree[0], **slug).publish()
    assert old_paths() == expected


def test_a_move(tree, home, both_languages):
    _missions, floods = tree
    target = AsidePageFactory(parent=home, title_fr="Dangers", title_nl="Gevaren")
    floods.move(target, pos="last-child")
    assert old_paths() == {"/fr/missions/inondations", "/nl/opdrachten/overstromingen"}
    assert built() == {
        "/fr/missions/inondations": "/fr/dangers/inondations/",
        "/nl/opdrachten/overstromingen": "/nl/gevaren/overstromingen/",
    }


def test_reordering_makes_none(tree, home):
    sibling = AsidePageFactory(parent=home)
    tree[0].move(sibling, pos="right")
    assert old_paths() == set()


def test_a_page_that_was_never_published_makes_none(home, both_languages):
    draft = ArticlePageFactory(parent=home, live=False)
    draft.slug_fr, draft.slug_nl = "autre", "ander"
    draft.save()
    draft.move(AsidePageFactory(parent=home), pos="last-child")
    assert old_paths() == set()


def test_a_second_change_leads_both_old_addresses_to_the_last(tree):
    missions, _floods = tree
    draft_of(missions, slug_fr="risques").publish()
    missions.refresh_from_db()
    draft_of(missions, slug_fr="dangers").publish()
    assert built()["/fr/missions"] == "/fr/dangers/"
    assert built()["/fr/risques"] == "/fr/dangers/"


def test_a_page_that_takes_its_old_address_back_wins(tree):
    missions, _floods = tree
    draft_of(missions, slug_fr="risques").publish()
    missions.refresh_from_db()
    draft_of(missions, slug_fr="missions").publish()
    assert "/fr/missions" not in built()
    assert built()["/fr/risques"] == "/fr/missions/"


def test_a_live_page_at_the_old_address_wins(tree, home):
    draft_of(tree[0], slug_fr="risques").publish()
    ArticlePageFactory(parent=home, slug_fr="missions", slug_nl="missions")
    assert "/fr/missions" not in built()
    assert built()["/fr/missions/inondations"] == "/fr/risques/inondations/"


def test_a_redirect_to_a_page_that_is_not_live_is_not_built(tree):
    draft_of(tree[0], slug_fr="risques").publish()
    tree[0].refresh_from_db()
    tree[0].unpublish()
    assert built() == {}


def test_an_editors_redirect(home):
    page = ArticlePageFactory(parent=home, title_fr="Feu", title_nl="Vuur")
    Redirect.add_redirect("/nl/brand", page)
    Redirect.add_redirect("/feu", page)
    Redirect.add_redirect("/fr/112", "https://112.be/")
    assert built() == {"/nl/brand": "/nl/vuur/", "/feu": "/fr/feu/", "/fr/112": "https://112.be/"}


@pytest.fixture
def feed(monkeypatch):
    """A document below each page of a type."""
    paths = {"fr": "fil.atom", "nl": "lijst.atom"}
    monkeypatch.setattr("pages.redirects._below", {"testapp.articlepage": [lambda: paths]})


def test_what_lies_below_a_page_follows_it_and_those_above_it(tree, feed, both_languages):
    draft_of(tree[0], slug_fr="risques", slug_nl="risicos").publish()
    assert built().items() >= {
        ("/fr/missions/inondations/fil.atom", "/fr/risques/inondations/fil.atom"),
        ("/nl/opdrachten/overstromingen/lijst.atom", "/nl/risicos/overstromingen/lijst.atom"),
    }
    assert len(built()) == 6


def test_nothing_follows_to_a_page_that_is_not_live(tree, feed):
    draft_of(tree[1], slug_fr="crues").publish()
    tree[1].refresh_from_db()
    tree[1].unpublish()
    assert built() == {}


def test_what_is_published_at_an_old_address_wins_over_what_follows(tree, feed, home):
    missions, floods = tree
    draft_of(floods, slug_fr="crues").publish()
    ArticlePageFactory(parent=missions, slug_fr="inondations", slug_nl="inondations")
    assert built() == {}


def test_a_page_at_the_old_address_leaves_what_lay_below_it(tree, feed):
    missions, floods = tree
    draft_of(floods, slug_fr="crues").publish()
    AsidePageFactory(parent=missions, slug_fr="inondations", slug_nl="inondations")
    assert built() == {"/fr/missions/inondations/fil.atom": "/fr/missions/crues/fil.atom"}


def test_an_editors_redirect_counts_first_and_nothing_follows_from_it(tree, feed):
    _missions, floods = tree
    draft_of(floods, slug_fr="crues").publish()
    Redirect.add_redirect("/fr/missions/inondations/fil.atom", "https://fil.example/")
    Redirect.add_redirect("/fr/eau", floods)
    found = redirects(BuildContext(timezone.now(), "https://vigie.example"))
    moved, _warnings = resolve(found, (), lambda url: False)
    assert moved["/fr/missions/inondations/fil.atom"] == "https://fil.example/"
    assert "/fr/eau/fil.atom" not in moved
