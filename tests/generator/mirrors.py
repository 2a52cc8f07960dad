"""Mirrors for tests: object storage served on loopback by moto, and rsync to a folder by way of a shell that stands for
ssh: it leaves out the host, and runs the other side here."""

import gzip
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from generator.mirrors.places import Place, parse
from generator.mirrors.stores import S3Store, Store, store_of

BUCKET = "vigie"
HOST = "mirror.example"
SHELL = """#!/bin/sh
{before}
while [ "$1" != {host} ]; do shift; done
shift
exec sh -c "$*"
"""


def needs_rsync() -> None:
    """A visible skip where rsync is missing; a failure in CI."""
    if shutil.which("rsync"):
        return
    if os.environ.get("CI") == "true":
        pytest.fail("rsync is missing, which is a failure in CI.", pytrace=False)
    pytest.skip("rsync is missing. Install it: sudo apt-get install rsync")


def shell(folder: Path, before: str = "", name: str = "ssh") -> Path:
    """A command in the place of ssh that does `before` first."""
    path = folder / name
    path.write_text(SHELL.format(before=before, host=HOST))
    path.chmod(0o755)
    return path


@dataclass(frozen=True)
class Mirror:
    """A place, and what lies there: plain bytes by path, the compressed copies aside."""

    place: Place
    content: Callable[[], dict[str, bytes]]

    @property
    def store(self) -> Store:
        return store_of(self.place)


def rsync_mirror(tmp_path: Path, before: str = "") -> Mirror:
    folder = tmp_path / "behind ssh"

    def content() -> dict[str, bytes]:
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        return {
            name: path.read_bytes()
            for name, path in files.items()
            if not (name.endswith((".gz", ".br")) and name[:-3] in files)
        }

    command = shell(tmp_path, before)
    return Mirror(parse(f"rsync://{HOST}{str(folder).replace(' ', '%20')}?ssh={command}"), content)


def s3_mirror(endpoint: str, prefix: str) -> Mirror:
    place = parse(f"s3://{BUCKET}/{prefix}?endpoint_url={endpoint}&region_name=eu-west-1")
    client: Any = S3Store(place).client

    def content() -> dict[str, bytes]:
        found = {}
        for item in client.list_objects_v2(Bucket=BUCKET, Prefix=f"{prefix}/").get("Contents", []):
            answer = client.get_object(Bucket=BUCKET, Key=item["Key"])
            body = answer["Body"].read()
            name = item["Key"].removeprefix(f"{prefix}/")
            found[name] = gzip.decompress(body) if answer.get("ContentEncoding") == "gzip" else body
        return found

    return Mirror(place, content)


class Killed(BaseException):
    """What a process does not survive."""


class Dying:
    """A store whose process is killed before its `left`th change; a put stops in its middle."""

    def __init__(self, store: Store, left: int) -> None:
        self.store, self.left = store, left
        self.read, self.paths = store.read, store.paths
        self.has_copies, self.has_maps = store.has_copies, store.has_maps

    def _live(self, amount: int) -> int:
        alive = min(self.left, amount)
        self.left -= amount
        return alive

    def put(self, folder: Path, files: Any) -> None:
        alive = self._live(len(files))
        self.store.put(folder, files[:alive])
        if alive < len(files):
            raise Killed

    def delete(self, paths: Any) -> None:
        listed = sorted(paths)
        alive = self._live(len(listed))
        self.store.delete(listed[:alive])
        if alive < len(listed):
            raise Killed


class Remembering(Dying):
    """Remembers what was written, in order."""

    def __init__(self, store: Any) -> None:
        super().__init__(store, sys.maxsize)
        self.written: list[str] = []

    def put(self, folder: Path, files: Any) -> None:
        self.written += [file.path for file in files]
        super().put(folder, files)

    def delete(self, paths: Any) -> None:
        self.written += [f"-{path}" for path in sorted(paths)]
        super().delete(paths)
