"""Both languages can be searched, whatever language the reader has chosen."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import ReferenceIndex

from pages.models import BilingualPage
from tests.factories.media import ImageFactory
from tests.factories.pages import ArticlePageFactory, body
from tests.testapp.models import ArticlePage

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no stemming")


@pytest.fixture
def floods(home, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return ArticlePageFactory(
            parent=home,
            title_fr="Inondation",
            title_nl="Overstroming",
            summary_fr="Les pompiers protègent les habitants",
            summary_nl="De brandweer beschermt de inwoners",
            body=body(
                (
                    "rich_text",
                    {
                        "text_fr": "<p>Coupez l'électricité &amp; le gaz</p>",
                        "text_nl": "<p>Sluit de stroom af</p>",
                    },
                ),
                (
                    "steps",
                    {
                        "title_fr": "",
                        "title_nl": "",
                        "items": [{"title_fr": "Monter", "title_nl": "Klim", "text_fr": "", "text_nl": ""}],
                    },
                ),
            ),
        )


def found(text, **options):
    return [page.pk for page in BilingualPage.objects.search(text, **options)]


@pytest.mark.parametrize(
    "text", ["Inondation", "Overstroming", "habitants", "brandweer", "gaz", "stroom", "Monter", "Klim"]
)
def test_both_languages_are_found(floods, both_languages, text):
    assert found(text) == [floods.pk]


@pytest.mark.parametrize("text", ["electricite", "Électricité", "protegent", "protègent"])
def test_accents_need_not_be_typed(floods, both_languages, text):
    assert found(text) == [floods.pk]


@on_postgresql
@pytest.mark.parametrize("text", ["inondations", "overstromingen", "pompier", "habitant", "inwoner"])
def test_stems_are_found_in_both_languages(floods, both_languages, text):
    assert found(text) == [floods.pk]


@on_postgresql
def test_each_text_is_stemmed_in_its_own_language_only(floods):
    from modelsearch.conf import get_app_config

    entry = (
        get_app_config()
        .get_model("IndexEntry")
        .objects.get(object_id=str(floods.pk), content_type=floods.content_type)
    )
    assert "'inond'" in entry.title
    assert "'overstrom'" in entry.title
    assert "'inondation'" not in entry.title


@on_postgresql
def test_a_title_ranks_above_a_text(floods, home, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        other = ArticlePageFactory(
            parent=home, summary_fr="Après une inondation", summary_nl="Na een overstroming"
        )
    assert found("inondations") == [floods.pk, other.pk]


@on_postgresql
def test_named_fields_are_stemmed_in_their_language(floods):
    assert found("inondations", fields=["title_fr"]) == [floods.pk]
    assert found("overstromingen", fields=["title_nl"]) == [floods.pk]
    assert found("inondations", fields=["title_nl"]) == []


@on_postgresql
@pytest.mark.parametrize("text", ["plannen", "plans"])
def test_what_has_no_language_is_found_in_either(db, text, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        image = ImageFactory(title="Plannen des plans")
    assert list(type(image).objects.search(text)) == [image]


@pytest.mark.parametrize("text", ["Inond", "Overstr"])
def test_the_beginning_of_a_title_is_found(floods, both_languages, text):
    assert [page.pk for page in BilingualPage.objects.autocomplete(text)] == [floods.pk]


@pytest.mark.parametrize("text", ["inondation", "overstroming"])
def test_the_admins_search_and_chooser_find_both(admin_nl, floods, text):
    for url in (
        reverse("wagtailadmin_pages:search") + f"?q={text}",
        reverse("wagtailadmin_explore", args=[floods.get_parent().pk]) + f"?q={text}",
        reverse("wagtailadmin_choose_page_search") + f"?q={text}&page_type=pages.bilingualpage",
    ):
        response = admin_nl.get(url)
        assert response.status_code == 200
        assert b"Overstroming" in response.content, url


def test_the_index_does_not_depend_on_who_saves(home, django_capture_on_commit_callbacks):
    texts = []
    for number, language in enumerate(("fr", "nl")):
        with override(language), django_capture_on_commit_callbacks(execute=True):
            page = ArticlePageFactory(
                parent=home, title_fr="Feu", title_nl="Vuur", slug_fr=f"feu{number}", slug_nl=f"vuur{number}"
            )
        texts.append(
            {
                field.field_name: str(field.get_value(page))
                for field in page.get_search_fields()
                if field.field_name.endswith(("_fr", "_nl"))
            }
        )
    assert texts[0] == texts[1]
    assert not {"title", "slug", "summary", "body"} & {
        field.field_name for field in ArticlePage.get_search_fields()
    }


def test_references_are_counted_once(home, django_capture_on_commit_callbacks):
    target = ArticlePageFactory(parent=home)
    link = f'<a linktype="page" id="{target.pk}">x</a>'
    with django_capture_on_commit_callbacks(execute=True):
        page = ArticlePageFactory(
            parent=home,
            advice_fr=link,
            advice_nl=link,
            body=body(("rich_text", {"text_fr": link, "text_nl": link})),
        )
    references = ReferenceIndex.objects.filter(object_id=str(page.pk)).values_list("model_path", flat=True)
    assert sorted(references) == [
        "advice_fr.",
        "advice_nl.",
        "body.rich_text.text_fr",
        "body.rich_text.text_nl",
    ]
