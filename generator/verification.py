"""Proves a release, or a mirror of it, whole: every file of its manifest is there with its bytes, and nothing else.

What a mirror carries beside the site is its manifest without anything but what is public anyway (`public_manifest`),
and a signature over it, so that whoever has the public key can tell that the site is the authority's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from generator import redirects, signing
from generator.documents import COMPRESSED_SUFFIXES, quote_path, url_for
from generator.manifest import FileEntry, Manifest
from generator.targets import POLICIES, REDIRECTS
from generator.writing import ENCODINGS, SHARED, decoded, is_text

FORMAT = "vigie-release-1"
CARRIED_MANIFEST = ".well-known/vigie-release.json"
CARRIED_SIGNATURE = f"{CARRIED_MANIFEST}.sig"
PENDING = ".well-known/vigie-release.pending.json"
"""On a mirror that is being written: all files that may be there."""
CARRIED_MAPS = {name: f".well-known/vigie/{name}" for name in (REDIRECTS, POLICIES)}
"""By their names in a release: for the mirror's nginx, which may serve them too. Its answers and the manifest tell the
same."""
CARRIED = frozenset({CARRIED_MANIFEST, CARRIED_SIGNATURE, PENDING, *CARRIED_MAPS.values()})
PLAIN = "identity"
TIMEOUT_SECONDS = 20
AT_ONCE = 8


class UnverifiableError(Exception):
    """There is nothing to verify by: no manifest, or one that cannot be trusted. Says why."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What differs from the manifest, each list sorted. `complete` is False where unknown files cannot be listed."""

    release: str
    made_at: str
    files: int
    signed: bool
    missing: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    complete: bool = True

    @property
    def whole(self) -> bool:
        return not (self.missing or self.changed or self.extra)


