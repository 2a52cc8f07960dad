"""Sites to measure, away from any other: each has a database, media and releases of its own, and is made once.

from benchmarks import sites

folder = sites.prepare(1_000)     # before anything imports a model, once a process
from news.models import NewsPage
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
SITES = PROJECT / "var" / "bench" / "sites"
BASE_URL = "https://vigie.example"
MARK = "site.json"
"""What says that a site is whole, and which version of benchmarks/filling.py made it."""


def database_url(pages: int, folder: Path) -> str:
    """The database of a site of `pages` pages: SQLite in `folder`, or beside the one that DATABASE_URL names.

    Raises SystemExit where DATABASE_URL names a database without "bench" in its name: that may be somebody's own.
    """
    asked = os.environ.get("DATABASE_URL", "").strip()
    if not asked:
        return f"sqlite:///{folder / 'site.sqlite3'}"
    address, mark, query = asked.partition("?")
    parent, slash, name = address.rpartition("/")
    if "bench" not in name:
        raise SystemExit(
            f"DATABASE_URL names the database {name!r}. What is measured is made anew and thrown away, so its "
            "name must have 'bench' in it, as in postgres://postgres@127.0.0.1:5432/vigie_bench. Or unset it."
        )
    stem, dot, suffix = name.partition(".")
    return f"{parent}{slash}{stem}_{pages}{dot}{suffix}{mark}{query}"


def environment(folder: Path, database: str) -> dict[str, str]:
    """The variables with which every process sees the site in `folder`."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "DATABASE_URL": database,
        "MEDIA_ROOT": str(folder / "media"),
        "STATIC_ROOT": str(folder / "static"),
        "VIGIE_RELEASES_ROOT": str(folder / "releases"),
        "VIGIE_BASE_URL": BASE_URL,
        "DEBUG": "false",
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }


def use(variables: dict[str, str]) -> None:
    """Set up Django with `variables`. Once a process, before anything imports a model."""
    os.environ |= variables
    sys.path.insert(0, str(PROJECT / "site"))
    import django

    django.setup()


def prepare(pages: int, *, fresh: bool = False) -> Path:
    """Django, set up on a site of `pages` live pages, which is made if need be (`fresh`: in any case). Its folder."""
    asked = os.environ.get("DATABASE_URL", "").strip()
    folder = SITES / (f"{pages}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}" if asked else str(pages))
    use(environment(folder, database_url(pages, folder)))
    maker = hashlib.sha256(Path(__file__).with_name("filling.py").read_bytes()).hexdigest()
    made = _read(folder / MARK)
    if fresh or made.get("maker") != maker:
        _clear(folder)
        _create_database()
        made = {}
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not made:
        _fill(pages, folder, maker)
    return folder


def _fill(pages: int, folder: Path, maker: str) -> None:
    from benchmarks.filling import fill

    print(f"Making a site of {pages:,} pages in {folder} …", file=sys.stderr)
    started = time.monotonic()
    try:
        types = fill(pages)
    except ValueError as error:
        raise SystemExit(str(error)) from error
    mark = {"pages": pages, "maker": maker, "types": types, "seconds": round(time.monotonic() - started, 1)}
    (folder / MARK).write_text(json.dumps(mark, indent=1) + "\n", encoding="utf-8")


def _read(mark: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _create_database() -> None:
    """An empty database with the name that the settings say, in the place of any other of that name."""
    from django.conf import settings

    config = settings.DATABASES["default"]
    name = str(config["NAME"])
    if config["ENGINE"].endswith("sqlite3"):
        for suffix in ("", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)
        return
    import psycopg
    from psycopg import sql

    parameters = {
        key: value
        for key, value in (
            ("host", config["HOST"]),
            ("port", config["PORT"]),
            ("user", config["USER"]),
            ("password", config["PASSWORD"]),
        )
        if value
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **parameters) as connection:
        for statement in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {}"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
