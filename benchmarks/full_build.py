"""A full build of a site against a loop of Django's test client, wagtail-bakery and Hugo, in one run.

Baselines that render with Wagtail are measured on a sample of the pages; their rate is what counts. Ours is measured
whole, with what they leave out: JSON, feeds, gzip and brotli, sync and switch. Pictures are made before anything is
measured. Processor time holds on a busy machine; the clock also shows what a second core gives.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import hugo, sites
from benchmarks.reporting import Report

PACKAGES = sites.PROJECT / "var" / "bench" / "packages"
"""Where bin/bench puts wagtail-bakery."""
NAMES = {
    "vigie": "Vigie",
    "test_client": "Django's test client",
    "wagtail_bakery": "wagtail-bakery",
    "hugo": "Hugo",
    "hugo_gzip": "Hugo, then gzip",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pages", type=int, default=1000, metavar="N", help="the size of the site")
    parser.add_argument(
        "--sample", type=int, default=150, metavar="N", help="pages of it that baselines render"
    )


def run(*, pages: int = 1000, sample: int = 150) -> Report:
    folder = sites.prepare(pages)
    environment = {**os.environ, **sites.environment(folder, os.environ["DATABASE_URL"])}
    environment["PYTHONPATH"] = os.pathsep.join([str(sites.PROJECT / "site"), str(PACKAGES)])
    environment["LOG_LEVEL"] = "ERROR"
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(prefix="vigie-bench-", dir=sites.SITES.parent) as temporary:
        scratch = Path(temporary)
        warm = folder / "pictures-made"
        if not warm.exists():
            _contend("vigie", scratch / "warm", sample, environment)
            warm.touch()
        found["vigie"] = _contend("vigie", scratch / "vigie", sample, environment)
        rendering = {**environment, "DJANGO_SETTINGS_MODULE": "benchmarks.settings_rendering"}
        found["test_client"] = _contend("test_client", scratch / "client", sample, rendering)
        if (PACKAGES / "wagtailbakery").is_dir():
            rendering["BUILD_DIR"] = str(scratch / "bakery")
            found["wagtail_bakery"] = _contend("wagtail_bakery", scratch / "bakery", sample, rendering)
        else:
            print("SKIPPED wagtail-bakery: it is not installed. Run bin/bench.", file=sys.stderr)
        if built := hugo.run(scratch / "vigie" / "current" / "public", scratch / "hugo"):
            found["hugo"], found["hugo_gzip"] = built
        else:
            print("SKIPPED Hugo: it is not installed. Run: sudo apt-get install hugo", file=sys.stderr)
    columns = [
        "", "documents", "KB each", "s", "documents/s", "Vigie is", "processor ms each", "Vigie is", "peak MB",
    ]  # fmt: skip
    ours = _rates(found["vigie"])
    rows = [_row(name, each, ours) for name, each in found.items()]
    rows += [
        [f"  {phase}", "", "", f"{cost['seconds']:.2f}", "", "", "", "", f"{cost['resident_mb']:.0f}"]
        for phase, cost in found["vigie"]["phases"].items()
    ]
    return Report("full_build", columns, rows, {"pages": pages, "sample": sample}, found)


def _contend(name: str, folder: Path, sample: int, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.contenders", name, str(folder), str(sample)]
    done = subprocess.run(
        command, env=environment, cwd=sites.PROJECT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{NAMES[name]} failed; see above.")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found |= {
        unit: sum(phase[unit] for phase in found["phases"].values())
        for unit in ("seconds", "processor_seconds")
    }
    return found


def _rates(found: dict[str, Any]) -> tuple[float, float]:
    """Documents a second, by the clock and of processor time."""
    return found["documents"] / found["seconds"], found["documents"] / found["processor_seconds"]


def _row(name: str, found: dict[str, Any], ours: tuple[float, float]) -> list[str]:
    rates = _rates(found)
    peak = max(found["peak_mb"], found.get("peak_mb_of_children", 0))
    return [
        NAMES[name],
        f"{found['documents']:,}",
        f"{found['bytes'] / found['documents'] / 1000:.1f}",
        f"{found['seconds']:.2f}",
        f"{rates[0]:.0f}",
        f"{ours[0] / rates[0]:.1f} ×",
        f"{1000 / rates[1]:.2f}",
        f"{ours[1] / rates[1]:.1f} ×",
        f"{peak:.0f}",
    ]
