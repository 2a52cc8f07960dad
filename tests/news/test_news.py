"""News: the list, its filters, the article."""

from __future__ import annotations

import datetime

import pytest
from django.db.models import ProtectedError

from generator.models import BuildRequest
from news.models import NewsIndexPage, NewsPage
from pages.completeness import PublicationRefused
from tests.factories.pages import draft_of
from tests.factories.rendering import inside, markup, parsed, published, texts
from tests.factories.site import NewsFactory, NewsThemeFactory, index_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def news() -> NewsIndexPage:
    return index_page(NewsIndexPage, "Actualités", "Nieuws")


def titles(page: NewsIndexPage, language: str = "fr", key: str | None = None) -> list[str]:
    return texts(inside(parsed(page, language, key), "rows", "//h3"))


def test_the_newest_article_comes_first(news: NewsIndexPage) -> None:
    NewsFactory(title_fr="Ancien", date=datetime.date(2025, 1, 1))
    NewsFactory(title_fr="Récent", date=datetime.date(2026, 1, 1))

    assert titles(news) == ["Récent", "Ancien"]


def test_an_empty_list_says_so(news: NewsIndexPage) -> None:
    assert len(inside(parsed(news), "list-head")) == 1
    assert titles(news) == []


def test_a_draft_is_not_listed(news: NewsIndexPage) -> None:
    NewsFactory(title_fr="Brouillon", live=False)

    assert titles(news) == []


def test_the_list_has_ten_articles_a_page(news: NewsIndexPage) -> None:
    NewsFactory.create_batch(12)

    assert (len(titles(news)), len(titles(news, key="2"))) == (10, 2)


def test_the_second_page_leads_back_and_the_first_ahead(news: NewsIndexPage) -> None:
    NewsFactory.create_batch(11)

    assert parsed(news).xpath('//a[@rel="next"]')[0].get("href") == "/fr/actualites/page/2/"
    assert parsed(news, key="2").xpath('//a[@rel="prev"]')[0].get("href") == "/fr/actualites/"


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_filters_show_what_a_query_finds(news: NewsIndexPage, language: str) -> None:
    first, second = NewsThemeFactory(), NewsThemeFactory()
    for year, theme in ((2024, first), (2025, first), (2025, second), (2026, second)):
        NewsFactory(theme=theme, date=datetime.date(year, 5, 1))
    title = f"title_{language}"

    for theme in (first, second):
        expected = NewsPage.objects.filter(theme=theme).order_by("-date").values_list(title, flat=True)
        assert titles(news, language, f"theme:{theme.pk}:1") == list(expected)
    for year in (2024, 2025, 2026):
        expected = NewsPage.objects.filter(date__year=year).values_list(title, flat=True)
        assert sorted(titles(news, language, f"year:{year}:1")) == sorted(expected)


def test_a_filter_says_how_many_it_lets_through(news: NewsIndexPage) -> None:
    theme = NewsThemeFactory(name_fr="Conseils")
    NewsFactory.create_batch(3, theme=theme)

    assert "Conseils 3" in texts(inside(parsed(news), "filters", "//a"))


def test_the_language_switch_of_a_filter_leads_to_the_same_filter(news: NewsIndexPage) -> None:
    theme = NewsThemeFactory(slug_fr="conseils", slug_nl="tips")
    NewsFactory(theme=theme)

    link = inside(parsed(news, "fr", f"theme:{theme.pk}:1"), "languages", "//a")[0]

    assert link.get("href") == "/nl/nieuws/thema/tips/"


def test_every_filter_is_a_document_with_alternates(news: NewsIndexPage) -> None:
    NewsFactory(date=datetime.date(2026, 1, 1))

    alternates = published("pages")["/fr/actualites/annee/2026/"].alternates

    assert alternates == {
        "fr-BE": "/fr/actualites/annee/2026/",
        "nl-BE": "/nl/nieuws/jaar/2026/",
        "x-default": "/",
    }


def test_an_article_links_its_theme() -> None:
    article = NewsFactory(theme=NewsThemeFactory(slug_fr="conseils"))

    links = [link.get("href") for link in inside(parsed(article), "meta", "//a")]

    assert links == ["/fr/actualites/theme/conseils/"]


def test_an_article_shows_its_date_in_words() -> None:
    article = NewsFactory(date=datetime.date(2026, 5, 1))

    assert "1 mei 2026" in markup(article, "nl")


def test_a_page_has_one_main_heading() -> None:
    assert texts(parsed(NewsFactory(title_fr="Tempête")).iter("h1")) == ["Tempête"]


def test_an_article_without_a_theme_is_refused() -> None:
    with pytest.raises(PublicationRefused) as refused:
        draft_of(NewsFactory(live=False), theme=None).publish()

    assert "theme" in refused.value.message_dict


def test_a_theme_in_use_cannot_be_deleted() -> None:
    theme = NewsFactory().theme

    with pytest.raises(ProtectedError):
        theme.delete()


def test_a_renamed_theme_asks_for_a_build() -> None:
    theme = NewsThemeFactory()
    BuildRequest.objects.all().delete()

    theme.name_fr = "Autre"
    theme.save()

    assert BuildRequest.objects.count() == 1
