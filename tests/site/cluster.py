"""A PostgreSQL server of a test's own, on a free port of loopback, which the test may stop."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.deploy.nginx import HOST, free_port

LONGEST_SECONDS = 600
PATIENCE_SECONDS = 30
OWNER = "postgres"
ENGLISH = {"LC_ALL": "C.UTF-8"}
# Nothing of it outlives the test: no disk has to be waited for.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories=")


def programs() -> str | None:
    """The folder of initdb and postgres, the newest version's where there are several (Debian keeps them apart)."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return next((str(folder) for folder in reversed(folders) if (folder / "postgres").exists()), None)


@dataclass(frozen=True)
class Cluster:
    """A running server; `url` is that of its only database."""

    url: str
    port: int
    process: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        """Shut it down without waiting for whoever is connected."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE_SECONDS)


@contextlib.contextmanager
def running(folder_of_programs: str) -> Iterator[Cluster]:
    """A new server, stopped and deleted afterwards. PostgreSQL refuses to run as root: then it is `postgres`."""
    owner = OWNER if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    # Not below pytest's folders, which nobody else may enter.
    folder = Path(tempfile.mkdtemp(prefix="vigie-postgres-"))
    shutil.chown(folder, owner)
    environment = os.environ | ENGLISH | {"HOME": str(folder)}
    initdb = [
        f"{folder_of_programs}/initdb",
        "-D",
        "data",
        "-U",
        OWNER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    port = free_port()
    server = [f"{folder_of_programs}/postgres", "-D", "data", "-p", str(port), "-h", HOST]
    for option in OPTIONS:
        server += ["-c", option]
    process = None
    try:
        with (folder / "log").open("wb") as log:
            subprocess.run(
                initdb, cwd=folder, env=environment, user=owner, stdout=log, stderr=log, check=True
            )
            # Ends by itself when the tests are killed.
            process = subprocess.Popen(
                ["timeout", "--signal=INT", "--kill-after=10", str(LONGEST_SECONDS), *server],
                cwd=folder,
                env=environment,
                user=owner,
                stdout=log,
                stderr=log,
            )
        yield Cluster(_url(port, process, folder / "log"), port, process)
    finally:
        if process and process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _url(port: int, process: "subprocess.Popen[bytes]", log: Path) -> str:
    """The database's address, once the server answers."""
    server = f"postgres://{OWNER}@{HOST}:{port}"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(psycopg.OperationalError):
            with psycopg.connect(f"{server}/postgres", autocommit=True, connect_timeout=5) as connection:
                connection.execute("CREATE DATABASE vigie")
            return f"{server}/vigie"
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
