"""The journal of changes, read by a build: what has changed since the build before it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from generator import registry
from generator.changed import Changed

KEPT = timedelta(days=30)
LATE, LATE_BY = timedelta(minutes=30), 1000
"""A transaction may end so long after a change that it makes, and after so many later ones, its own among them, and
it is still seen: numbers are given before the end."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Which changes a build has taken into account: all up to `floor`, and those of `ids` above it. `last` is the
    newest of them with its time: a database that was restored gives the same numbers to other changes."""

    floor: int
    ids: frozenset[int]
    at: datetime
    last: tuple[int, datetime] | None = None

    def as_json(self) -> dict[str, Any]:
        last = [self.last[0], self.last[1].isoformat()] if self.last else None
        return {"floor": self.floor, "ids": sorted(self.ids), "at": self.at.isoformat(), "last": last}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Seen":
        last = data.get("last")
        return cls(
            data["floor"],
            frozenset(data["ids"]),
            datetime.fromisoformat(data["at"]),
            (last[0], datetime.fromisoformat(last[1])) if last else None,
        )


def since(seen: Seen | None) -> tuple[Changed, Seen]:
    """What has changed since `seen`, everything if that is None, longer ago than changes are kept, or of a database
    that has been restored since; and what has been seen now."""
    from generator.models import Change

    now = timezone.now()
    floor = seen.floor if seen else 0
    rows = dict(Change.objects.filter(pk__gt=floor).values_list("pk", "made_at"))
    latest = max(rows, default=floor)
    settled = max((pk for pk, made_at in rows.items() if made_at < now - LATE), default=floor)
    new_floor = max(floor, min(settled, latest - LATE_BY))
    last = seen.last if seen else None
    if rows:
        last = (latest, rows[latest])
    now_seen = Seen(new_floor, frozenset(pk for pk in rows if pk > new_floor), now, last)
    if seen is None or seen.at < now - KEPT / 2 or _is_another(seen):
        return Changed(everything=True), now_seen
    fresh = rows.keys() - seen.ids
    told = Change.objects.filter(pk__gte=min(fresh)).values_list("pk", "keys") if fresh else ()
    return Changed.of(key for pk, keys in told if pk in fresh for key in keys.split("\n")), now_seen


def newest() -> tuple[int, int]:
    """Another pair whenever there are other changes, and now and then when there are none: the newest one's number, and
    how many there are of the last ones, of which each may come late."""
    from generator.models import Change

    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    now = timezone.now()
    # From a full half-hour on: the count of a span that moves on would be another one all the time.
    begin = now - LATE - timedelta(seconds=now.timestamp() % LATE.total_seconds())
    return last, Change.objects.filter(made_at__gte=begin).count()


def _is_another(seen: Seen) -> bool:
    """Whether the newest change that was seen is not there any more, or another one."""
    from generator.models import Change

    if seen.last is None:
        return False
    number, made_at = seen.last
    there = Change.objects.filter(pk=number).values_list("made_at", flat=True).first()
    return there != made_at and made_at > timezone.now() - KEPT / 2


@registry.periodic("generator.forget_old_changes", seconds=24 * 60 * 60)
def forget_old_changes() -> int:
    """Delete changes that every build has long seen, and the numbers of old builds. How many changes."""
    from generator.models import Change, Generation

    Generation.objects.filter(taken_at__lt=timezone.now() - KEPT).delete()
    return Change.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]
