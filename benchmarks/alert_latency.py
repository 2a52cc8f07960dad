"""From the approval of an alert to the file, the JSON and an open page that show it.

The real parts: a worker builds, gunicorn serves the release, Chromium keeps a page of the site open and polls. The
clock starts when the officer who approves presses the button, so the transaction counts. An alert is ended, and the
worker left to prepare for the next release, before the next one. How long an open page takes is mostly how long it
waits between two looks (static/js/alerts.js).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks import sites
from benchmarks.contenders import resident_mb
from benchmarks.reporting import Report
from generator.lifeline import end_with

HOST = "127.0.0.1"
PATIENCE_SECONDS = 900.0
LOOK_SECONDS = 0.005
LOOK_EVERY_SECONDS = 10.0
"""How often an open page looks (static/js/alerts.js)."""
SMALLEST_DEMO = 50
MOMENTS = ("transaction", "file", "JSON", "band", "open page")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--pages", type=int, nargs="+", default=[10, 1000], metavar="N", help="the sizes of the sites"
    )
    parser.add_argument("--alerts", type=int, default=10, metavar="N", help="how many alerts on each site")
    parser.add_argument(
        "--open",
        type=int,
        default=5,
        metavar="N",
        help="how many of them an open page is watched for (0: none)",
    )
    parser.add_argument(
        "--at-once",
        action="store_true",
        help="send the next alert as soon as the one before is over, while the worker still prepares for it",
    )


def run(*, pages: list[int] | None = None, alerts: int = 10, open: int = 5, at_once: bool = False) -> Report:
    sizes = pages or [10, 1000]
    rows: list[list[str]] = []
    details: dict[str, Any] = {}
    for size in sizes:
        # Django is set up once a process: each size has its own.
        numbers = (size, alerts, open, int(not at_once))
        command = [sys.executable, "-m", "benchmarks.alert_latency", *map(str, numbers)]
        done = subprocess.run(command, cwd=sites.PROJECT, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"The site of {size} pages could not be measured; see above.")
        found = json.loads(done.stdout.splitlines()[-1])
        details[str(size)] = found
        rows += [
            _row(size, moment, found["seconds"][moment]) for moment in MOMENTS if found["seconds"][moment]
        ]
        if held := found["worker_mb"]:
            rows.append([f"  the worker holds {held[0]:.0f} MB, then {held[-1]:.0f}", "", "", "", ""])
    columns = ["", "alerts", "median s", "p99 s", "longest s"]
    options = {"pages": sizes, "alerts": alerts, "open": open, "at_once": at_once}
    return Report("alert_latency", columns, rows, options, details)


def _row(size: int, moment: str, seconds: list[float]) -> list[str]:
    ordered = sorted(seconds)
    # The nearest rank: with fewer than a hundred alerts, the longest.
    worst = ordered[math.ceil(len(ordered) * 0.99) - 1]
    return [
        f"{size:,} pages: {moment}",
        str(len(ordered)),
        f"{statistics.median(ordered):.2f}",
        f"{worst:.2f}",
        f"{ordered[-1]:.2f}",
    ]


def measure(size: int, alerts: int, watched: int, rests: bool) -> dict[str, Any]:
    """Seconds after the approval, by moment. To be called once a process."""
    folder = sites.prepare(size) if size >= SMALLEST_DEMO else _prepare_small(size)
    _grow_with_alerts()
    current = folder / "releases" / "current" / "public"
    found: dict[str, list[float]] = {moment: [] for moment in MOMENTS}
    from generator import outbox

    index, plain = _addresses()
    memory: list[float] = []
    with _process("manage.py", "worker") as worker, _server() as address:
        # What an older version of the code has made is made again first.
        outbox.request_build("benchmark")
        _wait_until(_is_at_rest, "the first build")
        _wait_until(_is_prepared, "the copies of the release")
        with _open_page(address) if watched else contextlib.nullcontext() as page:
            for number in range(alerts):
                seconds = _one(current, index, plain, page if number < watched else None, rests=rests)
                for moment, taken in seconds.items():
                    found[moment].append(taken)
                memory.append(round(resident_mb(pid=worker.pid), 1))
                said = f"{size} pages, alert {number + 1}: {seconds}, worker {memory[-1]:.0f} MB"
                print(said, file=sys.stderr)
    return {"seconds": found, "worker_mb": memory}


def _prepare_small(size: int) -> Path:
    """A site of plain pages, made anew: the demonstration has more than `size`. Its folder."""
    folder = sites.SITES / f"small-{size}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    sites.use(sites.environment(folder, f"sqlite:///{folder / 'site.sqlite3'}"))
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from wagtail.models import Site

    from home.models import StandardPage

    home = Site.objects.get(is_default_site=True).root_page
    for number in range(size - 2):
        page = StandardPage(
            title_fr=f"Page {number}", title_nl=f"Pagina {number}", slug_fr=f"page-{number}",
            slug_nl=f"pagina-{number}", live=False,
        )  # fmt: skip
        home.add_child(instance=page)
        page.save_revision().publish()
    return folder


def _grow_with_alerts() -> None:
    """The demo's index of alerts and the two people who send one."""
    from wagtail.models import Site

    from alerts.models import AlertIndexPage

    if not AlertIndexPage.objects.filter(live=True).exists():
        home = Site.objects.get(is_default_site=True).root_page
        index = AlertIndexPage(
            title_fr="Alertes", title_nl="Waarschuwingen", slug_fr="alertes", slug_nl="waarschuwingen"
        )
        home.add_child(instance=index)
        index.save_revision().publish()


