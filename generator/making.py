"""One build under way: which parts of the site are stale, rendering them, filling slots, keeping the rest."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import partial

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import translation

from generator import conf, headers, redirects, sitemap
from generator.changes import Changed
from generator.documents import COMPRESSED_SUFFIXES, Attachment, Document, Redirect
from generator.manifest import FileEntry
from generator.recording import Recording, recording
from generator.registry import BuildContext, Parts, Registry
from generator.slots import STAMP, Marker, Span, deferred, fill, opened
from generator.state import Filling, Made, Part, PartKey, Reading, State
from generator.writing import FileWriter

logger = logging.getLogger(__name__)

GENERATOR = "generator"
"""The publisher of what the generator adds itself: sitemap, robots.txt, redirects."""
OWN = 2
"""Documents that every site has: sitemap and robots.txt."""
ATTACHMENTS = "attachments"
REDIRECTS = "redirects:"
"""Begins the names of the publishers of redirects among the parts."""
EVERYTHING = "(all of its URLs)"
WHOLE = ""
"""The name of the only part of a publisher that has no parts."""

Progress = Callable[[int, int, str], None]
"""Called with documents done, documents in all, and the URL at hand."""


class BuildCancelledError(Exception):
    """Somebody asked the build to stop. What was live is untouched."""


class TornError(Exception):
    """The release before is not what its manifest says; nothing of it can be kept."""


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


def reading_of(recorded: Recording) -> Reading:
    return Reading(frozenset(recorded.keys), recorded.until, recorded.always)


@dataclass(slots=True)
class _Claims:
    """Which path is whose, and which folders there are."""

    owners: dict[str, str] = field(default_factory=dict)
    folders: dict[str, str] = field(default_factory=dict)

    def take(self, path: str, owner: str) -> None:
        self.owners[path] = owner
        for folder in _parents(path):
            self.folders.setdefault(folder, path)

    def objection(self, path: str) -> str | None:
        """Why no document can be at `path`: another is, or it would lie where a folder or a sibling lies."""
        if owner := self.owners.get(path):
            return f"has the same file ({path}) as {owner}. Give one of them another URL."
        beside = self.folders.get(path) or next((p for p in _parents(path) if p in self.owners), None)
        for suffix in COMPRESSED_SUFFIXES.values():
            if path + suffix in self.owners:
                beside = path + suffix
            elif path.endswith(suffix) and path.removesuffix(suffix) in self.owners:
                beside = path.removesuffix(suffix)
        return f"cannot be a file beside {beside!r}. Give one of them another URL." if beside else None


def _parents(path: str) -> Iterator[str]:
    position = path.find("/")
    while position >= 0:
        yield path[:position]
        position = path.find("/", position + 1)


@dataclass(slots=True)
class Making:
    """Turns the state of the build before (`old`) and what has `changed` into the files of the next (`writer`) and
    their state (`state`)."""

    registry: Registry
    context: BuildContext
    writer: FileWriter
    old: State
    changed: Changed
    only: str | None
    progress: Progress
    should_stop: Callable[[], bool]
    state: State = field(default_factory=State)
    redirects: dict[str, str] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    rendered: int = 0
    composed: int = 0
    _made: dict[str, Made] = field(default_factory=dict)
    _claims: _Claims = field(default_factory=_Claims)
    _refilled: set[Marker] = field(default_factory=set)
    _fillings: dict[Marker, Filling] = field(default_factory=dict)
    _attachments: dict[str, Attachment] = field(default_factory=dict)
    _names: dict[str, list[str]] = field(default_factory=dict)
    _done: int = 0
    _total: int = 0

    def run(self) -> None:
        """Everything but the switch. Raises BuildCancelledError, TornError, OSError; OperationalError when the
        database is gone."""
        self._made = {made.path: made for part in self.old.parts.values() for made in part.documents}
        self._find_facts()
        self._refill()
        stale = self._list_parts()
        for name, publisher in self.registry.document_publishers.items():
            names = [part for publisher_name, part in stale if publisher_name == name]
            if isinstance(publisher, Parts):
                self._make_parts(name, publisher, names)
        self._keep_fresh()
        self._add_own()
        self._attach()
        self.state.fillings = {marker: self._fillings[marker] for marker in self._used_markers()}
        self.progress(self._done, self._done, "")

    def run_urgent(self) -> bool:
        """Make only what lives depend on; all other files stay as they are. False when there is nothing to do: no
        publisher of something urgent is stale. Raises as `run` does."""
        self._made = {made.path: made for part in self.old.parts.values() for made in part.documents}
        self._find_facts()
        for name in self.registry.urgent_publishers & self.registry.document_publishers.keys():
            self._names[name] = [WHOLE]
        stale = [key for key in self._named_parts() if self._is_wanted(key)]
        if not stale:
            return False
        self._refill()
        for name, publisher in self.registry.document_publishers.items():
            if isinstance(publisher, Parts):
                self._names[name] = list(publisher.urgent(self.context))
        stale = [key for key in self._named_parts() if self._is_wanted(key)]
        self._total = sum(len(self._old_documents(key)) or 2 for key in stale)
        self._claim_fresh(set(stale))
        self._make_whole([key for key in stale if key[1] == WHOLE])
        for name, publisher in self.registry.document_publishers.items():
            if isinstance(publisher, Parts):
                self._make_parts(name, publisher, [part for owner, part in stale if owner == name and part])
        self._keep_fresh()
        self._attach()
        self._keep_others()
        return True

    def _named_parts(self) -> list[PartKey]:
        return [(name, part) for name, parts in self._names.items() for part in parts]

    def _keep_others(self) -> None:
        """All files that are not of the parts made here stay, with the state of their parts."""
        mine = {key for key in self.old.parts if key in self.state.parts}
        gone = {made.path for key in mine for made in self.old.parts[key].documents}
        previous = self.writer.previous
        for path in previous.manifest.files if previous else ():
            if path not in self.writer.files and path not in gone and not self.writer.keep(path):
                raise TornError(path)
        self.redirects = dict(previous.manifest.redirects) if previous else {}
        self.state.parts = {**self.old.parts, **self.state.parts}
        self.state.fillings = {**self._fillings, **self.old.fillings}
        self.state.facts = self.old.facts

    # What is stale

    def _find_facts(self) -> None:
        """Ask for the facts whose tables have changed; those that are other ones now count as changed."""
        for name, source in self.registry.facts_sources.items():
            before = self.old.facts.get(name)
            if before is not None and not self.changed.touches_tables(source.tables):
                self.state.facts[name] = before
                continue
            facts = dict(self.context.memo.once(("facts", name), partial(source.facts, self.context)))
            # With `only`, the rest of the site has yet to see what has changed.
            self.state.facts[name] = facts if self.only is None else before or {}
            if before is not None:
                differing = (key for key in facts.keys() | before.keys() if facts.get(key) != before.get(key))
                self.changed |= differing

    def _is_stale(self, reading: Reading) -> bool:
        expired = reading.until is not None and reading.until <= self.context.started_at
        return expired or reading.is_unknown or self.changed.touches(reading.keys)

    def _refill(self) -> None:
        """Fill the stale slots again: which of them hold something else now?"""
        for marker, filling in self.old.fillings.items():
            if not self._is_stale(filling.reading):
                self._fillings[marker] = filling
            elif self._filling(marker).text != filling.text:
                self._refilled.add(marker)

    def _list_parts(self) -> list[PartKey]:
        """The parts there are now; those that are stale or new."""
        stale: list[PartKey] = []
        for name, publisher in self.registry.document_publishers.items():
            names = [WHOLE]
            if isinstance(publisher, Parts):
                try:
                    names = list(publisher.names(self.context))
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:
                    self._publisher_failed(name, error)
                    names = [part for publisher_name, part in self.old.parts if publisher_name == name]
                    self._names[name] = names
                    continue
            self._names[name] = names
            stale += ((name, part) for part in names if self._is_wanted((name, part)))
        for name in self.registry.redirect_publishers:
            self._names[REDIRECTS + name] = [WHOLE]
            if self._is_wanted((REDIRECTS + name, WHOLE)):
                stale.append((REDIRECTS + name, WHOLE))
        self._claim_fresh(set(stale))
        self._total = OWN + sum(len(self._old_documents(key)) or 2 for key in stale if key[1] != WHOLE)
        # What has no parts is asked first, so that all of its addresses are known before anything is rendered.
        self._make_whole([key for key in stale if key[1] == WHOLE])
        return [key for key in stale if key[1] != WHOLE]

    def _claim_fresh(self, stale: set[PartKey]) -> None:
        """The places of what is taken over are taken."""
        for key in self._named_parts():
            if key not in stale and (part := self.old.parts.get(key)):
                for made in part.documents:
                    self._claims.take(made.path, _named(key[0], made.label or made.url))

    def _is_wanted(self, key: PartKey) -> bool:
        part = self.old.parts.get(key)
        if part is None:
            return True
        if self.only is not None and not any(fnmatchcase(made.url, self.only) for made in part.documents):
            return False
        return part.failed or self._is_stale(part.reading)

    def _old_documents(self, key: PartKey) -> tuple[Made, ...]:
        part = self.old.parts.get(key)
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
                        self.state.parts[key] = Part((), reading_of(recorded), redirects=pairs)
                        continue
                    documents = list(self.registry.document_publishers[name](self.context))
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                self._publisher_failed(name.removeprefix(REDIRECTS), error)
                self._retain(key, self._old_documents(key))
                continue
            asked.append((key, documents, recorded))
        self._total += sum(len(documents) for _key, documents, _recorded in asked)
        claimed = [(key, self._claimed(key[0], documents), recorded) for key, documents, recorded in asked]
        for key, documents, recorded in claimed:
            self._make_part(key, documents, recorded)

    def _make_parts(self, name: str, publisher: Parts, names: list[str]) -> None:
        """Ask the publisher for stale parts; render each as it comes, so that few pages are in memory."""
        waiting = dict.fromkeys(names)
        iterator = iter(publisher.documents(self.context, names) if names else ())
        while True:
            part = None
            try:
                part, documents = next(iterator)
                with recording() as recorded, translation.override(settings.LANGUAGE_CODE):
                    listed = list(documents)
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
            self._make_part((name, part), self._claimed(name, listed), recorded)
        # What the publisher did not get to keeps what it has; what is gone has no document.
        failed = any(failure.publisher == name and failure.url == EVERYTHING for failure in self.failures)
        for part in waiting if failed else ():
            self._retain((name, part), self._old_documents((name, part)))

    def _claimed(self, publisher: str, documents: Iterable[Document]) -> list[Document]:
        """The documents whose places are free."""
        free = []
        for document in documents:
            if objection := self._claims.objection(document.path):
                self._fail(document, publisher, objection, is_kept=False)
            else:
                self._claims.take(document.path, _named(publisher, document.label or document.url))
                free.append(document)
        return free

    def _make_part(self, key: PartKey, documents: list[Document], asked: Recording) -> None:
        publisher = key[0]
        failed_before = len(self.failures)
        made: list[Made] = []
        with recording() as recorded:
            recorded.absorb(asked)
            for document in documents:
                self._heed_stop()
                self.progress(self._done, self._total, document.url)
                self._done += 1
                old = self._made.get(document.path)
                try:
                    body = render(document)
                except (OperationalError, InterfaceError):
                    raise
                except Exception as error:
                    logger.exception("%s could not be rendered", document.url)
                    self._fail(document, publisher, told(error), is_kept=old is not None)
                    if old:
                        made.append(self._keep(old))
                    continue
                self.rendered += 1
                made.append(self._compose(document, body, old))
        self.counts[publisher] += len(made)
        failed = len(self.failures) > failed_before
        attachments = self._attached(recorded)
        if failed and (part := self.old.parts.get(key)):
            attachments = tuple(dict.fromkeys((*attachments, *part.attachments)))
        self.state.parts[key] = Part(tuple(made), reading_of(recorded), attachments, failed=failed)

    def _compose(self, document: Document, body: bytes, old: Made | None) -> Made:
        """Fill the slots and write the file. A file that is the same but for its stamp keeps the stamp."""
        made = Made(
            document.url,
            document.path,
            document.media_type,
            document.language,
            document.lastmod,
            dict(document.alternates),
            document.in_sitemap,
            document.label,
            dict(document.headers),
            "",
            self.context.started_at,
        )
        return self._write(made, body, old)

    def _write(self, made: Made, body: bytes, old: Made | None) -> Made:
        if b"\xee\x80\x80" not in body:
            data, digest, found = body, hashlib.sha256(body).hexdigest(), list[Span]()
        else:
            unstamped, _spans = fill(body, lambda marker: b"" if marker.name == STAMP else self._text(marker))
            digest = hashlib.sha256(unstamped).hexdigest()
            if old and old.digest == digest:
                made = replace(made, made_at=old.made_at)
            moment = made.made_at

            def filler(marker: Marker) -> bytes:
                if marker.name == STAMP:
                    with translation.override(made.language or settings.LANGUAGE_CODE):
                        return self.registry.stamps[marker.argument](moment).encode()
                return self._text(marker)

            data, found = fill(body, filler)
        if not found and old and old.digest == digest:
            made = replace(made, made_at=old.made_at)
        own = {**headers.for_content(made.media_type, data), **made.headers}
        self.writer.write(made.path, data, made.media_type, own)
        return replace(made, digest=digest, spans=tuple(found))

    def _text(self, marker: Marker) -> bytes:
        return self._filling(marker).text.encode()

    def _filling(self, marker: Marker) -> Filling:
        """What fills a slot, made once a build. One that fails keeps what it held, or stays empty."""
        if marker not in self._fillings:
            try:
                with recording() as recorded:
                    text = self.registry.slots[marker.name](self.context, marker.argument)
                filling = Filling(text, reading_of(recorded), self._attached(recorded))
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                logger.exception("The slot %s could not be filled", marker.name)
                old = self.old.fillings.get(marker)
                name = f"(slot {marker.name} {marker.argument})"
                self.failures.append(Failure(name, "", GENERATOR, told(error), is_kept=old is not None))
                filling = Filling(
                    old.text if old else "", Reading(always=True), old.attachments if old else ()
                )
            self._fillings[marker] = filling
        return self._fillings[marker]

    # Keeping

    def _keep(self, made: Made) -> Made:
        """Take the document over from the release before, with its slots as they are now."""
        if self._refilled.isdisjoint(span.marker for span in made.spans):
            if not self.writer.keep(made.path):
                raise TornError(made.path)
            return made
        self.composed += 1
        before = self.writer.before(made.path)
        if before is None:
            raise TornError(made.path)
        return self._write(
            replace(made, made_at=self.context.started_at), opened(before, list(made.spans)), made
        )

    def _retain(self, key: PartKey, documents: tuple[Made, ...]) -> None:
        """A part that failed as a whole keeps what it had."""
        kept = tuple(self._keep(made) for made in documents if made.path not in self.writer.files)
        old = self.old.parts.get(key)
        if old:
            self.counts[key[0]] += len(kept)
            self.state.parts[key] = replace(old, documents=kept, failed=True)

    def _keep_fresh(self) -> None:
        """Take over what is not stale, and put all parts in their order."""
        done = self.state.parts
        ordered: dict[PartKey, Part] = {}
        for name, parts in self._names.items():
            for part_name in parts:
                key = (name, part_name)
                if key in done:
                    ordered[key] = done[key]
                elif part := self.old.parts.get(key):
                    self._heed_stop()
                    kept = tuple(self._keep(made) for made in part.documents)
                    same = all(a is b for a, b in zip(kept, part.documents, strict=True))
                    ordered[key] = part if same else replace(part, documents=kept)
                    if kept:
                        self.counts[name] += len(kept)
        self.state.parts = ordered

    # What the generator adds

    def _add_own(self) -> None:
        documents = [made for part in self.state.parts.values() for made in part.documents]
        moved = [Redirect(*pair) for part in self.state.parts.values() for pair in part.redirects]
        paths = self._claims.owners.keys()
        self.redirects, self.warnings = redirects.resolve(moved, paths, conf.is_dynamic)
        own = [
            document
            for document in sitemap.documents(documents, self.context, conf.hreflang())
            if document.path not in self._claims.owners
        ]
        own += redirects.documents(
            self.redirects, [*paths, *(document.path for document in own)], self.context.base_url
        )
        self._total = self._done + len(own)
        self._make_part((GENERATOR, WHOLE), self._claimed(GENERATOR, own), Recording())

    def _attached(self, recorded: Recording) -> tuple[str, ...]:
        for attachment in recorded.attachments.values():
            self._attachments.setdefault(attachment.path, attachment)
        return tuple(attachment.path for attachment in recorded.attachments.values())

    def _used_markers(self) -> set[Marker]:
        return {
            span.marker
            for part in self.state.parts.values()
            for made in part.documents
            for span in made.spans
            if span.marker.name != STAMP
        }

    def _attach(self) -> None:
        """Publish each file that a document or a slot refers to: opened where what refers to it was made now."""
        wanted = dict.fromkeys(path for part in self.state.parts.values() for path in part.attachments)
        for marker in self._used_markers():
            wanted.update(dict.fromkeys(self._fillings[marker].attachments))
        for path in wanted:
            self._heed_stop()
            attachment = self._attachments.get(path)
            if attachment is None:
                if not self.writer.keep(path):
                    raise TornError(path)
                self.counts[ATTACHMENTS] += 1
                continue
            self.progress(self._done, self._total, attachment.url)
            if path in self._claims.owners:
                self._refuse(attachment, "is attached where a document is published. Give one another URL.")
                continue
            try:
                source = attachment.open()
            except Exception as error:
                logger.exception("%s could not be opened", attachment.url)
                self._refuse(attachment, told(error), is_kept=self.writer.keep(path))
                continue
            with source:
                self.writer.attach(attachment, source)
            self.counts[ATTACHMENTS] += 1

    def _refuse(self, attachment: Attachment, error: str, *, is_kept: bool = False) -> None:
        """The parts that refer to it are tried again in the next build."""
        self.failures.append(Failure(attachment.url, "", ATTACHMENTS, error, is_kept))
        for key, part in self.state.parts.items():
            if attachment.path in part.attachments:
                kept = tuple(path for path in part.attachments if is_kept or path != attachment.path)
                self.state.parts[key] = replace(part, attachments=kept, failed=True)

    # Failing and stopping

    def _fail(self, document: Document, publisher: str, error: str, *, is_kept: bool) -> None:
        self.failures.append(Failure(document.url, document.label, publisher, error, is_kept))

    def _part_failed(self, publisher: str, part: str, error: Exception) -> None:
        logger.exception("The part %s of the publisher %s failed", part, publisher)
        documents = self._old_documents((publisher, part))
        url = documents[0].url if documents else f"(part {part})"
        label = documents[0].label if documents else ""
        self.failures.append(Failure(url, label, publisher, told(error), is_kept=bool(documents)))
        self._retain((publisher, part), documents)

    def _publisher_failed(self, name: str, error: Exception) -> None:
        logger.exception("The publisher %s failed", name)
        self.failures.append(Failure(EVERYTHING, "", name, told(error), is_kept=bool(self.old.parts)))

    def _heed_stop(self) -> None:
        if self.should_stop():
            raise BuildCancelledError("The build was asked to stop. What was live is untouched.")

    @property
    def files(self) -> Mapping[str, FileEntry]:
        return self.writer.files


def _named(publisher: str, label: str) -> str:
    return f"{label!r}, published by {publisher}"
