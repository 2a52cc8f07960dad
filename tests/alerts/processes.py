"""Processes that work on a copy of the tests' database, as workers and officers do, and may be killed.

They are forked from one in which Django is set up: an interpreter that imports Wagtail takes seconds each time.
"""

import multiprocessing
import os
import traceback
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Any

import pytest

CONTEXT = multiprocessing.get_context("forkserver")
SECONDS = 120


def have_database(url: str) -> None:
    """All processes have their default database at `url`. Once a session: the one they are forked from keeps it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        patch.setenv("PYTHONPATH", f"site{os.pathsep}.")
        CONTEXT.set_forkserver_preload(["tests.alerts.courier", "tests.alerts.officer"])
        forkserver.ensure_running()


class Work:
    """`function(*arguments)`, begun in a process of its own. Both must be importable from there."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self._told, telling = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(target=_do, args=(telling, function, arguments))
        self.process.start()
        telling.close()

    def ended(self) -> int:
        """The status of the process when it has ended: negative for a signal."""
        self.process.join(SECONDS)
        status = self.process.exitcode
        assert status is not None, f"still at work after {SECONDS} seconds"
        return status

    def result(self) -> Any:
        """What the function returned. AssertionError with its traceback where it failed."""
        assert self._told.poll(SECONDS), f"nothing after {SECONDS} seconds"
        try:
            returned, what = self._told.recv()
        except EOFError:
            pytest.fail(f"the process ended with {self.ended()} and said nothing")
        assert returned, what
        assert self.ended() == 0
        return what


def _do(telling: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    try:
        telling.send((True, function(*arguments)))
    except BaseException:
        telling.send((False, traceback.format_exc()))
        raise
