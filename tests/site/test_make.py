"""`make` alone says what it can do."""

import re
import shutil
import subprocess

import pytest

from tests.site.demo import PROJECT

pytestmark = pytest.mark.once

ASKED_FOR = {"setup", "run", "test", "check", "bench", "format", "messages", "clean"}


@pytest.fixture(scope="module")
def listing() -> str:
    if not shutil.which("make"):
        pytest.skip("make is missing.")
    return subprocess.run(
        ["make"], cwd=PROJECT, capture_output=True, text=True, timeout=30, check=True
    ).stdout


def test_make_alone_lists_every_target_with_a_line(listing: str) -> None:
    listed = dict(re.findall(r"^\s+make (\w+)\s+(\S.*)$", listing, re.M))
    phony = re.search(r"^\.PHONY:(.*)$", (PROJECT / "Makefile").read_text(), re.M)
    assert phony
    assert set(listed) >= ASKED_FOR
    assert set(listed) | {"help"} == set(phony[1].split()) | {"help"}


def test_every_target_exists(listing: str) -> None:
    for target in re.findall(r"^\s+make (\w+)", listing, re.M):
        done = subprocess.run(
            ["make", "--dry-run", target],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done.stderr
