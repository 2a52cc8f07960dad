"""Partners' CAP 1.2 messages as drafts: read safely, remembered, never published (docs/alerts.md).

A file from outside is read within limits (MOST_BYTES, DEEPEST, no DTD, no network) and has to follow the CAP schema.
Its French and Dutch infos become a draft under the alerts index; what is missing stays empty, so that the draft cannot
be published before somebody completes it. What the draft cannot hold becomes a note for whoever completes it. The XML
is kept as it came. What concerns an alert that is active is told to officers, and changes nothing that was sent.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError, Error, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from lxml import etree
from wagtail.log_actions import log

from alerts import approval, cap, fields
from alerts.areas import REGION_NUTS, Area
from alerts.content import HEADLINE, shortened
from alerts.lifecycle import State
from alerts.models import AlertIndexPage, AlertMessage, AlertPage
from alerts.moments import YEARS, local
from alerts.sources import ImportedMessage, PartnersNews, RefusalMail, RefusedMessage, Source
from alerts.vocabulary import Certainty, Event, Response, Severity, Status, Urgency
from emergency_numbers import spelling
from pages.languages import LANGUAGES, NAMES, override, twin
from territory import borders, geometry
from territory.geometry import Shape
from territory.models import Municipality

logger = logging.getLogger(__name__)

MOST_BYTES = 1_000_000
DEEPEST = 16
"""Elements within each other; CAP itself needs five, a signature some more."""
LONGEST_TEXT, LONGEST_AREA, LONGEST_CONTACT, LONGEST_NUMBER = 1200, 49, 160, 60
LASTS = timedelta(hours=6)
"""How long a message without `expires` is taken to hold."""
EVENTS = {"Fire": Event.FIRE, "Met": Event.STORM, "CBRNE": Event.HAZMAT, "Transport": Event.TRANSPORT}
"""By CAP category; the rest is for the officer to say."""
FLOOD = re.compile(r"flood|inond|overstrom", re.IGNORECASE)
WHOLE_REGION = {
    ("NIS", "04000"), ("NIS", "21000"), ("NUTS1", "BE1"), ("NUTS2", "BE10"), *(("NUTS3", code) for code in REGION_NUTS)
}  # fmt: skip
"""Geocodes of the region, and of the administrative district that is the same ground."""
TRANSLATED = ("title", "what", "instruction")
"""What an alert must say in both languages."""
MOST_REFUSED, LONGEST_SHAPE, LONGEST_VALUE = 10, 60, 300
"""What notes say one by one, and how much of what was sent they repeat."""
MAIL_EVERY = timedelta(hours=1)
"""How often one sender's same mistake is told by mail."""
ALL_CLEAR = "AllClear"
"""The `responseType` of an Update that ends an alert (CAP 1.2, 3.2.2)."""
Infos = dict[str, etree._Element]
Note = dict[str, str]
"""A sentence by language, and in English ("en") for whom the message came from."""


class Refused(ValueError):
    """A message that is not taken: why, in which line (0 where none is to blame), and what to do. `alert`: the one of
    ours that it speaks of. `note` says it to people here, by language; otherwise they read it in English."""

    def __init__(
        self,
        code: str,
        reason: str,
        remedy: str,
        line: int = 0,
        *,
        note: Note | None = None,
        alert: AlertPage | None = None,
    ) -> None:
        self.code, self.reason, self.remedy, self.line = code, reason, remedy, line
        self.note = note or dict.fromkeys((*LANGUAGES, "en"), f"{reason} {remedy}")
        self.alert = alert
        super().__init__(f"line {line}: {reason} {remedy}" if line else f"{reason} {remedy}")


@dataclass(frozen=True)
class Message:
    """What is used of a CAP message. `references`: senders with identifiers, of `refers` as it was written. `texts` has
    by language: title, what, instruction, area, contact. `geocodes` are names with values. `is_ending`: it cancels, or
    gives the all-clear."""

    sender: str
    identifier: str
    sent: str
    msg_type: str
    references: tuple[tuple[str, str], ...]
    refers: str
    fields: dict[str, Any]
    texts: dict[str, dict[str, str]]
    shapes: tuple[Shape, ...]
    geocodes: tuple[tuple[str, str], ...]
    is_ending: bool
    notes: tuple[Note, ...]
    xml: str


