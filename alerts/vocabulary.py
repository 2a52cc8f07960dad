"""The codes of OASIS CAP 1.2 and the events of the region, with the words people read."""

import re

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What may happen. Its CAP category is in CATEGORIES."""

    SHOOTING = "shooting", _("Shooting")
    EXPLOSION = "explosion", _("Explosion")
    FIRE = "fire", _("Fire with smoke")
    HAZMAT = "hazmat", _("Hazardous substance")
    EVACUATION = "evacuation", _("Evacuation")
    SHELTER = "shelter", _("Shelter in place")
    MISSING = "missing-child", _("Missing child")
    FLOOD = "flood", _("Flooding")
    STORM = "storm", _("Storm")
    DEMONSTRATION = "demonstration", _("Demonstration with road closures")
    TRANSPORT = "transport", _("Public transport interruption")
    POWER = "power", _("Power failure")
    WATER = "water", _("Drinking water failure")
    CYBER = "cyber", _("Cyber incident at public services")
    TERROR = "terror-level", _("Terror threat level change")
    OTHER = "other", _("Other event")


CATEGORIES = {
    Event.SHOOTING: "Security",
    Event.EXPLOSION: "Security",
    Event.FIRE: "Fire",
    Event.HAZMAT: "CBRNE",
    Event.EVACUATION: "Safety",
    Event.SHELTER: "Safety",
    Event.MISSING: "Rescue",
    Event.FLOOD: "Met",
    Event.STORM: "Met",
    Event.DEMONSTRATION: "Transport",
    Event.TRANSPORT: "Transport",
    Event.POWER: "Infra",
    Event.WATER: "Infra",
    Event.CYBER: "Infra",
    Event.TERROR: "Security",
    Event.OTHER: "Other",
}
"""CAP 1.2, 3.2.2 `category`."""


class Response(models.TextChoices):
    """CAP 1.2, 3.2.2 `responseType`. AllClear is missing: the all-clear says it by itself."""

    SHELTER = "Shelter", pgettext_lazy("response", "Shelter: stay or go inside")
    EVACUATE = "Evacuate", pgettext_lazy("response", "Evacuate: leave the area")
    PREPARE = "Prepare", pgettext_lazy("response", "Prepare for what may come")
    EXECUTE = "Execute", pgettext_lazy("response", "Do what the instruction says")
    AVOID = "Avoid", pgettext_lazy("response", "Avoid the area")
    MONITOR = "Monitor", pgettext_lazy("response", "Follow the news")
    ASSESS = "Assess", pgettext_lazy("response", "Judge for yourself (not for the public)")
    NONE = "None", pgettext_lazy("response", "Nothing to do")


class Urgency(models.TextChoices):
    """CAP 1.2, 3.2.2 `urgency`."""

    IMMEDIATE = "Immediate", _("Immediate: act now")
    EXPECTED = "Expected", _("Expected: act within the hour")
    FUTURE = "Future", _("Future: act soon")
    PAST = "Past", _("Past: nothing to do any more")
    UNKNOWN = "Unknown", pgettext_lazy("urgency, severity or certainty", "Unknown")


class Severity(models.TextChoices):
    """CAP 1.2, 3.2.2 `severity`."""

    EXTREME = "Extreme", _("Extreme threat to life or property")
    SEVERE = "Severe", _("Severe threat to life or property")
    MODERATE = "Moderate", _("Possible threat to life or property")
    MINOR = "Minor", _("Little threat to life or property")
    UNKNOWN = "Unknown", pgettext_lazy("urgency, severity or certainty", "Unknown")


def is_imminent(urgency: str, severity: str) -> bool:
    """Whether these codes say imminent danger: immediate, and severe or worse (CAP 1.2, 3.2.2)."""
    return urgency == Urgency.IMMEDIATE and severity in (Severity.EXTREME, Severity.SEVERE)


class Certainty(models.TextChoices):
    """CAP 1.2, 3.2.2 `certainty`."""

    OBSERVED = "Observed", _("Observed: it has happened or is going on")
    LIKELY = "Likely", _("Likely: more than an even chance")
    POSSIBLE = "Possible", _("Possible: less than an even chance")
    UNLIKELY = "Unlikely", _("Unlikely")
    UNKNOWN = "Unknown", pgettext_lazy("urgency, severity or certainty", "Unknown")


class Status(models.TextChoices):
    """CAP 1.2, 3.2.1 `status`. Only Actual concerns the public."""

    ACTUAL = "Actual", _("Actual")
    EXERCISE = "Exercise", _("Exercise")
    TEST = "Test", _("Test")

    def marked(self, headline: str) -> str:
        """`headline`, in the active language, saying first that it is no real event, where it is none; once, where it
        begins with that word itself."""
        if self is Status.ACTUAL:
            return headline
        word = str(self.label)
        if re.match(rf"{re.escape(word)}\b", headline, re.IGNORECASE):
            return word.upper() + headline[len(word) :]
        mark = gettext("EXERCISE: %(headline)s") if self is Status.EXERCISE else gettext("TEST: %(headline)s")
        return mark % {"headline": headline}
