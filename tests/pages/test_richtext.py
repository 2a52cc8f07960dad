"""Rich text becomes the HTML that Wagtail would make, with links from the site graph."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.rich_text import expand_db_html

from generator.recording import record  # noqa: F401  (the recording must be importable without a build)
from pages.graph import SiteGraph
from pages.richtext import expand
from tests.factories.media import DocumentFactory
from tests.factories.pages import ArticlePageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EMPTY = SiteGraph(nodes={}, top=None)


@pytest.mark.parametrize(
    "source",
    [
        "<p>Un <b>deux</b> <i>trois</i></p><ul><li>quatre</li></ul>",
        '<p><a href="https://112.be/?a=1&amp;b=2">112</a></p>',
        '<p><a href="mailto:info@vigie.example">écrire</a></p>',
        '<p><a href="tel:112">112</a></p>',
        '<p><a href="#ici">ici</a></p>',
        '<p><a href="/fr/feu/">feu</a> et <a href="http://a.be/">a</a></p>',
        "<p>1 &lt; 2 &amp; 3</p>",
    ],
)
def test_what_leads_outside_is_as_wagtail_makes_it(source):
    assert expand(source, EMPTY, "fr") == expand_db_html(source)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_link_to_a_page_is_as_wagtail_makes_it(home, both_languages, language):
    page = ArticlePageFactory(parent=home, title_fr="Feu", title_nl="Vuur")
    source = f'<p>Voir <a linktype="page" id="{page.pk}">la <b>page</b></a>.</p>'
    expanded = expand(source, SiteGraph.load(), language)
    assert expanded == f'<p>Voir <a href="{page_url(page, language)}">la <b>page</b></a>.</p>'
    with override(language):
        assert expanded == expand_db_html(source)


def page_url(page, language):
    with override(language):
        return page.url


def test_a_link_to_a_document_that_only_some_may_see_becomes_its_text(db):
    collection = Collection.get_first_root_node().add_child(name="Restricted")
    inner = collection.add_child(name="Inner")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    for document in DocumentFactory(collection=collection), DocumentFactory(collection=inner):
        source = f'<a linktype="document" id="{document.pk}">plan</a>'
        assert expand(source, EMPTY, "fr") == "plan"


def test_a_link_to_a_document_leads_to_its_file(db):
    document = DocumentFactory()
    source = f'<a linktype="document" id="{document.pk}">plan</a>'
    assert expand(source, EMPTY, "fr") == f'<a href="{document.file.url}">plan</a>'


@pytest.mark.parametrize(
    "attributes",
    [
        'linktype="page" id="999999"',
        'linktype="page" id="x"',
        'linktype="page"',
        'linktype="document" id="999999"',
        'linktype="unknown" id="1"',
        'linktype="page" id="1" href="https://evil.example/"',
        'name="here"',
        'href=""',
    ],
)
def test_a_dead_link_becomes_its_text(attributes):
    assert expand(f"<p>Voir <a {attributes}>cela</a>.</p>", EMPTY, "fr") == "<p>Voir cela.</p>"


def test_a_link_to_a_draft_becomes_its_text(home):
    draft = ArticlePageFactory(parent=home, live=False)
    source = f'<a linktype="page" id="{draft.pk}">bientôt</a>'
    assert expand(source, SiteGraph.load(), "fr") == "bientôt"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java&#10;script:alert(1)",
        "&#1;javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "java\tscript:alert(1)",
    ],
)
def test_no_link_runs_a_script(href):
    assert expand(f'<a href="{href}">x</a>', EMPTY, "fr") == "x"


@given(st.text(alphabet=st.characters(exclude_characters='"<>', exclude_categories=("Cs",)), max_size=40))
def test_an_address_cannot_leave_its_attribute(href):
    expanded = expand(f'<a href="{href}">x</a>', EMPTY, "fr")
    assert expanded == "x" or (
        expanded.startswith('<a href="') and expanded.count('"') == 2 and "<" not in expanded[1:-4][:-1]
    )


def test_embeds_are_left_out():
    assert (
        expand('<p>a</p><embed embedtype="media" url="https://a.be/"/><p>b</p>', EMPTY, "fr")
        == "<p>a</p><p>b</p>"
    )
