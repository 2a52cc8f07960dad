"""Bringing a mirror to a release: what changed, in an order in which no page shows what is not there yet.

Alerts' data first, with the hashed assets that their pages need; then alert pages; other assets, pictures and data; the
other pages; the manifest, which says that all of it is there; then what is gone is deleted. Before the first file,
a note of all that may be there from now on: when a run is killed, the next one knows what to send again and delete.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import headers, signing
from generator.documents import COMPRESSED_SUFFIXES, HTML, url_for
from generator.manifest import FileEntry, Manifest
from generator.mirrors.stores import File, Store
from generator.targets import MANIFEST, PUBLIC
from generator.verification import (
    CARRIED,
    CARRIED_MANIFEST,
    CARRIED_SIGNATURE,
    PENDING,
    UnverifiableError,
    public_manifest,
    read_public_manifest,
)
from generator.writing import remove_tree

PHASES = 5
HTML_TYPE = HTML.partition(";")[0]


class ReleaseGoneError(Exception):
    """The release was deleted meanwhile: a newer one is live."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a run did: the release that is whole on the mirror now, files put and deleted, and their plain bytes."""

    release: str
    put: int
    deleted: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _There:
    """What a mirror holds, as far as is known: entries that can be relied on, and all paths that may be there."""

    entries: Mapping[str, FileEntry]
    possible: frozenset[str]
    pending: bool


def phase(path: str, media_type: str) -> int:
    """When the file is sent: 0 first."""
    url = url_for(path)
    cache = headers.cache_control(url)
    is_page = media_type.startswith(HTML_TYPE)
    is_home = url.count("/") <= 2 and is_page
    if is_page:
        return 1 if cache == headers.URGENT and not is_home else 3 if is_home else 4
    return 0 if cache in {headers.URGENT, headers.IMMUTABLE} else 2


def push(store: Store, release: Path, staging: Path, *, key: str = "", full: bool = False) -> Sent:
    """Bring the mirror to the release in the folder `release`, by way of the folder `staging` beside it. With `full`
    nothing is believed of what the mirror says: all is sent, and what is there besides is deleted.

    Raises MirrorError, OSError, ReleaseGoneError, KeyUnusableError. A run that ended so is completed by the next.
    """
    try:
        manifest = Manifest.load(release / MANIFEST)
    except FileNotFoundError as error:
        raise ReleaseGoneError(release.name) from error
    content = public_manifest(manifest)
    there = _all_that_is_there(store) if full else _there(store)
    changed = {
        path: entry for path, entry in manifest.files.items() if _differs(there.entries.get(path), entry)
    }
    doomed = there.possible - manifest.files.keys() - CARRIED
    if not (changed or doomed or there.pending or full) and store.read(CARRIED_MANIFEST) == content:
        return Sent(manifest.release, 0, 0, 0)
    try:
        _stage(staging, release / PUBLIC, changed)
        notes = {"manifest": content.decode(), "others": sorted(doomed)}
        _put(store, staging, PENDING, json.dumps(notes, ensure_ascii=False).encode())
        for number in range(PHASES):
            files = [
                File(path, entry)
                for path, entry in changed.items()
                if phase(path, entry.media_type) == number
            ]
            if files:
                store.put(staging, files)
        _put(store, staging, CARRIED_MANIFEST, content)
        gone = set(doomed) | {PENDING}
        if key:
            _put(store, staging, CARRIED_SIGNATURE, signing.sign(content, key).encode())
        else:
            gone.add(CARRIED_SIGNATURE)
        store.delete(gone - {PENDING})
        store.delete({PENDING})
    finally:
        remove_tree(staging)
    size = sum(entry.size for entry in changed.values())
    return Sent(manifest.release, len(changed), len(doomed), size)


def _differs(there: FileEntry | None, wanted: FileEntry) -> bool:
    return there is None or (there.sha256, there.media_type) != (wanted.sha256, wanted.media_type)


def _there(store: Store) -> _There:
    """From the manifest that the mirror carries, and the note of a run that did not end."""
    carried, noted = store.read(CARRIED_MANIFEST), store.read(PENDING)
    entries: dict[str, FileEntry] = {}
    if carried is not None:
        try:
            entries = dict(read_public_manifest(carried).files)
        except UnverifiableError:
            return _all_that_is_there(store)
    if noted is None:
        return _There(entries, frozenset(entries), pending=False)
    try:
        notes = json.loads(noted)
        begun = read_public_manifest(notes["manifest"].encode()).files
        possible = frozenset({*entries, *begun, *(str(path) for path in notes["others"])})
    except (UnverifiableError, ValueError, KeyError, TypeError, AttributeError):
        return _all_that_is_there(store)
    # What that run was to change is in one state or the other.
    reliable = {
        path: entry
        for path, entry in entries.items()
        if path not in begun or not _differs(entry, begun[path])
    }
    return _There(reliable, possible, pending=True)


def _all_that_is_there(store: Store) -> _There:
    return _There({}, frozenset(store.paths()), pending=True)


def _stage(staging: Path, public: Path, changed: Mapping[str, FileEntry]) -> None:
    """Share the files to send, with their compressed copies, so that they stay while newer releases come and go."""
    remove_tree(staging)
    staging.mkdir(parents=True)
    for path, entry in changed.items():
        for name in _with_copies(path, entry.encodings):
            target = staging / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(public / name, target)
            except FileNotFoundError as error:
                raise ReleaseGoneError(public.parent.name) from error
            except OSError:
                shutil.copyfile(public / name, target)


def _with_copies(path: str, encodings: Iterable[str]) -> list[str]:
    return [path, *(path + COMPRESSED_SUFFIXES[encoding] for encoding in encodings)]


def _put(store: Store, staging: Path, path: str, content: bytes) -> None:
    target = staging / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    store.put(staging, [File(path)])
