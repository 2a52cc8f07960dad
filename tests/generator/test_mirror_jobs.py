import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from generator import outbox, registry, signing
from generator.manifest import Manifest
from generator.mirrors import jobs, sync
from generator.mirrors.places import parse
from generator.models import MirrorState
from generator.targets import ReleaseTarget
from generator.verification import CARRIED, CARRIED_MANIFEST, PENDING, verify_mirror
from generator.worker import Worker

from .mirrors import HOST, Remembering, needs_rsync, shell
from .samples import built, live_file, page

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

    monkeypatch.setattr(jobs, "start", lambda name: names.append(name) or Ended())
    monkeypatch.setattr(jobs, "_processes", {})
    return names


def state(name: str) -> MirrorState:
    return MirrorState.objects.get(name=name)


def push(name: str) -> str:
    out = StringIO()
    call_command("mirrors", "push", name, stdout=out)
    return out.getvalue()


def listed() -> Any:
    out = StringIO()
    call_command("mirrors", "list", "--json", stdout=out)
    return json.loads(out.getvalue())


def push_both() -> None:
    push("good")
    with pytest.raises(CommandError, match=r"bad: .*Connection refused"):
        push("bad")


def test_the_worker_calls_the_job() -> None:
    assert registry.default.periodic_jobs["generator.mirrors"].job is jobs.start_due


def test_how_it_went_is_noted_for_each_mirror(folder: Path, releases: ReleaseTarget) -> None:
    push_both()
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
    push_both()
    assert jobs.start_due() == []
    MirrorState.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert jobs.start_due() == ["bad"]


def test_a_newer_release_is_tried_at_once(folder: Path, releases: ReleaseTarget, started: list[str]) -> None:
    push_both()
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


def test_nothing_is_known_of_a_mirror_that_is_elsewhere_by_now(
    folder: Path, releases: ReleaseTarget, settings: Any, tmp_path: Path, started: list[str]
) -> None:
    push("good")
    settings.VIGIE_MIRRORS = f"rsync://{tmp_path}/elsewhere?name=good"
    assert not listed()["mirrors"][0]["up_to_date"]
    assert jobs.start_due() == ["good"]
    assert state("good").release == releases.current()
    jobs._note_start(jobs.places()[0], str(releases.current()))
    good = state("good")
    assert (good.release, good.finished_at, good.attempts) == ("", None, 1)
    push("good")
    assert verify_mirror(tmp_path / "elsewhere").whole
    assert listed()["mirrors"][0]["up_to_date"]
    assert jobs.start_due() == []


def test_a_failure_elsewhere_says_nothing_of_where_a_mirror_is_now(
    folder: Path, releases: ReleaseTarget, settings: Any, tmp_path: Path, started: list[str]
) -> None:
    with pytest.raises(CommandError):
        push("bad")
    settings.VIGIE_MIRRORS = settings.VIGIE_MIRRORS.replace("/srv/bad", "/srv/other")
    assert listed()["mirrors"][0]["error"] == ""
    assert jobs.start_due()[0] == "bad"
    jobs._note_start(jobs.places()[0], str(releases.current()))
    bad = state("bad")
    assert (bad.error, bad.attempts) == ("", 1)


def test_an_option_or_a_key_that_is_another_makes_a_mirror_due(
    folder: Path, settings: Any, started: list[str]
) -> None:
    settings.VIGIE_MIRRORS = f"rsync://{folder}"
    push("good")
    assert jobs.start_due() == []
    for key in (signing.new_key(), signing.new_key(), ""):
        settings.RELEASE_SIGNING_KEY = key
        assert jobs.start_due() == ["good"]
        push("good")
        assert verify_mirror(folder, signing.public_key(key) if key else "").whole
        assert jobs.start_due() == []
    settings.VIGIE_MIRRORS = f"rsync://{folder}?identity=/etc/other"
    assert jobs.start_due() == ["good"]


