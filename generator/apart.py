"""Periodic jobs in processes of their own beside the worker: a mail server that takes a minute, or never answers, is
not to keep an alert from the site, nor a build what is due meanwhile."""

from __future__ import annotations

import logging
import mmap
import os
import signal
import struct
import time
from collections.abc import Callable, Iterable, Sequence

from django.db import close_old_connections

from generator.forking import let_go_of_databases
from generator.lifeline import end_with
from generator.registry import Periodic
from generator.waking import Stop

logger = logging.getLogger(__name__)

CLOCK = struct.Struct("d")

LOOK_SECONDS = 0.25
GRACE_SECONDS = 5.0
"""So long a job under way has to end when the worker is asked to."""
SILENT_SECONDS = 120.0
"""A process that has begun no job for so long hangs. Longer than a job takes, each of which has its time limits."""
PAUSE_SECONDS = 1.0
"""Before another process takes the place of one that has ended."""


def call(periodic: Periodic) -> None:
    """A job that fails is logged; it holds up no other."""
    try:
        periodic.job()
    except Exception:
        logger.exception(
            "The periodic job %s failed; next call in %s seconds", periodic.name, periodic.seconds
        )


class Due:
    """Calls each job when it is due: at once, and then every so many seconds."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}

    def call(self, jobs: Sequence[Periodic], is_stopped: Callable[[], bool]) -> None:
        for periodic in jobs:
            if is_stopped():
                return
            if time.monotonic() >= self._at.get(periodic.name, 0.0):
                call(periodic)
                self._at[periodic.name] = time.monotonic() + periodic.seconds


class Processes:
    """The processes that call those of the `jobs` that are to be called apart, one for each name."""

    def __init__(self, jobs: Iterable[Periodic]) -> None:
        grouped: dict[str, list[Periodic]] = {}
        for each in jobs:
            if each.apart:
                grouped.setdefault(each.apart, []).append(each)
        self._processes = {name: Apart(group) for name, group in grouped.items()}

    def calls(self, periodic: Periodic) -> bool:
        """Whether the job is called by one of them now."""
        process = self._processes.get(periodic.apart)
        return process is not None and process.is_running()

    def tend(self) -> None:
        for process in self._processes.values():
            process.tend()

    def end(self) -> None:
        for process in self._processes.values():
            process.ask_to_end()
        for process in self._processes.values():
            process.end()


class Apart:
    """The process that calls `jobs`, from `tend()` until `end()` or the end of the process that holds this."""

    def __init__(self, jobs: Sequence[Periodic]) -> None:
        self._jobs = jobs
        self._pid: int | None = None
        self._due_at = 0.0
        self._begun = mmap.mmap(-1, CLOCK.size)
        """When the process has begun its last job, which both see."""

    def is_running(self) -> bool:
        if self._pid is not None and os.waitpid(self._pid, os.WNOHANG)[0]:
            logger.warning("The process for %s has ended", self._names())
            self._pid = None
        return self._pid is not None

    def tend(self) -> None:
        """Start the process where there is something to call and none runs."""
        if self.is_running() and time.monotonic() >= CLOCK.unpack_from(self._begun)[0] + SILENT_SECONDS:
            logger.error("The process for %s hangs, and is replaced", self._names())
            self._kill()
        if not self._jobs or self.is_running() or time.monotonic() < self._due_at:
            return
        CLOCK.pack_into(self._begun, 0, time.monotonic())
        self._due_at = time.monotonic() + PAUSE_SECONDS
        let_go_of_databases()
        parent = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            logger.exception("No process for %s: the worker calls them itself", self._names())
            return
        if pid:
            self._pid = pid
            return
        try:
            end_with(parent)
            self._work()
        except Exception:
            logger.exception("The process for %s has failed", self._names())
        finally:
            # Nothing of the worker's is to run here.
            os._exit(0)

    def ask_to_end(self) -> None:
        if self._pid is not None:
            os.kill(self._pid, signal.SIGTERM)

    def end(self) -> None:
        """Let the job under way end, if that takes no longer than GRACE_SECONDS."""
        if self._pid is None:
            return
        self.ask_to_end()
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline:
            if os.waitpid(self._pid, os.WNOHANG)[0]:
                self._pid = None
                return
            time.sleep(0.05)
        self._kill()

    def _kill(self) -> None:
        if self._pid is not None:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        self._pid = None

    def _work(self) -> None:
        stopped, due = Stop(), Due()
        signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
        # Ctrl-C is the worker's to hear.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

        def begin() -> bool:
            CLOCK.pack_into(self._begun, 0, time.monotonic())
            return stopped.is_set()

        while not begin():
            close_old_connections()
            due.call(self._jobs, begin)
            stopped.wait(LOOK_SECONDS)

    def _names(self) -> str:
        return ", ".join(periodic.name for periodic in self._jobs)
