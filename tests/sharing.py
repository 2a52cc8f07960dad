"""What one worker of pytest-xdist makes and the others use."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest


def folder_of_the_run(request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all workers of this run have in common."""
    base = factory.getbasetemp()
    return base.parent if is_worker(request) else base


def is_worker(request: pytest.FixtureRequest) -> bool:
    return hasattr(request.config, "workerinput")


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One process at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Users:
    """The processes that use what is in `folder`. Ask within `locked`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "users"
        self.own = self.folder / str(os.getpid())

    def come(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.own.touch()

    def go(self) -> bool:
        """Whether that was the last."""
        self.own.unlink()
        return not any(self.folder.iterdir())
