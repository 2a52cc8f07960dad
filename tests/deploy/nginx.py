"""nginx with the configuration that Vigie ships, on loopback ports, for a release in a temporary folder."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest

from generator import headers, redirects
from generator.manifest import Manifest

CONFIGURATION = Path("site/deploy/nginx/vigie.conf")
HOST = "127.0.0.1"
PATIENCE_SECONDS = 10
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


def executable() -> str:
    """nginx, or a visible skip where it is not installed; a failure in CI."""
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("nginx is missing, which is a failure in CI.", pytrace=False)
    pytest.skip("nginx is missing. Install it: sudo apt-get install nginx-light")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What nginx answered: `headers` by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """A running nginx: files at `port`, the way to HTTPS at `plain_port`, the CMS expected at `cms_port`."""

    port: int
    plain_port: int
    cms_port: int

    def ask(self, url: str, method: str = "GET", *, plain: bool = False, **headers: str) -> Answer:
        connection = HTTPConnection(HOST, self.plain_port if plain else self.port, timeout=PATIENCE_SECONDS)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, url, headers={"Host": "vigie.example", **sent})
            response: HTTPResponse = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            connection.close()


def on_a_mirror(shipped: Path, folder: Path) -> str:
    """What operators are told to make of a shipped file where a mirror lies in `folder`."""
    told = Path("docs/operators.md").read_text(encoding="utf-8")
    [script] = re.findall(rf"^sed -i '(.*)' .*\b{re.escape(shipped.name)}\b", told, flags=re.MULTILINE)
    done = subprocess.run(["sed", script, str(shipped)], check=True, capture_output=True, text=True)
    return done.stdout.replace("/srv/www/vigie", str(folder))


def configured(
    folder: Path, releases: Path, collected: Path, server: Server, *, is_mirror: bool = False
) -> str:
    """The shipped configuration with this test's paths and ports, and without TLS."""
    text = on_a_mirror(CONFIGURATION, releases) if is_mirror else CONFIGURATION.read_text(encoding="utf-8")
    text = text.replace("/var/lib/vigie/releases", str(releases))
    text = text.replace("root /var/lib/vigie;", f"root {collected};")
    text = text.replace("127.0.0.1:8000", f"{HOST}:{server.cms_port}")
    text = re.sub(r"^ *(?:listen \[::\].*|ssl_.*)\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 80;", f"listen {HOST}:{server.plain_port};")
    text = text.replace("listen 443 ssl http2;", f"listen {HOST}:{server.port};")
    modules = ""
    if BROTLI.exists():
        text = text.replace("#brotli_static on;", "brotli_static on;")
        modules = f"load_module {BROTLI};\n"
    temporary = "".join(
        f"{name}_temp_path {folder / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}{modules}daemon off;\nworker_processes 1;\npid {folder / 'nginx.pid'};\n"
        f"error_log {folder / 'error.log'} warn;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )


@contextlib.contextmanager
def serving(
    folder: Path, releases: Path, collected: Path, *, cms_port: int | None = None, is_mirror: bool = False
) -> Iterator[Server]:
    """nginx, started in `folder` and ended again; nobody is at the CMS's port unless one is given. `is_mirror`: what is
    served is a mirror in the folder `releases`. Raises AssertionError with its log if it fails."""
    nginx = executable()
    folder.mkdir(parents=True, exist_ok=True)
    server = Server(free_port(), free_port(), cms_port or free_port())
    configuration = folder / "nginx.conf"
    configuration.write_text(
        configured(folder, releases, collected, server, is_mirror=is_mirror), encoding="utf-8"
    )
    command = [nginx, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(configuration)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert process.poll() is None, (process.stdout.read() if process.stdout else b"").decode()
            with contextlib.suppress(OSError), socket.create_connection((HOST, server.port), timeout=1):
                break
            assert time.monotonic() < deadline, (folder / "error.log").read_text()
            time.sleep(0.02)
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def header_differences(server: Server, manifest: Path) -> list[str]:
    """Where what nginx sends for a file of the release is not what generator.headers asks for."""
    release = Manifest.load(manifest)
    differences = []
    for path, entry in release.files.items():
        url = "/" + path.removesuffix("index.html")
        if redirects.key(url) in release.redirects:
            continue
        answer = server.ask(quote(url))
        wanted = headers.for_file(url, entry.media_type, entry.headers)
        for name, value in wanted.items():
            sent = answer.headers.get(name.lower(), "(none)")
            if _comparable(name, sent) != _comparable(name, value):
                differences.append(f"{url}: {name} is {sent!r}, not {value!r}")
        known = {name.lower() for name in wanted}
        for name in ("access-control-allow-origin", "content-language", "content-security-policy"):
            if name in answer.headers and name not in known:
                differences.append(f"{url}: {name} is sent and was not asked for")
    return differences


def _comparable(name: str, value: str) -> str:
    """A fixed configuration gives all files of a type one charset; JSON and XML are UTF-8 with or without it
    (RFC 8259, 8.1; RFC 7303, 3.2)."""
    if name == "Content-Type" and not value.startswith("text/"):
        return value.partition(";")[0]
    return value
