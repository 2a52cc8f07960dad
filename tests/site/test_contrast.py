"""The colours of the public face, measured: WCAG 2.2, 1.4.3 and 1.4.11."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.once

STYLE_SHEET = Path(settings.BASE_DIR, "static", "css", "vigie.css").read_text(encoding="utf-8")
STANDALONE = Path(settings.BASE_DIR, "templates", "components", "standalone.html").read_text(encoding="utf-8")
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b")
DARK = re.compile(r"@media\s*\(prefers-color-scheme: ?dark\)\s*\{\s*:root\s*\{(.*?)\}", re.DOTALL)
LIGHT = re.compile(r":root\s*\{(.*?)\}", re.DOTALL)

TEXT = 4.5
GRAPHIC = 3.0
PAIRS = [
    ("ink", "paper", TEXT),
    ("ink", "wash", TEXT),
    ("soft", "paper", TEXT),
    ("soft", "wash", TEXT),
    ("sign", "paper", TEXT),
    ("sign", "wash", TEXT),
    ("on-field", "field", TEXT),
    ("on-field", "tint", TEXT),
    ("on-field", "bar", TEXT),
    ("on-field", "alert", TEXT),
    ("alert-text", "paper", TEXT),
    ("alert-text", "wash", TEXT),
    ("focus", "paper", GRAPHIC),
    ("focus", "wash", GRAPHIC),
]


def tokens(source: str) -> dict[str, dict[str, str]]:
    """The colours of both schemes; the dark one overrides the light one."""
    light = dict(TOKEN.findall(LIGHT.search(source)[1]))  # type: ignore[index]
    return {"light": light, "dark": light | dict(TOKEN.findall(DARK.search(source)[1]))}  # type: ignore[index]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("above", "below", "least"), PAIRS)
def test_colours_that_meet_can_be_told_apart(scheme: str, above: str, below: str, least: float) -> None:
    colours = tokens(STYLE_SHEET)[scheme]
    assert contrast(colours[above], colours[below]) >= least


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_that_stand_alone_have_the_colours_of_the_others(scheme: str) -> None:
    own, shared = tokens(STANDALONE)[scheme], tokens(STYLE_SHEET)[scheme]
    assert own == {name: shared[name] for name in own}
