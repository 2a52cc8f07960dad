"""Publications: the list by kind and year, a document in each language."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from generator.recording import recording
from pages.completeness import PublicationRefused
from publications.models import Kind, PublicationIndexPage, PublicationPage, period
from tests.factories.pages import draft_of
from tests.factories.rendering import inside, markup, parsed, texts
from tests.factories.site import PublicationFactory, index_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def index() -> PublicationIndexPage:
    return index_page(PublicationIndexPage, "Publications", "Publicaties")


def titles(page: PublicationIndexPage, language: str = "fr", key: str | None = None) -> list[str]:
    return texts(inside(parsed(page, language, key), "rows", "//h3"))


def test_filters_show_what_a_query_finds(index: PublicationIndexPage) -> None:
    for year, kind in ((2024, Kind.PGSP), (2025, Kind.REPORT), (2026, Kind.REPORT)):
        PublicationFactory(kind=kind, date=datetime.date(year, 5, 1))

    for kind in (Kind.PGSP, Kind.REPORT):
        found = PublicationPage.objects.filter(kind=kind).order_by("-date").values_list("title_nl", flat=True)
        assert titles(index, "nl", f"kind:{kind}:1") == list(found)
    for year in (2024, 2025, 2026):
        found = PublicationPage.objects.filter(date__year=year).values_list("title_fr", flat=True)
        assert titles(index, key=f"year:{year}:1") == list(found)


def test_a_kind_has_its_own_address_in_each_language(index: PublicationIndexPage) -> None:
    PublicationFactory(kind=Kind.LOCAL)

    tree = parsed(index, "nl", f"kind:{Kind.LOCAL}:1")

    assert inside(tree, "languages", "//a")[0].get("href") == "/fr/publications/type/plans-locaux/"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_list_offers_the_document_in_the_reader_s_language(
    index: PublicationIndexPage, language: str
) -> None:
    page = PublicationFactory()
    document = getattr(page, f"document_{language}")

    (link,) = inside(parsed(index, language), "rows", "//a[@href and contains(@class, 'more')]")

    assert link.get("href") == document.file.url
    assert "PDF" in link.text_content()


def test_the_page_offers_both_documents_with_type_and_size() -> None:
    found = texts(inside(parsed(PublicationFactory()), "doc", "//small"))

    assert [text.split(" · ")[0] for text in found] == ["PDF", "PDF"]
    assert all(any(character.isdigit() for character in text) for text in found)


def test_a_document_becomes_part_of_the_release() -> None:
    page = PublicationFactory()

    with recording() as recorded:
        markup(page)

    assert {page.document_fr.file.url, page.document_nl.file.url} <= set(recorded.attachments)


@pytest.mark.parametrize("missing", ["document_fr", "document_nl"])
def test_a_publication_is_not_live_without_a_document_in_each_language(missing: str) -> None:
    draft = draft_of(PublicationFactory(live=False), **{missing: None})

    with pytest.raises(PublicationRefused) as refused:
        draft.publish()

    assert set(refused.value.message_dict) == {missing}


def test_a_period_cannot_end_before_it_begins() -> None:
    with pytest.raises(PublicationRefused):
        PublicationFactory(period_start=2026, period_end=2025)


@pytest.mark.parametrize(
    ("years", "expected"), [((2025, 2029), "2025–2029"), ((2025, 2025), "2025"), ((None, None), "")]
)
def test_a_period_reads_as_years(years: Any, expected: str) -> None:
    assert period(*years) == expected
