"""What is live now, as officers see it on their dashboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.forms import Media
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component

from alerts.areas import Area
from alerts.delivery.liveness import OVERDUE, unseen_for
from alerts.expiry import noticed_at
from alerts.handover import Handover, handovers
from alerts.lifecycle import State
from alerts.models import AlertIndexPage, AlertMessage, AlertPage, Chain
from alerts.publishing import RANK
from alerts.sources import ImportedMessage
from alerts.vocabulary import Status
from territory.models import Municipality


def media() -> Media:
    """What the officer's pages are made with: a style, and scripts that only add comfort."""
    return Media(
        css={"all": [versioned_static("alerts/admin.css")]}, js=[versioned_static("alerts/admin.js")]
    )


def index() -> AlertIndexPage | None:
    return AlertIndexPage.objects.first()


def may_publish(user: Any) -> bool:
    """Whether `user` may send alerts."""
    found = index()
    return bool(found and found.permissions_for_user(user).can_publish_subpage())


@dataclass
class LiveAlert:
    """An alert at an instant, for the panel and the pages about it."""

    page: AlertPage
    chain: Chain
    now: datetime

    @property
    def message(self) -> AlertMessage:
        return self.chain.last

    @property
    def state(self) -> State:
        return self.chain.state_at(self.now)

    @property
    def is_active(self) -> bool:
        return self.state is State.ACTIVE

    @property
    def status(self) -> str:
        """ "Exercise" or "Test" in the officer's language; "" for what is really happening."""
        status = Status(self.message.content["status"])
        return "" if status is Status.ACTUAL else str(status.label)

    @property
    def is_exercise(self) -> bool:
        return self.message.content["status"] == Status.EXERCISE

    @property
    def time_left(self) -> timedelta:
        return max(self.message.expires - self.now, timedelta())

    @property
    def hours_left(self) -> int:
        return self._minutes_in_all // 60

    @property
    def minutes_left(self) -> int:
        """Beyond the hours."""
        return self._minutes_in_all % 60

    @property
    def _minutes_in_all(self) -> int:
        """One that has begun counts."""
        return -(-self.time_left // timedelta(minutes=1))

    @property
    def ends_soon(self) -> bool:
        """Whether the officers have been told that it ends."""
        return self.is_active and noticed_at(self.message.sent, self.message.expires) <= self.now

    @cached_property
    def news(self) -> list[ImportedMessage]:
        """The gravest and newest that partners have said of it since its last message, if they have."""
        news = ImportedMessage.unanswered(self.now).filter(concerns=self.message)
        return list(news.order_by("-is_ending", "-pk")[:1])

    @property
    def headline(self) -> str:
        return self.message.headline

    @property
    def area(self) -> str:
        return self.message.text("area")

    @cached_property
    def municipalities(self) -> str:
        """Those in it, whole or in part, in the officer's language: two alerts may have the same words."""
        if self.message.content.get("nuts"):
            return gettext("the whole region")
        touched = Area.of(self.message.content).touched()
        return ", ".join(str(town) for town in Municipality.objects.filter(nis__in=touched))

    @cached_property
    def unseen(self) -> timedelta | None:
        """How long ago the last message was sent, where the public cannot read it yet."""
        return unseen_for(self.message, self.now)

    @property
    def is_overdue(self) -> bool:
        return self.unseen is not None and self.unseen >= OVERDUE

    @property
    def unseen_seconds(self) -> int:
        """In steps, so that what reads the page aloud is not asked to every few seconds."""
        return int((self.unseen or timedelta()) / OVERDUE) * int(OVERDUE.total_seconds())

    @property
    def unseen_minutes(self) -> int:
        """0 below two minutes, of which the seconds tell."""
        minutes = (self.unseen or timedelta()) // timedelta(minutes=1)
        return minutes if minutes >= 2 else 0

    @cached_property
    def handovers(self) -> list[Handover]:
        return handovers(self.page.pk, self.message.content)

    @property
    def urls(self) -> dict[str, str]:
        """The public page by language."""
        return dict(self.message.content["web"])


def live(now: datetime) -> list[LiveAlert]:
    """The active alerts, exercises and tests too: gravest first, then newest."""
    unexpired = AlertMessage.objects.filter(expires__gt=now).values("alert_id")
    by_alert: dict[int, list[AlertMessage]] = {}
    for message in AlertMessage.objects.filter(alert_id__in=unexpired).defer("xml"):
        by_alert.setdefault(message.alert_id, []).append(message)
    pages = AlertPage.objects.in_bulk(by_alert)
    found = [LiveAlert(pages[pk], Chain(messages), now) for pk, messages in by_alert.items()]
    active = sorted((alert for alert in found if alert.is_active), key=lambda alert: -alert.message.pk)
    return sorted(active, key=lambda alert: RANK[alert.message.content["severity"]])


class LivePanel(Component):
    """On the dashboard of those who may send alerts: what is active, how long still, and a button for each way on."""

    name = "live_alerts"
    template_name = "alerts/admin/live_panel.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "request": parent_context["request"],
            "alerts": live(timezone.now()),
        }

    @property
    def media(self) -> Media:
        return media()
