"""From what is registered to a target: what is stale is made, the rest is taken over, then one switch. What fails
is named and keeps its last good version; before a site has its first release, nothing may fail."""

import errno
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from generator import conf, forking, redirects, search, version
from generator.changes import Changed, Seen
from generator.collecting import seldom
from generator.fencing import Fence
from generator.making import BuildCancelledError, Failure, Fresh, Making, Progress, silent
from generator.manifest import Diff, Files, Manifest
from generator.registry import BuildContext, Registry, default
from generator.search import Index
from generator.standing import Standing
from generator.state import State
from generator.targets import IsPressing, Target, never
from generator.writing import (
    ENCODINGS,
    SHARED,
    ClashError,
    FileWriter,
    Previous,
    TornError,
    check_whole,
    link_entry,
    link_folder,
    remove_tree,
)

__all__ = ["BuildCancelledError", "BuildError", "Failure", "Keeper", "Progress", "Result", "build"]

logger = logging.getLogger(__name__)


Journal = Callable[[Seen | None], tuple[Changed, Seen]]
"""Told what a build has seen, tells what has changed since, and what has been seen now."""


class BuildError(Exception):
    """The build could not be written. What was live is untouched."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did. `release` is what is live after it; None when nothing became live: a dry run, or a first
    build with failures. `bytes` counts compressed siblings too; `reused` files were shared with the previous build;
    `rendered` documents were made anew, `composed` ones got another slot only. With `everything` nothing could be taken
    over, whatever `only` said. `next_at` is when something becomes stale by time alone."""

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
    everything: bool = False
    next_at: datetime | None = None


