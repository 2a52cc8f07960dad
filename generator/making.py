"""One build under way: which parts of the site are stale, rendering them, filling slots, leaving the rest as it is."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import translation

from generator import conf, forking, headers, redirects, sitemap
from generator.changes import Changed
from generator.claims import Claims, named
from generator.documents import Attachment, Document, Redirect, url_for
from generator.manifest import FileEntry, Files
from generator.recording import Recording, paused, recording
from generator.registry import BuildContext, FactsSource, Parts, Registry
from generator.search import is_said_still
from generator.slots import STAMP, Marker, cut, deferred, joined, refilled
from generator.standing import GENERATOR, Standing, listed, markers_of, reading_of
from generator.state import Changes, Filling, Made, Part, PartKey, Reading, shared, slots_among, soonest
from generator.writing import MANY, ClashError, EarlySync, FileWriter, TornError, remove_tree

logger = logging.getLogger(__name__)

ATTACHMENTS = "attachments"
REDIRECTS = "redirects:"
"""Begins the names of the publishers of redirects among the parts."""
EVERYTHING = "(all of its URLs)"
WHOLE = ""
"""The name of the only part of a publisher that has no parts."""
OWN = 2
"""Documents that every site has: sitemap and robots.txt."""
LITTLE = 300
"""Up to so many parts or documents are compressed with brotli too."""
WORTH_SHARING, WORTH_SHARING_FILES = 60, 400
"""So many parts to render, or files to put other slots into, are worth a second process."""
LARGEST_SHARE = 100
SHARES_EACH = 8
"""Into how many tasks a process's share is cut at least, so that all processes end at about the same time."""

Progress = Callable[[int, int, str], None]
"""Called with documents done, documents in all, and the URL at hand."""


class BuildCancelledError(Exception):
    """Somebody asked the build to stop. What was live is untouched."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed: the URL, what people call it, who publishes it, and the error. With `is_kept` its last good
    version stays on the site."""

    url: str
    label: str
    publisher: str
    error: str
    is_kept: bool = False

    def __str__(self) -> str:
        label = f" ({self.label})" if self.label else ""
        return f"{self.url}{label}, published by {self.publisher}: {self.error}"


def told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def render(document: Document) -> bytes:
    """The document's bytes, its slots open, rendered with its language active (the site's default if it has none).
    Raises whatever the document raises."""
    with deferred(), translation.override(document.language or settings.LANGUAGE_CODE):
        body = document.render()
    return body.encode() if isinstance(body, str) else body


@dataclass(frozen=True, slots=True)
class Fresh:
    """The `parts` that a build has made already, and the keys that were `known` to be other before it did. They are
    stale only where still others are."""

    parts: frozenset[PartKey] = frozenset()
    known: frozenset[str] = frozenset()


@dataclass(slots=True)
class Outcome:
    """What a process forked for a share of the work has made: what `Making` holds of the same names."""

    parts: dict[PartKey, Part]
    gone: set[PartKey]
    kept: dict[str, Made]
    fillings: dict[Marker, Filling]
    attached: set[str]
    failures: list[Failure]
    refused: list[tuple[str, str, str, bool]]
    entries: dict[str, FileEntry]
    retold: set[str]
    reused: int
    rendered: int
    composed: int
    done: int