def public_manifest(manifest: Manifest) -> bytes:
    """What a mirror carries: each public file with its hash, size and type. Nothing of the machine that made it, and
    nothing that a build notes for itself. The same manifest gives the same bytes."""
    files = {
        path: {"sha256": entry.sha256, "size": entry.size, "type": entry.media_type}
        for path, entry in sorted(manifest.files.items())
    }
    content = {
        "format": FORMAT,
        "release": manifest.release,
        "made_at": manifest.made_at,
        "base_url": manifest.base_url,
        "redirects": dict(sorted(manifest.redirects.items())),
        "files": files,
    }
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def read_public_manifest(content: bytes) -> Manifest:
    """The manifest in the bytes that a mirror carries. Raises UnverifiableError."""
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise ValueError(f"its format is {data['format']!r}, not {FORMAT!r}")
        files = {
            path: FileEntry(str(entry["sha256"]), int(entry["size"]), str(entry["type"]))
            for path, entry in data["files"].items()
        }
        return Manifest(
            release=str(data["release"]),
            made_at=str(data["made_at"]),
            base_url=str(data["base_url"]),
            encodings=(),
            files=files,
            redirects=dict(data["redirects"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{CARRIED_MANIFEST} is no manifest of a release ({error})."
        raise UnverifiableError(message) from error


def trusted(content: bytes | None, signature: bytes | None, public: str) -> tuple[Manifest, bool]:
    """The manifest, and whether its signature was checked. With a public key, a manifest that is unsigned or signed
    by another raises UnverifiableError; so does a manifest that is missing. Raises KeyUnusableError."""
    if content is None:
        message = (
            f"There is no {CARRIED_MANIFEST}. A mirror has it once all of it was sent for the first time. To verify "
            "the site itself, give its manifest: --manifest RELEASES/current/manifest.json."
        )
        raise UnverifiableError(message)
    if public:
        if signature is None:
            raise UnverifiableError("The manifest is not signed, and a public key was given to check it by.")
        if not signing.is_signed(content, signature.decode("ascii", "replace").strip(), public):
            raise UnverifiableError(
                "The manifest is not signed by the holder of this public key. Trust nothing of this copy until it "
                "is known who wrote it."
            )
    return read_public_manifest(content), bool(public)


def verify_release(folder: Path) -> Findings:
    """A release as a build wrote it (`manifest.json` beside `public/`). Raises OSError, ValueError for its manifest."""
    manifest = Manifest.load(folder / "manifest.json")
    return verify_files(manifest, folder / "public", signed=False, siblings=True)


def verify_mirror(folder: Path, public: str = "") -> Findings:
    """A folder that a mirror was written to, or a copy of one. Raises UnverifiableError, KeyUnusableError, OSError."""

    def read(path: str) -> bytes | None:
        return (folder / path).read_bytes() if (folder / path).is_file() else None

    manifest, signed = trusted(read(CARRIED_MANIFEST), read(CARRIED_SIGNATURE), public)
    return verify_files(manifest, folder, signed=signed, siblings=False)


def verify_copy(folder: Path, manifest: Manifest) -> Findings:
    """The public files in `folder` against a release's manifest; they need no compressed copies. Raises OSError."""
    return verify_files(manifest, folder, signed=False, siblings=False)


def verify_files(manifest: Manifest, public: Path, *, signed: bool, siblings: bool) -> Findings:
    """The files below `public` against the manifest; with `siblings` it must name the compressed copies too."""
    missing: list[str] = []
    changed: list[str] = []
    named = set(manifest.paths()) if siblings else set(manifest.files)
    for path, entry in manifest.files.items():
        wrong = _judge(entry, _read(public / path))
        if wrong is not None:
            (missing if wrong == "missing" else changed).append(path)
    for path in named - manifest.files.keys():
        if not (public / path).is_file():
            missing.append(path)
    extra = []
    for path in _files(public):
        if path in manifest.files or path in CARRIED:
            continue
        plain, encoding = _plain(path)
        if plain in manifest.files and (path in named or not siblings):
            if _judge(manifest.files[plain], decoded((public / path).read_bytes(), encoding)) is not None:
                changed.append(path)
        else:
            extra.append(path)
    return Findings(
        manifest.release,
        manifest.made_at,
        len(manifest.files),
        signed,
        sorted(missing),
        sorted(changed),
        sorted(extra),
    )


def verify_url(address: str, public: str = "", manifest: Manifest | None = None) -> Findings:
    """A site at an http(s) address, file by file and for texts in each encoding that a browser takes, against the
    manifest that it carries or the one given. What else is there no web server tells. Raises UnverifiableError,
    KeyUnusableError, OSError when it does not answer."""
    address = address.rstrip("/")
    signed = False
    if manifest is None:
        try:
            content, signature = (
                _fetch(f"{address}/{path}") for path in (CARRIED_MANIFEST, CARRIED_SIGNATURE)
            )
        except _MovedError as error:
            message = f"{address} redirects elsewhere. Give the address that answers."
            raise UnverifiableError(message) from error
        manifest, signed = trusted(content, signature, public)
    missing: list[str] = []
    changed: list[str] = []

    def judge(item: tuple[str, FileEntry]) -> tuple[str, str | None]:
        path, entry = item
        url = url_for(path)
        try:
            for encoding in (PLAIN, *ENCODINGS) if is_text(entry.media_type) else (PLAIN,):
                if wrong := _judge(entry, _fetch(address + quote_path(url), encoding)):
                    return path, wrong
            return path, None
        except _MovedError:
            # Where the server knows the redirects, it answers before their pages.
            return path, None if redirects.key(url) in manifest.redirects else "changed"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path, wrong in pool.map(judge, manifest.files.items()):
            if wrong is not None:
                (missing if wrong == "missing" else changed).append(path)
    return Findings(
        manifest.release,
        manifest.made_at,
        len(manifest.files),
        signed,
        sorted(missing),
        sorted(changed),
        complete=False,
    )


def _judge(entry: FileEntry, content: bytes | None) -> str | None:
    """Why the bytes are not those of the entry; None when they are."""
    if content is None:
        return "missing"
    if len(content) != entry.size or hashlib.sha256(content).hexdigest() != entry.sha256:
        return "changed"
    return None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if name == SHARED and path.is_symlink() and path.is_dir():
            yield from (f"{name}/{inner}" for inner in _files(path.resolve()))
        elif path.is_symlink() or not path.is_dir():
            yield name


def _plain(path: str) -> tuple[str, str]:
    """The path that a compressed copy is of, and its encoding; the path itself and "" for any other."""
    for encoding, suffix in COMPRESSED_SUFFIXES.items():
        if path.endswith(suffix):
            return path.removesuffix(suffix), encoding
    return path, ""


class _AsAnswered(HTTPRedirectHandler):
    """Follows no redirect: a file is at its own address or it is not."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = build_opener(_AsAnswered)


class _MovedError(Exception):
    """The server redirects from the address."""


def _fetch(url: str, encoding: str = PLAIN) -> bytes | None:
    """The plain bytes at `url` as it is sent to who takes the `encoding`; None for 404 or 403 (which object stores
    answer to strangers). Raises OSError."""
    if not url.startswith(("http://", "https://")):
        message = f"{url!r} is no http(s) address."
        raise OSError(message)
    try:
        request = Request(url, headers={"Accept-Encoding": encoding})  # noqa: S310
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return decoded(answer.read(), answer.headers.get("Content-Encoding", ""))
    except HTTPError as error:
        if error.code in {403, 404}:
            return None
        if error.code in {301, 302, 307, 308}:
            raise _MovedError from error
        message = f"{url} answers {error.code} {error.reason}"
        raise OSError(message) from error
    except (URLError, HTTPException, TimeoutError) as error:
        message = f"{url} does not answer: {getattr(error, 'reason', error)}"
        raise OSError(message) from error
