from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from generator import outbox
from generator.models import BuildRequest
from generator.outbox import request_build
from generator.targets import LOCK_POLL_SECONDS

State = BuildRequest.State
pytestmark = pytest.mark.django_db


def nobody(worker: str) -> bool:
    return False


def states() -> list[str]:
    return list(BuildRequest.objects.values_list("state", flat=True))


def test_a_request_is_undone_with_the_change_it_belongs_to() -> None:
    @transaction.atomic
    def publish() -> None:
        request_build("Page published: Missions")
        raise RuntimeError("the content was refused")

    with pytest.raises(RuntimeError):
        publish()
    assert states() == []


def test_a_long_reason_is_cut_rather_than_refused() -> None:
    assert len(request_build("x" * 400).reason) == 255


def test_one_claim_takes_all_that_waits() -> None:
    for number in range(3):
        request_build(str(number))
    claim = outbox.claim("me")
    assert claim
    assert claim.requests == 3
    assert states() == [State.CLAIMED] * 3


def test_two_workers_never_take_the_same_request() -> None:
    request_build("x")
    outbox.claim("one")
    assert outbox.claim("other") is None


def test_what_comes_in_during_a_build_waits_for_the_next() -> None:
    request_build("first")
    outbox.claim("me")
    request_build("second")
    outbox.finish("me", "release-1")
    assert states() == [State.DONE, State.PENDING]


def test_a_finished_request_knows_its_release() -> None:
    request = request_build("x")
    outbox.claim("me")
    outbox.finish("me", "release-1")
    request.refresh_from_db()
    assert (request.release, request.state) == ("release-1", State.DONE)
    assert request.finished_at


def test_a_failed_request_waits_longer_each_time() -> None:
    request = request_build("x")
    delays = []
    for _time in range(10):
        BuildRequest.objects.update(due_at=timezone.now())
        claim = outbox.claim("me")
        assert claim
        delays.append(outbox.fail("me", "no space", claim.attempts))
    assert delays == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    request.refresh_from_db()
    assert (request.state, request.error) == (State.FAILED, "no space")
    assert outbox.claim("me") is None


def test_a_new_request_takes_failed_ones_along_at_once() -> None:
    request_build("x")
    outbox.claim("me")
    outbox.fail("me", "no space", 5)
    request_build("y")
    claim = outbox.claim("me")
    assert claim
    assert claim.requests == 2


def test_what_is_given_back_may_be_claimed_at_once_and_is_no_failed_attempt() -> None:
    request = request_build("x")
    outbox.claim("me")
    outbox.give_back("me")
    request.refresh_from_db()
    assert (request.state, request.attempts) == (State.PENDING, 0)


def test_what_is_given_back_and_had_failed_keeps_its_time() -> None:
    request = request_build("a page that fails")
    outbox.claim("me")
    outbox.fail("me", "no template", 8)
    request_build("alert", urgent=True)
    assert outbox.claim("me")
    outbox.give_back("me")
    assert outbox.claim("me")
    outbox.give_back("me")
    request.refresh_from_db()
    assert (request.state, request.attempts) == (State.FAILED, 1)
    assert request.due_at > timezone.now() + timedelta(minutes=1)


def test_what_is_asked_for_by_a_machine_whose_clock_is_ahead_does_not_wait_for_it() -> None:
    request = request_build("alert", urgent=True)
    BuildRequest.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    assert outbox.is_urgent_waiting()
    assert outbox.is_pressing("me")
    assert outbox.claim("me")
    outbox.fail("me", "no template", 1)
    assert not outbox.claim("me")
    # As after a clock was set back by an hour.
    BuildRequest.objects.update(due_at=timezone.now() + timedelta(hours=1))
    assert outbox.is_urgent_waiting()
    assert outbox.claim("me")
    request.refresh_from_db()
    assert request.state == State.CLAIMED


def test_an_alert_that_somebody_has_taken_who_is_not_heard_of_presses() -> None:
    request_build("alert", urgent=True)
    outbox.claim("a build by hand")
    assert not outbox.is_pressing("me")
    BuildRequest.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=31))
    assert outbox.is_pressing("me")


def test_who_steps_aside_lets_a_worker_take_the_lock_that_has_given_back_what_it_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:
            assert seconds > LOCK_POLL_SECONDS
            outbox.claim("the worker")
        else:
            outbox.finish("the worker", "its release")

    request_build("alert", urgent=True)
    monkeypatch.setattr(outbox.time, "sleep", sleep)
    outbox.GivingWay("a build by hand").step_aside()
    assert len(slept) == 2


def test_a_worker_not_seen_for_long_loses_its_claim() -> None:
    request_build("x")
    outbox.claim("me")
    assert outbox.retake(nobody) == 0
    BuildRequest.objects.update(heartbeat_at=timezone.now() - outbox.STALE_AFTER - timedelta(seconds=1))
    assert outbox.retake(nobody) == 1
    assert states() == [State.PENDING]


def test_a_heartbeat_keeps_the_claim() -> None:
    request_build("x")
    outbox.claim("me")
    BuildRequest.objects.update(heartbeat_at=timezone.now() - outbox.STALE_AFTER - timedelta(seconds=1))
    outbox.Heart("me").beat()
    assert outbox.retake(nobody) == 0


def test_what_has_failed_for_long_does_not_keep_an_alert_waiting_that_fails_once() -> None:
    outbox.try_again("/fr/a/: ValueError: no summary", 12)
    request_build("alert", urgent=True)
    claim = outbox.claim("me")
    assert claim
    assert outbox.fail("me", "the disk is full", claim.attempts) == outbox.FIRST_RETRY_SECONDS


def test_a_worker_known_to_be_dead_loses_its_claim_at_once() -> None:
    request_build("x")
    outbox.claim("me")
    assert outbox.retake(lambda worker: worker == "me") == 1


def test_a_worker_that_lost_its_claim_cannot_finish_it() -> None:
    request_build("x")
    outbox.claim("slow")
    outbox.retake(lambda worker: True)
    outbox.claim("other")
    outbox.finish("slow", "release-1")
    assert states() == [State.CLAIMED]


def test_answered_requests_are_forgotten_after_a_month() -> None:
    request_build("old")
    outbox.claim("me")
    outbox.finish("me", "release-1")
    BuildRequest.objects.update(finished_at=timezone.now() - timedelta(days=31))
    request_build("new")
    outbox.forget_old_requests()
    assert states() == [State.PENDING]
