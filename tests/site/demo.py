"""The demo site in a scratch folder: its own database, media and releases, made with the same commands as
`make run`, and a server for it."""

import contextlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

PROJECT = Path(__file__).resolve().parents[2]
BASE_URL = "https://vigie.example"
"""What canonical addresses are made of. No server answers there: a page that loads from it is caught."""
SQLITE = "vigie.sqlite3"
COMMAND_SECONDS = 300
SERVER_SECONDS = 3600


class CommandError(Exception):
    """A command of the project ended badly; holds all it said."""


@dataclass(frozen=True)
class Site:
    """A site in `folder`; `database_url` as Django's settings take it."""

    folder: Path
    database_url: str

    @property
    def releases(self) -> Path:
        return self.folder / "releases"

    @property
    def public(self) -> Path:
        """The public files of the live release."""
        return (self.releases / "current" / "public").resolve()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return kept | {
            "PYTHONPATH": f"{PROJECT / 'site'}:{PROJECT}",
            "DJANGO_SETTINGS_MODULE": "config.settings.development",
            "DATABASE_URL": self.database_url,
            "CACHE_URL": "locmemcache://vigie",
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
            "VIGIE_RELEASES_ROOT": str(self.releases),
            "VIGIE_BASE_URL": BASE_URL,
            "LOG_LEVEL": "WARNING",
        }

    def run(self, *arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Python with the site's settings. Raises CommandError when it ends with a status other than 0."""
        command = [sys.executable, *map(str, arguments)]
        options = {"timeout": COMMAND_SECONDS, "cwd": PROJECT, "env": self.environment} | options
        done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        if done.returncode:
            message = f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
            raise CommandError(message)
        return done

    def manage(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """manage.py with these arguments. Raises CommandError."""
        return self.run("manage.py", *arguments)

    def row(self, query: str) -> tuple[Any, ...]:
        """The first row that the query finds, asked of the database itself: a command takes seconds."""
        if self.database_url.startswith("sqlite"):
            database = self.folder / SQLITE
            with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
                return tuple(connection.execute(query).fetchone())
        with psycopg.connect(self.database_url) as connection:
            return tuple(connection.execute(query).fetchone() or ())

    def copy(self, folder: Path) -> "Site":
        """The same site in another folder, to be changed at will; `forget` it afterwards."""
        folder.mkdir(parents=True)
        for name in ("static", "media", "releases"):
            shutil.copytree(self.folder / name, folder / name, symlinks=True)
        if self.database_url.startswith("sqlite"):
            for file in self.folder.glob(f"{SQLITE}*"):
                shutil.copy2(file, folder / file.name)
            return Site(folder, _sqlite(folder))
        return Site(folder, _postgres_database(self.database_url, template=self.database_url))

    def forget(self) -> None:
        """Delete the folder, and the database where it is not in it."""
        if not self.database_url.startswith("sqlite"):
            _drop(self.database_url)
        shutil.rmtree(self.folder, ignore_errors=True)


def make(folder: Path, server_url: str | None) -> Site:
    """The demo site, migrated, filled and built. `server_url` names a PostgreSQL server for its database;
    None is SQLite. Raises CommandError."""
    folder.mkdir(parents=True)
    postgres = server_url if server_url and server_url.startswith("postgres") else None
    site = Site(folder, _postgres_database(postgres) if postgres else _sqlite(folder))
    # Compressing the admin's files takes as long as all the rest: let a second core do it.
    with ThreadPoolExecutor() as pool:
        collected = pool.submit(site.manage, "collectstatic", "--noinput", "--verbosity=0")
        site.manage("migrate", "--verbosity=0")
        site.manage("load_demo")
        collected.result()
    site.manage("build")
    return site


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / SQLITE}"


def _postgres_database(server_url: str, template: str | None = None) -> str:
    """The URL of a new database on the server: empty, or a copy of `template`, which nobody may be using."""
    name = f"vigie_site_{uuid.uuid4().hex[:12]}"
    original = sql.Identifier(_database_name(template) if template else "template0")
    with psycopg.connect(_maintenance(server_url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), original))
    return f"{server_url.rsplit('/', 1)[0]}/{name}"


def _drop(url: str) -> None:
    with psycopg.connect(_maintenance(url), autocommit=True) as connection:
        query = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(query.format(sql.Identifier(_database_name(url))))


def _database_name(url: str) -> str:
    return url.rsplit("/", 1)[1].split("?", 1)[0]


def _maintenance(url: str) -> str:
    return f"{url.rsplit('/', 1)[0]}/postgres"


@dataclass(frozen=True)
class Server:
    """gunicorn with the site, on loopback."""

    url: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def stop(self) -> None:
        """End it, as when the machine goes down."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def serving(site: Site, *, own_address: bool = False, **environment: str) -> Iterator[Server]:
    """The site as `make run` serves it, once it answers: on a busy machine a browser would not wait for that. With
    `own_address` canonical addresses are the server's. The
    kernel chooses the port, bound before gunicorn starts, so that the first request waits instead of failing. Ends by
    itself when the tests are killed."""
    log = site.folder / f"gunicorn-{uuid.uuid4().hex[:6]}.log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        port = listener.getsockname()[1]
        if own_address:
            environment["VIGIE_BASE_URL"] = f"http://127.0.0.1:{port}"
        command = ["timeout", "--kill-after=10", str(SERVER_SECONDS), sys.executable, "-m", "gunicorn"]
        command += ["--config", "site/deploy/gunicorn.conf.py", "--workers", "1", "--threads", "8"]
        command += ["--bind", f"fd://{listener.fileno()}", "--pythonpath", "site", "config.wsgi"]
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=site.environment | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno()],
        )
    server = Server(f"http://127.0.0.1:{port}", process, log)
    try:
        # With production's settings it refuses this address: that is an answer too.
        with (
            contextlib.suppress(urllib.error.HTTPError),
            urllib.request.urlopen(f"{server.url}/health/live", timeout=COMMAND_SECONDS),
        ):
            pass
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def working(site: Site, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The site's worker, which builds after each publish."""
    with (site.folder / "worker.log").open("wb") as output:
        process = subprocess.Popen(
            ["timeout", "--kill-after=10", str(SERVER_SECONDS), sys.executable, "manage.py", "worker"],
            cwd=PROJECT,
            env=site.environment | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(site: Site, folder: Path) -> Iterator[tuple[Site, Server]]:
    """A copy of the site in `folder`, served and with its worker, which is gone afterwards."""
    copy = site.copy(folder)
    with serving(copy) as server, working(copy):
        yield copy, server
    copy.forget()
