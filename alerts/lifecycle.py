"""What is active, decided in one place from the messages sent. Time comes in as an argument.

An alert is a chain of immutable messages (CAP 1.2, 3.2.1 `msgType` and `references`). Its state follows from the last
one and the clock; nothing else says "active". A message counts from the moment it is in the ledger, whatever its `sent`
says: the clocks of the host that wrote it and of the one that asks may differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """What a message does to its chain. An all-clear is a CAP Update with responseType AllClear."""

    ALERT = "alert"
    UPDATE = "update"
    ALL_CLEAR = "all-clear"
    CANCEL = "cancel"


TRANSITIONS: dict[State, dict[Kind, State]] = {
    State.DRAFT: {Kind.ALERT: State.ACTIVE},
    State.ACTIVE: {Kind.UPDATE: State.ACTIVE, Kind.ALL_CLEAR: State.ENDED, Kind.CANCEL: State.CANCELLED},
    State.ENDED: {},
    State.EXPIRED: {},
    State.CANCELLED: {},
}
"""Which message may follow in which state, and the state it leads to. Time alone leads from active to expired."""


class TransitionRefused(ValueError):
    """A message that may not follow in this state."""

    def __init__(self, state: State, kind: Kind) -> None:
        self.state, self.kind = state, kind
        super().__init__(f"An alert that is {state} takes no message '{kind}'. Make a new alert.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the state needs it: times are aware."""

    kind: Kind
    sent: datetime
    expires: datetime


def state_at(messages: Sequence[Sent], now: datetime) -> State:
    """The state of a chain (oldest message first) at `now`. An alert is active until, not at, its `expires`."""
    if not messages:
        return State.DRAFT
    last = messages[-1]
    if last.kind is Kind.ALL_CLEAR:
        return State.ENDED
    if last.kind is Kind.CANCEL:
        return State.CANCELLED
    return State.ACTIVE if now < last.expires else State.EXPIRED


def after(state: State, kind: Kind) -> State:
    """The state that `kind` leads to from `state`. Raises TransitionRefused."""
    try:
        return TRANSITIONS[state][kind]
    except KeyError:
        raise TransitionRefused(state, kind) from None


def news_at(messages: Sequence[Sent], now: datetime) -> datetime:
    """When the public last had news of a chain with messages: the last one, or its expiry."""
    last = messages[-1]
    return last.expires if state_at(messages, now) is State.EXPIRED else last.sent


def next_change(messages: Sequence[Sent], now: datetime) -> datetime | None:
    """When time alone will change the state; None when it will not."""
    return messages[-1].expires if state_at(messages, now) is State.ACTIVE else None
