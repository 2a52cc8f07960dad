"""What alerts publish beside their pages: the band, what is active, the feeds, each message as CAP."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from alerts import atom, exports, pictures
from alerts.content import moment
from alerts.lifecycle import Kind, State
from alerts.models import AlertMessage, Chain, ExpiryNotice, chain_key, chains_sent
from alerts.vocabulary import Severity, Status, is_imminent
from generator import registry
from generator.documents import Document
from generator.models import BuildRequest
from generator.outbox import request_build
from generator.recording import record_until
from generator.tracking import record_instance
from pages.graph import SiteGraph
from pages.languages import LANGUAGES
from pages.rendering import Rendering, Run, register_context
from pages.slots import register_slot

RANK = {severity: rank for rank, severity in enumerate(Severity.values)}
BEGUN = timedelta(minutes=10)
"""So long after an alert's beginning it is still asked for: later the worker, which was down, has seen it itself."""
SCHEMA = Path(__file__).parent / "data" / "active.schema.json"


@dataclass(frozen=True, slots=True)
class BandAlert:
    """One active alert in the band: a link that is gone when the alert expires. `first` is its first message, which
    stays whatever changes; `identifier` its newest; `begins` is when what it announces does, if that is ahead."""

    first: str
    identifier: str
    title: str
    url: str
    expires: datetime
    is_imminent: bool
    begins: datetime | None


@dataclass
class Published:
    """The alerts of one build, read once, so that its outputs agree."""

    graph: SiteGraph
    now: datetime

    @classmethod
    def of(cls, run: Run) -> "Published":
        """Those of a run; they hold until one of them begins, expires, or has been over for so long that feeds leave
        it."""
        return run.once("alerts.published", lambda: cls(run.graph, run.started_at).holding())

    def holding(self) -> "Published":
        turns = (
            turn
            for chain in self.chains
            for turn in (chain.last.onset, chain.last.expires, atom.leaves(chain, self.now))
        )
        record_until(min((turn for turn in turns if turn > self.now), default=None))
        return self

    @cached_property
    def chains(self) -> list[Chain]:
        """Those that the public may see and that feeds may still hold, newest message first."""
        public = {node.id for node in self.graph.of_type("alerts.alertpage")}
        sent = chains_sent(since=self.now - atom.KEPT)
        return [chain for chain in sent if chain.alert_id in public]

    @cached_property
    def active(self) -> list[Chain]:
        """What is active now, gravest first, then newest."""
        active = [chain for chain in self.chains if chain.state_at(self.now) is State.ACTIVE]
        return sorted(active, key=lambda chain: RANK[chain.last.content["severity"]])


def band(rendering: Rendering) -> list[BandAlert]:
    """The active alerts but the one that the page itself is about."""
    return band_beside(rendering, rendering.node.id if rendering.node else None)


def band_beside(rendering: Rendering, here: int | None) -> list[BandAlert]:
    """The active alerts but that of the page `here`."""
    published = Published.of(rendering.run)
    return [_told(chain, published.now, rendering) for chain in published.active if chain.alert_id != here]


def alert_here(rendering: Rendering, here: int | None) -> BandAlert | None:
    """The active alert of the page `here`: what an open page compares with, to tell that it is outdated."""
    published = Published.of(rendering.run)
    told = (_told(chain, published.now, rendering) for chain in published.active if chain.alert_id == here)
    return next(told, None)


def _told(chain: Chain, now: datetime, rendering: Rendering) -> BandAlert:
    content, onset = chain.last.content, chain.last.onset
    return BandAlert(
        first=chain.first.identifier,
        identifier=chain.last.identifier,
        title=content["headline"][rendering.language],
        url=rendering.graph.nodes[chain.alert_id].urls[rendering.language],
        expires=chain.last.expires,
        is_imminent=is_imminent(content["urgency"], content["severity"]),
        begins=onset if onset > now else None,
    )


def own_alert(rendering: Rendering) -> str:
    """The number of an alert's own page."""
    node = rendering.node
    return str(node.id) if node and node.type == "alerts.alertpage" else ""


register_context("alert_band", band)


def band_slot(rendering: Rendering, key: str) -> dict[str, Any]:
    here = int(key) if key else None
    return {"alert_band": band_beside(rendering, here), "alert_here": alert_here(rendering, here)}


def plain_band_slot(rendering: Rendering, key: str) -> dict[str, Any]:
    return {"alert_band": band(rendering)}


register_slot("band", key=own_alert, context=band_slot)
register_slot("plain_band", context=plain_band_slot)
registry.stamp("moment")(moment)


