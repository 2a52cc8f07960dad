"""What an alert's page shows beside the texts of its message: the area in words and as a map, whom to contact, the
timeline, a text to share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, pgettext

from alerts import pictures
from alerts.areas import Area
from alerts.lifecycle import Kind, State
from alerts.vocabulary import Status
from emergency_numbers.spelling import uri
from pages.jinja import format_datetime
from territory.maps import Place, Territory

if TYPE_CHECKING:
    from alerts.models import AlertMessage
    from pages.rendering import Rendering


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the timeline; `changed` names what it says otherwise than the one before."""

    message: AlertMessage
    changed: list[str]


def context(
    content: dict[str, Any],
    messages: Sequence[AlertMessage],
    state: State,
    rendering: Rendering,
    *,
    is_announced: bool = False,
) -> dict[str, Any]:
    """For the page's template. `messages`: the chain, oldest first; `is_announced`: it is still to begin; the texts are
    in the active language."""
    area, image, language = Area.of(content), content.get("image"), rendering.language
    number = content.get("contact_number", "")
    return {
        "headline": headline(content, language),
        "area": area,
        "places": [names[language] for names in content.get("places", [])],
        "partly": _partly(area, rendering),
        "contact": content.get("contact", {}).get(language, ""),
        "contact_number": number,
        "contact_uri": uri(number) if number else "",
        "image": image and {**image, "url": pictures.published(image), "alt": image["alt"][language]},
        "timeline": timeline(messages),
        "share": share(content, state, language, is_announced=is_announced),
    }


def headline(content: dict[str, Any], language: str) -> str:
    """Says first that it is no real event, where it is none."""
    return Status(content["status"]).marked(content["headline"][language])


def mark(identifier: str) -> str:
    """What the alert's page has (templates/alerts/alert_page.html, alerts.plain) where it says what this message says:
    outside of every slot, which a page that could not be rendered again gets all the same."""
    return f'data-message="{identifier}"'


def share(content: dict[str, Any], state: State, language: str, *, is_announced: bool = False) -> str:
    """A few words to send on: where, if the headline does not say so; from when, if that is ahead, until when the alert
    holds, or that it is over; and the address of the page."""
    begin, end = (format_datetime(datetime.fromisoformat(content[name])) for name in ("onset", "expires"))
    parts, area = [headline(content, language)], content["area"][language]
    if area.casefold() not in parts[0].casefold():
        parts.append(area)
    if is_announced:
        parts.append(gettext("From %(begin)s until %(end)s.") % {"begin": begin, "end": end})
    elif state is State.ACTIVE:
        parts.append(gettext("Until %(end)s.") % {"end": end})
    elif state is State.EXPIRED:
        parts.insert(0, gettext("This alert is over"))
    return " – ".join(part for part in parts if part) + " " + content["web"][language]


def timeline(messages: Sequence[AlertMessage]) -> list[Entry]:
    """Newest first."""
    entries: list[Entry] = []
    before: dict[str, Any] | None = None
    for message in messages:
        is_over = message.kind in (Kind.ALL_CLEAR, Kind.CANCEL)
        # What ends an alert says in its headline what it changes.
        entries.append(Entry(message, changes(before, message.content) if before and not is_over else []))
        before = message.content
    return entries[::-1]


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What `after` says otherwise than `before`, but for the headline, which the timeline shows."""
    watched = {
        pgettext("changed", "situation"): ("what",),
        pgettext("changed", "place"): ("area", "nis", "polygons", "circles"),
        pgettext("changed", "instructions"): ("instruction",),
        pgettext("changed", "expected end"): ("expires",),
        pgettext("changed", "contact"): ("contact", "contact_number"),
        pgettext("changed", "image"): ("image",),
    }
    return [
        label
        for label, names in watched.items()
        if any((before.get(name) or None) != (after.get(name) or None) for name in names)
    ]


def _partly(area: Area, rendering: Rendering) -> list[Place]:
    """The municipalities of which a part lies in the area, by name."""
    codes = set(area.touched()) - set(area.nis)
    if not codes:
        return []
    known = Territory.on(rendering.run.today()).municipalities
    return sorted((known[nis] for nis in codes if nis in known), key=lambda place: place.name)
