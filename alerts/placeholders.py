"""What a scenario's texts leave open: "{place}", "{time}" and "{detail}", the same names in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Filled:
    """A template and what was last filled into it, by name: by these a form that is shown again tells a text that
    nobody has touched, which follows what is typed elsewhere, from one that somebody changed by hand."""

    template: str
    values: Mapping[str, str]

    def is_in(self, text: str) -> bool:
        """Whether `text` is the template so filled in."""
        return _plain(text) == _plain(fill(self.template, self.values))

    def left_in(self, text: str, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """What `text` still says of what was filled in, though `values` say something else now: pairs of both."""
        pairs = ((was, values.get(name, "")) for name, was in self.values.items())
        return [(was, now) for was, now in pairs if now and _holds(text, was, now)]


def _plain(text: str) -> str:
    """As a text field gives it back, whatever its line ends."""
    return text.replace("\r\n", "\n").strip()


def _holds(text: str, was: str, now: str) -> bool:
    text, was, now = text.casefold(), was.casefold(), now.casefold()
    if was in now:
        # What is said now says the old too.
        text = text.replace(now, "\n")
    return bool(was) and bool(re.search(rf"(?<!\w){re.escape(was)}(?!\w)", text))


def written(texts: Mapping[str, Filled]) -> str:
    """Texts by field name, for a hidden field; `read` reads it."""
    said = {name: [_plain(filled.template), dict(filled.values)] for name, filled in texts.items()}
    return json.dumps(said, ensure_ascii=False)


def read(said: str | None) -> dict[str, Filled]:
    """What `written` wrote; nothing where it was not."""
    try:
        texts = json.loads(said or "{}")
        return {
            str(name): Filled(str(template), {str(key): str(value) for key, value in values.items()})
            for name, (template, values) in texts.items()
        }
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}


def spoken_time(moment: datetime, language: str, *, today: datetime) -> str:
    """The hour in Brussels as a sentence has it: "14 h 35", "14.35 uur"; with the date, "14 h 35 (23/11)", unless that
    is the day of `today`."""
    local = in_brussels(moment)
    hour = f"{local.hour}\u00a0h\u00a0{local:%M}" if language == FR else f"{local.hour}.{local:%M} uur"
    return hour if local.date() == in_brussels(today).date() else f"{hour} ({local:%d/%m})"
