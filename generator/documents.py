"""What a site is made of: documents, redirects and attachments, and how a URL becomes a file path."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import BinaryIO
from urllib.parse import quote, unquote_to_bytes

HTML = "text/html; charset=utf-8"
INDEX = "index.html"
COMPRESSED_SUFFIXES = {"gzip": ".gz", "br": ".br"}
LONGEST_NAME = 255 - len(".gz")

_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN = re.compile(
    r"/(?:[A-Za-z0-9_~-][A-Za-z0-9_~.-]{0,200}/)*(?:[A-Za-z0-9_~-][A-Za-z0-9_~.-]{0,200})?", re.ASCII
)
"""URLs that are their own file's name: most are."""


class InvalidURLError(ValueError):
    """A URL that cannot become a file; says which, why, and what to write instead."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        super().__init__(f"The URL {url!r} {reason}")


def path_for(url: str) -> str:
    """The file of `url`, relative to the public folder: "/fr/x/" -> "fr/x/index.html", "/a.json" -> "a.json".

    `url` is the path of a URL, percent-encoded or not. Raises InvalidURLError for whatever a web server and a
    file system could read differently: no leading slash, a query, an empty, "." or ".." segment, a backslash,
    an encoded slash, control characters, bytes that are not UTF-8, names longer than a file system takes.
    """
    if _PLAIN.fullmatch(url):
        return url[1:] + INDEX if url.endswith("/") else url[1:]
    if not url.startswith("/"):
        raise InvalidURLError(url, f"does not begin with a slash. Write it from the root, as in '/{url}'.")
    if "?" in url or "#" in url:
        raise InvalidURLError(url, "has a query or a fragment, which no file can answer. Put it in the path.")
    if _BROKEN_ESCAPE.search(url):
        raise InvalidURLError(url, "has a '%' that begins no escape. Write '%25' for the sign itself.")
    segments = url[1:].split("/")
    names = [_name(url, segment) for segment in segments[:-1]]
    names.append(_name(url, segments[-1]) if segments[-1] else INDEX)
    return "/".join(names)


def _name(url: str, segment: str) -> str:
    """One segment of `url`, decoded and checked."""
    try:
        name = unquote_to_bytes(segment).decode()
    except UnicodeError as error:
        raise InvalidURLError(url, "is not UTF-8. Encode its characters as UTF-8.") from error
    if name in {"", ".", ".."}:
        raise InvalidURLError(url, f"has the segment {name!r}. Write the URL that is meant, without it.")
    if "/" in name or "\\" in name or _CONTROL.search(name):
        raise InvalidURLError(
            url, "has a slash, a backslash or a control character in a segment. Leave it out."
        )
    if len(name.encode()) > LONGEST_NAME:
        raise InvalidURLError(url, f"has a segment longer than {LONGEST_NAME} bytes. Shorten it.")
    return name


def url_for(path: str) -> str:
    """The decoded URL that answers with the file at `path`: "fr/x/index.html" -> "/fr/x/"."""
    if path == INDEX or path.endswith("/" + INDEX):
        path = path[: -len(INDEX)]
    return "/" + path


def parents(path: str) -> Iterator[str]:
    """The folders that the file at `path` lies in, outermost first."""
    position = path.find("/")
    while position >= 0:
        yield path[:position]
        position = path.find("/", position + 1)


def quote_path(decoded: str) -> str:
    """A decoded path as a URL: what `path_for` turns back into the same names."""
    return quote(decoded, safe="/:@!$&'()*+,;=~-._")


def encode(url: str) -> str:
    """A URL as it goes into a header or a file: what is not ASCII is percent-encoded, escapes stay as they
    are."""
    return quote(url, safe="/%:@!$&'()*+,;=~-._?#")


def shared_headers(headers: Mapping[str, str]) -> Mapping[str, str]:
    """The same mapping for all that have these headers: a site has thousands of files and few kinds of them."""
    return _shared_headers(tuple(headers.items()))


@lru_cache(maxsize=1024)
def _shared_headers(items: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return dict(items)


def _check_headers(owner: str, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if _CONTROL.search(name + value):
            message = (
                f"The header {name!r}: {value!r} of {owner} has a control character. Write it on one line."
            )
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Document:
    """One public URL and how to make its bytes.

    `url` is absolute ("/fr/missions/"); `render` returns bytes, or text that is written as UTF-8;
    `alternates` maps a language (or "x-default") to the URL of the same content in it; `label` names the
    document to people who read a failure; `headers` go out with the file and win over the rules of
    `generator.headers`; `fallback` makes what goes out where `render` fails, instead of the last good version. Raises
    InvalidURLError, and ValueError for a header that spans lines.
    """

    url: str
    render: Callable[[], bytes | str]
    media_type: str = HTML
    language: str | None = None
    lastmod: datetime | None = None
    alternates: Mapping[str, str] = field(default_factory=dict)
    in_sitemap: bool = False
    label: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    fallback: Callable[[], bytes | str] | None = None
    path: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", path_for(self.url))
        _check_headers(self.url, self.headers)


@dataclass(frozen=True, slots=True)
class Redirect:
    """A URL path that moved. `new` is a path or an http(s) address. Judged by `generator.redirects.resolve`,
    since what editors type must not stop a build."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a document refers to (image, document, hashed asset): `open` gives its bytes, the caller
    closes. Raises InvalidURLError, and ValueError for a header that spans lines."""

    url: str
    open: Callable[[], BinaryIO]
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        path_for(self.url)
        _check_headers(self.url, self.headers)

    @property
    def path(self) -> str:
        return path_for(self.url)
