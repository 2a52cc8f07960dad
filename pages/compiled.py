"""Templates that one process has compiled, for those that start after it."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket

from generator.version import code_version

logger = logging.getLogger(__name__)

KEPT = 3
"""Versions of the code whose templates stay: a deployment may be undone, and tests run beside a server."""


VERSION = re.compile(r"[0-9a-f]{64}")
"""What `code_version` looks like."""


class CompiledTemplates(jinja2.BytecodeCache):
    """Jinja2's cache in `root`, a folder for each version of the code, since what templates become depends on it.

    Jinja2 has one of its own; but it trusts what it reads, and a file that a power cut has torn could end the process.
    Here a digest stands before what is kept. Where nothing can be read or written, templates are compiled each time.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def folder(self) -> Path:
        return self._root / code_version()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            data = (self.folder / bucket.key).read_bytes()
        except OSError:
            return
        size = hashlib.sha256().digest_size
        if hashlib.sha256(data[size:]).digest() == data[:size]:
            bucket.bytecode_from_string(data[size:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        data = bucket.bytecode_to_string()
        try:
            if not self.folder.is_dir():
                self._begin()
            descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=".")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(hashlib.sha256(data).digest() + data)
                Path(temporary).replace(self.folder / bucket.key)
            except BaseException:
                with suppress(OSError):
                    Path(temporary).unlink()
                raise
        except OSError as error:
            logger.info("The compiled template could not be kept: %s", error)

    def _begin(self) -> None:
        """Make the folder of this version, and let those of old ones go."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The root may have been set to a folder with something else in it.
        versions = [folder for folder in self._root.iterdir() if VERSION.fullmatch(folder.name)]
        versions.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
        for old in versions[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
