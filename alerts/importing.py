"""Partners' CAP 1.2 messages as drafts: read safely, remembered, never published (docs/alerts.md).

A file from outside is read within limits (MOST_BYTES, DEEPEST, no DTD, no network) and has to follow the CAP schema.
Its French and Dutch infos become a draft under the alerts index; what is missing stays empty, so that the draft cannot
be published before somebody completes it. The XML is kept as it came.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DataError, Error, IntegrityError, transaction
from django.utils import timezone
from lxml import etree
from wagtail.log_actions import log

from alerts import cap
from alerts.content import HEADLINE, shortened
from alerts.models import AlertIndexPage, AlertPage
from alerts.sources import ImportedMessage, Source
from alerts.vocabulary import Certainty, Event, Severity, Status, Urgency
from pages.languages import LANGUAGES, twin
from territory.models import Municipality

logger = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
DEEPEST = 16
"""Elements within each other; CAP itself needs five, a signature some more."""
LONGEST_TEXT, LONGEST_AREA = 1200, 49
LASTS = timedelta(hours=6)
"""How long a message without `expires` is taken to hold."""
YEARS = 2000, 2999
"""A time outside of them is a slip, and near the ends of the calendar another zone has no such day."""
EVENTS = {"Fire": Event.FIRE, "Met": Event.STORM, "CBRNE": Event.HAZMAT, "Transport": Event.TRANSPORT}
"""By CAP category; the rest is for the officer to say."""
FLOOD = re.compile(r"flood|inond|overstrom", re.IGNORECASE)


class Refused(ValueError):
    """A message that is not taken: why, in which line (0 where none is to blame), and what to do."""

    def __init__(self, code: str, reason: str, remedy: str, line: int = 0) -> None:
        self.code, self.reason, self.remedy, self.line = code, reason, remedy, line
        super().__init__(f"line {line}: {reason} {remedy}" if line else f"{reason} {remedy}")


@dataclass(frozen=True)
class Message:
    """What is used of a CAP message. `texts` has by language: title, what, instruction, area."""

    sender: str
    identifier: str
    sent: str
    msg_type: str
    references: tuple[tuple[str, str], ...]
    fields: dict[str, Any]
    texts: dict[str, dict[str, str]]
    nis: tuple[str, ...]
    xml: str


@dataclass(frozen=True)
class Outcome:
    """`state`: drafted, updated, cancelled (noted at its draft) or known. `missing`: languages to be written."""

    state: str
    alert: AlertPage | None
    missing: tuple[str, ...] = ()


@contextmanager
def refusing() -> Iterator[None]:
    """What goes wrong with one message for no known reason becomes a Refused, "unexpected", and is logged. A database
    that is away or behind is no fault of the message: its error goes through."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        if isinstance(error, Error) and not isinstance(error, (DataError, IntegrityError)):
            raise
        logger.exception("A CAP message could not be taken")
        reason = f"It could not be taken: {type(error).__name__}: {error}."
        raise Refused("unexpected", reason, "Tell the technical team: the log says where.") from error


# Reading


def read(data: bytes) -> Message:
    """The message in `data`. Raises Refused."""
    root = parsed(data)
    status, msg_type = _text(root, "status"), _text(root, "msgType")
    if status not in Status.values:
        raise Refused(
            "status", f"Its status is {status}.", "Send Actual, Exercise or Test.", _line(root, "status")
        )
    if msg_type not in ("Alert", "Update", "Cancel"):
        remedy = "Send Alert, Update or Cancel."
        raise Refused("msgType", f"Its msgType is {msg_type}.", remedy, _line(root, "msgType"))
    infos: dict[str, etree._Element] = {}
    for info in root.iterfind(_tag("info")):
        language = (_text(info, "language") or "en-US")[:2].lower()
        if language in LANGUAGES:
            infos.setdefault(language, info)
    sender, identifier = _name(root, "sender"), _name(root, "identifier")
    sent = _time(root, "sent")
    if not infos and msg_type != "Cancel":
        said = sorted({_text(info, "language") or "en-US" for info in root.iterfind(_tag("info"))})
        reason = f"It has no info in French or Dutch (it has: {', '.join(said) or 'none'})."
        raise Refused("language", reason, "Add an info with the language fr-BE or nl-BE.", _line(root))
    texts = {language: _texts(info) for language, info in infos.items()}
    for language, info in infos.items():
        if not texts[language]["title"]:
            reason = f"Its info in {language} has no headline, and its event is empty."
            raise Refused("event", reason, "Name the event.", _line(info, "event"))
    return Message(
        sender=sender,
        identifier=identifier,
        sent=_text(root, "sent"),
        msg_type=msg_type,
        references=tuple(
            (triple.split(",")[0], triple.split(",")[1])
            for triple in _text(root, "references").split()
            if triple.count(",") == 2
        ),
        fields={"status": status, **_fields(next(iter(infos.values())), sent)} if infos else {},
        texts=texts,
        nis=tuple(sorted(set(_nis(infos.values())))),
        xml=_as_it_came(data, root),
    )


