"""The shapes of the demo content: what a page, a block, a document is made of.

Everything here is plain data. A `_fr` and a `_nl` field hold the same thing in French and in Dutch; a field
without a suffix has no language. Texts are typed plainly and set on construction (see `markup`).

References between pieces are keys, never ids:

* `image` fields name a picture of `home.demo.drawing`;
* `page`, `mission`, `document` fields name another piece of content;
* a link in rich text to a page of the site is `<a href="key:news">`; `content.with_page_links` makes it a
  link that Wagtail knows.

A block is `(type, value)` with the very shape of `pages.blocks`, except that `image`, `page` and `document`
hold keys; in a `documents` block one `document` key stands for the chooser's `document_fr` and `document_nl`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from home.demo.markup import dutch, french, html, line

Block = tuple[str, dict[str, Any]]


class Typeset:
    """Sets every `_fr` and `_nl` text of a dataclass when it is made."""

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            if (
                isinstance(value, str)
                and field.name[-3:] in {"_fr", "_nl"}
                and not field.name.startswith("slug")
            ):
                multiline = "address" in field.name
                text = (
                    "\n".join(line(part) for part in value.strip().splitlines()) if multiline else line(value)
                )
                object.__setattr__(
                    self, field.name, french(text) if field.name.endswith("_fr") else dutch(text)
                )


@dataclass(frozen=True, kw_only=True)
class Contact(Typeset):
    """Whom to reach; also the value of a contact block. An address has line breaks."""

    name_fr: str
    name_nl: str
    role_fr: str = ""
    role_nl: str = ""
    phone: str = ""
    email: str = ""
    address_fr: str = ""
    address_nl: str = ""
    hours_fr: str = ""
    hours_nl: str = ""


@dataclass(frozen=True, kw_only=True)
class Figure(Typeset):
    """A number and what it counts. `note` says where it comes from, or that it is a demonstration."""

    value_fr: str
    value_nl: str
    label_fr: str
    label_nl: str
    note_fr: str = "chiffre de démonstration"
    note_nl: str = "demonstratiecijfer"


@dataclass(frozen=True, kw_only=True)
class Partner(Typeset):
    name_fr: str
    name_nl: str


@dataclass(frozen=True, kw_only=True)
class Theme(Typeset):
    """A term of a vocabulary; the slugs make the addresses of filtered lists."""

    code: str
    name_fr: str
    name_nl: str
    slug_fr: str
    slug_nl: str


@dataclass(frozen=True, kw_only=True)
class DemoImage(Typeset):
    """A picture of `home.demo.drawing`: its title in the image library and what it shows."""

    key: str
    title_fr: str
    title_nl: str
    alt_fr: str
    alt_nl: str


@dataclass(frozen=True, kw_only=True)
class DemoPage(Typeset):
    """What every page has. `key` is how others refer to it; `summary` is the lead, plain text."""

    key: str
    title_fr: str
    title_nl: str
    slug_fr: str
    slug_nl: str
    summary_fr: str
    summary_nl: str
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Home(DemoPage):
    """The home page. The root of the site has one slug for both languages.

    `hero_*`: the mission statement over the picture `image`, with a link to the page `hero_page`.
    `numbers_text`: what helps to choose between 112 and 101. `realisations`: keys of the chosen ones.
    """

    image: str
    hero_title_fr: str
    hero_title_nl: str
    hero_lead_fr: str
    hero_lead_nl: str
    hero_label_fr: str
    hero_label_nl: str
    hero_page: str
    numbers_text_fr: str
    numbers_text_nl: str
    realisations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Index(DemoPage):
    """A list page: `kind` is "missions", "news", "realisations", "publications", "alerts" or
    "emergency-numbers".

    `intro` is plain text under the lead; alerts have none.
    """

    kind: str
    intro_fr: str
    intro_nl: str


@dataclass(frozen=True, kw_only=True)
class PlainPage(DemoPage):
    """A page under the home page; `role` is "accessibility", "transparency", "privacy" or "contact"."""

    role: str


@dataclass(frozen=True, kw_only=True)
class SearchMap(DemoPage):
    """The search page and map of the site."""


@dataclass(frozen=True, kw_only=True)
class Mission(DemoPage):
    """`intro` is plain text, one paragraph."""

    intro_fr: str
    intro_nl: str
    image: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, kw_only=True)
class Realisation(DemoPage):
    """`end` is None while it goes on; `police_zones` are zone codes and `municipalities` NIS codes, of which
    one may be empty; `theme` is a code of `REALISATION_THEMES`; `measure` is the plan's measure it carries
    out, `plan` the publication that holds it."""

    theme: str
    plan: str
    start: date
    end: date | None
    mission: str
    image: str
    partners: tuple[Partner, ...]
    police_zones: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    measure_fr: str
    measure_nl: str


@dataclass(frozen=True, kw_only=True)
class Article(DemoPage):
    """A news article; `theme` is a code of `NEWS_THEMES`, `mission` an optional mission key."""

    date: date
    theme: str
    image: str
    mission: str = ""


@dataclass(frozen=True, kw_only=True)
class Publication(DemoPage):
    """`kind` is "pgsp" (regional plan), "zonal", "local" or "report"; `document` is a document's key;
    `period_*` are the years covered."""

    kind: str
    date: date
    period_start: int
    period_end: int
    document: str


@dataclass(frozen=True, kw_only=True)
class Section(Typeset):
    """A part of a document: a heading, then paragraphs; a paragraph that starts with "- " is a list item."""

    heading_fr: str
    heading_nl: str
    paragraphs_fr: tuple[str, ...]
    paragraphs_nl: tuple[str, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "paragraphs_fr", tuple(french(line(text)) for text in self.paragraphs_fr))
        object.__setattr__(self, "paragraphs_nl", tuple(dutch(line(text)) for text in self.paragraphs_nl))


@dataclass(frozen=True, kw_only=True)
class DemoDocument(Typeset):
    """A PDF in each language, made by `content.pdf(document, language)`; `filename_*` end in .pdf."""

    key: str
    title_fr: str
    title_nl: str
    filename_fr: str
    filename_nl: str
    date: date
    subtitle_fr: str
    subtitle_nl: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, kw_only=True)
class GuideEntry(Typeset):
    """A situation, and the key of the emergency number that answers it."""

    situation_fr: str
    situation_nl: str
    entry: str


@dataclass(frozen=True, kw_only=True)
class Site(Typeset):
    """The site's settings. `address` and `hours` are the counter's. No social accounts: the demo has none."""

    name_fr: str
    name_nl: str
    short_name: str
    tagline_fr: str
    tagline_nl: str
    notice_fr: str
    notice_nl: str
    phone: str
    phone_hours_fr: str
    phone_hours_nl: str
    email: str
    address_fr: str
    address_nl: str
    hours_fr: str
    hours_nl: str
    postal_address_fr: str
    postal_address_nl: str


# Blocks


def heading(fr: str, nl: str, level: str = "2") -> Block:
    return "heading", {"text_fr": french(line(fr)), "text_nl": dutch(line(nl)), "level": level}


def text(fr: str, nl: str) -> Block:
    """Rich text from prose; see `markup.html`."""
    return "rich_text", {"text_fr": french(html(fr)), "text_nl": dutch(html(nl))}


def image(key: str, alt: tuple[str, str], caption: tuple[str, str] = ("", "")) -> Block:
    return "image", {"image": key, **_twins("alt", alt), "decorative": False, **_twins("caption", caption)}


def quote(fr: str, nl: str, attribution: tuple[str, str]) -> Block:
    return "quote", {**_twins("text", (fr, nl)), **_twins("attribution", attribution)}


def call_to_action(
    fr: str, nl: str, label: tuple[str, str], page: str = "", url: tuple[str, str] = ("", "")
) -> Block:
    """A link to the page with the key `page`, or to an address in each language."""
    return "call_to_action", {
        **_twins("text", (fr, nl)),
        **_twins("label", label),
        "page": page,
        "url_fr": url[0],
        "url_nl": url[1],
    }


def facts(*figures: Figure, source: tuple[str, str] = ("", "")) -> Block:
    return "facts", {"items": [values(figure) for figure in figures], **_twins("source", source)}


def steps(title: tuple[str, str], *items: tuple[str, str, str, str]) -> Block:
    """`items` are (title fr, title nl, text fr, text nl); the texts are one paragraph of rich text."""
    return "steps", {
        **_twins("title", title),
        "items": [
            {**_twins("title", (fr, nl)), "text_fr": french(html(text_fr)), "text_nl": dutch(html(text_nl))}
            for fr, nl, text_fr, text_nl in items
        ],
    }


def documents(title: tuple[str, str], *items: tuple[str, str, str, str, str]) -> Block:
    """`items` are (document key, title fr, title nl, description fr, description nl)."""
    return "documents", {
        **_twins("title", title),
        "items": [
            {"document": key, **_twins("title", (fr, nl)), **_twins("description", (about_fr, about_nl))}
            for key, fr, nl, about_fr, about_nl in items
        ],
    }


Cell = str | tuple[str, str]


def table(
    caption: tuple[str, str], columns: Iterable[Cell], *rows: Iterable[Cell], row_headers: bool = True
) -> Block:
    """A cell is (French, Dutch), or one text that has no language."""
    return "table", {
        **_twins("caption", caption),
        "columns": [_twins("label", _pair(column)) for column in columns],
        "rows": [{"cells": [_twins("text", _pair(cell)) for cell in row]} for row in rows],
        "first_column_header": row_headers,
    }


def contact(who: Contact) -> Block:
    return "contact", values(who)


def accordion(*items: tuple[str, str, str, str]) -> Block:
    """`items` are (title fr, title nl, text fr, text nl); the texts are rich text from prose."""
    return "accordion", {
        "items": [
            {**_twins("title", (fr, nl)), "text_fr": french(html(text_fr)), "text_nl": dutch(html(text_nl))}
            for fr, nl, text_fr, text_nl in items
        ]
    }


def figure(
    value: Cell, fr: str, nl: str, note: tuple[str, str] = ("chiffre de démonstration", "demonstratiecijfer")
) -> Figure:
    pair = _pair(value)
    return Figure(
        value_fr=pair[0], value_nl=pair[1], label_fr=fr, label_nl=nl, note_fr=note[0], note_nl=note[1]
    )


def values(record: Any) -> dict[str, Any]:
    """The fields of a flat dataclass as a dict, in order."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def _pair(cell: Cell) -> tuple[str, str]:
    return (cell, cell) if isinstance(cell, str) else cell


def _twins(name: str, pair: tuple[str, str]) -> dict[str, str]:
    return {f"{name}_fr": french(line(pair[0])), f"{name}_nl": dutch(line(pair[1]))}
