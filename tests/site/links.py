"""Finds the broken links of a build: whatever a browser, a feed reader or a crawler would ask for."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import lxml.etree
import lxml.html

from tests.site.output import Output, Page

XLINK = "{http://www.w3.org/1999/xlink}href"
ATTRIBUTES = (
    "href",
    "src",
    "action",
    "formaction",
    "poster",
    "data",
    "cite",
    "longdesc",
    "background",
    XLINK,
)
SOURCE_SETS = ("srcset", "imagesrcset")
META_LINKS = {"og:url", "og:image", "og:image:secure_url", "og:video", "twitter:image"}
CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
SCRIPT_PATH = re.compile(r"""["'`](/[A-Za-z0-9/_.-]*)["'`]""")
TELEPHONE = re.compile(r"tel:(\+[1-9]\d{6,14}|0\d{7,9}|1\d{2,5})")
MAIL = re.compile(r"mailto:[^@\s?]+@[^@\s?]+\.[a-z]{2,}(\?\S*)?")
ELSEWHERE = ("http", "https")
NOT_OURS = "/pagefind/"
"""Scripts that hold pieces of addresses, which they put together themselves."""
ANSWERED = "/alerts/push/subscriptions/"
"""Answered by a program, not by a file: tests/alerts/test_push.py."""


class Link(NamedTuple):
    """A link as written, and where."""

    source: str
    place: str
    target: str


class Broken(NamedTuple):
    source: str
    place: str
    target: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.place} {self.target!r} {self.reason}"


@dataclass
class Report:
    """`checked` counts links by kind: page, anchor, file, telephone, mail, elsewhere."""

    checked: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    reached: dict[str, set[str]] = field(default_factory=dict)
    """The local pages that each page links to with `a href`."""


def check(output: Output) -> Report:
    """Every link of every file of the build."""
    report = Report()
    for link in found(output):
        kind, reason = judge(output, link, report)
        report.checked[kind] += 1
        if reason:
            report.broken.append(Broken(*link, reason))
    return report


def found(output: Output) -> Iterator[Link]:
    for page in output.pages.values():
        yield from in_page(page)
    for url, file in output.by_suffix(".css"):
        yield from in_css(url, file.read_text(encoding="utf-8"), "url()")
    for url, file in output.by_suffix(".js"):
        if url.startswith(NOT_OURS):
            continue
        for path in SCRIPT_PATH.findall(file.read_text(encoding="utf-8")):
            yield Link(url, "string", path)
    for url, file in output.by_suffix(".atom", ".xml", ".svg", ".rss"):
        yield from in_xml(url, file)
    for url, file in output.by_suffix(".json", ".geojson", ".webmanifest"):
        yield from in_json(url, json.loads(file.read_text(encoding="utf-8")), output.base_url)
    for url, file in output.by_suffix(".txt", ".vcf"):
        for address in re.findall(rf"{re.escape(output.base_url)}[^\s,;]*", file.read_text(encoding="utf-8")):
            yield Link(url, "text", address)


def in_page(page: Page) -> Iterator[Link]:
    """The links of an HTML page. A `base` element would change them all: there must be none."""
    for element in page.tree.iter(lxml.etree.Element):
        for name in ATTRIBUTES:
            if (value := element.get(name)) is not None:
                yield Link(page.url, f"<{element.tag} {name}>", value)
        for name in SOURCE_SETS:
            for candidate in (element.get(name) or "").split(","):
                if candidate.strip():
                    yield Link(page.url, f"<{element.tag} {name}>", candidate.split()[0])
        if style := element.get("style"):
            yield from in_css(page.url, style, f"<{element.tag} style>")
        if element.tag == "style":
            yield from in_css(page.url, element.text or "", "<style>")
        if element.tag == "meta":
            yield from in_meta(page.url, element)
        if element.tag == "script" and element.get("type") == "application/ld+json":
            yield from in_structured_data(page.url, json.loads(element.text or "null"))


