"""What a mirror can do, whatever it is: read, put, delete, list. Paths are those of the release's public files."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from generator import headers
from generator.documents import COMPRESSED_SUFFIXES, url_for
from generator.manifest import FileEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.mirrors.places import Place

AT_ONCE = 8
DELETED_AT_ONCE = 1000
"""As many as S3's DeleteObjects takes."""
CONNECT_SECONDS, READ_SECONDS = 5, 60
GZIPPED = ("text/html", "text/css", "text/javascript", "image/svg+xml")
"""What browsers read goes into object storage as gzip, which all of them ask for. Data that programs read goes in
plain, since the storage would send gzip also to those that did not ask for it."""
LAST_LINES = 3


class MirrorError(Exception):
    """A mirror could not be read or written; says why, in the words of its server."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to put: its path on the mirror, its entry in the manifest, if it is in it, and the names of all compressed
    copies that an earlier release may have left beside it."""

    path: str
    entry: FileEntry | None = None
    copies: tuple[str, ...] = ()


class Store(Protocol):
    """A mirror. Each method raises MirrorError. `has_copies`: whether compressed copies lie beside their files;
    `has_maps`: whether an nginx may read its maps there."""

    has_copies: bool
    has_maps: bool

    def read(self, path: str) -> bytes | None:
        """A small file; None when there is none."""

    def put(self, folder: Path, files: Sequence[File]) -> None:
        """Write files from where they lie below `folder`, in any order; each in one step. Those of their copies that do
        not lie there are deleted. No file is newer than a copy beside it at any moment."""

    def delete(self, paths: Iterable[str]) -> None:
        """Delete files; one that is gone already is no error."""

    def paths(self) -> set[str]:
        """Every file there."""


def store_of(place: Place) -> Store:
    return S3Store(place) if place.kind == "s3" else RsyncStore(place)


class S3Store:
    """A bucket, or a folder in one. An object has the name of its file; compressed copies have none of their own."""

    has_copies = has_maps = False

    def __init__(self, place: Place) -> None:
        import boto3
        from botocore.config import Config

        self.bucket = place.host
        self.prefix = f"{place.folder}/" if place.folder else ""
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 3},
            max_pool_connections=AT_ONCE,
            # Checksums that only Amazon's own storage knows.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        with self._naming_errors():
            self.client: Any = boto3.session.Session().client("s3", config=config, **place.options)

    def read(self, path: str) -> bytes | None:
        with self._naming_errors():
            try:
                answer = self.client.get_object(Bucket=self.bucket, Key=self.prefix + path)
            except self.client.exceptions.NoSuchKey:
                return None
            content: bytes = answer["Body"].read()
            return content

    def put(self, folder: Path, files: Sequence[File]) -> None:
        self._all(lambda file: self._put(folder, file), files)

    def _put(self, folder: Path, file: File) -> None:
        source, extra = folder / file.path, object_headers(file)
        if "ContentEncoding" in extra:
            source = source.with_name(source.name + COMPRESSED_SUFFIXES["gzip"])
        with source.open("rb") as body:
            self.client.put_object(Bucket=self.bucket, Key=self.prefix + file.path, Body=body, **extra)

    def delete(self, paths: Iterable[str]) -> None:
        keys = [{"Key": self.prefix + path} for path in sorted(paths)]
        with self._naming_errors():
            for start in range(0, len(keys), DELETED_AT_ONCE):
                chunk = {"Objects": keys[start : start + DELETED_AT_ONCE], "Quiet": True}
                answer = self.client.delete_objects(Bucket=self.bucket, Delete=chunk)
                if errors := answer.get("Errors"):
                    message = f"{errors[0].get('Key')} cannot be deleted: {errors[0].get('Message')}"
                    raise MirrorError(message)

    def paths(self) -> set[str]:
        with self._naming_errors():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=self.prefix
            )
            return {
                item["Key"].removeprefix(self.prefix) for page in pages for item in page.get("Contents", ())
            }

    def _all(self, call: Callable[[File], None], files: Sequence[File]) -> None:
        with self._naming_errors(), ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [pool.submit(call, file) for file in files]
            try:
                for each in waiting:
                    each.result()
            except BaseException:
                for each in waiting:
                    each.cancel()
                raise

    @contextmanager
    def _naming_errors(self) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            message = f"Object storage {self.bucket!r}: {error}"
            raise MirrorError(message) from error


