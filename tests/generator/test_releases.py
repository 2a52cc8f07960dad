import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from generator import signing
from generator.targets import ReleaseTarget

from .samples import built, live_file, page

pytestmark = pytest.mark.once


@pytest.fixture
def names(releases: ReleaseTarget, settings: Any) -> list[str]:
    """Three releases, oldest first; the last is live."""
    settings.VIGIE_RELEASES_ROOT = releases.root
    settings.VIGIE_RELEASES_KEPT = 3
    return [str(built(releases, page("/fr/", f"<p>{number}</p>")).release) for number in range(3)]


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
    assert all(each["files"] == 3 and each["bytes"] > 0 for each in listed)
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
    assert out.getvalue().splitlines()[0].split()[:4] == ["live", names[2], "3", "files"]


def test_an_empty_folder_is_said_to_be_empty(settings: Any, tmp_path: Path) -> None:
    settings.VIGIE_RELEASES_ROOT = tmp_path / "none"
    out = StringIO()
    call_command("releases", "list", stdout=out)
    assert "No release" in out.getvalue()


def test_a_kept_release_becomes_live_again(releases: ReleaseTarget, names: list[str]) -> None:
    assert told("activate", names[0]) == {"live": names[0], "before": names[2], "files": 3}
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


def test_old_releases_are_deleted(releases: ReleaseTarget, names: list[str]) -> None:
    assert told("prune", "--keep", "2") == {"deleted": names[:1], "kept": names[1:]}
    assert releases.releases() == names[1:]


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


def test_a_new_key_signs(names: list[str]) -> None:
    pair = told("key")
    signature = signing.sign(b"x", pair["RELEASE_SIGNING_KEY"])
    assert signing.is_signed(b"x", signature, pair["public_key"])
    assert not signing.is_signed(b"y", signature, pair["public_key"])
