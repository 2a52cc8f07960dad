import contextlib
import gzip
import hashlib
import re
import shutil
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from generator import headers
from generator.build import build
from generator.documents import HTML, Attachment, Document, Redirect
from generator.mirrors.places import parse
from generator.mirrors.stores import RsyncStore
from generator.mirrors.sync import push
from generator.recording import attach
from generator.registry import Registry
from generator.targets import ReleaseTarget
from generator.verification import verify_mirror
from tests.deploy import nginx
from tests.generator.mirrors import needs_rsync

pytestmark = pytest.mark.once

LONG = "<p>" + "Numéros d’urgence. " * 60 + "</p>"
MAINTENANCE = "<style>p{margin:0}</style><p>maintenance</p>"
LONGEST = "/fr/" + ("é" * 124 + "/") * 2
"""Some 255 characters, the most that a redirect of the CMS has, and twice as many bytes."""
ASSET = "/static/css/vigie.0123456789ab.css"


def released(folder: Path) -> ReleaseTarget:
    """A small site with one file of each kind."""

    def with_asset() -> str:
        attach(Attachment(ASSET, lambda: BytesIO(b"a{color:red}" * 90), "text/css; charset=utf-8"))
        attach(Attachment("/media/images/a.avif", lambda: BytesIO(b"picture"), "image/avif"))
        return LONG

    french, dutch = {"Content-Language": "fr-BE"}, {"Content-Language": "nl-BE"}
    both = {"Content-Language": "fr-BE, nl-BE"}
    documents = [
        Document("/", lambda: "<style>p{margin:0}</style>" + LONG, headers=both),
        Document("/fr/", with_asset, headers=french),
        Document("/nl/", lambda: LONG, headers=dutch),
        Document("/fr/missions/", lambda: LONG, headers=french),
        Document("/fr/alertes/", lambda: LONG, headers=french),
        Document("/404.html", lambda: "<style>p{margin:0}</style><p>introuvable</p>", headers=both),
        Document("/500.html", lambda: "<style>p{margin:0}</style><p>erreur</p>", headers=both),
        Document("/maintenance.html", lambda: MAINTENANCE, headers=both),
        Document("/alerts/active.json", lambda: "[]", media_type="application/json"),
        Document("/alerts/active.schema.json", lambda: "{}", media_type="application/schema+json"),
        Document("/emergency-numbers.vcf", lambda: "BEGIN:VCARD", media_type="text/vcard; charset=utf-8"),
        Document("/alerts/cap/a.1.xml", lambda: "<alert/>", media_type="application/cap+xml"),
        Document(
            "/fr/news.atom",
            lambda: "<feed/>",
            media_type="application/atom+xml; charset=utf-8",
            headers=french,
        ),
        Document("/sw.js", lambda: "self", media_type="text/javascript; charset=utf-8"),
    ]
    registry = Registry()
    registry.documents("site")(lambda context: documents)
    registry.redirects("site")(
        lambda context: [
            Redirect("/fr/ancienne/", "/fr/missions/"),
            Redirect("/fr/ancienne/feed.atom", "/fr/missions/feed.atom"),
            Redirect("/fr/ancienne/index.json", "/fr/missions/index.json"),
            Redirect("/fr/déjà vu/", "/fr/missions/"),
            Redirect(LONGEST, "/fr/missions/"),
            Redirect("/nl/ailleurs/", "https://other.example/?a=b"),
            # But for capitals the address of a page, and that of another redirect.
            Redirect("/fr/Missions/", "/fr/missions/"),
            Redirect("/fr/Vieux.(a)+$ é", "/fr/missions/"),
            Redirect("/fr/vieux.(a)+$ é", "/"),
        ]
    )
    target = ReleaseTarget(folder)
    result = build(target, registry=registry, base_url="https://vigie.example")
    assert not result.failures
    return target


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def release(folder: Path) -> ReleaseTarget:
    return released(folder / "releases")


