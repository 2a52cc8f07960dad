"""From the ledger to every channel, at least once, and no message twice for whoever reads it.

`enqueue` writes a delivery a channel in the transaction of the message. `deliver`, called by the worker, waits until
the public can read the message (alerts.delivery.liveness), writes down whom it concerns, and reaches them in batches:
each is claimed before it is tried and marked right after. What a killed worker had claimed is tried again after
CLAIM_HOLDS; only that may leave twice, under the same key (a notification's tag, a mail's Message-ID).
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext

from alerts.delivery.channels import CHANNELS, Channel, Gone, Refused, Send, Unavailable
from alerts.delivery.liveness import is_live
from alerts.delivery.models import AlertDelivery, ChannelName, Recipient
from generator import registry
from generator.models import BuildRequest

if TYPE_CHECKING:
    from alerts.models import AlertMessage

logger = logging.getLogger(__name__)

BATCH = 50
BUDGET_SECONDS = 2.0
"""How long a call may take before the worker looks after its builds again."""
QUICKEST_FIRST = (ChannelName.SITE, ChannelName.PUSH, ChannelName.MAIL)
CLAIM_HOLDS = timedelta(seconds=60)
"""Longer than the slowest batch."""
FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS = 2.0, 300.0
LONGEST_WAIT = timedelta(hours=1)
"""The most that another side may ask us to wait."""
JITTER = (0.75, 1.25)
KEPT = timedelta(days=30)
LONGEST_ERROR = 500

State = AlertDelivery.State

# No page shows who is told of an alert, nor how far that is.
registry.unwatched(
    *(f"alerts.{name}" for name in ("alertdelivery", "recipient", "pushsubscription", "partner")),
    "alerts.pushsubscription_municipalities",
    "alerts.partner_municipalities",
)


def enqueue(message: AlertMessage, build: BuildRequest) -> None:
    """Write down each way that the message has to go. Call it in the transaction that appends it."""
    names = [ChannelName.SITE.value]
    names += [name for name, channel in CHANNELS.items() if channel.is_ready() and channel.takes(message)]
    now = timezone.now()
    AlertDelivery.objects.bulk_create(
        AlertDelivery(message=message, channel=name, build=build, due_at=now) for name in names
    )


@registry.periodic("alert delivery", seconds=1, urgent=True, apart="deliveries")
def deliver() -> None:
    """Take every delivery that is due one step further: what is quick first, so that no notification waits for mails of
    another alert, and each for its share of the time."""
    live: dict[int, bool] = {}
    found = AlertDelivery.objects.filter(state__in=AlertDelivery.OPEN, due_at__lte=timezone.now())
    due = sorted(
        found.select_related("message", "build").order_by("message_id", "pk"),
        key=lambda each: QUICKEST_FIRST.index(each.channel),
    )
    for delivery in due:
        deadline = time.monotonic() + BUDGET_SECONDS / len(due)
        try:
            if delivery.channel != ChannelName.SITE and _is_outdated(delivery):
                _drop(delivery)
                continue
            if delivery.message_id not in live:
                live[delivery.message_id] = is_live(delivery.message)
            if delivery.channel == ChannelName.SITE:
                _follow_build(delivery, live[delivery.message_id])
            elif delivery.channel in CHANNELS and live[delivery.message_id]:
                _advance(delivery, CHANNELS[delivery.channel], deadline)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("The delivery %s failed", delivery.key)
            _postpone(delivery, f"{type(error).__name__}: {error}")


def retry(delivery: AlertDelivery) -> None:
    """Try at once what has failed or waits for its next attempt; by hand."""
    now = timezone.now()
    with transaction.atomic():
        if delivery.channel == ChannelName.SITE and delivery.build:
            failed = BuildRequest.objects.filter(pk=delivery.build.pk, state=BuildRequest.State.FAILED)
            failed.update(due_at=now)
        again = Q(state__in=(Recipient.State.WAITING, Recipient.State.FAILED))
        delivery.recipients.filter(again).update(state=Recipient.State.WAITING, due_at=now, attempts=0)
        if delivery.state == State.INCOMPLETE:
            delivery.state = State.SENDING
        delivery.due_at, delivery.finished_at = now, None
        delivery.save(update_fields=["state", "due_at", "finished_at"])


@registry.periodic("alert delivery.forget", seconds=24 * 60 * 60)
def forget() -> int:
    """Delete who was reached a month ago; the deliveries keep the numbers. How many rows."""
    old = Recipient.objects.filter(delivery__finished_at__lt=timezone.now() - KEPT)
    return old.delete()[0]


# Towards the site


def _follow_build(delivery: AlertDelivery, live: bool) -> None:
    """The site's own delivery: done once the message can be read there, whatever else its build still has to do. Until
    then it tells how that build fares."""
    build, error = delivery.build, ""
    if live or _is_outdated(delivery):
        state = State.DONE if live else State.DROPPED
        delivery.finished_at = timezone.now()
    else:
        state = State.FAILED if build and build.state == BuildRequest.State.FAILED else State.WAITING
        error = (build and build.error) or _kept_back(delivery.message)
    attempts = build.attempts if build else delivery.attempts
    if (state, error[:LONGEST_ERROR], attempts) != (delivery.state, delivery.error, delivery.attempts):
        delivery.state, delivery.error, delivery.attempts = state, error[:LONGEST_ERROR], attempts
        delivery.save(update_fields=["state", "error", "attempts", "finished_at"])


def _kept_back(message: AlertMessage) -> str:
    """Why a build that is done left one of the alert's own pages as it was; "" where none says so."""
    paths = [urlsplit(address).path for address in message.content["web"].values()]
    failed = BuildRequest.objects.exclude(state=BuildRequest.State.DONE).exclude(error="")
    told = [line for error in failed.values_list("error", flat=True) for line in error.splitlines()]
    return "\n".join(line for line in told if any(line.startswith(f"{path} ") for path in paths))


