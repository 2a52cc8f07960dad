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
from generator.targets import MANIFEST, PUBLIC
from generator.verification import CARRIED_MANIFEST, Findings, UnverifiableError


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
            help="compare with this release's manifest.json instead of the one that the place carries",
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
        if options["manifest"] and key:
            message = "--manifest replaces the manifest that --public-key would check. Give one of them."
            raise CommandError(message)
        manifest = Manifest.load(options["manifest"]) if options["manifest"] else None
        if place.startswith(("http://", "https://")):
            return verification.verify_url(place, key, manifest)
        folder = Path(place)
        if not folder.is_dir():
            message = f"{place!r} is neither an http(s) address nor a folder."
            raise CommandError(message)
        is_release = (folder / MANIFEST).is_file()
        if manifest:
            return verification.verify_copy(folder / PUBLIC if is_release else folder, manifest)
        if is_release and not key:
            return verification.verify_release(folder)
        if is_release:
            message = (
                f"{folder} is a release on the machine that made it, which is not signed: what a mirror carries is. "
                "Leave --public-key out, or give a mirror's address or folder."
            )
            raise CommandError(message)
        if not (folder / CARRIED_MANIFEST).is_file():
            self._tell_where_the_manifest_is(folder)
        return verification.verify_mirror(folder, key)

    def _tell_where_the_manifest_is(self, folder: Path) -> None:
        """Raises CommandError where a build has left one beside the folder."""
        above, beside = folder.resolve().parent, folder.resolve()
        if beside.name == PUBLIC and (above / MANIFEST).is_file():
            message = (
                f"{folder} is the public folder of a release, whose manifest lies above it. Give {above}, without "
                "--public-key."
            )
            raise CommandError(message)
        manifest = beside.with_name(f"{beside.name}.{MANIFEST}")
        if manifest.is_file():
            message = (
                f"{folder} was made with --output, which signs nothing. Repeat with --manifest {manifest}."
            )
            raise CommandError(message)

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
