# ruff: noqa: PLR0917 - the writer passes the parts of a file from hand to hand
"""A small PDF writer for the demo's documents: real text, tagged for assistive technology, stable bytes.

It knows a title, headings, paragraphs and list items, in the Helvetica that every reader has; characters are
those of Windows-1252, which holds French and Dutch. Structure, language, title and bookmarks are in the file;
the fonts are not, so it is not PDF/UA (ISO 14289).
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

PAGE = (595, 842)
"""A4 in points."""
MARGIN = 72
INK = "0.055 0.204 0.251"
ACCENT = "0.647 0.322 0.239"


# Advance widths of Helvetica in thousandths of its size, from U+0020 to U+007E (Adobe's font metrics).
_ASCII_WIDTHS = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_OTHER_WIDTHS = {"\u00a0": 278, "’": 222, "–": 556, "•": 350, "œ": 944, "€": 556, "“": 333, "”": 333}
_BOLD = 1.09
"""Helvetica-Bold is at most this much wider on ordinary prose."""


@dataclass(frozen=True)
class Style:
    """`tag` is the structure type, `font` F1 (regular) or F2 (bold); sizes and gaps are in points."""

    tag: str
    font: str
    size: float
    leading: float
    before: float
    colour: str = INK
    indent: float = 0


TITLE = Style("H1", "F2", 30, 37, 150)
SUBTITLE = Style("P", "F1", 14, 20, 12, ACCENT)
HEADING = Style("H2", "F2", 17, 23, 34)
TEXT = Style("P", "F1", 12, 19, 10)
ITEM = Style("LI", "F1", 12, 19, 7, INK, 16)


@dataclass
class _Page:
    """`elements` are the positions, among all elements, of those that the page shows."""

    commands: list[str] = field(default_factory=list)
    elements: list[int] = field(default_factory=list)


class _Element(NamedTuple):
    """A piece of text, the index of its page and its mark on that page."""

    style: Style
    text: str
    page: int
    mark: int


def document(
    title: str,
    subtitle: str,
    sections: list[tuple[str, list[str]]],
    *,
    language: str,
    created: date,
    author: str,
) -> bytes:
    """A PDF file. `sections` are (heading, paragraphs); a paragraph that starts with "- " is a list item."""
    blocks = [(TITLE, title), (SUBTITLE, subtitle)]
    for heading, paragraphs in sections:
        blocks.append((HEADING, heading))
        for paragraph in paragraphs:
            is_item = paragraph.startswith("- ")
            blocks.append((ITEM, paragraph[2:]) if is_item else (TEXT, paragraph))
    pages, elements = _layout(blocks, title)
    return _assemble(pages, elements, title, language, created, author)


def _layout(blocks: list[tuple[Style, str]], running: str) -> tuple[list[_Page], list[_Element]]:
    """The cover with the first section, then the rest. A block, or a section of half a page, is not split."""
    pages: list[_Page] = []
    elements: list[_Element] = []
    y = 0.0
    headings = 0
    for index, (style, text) in enumerate(blocks):
        lines = _wrap(text, style)
        needed = style.before + style.leading * len(lines)
        if style is HEADING:
            for following, next_text in blocks[index + 1 :]:
                if following is HEADING:
                    break
                needed += following.before + following.leading * len(_wrap(next_text, following))
            needed = min(needed, PAGE[1] / 2)
        headings += style is HEADING
        after_cover = style is HEADING and headings == 2
        if not pages or after_cover or y - needed < MARGIN:
            pages.append(_Page())
            y = PAGE[1] - MARGIN
            _furniture(pages[-1], len(pages), running)
        page = pages[-1]
        y -= style.before if page.elements or style is TITLE else 0
        mark = len(page.elements)
        page.elements.append(len(elements))
        elements.append(_Element(style, text, len(pages) - 1, mark))
        page.commands.append(
            f"/{style.tag} <</MCID {mark}>> BDC BT {style.colour} rg /{style.font} {style.size} Tf"
        )
        for number, line in enumerate(lines):
            y -= style.leading
            x = MARGIN + style.indent
            if style is ITEM and number == 0:
                page.commands.append(f"1 0 0 1 {MARGIN} {y:.1f} Tm {_string('•')} Tj")
            page.commands.append(f"1 0 0 1 {x:g} {y:.1f} Tm {_string(line)} Tj")
        page.commands.append("ET EMC")
    return pages, elements


def _furniture(page: _Page, number: int, running: str) -> None:
    """What repeats on every page, marked as decoration: a bar, the title, the page number."""
    page.commands.append(
        f"/Artifact BMC {ACCENT} rg {MARGIN} {PAGE[1] - 44} 40 4 re f BT {INK} rg /F1 8.5 Tf "
        f"1 0 0 1 {MARGIN} 40 Tm {_string(running)} Tj "
        f"1 0 0 1 {PAGE[0] - MARGIN - 8} 40 Tm {_string(str(number))} Tj ET EMC"
    )


def _assemble(
    pages: list[_Page],
    elements: list[_Element],
    title: str,
    language: str,
    created: date,
    author: str,
) -> bytes:
    objects: list[bytes] = []

    def reserve() -> int:
        objects.append(b"")
        return len(objects)

    def put(number: int, body: str | bytes) -> None:
        objects[number - 1] = body if isinstance(body, bytes) else body.encode("ascii")

    catalogue, tree, info, root, parents, outlines = (reserve() for _ in range(6))
    fonts = [reserve(), reserve()]
    for number, name in zip(fonts, ("Helvetica", "Helvetica-Bold"), strict=True):
        put(number, f"<</Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding>>")
    page_numbers = [reserve() for _ in pages]
    element_numbers = [reserve() for _ in elements]
    lists, kids = _structure(elements, element_numbers, reserve)
    list_of = {member: number for number, members in lists.items() for member in members}
    for (style, _, page, mark), number in zip(elements, element_numbers, strict=True):
        parent = list_of.get(number, root)
        if style is ITEM:
            body = reserve()
            put(
                body,
                f"<</Type /StructElem /S /LBody /P {number} 0 R /Pg {page_numbers[page]} 0 R /K {mark}>>",
            )
            put(number, f"<</Type /StructElem /S /LI /P {parent} 0 R /K [{body} 0 R]>>")
        else:
            put(
                number,
                f"<</Type /StructElem /S /{style.tag} /P {parent} 0 R "
                f"/Pg {page_numbers[page]} 0 R /K {mark}>>",
            )
    for number, members in lists.items():
        put(number, f"<</Type /StructElem /S /L /P {root} 0 R /K [{_refs(members)}]>>")
    for index, (sheet, number) in enumerate(zip(pages, page_numbers, strict=True)):
        content = reserve()
        data = zlib.compress("\n".join(sheet.commands).encode("ascii"), 9)
        put(content, b"<</Length %d /Filter /FlateDecode>>\nstream\n%s\nendstream" % (len(data), data))
        put(
            number,
            f"<</Type /Page /Parent {tree} 0 R /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] /Contents {content} 0 R "
            f"/Resources <</Font <</F1 {fonts[0]} 0 R /F2 {fonts[1]} 0 R>>>> "
            f"/StructParents {index} /Tabs /S>>",
        )
    marked = " ".join(
        f"{index} [{_refs([element_numbers[element] for element in page.elements])}]"
        for index, page in enumerate(pages)
    )
    put(parents, f"<</Nums [{marked}]>>")
    put(root, f"<</Type /StructTreeRoot /K [{_refs(kids)}] /ParentTree {parents} 0 R>>")
    _outline(elements, page_numbers, outlines, reserve, put)
    stamp = f"(D:{created:%Y%m%d}090000Z)"
    put(info, f"<</Title {_utf16(title)} /Author {_utf16(author)} /CreationDate {stamp} /ModDate {stamp}>>")
    put(tree, f"<</Type /Pages /Kids [{_refs(page_numbers)}] /Count {len(pages)}>>")
    put(
        catalogue,
        f"<</Type /Catalog /Pages {tree} 0 R /Lang ({language}) /MarkInfo <</Marked true>> "
        f"/StructTreeRoot {root} 0 R /Outlines {outlines} 0 R /ViewerPreferences <</DisplayDocTitle true>>>>",
    )
    return _file(objects, catalogue, info)


def _structure(
    elements: list[_Element], numbers: list[int], reserve: Callable[[], int]
) -> tuple[dict[int, list[int]], list[int]]:
    """Lists with their items, and the children of the root in reading order."""
    lists: dict[int, list[int]] = {}
    kids: list[int] = []
    current = 0
    for (style, *_), number in zip(elements, numbers, strict=True):
        if style is not ITEM:
            current = 0
            kids.append(number)
            continue
        if not current:
            current = reserve()
            lists[current] = []
            kids.append(current)
        lists[current].append(number)
    return lists, kids


def _outline(
    elements: list[_Element],
    page_numbers: list[int],
    outlines: int,
    reserve: Callable[[], int],
    put: Callable[[int, str], None],
) -> None:
    """Bookmarks: one for each heading."""
    headings = [(text, page) for style, text, page, _ in elements if style is HEADING]
    numbers = [reserve() for _ in headings]
    for index, ((text, page), number) in enumerate(zip(headings, numbers, strict=True)):
        before = f" /Prev {numbers[index - 1]} 0 R" if index else ""
        after = f" /Next {numbers[index + 1]} 0 R" if index + 1 < len(numbers) else ""
        put(
            number,
            f"<</Title {_utf16(text)} /Parent {outlines} 0 R{before}{after} "
            f"/Dest [{page_numbers[page]} 0 R /Fit]>>",
        )
    put(
        outlines,
        f"<</Type /Outlines /First {numbers[0]} 0 R /Last {numbers[-1]} 0 R /Count {len(numbers)}>>"
        if numbers
        else "<</Type /Outlines /Count 0>>",
    )


def _file(objects: list[bytes], catalogue: int, info: int) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<</Size %d /Root %d 0 R /Info %d 0 R>>\n" % (len(objects) + 1, catalogue, info)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _wrap(text: str, style: Style) -> list[str]:
    """The lines of `text` within the margins; a no-break space never ends a line."""
    limit = PAGE[0] - 2 * MARGIN - style.indent
    lines: list[str] = []
    for word in text.split(" "):
        if lines and _width(f"{lines[-1]} {word}", style) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _width(text: str, style: Style) -> float:
    total = sum(_advance(character) for character in text) * style.size / 1000
    return total * (_BOLD if style.font == "F2" else 1)


def _advance(character: str) -> int:
    if character in _OTHER_WIDTHS:
        return _OTHER_WIDTHS[character]
    base = ord(unicodedata.normalize("NFD", character)[0])
    return _ASCII_WIDTHS[base - 32] if 32 <= base <= 126 else 556


def _string(text: str) -> str:
    """A string to show, as hexadecimal Windows-1252. UnicodeEncodeError for what it lacks."""
    return f"<{text.encode('cp1252').hex()}>"


def _utf16(text: str) -> str:
    """A text string for the document's properties."""
    return f"<feff{text.encode('utf-16-be').hex()}>"


def _refs(numbers: list[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
