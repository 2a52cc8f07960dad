"""One page from nginx, from gunicorn with the release (WhiteNoise), and rendered by Wagtail under gunicorn.

The same page on the same machine, one after the other, asked for by wrk over loopback with gzip accepted. The first two
are served while no database can be reached: a request that needed one would fail, and a failed request ends the run.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks import sites
from benchmarks.reporting import Report

NO_DATABASE = "postgres://nobody@127.0.0.1:9/none"
CONNECTIONS = 8
PATIENCE_SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--pages", type=int, default=100, metavar="N", help="the size of the site")
    parser.add_argument("--seconds", type=int, default=5, metavar="N", help="how long each is asked")


def run(*, pages: int = 100, seconds: int = 5) -> Report:
    """Raises SystemExit where wrk or nginx is missing, or a server answers anything but the page."""
    wrk = shutil.which("wrk")
    if not wrk:
        raise SystemExit("wrk is missing. Install it: sudo apt-get install wrk")
    folder = sites.prepare(pages)
    url, releases = _release()
    from tests.deploy import nginx

    environment = {**os.environ, **sites.environment(folder, os.environ["DATABASE_URL"])}
    environment["PYTHONPATH"] = str(sites.PROJECT)
    found: dict[str, dict[str, float]] = {}
    with nginx.serving(folder / "nginx", releases, folder) as server:
        found["nginx"] = _ask(wrk, f"http://127.0.0.1:{server.port}{url}", seconds)
    with _gunicorn({**environment, "DATABASE_URL": NO_DATABASE}, url) as address:
        found["gunicorn, release"] = _ask(wrk, address, seconds)
    rendering = {**environment, "DJANGO_SETTINGS_MODULE": "benchmarks.settings_rendering"}
    with _gunicorn(rendering, url) as address:
        found["gunicorn, Wagtail"] = _ask(wrk, address, seconds)
    slowest = found["gunicorn, Wagtail"]["requests_a_second"]
    rows = [
        [
            name,
            f"{each['requests_a_second']:,.0f}",
            f"{each['requests_a_second'] / slowest:,.1f} ×",
            f"{each['median_ms']:.2f}",
            f"{each['p99_ms']:.2f}",
            "asked" if "Wagtail" in name else "away",
        ]
        for name, each in found.items()
    ]
    columns = ["", "requests/s", "of Wagtail's", "median ms", "p99 ms", "database"]
    return Report("serving", columns, rows, {"pages": pages, "seconds": seconds, "url": url}, found)


def _release() -> tuple[str, Path]:
    """A page's URL, and where the site's live release is. The site is built if it is not."""
    from django.core.management import call_command

    from generator import conf
    from pages.graph import SiteGraph

    call_command("build", verbosity=0, stdout=sys.stderr)
    return SiteGraph.load().of_type("news.newspage")[-1].urls["fr"], conf.releases_root()


@contextlib.contextmanager
def _gunicorn(environment: Mapping[str, str], url: str) -> Iterator[str]:
    """gunicorn as it is shipped, on a free port; the page's address on it."""
    from tests.deploy.nginx import free_port

    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "site/deploy/gunicorn.conf.py"]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "error", "config.wsgi"],
        env=dict(environment),
        cwd=sites.PROJECT,
    )
    address = f"http://127.0.0.1:{port}{url}"
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with urlopen(address, timeout=PATIENCE_SECONDS) as answer:
                    answer.read()
                break
            except URLError as error:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise SystemExit(f"gunicorn does not answer at {address}: {error}") from error
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _ask(wrk: str, address: str, seconds: int) -> dict[str, float]:
    """What wrk measured, after a second of warming up."""
    command = [wrk, "--threads", "1", "--connections", str(CONNECTIONS), "--latency"]
    command += ["--timeout", f"{PATIENCE_SECONDS}s", "--header", "Accept-Encoding: gzip"]
    subprocess.run([*command, "--duration", "1s", address], capture_output=True, check=True)
    told = subprocess.run(
        [*command, "--duration", f"{seconds}s", address], capture_output=True, text=True, check=True
    ).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"{address} did not answer every request:\n{told}")
    found: dict[str, Any] = {"requests_a_second": float(re.findall(r"Requests/sec:\s+([\d.]+)", told)[0])}
    for name, share in (("median_ms", 50), ("p99_ms", 99)):
        value, unit = re.findall(rf"\s{share}%\s+([\d.]+)(us|ms|s)\b", told)[0]
        found[name] = float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return found
