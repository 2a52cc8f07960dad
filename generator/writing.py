"""From bytes to files of a release: hashed, compressed where that pays, hard-linked where nothing changed."""

import ctypes
import gzip
import hashlib
import os
import shutil
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Thread
from typing import BinaryIO, NamedTuple

import deflate

from generator.documents import COMPRESSED_SUFFIXES, Attachment
from generator.lifeline import end_with
from generator.manifest import Base, FileEntry, Files, Manifest

try:
    import brotli
except ImportError:
    brotli = None

ENCODINGS = ("gzip", "br") if brotli else ("gzip",)


class Effort(NamedTuple):
    """The level of libdeflate (1 to 12) and the quality of brotli (0 to 11; None: no sibling of this kind)."""

    gzip: int
    brotli: int | None


FAST = Effort(6, 5)
"""For what changes often."""
MANY = Effort(1, None)
"""Where much is written, an alert's band say: a thirtieth larger over gzip, in half of the time; brotli would take
longer than all the rest (docs/decisions/0002-dependencies.md)."""
SMALL = Effort(12, 11)
"""For assets: compressed once, linked ever after."""
COMPRESSED_TYPES = ("text/", "image/svg+xml", "application/javascript", "application/json", "application/xml")
SHARED = "pagefind"
"""The folder of a release that may be a link to one that several releases share: the search index."""
LARGEST_IN_MEMORY = 8 * 2**20
CHUNK = 2**20
EARLY_SECONDS = 0.5
WORTH_HALVING = 2000


def is_text(media_type: str) -> bool:
    """Whether files of this type shrink when compressed."""
    essence = media_type.split(";", 1)[0].strip().lower()
    return essence.startswith(COMPRESSED_TYPES) or essence.endswith(("+json", "+xml"))


def compress(data: bytes, effort: Effort) -> dict[str, bytes]:
    """`data` in each encoding that makes it at least 5 % smaller. The same data give the same bytes."""
    encoded = {"gzip": bytes(deflate.gzip_compress(data, effort.gzip))}
    if brotli and effort.brotli is not None:
        encoded["br"] = brotli.compress(data, quality=effort.brotli)
    return {name: body for name, body in encoded.items() if len(body) < 0.95 * len(data)}


def decoded(data: bytes, encoding: str) -> bytes:
    """The plain bytes of what `compress` has made; none where they are not encoded as they should be."""
    try:
        if encoding == "gzip":
            return gzip.decompress(data)
        if encoding == "br":
            plain: bytes = brotli.decompress(data)
            return plain
    except (OSError, EOFError, zlib.error, brotli.error):
        return b""
    return data


@dataclass(frozen=True, slots=True)
class Previous:
    """What was built before: its public folder and manifest. Its files are never written to, so they can be
    shared."""

    public: Path
    manifest: Manifest

    @property
    def files(self) -> Files:
        return Files.of(self.manifest.files)


class ClashError(Exception):
    """A file is to lie where a folder of the copy lies, or the other way round, or where another process of the build
    has written one: one process begins again with an empty folder."""


class TornError(Exception):
    """The release before is not what its manifest says; nothing of it can be kept."""


