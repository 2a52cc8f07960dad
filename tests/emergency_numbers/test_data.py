"""The numbers as the migration leaves them."""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps

from emergency_numbers.models import Channel, EmergencyNumber, ForbiddenNumber, Line, refuse_incomplete
from emergency_numbers.spelling import key

COMPILED = json.loads(Path("emergency_numbers/data/emergency_numbers.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.django_db
Entry = Callable[[str], EmergencyNumber]


def test_every_compiled_number_is_stored_once():
    stored = sorted(Line.objects.values_list("number", flat=True))
    compiled = [row["number"] for row in COMPILED["numbers"]]
    assert stored == sorted([*compiled, "verdacht@safeonweb.be", "suspicious@safeonweb.be"])


def test_confidence_and_source_are_the_compiled_ones():
    rows = {row["number"]: row for row in COMPILED["numbers"]}
    for line in Line.objects.filter(number__in=rows):
        assert (line.confidence, line.source) == (
            rows[line.number]["confidence"][0],
            rows[line.number]["source"],
        )


def test_what_is_of_confidence_c_arrives_unpublished_and_to_verify(entry: Entry):
    assert entry("red-cross").status == EmergencyNumber.Status.UNPUBLISHED
    assert entry("red-cross").is_to_verify()


def test_everything_else_arrives_published():
    unpublished = EmergencyNumber.objects.exclude(status="published").values_list("key", flat=True)
    assert list(unpublished) == ["red-cross"]


@pytest.mark.parametrize(
    ("number", "detail"), [("103", "hours"), ("1712", "hours"), ("1722", "cost"), ("1771", "cost")]
)
def test_a_detail_of_confidence_c_is_to_verify(number: str, detail: str):
    assert getattr(Line.objects.get(number=number), f"{detail}_to_verify")


def test_french_and_dutch_lines_of_a_need_are_one_entry(entry: Entry):
    assert [line.number for line in entry("suicide").lines.all()] == ["0800 32 123", "1813"]
    assert [line.languages for line in entry("suicide").lines.all()] == [["fr"], ["nl"]]


def test_the_list_of_numbers_not_to_publish_is_stored():
    stored = {key(number) for number in ForbiddenNumber.objects.values_list("number", flat=True)}
    assert stored == {"1955", "116006", "8112", "8101", "+3270344344"}


def test_loading_again_changes_nothing(entry: Entry):
    EmergencyNumber.objects.filter(key="101").update(name_fr="Police fédérale et locale")
    counts = [model.objects.count() for model in (EmergencyNumber, Line, Channel, ForbiddenNumber)]
    import_module("emergency_numbers.migrations.0002_numbers").load(apps, None)
    assert [model.objects.count() for model in (EmergencyNumber, Line, Channel, ForbiddenNumber)] == counts
    assert entry("101").name_fr == "Police fédérale et locale"


def test_every_entry_is_complete_in_both_languages():
    for model in (EmergencyNumber, Line, Channel):
        for row in model.objects.all():
            refuse_incomplete(row)


def test_every_entry_passes_its_own_validation():
    for model in (EmergencyNumber, Line, Channel):
        for row in model.objects.all():
            row.full_clean()


def test_the_untranslated_columns_hold_the_french():
    rows = EmergencyNumber.objects.rewrite(False).values_list("name", "name_fr")
    assert all(bare == french for bare, french in rows)
