"""What `phonenumbers` advises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency_numbers.checks import findings
from emergency_numbers.models import Line
from emergency_numbers.spelling import validate_number


@pytest.mark.parametrize("number", ["112", "101", "1733", "116 000", "02 535 45 42", "00800 2123 2123"])
def test_a_number_in_use_raises_nothing(number: str):
    assert findings(number) == []


def test_an_unknown_number_is_advice_not_refusal():
    assert [finding.code for finding in findings("1955")] == ["unknown"]


def test_a_sourced_tariff_is_never_questioned():
    assert findings("070 245 245", "free", "antigifcentrum.be/over-ons") == []


def test_an_unsourced_tariff_that_differs_is_questioned():
    assert [finding.code for finding in findings("070 245 245", "free", "")] == ["tariff"]


def test_an_address_is_not_judged():
    assert findings("verdacht@safeonweb.be") == []


@pytest.mark.django_db
def test_no_published_line_raises_a_finding():
    found = {line.number: line.findings() for line in Line.objects.filter(entry__status="published")}
    assert {number: advice for number, advice in found.items() if advice} == {}


@given(st.from_regex(r"\+?[0-9]{1,20}", fullmatch=True))
def test_whatever_can_be_dialled_is_judged_without_an_error(number: str):
    validate_number(number)
    assert all(finding.message for finding in findings(number, "free"))
