"""The releases kept on disk: which there are, going back to one, and deleting old ones by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from generator.manifest import Manifest
from generator.targets import ID_FORMAT, MANIFEST, ReleaseTarget, TargetError
from generator.verification import Findings, verify_release
from generator.writing import remove_tree

TOLD_PATHS = 5


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


def activate(target: ReleaseTarget, release: str) -> Findings:
    """Make a kept release live by the switch that a build uses. Raises TargetError, and leaves what is live, where
    there is no such release or its files are not those of its manifest."""
    if release not in target.releases():
        known = ", ".join(target.releases()) or "none"
        message = f"There is no release {release!r} in {target.root}. Kept are: {known}."
        raise TargetError(message)
    with target.locked(lambda message: None):
        findings = examined(target, release)
        if not findings.whole:
            message = (
                f"{release} is not whole, so it does not become live: {told(findings)}. Choose another "
                "(`manage.py releases list --verify`), or build."
            )
            raise TargetError(message)
        target.activate(release)
    return findings


def examined(target: ReleaseTarget, release: str) -> Findings:
    """The release's files against its manifest. Raises TargetError where it has none that can be read."""
    try:
        return verify_release(target.root / release)
    except (OSError, ValueError) as error:
        message = f"{release} cannot be verified: {error}"
        raise TargetError(message) from error


def prune(target: ReleaseTarget, keep: int) -> list[str]:
    """Delete all but the newest `keep` releases, never the live one, and never the last one that is whole. The
    releases that went."""
    with target.locked(lambda message: None):
        live = target.current()
        others = [release for release in target.releases() if release != live]
        gone = others[: max(0, len(others) - (max(1, keep) - 1))]
        remaining = [live, *reversed([release for release in others if release not in gone])]
        if gone and not any(_is_whole(target, release) for release in remaining if release):
            good = next((release for release in reversed(gone) if _is_whole(target, release)), None)
            gone = [release for release in gone if release != good]
        for release in gone:
            doomed = target.root / f".removing-{release}"
            (target.root / release).rename(doomed)
            remove_tree(doomed)
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
