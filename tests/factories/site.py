"""The site's page types for tests, below the home page that a migration makes: live and complete in both languages."""

from __future__ import annotations

import datetime
from typing import Any

import factory
from wagtail.models import Site

from home.models import HomePage, StandardPage
from missions.models import MissionIndexPage, MissionPage
from news.models import NewsIndexPage, NewsPage, NewsTheme
from pages.models import BilingualPage
from publications.models import PublicationIndexPage, PublicationPage
from realisations.models import RealisationIndexPage, RealisationPage, RealisationTheme
from territory.models import Municipality, PoliceZone
from tests.factories.media import DocumentFactory
from tests.factories.pages import PageFactory


def home_page() -> HomePage:
    return Site.objects.get(is_default_site=True).root_page.specific


def index_page(model: type[BilingualPage], fr: str, nl: str) -> Any:
    """The site's page of a type that it has one of, made where it is missing."""
    found = model.objects.first()
    if found is None:
        found = model(title_fr=fr, title_nl=nl)
        home_page().add_child(instance=found)
    return found


class StandardPageFactory(PageFactory):
    class Meta:
        model = StandardPage

    @classmethod
    def _create(cls, model_class: Any, *args: Any, parent: Any = None, **attrs: Any) -> Any:
        return super()._create(model_class, *args, parent=parent or home_page(), **attrs)


class MissionFactory(PageFactory):
    class Meta:
        model = MissionPage

    @classmethod
    def _create(cls, model_class: Any, *args: Any, parent: Any = None, **attrs: Any) -> Any:
        parent = parent or index_page(MissionIndexPage, "Missions", "Opdrachten")
        return super()._create(model_class, *args, parent=parent, **attrs)


class NewsThemeFactory(factory.django.DjangoModelFactory):
    name_fr = factory.Sequence(lambda number: f"Thème {number}")
    name_nl = factory.Sequence(lambda number: f"Thema {number}")
    slug_fr = factory.Sequence(lambda number: f"theme-{number}")
    slug_nl = factory.Sequence(lambda number: f"thema-{number}")

    class Meta:
        model = NewsTheme


class NewsFactory(PageFactory):
    date = datetime.date(2026, 3, 5)
    theme = factory.SubFactory(NewsThemeFactory)
    summary_fr = "En bref."
    summary_nl = "Kort."

    class Meta:
        model = NewsPage

    @classmethod
    def _create(cls, model_class: Any, *args: Any, parent: Any = None, **attrs: Any) -> Any:
        parent = parent or index_page(NewsIndexPage, "Actualités", "Nieuws")
        return super()._create(model_class, *args, parent=parent, **attrs)


class RealisationThemeFactory(NewsThemeFactory):
    class Meta:
        model = RealisationTheme


class RealisationFactory(PageFactory):
    """`RealisationFactory(places=["21004"], zones=["5340"])`: NIS codes and zone codes."""

    start = datetime.date(2025, 2, 1)
    end = datetime.date(2025, 6, 30)
    theme = factory.SubFactory(RealisationThemeFactory)

    class Meta:
        model = RealisationPage

    @classmethod
    def _create(
        cls,
        model_class: Any,
        *args: Any,
        parent: Any = None,
        places: Any = (),
        zones: Any = (),
        **attrs: Any,
    ) -> Any:
        parent = parent or index_page(RealisationIndexPage, "Réalisations", "Realisaties")
        page = super()._create(model_class, *args, parent=parent, **attrs)
        page.municipalities = list(Municipality.objects.filter(nis__in=places))
        page.police_zones = list(PoliceZone.objects.filter(code__in=zones))
        page.save()
        return page


class PublicationFactory(PageFactory):
    date = datetime.date(2026, 3, 5)
    document_fr = factory.SubFactory(DocumentFactory, language="fr", file_size=34_000)
    document_nl = factory.SubFactory(DocumentFactory, language="nl", file_size=35_000)

    class Meta:
        model = PublicationPage

    @classmethod
    def _create(cls, model_class: Any, *args: Any, parent: Any = None, **attrs: Any) -> Any:
        parent = parent or index_page(PublicationIndexPage, "Publications", "Publicaties")
        return super()._create(model_class, *args, parent=parent, **attrs)
