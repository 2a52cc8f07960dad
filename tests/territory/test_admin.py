"""Municipalities and zones in the CMS: site managers keep them."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from territory.models import Municipality, PoliceZone
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
ADD_ZONE = "wagtailsnippets_territory_policezone:add"
EDIT_MUNICIPALITY = "wagtailsnippets_territory_municipality:edit"


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(UserFactory(groups=["Site managers"]))
    return client


def zone_data(*memberships: dict[str, object]) -> dict[str, str]:
    return nested_form_data(
        {
            "code": "5999",
            "name_fr": "Bruxelles",
            "name_nl": "Brussel",
            "slug_fr": "bruxelles",
            "slug_nl": "brussel",
            "valid_from": "2028-01-01",
            "memberships": inline_formset(list(memberships)),
        }
    )


def end_all_zones() -> None:
    PoliceZone.objects.update(valid_until="2027-12-31")


@pytest.mark.parametrize("model", ["municipality", "policezone"])
def test_site_managers_see_the_lists(manager: Client, model: str):
    assert manager.get(reverse(f"wagtailsnippets_territory_{model}:list")).status_code == 200


def test_editors_may_not_change_a_municipality():
    client = Client()
    client.force_login(UserFactory(groups=["Editors"]))
    url = reverse(EDIT_MUNICIPALITY, args=[Municipality.objects.get(nis="21001").pk])
    assert client.get(url).status_code in (302, 403)


def test_postal_codes_are_edited_as_a_line(manager: Client):
    municipality = Municipality.objects.get(nis="21004")
    url = reverse(EDIT_MUNICIPALITY, args=[municipality.pk])
    assert b'value="1000, 1020, 1120, 1130"' in manager.get(url).content
    names = ("nis", "name_fr", "name_nl", "slug_fr", "slug_nl")
    data = {name: getattr(municipality, name) for name in names} | {"postal_codes": "1000 1020, 1130"}
    assert manager.post(url, data).status_code == 302
    municipality.refresh_from_db()
    assert municipality.postal_codes == ["1000", "1020", "1130"]


def test_a_merged_zone_is_added(manager: Client):
    end_all_zones()
    codes = [{"municipality": municipality.pk} for municipality in Municipality.objects.all()]
    assert manager.post(reverse(ADD_ZONE), zone_data(*codes)).status_code == 302
    assert PoliceZone.objects.get(code="5999").memberships.count() == 19


def test_a_zone_is_refused_while_another_holds_its_municipality(manager: Client):
    response = manager.post(
        reverse(ADD_ZONE), zone_data({"municipality": Municipality.objects.get(nis="21009").pk})
    )
    assert response.status_code == 200
    assert "Ixelles" in str(response.context["form"].formsets["memberships"].errors)


def test_a_municipality_stands_in_a_zone_once(manager: Client):
    end_all_zones()
    twice = {"municipality": Municipality.objects.get(nis="21009").pk}
    response = manager.post(reverse(ADD_ZONE), zone_data(twice, twice))
    assert response.status_code == 200
    assert not PoliceZone.objects.filter(code="5999").exists()


def test_a_municipality_may_come_back_after_a_while(manager: Client):
    end_all_zones()
    pk = Municipality.objects.get(nis="21009").pk
    spells = [
        {"municipality": pk, "valid_until": "2028-06-30"},
        {"municipality": pk, "valid_from": "2029-01-01"},
    ]
    assert manager.post(reverse(ADD_ZONE), zone_data(*spells)).status_code == 302
