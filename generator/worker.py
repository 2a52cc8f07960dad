"""The one resident process beside the web server: builds what was asked for and calls the periodic jobs."""

import logging
import os
import time
from datetime import datetime
from functools import partial
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, transaction
from django.utils import timezone

from generator import changes, forking, outbox, waking
from generator.apart import Due, Processes, call
from generator.build import BuildCancelledError, Keeper, Result, build
from generator.changed import Changed
from generator.changes import Seen
from generator.fencing import Fence
from generator.lifeline import tell_service
from generator.manifest import MOUNTED
from generator.registry import Periodic, Registry, default
from generator.search import Indexer
from generator.targets import PUBLIC, ReleaseTarget

logger = logging.getLogger(__name__)

ALIVE_SECONDS = 5.0
"""How often systemd, which ends a worker that says nothing for WatchdogSec=, is told that this one works."""
LONGEST_PAUSE_SECONDS = 2.0
"""After a round that failed: an alert may be waiting for a database that is back."""
TOLD_SECONDS = 60.0
"""How often what fails in each round is told."""
PREPARE_SECONDS = 5.0
"""After an attempt to prepare the next build that was not enough, no other one for so long."""
CHANGES_SECONDS = 1.0
"""How often the worker looks for what was changed by a route that asks for no build."""
BEHIND_SECONDS = 30.0
"""So long after a switch another process may take to write down what the release was made from."""
LONGEST_WITHOUT_JOBS = 2.0
"""Seconds for which builds that follow one another may put off the periodic jobs."""


