"""The releases kept on disk: which there are, going back to one, and deleting old ones by hand."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import DatabaseError, InterfaceError

from generator.fencing import Fence
from generator.manifest import Manifest
from generator.registry import Registry, default
from generator.targets import ID_FORMAT, MANIFEST, PUBLIC, ReleaseTarget, TargetError
from generator.verification import Findings, verify_release

logger = logging.getLogger(__name__)

TOLD_PATHS = 5


class NotWholeError(TargetError):
    """The release's files are not those of its manifest."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a release should not become live, as a sentence. Whoever goes back may accept one that `is_acceptable`."""

    sentence: str
    is_acceptable: bool = False

    def __str__(self) -> str:
        return self.sentence


class ObjectedError(TargetError):
    """Apps object to the release's becoming live."""

    def __init__(self, release: str, objections: list[Objection]) -> None:
        self.objections = objections
        super().__init__(f"{release} does not become live. {' '.join(map(str, objections))}")


class UnnumberedError(TargetError):
    """The database does not answer, so the release cannot be given a build's number."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A release on disk. `made_at` is in ISO 8601 with offset; `files` and `bytes` (compressed copies included) are
    None, and `error` says why, where its manifest cannot be read."""

    release: str
    live: bool
    made_at: str
    files: int | None
    bytes: int | None
    error: str = ""


def kept(target: ReleaseTarget) -> list[Kept]:
    """The releases on disk, newest first."""
    live = target.current()
    found = []
    for release in reversed(target.releases()):
        made_at = datetime.strptime(release, ID_FORMAT).replace(tzinfo=UTC).isoformat()
        try:
            entries = Manifest.load(target.root / release / MANIFEST).files.values()
        except (OSError, ValueError) as error:
            found.append(Kept(release, release == live, made_at, None, None, str(error)))
        else:
            size = sum(entry.size + sum(entry.encodings.values()) for entry in entries)
            found.append(Kept(release, release == live, made_at, len(entries), size))
    return found


@dataclass(frozen=True, slots=True)
class Activation:
    """A release that was made live, what was live before it, and the objections that were overruled."""

    release: str
    before: str | None
    files: int
    overruled: list[str]


def activate(
    target: ReleaseTarget,
    release: str,
    *,
    registry: Registry = default,
    force: bool = False,
    accepted: Collection[str] = (),
    is_numbered: bool = True,
    on_wait: Callable[[str], None] = logger.info,
) -> Activation:
    """Make a kept release live by the switch that a build uses, with a number as a build has: one that began before
    can no longer replace it, the next one does.

    Raises, and leaves what is live:

    - TargetError where there is no such release, or a build is running; NotWholeError where its files are not those
      of its manifest;
    - ObjectedError where an app objects (`registry.release_check`), unless `force`, or all that it says may be accepted
      and is among the sentences `accepted`;
    - UnnumberedError where the database does not answer, unless it is not asked (`is_numbered`);
    - OvertakenError where a newer build became live meanwhile.
    """
    if release not in target.releases():
        known = ", ".join(target.releases()) or "none"
        message = f"There is no release {release!r} in {target.root}. Kept are: {known}."
        raise TargetError(message)
    # Reading every file takes a while, during which an alert may have to go out: not behind the lock.
    findings = examined(target, release)
    if not findings.whole:
        message = (
            f"{release} is not whole, so it does not become live: {told(findings)}. Choose another "
            "(`manage.py releases list --verify`), or build."
        )
        raise NotWholeError(message)
    with target.locked(on_wait):
        before = target.current()
        # Taken before apps ask the database too: one that does not answer is waited for once.
        fence = _fence(release) if is_numbered else None
        objected = objections(target, release, registry=registry, asks_database=is_numbered)
        if not force and not all(each.is_acceptable and each.sentence in accepted for each in objected):
            raise ObjectedError(release, objected)
        if fence:
            _switch_numbered(target, release, fence)
        else:
            target.activate(release)
    for objection in objected:
        logger.warning("Overruled, to make %s live: %s", release, objection)
    logger.warning("Release %s was made live in the place of %s", release, before)
    return Activation(release, before, findings.files, list(map(str, objected)))


def objections(
    target: ReleaseTarget, release: str, *, registry: Registry = default, asks_database: bool = True
) -> list[Objection]:
    """Why `release` should not become live in the place of what is, in the active language. None to what is live."""
    live = target.current()
    if release == live:
        return []
    folders = (target.root / release / PUBLIC, target.root / live / PUBLIC if live else None)
    return [
        Objection(sentence, name in registry.acceptable_checks)
        for name in registry.release_checks
        for sentence in _sentences(registry, name, folders, asks_database)
    ]


def _sentences(
    registry: Registry, name: str, folders: tuple[Path, Path | None], asks_database: bool
) -> Iterable[str]:
    check, from_files = registry.release_checks[name], registry.file_checks.get(name)
    if from_files is None:
        return check(*folders)
    if asks_database:
        try:
            return list(check(*folders))
        except (DatabaseError, InterfaceError):
            logger.warning("The database does not answer: what %s objects to is told from files alone", name)
    return from_files(*folders)


def _fence(release: str) -> Fence:
    try:
        return Fence.take()
    except (DatabaseError, InterfaceError) as error:
        raise _unnumbered(release, error) from error


def _switch_numbered(target: ReleaseTarget, release: str, fence: Fence) -> None:
    is_live = False
    try:
        with fence.switching():
            target.activate(release)
            is_live = True
    except (DatabaseError, InterfaceError) as error:
        # The number is stored before the switch: once it was made, nothing is left for the database to do.
        if not is_live:
            raise _unnumbered(release, error) from error


def _unnumbered(release: str, error: Exception) -> UnnumberedError:
    return UnnumberedError(
        f"The database does not answer ({str(error).strip()}), so {release} cannot be given a number, and a "
        "build that began before could replace it. Nothing was changed. Stop the worker and repeat with "
        "--without-database."
    )


def examined(target: ReleaseTarget, release: str) -> Findings:
    """The release's files against its manifest. Raises NotWholeError where it has none that can be read."""
    try:
        return verify_release(target.root / release)
    except (OSError, ValueError) as error:
        message = f"{release} cannot be verified: {error}"
        raise NotWholeError(message) from error


def prune(target: ReleaseTarget, keep: int) -> list[str]:
    """Delete all but the newest `keep` releases, never the live one, and never the last one that is whole. The
    releases that went."""
    # Reading every file takes a while, and so does deleting, during which an alert may have to go out: neither is done
    # behind the lock.
    good = None
    if len(target.releases()) > max(1, keep):
        live = target.current()
        newest = [live, *(release for release in reversed(target.releases()) if release != live)]
        good = next((release for release in newest if release and _is_whole(target, release)), None)
    with target.locked(lambda message: None):
        gone = [release for release in target.beyond(keep) if release != good]
        for release in gone:
            target.put_away(release)
    target.sweep()
    return gone


def _is_whole(target: ReleaseTarget, release: str) -> bool:
    try:
        return examined(target, release).whole
    except TargetError:
        return False


def told(findings: Findings) -> str:
    """What differs, in a sentence: "2 missing (a.html, b.html), 1 changed (c.json)"; "whole" when nothing does."""
    parts = []
    for name in ("missing", "changed", "extra"):
        paths: list[str] = getattr(findings, name)
        if paths:
            more = ", …" if len(paths) > TOLD_PATHS else ""
            parts.append(f"{len(paths)} {name} ({', '.join(paths[:TOLD_PATHS])}{more})")
    return ", ".join(parts) or "whole"