def test_what_is_noted_of_a_key_tells_none_and_one_that_is_none_is_no_error(settings: Any) -> None:
    place = parse("s3://bucket")
    digests = []
    for key in ("", signing.new_key(), "short"):
        settings.RELEASE_SIGNING_KEY = key
        digests.append(jobs.digest_of(place))
    assert digests[0] == digests[2] != digests[1]
    assert all(len(digest) == 64 for digest in digests)


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
        assert "another process" in push("good")
    assert not folder.exists()


def test_the_process_that_is_started_is_the_command(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.VIGIE_MIRRORS = ""
    monkeypatch.setenv("MIRRORS", "")
    assert jobs.start("other").wait(60) == 1


ALERTS = {"media_type": "application/json"}


def test_an_alert_goes_to_mirrors_before_the_rest_of_the_site_is_made(
    releases: ReleaseTarget, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VIGIE_RELEASES_ROOT = releases.root
    settings.VIGIE_MIRRORS = "s3://mirror"
    seen: list[list[bytes]] = []

    class Running:
        def poll(self) -> None:
            """It has not ended."""

    def start(name: str) -> Running:
        seen.append([live_file(releases, path) for path in ("alerts/active.json", "fr/index.html")])
        return Running()

    monkeypatch.setattr(jobs, "start", start)
    monkeypatch.setattr(jobs, "_processes", {})
    own, text = registry.Registry(), ["before"]
    own.documents("alerts", urgent=True)(lambda context: [page("/alerts/active.json", text[0], **ALERTS)])
    own.documents("pages")(lambda context: [page("/fr/", text[0])])
    own.periodic_jobs["generator.mirrors"] = registry.default.periodic_jobs["generator.mirrors"]
    one = Worker(releases, registry=own)
    one.work_once()
    assert not seen
    text[0] = "after"
    outbox.request_build("alert", urgent=True)
    one.work_once()
    one.work_once()
    assert seen == [[b"after", b"before"]]


def test_an_alert_does_not_wait_for_the_release_that_is_being_sent(
    folder: Path, releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "BATCH", 1)
    many = [page(f"/fr/{number}/") for number in range(6)]
    built(releases, page("/alerts/active.json", "[]", **ALERTS), *many)
    sent: list[str] = []

    class Slow(Remembering):
        def put(self, folder: Path, files: Any) -> None:
            super().put(folder, files)
            sent[:] = self.written
            if self.written[-1] == "fr/1/index.html":
                built(releases, page("/alerts/active.json", "[1]", **ALERTS), *many)

    real = jobs.store_of
    stores: list[Slow] = []

    def store_of(place: Any) -> Slow:
        stores.append(Slow(real(place)))
        return stores[-1]

    monkeypatch.setattr(jobs, "store_of", store_of)
    push("good")
    assert len(stores) == 2
    assert "fr/2/index.html" not in stores[0].written
    assert next(path for path in stores[1].written if path not in CARRIED) == "alerts/active.json"
    assert "fr/1/index.html" not in stores[1].written
    assert verify_mirror(folder).whole
    good = state("good")
    assert (good.state, good.release, good.attempts) == (State.WHOLE, releases.current(), 0)


def test_a_newer_release_with_the_same_alerts_waits_until_the_mirror_is_whole(
    releases: ReleaseTarget,
) -> None:
    alerts = page("/alerts/active.json", "[]", **ALERTS)
    sending = Manifest.load(releases.root / str(built(releases, alerts).release) / "manifest.json")
    assert not jobs._other_alerts_wait(releases.root, sending)
    built(releases, alerts, page("/fr/"))
    assert not jobs._other_alerts_wait(releases.root, sending)
    built(releases, alerts, page("/fr/alertes/1/"))
    assert jobs._other_alerts_wait(releases.root, sending)
    (releases.root / "current" / "manifest.json").unlink()
    jobs._alerts_of.cache_clear()
    assert not jobs._other_alerts_wait(releases.root, sending)


SETTINGS = """
INSTALLED_APPS = ["generator"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "{folder}/db.sqlite3"}}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGES = [("fr", "French"), ("nl", "Dutch")]
LANGUAGE_CODE = "fr"
USE_TZ = True
VIGIE_BASE_URL = "https://safe.example"
VIGIE_DYNAMIC_PREFIXES = ("/cms/",)
VIGIE_RELEASES_ROOT = "{folder}/releases"
VIGIE_MIRRORS = "{mirrors}"
"""


Django = Callable[..., "subprocess.Popen[str]"]


def project(tmp_path: Path, mirrors: str) -> Django:
    """Starts commands of a project with these mirrors and a database of its own, migrated; `tmp_path` is its folder."""
    (tmp_path / "mirrored.py").write_text(SETTINGS.format(folder=tmp_path, mirrors=mirrors))
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "mirrored",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *(path for path in sys.path if path)]),
    }

    def django(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "django", *arguments]
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    ended(django("migrate", "--verbosity=0"))
    return django


