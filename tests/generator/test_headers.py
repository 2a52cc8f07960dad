import pytest

from generator import headers


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/", headers.URGENT),
        ("/fr/", headers.URGENT),
        ("/alerts/active.json", headers.URGENT),
        ("/nl/waarschuwingen/", headers.URGENT),
        ("/fr/missions/", headers.ORDINARY),
        ("/emergency-numbers.json", headers.ORDINARY),
        ("/404.html", headers.MISSING),
        ("/static/css/vigie.0123456789ab.css", headers.IMMUTABLE),
        ("/static/css/vigie.css", headers.ORDINARY),
    ],
)
def test_how_long_a_file_may_be_kept(url: str, expected: str) -> None:
    assert headers.cache_control(url) == expected


def test_a_page_carries_a_strict_policy() -> None:
    sent = headers.for_file("/fr/", "text/html; charset=utf-8")
    assert "default-src 'self'" in sent["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in sent["Content-Security-Policy"]
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in sent


def test_open_data_may_be_read_by_any_site() -> None:
    assert headers.for_file("/alerts/active.json", "application/json")["Access-Control-Allow-Origin"] == "*"


def test_a_documents_own_header_wins_whatever_its_case() -> None:
    sent = headers.for_file("/sw.js", "text/javascript", {"cache-control": "no-cache"})
    assert {name: value for name, value in sent.items() if name.lower() == "cache-control"} == {
        "cache-control": "no-cache"
    }
