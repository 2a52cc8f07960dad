"""A Hugo site of the same documents: their text as Markdown, what Markdown has no word for as HTML in it, their head,
menu, path and foot as layouts that each page fills in.

Hugo says nothing of compression: who serves its site as ours is served runs gzip over it, which is measured too.
"""

from __future__ import annotations

import html
import json
import os
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import html as parser

CONFIGURATION = {
    "baseURL": "https://vigie.example/",
    "defaultContentLanguage": "fr",
    "defaultContentLanguageInSubdir": True,
    "disableKinds": ["taxonomy", "term", "RSS", "sitemap", "section", "home", "404"],
    "markup": {"goldmark": {"renderer": {"unsafe": True}}},
}
LANGUAGES = ("fr", "nl")
LAYOUT = """{{ partial (printf "head.%s.html" .Lang) . }}<main id="main">
<div class="wrap"><header class="page-header"><nav aria-label="Path"><ol class="crumbs">
{{ range .Params.crumbs }}<li><a href="{{ .url }}">{{ .name }}</a></li>
{{ end }}<li aria-current="page">{{ .Title }}</li></ol></nav>
<h1>{{ .Title }}</h1></header>
{{ .Content }}
</div></main>{{ partial (printf "foot.%s.html" .Lang) . }}
"""
FILLED_IN = (
    (r"<title>.*?</title>", "<title>{{ .Title }}</title>"),
    (r'(<meta name="description"\s+content=")[^"]*', r"\1{{ .Params.description }}"),
    (r'(<link rel="canonical"\s+href=")[^"]*', r"\1{{ .Permalink }}"),
    (r'(<meta property="og:url"\s+content=")[^"]*', r"\1{{ .Permalink }}"),
    (r'(<meta property="og:title"\s+content=")[^"]*', r"\1{{ .Title }}"),
    (
        r'(?:<link rel="alternate"\s+hreflang="[^"]*"\s+href="[^"]*">\s*)+',
        "{{ range .Params.alternates }}"
        '<link rel="alternate" hreflang="{{ .lang }}" href="{{ .url }}">\n{{ end }}',
    ),
    (
        r'(<nav class="menu".*?<ul>).*?(</ul>)',
        r"\1{{ $page := . }}{{ range .Site.Menus.main }}"
        r'<li><a href="{{ .URL }}"{{ if in $page.RelPermalink .URL }} aria-current="true"{{ end }}>{{ .Name }}</a></li>'
        r"{{ end }}\2",
    ),
)
"""What of our head each page fills in."""
INLINE = {"a", "abbr", "b", "br", "em", "i", "small", "span", "strong", "time"}
HEADINGS = {"h2": "## ", "h3": "### ", "h4": "#### "}
AROUND = {"div", "section", "article", "aside", "header", "nav", "figure", "form", "details"}
GZIP = "find . -type f -name '*.html' -print0 | xargs -0 -P {} -n 64 gzip -1 --keep"
"""With its quickest level, which makes a twentieth more bytes than ours."""


