"""What a document uses is recorded while it renders, not declared: the files it refers to (`attach`) and the
keys of what it read (`record`). Outside a recording both do nothing, so a preview runs the same code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from generator.documents import Attachment


@dataclass(slots=True)
class Recording:
    """Attachments by URL (the first of a URL counts) and keys, in the order of their first use."""

    attachments: dict[str, Attachment] = field(default_factory=dict)
    keys: dict[str, None] = field(default_factory=dict)

    def absorb(self, other: "Recording") -> None:
        """Add all of `other`."""
        for url, attachment in other.attachments.items():
            self.attachments.setdefault(url, attachment)
        self.keys.update(other.keys)


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


def attach(attachment: Attachment) -> None:
    """The document being rendered refers to this file: the build publishes it."""
    if current := _current.get():
        current.attachments.setdefault(attachment.url, attachment)


def record(key: str) -> None:
    """The document being rendered has read what `key` names, as in "page:12" or "list:news.newspage"."""
    if current := _current.get():
        current.keys[key] = None


def replay(recorded: Recording) -> None:
    """A cached fragment was used: what its rendering recorded counts for this document too."""
    if current := _current.get():
        current.absorb(recorded)
