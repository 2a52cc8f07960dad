"""What a document uses is recorded while it renders, not declared: the files it refers to (`attach`), the keys of
what it read (`record`), and until when it stays true (`record_until`). Outside a recording all of them do nothing,
so a preview runs the same code.

Keys are of three kinds: `news_newspage` (a table as a whole), `news_newspage=12` (one row of it) and what apps name
themselves, as in `page:12` (`generator.registry.facts`).
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from generator.documents import Attachment

T = TypeVar("T")


@dataclass(slots=True)
class Recording:
    """Attachments by URL (the first of a URL counts) and keys, in the order of their first use. It holds until
    `until`, None for as long as its keys do; `always` says that it never holds longer than one build."""

    attachments: dict[str, Attachment] = field(default_factory=dict)
    keys: dict[str, None] = field(default_factory=dict)
    until: datetime | None = None
    always: bool = False

    def absorb(self, other: "Recording") -> None:
        """Add all of `other`."""
        if other.attachments:
            for url, attachment in other.attachments.items():
                self.attachments.setdefault(url, attachment)
        self.keys.update(other.keys)
        if other.always:
            self.always = True
        if other.until is not None:
            self.ends(other.until)

    def ends(self, moment: datetime | None) -> None:
        """It holds no longer than to `moment`, if there is one."""
        if moment is not None:
            self.until = moment if self.until is None else min(self.until, moment)


_current: ContextVar[Recording | None] = ContextVar("generator_recording", default=None)


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what happens inside, in this thread or task. Recordings nest: an inner one is absorbed by the
    outer."""
    outer = _current.get()
    inner = Recording()
    token = _current.set(inner)
    try:
        yield inner
    finally:
        _current.reset(token)
        if outer is not None:
            outer.absorb(inner)


@contextmanager
def paused() -> Iterator[None]:
    """Nothing inside is recorded: what is read there is recorded where it is used."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def is_recording() -> bool:
    """Whether anything is being recorded."""
    return _current.get() is not None


def attach(attachment: Attachment) -> None:
    """The document being rendered refers to this file: the build publishes it."""
    if current := _current.get():
        current.attachments.setdefault(attachment.url, attachment)


def record(key: str) -> None:
    """The document being rendered has read what `key` names."""
    if (current := _current.get()) is not None:
        current.keys[key] = None


def record_until(moment: datetime | None) -> None:
    """The document being rendered is another one from `moment` (aware) on, though nothing is edited."""
    if current := _current.get():
        current.ends(moment)


def record_always() -> None:
    """The document being rendered used what nobody can watch: it is rendered in every build."""
    if current := _current.get():
        current.always = True


def replay(recorded: Recording) -> None:
    """A cached fragment was used: what its rendering recorded counts for this document too."""
    if current := _current.get():
        current.absorb(recorded)


class Memo:
    """What several documents share, computed once; what computing it read counts for each that uses it. With a `limit`
    it keeps the last so many."""

    def __init__(self, limit: int | None = None) -> None:
        self._known: dict[Hashable, tuple[Any, Recording]] = {}
        self._limit = limit

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """`compute()`, computed once for `key`."""
        if (known := self._known.get(key)) is not None:
            value, recorded = known
            if (current := _current.get()) is not None:
                current.absorb(recorded)
            return value
        with recording() as recorded:
            value = compute()
        if self._limit is not None and len(self._known) >= self._limit:
            self._known.pop(next(iter(self._known)), None)
        self._known[key] = value, recorded
        return value

    def clear(self) -> None:
        """Let go of all of it."""
        self._known.clear()


_shared: ContextVar[Memo | None] = ContextVar("generator_shared", default=None)


@contextmanager
def sharing(memo: Memo) -> Iterator[None]:
    """Inside, `shared` keeps in `memo` what it computes."""
    token = _shared.set(memo)
    try:
        yield
    finally:
        _shared.reset(token)


def shared(key: Hashable, compute: Callable[[], T]) -> T:
    """`compute()`, once for `key` while documents are `sharing` a memo; anew each time elsewhere."""
    memo = _shared.get()
    return compute() if memo is None else memo.once(key, compute)
