"""The numbers in the CMS."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from emergency_numbers.models import EmergencyNumber, EmergencyNumbersPage
from tests.factories.users import UserFactory

LIST = "wagtailsnippets_emergency_numbers_emergencynumber:list"
EDIT = "wagtailsnippets_emergency_numbers_emergencynumber:edit"
ADD = "wagtailsnippets_emergency_numbers_emergencynumber:add"

pytestmark = pytest.mark.django_db
Entry = Callable[[str], EmergencyNumber]


def signed_in(group: str, language: str = "nl") -> Client:
    client = Client()
    client.force_login(UserFactory(groups=[group], language=language))
    return client


@pytest.fixture
def manager() -> Client:
    return signed_in("Site managers")


def form_data(number: str = "1733", **changes: object) -> dict[str, object]:
    need = EmergencyNumber.objects.get(key="101").need
    data = {
        "key": "new",
        "status": "published",
        "kind": "service",
        "need": need.pk,
        "position": 50,
        "name_fr": "Nouveau",
        "name_nl": "Nieuw",
        "purpose_fr": "Pour voir.",
        "purpose_nl": "Om te zien.",
        "lines": inline_formset([{"number": number, "confidence": "A", "source": "", "cost": ""}]),
        "channels": inline_formset([]),
    }
    return nested_form_data(data | changes) | {"lines-0-languages": ["fr", "nl"]}


def verify_url(*keys: str) -> str:
    ids = EmergencyNumber.objects.filter(key__in=keys).values_list("pk", flat=True)
    url = reverse("wagtail_bulk_action", args=["emergency_numbers", "emergencynumber", "verify"])
    return f"{url}?{'&'.join(f'id={pk}' for pk in ids)}"


def test_the_form_shows_both_languages(manager: Client, entry: Entry):
    html = manager.get(reverse(EDIT, args=[entry("doctor-on-duty").pk])).content.decode()
    for name in ("name_fr", "name_nl", "lines-0-hours_fr", "lines-0-hours_nl", "channels-0-text_nl"):
        assert f'name="{name}"' in html


def test_a_number_is_added(manager: Client):
    response = manager.post(reverse(ADD), form_data())
    assert response.status_code == 302
    stored = EmergencyNumber.objects.get(key="new")
    assert (stored.name_fr, stored.name_nl, stored.numbers()) == ("Nouveau", "Nieuw", "1733")


def test_a_number_not_to_publish_is_refused_in_the_form(manager: Client):
    response = manager.post(reverse(ADD), form_data("1955"))
    assert response.status_code == 200
    assert "1955" in str(response.context["form"].formsets["lines"].errors)
    assert not EmergencyNumber.objects.filter(key="new").exists()


def test_a_missing_language_is_refused_in_the_form(manager: Client):
    response = manager.post(reverse(ADD), form_data(purpose_nl=""))
    assert response.status_code == 200
    assert "purpose_nl" in response.context["form"].errors


def test_a_number_unknown_to_phonenumbers_is_stored_with_a_warning(manager: Client):
    response = manager.post(reverse(ADD), form_data("1999"), follow=True)
    assert EmergencyNumber.objects.filter(key="new").exists()
    levels = [message.level_tag for message in response.context["messages"]]
    assert "warning" in levels


@pytest.mark.parametrize(
    ("filters", "key", "shown"),
    [
        ("verification=overdue", "101", True),
        ("verification=to_verify", "101", False),
        ("verification=to_verify", "red-cross", True),
        ("status=unpublished", "red-cross", True),
        ("status=unpublished", "101", False),
        ("q=Antigif", "poison-centre", True),
    ],
)
def test_the_list_is_filtered(manager: Client, entry: Entry, filters: str, key: str, shown: bool):
    response = manager.get(f"{reverse(LIST)}?{filters}")
    keys = {item.key for item in response.context["object_list"]}
    assert (key in keys) is shown


def test_verified_today_by_me(manager: Client, entry: Entry):
    assert manager.get(verify_url("101", "112")).status_code == 200
    response = manager.post(verify_url("101", "112"))
    assert response.status_code == 302
    for key in ("101", "112"):
        number = entry(key)
        assert number.verified_on == timezone.localdate()
        assert str(number.verified_by.pk) == manager.session["_auth_user_id"]
        assert not number.is_overdue(timezone.localdate())


def test_a_verification_is_in_the_history(manager: Client, entry: Entry):
    manager.post(verify_url("101"))
    actions = ModelLogEntry.objects.for_instance(entry("101")).values_list("action", flat=True)
    assert "emergency_numbers.verify" in actions


def test_who_may_not_change_numbers_cannot_verify_them(entry: Entry):
    signed_in("Editors").post(verify_url("101"))
    assert entry("101").verified_on is None


@pytest.mark.parametrize("group", ["Editors", "Moderators", "Site managers"])
def test_an_overdue_verification_is_on_the_dashboard(group: str):
    assert b"overdue-numbers" in signed_in(group).get(reverse("wagtailadmin_home")).content


def test_only_who_may_change_numbers_is_sent_to_their_forms(entry: Entry):
    edit = reverse(EDIT, args=[entry("112").pk]).encode()
    assert edit in signed_in("Site managers").get(reverse("wagtailadmin_home")).content
    assert edit not in signed_in("Editors").get(reverse("wagtailadmin_home")).content


def test_the_dashboard_is_quiet_when_all_is_verified(manager: Client):
    for number in EmergencyNumber.objects.all():
        number.verify(None, timezone.localdate())
    assert b"overdue-numbers" not in manager.get(reverse("wagtailadmin_home")).content


@pytest.mark.parametrize("model", ["emergencynumber", "need", "forbiddennumber"])
def test_site_managers_see_every_list(manager: Client, model: str):
    assert manager.get(reverse(f"wagtailsnippets_emergency_numbers_{model}:list")).status_code == 200
    assert manager.get(reverse(f"wagtailsnippets_emergency_numbers_{model}:add")).status_code == 200


def test_the_page_form_offers_the_guide(manager: Client, numbers_page):
    response = manager.get(reverse("wagtailadmin_pages:edit", args=[numbers_page.pk]))
    assert b"guide" in response.content


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", "Cette page garde son adresse, que d’autres systèmes connaissent."),
        ("nl", "Deze pagina houdt haar adres, dat andere systemen kennen."),
    ],
)
def test_the_page_keeps_the_address_that_caches_and_mirrors_know(
    numbers_page: EmergencyNumbersPage, language: str, told: str
) -> None:
    url = reverse("wagtailadmin_pages:edit", args=[numbers_page.pk])
    shown = signed_in("Site managers", language).get(url).content.decode()
    for name in ("slug_fr", "slug_nl"):
        (field,) = re.findall(rf'<input[^>]* name="{name}"[^>]*>', shown)
        assert "disabled" in field
    assert shown.count(told) == 2
    numbers_page.slug_fr, numbers_page.slug_nl = "urgences", "nood"
    numbers_page.save_revision().publish()
    numbers_page.refresh_from_db()
    assert (numbers_page.slug_fr, numbers_page.slug_nl) == ("numeros-urgence", "noodnummers")
