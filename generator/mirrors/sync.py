"""Bringing a mirror to a release: what changed, in an order in which no page shows what is not there yet.

The data of alerts and emergency numbers first; then what their pages and home show, with all hashed assets; their
pages; home; other pictures and data; the other pages; the maps that nginx reads; the manifest, which says that all of
it is there; then what is gone is deleted. Before the first file, a note of all that may be there from now on: when a
run is killed, the next one knows what to send and delete.

Files go in batches. Between two of them a run makes way for a newer release that has other alerts, and notes what is
still to be sent: the next one begins with those alerts, and sends nothing twice.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from generator import headers, signing
from generator.documents import COMPRESSED_SUFFIXES, HTML, url_for
from generator.manifest import FileEntry, Manifest
from generator.mirrors.stores import File, Store
from generator.targets import MANIFEST, PUBLIC
from generator.verification import (
    CARRIED,
    CARRIED_MANIFEST,
    CARRIED_MAPS,
    CARRIED_SIGNATURE,
    PENDING,
    UnverifiableError,
    public_manifest,
    read_public_manifest,
)
from generator.writing import remove_tree

PHASES = 6
ALERTS_DATA, SHOWN_FIRST, ALERT_PAGES, HOME, DATA, PAGES = range(PHASES)
BATCH = 500
"""Files: some seconds on an ordinary line, which is how long an alert may wait for what is being sent."""
HTML_TYPE = HTML.partition(";")[0]
HOME_SLASHES = 2
"""In "/" and "/fr/"."""
_ADDRESSES = re.compile(r"""/[^\s"'<>,)]+""")


class ReleaseGoneError(Exception):
    """The release was deleted meanwhile: a newer one is live."""


class YieldedError(Exception):
    """A newer release has other alerts. What is still to be sent of this one is noted on the mirror."""


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
    """When the file is sent, unless an urgent page shows it: 0 first."""
    url = url_for(path)
    cache = headers.cache_control(url)
    if media_type.startswith(HTML_TYPE):
        if cache != headers.URGENT:
            return PAGES
        return HOME if url.count("/") <= HOME_SLASHES else ALERT_PAGES
    return {headers.FOLLOWED: ALERTS_DATA, headers.URGENT: ALERTS_DATA, headers.IMMUTABLE: SHOWN_FIRST}.get(
        cache, DATA
    )


def alerts_of(manifest: Manifest) -> dict[str, str]:
    """What the release says of alerts and emergency numbers: the hash of each file of theirs."""
    return {
        path: entry.sha256
        for path, entry in manifest.files.items()
        if phase(path, entry.media_type) in {ALERTS_DATA, ALERT_PAGES}
    }


def _never(manifest: Manifest) -> bool:
    return False


def push(
    store: Store,
    release: Path,
    staging: Path,
    *,
    key: str = "",
    full: bool = False,
    should_yield: Callable[[Manifest], bool] = _never,
) -> Sent:
    """Bring the mirror to the release in the folder `release`, by way of the folder `staging` beside it. With `full`
    nothing is believed of what the mirror says: all is sent, and what is there besides is deleted. `should_yield` is
    told what is being sent, and whether it has to make way.

    Raises MirrorError, OSError, ReleaseGoneError, YieldedError, KeyUnusableError. A run that ended so is completed by
    the next.
    """
    try:
        manifest = Manifest.load(release / MANIFEST)
        maps = {path: (release / name).read_bytes() for name, path in CARRIED_MAPS.items() if store.has_maps}
    except FileNotFoundError as error:
        raise ReleaseGoneError(release.name) from error
    content = public_manifest(manifest)
    signature = signing.sign(content, key).encode() if key else None
    there = _all_that_is_there(store) if full else _there(store)
    changed = {
        path: entry for path, entry in manifest.files.items() if _differs(there.entries.get(path), entry)
    }
    named = set(manifest.paths() if store.has_copies else manifest.files)
    doomed = there.possible - named - CARRIED
    carried = {CARRIED_MANIFEST: content, CARRIED_SIGNATURE: signature, **maps}
    is_whole = not (changed or doomed or there.pending or full)
    if is_whole and all(store.read(path) == wanted for path, wanted in carried.items()):
        return Sent(manifest.release, 0, 0, 0)

    def note(left: Iterable[str]) -> None:
        notes = {"manifest": content.decode(), "left": sorted(left), "others": sorted(doomed)}
        _put(store, staging, {PENDING: json.dumps(notes, ensure_ascii=False).encode()})

    try:
        _stage(staging, release / PUBLIC, changed)
        note(changed)
        left = set(changed)
        for files in _batches(staging, manifest, changed):
            if len(left) < len(changed) and should_yield(manifest):
                note(left)
                raise YieldedError(manifest.release)
            store.put(staging, files)
            left.difference_update(file.path for file in files)
        if maps:
            _put(store, staging, maps)
        _put(store, staging, {CARRIED_MANIFEST: content})
        gone = set(doomed) | {PENDING}
        if signature:
            _put(store, staging, {CARRIED_SIGNATURE: signature})
        else:
            gone.add(CARRIED_SIGNATURE)
        store.delete(gone - {PENDING})
        store.delete({PENDING})
    finally:
        remove_tree(staging)
    size = sum(entry.size for entry in changed.values())
    return Sent(manifest.release, len(changed), len(doomed), size)


def _batches(staging: Path, manifest: Manifest, changed: Mapping[str, FileEntry]) -> Iterator[list[File]]:
    """The changed files in the order in which they are sent."""
    phases = {path: phase(path, entry.media_type) for path, entry in changed.items()}
    for path, number in list(phases.items()):
        if number in {ALERT_PAGES, HOME}:
            for url in _ADDRESSES.findall((staging / path).read_text(encoding="utf-8")):
                shown = unquote(url).lstrip("/")
                if phases.get(shown) == DATA:
                    phases[shown] = SHOWN_FIRST
    for number in range(PHASES):
        files = [
            File(path, changed[path], _copies(path, manifest))
            for path, its in phases.items()
            if its == number
        ]
        for start in range(0, len(files), BATCH):
            yield files[start : start + BATCH]


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
        left = frozenset(str(path) for path in notes["left"])
        possible = frozenset({*entries, *begun, *(str(path) for path in notes["others"])})
    except (UnverifiableError, ValueError, KeyError, TypeError, AttributeError):
        return _all_that_is_there(store)
    # What that run had still to send is in one state or the other.
    reliable = {path: entry for path, entry in entries.items() if path not in begun}
    reliable |= {path: entry for path, entry in begun.items() if path not in left}
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


def _copies(path: str, manifest: Manifest) -> tuple[str, ...]:
    """The names of all copies that the file may have, but those that are files of their own (a .gz to download)."""
    names = (path + suffix for suffix in COMPRESSED_SUFFIXES.values())
    return tuple(name for name in names if name not in manifest.files)


def _with_copies(path: str, encodings: Iterable[str]) -> list[str]:
    return [path, *(path + COMPRESSED_SUFFIXES[encoding] for encoding in encodings)]


def _put(store: Store, staging: Path, contents: Mapping[str, bytes]) -> None:
    for path, content in contents.items():
        target = staging / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    store.put(staging, [File(path) for path in contents])
