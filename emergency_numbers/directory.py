"""The published numbers at one moment, in both languages: what page, exports and other apps read.

Immutable, loaded in a few queries. It holds nothing that the public must not see: no unpublished entry, no
detail that is still to be verified, no number of the list that must not be published.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext

from emergency_numbers import spelling
from emergency_numbers.fields import SPOKEN
from emergency_numbers.models import Channel, EmergencyNumber, ForbiddenNumber, Line
from generator.recording import record_until
from pages.languages import LANGUAGES, active, twin

logger = logging.getLogger(__name__)

Kind = EmergencyNumber.Kind


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages; as a string it is the active language's."""

    fr: str = ""
    nl: str = ""

    def __str__(self) -> str:
        return self[active()]

    def __getitem__(self, language: str) -> str:
        return self.fr if language == "fr" else self.nl

    def __bool__(self) -> bool:
        return bool(self.fr and self.nl)

    def as_dict(self) -> dict[str, str]:
        return {language: self[language] for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class PublicLine:
    """A number or an address. `cost` is "" when it is unknown or still to be verified, as are `hours`."""

    number: str
    languages: tuple[str, ...]
    name: Text
    around_the_clock: bool
    hours: Text
    cost: str
    cost_detail: Text
    source: str

    @property
    def is_address(self) -> bool:
        return spelling.is_address(self.number)

    @property
    def international(self) -> str | None:
        """The spelling that works from abroad, or None for a short number and for an address."""
        return None if self.is_address else spelling.international(self.number)

    @property
    def uri(self) -> str:
        return spelling.uri(self.number)

    @property
    def facts(self) -> list[str]:
        """When, at what cost and in which languages it answers, in the active language. French and Dutch go without
        saying; so does that a mail is free."""
        hours = gettext("Day and night") if self.around_the_clock else str(self.hours)
        cost = "" if self.is_address or not self.cost else str(self.cost_detail or Line.Cost(self.cost).label)
        languages = (
            [] if set(self.languages) == set(LANGUAGES) else [str(SPOKEN[code]) for code in self.languages]
        )
        return [fact for fact in (hours, cost, *languages) if fact]


@dataclass(frozen=True, slots=True)
class PublicChannel:
    """Another way than calling. `address` may be empty."""

    kind: str
    text: Text
    address: Text
    languages: tuple[str, ...]
    for_deaf: bool

    def uri(self, language: str | None = None) -> str:
        """What a link opens, calls or writes to; "" without address."""
        address = self.address[language or active()]
        return address if not address or address.startswith("https://") else spelling.uri(address)


@dataclass(frozen=True, slots=True)
class PublicNeed:
    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One need answered. `number`, `uri` and `anchor` are what a template needs to show and link it."""

    key: str
    kind: str
    need: PublicNeed
    name: Text
    purpose: Text
    lines: tuple[PublicLine, ...]
    channels: tuple[PublicChannel, ...]
    only_while_activated: bool
    activated_until: datetime.datetime | None
    in_service: bool
    replaced_by: str | None
    verified_on: datetime.date | None

    @property
    def is_callable(self) -> bool:
        """True when people may call (or write to) its lines now."""
        return self.in_service and self.kind != Kind.SENDER

    @property
    def anchor(self) -> str:
        return f"n-{self.key}"

    @property
    def number(self) -> str:
        return self.lines[0].number

    @property
    def uri(self) -> str:
        return self.lines[0].uri

    @property
    def short(self) -> str:
        """What a list of links shows: the number in the active language, or the name for an address."""
        first = self.lines_for(active())[0]
        return str(self.name) if first.is_address else first.number

    def lines_for(self, language: str) -> list[PublicLine]:
        """Its lines, those that speak `language` first."""
        return sorted(self.lines, key=lambda line: language not in line.languages)


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one need."""

    need: PublicNeed
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Directory:
    """All published entries at `now`, in the editors' order."""

    now: datetime.datetime
    entries: tuple[Entry, ...] = field(default_factory=tuple)

    @classmethod
    def at(cls, now: datetime.datetime) -> Directory:
        """Read what is published and in service at `now` (aware). What shows it holds until the first of the
        activations ends."""
        forbidden = ForbiddenNumber.reasons()
        published = EmergencyNumber.objects.published().select_related("need", "replaced_by")
        rows = list(published.prefetch_related("lines", "channels"))
        ends = (row.activated_until for row in rows if row.activated_until and row.activated_until > now)
        record_until(min(ends, default=None))
        entries = (_entry(row, now, forbidden) for row in rows)
        return cls(now, tuple(entry for entry in entries if entry.lines))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    @property
    def callable(self) -> list[Entry]:
        """What people may call now, old numbers left out."""
        return [entry for entry in self.entries if entry.is_callable and entry.kind != Kind.LEGACY]

    @property
    def emergencies(self) -> list[Entry]:
        return [entry for entry in self.callable if entry.kind == Kind.EMERGENCY]

    @property
    def groups(self) -> list[Group]:
        """What people may call now besides the emergency numbers, by need. A need with activated numbers comes
        first: they are for what is happening."""
        groups = _grouped(entry for entry in self.callable if entry.kind == Kind.SERVICE)
        return sorted(
            groups, key=lambda group: not any(entry.only_while_activated for entry in group.entries)
        )

    @property
    def dormant(self) -> list[Entry]:
        """What exists only while activated, and is not now."""
        return [entry for entry in self.entries if not entry.in_service]

    @property
    def senders(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == Kind.SENDER]

    @property
    def text_routes(self) -> list[PublicChannel]:
        """How deaf and hard-of-hearing people reach help, each way once."""
        routes = {
            (channel.kind, channel.address): channel
            for entry in reversed(self.callable)
            for channel in reversed(entry.channels)
            if channel.for_deaf
        }
        return list(routes.values())[::-1]

    @property
    def verified_on(self) -> datetime.date | None:
        """The day since which every entry has been verified; None while one of them never was."""
        days = [entry.verified_on for entry in self.entries]
        return min((day for day in days if day), default=None) if all(days) else None


def _entry(row: EmergencyNumber, now: datetime.datetime, forbidden: dict[str, str]) -> Entry:
    lines = [line for line in row.lines.all() if _may_be_published(row, line.number, forbidden)]
    channels = [
        channel
        for channel in row.channels.all()
        if not channel.to_verify
        and all(
            _may_be_published(row, address, forbidden)
            for address in _text(channel, "address").as_dict().values()
        )
    ]
    in_service = row.is_activated(now)
    return Entry(
        key=row.key,
        kind=row.kind,
        need=PublicNeed(row.need.key, _text(row.need, "name")),
        name=_text(row, "name"),
        purpose=_text(row, "purpose"),
        lines=tuple(_line(line) for line in lines),
        channels=tuple(_channel(channel) for channel in channels),
        only_while_activated=row.only_while_activated,
        activated_until=row.activated_until if row.only_while_activated and in_service else None,
        in_service=in_service,
        replaced_by=row.replaced_by.key if row.replaced_by else None,
        verified_on=row.verified_on,
    )


def _may_be_published(row: EmergencyNumber, number: str | None, forbidden: dict[str, str]) -> bool:
    """False, and an error in the log, for a number of the list that got past validation."""
    if not number or number.startswith("https://"):
        return True
    why = forbidden.get(spelling.key(number))
    if why:
        logger.error("%s of %s was left out: it must not be published (%s).", number, row.key, why)
    return not why


def _line(line: Line) -> PublicLine:
    return PublicLine(
        number=line.number,
        languages=tuple(line.languages),
        name=_text(line, "name"),
        around_the_clock=line.around_the_clock and not line.hours_to_verify,
        hours=Text() if line.hours_to_verify else _text(line, "hours"),
        cost="" if line.cost_to_verify else line.cost,
        cost_detail=Text() if line.cost_to_verify else _text(line, "cost_detail"),
        source=line.source,
    )


def _channel(channel: Channel) -> PublicChannel:
    return PublicChannel(
        kind=channel.kind,
        text=_text(channel, "text"),
        address=_text(channel, "address"),
        languages=tuple(channel.languages),
        for_deaf=channel.for_deaf,
    )


def _text(instance: object, name: str) -> Text:
    return Text(*(getattr(instance, twin(name, language)) or "" for language in LANGUAGES))


def _grouped(entries: Iterable[Entry]) -> list[Group]:
    groups: dict[str, Group] = {}
    for entry in entries:
        groups.setdefault(entry.need.key, Group(entry.need, [])).entries.append(entry)
    return list(groups.values())


def local_date(now: datetime.datetime) -> datetime.date:
    """The day of `now` (aware) in Brussels."""
    return timezone.localtime(now).date()