class FileWriter:
    """Writes public files below `public`, or only computes their entries when `public` is None (a dry run).

    With `is_copy`, `public` already holds the previous build's files as hard links (`bring_up`): what is not written
    or removed stays, so that a build costs what it changes. Otherwise it begins empty, and what equals the previous
    build's file at the same path becomes a hard link to it. A file that others share is never written to: it is
    replaced. With `link_attachments` the files attached are hard links too where the file system and their permissions
    allow; otherwise copies. With `is_wary` a file of the previous build is read before it is shared, and must hold what
    its manifest says; else its size is enough. Writing raises OSError and ClashError.
    """

    def __init__(
        self,
        public: Path | None,
        previous: Previous | None = None,
        *,
        link_attachments: bool = False,
        is_copy: bool = False,
        is_wary: bool = False,
        stage: Callable[[], Path] | None = None,
    ) -> None:
        self._public = public
        self._is_good = is_as_built if is_wary else is_intact
        self._stage = stage
        self.previous = previous
        self.link_attachments = link_attachments
        self.is_copy = is_copy and previous is not None
        self.is_wary = is_wary
        self.files = previous.files.copy() if previous and self.is_copy else Files()
        self.effort = FAST
        """For what is written without saying how."""
        self.touched: set[str] = set()
        """The paths that were written, linked or removed."""
        self.retold: set[str] = set()
        """Of these, the pages that say what they said in the previous build, as far as a search goes."""
        self.reused = 0
        self._can_share = previous is not None and previous.manifest.encodings == ENCODINGS
        self._folders: set[str] = set()

    @property
    def public(self) -> Path | None:
        """Where it writes. The folder that `stage` makes is made when it is first needed: a build that changes nothing
        needs none."""
        self.open()
        return self._public

    def open(self) -> None:
        """Have the folder made now, if anything is written at all."""
        if self._public is None and self._stage is not None:
            self._public = self._stage()

    @property
    def is_dry(self) -> bool:
        """Whether nothing is written at all."""
        return self._public is None and self._stage is None

    @property
    def size(self) -> int:
        """Bytes of all files, compressed siblings included."""
        return self.files.bytes_on_disk

    def write(
        self,
        path: str,
        data: bytes,
        media_type: str,
        headers: Mapping[str, str],
        effort: Effort | None = None,
    ) -> None:
        """Add the file at `path` with its compressed siblings, made with this effort or the writer's own."""
        digest = hashlib.sha256(data).hexdigest()
        known = self._known(path, digest)
        if known and self._share(path, known):
            self._put(path, FileEntry(digest, len(data), media_type, headers, known.gzip, known.br))
            return
        is_compressed = is_text(media_type) and not self.is_dry
        bodies = compress(data, effort or self.effort) if is_compressed else {}
        sizes = {encoding: len(body) for encoding, body in bodies.items()}
        self._replace(path)
        second = self._second_of(path)
        for encoding, body in bodies.items():
            self._create(path + COMPRESSED_SUFFIXES[encoding], body, second)
        # After its siblings, so that none is younger: its time is the one that the next build asks for.
        self._create(path, data, second)
        self._put(path, FileEntry(digest, len(data), media_type, headers, **sizes))

    def keep(self, path: str) -> bool:
        """Take the previous build's file at `path` over as it is; False when it is gone or torn."""
        if self.previous is None or not self._can_share:
            return False
        if self.is_copy and path not in self.touched:
            self.reused += path in self.files
            return path in self.files
        entry = self.previous.files.get(path)
        if entry is None or not self._share(path, entry):
            return False
        self._put(path, entry)
        return True

    def remove(self, path: str) -> None:
        """Take the file at `path` out of the copy, with its siblings and the folders that it leaves empty."""
        if path in self.files:
            self._replace(path)
            self.files.drop(path)
            self.touched.add(path)
            if self.public:
                self._sweep((self.public / path).parent)

    def mount(self, folder: Path | None, base: Base) -> None:
        """Let `folder`, which lies beside the releases and does not change any more, be the folder SHARED of this one;
        none with None."""
        self.files.mounted = base
        if self.public:
            link_folder(self.public, folder)

    def before(self, path: str) -> bytes | None:
        """The bytes of the previous build's file at `path`; None when they are not what its manifest says."""
        entry = self.previous.files.get(path) if self.previous else None
        if self.previous is None or entry is None:
            return None
        try:
            with open(f"{self.previous.public}/{path}", "rb", buffering=0) as file:  # noqa: PTH123
                data = file.read()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == entry.sha256 else None

    def attach(self, attachment: Attachment, source: BinaryIO) -> None:
        """Add the file that a document refers to, read from `source`."""
        path = attachment.path
        local = _local_file(source)
        entry = self.previous.files.get(path) if self.previous else None
        if entry and local and self._is_unchanged(path, local) and self._share(path, entry):
            own = dict(attachment.headers)
            self._put(path, entry._replace(media_type=attachment.media_type, headers=own))
            return
        if is_text(attachment.media_type):
            data = source.read(LARGEST_IN_MEMORY)
            if len(data) < LARGEST_IN_MEMORY:
                self.write(path, data, attachment.media_type, attachment.headers, SMALL)
                return
            source.seek(0)
        self._replace(path)
        digest, size = self._copy(path, source, local)
        self._put(path, FileEntry(digest, size, attachment.media_type, dict(attachment.headers)))

    def absorb(self, entries: Mapping[str, FileEntry], retold: Iterable[str], reused: int) -> None:
        """What another process has written into the same folder."""
        for path, entry in entries.items():
            self._put(path, entry)
        self.retold.update(retold)
        self.reused += reused

    def _put(self, path: str, entry: FileEntry) -> None:
        if self.files.get(path) != entry:
            self.files.put(path, entry)
            self.touched.add(path)

    def _known(self, path: str, digest: str) -> FileEntry | None:
        """The previous build's entry for `path` if it holds the same bytes."""
        if self.previous is None or not self._can_share:
            return None
        entry = self.previous.files.get(path)
        return entry if entry and entry.sha256 == digest else None

    def _is_unchanged(self, path: str, local: Path) -> bool:
        """Whether the previous build shares this file's inode, and nobody has written to it since."""
        if self.previous is None or not self._can_share or self.is_wary:
            return False
        made_at = datetime.fromisoformat(self.previous.manifest.made_at).timestamp()
        with suppress(OSError):
            published, source = (self.previous.public / path).stat(), local.stat()
            return os.path.samestat(published, source) and source.st_mtime < made_at
        return False

    def _share(self, path: str, entry: FileEntry) -> bool:
        """Have the previous build's file and siblings at `path`; False when they are gone, torn or cannot be
        linked."""
        assert self.previous
        self.reused += 1
        if self.is_dry:
            return True
        if self.is_copy and path not in self.touched:
            folder = self._public or self.previous.public
            if self.files.get(path) is not None and self._is_good(folder, path, entry):
                return True
            self.reused -= 1
            return False
        assert self.public
        if self._is_good(self.previous.public, path, entry) and link_entry(
            self.previous.public, self.public, path, entry, self._folders
        ):
            return True
        self.reused -= 1
        return False

    def _replace(self, path: str) -> None:
        """Make room for another file at `path`. The old one stays in the builds that share it."""
        if self.is_copy and self.public and (entry := self.files.get(path)):
            _unlink(self.public, path, entry, self._folders)

    def _second_of(self, path: str) -> int:
        """When the previous build's file at `path` was written, in whole seconds; 0 when there is none."""
        if self.previous is None or self.is_dry:
            return 0
        try:
            return int(os.stat(f"{self.previous.public}/{path}").st_mtime)  # noqa: PTH116 - thousands of them
        except OSError:
            return 0

    def _sweep(self, folder: Path) -> None:
        with suppress(OSError):
            while folder != self.public:
                folder.rmdir()
                self._folders.discard(str(folder))
                folder = folder.parent

    def _copy(self, path: str, source: BinaryIO, local: Path | None) -> tuple[str, int]:
        """Link or copy `source`; its SHA-256 and size."""
        output: BinaryIO | None = None
        if self.public:
            target = self._target(self.public, path)
            if not (self.link_attachments and local and _link(local, target)):
                output = open(self._new(target), "wb", buffering=0)  # noqa: PTH123, SIM115 - closed below
        digest, size = hashlib.sha256(), 0
        try:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if output:
                    output.write(chunk)
            if output:
                _make_younger(output.fileno(), self._second_of(path))
        finally:
            if output:
                output.close()
        return digest.hexdigest(), size

    def _create(self, path: str, data: bytes, second: int) -> None:
        """Write a new file, later than in `second`."""
        if self.public:
            descriptor = self._new(self._target(self.public, path))
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                _make_younger(descriptor, second)
            finally:
                os.close(descriptor)

    def _new(self, target: str) -> int:
        """The descriptor of a new file."""
        try:
            return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        except (FileExistsError, IsADirectoryError) as error:
            raise ClashError(target) from error

    def _target(self, public: Path, path: str) -> str:
        target = f"{public}/{path}"
        try:
            _make_folder(target.rpartition("/")[0], self._folders)
        except (FileExistsError, NotADirectoryError) as error:
            raise ClashError(path) from error
        return target


