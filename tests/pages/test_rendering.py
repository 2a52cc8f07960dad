"""From a page to its HTML: one way for preview, build and the CMS's own view."""

import re
from datetime import UTC, datetime

import pytest
from django.template import engines
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy, override
from jinja2.filters import do_striptags
from markupsafe import Markup

from alerts.cap import in_brussels
from alerts.moments import in_figures
from generator.recording import Memo, recording, sharing
from generator.registry import BuildContext
from generator.slots import deferred
from pages import languages
from pages.graph import SiteGraph
from pages.jinja import format_datetime, striptags
from pages.models import BilingualPage
from pages.publishing import documents
from pages.rendering import Rendering, Run, Variant, page_context, register_context, render_page
from tests.factories.pages import ArticlePageFactory, AsidePageFactory, body, draft_of
from tests.factories.site import NewsFactory
from tests.pages.test_publication import form_data
from tests.testapp.models import ArticlePage

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HREFLANG = re.compile(r'hreflang="([^"]+)"\s+href="([^"]+)"')


@pytest.fixture
def article(home):
    return ArticlePageFactory(
        parent=home,
        title_fr="Feu",
        title_nl="Vuur",
        body=body(
            (
                "quote",
                {
                    "text_fr": "Sortez",
                    "text_nl": "Ga naar buiten",
                    "attribution_fr": "",
                    "attribution_nl": "",
                },
            )
        ),
    )


SECOND = Variant("page-2", {"fr": "page/2/", "nl": "pagina/2/"}, {"fr": "page 2", "nl": "pagina 2"})


def context(page, language, variant=None, **options):
    with override(language):
        return page_context(Rendering(page, language, Run.now(**options), variant))


@pytest.mark.parametrize(
    ("language", "text", "absent"), [("fr", "Sortez", "Ga naar"), ("nl", "Ga naar buiten", "Sortez")]
)
def test_a_page_is_rendered_in_its_language_whatever_is_active(
    article, both_languages, language, text, absent
):
    html = render_page(Rendering(article, language, Run.now()))
    assert f'lang="{language}-BE"' in html
    assert text in html
    assert absent not in html
    assert translation.get_language() == both_languages


def test_alternates_and_canonical_lead_to_the_same_page(article, settings):
    settings.VIGIE_BASE_URL = "https://vigie.example"
    html = render_page(Rendering(article, "nl", Run.now()))
    assert HREFLANG.findall(html) == [
        ("fr-BE", "https://vigie.example/fr/feu/"),
        ("nl-BE", "https://vigie.example/nl/vuur/"),
    ]
    assert 'rel="canonical" href="https://vigie.example/nl/vuur/"' in html


def test_a_variant_has_its_own_alternates_canonical_and_title(article, settings):
    settings.VIGIE_BASE_URL = "https://vigie.example"
    given = context(article, "nl", SECOND)
    assert given["canonical"] == "https://vigie.example/nl/vuur/pagina/2/"
    assert [each["absolute"] for each in given["alternates"]] == [
        "https://vigie.example/fr/feu/page/2/",
        "https://vigie.example/nl/vuur/pagina/2/",
    ]
    assert given["title"] == "Vuur – pagina 2"


def test_the_build_knows_both_languages_of_each_document_and_the_language_choice(article, home):
    made = {each.url: each for each in documents(BuildContext(timezone.now(), "https://vigie.example"))}
    assert set(made) == {"/fr/", "/nl/", "/fr/feu/", "/nl/vuur/"}
    assert made["/fr/feu/"].alternates == {"fr-BE": "/fr/feu/", "nl-BE": "/nl/vuur/", "x-default": "/"}
    assert made["/fr/feu/"].in_sitemap


def test_preview_and_build_make_the_same_html(article):
    made = {each.url: each for each in documents(BuildContext(timezone.now(), "http://127.0.0.1:8000"))}
    assert made["/nl/vuur/"].render() == article.serve_preview(None, "nl").content.decode()