@dataclass(frozen=True)
class Outcome:
    """`state`: drafted, updated, cancelled (noted at its draft) or known. `missing`: languages to be written. `notes`:
    what could not be taken, and what else there is to know of it, in English."""

    state: str
    alert: AlertPage | None
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    infos: Infos = {}
    for info in root.iterfind(_tag("info")):
        language = _language(info)
        if language in LANGUAGES:
            infos.setdefault(language, info)
    sender, identifier = _name(root, "sender"), _name(root, "identifier")
    sent = _time(root, "sent")
    if not infos and msg_type != "Cancel":
        said = sorted({_text(info, "language") or "en-US" for info in root.iterfind(_tag("info"))})
        reason = f"It has no info in French or Dutch (it has: {', '.join(said) or 'none'})."
        raise Refused("language", reason, "Add an info with the language fr-BE or nl-BE.", _line(root))
    for language, info in infos.items():
        if not (_text(info, "headline") or _text(info, "event")):
            reason = f"Its info in {language} has no headline, and its event is empty."
            raise Refused("event", reason, "Name the event.", _line(info, "event"))
    responses = {_said(code) for info in infos.values() for code in info.iterfind(_tag("responseType"))}
    is_ending = msg_type == "Cancel" or ALL_CLEAR in responses
    notes = [*_about(root, infos, is_ending)]
    texts, number = _texts(infos, notes)
    shapes, codes = _shapes(infos.values(), notes)
    first = next(iter(infos.values()), None)
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
        refers=_line_of(root, "references"),
        fields={
            "status": status,
            **_fields(first, sent),
            "response_types": _responses(responses),
            "contact_number": number,
        }
        if first is not None
        else {},
        texts=texts,
        shapes=shapes,
        geocodes=tuple(sorted({*_geocodes(infos.values()), *codes})),
        is_ending=is_ending,
        notes=tuple(notes),
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


def _line_of(parent: etree._Element, name: str) -> str:
    return " ".join(_text(parent, name).split())


def _said(element: etree._Element) -> str:
    return " ".join((element.text or "").split())


def _line(root: etree._Element, name: str = "") -> int:
    found: Any = root.find(_tag(name)) if name else root
    return found.sourceline or 0 if found is not None else 0


def _language(info: etree._Element) -> str:
    return (_text(info, "language") or "en-US")[:2].lower()


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


def _responses(codes: set[str]) -> list[str]:
    """CAP lets "None" stand beside others, where it says nothing."""
    known = fields.ordered(list(codes))
    return [code for code in known if code != Response.NONE] or known


def _texts(infos: Infos, notes: list[Note]) -> tuple[dict[str, dict[str, str]], str]:
    """The texts of each language, and the number or address to contact, which has none."""
    contacts = {language: _contact(_line_of(info, "contact")) for language, info in infos.items()}
    number = next((number for _words, number in contacts.values() if number), "")
    found = {}
    for language, info in infos.items():
        words, own = contacts[language]
        if own and spelling.key(own) != spelling.key(number):
            words = _line_of(info, "contact")
        places = [_text(area, "areaDesc") for area in info.iterfind(_tag("area"))]
        texts = {
            "title": (_line_of(info, "headline") or _line_of(info, "event"), HEADLINE),
            "what": (_text(info, "description"), LONGEST_TEXT),
            "instruction": (_text(info, "instruction"), LONGEST_TEXT),
            "area": (" ".join(", ".join(places).split()), LONGEST_AREA),
            "contact": (words, LONGEST_CONTACT),
        }
        found[language] = {name: shortened(text, most) for name, (text, most) in texts.items()}
        notes += [_cut(name, language, most) for name, (text, most) in texts.items() if len(text) > most]
    return found, number


def _contact(text: str) -> tuple[str, str]:
    """`text` as words and the number or address at its end, as our own messages have them (cap.contact_line)."""
    words, _comma, last = text.rpartition(",")
    for said, number in (("", text), (words.strip(), last.strip())):
        with suppress(ValidationError):
            spelling.validate_number(number)
            if len(number) <= LONGEST_NUMBER:
                return said, number
    return text, ""


