"""Slugs, URL paths and routing, in each language."""

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils.translation import override
from wagtail.models import Site

from pages.models import BilingualPage
from tests.factories.pages import ArticlePageFactory, AsidePageFactory, draft_of

pytestmark = pytest.mark.django_db


def paths(page):
    page = BilingualPage.objects.get(pk=page.pk)
    return page.url_path_fr, page.url_path_nl


def stored(page):
    """What the untranslated columns hold."""
    rows = BilingualPage.objects.rewrite(False).filter(pk=page.pk)
    return rows.raw_values("title", "slug", "url_path", "title_fr", "slug_fr", "url_path_fr").get()


@pytest.fixture
def tree(home):
    missions = AsidePageFactory(parent=home, title_fr="Nos missions", title_nl="Onze opdrachten")
    floods = ArticlePageFactory(parent=missions, title_fr="Inondations", title_nl="Overstromingen")
    detail = ArticlePageFactory(parent=floods, title_fr="Détail", title_nl="Bijzonderheid")
    return missions, floods, detail


def test_slugs_come_from_each_title(tree):
    _missions, floods, detail = tree
    assert (floods.slug_fr, floods.slug_nl) == ("inondations", "overstromingen")
    assert (detail.slug_fr, detail.slug_nl) == ("detail", "bijzonderheid")


def test_a_generated_slug_avoids_its_siblings_in_its_own_language_only(home):
    AsidePageFactory(parent=home, title_fr="Plan", title_nl="Plan")
    second = AsidePageFactory(parent=home, title_fr="Plan", title_nl="Ander plan")
    assert (second.slug_fr, second.slug_nl) == ("plan-2", "ander-plan")


def test_url_paths_follow_each_languages_slugs(tree):
    *_, detail = tree
    assert paths(detail) == (
        "/accueil/nos-missions/inondations/detail/",
        "/accueil/onze-opdrachten/overstromingen/bijzonderheid/",
    )


@pytest.mark.parametrize(("language", "slug"), [("fr", "risques"), ("nl", "risicos")])
def test_renaming_in_one_language_moves_all_below_in_that_language(tree, both_languages, language, slug):
    missions, _floods, detail = tree
    before = dict(zip(("fr", "nl"), paths(detail), strict=True))
    setattr(missions, f"slug_{language}", slug)
    missions.save()
    after = dict(zip(("fr", "nl"), paths(detail), strict=True))
    old = {"fr": "nos-missions", "nl": "onze-opdrachten"}[language]
    assert after[language] == before[language].replace(f"/{old}/", f"/{slug}/")
    assert all(after[code] == before[code] for code in ("fr", "nl") if code != language)


def test_publishing_a_renamed_draft_moves_all_below(tree, both_languages):
    missions, _floods, detail = tree
    draft_of(missions, slug_nl="risicos").publish()
    assert paths(detail) == (
        "/accueil/nos-missions/inondations/detail/",
        "/accueil/risicos/overstromingen/bijzonderheid/",
    )


def test_a_renamed_draft_moves_nothing(tree):
    missions, _floods, detail = tree
    before = paths(detail)
    draft_of(missions, slug_fr="risques", slug_nl="risicos")
    assert (paths(missions), paths(detail)) == (
        ("/accueil/nos-missions/", "/accueil/onze-opdrachten/"),
        before,
    )


def test_moving_follows_in_both_languages(tree, home, both_languages):
    _missions, floods, detail = tree
    other = AsidePageFactory(parent=home, title_fr="Actualités", title_nl="Nieuws")
    floods.move(other, pos="last-child")
    assert paths(floods) == ("/accueil/actualites/inondations/", "/accueil/nieuws/overstromingen/")
    assert paths(detail) == (
        "/accueil/actualites/inondations/detail/",
        "/accueil/nieuws/overstromingen/bijzonderheid/",
    )


def test_the_untranslated_path_follows_the_default_language_everywhere(tree, both_languages):
    missions, floods, detail = tree
    missions.slug_fr, missions.slug_nl = "risques", "risicos"
    missions.save()
    for page in (missions, floods, detail):
        row = stored(page)
        assert (row["title"], row["slug"], row["url_path"]) == (
            row["title_fr"],
            row["slug_fr"],
            row["url_path_fr"],
        )


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("live", [True, False])
def test_two_siblings_cannot_have_one_slug(home, both_languages, language, live):
    first = AsidePageFactory(parent=home)
    with pytest.raises(ValidationError) as refused:
        AsidePageFactory(parent=home, live=live, **{f"slug_{language}": getattr(first, f"slug_{language}")})
    assert list(refused.value.message_dict) == [f"slug_{language}"]


def test_one_slug_may_serve_in_both_languages_and_under_other_parents(home):
    first = AsidePageFactory(parent=home, slug_fr="plan", slug_nl="document")
    AsidePageFactory(parent=home, slug_fr="document", slug_nl="plan")
    AsidePageFactory(parent=first, slug_fr="plan", slug_nl="document")


def test_a_draft_without_a_slug_in_one_language_borrows_the_others_path(home):
    draft = AsidePageFactory(parent=home, title_fr="", title_nl="Brand", live=False)
    assert (draft.slug_fr, draft.slug_nl) == (None, "brand")
    assert paths(draft) == ("/accueil/brand/", "/accueil/brand/")


@pytest.mark.parametrize(
    ("language", "path", "found"),
    [
        ("fr", "nos-missions/inondations/detail/", True),
        ("nl", "onze-opdrachten/overstromingen/bijzonderheid/", True),
        ("fr", "onze-opdrachten/overstromingen/", False),
        ("nl", "nos-missions/", False),
        ("nl", "onze-opdrachten/inondations/", False),
    ],
)
def test_routing_follows_the_language(tree, language, path, found):
    with override(language):
        page = BilingualPage.find_for_request(
            RequestFactory().get(f"/{language}/{path}", headers={"host": "testserver"}), path
        )
    assert (page is not None) is found


def test_urls_by_language(tree):
    *_, detail = tree
    with override("fr"):
        assert detail.url == "/fr/nos-missions/inondations/detail/"
    with override("nl"):
        assert detail.url == "/nl/onze-opdrachten/overstromingen/bijzonderheid/"


def test_the_sitemap_names_both_addresses(tree):
    missions, *_ = tree
    assert [entry["location"] for entry in missions.get_sitemap_urls()] == [
        "http://testserver/fr/nos-missions/",
        "http://testserver/nl/onze-opdrachten/",
    ]


def test_the_sites_root_has_one_slug(home, both_languages):
    home.slug_nl = "thuis"
    with pytest.raises(ValidationError, match=r"same slug|même|zelfde"):
        home.save()


def test_a_page_with_two_slugs_cannot_become_a_sites_root(tree):
    missions, *_ = tree
    with pytest.raises(ValidationError):
        Site.objects.create(hostname="other", root_page=missions)


def test_saving_one_slug_field_moves_the_page(tree, both_languages):
    missions, floods, _detail = tree
    missions.slug_nl = "risicos"
    missions.save(update_fields=["slug_nl"])
    assert paths(missions) == ("/accueil/nos-missions/", "/accueil/risicos/")
    assert paths(floods) == ("/accueil/nos-missions/inondations/", "/accueil/risicos/overstromingen/")
