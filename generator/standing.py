"""What stands: the live release as the next build needs to know it, with what to look up in it. The worker keeps it
from build to build, so that a build costs what it changes; another process reads it from the disk first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from generator import sitemap
from generator.changed import Changed
from generator.documents import parents
from generator.recording import Recording
from generator.registry import Registry
from generator.slots import Marker
from generator.state import Changes, Filling, Made, Part, PartKey, Reading, State, slots_among, soonest
from generator.writing import Previous, check_whole

GENERATOR = "generator"
"""The publisher of what the generator adds itself: sitemap, robots.txt, redirects."""


def listed(part: Part | None) -> list[Made]:
    """The documents of a part that a sitemap lists."""
    return [made for made in part.documents if made.in_sitemap] if part else []


def markers_of(made: Made) -> frozenset[Marker]:
    """The slots that a document holds, its stamps aside."""
    return slots_among(made.markers)


@dataclass(slots=True)
class Index:
    """Parts by what they were made from: by key, those of which only the table is known to have changed by way of
    `rows` (a table to its keys), by time, and those that are made in every build."""

    readers: dict[str, set[PartKey]] = field(default_factory=dict)
    rows: dict[str, set[str]] = field(default_factory=dict)
    always: set[PartKey] = field(default_factory=set)
    until: dict[PartKey, datetime] = field(default_factory=dict)

    def add(self, key: PartKey, part: Part) -> None:
        if key[0] == GENERATOR:
            return
        reading = part.reading
        if part.failed or reading.is_unknown:
            self.always.add(key)
        if reading.until is not None:
            self.until[key] = reading.until
        for read in reading.keys:
            if (readers := self.readers.get(read)) is None:
                readers = self.readers[read] = set()
                table, separator, _row = read.partition("=")
                if separator:
                    self.rows.setdefault(table, set()).add(read)
            readers.add(key)

    def remove(self, key: PartKey, part: Part) -> None:
        self.always.discard(key)
        self.until.pop(key, None)
        for read in part.reading.keys:
            readers = self.readers.get(read)
            if readers is not None:
                readers.discard(key)
                if not readers:
                    del self.readers[read]
                    self.rows.get(read.partition("=")[0], set()).discard(read)

    def stale(self, changed: Changed, now: datetime) -> set[PartKey]:
        read = set(changed.keys)
        for table in changed.tables:
            read |= self.rows.get(table, set()) | {table}
        found = self.always | {key for key, moment in self.until.items() if moment <= now}
        return found.union(*(self.readers.get(key, ()) for key in read))


@dataclass(slots=True)
class Standing:
    """The files that are live (None before there are any), the state they were made from, and views of both:

    `owners`: a document's path to its part and itself; `folders`: how many documents lie in a folder or below;
    `marked`: the paths of the documents that hold the same slots; `ahead`: those of the documents that a release of
    what is urgent has made; `attached`: how many parts and slots refer to a file; `documents`: how many a publisher
    has; `sitemaps`: the paths of the documents that each sitemap lists. `listings` and `readings` (from what it
    followed which parts a publisher has, and which facts there are) and `warm` (what apps
    keep) are known only where the build before ran in this process.
    """

    previous: Previous | None = None
    state: State = field(default_factory=State)
    is_saved: bool = False
    """Whether the file of the state holds this one, so that only changes have to be written."""
    is_looked_at: bool = False
    """Whether the files were compared with the manifest since this process knows them."""
    is_warm: bool = False
    """Whether what builds need was read ahead (`Keeper.warm_up`)."""
    unseen: set[int] = field(default_factory=set)
    """The inodes of the folders that were there before, and are looked at before they are taken for a copy."""
    owners: dict[str, tuple[PartKey, Made]] = field(default_factory=dict)
    folders: Counter[str] = field(default_factory=Counter)
    marked: dict[frozenset[Marker], set[str]] = field(default_factory=lambda: defaultdict(set))
    ahead: set[str] = field(default_factory=set)
    attached: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    sitemaps: list[set[str]] = field(default_factory=list)
    urls: int = 0
    listings: dict[str, Reading] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    warm: dict[str, Any] = field(default_factory=dict)

    _index: Index | None = None

    @classmethod
    def of(cls, previous: Previous | None, state: State) -> Standing:
        """What is live, with the state that was read from the disk."""
        standing = cls(previous, state)
        for key, part in state.parts.items():
            standing._add(key, part)
        for filling in (*state.fillings.values(), *state.ahead.values()):
            standing.attached.update(filling.attachments)
        standing._list_anew()
        return standing

    def apply(self, changes: Changes, previous: Previous | None) -> None:
        """After the switch to `previous`: what the build has changed stands."""
        count = sitemap.count_for(self.urls)
        for key in (*changes.gone, *changes.parts):
            if (part := self.state.parts.pop(key, None)) is not None:
                self._remove(key, part, count)
        for marker in (*changes.closed, *changes.fillings):
            if (filling := self.state.fillings.pop(marker, None)) is not None:
                self.attached.subtract(filling.attachments)
        for key, part in changes.parts.items():
            self.state.parts[key] = part
            self._add(key, part)
            for made in listed(part) if key[0] != GENERATOR else ():
                self.sitemaps[sitemap.number_of(made, count)].add(made.path)
        for marker, filling in changes.fillings.items():
            self.state.fillings[marker] = filling
            self.attached.update(filling.attachments)
        for filling in self.state.ahead.values():
            self.attached.subtract(filling.attachments)
        self.state.ahead = dict(changes.ahead)
        for filling in self.state.ahead.values():
            self.attached.update(filling.attachments)
        for source, facts in changes.facts.items():
            held = self.state.facts.setdefault(source, {})
            for name, value in facts.items():
                if value is None:
                    held.pop(name, None)
                else:
                    held[name] = value
        if sitemap.count_for(self.urls) != count:
            self._list_anew()
        self.previous = previous

    def holding(self, marker: Marker) -> Iterator[str]:
        """The paths of the documents that hold a slot."""
        for markers, paths in self.marked.items():
            if marker in markers:
                yield from paths

    def count_holding(self, marker: Marker) -> int:
        """How many documents hold a slot."""
        return sum(len(paths) for markers, paths in self.marked.items() if marker in markers)

    def look(self, previous: Previous) -> None:
        """Compare the files with their manifest, once. Raises TornError."""
        if not self.is_looked_at:
            check_whole(previous.public, previous.files)
            self.is_looked_at = True

    def index(self) -> None:
        """Make it cheap to ask what is stale: worth it where it is asked again and again."""
        if self._index is None:
            self._index = Index()
            for key, part in self.state.parts.items():
                self._index.add(key, part)

    def stale(self, changed: Changed, now: datetime) -> set[PartKey]:
        """The parts that do not hold any more, those that the generator adds itself aside."""
        if self._index and not changed.everything:
            return self._index.stale(changed, now)
        return {
            key
            for key, part in self.state.parts.items()
            if key[0] != GENERATOR and (part.failed or part.reading.is_stale(now, changed.touches))
        }

    def is_touched(self, changed: Changed, now: datetime, registry: Registry) -> bool:
        """Whether a build may find something to do: nothing is made, and facts are not asked for."""
        held = [filling.reading for filling in self.state.fillings.values()]
        held += [*self.listings.values(), *self.readings.values()]
        always = self._index.always if self._index else set()
        return (
            not self.listings
            or any(changed.touches_tables(source.tables) for source in registry.facts_sources.values())
            or any(changed.touches(reading.keys) for reading in held)
            or not self.stale(changed, now) <= always
        )

    def soonest(self, parts: set[PartKey], fillings: set[Marker]) -> datetime | None:
        """When something becomes stale by time alone, `parts` and `fillings` aside."""
        keys = self._index.until if self._index else self.state.parts
        timed: list[Part | Filling] = [self.state.parts[key] for key in keys if key not in parts]
        timed += [filling for marker, filling in self.state.fillings.items() if marker not in fillings]
        return soonest(timed)

    def _add(self, key: PartKey, part: Part) -> None:
        if self._index:
            self._index.add(key, part)
        for made in part.documents:
            self.owners[made.path] = key, made
            self.folders.update(parents(made.path))
            if made.is_ahead:
                self.ahead.add(made.path)
            if markers := markers_of(made):
                self.marked[markers].add(made.path)
        self.attached.update(part.attachments)
        self.documents[key[0]] += len(part.documents)
        if key[0] != GENERATOR:
            self.urls += len(listed(part))

    def _remove(self, key: PartKey, part: Part, sitemaps: int) -> None:
        if self._index:
            self._index.remove(key, part)
        for made in part.documents:
            if self.owners.get(made.path, (None,))[0] == key:
                del self.owners[made.path]
            self.ahead.discard(made.path)
            for folder in parents(made.path):
                self.folders[folder] -= 1
                if not self.folders[folder]:
                    del self.folders[folder]
            if markers := markers_of(made):
                self.marked[markers].discard(made.path)
                if not self.marked[markers]:
                    del self.marked[markers]
        self.attached.subtract(part.attachments)
        self.documents[key[0]] -= len(part.documents)
        if key[0] != GENERATOR:
            self.urls -= len(listed(part))
            for made in listed(part):
                self.sitemaps[sitemap.number_of(made, sitemaps)].discard(made.path)

    def _list_anew(self) -> None:
        self.sitemaps = self.grouped(sitemap.count_for(self.urls))

    def grouped(self, count: int) -> list[set[str]]:
        """The paths of the documents that each of `count` sitemaps lists."""
        groups: list[set[str]] = [set() for _number in range(count)]
        for path, (key, made) in self.owners.items():
            if made.in_sitemap and key[0] != GENERATOR:
                groups[sitemap.number_of(made, count)].add(path)
        return groups


def reading_of(recorded: Recording) -> Reading:
    return Reading.of(sorted(recorded.keys), recorded.until, recorded.always)
