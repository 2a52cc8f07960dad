import contextlib
import gzip
import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from generator import signing, verification
from generator.documents import Redirect
from generator.manifest import Manifest
from generator.targets import FolderTarget, ReleaseTarget

from .samples import built, page

pytestmark = pytest.mark.once

LONG = "<p>dossier</p>" * 99


@pytest.fixture
def release(releases: ReleaseTarget) -> Path:
    """A release with a page and its compressed copies, data, and the page of a redirect."""
    built(
        releases,
        page("/fr/", LONG),
        page("/a.json", "{}", media_type="application/json"),
        redirects=[Redirect("/fr/vieux/", "/fr/")],
    )
    return releases.root / str(releases.current())


@pytest.fixture
def key() -> str:
    return signing.new_key()


@pytest.fixture
def mirror(release: Path, tmp_path: Path, key: str) -> Path:
    """A folder as a mirror has it: plain files, the manifest and its signature."""
    folder = tmp_path / "mirror"
    manifest = Manifest.load(release / "manifest.json")
    for path in manifest.files:
        write(folder / path, (release / "public" / path).read_bytes())
    content = verification.public_manifest(manifest)
    write(folder / verification.CARRIED_MANIFEST, content)
    write(folder / verification.CARRIED_SIGNATURE, signing.sign(content, key).encode())
    return folder