@dataclass(slots=True)
class Making:
    """Turns what stands and what has `changed` since into the next release: its files (`writer`) and what it makes of
    the state (`changes`). What stands stays as it is until the release is live."""

    registry: Registry
    context: BuildContext
    writer: FileWriter
    standing: Standing
    changed: Changed
    only: str | None
    progress: Progress
    should_stop: Callable[[], bool]
    jobs: int = 1
    changes: Changes = field(default_factory=Changes)
    listings: dict[str, Reading] = field(default_factory=dict)
    """From what it followed which parts a publisher has, where it was asked."""
    readings: dict[str, Reading] = field(default_factory=dict)
    """From what it followed which facts there are, where they were asked for."""
    redirects: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rendered: int = 0
    composed: int = 0
    _claims: Claims = field(init=False)
    _is_ahead: bool = False
    """Only what is urgent is made."""
    _refilled: dict[Marker, bool] = field(default_factory=dict)
    _texts: dict[tuple[Any, ...], list[bytes]] = field(default_factory=dict)
    _fillings: dict[Marker, Filling] = field(default_factory=dict)
    _attachments: dict[str, Attachment] = field(default_factory=dict)
    _handled: set[str] = field(default_factory=set)
    """The attachments that are written."""
    _refused: list[tuple[str, str, str, bool]] = field(default_factory=list)
    _facts: dict[str, dict[str, str | None]] = field(default_factory=dict)
    _order: dict[str, list[str]] = field(default_factory=dict)
    _done: int = 0
    _total: int = 0

    def __post_init__(self) -> None:
        self._claims = Claims(self.standing)

    def run(self, fresh: Fresh | None = None) -> None:
        """Everything but the switch. What is `fresh` is not made again. Raises BuildCancelledError, TornError,
        ClashError, OSError; OperationalError when the database is gone."""
        before = self.changed.keys
        self._find_facts()
        stale = self._stale()
        if fresh:
            since = self.changed.keys - before - fresh.known
            stale -= {key for key in fresh.parts if self._is_fresh(key, since)}
        self._refill()
        stale |= self._list_parts()
        if len(stale) > LITTLE or self._count_refilled() > LITTLE:
            self.writer.effort = MANY
        self._make(stale)
        self._recompose(stale)
        self._add_own()
        self._finish()
        self.changes.facts = self._facts
        self.progress(self._done, self._done, "")

    def is_urgent(self) -> bool:
        """Whether a publisher of something urgent has something stale."""
        self._find_facts(but_those_that_can_wait=True)
        return any(map(self._is_wanted, self._urgent_publishers()))

    def run_urgent(self) -> None:
        """Make only what lives depend on; all other files stay as they are. Raises as `run` does."""
        self._is_ahead = True
        self._refill()
        keys = self._urgent_publishers()
        keys += [(REDIRECTS + name, WHOLE) for name in self.registry.urgent_redirects]
        for name, publisher in self.registry.document_publishers.items():
            if isinstance(publisher, Parts):
                keys += [(name, part) for part in publisher.urgent(self.context)]
        stale = {key for key in keys if self._is_wanted(key)}
        self._make(stale)
        self._recompose(stale, set(keys))
        if self.changed.everything:
            # No page of its own yet: that is of a part with those of all redirects.
            moved = [Redirect(*pair) for part in self.changes.parts.values() for pair in part.redirects]
            redirected, _warnings = redirects.resolve(moved, self._claims, conf.is_dynamic)
            self.redirects = self._redirects_before() | redirected
        else:
            self._add_own()
        # The slots of the files that stay hold what they held.
        for marker in self.standing.state.fillings:
            if (filling := self.changes.fillings.pop(marker, None)) is not None:
                self.changes.ahead[marker] = filling
        self._finish()

    def _urgent_publishers(self) -> list[PartKey]:
        urgent = self.registry.urgent_publishers
        return [(name, WHOLE) for name in self.registry.document_publishers if name in urgent]

    # What is stale

    def _find_facts(self, *, but_those_that_can_wait: bool = False) -> None:
        """Ask for the facts whose tables have changed; those that are other ones now count as changed."""
        # What follows from other facts comes after them.
        for name, source in sorted(self.registry.facts_sources.items(), key=lambda item: item[1].is_recorded):
            if source.can_wait and but_those_that_can_wait:
                continue
            before = self.standing.state.facts.get(name)
            held = self.standing.readings.get(name) if source.is_recorded else None
            is_known = before is not None and not (
                self._is_stale(held) if held else self.changed.touches_tables(source.tables)
            )
            if is_known:
                continue
            with recording() as recorded:
                other = self.context.memo.once(
                    ("facts", name), partial(self._other_facts, source, before or {})
                )
            self.readings[name] = reading_of(recorded)
            # With `only`, the rest of the site has yet to see what has changed.
            if self.only is None:
                self._facts[name] = other
            if before is not None:
                self.changed |= other

    def _other_facts(self, source: FactsSource, known: Mapping[str, str]) -> dict[str, str | None]:
        """The facts that are other than the known ones; None for those that are no more."""
        facts = source.facts(self.context)
        other: dict[str, str | None] = {key: value for key, value in facts.items() if known.get(key) != value}
        if len(facts) != len(known) + sum(key not in known for key in other):
            other |= {key: None for key in known if key not in facts}
        return other

    def _is_stale(self, reading: Reading) -> bool:
        return reading.is_stale(self.context.started_at, self.changed.touches)

    def _stale(self) -> set[PartKey]:
        """The parts that stand and are to be made again."""
        if self.only is None:
            return self.standing.stale(self.changed, self.context.started_at)
        return {key for key in self.standing.state.parts if self._is_wanted(key) and key[0] != GENERATOR}

    def fresh(self) -> Fresh:
        """What `run_urgent` has made, for the `run` of the same build."""
        return Fresh(frozenset(self.changes.parts), self.changed.keys)

    def _is_fresh(self, key: PartKey, facts: frozenset[str]) -> bool:
        part = self.standing.state.parts.get(key)
        return part is not None and not part.failed and facts.isdisjoint(part.reading.keys)

    def _is_wanted(self, key: PartKey) -> bool:
        part = self.standing.state.parts.get(key)
        if part is None:
            return True
        if self.only is not None and not any(fnmatchcase(made.url, self.only) for made in part.documents):
            return False
        return part.failed or self._is_stale(part.reading)

    def _refill(self) -> None:
        """Fill the stale slots again: which of them hold something else now?"""
        if not self.changed.everything:
            for marker, filling in self.standing.state.fillings.items():
                self._refilled[marker] = (
                    self._is_stale(filling.reading) and self._filled(marker).text != filling.text
                )

    def _count_refilled(self) -> int:
        """How many documents hold a slot that holds something else now, at most."""
        return max(
            (self.standing.count_holding(marker) for marker, other in self._refilled.items() if other),
            default=0,
        )

    def _is_refilled(self, marker: Marker) -> bool:
        if marker not in self._refilled:
            before = self.standing.state.fillings.get(marker)
            self._refilled[marker] = before is None or self._filled(marker).text != before.text
        return self._refilled[marker]

    def _list_parts(self) -> set[PartKey]:
        """The parts that did not stand before. Those that are no more are `gone`."""
        stands = self.standing.state.parts
        named_now: set[PartKey] = set()
        unchanged: set[str] = {GENERATOR}
        for name, publisher in self.registry.document_publishers.items():
            if not isinstance(publisher, Parts):
                named_now.add((name, WHOLE))
                continue
            held = self.standing.listings.get(name)
            if held and not self._is_stale(held):
                unchanged.add(name)
                continue
            try:
                with recording() as recorded:
                    names = list(publisher.names(self.context))
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                self._publisher_failed(name, error)
                unchanged.add(name)
                continue
            self.listings[name] = reading_of(recorded)
            self._order[name] = names
            named_now.update((name, part) for part in names)
        named_now.update((REDIRECTS + name, WHOLE) for name in self.registry.redirect_publishers)
        self.changes.gone = {key for key in stands if key[0] not in unchanged and key not in named_now}
        return named_now - stands.keys()

    def _make(self, stale: set[PartKey]) -> None:
        """Make the parts again, those that are there still."""
        self._claims.release(stale)
        self._claims.release(self.changes.gone)
        wanted: dict[str, set[str]] = defaultdict(set)
        for name, part in stale - self.changes.gone:
            wanted[name].add(part)
        unable = {failure.publisher for failure in self.failures if failure.url == EVERYTHING}
        self._total = OWN + sum(len(self._old_documents(key)) or 2 for key in stale if key[1] != WHOLE)
        # What has no parts is asked first, so that all of its addresses are known before anything is rendered.
        names = [
            *self.registry.document_publishers,
            *map(REDIRECTS.__add__, self.registry.redirect_publishers),
        ]
        self._make_whole([(name, WHOLE) for name in names if WHOLE in wanted.get(name, ())])
        for name, publisher in self.registry.document_publishers.items():
            if isinstance(publisher, Parts) and name in wanted:
                # In the publisher's order, in which like stands by like.
                parts = [part for part in self._order.get(name, sorted(wanted[name])) if part in wanted[name]]
                if name in unable:
                    for part in parts:
                        self._retain((name, part))
                else:
                    self._make_parts(name, publisher, parts)

    def _old_documents(self, key: PartKey) -> tuple[Made, ...]:
        part = self.standing.state.parts.get(key)
        return part.documents if part else ()

    # Rendering

    def _make_whole(self, keys: list[PartKey]) -> None:
        asked: list[tuple[PartKey, list[Document], Recording]] = []
        for key in keys:
            name = key[0]
            try:
                with recording() as recorded, translation.override(settings.LANGUAGE_CODE):
                    if name.startswith(REDIRECTS):
                        moved = list(self.registry.redirect_publishers[name[len(REDIRECTS) :]](self.context))
                        pairs = tuple((redirect.old, redirect.new) for redirect in moved)
                        self.changes.parts[key] = Part((), reading_of(recorded), redirects=pairs)
                        continue
                    documents = list(self.registry.document_publishers[name](self.context))
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                self._publisher_failed(name.removeprefix(REDIRECTS), error)
                self._retain(key)
                continue
            asked.append((key, documents, recorded))
        self._total += sum(len(documents) for _key, documents, _recorded in asked)
        claimed = [(key, *self._claimed(key[0], documents), recorded) for key, documents, recorded in asked]
        for key, documents, refused, recorded in claimed:
            self._make_part(key, documents, recorded, failed=refused)

    def _make_parts(self, name: str, publisher: Parts, names: list[str]) -> None:
        """Make the parts of a publisher, over several processes where there are many."""

        def take(found: Outcome) -> None:
            taken = [(key, made) for key, part in found.parts.items() for made in part.documents]
            for key, made in taken:
                if self._claims.objection(made.path):
                    raise ClashError(made.path)
                self._claims.take(made.path, named(key[0], made.label or made.url))

        if not self._share(names, partial(self._make_parts_here, name, publisher), take):
            self._make_parts_here(name, publisher, names)

    def _make_parts_here(self, name: str, publisher: Parts, names: Sequence[str]) -> None:
        """Ask the publisher for the parts; render each as it comes, so that few pages are in memory."""
        waiting = dict.fromkeys(names)
        iterator = iter(publisher.documents(self.context, list(names)))
        while True:
            part = None
            try:
                part, documents = next(iterator)
                with recording() as recorded, translation.override(settings.LANGUAGE_CODE):
                    asked = list(documents)
            except StopIteration:
                break
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                if part is None:
                    self._publisher_failed(name, error)
                    break
                waiting.pop(part, None)
                self._part_failed(name, part, error)
                continue
            waiting.pop(part, None)
            free, refused = self._claimed(name, asked)
            self._make_part((name, part), free, recorded, failed=refused)
        # What the publisher did not get to keeps what it has; what is gone has no document.
        failed = any(failure.publisher == name and failure.url == EVERYTHING for failure in self.failures)
        for part in waiting:
            if failed:
                self._retain((name, part))
            elif (name, part) in self.standing.state.parts:
                self.changes.gone.add((name, part))

    def _claimed(self, publisher: str, documents: Iterable[Document]) -> tuple[list[Document], bool]:
        """The documents whose places are free; whether one's is not."""
        free, refused = [], False
        for document in documents:
            path = document.path
            if objection := self._claims.objection(path):
                self._fail(document, publisher, objection, is_kept=False)
                refused = True
            else:
                self._claims.take(path, named(publisher, document.label or document.url))
                free.append(document)
        return free, refused

    def _make_part(self, key: PartKey, documents: list[Document], asked: Recording, *, failed: bool) -> None:
        """Render the `documents` of a part, of which others may have `failed` already: then it is tried again."""
        publisher = key[0]
        failed_before = len(self.failures)
        made: list[Made] = []
        with recording() as recorded:
            recorded.absorb(asked)
            for document in documents:
                self._heed_stop()
                self.progress(self._done, max(self._total, self._done), document.url)
                self._done += 1
                _key, old = self.standing.owners.get(document.path, (None, None))
                try:
                    body = render(document)
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:
                    logger.exception("%s could not be rendered", document.url)
                    instead = self._instead(document)
                    kept = self._good(old) if old and instead is None else None
                    self._fail(document, publisher, told(error), is_kept=kept is not None)
                    if instead is not None:
                        made.append(self._compose(document, instead, old))
                    elif kept:
                        made.append(kept)
                    continue
                self.rendered += 1
                made.append(self._compose(document, body, old))
        failed = failed or len(self.failures) > failed_before
        attachments = self._attached(recorded)
        if failed and (part := self.standing.state.parts.get(key)):
            attachments = tuple(dict.fromkeys((*attachments, *self._not_withheld(part.attachments))))
        self.changes.parts[key] = Part(tuple(made), reading_of(recorded), attachments, failed=failed)

    def _instead(self, document: Document) -> bytes | None:
        """What the document's `fallback` makes; None where it has none, or that fails too."""
        if document.fallback is None:
            return None
        try:
            return render(replace(document, render=document.fallback))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("%s could not be made without its template either", document.url)
            return None

    def _compose(self, document: Document, body: bytes, old: Made | None) -> Made:
        """Fill the slots and write the file. A file that is the same but for its stamp keeps the stamp."""
        made = Made(
            document.url,
            document.path,
            document.media_type,
            document.language,
            document.lastmod,
            document.alternates,
            document.in_sitemap,
            document.label,
            document.headers,
            "",
            self.context.started_at,
        )
        return self._write(made, body, old)

    def _write(self, made: Made, body: bytes, old: Made | None) -> Made:
        pieces, markers = cut(body)
        made.digest = hashlib.sha256(body).hexdigest()
        if old and old.digest == made.digest:
            made.made_at = old.made_at
        made.gaps = array("I", map(len, pieces[:-1]))
        made.markers = shared(tuple(markers))
        made.is_ahead = self._is_ahead
        data = joined(pieces, self._held(made))
        own = headers.with_own(made.headers, made.media_type, data)
        self.writer.write(made.path, data, made.media_type, own)
        return made

    def _rewrite(self, made: Made) -> Made:
        """Put what slots hold now into the file, which else stays as it is. Raises TornError where that is not what it
        was."""
        before = self.writer.before(made.path)
        if before is None:
            raise TornError(made.path)
        again = made if made.is_ahead == self._is_ahead else replace(made, is_ahead=self._is_ahead)
        data = refilled(before, made.gaps, self._held(made, is_before=True), self._held(again))
        if data is None:
            raise TornError(made.path)
        own = headers.with_own(made.headers, made.media_type, data)
        if is_said_still(before, data):
            self.writer.retold.add(made.path)
        self.writer.write(made.path, data, made.media_type, own)
        return again

    # Slots

    def _standing_filling(self, made: Made, marker: Marker) -> Filling:
        """What the slot of a document that stands holds."""
        stands = self.standing.state
        ahead = stands.ahead.get(marker) if made.is_ahead else None
        return ahead or stands.fillings[marker]

    def _held(self, made: Made, *, is_before: bool = False) -> list[bytes]:
        """What the document's slots hold, one after the other: now, or `is_before` this build. A stamp tells when the
        youngest of the document and what fills it was made."""
        key = (is_before, made.markers, made.language, made.made_at, made.is_ahead)
        if (texts := self._texts.get(key)) is not None:
            return texts
        fillings = {
            marker: self._standing_filling(made, marker) if is_before else self._filled(marker)
            for marker in slots_among(made.markers)
        }
        moment = max([made.made_at, *(filling.made_at for filling in fillings.values())])
        with translation.override(made.language or settings.LANGUAGE_CODE):
            texts = self._texts[key] = [
                (
                    self.registry.stamps[marker.argument](moment)
                    if marker.name == STAMP
                    else fillings[marker].text
                ).encode()
                for marker in made.markers
            ]
        return texts

    def _filled(self, marker: Marker) -> Filling:
        """What fills a slot now, made once a build where it is stale. One that fails keeps what it held, or stays
        empty."""
        if (made := self._fillings.get(marker)) is not None:
            return made
        old = self.standing.state.fillings.get(marker)
        if old is not None and not self._is_stale(old.reading):
            filling = old
        else:
            filling = self._fill(marker, old)
            self.changes.fillings[marker] = filling
        self._fillings[marker] = filling
        return filling

    def _fill(self, marker: Marker, old: Filling | None) -> Filling:
        now = self.context.started_at
        try:
            # What it reads is the slot's, not the document's that happens to be the first to hold it.
            with paused(), recording() as recorded:
                text = self.registry.slots[marker.name](self.context, marker.argument)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("The slot %s could not be filled", marker.name)
            name = f"(slot {marker.name} {marker.argument})"
            self.failures.append(Failure(name, "", GENERATOR, told(error), is_kept=old is not None))
            again = Reading(always=True)
            if old is None:
                return Filling("", again, now)
            return replace(old, reading=again, attachments=self._not_withheld(old.attachments))
        held = (old, self.standing.state.ahead.get(marker))
        since = min((known.made_at for known in held if known and known.text == text), default=now)
        return Filling(text, reading_of(recorded), since, self._attached(recorded))

    def _recompose(self, stale: set[PartKey], wanted: set[PartKey] | None = None) -> None:
        """Put what slots hold now into the files that are otherwise as they were: all of them, or those of the `wanted`
        parts."""
        skipped = stale | self.changes.gone
        paths = {
            path
            for marker, is_other in self._refilled.items()
            if is_other
            for path in self.standing.holding(marker)
            if wanted is None or self.standing.owners[path][0] in wanted
        }
        paths |= self.standing.ahead
        kept: dict[str, Made] = {}

        def here(share: Sequence[str]) -> None:
            for path in share:
                self._heed_stop()
                made = self.standing.owners[path][1]
                if (again := self._keep(made)) is not made:
                    kept[path] = again

        # Tree order keeps a folder's files together.
        ordered = sorted(
            path
            for path in paths
            if (key := self.standing.owners[path][0]) not in skipped and key[0] != GENERATOR
        )
        if not self._share(ordered, here, lambda found: kept.update(found.kept), kept):
            here(ordered)
        by_part: dict[PartKey, dict[str, Made]] = defaultdict(dict)
        for path, made in kept.items():
            by_part[self.standing.owners[path][0]][path] = made
        for key, of_part in by_part.items():
            part = self.standing.state.parts[key]
            documents = tuple(of_part.get(made.path, made) for made in part.documents)
            self.changes.parts[key] = replace(part, documents=documents)

    # Keeping

    def _keep(self, made: Made) -> Made:
        """The document stays as it was, with its slots as they are now."""
        if not (made.is_ahead or any(map(self._is_refilled, markers_of(made)))):
            if not self.writer.keep(made.path):
                raise TornError(made.path)
            return made
        self.composed += 1
        return self._rewrite(made)

    def _good(self, made: Made) -> Made | None:
        """As `_keep`; None where everything is made anew and there is nothing good to keep."""
        try:
            return self._keep(made)
        except TornError:
            if self.writer.is_copy:
                raise
            logger.exception("%s has no good version", made.url)
            return None

    def _retain(self, key: PartKey) -> None:
        """A part that failed as a whole keeps what it had, where nobody else has taken the place."""
        old = self.standing.state.parts.get(key)
        if old:
            kept = []
            for made in old.documents:
                if not self._claims.objection(made.path):
                    self._claims.take(made.path, named(key[0], made.label or made.url))
                    if good := self._good(made):
                        kept.append(good)
            # It is tried again in each build: a time until which it held, and that has come, would ask for one at once.
            reading = replace(old.reading, until=None)
            self.changes.parts[key] = replace(
                old,
                documents=tuple(kept),
                reading=reading,
                attachments=self._not_withheld(old.attachments),
                failed=True,
            )

    def _not_withheld(self, paths: tuple[str, ...]) -> tuple[str, ...]:
        """What is kept with a document that failed: a link that leads nowhere does less harm than a file that was
        withdrawn."""
        withheld = {path for ask in self.registry.withheld.values() for path in ask(paths)} if paths else ()
        return tuple(path for path in paths if path not in withheld)

    # Several processes

    def _share(
        self,
        items: Sequence[str],
        work: Callable[[Sequence[str]], None],
        take: Callable[[Outcome], None],
        kept: dict[str, Made] | None = None,
    ) -> bool:
        """Do `work` with all items over several processes and `take` what each has made. False, and nothing done, where
        that does not pay or is not possible. Raises ClashError where two of them make the same file: one process then
        says which."""
        worth = WORTH_SHARING if kept is None else WORTH_SHARING_FILES
        if self.jobs < 2 or len(items) < worth or not forking.is_possible():
            return False
        size = max(1, min(LARGEST_SHARE, len(items) // (self.jobs * SHARES_EACH)))
        shares = [items[start : start + size] for start in range(0, len(items), size)]
        # One task at least may be done by each: the folder says who writes an attachment that several refer to.
        places = Path(tempfile.mkdtemp(prefix="vigie-build-"))
        # The folder to write to, which they all share, is there from now on.
        early = EarlySync(self.writer.public) if self.writer.public else None
        try:
            # Closed before anything else happens: nobody may write into the folder any more.
            with closing(
                forking.each(
                    shares,
                    lambda part: self._outcome(part, work, kept, places),
                    self.jobs,
                    self._heed_stop,
                )
            ) as outcomes:
                for found in outcomes:
                    take(found)
                    self._absorb(found)
                    if early:
                        early.step()
            if early:
                early.end()
        finally:
            remove_tree(places)
        return True

    def _absorb(self, found: Outcome) -> None:
        self.changes.parts |= found.parts
        self.changes.gone |= found.gone
        for marker, filling in found.fillings.items():
            self._fillings.setdefault(marker, filling)
            self.changes.fillings.setdefault(marker, filling)
        self._handled |= found.attached
        self.failures += found.failures
        self._refused += found.refused
        self.rendered += found.rendered
        self.composed += found.composed
        self.writer.absorb(found.entries, found.retold, found.reused)
        self._done += found.done
        self.progress(self._done, max(self._total, self._done), "")

    def _outcome(
        self,
        share: Sequence[str],
        work: Callable[[Sequence[str]], None],
        kept: dict[str, Made] | None,
        places: Path,
    ) -> Outcome:
        """In a forked process, whose changes to this object nobody else sees: one share of the work."""
        self.changes = Changes()
        self.failures, self._refused = [], []
        self.rendered = self.composed = self._done = self.writer.reused = 0
        self.writer.touched.clear()
        self.writer.retold.clear()
        if kept is not None:
            kept.clear()
        self.progress = silent
        work(share)
        attached = set()
        for path in [path for path in self._attachments if path not in self._handled]:
            self._handled.add(path)
            if path not in self._claims and _is_first(places, path):
                self._attach(self._attachments[path])
                attached.add(path)
        return Outcome(
            self.changes.parts,
            self.changes.gone,
            dict(kept or {}),
            self.changes.fillings,
            attached,
            self.failures,
            self._refused,
            {path: self.writer.files[path] for path in self.writer.touched},
            self.writer.retold,
            self.writer.reused,
            self.rendered,
            self.composed,
            self._done,
        )

    # What the generator adds

    def _add_own(self) -> None:
        """Sitemaps, robots.txt and the pages of redirects, where they are other than before. An app's document at such
        an address wins."""
        stands = self.standing.state.parts
        touched = [key for key in (*self.changes.parts, *self.changes.gone) if key[0] != GENERATOR]
        old = {made.path for key in touched for made in self._old_documents(key)}
        new = {made.path for key in touched for made in self._new_documents(key)}
        is_moved = self.changed.everything or old != new
        own, names = self._sitemaps(touched)
        names.add("robots.txt")
        if is_moved or not self._old_documents((GENERATOR, "robots.txt")):
            own["robots.txt"] = [sitemap.robots(self.context)]
        moved = [
            Redirect(*pair)
            for name in self.registry.redirect_publishers
            if (
                part := self.changes.parts.get(
                    (REDIRECTS + name, WHOLE), stands.get((REDIRECTS + name, WHOLE))
                )
            )
            for pair in part.redirects
        ]
        before = self._redirects_before()
        self.redirects, self.warnings = redirects.resolve(moved, self._claims, conf.is_dynamic)
        if is_moved or self.redirects != before or (GENERATOR, "redirects") not in stands:
            own["redirects"] = redirects.documents(
                self.redirects,
                lambda path: path in names or path in self._claims,
                self._claims.folder,
                self.context.base_url,
            )
        self._total = self._done + sum(map(len, own.values()))
        for name, documents in own.items():
            free = [document for document in documents if document.path not in self._claims]
            free, refused = self._claimed(GENERATOR, free)
            self._make_part((GENERATOR, name), free, Recording(), failed=refused)
        if is_moved:
            self.changes.gone.update(
                key
                for key, part in stands.items()
                if key[0] == GENERATOR
                and key not in self.changes.parts
                and (key[1] not in names or any(made.path in self._claims for made in part.documents))
            )

    def _redirects_before(self) -> dict[str, str]:
        return dict(self.standing.previous.manifest.redirects) if self.standing.previous else {}

    def _new_documents(self, key: PartKey) -> tuple[Made, ...]:
        part = self.changes.parts.get(key)
        return part.documents if part else ()

    def _sitemaps(self, touched: list[PartKey]) -> tuple[dict[str, list[Document]], set[str]]:
        """The sitemaps that are other than before, by name; the names of all."""
        stands = self.standing.state.parts
        urls = self.standing.urls + sum(
            len(listed(self.changes.parts.get(key))) - len(listed(stands.get(key))) for key in touched
        )
        count = sitemap.count_for(urls)
        places = self.standing.sitemaps
        is_anew = self.changed.everything or count != len(places)
        if is_anew:
            places = self.standing.grouped(count)
        lost: dict[int, set[str]] = defaultdict(set)
        gained: dict[int, dict[str, Made]] = defaultdict(dict)
        for key in touched:
            old, new = listed(stands.get(key)), listed(self.changes.parts.get(key))
            if is_anew or list(map(_as_listed, old)) != list(map(_as_listed, new)):
                for made in old:
                    lost[sitemap.number_of(made, count)].add(made.path)
                for made in new:
                    gained[sitemap.number_of(made, count)][made.path] = made
        own: dict[str, list[Document]] = {}
        changed: list[datetime | None] = []
        for number in range(count):
            name = sitemap.name_of(number, count)
            before = self._old_documents((GENERATOR, name))
            if before and not (is_anew or number in lost or number in gained):
                changed.append(before[0].lastmod)
                continue
            paths = places[number] - lost[number] - gained[number].keys()
            documents = [*(self.standing.owners[path][1] for path in paths), *gained[number].values()]
            changed.append(sitemap.newest(documents))
            own[name] = [sitemap.sitemap(name, documents, self.context, conf.hreflang())]
        names = {sitemap.name_of(number, count) for number in range(count)}
        if count > 1:
            names.add(sitemap.INDEX)
            if own or not self._old_documents((GENERATOR, sitemap.INDEX)):
                own[sitemap.INDEX] = [sitemap.index_of(changed, self.context)]
        return own, names

    # What is no more, and the files that documents refer to

    def _finish(self) -> None:
        """Take out what no document is any more, write the files that documents and slots refer to, and take out those
        that none refers to any more."""
        stands = self.standing.state
        touched = {*self.changes.parts, *self.changes.gone}
        old = {made.path: made for key in touched for made in self._old_documents(key)}
        new = {made.path: made for key in touched for made in self._new_documents(key)}
        if self.writer.is_copy:
            for path in sorted(old.keys() - new.keys()):
                self.writer.remove(path)
        lost = Counter(marker for made in old.values() for marker in markers_of(made))
        gained = Counter(marker for made in new.values() for marker in markers_of(made))
        for marker in {*lost, *gained, *self.changes.fillings}:
            if self.standing.count_holding(marker) - lost[marker] + gained[marker] == 0:
                self.changes.fillings.pop(marker, None)
                if marker in stands.fillings:
                    self.changes.closed.add(marker)
        references: Counter[str] = Counter()
        wanted: dict[str, None] = {}
        for key in touched:
            if part := stands.parts.get(key):
                references.subtract(part.attachments)
            if part := self.changes.parts.get(key):
                references.update(part.attachments)
                wanted.update(dict.fromkeys(part.attachments))
        for marker in (*self.changes.closed, *self.changes.fillings):
            if filling := stands.fillings.get(marker):
                references.subtract(filling.attachments)
        for filling in stands.ahead.values():
            references.subtract(filling.attachments)
        for filling in (*self.changes.fillings.values(), *self.changes.ahead.values()):
            references.update(filling.attachments)
            wanted.update(dict.fromkeys(filling.attachments))
        for path in wanted:
            self._want(path)
        for path, change in references.items():
            if change < 0 and self.standing.attached[path] + change <= 0 and path not in self._claims:
                self.writer.remove(path)
        for refused in self._refused:
            self._refuse(*refused)

    def _want(self, path: str) -> None:
        """The file is to be there: opened where what refers to it was made now."""
        self._heed_stop()
        attachment = self._attachments.get(path)
        if attachment and path in self._claims:
            error = "is attached where a document is published. Give one another URL."
            self._refused.append((path, attachment.url, error, False))
        elif attachment and path not in self._handled:
            self._handled.add(path)
            self.progress(self._done, max(self._total, self._done), attachment.url)
            self._attach(attachment)
        elif not (attachment or self._is_there(path)):
            if self.writer.is_copy:
                raise TornError(path)
            error = "is not what it was, and what refers to it could not be made again."
            self._refused.append((path, url_for(path), error, False))

    def _is_there(self, path: str) -> bool:
        """Whether the file was written by another process of this build, or stays; or why not has been said."""
        refused = any(path == refused[0] for refused in self._refused)
        return path in self.writer.touched or self.writer.keep(path) or refused

    def _attached(self, recorded: Recording) -> tuple[str, ...]:
        paths = []
        for attachment in recorded.attachments.values():
            path = attachment.path
            self._attachments.setdefault(path, attachment)
            paths.append(path)
        return tuple(paths)

    def _attach(self, attachment: Attachment) -> None:
        try:
            source = attachment.open()
        except Exception as error:
            logger.exception("%s could not be opened", attachment.url)
            path = attachment.path
            self._refused.append((path, attachment.url, told(error), self.writer.keep(path)))
            return
        with source:
            self.writer.attach(attachment, source)

    def _refuse(self, path: str, url: str, error: str, is_kept: bool) -> None:
        """The parts that refer to it are tried again in the next build."""
        self.failures.append(Failure(url, "", ATTACHMENTS, error, is_kept))
        for key, part in self.changes.parts.items():
            if path in part.attachments:
                kept = tuple(other for other in part.attachments if is_kept or other != path)
                self.changes.parts[key] = replace(part, attachments=kept, failed=True)

    # Failing and stopping

    def _fail(self, document: Document, publisher: str, error: str, *, is_kept: bool) -> None:
        self.failures.append(Failure(document.url, document.label, publisher, error, is_kept))

    def _part_failed(self, publisher: str, part: str, error: Exception) -> None:
        logger.exception("The part %s of the publisher %s failed", part, publisher)
        documents = self._old_documents((publisher, part))
        url = documents[0].url if documents else f"(part {part})"
        label = documents[0].label if documents else ""
        self.failures.append(Failure(url, label, publisher, told(error), is_kept=bool(documents)))
        self._retain((publisher, part))

    def _publisher_failed(self, name: str, error: Exception) -> None:
        logger.exception("The publisher %s failed", name)
        is_kept = bool(self.standing.state.parts)
        self.failures.append(Failure(EVERYTHING, "", name, told(error), is_kept=is_kept))

    def _heed_stop(self) -> None:
        # What is asked for that is read by no document.
        with paused():
            is_asked = self.should_stop()
        if is_asked:
            raise BuildCancelledError("The build was asked to stop. What was live is untouched.")

    # What came of it

    @property
    def files(self) -> Files:
        return self.writer.files

    def counts(self) -> dict[str, int]:
        """How many documents each publisher has now, and how many files are attached."""
        found = Counter(self.standing.documents)
        for key in {*self.changes.parts, *self.changes.gone}:
            found[key[0]] += len(self._new_documents(key)) - len(self._old_documents(key))
        attached = len(self.writer.files) - sum(found.values())
        return {name: count for name, count in (*found.items(), (ATTACHMENTS, attached)) if count}

    def next_moment(self) -> datetime | None:
        """When something becomes stale by time alone."""
        made: list[Part | Filling] = [*self.changes.parts.values(), *self.changes.fillings.values()]
        touched = {*self.changes.parts, *self.changes.gone}
        stay = self.standing.soonest(touched, {*self.changes.fillings, *self.changes.closed})
        return min((moment for moment in (soonest(made), stay) if moment), default=None)


def silent(done: int, total: int, url: str) -> None:
    """No progress to tell."""


def _as_listed(made: Made) -> tuple[Any, ...]:
    """What a sitemap tells of it."""
    return made.url, made.language, made.lastmod, made.alternates


def _is_first(places: Path, path: str) -> bool:
    """Whether no other process of this build has asked before."""
    try:
        (places / hashlib.sha256(path.encode()).hexdigest()).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
