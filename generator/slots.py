"""What changes on all pages at once is a slot: the alert band, the menu, the foot.

A document that a build renders holds markers in their place. They are filled when the file is written, so that a
new alert changes ten thousand files and renders none of their pages. Elsewhere (a preview) a slot is filled at once.

A stamp is a slot for the time at which the rest of the file last changed: a file that did not change keeps it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

STAMP = "made"
MARKER = re.compile(rb"\xee\x80\x80([a-z_.]+)\|([^\xee]*)\xee\x80\x81")
"""Between private use characters (U+E000, U+E001 in UTF-8), which people do not type. A picture may hold such bytes,
and is left as it is."""

_deferred: ContextVar[bool] = ContextVar("generator_slots_deferred", default=False)


class Marker(NamedTuple):
    """The slot `name`, filled for `argument`, which the slot's app defines (a language, a page)."""

    name: str
    argument: str

    def __str__(self) -> str:
        return f"\ue000{self.name}|{self.argument}\ue001"


@contextmanager
def deferred() -> Iterator[None]:
    """Inside, slots are left open."""
    token = _deferred.set(True)
    try:
        yield
    finally:
        _deferred.reset(token)


def slot(name: str, argument: str, fill: Callable[[], str]) -> str:
    """A marker while a build renders; otherwise `fill()`."""
    return str(Marker(name, argument)) if _deferred.get() else fill()


def made(form: str, now: Callable[[], str]) -> str:
    """When the file was made, in the `form` that an app registered (`registry.stamp`); `now()` outside a build."""
    return slot(STAMP, form, now)


def cut(body: bytes) -> tuple[list[bytes], list[Marker]]:
    """The pieces of `body`, and the slots between them: one less."""
    found = MARKER.split(body)
    return found[::3], [_marker(*names) for names in zip(found[1::3], found[2::3], strict=True)]


@lru_cache(maxsize=4096)
def _marker(name: bytes, argument: bytes) -> Marker:
    return Marker(name.decode(), argument.decode())


def joined(pieces: Sequence[bytes], texts: Sequence[bytes]) -> bytes:
    """The pieces with the texts between them."""
    return b"".join([part for pair in zip(pieces, (*texts, b""), strict=True) for part in pair])


def refilled(file: bytes, gaps: Sequence[int], old: Sequence[bytes], new: Sequence[bytes]) -> bytes | None:
    """`file` with the `new` texts in its slots, of which each comes as many bytes after the one before as `gaps` says.
    None where a slot does not hold the `old` text."""
    parts: list[bytes] = []
    position = 0
    for gap, before, after in zip(gaps, old, new, strict=True):
        start = position + gap
        end = start + len(before)
        if file[start:end] != before:
            return None
        parts += file[position:start], after
        position = end
    return b"".join([*parts, file[position:]])


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
