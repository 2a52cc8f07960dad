"""manage.py build"""

import json
import shutil
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from contextlib import suppress
from dataclasses import asdict, replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, InterfaceError, transaction

from generator import changes, conf, outbox, registry, search
from generator.build import BuildCancelledError, BuildError, Progress, Result, build
from generator.documents import url_for
from generator.fencing import Fence, OvertakenError
from generator.targets import PUBLIC, FolderTarget, ReleaseTarget, Target, TargetError

LISTED = 200
BAR = 20
"""The progress bar's width in characters."""
INTERRUPTED = 130
"""The exit status of what Ctrl-C ended, as shells have it."""


class Command(BaseCommand):
    help = "Bring the public site up to date: every document of every app, in both languages, as files."
    epilog = """
Without --output the site becomes a new release in VIGIE_RELEASES_ROOT and is live at once: the
link `current` is switched in one step, and the newest VIGIE_RELEASES_KEPT releases are kept.

With --output DIR the plain files go to DIR, which any web server can serve as it is. The
manifest (DIR.manifest.json) and the maps for nginx (DIR.redirects.map, DIR.policies.map) lie beside it.

Only what has changed since the last build is made anew; --full makes everything. A page that
fails is named, keeps its last good version and holds nothing else back; the exit status is 1 and
the worker tries it again. The very first release needs every page. While it works, a terminal
shows how far it is; Ctrl-C ends it and leaves what is live.

With --only PATTERN the other pages are taken over from the release before. Where that cannot be
(there is none, or it was made by other code, for another base URL or with other settings),
everything is made, and a warning says why, also in the `warnings` of --json.

examples:
  manage.py build                      a new release, live
  manage.py build --dry-run            what would change
  manage.py build --full --no-search   everything anew, sooner done
  manage.py build --only '/fr/news/*'  these pages, where they have changed
  manage.py build --output public/     the site as a folder
  manage.py build --json | jq .files   for machines
"""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name, subcommand, epilog=self.epilog, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--output", metavar="DIR", type=Path, help="write plain public files to DIR, in one swap"
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="replace DIR even if it holds files that no build put there; they are deleted",
        )
        parser.add_argument(
            "--full", action="store_true", help="make everything anew, also what has not changed"
        )
        parser.add_argument(
            "--only",
            metavar="PATTERN",
            help="of what has changed, make only pages whose URL fits, as in '/fr/news/*'; the rest waits. "
            "Where nothing can be taken over, everything is made, with a warning",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="write nothing; list what would be added, changed and removed",
        )
        parser.add_argument(
            "--no-search",
            action="store_true",
            help="make no search index: sooner done; the worker makes one for a release by itself",
        )
        parser.add_argument(
            "--jobs",
            metavar="N",
            type=int,
            default=conf.build_jobs(),
            help="share what is much to make over N processes (default: %(default)s)",
        )
        parser.add_argument(
            "--json", action="store_true", help="print the summary as one JSON object, nothing else"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._refuse_what_contradicts(options)
        try:
            result = self._build(options)
        except (TargetError, BuildError, OvertakenError) as error:
            raise CommandError(str(error)) from error
        except (DatabaseError, InterfaceError) as error:
            message = f"The database does not answer: {str(error).strip()}. What is live stays whole."
            raise CommandError(message) from error
        except KeyboardInterrupt as error:
            raise CommandError("Stopped. What is live is whole.", returncode=INTERRUPTED) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(result), ensure_ascii=False, cls=DjangoJSONEncoder))
        else:
            self._report(result, dry_run=options["dry_run"])
        if options["only"] and not result.everything and not self._fits(result, options):
            message = f"--only {options['only']!r} fits no URL of the site."
            self.stderr.write(self.style.WARNING(f"warning: {message}"))
        if result.failures:
            for failure in result.failures:
                kept = " (its last good version stays)" if failure.is_kept else ""
                self.stderr.write(self.style.ERROR(f"failed: {failure}{kept}"))
            rest = (
                "each keeps its last good version, the rest is live" if result.release else "nothing is live"
            )
            raise CommandError(f"{len(result.failures)} failed, each named above; {rest}.")

    def _refuse_what_contradicts(self, options: dict[str, Any]) -> None:
        """Raises CommandError."""
        only = options["only"]
        if options["force"] and not options["output"]:
            raise CommandError("--force is about the folder of --output. Name it, or leave --force out.")
        if options["jobs"] < 1:
            raise CommandError(f"--jobs takes a number from 1 up, not {options['jobs']}.")
        if only is not None and not only.startswith(("/", "*")):
            message = f"--only {only!r} can fit no URL: they begin with a slash, as in '/fr/news/*'."
            raise CommandError(message)
        if only and options["full"]:
            raise CommandError("--full makes everything and --only a part. Give one of them.")
        if only and options["output"]:
            raise CommandError("The folder of --output is always made whole. Leave --only out.")

    def _call_due_jobs(self) -> None:
        """What a worker would have done by now: what has expired must not go out. One that fails holds back nothing, as
        in the worker."""
        for periodic in registry.default.periodic_jobs.values():
            if not periodic.before_builds:
                continue
            try:
                periodic.job()
            except (DatabaseError, InterfaceError):
                raise
            except Exception as error:
                message = f"warning: The job {periodic.name!r} failed: {error}"
                self.stderr.write(self.style.WARNING(message))

    def _build(self, options: dict[str, Any]) -> Result:
        name = outbox.worker_name()
        if not options["dry_run"]:
            self._call_due_jobs()
        is_of_site = not (options["output"] or options["dry_run"])
        makes_release = is_of_site and not options["only"]
        claim = None
        giving_way, heart = outbox.GivingWay(name), outbox.Heart(name)
        progress = self._progress()

        def beat(done: int, total: int, url: str) -> None:
            heart.beat()
            if progress:
                progress(done, total, url)

        try:
            while True:
                if makes_release:
                    # Before anything is read: what was asked for until now is answered by this release.
                    outbox.retake(partial(outbox.is_dead, name))
                    claim = outbox.claim(name, early=True) or claim
                giving_way.begin(self._target(options).live())
                try:
                    result = build(
                        self._target(options),
                        journal=changes.since,
                        fence=Fence.take() if is_of_site else None,
                        full=options["full"],
                        only=options["only"],
                        dry_run=options["dry_run"],
                        makes_index=bool(options["output"]) and not options["no_search"],
                        jobs=options["jobs"],
                        progress=beat if makes_release else progress,
                        on_wait=self.stderr.write,
                        should_stop=lambda: is_of_site and giving_way.is_due(),
                    )
                    break
                except BuildCancelledError:
                    giving_way.given_way += 1
                    self.stderr.write(
                        "Something urgent was asked for meanwhile: beginning anew, with it first."
                    )
                    giving_way.step_aside()
            if makes_release and result.release:
                with transaction.atomic():
                    outbox.finish(name, result.release)
                    if result.failures:
                        outbox.try_again(outbox.told(result.failures), claim.attempts if claim else 1)
        finally:
            if makes_release:
                # Where the database is away, the next worker takes them back.
                with suppress(DatabaseError, InterfaceError):
                    outbox.give_back(name)
        return (
            result
            if options["no_search"] or not makes_release
            else self._with_index(result, options, giving_way)
        )

    def _with_index(self, result: Result, options: dict[str, Any], giving_way: outbox.GivingWay) -> Result:
        """`result` with the search index of its release, in one of its own: on a large site the index takes a minute,
        for which nothing that is asked for meanwhile has to wait."""
        target = ReleaseTarget(conf.releases_root(), kept=conf.releases_kept())
        if result.release is None or target.shelf is None:
            return result
        with tempfile.TemporaryDirectory(prefix=search.TEMPORARY) as folder:
            try:
                if not search.make(target.root / result.release / PUBLIC, Path(folder)):
                    return result
                place, _base = search.shelved(Path(folder), target.shelf)
            except (search.SearchError, OSError) as error:
                return replace(result, warnings=[*result.warnings, f"There is no search index: {error}"])
        giving_way.begin(result.release)
        try:
            indexed = build(
                target,
                journal=changes.since,
                fence=Fence.take(),
                index=search.Index(place, result.release),
                jobs=options["jobs"],
                on_wait=self.stderr.write,
                should_stop=giving_way.is_due,
            )
        except BuildCancelledError:
            said = "There is no search index: something urgent was asked for. The worker makes one."
            return replace(result, warnings=[*result.warnings, said])
        release, seconds = indexed.release or result.release, result.seconds + indexed.seconds
        return replace(result, release=release, files=indexed.files, bytes=indexed.bytes, seconds=seconds)

    def _fits(self, result: Result, options: dict[str, Any]) -> bool:
        """Whether the pattern of --only fits a URL of the site, or one that this build would add."""
        previous = self._target(options).previous()
        paths = {*(previous.manifest.files if previous else ()), *result.diff.added, *result.diff.removed}
        return any(fnmatchcase(url_for(path), options["only"]) for path in paths)

    def _target(self, options: dict[str, Any]) -> Target:
        if not options["output"]:
            return ReleaseTarget(conf.releases_root(), kept=conf.releases_kept())
        own = [getattr(settings, name, None) for name in ("BASE_DIR", "MEDIA_ROOT", "STATIC_ROOT")]
        protected = [*(Path(path) for path in own if path), conf.releases_root()]
        return FolderTarget(options["output"], force=options["force"], protected=protected)

    def _progress(self) -> Progress | None:
        """A line that rewrites itself, on a terminal only."""
        if not self.stderr.isatty():
            return None
        width = shutil.get_terminal_size().columns - 1

        def show(done: int, total: int, url: str) -> None:
            filled = BAR * done // max(total, 1)
            bar = f"[{'#' * filled}{'.' * (BAR - filled)}]"
            text = f"{bar} {done:>6}/{total} {url}" if url else ""
            sys.stderr.write(f"\r{text[:width]:<{width}}" + ("" if url else "\r"))
            sys.stderr.flush()

        return show

    def _report(self, result: Result, *, dry_run: bool) -> None:
        for warning in result.warnings:
            self.stderr.write(self.style.WARNING(f"warning: {warning}"))
        for publisher, count in result.files_by_publisher.items():
            self.stdout.write(f"{count:>7}  {publisher}")
        if dry_run:
            for name, paths in asdict(result.diff).items():
                for path in paths[:LISTED]:
                    self.stdout.write(f"{name:>7}  {path}")
                if len(paths) > LISTED:
                    self.stdout.write(f"{name:>7}  and {len(paths) - LISTED} more (--json lists all)")
        diff = result.diff
        changes = f"{len(diff.added)} added, {len(diff.changed)} changed, {len(diff.removed)} removed"
        size = f"{result.files} files, {result.bytes / 1e6:.1f} MB, {result.seconds:.1f} s"
        made = f"{result.rendered} rendered, {result.composed} with a new frame only"
        self.stdout.write(f"{size}: {changes}; {made}; {result.reused} shared with the build before.")
        if result.release:
            self.stdout.write(self.style.SUCCESS(f"Live: {result.release}"))
        elif dry_run:
            self.stdout.write("Dry run: nothing was written.")
