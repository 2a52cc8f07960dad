from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from generator import outbox
from generator.models import BuildRequest
from generator.outbox import request_build

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
