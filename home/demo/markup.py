"""From prose as it is typed to text as it is set.

Demo texts are typed plainly: straight apostrophes, ordinary spaces, lines wrapped anywhere. Here they get
French or Dutch typography and, where a block wants rich text, the few elements Wagtail's editor knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from textwrap import dedent

NO_BREAK = "\u00a0"

_TAG = re.compile(r"(<[^>]*>)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*([^*]+)\*(?!\w)")
_BEFORE = re.compile(r" (?=[;:!?»%€])")
_AFTER = re.compile(r"(?<=«) ")


def line(text: str) -> str:
    """`text` on one line, every run of white space one space."""
    return " ".join(text.split())


def french(text: str) -> str:
    """French typography: no-break spaces before ; : ! ? » % € and after «, curly apostrophes. Not in tags."""
    return _outside_tags(
        text, lambda part: _AFTER.sub(NO_BREAK, _BEFORE.sub(NO_BREAK, part)).replace("'", "’")
    )


def dutch(text: str) -> str:
    """Dutch typography: curly apostrophes, a no-break space after €. Not in tags."""
    return _outside_tags(text, lambda part: part.replace("€ ", f"€{NO_BREAK}").replace("'", "’"))


def html(text: str) -> str:
    """Rich text from plain paragraphs.

    A blank line ends a paragraph; lines that start with "- " or "1. " make a list; `**bold**`, `*italic*` and
    `[label](address)` do what they do in Markdown. Nothing else has a meaning.
    """
    chunks = re.split(r"\n\s*\n", dedent(text).strip())
    return "".join(_chunk(chunk) for chunk in chunks)


def _chunk(chunk: str) -> str:
    for marker, tag in ((r"- ", "ul"), (r"\d+\. ", "ol")):
        if re.match(marker, chunk):
            items = re.split(rf"(?:^|\n)\s*{marker}", chunk)[1:]
            return f"<{tag}>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + f"</{tag}>"
    return f"<p>{_inline(chunk)}</p>"


def _inline(text: str) -> str:
    text = escape(line(text), quote=False)
    text = _LINK.sub(r'<a href="\2">\1</a>', text)
    text = _BOLD.sub(r"<b>\1</b>", text)
    return _ITALIC.sub(r"<i>\1</i>", text)


def _outside_tags(text: str, change: Callable[[str], str]) -> str:
    parts = _TAG.split(text)
    return "".join(part if index % 2 else change(part) for index, part in enumerate(parts))
