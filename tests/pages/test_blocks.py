"""The blocks of a body: both languages side by side, checked, indexed and served in each."""

import pytest
from django.utils.translation import override
from wagtail import blocks
from wagtail.rich_text import RichText

from pages.blocks import BilingualStructBlock, BodyBlock, stream_text, twin_blocks
from pages.completeness import is_empty
from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.pages import ArticlePageFactory, body
from tests.testapp.models import ArticleLink, ArticlePage

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def both(**texts):
    """`both(text="…")` is `{"text_fr": "…", "text_nl": "…"}`."""
    return {f"{name}_{language}": text for name, text in texts.items() for language in ("fr", "nl")}


def complete(image=None, document=None):
    """One block of each kind, complete."""
    return {
        "heading": both(text="Titre") | {"level": "2"},
        "rich_text": both(text="<p>Texte</p>"),
        "image": both(alt="Une rue", caption="") | {"image": image and image.pk, "decorative": False},
        "quote": both(text="Mot", attribution=""),
        "call_to_action": both(text="Agir", label="Ici", url="https://112.be/") | {"page": None},
        "facts": both(source="") | {"items": [both(value="19", label="communes", note="")]},
        "steps": both(title="") | {"items": [both(title="Monter", text="")]},
        "documents": both(title="")
        | {"items": [both(title="Plan", description="", document=document and document.pk)]},
        "table": both(caption="Sirènes")
        | {
            "columns": [both(label="Lieu")],
            "rows": [{"cells": [both(text="Evere")]}],
            "first_column_header": True,
        },
        "contact": both(name="Accueil", role="", address="", hours="")
        | {"phone": "02 000 00 00", "email": ""},
        "accordion": {"items": [both(title="Quand ?", text="<p>Toujours</p>")]},
    }


@pytest.fixture
def values(db):
    return complete(ImageFactory(), DocumentFactory())


def reasons(*given):
    return [
        str(error)
        for error in ArticlePage(
            title_fr="A", title_nl="B", intro_fr="C", intro_nl="D", body=body(*given)
        ).publication_errors()
        if error.field == "body"
    ]


def changed(value, path, replacement):
    """`value` with what is at `path` replaced."""
    head, *rest = path
    copied = value.copy()
    copied[head] = changed(copied[head], rest, replacement) if rest else replacement
    return copied


@pytest.mark.parametrize("kind", sorted(complete()))
def test_each_block_is_complete_when_both_languages_are_there(values, kind):
    assert reasons((kind, values[kind])) == []


def test_every_kind_of_block_is_tested():
    assert set(BodyBlock().child_blocks) == set(complete())


REQUIRED = [
    ("heading", ["text"], "Heading"),
    ("rich_text", ["text"], "Text"),
    ("image", ["alt"], "Alternative text"),
    ("quote", ["text"], "Quotation"),
    ("call_to_action", ["text"], "Text"),
    ("call_to_action", ["label"], "Link text"),
    ("call_to_action", ["url"], "Or an address"),
    ("facts", ["items", 0, "value"], "Figure"),
    ("facts", ["items", 0, "label"], "What it counts"),
    ("steps", ["items", 0, "title"], "Step"),
    ("documents", ["items", 0, "title"], "Title"),
    ("documents", ["items", 0, "document"], "Document"),
    ("table", ["caption"], "Caption"),
    ("table", ["columns", 0, "label"], "Column"),
    ("table", ["rows", 0, "cells", 0, "text"], "Cell"),
    ("contact", ["name"], "Name"),
    ("accordion", ["items", 0, "title"], "Question or title"),
    ("accordion", ["items", 0, "text"], "Text"),
]


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize(("kind", "path", "label"), REQUIRED)
def test_a_text_in_one_language_is_named_with_its_block_and_language(values, language, kind, path, label):
    *head, name = path
    value = changed(values[kind], [*head, f"{name}_{language}"], None if name == "document" else "")
    with override("en"):
        (reason,) = reasons(("heading", values["heading"]), (kind, value))
        block = BodyBlock().child_blocks[kind].label
        assert reason.startswith(f"Body › {block} (2)")
        assert reason.endswith(f"› {label}: missing in {'French' if language == 'fr' else 'Dutch'}.")


OPTIONAL = [
    ("image", ["caption"]),
    ("quote", ["attribution"]),
    ("facts", ["source"]),
    ("facts", ["items", 0, "note"]),
    ("steps", ["title"]),
    ("steps", ["items", 0, "text"]),
    ("documents", ["title"]),
    ("documents", ["items", 0, "description"]),
    ("contact", ["role"]),
    ("contact", ["address"]),
    ("contact", ["hours"]),
]


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize(("kind", "path"), OPTIONAL)
def test_an_optional_text_is_in_both_languages_or_in_neither(values, language, kind, path):
    *head, name = path
    value = changed(values[kind], [*head, f"{name}_{language}"], "<p>Seul</p>")
    assert len(reasons((kind, value))) == 1


def test_what_has_no_language_is_required_too(values):
    with override("en"):
        (reason,) = reasons(("image", values["image"] | {"image": None}))
        assert reason == "Body › Image (1) › Image: missing."


def test_a_decorative_image_needs_no_description(values):
    assert reasons(("image", values["image"] | both(alt="") | {"decorative": True})) == []