def _geocodes(infos: Iterable[etree._Element]) -> Iterator[tuple[str, str]]:
    for info in infos:
        for code in info.iter(_tag("geocode")):
            yield _text(code, "valueName").upper(), _text(code, "value")


def _shapes(
    infos: Iterable[etree._Element], notes: list[Note]
) -> tuple[tuple[Shape, ...], list[tuple[str, str]]]:
    """The polygons and circles of all infos, once each; and the region's geocode where one that was cut to it is all of
    it. What was cut, and what cannot be drawn here, becomes a note."""
    kinds = (_tag("polygon"), _tag("circle"))
    texts = dict.fromkeys(_said(shape) for info in infos for shape in info.iter(*kinds))
    shapes: dict[Shape, None] = {}
    codes: list[tuple[str, str]] = []
    cut: list[str] = []
    refused: list[Callable[[], str]] = []
    points = 0
    for text in texts:
        draw = partial(_drawn, text, len(shapes), points + text.count(","))
        try:
            drawn, is_cut = draw()
        except ValueError:
            refused.append(partial(_not_drawn, text, draw))
            continue
        points += text.count(",")
        if is_cut:
            cut.append(shortened(text, LONGEST_SHAPE))
        if is_cut and any(borders.covers_region(shape.surface) for shape in drawn):
            codes = [("NUTS3", code) for code in REGION_NUTS]
        else:
            shapes |= dict.fromkeys(drawn)
    if cut:
        said = shortened("; ".join(cut), LONGEST_VALUE)
        notes.append(
            _note(gettext_noop("What reaches far beyond the region was cut to it: %(shapes)s"), shapes=said)
        )
    notes += map(note, refused[:MOST_REFUSED])
    if (more := len(refused) - MOST_REFUSED) > 0:
        notes.append(note(lambda: gettext("%(count)d more shapes were not taken.") % {"count": more}))
    return tuple(shapes), codes


def _drawn(text: str, shapes: int, points: int) -> tuple[list[Shape], bool]:
    """The shape of `text`, beside that many others, and whether it was cut to the region, which may leave several.
    Raises ValueError with a sentence in the active language."""
    if shapes >= geometry.MOST_SHAPES:
        raise _too_many()
    if points > geometry.MOST_GIVEN:
        message = gettext("At most %(most)d points are taken of one message.")
        raise ValueError(message % {"most": geometry.MOST_GIVEN})
    try:
        return [geometry.shape_of(text)], False
    except ValueError:
        inside: list[Shape] = []
        with suppress(ValueError):
            inside += borders.clipped(geometry.surface_of(text))
        if shapes + len(inside) > geometry.MOST_SHAPES:
            raise _too_many() from None
        if not inside:
            raise
        return inside, True


def _too_many() -> ValueError:
    return ValueError(gettext("An alert has at most %(most)d shapes.") % {"most": geometry.MOST_SHAPES})


# Notes


def note(make: Callable[[], str]) -> Note:
    """The sentence that `make` gives in the active language."""
    said = {}
    for language in (*LANGUAGES, "en"):
        with override(language):
            said[language] = make()
    return said


def _about(root: etree._Element, infos: Infos, is_ending: bool) -> Iterator[Note]:
    """What to know of the message as a whole."""
    scope = _text(root, "scope")
    if scope != "Public":
        message = gettext_noop("It is not for the public (%(scope)s): ask its sender before you publish it.")
        yield _note(message, scope=scope)
    if is_ending:
        yield _note(
            gettext_noop("Its sender says that it is over. Do not publish it; where it is active, end it.")
        )
    for language in infos:
        if sum(_language(info) == language for info in root.iterfind(_tag("info"))) > 1:
            message = gettext_noop("It has several parts in %(language)s, of which only the first was taken.")
            yield _note(message, language=NAMES[language])
    links = {_line_of(annex, "uri") for info in infos.values() for annex in info.iterfind(_tag("resource"))}
    if links:
        message = gettext_noop("Pictures and annexes were not taken: %(links)s")
        yield _note(message, links=shortened(" ".join(sorted(links)), LONGEST_VALUE))


def _note(message: str, **values: Any) -> Note:
    return note(lambda: gettext(message) % values)