@pytest.fixture(scope="module")
def server(folder: Path, release: ReleaseTarget) -> Iterator[nginx.Server]:
    admin = folder / "var" / "static" / "wagtailadmin" / "core.0123456789ab.css"
    admin.parent.mkdir(parents=True)
    admin.write_text("admin{}")
    with nginx.serving(folder / "nginx", release.root, folder / "var") as server:
        yield server


class Cms(BaseHTTPRequestHandler):
    """Answers every request with what the proxy sent, under headers of its own."""

    def do_GET(self) -> None:
        status = 503 if self.path == "/cms/busy/" else 200
        body = repr(dict(self.headers.items())).encode()
        self.send_response(status)
        self.send_header("Cache-Control", "private")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def cms(server: nginx.Server) -> Iterator[None]:
    """The CMS, up."""
    backend = ThreadingHTTPServer((nginx.HOST, server.cms_port), Cms)
    thread = threading.Thread(target=backend.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        backend.shutdown()
        backend.server_close()
        thread.join()


def test_every_file_has_the_headers_that_the_generator_asks_for(
    server: nginx.Server, release: ReleaseTarget
) -> None:
    assert not nginx.header_differences(server, release.root / "current" / "manifest.json")


@pytest.mark.parametrize("url", ["/", "/nowhere/", "/cms/"])
def test_the_style_sheet_inside_a_page_is_allowed_by_its_hash_alone(server: nginx.Server, url: str) -> None:
    answer = server.ask(url)
    styles = re.findall(rb"<style>(.*?)</style>", answer.body)
    digest = b64encode(hashlib.sha256(styles[0]).digest()).decode()
    assert answer.headers["content-security-policy"].endswith(f"style-src 'self' 'sha256-{digest}'")


@pytest.mark.parametrize("url", ["/fr/missions/", "/alerts/active.json", ASSET])
def test_data_and_pages_are_told_apart(server: nginx.Server, url: str) -> None:
    answer = server.ask(url)
    is_page = url.endswith("/")
    assert ("content-security-policy" in answer.headers) is is_page
    assert ("access-control-allow-origin" in answer.headers) is not is_page


def test_a_page_goes_out_compressed_as_it_was_built(server: nginx.Server) -> None:
    answer = server.ask("/fr/missions/", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.body).decode() == LONG


@pytest.mark.skipif(not nginx.BROTLI.exists(), reason="nginx has no brotli module here")
def test_brotli_is_preferred_where_the_module_is_there(server: nginx.Server) -> None:
    assert server.ask("/fr/missions/", Accept_Encoding="gzip, br").headers["content-encoding"] == "br"


def test_a_copy_that_is_still_good_costs_no_body(server: nginx.Server) -> None:
    tag = server.ask("/fr/").headers["etag"]
    answer = server.ask("/fr/", If_None_Match=tag)
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["cache-control"] == headers.URGENT


@pytest.mark.parametrize("url", ["/fr/nulle-part/", "/nl/x", "/static/absent.css", "/alerts/"])
def test_an_unknown_address_gets_the_404_page_for_ten_seconds(server: nginx.Server, url: str) -> None:
    answer = server.ask(url)
    assert answer.status == 404
    assert "introuvable" in answer.body.decode()
    assert answer.headers["cache-control"] == headers.MISSING
    assert answer.headers["content-type"] == HTML


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("/fr/ancienne/", "/fr/missions/"),
        ("/fr/ancienne", "/fr/missions/"),
        ("/fr/d%C3%A9j%C3%A0%20vu/", "/fr/missions/"),
        ("/fr/ancienne/?a=1", "/fr/missions/?a=1"),
        (quote(LONGEST), "/fr/missions/"),
        ("/fr/ancienne/feed.atom", "/fr/missions/feed.atom"),
        ("/fr/ancienne/index.json?a=1", "/fr/missions/index.json?a=1"),
        ("/nl/ailleurs/?c=d", "https://other.example/?a=b"),
        ("/fr/Missions", "/fr/missions/"),
        ("/fr/Missions/", "/fr/missions/"),
        (quote("/fr/Vieux.(a)+$ é"), "/fr/missions/"),
        (quote("/fr/vieux.(a)+$ é/"), "/"),
        ("/fr/missions", "/fr/missions/"),
        ("/fr/missions?a=1", "/fr/missions/?a=1"),
        ("/fr/missions/index.html", "/fr/missions/"),
        ("/index.html?a=1", "/?a=1"),
    ],
)
def test_what_has_moved_is_found(server: nginx.Server, url: str, target: str) -> None:
    answer = server.ask(url)
    assert (answer.status, answer.headers["location"]) == (301, target)
    assert answer.headers["access-control-allow-origin"] == "*"


