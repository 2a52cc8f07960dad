"""The directory for other systems: JSON, vCard 4.0 (RFC 6350) and schema.org. Pure functions of Directory."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from markupsafe import Markup

from emergency_numbers.directory import Directory, Entry, PublicChannel, PublicLine, Text
from generator.slots import iso, made
from pages.languages import LANGUAGES, REGIONAL

JSON_URL = "/emergency-numbers.json"
SCHEMA_URL = "/emergency-numbers.schema.json"
VCARD_URL = "/emergency-numbers.vcf"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
SCHEMA_FILE = Path(__file__).parent / "data" / "emergency-numbers.schema.json"
VCARD_LINE_OCTETS = 75
ALWAYS_OPEN = {"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "23:59"}


# JSON


def as_json(directory: Directory, base_url: str) -> str:
    """The whole directory, as `data/emergency-numbers.schema.json` describes it."""
    data = {
        "$schema": base_url + SCHEMA_URL,
        "licence": LICENCE,
        "generated_at": made("iso", lambda: iso(directory.now)),
        "verified_on": _day(directory.verified_on),
        "numbers": [_entry(entry) for entry in directory],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _entry(entry: Entry) -> dict[str, Any]:
    until = entry.activated_until
    return {
        "id": entry.key,
        "kind": entry.kind,
        "need": {"id": entry.need.key, "name": entry.need.name.as_dict()},
        "name": entry.name.as_dict(),
        "purpose": entry.purpose.as_dict(),
        "callable": entry.is_callable,
        "only_while_activated": entry.only_while_activated,
        "activated_until": until.isoformat(timespec="seconds") if until else None,
        "replaced_by": entry.replaced_by,
        "lines": [_line(line, entry.is_callable) for line in entry.lines],
        "channels": [_channel(channel) for channel in entry.channels],
        "verified_on": _day(entry.verified_on),
    }


def _line(line: PublicLine, is_callable: bool) -> dict[str, Any]:
    return {
        "number": line.number,
        "international": line.international,
        "uri": line.uri if is_callable else None,
        "name": _optional(line.name),
        "languages": list(line.languages),
        "hours": {"around_the_clock": line.around_the_clock, "text": _optional(line.hours)},
        "cost": {"category": line.cost or None, "text": _optional(line.cost_detail)},
        "source": line.source or None,
    }


def _channel(channel: PublicChannel) -> dict[str, Any]:
    uris = {language: channel.uri(language) for language in LANGUAGES}
    return {
        "kind": channel.kind,
        "text": channel.text.as_dict(),
        "uri": uris if all(uris.values()) else None,
        "languages": list(channel.languages),
        "for_deaf": channel.for_deaf,
    }


def _optional(text: Text) -> dict[str, str] | None:
    return text.as_dict() if text else None


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


# vCard 4.0


def as_vcards(directory: Directory, base_url: str) -> str:
    """One card for each number or address that may be called now."""
    cards = (_card(entry, line, base_url) for entry in directory.callable for line in entry.lines)
    return "".join(cards)


def _card(entry: Entry, line: PublicLine, base_url: str) -> str:
    """A card in both languages: the alternatives of one property share an ALTID (RFC 6350, 5.4)."""
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{base_url}{JSON_URL}#{entry.key}/{line.uri}")
    properties = [
        ("BEGIN", "VCARD"),
        ("VERSION", "4.0"),
        ("PRODID", "-//Vigie//Emergency numbers//EN"),
        ("UID", f"urn:uuid:{identifier}"),
        ("KIND", "org"),
        *_in_both("FN", line.name or entry.name),
        ("CATEGORIES", ",".join(escape(entry.need.name[language]) for language in LANGUAGES)),
        ("EMAIL", escape(line.uri.removeprefix("mailto:"))) if line.is_address else _telephone(line),
        *((f"LANG;PREF={rank}", language) for rank, language in enumerate(line.languages, start=1)),
        *_in_both("NOTE", _note(entry, line)),
        *((("REV", f"{entry.verified_on:%Y%m%d}T000000Z"),) if entry.verified_on else ()),
        ("END", "VCARD"),
    ]
    return "".join(f"{fold(f'{name}:{value}')}\r\n" for name, value in properties)


def _telephone(line: PublicLine) -> tuple[str, str]:
    return 'TEL;VALUE=uri;TYPE="voice"', line.uri


def _in_both(name: str, text: Text) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        yield f"{name};ALTID=1;LANGUAGE={REGIONAL[language]}", escape(text[language])


def _note(entry: Entry, line: PublicLine) -> Text:
    """What the entry is for, and the line's hours where they are known."""
    return Text(*(" ".join(filter(None, (entry.purpose[code], line.hours[code]))) for code in LANGUAGES))


def escape(value: str) -> str:
    """`value` as the text of a property (RFC 6350, 3.4)."""
    value = value.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def fold(line: str) -> str:
    """`line` in pieces of at most 75 octets, each but the first after CRLF and a space; no character is cut
    in two (RFC 6350, 3.2)."""
    pieces, piece, octets = [], "", 0
    for character in line:
        width = len(character.encode())
        if octets + width > VCARD_LINE_OCTETS:
            pieces.append(piece)
            piece, octets = "", 1
        piece += character
        octets += width
    return "\r\n ".join([*pieces, piece])


# schema.org


def schema_org(directory: Directory, language: str) -> dict[str, Any]:
    """What may be called now as schema.org services, their texts in `language`."""
    return {
        "@context": "https://schema.org",
        "@graph": [_service(entry, language) for entry in directory.callable],
    }


def schema_org_markup(directory: Directory, language: str) -> Markup:
    """`schema_org` for a `<script type="application/ld+json">`: no character in it can end the element."""
    text = json.dumps(schema_org(directory, language), ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  (escaped just above)


def _service(entry: Entry, language: str) -> dict[str, Any]:
    return {
        "@type": "GovernmentService" if entry.kind == "emergency" else "Service",
        "name": entry.name[language],
        "areaServed": "BE",
        "availableChannel": _single(_channels(entry.lines, language)),
    }


def _channels(lines: Iterable[PublicLine], language: str) -> Iterator[dict[str, Any]]:
    for line in lines:
        channel: dict[str, Any] = {"@type": "ServiceChannel", "availableLanguage": _single(line.languages)}
        if line.name:
            channel["name"] = line.name[language]
        if line.is_address:
            channel["serviceUrl"] = line.uri
        else:
            channel["servicePhone"] = {"@type": "ContactPoint", "telephone": line.uri.removeprefix("tel:")}
            if line.around_the_clock:
                channel["servicePhone"]["hoursAvailable"] = ALWAYS_OPEN
        yield channel


def _single(values: Iterable[Any]) -> Any:
    """A list, or its only element: schema.org reads both, and every byte of a page counts."""
    listed = list(values)
    return listed[0] if len(listed) == 1 else listed
