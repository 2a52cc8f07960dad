"""Checks the chain of alert messages."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alerts import ledger
from alerts.models import AlertMessage


class Command(BaseCommand):
    help = (
        "Check that every alert message is what was sent. Ends with an error that names each one that is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if problems := ledger.verify():
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{AlertMessage.objects.count()} messages, all as they were sent.")
        self.stdout.write(f"Seal of the newest: {ledger.head() or 'none'}")
