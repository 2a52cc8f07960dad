import errno
import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from generator import targets
from generator.build import BuildCancelledError, BuildError
from generator.manifest import Manifest
from generator.state import State
from generator.targets import FolderTarget, ReleaseTarget, TargetError, file_lock
from generator.writing import FileWriter

from .samples import built, live_file, page, tree

pytestmark = pytest.mark.once


def assert_whole(releases: ReleaseTarget) -> None:
    """The live release holds exactly what its manifest says."""
    manifest = Manifest.load(releases.root / "current" / "manifest.json")
    public = tree(releases.root / "current" / "public")
    assert set(public) == set(manifest.paths())
    for path, entry in manifest.files.items():
        assert hashlib.sha256(public[path]).hexdigest() == entry.sha256


def start_build(root: Path, *arguments: object) -> "subprocess.Popen[bytes]":
    project = Path(__file__).parents[2]
    command = [
        sys.executable,
        str(Path(__file__).with_name("killed_build.py")),
        str(root),
        *map(str, arguments),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(project)})


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


# Releases


def test_the_live_release_is_a_relative_link(releases: ReleaseTarget) -> None:
    release = built(releases, page("/fr/")).release
    assert str((releases.root / "current").readlink()) == release


def test_only_the_newest_releases_are_kept(releases: ReleaseTarget) -> None:
    made = [built(releases, page("/fr/", str(number))).release for number in range(5)]
    assert releases.releases() == made[2:]


def test_the_live_release_is_never_pruned(releases: ReleaseTarget) -> None:
    made = [str(built(releases, page("/fr/", str(number))).release) for number in range(3)]
    releases.activate(made[0])
    releases.kept = 1
    assert releases.prune() == made[1:]
    assert releases.releases() == [made[0]]


def test_what_cannot_be_pruned_does_not_make_a_failure_of_a_live_release(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    built(releases, page("/fr/", "old"))
    monkeypatch.setattr(ReleaseTarget, "prune", Mock(side_effect=OSError(errno.EIO, "Input/output error")))
    release = built(releases, page("/fr/", "new")).release
    assert release == releases.current()
    assert f"{release} is live, but older releases could not be put away" in caplog.text


def test_an_older_release_can_become_live_again(releases: ReleaseTarget) -> None:
    old = str(built(releases, page("/fr/", "old")).release)
    built(releases, page("/fr/", "new"))
    releases.activate(old)
    assert live_file(releases, "fr/index.html") == b"old"


def test_activating_an_unknown_release_names_the_known_ones(releases: ReleaseTarget) -> None:
    release = built(releases, page("/fr/")).release
    with pytest.raises(TargetError, match=str(release)):
        releases.activate("nonsense")


def test_a_new_release_sorts_last_also_when_the_clock_was_set_back(releases: ReleaseTarget) -> None:
    future = releases.root / "29990101T000000.000000Z"
    future.mkdir(parents=True)
    release = built(releases, page("/fr/")).release
    assert releases.releases()[-1] == release


def test_readers_see_the_old_or_the_new_release_never_none(releases: ReleaseTarget) -> None:
    built(releases, page("/a.txt", "0"))
    done = threading.Event()

    def read() -> set[bytes]:
        seen = set()
        while not done.is_set():
            seen.add(live_file(releases, "a.txt"))
        return seen

    releases.kept = 100
    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        for number in range(1, 8):
            built(releases, page("/a.txt", str(number)))
        done.set()
        assert reader.result() <= {str(number).encode() for number in range(8)}


# What can go wrong


def test_a_killed_build_leaves_the_live_release_whole_and_is_swept(releases: ReleaseTarget) -> None:
    before = built(releases, page("/fr/", "old")).release
    process = start_build(releases.root, 40, 0.01, "new")
    assert process.stdout
    assert process.stdout.readline() == b"ready\n"
    assert process.stdout.readline() == b"rendering\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert releases.current() == before
    assert_whole(releases)
    assert list(releases.root.glob(".building-*"))
    built(releases, page("/fr/", "newer"))
    assert not list(releases.root.glob(".building-*"))
    assert live_file(releases, "fr/index.html") == b"newer"


def test_wherever_a_build_is_killed_a_whole_release_is_live(releases: ReleaseTarget) -> None:
    built(releases, page("/fr/", "old"))
    moments = random.Random(112)
    ends = []
    for number in range(10):
        process = start_build(releases.root, 100, 0, number)
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0, 0.15))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        ends.append(process.returncode)
        assert_whole(releases)
    assert set(ends) <= {0, -signal.SIGKILL}
    assert -signal.SIGKILL in ends


