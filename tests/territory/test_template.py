"""The map with its text list, as templates show it."""

import datetime
import re

import pytest
from django.template import engines
from django.utils import timezone
from django.utils.translation import override

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
SOURCE = '{% from "components/territory.html" import territory %}{{ territory(codes, now) }}'


@pytest.mark.parametrize(("language", "name", "zone"), [("fr", "Uccle", "Marlow"), ("nl", "Ukkel", "Marlow")])
def test_the_list_says_what_the_map_marks(language: str, name: str, zone: str):
    with override(language):
        html = engines["public"].from_string(SOURCE).render({"codes": ["21016"], "now": NOW})
    assert re.search(rf"<dd>\s*{name}\s*</dd>", html)
    assert zone in html
    assert 'class="map__on"' in html


def test_the_day_is_the_local_one():
    from territory.maps import territory_groups
    from territory.models import PoliceZone

    PoliceZone.objects.filter(code="5342").update(valid_until=datetime.date(2026, 11, 22))
    late = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)
    assert timezone.localtime(late).date() == datetime.date(2026, 11, 23)
    assert territory_groups(["21016"], late)[0].zone is None