def in_meta(url: str, element: lxml.html.HtmlElement) -> Iterator[Link]:
    content = element.get("content") or ""
    if (element.get("http-equiv") or "").lower() == "refresh" and "url=" in content:
        yield Link(url, "<meta refresh>", content.split("url=", 1)[1])
    if element.get("property", element.get("name")) in META_LINKS:
        yield Link(url, f"<meta {element.get('property', element.get('name'))}>", content)


def in_css(url: str, text: str, place: str) -> Iterator[Link]:
    for groups in CSS_URL.findall(text):
        target = next(filter(None, groups))
        if not target.startswith(("data:", "#")):
            yield Link(url, place, target)


def in_xml(url: str, file: Path) -> Iterator[Link]:
    """Feeds, sitemaps and drawings; the HTML inside a feed's entries too."""
    for element in lxml.etree.parse(str(file)).getroot().iter(lxml.etree.Element):
        name = lxml.etree.QName(element).localname
        for attribute in ("href", "src", XLINK):
            if value := element.get(attribute):
                yield Link(url, f"<{name} {attribute}>", value)
        if name in {"loc", "icon", "logo"} and element.text:
            yield Link(url, f"<{name}>", element.text.strip())
        if name in {"content", "summary"} and element.get("type") == "html" and element.text:
            for inner in lxml.html.fragments_fromstring(element.text):
                if not isinstance(inner, str):
                    for link in inner.iterlinks():
                        yield Link(url, f"<{name}> {link[1]}", link[2])


def in_json(url: str, value: Any, base_url: str, place: str = "$") -> Iterator[Link]:
    """Strings that are addresses of this site, or paths under a key that names one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in {"url", "href", "src", "start_url", "scope"}:
                yield Link(url, f"{place}.{key}", inner)
            else:
                yield from in_json(url, inner, base_url, f"{place}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from in_json(url, inner, base_url, f"{place}[{number}]")
    elif isinstance(value, str) and value.startswith(base_url):
        yield Link(url, place, value)


def in_structured_data(url: str, value: Any, place: str = "ld+json") -> Iterator[Link]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"url", "@id", "image", "logo", "contentUrl", "item"} and isinstance(inner, str):
                yield Link(url, f"{place} {key}", inner)
            elif key != "@context":
                yield from in_structured_data(url, inner, place)
    elif isinstance(value, list):
        for inner in value:
            yield from in_structured_data(url, inner, place)


def judge(output: Output, link: Link, report: Report) -> tuple[str, str]:
    """The link's kind and what is wrong with it ("" when nothing is)."""
    target = link.target.strip()
    if link.target != target or " " in target:
        return "file", "holds a space"
    parts = urlsplit(target)
    if parts.scheme == "tel":
        return "telephone", "" if TELEPHONE.fullmatch(target) else "is no telephone number"
    if parts.scheme == "sms":
        return "telephone", "" if re.fullmatch(r"sms:\+?\d+(\?body=\S*)?", target) else "is no number"
    if parts.scheme == "mailto":
        return "mail", "" if MAIL.fullmatch(unquote(target)) else "is no mail address"
    if parts.scheme == "data":
        return "file", ""
    path = output.local(target, link.source)
    if path and path.startswith(ANSWERED):
        return "elsewhere", ""
    if parts.scheme in ELSEWHERE and not parts.netloc:
        return "elsewhere", "names no host"
    if path is None:
        ok = parts.scheme in ELSEWHERE and "." in parts.netloc
        return "elsewhere", "" if ok else "is no web address"
    page = output.pages.get(path)
    if link.place == "<a href>" and page is not None:
        report.reached.setdefault(link.source, set()).add(path)
    if path not in output.files:
        if f"{path}/" in output.files:
            return "page", "lacks its last slash, which costs a redirect"
        return "page" if path.endswith("/") else "file", "does not exist"
    if page is not None and page.is_redirect:
        return "page", "is a redirect"
    if parts.fragment and page is not None and unquote(parts.fragment) not in {*page.anchors, "top"}:
        return "anchor", "names an id that the page does not have"
    return ("anchor" if parts.fragment else "page" if page else "file"), ""