def test_the_context_contract(article, home):
    given = context(article, "fr")
    assert {
        "page",
        "node",
        "graph",
        "language",
        "other_language",
        "lang_code",
        "variant",
        "alternates",
        "canonical",
        "breadcrumbs",
        "menu",
        "generated_at",
        "base_url",
        "preview",
        "title",
        "description",
    } <= set(given)
    assert (given["language"], given["other_language"], given["lang_code"]) == ("fr", "nl", "fr-BE")
    assert [node.id for node in given["breadcrumbs"]] == [home.pk]
    assert given["node"].id == article.pk
    assert given["preview"] is False


def test_a_page_that_is_not_public_has_no_address(home):
    draft = ArticlePageFactory(parent=home, live=False)
    given = context(draft, "fr", preview=True)
    assert (given["alternates"], given["canonical"], given["breadcrumbs"], given["node"]) == (
        [],
        None,
        [],
        None,
    )


def test_a_name_in_the_context_is_taken_once():
    register_context("tests_only", lambda rendering: rendering.language)
    try:
        with pytest.raises(ValueError, match="tests_only"):
            register_context("tests_only", lambda rendering: None)
    finally:
        from pages import rendering

        del rendering._providers["tests_only"]


# Preview


@pytest.mark.parametrize(("mode", "text"), [("fr", "Feu"), ("nl", "Vuur")])
@pytest.mark.parametrize("client_name", ["admin", "admin_nl"])
def test_a_draft_is_viewed_in_both_modes(request, article, client_name, mode, text):
    client = request.getfixturevalue(client_name)
    draft_of(article, intro_fr="Nouveau", intro_nl="Nieuw")
    response = client.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]) + f"?mode={mode}")
    assert response.status_code == 200
    assert f"<h1>{text}</h1>" in response.text
    assert {"fr": "Nouveau", "nl": "Nieuw"}[mode] in response.text
    assert response["Content-Language"] == f"{mode}-BE"
    assert "no-store" in response["Cache-Control"]


def test_without_a_mode_the_preview_is_in_the_editors_language(admin_nl, article):
    response = admin_nl.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]))
    assert "<h1>Vuur</h1>" in response.text


@pytest.mark.parametrize("mode", ["fr", "nl", "xx"])
def test_an_incomplete_draft_is_previewed(admin, home, mode):
    draft = ArticlePageFactory(
        parent=home, live=False, title_fr="", title_nl="Brand", intro_fr="", intro_nl=""
    )
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[draft.pk])
    data = form_data(draft, body=_half_a_body())
    assert admin.post(url, data).json() == {"is_valid": True, "is_available": True}
    response = admin.get(f"{url}?mode={mode}")
    assert response.status_code == 200
    assert ("<h1>Brand</h1>" in response.text) is (mode == "nl")


@pytest.mark.parametrize("mode", ["fr", "nl"])
@pytest.mark.parametrize("titles", [{}, {"title_fr": ""}, {"title_nl": ""}, {"title_fr": "", "title_nl": ""}])
def test_a_new_page_is_previewed_before_it_is_saved(admin, home, mode, titles):
    url = reverse("wagtailadmin_pages:preview_on_add", args=["testapp", "articlepage", home.pk])
    data = form_data(intro_fr="", **titles)
    assert admin.post(url, data).json() == {"is_valid": True, "is_available": True}
    response = admin.get(f"{url}?mode={mode}")
    assert response.status_code == 200
    assert f'lang="{mode}-BE"' in response.text
    assert not ArticlePage.objects.exists()


def _half_a_body():
    from wagtail.test.utils.form_data import streamfield

    empty = {"text_fr": "", "text_nl": "Half", "attribution_fr": "", "attribution_nl": ""}
    return streamfield([("quote", empty)])


def test_a_revision_is_viewed(admin, article):
    revision = draft_of(article, title_nl="Brand")
    url = reverse("wagtailadmin_pages:revisions_view", args=[article.pk, revision.pk])
    assert "<h1>Brand</h1>" in admin.get(f"{url}?mode=nl").text