@registry.facts("alerts.chains", tables=[AlertMessage._meta.db_table])
def facts(context: registry.BuildContext) -> dict[str, str]:
    """The messages of each alert. None ever changes."""
    found: dict[int, list[int]] = {}
    for alert, pk in AlertMessage.objects.order_by("pk").values_list("alert_id", "pk"):
        found.setdefault(alert, []).append(pk)
    return {chain_key(alert): ",".join(map(str, messages)) for alert, messages in found.items()}


@registry.documents("alerts", urgent=True)
def documents(context: registry.BuildContext) -> Iterator[Document]:
    """What is active (JSON, GeoJSON), the feeds, and the schema."""
    published = Published.of(Run.of(context))
    base_url, now = context.base_url, published.now
    yield Document(
        url="/alerts/active.json",
        render=lambda: exports.active_json(published.active, now, base_url),
        media_type="application/json",
        label="active.json",
    )
    yield Document(
        url="/alerts/active.schema.json",
        render=SCHEMA.read_bytes,
        media_type="application/schema+json",
        label="active.schema.json",
    )
    yield Document(
        url="/alerts/active.geojson",
        render=lambda: exports.active_geojson(published.active, now, base_url),
        media_type="application/geo+json",
        label="active.geojson",
    )
    for language in LANGUAGES:
        yield Document(
            url=atom.feed_url(language),
            render=partial(_feed, published, language, base_url),
            media_type="application/atom+xml",
            language=language,
            label=f"Atom ({language})",
        )


def sent_names(context: registry.BuildContext) -> list[str]:
    """Each message by number. Also of pages that were taken off later: a message's address is for good."""
    sent = AlertMessage.objects.filter(content__status=Status.ACTUAL).exclude(xml="").order_by("pk")
    return [str(pk) for pk in sent.values_list("pk", flat=True)]


@registry.parts("alerts.messages", names=sent_names, urgent=sent_names)
def messages(context: registry.BuildContext, names: list[str]) -> Iterator[tuple[str, list[Document]]]:
    """The CAP file of each message, which never changes."""
    for message in AlertMessage.objects.filter(pk__in=names).order_by("pk").iterator():
        yield (
            str(message.pk),
            [
                Document(
                    url=message.url,
                    render=partial(_cap, message),
                    media_type="application/cap+xml",
                    label=f"CAP {message.identifier}",
                )
            ],
        )


def _cap(message: AlertMessage) -> bytes:
    """The picture goes out for as long as the message that names it."""
    record_instance(message)
    if image := message.content.get("image"):
        pictures.published(image)
    return message.xml.encode()


def _feed(published: Published, language: str, base_url: str) -> bytes:
    return atom.feed(published.chains, published.now, language, base_url)


@registry.periodic("alert expiry", seconds=1, apart="clock", timely=True)
def expire() -> None:
    """Ask for a build when an active alert's time has come: once, also after the worker was down."""
    now = timezone.now()
    for message in AlertMessage.objects.filter(expires__lte=now, expiry_notice=None):
        last = AlertMessage.objects.filter(alert_id=message.alert_id).order_by("-pk").first()
        with transaction.atomic():
            _notice, is_new = ExpiryNotice.objects.get_or_create(message=message)
            if is_new and message == last and message.kind in (Kind.ALERT, Kind.UPDATE):
                request_build(f"alert {message.identifier} expired", urgent=True)


@registry.periodic("alert onset", seconds=1, apart="clock", timely=True)
def begin() -> None:
    """Ask for a build when what an announced alert warns of begins: once, though two processes call this."""
    now = timezone.now()
    running = AlertMessage.objects.filter(expires__gt=now, kind__in=(Kind.ALERT, Kind.UPDATE))
    told = running.values_list("pk", "alert_id", "identifier", "sent", "content__onset")
    for pk, alert, identifier, sent, text in told.order_by("pk"):
        onset = datetime.fromisoformat(text)
        if not max(sent, now - BEGUN) < onset <= now:
            continue
        reason = f"alert {identifier} begins"
        is_last = not AlertMessage.objects.filter(alert_id=alert, pk__gt=pk).exists()
        if is_last and not BuildRequest.objects.filter(reason=reason).exists():
            request_build(reason, urgent=True)


registry.shows_settings("VIGIE_SENDER_NAME", "VIGIE_VAPID_PRIVATE_KEY")

# What officers work with and no document reads.
registry.unwatched("alerts.scenario", "alerts.expirymail")
