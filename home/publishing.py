"""What the site publishes besides its pages: language choice, error pages, icons, service worker."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from django.contrib.staticfiles import finders

from generator import registry
from generator.documents import Document
from home.models import NUMBERS_PAGE, SiteSettings
from pages.graph import SiteGraph
from pages.jinja import static
from pages.languages import LANGUAGES, REGIONAL
from pages.rendering import Rendering, Run, render_template
from pages.storage import smaller_script

SERVICE_WORKERS = {"/sw.js": ("js/sw.js",), "/sw-push.js": ("js/sw-push.js", "js/sw.js")}
"""The second is for devices with notifications, so that the first stays small: every visitor loads it."""
ERROR_PAGES = ("404", "500", "maintenance")
BOTH = ", ".join(REGIONAL[language] for language in LANGUAGES)


@registry.documents("home")
def documents(context: registry.BuildContext) -> Iterator[Document]:
    """Documents that belong to no page. Each stands in both languages at once."""
    run = Run.of(context)
    graph = run.graph
    headers = {"Content-Language": BOTH}
    yield Document(
        "/",
        partial(standalone, "language_choice.html", run),
        label="language choice",
        headers=headers,
        alternates={**{REGIONAL[language]: f"/{language}/" for language in LANGUAGES}, "x-default": "/"},
        in_sitemap=True,
    )
    for name in ERROR_PAGES:
        yield Document(f"/{name}.html", partial(standalone, f"{name}.html", run), label=name, headers=headers)
    yield Document("/favicon.svg", partial(static_file, "img/favicon.svg"), media_type="image/svg+xml")
    yield Document("/favicon.ico", partial(static_file, "img/favicon.ico"), media_type="image/x-icon")
    yield Document("/site.webmanifest", manifest, media_type="application/manifest+json")
    for url, scripts in SERVICE_WORKERS.items():
        worker = partial(service_worker, graph, scripts)
        yield Document(url, worker, media_type="text/javascript; charset=utf-8")


def standalone(template: str, run: Run) -> str:
    """A page outside the tree, with both languages side by side."""
    return render_template(
        template,
        {
            "rendering": Rendering(None, LANGUAGES[0], run),
            "site": run.once("home.settings", SiteSettings.load),
            "base_url": run.base_url,
            "graph": run.graph,
        },
    )


def static_file(path: str) -> bytes:
    """The bytes of a static file, for an address that may not carry a hash."""
    found = finders.find(path)
    if found is None:
        message = f"There is no static file {path!r}. Put it in static/, or correct the name."
        raise FileNotFoundError(message)
    return Path(found).read_bytes()


def manifest() -> str:
    """The web app manifest. It has one name for both languages, as the language choice has."""
    settings = SiteSettings.load()
    names = list(dict.fromkeys(name for name in (settings.name_fr, settings.name_nl) if name))
    return json.dumps(
        {
            "name": " · ".join(names),
            "short_name": settings.short_name or names[0],
            "start_url": "/",
            # Apple's devices have notifications only for sites that open as an application from the home screen.
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#005f56",
            "icons": [
                {"src": static("img/favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
                {"src": static("img/icon-180.png"), "type": "image/png", "sizes": "180x180"},
            ],
        },
        ensure_ascii=False,
    )


def kept_pages(graph: SiteGraph) -> dict[str, list[str]]:
    """The addresses that the service worker keeps, by language: the home page and the emergency numbers."""
    nodes = [node for node in (graph.root, graph.first(NUMBERS_PAGE)) if node]
    return {language: [node.urls[language] for node in nodes] for language in LANGUAGES}


def service_worker(graph: SiteGraph, scripts: Sequence[str]) -> str:
    """The scripts as one, told what to keep. Its version follows its own text and the style sheet's address, so
    that a device renews what it keeps when either changes."""
    code = "\n".join(smaller_script(static_file(script).decode()) for script in scripts)
    kept = json.dumps(kept_pages(graph), separators=(",", ":"))
    version = hashlib.sha256("\n".join((code, kept, static("css/vigie.css"))).encode()).hexdigest()[:12]
    return f'self.VIGIE = {{ kept: {kept}, version: "{version}" }};\n{code}'
