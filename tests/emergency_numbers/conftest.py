"""A page, a moment, and entries that tests may change."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from emergency_numbers.directory import Directory
from emergency_numbers.models import EmergencyNumber, EmergencyNumbersPage
from pages.graph import SiteGraph
from pages.models import BilingualPage
from pages.rendering import Rendering, Run, render_page

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
BASE_URL = "https://vigie.example"


@pytest.fixture
def now() -> datetime.datetime:
    return NOW


@pytest.fixture
def directory(db: None, now: datetime.datetime) -> Directory:
    return Directory.at(now)


@pytest.fixture
def entry(db: None) -> Callable[[str], EmergencyNumber]:
    """`entry("112")`: the stored entry with that key."""
    return lambda key: EmergencyNumber.objects.get(key=key)


@pytest.fixture
def numbers_page(db: None) -> EmergencyNumbersPage:
    """A live page with a guide of three situations; one leads to a number that is not in service."""
    situations = [
        ("Un incendie", "Een brand", "112"),
        ("Parler", "Praten", "listening"),
        ("Une cave inondée", "Een ondergelopen kelder", "fire-brigade-storm"),
    ]
    page = EmergencyNumbersPage(
        title_fr="Numéros d’urgence",
        title_nl="Noodnummers",
        slug_fr="numeros-urgence",
        slug_nl="noodnummers",
        intro_fr="Restez en ligne.",
        intro_nl="Blijf aan de lijn.",
        guide=[
            ("situation", {"text_fr": fr, "text_nl": nl, "number": EmergencyNumber.objects.get(key=key)})
            for fr, nl, key in situations
        ],
    )
    graph = SiteGraph.load()
    assert graph.root is not None
    BilingualPage.objects.get(pk=graph.root.id).add_child(instance=page)
    return EmergencyNumbersPage.objects.get(pk=page.pk)


@pytest.fixture
def render(numbers_page: EmergencyNumbersPage) -> Callable[..., str]:
    """`render("fr", now)`: the page's HTML."""

    def rendered(language: str = "fr", at: datetime.datetime = NOW, page: Any = None) -> str:
        return render_page(Rendering(page or numbers_page, language, Run(SiteGraph.load(), at, BASE_URL)))

    return rendered
