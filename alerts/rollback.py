"""Going back to an earlier release neither hides an alert, nor shows one that is over or has been updated since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext

from generator import registry

ACTIVE = "alerts/active.json"
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class _Shown:
    """An alert as a release shows it: the identifier of its last message, and its headline."""

    identifier: str
    headline: str


@registry.release_check("alerts")
def alerts_that_differ(release: Path, live: Path | None) -> Iterator[str]:
    """Compares files, since what the public sees now is the live release, whatever the database says. What has
    expired meanwhile is over in both."""
    now = timezone.now()
    then, today = _read(release, now), _read(live, now) if live else {}
    if then is None:
        yield gettext("Which alerts it shows cannot be read.")
    if today is None:
        yield gettext("Which alerts the site shows now cannot be read.")
    if then is None or today is None:
        return
    if hidden := today.keys() - then.keys():
        yield gettext("It would hide what is active now: %(alerts)s.") % _named(today[key] for key in hidden)
    if back := then.keys() - today.keys():
        yield gettext("It would bring back what is over: %(alerts)s.") % _named(then[key] for key in back)
    if older := [key for key in then.keys() & today.keys() if then[key].identifier != today[key].identifier]:
        yield gettext("It would show in another state: %(alerts)s.") % _named(today[key] for key in older)


def _read(public: Path, now: datetime) -> dict[str, _Shown] | None:
    """The alerts that are active at `now`, by the identifier of their first message; None where that cannot be
    read."""
    try:
        said = json.loads((public / ACTIVE).read_text(encoding="utf-8"))
        return {
            str(alert["first_identifier"]): _Shown(str(alert["identifier"]), _headline(alert["headline"]))
            for alert in said["alerts"]
            if datetime.fromisoformat(alert["expires"]) > now
        }
    except UNREADABLE:
        return None


def _headline(headline: dict[str, Any]) -> str:
    """In the language of who reads; in both where that is neither."""
    return str(headline.get(get_language() or "") or " / ".join(headline.values()))


def _named(alerts: Iterable[_Shown]) -> dict[str, str]:
    return {"alerts": "; ".join(sorted(alert.headline for alert in alerts))}
