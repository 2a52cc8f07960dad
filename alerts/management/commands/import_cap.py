"""Takes partners' CAP messages as drafts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from alerts import importing


class Command(BaseCommand):
    help = (
        "Take CAP 1.2 messages from a file, or from all *.xml of a folder, as drafts under the alerts index. "
        "Nothing is published. The same message is taken once. Bad files are moved to the quarantine folder "
        "(VIGIE_QUARANTINE_ROOT) with a report. Exit status 1 when a file was not taken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a file, or a folder with *.xml")
        parser.add_argument("--dry-run", action="store_true", help="read and report; store and move nothing")

    def handle(self, *args: Any, path: Path, dry_run: bool, **options: Any) -> None:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".xml")
        elif path.exists():
            files = [path]
        else:
            message = f"{path} does not exist. Give a file or a folder."
            raise CommandError(message)
        bad = 0
        for number, file in enumerate(files, start=1):
            try:
                line, is_good = importing.import_file(file, dry_run=dry_run)
            except Error as error:
                message = f"Stopped at {file}, which stays: the database says “{error}”. Mend that, then run it again."
                raise CommandError(message) from error
            (self.stdout if is_good else self.stderr).write(f"[{number}/{len(files)}] {line}")
            bad += not is_good
        self.stdout.write(f"{len(files)} files, {len(files) - bad} taken, {bad} not taken.")
        if bad:
            message = f"{bad} of {len(files)} files were not taken; the lines above say why."
            raise CommandError(message)
