"""The index of the site's search, made by Pagefind from the pages of a release.

The index is part of the release, so that it is switched, mirrored and gone back from with it. It is made after the
release is live and holds nothing back. A release takes over the index of the one before it as long as every page that
the index knows still says the same; else it has none for a moment, so that nothing that was taken away can be found.
A page is searched where it has an element with `data-pagefind-body` (https://pagefind.app/docs/indexing/).
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from generator.manifest import FileEntry

FOLDER = "pagefind/"
"""Where the index lies, below the public folder."""
SOURCES = "search.json"
"""What the index was made from, beside the manifest."""
LONGEST_SECONDS = 600
UNUSED = ("pagefind-component-ui", "pagefind-highlight", "pagefind-modular-ui", "pagefind-ui")
"""Files of other ways to show results: this site has its own."""

_SEARCHED = re.compile(rb"<(\w+)[^>]*\sdata-pagefind-body[\s>].*</\1>", re.DOTALL)

Sources = dict[str, tuple[str, str]]
"""For each page by path: the SHA-256 of the file, and that of its searched part ("" where nothing is searched)."""


class SearchError(Exception):
    """The index could not be made; says why. The site does without."""


def searched(page: bytes) -> str:
    """The SHA-256 of what is searched in the page; "" when nothing is."""
    found = _SEARCHED.search(page)
    return hashlib.sha256(found[0]).hexdigest() if found else ""


def sources(public: Path, files: Mapping[str, FileEntry], known: Sources) -> Sources:
    """Of all pages among `files`. What `known` tells of an unchanged file is not read again. Raises OSError."""
    found: Sources = {}
    for path, entry in files.items():
        if not path.endswith(".html"):
            continue
        before = known.get(path)
        unchanged = before is not None and before[0] == entry.sha256
        found[path] = (
            before if unchanged and before else (entry.sha256, searched((public / path).read_bytes()))
        )
    return found


def parts(pages: Sources) -> dict[str, str]:
    """The pages that are searched, with what they say."""
    return {path: part for path, (_file, part) in pages.items() if part}


def may_stay(index_of: Sources, now: Sources) -> bool:
    """Whether an index made from `index_of` tells nothing that `now` does not say."""
    says = parts(now)
    return all(says.get(path) == part for path, part in parts(index_of).items())


def is_complete(index_of: Sources, now: Sources) -> bool:
    """Whether an index made from `index_of` knows all that `now` says, and no more."""
    return parts(index_of) == parts(now)


def load(path: Path) -> Sources:
    """What the index was made from; empty when there is none, or the file cannot be read."""
    try:
        return {name: (file, part) for name, (file, part) in json.loads(path.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def dump(pages: Sources) -> str:
    return json.dumps(pages, separators=(",", ":"))


def make(public: Path, output: Path) -> list[str]:
    """Write the index of `public` to `output`; the paths of its files, relative to it.

    Raises SearchError when Pagefind fails, is missing or takes too long.
    """
    command = [
        sys.executable,
        "-m",
        "pagefind",
        "--site",
        str(public),
        "--output-path",
        str(output),
        "--silent",
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program; the paths are ours
            command, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"The search index of {public} could not be made: {error}"
        raise SearchError(message) from error
    if done.returncode != 0:
        message = f"Pagefind could not index {public} (exit status {done.returncode}): {done.stderr.strip()}"
        raise SearchError(message)
    names = (path.relative_to(output).as_posix() for path in sorted(output.rglob("*")) if path.is_file())
    return [name for name in names if not name.startswith(UNUSED)]