class Keeper:
    """Remembers what stands from one build to the next, as long as nobody else makes something live."""

    def __init__(self) -> None:
        self._standing: Standing | None = None

    def of(self, target: Target) -> Standing:
        """What stands in `target` now. It is forgotten until `keep` is called: a build that fails, unless it was asked
        to stop, may leave it in any state."""
        held, self._standing = self._standing, None
        live = target.live()
        if not (held and held.previous and held.previous.manifest.release == live):
            return standing(target)
        # Another process writes the state after the switch: who looked in between knows the release without it.
        is_late = (
            held.state.release != live and target.state_path and State.release_at(target.state_path) == live
        )
        return standing(target) if is_late else held

    def keep(self, known: Standing) -> None:
        known.index()
        self._standing = known

    def warm_up(self, target: Target, registry: Registry = default) -> None:
        """Read and look at once what the next build would have to, where that has not been done since what stands was
        read from the disk. Without a release there is nothing to do."""
        if target.live() is None:
            return
        known = self.of(target)
        was_warm, known.is_warm = known.is_warm, True
        self.keep(known)
        if was_warm:
            return
        context = BuildContext(timezone.now(), conf.base_url(), changed=Changed(), warm=known.warm)
        for job in registry.warm_ups.values():
            job(context)
        if known.previous:
            known.look(known.previous)

    def is_of(self, target: Target) -> bool:
        """Whether what is live is what the state describes, so that a build goes on from there."""
        live = target.live()
        if live is None:
            return False
        known = self.of(target)
        self.keep(known)
        return known.state.release == live

    def is_outdated(self, target: Target) -> bool:
        """Whether what is live was made by other code or settings than this process runs with. Not where somebody has
        gone back to it."""
        return self.is_of(target) and bool(
            self._standing and self._standing.state.version != version.version(conf.base_url())
        )

    def is_behind(self, target: Target) -> bool:
        """Whether what is live is newer than what the state describes, which was lost or could not be written, or whose
        manifest cannot be read. Names of releases sort by age, and going back makes an older one live."""
        live = target.live()
        if live is None or target.state_path is None:
            return False
        known = self.of(target)
        self.keep(known)
        if known.previous is None:
            return True
        return known.state.release != live and State.release_at(target.state_path) < live

    def is_overtaken(self, target: Target, journal: Journal, registry: Registry = default) -> bool:
        """Whether something that the live release shows has changed since it was made. Not where somebody has gone
        back to it: that stays until a build is asked for."""
        known = self.of(target)
        self.keep(known)
        state = known.state
        if state.seen is None or state.release != target.live():
            return False
        changed, _seen = journal(state.seen)
        if not (changed.everything or changed.keys):
            return False
        return changed.everything or known.is_touched(changed, timezone.now(), registry)

    def next_moment(self, target: Target) -> datetime | None:
        """When something in what stands becomes stale by time alone."""
        self.keep(self.of(target))
        return self._standing.state.next_moment() if self._standing else None


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
    jobs: int = 1,
    keeper: Keeper | None = None,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] = logger.info,
    is_pressing: IsPressing = never,
    should_stop: Callable[[], bool] = lambda: False,
    on_urgent: Callable[[], None] = lambda: None,
) -> Result:
    """Build the site into `target` and make it live; as a dry run, or when a first build has failures, nothing
    becomes live.

    With a `journal` (`generator.changes.since`, which reads the database), what it does not touch is taken over from
    the release before, unless `full`; so it is for documents whose URL does not match `only`, a shell pattern. Where
    nothing can be taken over, everything is made whatever `only` says, and a warning tells why.

    With a `fence`, a build with a higher number that has become live meanwhile is not replaced: OvertakenError.
    `on_urgent` is called when what is urgent has become live in a release of its own, before the rest is made.
    `index` is the search index to add, made from the release before; with `makes_index` it is made at once. Where much
    is to be made, `jobs` processes share the work. A `keeper` remembers what stands for the next build; who has one
    calls `target.prepare()` when there is time, which sweeps too; without one the build sweeps itself, unless it gives
    way.

    Raises TargetError when the target must not be written to, BuildError when writing failed (disk full, no
    permission), BuildCancelledError when `should_stop()` became true. In each case what was live stays as it
    was.
    """
    started = time.monotonic()
    address = (base_url or conf.base_url()).rstrip("/")
    context = BuildContext(generated_at or timezone.now(), address)

    def work(known: Standing, *, is_repair: bool = False) -> _Work:
        return _Work(
            target,
            registry,
            context,
            journal,
            fence,
            full or is_repair,
            only,
            1 if is_repair else jobs,
            progress or silent,
            should_stop,
            started,
            known,
            index,
            makes_index,
            starts_empty=is_repair,
            on_urgent=on_urgent,
        )

    target.check()
    if dry_run:
        return work(standing(target)).dry_run()
    # Twice: the lock may fail too, and what was live before this build is known once it is held.
    with (
        _naming_write_errors(target),
        target.locked(on_wait, is_pressing),
        seldom(),
        _naming_write_errors(target),
    ):
        target.check()
        live = target.live()
        known = keeper.of(target) if keeper else standing(target)
        gives_way = False
        try:
            try:
                result = work(known).run()
            except forking.LostError as error:
                message = (
                    f"{error} {_left(live, target)} Is there enough memory? Build again, or with --jobs 1."
                )
                raise BuildError(message) from error
            except (TornError, ClashError) as torn:
                logger.warning("%s is not as it was built, or clashes; building everything", torn)
                known = standing(target)
                result = work(known, is_repair=True).run()
        except BuildCancelledError:
            # What stands is what the last switch made of it, and what the build gives way to is not to wait until that
            # is read again, nor until what was begun is deleted: the next one sweeps.
            gives_way = True
            if keeper:
                keeper.keep(known)
            raise
        finally:
            # What the build has read refers to itself, and is looked for when this ends.
            context.memo.clear()
            if not (keeper or gives_way):
                with suppress(OSError):
                    target.sweep()
        if keeper:
            keeper.keep(known)
        return result


def _left(before: str | None, target: Target) -> str:
    """What a build that failed has left on the site, of which `before` was live."""
    if target.live() == before:
        return "What was live is untouched."
    return "What is urgent is live; all else is as it was."


@contextmanager
def _naming_write_errors(target: Target) -> Iterator[None]:
    before = target.live()
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or target.location
        reason, remedy = error.strerror or str(error), "Put that right and build again."
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            reason, remedy = "the disk is full", "Free some space, or keep fewer releases, and build again."
        message = f"The build could not be written to {where}: {reason}. {_left(before, target)} {remedy}"
        raise BuildError(message) from error


