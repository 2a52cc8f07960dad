"""A worker's deliveries, for the tests of what a kill leaves behind. Each function is for `processes.Work`."""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from alerts.delivery import outbox, push  # noqa: E402
from alerts.delivery.models import AlertDelivery, PushSubscription, Recipient  # noqa: E402
from tests.alerts.released import go_live  # noqa: E402
from tests.factories.alerts import AlertFactory, send  # noqa: E402


def _use(service: str, key: str, releases: Path) -> None:
    settings.VIGIE_RELEASES_ROOT = releases
    settings.VIGIE_PUSH_SERVICES = [service]
    settings.VIGIE_VAPID_PRIVATE_KEY = key
    settings.VIGIE_BASE_URL = "https://vigie.example"


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def publish(service: str, key: str, releases: Path, subscriptions: list[Any]) -> str:
    """Subscribe and publish; the release is live. The message's identifier."""
    _use(service, key, releases)
    for subscription in subscriptions:
        PushSubscription.objects.create(**push.check_subscription(subscription), language="fr")
    message = send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    return str(message.identifier)


def deliver(service: str, key: str, releases: Path, point: str = "", *, beside: bool = False) -> str:
    """Deliver, and be killed at `point` ("" for never); the delivery's state. The claims of those before have run
    out, unless it delivers `beside` another one, whose claims hold.
    """
    _use(service, key, releases)
    if point == "addressing":
        # In the transaction: the rows are written, and not yet committed.
        AlertDelivery.save = _die  # type: ignore[method-assign]
    elif point:
        setattr(outbox, f"_{point}", _die)
    if not beside:
        claimed = Recipient.objects.filter(state=Recipient.State.CLAIMED)
        claimed.update(claimed_at=timezone.now() - timedelta(hours=1))
    outbox.BUDGET_SECONDS = 30
    outbox.deliver()
    return str(AlertDelivery.objects.get(channel="push").state)


def deliver_beside(service: str, key: str, releases: Path) -> str:
    return deliver(service, key, releases, beside=True)
