"""What changes on all pages at once is a slot: the alert band, the menu, the foot.

A document that a build renders holds markers in their place. They are filled when the file is written, so that a
new alert changes ten thousand files and renders none of their pages. Elsewhere (a preview) a slot is filled at once.

A stamp is a slot for the time at which the rest of the file last changed: a file that did not change keeps it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

STAMP = "made"
MARKER = re.compile("\ue000([a-z_.]+)\\|([^\ue000\ue001]*)\ue001")
"""Private use characters: what people type does not hold them."""

_deferred: ContextVar[bool] = ContextVar("generator_slots_deferred", default=False)


class Marker(NamedTuple):
    """The slot `name`, filled for `argument`, which the slot's app defines (a language, a page)."""

    name: str
    argument: str

    def __str__(self) -> str:
        return f"\ue000{self.name}|{self.argument}\ue001"


class Span(NamedTuple):
    """Where the file holds what fills a slot: from byte `start` to `end`."""

    start: int
    end: int
    marker: Marker


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


def fill(body: bytes, filler: Callable[[Marker], bytes]) -> tuple[bytes, list[Span]]:
    """`body` with its slots filled, and where they are. A slot's content may hold slots."""
    first, *others = body.split(_OPENS)
    parts = [first]
    spans: list[Span] = []
    length = len(first)
    for other in others:
        written, _end, after = other.partition(_CLOSES)
        if (marker := _marker(written)) is None:
            parts += (_OPENS, other)
            length += len(_OPENS) + len(other)
            continue
        content = filler(marker)
        spans.append(Span(length, length + len(content), marker))
        parts += (content, after)
        length += len(content) + len(after)
    return b"".join(parts), spans


_OPENS, _CLOSES = "\ue000".encode(), "\ue001".encode()


@lru_cache(maxsize=4096)
def _marker(written: bytes) -> Marker | None:
    """What stands between the two marks."""
    match = MARKER.fullmatch(f"\ue000{written.decode()}\ue001")
    return Marker(match[1], match[2]) if match else None


def opened(file: bytes, spans: list[Span]) -> bytes:
    """`file` with the markers back in the place of what fills them."""
    parts: list[bytes] = []
    position = 0
    for span in spans:
        parts += (file[position : span.start], str(span.marker).encode())
        position = span.end
    return b"".join([*parts, file[position:]])


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