def _cut(name: str, language: str, most: int) -> Note:
    label = AlertPage._meta.get_field(name).verbose_name if name != "title" else gettext_lazy("headline")
    message = gettext_noop("The text “%(label)s” in %(language)s was cut after %(most)d characters.")
    return _note(message, label=label, language=NAMES[language], most=most)


def _not_drawn(text: str, draw: Callable[[], Any]) -> str:
    try:
        draw()
    except ValueError as error:
        message = gettext("The shape “%(shape)s” was not taken: %(reason)s")
        reason = shortened(str(error), LONGEST_VALUE)
        return message % {"shape": shortened(text, LONGEST_SHAPE), "reason": reason}
    return ""


def _refused(code: str, reason: str, remedy: str, alert: AlertPage | None = None, **values: Any) -> Refused:
    """A Refused that people here read in their language, and who sent it in English."""
    with override("en"):
        english = (gettext(reason) % values, gettext(remedy) % values)
    said = note(lambda: f"{gettext(reason) % values} {gettext(remedy) % values}")
    return Refused(code, *english, note=said, alert=alert)


# Storing

NOT_ITS_SENDER, OTHER_SENDER = "sender_not_allowed", "other_sender"
MOST_REFERENCES = 500
_SPEAKS_FOR = gettext_noop("Its sender is “%(sender)s”; the token of “%(source)s” speaks for: %(allowed)s.")
_ALLOW_SENDER = gettext_noop(
    "Send it with that sender’s own token. If this token is to speak for it too, our technical team can allow it."
)
_SPEAKS_OF_OTHERS = gettext_noop(
    "Its sender is “%(sender)s”, and it refers to a message of “%(other)s” (%(references)s)."
)
_SEND_AS_OTHER = gettext_noop(
    "Only who sent a message can update or cancel it: have “%(other)s” send it, or send an Alert of your own."
)
_CANCELS_NOTHING = gettext_noop("It cancels what is not known here: %(references)s.")
_CLEARS_NOTHING = gettext_noop("It gives the all-clear for what is not known here: %(references)s.")
_SEND_IT_FIRST = gettext_noop(
    "Name in its references the sender, identifier and time of the message as it was sent to us, "
    "or send that one first."
)
_UPDATES_NOTHING = gettext_noop(
    "It updates what is not known here (%(references)s): see whether one of the active alerts says the same."
)
_UPDATES_WHAT_IS_OVER = gettext_noop(
    "It updates “%(alert)s”, which is over here: published, it is a new alert."
)


@transaction.atomic
def store(message: Message, source: Source | None = None) -> Outcome:
    """Make the draft of `message`, or change the one that it updates; tell officers where that alert is active. Raises
    Refused where there is no alerts index, where `source` does not speak for its sender, where it speaks of what
    another sender said, and where it ends what is not known."""
    _check_sender(message, source)
    index = AlertIndexPage.objects.first()
    if index is None:
        raise Refused("no_index", "This site has no alerts index.", "Make one in the CMS.")
    # Before anything is written: what is active stays so meanwhile, and of two at once the second waits here.
    AlertMessage.lock()
    taken, is_new = ImportedMessage.objects.get_or_create(
        sender=message.sender,
        identifier=message.identifier,
        sent=message.sent,
        defaults={
            "msg_type": message.msg_type,
            "xml": message.xml,
            "source": source,
            "is_ending": message.is_ending,
        },
    )
    if not is_new:
        return Outcome("known", taken.alert, notes=_in_english(taken.notes))
    now, notes = timezone.now(), [*message.notes]
    # An Alert follows nothing, whatever it refers to.
    known = None if message.msg_type == "Alert" else _referred(message)
    page = known.alert if known else None
    if message.is_ending and message.msg_type != "Alert" and known is None:
        # A draft of it would start an alert that says that all is over.
        reason = _CANCELS_NOTHING if message.msg_type == "Cancel" else _CLEARS_NOTHING
        raise _refused("references", reason, _SEND_IT_FIRST, references=_as_said(message))
    if message.msg_type == "Update" and not message.is_ending:
        if page is None:
            notes.append(_note(_UPDATES_NOTHING, references=_as_said(message)))
        elif page.state_at(now) not in (State.DRAFT, State.ACTIVE):
            # What is over cannot be published again: nobody would see the text there.
            notes.append(_note(_UPDATES_WHAT_IS_OVER, alert=page.get_admin_display_title()))
            page = None
    state = "updated" if page else "drafted"
    if not message.is_ending and message.fields["expires"] <= now:
        sentence = gettext_noop(
            "It expired on %(time)s. Do not publish it as it is: "
            "delete it or, if the danger lasts, give it a later end."
        )
        notes.append(_note(sentence, time=local(message.fields["expires"])))
    chain = page.chain() if page else None
    if message.msg_type == "Cancel" or (known and message.is_ending and page is None):
        state = "cancelled"
    else:
        if page is None:
            page = _filled(AlertPage(live=False), message, notes)
            index.add_child(instance=page)
        else:
            page = page.get_latest_revision_as_object()
            _empty_what_no_longer_holds(page, message, notes)
            page = _filled(page, message, notes)
        page.save_revision()
    taken.alert, taken.notes = page, notes
    if chain and chain.state_at(now) is State.ACTIVE:
        taken.concerns = chain.last
        mails = (PartnersNews(imported=taken, user=user, due_at=now) for user in approval.told())
        PartnersNews.objects.bulk_create(mails)
    taken.save()
    # What was refused before and is taken now leaves nothing to do.
    before = RefusedMessage.objects.filter(sender=message.sender, identifier=message.identifier, done_at=None)
    before.update(done_at=now)
    if page:
        log(instance=page, action="alerts.import", data={"message": str(taken), "msg_type": message.msg_type})
    missing = tuple(language for language in LANGUAGES if language not in message.texts)
    return Outcome(state, page, missing if state != "cancelled" else (), _in_english(notes))


