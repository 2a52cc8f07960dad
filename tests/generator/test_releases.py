import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from generator import registry, signing, targets
from generator import releases as kept_releases
from generator.build import build
from generator.fencing import Fence, OvertakenError
from generator.registry import Registry
from generator.releases import ObjectedError, UnnumberedError, activate
from generator.targets import ReleaseTarget, TargetError
from tests.deploy.nginx import free_port

from .samples import built, live_file, page, site

pytestmark = pytest.mark.django_db

NO_ALERTS = page("/alerts/active.json", '{"alerts": []}', media_type="application/json")


@pytest.fixture
def names(releases: ReleaseTarget, settings: Any) -> list[str]:
    """Three releases, oldest first; the last is live."""
    settings.VIGIE_RELEASES_ROOT = releases.root
    settings.VIGIE_RELEASES_KEPT = 3
    return [str(built(releases, page("/fr/", f"<p>{number}</p>"), NO_ALERTS).release) for number in range(3)]


def told(*arguments: str) -> Any:
    out = StringIO()
    call_command("releases", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def damage(releases: ReleaseTarget, name: str) -> None:
    path = releases.root / name / "public/fr/index.html"
    path.unlink()
    path.write_text("<p>torn")


def test_the_list_is_newest_first_and_says_what_is_live(names: list[str]) -> None:
    listed = told("list")
    assert [each["release"] for each in listed] == names[::-1]
    assert [each["live"] for each in listed] == [True, False, False]
    assert all(each["files"] == 4 and each["bytes"] > 0 for each in listed)
    assert listed[0]["made_at"].startswith(f"{names[2][:4]}-{names[2][4:6]}-{names[2][6:8]}T")


def test_the_list_can_say_which_are_whole(releases: ReleaseTarget, names: list[str]) -> None:
    damage(releases, names[1])
    (releases.root / names[0] / "manifest.json").write_text("{}")
    listed = told("list", "--verify")
    assert [each["whole"] for each in listed] == [True, False, False]
    assert listed[1]["differences"] == "1 changed (fr/index.html)"
    assert "no manifest" in listed[2]["differences"]


def test_the_list_is_also_for_people(names: list[str]) -> None:
    out = StringIO()
    call_command("releases", "list", stdout=out)
    assert out.getvalue().splitlines()[0].split()[:4] == ["live", names[2], "4", "files"]


def test_an_empty_folder_is_said_to_be_empty(settings: Any, tmp_path: Path) -> None:
    settings.VIGIE_RELEASES_ROOT = tmp_path / "none"
    out = StringIO()
    call_command("releases", "list", stdout=out)
    assert "No release" in out.getvalue()


def test_a_kept_release_becomes_live_again(releases: ReleaseTarget, names: list[str]) -> None:
    done = told("activate", names[0])
    assert (done["live"], done["before"], done["files"]) == (names[0], names[2], 4)
    assert (done["overruled"], done["numbered"]) == ([], True)
    assert live_file(releases, "fr/index.html") == b"<p>0</p>"


def test_a_torn_release_does_not_become_live(releases: ReleaseTarget, names: list[str]) -> None:
    damage(releases, names[0])
    with pytest.raises(CommandError, match=r"not whole.*1 changed \(fr/index\.html\)"):
        call_command("releases", "activate", names[0])
    assert releases.current() == names[2]


@pytest.mark.parametrize("name", ["20010101T000000.000000Z", "../elsewhere", ""])
def test_a_release_that_is_not_there_is_refused(releases: ReleaseTarget, names: list[str], name: str) -> None:
    with pytest.raises(CommandError, match="no release"):
        call_command("releases", "activate", name)
    assert releases.current() == names[2]


def test_a_build_that_began_before_cannot_replace_the_release_that_was_gone_back_to(
    releases: ReleaseTarget, names: list[str]
) -> None:
    stalled = Fence.take()
    told("activate", names[0])
    with pytest.raises(OvertakenError):
        build(releases, registry=site(page("/fr/", "stalled")), fence=stalled)
    assert releases.current() == names[0]


def test_the_next_build_replaces_the_release_that_was_gone_back_to(
    releases: ReleaseTarget, names: list[str]
) -> None:
    told("activate", names[0])
    live = build(releases, registry=site(page("/fr/", "next")), fence=Fence.take()).release
    assert releases.current() == live
    assert live_file(releases, "fr/index.html") == b"next"


def test_going_back_does_not_replace_what_a_newer_build_made_live_meanwhile(
    releases: ReleaseTarget, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    older = Fence.take()
    live = build(releases, registry=site(page("/fr/", "newer"), NO_ALERTS), fence=Fence.take()).release
    monkeypatch.setattr(Fence, "take", lambda: older)
    with pytest.raises(CommandError, match="overtaken"):
        told("activate", names[1])
    assert releases.current() == live


def test_a_release_is_read_before_the_lock_is_taken(
    releases: ReleaseTarget, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading every file takes a while; an alert does not wait behind it."""
    examined = kept_releases.examined

    def examined_beside_a_build(target: ReleaseTarget, release: str) -> Any:
        with releases.locked(lambda holder: None):
            return examined(target, release)

    monkeypatch.setattr(kept_releases, "examined", examined_beside_a_build)
    assert told("activate", names[0])["live"] == names[0]


def test_a_build_under_way_is_named(releases: ReleaseTarget, names: list[str]) -> None:
    heard: list[str] = []
    with releases.locked(lambda holder: None), pytest.raises(TargetError, match="Another build is running"):
        activate(ReleaseTarget(releases.root, lock_timeout=0.2), names[0], on_wait=heard.append)
    assert str(os.getpid()) in heard[0]
    assert releases.current() == names[2]


@pytest.fixture
def objecting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[Path, Path | None]]]:
    """An app objects to every release; what it was asked."""
    asked: list[tuple[Path, Path | None]] = []

    def check(release: Path, live: Path | None) -> list[str]:
        asked.append((release, live))
        return ["It would hide what is active now: Fire."]

    monkeypatch.setattr(registry.default, "release_checks", {"app": check})
    return asked


def test_a_release_that_an_app_objects_to_is_refused_with_its_reason_and_the_remedy(
    releases: ReleaseTarget, names: list[str], objecting: list[tuple[Path, Path | None]]
) -> None:
    with pytest.raises(CommandError, match=r"hide what is active now: Fire\..*manage\.py build.*--force"):
        told("activate", names[0])
    assert releases.current() == names[2]
    assert objecting == [(releases.root / names[0] / "public", releases.root / names[2] / "public")]


def test_an_operator_can_overrule_and_is_told_what(
    releases: ReleaseTarget, names: list[str], objecting: list[tuple[Path, Path | None]]
) -> None:
    errors = StringIO()
    call_command("releases", "activate", names[0], "--force", stdout=StringIO(), stderr=errors)
    assert releases.current() == names[0]
    assert "overruled: It would hide what is active now: Fire." in errors.getvalue()


def test_nobody_overrules_that_a_release_is_torn(
    releases: ReleaseTarget, names: list[str], objecting: list[tuple[Path, Path | None]]
) -> None:
    damage(releases, names[0])
    with pytest.raises(CommandError, match="not whole"):
        call_command("releases", "activate", names[0], "--force")
    assert releases.current() == names[2]


def test_what_is_live_already_is_no_change_to_object_to(
    releases: ReleaseTarget, names: list[str], objecting: list[tuple[Path, Path | None]]
) -> None:
    assert told("activate", names[2])["live"] == names[2]


def test_without_a_live_release_there_is_nothing_to_compare_with(
    releases: ReleaseTarget, names: list[str], objecting: list[tuple[Path, Path | None]]
) -> None:
    (releases.root / "current").unlink()
    with pytest.raises(ObjectedError):
        activate(releases, names[0])
    assert objecting == [(releases.root / names[0] / "public", None)]


def test_a_check_needs_a_name_of_its_own() -> None:
    checks = Registry()
    checks.release_check("alerts")(lambda release, live: ())
    with pytest.raises(ValueError, match="'alerts'"):
        checks.release_check("alerts")(lambda release, live: ())


def without_database(releases: ReleaseTarget, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command as an operator gives it while PostgreSQL is down."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "DATABASE_URL": f"postgres://vigie@127.0.0.1:{free_port()}/vigie",
        "VIGIE_RELEASES_ROOT": str(releases.root),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "manage.py", "releases", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.once
def test_without_the_database_going_back_is_refused_and_the_way_is_told(
    releases: ReleaseTarget, names: list[str]
) -> None:
    done = without_database(releases, "activate", names[0])
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "--without-database" in done.stderr
    assert "Traceback" not in done.stderr
    assert releases.current() == names[2]


@pytest.mark.once
def test_an_operator_can_go_back_without_the_database(releases: ReleaseTarget, names: list[str]) -> None:
    done = without_database(releases, "activate", names[0], "--without-database")
    assert done.returncode == 0, done.stderr
    assert f"Live: {names[0]}" in done.stdout
    assert "not numbered" in done.stderr
    assert releases.current() == names[0]


def test_a_database_that_goes_after_the_switch_undoes_nothing(
    releases: ReleaseTarget, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    switch = releases.activate
    switched: list[str] = []

    def switch_and_lose(release: str) -> None:
        switch(release)
        switched.append(release)

    def lost(self: Fence) -> Iterator[None]:
        yield
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(releases, "activate", switch_and_lose)
    monkeypatch.setattr(Fence, "switching", contextmanager(lost))
    assert activate(releases, names[0]).release == names[0]
    assert switched == [names[0]]


def test_a_database_that_goes_before_the_switch_leaves_what_is_live(
    releases: ReleaseTarget, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> Fence:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(Fence, "take", lost)
    with pytest.raises(UnnumberedError, match="server closed the connection"):
        activate(releases, names[0])
    assert releases.current() == names[2]


def test_old_releases_are_deleted(releases: ReleaseTarget, names: list[str]) -> None:
    assert told("prune", "--keep", "2") == {"deleted": names[:1], "kept": names[1:]}
    assert releases.releases() == names[1:]


def test_nothing_is_read_or_deleted_behind_the_lock(
    releases: ReleaseTarget, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both take a while, and an alert does not wait."""
    done: list[str] = []

    def beside_a_build(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def beside(*arguments: Any) -> Any:
            with releases.locked(lambda holder: None):
                done.append(name)
                return work(*arguments)

        return beside

    monkeypatch.setattr(kept_releases, "examined", beside_a_build("read", kept_releases.examined))
    monkeypatch.setattr(targets, "remove_tree", beside_a_build("deleted", targets.remove_tree))
    assert told("prune", "--keep", "2")["deleted"] == names[:1]
    assert done == ["read", "deleted"]


def test_the_live_release_is_never_deleted(releases: ReleaseTarget, names: list[str]) -> None:
    releases.activate(names[0])
    assert told("prune", "--keep", "1")["kept"] == [names[0]]


def test_the_last_whole_release_is_never_deleted(releases: ReleaseTarget, names: list[str]) -> None:
    damage(releases, names[2])
    damage(releases, names[0])
    assert told("prune", "--keep", "1")["kept"] == names[1:]


def test_none_cannot_be_kept(names: list[str]) -> None:
    with pytest.raises(CommandError, match="--keep 0"):
        call_command("releases", "prune", keep=0)


@pytest.mark.parametrize("action", ["prune", "activate"])
def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(
    releases: ReleaseTarget, names: list[str], monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    lock = releases.root / ".lock"

    def refuse(*arguments: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(lock))

    monkeypatch.setattr("generator.targets.file_lock", refuse)
    told = rf"{lock}: Read-only file system\. Live is {names[2]}\. Put that right and repeat\."
    with pytest.raises(CommandError, match=told):
        call_command("releases", action, *([names[0]] if action == "activate" else []))


def test_a_new_key_signs(names: list[str]) -> None:
    pair = told("key")
    signature = signing.sign(b"x", pair["RELEASE_SIGNING_KEY"])
    assert signing.is_signed(b"x", signature, pair["public_key"])
    assert not signing.is_signed(b"y", signature, pair["public_key"])
