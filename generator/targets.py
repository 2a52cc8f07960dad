"""Where a build goes: a release that becomes live by one rename, or a plain folder for any web server.

Both are made in a temporary sibling, so that a reader sees the old files or the new ones, never a mix, and a
build that was killed leaves nothing but that sibling, which the next one sweeps.
"""

import ctypes
import errno
import fcntl
import logging
import os
import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from generator import headers
from generator.manifest import MANIFEST, MOUNTED, Files, Manifest
from generator.writing import (
    SHARED,
    Previous,
    TornError,
    bring_up,
    remove_tree,
    replace_file,
    sync_folder,
    sync_tree,
)

logger = logging.getLogger(__name__)

PUBLIC = "public"
REDIRECTS = "redirects.map"
POLICIES = "policies.map"
CURRENT = "current"
STATE = ".state.sqlite3"
DOOMED = ".removing-"
STAYS_SECONDS = 600
"""So long a shared folder that no release is linked to stays."""
SPARE, SPARES = ".spare-", 3
"""What was a release and is no longer kept: the next build writes what it changes into it. An alert makes two, and
another one may come while the second is made."""
COPYING = ".copying-"
"""Where one of them is brought up to what is live."""
NEAR = 2000
"""A copy that differs in so few files is brought up sooner than another one that is under way."""
RELEASE_ID = re.compile(r"^\d{8}T\d{6}\.\d{6}Z$")
ID_FORMAT = "%Y%m%dT%H%M%S.%fZ"
LOCK_POLL_SECONDS, LOOK_SECONDS = 0.1, 1.0
HANGS_SECONDS = 20.0
"""A build that lets something urgent wait for so long hangs: several times a second it looks whether it is to give way,
but while it syncs and switches, or reads what stands."""


Guard = Callable[[], AbstractContextManager[None]]
"""Around the switch: raises when it must not be made."""
IsPressing = Callable[[], bool]
"""Asked about once a second, of who waits for the lock: whether something urgent waits with him."""


def never() -> bool:
    """Nothing is pressing."""
    return False


class TargetError(Exception):
    """The target cannot take this build; says why and what to do."""


class Target(Protocol):
    """What a build needs of the place it goes to."""

    location: Path
    link_attachments: bool
    state_path: Path | None
    """Where the build keeps what the next one needs to know; None for a target that is always built whole."""
    shelf: Path | None
    """Where folders lie that several releases share."""

    def live(self) -> str | None:
        """The name of what is live there, if a build that changes nothing may leave it."""

    def check(self) -> None:
        """Raises TargetError when the target must not be written to."""

    def locked(
        self, on_wait: Callable[[str], None], is_pressing: IsPressing = never
    ) -> AbstractContextManager[None]:
        """Only one build at a time. `on_wait` is told of another one. One that hangs is ended where what waits
        `is_pressing`. Raises TargetError when it takes too long."""

    def previous(self) -> Previous | None:
        """What is live there now, if anything readable is."""

    def folders(self) -> set[int]:
        """The inodes of the public folders that a build may go on from, the live one and copies."""

    def stage(self, copied: Previous | None = None) -> Path:
        """A public folder to write into, empty or with the files of `copied` as hard links; leftovers of killed builds
        are put out of the way first. Raises TornError where `copied` is not what its manifest says."""

    def commit(self, manifest: Manifest, redirects_map: str, guard: Guard = nullcontext) -> str:
        """Make what was staged live, inside `guard()`, which may raise; the name under which it is."""

    def discard(self) -> None:
        """Put what was staged out of the way."""

    def sweep(self) -> None:
        """Delete what was put out of the way."""


def _let_go_on(pid: str) -> None:
    """Wake up the build that holds the lock, with the processes it has started, where somebody has stopped it (Ctrl-Z):
    it could not even give way to an alert. For any other process that is stopped this would do no harm."""
    with suppress(OSError, ValueError):
        if _is_stopped(int(pid)):
            os.killpg(os.getpgid(int(pid)), signal.SIGCONT)


