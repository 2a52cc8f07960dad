"""Whatever happens to a build, the live release stays whole, and the next build repairs what it left."""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.targets import current_release
from generator.verification import verify_release

pytestmark = pytest.mark.once

SCRIPT = Path(__file__).with_name("faulty_build.py")
MOMENTS = 30
TIMEOUT_SECONDS = 300
REFUSED, KILLED = 3, -9
"""How a build's process ends: the build said that it could not be written; SIGKILL."""


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the script's database lies, which no full disk of a release reaches."""
    monkeypatch.setenv("VIGIE_FAULTY", str(tmp_path))


def run(root: Path, kind: str, *before: str, **options: Any) -> dict[str, Any]:
    """What the script found; its AssertionError is this test's."""
    done = subprocess.run(
        [*before, sys.executable, str(SCRIPT), str(root), kind],
        env=os.environ | {"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
        **options,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def is_whole(root: Path) -> bool:
    live = current_release(root)
    return live is not None and verify_release(root / live).whole


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a live release."""
    root = tmp_path / "releases"
    assert run(root, "whole") == {"status": 0}
    return root


def test_two_hundred_builds_are_killed_and_readers_see_whole_releases(
    root: Path, figures: Callable[[str], None]
) -> None:
    """One before each of its calls to the file system, the others at random moments."""
    calls, moments = run(root, "calls"), run(root, f"moments:{MOMENTS}")
    figures(f"kill at each call: {calls}; at random moments: {moments}")
    assert calls["killed"] == calls["builds"] - 1
    assert calls["killed"] + moments["killed"] >= 200
    assert is_whole(root)


@pytest.mark.parametrize("error", ["ENOSPC:1", "EIO:2", "EROFS:3", "EACCES:4"])
def test_each_call_to_the_file_system_may_fail(
    root: Path, error: str, figures: Callable[[str], None]
) -> None:
    """A failed build says so. One goes on where it can do without the call."""
    found = run(root, f"errors:{error}")
    figures(f"{error}, and at each fourth call after it: {found}")
    assert found["refused"] > 0
    assert found["refused"] + found["whole"] == found["builds"] - 1


def test_the_database_may_go_away_at_any_moment(root: Path, figures: Callable[[str], None]) -> None:
    """What is live stays whole; the next build goes on from there."""
    found = run(root, "database")
    figures(f"database lost at each fourth call: {found}")
    assert found["lost"] > 0
    assert found["lost"] + found["whole"] == found["builds"] - 1
    assert is_whole(root)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own, with a live release."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder))
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        assert run(folder / "releases", "whole") == {"status": 0}
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def mount(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True)


def test_a_full_disk_leaves_the_live_release_and_the_next_build_goes_on(disk: Path) -> None:
    root, filler = disk / "releases", disk / "filler"
    live = current_release(root)
    room = os.statvfs(disk)
    filler.write_bytes(b"x" * (room.f_bavail * room.f_frsize))
    assert run(root, "whole") == {"status": REFUSED}
    assert (current_release(root), is_whole(root)) == (live, True)
    filler.unlink()
    assert run(root, "whole") == {"status": 0}
    assert current_release(root) != live
    assert is_whole(root)
    assert not list(root.glob(".building-*"))


def test_a_read_only_file_system_leaves_the_live_release(disk: Path) -> None:
    root = disk / "releases"
    live = current_release(root)
    assert mount("-o", "remount,ro", str(disk)).returncode == 0
    assert run(root, "whole") == {"status": REFUSED}
    assert (current_release(root), is_whole(root)) == (live, True)
    assert mount("-o", "remount,rw", str(disk)).returncode == 0
    assert run(root, "whole") == {"status": 0}
    assert current_release(root) != live


def test_a_file_that_may_not_grow_leaves_the_live_release(root: Path) -> None:
    """What a quota does, for those who cannot mount a file system."""
    live = current_release(root)
    limit = 2**20, 2**20
    limited = run(root, "large", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert limited == {"status": REFUSED}
    assert (current_release(root), is_whole(root)) == (live, True)
    assert run(root, "whole") == {"status": 0}


@pytest.fixture(scope="module")
def strace() -> str:
    """strace, or a visible skip where it is missing or may not trace; missing is a failure in CI."""
    found = shutil.which("strace")
    if not found:
        if os.environ.get("CI") == "true":
            pytest.fail("strace is missing, which is a failure in CI.", pytrace=False)
        pytest.skip("strace is missing. Install it: sudo apt-get install strace")
    tried = subprocess.run(
        [found, "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False
    )
    if tried.returncode:
        pytest.skip(f"strace may not trace here: {tried.stderr.strip()}")
    return found


@pytest.mark.parametrize(
    ("call", "when", "fault", "status"),
    [
        ("syncfs", 1, "error=EIO", REFUSED),
        ("fsync", 1, "error=EIO", REFUSED),
        ("rename", 1, "error=EIO", REFUSED),
        ("symlink", 1, "error=ENOSPC", REFUSED),
        ("syncfs", 1, "signal=SIGKILL", KILLED),
        ("rename", 1, "signal=SIGKILL", KILLED),
        ("rename", 2, "signal=SIGKILL", KILLED),
        ("fsync", 1, "signal=SIGKILL", KILLED),
        ("symlink", 1, "signal=SIGKILL", KILLED),
    ],
)
def test_a_system_call_may_fail_or_be_the_last(
    root: Path, strace: str, call: str, when: int, fault: str, status: int
) -> None:
    inject = f"inject={call}:{fault}:when={when}"
    traced = run(root, "whole", strace, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)
    assert traced == {"status": status}
    assert is_whole(root)
    assert run(root, "whole") == {"status": 0}
    assert is_whole(root)
