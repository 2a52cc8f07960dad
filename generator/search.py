"""The index of the site's search, made by Pagefind from the pages of a release.

The index is part of the release, so that it is switched, mirrored and gone back from with it. The worker has it made in
a process beside it once a release is live, so that it holds nothing back, and adds it with the next release. A release
takes over the index of the one before it as long as every page that the index knows still says the same; else it has
none for a moment, so that nothing that was taken away can be found.

A page is searched where it has an element with `data-pagefind-body` (https://pagefind.app/docs/indexing/).
"""

from __future__ import annotations

import hashlib
import json
import logging
import mimetypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from generator.lifeline import end_with
from generator.manifest import MANIFEST, Base, Files, Manifest, load_mounted, mounted
from generator.targets import exchange
from generator.writing import SHARED, FileWriter, Previous, is_as_built, remove_tree, sync_tree

logger = logging.getLogger(__name__)

FOLDER = f"{SHARED}/"
"""Where the index lies, below the public folder."""
SOURCES = "sources.json"
"""What the index was made from, beside it."""
LONGEST_SECONDS = 600
LONGEST_QUIET_SECONDS = 60.0
POLITE = 10
"""How much less urgent than the rest the making of an index is (nice)."""
UNUSED = ("pagefind-component-ui", "pagefind-highlight", "pagefind-modular-ui", "pagefind-ui")
"""Files of other ways to show results: this site has its own."""
TEMPORARY = "vigie-search-"
BINARY = "application/octet-stream"

_MARK = b"data-pagefind-body"
_MARKED = re.compile(rb"<(\w+)[^>]*\sdata-pagefind-body[\s>]")

Parts = dict[str, str]
"""The pages that are searched, by path, with the SHA-256 of their searched part."""


class SearchError(Exception):
    """The index could not be made; says why. The site does without."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index in `folder`, which may be on the shelf already, made from the release `release`, or from the pages being
    written when that is None."""

    folder: Path
    release: str | None


def _said(page: bytes) -> bytes:
    """What is searched in the page; empty when nothing is."""
    mark = page.find(_MARK)
    found = _MARKED.match(page, page.rfind(b"<", 0, mark)) if mark > 0 else None
    if found is None:
        return b""
    end = page.rfind(b"</" + found[1] + b">")
    return page[found.start() : end] if end > mark else b""


def searched(page: bytes) -> str:
    """The SHA-256 of what is searched in the page; "" when nothing is."""
    said = _said(page)
    return hashlib.sha256(said).hexdigest() if said else ""


def is_said_still(before: bytes, now: bytes) -> bool:
    """Whether a page says what it said, as far as a search goes."""
    return _said(before) == _said(now)


def parts(public: Path) -> Parts:
    """What is searched below `public`. Raises OSError."""
    pages = (
        (path.relative_to(public).as_posix(), path.read_bytes()) for path in sorted(public.rglob("*.html"))
    )
    return {path: part for path, page in pages if (part := searched(page))}


def known(index: Path) -> Parts:
    """What the index was made from; empty when there is none, or it cannot be read."""
    try:
        status = (index / SOURCES).stat()
        return _known(index, status.st_mtime_ns, status.st_size)
    except (OSError, ValueError, AttributeError):
        return {}


@lru_cache(maxsize=2)
def _known(index: Path, _time: int, _size: int) -> Parts:
    return {str(path): str(part) for path, part in json.loads((index / SOURCES).read_text("utf-8")).items()}


