"""What the live release was made from: for each part of the site its documents, what they read, and where their
slots are. With it the next build makes only what is stale.

It lies beside the releases in a small SQLite file and is written in one transaction after the switch. It names the
release that it describes: after a kill between the two, a rollback or a loss it does not fit, and the next build
renders everything again.
"""

import json
import logging
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import Any

from generator.changes import Seen
from generator.documents import shared_headers
from generator.slots import STAMP, Marker

logger = logging.getLogger(__name__)

FORMAT = 3
TIMES = frozenset({"lastmod", "made_at", "until"})
_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS part (publisher TEXT, name TEXT, value TEXT NOT NULL, PRIMARY KEY (publisher, name))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS filling (name TEXT, argument TEXT, value TEXT NOT NULL, PRIMARY KEY (name, argument))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ahead (name TEXT, argument TEXT, value TEXT NOT NULL, PRIMARY KEY (name, argument))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (source TEXT, name TEXT, value TEXT NOT NULL, PRIMARY KEY (source, name))
    WITHOUT ROWID;
"""

PartKey = tuple[str, str]
"""The publisher and the part's name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What something was made from, its keys in order. Without a key and a time nobody knows when it is stale: it is
    in every build."""

    keys: tuple[str, ...] = ()
    until: datetime | None = None
    always: bool = False

    @classmethod
    def of(cls, keys: Iterable[str], until: datetime | None, always: bool) -> "Reading":
        """One of sorted `keys`, which it shares with others: many parts are made from the same."""
        return cls(tuple(map(intern, keys)), until, always)

    def __reduce__(self) -> Any:
        return Reading.of, (self.keys, self.until, self.always)

    @property
    def is_unknown(self) -> bool:
        return self.always or (not self.keys and self.until is None)

    def is_stale(self, now: datetime, touches: Callable[[tuple[str, ...]], bool]) -> bool:
        """Whether it no longer holds: by what has changed, by the clock, or because nobody knows."""
        return (
            self.always
            or (self.until is not None and self.until <= now)
            or touches(self.keys)
            or (not self.keys and self.until is None)
        )


@lru_cache(maxsize=4096)
def shared(markers: tuple[Marker, ...]) -> tuple[Marker, ...]:
    """The same tuple for the many documents that hold the same slots."""
    return markers


@lru_cache(maxsize=4096)
def slots_among(markers: tuple[Marker, ...]) -> frozenset[Marker]:
    """The slots that are no stamps."""
    return frozenset(marker for marker in markers if marker.name != STAMP)


@lru_cache(maxsize=64)
def _alternates(items: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """The same mapping for a page in its languages, which are made one after the other."""
    return {name: intern(url) for name, url in items}


@dataclass(slots=True)
class Made:
    """A document as it was made, without what its slots hold. `digest` is that of its own bytes, which are those of
    `made_at`; `gaps` says how many of them come before each slot, after the one before. With `is_ahead`, its slots hold
    what the state has `ahead`."""

    url: str
    path: str
    media_type: str
    language: str | None
    lastmod: datetime | None
    alternates: Mapping[str, str]
    in_sitemap: bool
    label: str
    headers: Mapping[str, str]
    digest: str
    made_at: datetime
    gaps: "array[int]" = field(default_factory=lambda: array("I"))
    markers: tuple[Marker, ...] = ()
    is_ahead: bool = False

    def __post_init__(self) -> None:
        self.url, self.markers = intern(self.url), shared(self.markers)
        self.alternates = _alternates(tuple(self.alternates.items()))
        self.headers = shared_headers(self.headers)

    def __reduce__(self) -> Any:
        return Made, tuple(getattr(self, name) for name in Made.__slots__)


@dataclass(frozen=True, slots=True)
class Part:
    """Documents that become stale together. `attachments` are paths; with `failed` a document of it keeps its last
    good version and is tried again in every build."""

    documents: tuple[Made, ...]
    reading: Reading
    attachments: tuple[str, ...] = ()
    redirects: tuple[tuple[str, str], ...] = ()
    failed: bool = False

    @classmethod
    def of(
        cls,
        documents: tuple[Made, ...],
        reading: Reading,
        attachments: Iterable[str] = (),
        redirects: tuple[tuple[str, str], ...] = (),
        failed: bool = False,
    ) -> "Part":
        """One that shares what it refers to with others."""
        return cls(documents, reading, tuple(map(intern, attachments)), redirects, failed)

    def __reduce__(self) -> Any:
        return Part.of, (self.documents, self.reading, self.attachments, self.redirects, self.failed)


@dataclass(frozen=True, slots=True)
class Filling:
    """What a slot holds, and since when."""

    text: str
    reading: Reading
    made_at: datetime
    attachments: tuple[str, ...] = ()


@dataclass(slots=True)
class Changes:
    """What a build makes of a state: parts that are other or new, those that are `gone`, what slots hold now, those
    that are `closed`, what is `ahead`, and facts by source (None: there is no such fact any more)."""

    parts: dict[PartKey, Part] = field(default_factory=dict)
    gone: set[PartKey] = field(default_factory=set)
    fillings: dict[Marker, Filling] = field(default_factory=dict)
    closed: set[Marker] = field(default_factory=set)
    ahead: dict[Marker, Filling] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """All of it. `version` stands for code, templates and settings. After a release of what is urgent, `ahead` is what
    slots hold in the documents that it made."""

    release: str = ""
    version: str = ""
    seen: Seen | None = None
    parts: dict[PartKey, Part] = field(default_factory=dict)
    fillings: dict[Marker, Filling] = field(default_factory=dict)
    ahead: dict[Marker, Filling] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)

    @staticmethod
    def release_at(path: Path) -> str:
        """Which release the state at `path` describes; "" when there is none that can be read."""
        if not path.is_file():
            return ""
        try:
            with closing(_connect(path)) as connection:
                about = dict(
                    connection.execute("SELECT name, value FROM about WHERE name IN ('format', 'release')")
                )
        except sqlite3.Error:
            return ""
        return str(about.get("release", "")) if about.get("format") == str(FORMAT) else ""

    @classmethod
    def load(cls, path: Path) -> "State | None":
        """The state at `path`; None when there is none that can be read. One that is torn is deleted: whoever asks
        `release_at` is not to take it for one that another process has just written."""
        if not path.is_file():
            return None
        try:
            with closing(_connect(path)) as connection:
                about = dict(connection.execute("SELECT name, value FROM about"))
                if about.get("format") != str(FORMAT):
                    return None
                seen = json.loads(about["seen"])
                state = cls(about["release"], about["version"], Seen.from_json(seen) if seen else None)
                for publisher, name, value in connection.execute("SELECT publisher, name, value FROM part"):
                    state.parts[publisher, name] = _part(json.loads(value))
                for table, fillings in (("filling", state.fillings), ("ahead", state.ahead)):
                    rows = connection.execute(f"SELECT name, argument, value FROM {table}")  # noqa: S608
                    for name, argument, value in rows:
                        fillings[Marker(name, argument)] = _filling(json.loads(value))
                for source, name, value in connection.execute("SELECT source, name, value FROM fact"):
                    state.facts.setdefault(source, {})[name] = value
                return state
        except sqlite3.OperationalError:
            # Locked, or without tables yet: somebody writes it.
            return None
        except (sqlite3.Error, ValueError, KeyError, TypeError):
            logger.exception("The state %s is torn: the next build makes everything", path)
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            return None

    def save(self, path: Path, changes: "Changes | None" = None) -> None:
        """Write all of it, or, where the file holds what was before them, the `changes` that have been applied."""
        with closing(_connect(path)) as connection, connection:
            connection.executescript(f"BEGIN;{_SCHEMA}")
            if changes is None:
                for table in ("about", "part", "filling", "fact"):
                    connection.execute(f"DELETE FROM {table}")  # noqa: S608
                changes = Changes(self.parts, set(), self.fillings, set(), self.ahead, self.facts)
            seen = json.dumps(self.seen.as_json() if self.seen else None)
            about = {"format": str(FORMAT), "release": self.release, "version": self.version, "seen": seen}
            connection.executemany("REPLACE INTO about VALUES (?, ?)", about.items())
            connection.executemany("DELETE FROM part WHERE publisher = ? AND name = ?", changes.gone)
            parts = ((*key, _dump(part)) for key, part in changes.parts.items())
            connection.executemany("REPLACE INTO part VALUES (?, ?, ?)", parts)
            connection.executemany("DELETE FROM filling WHERE name = ? AND argument = ?", changes.closed)
            fillings = ((*marker, _dump(slot)) for marker, slot in changes.fillings.items())
            connection.executemany("REPLACE INTO filling VALUES (?, ?, ?)", fillings)
            connection.execute("DELETE FROM ahead")
            ahead = ((*marker, _dump(slot)) for marker, slot in changes.ahead.items())
            connection.executemany("INSERT INTO ahead VALUES (?, ?, ?)", ahead)
            for source, facts in changes.facts.items():
                lost = ((source, name) for name, value in facts.items() if value is None)
                connection.executemany("DELETE FROM fact WHERE source = ? AND name = ?", lost)
                changed = ((source, name, value) for name, value in facts.items() if value is not None)
                connection.executemany("REPLACE INTO fact VALUES (?, ?, ?)", changed)

    def next_moment(self) -> datetime | None:
        """When something becomes stale by time alone."""
        return soonest((*self.parts.values(), *self.fillings.values()))


def soonest(held: Iterable[Part | Filling]) -> datetime | None:
    """When the first of them becomes stale by time alone."""
    return min((each.reading.until for each in held if each.reading.until), default=None)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _dump(value: Part | Filling) -> str:
    plain = _plain(value)
    plain["reading"] = _plain(value.reading)
    if isinstance(value, Part):
        plain["documents"] = list(map(_plain, value.documents))
    return _ENCODER.encode(plain)


def _plain(value: Part | Filling | Reading | Made) -> dict[str, Any]:
    """Its fields, as JSON knows them; what is one of these itself stays."""
    plain = {name: getattr(value, name) for name in value.__slots__}
    for name in TIMES.intersection(plain):
        plain[name] = plain[name].isoformat() if plain[name] else None
    if isinstance(value, Made):
        plain["gaps"] = value.gaps.tolist()
    return plain


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _reading(data: dict[str, Any]) -> Reading:
    return Reading.of(data["keys"], _time(data["until"]), data["always"])


def _part(data: dict[str, Any]) -> Part:
    return Part.of(
        tuple(map(_made, data["documents"])),
        _reading(data["reading"]),
        data["attachments"],
        tuple((old, new) for old, new in data["redirects"]),
        data["failed"],
    )


def _made(data: dict[str, Any]) -> Made:
    made_at = _time(data.pop("made_at"))
    assert made_at is not None
    markers = tuple(Marker(*map(intern, marker)) for marker in data.pop("markers"))
    gaps, lastmod = array("I", data.pop("gaps")), _time(data.pop("lastmod"))
    return Made(**data, lastmod=lastmod, made_at=made_at, gaps=gaps, markers=markers)


def _filling(data: dict[str, Any]) -> Filling:
    made_at = _time(data["made_at"])
    assert made_at is not None
    return Filling(data["text"], _reading(data["reading"]), made_at, tuple(data["attachments"]))