def object_headers(file: File) -> Mapping[str, str]:
    """What `put_object` takes of a file's headers. The others (content security policy) are for the CDN in front to
    add: object storage cannot send them."""
    if file.entry is None:
        return {"ContentType": "application/json", "CacheControl": headers.NEVER}
    wanted = headers.for_file(url_for(file.path), file.entry.media_type, file.entry.headers)
    named = {
        "ContentType": "Content-Type",
        "CacheControl": "Cache-Control",
        "ContentLanguage": "Content-Language",
        "ContentDisposition": "Content-Disposition",
    }
    taken = {parameter: wanted[name] for parameter, name in named.items() if name in wanted}
    if "gzip" in file.entry.encodings and file.entry.media_type.startswith(GZIPPED):
        taken["ContentEncoding"] = "gzip"
    return taken


class RsyncStore:
    """A folder behind SSH, or of this machine, with the compressed copies and the maps, for a web server that sends
    those and reads these."""

    has_copies = has_maps = True

    def __init__(self, place: Place) -> None:
        folder = place.folder.rstrip("/") + "/"
        self.destination = f"{place.host}:{folder}" if place.host else folder
        shell = shlex.split(place.options.get("ssh", "ssh"))
        shell += ["-o", "BatchMode=yes", "-o", f"ConnectTimeout={CONNECT_SECONDS}"]
        if place.port:
            shell += ["-p", str(place.port)]
        if identity := place.options.get("identity"):
            shell += ["-i", identity]
        self.shell = shlex.join(shell)

    def read(self, path: str) -> bytes | None:
        with tempfile.TemporaryDirectory(prefix="vigie-mirror-") as folder:
            target = Path(folder) / "file"
            try:
                self._run(["--links", self.destination + path, str(target)])
            except _NothingThereError:
                return None
            return target.read_bytes()

    def put(self, folder: Path, files: Sequence[File]) -> None:
        # What changed is known: two files of one size and second may differ.
        options = ["--times", "--chmod=D755,F644", "--ignore-times", "--mkpath", "--files-from=-", "--from0"]
        folders = [f"{folder}/", self.destination]
        # Copies first, also those to delete: most browsers are sent one, and a run may be killed in between.
        if copies := [copy for file in files for copy in file.copies]:
            self._run([*options, "--delete-missing-args", *folders], copies)
        self._run([*options, *folders], [file.path for file in files])

    def delete(self, paths: Iterable[str]) -> None:
        names = [path + suffix for path in paths for suffix in ("", *COMPRESSED_SUFFIXES.values())]
        with tempfile.TemporaryDirectory(prefix="vigie-mirror-") as empty:
            for parent in {Path(empty, name).parent for name in names}:
                parent.mkdir(parents=True, exist_ok=True)
            options = ["--dirs", "--delete-missing-args", "--existing", "--files-from=-", "--from0"]
            self._run([*options, f"{empty}/", self.destination], names)

    def paths(self) -> set[str]:
        with tempfile.TemporaryDirectory(prefix="vigie-mirror-") as empty:
            options = ["--recursive", "--dry-run", "--8-bit-output", "--out-format=%n"]
            try:
                listed = self._run([*options, self.destination, f"{empty}/"])
            except _NothingThereError:
                return set()
        names = {name for name in listed.splitlines() if name and not name.endswith("/")}
        copies = {
            name
            for name in names
            for suffix in COMPRESSED_SUFFIXES.values()
            if name.removesuffix(suffix) in names - {name}
        }
        return names - copies

    def _run(self, arguments: Sequence[str], names: Iterable[str] = ()) -> str:
        command = ["rsync", f"--timeout={READ_SECONDS}", f"--rsh={self.shell}", *arguments]
        try:
            done = subprocess.run(  # noqa: S603
                command, input="\0".join(names).encode(), capture_output=True, check=False
            )
        except FileNotFoundError as error:
            raise MirrorError(
                "rsync is missing on this machine. Install it: apt-get install rsync"
            ) from error
        if done.returncode == 0:
            return done.stdout.decode(errors="replace")
        told = done.stderr.decode(errors="replace").strip().splitlines()
        if done.returncode == NOTHING_THERE and any("No such file or directory" in line for line in told):
            raise _NothingThereError(" ".join(told[-LAST_LINES:]))
        message = (
            f"rsync to {self.destination} ended with status {done.returncode}: {' '.join(told[-LAST_LINES:])}"
        )
        raise MirrorError(message)


NOTHING_THERE = 23
"""rsync's status when some files could not be read."""


class _NothingThereError(MirrorError):
    """What should be read is not there."""