class Worker:
    """Polls the outbox and keeps the periodic jobs. A failing job, a failing build and a database that is
    away are logged and tried again. `stop()` ends it before the next document."""

    def __init__(
        self,
        target: ReleaseTarget,
        *,
        registry: Registry = default,
        poll_seconds: float = 0.5,
        jobs: int = 1,
    ) -> None:
        self.name = outbox.worker_name()
        self._pid = os.getpid()
        self.target = target
        self.registry = registry
        self.poll_seconds = poll_seconds
        self.jobs = jobs
        self._stopped = waking.Stop()
        self._due = Due()
        self._apart = Processes(registry.periodic_jobs.values())
        self._heart = outbox.Heart(self.name)
        self._alive_due = 0.0
        self._has_waited = False
        self._has_claims = False
        """Perhaps: a build has begun, and what it had claimed is not known to be settled."""
        self._next_at: datetime | None = None
        self._next_of: str | None = None
        self._tended_at = 0.0
        self._changes_due = 0.0
        self._looked: tuple[object, str | None] | None = None
        self._behind_since: float | None = None
        self._knows_version = False
        self._prepare_due = 0.0
        self._prepared_for: str | None = None
        self._indexer = Indexer(target.root / MOUNTED)
        self._keeper = Keeper()
        self._giving_way = outbox.GivingWay()
        self._waker = waking.Patient()
        self._copying = forking.Beside()

    def stop(self) -> None:
        """End soon; what was claimed and not built is given back."""
        self._stopped.set()

    def run(self) -> None:
        """Work until `stop()`."""
        logger.info("Worker %s has started", self.name)
        tell_service("READY=1")
        pause, told_at = self.poll_seconds, -TOLD_SECONDS
        while not self._stopped.is_set():
            self._tell_alive()
            # A connection that the database has closed meanwhile is replaced here, between two rounds.
            close_old_connections()
            try:
                self._apart.tend()
                self.work_once()
                self._warm_up()
                self._tend_index()
                self._prepare()
                self._waker.wait(self.poll_seconds, self._stopped)
                pause = self.poll_seconds
            except Exception as error:
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                if time.monotonic() >= told_at + TOLD_SECONDS:
                    told_at = time.monotonic()
                    is_away = isinstance(error, (DatabaseError, InterfaceError))
                    reason = "The database does not answer" if is_away else "A round of the worker failed"
                    logger.exception("%s; trying again every %.0f s", reason, LONGEST_PAUSE_SECONDS)
                self._stopped.wait(pause)
        tell_service("STOPPING=1")
        self._waker.close()
        self._apart.end()
        self._indexer.forget()
        self._copying.end()
        logger.info("Worker %s has stopped", self.name)

    def work_once(self) -> bool:
        """Call the jobs that are due, then build if that was asked for. Whether all that was claimed is
        live."""
        if self._has_claims:
            # The database was away when the build before ended: nobody else builds that.
            outbox.give_back(self.name)
            self._has_claims = False
        # What was asked for comes first, unless jobs have waited for it long enough.
        if time.monotonic() < self._tended_at + LONGEST_WITHOUT_JOBS and (claim := outbox.claim(self.name)):
            return self._build(claim)
        self._tended_at = time.monotonic()
        self._call_periodic_jobs()
        if outbox.retake(partial(outbox.is_dead, self.name)):
            logger.warning("Took back what a dead worker had claimed")
        if self.target.current() is None and outbox.is_idle():
            outbox.request_build("There is no release yet")
        self._heed_time()
        self._heed_loss()
        self._heed_version()
        claimed = outbox.claim(self.name)
        if claimed is None and self._heed_changes():
            claimed = outbox.claim(self.name)
        return self._build(claimed) if claimed else True

    def _warm_up(self) -> None:
        """An alert that is the first thing asked for is not to wait for what all builds need."""
        try:
            self._keeper.warm_up(self.target, self.registry)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            logger.exception("What builds need could not be read yet; the first one will")

    def _prepare(self) -> None:
        """Let the next build find a copy of what is live."""
        live = self.target.current()
        if live is None or self._copying.is_running():
            return
        if live != self._prepared_for or (
            not self.target.is_ready() and time.monotonic() >= self._prepare_due
        ):
            self._prepared_for = live
            self._prepare_due = time.monotonic() + PREPARE_SECONDS
            try:
                self._copying.start(self.target.prepare)
            except OSError:
                logger.exception("No process to prepare the next build; it will take longer")

    def _heed_time(self) -> None:
        """Ask for a build when something on the site becomes stale by time alone: also what somebody else has built.
        What was known holds where somebody has gone back to a release, of which nobody knows."""
        live = self.target.current()
        if live != self._next_of and self._keeper.is_of(self.target):
            self._next_of = live
            self._next_at = self._keeper.next_moment(self.target)
        if self._next_at and self._next_at <= timezone.now():
            for periodic in self.registry.periodic_jobs.values():
                if periodic.timely:
                    call(periodic)
            outbox.request_build("the time of something on the site has come")
            self._next_at = None

    def _heed_loss(self) -> None:
        """Ask for a build where nobody knows what the live release was made from: nothing that changes would be seen.
        Another process that has just made it live may still be writing that down."""
        if not self._keeper.is_behind(self.target):
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = time.monotonic()
        elif time.monotonic() >= self._behind_since + BEHIND_SECONDS:
            self._behind_since = None
            outbox.request_build("what the live release was made from is not known")

    def _heed_version(self) -> None:
        """Ask for a build where the live release shows what other code or settings say: a worker is started again after
        they have changed, and nobody need edit anything before the site shows it."""
        if self._knows_version or self.target.current() is None:
            return
        if self._keeper.is_outdated(self.target):
            outbox.request_build("code or settings are others than those that the site was made with")
        self._knows_version = True

    def _heed_changes(self) -> bool:
        """Ask for a build when something that the site shows was changed and nobody has asked: a bulk action, a
        command, Wagtail's own SQL. Whether one was asked for."""
        if time.monotonic() < self._changes_due:
            return False
        self._changes_due = time.monotonic() + CHANGES_SECONDS
        looked = (changes.newest(), self.target.current())
        if looked == self._looked or outbox.is_asked() or not self._keeper.is_of(self.target):
            return False
        is_overtaken = self._keeper.is_overtaken(self.target, changes.since, self.registry)
        if is_overtaken:
            outbox.request_build(outbox.UNASKED)
        self._looked = looked
        return is_overtaken

    def _tend_index(self) -> None:
        """Have the search index of what is live made beside, and bring it out when it is there."""
        release = self.target.current()
        if not self._keeper.is_of(self.target):
            # Somebody has gone back to an earlier release: that stays until something is asked for.
            return
        index = self._indexer.step(release, self.target.root / (release or "") / PUBLIC)
        if index is None:
            return
        try:
            result = self._built(index=index)
        except BuildCancelledError:
            outbox.give_back(self.name)
        except Exception:
            logger.exception("The search index could not be brought out")
            outbox.give_back(self.name)
        else:
            # What was asked for while the lock was waited for is in it.
            self._settle(result, attempts=1)
            logger.info("Release %s has its search index", result.release)
        self._has_claims = False

    def _jobs(self) -> list[Periodic]:
        """Those that nobody else calls."""
        return [each for each in self.registry.periodic_jobs.values() if not self._apart.calls(each)]

    def _call_periodic_jobs(self) -> None:
        self._due.call(self._jobs(), self._stopped.is_set)

    def _call_urgent_jobs(self) -> None:
        """What has waited for a release must not wait for the next one."""
        for periodic in self._jobs():
            if periodic.urgent:
                call(periodic)

    def _build(self, claim: outbox.Claim) -> bool:
        is_done = self._build_claimed(claim)
        self._has_claims = False
        return is_done

    def _build_claimed(self, claim: outbox.Claim) -> bool:
        logger.info("Building for %d requests", claim.requests)
        try:
            with self._indexer.held():
                result = self._built(
                    progress=lambda done, total, url: self._heart.beat(), on_urgent=self._call_urgent_jobs
                )
        except BuildCancelledError:
            outbox.give_back(self.name)
            again = None if self._stopped.is_set() else outbox.claim(self.name, early=True)
            if again is None:
                return False
            self._giving_way.given_way += 1
            logger.info("The build gives way to something urgent, and begins anew with it")
            return self._build_claimed(again)
        except Exception as error:
            logger.exception("The build failed")
            return self._failed(str(error) or type(error).__name__, claim)
        if result.release is None:
            return self._failed(outbox.told(result.failures), claim)
        self._settle(result, claim.attempts)
        self._giving_way.given_way = 0
        self._prepare()
        logger.info("Release %s is live: %d files in %.1f s", result.release, result.files, result.seconds)
        return not result.failures

    def _settle(self, result: Result, attempts: int) -> None:
        """What was claimed is live; what of it failed is tried again."""
        assert result.release
        with transaction.atomic():
            outbox.finish(self.name, result.release)
            if result.failures:
                outbox.try_again(outbox.told(result.failures), attempts)
        self._next_at, self._next_of = result.next_at, result.release
        for failure in result.failures:
            logger.error("Failed, and kept as it was: %s", failure)

    def _built(self, **options: Any) -> Result:
        self._has_claims = True
        self._giving_way.begin(self.target.current())
        return build(
            self.target,
            registry=self.registry,
            journal=self._journal,
            fence=Fence.take(),
            keeper=self._keeper,
            jobs=self.jobs,
            on_wait=self._on_wait,
            is_pressing=self._is_pressing,
            should_stop=self._should_stop,
            **options,
        )

    def _on_wait(self, holder: str) -> None:
        """Who holds the lock may build what was claimed here, and looks among what waits whether to give way."""
        logger.info(holder)
        outbox.give_back(self.name)
        self._has_waited = True

    def _journal(self, seen: Seen | None) -> tuple[Changed, Seen]:
        """`changes.since`. What was given back while the lock was waited for, and nobody has taken, is taken again
        before anything is read, as at first."""
        if self._has_waited:
            self._has_waited = False
            outbox.claim(self.name, early=True)
        return changes.since(seen)

    def _should_stop(self) -> bool:
        self._tell_alive()
        return self._stopped.is_set() or self._giving_way.is_due()

    def _is_pressing(self) -> bool:
        self._tell_alive()
        # A first build gives way to nothing: what is urgent can be no sooner.
        return self.target.current() is not None and outbox.is_pressing(self.name)

    def _tell_alive(self) -> None:
        # Not from the processes that share a build: systemd hears the first one only.
        if os.getpid() == self._pid and time.monotonic() >= self._alive_due:
            self._alive_due = time.monotonic() + ALIVE_SECONDS
            tell_service("WATCHDOG=1")

    def _failed(self, error: str, claim: outbox.Claim) -> bool:
        delay = outbox.fail(self.name, error, claim.attempts)
        logger.error("Not all is live; trying again in %.0f seconds. %s", delay, error)
        return False
