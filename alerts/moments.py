"""When an alert may begin and end: what is no slip of the keyboard."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from alerts.scenarios import MOST_HOURS
from pages.jinja import hour

YEARS = 2000, 2999
"""A time outside of them is a slip, and near the ends of the calendar another zone has no such day."""
BACK, AHEAD = timedelta(days=7), timedelta(days=365)
"""How long ago a new alert may have begun, and how far ahead any may begin or end."""
LONG = timedelta(hours=MOST_HOURS + 2)
"""What lasts longer is asked about. The two hours are for what rounding adds to the longest scenario."""


def local(time: datetime) -> str:
    """In words, in the officer's time; one that only another zone has, as it stands."""
    with suppress(OverflowError):
        time = timezone.localtime(time)
    return in_figures(time)


def in_figures(local: datetime) -> str:
    """A local time in words: "22/11/2026 18:00"."""
    # C pads no year below 1000.
    return f"{local:%d/%m}/{local.year:04} {hour(local)}"


def in_calendar(time: datetime) -> bool:
    """Told without a change of zone, which the first and last days of the calendar do not survive."""
    least, most = YEARS
    return least <= time.year <= most


def out_of_calendar(time: datetime) -> str:
    reason = gettext("%(time)s is not between the years %(least)d and %(most)d. Correct the year.")
    return reason % {"time": local(time), "least": YEARS[0], "most": YEARS[1]}


def check_calendar(time: datetime) -> None:
    """Raises ValidationError."""
    if not in_calendar(time):
        raise ValidationError(out_of_calendar(time))


def check_near(time: datetime, now: datetime, *, back: timedelta | None = None) -> None:
    """Raises ValidationError for a time further ahead than AHEAD, or longer ago than `back`."""
    if time > now + AHEAD:
        reason = gettext("%(time)s is more than a year ahead. Check the date; choose %(most)s at the latest.")
        raise ValidationError(reason % {"time": local(time), "most": local(now + AHEAD)})
    if back is not None and time < now - back:
        reason = gettext(
            "%(time)s is more than %(days)d days ago. Check the date; "
            "for what began earlier, choose %(least)s or later."
        )
        said = {"time": local(time), "days": back.days, "least": local(now - back + timedelta(minutes=1))}
        raise ValidationError(reason % said)


def asked_about(begin: datetime, end: datetime) -> str:
    """What to ask of who sends what lasts longer than LONG; "" otherwise."""
    if end - begin <= LONG:
        return ""
    question = gettext(
        "It would last %(days)d days, until %(end)s. Correct the end, or tick here if it is right so."
    )
    return question % {"days": (end - begin).days, "end": local(end)}
