"""The public files of a build, as the tests read them."""

import gzip
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.etree
import lxml.html

SIBLINGS = (".gz", ".br")
LANGUAGES = {"fr": "fr-BE", "nl": "nl-BE"}


@dataclass(frozen=True)
class Page:
    """One HTML file; `url` is its decoded path."""

    url: str
    file: Path

    @cached_property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring(self.text)

    @property
    def language(self) -> str | None:
        """The language in the URL; None for what is in both."""
        first = self.url.split("/")[1]
        return first if first in LANGUAGES else None

    @property
    def is_redirect(self) -> bool:
        return bool(self.tree.xpath("//meta[@http-equiv='refresh']"))

    @property
    def anchors(self) -> set[str]:
        return {*self.tree.xpath("//@id"), *self.tree.xpath("//a/@name")}


def all_below(root: Path) -> list[Path]:
    """Every file and folder, also behind the link to what releases share."""
    walked = os.walk(root, followlinks=True)
    return sorted(Path(folder, name) for folder, folders, names in walked for name in (*folders, *names))


class Output:
    """The folder `root` as a web server shows it at `base_url`."""

    def __init__(self, root: Path, base_url: str) -> None:
        self.root = root
        self.base_url = base_url

    @cached_property
    def files(self) -> dict[str, Path]:
        """All files by decoded URL, without the compressed siblings."""
        found = {}
        for file in all_below(self.root):
            if file.is_file() and not (file.suffix in SIBLINGS and file.with_suffix("").is_file()):
                path = file.relative_to(self.root).as_posix()
                found["/" + re.sub(r"(^|/)index\.html$", r"\1", path)] = file
        return found

    @cached_property
    def pages(self) -> dict[str, Page]:
        """All HTML files by URL."""
        return {url: Page(url, file) for url, file in self.files.items() if file.suffix == ".html"}

    @cached_property
    def documents(self) -> list[Page]:
        """The pages that people browse: neither redirects nor error pages."""
        return [
            page for page in self.pages.values() if not page.url.endswith(".html") and not page.is_redirect
        ]

    def in_language(self, language: str) -> list[Page]:
        return [page for page in self.documents if page.language == language]

    def local(self, link: str, source: str) -> str | None:
        """The decoded path that `link` leads to from the file at `source`; None when it leaves the site."""
        absolute = urlsplit(urljoin(self.base_url + source, link.strip()))
        if f"{absolute.scheme}://{absolute.netloc}" != self.base_url:
            return None
        return unquote(absolute.path) or "/"

    def by_suffix(self, *suffixes: str) -> Iterator[tuple[str, Path]]:
        return ((url, file) for url, file in self.files.items() if file.suffix in suffixes)


def gzipped(file: Path) -> int:
    """The file's bytes as a server sends them with gzip: those of its sibling where there is one."""
    sibling = file.with_name(file.name + ".gz")
    return sibling.stat().st_size if sibling.is_file() else len(gzip.compress(file.read_bytes(), 9, mtime=0))


def brotlied(file: Path) -> int:
    """The file's bytes as a server sends them to a browser that takes brotli."""
    sibling = file.with_name(file.name + ".br")
    return sibling.stat().st_size if sibling.is_file() else gzipped(file)
