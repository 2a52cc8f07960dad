"""From what is registered to a target: collect, render, attach, write, switch. Nothing becomes live when any
of it failed; every failure is named."""

import errno
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from generator import conf, headers, redirects, sitemap
from generator.documents import COMPRESSED_SUFFIXES, Attachment, Document, Redirect
from generator.manifest import Diff, Manifest
from generator.recording import recording
from generator.registry import BuildContext, Registry, default
from generator.targets import Target
from generator.writing import ENCODINGS, FileWriter, Previous

logger = logging.getLogger(__name__)

GENERATOR = "generator"
"""The publisher of what the generator adds itself: sitemap, robots.txt, redirects."""
ATTACHMENTS = "attachments"

Progress = Callable[[int, int, str], None]
"""Called with documents done, documents in all, and the URL at hand."""


def _silent(done: int, total: int, url: str) -> None:
    """No progress to tell."""


class BuildError(Exception):
    """The build could not be written. What was live is untouched."""


class BuildCancelledError(Exception):
    """Somebody asked the build to stop. What was live is untouched."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What failed: the URL, what people call it, who publishes it, and the error."""

    url: str
    label: str
    publisher: str
    error: str

    def __str__(self) -> str:
        label = f" ({self.label})" if self.label else ""
        return f"{self.url}{label}, published by {self.publisher}: {self.error}"


@dataclass(frozen=True, slots=True)
class Planned:
    """A document and who publishes it."""

    publisher: str
    document: Document


@dataclass(slots=True)
class Plan:
    """All documents of a site by the path of their file, and its redirects by `redirects.key`."""

    documents: dict[str, Planned] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Result:
    """What a build did. `release` is None when nothing became live: a dry run, or failures. `bytes` counts
    compressed siblings too; `reused` files were shared with the previous build."""

    release: str | None
    files_by_publisher: dict[str, int]
    files: int
    bytes: int
    reused: int
    seconds: float
    diff: Diff
    failures: list[Failure]
    warnings: list[str]


def collect(registry: Registry, context: BuildContext) -> Plan:
    """Ask every publisher. A publisher that raises, and two documents for one file, are failures of the
    plan."""
    plan = Plan()
    with recording() as recorded, translation.override(settings.LANGUAGE_CODE):
        for name, publisher in registry.document_publishers.items():
            for document in _asked(plan, name, partial(publisher, context)):
                _add(plan, name, document)
        moved: list[Redirect] = []
        for name, source in registry.redirect_publishers.items():
            moved += _asked(plan, name, partial(source, context))
    plan.redirects, plan.warnings = redirects.resolve(moved, plan.documents.keys(), conf.is_dynamic)
    published = [planned.document for planned in plan.documents.values()]
    for document in sitemap.documents(published, context, conf.hreflang()):
        if document.path not in plan.documents:
            _add(plan, GENERATOR, document)
    for document in redirects.documents(plan.redirects, plan.documents.keys(), context.base_url):
        _add(plan, GENERATOR, document)
    plan.attachments = recorded.attachments
    return plan


