import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.documents import Attachment, Document, InvalidURLError, path_for, quote_path, url_for

pytestmark = pytest.mark.once

NAMES = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/\\"), min_size=1, max_size=40
).filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAMES, min_size=1, max_size=5).map("/".join)
ANYTHING = st.one_of(
    st.text(max_size=60), st.text(string.ascii_letters + "/.%25cCeEfF\\?#\x00", max_size=60).map("/".__add__)
)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/", "index.html"),
        ("/fr/missions/", "fr/missions/index.html"),
        ("/alerts/active.json", "alerts/active.json"),
        ("/fr/%C3%A9t%C3%A9/", "fr/été/index.html"),
        ("/fr/été/", "fr/été/index.html"),
        ("/100%25/", "100%/index.html"),
        ("/.well-known/security.txt", ".well-known/security.txt"),
    ],
)
def test_a_url_becomes_a_file(url: str, path: str) -> None:
    assert path_for(url) == path


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("fr/", "slash"),
        ("", "slash"),
        ("/fr//x/", "segment ''"),
        ("/../etc/passwd", "segment '..'"),
        ("/%2e%2e/etc/passwd", "segment '..'"),
        ("/fr/./x/", "segment '.'"),
        ("/a%2Fb/", "slash"),
        ("/a\\b/", "backslash"),
        ("/a%00b/", "control"),
        ("/a\nb/", "control"),
        ("/a?b=1", "query"),
        ("/a#b", "fragment"),
        ("/100%/", "escape"),
        ("/%ff/", "UTF-8"),
        ("/" + "x" * 260 + "/", "252 bytes"),
    ],
)
def test_a_url_that_servers_could_read_differently_is_refused_with_its_value(url: str, said: str) -> None:
    with pytest.raises(InvalidURLError, match=said) as caught:
        path_for(url)
    assert repr(url) in str(caught.value)


@given(PATHS)
def test_a_path_that_was_quoted_comes_back_from_its_url(path: str) -> None:
    assert path_for(quote_path(url_for(path))) == path


@given(ANYTHING)
def test_no_url_leaves_the_public_folder(url: str) -> None:
    try:
        path = path_for(url)
    except InvalidURLError:
        return
    assert path
    assert not path.startswith("/")
    assert not {"", ".", ".."} & set(path.split("/"))


@given(ANYTHING, ANYTHING)
def test_two_urls_share_a_file_only_when_a_server_decodes_them_to_the_same(one: str, other: str) -> None:
    try:
        paths = path_for(one), path_for(other)
    except InvalidURLError:
        return
    if paths[0] == paths[1]:
        assert url_for(paths[0]) == url_for(paths[1])


def test_a_document_with_a_wrong_url_is_never_made() -> None:
    with pytest.raises(InvalidURLError):
        Document("/../x/", bytes)


def test_an_attachment_with_a_wrong_url_is_never_made() -> None:
    with pytest.raises(InvalidURLError):
        Attachment("x.avif", open, "image/avif")


def test_a_header_that_spans_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="control character"):
        Document("/x/", bytes, headers={"X-Note": "a\r\nSet-Cookie: b"})
