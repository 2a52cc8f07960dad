"""The journal of changes, read by a build: what has changed since the build before it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from generator import registry
from generator.changed import Changed

KEPT = timedelta(days=30)
LATE = 1000
"""A transaction may end after this many later changes and is still seen: numbers are given before the end."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Which changes a build has taken into account: all up to `floor`, and those of `ids` above it."""

    floor: int
    ids: frozenset[int]
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {"floor": self.floor, "ids": sorted(self.ids), "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Seen":
        return cls(data["floor"], frozenset(data["ids"]), datetime.fromisoformat(data["at"]))


def since(seen: Seen | None) -> tuple[Changed, Seen]:
    """What has changed since `seen`, everything if that is None or longer ago than changes are kept; and what has
    been seen now."""
    from generator.models import Change

    now = timezone.now()
    floor = seen.floor if seen else 0
    rows = dict(Change.objects.filter(pk__gt=floor).values_list("pk", "keys"))
    latest = max(rows, default=floor)
    new_floor = max(floor, latest - LATE)
    now_seen = Seen(new_floor, frozenset(pk for pk in rows if pk > new_floor), now)
    if seen is None or seen.at < now - KEPT / 2:
        return Changed(everything=True), now_seen
    fresh = [keys for pk, keys in rows.items() if pk not in seen.ids]
    return Changed.of(key for keys in fresh for key in keys.split("\n")), now_seen


@registry.periodic("generator.forget_old_changes", seconds=24 * 60 * 60)
def forget_old_changes() -> int:
    """Delete changes that every build has long seen, and the numbers of old builds. How many changes."""
    from generator.models import Change, Generation

    Generation.objects.filter(taken_at__lt=timezone.now() - KEPT).delete()
    return Change.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]
