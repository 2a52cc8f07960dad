"""From what is registered to a target: what is stale is made, the rest is taken over, then one switch. What fails
is named and keeps its last good version; before a site has its first release, nothing may fail."""

import errno
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from generator import conf, redirects, search, sitemap, version
from generator.changes import Changed, Seen
from generator.documents import Document, Redirect
from generator.fencing import Fence
from generator.making import (
    GENERATOR,
    BuildCancelledError,
    Failure,
    Making,
    Progress,
    TornError,
    told,
)
from generator.manifest import Diff, Manifest
from generator.recording import recording
from generator.registry import BuildContext, Registry, default
from generator.search import Index
from generator.state import State
from generator.targets import Target
from generator.writing import ENCODINGS, FileWriter, Previous, remove_tree

__all__ = ["BuildCancelledError", "BuildError", "Failure", "Progress", "Result", "build", "collect"]

logger = logging.getLogger(__name__)


Journal = Callable[[Seen | None], tuple[Changed, Seen]]
"""Told what a build has seen, tells what has changed since, and what has been seen now."""


def _silent(done: int, total: int, url: str) -> None:
    """No progress to tell."""


class BuildError(Exception):
    """The build could not be written. What was live is untouched."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did. `release` is what is live after it; None when nothing became live: a dry run, or a first
    build with failures. `bytes` counts compressed siblings too; `reused` files were shared with the previous build;
    `rendered` documents were made anew, `composed` ones got another slot only. `next_at` is when something becomes
    stale by time alone."""

    release: str | None
    files_by_publisher: dict[str, int]
    files: int
    bytes: int
    reused: int
    rendered: int
    composed: int
    seconds: float
    diff: Diff
    failures: list[Failure]
    warnings: list[str]
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A document and who publishes it."""

    publisher: str
    document: Document


@dataclass(slots=True)
class Plan:
    """All documents of a site by the path of their file, and its redirects by `redirects.key`."""

    documents: dict[str, Planned] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)


def collect(registry: Registry, context: BuildContext) -> Plan:
    """Ask every publisher for all of its documents, without rendering one. A publisher that raises is a failure of
    the plan."""
    plan = Plan()
    moved: list[Redirect] = []
    with recording(), translation.override(settings.LANGUAGE_CODE):
        for name, publisher in registry.document_publishers.items():
            for document in _asked(plan, name, partial(publisher, context)):
                plan.documents.setdefault(document.path, Planned(name, document))
        for name, source in registry.redirect_publishers.items():
            moved += _asked(plan, name, partial(source, context))
    plan.redirects, _warnings = redirects.resolve(moved, plan.documents.keys(), conf.is_dynamic)
    published = [planned.document for planned in plan.documents.values()]
    own = sitemap.documents(published, context, conf.hreflang())
    own += redirects.documents(plan.redirects, plan.documents.keys(), context.base_url)
    for document in own:
        plan.documents.setdefault(document.path, Planned(GENERATOR, document))
    return plan


def _asked(plan: Plan, name: str, publisher: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    """What the publisher yields, until it raises."""
    try:
        yield from publisher()
    except Exception as error:
        logger.exception("The publisher %s failed", name)
        plan.failures.append(Failure("(all of its URLs)", "", name, told(error)))


def build(
    target: Target,
    *,
    registry: Registry = default,
    generated_at: datetime | None = None,
    base_url: str | None = None,
    journal: Journal | None = None,
    fence: Fence | None = None,
    full: bool = False,
    only: str | None = None,
    dry_run: bool = False,
    index: Index | None = None,
    makes_index: bool = False,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] = logger.info,
    should_stop: Callable[[], bool] = lambda: False,
) -> Result:
    """Build the site into `target` and make it live; as a dry run, or when a first build has failures, nothing
    becomes live.

    With a `journal` (`generator.changes.since`, which reads the database), what it does not touch is taken over from
    the release before, unless `full`; so it is for documents whose URL does not match `only`, a shell pattern.

    With a `fence`, a build with a higher number that has become live meanwhile is not replaced: OvertakenError.
    `index` is the search index to add, made from the release before; with `makes_index` it is made at once.

    Raises TargetError when the target must not be written to, BuildError when writing failed (disk full, no
    permission), BuildCancelledError when `should_stop()` became true. In each case what was live stays as it
    was.
    """
    started = time.monotonic()
    address = (base_url or conf.base_url()).rstrip("/")
    context = BuildContext(generated_at or timezone.now(), address)
    work = _Work(
        target, registry, context, journal, fence, full, only, progress or _silent, should_stop, started
    )
    work.index, work.makes_index = index, makes_index
    target.check()
    if dry_run:
        return work.dry_run()
    with _naming_write_errors(target), target.locked(on_wait):
        target.check()
        try:
            return work.run()
        except TornError as torn:
            logger.warning("%s is not as it was built; building everything", torn)
            work.full, work.is_torn = True, True
            return work.run()


@contextmanager
def _naming_write_errors(target: Target) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or target.location
        reason, remedy = error.strerror or str(error), "Put that right and build again."
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            reason, remedy = "the disk is full", "Free some space, or keep fewer releases, and build again."
        message = f"The build could not be written to {where}: {reason}. What was live is untouched. {remedy}"
        raise BuildError(message) from error


@dataclass(slots=True)
class _Work:
    """One build, from the state before it to the switch."""

    target: Target
    registry: Registry
    context: BuildContext
    journal: Journal | None
    fence: Fence | None
    full: bool
    only: str | None
    progress: Progress
    should_stop: Callable[[], bool]
    started: float
    is_torn: bool = False
    _changed: Changed | None = None
    _seen: Seen | None = None
    index: Index | None = None
    makes_index: bool = False

    def dry_run(self) -> Result:
        previous = self.target.previous()
        making, _before = self._make(FileWriter(None, previous), previous)
        search.add(making.writer, previous, None)
        return self._result(making, previous, None)

    def run(self) -> Result:
        started_from = previous = self.target.previous()
        if previous and self.target.live() and self.only is None and self._run_urgent(previous):
            previous = self.target.previous()
        writer = self._writer(previous)
        release = None
        try:
            making, before = self._make(writer, previous)
            if making.failures and previous is None:
                return self._result(making, previous, None)
            self._add_index(making, previous)
            live = self.target.live() if previous else None
            if previous and live and _is_same(making, previous):
                release = live
                self.target.discard()
            else:
                release = self._commit(making)
            self._save(making.state, release, before)
        finally:
            if release is None:
                self.target.discard()
        return self._result(making, started_from, release)

    def _run_urgent(self, previous: Previous) -> bool:
        """Let what lives depend on go live first, where it has changed. Whether a release was made."""
        if not self.registry.urgent_publishers:
            return False
        making, before = self._prepared(self._writer(previous), previous)
        release = None
        try:
            if not making.run_urgent():
                return False
            search.add(making.writer, previous, None)
            if not _is_same(making, previous):
                release = self._commit(making)
                logger.info("Release %s is live: what is urgent, in %.2f s", release, self._seconds())
                if before:
                    making.state.version, making.state.seen = before.version, before.seen
                    self._save(making.state, release, before)
        except TornError:
            # The whole build that follows finds it again, and makes everything.
            return False
        finally:
            if release is None:
                self.target.discard()
        return release is not None

    def _writer(self, previous: Previous | None) -> FileWriter:
        return FileWriter(self.target.stage(), previous, link_attachments=self.target.link_attachments)

    def _seconds(self) -> float:
        return time.monotonic() - self.started

    def _add_index(self, making: Making, previous: Previous | None) -> None:
        """The site without its search is better than no site."""
        if self.makes_index:
            try:
                self.index = search.at_once(making.writer, previous)
            except search.SearchError as error:
                making.warnings.append(str(error))
        search.add(making.writer, previous, self.index)
        if self.makes_index and self.index:
            remove_tree(self.index.folder)

    def _make(self, writer: FileWriter, previous: Previous | None) -> tuple[Making, State | None]:
        """Make the site's files; also the state before, None where the file of it holds another one."""
        making, known = self._prepared(writer, previous)
        making.run()
        making.state.version = self._version()
        making.state.seen = known.seen if making.only is not None and known else self._seen
        return making, known

    def _prepared(self, writer: FileWriter, previous: Previous | None) -> tuple[Making, State | None]:
        """What a build begins with: the state before, and what has changed since."""
        known = self._known(previous)
        usable = known if known and known.version == self._version() and not self.full else None
        if self._changed is None:
            self._changed = Changed(everything=True)
            if self.journal:
                self._changed, self._seen = self.journal(usable.seen if usable else None)
        changed = self._changed if usable else Changed(everything=True)
        if changed.everything and known and not self.full:
            logger.info("Nothing tells what has changed since the last build; making everything")
        old = State() if self.is_torn or known is None else known
        making = Making(
            self.registry,
            self.context,
            writer,
            old,
            changed,
            self.only if usable else None,
            self.progress,
            self.should_stop,
        )
        return making, known

    def _known(self, previous: Previous | None) -> State | None:
        """The state of the live release, if the one on disk is that."""
        path = self.target.state_path
        state = State.load(path) if path and previous else None
        return state if state and previous and state.release == previous.manifest.release else None

    def _version(self) -> str:
        return version.version(self.context.base_url)

    def _commit(self, making: Making) -> str:
        made_at = self.context.started_at.isoformat()
        number = self.fence.generation if self.fence else 0
        manifest = Manifest(
            "", made_at, self.context.base_url, ENCODINGS, making.files, making.redirects, number
        )
        guard = self.fence.switching if self.fence else nullcontext
        return self.target.commit(manifest, redirects.nginx_map(making.redirects), guard)

    def _save(self, state: State, release: str, before: State | None) -> None:
        if self.target.state_path:
            state.release = release
            state.save(self.target.state_path, before)

    def _result(self, making: Making, previous: Previous | None, release: str | None) -> Result:
        return Result(
            release=release,
            files_by_publisher=dict(making.counts),
            files=len(making.files),
            bytes=making.writer.size,
            reused=making.writer.reused,
            rendered=making.rendered,
            composed=making.composed,
            seconds=self._seconds(),
            diff=Diff.between(previous.manifest.files if previous else {}, making.files),
            failures=making.failures,
            warnings=making.warnings,
            next_at=making.state.next_moment(),
        )


def _is_same(making: Making, previous: Previous) -> bool:
    return making.files == previous.manifest.files and making.redirects == previous.manifest.redirects
