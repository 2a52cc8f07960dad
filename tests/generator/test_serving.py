import gzip
import threading
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from generator import headers
from generator.documents import Document, Redirect
from generator.recording import attach
from generator.serving import ReleaseMiddleware
from generator.targets import ReleaseTarget

from .samples import built, in_memory, page

pytestmark = pytest.mark.once

PROSE = "<p>prévention et sécurité</p>" * 100


class Site:
    """The middleware in front of a Django that says so."""

    def __init__(self) -> None:
        self.middleware = ReleaseMiddleware(lambda request: HttpResponse("from Django"))

    def __call__(self, url: str, method: str = "GET", **sent: str) -> Any:
        response = self.middleware(RequestFactory().generic(method, url, headers=sent))
        if response.streaming:
            body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
            for close in response._resource_closers:
                close()
            response.body = body  # type: ignore[attr-defined]
        else:
            response.body = response.content  # type: ignore[attr-defined]
        return response


@pytest.fixture
def releases(tmp_path: Path, settings: Any) -> ReleaseTarget:
    settings.VIGIE_RELEASES_ROOT = tmp_path / "releases"
    settings.VIGIE_DYNAMIC_PREFIXES = ("/cms/", "/health/", "/static/")
    return ReleaseTarget(tmp_path / "releases", kept=2)


@pytest.fixture
def get(releases: ReleaseTarget) -> Callable[..., Any]:
    return Site()


