"""The ways out. Each says when it is ready, whom a message concerns, and how one of them is reached."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from alerts.models import AlertMessage


class Gone(Exception):
    """The subscriber is no more: forget it."""


class Refused(Exception):
    """The other side will not take this, now or later; says why."""


class Unavailable(Exception):
    """It may work later. `host` names the server where that concerns all that goes there; `wait` is what it asked
    for."""

    def __init__(self, message: str, *, host: str = "", wait: timedelta = timedelta()) -> None:
        self.host, self.wait = host, wait
        super().__init__(message)


Send = Callable[[Any], None]


class Channel(Protocol):
    """`subscriber` names the field of `Recipient` that holds who is reached; `at_once` is how many at a time."""

    subscriber: str
    at_once: int

    def is_ready(self) -> bool:
        """Whether it is configured and somebody may want it."""

    def takes(self, message: AlertMessage) -> bool:
        """Whether messages of this status go out here."""

    def audience(self, message: AlertMessage) -> QuerySet[Any]:
        """Whom the message concerns."""

    def host(self, subscriber: Any) -> str:
        """The server that is asked to reach the subscriber."""

    def at_host(self, host: str) -> Q:
        """The rows of `Recipient` that are reached through `host`."""

    def forget(self, subscriber: Any) -> None:
        """The other side knows the subscriber no more."""

    def sender(self, message: AlertMessage) -> AbstractContextManager[Send]:
        """Gives what reaches one subscriber; it raises Gone, Refused or Unavailable, and is called from threads."""


CHANNELS: dict[str, Channel] = {}
"""By name; the site is none of them: it is the page itself."""


def register(name: str, channel: Channel) -> None:
    """Add a way out. Raises ValueError where the name is taken."""
    if name in CHANNELS:
        message = f"The channel {name!r} is registered already. Choose another name."
        raise ValueError(message)
    CHANNELS[name] = channel


def concerned(subscribers: QuerySet[Any], message: AlertMessage) -> QuerySet[Any]:
    """Those of `subscribers` whom the message concerns. What one message of a chain told them, the next ones must
    correct, so the area is that of all its messages; an area without municipalities concerns everybody."""
    chain = type(message).objects.filter(alert_id=message.alert_id, pk__lte=message.pk)
    # Messages from before areas were drawn have whole municipalities only.
    areas = [content.get("touched", content["nis"]) for content in chain.values_list("content", flat=True)]
    if not all(areas):
        return subscribers
    nis = {code for area in areas for code in area}
    return subscribers.filter(Q(municipalities=None) | Q(municipalities__nis__in=nis)).distinct()
