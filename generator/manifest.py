"""What a release holds, file by file. Kept beside the public folder, never inside it.

Most releases of a large site differ from the one before in a few files. So a manifest is written in two layers: a base
file (`files-<hash>.json`) that many releases share as a hard link, and `manifest.json` with what is other than in it.
A site of a few hundred files has no base, and a manifest written by `dump` never has one.

A folder that only changes as a whole, the search index, is no copy in each release but lies beside them, in
`.mounted/<hash>/`, with its entries in `.mounted/<hash>.json`; the release has a symbolic link to it.
"""

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from generator.documents import COMPRESSED_SUFFIXES

VERSION = 2
SIBLINGS = ("gzip", "br")
"""The encodings that a file may have a sibling in."""
MANIFEST = "manifest.json"
BASE_PATTERN = "files-*.json"
LARGEST_LAYER = 1000
"""More files than that in the upper layer, and more than a quarter of all, become a new base."""
BASES_KEPT = 4
PIECE = 500
MOUNTED = ".mounted"
POLICY = "Content-Security-Policy"


class FileEntry(NamedTuple):
    """One public file: SHA-256 (hex) and size (bytes) of its plain bytes, its own headers, and the sizes of its
    compressed siblings, 0 where there is none."""

    sha256: str
    size: int
    media_type: str
    headers: Mapping[str, str] = {}
    gzip: int = 0
    br: int = 0

    @property
    def encodings(self) -> dict[str, int]:
        """The sizes of the siblings there are, by encoding."""
        return {encoding: size for encoding, size in zip(SIBLINGS, self[4:], strict=True) if size}

    @property
    def bytes_on_disk(self) -> int:
        return self.size + self.gzip + self.br

    def names(self, path: str) -> Iterator[tuple[str, int]]:
        """The names on disk of the file at `path`, its compressed siblings too, with their sizes."""
        yield path, self.size
        if self.gzip:
            yield path + COMPRESSED_SUFFIXES["gzip"], self.gzip
        if self.br:
            yield path + COMPRESSED_SUFFIXES["br"], self.br


@dataclass(frozen=True)
class Base:
    """Entries that several manifests share. `name` is that of its file (of a mounted folder: its hash); "" before it
    has one."""

    entries: Mapping[str, FileEntry] = field(default_factory=dict)
    name: str = ""

    @cached_property
    def bytes_on_disk(self) -> int:
        return sum(entry.bytes_on_disk for entry in self.entries.values())

    @cached_property
    def with_policy(self) -> dict[str, str]:
        return _policies(self.entries)

    @cached_property
    def with_capitals(self) -> frozenset[str]:
        return _capitals(self.entries)