def ended(process: "subprocess.Popen[str]", status: int = 0) -> tuple[str, str]:
    """What it said, once it ended with that status."""
    out, errors = process.communicate(timeout=120)
    assert process.returncode == status, out + errors
    return out, errors


@pytest.mark.once
def test_mirrors_that_are_sent_by_hand_do_not_wait_for_each_other_and_what_failed_is_told(
    releases: ReleaseTarget, tmp_path: Path
) -> None:
    needs_rsync()
    built(releases, page("/fr/"))
    closed = tmp_path / "closed"
    wait = shell(tmp_path, f"while [ ! -e {closed} ]; do sleep 0.05; done", "slow")
    dead = shell(tmp_path, "echo 'Connection refused' >&2; exit 255", "dead")
    slow, quick = tmp_path / "slow mirror", tmp_path / "quick"
    django = project(
        tmp_path,
        f"rsync://{HOST}{quote(str(slow))}?name=slow&ssh={wait} "
        f"rsync://{HOST}/srv/bad?name=bad&ssh={dead} rsync://{quick}",
    )
    everything = django("mirrors", "push")
    try:
        until(lambda: (quick / CARRIED_MANIFEST).exists() and not (quick / PENDING).exists())
        assert not slow.exists()
        assert everything.poll() is None
    finally:
        closed.touch()
    out, errors = ended(everything, 1)
    assert verify_mirror(slow).whole
    assert f"quick: {releases.current()}, 3 sent, 0 deleted" in out
    assert "bad: failed (status 1)" in out
    assert "slow: done, 3 of 3" in out
    assert "Connection refused" in errors
    assert "1 of 3 failed: bad." in errors
    built(releases, page("/fr/", "new"))
    out, errors = ended(django("mirrors", "push", "quick", "slow", "quick"))
    assert "Sending to 2 mirrors: quick, slow" in out
    assert verify_mirror(quick).whole
    assert verify_mirror(slow).whole


@pytest.mark.once
def test_a_slow_mirror_holds_back_neither_another_one_nor_the_worker(
    releases: ReleaseTarget, tmp_path: Path
) -> None:
    """With the processes that the worker really starts."""
    needs_rsync()
    built(releases, page("/fr/"))
    opened, closed = tmp_path / "opened", tmp_path / "closed"
    wait = shell(tmp_path, f"touch {opened}; while [ ! -e {closed} ]; do sleep 0.05; done", "slow")
    slow, quick = tmp_path / "slow mirror", tmp_path / "quick"
    mirrors = f"rsync://{HOST}{quote(str(slow))}?name=slow&ssh={wait} rsync://{quick}"
    django = project(tmp_path, mirrors)
    try:
        worker = django("worker", "--once")
        # Its output stays open for as long as a process that it has started.
        assert worker.wait(120) == 0
        until(lambda: opened.exists() and (quick / CARRIED_MANIFEST).exists())
        assert verify_mirror(quick).whole
        assert not slow.exists()
    finally:
        closed.touch()
    # Its process may have given up waiting where the machine is slow.
    ended(django("mirrors", "push", "slow"))
    until(lambda: (slow / CARRIED_MANIFEST).exists() and not (slow / PENDING).exists())
    assert verify_mirror(slow).whole


def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_list_tells_each_mirror(folder: Path, releases: ReleaseTarget) -> None:
    push_both()
    told = listed()
    assert told["live"] == releases.current()
    assert [(each["name"], each["state"], each["up_to_date"]) for each in told["mirrors"]] == [
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