@dataclass(slots=True)
class _Work:
    """One build, from what stands before it to the switch."""

    target: Target
    registry: Registry
    context: BuildContext
    journal: Journal | None
    fence: Fence | None
    full: bool
    only: str | None
    jobs: int
    progress: Progress
    should_stop: Callable[[], bool]
    started: float
    standing: Standing
    index: Index | None = None
    makes_index: bool = False
    starts_empty: bool = False
    """Nothing is taken over by way of a copy of the live release."""
    on_urgent: Callable[[], None] = lambda: None
    _known: Changed | None = None
    _seen: Seen | None = None
    _fresh: Fresh = field(default_factory=Fresh)

    def dry_run(self) -> Result:
        previous = self.standing.previous
        changed = self._changed()
        making = self._making(FileWriter(None, previous, is_copy=not changed.everything), changed)
        making.run()
        search.add(making.writer, previous, None)
        return self._result(making, previous, None)

    def run(self) -> Result:
        started_from = self.standing.previous
        # With `only`, what is urgent waits too, unless all is made.
        if started_from and self.target.live() and (self.only is None or self._changed().everything):
            self._run_urgent()
        previous = self.standing.previous
        changed = self._changed()
        making = self._making(self._writer(is_empty=changed.everything or self.starts_empty), changed)
        release = None
        try:
            making.run(self._fresh)
            if making.failures and previous is None:
                return self._result(making, previous, None)
            self._add_index(making, previous)
            live = self.target.live() if previous else None
            # Where all is made anew, so is the release: its files may be others than those that are live.
            if previous and live and not self.full and _is_same(making, previous):
                release = live
                self.target.discard()
            else:
                release = self._commit(making)
        finally:
            if release is None:
                self.target.discard()
        result = self._result(making, started_from, release)
        told = len(making.warnings)
        self._stand(making, release, is_whole=True)
        return replace(result, warnings=[*result.warnings, *making.warnings[told:]])

    def _run_urgent(self) -> None:
        """Let what lives depend on go live first, where it has changed."""
        if not self.registry.urgent_publishers:
            return
        previous = self.standing.previous
        making = self._making(None, self._changed())
        release = None
        try:
            if not making.is_urgent():
                return
            making.writer = self._remains() if self.starts_empty else self._writer(is_empty=False)
            making.run_urgent()
            search.add(making.writer, previous, None, self.target.shelf)
            if previous and not _is_same(making, previous):
                release = self._commit(making)
                logger.info("Release %s is live: what is urgent, in %.2f s", release, self._seconds())
        except (TornError, ClashError) as torn:
            if not self.starts_empty:
                raise
            logger.warning("%s holds up what is urgent, which becomes live with the rest", torn)
        finally:
            if release is None:
                self.target.discard()
        if release:
            self._stand(making, release, is_whole=False)
            self._fresh = making.fresh()
            self.on_urgent()

    def _remains(self) -> FileWriter:
        """Writes into a copy of what is left of the torn release before: what is missing there is missing in it too,
        until the rest is made."""
        previous = self.standing.previous
        assert previous
        public = self.target.stage()
        writer = self._writer_to(public, is_copy=True)
        folders: set[str] = set()
        for path, entry in previous.files.own().items():
            if not link_entry(previous.public, public, path, entry, folders):
                writer.remove(path)
        link = previous.public / SHARED
        link_folder(public, link.resolve() if link.is_symlink() else None)
        return writer

    def _writer(self, *, is_empty: bool) -> FileWriter:
        previous = self.standing.previous
        if is_empty or previous is None:
            return self._writer_to(self.target.stage())
        self.standing.look(previous)

        def stage() -> Path:
            public = self.target.stage(previous)
            if (inode := public.stat().st_ino) in self.standing.unseen:
                check_whole(public, previous.files)
                self.standing.unseen.discard(inode)
            return public

        return self._writer_to(None, is_copy=True, stage=stage)

    def _writer_to(self, public: Path | None, **options: Any) -> FileWriter:
        links = self.target.link_attachments
        return FileWriter(
            public, self.standing.previous, link_attachments=links, is_wary=self.full, **options
        )

    def _seconds(self) -> float:
        return time.monotonic() - self.started

    def _add_index(self, making: Making, previous: Previous | None) -> None:
        """The site without its search is better than no site."""
        if self.makes_index:
            try:
                self.index = search.at_once(making.writer, previous)
            except search.SearchError as error:
                making.warnings.append(str(error))
        search.add(making.writer, previous, self.index, self.target.shelf)
        if self.makes_index and self.index:
            remove_tree(self.index.folder)

    def _changed(self) -> Changed:
        """What has changed since what stands was made; everything where nothing tells."""
        state = self.standing.state
        is_usable = bool(state.release) and state.version == self._version() and not self.full
        if self._known is None:
            self._known = Changed(everything=True)
            if self.journal:
                self._known, self._seen = self.journal(state.seen if is_usable else None)
        changed = self._known if is_usable else Changed(everything=True)
        if changed.everything and state.release and not self.full:
            logger.info("Nothing tells what has changed since the last build; making everything")
        return changed

    def _why_everything(self) -> str:
        """Why nothing of what stands could be taken over."""
        previous, state = self.standing.previous, self.standing.state
        if self.full:
            return "files of the release before are missing or torn"
        if previous is None:
            return "there was no release before"
        if (before := previous.manifest.base_url) != self.context.base_url:
            return f"the release before was made for {before}, this one is for {self.context.base_url}"
        if not state.release:
            return "what the release before was made from is not known"
        if state.version != self._version():
            return "the release before was made by other code, templates, packages or settings"
        return "nothing tells what has changed since the release before"

    def _making(self, writer: FileWriter | None, changed: Changed) -> Making:
        self.context = replace(self.context, changed=changed, warm=self.standing.warm)
        return Making(
            self.registry,
            self.context,
            writer or FileWriter(None),
            self.standing,
            changed,
            None if changed.everything else self.only,
            self.progress,
            self.should_stop,
            self.jobs,
        )

    def _version(self) -> str:
        return version.version(self.context.base_url)

    def _commit(self, making: Making) -> str:
        # What changes no file, a redirect that only a server answers, needs a release all the same.
        making.writer.open()
        made_at = self.context.started_at.isoformat()
        number = self.fence.generation if self.fence else 0
        manifest = Manifest(
            "", made_at, self.context.base_url, ENCODINGS, making.files, making.redirects, number
        )
        guard = self.fence.switching if self.fence else nullcontext
        redirects_map = redirects.nginx_map(making.redirects, Files.of(making.files))
        return self.target.commit(manifest, redirects_map, guard)

    def _stand(self, making: Making, release: str, *, is_whole: bool) -> None:
        """What was made stands; write its state where the next build reads it."""
        state = self.standing.state
        was_known = bool(state.release)
        previous = self.target.previous() if release != self._live_release() else self.standing.previous
        self.standing.apply(making.changes, previous)
        if is_whole:
            self.standing.listings |= making.listings
            self.standing.readings |= making.readings
            state.version = self._version()
            # With `only`, the rest of the site has yet to see what has changed.
            state.seen = state.seen if making.only is not None else self._seen
        elif self.starts_empty:
            # Its manifest does not name what was missing, so nothing else would tell the next build.
            state.version = ""
        if self.target.state_path and (is_whole or was_known):
            state.release = release
            is_saved, self.standing.is_saved = self.standing.is_saved, False
            try:
                state.save(self.target.state_path, making.changes if is_saved else None)
                self.standing.is_saved = True
            except (sqlite3.Error, OSError) as error:
                # What is live does not depend on it: who reads it later finds that it does not fit.
                logger.exception("The state of %s could not be written", release)
                making.warnings.append(
                    f"What the release was made from could not be written beside it ({error}): a build by another "
                    "process makes everything anew. Is the disk full?"
                )

    def _live_release(self) -> str | None:
        return self.standing.previous.manifest.release if self.standing.previous else None

    def _result(self, making: Making, previous: Previous | None, release: str | None) -> Result:
        files = making.writer.files
        warnings = list(making.warnings)
        if self.only is not None and making.changed.everything:
            warnings.insert(
                0, f"Everything was made, not only what fits {self.only!r}: {self._why_everything()}."
            )
        return Result(
            release=release,
            files_by_publisher=making.counts(),
            files=len(files),
            bytes=making.writer.size,
            reused=len(files) - len(making.writer.touched) if making.writer.is_copy else making.writer.reused,
            rendered=making.rendered,
            composed=making.composed,
            seconds=self._seconds(),
            diff=Diff.between(previous.manifest.files if previous else {}, files),
            failures=making.failures,
            warnings=warnings,
            everything=making.changed.everything,
            next_at=making.next_moment(),
        )


def _is_same(making: Making, previous: Previous) -> bool:
    files, before = making.writer.files, previous.files
    is_same = making.redirects == previous.manifest.redirects and files.mounted.name == before.mounted.name
    return is_same and all(files.get(path) == before.get(path) for path in files.since(before))


def standing(target: Target) -> Standing:
    """What is live in `target`, read from the disk."""
    previous = target.previous()
    path = target.state_path
    state = State.load(path) if path and previous else None
    is_known = previous and state and state.release == previous.manifest.release
    found = Standing.of(previous, state if is_known and state else State())
    found.is_saved = bool(is_known)
    found.unseen = target.folders()
    return found
