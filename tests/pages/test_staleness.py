"""Which documents an ordinary edit makes anew."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from alerts.lifecycle import Kind
from emergency_numbers.models import EmergencyNumber
from emergency_numbers.publishing import end_activations
from generator import changes
from generator.build import build
from generator.models import Change
from generator.targets import ReleaseTarget
from home.models import StandardPage
from missions.models import MissionPage
from news.models import NewsPage, NewsTheme
from pages.models import BilingualPage
from pages.rendering import Rendering, Run
from publications.models import PublicationPage
from realisations.models import RealisationPage, RealisationTheme
from tests.factories.alerts import AlertFactory, end, send
from tests.factories.pages import body
from tests.factories.site import NewsFactory, NewsThemeFactory, RealisationFactory, home_page
from tests.generator.edits import make_site, publish

# That nothing too little is made, tests/generator/test_incremental.py asks both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
Build = Callable[[], set[str]]


@pytest.fixture
def made(tmp_path: Path) -> Build:
    """Build again; the French pages that were made anew."""
    make_site()
    theme = NewsThemeFactory(slug_fr="feu", slug_nl="vuur")
    for day in range(1, 21):
        NewsFactory(
            date=datetime.date(2025, 1, day), title_fr=f"Jour {day}", slug_fr=f"jour-{day}", theme=theme
        )
    for number in range(9):
        RealisationFactory(start=datetime.date(2024, 1, 1 + number), end=datetime.date(2024, 2, 1))
    target, now = ReleaseTarget(tmp_path / "releases", kept=2), timezone.now()

    def again() -> set[str]:
        urls: list[str] = []
        result = build(
            target,
            journal=changes.since,
            generated_at=now,
            progress=lambda _done, _total, url: urls.append(url),
        )
        assert result.failures == []
        return {url.removeprefix("/fr/") for url in urls if url.startswith("/fr/") and url.endswith("/")}

    # A page that is published for the first time gets a date which others may show.
    BilingualPage.objects.update(first_published_at=timezone.now())
    again()
    # In a first build, the first page of all is where the slots of all are filled.
    publish(home_page(), hero_lead_fr="Neuf", hero_lead_nl="Nieuw")
    again()
    return again


def test_nothing_is_made_when_nothing_was_edited(made: Build) -> None:
    assert made() == set()


@pytest.mark.parametrize("model", [NewsPage, RealisationPage, MissionPage, StandardPage, PublicationPage])
def test_the_text_of_a_page_concerns_that_page_alone(made: Build, model: Any) -> None:
    page = model.objects.filter(live=True).first()
    publish(page, body=body(("quote", {"text_fr": "Neuf", "text_nl": "Nieuw"})))
    assert {url.rstrip("/").rpartition("/")[2] for url in made()} == {page.slug_fr}


def test_the_title_of_an_article_concerns_the_lists_that_show_it(made: Build) -> None:
    publish(NewsPage.objects.get(slug_fr="jour-2"), title_fr="Autre titre")
    assert made() == {
        "actualites/jour-2/",
        "actualites/page/3/",
        "actualites/annee/2025/page/2/",
        "actualites/theme/feu/page/2/",
    }


def test_the_title_of_the_newest_article_concerns_what_shows_it(made: Build) -> None:
    newest = NewsPage.objects.order_by("-date").first()
    assert newest is not None
    publish(newest, title_fr="Autre titre")
    urls = made()
    assert {"", "actualites/", f"actualites/{newest.slug_fr}/"} < urls
    assert "actualites/page/2/" not in urls


def test_a_new_article_concerns_every_page_of_the_lists_that_it_moves(made: Build) -> None:
    NewsFactory(slug_fr="neuf", date=datetime.date(2026, 6, 1), theme=NewsTheme.objects.get(slug_fr="feu"))
    urls = made()
    assert {"actualites/", "actualites/page/2/", "actualites/page/4/", "actualites/theme/feu/"} < urls
    assert not [url for url in urls if url.startswith("realisations/")]


def test_an_article_that_moves_to_another_day_leaves_the_pages_before_it_alone(made: Build) -> None:
    publish(NewsPage.objects.get(slug_fr="jour-2"), date=datetime.date(2025, 1, 3))
    assert "actualites/page/3/" in (urls := made())
    assert not {"actualites/", "actualites/page/2/"} & urls


def test_the_name_of_a_theme_concerns_the_pages_and_lists_that_show_it(made: Build) -> None:
    page = RealisationPage.objects.filter(live=True).first()
    assert page is not None
    RealisationTheme.objects.filter(pk=page.theme_id).update(name_fr="Autre nom")
    urls = made()
    assert {f"realisations/{page.slug_fr}/", "realisations/", "realisations/page/2/"} < urls
    assert not [url for url in urls if url.startswith("actualites/")]


def test_a_picture_of_a_realisation_concerns_the_lists_that_show_it(made: Build) -> None:
    page = RealisationPage.objects.order_by("start").first()
    assert page is not None
    publish(page, image_alt_fr="Autre image", image_alt_nl="Ander beeld")
    urls = made()
    assert f"realisations/{page.slug_fr}/" in urls
    assert "realisations/" not in urls


def test_looking_for_activations_that_have_ended_concerns_nothing(made: Build) -> None:
    before = Change.objects.count()
    assert end_activations(timezone.now()) == 0
    EmergencyNumber.objects.filter(pk=-1).delete()
    assert Change.objects.count() == before
    assert made() == set()
    EmergencyNumber.objects.update(name_fr="Autre")
    assert Change.objects.count() > before
    assert made()


def test_a_message_concerns_the_page_of_its_alert_and_not_those_of_others(made: Build) -> None:
    first, second = AlertFactory(), AlertFactory()
    send(first)
    send(second)
    made()
    end(second, Kind.ALL_CLEAR, now=timezone.now())
    made()
    # An exercise is in no band.
    third = AlertFactory(status="Exercise")
    send(third)
    pages = {url.rstrip("/").rpartition("/")[2] for url in made()}
    assert third.slug_fr in pages
    assert not {first.slug_fr, second.slug_fr} & pages


def test_a_build_leaves_nothing_of_what_it_has_read_in_memory(made: Build) -> None:
    send(AlertFactory())
    gc.collect()
    # Python itself does not search: a worker that freezes what lives before each build hardly ever does.
    gc.disable()
    try:
        made()
        left = [each for each in gc.get_objects() if type(each) in {Run, Rendering}]
    finally:
        gc.enable()
    assert left == []
