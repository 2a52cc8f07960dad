"""A worker's deliveries in a process of their own, for the tests of what a kill leaves behind.

python -m tests.alerts.courier publish NAMES SERVICE KEYS   subscribe and publish; the release is live
python -m tests.alerts.courier deliver POINT                deliver; SIGKILL itself at POINT ("" for never), after the
                                                            claims of those before have run out
python -m tests.alerts.courier deliver POINT beside         deliver beside another one, whose claims hold
"""

import json
import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from alerts.delivery import outbox, push  # noqa: E402
from alerts.delivery.models import AlertDelivery, PushSubscription, Recipient  # noqa: E402
from tests.alerts.released import go_live  # noqa: E402
from tests.factories.alerts import AlertFactory, send  # noqa: E402

settings.VIGIE_PUSH_SERVICES = [os.environ["PUSH_SERVICE"]]
settings.VIGIE_VAPID_PRIVATE_KEY = os.environ["PUSH_KEY"]
settings.VIGIE_RELEASES_ROOT = Path(os.environ["RELEASES"])
settings.VIGIE_BASE_URL = "https://vigie.example"


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def publish() -> None:
    for subscription in json.load(sys.stdin):
        PushSubscription.objects.create(**push.check_subscription(subscription), language="fr")
    message = send(AlertFactory(expires=timezone.now() + timedelta(hours=2)))
    go_live()
    sys.stdout.write(message.identifier)


def deliver(point: str, *beside: str) -> None:
    if point == "addressing":
        # In the transaction: the rows are written, and not yet committed.
        AlertDelivery.save = die  # type: ignore[method-assign]
    elif point:
        setattr(outbox, f"_{point}", die)
    if not beside:
        claimed = Recipient.objects.filter(state=Recipient.State.CLAIMED)
        claimed.update(claimed_at=timezone.now() - timedelta(hours=1))
    outbox.BUDGET_SECONDS = 30
    outbox.deliver()
    sys.stdout.write(AlertDelivery.objects.get(channel="push").state)


if __name__ == "__main__":
    if sys.argv[1] == "publish":
        publish()
    else:
        deliver(*sys.argv[2:])
