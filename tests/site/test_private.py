"""What is not for the public is in no file of a release: not in a page, not in a feed, not in its name, not in the
manifest, not in what is compressed."""

import json
import os
from pathlib import Path

import pytest

from generator.manifest import Manifest
from tests.conftest import Figures
from tests.site import checks, demo
from tests.site.canaries import PUBLIC

SETTINGS = {
    "SECRET_KEY": "zzqsecretkeyx",
    "EMAIL_URL": "smtp://zzqmailuserx:zzqmailpasswordx@localhost:25",
    "DJANGO_SUPERUSER_PASSWORD": "zzqsuperuserx",
}


@pytest.fixture(scope="module")
def released(site: demo.Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A release of the demo site with words in all that is private, and the words by where they are."""
    copy = site.copy(tmp_path_factory.mktemp("private") / "site")
    try:
        hidden = json.loads(copy.run("-m", "tests.site.canaries").stdout)
        copy.run("manage.py", "build", env=copy.environment | SETTINGS)
        yield copy.releases / (copy.releases / "current").readlink(), hidden
    finally:
        copy.forget()


def test_nothing_private_is_in_a_release(released: tuple[Path, dict[str, str]], figures: Figures) -> None:
    release, hidden = released
    words = hidden | {value: name for name, value in SETTINGS.items()} | {"pbkdf2_sha256": "password hash"}
    words |= dict.fromkeys(("zzqmailuserx", "zzqmailpasswordx"), "part of EMAIL_URL")
    found = checks.holding(release, [word.encode() for word in words])
    told = [f"{line} ({words[line.rsplit(': ', 1)[1]]})" for line in found]
    assert not told, f"{len(told)}:\n" + "\n".join(told[:40])
    figures(f"private words planted: {len(words)}; found in a release: 0")


def test_a_public_word_is_found_so_the_search_works(released: tuple[Path, dict[str, str]]) -> None:
    release, hidden = released
    found = checks.holding(release, [PUBLIC.encode()])
    assert any(line.startswith("public/fr/") and ".html:" in line for line in found)
    assert any(line.startswith("public/nl/") and ".html.gz:" in line for line in found)
    assert len(hidden) > 300


def test_a_release_holds_only_what_it_lists(released: tuple[Path, dict[str, str]]) -> None:
    release, _ = released
    listed = set(Manifest.load(release / "manifest.json").paths())
    public = release / "public"
    there = {
        Path(folder, name) for folder, _folders, names in os.walk(public, followlinks=True) for name in names
    }
    assert {file.relative_to(public).as_posix() for file in there} == listed
    beside = {"manifest.json", "redirects.map", "policies.map"}
    assert {file.name for file in release.iterdir()} == {"public", *beside}
