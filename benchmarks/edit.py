"""One ordinary edit, from the commit of its publication to the new release being live, at several sizes of the site.

The worker runs as it does on a server, in a process of its own, and is warm: it has built before, and the copies with
which a build begins are there. Its waiting for work counts. The editor's process changes the text of a plain page,
publishes it, and watches the link to the live release.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import sites
from benchmarks.reporting import Report

SIZES = (100, 1000)
WARMING_EDITS = 5
"""As many as releases are kept: from then on the one that is dropped becomes the next one, and nothing has to be copied
as a whole."""
PATIENCE_SECONDS = 600
LOOK_SECONDS = 0.001


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=list(SIZES), metavar="N", help="pages of each site"
    )
    parser.add_argument("--edits", type=int, default=20, metavar="N", help="edits of each site")


def run(*, sizes: list[int] | None = None, edits: int = 20) -> Report:
    found: dict[str, list[float]] = {}
    for pages in sizes or SIZES:
        # Each in a process of its own, since Django is set up on one site.
        command = [sys.executable, "-m", "benchmarks.edit", str(pages), str(edits)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"The edits of the site of {pages} pages failed; see above.")
        found[str(pages)] = json.loads(done.stdout.splitlines()[-1])
    rows = [
        [
            f"{int(pages):,}",
            *(f"{value * 1000:,.0f}" for value in (min(times), statistics.median(times), _p99(times))),
        ]
        for pages, times in found.items()
    ]
    columns = ["pages", "fastest ms", "median ms", "p99 ms"]
    return Report("edit", columns, rows, {"edits": edits}, found)


def _p99(times: list[float]) -> float:
    """The slowest where there are fewer than a hundred."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.99))]


def main(pages: int, edits: int) -> None:
    folder = sites.prepare(pages)
    from generator import outbox
    from generator.targets import ReleaseTarget

    releases = folder / "releases"
    target = ReleaseTarget(releases)
    with _worker(folder):
        times = []
        for number in range(WARMING_EDITS + edits):
            deadline = time.monotonic() + PATIENCE_SECONDS
            while number < WARMING_EDITS and not (outbox.is_idle() and target.is_prepared()):
                _heed(deadline)
                time.sleep(0.1)
            times.append(_edit(number, releases))
    sys.stdout.write(json.dumps(times[WARMING_EDITS:]) + "\n")


def _edit(number: int, releases: Path) -> float:
    """Seconds from the commit to the new release."""
    from django.db import transaction

    from generator import outbox
    from generator.targets import current_release
    from home.models import StandardPage

    plain = StandardPage.objects.filter(slug_fr__startswith="conseil-", depth=4).order_by("path")
    page: Any = plain[number % plain.count()]
    blocks = [dict(block) for block in page.body.raw_data]
    blocks[0]["value"] = {
        **blocks[0]["value"],
        "text_fr": f"<p>Édition {number}, {time.time_ns()}.</p>",
        "text_nl": f"<p>Uitgave {number}, {time.time_ns()}.</p>",
    }
    page.body = page._meta.get_field("body").to_python(blocks)
    before = current_release(releases)
    with transaction.atomic():
        page.save_revision().publish()
    committed = time.perf_counter()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while current_release(releases) == before:
        _heed(deadline)
        time.sleep(LOOK_SECONDS)
    live = time.perf_counter() - committed
    while not outbox.is_idle():
        _heed(deadline)
        time.sleep(0.05)
    return live


def _heed(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise SystemExit(f"Nothing new became live in {PATIENCE_SECONDS} seconds.")


@contextlib.contextmanager
def _worker(folder: Path) -> Iterator[None]:
    environment = {**os.environ, **sites.environment(folder, os.environ["DATABASE_URL"])}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], env=environment, cwd=sites.PROJECT, stdout=sys.stderr
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