def write(path: Path, content: bytes) -> None:
    """A new file: releases share theirs with one another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(content)


@contextlib.contextmanager
def serving(handler: Any) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def verify(*arguments: str) -> dict[str, Any]:
    """What the command found, as JSON; its error status is `status`."""
    out = StringIO()
    status = 0
    try:
        call_command("verify_release", *arguments, "--json", stdout=out)
    except CommandError:
        status = 1
    found: dict[str, Any] = json.loads(out.getvalue())
    return {**found, "status": status}


def test_a_release_is_whole(release: Path) -> None:
    found = verify(str(release))
    assert (found["status"], found["whole"], found["signed"]) == (0, True, False)
    assert found["release"] == release.name


@pytest.mark.parametrize("name", ["fr/index.html", "fr/index.html.gz", "fr/index.html.br", "a.json"])
def test_each_missing_file_is_named(release: Path, name: str) -> None:
    (release / "public" / name).unlink()
    found = verify(str(release))
    assert (found["status"], found["missing"]) == (1, [name])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("fr/index.html", LONG.replace("d", "D").encode()),
        ("a.json", b"[]"),
        ("fr/index.html.gz", gzip.compress(b"other", mtime=0)),
        ("fr/index.html.gz", b"no gzip"),
        ("fr/index.html.br", b"no brotli"),
        ("fr/index.html", b""),
    ],
)
def test_each_changed_file_is_named(release: Path, name: str, content: bytes) -> None:
    write(release / "public" / name, content)
    found = verify(str(release))
    assert (found["status"], found["changed"]) == (1, [name])


@pytest.mark.parametrize("name", ["fr/intruder/index.html", ".hidden", "a.json.gz"])
def test_each_extra_file_is_named(release: Path, name: str) -> None:
    write(release / "public" / name, b"intruder")
    found = verify(str(release))
    assert (found["status"], found["extra"]) == (1, [name])


def test_a_folder_is_compared_with_the_manifest_that_is_given(release: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(release / "public", copy)
    (copy / "fr/index.html.gz").unlink()
    assert verify(str(copy), "--manifest", str(release / "manifest.json"))["status"] == 0
    write(copy / "a.json", b"[]")
    found = verify(str(copy), "--manifest", str(release / "manifest.json"))
    assert (found["status"], found["changed"]) == (1, ["a.json"])


def test_a_release_is_compared_with_the_manifest_that_is_given(
    release: Path, releases: ReleaseTarget
) -> None:
    built(releases, page("/fr/", LONG), page("/a.json", "[]", media_type="application/json"))
    found = verify(str(releases.root / "current"), "--manifest", str(release / "manifest.json"))
    assert (found["status"], "a.json" in found["changed"]) == (1, True)


@pytest.mark.parametrize("place", ["https://vigie.example", "{release}"])
def test_a_key_and_a_manifest_contradict_each_other(release: Path, key: str, place: str) -> None:
    with pytest.raises(CommandError, match="Give one of them"):
        call_command(
            "verify_release",
            place.format(release=release),
            manifest=release / "manifest.json",
            public_key=signing.public_key(key),
        )


@pytest.mark.parametrize("options", [{}, {"public_key": "key"}])
def test_the_public_folder_of_a_release_leads_to_the_release(
    releases: ReleaseTarget, release: Path, options: dict[str, str]
) -> None:
    with pytest.raises(CommandError, match=rf"the public folder of a release.*Give {release}"):
        call_command("verify_release", str(releases.root / "current/public"), **options)


def test_a_release_is_said_to_be_unsigned_where_a_key_is_given(release: Path) -> None:
    with pytest.raises(CommandError, match=r"not signed: what a mirror carries is\. Leave --public-key out"):
        call_command("verify_release", str(release), public_key="key")


def test_a_folder_made_with_output_leads_to_its_manifest(tmp_path: Path) -> None:
    built(FolderTarget(tmp_path / "site"), page("/fr/"))
    manifest = tmp_path / "site.manifest.json"
    with pytest.raises(CommandError, match=f"Repeat with --manifest {manifest}"):
        call_command("verify_release", str(tmp_path / "site"))
    assert verify(str(tmp_path / "site"), "--manifest", str(manifest))["whole"]


def test_a_signed_mirror_is_whole(mirror: Path, key: str) -> None:
    found = verify(str(mirror), "--public-key", signing.public_key(key))
    assert (found["status"], found["whole"], found["signed"]) == (0, True, True)


def test_without_a_key_it_is_said_that_the_signature_was_not_checked(mirror: Path) -> None:
    out = StringIO()
    call_command("verify_release", str(mirror), stdout=out)
    assert "signature not checked" in out.getvalue()


def unsign(mirror: Path) -> None:
    (mirror / verification.CARRIED_SIGNATURE).unlink()


def sign_with_another_key(mirror: Path) -> None:
    content = (mirror / verification.CARRIED_MANIFEST).read_bytes()
    write(mirror / verification.CARRIED_SIGNATURE, signing.sign(content, signing.new_key()).encode())


def change_the_manifest(mirror: Path) -> None:
    manifest = mirror / verification.CARRIED_MANIFEST
    write(manifest, manifest.read_bytes().replace(b"2026", b"2027"))


def garble_the_signature(mirror: Path) -> None:
    write(mirror / verification.CARRIED_SIGNATURE, b"\xff not base64")


@pytest.mark.parametrize(
    "tamper",
    [unsign, sign_with_another_key, change_the_manifest, garble_the_signature],
    ids=lambda f: f.__name__,
)
def test_a_manifest_that_the_authority_did_not_sign_is_refused(mirror: Path, key: str, tamper: Any) -> None:
    tamper(mirror)
    with pytest.raises(CommandError, match="signed"):
        call_command("verify_release", str(mirror), public_key=signing.public_key(key))


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": "other"}', b"\xff"])
def test_what_is_no_manifest_is_refused(mirror: Path, content: bytes) -> None:
    write(mirror / verification.CARRIED_MANIFEST, content)
    with pytest.raises(CommandError, match="no manifest"):
        call_command("verify_release", str(mirror))


@pytest.mark.parametrize("key", ["", "short", "é", "A" * 44 + "=" * 3])
def test_a_key_that_is_none_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(signing.KeyUnusableError, match="44 signs"):
        signing.public_key(key)


def test_the_manifest_of_a_mirror_holds_nothing_but_what_is_public(release: Path) -> None:
    content = json.loads(verification.public_manifest(Manifest.load(release / "manifest.json")))
    assert content.keys() == {"format", "release", "made_at", "base_url", "redirects", "files"}
    assert all(entry.keys() == {"sha256", "size", "type"} for entry in content["files"].values())
    assert str(release) not in json.dumps(content)


def test_a_site_is_verified_by_its_address(mirror: Path, key: str) -> None:
    with serving(partial(Files, directory=str(mirror))) as address:
        whole = verify(address, "--public-key", signing.public_key(key))
        write(mirror / "fr/index.html", b"other")
        (mirror / "a.json").unlink()
        broken = verify(address)
    assert (whole["status"], whole["signed"], whole["complete"]) == (0, True, False)
    assert (broken["status"], broken["missing"], broken["changed"]) == (1, ["a.json"], ["fr/index.html"])


def test_an_origin_is_verified_against_the_manifest_of_its_release(release: Path) -> None:
    """It answers redirects before their pages."""

    class Redirecting(Files):
        def do_GET(self) -> None:
            if self.path != "/fr/vieux/":
                return super().do_GET()
            self.send_response(301)
            self.send_header("Location", "/fr/")
            self.end_headers()
            return None

    with serving(partial(Redirecting, directory=str(release / "public"))) as address:
        found = verify(address, "--manifest", str(release / "manifest.json"))
    assert (found["status"], found["whole"]) == (0, True)


def test_a_compressed_copy_that_is_older_than_its_page_is_found(mirror: Path) -> None:
    class Compressing(Files):
        def do_GET(self) -> None:
            copy = mirror / (self.path[1:] + "index.html.gz")
            if "gzip" not in self.headers["Accept-Encoding"] or not copy.exists():
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(copy.stat().st_size))
            self.end_headers()
            self.wfile.write(copy.read_bytes())
            return None

    write(mirror / "fr/index.html.gz", gzip.compress((mirror / "fr/index.html").read_bytes()))
    with serving(partial(Compressing, directory=str(mirror))) as address:
        assert verify(address)["whole"]
        write(mirror / "fr/index.html.gz", gzip.compress(b"older"))
        assert verify(address)["changed"] == ["fr/index.html"]


def test_a_server_that_compresses_what_is_asked_for_plain_is_understood(mirror: Path) -> None:
    class Compressing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = mirror / (self.path[1:] + ("index.html" if self.path.endswith("/") else ""))
            body = gzip.compress(path.read_bytes())
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with serving(Compressing) as address:
        assert verify(address)["whole"]


@pytest.mark.parametrize("place", ["http://127.0.0.1:9", "/nowhere", "ftp://vigie.example"])
def test_a_place_that_does_not_answer_is_named(place: str) -> None:
    with pytest.raises(CommandError, match=place.rstrip("/")):
        call_command("verify_release", place)


def test_a_site_without_a_manifest_cannot_be_verified(tmp_path: Path) -> None:
    with (
        serving(partial(Files, directory=str(tmp_path))) as address,
        pytest.raises(CommandError, match=r"no \.well-known"),
    ):
        call_command("verify_release", address)