def test_an_image_described_in_no_language_lacks_both(values):
    assert len(reasons(("image", values["image"] | both(alt="")))) == 2


def test_a_call_to_action_leads_somewhere(values, home):
    (reason,) = reasons(("call_to_action", values["call_to_action"] | both(url="")))
    assert "both languages" in reason or ":" in reason
    assert reasons(("call_to_action", values["call_to_action"] | both(url="") | {"page": home.pk})) == []


def test_what_a_form_would_refuse_is_refused_by_code_too(values):
    with override("en"):
        (length,) = reasons(("heading", values["heading"] | {"text_nl": "x" * 200}))
        assert "Heading (Dutch)" in length
        (empty,) = reasons(("steps", values["steps"] | {"items": []}))
        assert empty.startswith("Body › Steps (1) › Steps:")
        (address,) = reasons(("contact", values["contact"] | {"email": "nobody"}))
        assert "Email" in address


@pytest.mark.parametrize(
    ("source", "empty"),
    [
        (None, True),
        ("", True),
        ("  ", True),
        ("<p></p>", True),
        ("<p>\xa0</p><p>&nbsp;</p>", True),
        ("<ul><li></li></ul>", True),
        ("<p>a</p>", False),
        ('<embed embedtype="image" id="1"/>', False),
    ],
)
def test_markup_without_text_is_empty(source, empty):
    assert is_empty(source) is empty
    assert is_empty(RichText(source or "")) is empty


def test_empty_rich_text_is_missing(values):
    assert len(reasons(("rich_text", {"text_fr": "<p>Texte</p>", "text_nl": "<p></p>"}))) == 1


def test_inline_children_are_checked(home):
    page = ArticlePageFactory(parent=home)
    page.links.add(ArticleLink(label_fr="Lien", url="https://112.be/"))
    with override("en"):
        assert [str(error) for error in page.publication_errors()] == [
            "Article link (1) › label: missing in Dutch."
        ]


def test_a_form_that_validates_a_draft_elsewhere_does_not_loosen_the_check(values):
    """Wagtail clears `required` on blocks that all threads share while a draft is validated."""
    stream_block = ArticlePage._meta.get_field("body").stream_block
    stream_block.defer_required_validation()
    try:
        assert len(reasons(("quote", both(text="", attribution="")))) == 2
    finally:
        stream_block.restore_deferred_validation()


def test_a_block_of_another_app_follows_the_same_rules():
    class Siren(BilingualStructBlock):
        name_fr, name_nl = twin_blocks(blocks.CharBlock, "Name")
        height = blocks.IntegerBlock()

    stream = blocks.StreamBlock([("siren", Siren())])
    from pages.blocks import stream_incomplete

    value = stream.to_python([{"type": "siren", "value": {"name_fr": "Nord", "name_nl": "", "height": None}}])
    with override("en"):
        assert [str(error) for error in stream_incomplete(value, "sirens", "Sirens")] == [
            "Sirens › Siren (1) › Name: missing in Dutch.",
            "Sirens › Siren (1) › Height: missing.",
        ]


# Reading


def test_values_follow_the_active_language(values):
    value = (
        ArticlePage(body=body(("quote", {"text_fr": "Un", "text_nl": "Een", **both(attribution="")})))
        .body[0]
        .value
    )
    with override("fr"):
        assert (value.text, value["text"], value["text_nl"]) == ("Un", "Un", "Een")
    with override("nl"):
        assert (value.text, value["text"], value["text_fr"]) == ("Een", "Een", "Un")
    with pytest.raises(AttributeError):
        _ = value.unknown


def test_the_text_of_a_body_in_one_language():
    page = ArticlePage(
        body=body(
            ("heading", {"text_fr": "Gaz & eau", "text_nl": "Gas & water", "level": "2"}),
            ("rich_text", {"text_fr": "<p>Un</p><p>deux &amp; trois</p>", "text_nl": "<p>Een</p>"}),
            ("table", complete()["table"]),
        )
    )
    assert stream_text(page.body, "fr").split("\n")[0] == "Gaz & eau"
    assert stream_text(page.body, "fr").split("\n")[1].split() == ["Un", "deux", "&", "trois"]
    assert stream_text(page.body, "nl").split("\n")[:2] == ["Gas & water", " Een "]
    assert "Evere" in stream_text(page.body, "nl")


def test_the_api_names_both_languages(values):
    stream = ArticlePage(body=body(*values.items())).body
    for child in stream:
        served = child.block.get_api_representation(child.value)
        names = {name for name in served if name.endswith(("_fr", "_nl"))}
        assert {name[:-3] for name in names if name.endswith("_fr")} == {
            name[:-3] for name in names if name.endswith("_nl")
        }
    assert stream[0].block.get_api_representation(stream[0].value) == {
        "text_fr": "Titre",
        "text_nl": "Titre",
        "level": "2",
    }


def test_a_table_pads_short_rows_and_cuts_long_ones():
    value = complete()["table"] | {
        "columns": [both(label="A"), both(label="B")],
        "rows": [{"cells": [both(text="1")]}, {"cells": [both(text="1"), both(text="2"), both(text="3")]}],
    }
    table = ArticlePage(body=body(("table", value))).body[0].value
    assert (table.head, table.body) == (["A", "B"], [["1", ""], ["1", "2"]])
