"""Copies, aliases and moves keep or choose slugs in both languages."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.translation import override

from pages.models import BilingualPage
from tests.factories.pages import ArticlePageFactory, AsidePageFactory, draft_of
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(home):
    """A page with a page below it."""
    parent = AsidePageFactory(parent=home, title_fr="Plans", title_nl="Plannen")
    ArticlePageFactory(parent=parent, title_fr="Zone", title_nl="Gebied")
    return parent


def told(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def slugs(page):
    page = BilingualPage.objects.get(pk=page.pk)
    return page.slug_fr, page.slug_nl


def paths(page):
    page = BilingualPage.objects.get(pk=page.pk)
    return page.url_path_fr, page.url_path_nl


@pytest.mark.parametrize("keep_live", [True, False])
def test_a_copy_beside_its_source_gets_free_slugs(branch, both_languages, keep_live):
    copied = branch.copy(recursive=True, keep_live=keep_live)
    assert slugs(copied) == ("plans-2", "plannen-2")
    assert paths(copied) == ("/accueil/plans-2/", "/accueil/plannen-2/")
    assert paths(copied.get_children().get()) == ("/accueil/plans-2/zone/", "/accueil/plannen-2/gebied/")
    draft = copied.specific.get_latest_revision_as_object()
    assert (draft.slug_fr, draft.slug_nl) == ("plans-2", "plannen-2")


def test_a_copy_given_one_languages_slug_gets_a_free_one_in_the_other(branch):
    with override("nl"):
        copied = branch.copy(update_attrs={"slug": "nieuwe-plannen", "title": "Nieuwe plannen"})
    assert slugs(copied) == ("plans-2", "nieuwe-plannen")
    assert (copied.title_fr, copied.title_nl) == ("Plans", "Nieuwe plannen")


def test_a_copy_elsewhere_keeps_its_slugs(branch, both_languages):
    copied = branch.get_children().get().specific.copy(to=branch.get_parent())
    assert slugs(copied) == ("zone", "gebied")


def test_a_copy_of_a_half_translated_draft(home, both_languages):
    draft = ArticlePageFactory(parent=home, live=False, title_fr="", title_nl="Brand")
    copied = draft.copy()
    assert slugs(copied) == (None, "brand-2")


def copy_form(page, **choices):
    return {
        "new_title_fr": "Copie",
        "new_title_nl": "Kopie",
        "new_slug_fr": "copie",
        "new_slug_nl": "kopie",
        "new_parent_page": page.get_parent().pk,
        **choices,
    }


@pytest.mark.parametrize("client_name", ["admin", "admin_nl"])
def test_the_copy_form_asks_for_both_languages(request, branch, client_name):
    client = request.getfixturevalue(client_name)
    response = client.get(reverse("wagtailadmin_pages:copy", args=[branch.pk]))
    assert list(response.context["form"].fields)[:4] == [
        "new_title_fr",
        "new_slug_fr",
        "new_title_nl",
        "new_slug_nl",
    ]
    assert response.context["form"]["new_slug_nl"].value() == "plannen"


@pytest.mark.parametrize("client_name", ["admin", "admin_nl"])
@pytest.mark.parametrize("choices", [{}, {"publish_copies": "on"}, {"alias": "on"}])
def test_the_copy_form_copies_both_languages(request, branch, client_name, choices):
    client = request.getfixturevalue(client_name)
    data = copy_form(branch, copy_subpages="on", **choices)
    response = client.post(reverse("wagtailadmin_pages:copy", args=[branch.pk]), data)
    assert response.url == reverse("wagtailadmin_explore", args=[branch.get_parent().pk])
    copied = BilingualPage.objects.exclude(pk=branch.pk).get(slug_fr="copie")
    assert paths(copied) == ("/accueil/copie/", "/accueil/kopie/")
    assert paths(copied.get_children().get()) == ("/accueil/copie/zone/", "/accueil/kopie/gebied/")
    assert copied.live is bool(choices)
    if "alias" not in choices:
        assert (copied.title_fr, copied.title_nl) == ("Copie", "Kopie")


@pytest.mark.parametrize("taken", ["new_slug_fr", "new_slug_nl"])
@pytest.mark.parametrize("client_name", ["admin", "admin_nl"])
def test_the_copy_form_refuses_a_taken_slug_at_its_field(request, branch, client_name, taken):
    client = request.getfixturevalue(client_name)
    data = copy_form(branch, **{taken: getattr(branch, taken.removeprefix("new_"))})
    response = client.post(reverse("wagtailadmin_pages:copy", args=[branch.pk]), data)
    assert list(response.context["form"].errors) == [taken]


def test_an_alias_keeps_its_own_slugs_when_its_source_is_published(branch, both_languages):
    source = branch.get_children().get().specific
    alias = source.create_alias(parent=branch, update_slug="autre")
    expected = {"fr": ("autre", "gebied-2"), "nl": ("zone-2", "autre")}[both_languages]
    assert slugs(alias) == expected
    with override("fr" if both_languages == "nl" else "nl"):
        draft_of(
            source, title_fr="Zone de secours", title_nl="Hulpverleningszone", intro_nl="Nieuw"
        ).publish()
    alias = ArticlePage.objects.get(pk=alias.pk)
    assert slugs(alias) == expected
    assert paths(alias) == (f"/accueil/plans/{expected[0]}/", f"/accueil/plannen/{expected[1]}/")
    assert (alias.title_fr, alias.title_nl, alias.intro_nl) == (
        "Zone de secours",
        "Hulpverleningszone",
        "Nieuw",
    )
    assert (alias.draft_title_fr, alias.draft_title_nl) == ("Zone de secours", "Hulpverleningszone")


def test_an_alias_becomes_a_page_of_its_own(branch, both_languages):
    alias = branch.get_children().get().specific.create_alias()
    from wagtail.actions.convert_alias import ConvertAliasPageAction

    ConvertAliasPageAction(alias).execute()
    page = ArticlePage.objects.get(pk=alias.pk)
    draft_of(page, title_nl="Zone 2").publish()
    assert ArticlePage.objects.get(pk=alias.pk).title_nl == "Zone 2"


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("live", [True, False])
def test_a_move_to_where_a_slug_is_taken_is_refused_with_a_message(admin, home, branch, language, live):
    slug = {f"slug_{language}": getattr(branch.get_children().get(), f"slug_{language}")}
    page = ArticlePageFactory(parent=home, live=live, **slug)
    url = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, branch.pk])
    response = admin.post(url)
    assert response.status_code == 302
    assert slug[f"slug_{language}"] in told(response)
    page.refresh_from_db()
    assert page.get_parent().pk == home.pk


@pytest.mark.parametrize("live", [True, False])
def test_a_bulk_move_to_where_the_other_languages_slug_is_taken_is_refused(admin, home, branch, live):
    page = ArticlePageFactory(parent=home, live=live, slug_nl="gebied")
    url = reverse("wagtail_bulk_action", args=["pages", "bilingualpage", "move"])
    response = admin.post(f"{url}?id={page.pk}&next=/cms/", {"chooser": branch.pk})
    assert response.status_code == 302
    assert "gebied" in told(response)
    page.refresh_from_db()
    assert page.get_parent().pk == home.pk


def test_a_move_works_in_the_admin(admin_nl, home, branch):
    page = ArticlePageFactory(parent=home, title_fr="Feu", title_nl="Vuur")
    admin_nl.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, branch.pk]))
    assert paths(page) == ("/accueil/plans/feu/", "/accueil/plannen/vuur/")
