"""The home page, plain pages, settings, and what the site publishes besides its pages."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string
from django.test import override_settings
from wagtail.models import Site

from emergency_numbers.models import EmergencyNumbersPage
from generator.models import BuildRequest
from home.models import ChosenRealisation, HomePage, Role, SiteSettings, SocialLink
from pages.completeness import PublicationRefused
from pages.graph import SiteGraph
from tests.factories.rendering import inside, markup, parsed, published, rendered, texts
from tests.factories.site import NewsFactory, RealisationFactory, StandardPageFactory, home_page

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def hrefs(elements: list) -> list[str]:
    return [element.get("href") for element in elements]


# The first page


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_a_new_site_has_a_home_page_in_both_languages(language: str) -> None:
    assert SiteGraph.load().root is not None
    assert SiteGraph.load().root.urls[language] == f"/{language}/"


def test_the_first_page_is_complete() -> None:
    assert home_page().publication_errors() == []


def test_the_default_site_leads_to_the_home_page() -> None:
    assert isinstance(Site.objects.get(is_default_site=True).root_page.specific, HomePage)


def test_the_home_page_shows_the_three_newest_articles() -> None:
    for day in range(1, 6):
        NewsFactory(title_fr=f"Article {day}", date=f"2026-01-0{day}")

    assert texts(inside(parsed(home_page()), "rows--dated", "//h3")) == [
        "Article 5",
        "Article 4",
        "Article 3",
    ]


def test_the_home_page_shows_the_chosen_realisations_in_their_order() -> None:
    first, second = RealisationFactory(title_nl="Eerste"), RealisationFactory(title_nl="Tweede")
    RealisationFactory(title_nl="Andere")
    page = home_page()
    page.chosen_realisations = [
        ChosenRealisation(realisation=second, sort_order=0),
        ChosenRealisation(realisation=first, sort_order=1),
    ]
    page.save()

    assert texts(inside(parsed(page, "nl"), "card", "//h3")) == ["Tweede", "Eerste"]


def test_a_chosen_realisation_that_is_not_live_is_left_out() -> None:
    page = home_page()
    page.chosen_realisations = [ChosenRealisation(realisation=RealisationFactory(live=False))]
    page.save()

    assert inside(parsed(page), "card") == []


def test_an_empty_site_s_home_page_renders() -> None:
    assert texts(parsed(home_page(), "nl").iter("h1")) == ["Welkom"]


# Plain pages and the foot of every page


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_foot_links_the_pages_with_a_role(language: str) -> None:
    StandardPageFactory(role=Role.PRIVACY, slug_fr="vie-privee", slug_nl="privacy")
    StandardPageFactory(role=Role.CONTACT, slug_fr="contact", slug_nl="contact")
    StandardPageFactory(slug_fr="autre", slug_nl="andere")

    links = hrefs(inside(parsed(home_page(), language), "foot", "//li/a"))[:2]

    assert links == [f"/{language}/contact/", "/fr/vie-privee/" if language == "fr" else "/nl/privacy/"]


def test_a_draft_is_not_linked_from_the_foot() -> None:
    StandardPageFactory(role=Role.PRIVACY, slug_fr="vie-privee", live=False)

    assert "/fr/vie-privee/" not in markup(home_page())


def test_a_role_has_one_page() -> None:
    StandardPageFactory(role=Role.PRIVACY)

    with pytest.raises(PublicationRefused) as refused:
        StandardPageFactory(role=Role.PRIVACY)

    assert "role" in refused.value.message_dict


# Settings


def test_pages_show_the_settings_of_their_language() -> None:
    settings = SiteSettings.load()
    settings.name_fr, settings.name_nl = "Sécurité", "Veiligheid"
    settings.save()

    assert inside(parsed(home_page(), "nl"), "foot", "//h2")[0].text_content() == "Veiligheid"


def test_changed_settings_ask_for_a_build() -> None:
    BuildRequest.objects.all().delete()

    SiteSettings.load().save()

    assert BuildRequest.objects.count() == 1


def test_a_changed_account_asks_for_a_build() -> None:
    link = SocialLink.objects.create(
        settings=SiteSettings.load(),
        network="Mastodon",
        url_fr="https://social.example/fr",
        url_nl="https://social.example/nl",
    )
    BuildRequest.objects.all().delete()

    link.delete()

    assert BuildRequest.objects.count() == 1


def test_settings_exist_even_when_nobody_made_them() -> None:
    SiteSettings.objects.all().delete()

    assert (SiteSettings.load().name_fr, SiteSettings.load().name_nl) == ("Vigie", "Vigie")


# Documents besides the pages


def test_the_root_offers_both_languages() -> None:
    page = rendered(published("home")["/"])

    assert 'href="/fr/"' in page
    assert 'href="/nl/"' in page


@pytest.mark.parametrize("url", ["/404.html", "/500.html", "/maintenance.html"])
def test_error_pages_speak_both_languages_and_name_the_emergency_numbers(url: str) -> None:
    page = rendered(published("home")[url])

    assert 'lang="nl-BE"' in page
    assert 'href="tel:112"' in page


@pytest.mark.parametrize("template", ["404.html", "500.html"])
def test_django_s_own_error_pages_need_neither_database_nor_context(
    template: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        page = render_to_string(template)

    assert 'href="tel:112"' in page
    assert "embed.js" not in page


def test_the_manifest_names_the_site() -> None:
    settings = SiteSettings.load()
    settings.name_fr, settings.name_nl, settings.short_name = "Sécurité", "Veiligheid", "Vigie"
    settings.save()

    manifest = json.loads(rendered(published("home")["/site.webmanifest"]))

    assert (manifest["name"], manifest["short_name"]) == ("Sécurité · Veiligheid", "Vigie")


def test_the_service_worker_keeps_home_and_numbers_in_both_languages() -> None:
    numbers = EmergencyNumbersPage(
        title_fr="Numéros", title_nl="Nummers", slug_fr="numeros-urgence", slug_nl="noodnummers"
    )
    home_page().add_child(instance=numbers)

    code = rendered(published("home")["/sw.js"])

    assert '{"fr":["/fr/","/fr/numeros-urgence/"],"nl":["/nl/","/nl/noodnummers/"]}' in code


def test_the_service_worker_has_a_new_version_when_it_keeps_something_else() -> None:
    before = rendered(published("home")["/sw.js"])
    numbers = EmergencyNumbersPage(title_fr="Numéros", title_nl="Nummers")
    home_page().add_child(instance=numbers)

    after = rendered(published("home")["/sw.js"])

    assert before.split('version: "')[1][:12] != after.split('version: "')[1][:12]


def test_only_the_worker_of_devices_with_notifications_shows_them() -> None:
    plain, notifying = (rendered(published("home")[url]) for url in ("/sw.js", "/sw-push.js"))

    assert 'addEventListener("fetch"' in plain
    assert 'addEventListener("fetch"' in notifying
    assert "showNotification" not in plain
    assert "showNotification" in notifying


@pytest.mark.parametrize("url", ["/favicon.ico", "/favicon.svg"])
def test_icons_are_where_browsers_look(url: str) -> None:
    assert published("home")[url].render()


# The demonstration


@override_settings(SETTINGS_MODULE="config.settings.production")
def test_the_demonstration_is_refused_on_a_public_server() -> None:
    with pytest.raises(CommandError, match=r"config\.settings\.production"):
        call_command("load_demo", stdout=StringIO())
