from collections import Counter
from typing import Any

import pytest

from benchmarks.filling import _Filler, fill
from news.models import NewsPage
from pages.blocks import BodyBlock
from pages.graph import SiteGraph
from pages.models import BilingualPage
from tests.factories.rendering import markup

pytestmark = pytest.mark.once

PAGES = 120


@pytest.fixture(scope="module", autouse=True)
def filled(django_db_setup: None, django_db_blocker: Any) -> Any:
    """A site of PAGES pages, made once and undone after these tests."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield fill(PAGES)
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def _inside(filled: Any, db: None) -> None:
    """Each test's changes are undone."""


def made() -> list[BilingualPage]:
    return list(BilingualPage.objects.filter(live=True, depth__gt=1).order_by("path").specific())


def test_as_many_pages_are_public_as_were_asked_for(filled: Counter[str]) -> None:
    assert len(SiteGraph.load()) == sum(filled.values()) == PAGES
    assert {"newspage", "realisationpage", "publicationpage", "standardpage"} < filled.keys()


def test_each_page_may_be_live() -> None:
    assert [(page.pk, page.publication_errors()) for page in made() if page.publication_errors()] == []


def test_the_tree_is_sound() -> None:
    assert not any(BilingualPage.find_problems())


def test_every_kind_of_block_is_on_the_pages() -> None:
    found = {
        raw["type"] for page in made() if "body" in page.get_streamfield_names() for raw in page.body.raw_data
    }
    assert found == set(BodyBlock.base_blocks)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_page_shows_its_own_text(language: str) -> None:
    page = made()[-1]
    number = page.title_fr.rpartition(" ")[2]
    html = markup(page, language)
    assert f"Dossier {number}" in html
    assert getattr(page, f"title_{language}") in html


def test_a_page_can_be_edited_as_any_other() -> None:
    page = made()[-1]
    page.title_fr = "Autre titre"
    page.save_revision().publish()
    assert SiteGraph.load().nodes[page.pk].titles["fr"] == "Autre titre"


def test_the_same_number_of_pages_is_the_same_content() -> None:
    one, other = (
        [filler._page(NewsPage, index) for index in range(20)] for filler in (_Filler(0), _Filler(0))
    )
    assert [page.serializable_data() for page in one] == [page.serializable_data() for page in other]


def test_fewer_pages_than_the_demonstration_has_are_refused() -> None:
    with pytest.raises(ValueError, match="smaller than the demonstration"):
        fill(3)
