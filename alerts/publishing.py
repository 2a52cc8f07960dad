"""What alerts publish beside their pages: the band, what is active as JSON, each message as CAP."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from alerts.lifecycle import State
from alerts.models import AlertMessage, AlertPage, ExpiryNotice, published
from alerts.vocabulary import Severity, Status
from generator import registry
from generator.documents import Document
from generator.outbox import request_build
from pages.graph import SiteGraph
from pages.languages import LANGUAGES
from pages.rendering import Rendering, register_context

RANK = {severity: rank for rank, severity in enumerate(Severity.values)}
OPEN = {"Access-Control-Allow-Origin": "*"}


@dataclass(frozen=True, slots=True)
class BandAlert:
    """What the band shows: the gravest active alert, and how many others there are."""

    title: str
    url: str
    started: datetime
    expires: datetime
    others: int


def active(graph: SiteGraph, now: datetime) -> list[AlertPage]:
    """The actual alerts that are active at `now`, gravest first, then newest."""
    alerts = [alert for alert in published(graph) if alert.state_at(now) is State.ACTIVE]
    return sorted(alerts, key=lambda alert: RANK[alert.severity])


def band(rendering: Rendering) -> BandAlert | None:
    run = rendering.run
    alerts = run.once("active alerts", lambda: active(run.graph, run.generated_at))
    if not alerts:
        return None
    alert, language = alerts[0], rendering.language
    content = alert.sent_messages()[-1].content
    return BandAlert(
        title=content["headline"][language],
        url=run.graph.nodes[alert.pk].urls[language],
        started=alert.onset,
        expires=alert.expires,
        others=len(alerts) - 1,
    )


register_context("alert_band", band)


@registry.documents("alerts")
def documents(context: registry.BuildContext) -> Iterator[Document]:
    """`/alerts/active.json`, and each message at `/alerts/cap/<identifier>.xml`, which never changes."""
    graph = SiteGraph.load()
    yield Document(
        url="/alerts/active.json",
        render=lambda: active_json(graph, context.generated_at, context.base_url),
        media_type="application/json",
        headers=OPEN,
        label="active.json",
    )
    public = AlertMessage.objects.filter(alert__in=[node.id for node in graph.of_type("alerts.alertpage")])
    for message in public.filter(alert__status=Status.ACTUAL):
        yield Document(
            url=cap_url(message),
            render=message.xml.encode,
            media_type="application/cap+xml",
            headers=OPEN,
            label=f"CAP {message.identifier}",
        )


def cap_url(message: AlertMessage) -> str:
    return f"/alerts/cap/{message.identifier}.xml"


def active_json(graph: SiteGraph, now: datetime, base_url: str) -> str:
    """What is active now, supersession resolved, both languages; gravest first. Licence: CC0 1.0."""

    def entry(alert: AlertPage) -> dict[str, Any]:
        messages = alert.sent_messages()
        message, content = messages[-1], messages[-1].content
        same = ("event", "category", "urgency", "severity", "certainty", "onset", "expires", "nis")
        texts = ("headline", "what", "instruction", "area")
        return {
            "identifier": message.identifier,
            "sent": message.sent.isoformat(),
            "first_sent": messages[0].sent.isoformat(),
            "url": {language: base_url + graph.nodes[alert.pk].urls[language] for language in LANGUAGES},
            "cap": base_url + cap_url(message),
            **{name: content[name] for name in same + texts},
        }

    body = {
        "licence": "CC0-1.0",
        "generated_at": now.isoformat(timespec="seconds"),
        "alerts": [entry(alert) for alert in active(graph, now)],
    }
    return json.dumps(body, ensure_ascii=False, indent=1)


@registry.periodic("alert expiry", seconds=1)
def expire() -> None:
    """Ask for a build when a message's time has come, once a message, also after the worker was down."""
    now = timezone.now()
    due = AlertMessage.objects.filter(expires__lte=now, expiry_notice=None, alert__live=True)
    for message in due:
        with transaction.atomic():
            ExpiryNotice.objects.create(message=message)
            request_build(f"alert {message.identifier} expired")
