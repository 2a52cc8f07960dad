"""What a scenario's texts leave open: "{place}", "{time}" and "{detail}", the same names in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from alerts.cap import in_brussels
from pages.languages import FR

PLACE, TIME, DETAIL = "place", "time", "detail"
MEANINGS = {
    PLACE: _("where, in words"),
    TIME: _("the hour at which it began"),
    DETAIL: _("what the scenario leaves open"),
}
_NAMED = re.compile(r"\{([^{}\n]{0,40})\}")
_BRACE = re.compile(r"[{}]")


def named(text: str) -> list[str]:
    """The names between braces in `text`, each once, in order: known placeholders and others."""
    return list(dict.fromkeys(_NAMED.findall(text)))


def unknown(text: str) -> list[str]:
    """What is written as a placeholder in `text` and is none, as it is written: "{plaats}", or a brace alone."""
    strange = [f"{{{name}}}" for name in named(text) if name not in MEANINGS]
    return strange + _BRACE.findall(_NAMED.sub("", text))[:1]


def unfilled(text: str) -> list[str]:
    """What still stands between braces in `text`, as it is written."""
    return [f"{{{name}}}" for name in named(text)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each placeholder that has a value replaced; those without one stay."""
    return _NAMED.sub(lambda match: values.get(match[1]) or match[0], text)


def spoken_time(moment: datetime, language: str, *, today: datetime) -> str:
    """The hour in Brussels as a sentence has it: "14 h 35", "14.35 uur"; with the date, "14 h 35 (23/11)", unless that
    is the day of `today`."""
    local = in_brussels(moment)
    hour = f"{local.hour}\u00a0h\u00a0{local:%M}" if language == FR else f"{local.hour}.{local:%M} uur"
    return hour if local.date() == in_brussels(today).date() else f"{hour} ({local:%d/%m})"