def test_a_url_is_answered_from_the_live_release(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/missions/", PROSE))
    response = get("/fr/missions/")
    assert response.status_code == HTTPStatus.OK
    assert response.body.decode() == PROSE
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert response["Content-Length"] == str(len(PROSE.encode()))


def test_the_root_is_answered(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/", "choose"))
    assert get("/").body == b"choose"


def test_a_new_release_is_seen_at_the_next_request(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/", "old"))
    assert get("/fr/").body == b"old"
    built(releases, page("/fr/", "new"))
    assert get("/fr/").body == b"new"


def test_a_url_with_accents_is_answered_however_it_is_written(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/été/", "x"))
    assert get("/fr/%C3%A9t%C3%A9/").status_code == HTTPStatus.OK


def test_a_browser_that_can_gets_the_compressed_file(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/", PROSE))
    response = get("/fr/", **{"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding"
    assert gzip.decompress(response.body).decode() == PROSE
    assert get("/fr/", **{"Accept-Encoding": "gzip, br"})["Content-Encoding"] == "br"


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*"])
def test_an_unchanged_page_costs_no_bytes(releases: ReleaseTarget, get: Site, form: str) -> None:
    built(releases, page("/fr/", PROSE))
    etag = get("/fr/")["ETag"]
    response = get("/fr/", **{"If-None-Match": form.format(etag)})
    assert response.status_code == HTTPStatus.NOT_MODIFIED
    assert response["ETag"] == etag
    assert response["Cache-Control"] == headers.URGENT
    assert response.body == b""


def test_the_etag_changes_with_the_content_and_only_then(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/", "one"), page("/nl/", "same"))
    before = get("/fr/")["ETag"], get("/nl/")["ETag"]
    built(releases, page("/fr/", "two"), page("/nl/", "same"))
    assert get("/fr/")["ETag"] != before[0]
    assert get("/nl/")["ETag"] == before[1]


def test_a_date_is_a_validator_too(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/", PROSE))
    modified = get("/fr/")["Last-Modified"]
    assert get("/fr/", **{"If-Modified-Since": modified}).status_code == HTTPStatus.NOT_MODIFIED


def test_a_part_of_a_file_may_be_asked_for(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/a.pdf", b"0123456789", media_type="application/pdf"))
    response = get("/a.pdf", Range="bytes=2-4")
    assert response.status_code == HTTPStatus.PARTIAL_CONTENT
    assert response.body == b"234"


def test_a_part_of_a_file_that_may_have_changed_is_the_whole_file(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/a.pdf", b"0123456789", media_type="application/pdf"))
    response = get("/a.pdf", **{"Range": "bytes=2-4", "If-Range": get("/a.pdf")["ETag"]})
    assert (response.status_code, response.body) == (HTTPStatus.OK, b"0123456789")


def test_head_has_headers_and_no_body(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/", PROSE))
    response = get("/fr/", "HEAD")
    assert response["Content-Length"] == str(len(PROSE.encode()))
    assert response.body == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("url", ["/fr/", "/fr", "/nothing/"])
def test_public_urls_are_only_read(releases: ReleaseTarget, get: Site, method: str, url: str) -> None:
    built(releases, page("/fr/"))
    response = get(url, method)
    assert response.status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("url", ["/cms/", "/cms", "/cms/pages/3/", "/health/live", "/static/admin.css"])
def test_the_paths_of_the_application_reach_it(releases: ReleaseTarget, get: Site, url: str) -> None:
    built(releases, page("/fr/"))
    assert get(url, "POST").body == b"from Django"


def test_a_path_that_only_begins_alike_is_public(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/cmsx/", "public"))
    assert get("/cmsx/").body == b"public"


def test_an_asset_of_the_release_outlives_a_deployment(releases: ReleaseTarget, get: Site) -> None:
    style = in_memory("/static/css/vigie.0123456789ab.css", b"a{}", "text/css")
    built(releases, Document("/fr/", lambda: attach(style) or ""))
    response = get(style.url)
    assert response.body == b"a{}"
    assert response["Cache-Control"] == headers.IMMUTABLE


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("/fr/missions", "/fr/missions/"),
        ("/fr/missions?a=1", "/fr/missions/?a=1"),
        ("/fr/missions/index.html", "/fr/missions/"),
        ("/fr/vieux/", "/fr/missions/"),
        ("/fr/vieux", "/fr/missions/"),
        ("/plan.pdf?v=2", "https://else.example/%C3%A9?v=2"),
        ("/fr/vieux/feed.atom", "/fr/missions/feed.atom"),
    ],
)
def test_what_moved_is_told_for_good(releases: ReleaseTarget, get: Site, url: str, location: str) -> None:
    moved = [Redirect("/fr/vieux", "/fr/missions/"), Redirect("/plan.pdf", "https://else.example/é")]
    moved += [Redirect("/fr/vieux/feed.atom", "/fr/missions/feed.atom")]
    built(releases, page("/fr/missions/"), redirects=moved)
    response = get(url)
    assert response.status_code == HTTPStatus.MOVED_PERMANENTLY
    assert response["Location"] == location
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "url", ["//evil.example/", "/..//etc/passwd", "/fr/../../manifest.json", "/manifest.json", "/fr/\x00"]
)
def test_nothing_outside_the_public_files_is_answered(releases: ReleaseTarget, get: Site, url: str) -> None:
    built(releases, page("/fr/"))
    assert get(url).status_code == HTTPStatus.NOT_FOUND


def test_an_unknown_url_gets_the_page_for_that_in_its_language(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/404.html", "both"), page("/nl/404.html", "niet gevonden"))
    for url, body in (("/nl/x/", b"niet gevonden"), ("/x/", b"both")):
        response = get(url)
        assert response.status_code == HTTPStatus.NOT_FOUND
        assert response.body == body
        assert response["Cache-Control"] == "public, max-age=10"
        assert "Content-Security-Policy" in response


def test_a_styled_page_for_unknown_urls_may_use_its_style(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/404.html", "<style>a{}</style>"))
    assert "style-src 'self' 'sha256-" in get("/x/")["Content-Security-Policy"]


def test_an_unknown_url_is_answered_also_without_a_page_for_that(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/"))
    response = get("/fr/x/")
    assert response.status_code == HTTPStatus.NOT_FOUND
    assert b'href="/"' in response.body


def test_before_the_first_release_the_site_says_so_in_both_languages(get: Site) -> None:
    response = get("/nl/")
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert response["Retry-After"] == "5"
    assert response["Cache-Control"] == "no-store"
    assert b'<div lang="nl-BE">' in response.body
    assert b'<div lang="fr-BE">' in response.body
    assert b'<html lang="nl-BE">' in response.body
    assert b'href="tel:112"' in response.body


def test_before_the_first_release_the_application_answers(get: Site) -> None:
    assert get("/cms/").body == b"from Django"


def test_a_documents_own_headers_go_out(releases: ReleaseTarget, get: Site) -> None:
    worker = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    built(releases, page("/sw.js", "1", media_type="text/javascript", headers=worker))
    response = get("/sw.js")
    assert response["Cache-Control"] == "no-cache"
    assert response["Service-Worker-Allowed"] == "/"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_link_to_a_broken_release_leaves_the_last_one_serving(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/", "good"))
    assert get("/fr/").body == b"good"
    (releases.root / "broken").mkdir()
    link = releases.root / "link"
    link.symlink_to("broken")
    link.replace(releases.root / "current")
    assert get("/fr/").body == b"good"


def test_a_release_pruned_under_a_request_is_left_for_the_live_one(
    releases: ReleaseTarget, get: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(releases, page("/fr/", "old"))
    assert get("/fr/").body == b"old"
    stale = get.middleware._release
    assert stale
    for number in range(3):
        built(releases, page("/fr/", f"new {number}"))
    looks = iter([stale])
    live = get.middleware._live
    monkeypatch.setattr(get.middleware, "_live", lambda: next(looks, None) or live())
    assert get("/fr/").body == b"new 2"


def test_many_threads_see_the_switch_and_no_error(releases: ReleaseTarget, get: Site) -> None:
    built(releases, page("/fr/", "0"))
    seen: set[bytes] = set()
    done = threading.Event()
    errors: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                seen.add(get("/fr/").body)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _number in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 6):
        built(releases, page("/fr/", str(number)))
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert get("/fr/").body == b"5"
