"""What is stored, revised and copied does not depend on the active language."""

import json

import pytest
from django.utils.translation import override

from pages.models import BilingualPage
from tests.factories.pages import ArticlePageFactory, AsidePageFactory, body, draft_of
from tests.testapp.models import ArticleLink, ArticlePage, Topic

pytestmark = pytest.mark.django_db

VOLATILE = {
    "id",
    "pk",
    "page",
    "path",
    "translation_key",
    "content_type",
    "bilingualpage_ptr",
    "latest_revision",
    "live_revision",
    "latest_revision_created_at",
    "first_published_at",
    "last_published_at",
}


def without_identifiers(value):
    if isinstance(value, dict):
        return {
            name: without_identifiers(each)
            for name, each in value.items()
            if name.removesuffix("_id") not in VOLATILE
        }
    return [without_identifiers(each) for each in value] if isinstance(value, list) else value


def bytes_of(page):
    """The stored rows and revisions of a page, without identifiers and times."""
    rows = [
        *BilingualPage.objects.rewrite(False).filter(pk=page.pk).raw_values(),
        *ArticlePage.objects.rewrite(False).filter(pk=page.pk).raw_values(),
        *ArticleLink.objects.rewrite(False).filter(page=page.pk).raw_values(),
        *(revision.content for revision in page.revisions.order_by("created_at")),
    ]
    return json.dumps(without_identifiers(rows), default=str, sort_keys=True)


def write(home, number):
    """One life of a page; each call needs its own parent, to have the same slugs."""
    parent = AsidePageFactory(
        parent=home, slug_fr=f"p{number}", slug_nl=f"p{number}", title_fr="P", title_nl="P"
    )
    page = ArticlePageFactory(
        parent=parent,
        title_fr="Feu",
        title_nl="Vuur",
        body=[
            {**block, "id": "1"}
            for block in body(
                ("quote", {"text_fr": "Un", "text_nl": "Een", "attribution_fr": "", "attribution_nl": ""})
            )
        ],
    )
    page.links.add(ArticleLink(label_fr="Lien", label_nl="Link", url="https://112.be/"))
    page.save()
    draft_of(page, title_nl="Brand", slug_nl="brand").publish()
    page = ArticlePage.objects.get(pk=page.pk)
    page.summary_nl = page.summary_fr = "…"
    page.save()
    draft_of(page, title_nl="", note_fr="Un")
    copied = ArticlePage.objects.get(pk=page.pk).copy(keep_live=False)
    page.move(parent, pos="first-child")
    return page, copied


def test_the_same_bytes_are_stored_in_either_language(home):
    stored = []
    for number, language in enumerate(("fr", "nl")):
        with override(language):
            written = write(home, number)
        stored.append([bytes_of(each).replace(f"/p{number}/", "/p/") for each in written])
    assert stored[0] == stored[1]


def test_the_untranslated_columns_hold_the_default_language(home, both_languages):
    page = ArticlePageFactory(parent=home, title_fr="Feu", title_nl="Vuur", intro_fr="Un", intro_nl="Een")
    row = (
        ArticlePage.objects.rewrite(False)
        .filter(pk=page.pk)
        .raw_values("title", "slug", "intro", "url_path", "draft_title")
        .get()
    )
    assert row == {
        "title": "Feu",
        "slug": "feu",
        "intro": "Un",
        "url_path": "/accueil/feu/",
        "draft_title": "Feu",
    }
    revision = page.save_revision()
    assert (revision.content["title"], revision.content["title_nl"]) == ("Feu", "Vuur")
    assert revision.object_str == "Feu"


def test_inline_children_are_pinned_too(home, both_languages):
    page = ArticlePageFactory(parent=home)
    page.links.add(ArticleLink(label_fr="Lien", label_nl="Link", url="https://112.be/"))
    page.save()
    assert ArticleLink.objects.rewrite(False).raw_values("label", "label_fr", "label_nl").get() == {
        "label": "Lien",
        "label_fr": "Lien",
        "label_nl": "Link",
    }
    assert page.save_revision().content["links"][0]["label"] == "Lien"


def test_the_draft_titles_follow_the_draft_in_both_languages(home, both_languages):
    page = ArticlePageFactory(parent=home, title_fr="Feu", title_nl="Vuur")
    draft_of(page, title_fr="Incendie", title_nl="Brand")
    page.refresh_from_db()
    assert (page.draft_title_fr, page.draft_title_nl, page.title_fr, page.title_nl) == (
        "Incendie",
        "Brand",
        "Feu",
        "Vuur",
    )


def test_reading_follows_the_active_language_and_never_falls_back(home):
    page = ArticlePageFactory(parent=home, live=False, title_fr="Feu", title_nl="")
    with override("nl"):
        assert page.title == ""
        assert page.get_admin_display_title() == "Feu"
    with override("fr"):
        assert page.title == "Feu"


def test_a_revision_is_restored_in_both_languages_whatever_is_active(home, both_languages):
    page = ArticlePageFactory(parent=home, title_fr="Feu", title_nl="Vuur")
    revision = draft_of(page, title_fr="Incendie", title_nl="Brand")
    restored = revision.as_object()
    assert (restored.title_fr, restored.title_nl, restored.slug_fr, restored.slug_nl) == (
        "Incendie",
        "Brand",
        "feu",
        "vuur",
    )


def test_what_is_not_a_page_is_pinned_too(db, both_languages):
    topic = Topic.objects.create(name_fr="Feu", name_nl="Vuur")
    topic.name_nl = "Brand"
    topic.save()
    stored = Topic.objects.rewrite(False).raw_values("name", "name_fr", "name_nl").get()
    assert stored == {"name": "Feu", "name_fr": "Feu", "name_nl": "Brand"}
