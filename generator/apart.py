"""Periodic jobs that talk to other machines, in a process of their own beside the worker: a mail server that takes a
minute, or never answers, is not to keep an alert from the site."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence

from django.db import close_old_connections

from generator.forking import let_go_of_databases
from generator.lifeline import end_with
from generator.registry import Periodic
from generator.waking import Stop

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
GRACE_SECONDS = 5.0
"""So long a job under way has to end when the worker is asked to."""
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


class Apart:
    """The process that calls `jobs`, from `tend()` until `end()` or the end of the process that holds this."""

    def __init__(self, jobs: Sequence[Periodic]) -> None:
        self._jobs = jobs
        self._pid: int | None = None
        self._due_at = 0.0

    def is_running(self) -> bool:
        if self._pid is not None and os.waitpid(self._pid, os.WNOHANG)[0]:
            logger.warning("The process for %s has ended", self._names())
            self._pid = None
        return self._pid is not None

    def tend(self) -> None:
        """Start the process where there is something to call and none runs."""
        if not self._jobs or self.is_running() or time.monotonic() < self._due_at:
            return
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

    def end(self) -> None:
        """Let the job under way end, if that takes no longer than GRACE_SECONDS."""
        if self._pid is None:
            return
        os.kill(self._pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline:
            if os.waitpid(self._pid, os.WNOHANG)[0]:
                self._pid = None
                return
            time.sleep(0.05)
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self._pid = None

    def _work(self) -> None:
        stopped, due = Stop(), Due()
        signal.signal(signal.SIGTERM, lambda _number, _frame: stopped.set())
        # Ctrl-C is the worker's to hear.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        while not stopped.is_set():
            close_old_connections()
            due.call(self._jobs, stopped.is_set)
            stopped.wait(LOOK_SECONDS)

    def _names(self) -> str:
        return ", ".join(periodic.name for periodic in self._jobs)
