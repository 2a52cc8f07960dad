"""Periods of whole days."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.validity import Period

pytestmark = pytest.mark.once

days = st.dates(datetime.date(2026, 1, 1), datetime.date(2026, 1, 31))
periods = st.builds(Period, st.none() | days, st.none() | days)


@given(periods, periods, days)
def test_a_day_lies_in_the_intersection_when_it_lies_in_both(one: Period, other: Period, day: datetime.date):
    assert (day in (one & other)) == (day in one and day in other)


@given(periods, periods)
def test_intersecting_does_not_depend_on_the_order(one: Period, other: Period):
    assert one & other == other & one


@given(periods, days)
def test_a_period_that_holds_a_day_is_true(period: Period, day: datetime.date):
    if day in period:
        assert period


def test_a_period_that_ends_before_it_begins_is_false():
    assert not Period(datetime.date(2026, 2, 1), datetime.date(2026, 1, 31))


def test_a_period_of_one_day_holds_that_day():
    day = datetime.date(2026, 2, 1)
    assert day in Period(day, day)
