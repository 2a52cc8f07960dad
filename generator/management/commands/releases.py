"""manage.py releases"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from generator import conf, releases, signing
from generator.fencing import OvertakenError
from generator.targets import ReleaseTarget, TargetError


class Command(BaseCommand):
    help = "List the releases on disk, go back to one, delete old ones; make a key to sign manifests with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        listing = actions.add_parser("list", help="which are kept, newest first, and which is live")
        listing.add_argument("--verify", action="store_true", help="read every file, and say which are whole")
        activate = actions.add_parser("activate", help="make a kept release live, in one step")
        activate.add_argument("release", metavar="RELEASE", help="its name, as in 20261122T120304.000000Z")
        activate.add_argument(
            "--force",
            action="store_true",
            help="also where other alerts are active in it than on the site now, or what was withdrawn would be "
            "public again; says which",
        )
        activate.add_argument(
            "--without-database",
            action="store_true",
            help="when the database does not answer: without the number that keeps older builds from replacing it",
        )
        prune = actions.add_parser(
            "prune", help="delete old ones, never the live one, never the last that is whole"
        )
        prune.add_argument(
            "--keep", type=int, metavar="N", help="how many stay (default: VIGIE_RELEASES_KEPT)"
        )
        actions.add_parser("key", help="print a new private key for RELEASE_SIGNING_KEY, and its public key")
        for action in actions.choices.values():
            action.add_argument("--json", action="store_true", help="print JSON, nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        target = ReleaseTarget(conf.releases_root(), kept=conf.releases_kept())
        try:
            found = getattr(self, f"_{options['action']}")(target, options)
        except (TargetError, OvertakenError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            where = error.filename2 or error.filename or target.root
            live = f"Live is {target.current() or 'none'}."
            message = f"{where}: {error.strerror or error}. {live} Put that right and repeat."
            raise CommandError(message) from error
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))

    def _list(self, target: ReleaseTarget, options: dict[str, Any]) -> list[dict[str, Any]]:
        found = [asdict(kept) for kept in releases.kept(target)]
        for each in found:
            if options["verify"]:
                each["whole"], each["differences"] = self._verdict(target, each["release"])
            if options["json"]:
                continue
            size = each["error"] or f"{each['files']:>6} files {each['bytes'] / 1e6:8.1f} MB"
            verdict = f"  {each['differences']}" if options["verify"] else ""
            self.stdout.write(f"{'live' if each['live'] else '':<5} {each['release']}  {size}{verdict}")
        if not found and not options["json"]:
            self.stdout.write(f"No release in {target.root}.")
        return found

    def _verdict(self, target: ReleaseTarget, release: str) -> tuple[bool, str]:
        try:
            findings = releases.examined(target, release)
        except (TargetError, OvertakenError) as error:
            return False, str(error)
        return findings.whole, releases.told(findings)

    def _activate(self, target: ReleaseTarget, options: dict[str, Any]) -> dict[str, Any]:
        is_numbered = not options["without_database"]
        try:
            with translation.override(None):
                done = releases.activate(
                    target,
                    options["release"],
                    force=options["force"],
                    is_numbered=is_numbered,
                    on_wait=self.stderr.write,
                )
        except releases.ObjectedError as error:
            message = (
                f"{error} Build instead (`manage.py build`), choose another release, or repeat with --force."
            )
            raise CommandError(message) from error
        for objection in done.overruled:
            self.stderr.write(self.style.WARNING(f"overruled: {objection}"))
        if not is_numbered:
            warning = "not numbered: a build that had begun before may replace it. Keep the worker stopped."
            self.stderr.write(self.style.WARNING(warning))
        if not options["json"]:
            self.stdout.write(self.style.SUCCESS(f"Live: {done.release} (before: {done.before})"))
            self.stdout.write("The next build makes a newer one live: stop the worker to stay here.")
        return {
            "live": done.release,
            "before": done.before,
            "files": done.files,
            "overruled": done.overruled,
            "numbered": is_numbered,
        }

    def _prune(self, target: ReleaseTarget, options: dict[str, Any]) -> dict[str, Any]:
        keep = options["keep"] if options["keep"] is not None else conf.releases_kept()
        if keep < 1:
            message = f"--keep {keep} would leave no release. Give 1 or more."
            raise CommandError(message)
        gone = releases.prune(target, keep)
        if not options["json"]:
            self.stdout.write(f"{len(gone)} deleted, {len(target.releases())} kept.")
        return {"deleted": gone, "kept": target.releases()}

    def _key(self, target: ReleaseTarget, options: dict[str, Any]) -> dict[str, str]:
        private = signing.new_key()
        pair = {"RELEASE_SIGNING_KEY": private, "public_key": signing.public_key(private)}
        if not options["json"]:
            self.stdout.write("".join(f"{name}={value}\n" for name, value in pair.items()), ending="")
        return pair
