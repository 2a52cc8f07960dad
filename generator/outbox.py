"""Asking for builds, and the worker's side of it: claim, heartbeat, finish. Every step is one UPDATE, so that
two workers never answer the same request."""

import os
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from generator import registry, waking
from generator.models import BuildRequest

HEARTBEAT_SECONDS = 10.0
STALE_AFTER = timedelta(minutes=2)
"""A worker that has not been seen for so long is taken for dead."""
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 2, 300
KEPT = timedelta(days=30)
LONGEST_REASON = 255
GIVE_WAY_SECONDS = 0.25
"""How often a build looks whether it is to give way."""
ASIDE_SECONDS = 30.0
"""Longer than an alert and its band take on a large site."""
ASIDE_AT_LEAST_SECONDS = 0.3
"""Longer than who waits for the lock takes to look at it (generator.targets.LOCK_POLL_SECONDS)."""
GIVEN_WAY_AT_MOST = 5
"""How often one after the other: then a build is finished, so that what is not urgent becomes live too."""
FAILED_PAGES = "pages that failed"
"""The reason of the request that tries them again."""

UNASKED = "something that the site shows"
"""The reason of the request for what was changed by a route that asks for nothing itself."""

TOLD_FAILURES = 20

State = BuildRequest.State
WAITING = (State.PENDING, State.FAILED)
SILENT_SECONDS = 3 * HEARTBEAT_SECONDS
"""Who has taken something urgent and is not heard of for so long may hang."""


class Claim(NamedTuple):
    """What a worker has taken: how many requests, and the fewest attempts that one of them has seen."""

    requests: int
    attempts: int


WorkerTest = Callable[[str], bool]


def worker_name() -> str:
    """A name to claim with, which tells other workers of this machine whether its process lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def _due() -> Q:
    """What waits and may be built. What failed has a time, unless it is one that no delay reaches: a clock was set
    back. What was asked for has none: the clock of the machine that asked may be ahead."""
    now = timezone.now()
    latest = now + timedelta(seconds=LAST_RETRY_SECONDS)
    return Q(state=State.PENDING) | Q(state=State.FAILED) & (Q(due_at__lte=now) | Q(due_at__gt=latest))


def _claimed(worker: str) -> QuerySet[BuildRequest]:
    return BuildRequest.objects.filter(state=State.CLAIMED, claimed_by=worker)


def request_build(reason: str, *, urgent: bool = False) -> BuildRequest:
    """Ask for a build. Call it in the transaction that changes the content: both are stored, or neither.

    `reason` is for people, as in "Page published: Missions"; what is beyond 255 characters is cut. For what is `urgent`
    a build under way gives way.
    """
    request = BuildRequest.objects.create(reason=reason[:LONGEST_REASON], is_urgent=urgent)
    waking.tell()
    return request


def claim(worker: str, *, early: bool = False) -> Claim | None:
    """Take all waiting requests as soon as one is due, or `early`, before that; None when none is."""
    now = timezone.now()
    if not early and not BuildRequest.objects.filter(_due()).exists():
        return None
    taken = BuildRequest.objects.filter(state__in=WAITING).update(
        state=State.CLAIMED, claimed_by=worker, heartbeat_at=now, attempts=F("attempts") + 1
    )
    if not taken:
        return None
    # What has failed for long is not to keep an alert that fails once from being tried again soon.
    attempts = min(_claimed(worker).values_list("attempts", flat=True))
    return Claim(taken, attempts)


def is_urgent_waiting(holder: str = "") -> bool:
    """Whether something on which lives depend has been asked for and nobody builds it; nor can who has taken it, while
    the `holder` builds."""
    waiting = _due()
    if holder:
        waiting |= Q(state=State.CLAIMED) & ~Q(claimed_by=holder)
    return BuildRequest.objects.filter(waiting, is_urgent=True).exists()


def is_pressing(worker: str) -> bool:
    """Whether something on which lives depend waits for this worker, taken or not, or was taken by another one that is
    not heard of. Not where the database does not answer."""
    silent_since = timezone.now() - timedelta(seconds=SILENT_SECONDS)
    taken = Q(claimed_by=worker) | Q(heartbeat_at__lt=silent_since)
    due = _due() | Q(state=State.CLAIMED) & taken
    try:
        return BuildRequest.objects.filter(due, is_urgent=True).exists()
    except (DatabaseError, InterfaceError):
        return False


class GivingWay:
    """Whether a build is to give way, because something `is_urgent_waiting`. Asks the database seldom; where that is
    away, the build goes on. So does a first build: what is urgent can be no sooner.

    A `holder` builds beside a worker, which takes what is asked for within milliseconds, and then waits for it."""

    def __init__(self, holder: str = "") -> None:
        self.holder = holder
        self.given_way = 0
        self._due = 0.0
        self._is_first = False

    def begin(self, live: str | None) -> None:
        """A build begins; `live` is the release before it."""
        self._due = time.monotonic() + GIVE_WAY_SECONDS
        self._is_first = live is None

    def is_due(self) -> bool:
        now = time.monotonic()
        if self._is_first or now < self._due or self.given_way >= GIVEN_WAY_AT_MOST:
            return False
        self._due = now + GIVE_WAY_SECONDS
        try:
            return is_urgent_waiting(self.holder)
        except (DatabaseError, InterfaceError):
            return False

    def step_aside(self) -> None:
        """Return when nobody else has something urgent to build; soon in any case, for who has taken it may be dead. A
        worker that waits for the lock has given back what it had taken, and takes it again with the lock."""
        until = time.monotonic() + ASIDE_SECONDS
        time.sleep(ASIDE_AT_LEAST_SECONDS)
        others = BuildRequest.objects.filter(is_urgent=True, state=State.CLAIMED).exclude(
            claimed_by=self.holder
        )
        while others.exists():
            if time.monotonic() >= until:
                # What is left to wait for is what nobody has taken.
                self.holder = ""
                return
            time.sleep(ASIDE_SECONDS / 300)


class Heart:
    """Says that what the worker has claimed is being built. A row a document would be slow: at most one every
    HEARTBEAT_SECONDS. The database may be away meanwhile."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._due = 0.0

    def beat(self) -> None:
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + HEARTBEAT_SECONDS
            with suppress(DatabaseError, InterfaceError):
                _claimed(self._worker).update(heartbeat_at=timezone.now())


