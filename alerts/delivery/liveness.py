"""Whether the public can read a message, told from the files that are live.

A build makes what is urgent live long before it is done, and may keep a page that cannot be rendered as it was. So the
files decide, and no build request: the alert's page in both languages, and what says which alerts are active.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils import timezone

from alerts.delivery.models import AlertDelivery, ChannelName
from alerts.lifecycle import Kind
from alerts.rendering import mark
from alerts.vocabulary import Status
from generator import conf
from generator.documents import path_for
from generator.manifest import Manifest
from generator.redirects import key
from generator.targets import MANIFEST, PUBLIC, current_release

if TYPE_CHECKING:
    from alerts.models import AlertMessage

ACTIVE = "alerts/active.json"
OVERDUE = timedelta(seconds=15)
"""A message is live a few seconds after it was sent. After this, somebody has to know that it is not."""


def is_live(message: AlertMessage) -> bool:
    """Whether the live release shows `message` or one that followed it: on the alert's page in every language, and,
    unless it is an exercise or a test, among what is active as long as that holds."""
    root = conf.releases_root()
    release = current_release(root)
    if release is None:
        return False
    shown = list(
        type(message)
        .objects.filter(alert_id=message.alert_id, pk__gte=message.pk)
        .order_by("pk")
        .values_list("identifier", flat=True)
    )
    try:
        return all(
            _page_shows(root / release, urlsplit(address).path, shown)
            for address in message.content["web"].values()
        ) and (message.content["status"] != Status.ACTUAL or _is_listed(root / release, message, shown))
    except FileNotFoundError:
        # Not made yet, or the release was replaced and deleted while it was read: the next look tells.
        return False


def unseen_for(message: AlertMessage, now: datetime) -> timedelta | None:
    """How long ago `message` was sent, while it holds and the public cannot read it; None where they can. Told without
    the worker: what a dead one made live, it marks no more."""
    site = message.deliveries.filter(channel=ChannelName.SITE).first()
    if site is None or site.state == AlertDelivery.State.DONE or message.expires <= now or is_live(message):
        return None
    # What a message says of its time may be ahead; the delivery was written with it, but may have been put off since.
    return max(now - min(message.sent, site.due_at), timedelta())


def _page_shows(release: Path, url: str, shown: list[str]) -> bool:
    with suppress(FileNotFoundError):
        if _has_mark(release, url, shown):
            return True
    # A page that was moved since leads to its new address.
    moved = Manifest.load(release / MANIFEST).redirects.get(key(url), "")
    return moved.startswith("/") and _has_mark(release, moved, shown)


def _has_mark(release: Path, url: str, shown: list[str]) -> bool:
    html = (release / PUBLIC / path_for(url)).read_text(encoding="utf-8")
    return any(mark(identifier) in html for identifier in shown)


def _is_listed(release: Path, message: AlertMessage, shown: list[str]) -> bool:
    chain = list(type(message).objects.filter(alert_id=message.alert_id).order_by("pk").defer("xml"))
    first, last = chain[0], chain[-1]
    alerts: list[dict[str, Any]] = json.loads((release / PUBLIC / ACTIVE).read_bytes())["alerts"]
    listed = next((each["identifier"] for each in alerts if each["first_identifier"] == first.identifier), "")
    if listed:
        return listed in shown
    return Kind(last.kind) not in (Kind.ALERT, Kind.UPDATE) or last.expires <= timezone.now()