def _capitals(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(path for path in paths if path != path.lower())


def _policies(entries: Mapping[str, FileEntry]) -> dict[str, str]:
    found = {path: entry.headers.get(POLICY) for path, entry in entries.items() if entry.headers}
    return {path: policy for path, policy in found.items() if policy}


class Files(Mapping[str, FileEntry]):
    """Entries by path: those of a base, with what is `changed` and what is `removed` since, and those of the `mounted`
    folder. Copying one, and asking it for its length or its bytes, costs what differs from the base."""

    __slots__ = ("_length", "base", "changed", "mounted", "removed")

    def __init__(
        self,
        base: Base | None = None,
        changed: Mapping[str, FileEntry] | None = None,
        removed: Iterable[str] = (),
        mounted: Base | None = None,
    ) -> None:
        self.base = base or Base()
        self.mounted = mounted or Base()
        self.changed = dict(changed or {})
        self.removed = set(removed)
        entries = self.base.entries
        self._length = len(entries) - len(self.removed) + sum(path not in entries for path in self.changed)

    @classmethod
    def of(cls, entries: Mapping[str, FileEntry]) -> "Files":
        return entries if isinstance(entries, cls) else cls(changed=entries)

    def copy(self) -> "Files":
        return Files(self.base, self.changed, self.removed, self.mounted)

    def __getitem__(self, path: str) -> FileEntry:
        entry = self.changed.get(path)
        if entry is not None:
            return entry
        if path in self.removed or (entry := self.base.entries.get(path)) is None:
            return self.mounted.entries[path]
        return entry

    def get(self, path: str, default: Any = None) -> Any:
        entry = self.changed.get(path)
        if entry is not None:
            return entry
        if path in self.removed or (entry := self.base.entries.get(path)) is None:
            return self.mounted.entries.get(path, default)
        return entry

    def __contains__(self, path: object) -> bool:
        return self._is_own(path) or path in self.mounted.entries

    def _is_own(self, path: object) -> bool:
        return path in self.changed or (path not in self.removed and path in self.base.entries)

    def __len__(self) -> int:
        return self._length + len(self.mounted.entries)

    def __iter__(self) -> Iterator[str]:
        yield from self.flat()

    def items(self) -> ItemsView[str, FileEntry]:
        return self.flat().items()

    def values(self) -> ValuesView[FileEntry]:
        return self.flat().values()

    def flat(self) -> dict[str, FileEntry]:
        """All entries as one dictionary, in the order of their paths."""
        return dict(sorted({**self.own(), **self.mounted.entries}.items()))

    def own(self) -> dict[str, FileEntry]:
        """Those that are not mounted."""
        lower = {path: entry for path, entry in self.base.entries.items() if path not in self.removed}
        return lower | self.changed

    def put(self, path: str, entry: FileEntry) -> None:
        self._length += not self._is_own(path)
        self.removed.discard(path)
        self.changed[path] = entry

    def drop(self, path: str) -> None:
        self._length -= self._is_own(path)
        self.changed.pop(path, None)
        if path in self.base.entries:
            self.removed.add(path)

    def since(self, other: "Files") -> set[str]:
        """The paths at which the two may differ, mounted ones aside: those of the upper layers where they share a base,
        else all."""
        if self.base is other.base or (self.base.name and self.base.name == other.base.name):
            return {*self.changed, *self.removed, *other.changed, *other.removed}
        return {*self.own(), *other.own()}

    def with_policy(self) -> dict[str, str]:
        """The files that have a Content-Security-Policy of their own, with it."""
        hidden = self.removed.union(self.changed)
        lower = {path: policy for path, policy in self.base.with_policy.items() if path not in hidden}
        return lower | _policies(self.changed) | self.mounted.with_policy

    def with_capitals(self) -> set[str]:
        """The paths in which there is a capital, mounted ones aside."""
        return {*(self.base.with_capitals - self.removed), *_capitals(self.changed)}

    @property
    def bytes_on_disk(self) -> int:
        """Of all files, their compressed siblings too."""
        entries = self.base.entries
        hidden = self.removed.union(path for path in self.changed if path in entries)
        lower = self.base.bytes_on_disk - sum(entries[path].bytes_on_disk for path in hidden)
        upper = sum(entry.bytes_on_disk for entry in self.changed.values())
        return lower + upper + self.mounted.bytes_on_disk


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` by path relative to the public folder; `redirects` from decoded path to new URL; `encodings`
    that the build could write; `generation` its number, 0 without one; `made_at` in ISO 8601 with offset."""

    release: str
    made_at: str
    base_url: str
    encodings: tuple[str, ...]
    files: Mapping[str, FileEntry]
    redirects: Mapping[str, str]
    generation: int = 0

    def paths(self) -> Iterator[str]:
        """All files on disk, the compressed siblings too."""
        for path, entry in self.files.items():
            for name, _size in entry.names(path):
                yield name

    def dump(self) -> str:
        """All of it as one text."""
        return self._dump(Files(changed=Files.of(self.files).flat()))

    def save(self, folder: Path, beside: Path | None = None) -> None:
        """Write it into the release `folder`, its base as a link to that of the release `beside` where it is the same.
        Raises OSError."""
        files = Files.of(self.files)
        layer = len(files.changed) + len(files.removed)
        if layer > LARGEST_LAYER and layer > len(files) // 4:
            files = Files(_new_base(files.own(), folder), mounted=files.mounted)
        for stale in folder.glob(BASE_PATTERN):
            if stale.name != files.base.name:
                stale.unlink()
        if files.base.name and not (folder / files.base.name).exists():
            _share(files.base, folder, beside)
        manifest = folder / MANIFEST
        # It may be shared with nothing, but is never written in place all the same.
        manifest.unlink(missing_ok=True)
        with manifest.open("x", encoding="utf-8") as file:
            file.write(self._dump(files))

    def _dump(self, files: Files) -> str:
        content = {
            "version": VERSION,
            "release": self.release,
            "made_at": self.made_at,
            "base_url": self.base_url,
            "encodings": self.encodings,
            "generation": self.generation,
            "redirects": dict(self.redirects),
            "base": files.base.name,
            "mounted": files.mounted.name,
            "removed": sorted(files.removed),
            "files": _packed(files.changed),
        }
        return _json(content)

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """Read a manifest. Raises OSError, or ValueError for a file that is none."""
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if data.pop("version") != VERSION:
                raise ValueError("another version")
            base = _load_base(path.parent, data.pop("base"))
            mounted = load_mounted(path.parent.parent / MOUNTED, data.pop("mounted"))
            files = Files(base, _unpacked(data.pop("files")), data.pop("removed"), mounted)
            return cls(files=files, encodings=tuple(data.pop("encodings")), **data)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            message = f"{path} is no manifest of a release ({error}). Build again to make one."
            raise ValueError(message) from error


class _Packer:
    """Entries as JSON holds them: media types and headers, of which there are few, once each."""

    def __init__(self) -> None:
        self._types: dict[str, int] = {}
        self._headers: dict[tuple[tuple[str, str], ...], int] = {}

    def pack(self, entry: FileEntry) -> list[Any]:
        kind = self._types.setdefault(entry.media_type, len(self._types))
        own = self._headers.setdefault(tuple(entry.headers.items()), len(self._headers))
        return [entry.sha256, entry.size, kind, own, entry.encodings]

    def known(self) -> dict[str, Any]:
        """The types and headers that the packed entries refer to."""
        return {"types": list(self._types), "headers": list(map(dict, self._headers))}


def _packed(entries: Mapping[str, FileEntry]) -> dict[str, Any]:
    packer = _Packer()
    packed = {path: packer.pack(entry) for path, entry in sorted(entries.items())}
    return packer.known() | {"entries": packed}


def _unpacked(data: dict[str, Any]) -> dict[str, FileEntry]:
    types, headers = data["types"], data["headers"]
    return {
        path: FileEntry(sha256, size, types[kind], headers[own], **encodings)
        for path, (sha256, size, kind, own, encodings) in data["entries"].items()
    }


_bases: "OrderedDict[str, Base]" = OrderedDict()
"""Those read or written last by this process: reading one costs as much as the site is large."""


def _remembered(base: Base) -> Base:
    _bases[base.name] = base
    _bases.move_to_end(base.name)
    while len(_bases) > BASES_KEPT:
        _bases.popitem(last=False)
    return base


def _base_content(entries: Mapping[str, FileEntry]) -> Iterator[bytes]:
    """`_packed` as JSON, piece by piece: all of it at once is several times as large."""
    packer, paths = _Packer(), sorted(entries)
    for path in paths:
        packer.pack(entries[path])
    yield _json(packer.known())[:-1].encode() + b',"entries":{'
    for start in range(0, len(paths), PIECE):
        piece = {path: packer.pack(entries[path]) for path in paths[start : start + PIECE]}
        yield (b"," if start else b"") + _json(piece)[1:-1].encode()
    yield b"}}"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _new_base(entries: Mapping[str, FileEntry], folder: Path) -> Base:
    """A base of the entries, written into `folder`."""
    digest, unnamed = hashlib.sha256(), folder / BASE_PATTERN.replace("*", "new")
    unnamed.unlink(missing_ok=True)
    with unnamed.open("xb") as file:
        for piece in _base_content(entries):
            digest.update(piece)
            file.write(piece)
    base = Base(entries, f"files-{digest.hexdigest()[:32]}.json")
    unnamed.replace(folder / base.name)
    return _remembered(base)


def _share(base: Base, folder: Path, beside: Path | None) -> None:
    if beside:
        with suppress(OSError):
            os.link(beside / base.name, folder / base.name)
            return
    with (folder / base.name).open("xb") as file:
        file.writelines(_base_content(base.entries))


def _load_base(folder: Path, name: str) -> Base:
    if not name:
        return Base()
    if (known := _bases.get(name)) is not None:
        return _remembered(known)
    if Path(name).name != name:
        raise ValueError(f"its base {name!r} is no file beside it")
    content = (folder / name).read_bytes()
    if not name.startswith(f"files-{hashlib.sha256(content).hexdigest()[:32]}"):
        raise ValueError(f"its base {name} is torn")
    return _remembered(Base(_unpacked(json.loads(content)), name))


def mounted(entries: Mapping[str, FileEntry]) -> tuple[Base, bytes]:
    """A folder to mount, with the bytes of its list of entries."""
    content = b"".join(_base_content(entries))
    return _remembered(Base(entries, hashlib.sha256(content).hexdigest()[:32])), content


def load_mounted(folder: Path, name: str) -> Base:
    """The mounted folder `name`, whose list of entries lies beside it in `folder`; an empty one for "". Raises OSError;
    ValueError when the list is torn."""
    if not name:
        return Base()
    if (known := _bases.get(name)) is not None:
        return _remembered(known)
    content = (folder / f"{Path(name).name}.json").read_bytes()
    if hashlib.sha256(content).hexdigest()[:32] != name:
        raise ValueError(f"the list of the mounted folder {name} is torn")
    return _remembered(Base(_unpacked(json.loads(content)), name))


@dataclass(frozen=True, slots=True)
class Diff:
    """Paths that a build adds, changes and removes, each sorted."""

    added: list[str]
    changed: list[str]
    removed: list[str]

    @classmethod
    def between(cls, old: Mapping[str, FileEntry], new: Mapping[str, FileEntry]) -> "Diff":
        one, other = Files.of(old), Files.of(new)
        differing = other.since(one)
        if one.mounted.name != other.mounted.name:
            differing |= {*one.mounted.entries, *other.mounted.entries}
        paths = sorted(differing)
        return cls(
            added=[path for path in paths if path in other and path not in one],
            changed=[
                path
                for path in paths
                if path in one and path in other and one[path].sha256 != other[path].sha256
            ],
            removed=[path for path in paths if path in one and path not in other],
        )
