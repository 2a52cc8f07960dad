import hashlib
from base64 import b64encode

import pytest

from alerts.models import AlertIndexPage
from emergency_numbers.models import EmergencyNumbersPage
from generator import headers
from generator.manifest import FileEntry
from pages.models import BilingualPage

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/", headers.URGENT),
        ("/fr/", headers.URGENT),
        ("/alerts/active.json", headers.FOLLOWED),
        ("/alerts/active.geojson", headers.FOLLOWED),
        ("/alerts/feed.fr.atom", headers.URGENT),
        ("/alerts/active.schema.json", headers.URGENT),
        ("/nl/waarschuwingen/", headers.URGENT),
        ("/fr/missions/", headers.ORDINARY),
        ("/emergency-numbers.json", headers.URGENT),
        ("/fr/numeros-urgence/", headers.URGENT),
        ("/404.html", headers.MISSING),
        ("/static/css/vigie.0123456789ab.css", headers.IMMUTABLE),
        ("/static/css/vigie.css", headers.ORDINARY),
        ("/media/documents/rapport.20261129120000.pdf", headers.ORDINARY),
    ],
)
def test_how_long_a_file_may_be_kept(url: str, expected: str) -> None:
    assert headers.cache_control(url) == expected


@pytest.mark.parametrize("model", [AlertIndexPage, EmergencyNumbersPage])
def test_what_lives_depend_on_lies_where_it_is_kept_for_seconds(model: type[BilingualPage]) -> None:
    for language in ("fr", "nl"):
        url = f"/{language}/{model.fixed_slugs[language]}/"
        assert headers.cache_control(url) == headers.cache_control(f"{url}x/") == headers.URGENT


def test_a_page_carries_a_strict_policy() -> None:
    sent = headers.for_file("/fr/", "text/html; charset=utf-8")
    assert "default-src 'self'" in sent["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in sent["Content-Security-Policy"]
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in sent


def test_an_inline_style_sheet_is_allowed_by_its_hash_and_no_other() -> None:
    sent = headers.for_content(
        "text/html; charset=utf-8", b"<style>\na{}</style><p><STYLE media=print>b{}</STYLE>"
    )
    policy = sent["Content-Security-Policy"]
    for style in (b"\na{}", b"b{}"):
        assert f"'sha256-{b64encode(hashlib.sha256(style).digest()).decode()}'" in policy
    assert policy.count("sha256-") == 2
    assert "unsafe-inline" not in policy


def test_a_page_without_inline_styles_needs_no_policy_of_its_own() -> None:
    assert headers.for_content("text/html", b"<p>") == {}
    assert headers.for_content("text/plain", b"<style>a{}</style>") == {}


def test_open_data_may_be_read_by_any_site() -> None:
    assert headers.for_file("/alerts/active.json", "application/json")["Access-Control-Allow-Origin"] == "*"


def test_a_documents_own_header_wins_whatever_its_case() -> None:
    sent = headers.for_file("/sw.js", "text/javascript", {"cache-control": "no-cache"})
    assert {name: value for name, value in sent.items() if name.lower() == "cache-control"} == {
        "cache-control": "no-cache"
    }


def test_nginx_is_told_each_policy_once() -> None:
    policy = {"Content-Security-Policy": "style-src 'sha256-x='"}
    files = {
        "index.html": FileEntry("", 0, "text/html", policy),
        "fr/index.html": FileEntry("", 0, "text/html"),
        'fr/"a\\.html': FileEntry("", 0, "text/html", policy),
        'fr/"A\\.html': FileEntry("", 0, "text/html", policy),
    }
    lines = headers.nginx_map(files).splitlines()
    assert """"/index.html" "style-src 'sha256-x='";""" in lines
    assert r""""/fr/\"A\\.html" "style-src 'sha256-x='";""" in lines
    assert len(lines) == 2
