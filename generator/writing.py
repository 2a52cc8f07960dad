"""From bytes to files of a release: hashed, compressed where that pays, hard-linked where nothing changed."""

import ctypes
import gzip
import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from generator.documents import COMPRESSED_SUFFIXES, Attachment
from generator.manifest import FileEntry, Manifest

try:
    import brotli
except ImportError:
    brotli = None

ENCODINGS = ("gzip", "br") if brotli else ("gzip",)
BROTLI_FAST, BROTLI_SMALL = 5, 11
"""Quality for what changes often, and for assets: compressed once, linked ever after."""
COMPRESSED_TYPES = ("text/", "image/svg+xml", "application/javascript", "application/json", "application/xml")
LARGEST_IN_MEMORY = 8 * 2**20
CHUNK = 2**20


def is_text(media_type: str) -> bool:
    """Whether files of this type shrink when compressed."""
    essence = media_type.split(";", 1)[0].strip().lower()
    return essence.startswith(COMPRESSED_TYPES) or essence.endswith(("+json", "+xml"))


def compress(data: bytes, quality: int) -> dict[str, bytes]:
    """`data` in each encoding that makes it at least 5 % smaller. The same data give the same bytes."""
    encoded = {"gzip": gzip.compress(data, 9, mtime=0)}
    if brotli:
        encoded["br"] = brotli.compress(data, quality=quality)
    return {name: body for name, body in encoded.items() if len(body) < 0.95 * len(data)}


@dataclass(frozen=True, slots=True)
class Previous:
    """What was built before: its public folder and manifest. Its files are never written to, so they can be
    shared."""

    public: Path
    manifest: Manifest


class FileWriter:
    """Writes public files below `public`, or only computes their entries when `public` is None (a dry run).

    What equals the previous build's file at the same path is a hard link to it. With `link_attachments` the
    files attached are hard links too where the file system and their permissions allow; otherwise copies.
    Writing raises OSError.
    """

    def __init__(
        self, public: Path | None, previous: Previous | None = None, *, link_attachments: bool = False
    ) -> None:
        self.public = public
        self.previous = previous
        self.link_attachments = link_attachments
        self.files: dict[str, FileEntry] = {}
        self.reused = 0
        self._folders: set[Path] = set()

    @property
    def size(self) -> int:
        """Bytes of all files, compressed siblings included."""
        return sum(entry.size + sum(entry.encodings.values()) for entry in self.files.values())

    def write(
        self,
        path: str,
        data: bytes,
        media_type: str,
        headers: Mapping[str, str],
        quality: int = BROTLI_FAST,
    ) -> None:
        """Add the file at `path` with its compressed siblings."""
        digest = hashlib.sha256(data).hexdigest()
        if (known := self._known(path, digest)) and self._link_previous(path, known):
            self.files[path] = FileEntry(digest, len(data), media_type, dict(headers), known.encodings)
            return
        bodies = compress(data, quality) if is_text(media_type) and self.public else {}
        sizes = {encoding: len(body) for encoding, body in bodies.items()}
        self._create(path, data)
        for encoding, body in bodies.items():
            self._create(path + COMPRESSED_SUFFIXES[encoding], body)
        self.files[path] = FileEntry(digest, len(data), media_type, dict(headers), sizes)

    def keep(self, path: str) -> bool:
        """Take the previous build's file at `path` over as it is; False when it is gone or torn."""
        if self.previous is None or self.previous.manifest.encodings != ENCODINGS:
            return False
        entry = self.previous.manifest.files.get(path)
        if entry is None or not self._link_previous(path, entry):
            return False
        self.files[path] = entry
        return True

    def before(self, path: str) -> bytes | None:
        """The bytes of the previous build's file at `path`; None when they are not what its manifest says."""
        entry = self.previous.manifest.files.get(path) if self.previous else None
        if self.previous is None or entry is None:
            return None
        try:
            data = (self.previous.public / path).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == entry.sha256 else None

    def attach(self, attachment: Attachment, source: BinaryIO) -> None:
        """Add the file that a document refers to, read from `source`."""
        path = attachment.path
        local = _local_file(source)
        entry = self.previous.manifest.files.get(path) if self.previous else None
        if entry and local and self._is_unchanged(path, local) and self._link_previous(path, entry):
            self.files[path] = FileEntry(
                entry.sha256, entry.size, attachment.media_type, dict(attachment.headers), entry.encodings
            )
            return
        if is_text(attachment.media_type):
            data = source.read(LARGEST_IN_MEMORY)
            if len(data) < LARGEST_IN_MEMORY:
                self.write(path, data, attachment.media_type, attachment.headers, BROTLI_SMALL)
                return
            source.seek(0)
        digest, size = self._copy(path, source, local)
        self.files[path] = FileEntry(digest, size, attachment.media_type, dict(attachment.headers))

    def _known(self, path: str, digest: str) -> FileEntry | None:
        """The previous build's entry for `path` if it holds the same bytes."""
        if self.previous is None or self.previous.manifest.encodings != ENCODINGS:
            return None
        entry = self.previous.manifest.files.get(path)
        return entry if entry and entry.sha256 == digest else None

    def _is_unchanged(self, path: str, local: Path) -> bool:
        """Whether the previous build shares this file's inode, and nobody has written to it since."""
        if self.previous is None or self.previous.manifest.encodings != ENCODINGS:
            return False
        made_at = datetime.fromisoformat(self.previous.manifest.made_at).timestamp()
        with suppress(OSError):
            published, source = (self.previous.public / path).stat(), local.stat()
            return os.path.samestat(published, source) and source.st_mtime < made_at
        return False

    def _link_previous(self, path: str, entry: FileEntry) -> bool:
        """Share the previous build's file and siblings; False when they are gone, torn or cannot be
        linked."""
        if self.previous is None:
            return False
        self.reused += 1
        if self.public is None:
            return True
        names = {path: entry.size}
        names |= {path + COMPRESSED_SUFFIXES[encoding]: size for encoding, size in entry.encodings.items()}
        made = []
        try:
            for name, size in names.items():
                source = self.previous.public / name
                if source.stat().st_size != size:
                    raise FileNotFoundError(name)
                target = self._target(self.public, name)
                os.link(source, target)
                made.append(target)
        except OSError:
            for target in made:
                target.unlink()
            self.reused -= 1
            return False
        return True

    def _copy(self, path: str, source: BinaryIO, local: Path | None) -> tuple[str, int]:
        """Link or copy `source`; its SHA-256 and size."""
        output: BinaryIO | None = None
        if self.public:
            target = self._target(self.public, path)
            if not (self.link_attachments and local and _link(local, target)):
                output = target.open("xb")
        digest, size = hashlib.sha256(), 0
        try:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if output:
                    output.write(chunk)
        finally:
            if output:
                output.close()
        return digest.hexdigest(), size

    def _create(self, path: str, data: bytes) -> None:
        if self.public:
            with self._target(self.public, path).open("xb") as file:
                file.write(data)

    def _target(self, public: Path, path: str) -> Path:
        target = public / path
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        return target


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


def _link(source: Path, target: Path) -> bool:
    """Hard-link a file that a web server may read; False when it must be copied."""
    try:
        if source.is_symlink() or not source.stat().st_mode & 0o004:
            return False
        os.link(source, target)
    except OSError:
        return False
    return True


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


def sync_tree(folder: Path) -> None:
    """Bring all that was written below `folder` to disk: one call for its file system, where an fsync for
    each of thousands of files takes minutes. Raises OSError when the disk refused some of it."""
    syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
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
