"""The band for other sites: a script, and a page for a frame in each language (docs/alerts.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import gettext

from alerts.content import in_language
from alerts.models import AlertIndexPage
from generator import headers, registry
from generator.documents import Document
from pages.jinja import icon, static
from pages.languages import LANGUAGES, REGIONAL, override
from pages.rendering import Rendering, Run, base_context, render_template
from pages.storage import smaller_css, smaller_script

INDEX = "alerts.alertindexpage"


@registry.documents("alerts.embed", urgent=True)
def documents(context: registry.BuildContext) -> Iterator[Document]:
    run = Run.of(context)
    node = run.graph.first(INDEX)
    if node is None:
        return
    page = AlertIndexPage.objects.get(pk=node.id)
    yield Document("/alerts/embed.js", script, media_type="text/javascript; charset=utf-8", label="embed.js")
    for language in LANGUAGES:
        yield Document(
            f"/alerts/embed.{language}.html",
            partial(frame, Rendering(page, language, run)),
            language=language,
            label=f"embed ({language})",
            headers={
                "Content-Language": REGIONAL[language],
                "Content-Security-Policy": headers.FRAMED_ANYWHERE,
            },
        )


def script() -> str:
    """static/js/embed.js, told where the band's logic is, how it looks and what it says."""
    told = {
        "follow": static("js/alerts.js"),
        "css": smaller_css(_static_text("css/embed.css")),
        "icons": {name: _outline(name) for name in ("alert", "arrow")},
        "texts": texts(),
    }
    code = smaller_script(_static_text("js/embed.js"))
    return f"(() => {{\nconst VIGIE = {json.dumps(told, ensure_ascii=False)};\n{code}}})();\n"


def texts() -> dict[str, dict[str, str]]:
    """What templates/components/emergency.html says in the band."""
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = {
                "lang": REGIONAL[language],
                "label": gettext("Alert"),
                "alert": gettext("Alert:"),
                "todo": gettext("What to do"),
                "over": gettext("The alert is over:"),
            }
    return said


def frame(rendering: Rendering) -> str:
    with override(rendering.language):
        context = base_context(rendering) | {
            "index": rendering.node,
            "sender_name": in_language(settings.VIGIE_SENDER_NAME, rendering.language),
        }
        return render_template("alerts/embed.html", context)


def _outline(name: str) -> str:
    """The one path of that icon."""
    return icon(name).partition(' d="')[2].partition('"')[0]


def _static_text(path: str) -> str:
    found = finders.find(path)
    if found is None:
        message = f"There is no static file {path!r}. Put it in static/, or correct the name."
        raise FileNotFoundError(message)
    return Path(found).read_text(encoding="utf-8")