def _is_stopped(pid: int) -> bool:
    """Linux's proc(5): the state comes after the name, which stands in parentheses. Raises OSError."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in {"T", "t"}


def _ended(pid: str, lock: Path) -> bool:
    """Kill the build that holds the lock; whether that was possible. Whatever it was at, what is live is whole, and the
    next build sweeps. What else has this number (a build of another host may have written it) is left alone."""
    try:
        is_holder = any(_is_lock(entry, lock) for entry in Path(f"/proc/{int(pid)}/fd").iterdir())
        if is_holder:
            os.kill(int(pid), signal.SIGKILL)
    except (OSError, ValueError):
        return False
    return is_holder


def _is_lock(entry: Path, lock: Path) -> bool:
    """Whether what a process has open there (proc(5): fd/, fdinfo/) is the lock, and it holds it."""
    try:
        info = entry.parent.with_name("fdinfo") / entry.name
        return entry.samefile(lock) and "FLOCK" in info.read_text()
    except OSError:
        return False


@contextmanager
def file_lock(
    path: Path, on_wait: Callable[[str], None], timeout: float, is_pressing: IsPressing = never
) -> Iterator[None]:
    """Hold the lock at `path`; the kernel frees it when the process dies. `on_wait` hears once who holds it, who is
    killed where that has been pressing for HANGS_SECONDS. Raises TargetError after `timeout` seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        deadline = time.monotonic() + timeout
        waiting = False
        pressing_since: float | None = None
        look_at = 0.0
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                file.seek(0)
                pid = file.read().strip()
                _let_go_on(pid)
                holder = f"Another build is running (process {pid or 'unknown'})"
                now = time.monotonic()
                if not waiting:
                    on_wait(f"{holder}; waiting for it.")
                    waiting = True
                if now >= deadline:
                    message = f"{holder} and holds {path}. Try again when it has ended, or end it."
                    raise TargetError(message) from None
                if now >= look_at:
                    look_at = now + LOOK_SECONDS
                    pressing_since = (pressing_since or now) if is_pressing() else None
                if pressing_since is not None and now >= pressing_since + HANGS_SECONDS:
                    pressing_since = None
                    is_ended = _ended(pid, path)
                    logger.error(
                        "%s and lets something urgent wait for %.0f s. %s",
                        holder,
                        HANGS_SECONDS,
                        "It hangs, and was ended."
                        if is_ended
                        else "End it: it could not be ended from here.",
                    )
                time.sleep(LOCK_POLL_SECONDS)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


