"""The duty officer's card, from docs/duty-officer.*.md: the part of Markdown that these two files are written in."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

LINE = re.compile(r"(#{1,2}|\d+\.|-) (.+)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
TAGS = {"#": "h1", "##": "h2"}


def source(language: str) -> Path:
    return Path(settings.BASE_DIR) / "docs" / f"duty-officer.{language}.md"


def card(language: str) -> SafeString:
    """The card in `language` as HTML. Raises ValueError for a line that is neither heading nor item."""
    lines = [line for line in source(language).read_text(encoding="utf-8").splitlines() if line.strip()]
    return format_html_join("\n", "{}", ((part,) for part in _parts(lines)))


def _parts(lines: list[str]) -> list[SafeString]:
    parts = []
    for tag, items in groupby(map(_parsed, lines), key=lambda parsed: parsed[0]):
        texts = [_bold(text) for _tag, text in items]
        if tag in ("ol", "ul"):
            inside = format_html_join("", "<li>{}</li>", ((text,) for text in texts))
            parts.append(format_html("<{0}>{1}</{0}>", tag, inside))
        else:
            parts += [format_html("<{0}>{1}</{0}>", tag, text) for text in texts]
    return parts


def _parsed(line: str) -> tuple[str, str]:
    """A line's tag and text."""
    found = LINE.fullmatch(line)
    if not found:
        message = f"The card has the line {line!r}. Begin it with '# ', '## ', '1. ' or '- '."
        raise ValueError(message)
    mark, text = found.groups()
    return TAGS.get(mark, "ul" if mark == "-" else "ol"), text


def _bold(text: str) -> SafeString:
    return mark_safe(BOLD.sub(r"<strong>\1</strong>", conditional_escape(text)))
