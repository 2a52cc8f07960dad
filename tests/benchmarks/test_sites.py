from pathlib import Path

import pytest

from benchmarks import sites

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("asked", "used"),
    [
        ("", "sqlite:////somewhere/site.sqlite3"),
        ("postgres://me@127.0.0.1:5432/vigie_bench", "postgres://me@127.0.0.1:5432/vigie_bench_300"),
        ("postgres:///vigie_bench?host=/run/postgresql", "postgres:///vigie_bench_300?host=/run/postgresql"),
        ("sqlite:////elsewhere/bench.sqlite3", "sqlite:////elsewhere/bench_300.sqlite3"),
    ],
)
def test_a_site_has_a_database_of_its_own(monkeypatch: pytest.MonkeyPatch, asked: str, used: str) -> None:
    monkeypatch.setenv("DATABASE_URL", asked)
    assert sites.database_url(300, Path("/somewhere")) == used


@pytest.mark.parametrize("asked", ["postgres://me@127.0.0.1/vigie", "sqlite:////srv/bench/vigie.sqlite3"])
def test_a_database_that_may_be_somebodys_own_is_refused(monkeypatch: pytest.MonkeyPatch, asked: str) -> None:
    monkeypatch.setenv("DATABASE_URL", asked)
    with pytest.raises(SystemExit, match="'vigie"):
        sites.database_url(300, Path("/somewhere"))