def test_a_full_disk_leaves_the_live_release_and_says_what_to_do(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built(releases, page("/fr/", "old")).release
    create = FileWriter._create

    def full(self: FileWriter, path: str, data: bytes, second: int) -> None:
        if path == "nl/index.html":
            raise OSError(errno.ENOSPC, "No space left on device")
        create(self, path, data, second)

    monkeypatch.setattr(FileWriter, "_create", full)
    with pytest.raises(BuildError, match=r"the disk is full.*untouched.*Free some space"):
        built(releases, page("/fr/", "new"), page("/nl/", "new"))
    assert releases.current() == before
    assert_whole(releases)
    assert not list(releases.root.glob(".building-*"))


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database or disk is full"), OSError(28, "full")])
def test_a_disk_that_is_full_right_after_the_switch_takes_nothing_back(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    built(releases, page("/fr/", "old"))

    def full(*_arguments: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(State, "save", full)
        result = built(releases, page("/fr/", "new"))
    assert result.release == releases.current()
    assert any("Is the disk full?" in warning for warning in result.warnings)
    assert_whole(releases)
    built(releases, page("/fr/", "newest"))
    assert live_file(releases, "fr/index.html") == b"newest"


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_a_disk_that_is_really_full_leaves_the_live_release(tmp_path: Path) -> None:
    root = tmp_path / "small"
    root.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", root], check=False)
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        releases = ReleaseTarget(root / "releases")
        before = built(releases, page("/fr/", "old")).release
        with pytest.raises(BuildError, match="the disk is full"):
            built(releases, page("/a.avif", os.urandom(400_000), media_type="image/avif"))
        assert releases.current() == before
        assert_whole(releases)
        assert built(releases, page("/fr/", "new")).release == releases.current()
    finally:
        subprocess.run(["umount", root], check=True)


def test_bytes_that_look_like_the_beginning_of_a_slot_are_left_as_they_are(releases: ReleaseTarget) -> None:
    picture = b"\x00\xee\x80\x80\xff\xee\x80\x81\xfe"
    built(releases, page("/a.avif", picture, media_type="image/avif"))
    assert live_file(releases, "a.avif") == picture


def test_a_switch_that_fails_leaves_the_live_release(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = built(releases, page("/fr/", "old")).release

    def broken(folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error", str(folder))

    monkeypatch.setattr(targets, "sync_tree", broken)
    with pytest.raises(BuildError, match="Input/output error"):
        built(releases, page("/fr/", "new"))
    assert releases.current() == before


def test_a_folder_in_place_of_the_link_is_not_replaced(releases: ReleaseTarget) -> None:
    (releases.root / "current").mkdir(parents=True)
    with pytest.raises(TargetError, match="no symbolic link"):
        built(releases, page("/fr/"))


def test_a_second_build_waits_says_for_whom_and_gives_up(releases: ReleaseTarget) -> None:
    told: list[str] = []
    with releases.locked(told.append), pytest.raises(TargetError, match=rf"process {os.getpid()}"):
        built(releases, page("/fr/"), on_wait=told.append)
    assert told == [f"Another build is running (process {os.getpid()}); waiting for it."]


def test_a_build_that_somebody_has_stopped_goes_on_for_the_next_one(releases: ReleaseTarget) -> None:
    """Ctrl-Z in a terminal: it holds the lock and could not give way to an alert."""
    stopped = start_build(releases.root, 30, 0.002, "a")
    until(lambda: bool(list(releases.root.glob(".building-*/public/*"))))
    stopped.send_signal(signal.SIGSTOP)
    patient = ReleaseTarget(releases.root, kept=3, lock_timeout=30)
    assert built(patient, page("/fr/", "alert")).release == patient.current()
    assert stopped.wait(10) == 0
    assert live_file(patient, "fr/index.html") == b"alert"
    assert_whole(patient)


@pytest.fixture
def hanging(releases: ReleaseTarget) -> Iterator["subprocess.Popen[bytes]"]:
    """A build that holds the lock, and renders one document for minutes."""
    hanging = start_build(releases.root, 2, 300, "a")
    until(lambda: (releases.root / ".lock").exists() and (releases.root / ".lock").read_text() != "")
    yield hanging
    hanging.kill()
    hanging.communicate()


def test_a_build_that_hangs_is_ended_where_something_urgent_waits(
    releases: ReleaseTarget,
    hanging: "subprocess.Popen[bytes]",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(targets, "HANGS_SECONDS", 0.2)
    patient = ReleaseTarget(releases.root, kept=3, lock_timeout=30)
    assert built(patient, page("/fr/", "alert"), is_pressing=lambda: True).release == patient.current()
    assert hanging.wait(10) == -signal.SIGKILL
    assert live_file(patient, "fr/index.html") == b"alert"
    assert_whole(patient)
    assert f"(process {hanging.pid})" in caplog.text
    assert "It hangs, and was ended." in caplog.text


def test_for_what_can_wait_it_is_left_alone(
    releases: ReleaseTarget, hanging: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "HANGS_SECONDS", 0.0)
    with pytest.raises(TargetError, match=f"process {hanging.pid}"):
        built(releases, page("/fr/"))
    assert hanging.poll() is None


def test_nobody_is_ended_who_does_not_hold_the_lock(
    releases: ReleaseTarget,
    hanging: "subprocess.Popen[bytes]",
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A build of another host has written a number that something else has here, which has the file open at that."""
    monkeypatch.setattr(targets, "HANGS_SECONDS", 0.1)
    lock = releases.root / ".lock"
    with lock.open() as held:
        other = subprocess.Popen(["sleep", "300"], stdin=held)
    try:
        lock.write_text(str(other.pid))
        with pytest.raises(TargetError):
            built(releases, page("/fr/"), is_pressing=lambda: True)
        assert (other.poll(), hanging.poll()) == (None, None)
        assert "could not be ended from here" in caplog.text
    finally:
        other.kill()
        other.wait()


def test_the_lock_is_free_again_when_the_build_ends(tmp_path: Path) -> None:
    for _time in range(2):
        with file_lock(tmp_path / ".lock", print, 0):
            pass


def test_two_builds_at_once_both_become_whole_releases(releases: ReleaseTarget) -> None:
    processes = [start_build(releases.root, 30, 0.002, name) for name in "ab"]
    assert [process.wait() for process in processes] == [0, 0]
    assert len(releases.releases()) == 2
    assert_whole(releases)


# Plain folders


@pytest.fixture
def folder(tmp_path: Path) -> FolderTarget:
    return FolderTarget(tmp_path / "site", lock_timeout=0.3)


def test_a_folder_holds_public_files_only(folder: FolderTarget) -> None:
    built(folder, page("/fr/", "x"))
    assert set(tree(folder.folder)) == {"fr/index.html", "robots.txt", "sitemap.xml", "sitemap.xml.gz"} | {
        name for name in tree(folder.folder) if name.endswith((".br", ".gz"))
    }


def test_manifest_and_maps_lie_beside_the_folder(folder: FolderTarget) -> None:
    built(folder, page("/fr/", "x"))
    beside = {path.name for path in folder.folder.parent.iterdir() if not path.name.startswith(".")}
    assert beside == {"site", "site.manifest.json", "site.redirects.map", "site.policies.map"}
    assert {path.name for path in folder.folder.parent.glob(".site*")} == {".site.lock"}


def test_a_folder_that_vigie_made_is_replaced_whole(folder: FolderTarget) -> None:
    built(folder, page("/fr/old/"))
    built(folder, page("/fr/new/"))
    assert not (folder.folder / "fr/old").exists()
    assert (folder.folder / "fr/new/index.html").is_file()


def test_a_folder_with_a_foreign_file_is_refused_by_name(folder: FolderTarget) -> None:
    built(folder, page("/fr/"))
    (folder.folder / "thesis.odt").write_text("years of work")
    with pytest.raises(TargetError, match=r"thesis\.odt.*--force"):
        built(folder, page("/fr/"))
    assert (folder.folder / "thesis.odt").exists()


def test_force_replaces_a_folder_with_foreign_files(folder: FolderTarget) -> None:
    folder.folder.mkdir()
    (folder.folder / "old.html").write_text("")
    folder.force = True
    built(folder, page("/fr/"))
    assert not (folder.folder / "old.html").exists()


def test_an_empty_folder_may_be_filled(folder: FolderTarget) -> None:
    folder.folder.mkdir()
    assert built(folder, page("/fr/")).release == str(folder.folder)


def test_a_file_is_no_folder(folder: FolderTarget) -> None:
    folder.folder.write_text("")
    with pytest.raises(TargetError, match="is a file"):
        built(folder, page("/fr/"))


def test_not_even_force_deletes_what_the_project_lives_in(tmp_path: Path) -> None:
    target = FolderTarget(tmp_path, force=True, protected=[tmp_path / "project"])
    with pytest.raises(TargetError, match="which a build would delete"):
        built(target, page("/fr/"))


def test_a_build_that_breaks_off_leaves_the_folder_as_it_was(folder: FolderTarget) -> None:
    built(folder, page("/fr/", "old"))
    before = tree(folder.folder.parent)
    with pytest.raises(BuildCancelledError):
        built(folder, page("/fr/", "new"), should_stop=lambda: True)
    after = tree(folder.folder.parent)
    assert after == before


def test_folders_swap_also_where_the_kernel_cannot(
    folder: FolderTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OldLibrary:
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            pass

    built(folder, page("/fr/", "old"))
    monkeypatch.setattr(targets.ctypes, "CDLL", OldLibrary)
    built(folder, page("/fr/", "new"))
    assert (folder.folder / "fr/index.html").read_bytes() == b"new"
    assert {path.name for path in folder.folder.parent.glob(".site*")} == {".site.lock"}
