"""The few pages that the generator writes itself, in every language of the site at once. No style sheet, no
script: they must hold when nothing else does."""

from collections.abc import Callable
from html import escape

from django.utils import translation
from django.utils.translation import gettext as _

from generator import conf
from generator.documents import encode

_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
{head}<title>{title}</title>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""


def moved(old: str, new: str, base_url: str) -> str:
    """The page at `old` for servers that know no redirects: sends on to `new`, a path or an address, at
    once."""
    href = escape(encode(new))
    address = href if new.startswith(("http://", "https://")) else escape(base_url) + href
    first = new if new.startswith("/") else old
    head = f'<meta http-equiv="refresh" content="0; url={href}">\n<link rel="canonical" href="{address}">\n'

    def line() -> tuple[str, str]:
        text = escape(_("Go to its new address"))
        return _("This page has moved"), f'<p><a href="{href}">{text}</a></p>'

    return _page(first, head, line)


def being_built(path: str) -> str:
    """The answer while no release exists yet."""

    def line() -> tuple[str, str]:
        text = _("It will be here in a moment. In an emergency, call {number}.")
        text = escape(text).format(number='<a href="tel:112">112</a>')
        return _("This site is being built"), f"<p>{text}</p>"

    return _page(path, "", line)


def not_found(path: str) -> str:
    """The answer to an unknown URL when the release has no page for that."""

    def line() -> tuple[str, str]:
        text = escape(_("Go to the home page"))
        return _("There is no page at this address"), f'<p><a href="/">{text}</a></p>'

    return _page(path, "", line)


def _page(path: str, head: str, line: Callable[[], tuple[str, str]]) -> str:
    """One section a language, the language of `path` first. `line` returns title and HTML in the active
    language."""
    codes = sorted(conf.languages(), key=lambda code: not path.startswith(f"/{code}/"))
    titles: list[str] = []
    sections: list[str] = []
    for code in codes:
        with translation.override(code):
            title, html = line()
        titles.append(escape(title))
        heading = "p" if sections else "h1"
        lang = escape(conf.hreflang().get(code, code))
        sections.append(f'<div lang="{lang}">\n<{heading}>{escape(title)}</{heading}>\n{html}\n</div>\n')
    lang = escape(conf.hreflang().get(codes[0], codes[0]))
    return _PAGE.format(lang=lang, head=head, title=" · ".join(titles), body="".join(sections))