def _people() -> tuple[Any, Any]:
    from members.models import User

    return tuple(  # type: ignore[return-value]
        User.objects.get_or_create(
            username=f"bench-{name}", defaults={"is_superuser": True, "is_staff": True}
        )[0]
        for name in ("author", "approver")
    )


def _addresses() -> tuple[str, str]:
    """The index of alerts, and an ordinary page far from it."""
    from pages.graph import SiteGraph

    graph = SiteGraph.load()
    index = graph.first("alerts.alertindexpage")
    assert index
    return index.urls["fr"], graph.of_type("home.standardpage")[-1].urls["fr"]


def _one(current: Path, index: str, plain: str, page: Any, *, rests: bool) -> dict[str, float]:
    """Send one alert, and see where it is when; then end it."""
    from django.utils import timezone

    from alerts.lifecycle import Kind
    from alerts.models import AlertIndexPage, AlertPage

    author, approver = _people()
    now = timezone.now()
    slug = f"a{time.time_ns()}"
    name = f"Alerte {slug}"
    alert = AlertPage(
        title_fr=name, title_nl=f"{name} (nl)", slug_fr=slug, slug_nl=slug,
        what_fr="Des coups de feu.", what_nl="Er zijn schoten gehoord.",
        instruction_fr="Restez à l’intérieur.", instruction_nl="Blijf binnen.",
        area_fr="Toute la région", area_nl="Het hele gewest", whole_region=True,
        event="shooting", onset=now, expires=now + timedelta(hours=2), live=False,
    )  # fmt: skip
    AlertIndexPage.objects.get().add_child(instance=alert)
    revision = alert.save_revision(user=author)
    _wait_until(_is_at_rest, "the site to rest")
    if page:
        # An alert comes at any moment between two looks of an open page, not right after one.
        time.sleep(random.uniform(0, LOOK_EVERY_SECONDS))
    started = time.monotonic()
    revision.publish(user=approver)
    seconds = {"transaction": time.monotonic() - started}
    alert = AlertPage.objects.get(pk=alert.pk)
    identifier = alert.chain().last.identifier
    file = current / index.lstrip("/") / slug / "index.html"
    ordinary = current / plain.lstrip("/") / "index.html"
    active = current / "alerts" / "active.json"
    places: dict[str, tuple[Path, str]] = {
        "file": (file, name),
        "JSON": (active, identifier),
        "band": (ordinary, name),
    }
    with ThreadPoolExecutor(len(places)) as pool:
        # All at once: an open page shows an alert before all pages hold it.
        looks = {
            moment: pool.submit(_wait_until, partial(_holds, path, text), f"the {moment}", started)
            for moment, (path, text) in places.items()
        }
        if page:
            page.get_by_role("link", name=name).wait_for(timeout=PATIENCE_SECONDS * 1000)
            seconds["open page"] = time.monotonic() - started
        seconds |= {moment: look.result() for moment, look in looks.items()}
    alert.end(Kind.CANCEL, now=timezone.now(), user=author)
    _wait_until(_is_at_rest, "the end of the alert")
    if rests:
        _wait_until(_is_prepared, "the copies of the release")
    return {moment: round(taken, 3) for moment, taken in seconds.items()}


def _holds(path: Path, text: str) -> bool:
    try:
        return text in path.read_text(encoding="utf-8")
    except OSError:
        return False


def _is_at_rest() -> bool:
    from generator import outbox
    from generator.conf import releases_root
    from generator.targets import current_release

    return current_release(releases_root()) is not None and outbox.is_idle()


def _is_prepared() -> bool:
    """Whether the worker has done what it does between two releases."""
    from generator.conf import releases_root
    from generator.targets import ReleaseTarget

    return ReleaseTarget(releases_root()).is_prepared()


def _wait_until(is_so: Callable[[], bool], what: str, started: float | None = None) -> float:
    """Seconds since `started`. Raises SystemExit after a quarter of an hour."""
    started = started or time.monotonic()
    while not is_so():
        if time.monotonic() - started > PATIENCE_SECONDS:
            raise SystemExit(f"Waited {PATIENCE_SECONDS:.0f} s for {what} in vain.")
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - started


@contextlib.contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    python_path = os.pathsep.join([str(sites.PROJECT / "site"), str(sites.PROJECT)])
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=sites.PROJECT, env=os.environ | {"PYTHONPATH": python_path},
        stdout=subprocess.DEVNULL,
        preexec_fn=partial(end_with, os.getpid()),  # noqa: PLW1509 - Playwright starts later
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def _server() -> Iterator[str]:
    """gunicorn, serving the release; its address."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    with _process("-m", "gunicorn", "--bind", f"{HOST}:{port}", "--log-level", "error", "config.wsgi"):

        def answers() -> bool:
            try:
                connection = HTTPConnection(HOST, port, timeout=5)
                connection.request("GET", "/health/live")
                return connection.getresponse().status == 200
            except OSError:
                return False

        _wait_until(answers, "gunicorn")
        yield f"http://{HOST}:{port}"


@contextlib.contextmanager
def _open_page(address: str) -> Iterator[Any]:
    """The home page in Chromium, as wide as a phone. Django forbids its own calls in the thread that Playwright's loop
    runs in, for the sake of servers; here there is one caller."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    executable = os.environ.get("CHROMIUM", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(executable), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
        page = context.new_page()
        page.goto(f"{address}/fr/")
        yield page
        browser.close()


if __name__ == "__main__":
    size_, alerts_, watched_, rests_ = map(int, sys.argv[1:])
    print(json.dumps(measure(size_, alerts_, watched_, bool(rests_))))
