"""The state table: what may follow what, and what the clock does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.lifecycle import TRANSITIONS, Kind, Sent, State, TransitionRefused, after, next_change, state_at

pytestmark = pytest.mark.once

BRUSSELS = ZoneInfo("Europe/Brussels")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALLOWED = [
    (State.DRAFT, Kind.ALERT, State.ACTIVE),
    (State.ACTIVE, Kind.UPDATE, State.ACTIVE),
    (State.ACTIVE, Kind.ALL_CLEAR, State.ENDED),
    (State.ACTIVE, Kind.CANCEL, State.CANCELLED),
]


def sent(kind: Kind, at: datetime = NOON, lasting: timedelta = HOUR) -> Sent:
    return Sent(kind, at, at + lasting)


@pytest.mark.parametrize(("state", "kind", "leads_to"), ALLOWED)
def test_a_message_that_may_follow_leads_to_its_state(state, kind, leads_to):
    assert after(state, kind) is leads_to


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", Kind)
def test_every_other_message_is_refused_by_name(state, kind):
    if (state, kind) in {(before, what) for before, what, _after in ALLOWED}:
        return
    with pytest.raises(TransitionRefused, match=rf"{state} .*'{kind}'"):
        after(state, kind)


def test_the_table_knows_every_state():
    assert set(TRANSITIONS) == set(State)


def test_an_alert_without_messages_is_a_draft():
    assert state_at([], NOON) is State.DRAFT


def test_what_was_sent_counts_for_a_clock_that_is_behind():
    messages = [sent(Kind.ALERT)]
    assert state_at(messages, NOON - timedelta(minutes=5)) is State.ACTIVE
    messages.append(sent(Kind.ALL_CLEAR))
    assert state_at(messages, NOON - timedelta(minutes=5)) is State.ENDED


def test_an_alert_is_active_until_and_not_at_its_expiry():
    messages = [sent(Kind.ALERT)]
    assert state_at(messages, NOON) is State.ACTIVE
    assert state_at(messages, NOON + HOUR - timedelta(microseconds=1)) is State.ACTIVE
    assert state_at(messages, NOON + HOUR) is State.EXPIRED


def test_an_update_replaces_the_expiry_of_what_it_updates():
    messages = [sent(Kind.ALERT, lasting=3 * HOUR), sent(Kind.UPDATE, NOON + HOUR)]
    assert state_at(messages, NOON + 2 * HOUR) is State.EXPIRED
    assert next_change(messages, NOON + HOUR) == NOON + 2 * HOUR


@pytest.mark.parametrize(("kind", "state"), [(Kind.ALL_CLEAR, State.ENDED), (Kind.CANCEL, State.CANCELLED)])
def test_what_has_ended_stays_so_after_its_expiry(kind, state):
    messages = [sent(Kind.ALERT), sent(kind, NOON + timedelta(minutes=5))]
    assert state_at(messages, NOON + 100 * HOUR) is state
    assert next_change(messages, NOON + timedelta(minutes=10)) is None


def test_the_hour_that_comes_twice_is_two_hours():
    """2026-10-25: 02:30 in Brussels is 00:30 UTC, and once more 01:30 UTC."""
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BRUSSELS, fold=0)
    second = first.replace(fold=1)
    assert first.astimezone(UTC).hour == 0
    assert second.astimezone(UTC).hour == 1
    messages = [Sent(Kind.ALERT, datetime(2026, 10, 24, 23, tzinfo=UTC), second.astimezone(UTC))]
    assert state_at(messages, first.astimezone(UTC)) is State.ACTIVE
    assert state_at(messages, second.astimezone(UTC)) is State.EXPIRED


def test_the_hour_that_does_not_exist_lasts_no_time():
    """2027-03-28: one second after 01:59:59 it is 03:00:00; 02:30 is the instant of 03:30."""
    before = datetime(2027, 3, 28, 1, 59, 59, tzinfo=BRUSSELS).astimezone(UTC)
    expires = datetime(2027, 3, 28, 3, 0, tzinfo=BRUSSELS).astimezone(UTC)
    assert expires - before == timedelta(seconds=1)
    missing = datetime(2027, 3, 28, 2, 30, tzinfo=BRUSSELS).astimezone(UTC)
    messages = [Sent(Kind.ALERT, before, expires)]
    assert state_at(messages, before) is State.ACTIVE
    assert state_at(messages, expires) is State.EXPIRED
    assert state_at(messages, missing) is State.EXPIRED


steps = st.lists(st.tuples(st.sampled_from(Kind), st.integers(0, 90), st.integers(1, 240)), max_size=8)


@given(steps, st.integers(-10, 600))
def test_a_chain_made_by_the_rules_has_one_state_at_every_instant(wanted, minute):
    messages, now = [], NOON
    for kind, pause, lasting in wanted:
        now += timedelta(minutes=pause)
        try:
            after(state_at(messages, now), kind)
        except TransitionRefused:
            continue
        messages.append(Sent(kind, now, now + timedelta(minutes=lasting)))
    instant = NOON + timedelta(minutes=minute)
    known = [message for message in messages if message.sent <= instant]
    state = state_at(known, instant)
    assert (state is State.DRAFT) == (not known)
    if known:
        assert known[0].kind is Kind.ALERT
        assert (state is State.ACTIVE) == (
            known[-1].kind in {Kind.ALERT, Kind.UPDATE} and instant < known[-1].expires
        )
        assert all(message.kind is Kind.UPDATE for message in known[1:-1])
        if change := next_change(known, instant):
            assert state_at(known, change) is State.EXPIRED