def _asked(plan: Plan, name: str, publisher: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    """What the publisher yields, until it raises."""
    try:
        yield from publisher()
    except Exception as error:
        logger.exception("The publisher %s failed", name)
        plan.failures.append(Failure("(all of its URLs)", "", name, _told(error)))


def _add(plan: Plan, publisher: str, document: Document) -> None:
    """Plan a document, unless its file would be another's, or lie where another's file or sibling lies."""
    path = document.path
    other = plan.documents.get(path)
    if other:
        first = f"{other.document.label or other.document.url!r}, published by {other.publisher}"
        error = f"has the same file ({path}) as {first}. Give one of them another URL."
        plan.failures.append(Failure(document.url, document.label, publisher, error))
    else:
        plan.documents[path] = Planned(publisher, document)


def _clashes(paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Paths that cannot be files because another path needs their place: as a folder or as a compressed
    sibling."""
    files = set(paths)
    for path in files:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            if (folder := "/".join(parts[:depth])) in files:
                yield folder, path
        for suffix in COMPRESSED_SUFFIXES.values():
            if path.endswith(suffix) and path.removesuffix(suffix) in files:
                yield path, path.removesuffix(suffix)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def render(document: Document) -> bytes:
    """The document's bytes, rendered with its language active (the site's default if it has none). Raises
    whatever the document raises."""
    with translation.override(document.language or settings.LANGUAGE_CODE):
        body = document.render()
    return body.encode() if isinstance(body, str) else body


def build(
    target: Target,
    *,
    registry: Registry = default,
    generated_at: datetime | None = None,
    base_url: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] = logger.info,
    should_stop: Callable[[], bool] = lambda: False,
) -> Result:
    """Build the site into `target` and make it live; with failures, or as a dry run, nothing becomes live.

    Raises TargetError when the target must not be written to, BuildError when writing failed (disk full, no
    permission), BuildCancelledError when `should_stop()` became true. In each case what was live stays as it
    was.
    """
    started = time.monotonic()
    context = BuildContext(generated_at or timezone.now(), (base_url or conf.base_url()).rstrip("/"))
    prepare = partial(_Work, target, registry, context, progress or _silent, should_stop)
    target.check()
    if dry_run:
        work = prepare()
        work.run(FileWriter(None, work.previous))
        return work.result(None, started)
    with _naming_write_errors(target), target.locked(on_wait):
        target.check()
        work = prepare()
        release = None
        try:
            work.run(FileWriter(target.stage(), work.previous, link_attachments=target.link_attachments))
            if not work.plan.failures:
                release = target.commit(work.manifest(), redirects.nginx_map(work.plan.redirects))
        finally:
            if release is None:
                target.discard()
        return work.result(release, started)


@contextmanager
def _naming_write_errors(target: Target) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename or target.location
        reason, remedy = error.strerror or str(error), "Put that right and build again."
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            reason, remedy = "the disk is full", "Free some space, or keep fewer releases, and build again."
        message = f"The build could not be written to {where}: {reason}. What was live is untouched. {remedy}"
        raise BuildError(message) from error


@dataclass(slots=True)
class _Work:
    """One build under way."""

    target: Target
    registry: Registry
    context: BuildContext
    progress: Progress
    should_stop: Callable[[], bool]
    plan: Plan = field(init=False)
    previous: Previous | None = field(init=False)
    writer: FileWriter = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.previous = self.target.previous()
        self.plan = collect(self.registry, self.context)

    def run(self, writer: FileWriter) -> None:
        """Render and write every document, then what they attached."""
        self.writer = writer
        for folder, path in _clashes(self.plan.documents):
            planned = self.plan.documents.pop(folder, None)
            if planned:
                self._fail(planned, f"cannot be a file beside {path!r}. Give one of them another URL.")
        attachments = {attachment.path: attachment for attachment in self.plan.attachments.values()}
        total = len(self.plan.documents)
        for done, (path, planned) in enumerate(self.plan.documents.items()):
            self._heed_stop()
            self.progress(done, total, planned.document.url)
            try:
                with recording() as recorded:
                    body = render(planned.document)
            except Exception as error:
                logger.exception("%s could not be rendered", planned.document.url)
                self._fail(planned, _told(error))
                continue
            for attachment in recorded.attachments.values():
                attachments.setdefault(attachment.path, attachment)
            media_type = planned.document.media_type
            own = {**headers.for_content(media_type, body), **planned.document.headers}
            writer.write(path, body, media_type, own)
            self.counts[planned.publisher] += 1
        self._attach(attachments)
        self.progress(total, total, "")

    def _attach(self, attachments: dict[str, Attachment]) -> None:
        for path, attachment in attachments.items():
            self._heed_stop()
            self.progress(len(self.plan.documents), len(self.plan.documents), attachment.url)
            planned = Planned(ATTACHMENTS, Document(attachment.url, bytes))
            if path in self.writer.files:
                self._fail(planned, "is attached where a document is published. Give one another URL.")
                continue
            try:
                source = attachment.open()
            except Exception as error:
                logger.exception("%s could not be opened", attachment.url)
                self._fail(planned, _told(error))
                continue
            with source:
                self.writer.attach(attachment, source)
            self.counts[ATTACHMENTS] += 1

    def _heed_stop(self) -> None:
        if self.should_stop():
            raise BuildCancelledError("The build was asked to stop. What was live is untouched.")

    def _fail(self, planned: Planned, error: str) -> None:
        document = planned.document
        self.plan.failures.append(Failure(document.url, document.label, planned.publisher, error))

    def manifest(self) -> Manifest:
        made_at = self.context.generated_at.isoformat()
        return Manifest("", made_at, self.context.base_url, ENCODINGS, self.writer.files, self.plan.redirects)

    def result(self, release: str | None, started: float) -> Result:
        old = self.previous.manifest.files if self.previous else {}
        return Result(
            release=release,
            files_by_publisher=dict(self.counts),
            files=len(self.writer.files),
            bytes=self.writer.size,
            reused=self.writer.reused,
            seconds=time.monotonic() - started,
            diff=Diff.between(old, self.writer.files),
            failures=self.plan.failures,
            warnings=self.plan.warnings,
        )
