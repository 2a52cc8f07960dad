"""Where apps say what they publish.

    from generator import registry

    @registry.documents("news")
    def documents(context: registry.BuildContext) -> Iterable[Document]: ...

An app does this in its `publishing.py`, imported by `ready()` of its `apps.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from generator.documents import Document, Redirect


@dataclass(frozen=True, slots=True)
class BuildContext:
    """What every publisher is told: when the build began (aware), and the site's address without a last
    slash."""

    generated_at: datetime
    base_url: str


DocumentsPublisher = Callable[[BuildContext], Iterable[Document]]
RedirectsPublisher = Callable[[BuildContext], Iterable[Redirect]]
Job = Callable[[], object]
F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job that the worker calls every so many seconds, and once when it starts."""

    name: str
    seconds: float
    job: Job


class Registry:
    """Publishers and periodic jobs, each under a name, called in the order of registering."""

    def __init__(self) -> None:
        self.document_publishers: dict[str, DocumentsPublisher] = {}
        self.redirect_publishers: dict[str, RedirectsPublisher] = {}
        self.periodic_jobs: dict[str, Periodic] = {}

    def documents(self, name: str) -> Callable[[DocumentsPublisher], DocumentsPublisher]:
        """Register what yields documents. Raises ValueError when the name is taken."""
        return lambda publisher: _add(self.document_publishers, "documents", name, publisher)

    def redirects(self, name: str) -> Callable[[RedirectsPublisher], RedirectsPublisher]:
        """Register what yields redirects. Raises ValueError when the name is taken."""
        return lambda publisher: _add(self.redirect_publishers, "redirects", name, publisher)

    def periodic(self, name: str, *, seconds: float) -> Callable[[F], F]:
        """Register a job for the worker. Raises ValueError when the name is taken or `seconds` is not
        positive."""
        if seconds <= 0:
            message = f"The periodic job {name!r} is to run every {seconds} seconds. Give a number above 0."
            raise ValueError(message)

        def register(job: F) -> F:
            _add(self.periodic_jobs, "periodic", name, Periodic(name, seconds, job))
            return job

        return register


V = TypeVar("V")


def _add(registered: dict[str, V], kind: str, name: str, value: V) -> V:
    if name in registered:
        message = (
            f"registry.{kind}({name!r}) is registered already. Choose another name, as in '{name}.feeds'."
        )
        raise ValueError(message)
    registered[name] = value
    return value


default = Registry()
documents = default.documents
redirects = default.redirects
periodic = default.periodic
