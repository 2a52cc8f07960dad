"""A Hugo site of as many pages of the same size: the text of our documents as Markdown, the rest of them as layout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import html

CONFIGURATION = """baseURL = "https://vigie.example/"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "section", "home", "404"]
[markup.goldmark.renderer]
unsafe = true
"""
LAYOUT = """{{ partial "head.html" . }}<main id="main">
<nav><ol><li><a href="/">Vigie</a></li><li>{{ .Title }}</li></ol></nav>
<h1>{{ .Title }}</h1>
{{ .Content }}
</main>{{ partial "foot.html" . }}
"""
BLOCKS = {"h2": "## ", "h3": "### ", "p": "", "li": "- ", "blockquote": "> ", "summary": "### ", "td": "- "}


def run(public: Path, folder: Path) -> dict[str, Any] | None:
    """Make a site from the HTML below `public` in `folder` and build it. None where Hugo is not installed."""
    command = shutil.which("hugo")
    if not command:
        return None
    pages = [path for path in sorted(public.rglob("index.html")) if path.parent.relative_to(public).parts]
    _site(pages, public, folder)
    started = time.perf_counter()
    process = subprocess.Popen(
        [command, "--quiet", "--source", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        raise SystemExit(f"hugo failed: {process.stderr.read().decode() if process.stderr else status}")
    made = list((folder / "public").rglob("index.html"))
    return {
        "documents": len(made),
        "bytes": sum(path.stat().st_size for path in made),
        "seconds": seconds,
        "processor_seconds": used.ru_utime + used.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
        "version": subprocess.run(
            [command, "version"], capture_output=True, text=True, check=True
        ).stdout.split()[1],
    }


def _site(pages: Sequence[Path], public: Path, folder: Path) -> None:
    # Of a page of the middle size: the page of a redirect has next to none of the head and foot.
    by_size = sorted(pages, key=lambda page: page.stat().st_size)
    shell = by_size[len(pages) // 2].read_text(encoding="utf-8")
    head, _start, rest = shell.partition("<main")
    _main, _end, foot = rest.partition("</main>")
    layouts = folder / "layouts"
    for path, text in (
        (folder / "hugo.toml", CONFIGURATION),
        (folder / "config.toml", CONFIGURATION),
        (layouts / "_default" / "single.html", LAYOUT),
        (layouts / "partials" / "head.html", head.replace("{{", "")),
        (layouts / "partials" / "foot.html", foot.replace("{{", "")),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for page in pages:
        content = folder / "content" / page.parent.relative_to(public).with_suffix(".md")
        content.parent.mkdir(parents=True, exist_ok=True)
        content.write_text(_markdown(page.read_bytes()), encoding="utf-8")


def _markdown(document: bytes) -> str:
    """The text of a document's main part, with enough of its markup to be as long."""
    tree = html.document_fromstring(document.decode())
    main = tree.find(".//main")
    assert main is not None
    lines = [
        "---",
        json.dumps({"title": tree.findtext(".//title") or ""})[1:-1].replace('"title"', "title", 1),
        "---",
    ]
    for element in main.iter(*BLOCKS):
        if any(parent.tag in BLOCKS for parent in element.iterancestors()):
            continue
        if text := " ".join(element.text_content().split()):
            lines += ["", BLOCKS[element.tag] + text]
    # What pictures, tables and addresses add to our own documents.
    missing = len(html.tostring(main)) - sum(len(line.encode()) + 10 for line in lines)
    lines += ["", f'<div data-rest="{"x" * max(0, missing)}"></div>']
    return "\n".join(lines) + "\n"
