"""manage.py mirrors"""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError

from generator import conf
from generator.mirrors import jobs
from generator.mirrors.places import Place, places
from generator.mirrors.stores import MirrorError
from generator.signing import KeyUnusableError
from generator.targets import current_release

POLL_SECONDS = 0.1


class Command(BaseCommand):
    help = "List the mirrors with the release that each has, or bring them to the live one (the worker does)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
        listing = actions.add_parser("list", help="each mirror, its release and its last error")
        listing.add_argument("--json", action="store_true", help="print JSON, nothing else")
        sending = actions.add_parser("push", help="bring mirrors to the live release now, all at once")
        sending.add_argument("names", nargs="*", metavar="NAME", help="which (all when none is named)")
        sending.add_argument(
            "--full",
            action="store_true",
            help="believe nothing of what the mirror says: send everything, delete all that is not in the release",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            configured = places()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        try:
            if options["action"] == "list":
                self._list(configured, as_json=options["json"])
            else:
                self._push(configured, options["names"], full=options["full"])
        except (DatabaseError, InterfaceError) as error:
            message = f"The database does not answer, which knows how each mirror is: {str(error).strip()}"
            raise CommandError(message) from error

    def _list(self, configured: list[Place], *, as_json: bool) -> None:
        current = current_release(conf.releases_root())
        found = []
        for place, state in jobs.states(configured):
            found.append(
                {
                    "name": place.name,
                    "address": str(place),
                    "state": state.state,
                    "release": state.release,
                    "up_to_date": bool(current) and state.release == current,
                    "attempts": state.attempts,
                    "error": state.error,
                }
            )
        if as_json:
            self.stdout.write(json.dumps({"live": current, "mirrors": found}, ensure_ascii=False))
            return
        for each in found:
            self.stdout.write(
                f"{each['name']:<20} {each['state']:<8} {each['release'] or '-':<24} {each['error']}"
            )
        if not found:
            self.stdout.write("No mirror is configured (MIRRORS).")

    def _push(self, configured: list[Place], names: list[str], *, full: bool) -> None:
        by_name = {place.name: place for place in configured}
        if unknown := sorted(set(names) - by_name.keys()):
            message = f"There is no mirror {unknown[0]!r}. Configured are: {', '.join(by_name) or 'none'}."
            raise CommandError(message)
        wanted = list(dict.fromkeys(names or by_name))
        if not wanted:
            self.stdout.write("No mirror is configured (MIRRORS).")
        elif len(wanted) == 1:
            self._push_one(by_name[wanted[0]], full=full)
        else:
            self._push_at_once(wanted, full=full)

    def _push_one(self, place: Place, *, full: bool) -> None:
        try:
            sent = jobs.bring_up_to_date(place, full=full)
        except (MirrorError, OSError, KeyUnusableError) as error:
            message = f"{place.name}: {error}"
            raise CommandError(message) from error
        if sent:
            told = f"{sent.release}, {sent.put} sent, {sent.deleted} deleted"
        elif current_release(conf.releases_root()):
            told = "another process is sending to it"
        else:
            told = "there is no release yet"
        self.stdout.write(f"{place.name}: {told}")

    def _push_at_once(self, names: list[str], *, full: bool) -> None:
        """Each in a process of its own, as the worker does, so that none waits for one that is slow."""
        self.stdout.write(f"Sending to {len(names)} mirrors: {', '.join(names)}")
        self.stdout.flush()
        processes = {name: jobs.start(name, full=full) for name in names}
        failed = []
        try:
            while processes:
                time.sleep(POLL_SECONDS)
                for name in [name for name, process in processes.items() if process.poll() is not None]:
                    status = processes.pop(name).returncode
                    if status:
                        failed.append(name)
                    told = f"failed (status {status})" if status else "done"
                    self.stdout.write(f"{name}: {told}, {len(names) - len(processes)} of {len(names)}")
                    self.stdout.flush()
        finally:
            for process in processes.values():
                process.terminate()
                process.wait()
        if failed:
            message = f"{len(failed)} of {len(names)} failed: {', '.join(failed)}."
            raise CommandError(message)
