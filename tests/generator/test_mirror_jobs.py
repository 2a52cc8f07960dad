import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from generator import registry
from generator.mirrors import jobs
from generator.models import MirrorState
from generator.targets import ReleaseTarget
from generator.verification import verify_mirror

from .mirrors import HOST, needs_rsync, shell
from .samples import built, page

pytestmark = pytest.mark.django_db
State = MirrorState.State


@pytest.fixture
def folder(releases: ReleaseTarget, settings: Any, tmp_path: Path) -> Path:
    """Where the mirror "good" lies; "bad" answers no connection. A release is live."""
    needs_rsync()
    settings.VIGIE_RELEASES_ROOT = releases.root
    dead = shell(tmp_path, "echo 'Connection refused' >&2; exit 255", "dead")
    settings.VIGIE_MIRRORS = f"rsync://{HOST}/srv/bad?name=bad&ssh={dead}\nrsync://{tmp_path}/good"
    built(releases, page("/fr/"))
    return tmp_path / "good"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The mirrors for which a process was started, in the place of those processes."""
    names: list[str] = []

    class Ended:
        def poll(self) -> int:
            return 0

    monkeypatch.setattr(jobs, "_start", lambda name: names.append(name) or Ended())
    monkeypatch.setattr(jobs, "_processes", {})
    return names


def state(name: str) -> MirrorState:
    return MirrorState.objects.get(name=name)


def push(*names: str) -> None:
    call_command("mirrors", "push", *names, stdout=StringIO(), stderr=StringIO())


def test_the_worker_calls_the_job() -> None:
    assert registry.default.periodic_jobs["generator.mirrors"].job is jobs.start_due


def test_one_mirror_that_fails_holds_back_no_other(folder: Path, releases: ReleaseTarget) -> None:
    with pytest.raises(CommandError, match="1 of 2 failed: bad"):
        push()
    assert verify_mirror(folder).whole
    good, bad = state("good"), state("bad")
    assert (good.state, good.release, good.attempts, good.error) == (State.WHOLE, releases.current(), 0, "")
    assert (bad.state, bad.release, bad.attempts) == (State.FAILED, "", 1)
    assert "Connection refused" in bad.error


def test_each_further_failure_waits_longer(folder: Path) -> None:
    waits = []
    for _try in range(3):
        with pytest.raises(CommandError):
            push("bad")
        waits.append(round((state("bad").due_at - timezone.now()).total_seconds()))
    assert waits == [2, 4, 8]


def test_a_mirror_that_is_behind_is_started_and_one_that_is_not_is_left(
    folder: Path, started: list[str]
) -> None:
    assert jobs.start_due() == ["bad", "good"]
    push("good")
    assert jobs.start_due() == ["bad"]
    assert started == ["bad", "good", "bad"]


def test_a_failure_is_tried_again_when_it_is_due(folder: Path, started: list[str]) -> None:
    with pytest.raises(CommandError):
        push()
    assert jobs.start_due() == []
    MirrorState.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert jobs.start_due() == ["bad"]


def test_a_newer_release_is_tried_at_once(folder: Path, releases: ReleaseTarget, started: list[str]) -> None:
    with pytest.raises(CommandError):
        push()
    built(releases, page("/fr/", "new"))
    assert jobs.start_due() == ["bad", "good"]


def test_a_process_that_was_killed_is_followed_by_another(
    folder: Path, releases: ReleaseTarget, started: list[str]
) -> None:
    current = str(releases.current())
    jobs._note_start(jobs.places()[1], current)
    assert state("good").state == State.SENDING
    assert jobs.start_due() == ["bad"]
    MirrorState.objects.filter(name="good").update(due_at=timezone.now() - timedelta(seconds=1))
    assert jobs.start_due() == ["bad", "good"]


def test_a_mirror_that_is_no_longer_configured_is_forgotten(
    folder: Path, settings: Any, started: list[str]
) -> None:
    push("good")
    settings.VIGIE_MIRRORS = "s3://other"
    jobs.start_due()
    assert not MirrorState.objects.filter(name="good").exists()


def test_without_mirrors_nothing_is_asked_of_the_database(
    settings: Any, started: list[str], django_assert_num_queries: Any
) -> None:
    settings.VIGIE_MIRRORS = ""
    with django_assert_num_queries(0):
        assert jobs.start_due() == []


def test_before_the_first_release_there_is_nothing_to_send(
    folder: Path, settings: Any, tmp_path: Path, started: list[str]
) -> None:
    settings.VIGIE_RELEASES_ROOT = tmp_path / "none"
    assert jobs.start_due() == []


def test_two_processes_never_write_one_mirror(folder: Path, releases: ReleaseTarget) -> None:
    with jobs.file_lock(releases.root / ".mirror-good.lock", lambda message: None, 0):
        push("good")
    assert not folder.exists()


def test_the_process_that_is_started_is_the_command(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.VIGIE_MIRRORS = ""
    monkeypatch.setenv("MIRRORS", "")
    assert jobs._start("other").wait(60) == 1


def test_the_list_tells_each_mirror(folder: Path, releases: ReleaseTarget) -> None:
    with pytest.raises(CommandError):
        push()
    out = StringIO()
    call_command("mirrors", "list", "--json", stdout=out)
    listed = json.loads(out.getvalue())
    assert listed["live"] == releases.current()
    assert [(each["name"], each["state"], each["up_to_date"]) for each in listed["mirrors"]] == [
        ("bad", "failed", False),
        ("good", "whole", True),
    ]


def test_a_name_that_is_no_mirror_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match="'other'"):
        push("other")


def test_mirrors_that_cannot_be_read_from_the_settings_are_named(settings: Any) -> None:
    settings.VIGIE_MIRRORS = "ftp://x"
    with pytest.raises(CommandError, match=r"ftp://x"):
        call_command("mirrors", "list")
