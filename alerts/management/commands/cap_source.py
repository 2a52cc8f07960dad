"""Partners' tokens for the import of CAP messages."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alerts.sources import Source


class Command(BaseCommand):
    help = (
        "Give a partner a token for POST /api/cap/ (a new one replaces the old one), or take it away. It speaks for "
        "the CAP senders that are named and for no other. The token is shown once and stored as a hash."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the partner's name")
        parser.add_argument(
            "--sender",
            dest="senders",
            action="append",
            metavar="SENDER",
            default=[],
            help="a CAP sender that it speaks for; several times for several. They replace those it had",
        )
        parser.add_argument("--keep-token", action="store_true", help="change its senders only")
        parser.add_argument("--revoke", action="store_true", help="its token is worth nothing from now on")

    def handle(
        self, *args: Any, name: str, senders: list[str], keep_token: bool, revoke: bool, **options: Any
    ) -> None:
        if revoke:
            if not Source.objects.filter(name=name).update(is_active=False):
                known = ", ".join(Source.objects.values_list("name", flat=True)) or "none"
                message = f"There is no source {name!r}. Known: {known}."
                raise CommandError(message)
            self.stdout.write(f"{name} may send nothing any more.")
            return
        source = Source.objects.filter(name=name).first() or Source(name=name)
        source.senders = list(dict.fromkeys(filter(None, map(str.strip, senders)))) or source.senders
        if not source.senders:
            message = (
                f"{name} speaks for no CAP sender, so all it sends would be refused. Name the <sender> of its "
                f'messages: cap_source "{name}" --sender warn@partner.example'
            )
            raise CommandError(message)
        if not keep_token:
            self.stdout.write(source.renew())
        elif source.pk is None:
            message = f"There is no source {name!r} yet, so it has no token to keep. Leave --keep-token out."
            raise CommandError(message)
        else:
            source.save()
            self.stdout.write(f"{name} speaks for: {', '.join(source.senders)}.")