def parsed(data: bytes) -> etree._Element:
    """The root of `data`, which follows the CAP 1.2 schema. Raises Refused."""
    if len(data) > MOST_BYTES:
        reason = f"It has {len(data)} bytes; {MOST_BYTES} are the most."
        raise Refused("too_large", reason, "Send images and annexes as links.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<!DOCTYPE" in data:
            raise _doctype() from error
        position = getattr(error, "position", (0, 0)) or (0, 0)
        raise Refused(
            "xml", f"It is no XML: {error}.", "Send one well-formed document.", position[0]
        ) from error
    document: Any = root.getroottree()
    if document.docinfo.doctype:
        raise Refused(
            "doctype", "It has a document type.", "CAP needs none: leave DOCTYPE and entities out.", 1
        )
    deepest = max(_depths(root))
    if deepest > DEEPEST:
        raise Refused("too_deep", f"Its elements are {deepest} deep.", f"At most {DEEPEST} are read.")
    name = etree.QName(root)
    if name.localname != "alert" or name.namespace != cap.NAMESPACE:
        reason = f"Its root is <{name.localname}> of the namespace {name.namespace or '(none)'}."
        raise Refused("not_cap", reason, f"Send a CAP 1.2 <alert> ({cap.NAMESPACE}).", _line(root))
    if not cap.schema().validate(root):
        errors: Any = cap.schema().error_log
        first = errors[0]
        raise Refused("schema", f"It breaks the CAP 1.2 schema: {first.message}", "Correct it.", first.line)
    return root


def _doctype() -> Refused:
    return Refused("doctype", "It has a document type.", "CAP needs none: leave DOCTYPE and entities out.", 1)


def _depths(root: etree._Element) -> Any:
    stack = [(root, 1)]
    while stack:
        element, depth = stack.pop()
        yield depth
        stack += [(child, depth + 1) for child in element]


def _as_it_came(data: bytes, root: etree._Element) -> str:
    """A byte order mark may overrule the encoding that is declared: UTF-16 read as UTF-8 is full of NUL, which
    PostgreSQL takes in no text."""
    document: Any = root.getroottree()
    declared = (document.docinfo.encoding or "UTF-8").upper()
    if declared in ("UTF-8", "ASCII", "US-ASCII") and b"\0" not in data:
        return data.decode("utf-8", "replace")
    return str(etree.tostring(root, encoding="unicode"))


def _tag(name: str) -> str:
    return f"{{{cap.NAMESPACE}}}{name}"


def _text(parent: etree._Element, name: str) -> str:
    return (parent.findtext(_tag(name)) or "").strip()


def _line(root: etree._Element, name: str = "") -> int:
    found: Any = root.find(_tag(name)) if name else root
    return found.sourceline or 0 if found is not None else 0


def _name(root: etree._Element, name: str) -> str:
    """What tells a message from all others, as long as it can be kept."""
    text = _text(root, name)
    field: Any = ImportedMessage._meta.get_field(name)
    if not 1 <= len(text) <= field.max_length:
        reason = f"Its {name} has {len(text)} characters."
        raise Refused(name, reason, f"Send 1 to {field.max_length}.", _line(root, name))
    return text


def _time(parent: etree._Element, name: str) -> datetime | None:
    """None where it is missing. An `xsd:dateTime` may end a day with 24:00:00, the next day's 00:00:00."""
    said = _text(parent, name)
    if not said:
        return None
    day, is_end, zone = said.partition("T24:00:00")
    least, most = YEARS
    try:
        time = datetime.fromisoformat(f"{day}T00:00:00{zone}" if is_end else said)
        time += timedelta(days=bool(is_end))
        if least <= time.astimezone(UTC).year <= most:
            return time
    except (ValueError, OverflowError):
        pass
    raise Refused(
        name,
        f"Its {name} is {said}.",
        f"Send a time that a calendar has, between the years {least} and {most}: 2026-11-22T18:36:00+01:00.",
        _line(parent, name),
    )


def _fields(info: etree._Element, sent: datetime | None) -> dict[str, Any]:
    category, event = _text(info, "category"), _text(info, "event")
    effective, expires = _time(info, "effective"), _time(info, "expires")
    onset: Any = _time(info, "onset") or effective or sent
    kind = EVENTS.get(category, Event.OTHER)
    web = _text(info, "web")
    return {
        "event": Event.FLOOD if kind is Event.STORM and FLOOD.search(event) else kind,
        "urgency": _code(info, "urgency", Urgency),
        "severity": _code(info, "severity", Severity),
        "certainty": _code(info, "certainty", Certainty),
        "onset": onset,
        "expires": expires or onset + LASTS,
        "link": web if web.startswith(("https://", "http://")) and len(web) <= 200 else "",
    }


def _code(info: etree._Element, name: str, codes: Any) -> str:
    """CAP 1.2 still reads the certainty of CAP 1.0, "Very Likely" (3.2.2)."""
    said = _text(info, name)
    return said if said in codes.values else codes.LIKELY if said == "Very Likely" else codes.UNKNOWN


def _texts(info: etree._Element) -> dict[str, str]:
    places = [_text(area, "areaDesc") for area in info.iterfind(_tag("area"))]
    return {
        "title": shortened(" ".join((_text(info, "headline") or _text(info, "event")).split()), HEADLINE),
        "what": shortened(_text(info, "description"), LONGEST_TEXT),
        "instruction": shortened(_text(info, "instruction"), LONGEST_TEXT),
        "area": shortened(" ".join(", ".join(places).split()), LONGEST_AREA),
    }


def _nis(infos: Any) -> Any:
    for info in infos:
        for code in info.iter(_tag("geocode")):
            if _text(code, "valueName").upper() == "NIS":
                yield _text(code, "value")


# Storing


@transaction.atomic
def store(message: Message, source: Source | None = None) -> Outcome:
    """Make the draft of `message`, or change the one that it updates. Raises Refused where there is no alerts index."""
    index = AlertIndexPage.objects.first()
    if index is None:
        raise Refused("no_index", "This site has no alerts index.", "Make one in the CMS.")
    # Two at once: the second waits for the constraint.
    taken, is_new = ImportedMessage.objects.get_or_create(
        sender=message.sender,
        identifier=message.identifier,
        sent=message.sent,
        defaults={"msg_type": message.msg_type, "xml": message.xml, "source": source},
    )
    if not is_new:
        return Outcome("known", taken.alert)
    page = _referred(message)
    state = "updated" if page else "drafted"
    if message.msg_type == "Cancel":
        state = "cancelled"
        if page is None:
            raise Refused("references", "It cancels what is not known here.", "There is nothing to cancel.")
    else:
        if page is None:
            page = _filled(AlertPage(live=False), message)
            index.add_child(instance=page)
        else:
            page = _filled(page.get_latest_revision_as_object(), message)
        page.save_revision()
    taken.alert = page
    taken.save()
    log(instance=page, action="alerts.import", data={"message": str(taken), "msg_type": message.msg_type})
    missing = tuple(language for language in LANGUAGES if language not in message.texts)
    return Outcome(state, page, missing if state != "cancelled" else ())


def _referred(message: Message) -> AlertPage | None:
    """The draft of the newest message that this one refers to."""
    for sender, identifier in reversed(message.references):
        known = ImportedMessage.objects.filter(sender=sender, identifier=identifier, alert__isnull=False)
        if found := known.order_by("-pk").first():
            return found.alert
    return None


def _filled(page: AlertPage, message: Message) -> AlertPage:
    for name, value in message.fields.items():
        setattr(page, name, value)
    for language, texts in message.texts.items():
        for stem, text in texts.items():
            setattr(page, twin(stem, language), text)
    page.municipalities = list(Municipality.objects.filter(nis__in=message.nis))
    return page


# Files


class NotQuarantined(OSError):
    """A bad file could not be put away; it is where it was."""


def quarantine(data: bytes, name: str, refusal: Refused, folder: Path | None = None) -> Path:
    """Keep `data` in the quarantine folder, its report beside it; where it is. Raises NotQuarantined."""
    folder = folder or Path(settings.VIGIE_QUARANTINE_ROOT)
    stem = f"{timezone.now():%Y%m%dT%H%M%S.%f}-{Path(name).name[:100]}"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for suffix, content in (("", data), (".report.txt", f"{name}: {refusal}\n".encode())):
            partial = folder / f".{stem}{suffix}"
            try:
                with partial.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                partial.replace(folder / f"{stem}{suffix}")
            except OSError:
                partial.unlink(missing_ok=True)
                raise
    except OSError as error:
        message = (
            f"{name} cannot be kept in {folder}: {error.strerror}. Make the folder writable, or make room."
        )
        raise NotQuarantined(message) from error
    return folder / stem


def import_file(
    path: Path, *, dry_run: bool = False, put_away: Callable[[bytes, str, Refused], Path] = quarantine
) -> tuple[str, bool]:
    """Import one file; a bad one is moved to the quarantine. A line for the report, and whether all went well. Raises a
    database's error as `refusing` does."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        return f"{path}: cannot be read: {error.strerror}. Give this account access to it.", False
    try:
        with refusing():
            message = read(data)
            if dry_run:
                return f"{path}: would be taken: {message.sender},{message.identifier},{message.sent}", True
            outcome = store(message)
    except Refused as refusal:
        if dry_run:
            return f"{path}: {refusal}", False
        try:
            kept = put_away(path.read_bytes(), path.name, refusal)
            path.unlink()
        except OSError as error:
            return f"{path}: {refusal} It stays where it is: {error}", False
        return f"{path}: {refusal} Moved to {kept}.", False
    missing = f"; to be written: {', '.join(outcome.missing)}" if outcome.missing else ""
    return f"{path}: {outcome.state}: {outcome.alert}{missing}", True
