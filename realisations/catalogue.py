"""The realisations as lists, home page and missions show them, read in bulk: six queries, however many."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jinja2
from django.apps import apps
from django.utils import timezone
from markupsafe import Markup

from generator.recording import paused, record, record_until, replay, shared
from pages.illustrated import Illustration, illustrations
from pages.languages import LANGUAGES, active, twin, twins
from pages.listing import Listed, Term
from pages.rendering import next_midnight, render_template
from territory.models import Municipality, ZoneMembership

if TYPE_CHECKING:
    from pages.graph import PageNode, SiteGraph
    from pages.rendering import Run


OF_MISSION = 6


@dataclass(frozen=True, slots=True)
class Realisation:
    """A realisation in a list. `municipalities` are NIS codes, those of its police zones among them; `years`
    those in which it ran."""

    node: PageNode
    illustration: Illustration | None
    start: datetime.date
    end: datetime.date | None
    theme_id: int | None
    mission_id: int | None
    municipalities: frozenset[str]

    @property
    def years(self) -> range:
        return range(self.start.year, max(self.start, last_day(self.end)).year + 1)


def last_day(end: datetime.date | None) -> datetime.date:
    """The last day known of something that ended on `end`, or goes on."""
    now = timezone.now()
    today = timezone.localdate(now)
    if end and end <= today:
        return end
    record_until(next_midnight(now))
    return today


def realisations(graph: SiteGraph) -> list[Realisation]:
    """Every public realisation, those that began last first."""
    nodes = {node.id: node for node in graph.of_type("realisations.realisationpage")}
    model = apps.get_model("realisations", "RealisationPage")
    columns = ("pk", "start", "end", "theme_id", "mission_id", "image_id", *twins("image_alt"))
    rows = [row for row in model.objects.order_by().values(*columns) if row["pk"] in nodes]
    pictures = illustrations(rows)
    zones = _links(model.police_zones.through, "policezone_id")
    municipalities = _links(model.municipalities.through, "municipality__nis")
    memberships = zone_memberships()
    found = [
        Realisation(
            node=nodes[row["pk"]],
            illustration=pictures.get(row["pk"]),
            start=row["start"],
            end=row["end"],
            theme_id=row["theme_id"],
            mission_id=row["mission_id"],
            municipalities=_covered(
                zones.get(row["pk"], ()), municipalities.get(row["pk"], ()), last_day(row["end"]), memberships
            ),
        )
        for row in rows
    ]
    return sorted(found, key=_newest_first, reverse=True)


def _links(through: Any, column: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for page_id, value in through.objects.values_list("realisationpage_id", column):
        found.setdefault(page_id, []).append(value)
    return found


def zone_memberships() -> list[ZoneMembership]:
    """Which municipality was in which police zone when."""
    return list(ZoneMembership.objects.select_related("zone", "municipality"))


def covered(
    zone_ids: Collection[int],
    nis_codes: Collection[str],
    day: datetime.date,
    once: Callable[[Any, Callable[[], list[ZoneMembership]]], list[ZoneMembership]],
) -> frozenset[str]:
    """The NIS codes of `nis_codes` and of the zones' municipalities on `day`. `once` is a run's."""
    return _covered(zone_ids, nis_codes, day, once("territory.memberships", zone_memberships))


def _covered(
    zone_ids: Collection[int],
    nis_codes: Collection[str],
    day: datetime.date,
    memberships: list[ZoneMembership],
) -> frozenset[str]:
    of_zones = (
        each.municipality.nis for each in memberships if each.zone_id in zone_ids and day in each.period
    )
    return frozenset(nis_codes).union(of_zones)


def municipality_terms() -> tuple[Term, ...]:
    """Every municipality as a term of a list; its key is the NIS code."""
    return tuple(
        Term(
            municipality.nis,
            {language: getattr(municipality, twin("name", language)) or "" for language in LANGUAGES},
            {language: getattr(municipality, twin("slug", language)) or "" for language in LANGUAGES},
        )
        for municipality in Municipality.objects.all()
    )


def public(run: Run) -> dict[int, Realisation]:
    """Every public realisation by number, those that began last first. Who shows some says which (`record_item`,
    `of_mission`), so that it does not depend on all."""
    with paused():
        return run.once("realisations", lambda: _of_lists(_lists(run)))


def told_of(run: Run) -> dict[int, Realisation]:
    """The same, for who follows all of them: what they are made from is recorded."""
    for listed in _lists(run):
        replay(listed.made)
    return public(run)


def _lists(run: Run) -> list[Listed]:
    model = apps.get_model("realisations", "RealisationIndexPage")
    return [Listed.of(run, model, index.id) for index in run.graph.of_type(model._meta.label_lower)]


def _of_lists(lists: Iterable[Listed]) -> dict[int, Realisation]:
    found: list[Realisation] = [entry.value for listed in lists for entry in listed.listing.entries]
    return {item.node.id: item for item in sorted(found, key=_newest_first, reverse=True)}


def _newest_first(item: Realisation) -> tuple[datetime.date, int]:
    return item.start, item.node.id


def told(item: Realisation) -> tuple[Any, ...]:
    """What lists show of a realisation besides its page."""
    shown = item.illustration
    return (shown.image.pk, dict(shown.alts)) if shown else ()


def record_item(pk: int) -> None:
    """The document being rendered shows the realisation, or does not because it is not public."""
    record(item_key(pk))


def item_key(pk: int) -> str:
    return f"realisation:{pk}"


def mission_key(mission_id: int | None) -> str:
    return f"realisations.of:{mission_id}"


def realisation_item(item: Realisation) -> Markup:
    """For templates: a realisation of a list. Static lists and the JSON index that scripts read share it."""

    def render() -> Markup:
        record_item(item.node.id)
        return Markup(render_template("realisations/item.html", {"item": item}))  # noqa: S704  (a template's output)

    return shared(("realisation", item.node.id, active()), render)


@jinja2.pass_context
def realisations_of(context: jinja2.runtime.Context, mission_id: int | None) -> list[Realisation]:
    """For templates: the newest public realisations under a mission. Missions need not know realisations."""
    return of_mission(context["rendering"].run, mission_id)


def of_mission(run: Run, mission_id: int | None) -> list[Realisation]:
    """The newest public realisations under a mission, at most OF_MISSION."""
    record(mission_key(mission_id))
    return of_missions(run).get(mission_id, []) if mission_id is not None else []


def of_missions(run: Run) -> dict[int, list[Realisation]]:
    """What `of_mission` answers for each mission that has any."""

    def by_mission() -> dict[int, list[Realisation]]:
        found: dict[int, list[Realisation]] = {}
        for item in public(run).values():
            if item.mission_id is not None and len(found.setdefault(item.mission_id, [])) < OF_MISSION:
                found[item.mission_id].append(item)
        return found

    with paused():
        return run.once("realisations.of_missions", by_mission)