def _make_younger(descriptor: int, second: int) -> None:
    """Let the file, which nobody shares yet, be later than in `second`: web servers tell two files at one address apart
    by the whole second and the size (nginx's ETag), and would say that the older one is still good."""
    if second and int(os.fstat(descriptor).st_mtime) <= second:
        os.utime(descriptor, (second + 1, second + 1))


def bring_up(public: Path, holds: Files | None, wanted: Previous) -> None:
    """Make `public`, which has the files `holds` of an earlier build (None: it is empty), a copy of `wanted` in hard
    links. Raises TornError where `wanted` is not what its manifest says, OSError."""
    folders: set[str] = set()
    public.mkdir(parents=True, exist_ok=True)
    if (holds.mounted.name if holds else "") != wanted.files.mounted.name:
        link = wanted.public / SHARED
        link_folder(public, link.resolve() if link.is_symlink() else None)
    replaced: list[str] = []
    for path in wanted.files.since(holds) if holds else wanted.files.own():
        old, new = holds.get(path) if holds else None, wanted.files.get(path)
        if old and new:
            if (old.sha256, old.gzip, old.br) != (new.sha256, new.gzip, new.br):
                replaced.append(path)
        elif old:
            _unlink(public, path, old, set())
            with suppress(OSError):
                folder = (public / path).parent
                while folder != public:
                    folder.rmdir()
                    folder = folder.parent
        elif new and not link_entry(wanted.public, public, path, new, folders):
            raise TornError(path)

    def replace_all(paths: Sequence[str]) -> None:
        for path in paths:
            assert holds
            _unlink(public, path, holds[path], folders)
            if not link_entry(wanted.public, public, path, wanted.files[path], folders):
                raise TornError(path)

    _in_halves(sorted(replaced), replace_all)


