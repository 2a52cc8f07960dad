"""What must hold of each public page, read from its file. Each check returns what is wrong, one line each."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import brotli
import lxml.html

from tests.site.output import LANGUAGES, Output, Page, all_below, brotlied, gzipped

BUDGET = 14_336
"""Bytes of HTML, CSS, SVG and script of a page together, compressed."""
SERVICE_WORKER = "/sw.js"
NOTIFYING_WORKER = "/sw-push.js"
"""In place of the other on devices whose owner asked for notifications: no page needs it."""
FRAMES = "/alerts/embed."
"""Documents for other sites' pages, which have the landmarks and the heading."""
OTHER = {"fr": "nl", "nl": "fr"}
NOT_READ = {"script", "style", "template", "svg", "noscript"}
BLOCKS = "p h1 h2 h3 h4 li dt dd th td figcaption caption summary label button a title legend option"

# Words that are frequent in one language and no words of the others: short texts are told apart by them.
WORDS = {
    "fr": """
        le la les des du une un et est sont pour dans avec sur qui que vous nous votre vos notre nos au aux ce
        cette ces par pas plus ou où être avoir leur leurs elle il ils à d’un d’une l’on entre chez tous""",
    "nl": """
        het een van voor zijn is wat waar met op die dat niet ook aan bij naar uit wordt worden door om als wij uw onze
        ons hun zij deze dit meer maar kan kunnen moet of alle haar heeft hebben tussen tegen over geen""",
    "en": """
        the and are for with you your our this that from not all which by be has have will can been their
        its more at or an it go""",
}
KNOWN = {language: set(words.split()) for language, words in WORDS.items()}


def structure(page: Page) -> list[str]:
    """One h1, a title, the right `lang`, the landmarks that every page has, no base element."""
    tree = page.tree
    wrong = []
    expected = LANGUAGES.get(page.language or "")
    lang = tree.get("lang")
    if lang not in LANGUAGES.values() or (expected and lang != expected):
        wrong.append(f"{page.url}: lang is {lang!r}, not {expected or 'fr-BE or nl-BE'}")
    own = 0 if page.url.startswith(FRAMES) else 1
    for path, count in {
        "//h1": own,
        "/html/head/title": 1,
        "//main": own,
        "//base": 0,
        "//meta[@name='viewport']": 1,
    }.items():
        if len(tree.xpath(path)) != count:
            wrong.append(f"{page.url}: {len(tree.xpath(path))} of {path}, not {count}")
    for path in ("//h1", "/html/head/title"):
        wrong += [
            f"{page.url}: empty {path}" for element in tree.xpath(path) if not element.text_content().strip()
        ]
    return wrong


def titles(pages: Iterable[Page]) -> list[str]:
    """Titles and descriptions that several pages of one language share."""
    found: dict[tuple[str | None, str, str], list[str]] = defaultdict(list)
    for page in pages:
        title = " ".join(page.tree.findtext(".//title", "").split())
        found[(page.language, "title", title)].append(page.url)
    return [f"{urls}: the same {what} {text!r}" for (_, what, text), urls in found.items() if len(urls) > 1]


def alternates(page: Page, output: Output) -> list[str]:
    """canonical, hreflang and the visible language switch, and that the twin says the same of this page."""
    wrong = []
    tree = page.tree
    canonical = tree.xpath("//link[@rel='canonical']/@href")
    if [output.local(link, "/") for link in canonical] != [page.url]:
        wrong.append(f"{page.url}: canonical is {canonical}")
    links = [
        (link.get("hreflang"), link.get("href")) for link in tree.xpath("//link[@rel='alternate'][@hreflang]")
    ]
    if sorted(code for code, _ in links) != ["fr-BE", "nl-BE", "x-default"]:
        return [*wrong, f"{page.url}: hreflang {[code for code, _ in links]}"]
    if not all(
        link.startswith(f"{output.base_url}/") for _, link in [*links, *((None, link) for link in canonical)]
    ):
        wrong.append(f"{page.url}: canonical and hreflang must be absolute")
    targets = {code: output.local(link, "/") for code, link in links}
    if targets["x-default"] != "/":
        wrong.append(f"{page.url}: x-default leads to {targets['x-default']}")
    for language, code in LANGUAGES.items():
        if not (targets[code] or "").startswith(f"/{language}/"):
            wrong.append(f"{page.url}: {code} leads to {targets[code]}")
        if targets[code] not in output.pages:
            wrong.append(f"{page.url}: {code} leads to {targets[code]}, which does not exist")
    if page.language is None:
        return wrong
    if targets[LANGUAGES[page.language]] != page.url:
        wrong.append(f"{page.url}: its own hreflang leads to {targets[LANGUAGES[page.language]]}")
    twin = targets[LANGUAGES[OTHER[page.language]]]
    switches = {
        output.local(link, page.url)
        for link in tree.xpath(f"//body//a[@hreflang='{LANGUAGES[OTHER[page.language]]}']/@href")
    }
    if switches != {twin}:
        wrong.append(f"{page.url}: the language switch leads to {switches}, hreflang to {twin}")
    if twin in output.pages:
        back = output.pages[twin].tree.xpath(f"//link[@hreflang='{LANGUAGES[page.language]}']/@href")
        if [output.local(link, "/") for link in back] != [page.url]:
            wrong.append(f"{page.url}: its twin {twin} names {back} as this page")
    return wrong


