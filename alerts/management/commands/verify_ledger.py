"""Checks the chain of alert messages."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alerts import ledger
from alerts.models import AlertMessage


class Command(BaseCommand):
    help = (
        "Check that every alert message is what was sent. Ends with an error that names each one that is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--noted",
            metavar="SEAL",
            default="",
            help="a seal that was noted earlier: its message has to be there still, which shows that no newest ones"
            " were taken away",
        )

    def handle(self, *args: Any, noted: str, **options: Any) -> None:
        if problems := ledger.verify(noted):
            raise CommandError("\n".join(problems))
        self.stdout.write(f"{AlertMessage.objects.count()} messages, all as they were sent.")
        self.stdout.write(f"Seal of the newest: {ledger.head() or 'none'}")