def _unlink(public: Path, path: str, entry: FileEntry, folders: set[str]) -> None:
    """Remove the file and its siblings. The folder that held them joins those known to exist."""
    for name, _size in entry.names(path):
        with suppress(FileNotFoundError):
            os.unlink(f"{public}/{name}")  # noqa: PTH108 - thousands of them
            folders.add(f"{public}/{path}".rpartition("/")[0])


def _in_halves(paths: Sequence[str], work: Callable[[Sequence[str]], None]) -> None:
    """Do `work`, which only touches files, with all the paths, where they are many with one half in a process of its
    own. Raises what `work` raises, and TornError where the other process has failed."""
    half = len(paths) // 2 if len(paths) >= WORTH_HALVING else len(paths)
    parent, pid = os.getpid(), 0
    if half < len(paths) and not (pid := os.fork()):
        status = 1
        try:
            end_with(parent)
            work(paths[half:])
            status = 0
        finally:
            os._exit(status)
    try:
        work(paths[:half])
    finally:
        failed = os.waitpid(pid, 0)[1] if pid else 0
    if failed:
        raise TornError(paths[half])


def link_folder(public: Path, folder: Path | None) -> None:
    """Let SHARED in `public` be a link to `folder`, which lies beside the release; no link with None."""
    link = public / SHARED
    link.unlink(missing_ok=True)
    if folder:
        link.symlink_to(os.path.relpath(folder, public.resolve()))


