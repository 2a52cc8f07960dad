"""Ways from the database to files, each in a process of its own: `python -m benchmarks.contenders NAME FOLDER SAMPLE`.

Prints one JSON object: seconds of starting, of the work, of each phase of it, documents, their bytes, resident memory.
The environment says which site (benchmarks.sites.environment) and with which settings.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LANGUAGES = ("fr", "nl")


def resident_mb(name: str = "VmRSS", pid: int | str = "self") -> float:
    """A process's memory now, or its peak ("VmHWM"), in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1024
    return 0.0


def processor_seconds() -> float:
    """Processor time of this process and of those it has started and waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class Phases:
    """How long each phase took, by the clock and in processor time, and how much memory the process held then."""

    def __init__(self) -> None:
        self._last = (time.perf_counter(), processor_seconds())
        self.found: dict[str, dict[str, float]] = {}

    def end(self, name: str) -> None:
        now = (time.perf_counter(), processor_seconds())
        self.found[name] = {
            "seconds": now[0] - self._last[0],
            "processor_seconds": now[1] - self._last[1],
            "resident_mb": resident_mb(),
        }
        self._last = now


def vigie(folder: Path, _sample: int) -> dict[str, Any]:
    """A full build into an empty folder: HTML, JSON, feeds, gzip and brotli, synced and switched."""
    from generator import conf
    from generator.build import build
    from generator.targets import ReleaseTarget

    phases = Phases()
    seen: list[int] = []

    def progress(done: int, total: int, _url: str) -> None:
        if not seen:
            phases.end("collect")
        seen.append(done)
        if done == total and "render, hash, compress, write" not in phases.found:
            phases.end("render, hash, compress, write")

    result = build(ReleaseTarget(folder, kept=1), progress=progress, jobs=conf.build_jobs())
    phases.end("attach, sync, switch")
    if result.failures:
        raise SystemExit("\n".join(str(failure) for failure in result.failures[:5]))
    public = folder / "current" / "public"
    html = list(public.rglob("*.html"))
    return {
        "documents": len(html),
        "bytes": sum(path.stat().st_size for path in html),
        "files": result.files,
        "phases": phases.found,
    }


def test_client(folder: Path, sample: int) -> dict[str, Any]:
    """A plain loop: GET each page with Django's test client, write what it answers."""
    from django.conf import settings
    from django.test import Client

    client = Client(SERVER_NAME=settings.ALLOWED_HOSTS[0])

    def make(url: str) -> int:
        response = client.get(url)
        if response.status_code != 200:
            raise SystemExit(f"{url}: {response.status_code}")
        path = folder / url.strip("/") / "index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(response.content)
        return len(response.content)

    return _each(make, [url for page in _pages(sample) for url in page["urls"].values()])


def wagtail_bakery(folder: Path, sample: int) -> dict[str, Any]:
    """wagtail-bakery's view of all published pages, once with each language active: it asks a page for one URL."""
    from django.utils import translation
    from wagtailbakery.views import AllPublishedPagesView

    view = AllPublishedPagesView()
    chosen = [page["id"] for page in _pages(sample)]
    pages = {page.pk: page for page in view.get_queryset().filter(pk__in=chosen)}

    def make(place: tuple[int, str]) -> int:
        page_id, language = place
        with translation.override(language):
            view.build_object(pages[page_id])
            return Path(view.get_build_path(pages[page_id])).stat().st_size

    found = _each(make, [(page_id, language) for page_id in chosen for language in LANGUAGES])
    if not list(folder.rglob("index.html")):
        raise SystemExit(f"wagtail-bakery wrote nothing to {folder}")
    return found


def _pages(sample: int) -> list[dict[str, Any]]:
    """`sample` of the site's pages, evenly spread over its tree."""
    from pages.graph import SiteGraph

    nodes = list(SiteGraph.load())
    step = max(1, len(nodes) // sample)
    return [{"id": node.id, "urls": dict(node.urls)} for node in nodes[::step]]


def _each(make: Callable[[Any], int], items: list[Any]) -> dict[str, Any]:
    """Make each item but the first ten, which warm up."""
    for item in items[:10]:
        make(item)
    phases = Phases()
    size = sum(make(item) for item in items[10:])
    phases.end("render, write")
    return {"documents": len(items) - 10, "bytes": size, "phases": phases.found}


CONTENDERS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "vigie": vigie,
    "test_client": test_client,
    "wagtail_bakery": wagtail_bakery,
}


def main(name: str, folder: str, sample: str) -> None:
    started = time.perf_counter()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site"))
    import django

    django.setup()
    ready = time.perf_counter()
    found = CONTENDERS[name](Path(folder), int(sample))
    found |= {
        "start_seconds": ready - started,
        "peak_mb": resident_mb("VmHWM"),
        "peak_mb_of_children": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
