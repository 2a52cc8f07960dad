"""What a release holds, file by file. Kept beside the public folder, never inside it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from generator.documents import COMPRESSED_SUFFIXES

VERSION = 1


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One public file: SHA-256 (hex) and size (bytes) of its plain bytes, its own headers, and for each
    encoding ("gzip", "br") that a sibling file exists in, that file's size."""

    sha256: str
    size: int
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    encodings: Mapping[str, int] = field(default_factory=dict)


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
            yield path
            for encoding in entry.encodings:
                yield path + COMPRESSED_SUFFIXES[encoding]

    def dump(self) -> str:
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """Read a manifest. Raises OSError, or ValueError for a file that is none."""
        try:
            data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if data.pop("version") != VERSION:
                raise ValueError("another version")
            files = {name: FileEntry(**entry) for name, entry in data.pop("files").items()}
            return cls(files=files, encodings=tuple(data.pop("encodings")), **data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            message = f"{path} is no manifest of a release ({error}). Build again to make one."
            raise ValueError(message) from error


@dataclass(frozen=True, slots=True)
class Diff:
    """Paths that a build adds, changes and removes, each sorted."""

    added: list[str]
    changed: list[str]
    removed: list[str]

    @classmethod
    def between(cls, old: Mapping[str, FileEntry], new: Mapping[str, FileEntry]) -> "Diff":
        return cls(
            added=sorted(new.keys() - old.keys()),
            changed=sorted(path for path in new.keys() & old.keys() if new[path].sha256 != old[path].sha256),
            removed=sorted(old.keys() - new.keys()),
        )
