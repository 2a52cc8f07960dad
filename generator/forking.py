"""Work shared out over processes that are forked from this one, so that they have all it has read and warmed up.

Threads would not help: rendering is Python. What a process finds goes back through a pipe; what it writes lies in the
folder that all of them write to.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, TypeVar

from django.db import connections

from generator.lifeline import end_with

logger = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")
LOOK_SECONDS = 0.2
POLITE = 10
"""How much less urgent than the rest it is (nice)."""


class LostError(Exception):
    """A process ended before its work did: killed, or out of memory."""


def is_possible() -> bool:
    """Whether another process would see what this one sees of the database: not inside a transaction, and not where the
    database lies in this process's memory."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            return False
        if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
            return False
    return True


def let_go_of_databases() -> None:
    """Before a fork: a connection belongs to one process, and one that a pool holds would be used by both. Whoever
    needs one opens another."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def each(
    tasks: Sequence[T], work: Callable[[T], R], jobs: int, heed: Callable[[], None]
) -> Generator[R, None, None]:
    """What `work` makes of each task, as they end. `heed` is called now and then and may raise, which ends all.

    Raises what `work` raised, or LostError. Database connections are closed first, and opened again by whoever needs
    one.
    """
    let_go_of_databases()
    waiting = iter(tasks)
    children: dict[Connection, int] = {}
    # A caller that has frozen something lets go of it himself, and searches what is newer.
    was_frozen = gc.get_freeze_count() > 0
    if not was_frozen:
        gc.freeze()
    try:
        for _job in range(min(jobs, len(tasks))):
            channel, pid = _start(work, list(children))
            children[channel] = pid
            _give(channel, children, waiting)
        while children:
            heed()
            for ready in wait(list(children), LOOK_SECONDS):
                assert isinstance(ready, Connection)
                pid = children[ready]
                try:
                    is_good, found = pickle.loads(ready.recv_bytes())  # noqa: S301 - from our own child
                except EOFError as error:
                    message = f"A process of this build (number {pid}) ended before its work did."
                    raise LostError(message) from error
                if not is_good:
                    raise found
                _give(ready, children, waiting)
                yield found
    finally:
        if not was_frozen:
            gc.unfreeze()
        for channel, pid in children.items():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            channel.close()


class Beside:
    """Work of no hurry in a process of its own, which only touches files."""

    def __init__(self) -> None:
        self._pid: int | None = None

    def start(self, work: Callable[[], None]) -> None:
        """Begin, unless something is under way."""
        if self._pid is None:
            channel, self._pid = _start(lambda _nothing: _politely(work), [])
            channel.send_bytes(pickle.dumps((None,)))
            channel.send_bytes(pickle.dumps(None))
            channel.close()

    def is_running(self) -> bool:
        if self._pid is not None and os.waitpid(self._pid, os.WNOHANG)[0]:
            self._pid = None
        return self._pid is not None

    def wait(self) -> None:
        """Return when it has ended."""
        if self._pid is not None:
            os.waitpid(self._pid, 0)
            self._pid = None

    def end(self) -> None:
        """Break it off."""
        if self._pid is not None:
            os.kill(self._pid, signal.SIGKILL)
            self.wait()


def _politely(work: Callable[[], None]) -> None:
    os.nice(POLITE)
    work()


def _give(channel: Connection, children: dict[Connection, int], waiting: Iterator[Any]) -> None:
    """Let the process at `channel` have the next task, or end."""
    try:
        task = next(waiting)
    except StopIteration:
        pid = children.pop(channel)
        channel.send_bytes(pickle.dumps(None))
        channel.close()
        os.waitpid(pid, 0)
        return
    channel.send_bytes(pickle.dumps((task,)))


def _start(work: Callable[[T], R], others: list[Connection]) -> tuple[Connection, int]:
    here, there = Pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        there.close()
        return here, pid
    status = 1
    try:
        here.close()
        for other in others:
            other.close()
        _end_with(parent)
        # What the parent has is never searched here, which would make a copy of its memory.
        gc.freeze()
        _serve(there, work)
        status = 0
    finally:
        # Nothing of the parent's is to run here: no exit handlers, no tests, no buffers written twice.
        os._exit(status)
    raise AssertionError


def _end_with(parent: int) -> None:
    """End when the parent does, however that ends, and not by its signals."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with(parent)


def _serve(channel: Connection, work: Callable[[Any], Any]) -> None:
    try:
        while (given := pickle.loads(channel.recv_bytes())) is not None:  # noqa: S301 - from our own parent
            try:
                answer = pickle.dumps((True, work(given[0])))
            except Exception as error:
                logger.debug("A process of this build failed", exc_info=True)
                answer = pickle.dumps((False, _portable(error)))
            channel.send_bytes(answer)
    except (EOFError, BrokenPipeError):
        return


def _portable(error: Exception) -> Exception:
    """The error, or one that says the same where it cannot be sent."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
