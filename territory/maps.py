"""The map for templates and the list that says the same in words: a map is no text (EN 301 549, 9.1.1.1)."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial

from django.utils.translation import gettext
from markupsafe import Markup

from generator.recording import shared
from pages.languages import LANGUAGES, active, override, twin
from territory.geometry import Shape
from territory.models import Municipality, PoliceZone, ZoneMembership
from territory.svg import territory_svg


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality or a zone on some day. Mappings are by language, bare properties in the active one."""

    code: str
    names: dict[str, str]
    slugs: dict[str, str]

    @property
    def name(self) -> str:
        return self.names[active()]

    @property
    def slug(self) -> str:
        return self.slugs[active()]


@dataclass(frozen=True, slots=True)
class Group:
    """Municipalities of one zone; `zone` is None for those that belong to none."""

    zone: Place | None
    municipalities: list[Place]


@dataclass(frozen=True, slots=True)
class Territory:
    """Municipalities and zones on one day, from three queries. Lists are in the order of the codes."""

    date: datetime.date
    municipalities: dict[str, Place] = field(default_factory=dict)
    zones: dict[str, Place] = field(default_factory=dict)
    zone_of: dict[str, str] = field(default_factory=dict)

    @classmethod
    def on(cls, date: datetime.date) -> "Territory":
        rows = shared("territory.rows", _Rows)
        return cls(
            date,
            {item.nis: rows.places[item.nis] for item in rows.municipalities if item.holds_on(date)},
            {item.code: rows.places[item.code] for item in rows.zones if item.holds_on(date)},
            {
                item.municipality.nis: item.zone.code
                for item in rows.memberships
                if item.holds_on(date) and item.zone.holds_on(date) and item.municipality.holds_on(date)
            },
        )

    def codes_of_zone(self, code: str) -> list[str]:
        """The NIS codes of a zone's municipalities."""
        return [nis for nis, zone in self.zone_of.items() if zone == code]

    def groups(self, nis_codes: Iterable[str]) -> list[Group]:
        """The municipalities of `nis_codes` by zone, sorted by name in the active language. Codes unknown
        on that day are left out."""
        by_zone: dict[str | None, list[Place]] = {}
        for nis in sorted(set(nis_codes) & self.municipalities.keys()):
            by_zone.setdefault(self.zone_of.get(nis), []).append(self.municipalities[nis])
        return [
            Group(self.zones[code] if code else None, sorted(places, key=lambda place: place.name))
            for code, places in sorted(by_zone.items(), key=lambda item: item[0] or "~")
        ]


class _Rows:
    """All municipalities and zones of all times: pages of a build ask of a thousand different days."""

    def __init__(self) -> None:
        self.municipalities = list(Municipality.objects.all())
        self.zones = list(PoliceZone.objects.all())
        memberships = ZoneMembership.objects.select_related("zone", "municipality")
        self.memberships = list(memberships.order_by("municipality__nis"))
        self.places = {
            **{item.nis: _place(item.nis, item) for item in self.municipalities},
            **{item.code: _place(item.code, item) for item in self.zones},
        }


def _place(code: str, item: Municipality | PoliceZone) -> Place:
    return Place(
        code,
        {language: getattr(item, twin("name", language)) or "" for language in LANGUAGES},
        {language: getattr(item, twin("slug", language)) or "" for language in LANGUAGES},
    )


def territory_map(
    nis_codes: Collection[str],
    language: str | None = None,
    ident: str = "territory",
    shapes: Iterable[Shape] = (),
) -> Markup:
    """The region as inline SVG, the municipalities of `nis_codes` marked and `shapes` drawn over them; named in
    `language`, or in the active one.

    What is marked must stand in words beside it: the macro in components/territory.html does both.
    `ident` begins the ids in the SVG; give another one to a second map on a page.
    """
    return _drawn(tuple(sorted(set(nis_codes))), language or active(), ident, tuple(shapes))


@lru_cache(maxsize=256)
def _drawn(nis_codes: tuple[str, ...], language: str, ident: str, shapes: tuple[Shape, ...]) -> Markup:
    with override(language):
        title = gettext("Map of the 19 municipalities of the Brussels-Capital Region")
    return territory_svg(nis_codes, title, ident, shapes)


def territory_groups(nis_codes: Iterable[str], date: datetime.date) -> list[Group]:
    """The municipalities of `nis_codes` on `date`, grouped by police zone. `date` may be a datetime."""
    if isinstance(date, datetime.datetime):
        from django.utils import timezone

        date = timezone.localtime(date).date() if timezone.is_aware(date) else date.date()
    codes = frozenset(nis_codes)
    return shared(("territory.groups", codes, date, active()), lambda: _on(date).groups(codes))


def _on(date: datetime.date) -> Territory:
    return shared(("territory", date), partial(Territory.on, date))
