import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured

from generator import headers, making, signing, verification
from generator.checks import mirrors_and_key
from generator.documents import Attachment, Document, Redirect
from generator.manifest import Manifest
from generator.mirrors import sync
from generator.mirrors.places import parse, places
from generator.mirrors.stores import File, MirrorError, RsyncStore, S3Store, object_headers
from generator.mirrors.sync import ReleaseGoneError, Sent, YieldedError, phase, push
from generator.recording import attach
from generator.targets import ReleaseTarget
from generator.verification import CARRIED, CARRIED_MANIFEST, CARRIED_MAPS, CARRIED_SIGNATURE, PENDING

from .mirrors import (
    BUCKET,
    HOST,
    Dying,
    Killed,
    Mirror,
    Remembering,
    needs_rsync,
    rsync_mirror,
    s3_mirror,
    shell,
)
from .samples import built, page
from .test_verification import serving

pytestmark = pytest.mark.once

LONG = "<p>dossier</p>" * 99
FIRST = {"/fr/": LONG, "/fr/gone/": LONG, "/fr/same/": LONG, "/alerts/active.json": "[]", "/a.json": "{}"}
SECOND = {
    "/fr/": LONG + "2",
    "/fr/new/": LONG,
    "/fr/same/": LONG,
    "/alerts/active.json": "[1]",
    "/a.json": "{}",
}
THIRD = {"/fr/": LONG + "3", "/fr/gone/": LONG + "3", "/fr/same/": LONG, "/a.json": "{}"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """Object storage on loopback, with one empty bucket."""
    import boto3
    from botocore.loaders import create_loader
    from moto.server import ThreadedMotoServer

    with pytest.MonkeyPatch.context() as patch:
        # Each client reads the descriptions of Amazon's services, which takes longer than all it is asked to do here.
        loader = create_loader()
        patch.setattr("botocore.session.create_loader", lambda search_path=None: loader)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        client = boto3.client("s3", endpoint_url=address, region_name="eu-west-1")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield address
        server.stop()


@pytest.fixture(params=["s3", "rsync"])
def mirror(request: pytest.FixtureRequest, tmp_path: Path) -> Mirror:
    if request.param == "rsync":
        needs_rsync()
        return rsync_mirror(tmp_path)
    return s3_mirror(request.getfixturevalue("endpoint"), uuid4().hex)


def site(releases: ReleaseTarget, pages: dict[str, str]) -> Path:
    """A live release with these pages and data; its folder."""
    documents = [
        page(url, body, **({} if url.endswith("/") else {"media_type": "application/json"}))
        for url, body in pages.items()
    ]
    return releases.root / str(built(releases, *documents).release)


def pushed(store: Any, release: Path, **options: Any) -> Sent:
    return push(store, release, release.parent / ".mirroring-test", **options)


def public(release: Path) -> dict[str, bytes]:
    """What a mirror of the release should hold."""
    manifest = Manifest.load(release / "manifest.json")
    return {path: (release / "public" / path).read_bytes() for path in manifest.files}


def shown(mirror: Mirror) -> dict[str, bytes]:
    """What lies there but what says so."""
    return {path: body for path, body in mirror.content().items() if path not in CARRIED}


def test_an_empty_place_becomes_a_whole_mirror(releases: ReleaseTarget, mirror: Mirror) -> None:
    release = site(releases, FIRST)
    sent = pushed(mirror.store, release)
    assert shown(mirror) == public(release)
    assert (sent.release, sent.put, sent.deleted) == (release.name, len(public(release)), 0)
    assert not list(releases.root.glob(".mirroring-*"))


def test_a_mirror_carries_a_manifest_that_proves_it_whole(
    releases: ReleaseTarget, mirror: Mirror, tmp_path: Path
) -> None:
    key = signing.new_key()
    pushed(mirror.store, site(releases, FIRST), key=key)
    copy = tmp_path / "copy"
    for path, body in mirror.content().items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes(body)
    findings = verification.verify_mirror(copy, signing.public_key(key))
    assert findings.whole
    assert findings.signed


def test_only_what_changed_is_sent_and_what_is_gone_is_deleted(
    releases: ReleaseTarget, mirror: Mirror
) -> None:
    pushed(mirror.store, site(releases, FIRST))
    release = site(releases, SECOND)
    sent = pushed(mirror.store, release)
    assert (sent.put, sent.deleted) == (3, 1)
    assert shown(mirror) == public(release)


def test_nothing_is_written_when_the_release_is_there(releases: ReleaseTarget, mirror: Mirror) -> None:
    release = site(releases, FIRST)
    pushed(mirror.store, release)
    assert pushed(Dying(mirror.store, 0), release) == Sent(release.name, 0, 0, 0)


def test_without_a_key_an_old_signature_does_not_stay(releases: ReleaseTarget, mirror: Mirror) -> None:
    pushed(mirror.store, site(releases, FIRST), key=signing.new_key())
    pushed(mirror.store, site(releases, SECOND))
    assert CARRIED_SIGNATURE not in mirror.content()


@pytest.mark.parametrize("keys", [("", "one"), ("one", "other"), ("one", "")], ids=["new", "rotated", "gone"])
def test_another_key_signs_what_is_there_already(
    releases: ReleaseTarget, mirror: Mirror, keys: tuple[str, str]
) -> None:
    made = {"": "", "one": signing.new_key(), "other": signing.new_key()}
    before, after = (made[name] for name in keys)
    release = site(releases, FIRST)
    pushed(mirror.store, release, key=before)
    assert pushed(mirror.store, release, key=after) == Sent(release.name, 0, 0, 0)
    wanted = signing.sign(mirror.content()[CARRIED_MANIFEST], after).encode() if after else None
    assert mirror.content().get(CARRIED_SIGNATURE) == wanted
    assert pushed(Dying(mirror.store, 0), release, key=after) == Sent(release.name, 0, 0, 0)


@pytest.mark.parametrize("full", [False, True])
def test_nginx_has_its_maps_on_a_mirror_that_it_may_serve(
    releases: ReleaseTarget, mirror: Mirror, full: bool
) -> None:
    pushed(mirror.store, site(releases, FIRST))
    styled = page("/fr/", "<style>p{margin:0}</style>")
    redirect = Redirect("/fr/old/", "/fr/")
    release = releases.root / str(built(releases, styled, redirects=[redirect]).release)
    wanted = {path: (release / name).read_bytes() for name, path in CARRIED_MAPS.items()}
    assert all(wanted.values())
    for _run in range(2):
        pushed(mirror.store, release, full=full)
        maps = {path: body for path, body in mirror.content().items() if path.endswith(".map")}
        assert maps == (wanted if mirror.place.kind == "rsync" else {})
        # As on a mirror that an earlier version has written.
        mirror.store.delete(CARRIED_MAPS.values())


@pytest.mark.parametrize("left", [0, 1, 2, 3, 4, 5, 6])
def test_a_run_that_was_killed_is_completed_by_the_next(
    releases: ReleaseTarget, mirror: Mirror, left: int
) -> None:
    """Whatever it had sent: to the same release, and to one that has neither its new pages nor its changes."""
    first = site(releases, FIRST)
    pushed(mirror.store, first)
    second = site(releases, SECOND)
    with pytest.raises(Killed):
        pushed(Dying(mirror.store, left), second)
    third = site(releases, THIRD)
    pushed(mirror.store, third)
    assert shown(mirror) == public(third)
    assert not mirror.content().keys() & {CARRIED_SIGNATURE, PENDING}


def test_the_manifest_says_the_old_release_until_the_new_one_is_whole(
    releases: ReleaseTarget, mirror: Mirror
) -> None:
    first, second = site(releases, FIRST), site(releases, SECOND)
    pushed(mirror.store, first)
    with pytest.raises(Killed):
        pushed(Dying(mirror.store, 3), second)
    content = mirror.store.read(CARRIED_MANIFEST)
    assert content is not None
    assert verification.read_public_manifest(content).release == first.name


@pytest.mark.parametrize("lost", [CARRIED_MANIFEST, "fr/same/index.html"])
def test_a_full_run_believes_nothing(releases: ReleaseTarget, mirror: Mirror, lost: str) -> None:
    release = site(releases, FIRST)
    pushed(mirror.store, release)
    mirror.store.delete({lost})
    stray = releases.root / "stray.html"
    stray.write_text("stray")
    mirror.store.put(releases.root, [File("stray.html")])
    pushed(mirror.store, release, full=True)
    assert shown(mirror) == public(release)


def test_a_manifest_that_cannot_be_read_is_replaced(
    releases: ReleaseTarget, mirror: Mirror, tmp_path: Path
) -> None:
    release = site(releases, FIRST)
    (tmp_path / ".well-known").mkdir()
    (tmp_path / CARRIED_MANIFEST).write_text("{torn")
    mirror.store.put(tmp_path, [File(CARRIED_MANIFEST)])
    pushed(mirror.store, release)
    assert shown(mirror) == public(release)


def test_a_release_that_was_deleted_meanwhile_is_said_to_be_gone(
    releases: ReleaseTarget, mirror: Mirror
) -> None:
    release = site(releases, FIRST)
    (release / "public/fr/index.html").unlink()
    with pytest.raises(ReleaseGoneError):
        pushed(mirror.store, release)
    assert mirror.content() == {}


def test_alerts_go_first_pages_after_what_they_show_deletion_last(
    releases: ReleaseTarget, tmp_path: Path
) -> None:
    needs_rsync()
    store = rsync_mirror(tmp_path).store
    pushed(store, site(releases, {"/fr/gone/": LONG}))
    remembering = Remembering(store)
    pages = {
        "/fr/x/": LONG,
        "/fr/": f'<img src="/media/home.json">{LONG}',
        "/a.json": "{}",
        "/media/home.json": "{}",
        "/media/a%20b.json": "{}",
        "/fr/alertes/1/": f'<img src="/media/a%20b.json" alt="">{LONG}',
        "/alerts/active.json": "[]",
        "/static/site.0123456789ab.json": "{}",
    }
    pushed(remembering, site(releases, pages), key=signing.new_key())
    assert [path for path in remembering.written if path not in {"robots.txt", "sitemap.xml"}] == [
        PENDING,
        "alerts/active.json",
        "media/a b.json",
        "media/home.json",
        "static/site.0123456789ab.json",
        "fr/alertes/1/index.html",
        "fr/index.html",
        "a.json",
        "fr/x/index.html",
        *CARRIED_MAPS.values(),
        CARRIED_MANIFEST,
        CARRIED_SIGNATURE,
        "-fr/gone/index.html",
        f"-{PENDING}",
    ]


@pytest.mark.parametrize(
    ("path", "media_type", "number"),
    [
        ("alerts/cap/1.xml", "application/cap+xml", 0),
        ("static/css/site.0123456789ab.css", "text/css", 1),
        ("emergency-numbers.json", "application/json", 0),
        ("nl/waarschuwingen/index.html", "text/html; charset=utf-8", 2),
        ("fr/numeros-urgence/index.html", "text/html; charset=utf-8", 2),
        ("fr/alertes/1/index.html", "text/html; charset=utf-8", 2),
        ("index.html", "text/html", 3),
        ("nl/index.html", "text/html", 3),
        ("media/a.webp", "image/webp", 4),
        ("404.html", "text/html", 5),
        ("nl/x/index.html", "text/html", 5),
    ],
)
def test_each_file_has_its_place_in_the_order(path: str, media_type: str, number: int) -> None:
    assert phase(path, media_type) == number


ALERT = {**SECOND, "/alerts/active.json": "[1, 2]", "/nl/waarschuwingen/1/": LONG}


@pytest.mark.parametrize("batches", [1, 2])
def test_a_run_makes_way_for_a_newer_release_which_sends_nothing_twice(
    releases: ReleaseTarget, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(sync, "BATCH", 1)
    pushed(mirror.store, site(releases, FIRST))
    second, third = site(releases, SECOND), site(releases, ALERT)
    first_run, next_run = Remembering(mirror.store), Remembering(mirror.store)
    asked: list[str] = []

    def should_yield(sending: Manifest) -> bool:
        asked.append(sending.release)
        return len(asked) == batches

    with pytest.raises(YieldedError, match=second.name):
        pushed(first_run, second, should_yield=should_yield)
    assert asked == [second.name] * batches
    sent = [path for path in first_run.written if path not in CARRIED]
    assert sent == ["alerts/active.json", "fr/index.html"][:batches]
    pushed(next_run, third)
    following = [path for path in next_run.written if path not in CARRIED and not path.startswith("-.")]
    assert following[:2] == ["alerts/active.json", "nl/waarschuwingen/1/index.html"]
    assert not {*following} & {*sent} - {"alerts/active.json"}
    assert shown(mirror) == public(third)
    assert not mirror.content().keys() & {CARRIED_SIGNATURE, PENDING}


def test_what_was_sent_stays_known_however_often_a_run_makes_way(
    releases: ReleaseTarget, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole first copy takes long: it must come to its end though alerts change all the while."""
    monkeypatch.setattr(sync, "BATCH", 1)
    pages = {f"/fr/{number}/": LONG for number in range(6)}
    sent: list[str] = []
    for number in range(20):
        release = site(releases, {**pages, "/alerts/active.json": f"[{number}]"})
        remembering = Remembering(mirror.store)
        made_way = iter([False, True])
        try:
            pushed(remembering, release, should_yield=lambda _sending, answers=made_way: next(answers, True))
        except YieldedError:
            sent += remembering.written
        else:
            sent += remembering.written
            break
    assert shown(mirror) == public(release)
    assert all(sent.count(f"fr/{number}/index.html") == 1 for number in range(6))


def test_a_run_that_is_killed_after_it_made_way_is_completed_too(
    releases: ReleaseTarget, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "BATCH", 1)
    first = site(releases, FIRST)
    pushed(mirror.store, first)
    with pytest.raises(YieldedError):
        pushed(mirror.store, site(releases, SECOND), should_yield=lambda sending: True)
    with pytest.raises(Killed):
        pushed(Dying(mirror.store, 2), site(releases, ALERT))
    third = site(releases, THIRD)
    pushed(mirror.store, third)
    assert shown(mirror) == public(third)


# Object storage


def test_objects_have_the_headers_of_their_files(releases: ReleaseTarget, endpoint: str) -> None:
    mirror = s3_mirror(endpoint, uuid4().hex)
    french = {"Content-Language": "fr-BE"}
    built(
        releases,
        Document("/fr/", lambda: LONG, headers=french),
        Document("/a.json", lambda: "[" + "1," * 500 + "1]", media_type="application/json"),
    )
    pushed(mirror.store, releases.root / str(releases.current()))
    client = S3Store(mirror.place).client
    html, data = (
        client.head_object(Bucket=BUCKET, Key=f"{mirror.place.folder}/{name}")
        for name in ("fr/index.html", "a.json")
    )
    assert html["ContentType"] == "text/html; charset=utf-8"
    assert (html["CacheControl"], html["ContentLanguage"]) == (headers.URGENT, "fr-BE")
    assert html["ContentEncoding"] == "gzip"
    assert (data["ContentType"], data["CacheControl"]) == ("application/json", headers.ORDINARY)
    assert "ContentEncoding" not in data


def test_what_is_no_file_of_the_release_is_never_cached() -> None:
    assert object_headers(File(CARRIED_MANIFEST))["CacheControl"] == "no-store"


def test_storage_that_refuses_the_connection_is_named(releases: ReleaseTarget, endpoint: str) -> None:
    store = S3Store(parse("s3://vigie?endpoint_url=http://127.0.0.1:9&region_name=eu-west-1"))
    with pytest.raises(MirrorError, match=r"'vigie'.*127\.0\.0\.1:9"):
        pushed(store, site(releases, FIRST))


def test_wrong_credentials_are_told_in_the_storages_words(releases: ReleaseTarget, endpoint: str) -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<Error><Code>InvalidAccessKeyId</Code><Message>No such key</Message></Error>"
            self.send_response(403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with serving(Refusing) as address:
        store = S3Store(parse(f"s3://vigie?endpoint_url={address}&region_name=eu-west-1"))
        with pytest.raises(MirrorError, match=r"InvalidAccessKeyId.*No such key"):
            pushed(store, site(releases, FIRST))


def test_missing_credentials_are_told(
    releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    store = S3Store(parse(f"s3://vigie?endpoint_url={endpoint}&region_name=eu-west-1"))
    with pytest.raises(MirrorError, match="credentials"):
        pushed(store, site(releases, FIRST))


def test_a_bucket_that_is_not_there_is_named(releases: ReleaseTarget, endpoint: str) -> None:
    store = S3Store(parse(f"s3://absent?endpoint_url={endpoint}&region_name=eu-west-1"))
    with pytest.raises(MirrorError, match=r"'absent'.*NoSuchBucket"):
        pushed(store, site(releases, FIRST))


# rsync


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (
            "echo 'ssh: connect to host mirror.example port 22: Connection refused' >&2; exit 255",
            "Connection refused",
        ),
        ("echo 'vigie@mirror.example: Permission denied (publickey).' >&2; exit 255", "Permission denied"),
        ("ulimit -f 0", "File too large|error in file IO|connection unexpectedly closed"),
    ],
    ids=["refused", "credentials", "full"],
)
def test_a_side_that_cannot_take_files_is_told_and_completed_later(
    releases: ReleaseTarget, tmp_path: Path, before: str, told: str
) -> None:
    needs_rsync()
    release = site(releases, FIRST)
    mirror = rsync_mirror(tmp_path, before)
    with pytest.raises(MirrorError, match=told):
        pushed(mirror.store, release)
    shell(tmp_path)
    pushed(mirror.store, release)
    assert shown(mirror) == public(release)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_disk_is_told_and_the_mirror_completed_once_there_is_room(
    releases: ReleaseTarget, tmp_path: Path
) -> None:
    needs_rsync()
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
        text=True,
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        store = RsyncStore(parse(f"rsync://{disk}/site"))
        pushed(store, site(releases, FIRST))
        large = site(releases, {**FIRST, "/b.json": "[" + "7," * 200_000 + "7]"})
        with pytest.raises(MirrorError, match="No space left on device"):
            pushed(store, large)
        live = (disk / "site/fr/index.html").read_text()
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        pushed(store, large)
        assert live == LONG
        assert verification.verify_mirror(disk / "site").whole
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_file_of_the_same_size_and_second_is_sent(releases: ReleaseTarget, tmp_path: Path) -> None:
    needs_rsync()
    mirror = rsync_mirror(tmp_path)
    first = site(releases, {"/fr/": "12:03:04"})
    second = site(releases, {"/fr/": "12:03:05"})
    for release in (first, second):
        os.utime(release / "public/fr/index.html", (1_000_000_000, 1_000_000_000))
    pushed(mirror.store, first)
    pushed(mirror.store, second)
    assert shown(mirror)["fr/index.html"] == b"12:03:05"


def test_compressed_copies_come_and_go_with_their_files(releases: ReleaseTarget, tmp_path: Path) -> None:
    needs_rsync()
    folder = tmp_path / "folder"
    store = RsyncStore(parse(f"rsync://{folder}"))
    pushed(store, site(releases, {"/fr/gone/": LONG}))
    assert (folder / "fr/gone/index.html.gz").is_file()
    pushed(store, site(releases, {"/fr/": LONG}))
    assert not (folder / "fr/gone/index.html.gz").exists()
    assert (folder / "fr/index.html.br").is_file()


def without_brotli(releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch, pages: dict[str, str]) -> Path:
    """A release that changes so much at once that it makes no brotli copies."""
    monkeypatch.setattr(making, "LITTLE", 0)
    release = site(releases, pages)
    assert not list(release.glob("public/fr/**/*.br"))
    return release


ALERT_ON_ALL = {"/fr/": LONG + "alert", "/fr/same/": LONG + "alert"}


def test_a_copy_that_the_new_release_does_not_have_goes(
    releases: ReleaseTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Browsers that take brotli would be sent the page of the release before, without the alert."""
    needs_rsync()
    folder = tmp_path / "folder"
    store = RsyncStore(parse(f"rsync://{folder}"))
    pushed(store, site(releases, FIRST))
    assert (folder / "fr/index.html.br").is_file()
    pushed(store, without_brotli(releases, monkeypatch, ALERT_ON_ALL))
    assert verification.verify_mirror(folder).whole
    assert not list(folder.glob("fr/**/*.br"))


@pytest.mark.parametrize("runs", [0, 1])
def test_no_copy_is_older_than_its_file_when_a_run_is_killed_in_between(
    releases: ReleaseTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: int
) -> None:
    needs_rsync()
    folder = tmp_path / "folder"
    store = RsyncStore(parse(f"rsync://{folder}"))
    pushed(store, site(releases, FIRST))
    release = without_brotli(releases, monkeypatch, ALERT_ON_ALL)
    left = iter(range(runs))
    whole_run = RsyncStore._run

    def run(self: RsyncStore, arguments: Any, names: Any = ()) -> str:
        listed = list(names)
        if any(name.startswith("fr/index.html") for name in listed) and next(left, None) is None:
            raise Killed
        return whole_run(self, arguments, listed)

    with monkeypatch.context() as patch:
        patch.setattr(RsyncStore, "_run", run)
        with pytest.raises(Killed):
            pushed(store, release)
    assert (folder / "fr/index.html").read_text() == LONG
    assert (folder / "fr/index.html.br").exists() == (not runs)
    pushed(store, release)
    assert verification.verify_mirror(folder).whole
    assert not list(folder.glob("fr/**/*.br"))


def test_a_full_run_deletes_copies_that_the_release_does_not_name(
    releases: ReleaseTarget, tmp_path: Path
) -> None:
    needs_rsync()
    folder = tmp_path / "folder"
    store = RsyncStore(parse(f"rsync://{folder}"))
    release = site(releases, FIRST)
    pushed(store, release)
    (folder / "a.json.br").write_bytes(b"stale")
    (folder / "fr/gone/index.html").unlink()
    pushed(store, release, full=True)
    assert verification.verify_mirror(folder).whole
    assert not (folder / "a.json.br").exists()
    assert (folder / "fr/gone/index.html.br").is_file()


def test_a_download_that_is_named_like_a_copy_stays(releases: ReleaseTarget, tmp_path: Path) -> None:
    needs_rsync()
    folder = tmp_path / "folder"
    store = RsyncStore(parse(f"rsync://{folder}"))
    for report in (b"1", b"2"):

        def render(report: bytes = report) -> str:
            for name, content in {"report.pdf": report, "report.pdf.gz": b"a download"}.items():
                attach(Attachment(f"/media/{name}", partial(io.BytesIO, content), "application/pdf"))
            return LONG

        pushed(store, releases.root / str(built(releases, Document("/fr/", render)).release))
    assert (folder / "media/report.pdf").read_bytes() == b"2"
    assert (folder / "media/report.pdf.gz").read_bytes() == b"a download"


KILLED = """
import sys
import django
from django.conf import settings
settings.configure(LANGUAGES=[("fr", "French"), ("nl", "Dutch")], LANGUAGE_CODE="fr", USE_TZ=True)
django.setup()
from pathlib import Path
from generator.mirrors.places import parse
from generator.mirrors.stores import RsyncStore
from generator.mirrors.sync import push
print("ready", flush=True)
release = Path(sys.argv[2])
push(RsyncStore(parse(sys.argv[1])), release, release.parent / ".mirroring-test")
"""


def test_a_process_that_is_killed_at_any_moment_leaves_a_mirror_that_the_next_completes(
    releases: ReleaseTarget, tmp_path: Path
) -> None:
    needs_rsync()
    folder = tmp_path / "folder"
    place = f"rsync://{HOST}{folder}?ssh={shell(tmp_path, 'sleep 0.05')}"
    pushed(RsyncStore(parse(place)), site(releases, FIRST))
    release = site(releases, SECOND)
    for moment in (0.05, 0.3, 0.6, 0.9):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, place, str(release)],
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert process.stdout
        process.stdout.readline()
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    pushed(RsyncStore(parse(place)), release)
    assert verification.verify_mirror(folder).whole


# Addresses


@pytest.mark.parametrize(
    ("address", "name", "host", "port", "folder"),
    [
        ("s3://bucket", "bucket", "bucket", None, ""),
        ("s3://bucket/a/b/?name=paris", "paris", "bucket", None, "a/b"),
        (
            "rsync://vigie@mirror.example:2222/srv/www",
            "mirror.example",
            "vigie@mirror.example",
            2222,
            "/srv/www",
        ),
        ("rsync:///mnt/copy%20one/vigie", "vigie", "", None, "/mnt/copy one/vigie"),
    ],
)
def test_an_address_says_where_a_mirror_is(
    address: str, name: str, host: str, port: Any, folder: str
) -> None:
    place = parse(address)
    assert (place.name, place.host, place.port, place.folder) == (name, host, port, folder)


@pytest.mark.parametrize(
    "address", ["s3://bucket/folder", "rsync://vigie@mirror.example:2222/srv/vigie", "rsync:///mnt/copy"]
)
def test_an_address_is_told_as_it_was_given(address: str) -> None:
    assert str(parse(address)) == address


@pytest.mark.parametrize(
    "address",
    [
        "ftp://x/y",
        "s3:///folder",
        "rsync://host",
        "rsync://me:secret@host/srv",
        "s3://bucket?nme=x",
        "s3://bucket?name=Ÿ",
        "rsync://host:port/srv",
    ],
)
def test_an_address_that_is_none_is_refused_without_its_secrets(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MIRRORS") as refusal:
        parse(address)
    assert "secret" not in str(refusal.value)


def test_two_mirrors_of_one_name_are_refused(settings: Any) -> None:
    settings.VIGIE_MIRRORS = "s3://one\ns3://one/folder"
    with pytest.raises(ImproperlyConfigured, match="'one'"):
        places()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("VIGIE_MIRRORS", "ftp://x", "generator.E001"), ("RELEASE_SIGNING_KEY", "short", "generator.E002")],
)
def test_a_setting_that_cannot_be_used_fails_the_checks(
    settings: Any, name: str, value: str, code: str
) -> None:
    assert mirrors_and_key(None) == []
    setattr(settings, name, value)
    [error] = mirrors_and_key(None)
    assert error.id == code
