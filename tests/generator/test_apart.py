"""Jobs that talk to other machines are called beside the worker, which waits for none of them."""

import errno
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from generator import apart, forking
from generator.apart import Apart, Processes
from generator.registry import Registry
from generator.targets import ReleaseTarget
from generator.worker import Worker

# The process looks after its connections, which pytest-django forbids elsewhere.
pytestmark = [pytest.mark.once, pytest.mark.django_db]

PATIENCE_SECONDS = 20.0


def test_no_connection_of_a_pool_is_left_for_the_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a pool, closing a connection gives it back: whoever forks then shares its socket."""
    pooled, plain = Mock(spec=["close", "close_pool"]), Mock(spec=["close"])
    monkeypatch.setattr(forking.connections, "all", lambda initialized_only: [pooled, plain])
    forked: list[bool] = []

    def fork() -> int:
        forked.append(pooled.close_pool.called and plain.close.called)
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fork)
    registry = Registry()
    registry.periodic("mail", seconds=1, apart="mail")(lambda: None)
    Apart(list(registry.periodic_jobs.values())).tend()
    assert forked == [True]


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def registry(log: Path) -> Registry:
    """A job that fails, one that hangs once it was told to, and one that is the worker's own."""
    registry = Registry()

    @registry.periodic("failing", seconds=0.01, apart="mail")
    def fail() -> None:
        raise ValueError("no server")

    @registry.periodic("mail", seconds=0.01, urgent=True, apart="mail")
    def send() -> None:
        with log.open("a") as file:
            file.write(f"{os.getpid()}\n")
        if (log.parent / "hang").exists():
            time.sleep(PATIENCE_SECONDS)

    registry.periodic("own", seconds=0.01, urgent=True)(lambda: None)
    return registry


@pytest.fixture
def process(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    monkeypatch.setattr(apart, "PAUSE_SECONDS", 0.0)
    process = Apart([each for each in registry.periodic_jobs.values() if each.apart])
    yield process
    process.end()


def pids(log: Path) -> list[int]:
    return [int(line) for line in log.read_text().split()] if log.exists() else []


def test_its_jobs_are_called_again_and_again_in_another_process(process: Apart, log: Path) -> None:
    process.tend()
    process.tend()
    until(lambda: len(pids(log)) > 2)
    assert process.is_running()
    (pid,) = set(pids(log))
    assert pid != os.getpid()


def test_one_that_was_killed_is_replaced(process: Apart, log: Path, caplog: pytest.LogCaptureFixture) -> None:
    process.tend()
    until(lambda: pids(log))
    first = pids(log)[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: not process.is_running())
    process.tend()
    until(lambda: pids(log)[-1] != first)
    assert "has ended" in caplog.text


def test_one_that_hangs_is_replaced(
    process: Apart, log: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (log.parent / "hang").touch()
    process.tend()
    until(lambda: pids(log))
    monkeypatch.setattr(apart, "SILENT_SECONDS", 0.2)
    time.sleep(0.3)
    (log.parent / "hang").unlink()
    process.tend()
    until(lambda: len(set(pids(log))) == 2)
    assert "hangs, and is replaced" in caplog.text
    assert process.is_running()


def test_what_has_another_name_waits_for_nothing_of_this_one(log: Path, registry: Registry) -> None:
    """A plan has its hour, whatever a mail server does."""

    @registry.periodic("plan", seconds=0.01, apart="clock")
    def plan() -> None:
        (log.parent / "planned").write_text(str(os.getpid()))

    (log.parent / "hang").touch()
    processes = Processes(registry.periodic_jobs.values())
    processes.tend()
    try:
        until(lambda: pids(log) and (log.parent / "planned").exists())
        assert int((log.parent / "planned").read_text()) not in (*pids(log), os.getpid())
    finally:
        processes.end()


def test_a_job_under_way_may_end_and_one_that_hangs_is_not_waited_for(
    process: Apart, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "GRACE_SECONDS", 0.3)
    (log.parent / "hang").touch()
    process.tend()
    until(lambda: pids(log))
    began = time.monotonic()
    process.end()
    assert time.monotonic() - began < PATIENCE_SECONDS / 2
    assert not process.is_running()
    with pytest.raises(ProcessLookupError):
        os.kill(pids(log)[0], 0)


def test_it_ends_with_the_worker_however_that_ends(registry: Registry, log: Path) -> None:
    pid = os.fork()
    if not pid:
        Apart([each for each in registry.periodic_jobs.values() if each.apart]).tend()
        time.sleep(PATIENCE_SECONDS)
        os._exit(0)
    until(lambda: pids(log))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    def is_gone() -> bool:
        try:
            os.kill(pids(log)[0], 0)
        except ProcessLookupError:
            return True
        return False

    until(is_gone)


def test_the_worker_calls_them_itself_only_where_no_such_process_runs(
    registry: Registry, releases: ReleaseTarget
) -> None:
    worker = Worker(releases, registry=registry)
    assert [each.name for each in worker._jobs()] == ["failing", "mail", "own"]
    worker._apart.tend()
    try:
        assert [each.name for each in worker._jobs()] == ["own"]
    finally:
        worker._apart.end()


def test_where_no_process_can_be_made_the_worker_calls_them(
    process: Apart, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(os, "fork", Mock(side_effect=OSError(errno.EAGAIN, "no more processes")))
    process.tend()
    assert not process.is_running()
    assert "the worker calls them itself" in caplog.text


def test_without_such_jobs_there_is_no_process(releases: ReleaseTarget) -> None:
    process = Apart([])
    process.tend()
    assert not process.is_running()
