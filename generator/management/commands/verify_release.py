"""manage.py verify_release"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generator import verification
from generator.manifest import Manifest
from generator.signing import KeyUnusableError
from generator.targets import MANIFEST
from generator.verification import Findings, UnverifiableError


class Command(BaseCommand):
    help = (
        "Prove a release or a mirror whole: each file of its manifest is there with its bytes, and (in a folder) "
        "no other. Lists what is missing, changed or extra; exit status 1 when anything is. Needs no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "place",
            metavar="URL|DIR",
            help="a site's address, a release's folder, or a folder that is a mirror",
        )
        parser.add_argument(
            "--public-key",
            default="",
            metavar="KEY",
            help="refuse a manifest that the holder of this key did not sign (`manage.py releases key` makes one)",
        )
        parser.add_argument(
            "--manifest",
            type=Path,
            metavar="FILE",
            help="compare a URL with this release's manifest.json instead of the one that it carries",
        )
        parser.add_argument("--json", action="store_true", help="print what was found as JSON, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            findings = self._verify(options)
        except (UnverifiableError, KeyUnusableError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({**asdict(findings), "whole": findings.whole}, ensure_ascii=False))
        else:
            self._report(findings)
        if not findings.whole:
            differing = len(findings.missing) + len(findings.changed) + len(findings.extra)
            message = f"{options['place']} is not whole: {differing} files differ from its manifest."
            raise CommandError(message)

    def _verify(self, options: dict[str, Any]) -> Findings:
        place, key = options["place"], options["public_key"]
        if place.startswith(("http://", "https://")):
            manifest = Manifest.load(options["manifest"]) if options["manifest"] else None
            return verification.verify_url(place, key, manifest)
        folder = Path(place)
        if not folder.is_dir():
            message = f"{place!r} is neither an http(s) address nor a folder."
            raise CommandError(message)
        if (folder / MANIFEST).is_file() and not key:
            return verification.verify_release(folder)
        return verification.verify_mirror(folder, key)

    def _report(self, findings: Findings) -> None:
        for name in ("missing", "changed", "extra"):
            for path in getattr(findings, name):
                self.stdout.write(f"{name:>7}  {path}")
        signed = "signature verified" if findings.signed else "signature not checked"
        self.stdout.write(
            f"{findings.release}, made at {findings.made_at}: {findings.files} files, {signed}."
        )
        if not findings.complete:
            self.stdout.write("Files that are in no manifest cannot be seen over HTTP.")
        if findings.whole:
            self.stdout.write(self.style.SUCCESS("Whole."))