def finish(worker: str, release: str) -> None:
    """What the worker claimed is live in `release`."""
    _claimed(worker).update(
        state=State.DONE, release=release, error="", claimed_by="", finished_at=timezone.now()
    )


def fail(worker: str, error: str, attempts: int) -> float:
    """What the worker claimed failed with `error`; it is due again after the returned seconds, longer each
    time."""
    delay = _delay(attempts)
    due_at = timezone.now() + timedelta(seconds=delay)
    _claimed(worker).update(state=State.FAILED, error=error, claimed_by="", due_at=due_at)
    return delay


def try_again(error: str, attempts: int) -> float:
    """Some pages failed with `error` while the rest became live: they are tried again after the returned seconds,
    longer each time."""
    delay = _delay(attempts)
    BuildRequest.objects.create(
        reason=FAILED_PAGES,
        state=State.FAILED,
        error=error,
        attempts=attempts,
        due_at=timezone.now() + timedelta(seconds=delay),
    )
    return delay


def told(failures: Sequence[object]) -> str:
    """What `fail` and `try_again` take: a failure a line, the first twenty."""
    lines = [str(failure) for failure in failures[:TOLD_FAILURES]]
    more = len(failures) - len(lines)
    return "\n".join([*lines, *([f"and {more} more"] if more else [])])


def _delay(attempts: int) -> float:
    return min(FIRST_RETRY_SECONDS * 2.0 ** min(attempts - 1, 16), LAST_RETRY_SECONDS)


def give_back(worker: str) -> None:
    """The worker stops before it has built what it claimed: another one may at once. What had failed before keeps its
    time."""
    held = _claimed(worker)
    held.exclude(error="").update(state=State.FAILED, claimed_by="", attempts=F("attempts") - 1)
    held.update(state=State.PENDING, claimed_by="", attempts=F("attempts") - 1)


def is_dead(asking: str, worker: str) -> bool:
    """Whether the `worker` is one of this machine and gone, which another one is `asking`. Of other machines only their
    heartbeat tells."""
    host, _separator, rest = worker.partition(":")
    pid = rest.partition(":")[0]
    if worker == asking or host != socket.gethostname() or not pid.isdigit():
        return False
    if int(pid) == os.getpid():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def retake(is_dead: WorkerTest) -> int:
    """Free what dead workers had claimed: not seen for two minutes, or known to be dead. How many
    requests."""
    now = timezone.now()
    freed = 0
    workers = (
        BuildRequest.objects.filter(state=State.CLAIMED)
        .values_list("claimed_by")
        .annotate(Min("heartbeat_at"))
    )
    for worker, seen_at in workers.order_by():
        if seen_at is None or seen_at < now - STALE_AFTER or is_dead(worker):
            freed += _claimed(worker).update(state=State.PENDING, claimed_by="", due_at=now)
    return freed


def is_asked() -> bool:
    """Whether a build was asked for and nobody has taken that yet. What has failed does not count: it may wait long."""
    return BuildRequest.objects.filter(state=State.PENDING).exists()


def is_idle() -> bool:
    """Whether nothing waits and nothing is being built."""
    return not BuildRequest.objects.exclude(state=State.DONE).exists()


@registry.periodic("generator.forget_old_requests", seconds=24 * 60 * 60)
def forget_old_requests() -> int:
    """Delete requests that were answered a month ago. How many."""
    return BuildRequest.objects.filter(state=State.DONE, finished_at__lt=timezone.now() - KEPT).delete()[0]