class ReleaseTarget:
    """`root`/<release id>/{public/, manifest.json, redirects.map, policies.map}, and the link `root`/current
    to the live one."""

    link_attachments = True

    def __init__(self, root: Path, *, kept: int = 5, lock_timeout: float = 600) -> None:
        self.root = self.location = root
        self.state_path: Path | None = root / STATE
        self.shelf: Path | None = root / MOUNTED
        self.kept = max(1, kept)
        self.lock_timeout = lock_timeout
        self._staged: Path | None = None

    def check(self) -> None:
        link = self.root / CURRENT
        if link.exists() and not link.is_symlink():
            message = (
                f"{link} is no symbolic link, so a release cannot become live. Move it away and build again."
            )
            raise TargetError(message)

    @contextmanager
    def locked(self, on_wait: Callable[[str], None], is_pressing: IsPressing = never) -> Iterator[None]:
        with file_lock(self.root / ".lock", on_wait, self.lock_timeout, is_pressing):
            yield

    def current(self) -> str | None:
        """The id of the live release."""
        return current_release(self.root)

    def live(self) -> str | None:
        return self.current()

    def releases(self) -> list[str]:
        """The ids of whole releases, oldest first."""
        if not self.root.is_dir():
            return []
        return sorted(entry.name for entry in self.root.iterdir() if RELEASE_ID.match(entry.name))

    def folders(self) -> set[int]:
        found = set()
        for folder in (*map(self.root.joinpath, self.releases()), *self._spares()):
            with suppress(FileNotFoundError):
                found.add((folder / PUBLIC).stat().st_ino)
        return found

    def previous(self) -> Previous | None:
        current = self.current()
        if current is None:
            return None
        try:
            return Previous(self.root / current / PUBLIC, Manifest.load(self.root / current / MANIFEST))
        except (OSError, ValueError):
            return None

    def stage(self, copied: Previous | None = None) -> Path:
        for leftover in self.root.glob(".building-*"):
            self._doom(leftover)
        self._staged = self.root / f".building-{self._new_id()}"
        public = self._staged / PUBLIC
        holds = None
        if copied is None:
            # What nearly all of has changed is no use to the build after this one either.
            for spare in self._spares():
                self._doom(spare)
        else:
            holds = self._take_copy(copied, self._staged)
        public.mkdir(parents=True, exist_ok=True)
        if copied:
            bring_up(public, holds, copied)
        return public

    def _take_copy(self, wanted: Previous, place: Path) -> Files | None:
        """Move the release put aside that differs least from the wanted one to `place`: to bring it up costs what
        differs. The files that it holds; None when there is none. One that somebody is bringing up is waited for where
        no other is near."""
        while True:
            busy = [number for number in range(SPARES) if self._is_busy(number)]
            nearest = self._nearest(wanted)
            if nearest and (nearest[0] <= NEAR or not busy):
                with suppress(FileNotFoundError):
                    nearest[1].rename(place)
                    return self._held_by(place)
            elif busy:
                with self._at_the_copy(busy[0], wait=True):
                    pass
            else:
                return None

    def _held_by(self, copy: Path) -> Files | None:
        """The files of what was moved there: since it was looked at it may have been brought up, or another one have
        taken its place. None, and nothing there, where nobody knows."""
        try:
            return Files.of(Manifest.load(copy / MANIFEST).files)
        except (OSError, ValueError):
            self._doom(copy)
            return None

    def _nearest(self, wanted: Previous) -> tuple[int, Path, Files] | None:
        """In how many files it differs, where it lies, and the files it holds."""
        known: list[tuple[int, Path, Files]] = []
        for spare in self._spares():
            try:
                files = Files.of(Manifest.load(spare / MANIFEST).files)
                known.append((len(wanted.files.since(files)), spare, files))
            except (OSError, ValueError):
                self._doom(spare)
        return min(known, key=lambda each: each[:2], default=None)

    def sweep(self) -> None:
        """Delete what was put out of the way, and the folders that no release is linked to any more."""
        for doomed in self.root.glob(f"{DOOMED}*"):
            remove_tree(doomed)
        releases = [self.root / name for name in self.releases()]
        linked = {_target_of(folder / PUBLIC / SHARED) for folder in (*releases, *self._spares())}
        for entry in (self.root / MOUNTED).glob("*"):
            # One that was just made may be about to be linked.
            if (
                entry.name.partition(".")[0] not in linked
                and entry.stat().st_mtime < time.time() - STAYS_SECONDS
            ):
                remove_tree(entry) if entry.is_dir() else entry.unlink(missing_ok=True)

    def is_ready(self) -> bool:
        """Whether nothing is to be swept, and copies are there for the next build."""
        return len(self._spares()) == SPARES and not any(self.root.glob(f"{DOOMED}*"))

    def is_prepared(self) -> bool:
        """Whether these copies are those of the live release."""
        copies = (_release_of(spare / MANIFEST) for spare in self._spares())
        return self.is_ready() and all(release == self.current() for release in copies)

    def prepare(self) -> None:
        """Have copies of the live release ready for the next build, which may make two, and sweep. For the time in
        which nothing else is to do: the first time it takes as long as the site is large."""
        if (previous := self.previous()) is None:
            return
        for number, spare in enumerate(self._spare_places()):
            draft = self.root / f"{COPYING}{number}"
            with suppress(BlockingIOError), self._at_the_copy(number, wait=False):
                remove_tree(draft)
                try:
                    self._bring_up(spare, draft, previous)
                except (TornError, OSError):
                    # The next build does without, and says what is wrong.
                    remove_tree(draft)
        self.sweep()
        with suppress(OSError):
            # So that the next build waits for its own files only.
            sync_tree(self.root)

    def _bring_up(self, spare: Path, draft: Path, wanted: Previous) -> None:
        """Make the spare a copy of the wanted release, by way of the folder `draft`. Raises TornError, OSError."""
        if _release_of(spare / MANIFEST) == wanted.manifest.release:
            return
        holds = None
        try:
            spare.rename(draft)
            holds = self._held_by(draft)
        except OSError:
            self._doom(spare)
        bring_up(draft / PUBLIC, holds, wanted)
        wanted.manifest.save(draft, wanted.public.parent)
        # A release may have been put aside there meanwhile, which is farther away.
        self._doom(spare)
        draft.rename(spare)

    @contextmanager
    def _at_the_copy(self, number: int, *, wait: bool) -> Iterator[None]:
        """Nobody else brings that copy up meanwhile. Raises BlockingIOError where somebody does and this is not to
        `wait`."""
        with (self.root / f"{COPYING}{number}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            yield

    def _is_busy(self, number: int) -> bool:
        try:
            with self._at_the_copy(number, wait=False):
                return False
        except BlockingIOError:
            return True

    def _spare_places(self) -> list[Path]:
        return [self.root / f"{SPARE}{number}" for number in range(SPARES)]

    def _spares(self) -> list[Path]:
        """What is put aside now."""
        return [spare for spare in self._spare_places() if spare.exists()]

    def _doom(self, folder: Path) -> None:
        """Put it out of the way, to be deleted when there is time: that takes as long as the site is large."""
        with suppress(FileNotFoundError):
            folder.rename(self.root / f"{DOOMED}{folder.name}-{time.monotonic_ns()}")

    def commit(self, manifest: Manifest, redirects_map: str, guard: Guard = nullcontext) -> str:
        if self._staged is None:
            raise RuntimeError("Nothing is staged. Call stage() and write the files first.")
        release = self._staged.name.removeprefix(".building-")
        beside = self.root / live if (live := self.current()) else None
        replace(manifest, release=release).save(self._staged, beside)
        for name, text in ((REDIRECTS, redirects_map), (POLICIES, headers.nginx_map(manifest.files))):
            (self._staged / name).unlink(missing_ok=True)
            (self._staged / name).write_text(text, encoding="utf-8")
        sync_tree(self._staged)
        with guard():
            self._staged.rename(self.root / release)
            self._staged = None
            sync_folder(self.root)
            self.activate(release)
        try:
            self.prune()
        except OSError:
            # The release is live, and the next build prunes again.
            logger.exception("%s is live, but older releases could not be put away", release)
        return release

    def activate(self, release: str) -> None:
        """Make a release live: one rename of a link. Raises TargetError when there is no such release."""
        if not (self.root / release / MANIFEST).is_file():
            known = ", ".join(self.releases()) or "none yet"
            message = f"There is no release {release!r} in {self.root}. Known: {known}."
            raise TargetError(message)
        link = self.root / ".current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(release)
        link.replace(self.root / CURRENT)
        sync_folder(self.root)

    def prune(self) -> list[str]:
        """Delete all but the newest `kept` releases; never the live one. The newest of them are put aside for the
        next builds. The ids that went."""
        gone = self.beyond(self.kept)
        free = [spare for spare in self._spare_places() if not spare.exists()]
        for release in reversed(gone):
            if free:
                (self.root / release).rename(free.pop())
            else:
                self.put_away(release)
        return gone

    def beyond(self, kept: int) -> list[str]:
        """All but the newest `kept` releases, oldest first, and never the live one."""
        current = self.current()
        others = [release for release in self.releases() if release != current]
        return others[: max(0, len(others) - (max(1, kept) - 1))]

    def put_away(self, release: str) -> None:
        """To be deleted by `sweep`."""
        self._doom(self.root / release)

    def discard(self) -> None:
        if self._staged:
            # An alert may be what it gives way to. What cannot be moved, the next build finds.
            with suppress(OSError):
                self._doom(self._staged)
            self._staged = None

    def _new_id(self) -> str:
        """Sorts after every release there is, also when the clock was set back."""
        now = datetime.now(UTC).strftime(ID_FORMAT)
        newest = max(self.releases(), default="")
        if now > newest:
            return now
        later = datetime.strptime(newest, ID_FORMAT).replace(tzinfo=UTC) + timedelta(microseconds=1)
        return later.strftime(ID_FORMAT)


def _release_of(manifest: Path) -> str | None:
    """The release whose copy lies there; None while it is being brought up."""
    try:
        return Manifest.load(manifest).release
    except (OSError, ValueError):
        return None


def _target_of(link: Path) -> str:
    """The name of what a link leads to; "" when there is no link."""
    try:
        return Path(os.readlink(link)).name  # noqa: PTH115
    except OSError:
        return ""


def current_release(root: Path) -> str | None:
    """The id of the live release in `root`, or None."""
    try:
        return os.readlink(root / CURRENT)  # noqa: PTH115
    except OSError:
        return None


class FolderTarget:
    """Plain public files in `folder`; the manifest and the maps for nginx lie beside it, outside what is
    served."""

    link_attachments = False
    state_path: Path | None = None
    shelf: Path | None = None

    def __init__(
        self, folder: Path, *, force: bool = False, protected: Iterable[Path] = (), lock_timeout: float = 600
    ) -> None:
        self.folder = self.location = folder.resolve()
        self.force = force
        self.protected = tuple(protected)
        self.lock_timeout = lock_timeout
        self._staged = self._sibling("building", hidden=True)
        self._manifest = self._sibling(MANIFEST)
        self._next_manifest = self._sibling(f"next.{MANIFEST}", hidden=True)

    def _sibling(self, suffix: str, *, hidden: bool = False) -> Path:
        return self.folder.parent / f"{'.' if hidden else ''}{self.folder.name}.{suffix}"

    def check(self) -> None:
        if not self.folder.name:
            message = f"{self.folder} is the root of the file system. Name a folder for the site's files."
            raise TargetError(message)
        for kept in (*self.protected, Path.cwd()):
            if kept.resolve().is_relative_to(self.folder):
                message = f"{self.folder} holds {kept}, which a build would delete. Name a folder of its own."
                raise TargetError(message)
        if not os.path.lexists(self.folder):
            return
        if not self.folder.is_dir():
            message = f"{self.folder} is a file. Name a folder, or move the file away."
            raise TargetError(message)
        if self.folder.is_mount():
            message = f"{self.folder} is a mount point and cannot be swapped. Name a folder inside it."
            raise TargetError(message)
        foreign = self._foreign_file()
        if foreign and not self.force:
            message = (
                f"{self.folder} holds {foreign}, which no build of Vigie put there. Name another folder, "
                "or give --force to delete all that is in it."
            )
            raise TargetError(message)

    def live(self) -> str | None:
        return None

    def _foreign_file(self) -> str | None:
        """A file in the folder that is in no manifest of ours."""
        known: set[str] = set()
        for path in (self._manifest, self._next_manifest):
            with suppress(OSError, ValueError):
                known.update(Manifest.load(path).paths())
        for parent, _folders, names in os.walk(self.folder):
            for name in names:
                file = (Path(parent) / name).relative_to(self.folder).as_posix()
                if file not in known:
                    return file
        return None

    @contextmanager
    def locked(self, on_wait: Callable[[str], None], is_pressing: IsPressing = never) -> Iterator[None]:
        with file_lock(self._sibling("lock", hidden=True), on_wait, self.lock_timeout, is_pressing):
            yield

    def folders(self) -> set[int]:
        return set()

    def previous(self) -> Previous | None:
        try:
            return Previous(self.folder, Manifest.load(self._manifest))
        except (OSError, ValueError):
            return None

    def stage(self, copied: Previous | None = None) -> Path:
        remove_tree(self._staged)
        self._staged.mkdir(parents=True)
        if copied:
            bring_up(self._staged, None, copied)
        return self._staged

    def commit(self, manifest: Manifest, redirects_map: str, guard: Guard = nullcontext) -> str:
        text = replace(manifest, release=self.folder.name).dump()
        self._next_manifest.write_text(text, encoding="utf-8")
        sync_tree(self._staged)
        with guard():
            if self.folder.exists():
                exchange(self._staged, self.folder)
            else:
                self._staged.rename(self.folder)
        self._next_manifest.replace(self._manifest)
        replace_file(self._sibling(REDIRECTS), redirects_map)
        replace_file(self._sibling(POLICIES), headers.nginx_map(manifest.files))
        remove_tree(self._staged)
        return str(self.folder)

    def discard(self) -> None:
        remove_tree(self._staged)

    def sweep(self) -> None:
        """Nothing is put out of the way."""


def exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step (Linux `renameat2`); in three renames where the file system cannot."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    at_fdcwd, rename_exchange = -100, 2
    if renameat2 is not None:
        if renameat2(at_fdcwd, os.fsencode(one), at_fdcwd, os.fsencode(other), rename_exchange) == 0:
            return
        number = ctypes.get_errno()
        if number not in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
            raise OSError(number, os.strerror(number), str(one), None, str(other))
    aside = other.with_name(f".{other.name}.old")
    remove_tree(aside)
    other.rename(aside)
    one.rename(other)
    aside.rename(one)