def make(public: Path, output: Path) -> bool:
    """Write the index of `public` to `output`, unless the one in `public` is what it would be. Whether it was made.

    Raises SearchError when Pagefind fails, is missing or takes too long; OSError when the disk does not take it.
    """
    now = parts(public)
    if not now or now == known(public / FOLDER):
        return False
    command = [
        sys.executable,
        "-m",
        "pagefind",
        "--site",
        str(public),
        "--output-path",
        str(output),
        "--silent",
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; the paths are ours
            command,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
            preexec_fn=partial(end_with, os.getpid()),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"The search index of {public} could not be made: {error}"
        raise SearchError(message) from error
    if done.returncode != 0:
        message = f"Pagefind could not index {public} (exit status {done.returncode}): {done.stderr.strip()}"
        raise SearchError(message)
    for path in output.iterdir():
        if path.name.startswith(UNUSED):
            path.unlink()
    (output / SOURCES).write_text(json.dumps(now, separators=(",", ":")), encoding="utf-8")
    return True


def at_once(writer: FileWriter, previous: Previous | None) -> Index | None:
    """An index of the pages being written; None where the release before has that very one, unless the writer is wary,
    or nothing is searched. Whoever called deletes its folder. Raises as `make` does.
    """
    if writer.is_dry or writer.public is None:
        return None
    if previous and not writer.is_wary and parts(writer.public) == known(previous.public / FOLDER):
        return None
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    try:
        if make(writer.public, folder):
            return Index(folder, None)
    except SearchError:
        remove_tree(folder)
        raise
    remove_tree(folder)
    return None


def add(
    writer: FileWriter, previous: Previous | None, index: Index | None, shelf: Path | None = None
) -> None:
    """Put an index into the release being written: `index` where all that it knows is still said, else that of the
    release before if all that knows is. It goes to a folder of the `shelf`, to which the release has a link; without
    one into the release itself. Raises OSError.
    """
    if writer.is_dry:
        writer.mount(None, previous.files.mounted if previous else Base())
        return
    if index and _is_still_said(writer, _reference(index, previous), known(index.folder)):
        if shelf:
            writer.mount(*_on_the_shelf(index.folder, shelf))
        else:
            for name, path in _files(index.folder).items():
                writer.write(name, path.read_bytes(), _media_type(path), {})
        return
    if previous and previous.files.mounted.name:
        link = previous.public / SHARED
        if _is_still_said(writer, previous.files, known(link.resolve())) and _is_trusted(writer, previous):
            if writer.files.mounted.name != previous.files.mounted.name:
                writer.mount(link.resolve(), previous.files.mounted)
        else:
            writer.mount(None, Base())


def _reference(index: Index, previous: Previous | None) -> Files | None:
    """The files of the release that the index was made from; none where that is not kept any more."""
    if index.release is None or previous is None:
        return None
    if index.release == previous.manifest.release:
        return previous.files
    try:
        return Files.of(Manifest.load(previous.public.parent.parent / index.release / MANIFEST).files)
    except (OSError, ValueError):
        return None


def _files(folder: Path) -> dict[str, Path]:
    return {
        FOLDER + path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _media_type(path: Path) -> str:
    media_type = mimetypes.guess_type(path.name)[0] or BINARY
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _on_the_shelf(folder: Path, shelf: Path) -> tuple[Path, Base]:
    if folder.parent == shelf:
        return folder, load_mounted(shelf, folder.name)
    return shelved(folder, shelf)


def shelved(folder: Path, shelf: Path) -> tuple[Path, Base]:
    """The files of `folder` with their compressed copies in a folder of the shelf that never changes; its entries."""
    draft = shelf / f".new-{os.getpid()}"
    remove_tree(draft)
    writer = FileWriter(draft)
    for name, path in _files(folder).items():
        writer.write(name, path.read_bytes(), _media_type(path), {})
    base, content = mounted(writer.files.own())
    place = shelf / base.name
    (shelf / f"{base.name}.json").write_bytes(content)
    if place.exists():
        # Somebody may have changed a file of it; and one that nothing was linked to for long would be swept.
        exchange(draft / SHARED, place)
    else:
        (draft / SHARED).rename(place)
    remove_tree(draft)
    return place, base


def _is_still_said(writer: FileWriter, reference: Files | None, made_from: Parts) -> bool:
    """Whether every page of the index says in the new release what it said in that with the files `reference`; without
    one, whether it says it now."""
    if not made_from:
        return False
    retold = writer.retold if writer.previous and reference is writer.previous.files else set[str]()
    for path in writer.files.since(reference) if reference else made_from:
        if path in made_from:
            entry, old = writer.files.get(path), reference.get(path) if reference else None
            if entry is None:
                return False
            is_same = old is not None and (old.sha256 == entry.sha256 or path in retold)
            if not is_same and (
                writer.public is None or _searched_now(writer.public / path) != made_from[path]
            ):
                return False
    return True


def _is_trusted(writer: FileWriter, previous: Previous) -> bool:
    """Whether a writer that is wary finds the index of the release before as it was made. What is urgent, written into
    a copy, does not wait for so many files to be read."""
    if writer.is_copy or not writer.is_wary:
        return True
    entries = previous.files.mounted.entries
    return all(is_as_built(previous.public, path, entry) for path, entry in entries.items())


def _searched_now(path: Path) -> str:
    return searched(path.read_bytes())


class Indexer:
    """Makes the index of one live release after the other and puts it on the shelf, in a process of its own. `step`
    never waits."""

    def __init__(self, shelf: Path) -> None:
        self._shelf = shelf
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None
        self._release: str | None = None
        self._public = Path()
        self._waiting: tuple[str | None, float] = ("", 0.0)
        """Which release is to be next, and since when it is live."""
        self._begun_at = 0.0
        self._quiet_seconds = 0.0

    def step(self, release: str | None, public: Path) -> Index | None:
        """Begin with a release not yet looked at, or see whether the process has ended: the index that it made. A
        release is left alone for about as long as the last one was worked on: another one may follow."""
        now = time.monotonic()
        if self._process is None:
            if release != self._waiting[0]:
                self._waiting = (release, now)
            if release and release != self._release and now >= self._waiting[1] + self._quiet_seconds:
                self._begun_at = now
                self._begin(release, public)
            return None
        status = self._process.poll()
        if status is None:
            return None
        name = self._process.communicate()[0].decode().strip()
        self._process = None
        # Its files may have become those of another release while they were read.
        is_kept = self._public.is_dir()
        if not is_kept:
            logger.info(
                "Release %s is no longer kept: the search index waits for the next one", self._release
            )
        elif status != 0:
            logger.error("The search index of %s could not be made (exit status %d)", self._release, status)
        self.forget()
        index = Index(self._shelf / name, self._release) if is_kept and status == 0 and name else None
        if index or not is_kept:
            self._quiet_seconds = min(now - self._begun_at, LONGEST_QUIET_SECONDS)
        return index

    def forget(self) -> None:
        """End what is under way."""
        if self._process is not None:
            self._signal(signal.SIGKILL)
            self._process.communicate()
            self._process = None
        if self._folder:
            remove_tree(self._folder)
            self._folder = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Inside, what is under way stands still: it takes all cores that it gets."""
        self._signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        """To the process and Pagefind, which it has started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _begin(self, release: str, public: Path) -> None:
        self._release, self._public = release, public
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        try:
            # What a worker that is killed leaves there is swept like an index that nobody is linked to.
            self._shelf.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=self._shelf))
            command = [
                sys.executable,
                "-m",
                "generator.search",
                str(os.getpid()),
                str(public),
                str(self._folder),
                str(self._shelf),
            ]
            self._process = subprocess.Popen(  # noqa: S603
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError:
            logger.exception("The search index of %s could not be made", release)
            self.forget()


def main(worker: str, public: str, output: str, shelf: str) -> int:
    """The process that `Indexer` starts. It writes the name of the folder on the shelf, if it made one."""
    end_with(int(worker))
    os.nice(POLITE)
    try:
        if make(Path(public), Path(output)):
            place, _base = shelved(Path(output), Path(shelf))
            # The release that takes it waits for all that is not on the disk yet.
            sync_tree(Path(shelf))
            sys.stdout.write(place.name)
    except (SearchError, OSError) as error:
        if Path(public).is_dir():
            sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