def _in_english(notes: list[Note]) -> tuple[str, ...]:
    return tuple(note["en"] for note in notes)


def _check_sender(message: Message, source: Source | None) -> None:
    """Files in a folder come from no source: who may put them there is not ours to know."""
    if source is None or message.sender in source.senders:
        return
    allowed = ", ".join(source.senders) or gettext_lazy("none")
    raise _refused(
        NOT_ITS_SENDER, _SPEAKS_FOR, _ALLOW_SENDER, sender=message.sender, source=source.name, allowed=allowed
    )


def _referred(message: Message) -> ImportedMessage | None:
    """The newest message that this one refers to, of those that still have a draft if there are any. Raises Refused
    where it refers to what another sender said, a partner or we, and to nothing of its own."""
    triples = set(message.references[-MOST_REFERENCES:])
    identifiers = [identifier for _sender, identifier in triples]
    rows = ImportedMessage.objects.filter(identifier__in=identifiers).defer("xml").select_related("alert")
    found = [row for row in rows.order_by("-pk") if (row.sender, row.identifier) in triples]
    own = [row for row in found if row.sender == message.sender]
    if own:
        return next((row for row in own if row.alert_id), own[0])
    ours = AlertMessage.objects.filter(identifier__in=identifiers).defer("xml").order_by("-pk").first()
    if ours and (settings.VIGIE_CAP_SENDER, ours.identifier) not in triples:
        ours = None
    other = found[0] if found else ours
    if other:
        theirs = found[0].sender if found else settings.VIGIE_CAP_SENDER
        values = {"sender": message.sender, "other": theirs, "references": _as_said(message)}
        raise _refused(OTHER_SENDER, _SPEAKS_OF_OTHERS, _SEND_AS_OTHER, alert=other.alert, **values)
    return None


def _as_said(message: Message) -> str:
    """The references of `message`, for people."""
    return shortened(message.refers, LONGEST_VALUE) or "–"


def _empty_what_no_longer_holds(page: AlertPage, message: Message, notes: list[Note]) -> None:
    """Where the partner says other things than before in one language only, the text that somebody wrote in the other
    one would say what no longer holds."""
    is_other = any(
        (getattr(page, twin(stem, language)) or "") != text
        for language, texts in message.texts.items()
        for stem, text in texts.items()
        if stem in TRANSLATED
    )
    missing = [language for language in LANGUAGES if language not in message.texts]
    emptied = [name for language in missing for name in (twin(stem, language) for stem in TRANSLATED)]
    if is_other and any(getattr(page, name) for name in emptied):
        for name in emptied:
            setattr(page, name, "")
        notes.append(
            _note(
                gettext_noop(
                    "It has new texts in one language only. Those of the other were emptied: write them anew."
                )
            )
        )


