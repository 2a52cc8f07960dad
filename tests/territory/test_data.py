"""The reference data as the migration leaves it, and the questions asked of it by date."""

import csv
import datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from generator.models import BuildRequest
from territory.maps import Territory, territory_groups
from territory.models import Municipality, PoliceZone, ZoneMembership, municipalities_on, zone_on, zones_on

TODAY = datetime.date(2026, 11, 22)
MERGER = datetime.date(2028, 1, 1)
DATA = Path("territory/data")

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged() -> PoliceZone:
    """The six zones end, one takes over all municipalities."""
    PoliceZone.objects.update(valid_until=MERGER - datetime.timedelta(days=1))
    zone = PoliceZone(
        code="5999",
        name_fr="Bruxelles",
        name_nl="Brussel",
        slug_fr="bruxelles",
        slug_nl="brussel",
        valid_from=MERGER,
    )
    zone.save()
    for municipality in Municipality.objects.all():
        ZoneMembership.objects.create(zone=zone, municipality=municipality, valid_from=MERGER)
    return zone


def test_every_municipality_of_the_file_is_loaded_with_its_zone():
    with (DATA / "municipalities_police_zones.csv").open(encoding="utf-8") as file:
        wanted = {
            (row["nis"], row["name_fr"], row["name_nl"], row["police_zone_code"])
            for row in csv.DictReader(file)
        }
    loaded = {
        (item.nis, item.name_fr, item.name_nl, item.zone_on(TODAY).code)
        for item in Municipality.objects.all()
    }
    assert loaded == wanted
    assert len(loaded) == 19


def test_postal_codes_are_a_list():
    assert Municipality.objects.get(nis="21004").postal_codes == ["1000", "1020", "1120", "1130"]


def test_slugs_follow_each_language():
    municipality = Municipality.objects.get(nis="21012")
    assert (municipality.slug_fr, municipality.slug_nl) == ("molenbeek-saint-jean", "sint-jans-molenbeek")


def test_loading_again_changes_nothing():
    Municipality.objects.filter(nis="21001").update(name_fr="Corrigé", name="Corrigé")
    import_module("territory.migrations.0002_reference_data").load(apps, None)
    assert Municipality.objects.count() == 19
    assert ZoneMembership.objects.count() == 19
    assert Municipality.objects.get(nis="21001").name_fr == "Corrigé"


def test_six_zones_exist_today():
    assert [zone.code for zone in zones_on(TODAY)] == ["5339", "5340", "5341", "5342", "5343", "5344"]


def test_a_zone_knows_its_municipalities():
    zone = PoliceZone.objects.get(code="5339")
    assert [item.name_fr for item in zone.municipalities_on(TODAY)] == ["Bruxelles", "Ixelles"]


def test_an_unknown_municipality_has_no_zone():
    assert zone_on("99999", TODAY) is None


def test_the_last_day_before_a_merger_knows_the_old_zone(merged: PoliceZone):
    assert zone_on("21009", MERGER - datetime.timedelta(days=1)).code == "5339"


def test_the_first_day_of_a_merger_knows_the_new_zone(merged: PoliceZone):
    assert zone_on("21009", MERGER) == merged
    assert merged.municipalities_on(MERGER).count() == 19
    assert list(zones_on(MERGER)) == [merged]


def test_a_zone_that_has_ended_has_no_municipalities(merged: PoliceZone):
    assert not PoliceZone.objects.get(code="5339").municipalities_on(MERGER).exists()


def test_a_municipality_that_has_ended_is_not_listed():
    Municipality.objects.filter(nis="21011").update(valid_until=TODAY)
    assert municipalities_on(TODAY).count() == 19
    assert municipalities_on(TODAY + datetime.timedelta(days=1)).count() == 18


def test_a_membership_on_days_of_another_is_refused():
    zone = PoliceZone.objects.get(code="5341")
    municipality = Municipality.objects.get(nis="21009")
    with pytest.raises(ValidationError, match="Ixelles"):
        ZoneMembership(zone=zone, municipality=municipality).full_clean()


def test_a_membership_after_the_end_of_the_other_zone_is_accepted(merged: PoliceZone):
    merged.memberships.get(municipality__nis="21009").full_clean()


def test_a_period_that_ends_before_it_begins_is_refused():
    zone = PoliceZone.objects.get(code="5341")
    zone.valid_from, zone.valid_until = TODAY, TODAY - datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="2026-11-21"):
        zone.full_clean()


def test_a_postal_code_of_three_digits_is_refused():
    municipality = Municipality.objects.get(nis="21009")
    municipality.postal_codes = ["105"]
    with pytest.raises(ValidationError, match="postal_codes"):
        municipality.full_clean()


def test_groups_follow_the_zones_of_the_date(merged: PoliceZone):
    codes = ["21009", "21004", "21016", "99999"]
    before = territory_groups(codes, TODAY)
    after = territory_groups(codes, MERGER)
    assert [(group.zone.code, [place.name for place in group.municipalities]) for group in before] == [
        ("5339", ["Bruxelles", "Ixelles"]),
        ("5342", ["Uccle"]),
    ]
    assert [(group.zone.code, len(group.municipalities)) for group in after] == [("5999", 3)]


def test_a_municipality_without_zone_is_listed_last():
    ZoneMembership.objects.filter(municipality__nis="21001").delete()
    groups = territory_groups(["21001", "21016"], TODAY)
    assert groups[-1].zone is None
    assert [place.code for place in groups[-1].municipalities] == ["21001"]


def test_the_territory_of_a_day_takes_three_queries(django_assert_num_queries):
    with django_assert_num_queries(3):
        territory = Territory.on(TODAY)
    assert territory.codes_of_zone("5342") == ["21002", "21016", "21017"]


def test_a_change_asks_for_a_build():
    BuildRequest.objects.all().delete()
    Municipality.objects.get(nis="21001").save()
    assert BuildRequest.objects.count() == 1