def national(number: str) -> str:
    """The digits that somebody in Belgium dials: "+32 2 507 99 11" is "025079911"."""
    digits = re.sub(r"\(0\)|[^\d+]", "", number)
    digits = re.sub(r"^\+", "00", digits)
    return re.sub(r"^0032", "0", digits)


def telephones(page: Page) -> list[str]:
    """Each `tel:` link dials what it shows, and short numbers are dialled as they are."""
    wrong = []
    for link in page.tree.xpath("//a[starts-with(@href, 'tel:')]"):
        dialled = link.get("href").removeprefix("tel:")
        shown = [national(found) for found in re.findall(r"\+?\d[\d\s./()-]*\d", link.text_content())]
        if national(dialled) not in shown:
            wrong.append(f"{page.url}: tel:{dialled} shows {' '.join(link.text_content().split())!r}")
        if len(national(dialled)) <= 4 and not dialled.isdigit():
            wrong.append(f"{page.url}: a short number is dialled as tel:{dialled}")
    return wrong


@dataclass(frozen=True)
class Weight:
    """Compressed bytes of a page, by what they are."""

    url: str
    html: int
    css: int
    svg: int
    script: int

    @property
    def total(self) -> int:
        return self.html + self.css + self.svg + self.script


def weight(page: Page, output: Output, *, as_brotli: bool, with_worker: bool) -> Weight:
    """What the page needs but photographs: itself, and the style sheets, drawings and scripts that they name.

    A script's own modules count as script; with `with_worker`, so does the service worker that they register."""
    size = brotlied if as_brotli else gzipped
    parts: dict[str, int] = {".css": 0, ".svg": 0, ".js": 0}
    seen: set[str] = set()
    waiting = [
        (page.url, link) for link in page.tree.xpath("//link[@rel!='alternate'][@rel!='canonical']/@href")
    ]
    waiting += [(page.url, link) for link in page.tree.xpath("//script/@src | //img/@src | //object/@data")]
    waiting += [
        (page.url, use) for use in page.tree.xpath("//*[local-name()='use' or local-name()='image']/@href")
    ]
    while waiting:
        source, link = waiting.pop()
        url = output.local(link, source)
        file = output.files.get(url or "")
        if url is None or url in seen or file is None or file.suffix not in parts:
            continue
        if url == NOTIFYING_WORKER or (url == SERVICE_WORKER and not with_worker):
            continue
        seen.add(url)
        parts[file.suffix] += size(file)
        text = file.read_text(encoding="utf-8")
        pattern = {".js": r"""["']([^"']+\.js)["']""", ".css": r"""url\(["']?([^"')]+)"""}.get(file.suffix)
        waiting += [(url, found) for found in re.findall(pattern, text)] if pattern else []
    return Weight(page.url, size(page.file), parts[".css"], parts[".svg"], parts[".js"])


def table(weights: Iterable[Weight], rows: int = 5) -> str:
    """The heaviest pages, for people."""
    heaviest = sorted(weights, key=lambda weight: -weight.total)[:rows]
    lines = [f"{'total':>7} {'html':>7} {'css':>6} {'svg':>6} {'script':>6}  page"]
    lines += [f"{w.total:>7} {w.html:>7} {w.css:>6} {w.svg:>6} {w.script:>6}  {w.url}" for w in heaviest]
    return "\n".join(lines)


def foreign_text(page: Page) -> list[str]:
    """Texts in another language than their `lang` says: a draft's, or a string nobody translated."""
    wrong = []
    for element in page.tree.iter(*BLOCKS.split()):
        language = (element.xpath("string(ancestor-or-self::*[@lang][1]/@lang)") or "")[:2]
        text = own_text(element)
        words = re.findall(r"[a-zà-ÿœ’]+", text.lower().replace("'", "’"))
        score = {name: sum(word in known for word in words) for name, known in KNOWN.items()}
        best = max(score, key=lambda name: (score[name], name == language))
        if (
            language in LANGUAGES
            and best != language
            and score[best] >= 2
            and score[best] > 2 * score[language]
        ):
            wrong.append(f"{page.url}: {best} in {language} <{element.tag}>: {text[:120]!r}")
    return wrong


def own_text(element: lxml.html.HtmlElement) -> str:
    """The text of `element` in its own language: without inner elements with a `lang` or not read."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in NOT_READ and child.get("lang") is None:
            parts.append(own_text(child))
        parts.append(child.tail or "")
    return " ".join(" ".join(parts).split())


def holding(root: Path, needles: Iterable[bytes]) -> list[str]:
    """Files below `root`, compressed ones unpacked, that hold a needle in their bytes or their name."""
    unpacked = {".gz": gzip.decompress, ".br": brotli.decompress}
    wanted = list(needles)
    found = []
    for file in all_below(root):
        if not file.is_file():
            continue
        data = file.read_bytes()
        if file.suffix in unpacked:
            data = unpacked[file.suffix](data)
        name = str(file.relative_to(root)).encode()
        found += [
            f"{name.decode()}: {needle.decode()}" for needle in wanted if needle in data or needle in name
        ]
    return found
