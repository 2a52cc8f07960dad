"""The demo content holds together: both languages, valid addresses, references that resolve."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from home.demo import content, drawing
from home.demo.content import key_links
from home.demo.markup import NO_BREAK, dutch, french, html
from home.demo.shapes import Publication, Realisation

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = json.loads((ROOT / "emergency_numbers/data/emergency_numbers.json").read_text(encoding="utf-8"))
ENTRIES = json.loads((ROOT / "emergency_numbers/data/entries.json").read_text(encoding="utf-8"))
PAGES = list(content.pages())
KEYS = {page.key for page in PAGES}
PICTURES = set(drawing.picture_keys())
BLOCK_TYPES = {
    "heading", "rich_text", "image", "quote", "call_to_action", "facts", "steps", "documents", "table",
    "contact", "accordion",
}  # fmt: skip
SAME_IN_BOTH = re.compile(r"^[\W\d]*$|^(https?://|tel:)|^[A-ZÀ-Ý][\w'’.-]*$|^[\d\s]+\w{1,2}$")
"""What may read the same in both languages: figures, addresses, one proper name, a figure with its unit."""


def twins(value: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every pair of twins inside `value`, as (path, French, Dutch)."""
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, dict):
        for name, item in value.items():
            if name.endswith("_fr"):
                assert f"{name[:-3]}_nl" in value, f"{path}.{name} has no Dutch twin"
                yield f"{path}.{name[:-3]}", item, value[f"{name[:-3]}_nl"]
            elif name.endswith("_nl"):
                assert f"{name[:-3]}_fr" in value, f"{path}.{name} has no French twin"
            else:
                yield from twins(item, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from twins(item, f"{path}[{index}]")


def everything() -> list[Any]:
    return [
        content.SITE, *PAGES, *content.IMAGES, *content.DOCUMENTS, *content.GUIDE,
        *content.REALISATION_THEMES, *content.NEWS_THEMES,
    ]  # fmt: skip


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Every text in a language, with its path."""
    for piece in everything():
        for path, french_text, dutch_text in twins(piece, getattr(piece, "key", type(piece).__name__)):
            text = french_text if language == "fr" else dutch_text
            for each in text if isinstance(text, tuple) else [text]:
                yield path, each


def blocks() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for page in PAGES:
        for kind, value in page.body:
            yield page.key, kind, value


def plain(text: str) -> str:
    return re.sub(r"<[^>]+>", "", re.sub(r"</?(p|ul|ol|li)>", "\n", text))


def test_the_promised_number_of_each_kind() -> None:
    assert [len(content.MISSIONS), len(content.REALISATIONS), len(content.ARTICLES)] == [6, 12, 10]
    assert len(content.PUBLICATIONS) == len(content.DOCUMENTS) == 4
    assert {page.role for page in content.PLAIN_PAGES} == {
        "accessibility",
        "transparency",
        "privacy",
        "contact",
    }


@pytest.mark.parametrize("piece", everything(), ids=lambda piece: getattr(piece, "key", type(piece).__name__))
def test_twins_are_filled_in_both_languages_and_differ(piece: Any) -> None:
    for path, french_text, dutch_text in twins(piece):
        assert bool(french_text) == bool(dutch_text), path
        if path.endswith((".slug", ".number")) or not french_text or isinstance(french_text, tuple):
            continue
        same = plain(french_text).strip() == plain(dutch_text).strip()
        assert not same or SAME_IN_BOTH.match(french_text), f"{path}: {french_text!r} in both languages"


def test_paragraphs_of_documents_come_in_pairs() -> None:
    for document in content.DOCUMENTS:
        for section in document.sections:
            assert len(section.paragraphs_fr) == len(section.paragraphs_nl), section.heading_fr
            for one, other in zip(section.paragraphs_fr, section.paragraphs_nl, strict=True):
                assert one.startswith("- ") == other.startswith("- ")
                assert one != other


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_slugs_are_plain_and_unique_among_siblings(language: str) -> None:
    slugs = [(content.parent_key(page), getattr(page, f"slug_{language}")) for page in PAGES]
    assert [slug for slug in slugs if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug[1])] == []
    assert [slug for slug, count in Counter(slugs).items() if count > 1] == []


@pytest.mark.parametrize("vocabulary", [content.REALISATION_THEMES, content.NEWS_THEMES])
def test_themes_have_a_code_and_an_address_of_their_own(vocabulary: Any) -> None:
    for name in ("code", "slug_fr", "slug_nl"):
        found = [getattr(theme, name) for theme in vocabulary]
        assert len(set(found)) == len(found)
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", each) for each in found)


def test_keys_are_unique_and_pages_come_after_their_parent() -> None:
    seen: list[str] = []
    for page in PAGES:
        assert page.key not in seen
        parent = content.parent_key(page)
        assert parent is None or parent in seen
        seen.append(page.key)


def test_references_resolve() -> None:
    documents = {document.key for document in content.DOCUMENTS}
    missions = {mission.key for mission in content.MISSIONS}
    publications = {publication.key for publication in content.PUBLICATIONS}
    assert {image.key for image in content.IMAGES} == PICTURES
    assert content.HOME.hero_page in KEYS
    assert set(content.HOME.realisations) <= {page.key for page in content.REALISATIONS}
    assert {page.image for page in PAGES if hasattr(page, "image")} <= PICTURES
    assert {page.mission for page in content.REALISATIONS} <= missions
    assert {page.mission for page in content.ARTICLES} <= {*missions, ""}
    assert {page.plan for page in content.REALISATIONS} <= publications
    assert {page.document for page in content.PUBLICATIONS} == documents
    for place, kind, value in blocks():
        assert key_links((kind, value)) <= KEYS, place
        if kind == "image":
            assert value["image"] in PICTURES
        elif kind == "call_to_action":
            assert value["page"] in KEYS or value["url_fr"]
        elif kind == "documents":
            assert {item["document"] for item in value["items"]} <= documents


def test_every_picture_and_every_kind_of_block_is_used() -> None:
    shown = {page.image for page in PAGES if hasattr(page, "image")}
    shown |= {value["image"] for _, kind, value in blocks() if kind == "image"}
    assert shown == PICTURES
    assert {kind for _, kind, _ in blocks()} == BLOCK_TYPES


@pytest.mark.parametrize("realisation", content.REALISATIONS, ids=lambda page: page.key)
def test_a_realisation_is_somewhere_at_some_time_under_a_theme(realisation: Realisation) -> None:
    rows = (ROOT / "territory/data/municipalities_police_zones.csv").read_text(encoding="utf-8").splitlines()
    header, *body = (row.split(",") for row in rows if row)
    nis = {row[header.index("nis")] for row in body}
    zones = {row[header.index("police_zone_code")] for row in body}
    assert realisation.police_zones or realisation.municipalities
    assert set(realisation.police_zones) <= zones
    assert set(realisation.municipalities) <= nis
    assert realisation.theme in {theme.code for theme in content.REALISATION_THEMES}
    assert realisation.end is None or realisation.start <= realisation.end
    assert realisation.partners
    assert realisation.measure_fr


def test_every_realisation_theme_and_news_theme_is_used() -> None:
    assert {page.theme for page in content.REALISATIONS} == {
        theme.code for theme in content.REALISATION_THEMES
    }
    assert {page.theme for page in content.ARTICLES} == {theme.code for theme in content.NEWS_THEMES}


def test_news_is_of_the_past_year_newest_first() -> None:
    days = [article.date for article in content.ARTICLES]
    assert days == sorted(days, reverse=True)
    assert date(2025, 11, 1) <= days[-1] <= days[0] <= date(2026, 11, 30)


def test_figures_say_that_they_are_for_the_demonstration() -> None:
    for realisation in content.REALISATIONS:
        for figure in realisation.figures:
            assert figure.note_fr in {"chiffre de démonstration", "donnée structurelle"}, figure


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_no_number_that_must_not_be_published_is_mentioned(language: str) -> None:
    banned = [each for row in NUMBERS["do_not_publish"] for each in row["number"].split(" / ")]
    banned += [number.replace(" ", "") for number in banned]
    for path, text in texts(language):
        for number in banned:
            assert not re.search(rf"(?<!\d){number}(?!\d)", plain(text).replace(NO_BREAK, " ")), path


def test_the_guide_names_numbers_that_are_published_and_danger_first() -> None:
    keys = [situation.entry for situation in content.GUIDE]
    assert set(keys) <= {entry["key"] for entry in ENTRIES["entries"]}
    assert keys[:3] == ["112", "112", "101"]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_phone_numbers_and_mail_addresses_of_the_authority_are_placeholders(language: str) -> None:
    for path, text in texts(language):
        for phone in re.findall(r"\+32[\d ]+", text):
            assert phone.replace(" ", "").startswith("+3220000"), path
        for mail in re.findall(r"[\w.]+@[\w.-]+\w", text):
            assert mail.endswith((".example", "safeonweb.be")), path


def test_french_is_set_with_no_break_spaces_and_curly_apostrophes() -> None:
    for path, text in texts("fr"):
        words = plain(text)
        assert not re.search(r" [;:!?»%€]|« ", words), f"{path}: {words}"
        assert "'" not in words, path
        assert not re.search(r"[A-Za-zÀ-ÿ][;!?»]", words), f"{path}: {words}"


def test_dutch_is_set_without_french_spaces_and_with_curly_apostrophes() -> None:
    for path, text in texts("nl"):
        words = plain(text)
        assert not re.search(rf"[ {NO_BREAK}][;:!?]", words), f"{path}: {words}"
        assert not re.search(r"['«»\"]", words), path


def test_texts_fit_the_fields_they_go_into() -> None:
    limits = {
        "title": 255, "slug": 255, "alt": 200, "caption": 300, "label": 120, "note": 200, "name": 160,
        "role": 160, "measure": 300, "hero_title": 120, "hero_lead": 400, "numbers_text": 300, "situation": 160,
        "tagline": 200, "notice": 300, "hours": 200, "attribution": 160, "source": 200, "description": 300, "value": 24,
    }  # fmt: skip
    for piece in everything():
        for path, *pair in twins(piece, getattr(piece, "key", "")):
            name = path.rsplit(".", 1)[-1]
            for text in pair:
                assert len(text) <= limits.get(name, 5000), f"{path}: {len(text)} characters"
    for place, kind, value in blocks():
        for path, *pair in twins(value):
            limit = {"heading": 160, "call_to_action": 80 if path == ".label" else 300, "table": 200}.get(
                kind, 5000
            )
            assert all(len(text) <= limit for text in pair), f"{place} {kind}{path}"


def test_rich_text_holds_only_what_the_editor_knows() -> None:
    allowed = {"p", "ul", "ol", "li", "a", "b", "i"}
    for place, _, value in blocks():
        for _, *pair in twins(value):
            for text in pair:
                assert set(re.findall(r"</?([a-z0-9]+)", text)) <= allowed, place


def test_links_to_keys_become_links_to_pages() -> None:
    linked = content.with_page_links('<p><a href="key:news">Actualités</a></p>', {"news": 7})
    assert linked == '<p><a linktype="page" id="7">Actualités</a></p>'
    with pytest.raises(KeyError, match="nowhere"):
        content.with_page_links('<a href="key:nowhere">x</a>', {})


def test_prose_becomes_rich_text() -> None:
    source = """
        Un **mot** et [un lien](https://example.org/?a=1&b=2).

        - un
          deux
        - trois
    """
    expected = (
        '<p>Un <b>mot</b> et <a href="https://example.org/?a=1&amp;b=2">un lien</a>.</p>'
        "<ul><li>un deux</li><li>trois</li></ul>"
    )
    assert html(source) == expected


def test_typography_leaves_tags_alone() -> None:
    assert french('<a href="x: y">L\'été : « oui » !</a>') == (
        f'<a href="x: y">L’été{NO_BREAK}: «{NO_BREAK}oui{NO_BREAK}»{NO_BREAK}!</a>'
    )
    assert dutch("'s morgens € 5") == f"’s morgens €{NO_BREAK}5"


@pytest.mark.parametrize("publication", content.PUBLICATIONS, ids=lambda page: page.key)
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_documents_are_small_stable_tagged_pdf_files(publication: Publication, language: str) -> None:
    document = next(each for each in content.DOCUMENTS if each.key == publication.document)
    data = content.pdf(document, language)
    assert data == content.pdf(document, language)
    assert data.startswith(b"%PDF-1.7")
    assert len(data) <= 60_000
    assert f"/Lang ({language}-BE)".encode() in data
    assert b"/StructTreeRoot" in data
    assert data.count(b"/Type /Page ") >= 2
    offset = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    assert data[offset:].startswith(b"xref")
    assert getattr(document, f"filename_{language}").endswith(".pdf")


def test_pictures_have_their_size_and_the_same_bytes_each_time() -> None:
    assert drawing.size("home-hero") == (1920, 1080)
    picture = drawing.draw("mission-platforms")
    assert picture.size == drawing.size("mission-platforms") == (1600, 1000)
    assert drawing.jpeg("mission-platforms") == drawing.jpeg("mission-platforms")


def test_all_pictures_are_drawn_in_seconds() -> None:
    start = time.process_time()
    drawn = {drawing.jpeg(key) for key in drawing.picture_keys()}
    assert len(drawn) == 24
    assert time.process_time() - start < 10