def run(public: Path, folder: Path) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Make a site from the HTML below `public` in `folder`, build it, compress it: what the first took, and both. None
    where Hugo is not installed."""
    command = shutil.which("hugo")
    if not command:
        return None
    pages = [path for path in sorted(public.rglob("index.html")) if path.parent.relative_to(public).parts]
    _site([page for page in pages if page.relative_to(public).parts[0] in LANGUAGES], public, folder)
    built = _timed([command, "--quiet", "--source", str(folder)], folder)
    made = list((folder / "public").rglob("index.html"))
    built |= {
        "documents": len(made),
        "bytes": sum(path.stat().st_size for path in made),
        "version": subprocess.run(
            [command, "version"], capture_output=True, text=True, check=True
        ).stdout.split()[1],
    }
    packed = _timed(["sh", "-c", GZIP.format(os.cpu_count())], folder / "public")
    both = {key: built[key] + packed[key] for key in ("seconds", "processor_seconds")}
    return built, {**built, **both}


def _timed(command: Sequence[str], folder: Path) -> dict[str, Any]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr.strip() or done.returncode}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": seconds,
        "processor_seconds": used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime,
        "peak_mb": used.ru_maxrss / 1024,
    }


def _site(pages: Sequence[Path], public: Path, folder: Path) -> None:
    layouts = folder / "layouts"
    (layouts / "partials").mkdir(parents=True)
    (layouts / "_default").mkdir()
    (layouts / "_default" / "single.html").write_text(LAYOUT, encoding="utf-8")
    languages = {}
    for language in LANGUAGES:
        own = [page for page in pages if page.relative_to(public).parts[0] == language]
        # Of a page of the middle size: the page of a redirect has next to none of the head and foot.
        shell = sorted(own, key=lambda page: page.stat().st_size)[len(own) // 2].read_text(encoding="utf-8")
        head, _start, rest = shell.replace("{{", "").partition("<main")
        _main, _end, foot = rest.partition("</main>")
        for pattern, instead in FILLED_IN:
            head = re.sub(pattern, instead, head, flags=re.DOTALL)
        (layouts / "partials" / f"head.{language}.html").write_text(head, encoding="utf-8")
        (layouts / "partials" / f"foot.{language}.html").write_text(foot, encoding="utf-8")
        entries = parser.document_fromstring(shell).xpath('//nav[@class="menu"]//li/a')
        menu = [
            {"name": entry.text_content(), "url": entry.get("href"), "weight": place}
            for place, entry in enumerate(entries, 1)
        ]
        languages[language] = {"contentDir": f"content/{language}", "menus": {"main": menu}}
    (folder / "config.json").write_text(json.dumps({**CONFIGURATION, "languages": languages}))
    for page in pages:
        content = folder / "content" / page.parent.relative_to(public).with_suffix(".md")
        content.parent.mkdir(parents=True, exist_ok=True)
        content.write_text(_content(page.read_bytes()), encoding="utf-8")


def _content(document: bytes) -> str:
    """A document as Hugo has it: what is told of it as JSON, then its main part as Markdown."""
    tree = parser.document_fromstring(document.decode())
    main = tree.find(".//main")
    assert main is not None
    told = {
        "title": " ".join((main.findtext(".//h1") or tree.findtext(".//title") or "").split()),
        "description": "".join(tree.xpath('//meta[@name="description"]/@content')),
        "alternates": [
            {"lang": link.get("hreflang"), "url": link.get("href")}
            for link in tree.xpath('//link[@rel="alternate"][@hreflang]')
        ],
        "crumbs": [
            {"name": link.text_content(), "url": link.get("href")}
            for link in main.xpath('.//ol[@class="crumbs"]//a')
        ],
    }
    for other in main.xpath('.//nav[ol[@class="crumbs"]] | .//h1'):
        other.drop_tree()
    lines: list[str] = []
    for element in main:
        _add(element, lines)
    return json.dumps(told) + "\n\n" + "\n\n".join(filter(None, lines)) + "\n"


def _add(element: Any, lines: list[str]) -> None:
    """The element's Markdown, block by block; what it has no word for as it is."""
    children = list(element)
    is_plain = all(child.tag in INLINE for child in element.iterdescendants())
    if element.tag in HEADINGS and is_plain:
        lines.append(HEADINGS[element.tag] + _inline(element))
    elif element.tag == "p" and is_plain and not element.attrib:
        lines.append(_inline(element))
    elif element.tag in {"ul", "ol"} and all(
        child.tag in INLINE for item in children for child in item.iterdescendants()
    ):
        lines.append("\n".join("- " + _inline(item) for item in children))
    elif element.tag == "blockquote":
        lines.append("> " + _inline(element))
    elif element.tag == "table" and (rows := element.xpath(".//tr")):
        cells = [[_inline(cell).replace("|", "") for cell in row] for row in rows]
        cells.insert(1, ["---"] * len(cells[0]))
        lines.append("\n".join("| " + " | ".join(row) + " |" for row in cells))
    elif element.tag in AROUND and children:
        start = parser.tostring(parser.Element(element.tag, dict(element.attrib)), encoding="unicode")
        lines.append(start.removesuffix(f"</{element.tag}>"))
        for child in children:
            _add(child, lines)
        lines.append(f"</{element.tag}>")
    else:
        raw = parser.tostring(element, encoding="unicode", with_tail=False)
        lines.append("\n".join(line for line in raw.splitlines() if line.strip()))


def _inline(element: Any) -> str:
    text = html.escape(element.text or "", quote=False)
    for child in element:
        within = _inline(child)
        if child.tag == "a" and child.get("href"):
            text += f"[{within}]({child.get('href')})"
        elif child.tag in {"b", "strong"}:
            text += f"**{within}**"
        elif child.tag in {"em", "i"}:
            text += f"*{within}*"
        else:
            text += within
        text += html.escape(child.tail or "", quote=False)
    return " ".join(text.split())
