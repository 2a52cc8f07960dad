"""Partners' tokens for the import of CAP messages."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alerts.sources import Source


class Command(BaseCommand):
    help = (
        "Give a partner a token for POST /api/cap/ (a new one replaces the old one), or take it away. The token is "
        "shown once and stored as a hash."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the partner's name")
        parser.add_argument("--revoke", action="store_true", help="its token is worth nothing from now on")

    def handle(self, *args: Any, name: str, revoke: bool, **options: Any) -> None:
        if revoke:
            if not Source.objects.filter(name=name).update(is_active=False):
                known = ", ".join(Source.objects.values_list("name", flat=True)) or "none"
                message = f"There is no source {name!r}. Known: {known}."
                raise CommandError(message)
            self.stdout.write(f"{name} may send nothing any more.")
            return
        source = Source.objects.filter(name=name).first() or Source(name=name)
        self.stdout.write(source.renew())