# Towards people


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt."""

    recipient: Recipient
    state: Recipient.State
    error: str = ""
    is_tried: bool = True
    host: str = ""
    wait: timedelta = timedelta()


def _advance(delivery: AlertDelivery, channel: Channel, deadline: float) -> None:
    if delivery.state == State.WAITING and not _address(delivery, channel):
        return
    _take_back(delivery)
    failures = False
    while time.monotonic() < deadline and not _is_outdated(delivery):
        batch = _claim(delivery)
        if not batch:
            break
        outcomes = _send(delivery, channel, batch, deadline)
        failures |= _record(delivery, channel, outcomes)
        if len(outcomes) < len(batch):
            left = [recipient.pk for recipient in batch[len(outcomes) :]]
            delivery.recipients.filter(pk__in=left).update(state=Recipient.State.WAITING, claimed_by="")
    _conclude(delivery, failures)


def _is_outdated(delivery: AlertDelivery) -> bool:
    """Whether its message no longer holds: its time is over, or another one of its chain has replaced it."""
    message = delivery.message
    if message.expires <= timezone.now():
        return True
    return type(message).objects.filter(alert_id=message.alert_id, pk__gt=message.pk).exists()


def _drop(delivery: AlertDelivery) -> None:
    with transaction.atomic():
        delivery.recipients.filter(state__in=(Recipient.State.WAITING, Recipient.State.CLAIMED)).update(
            state=Recipient.State.DROPPED, claimed_by=""
        )
        _count(delivery)
        delivery.state, delivery.finished_at = State.DROPPED, timezone.now()
        delivery.save()


def _address(delivery: AlertDelivery, channel: Channel) -> bool:
    """Write down whom the message concerns; all of them, or none where another worker does."""
    with transaction.atomic():
        taken = AlertDelivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(state=State.SENDING)
        if not taken:
            return False
        people, now = channel.audience(delivery.message).values_list("pk", flat=True), timezone.now()
        rows = (
            Recipient(delivery=delivery, key=str(pk), due_at=now, **{f"{channel.subscriber}_id": pk})
            for pk in people
        )
        delivery.state, delivery.wanted = State.SENDING, len(Recipient.objects.bulk_create(rows, 500))
        delivery.save(update_fields=["wanted"])
    return True


def _take_back(delivery: AlertDelivery) -> None:
    stale = delivery.recipients.filter(
        state=Recipient.State.CLAIMED, claimed_at__lt=timezone.now() - CLAIM_HOLDS
    )
    if stale.update(state=Recipient.State.WAITING, claimed_by=""):
        logger.warning("Took back what a dead worker had begun to send of %s", delivery.key)


def _claim(delivery: AlertDelivery) -> list[Recipient]:
    """The next batch, ours alone: first those who were tried least, so that one who fails holds nobody up."""
    now, mine = timezone.now(), secrets.token_hex(16)
    waiting = delivery.recipients.filter(state=Recipient.State.WAITING, due_at__lte=now)
    wanted = list(waiting.order_by("attempts", "pk").values_list("pk", flat=True)[:BATCH])
    waiting.filter(pk__in=wanted).update(state=Recipient.State.CLAIMED, claimed_by=mine, claimed_at=now)
    claimed = delivery.recipients.filter(claimed_by=mine, state=Recipient.State.CLAIMED)
    return list(claimed.select_related("subscription", "partner").order_by("pk"))


def _send(
    delivery: AlertDelivery, channel: Channel, batch: Sequence[Recipient], deadline: float
) -> list[Outcome]:
    """Try each of the batch, several at once; one after the other, those for whom there is time, and one at least.
    After a server did not answer, nobody else is tried there."""
    down: dict[str, Unavailable] = {}
    lock = threading.Lock()

    def one(recipient: Recipient, send: Send) -> Outcome:
        subscriber = getattr(recipient, channel.subscriber)
        if subscriber is None:
            return Outcome(recipient, Recipient.State.GONE)
        host = channel.host(subscriber)
        with lock:
            silent = down.get(host)
        if silent:
            return Outcome(recipient, Recipient.State.WAITING, str(silent), False, host, silent.wait)
        try:
            send(subscriber)
        except Gone:
            return Outcome(recipient, Recipient.State.GONE)
        except Refused as error:
            return Outcome(recipient, Recipient.State.FAILED, str(error))
        except Unavailable as error:
            if error.host:
                with lock:
                    down[host] = error
            return Outcome(recipient, Recipient.State.WAITING, str(error), host=error.host, wait=error.wait)
        except Exception as error:
            logger.exception("Sending %s failed", delivery.key)
            return Outcome(recipient, Recipient.State.FAILED, f"{type(error).__name__}: {error}")
        return Outcome(recipient, Recipient.State.SENT)

    with channel.sender(delivery.message) as send:
        if channel.at_once == 1:
            outcomes = [one(batch[0], send)]
            for recipient in batch[1:]:
                if time.monotonic() >= deadline:
                    break
                outcomes.append(one(recipient, send))
            return outcomes
        with ThreadPoolExecutor(channel.at_once) as pool:
            return list(pool.map(one, batch, [send] * len(batch)))


def _record(delivery: AlertDelivery, channel: Channel, outcomes: Iterable[Outcome]) -> bool:
    """Store what became of a batch. Whether anything failed."""
    failures, down = False, {}
    with transaction.atomic():
        for outcome in outcomes:
            recipient, now = outcome.recipient, timezone.now()
            recipient.state, recipient.error, recipient.claimed_by = (
                outcome.state,
                outcome.error[:LONGEST_ERROR],
                "",
            )
            if outcome.state == Recipient.State.WAITING:
                recipient.attempts += outcome.is_tried
                # A silent server is asked less and less often, whomever it is asked about.
                attempts = delivery.attempts + 1 if outcome.host else recipient.attempts
                recipient.due_at = now + max(backoff(attempts), min(outcome.wait, LONGEST_WAIT))
                if outcome.host:
                    down[outcome.host] = recipient
            if outcome.error:
                delivery.error, failures = recipient.error, True
            recipient.save(update_fields=["state", "error", "claimed_by", "attempts", "due_at"])
            if outcome.state == Recipient.State.GONE:
                channel.forget(getattr(recipient, channel.subscriber))
        for host, recipient in down.items():
            others = delivery.recipients.filter(
                channel.at_host(host), state=Recipient.State.WAITING, due_at__lt=recipient.due_at
            )
            others.update(due_at=recipient.due_at, error=recipient.error)
    return failures


def _postpone(delivery: AlertDelivery, error: str) -> None:
    """Another delivery must not wait for one that fails as a whole."""
    attempts = delivery.attempts + 1
    AlertDelivery.objects.filter(pk=delivery.pk).update(
        state=State.FAILED if delivery.state != State.WAITING else State.WAITING,
        error=error[:LONGEST_ERROR],
        attempts=attempts,
        due_at=timezone.now() + backoff(attempts),
    )


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2 s, 4 s … 5 min, give or take a quarter, so that many do not come
    back at once."""
    seconds = min(FIRST_RETRY_SECONDS * 2.0 ** min(attempts - 1, 16), LAST_RETRY_SECONDS)
    return timedelta(seconds=seconds * random.uniform(*JITTER))  # noqa: S311  (no secret)


def _count(delivery: AlertDelivery) -> None:
    counted = delivery.recipients.aggregate(
        sent=Count("pk", filter=Q(state=Recipient.State.SENT)),
        failed=Count("pk", filter=Q(state=Recipient.State.FAILED)),
    )
    delivery.sent, delivery.failed = counted["sent"], counted["failed"]


def _conclude(delivery: AlertDelivery, failures: bool) -> None:
    """What there is to say after a step: done, to be gone on with, or to be tried again and when."""
    _count(delivery)
    delivery.attempts += failures
    left = delivery.recipients.filter(state__in=(Recipient.State.WAITING, Recipient.State.CLAIMED))
    if left.exists():
        delivery.state = State.FAILED if failures or delivery.state == State.FAILED else State.SENDING
        soonest: datetime | None = left.filter(state=Recipient.State.WAITING).aggregate(at=Min("due_at"))[
            "at"
        ]
        delivery.due_at = max(soonest or timezone.now(), timezone.now())
    else:
        delivery.state = State.INCOMPLETE if delivery.failed else State.DONE
        delivery.finished_at = timezone.now()
        if not delivery.failed:
            delivery.error = ""
        else:
            logger.error("%s: %s", delivery.key, gettext("Sent, but not to all"))
    delivery.save()
