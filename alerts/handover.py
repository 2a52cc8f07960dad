"""The text that an officer hands over to BE-Alert: one SMS per language, with a short address.

An SMS holds 160 characters of the GSM 7-bit default alphabet (3GPP TS 23.038, 6.2.1); those of its extension table
count twice. One character outside both, an "ê" say, would halve the room, so those are written without their accent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from alerts.content import steps
from alerts.vocabulary import Status
from generator import registry
from generator.documents import Redirect
from pages.languages import LANGUAGES, override
from pages.rendering import Run

SMS = 160
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")
WRITTEN_AS = {
    "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-",
    "‑": "-", "…": "...", "œ": "oe", "Œ": "OE", "\u00a0": " ", "\u202f": " ", "\t": " ", "\n": " ", "•": "-", "×": "x",
}  # fmt: skip
CUT = "..."


def to_gsm(text: str) -> str:
    """`text` in the GSM alphabet and its extension: other accents are dropped, what has no likeness becomes "?"."""
    quoted = re.sub(r"«\s*|\s*»", '"', unicodedata.normalize("NFC", text))
    written = "".join(_written(character) for character in quoted)
    return " ".join(written.split())


def _written(character: str) -> str:
    if character in WRITTEN_AS:
        return WRITTEN_AS[character]
    if character in BASIC or character in EXTENSION:
        return character
    bare = "".join(
        part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)
    )
    return "".join(part if part in BASIC or part in EXTENSION else "?" for part in bare)


def septets(text: str) -> int:
    """How much of an SMS `text`, which is in the GSM alphabet, takes."""
    return sum(2 if character in EXTENSION else 1 for character in text)


def cut(text: str, most: int) -> str:
    """`text` within `most` septets, between words, with "..." where something is left out; "" where nothing fits."""
    if septets(text) <= most:
        return text
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}".strip()
        if septets(longer) + len(CUT) > most:
            break
        kept = longer
    return kept.rstrip(" ,;:.-") + CUT if kept else ""


def sms(content: dict[str, Any], language: str, url: str) -> str:
    """Headline, as much of what to do as there is room for, address: at most 160 septets.

    `content` is a message's; whole steps are kept as long as they fit. A long headline leaves half to the first step.
    """
    room = SMS - septets(url) - 1
    instruction = [_sentence(to_gsm(step)) for step in steps(content["instruction"][language])]
    headline = _sentence(to_gsm(marked_headline(content, language)))
    first = septets(instruction[0]) + 1 if instruction else 0
    text = cut(headline, room - min(first, room // 2))
    for step in instruction:
        left = room - septets(text) - 1
        if septets(step) > left:
            if step == instruction[0] and (part := cut(step, left)):
                text = f"{text} {part}"
            break
        text = f"{text} {step}"
    return f"{text} {url}".strip()


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?" else f"{text}."


def marked_headline(content: dict[str, Any], language: str) -> str:
    """The headline; of an exercise or a test it says so first."""
    with override(language):
        return Status(content["status"]).marked(content["headline"][language])


@dataclass(frozen=True, slots=True)
class Handover:
    """One language's SMS."""

    language: str
    text: str

    @property
    def length(self) -> int:
        return septets(self.text)


def handovers(alert_id: int, content: dict[str, Any]) -> list[Handover]:
    """The text for BE-Alert in each language."""
    return [
        Handover(language, sms(content, language, settings.VIGIE_BASE_URL + short_path(alert_id, language)))
        for language in LANGUAGES
    ]


def short_path(alert_id: int, language: str) -> str:
    """An address of the alert's page that an SMS has room for: it redirects."""
    return f"/{language}/a{alert_id}"


@registry.redirects("alerts.short", urgent=True)
def short_addresses(context: registry.BuildContext) -> Iterator[Redirect]:
    """Those of all alerts the public may see, also once they are over."""
    for node in Run.of(context).graph.of_type("alerts.alertpage"):
        for language in LANGUAGES:
            yield Redirect(short_path(node.id, language), node.urls[language])