def test_no_redirect_hides_a_page_that_differs_in_capitals(server: nginx.Server) -> None:
    assert server.ask("/fr/missions/").status == 200
    assert server.ask("/fr/MISSIONS/").status == 404


@pytest.mark.parametrize(
    "url", ["//other.example/index.html", "/\\other.example/index.html", "//other.example/.."]
)
def test_no_address_leads_to_a_foreign_host(server: nginx.Server, url: str) -> None:
    location = server.ask(url).headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "url", ["/manifest.json", "/../manifest.json", "/%2e%2e/manifest.json", "/redirects.map"]
)
def test_what_lies_beside_the_public_folder_is_not_served(server: nginx.Server, url: str) -> None:
    assert server.ask(url).status in {400, 404}


def test_a_compressed_copy_has_no_address(server: nginx.Server) -> None:
    assert server.ask("/fr/missions/index.html.gz").status == 404


def test_a_public_file_cannot_be_posted_to(server: nginx.Server) -> None:
    assert server.ask("/fr/missions/", "POST").status == 405


def test_the_admins_assets_come_from_collectstatic(server: nginx.Server) -> None:
    answer = server.ask("/static/wagtailadmin/core.0123456789ab.css")
    assert (answer.body, answer.headers["cache-control"]) == (b"admin{}", headers.IMMUTABLE)


@pytest.mark.parametrize("prefix", sorted({*settings.VIGIE_DYNAMIC_PREFIXES} - {"/static/"}))
def test_what_django_answers_reaches_it(server: nginx.Server, prefix: str) -> None:
    with cms(server):
        answer = server.ask(f"{prefix}x", X_Forwarded_For="192.0.2.1", X_Forwarded_Proto="http")
    assert answer.status == 200
    seen = answer.body.decode()
    assert "'X-Forwarded-Proto': 'https'" in seen
    assert "'X-Forwarded-For': '127.0.0.1'" in seen
    assert "'Host': 'vigie.example'" in seen
    assert answer.headers["cache-control"] == "private"
    assert answer.headers["x-robots-tag"] == "noindex"


def test_without_the_cms_editors_are_told_and_the_site_stays(server: nginx.Server) -> None:
    answer = server.ask("/cms/")
    assert (answer.status, answer.body) == (503, MAINTENANCE.encode())
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["retry-after"] == "60"
    assert server.ask("/fr/").status == 200


def test_what_the_cms_itself_answers_passes(server: nginx.Server) -> None:
    with cms(server):
        answer = server.ask("/cms/busy/")
    assert answer.status == 503
    assert b"maintenance" not in answer.body


def test_guessing_passwords_is_slowed_down(server: nginx.Server) -> None:
    with cms(server):
        statuses = [server.ask("/cms/login/", "POST").status for _attempt in range(12)]
        assert server.ask("/cms/login/").status == 200
    assert statuses[:6] == [200] * 6
    assert 429 in statuses[6:]


def test_guessing_tokens_is_slowed_down_and_takes_little(server: nginx.Server) -> None:
    with cms(server):
        assert server.ask("/api/cap/", "POST", Content_Length="3000000").status == 413
        statuses = [server.ask("/api/cap/", "POST").status for _attempt in range(40)]
        assert server.ask("/api/x").status == 200
    assert statuses[:20] == [200] * 20
    assert 429 in statuses


