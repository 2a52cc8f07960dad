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


def cut(body: bytes) -> list[tuple[bytes, Marker | None]]:
    """The pieces of `body`, each with the slot that follows it; none follows the last."""
    pieces: list[tuple[bytes, Marker | None]] = []
    position = 0
    for match in MARKER.finditer(body):
        pieces.append((body[position : match.start()], Marker(match[1].decode(), match[2].decode())))
        position = match.end()
    pieces.append((body[position:] if position else body, None))
    return pieces


def joined(
    pieces: list[tuple[bytes, Marker | None]], filler: Callable[[Marker], bytes]
) -> tuple[bytes, list[Span]]:
    """The pieces with their slots filled, and where those are. A slot's content may hold slots."""
    parts: list[bytes] = []
    spans: list[Span] = []
    length = 0
    for piece, marker in pieces:
        parts.append(piece)
        length += len(piece)
        if marker:
            content = filler(marker)
            spans.append(Span(length, length + len(content), marker))
            parts.append(content)
            length += len(content)
    return b"".join(parts), spans


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
