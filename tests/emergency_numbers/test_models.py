"""What may be stored, what is in service when, and who verified it."""

import datetime
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from emergency_numbers.models import Channel, EmergencyNumber, Line
from emergency_numbers.publishing import end_activations
from generator.models import BuildRequest
from tests.factories.users import UserFactory

HOUR = datetime.timedelta(hours=1)
TODAY = datetime.date(2026, 11, 22)

pytestmark = pytest.mark.django_db
Entry = Callable[[str], EmergencyNumber]


@pytest.mark.parametrize("number", ["1955", "116006", "8112", "+32 70 344 344", "070/344.344"])
def test_a_number_not_to_publish_is_refused_in_any_spelling(entry: Entry, number: str):
    line = Line(entry=entry("101"), number=number, languages=["fr"])
    with pytest.raises(ValidationError) as refusal:
        line.full_clean()
    assert number in refusal.value.message_dict["number"][0]


def test_a_channel_to_a_number_not_to_publish_is_refused(entry: Entry):
    channel = Channel(
        entry=entry("112"), kind="sms", text_fr="SMS", text_nl="Sms", address_fr="8112", address_nl="8112"
    )
    with pytest.raises(ValidationError, match="8112"):
        channel.full_clean()


def test_a_published_entry_needs_both_languages(entry: Entry):
    number = entry("101")
    number.purpose_nl = ""
    with pytest.raises(ValidationError) as refusal:
        number.full_clean()
    assert "purpose_nl" in refusal.value.message_dict


@pytest.mark.parametrize("value", [None, ""])
def test_the_database_holds_no_published_entry_without_a_language(value: str | None):
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyNumber.objects.filter(key="101").update(name_nl=value)


def test_hours_in_one_language_only_are_refused(entry: Entry):
    line = entry("doctor-on-duty").lines.get()
    line.hours_nl = ""
    with pytest.raises(ValidationError) as refusal:
        line.full_clean()
    assert "hours_nl" in refusal.value.message_dict


def test_day_and_night_leaves_no_other_hours(entry: Entry):
    line = entry("doctor-on-duty").lines.get()
    line.around_the_clock = True
    with pytest.raises(ValidationError) as refusal:
        line.full_clean()
    assert "around_the_clock" in refusal.value.message_dict


def test_an_unknown_language_is_refused(entry: Entry):
    line = entry("101").lines.get()
    line.languages = ["fr", "tlh"]
    with pytest.raises(ValidationError, match="tlh"):
        line.full_clean()


@pytest.mark.parametrize("key", ["112", "101"])
def test_the_numbers_of_every_page_stay_published(entry: Entry, key: str):
    number = entry(key)
    number.status = EmergencyNumber.Status.UNPUBLISHED
    with pytest.raises(ValidationError) as refusal:
        number.full_clean()
    assert "status" in refusal.value.message_dict


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_is_stored_does_not_depend_on_the_active_language(entry: Entry, language: str):
    from django.utils.translation import override

    with override(language):
        entry("101").save()
    stored = EmergencyNumber.objects.rewrite(False).values_list("name", "name_fr", "name_nl").get(key="101")
    assert stored == ("Police", "Police", "Politie")


# Activation


@given(st.timedeltas(-48 * HOUR, 48 * HOUR))
def test_a_number_is_in_service_strictly_before_its_end(difference: datetime.timedelta):
    now = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
    number = EmergencyNumber(only_while_activated=True, activated_until=now + difference)
    assert number.is_activated(now) == (difference > datetime.timedelta(0))


def test_without_an_end_an_activated_number_is_not_in_service(entry: Entry, now: datetime.datetime):
    assert not entry("fire-brigade-storm").is_activated(now)


def test_an_ordinary_number_is_always_in_service(entry: Entry, now: datetime.datetime):
    assert entry("112").is_activated(now)


def test_an_ordinary_number_has_no_end_of_activation(entry: Entry, now: datetime.datetime):
    number = entry("101")
    number.activated_until = now
    with pytest.raises(ValidationError) as refusal:
        number.full_clean()
    assert "activated_until" in refusal.value.message_dict


def test_the_end_of_an_activation_asks_for_a_build(now: datetime.datetime):
    EmergencyNumber.objects.filter(key="fire-brigade-storm").update(activated_until=now)
    BuildRequest.objects.all().delete()
    assert end_activations(now) == 1
    assert BuildRequest.objects.count() == 1


def test_an_activation_that_lasts_asks_for_nothing(now: datetime.datetime):
    EmergencyNumber.objects.filter(key="fire-brigade-storm").update(activated_until=now + HOUR)
    BuildRequest.objects.all().delete()
    assert end_activations(now) == 0
    assert BuildRequest.objects.count() == 0


# Verification


def test_a_published_number_that_nobody_verified_is_overdue(entry: Entry):
    assert entry("101").is_overdue(TODAY)


def test_a_verification_names_who_and_until_when(entry: Entry):
    user = UserFactory()
    entry("101").verify(user, TODAY)
    number = entry("101")
    assert (number.verified_by, number.verified_on) == (user, TODAY)
    assert number.verify_again_by > TODAY


@pytest.mark.parametrize(("days", "overdue"), [(-1, True), (0, True), (1, False)])
def test_a_verification_runs_out(entry: Entry, days: int, overdue: bool):
    EmergencyNumber.objects.filter(key="101").update(
        verified_on=TODAY - datetime.timedelta(days=100),
        verify_again_by=TODAY + datetime.timedelta(days=days),
    )
    assert entry("101").is_overdue(TODAY) is overdue
    assert EmergencyNumber.objects.overdue(TODAY).filter(key="101").exists() is overdue


def test_what_is_unpublished_is_never_overdue(entry: Entry):
    assert not entry("red-cross").is_overdue(TODAY)


def test_a_verification_survives_the_account(entry: Entry):
    user = UserFactory()
    entry("101").verify(user, TODAY)
    user.delete()
    assert (entry("101").verified_by, entry("101").verified_on) == (None, TODAY)


def test_the_day_to_verify_again_comes_after_the_verification(entry: Entry):
    number = entry("101")
    number.verified_on = number.verify_again_by = TODAY
    with pytest.raises(ValidationError) as refusal:
        number.full_clean()
    assert "verify_again_by" in refusal.value.message_dict


# Builds


@pytest.mark.parametrize("key", ["101", "red-cross"])
def test_a_change_asks_for_a_build(entry: Entry, key: str):
    BuildRequest.objects.all().delete()
    entry(key).lines.get().save()
    assert BuildRequest.objects.exists()


def test_a_change_that_is_undone_asks_for_none(entry: Entry):
    BuildRequest.objects.all().delete()
    with transaction.atomic():
        entry("101").save()
        transaction.set_rollback(True)
    assert not BuildRequest.objects.exists()
