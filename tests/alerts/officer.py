"""A duty officer, for the tests of what happens when several publish at once. Each function is for `processes.Work`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from alerts import ledger  # noqa: E402
from alerts.models import AlertMessage, AlertPage  # noqa: E402
from tests.factories.alerts import AlertFactory, approver, author, send  # noqa: E402


def draft() -> int:
    """Make a draft; its key."""
    alert = AlertFactory()
    alert.save_revision(user=author())
    approver()
    return int(alert.pk)


def publish(pk: int, times: int) -> None:
    """Publish it so many times."""
    for _ in range(times):
        send(AlertPage.objects.get(pk=pk))


def verify() -> tuple[int, list[str]]:
    """The number of messages, and what is wrong with the ledger."""
    return AlertMessage.objects.count(), ledger.verify()