def _filled(page: AlertPage, message: Message, notes: list[Note]) -> AlertPage:
    for name, value in message.fields.items():
        setattr(page, name, value)
    for language, texts in message.texts.items():
        for stem, text in texts.items():
            setattr(page, twin(stem, language), text)
    _locate(page, message, notes)
    return page


def _locate(page: AlertPage, message: Message, notes: list[Note]) -> None:
    """Give `page` the ground of `message`."""
    every = {town.nis: town for town in Municipality.objects.all()}
    codes = [code for code in message.geocodes if code not in WHOLE_REGION]
    chosen = {value for name, value in codes if name == "NIS"}
    page.whole_region = len(codes) < len(message.geocodes)
    page.municipalities = [town for nis, town in every.items() if nis in chosen]
    nis = tuple(every) if page.whole_region else tuple(town.nis for town in page.municipalities.all())
    # Our own messages, sent by another installation, say their municipalities twice.
    outlines = Area(nis).cap_polygons()
    shapes = tuple(shape for shape in message.shapes if shape not in outlines)
    page.shapes = geometry.written(shapes)
    unknown = [f"{name} {value}" for name, value in codes if name != "NIS" or value not in every]
    if unknown:
        sentence = gettext_noop("These codes name no municipality here, and were not taken: %(codes)s")
        notes.append(_note(sentence, codes=shortened(", ".join(unknown), LONGEST_VALUE)))
    if not nis and not shapes:
        sentence = gettext_noop(
            "Only its words say where it holds. Choose municipalities or draw the area: without, it concerns everybody."
        )
        notes.append(_note(sentence))
    elif not Area(nis, shapes).touched():
        notes.append(_note(gettext_noop("Its area lies outside of the region.")))


# What is refused


@transaction.atomic
def tell(data: bytes, refusal: Refused, source: Source | None = None) -> None:
    """Keep what was refused, and tell officers: it says something of an alert that people may be acting on, or comes in
    a name that its token has not. The same file counts once; who repeats one mistake makes one mail an hour."""
    msg_type, now = _glimpsed(data, "msgType"), timezone.now()
    if refusal.code != NOT_ITS_SENDER and msg_type not in ("Update", "Cancel"):
        return
    refused, is_new = RefusedMessage.objects.get_or_create(
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={
            "source": source,
            "sender": _glimpsed(data, "sender"),
            "identifier": _glimpsed(data, "identifier"),
            "msg_type": msg_type,
            "code": refusal.code,
            "note": refusal.note,
            "alert": refusal.alert,
            "data": data if len(data) <= MOST_BYTES else b"",
            "created_at": now,
        },
    )
    same = RefusedMessage.objects.filter(
        source=source, sender=refused.sender, code=refusal.code, alert=refusal.alert, msg_type=msg_type
    ).exclude(pk=refused.pk)
    if not is_new or same.filter(created_at__gt=now - MAIL_EVERY, mails__isnull=False).exists():
        return
    RefusalMail.objects.bulk_create(
        RefusalMail(refused=refused, user=user, due_at=now) for user in approval.told()
    )


def _glimpsed(data: bytes, name: str) -> str:
    """The first text of the element `name`, also of a file that is no XML; "" where there is none to be seen."""
    # Everything has a bound: what a partner sends must not make the search long.
    pattern = rf"<(?:\w{{1,20}}:)?{name}(?:\s[^<>]{{0,200}})?>([^<]{{1,400}})</"
    found = re.search(pattern, data.decode("utf-8", "replace").replace("\0", ""))
    most: Any = RefusedMessage._meta.get_field({"msgType": "msg_type"}.get(name, name))
    return found[1].strip()[: most.max_length] if found else ""


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
        tell(data, refusal)
        try:
            kept = put_away(path.read_bytes(), path.name, refusal)
            path.unlink()
        except OSError as error:
            return f"{path}: {refusal} It stays where it is: {error}", False
        return f"{path}: {refusal} Moved to {kept}.", False
    missing = f"; to be written: {', '.join(outcome.missing)}" if outcome.missing else ""
    notes = "".join(f"\n    {note}" for note in outcome.notes)
    return f"{path}: {outcome.state}: {outcome.alert}{missing}{notes}", True
