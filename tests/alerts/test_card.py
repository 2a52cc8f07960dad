"""The duty officer's card: one text in docs/, printed by the CMS, in the words of its buttons."""

import re

import pytest
from django.utils import translation

from alerts.admin import card
from pages.languages import LANGUAGES
from tests.factories.alerts import alert_index
from tests.factories.users import UserFactory

pytestmark = pytest.mark.once


def plain(text: str) -> str:
    return " ".join(text.split()).lower()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("label", "context"),
    [
        ("New alert", None),
        ("Fill the texts in", None),
        ("Why you publish alone", None),
        ("Publish the alert", None),
        ("Text for BE-Alert", None),
        ("Update", "button"),
        ("All clear", None),
        ("Cancel: issued in error", None),
    ],
)
def test_it_names_each_button_as_the_screen_does(language, label, context):
    with translation.override(language):
        shown = translation.pgettext(context, label) if context else translation.gettext(label)
    assert plain(shown) != plain(label)
    assert plain(shown) in plain(card.source(language).read_text(encoding="utf-8"))


def test_both_languages_say_the_same_in_as_many_lines():
    marks = [re.findall(r"^(#+|\d+\.|-) ", card.source(code).read_text("utf-8"), re.M) for code in LANGUAGES]
    assert marks[0] == marks[1]
    assert len(marks[0]) > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_becomes_headings_and_lists(language):
    html = card.card(language)
    assert html.count("<h1>") == 1
    assert html.count("<h2>") == 5
    assert html.count("<ol>") == 1
    assert "**" not in html
    assert "<strong>" in html


def test_a_line_that_is_neither_is_refused_by_name(monkeypatch, tmp_path):
    wrong = tmp_path / "card.md"
    monkeypatch.setattr(card, "source", lambda _language: wrong)
    wrong.write_text("# Carte\n\nUn paragraphe.\n", "utf-8")
    with pytest.raises(ValueError, match=r"Un paragraphe\."):
        card.card("fr")
    wrong.write_text("- a < b & **c**\n", "utf-8")
    assert card.card("fr") == "<ul><li>a &lt; b &amp; <strong>c</strong></li></ul>"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "first"), [("fr", "Carte de la permanence"), ("nl", "Kaart van de wachtdienst")]
)
def test_the_officer_s_own_language_comes_first(client, language, first):
    alert_index()
    client.force_login(UserFactory(groups=["Duty officers"], language=language))
    page = client.get("/cms/alerts/card/").content.decode()
    assert re.findall("<h1>(.*?)</h1>", page)[0] == first
    assert page.count('class="vigie-card"') == 2
