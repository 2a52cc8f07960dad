"""What a build could not make, in an editor's words: which page, in which language, why, and what the public sees.

The outbox keeps what failed as text, a `generator.build.Failure` a line; an error may go on over several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generator.documents import path_for
from generator.making import EVERYTHING
from pages.graph import PageNode, SiteGraph
from pages.languages import NAMES, active

_FAILURE = re.compile(
    r"^(?P<url>\S.*?)(?: \((?P<label>.*)\))?, published by (?P<publisher>[\w.-]+): (?P<error>.*)$"
)
_MORE = re.compile(r"^and \d+ more$")
_ERROR_TYPE = re.compile(r"^(?P<type>[A-Za-z_]\w*): ")
_SAME_ADDRESS = re.compile(r"^(?:has the same file|cannot be a file beside) ")

PAGES = "pages"
"""The publisher of pages."""

_FILE = _("A picture or a document that it shows is missing or cannot be read. Choose it again in the page.")
_GONE = _("It shows something that was deleted. Choose something else in the page.")
_TEMPLATE = _("Its template has a mistake, which only the technical team can put right.")
_DATABASE = _("The database did not answer.")
_ADDRESS = _("Something else has the same address. Give one of them another address.")
_OTHER = _("Why, only the technical team can tell: give it the words below.")
WORDS: Mapping[str, Any] = {
    "FileNotFoundError": _FILE,
    "SourceImageIOError": _FILE,
    "UnidentifiedImageError": _FILE,
    "InvalidFilterSpecError": _FILE,
    "DoesNotExist": _GONE,
    "ObjectDoesNotExist": _GONE,
    "TemplateNotFound": _TEMPLATE,
    "TemplateDoesNotExist": _TEMPLATE,
    "TemplateSyntaxError": _TEMPLATE,
    "TemplateAssertionError": _TEMPLATE,
    "UndefinedError": _TEMPLATE,
    "OperationalError": _DATABASE,
    "InterfaceError": _DATABASE,
}
"""What an exception of this name means to an editor."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that failed. `language` as it begins a sentence, "" where it is in none or in both; `edit_url` leads to
    the page's editor, "" where it is no page's; `url` is its public path, "" where it has none. With `is_shown` the
    site has its last good version."""

    title: str
    language: str
    edit_url: str
    url: str
    words: str
    detail: str
    is_shown: bool


class Problems:
    """Reads the text of the outbox. `public` is the folder of the live release's public files, if one is live."""

    def __init__(self, public: Path | None) -> None:
        self.public = public

    def read(self, text: str) -> Iterator[Problem]:
        found = list(_failures(text))
        for match, error in found:
            yield self._problem(match, error)
        if not found and text.strip():
            yield Problem(
                gettext("The whole site"), "", "", "", _words(text), text.strip(), self.public is not None
            )

    def of_page(self, text: str, node: PageNode) -> list[Problem]:
        """Those because of which the page is not as it should be: of its own documents, not of files beside them."""
        return [self._problem(match, error) for match, error in _failures(text) if _is_of(match, node)]

    def _problem(self, match: re.Match[str], error: str) -> Problem:
        url = match["url"] if match["url"].startswith("/") else ""
        node, language = self._page(url)
        edit_url = reverse("wagtailadmin_pages:edit", args=[node.id]) if node else ""
        if node:
            title = node.titles[active()]
        elif match["label"] or url:
            title = match["label"] or url
        elif match["publisher"] == "generator":
            title = gettext("What all pages show: %(name)s") % {"name": match["url"]}
        else:
            title = gettext("All that “%(name)s” makes") % {"name": match["publisher"]}
        return Problem(
            title=title,
            language=capfirst(str(NAMES[language])) if language else "",
            edit_url=edit_url,
            url=url,
            words=_words(error),
            detail=error,
            # What has no address of its own keeps what it had, as long as there is a site.
            is_shown=is_file(self.public, url) if url else self.public is not None,
        )

    @cached_property
    def _pages(self) -> dict[str, tuple[PageNode, str]]:
        return {url: (node, language) for node in SiteGraph.current() for language, url in node.urls.items()}

    def _page(self, url: str) -> tuple[PageNode | None, str]:
        """The page at `url`, or the one that has a file there, and the language of the address."""
        folder = url.rpartition("/")[0] + "/"
        node, language = self._pages.get(url) or self._pages.get(folder) or (None, "")
        if node is None and (first := url.split("/")[1:2]) and first[0] in NAMES:
            language = first[0]
        return node, language


def is_file(public: Path | None, url: str) -> bool:
    """Whether a release whose public files are in `public` has something at `url`."""
    if public is None:
        return False
    try:
        return (public / path_for(url)).is_file()
    except (OSError, ValueError):
        return False


def names_all(text: str) -> bool:
    """Whether the text names all that failed: it tells a few, and no page where the whole build failed later."""
    return any(True for _failure in _failures(text)) and not any(map(_MORE.match, text.splitlines()))


def _failures(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Each failure of the text with its error."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in text.splitlines():
        if match := _FAILURE.match(line):
            found.append((match, [match["error"]]))
        elif found and not _MORE.match(line):
            found[-1][1].append(line)
    for match, lines in found:
        yield match, "\n".join(lines).strip()


def _is_of(match: re.Match[str], node: PageNode) -> bool:
    if match["url"] in node.urls.values():
        return True
    part = re.compile(rf"\(part {node.id}[|)]")
    return match["publisher"] == PAGES and bool(match["url"] == EVERYTHING or part.match(match["url"]))


def _words(error: str) -> str:
    if _SAME_ADDRESS.match(error):
        return str(_ADDRESS)
    match = _ERROR_TYPE.match(error)
    return str(WORDS.get(match["type"] if match else "", _OTHER))
