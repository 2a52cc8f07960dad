"""`load_demo`: everything live in both languages; a second run changes nothing."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Revision

from emergency_numbers.models import EmergencyNumbersPage
from home.demo import content
from home.management.commands.load_demo import ACCOUNTS, PASSWORD
from members.models import User
from missions.models import MissionPage
from news.models import NewsPage
from pages.graph import SiteGraph
from pages.models import BilingualPage
from publications.models import PublicationPage
from realisations.models import RealisationPage
from tests.factories.rendering import published, rendered
from tests.factories.site import home_page

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The demonstration, loaded once and undone after these tests."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        call_command("load_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.mark.usefixtures("loaded")
class TestLoaded:
    def test_every_page_is_live(self) -> None:
        assert not BilingualPage.objects.filter(live=False).exists()
        assert len(SiteGraph.load()) == len(list(content.pages()))

    def test_it_holds_what_was_promised(self) -> None:
        found = [model.objects.count() for model in (MissionPage, RealisationPage, NewsPage, PublicationPage)]

        assert found == [6, 12, 10, 4]

    def test_lists_and_the_search_are_in_the_menu_in_both_languages(self) -> None:
        for language in ("fr", "nl"):
            labels = [item.label for item in SiteGraph.load().menu(language)]
            assert labels == [
                getattr(index, f"title_{language}") for index in (*content.INDEXES, content.SEARCH)
            ]

    def test_the_guide_leads_to_numbers(self) -> None:
        assert len(EmergencyNumbersPage.objects.get().guide) >= 10

    @pytest.mark.once
    def test_every_page_renders_in_both_languages(self) -> None:
        for document in published("pages").values():
            assert "<h1" in rendered(document)

    def test_a_second_run_changes_nothing(self) -> None:
        def state() -> list[Any]:
            return [
                Revision.objects.count(),
                get_image_model().objects.count(),
                get_document_model().objects.count(),
                User.objects.count(),
                home_page().latest_revision_id,
            ]

        before = state()
        told = StringIO()
        call_command("load_demo", stdout=told)

        assert state() == before
        assert told.getvalue().count("(0 new)") == told.getvalue().count(" new)")

    def test_each_role_has_an_account(self) -> None:
        for name, group, _language in ACCOUNTS:
            user = authenticate(username=name, password=PASSWORD)
            assert user is not None
            assert [each.name for each in user.groups.all()] == ([group] if group else [])