def link_entry(source: Path, target: Path, path: str, entry: FileEntry, folders: set[str]) -> bool:
    """Share the file at `path` and its siblings; False, and nothing done, when they are gone, torn or cannot be linked.
    `folders` are those known to exist."""
    made: list[str] = []
    try:
        _make_folder(f"{target}/{path}".rpartition("/")[0], folders)
        for name, size in entry.names(path):
            if os.stat(f"{source}/{name}").st_size != size:  # noqa: PTH116 - thousands of them
                raise FileNotFoundError(name)
            os.link(f"{source}/{name}", f"{target}/{name}")
            made.append(f"{target}/{name}")
    except OSError:
        for file in made:
            os.unlink(file)  # noqa: PTH108
        return False
    return True


def _make_folder(folder: str, known: set[str]) -> None:
    if folder not in known:
        try:
            os.mkdir(folder)  # noqa: PTH102 - thousands of them
        except OSError:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
        known.add(folder)


def check_whole(public: Path, files: Files) -> None:
    """Look at every file. Raises TornError where one is missing or of another size."""
    for path, entry in files.flat().items():
        if not is_intact(public, path, entry):
            raise TornError(path)


def is_intact(public: Path, path: str, entry: FileEntry) -> bool:
    """Whether the file and its siblings are there with their sizes."""
    try:
        return all(os.stat(f"{public}/{name}").st_size == size for name, size in entry.names(path))  # noqa: PTH116
    except OSError:
        return False


def is_as_built(public: Path, path: str, entry: FileEntry) -> bool:
    """Whether the file and its siblings hold what they did when they were made: all of them are read."""
    try:
        with open(f"{public}/{path}", "rb") as file:  # noqa: PTH123
            if hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                return False
            for encoding in entry.encodings:
                file.seek(0)
                sibling = Path(f"{public}/{path}{COMPRESSED_SUFFIXES[encoding]}")
                if decoded(sibling.read_bytes(), encoding) != file.read():
                    return False
    except OSError:
        return False
    return is_intact(public, path, entry)


def _local_file(handle: BinaryIO) -> Path | None:
    """Where the open file lies on this machine, or None (remote storage, memory)."""
    layer: object = handle
    for _depth in range(3):
        name = getattr(layer, "name", None)
        if isinstance(name, str) and os.path.isabs(name):  # noqa: PTH117
            with suppress(OSError, AttributeError, ValueError):
                if os.path.samestat(os.stat(name), os.fstat(handle.fileno())):  # noqa: PTH116
                    return Path(name)
        layer = getattr(layer, "file", None)
    return None


def _link(source: Path, target: str) -> bool:
    """Hard-link a file that a web server may read; False when it must be copied."""
    try:
        if source.is_symlink() or not source.stat().st_mode & 0o004:
            return False
        os.link(source, target)
    except OSError:
        return False
    return True


class EarlySync:
    """Lets the disk begin with what is written while more is: what is left for `sync_tree` is little then."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread: Thread | None = None
        self._due = time.monotonic() + EARLY_SECONDS
        self._error: OSError | None = None

    def step(self) -> None:
        """Begin again, now and then."""
        if time.monotonic() >= self._due and not (self._thread and self._thread.is_alive()):
            self._due = time.monotonic() + EARLY_SECONDS
            self._thread = Thread(target=self._sync, daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Return when nothing is under way any more. Raises OSError when the disk refused some of it, which it tells
        only once."""
        if self._thread is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error

    def _sync(self) -> None:
        try:
            sync_tree(self._folder)
        except OSError as error:
            self._error = error


def replace_file(path: Path, text: str) -> None:
    """Write `text` to `path` in one step, on disk when this returns."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the folder's entries to disk: after this a rename in it survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def _syncfs() -> Callable[[int], int] | None:
    """The system's call; None where it has none."""
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)


def sync_tree(folder: Path) -> None:
    """Bring all that was written below `folder` to disk: one call for its file system, where an fsync for
    each of thousands of files takes minutes. Raises OSError when the disk refused some of it."""
    syncfs = _syncfs()
    if syncfs is None:
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(descriptor) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(descriptor)


def remove_tree(folder: Path) -> None:
    """Delete a folder that may be half deleted already."""
    shutil.rmtree(folder, ignore_errors=True)
