"""What the public may see, at a moment."""

import datetime
import logging
from collections.abc import Callable

import pytest

from emergency_numbers.directory import Directory
from emergency_numbers.models import EmergencyNumber, ForbiddenNumber, Line

HOUR = datetime.timedelta(hours=1)

pytestmark = pytest.mark.django_db


def activate(until: datetime.datetime | None) -> None:
    EmergencyNumber.objects.filter(key="fire-brigade-storm").update(activated_until=until)


def test_112_and_101_come_first(directory: Directory):
    assert [entry.number for entry in directory.emergencies] == ["112", "101"]


def test_what_is_unpublished_is_not_there(directory: Directory):
    assert directory.entry("red-cross") is None


def test_details_to_verify_are_not_there(directory: Directory):
    line = directory.entry("children-listening").lines[0]
    assert not line.hours
    assert not line.around_the_clock
    assert directory.entry("fire-brigade-storm").lines[0].cost == ""


def test_channels_to_verify_are_not_there(directory: Directory):
    assert [channel.languages for channel in directory.entry("listening").channels] == [("nl",)]


def test_a_sender_is_never_callable(directory: Directory):
    assert not directory.entry("be-alert").is_callable
    assert "be-alert" in {entry.key for entry in directory.senders}


def test_an_old_number_is_known_and_not_shown(directory: Directory):
    assert directory.entry("100").replaced_by == "112"
    assert "100" not in {entry.key for entry in directory.callable}


def test_a_number_that_is_not_activated_is_not_callable(directory: Directory):
    assert {entry.key for entry in directory.dormant} == {"fire-brigade-storm", "crisis-information"}


def test_an_activated_number_is_callable_until_its_end(now: datetime.datetime):
    activate(now + HOUR)
    assert Directory.at(now).entry("fire-brigade-storm").is_callable
    assert not Directory.at(now + HOUR).entry("fire-brigade-storm").is_callable


def test_activated_numbers_come_right_after_112_and_101(now: datetime.datetime):
    activate(now + HOUR)
    assert Directory.at(now).groups[0].need.key == "crisis"


def test_a_past_end_is_not_told(now: datetime.datetime):
    activate(now - HOUR)
    assert Directory.at(now).entry("fire-brigade-storm").activated_until is None


def test_a_forbidden_number_that_got_stored_is_left_out(
    now: datetime.datetime, caplog: pytest.LogCaptureFixture
):
    ForbiddenNumber.objects.create(number="1733", why="closed")
    with caplog.at_level(logging.ERROR):
        assert Directory.at(now).entry("doctor-on-duty") is None
    assert "1733" in caplog.text


def test_the_line_of_the_reader_comes_first(directory: Directory):
    lines = directory.entry("suicide").lines_for("nl")
    assert [line.number for line in lines] == ["1813", "0800 32 123"]


def test_text_routes_are_each_named_once(directory: Directory):
    assert [channel.kind for channel in directory.text_routes] == ["app", "sms"]


def test_no_verification_date_while_one_number_was_never_verified(now: datetime.datetime):
    EmergencyNumber.objects.exclude(key="101").update(verified_on=now.date())
    assert Directory.at(now).verified_on is None


def test_the_verification_date_is_the_oldest(now: datetime.datetime):
    EmergencyNumber.objects.update(verified_on=now.date())
    EmergencyNumber.objects.filter(key="101").update(verified_on=datetime.date(2026, 10, 1))
    assert Directory.at(now).verified_on == datetime.date(2026, 10, 1)


def test_reading_it_takes_four_queries(now: datetime.datetime, django_assert_num_queries):
    with django_assert_num_queries(4):
        Directory.at(now)


def test_an_entry_without_lines_is_left_out(now: datetime.datetime):
    Line.objects.filter(entry__key="card-stop").delete()
    assert Directory.at(now).entry("card-stop") is None


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_texts_follow_the_active_language(directory: Directory, language: str, settings: object):
    from django.utils.translation import override

    with override(language):
        assert str(directory.entry("101").name) == {"fr": "Police", "nl": "Politie"}[language]


def test_the_entry_of_a_key_is_found(directory: Directory):
    lookup: Callable[[str], object] = directory.entry
    assert lookup("nothing") is None


@pytest.mark.parametrize(("key", "facts"), [("112", 2), ("suspicious-message", 1), ("doctor-on-duty", 5)])
def test_facts_leave_out_what_goes_without_saying(directory: Directory, key: str, facts: int):
    assert len(directory.entry(key).lines[0].facts) == facts
