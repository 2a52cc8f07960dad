"""The ledger: one immutable row a message, each holding the hash of the one before."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from alerts import cap, lifecycle
from alerts.lifecycle import Kind
from alerts.models import AlertMessage, AlertPage, all_nis, category, steps
from alerts.vocabulary import Event
from generator.outbox import request_build
from pages.languages import LANGUAGES, twin


def content_of(alert: AlertPage, *, expires: datetime) -> dict[str, Any]:
    """What a message says, frozen: codes once, texts by language, times as ISO 8601."""
    urls = alert_urls(alert)

    def texts(name: str) -> dict[str, str]:
        return {language: getattr(alert, twin(name, language)) or "" for language in LANGUAGES}

    return {
        "status": alert.status,
        "event": alert.event,
        "category": category(alert.event),
        "event_label": labels(Event(alert.event).label),
        "urgency": alert.urgency,
        "severity": alert.severity,
        "certainty": alert.certainty,
        "onset": alert.onset.isoformat(),
        "expires": expires.isoformat(),
        "headline": texts("title"),
        "what": texts("what"),
        "instruction": {language: "\n".join(steps(text)) for language, text in texts("instruction").items()},
        "area": texts("area"),
        "nis": all_nis() if alert.whole_region else [town.nis for town in alert.municipalities.all()],
        "web": {language: settings.VIGIE_BASE_URL + urls[language] for language in LANGUAGES},
        "sender_name": labels(settings.VIGIE_SENDER_NAME),
    }


def labels(text: Any) -> dict[str, str]:
    """A source string in both languages."""
    by_language = {}
    for language in LANGUAGES:
        with override(language):
            by_language[language] = gettext(str(text)) if isinstance(text, str) else str(text)
    return by_language


def alert_urls(alert: AlertPage) -> dict[str, str]:
    """The page's URL path in each language."""
    urls = {}
    for language in LANGUAGES:
        with override(language):
            urls[language] = alert.get_url_parts()[2]
    return urls


def append(alert: AlertPage, kind: Kind, *, now: datetime, user: Any = None) -> AlertMessage:
    """Append one message. Its references are all messages of the chain that have not expired (CAP 1.2, 3.2.1).

    An all-clear expires where the alert would have. Raises InvalidCAP when the XML does not follow the schema;
    TransitionRefused when the chain takes no such message. Runs inside the caller's transaction.
    """
    chain = list(alert.messages.select_for_update())
    lifecycle.after(lifecycle.state_at([message.as_sent() for message in chain], now), kind)
    expires = alert.expires if kind in (Kind.ALERT, Kind.UPDATE) else chain[-1].expires
    message = AlertMessage(
        alert=alert, kind=kind, sent=now.replace(microsecond=0), expires=expires, sent_by=user
    )
    sender = settings.VIGIE_CAP_SENDER
    message.references = " ".join(
        cap.reference(sender, earlier.identifier, earlier.sent) for earlier in chain if earlier.expires > now
    )
    message.content = content_of(alert, expires=expires)
    xml = cap.build(
        identifier=message.identifier,
        sender=sender,
        sent=message.sent,
        kind=kind,
        references=message.references,
        content=message.content,
    )
    cap.validate(xml)
    message.xml = xml.decode("utf-8")
    message.sha256 = hashlib.sha256(xml).hexdigest()
    previous = AlertMessage.objects.order_by("-pk").first()
    message.previous_sha256 = previous.sha256 if previous else ""
    message.save(force_insert=True)
    request_build(f"alert {message.identifier}")
    return message


def verify() -> list[str]:
    """What is wrong with the ledger, a sentence each; empty when every hash and every link holds."""
    problems, previous = [], ""
    for message in AlertMessage.objects.order_by("pk").iterator():
        if hashlib.sha256(message.xml.encode("utf-8")).hexdigest() != message.sha256:
            problems.append(f"{message.identifier}: its XML is not what was hashed when it was sent.")
        if message.previous_sha256 != previous:
            problems.append(
                f"{message.identifier}: does not follow the message before it; one is missing or changed."
            )
        previous = message.sha256
    return problems