def test_subscribing_is_slowed_down_and_takes_little(server: nginx.Server) -> None:
    url = "/alerts/push/subscriptions/"
    with cms(server):
        assert server.ask(url, "POST", Content_Length="9000").status == 413
        statuses = [server.ask(url, "POST").status for _attempt in range(20)]
    assert statuses[0] == 200
    assert 429 in statuses


def test_a_new_release_is_served_at_once(folder: Path) -> None:
    target = released(folder / "switched")
    first = target.current()
    assert first
    with nginx.serving(folder / "second", target.root, folder / "var") as server:
        assert server.ask("/fr/").status == 200
        registry = Registry()
        registry.documents("site")(lambda context: [Document("/fr/", lambda: "<p>new</p>")])
        build(target, registry=registry)
        assert server.ask("/fr/").body == b"<p>new</p>"
        target.activate(first)
        assert server.ask("/fr/").body == LONG.encode()


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_no_copy_of_an_older_release_is_taken_for_the_new_one(folder: Path, encoding: str) -> None:
    target = ReleaseTarget(folder / f"followed-{encoding}")
    with nginx.serving(folder / f"followed-by-{encoding}", target.root, folder / "var") as server:
        tag = ""
        for number in range(10):
            registry = Registry()
            registry.documents("site")(
                lambda context, number=number: [Document("/fr/", lambda: f"{number}" * 60)]
            )
            build(target, registry=registry)
            answer = server.ask("/fr/", Accept_Encoding=encoding, If_None_Match=tag)
            assert answer.status == 200
            tag = answer.headers["etag"]


def test_a_mirror_behind_rsync_answers_as_the_site_does(folder: Path, release: ReleaseTarget) -> None:
    needs_rsync()
    mirror, live = folder / "mirror", release.root / str(release.current())
    push(RsyncStore(parse(f"rsync://{mirror}")), live, release.root / ".mirroring-test")
    with nginx.serving(folder / "nginx-of-a-mirror", mirror, folder / "var", is_mirror=True) as server:
        assert not nginx.header_differences(server, live / "manifest.json")
        answer = server.ask("/fr/ancienne/")
        assert (answer.status, answer.headers["location"]) == (301, "/fr/missions/")
        assert "style-src 'self' 'sha256-" in server.ask("/").headers["content-security-policy"]
    assert verify_mirror(mirror).whole


def test_it_starts_before_the_first_release(folder: Path) -> None:
    with nginx.serving(folder / "third", folder / "none", folder / "var") as server:
        assert server.ask("/fr/").status == 404


def test_plain_http_leads_to_https(server: nginx.Server) -> None:
    answer = server.ask("/fr/?a=1", plain=True)
    assert (answer.status, answer.headers["location"]) == (301, "https://vigie.example/fr/?a=1")


def test_the_file_as_shipped_is_valid_with_a_certificate(folder: Path) -> None:
    command, openssl = nginx.executable(), shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is missing")
    home = folder / "tls"
    home.mkdir()
    key, certificate = home / "key.pem", home / "certificate.pem"
    options = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=vigie.example"
    )
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([openssl, *options.split(), *files], check=True, capture_output=True)
    text = nginx.CONFIGURATION.read_text(encoding="utf-8")
    text = re.sub(r"/etc/letsencrypt/\S+/fullchain\.pem", str(certificate), text)
    text = re.sub(r"/etc/letsencrypt/\S+/privkey\.pem", str(key), text)
    text = re.sub(
        r"listen (\[::\]:)?(80|443)", lambda match: f"listen {match[1] or ''}{nginx.free_port()}", text
    )
    configuration = home / "nginx.conf"
    configuration.write_text(f"pid {home / 'pid'};\nevents {{}}\nhttp {{\naccess_log off;\n{text}}}\n")
    tested = subprocess.run(
        [command, "-t", "-p", str(home), "-e", str(home / "error.log"), "-c", str(configuration)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert tested.returncode == 0, tested.stderr
