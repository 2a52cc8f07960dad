"""The page types in the admin: each form opens, in both languages, and asks for each text twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from home.models import HomePage
from missions.models import MissionIndexPage
from news.models import NewsIndexPage
from publications.models import PublicationIndexPage
from realisations.models import RealisationIndexPage
from tests.factories.site import (
    MissionFactory,
    NewsFactory,
    PublicationFactory,
    RealisationFactory,
    StandardPageFactory,
    home_page,
    index_page,
)

pytestmark = pytest.mark.django_db
FACTORIES = [MissionFactory, NewsFactory, PublicationFactory, RealisationFactory, StandardPageFactory]
PARENTS = [
    (MissionIndexPage, "missions", "missionpage"),
    (NewsIndexPage, "news", "newspage"),
    (PublicationIndexPage, "publications", "publicationpage"),
    (RealisationIndexPage, "realisations", "realisationpage"),
]


def field_names(response: Any) -> set[str]:
    assert response.status_code == 200
    return {field.get("name") for field in html.document_fromstring(response.content).xpath("//*[@name]")}


@pytest.mark.parametrize(("parent", "app", "model"), PARENTS)
def test_a_page_can_be_added_where_it_belongs(admin: Any, parent: Any, app: str, model: str) -> None:
    below = index_page(parent, "Liste", "Lijst")

    names = field_names(admin.get(reverse("wagtailadmin_pages:add", args=[app, model, below.pk])))

    assert {"title_fr", "title_nl", "summary_fr", "summary_nl"} <= names


@pytest.mark.parametrize("factory", FACTORIES)
def test_a_page_can_be_edited(admin_nl: Any, factory: Any) -> None:
    page = factory()

    names = field_names(admin_nl.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))

    assert {"title_fr", "title_nl"} <= names


@pytest.mark.parametrize("factory", FACTORIES)
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_page_can_be_previewed(admin: Any, factory: Any, language: str) -> None:
    page = factory(live=False)
    page.save_revision()

    response = admin.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]), {"mode": language})

    assert response.status_code == 200
    assert f'<html lang="{language}-BE"'.encode() in response.content


def test_the_home_page_can_be_edited(admin: Any) -> None:
    names = field_names(admin.get(reverse("wagtailadmin_pages:edit", args=[home_page().pk])))

    assert {"hero_title_fr", "hero_title_nl", "image_alt_fr", "image_alt_nl"} <= names


def test_there_is_one_home_page(admin: Any) -> None:
    assert not HomePage.can_create_at(home_page().get_parent())


def test_a_news_article_stands_below_the_list_only() -> None:
    from news.models import NewsPage

    assert not NewsPage.can_exist_under(home_page())
    assert NewsPage.can_exist_under(index_page(NewsIndexPage, "Actualités", "Nieuws"))


@pytest.mark.parametrize(
    "url",
    [
        "/cms/settings/home/sitesettings/",
        "/cms/snippets/news/newstheme/",
        "/cms/snippets/news/newstheme/add/",
        "/cms/snippets/realisations/realisationtheme/add/",
    ],
)
def test_settings_and_themes_can_be_edited(admin: Any, url: str) -> None:
    assert admin.get(url, follow=True).status_code == 200