def test_the_preview_modes_have_names_of_languages(article):
    assert [mode for mode, _name in article.preview_modes] == ["fr", "nl"]


def test_the_cms_serves_a_live_page_in_the_active_language(article, rf, both_languages):
    text = BilingualPage.objects.get(pk=article.pk).specific.serve(rf.get("/")).text
    assert f"<h1>{'Feu' if both_languages == 'fr' else 'Vuur'}</h1>" in text


def test_rendering_reads_the_graph_not_the_pages(article, home, django_assert_max_num_queries):
    for number in range(5):
        AsidePageFactory(parent=home, title_fr=f"F{number}", title_nl=f"N{number}", show_in_menus=True)
    run = Run(SiteGraph.load(), timezone.now(), "https://vigie.example")
    loaded = ArticlePage.objects.get(pk=article.pk)
    render_page(Rendering(loaded, "fr", run))
    with django_assert_max_num_queries(0):
        render_page(Rendering(loaded, "nl", run))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a & <b>", "a &amp; &lt;b&gt;"),
        (Markup("<b>a</b>"), "<b>a</b>"),
        (SimpleLazyObject(lambda: "a & b"), "a &amp; b"),
        (SimpleLazyObject(lambda: Markup("<b>a</b>")), "<b>a</b>"),
        (gettext_lazy("Theme"), "Theme"),
        (7, "7"),
        (None, "None"),
    ],
)
def test_a_template_escapes_what_is_not_markup(value, written):
    template = engines["public"].from_string("{{ value }}")
    with override("en"):
        assert template.render({"value": value}) == written


def test_a_fragment_is_rendered_once_a_run_and_language():
    asked = []
    template = engines["public"].from_string('{% call once("key") %}{{ ask() }}{% endcall %}')

    def ask():
        asked.append(1)
        return "a"

    memo = Memo()
    with sharing(memo):
        for language in ("fr", "nl", "fr"):
            with override(language):
                assert template.render({"ask": ask}) == "a"
    assert len(asked) == 2


def test_a_page_depends_on_the_place_of_no_other_page_of_its_section():
    first, second = NewsFactory(), NewsFactory()
    run = Run.now()
    keys = []
    for page in (first, second):
        with recording() as recorded, deferred():
            render_page(Rendering(page, "fr", run))
        keys.append(recorded.keys)
    assert f"place:{first.pk}" in keys[0]
    assert f"place:{second.pk}" in keys[1]
    assert f"place:{first.pk}" not in keys[1]


@pytest.mark.parametrize("activate", [translation.override, languages.override])
@pytest.mark.parametrize(("language", "expected"), [("fr", ("Feu", "")), ("nl", ("Vuur", "Kort"))])
def test_a_bare_name_reads_the_twin_whoever_activated_the_language(activate, language, expected):
    page = BilingualPage(title_fr="Feu", title_nl="Vuur", summary_fr="", summary_nl="Kort")
    with activate(language):
        assert (page.title, page.summary) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Restez  chez\nvous", "Restez chez vous"),
        ("Restez <b>chez</b> vous", "Restez chez vous"),
        ("A &amp; B", "A & B"),
        (Markup("A &lt; B"), "A < B"),
    ],
)
def test_a_description_is_text_without_markup(text, plain):
    assert striptags(text) == plain == do_striptags(text)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("fr", "02:30 (heure d’été)", "02:30 (heure d’hiver)"),
        ("nl", "02:30 (zomertijd)", "02:30 (wintertijd)"),
    ],
)
def test_the_hour_that_comes_twice_says_which_it_is(language, first, second):
    with translation.override(language):
        said = [
            format_datetime(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)).rpartition(", ")[2]
            for hour in range(3)
        ]
        assert said == [first, second, "03:30"]
        assert format_datetime(datetime(2027, 3, 28, 1, 30, tzinfo=UTC)).endswith(", 03:30")
        assert in_figures(in_brussels(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))) == f"25/10/2026 {second}"
