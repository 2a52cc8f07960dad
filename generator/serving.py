"""Serves the live release from gunicorn, where no web server stands in front.

WhiteNoise scans files when a process starts. Here the map of files is the release's manifest, read again when
the `current` link leads elsewhere: one readlink a request. WhiteNoise's responders do the rest: validators,
ranges, compressed siblings.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from generator import conf, headers, notices
from generator.documents import COMPRESSED_SUFFIXES, HTML, INDEX, encode, quote_path, url_for
from generator.manifest import FileEntry, Manifest
from generator.targets import MANIFEST, PUBLIC, current_release

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5
_ETAGS = re.compile(r'(?:W/)?("[^"]*")')


class ReleaseFile(StaticFile):
    """A public file. Its weak ETag is the hash of its plain bytes, so it holds for every encoding and every
    release that did not change it; a list of ETags, as caches send, is understood."""

    def is_not_modified(self, request_headers: Mapping[str, str]) -> bool:
        wanted = request_headers.get("HTTP_IF_NONE_MATCH")
        if wanted is None:
            return bool(super().is_not_modified(request_headers))
        return wanted.strip() == "*" or self.etag.removeprefix("W/") in _ETAGS.findall(wanted)

    def get_response(self, method: str, request_headers: Mapping[str, str]) -> Any:
        if "HTTP_IF_RANGE" in request_headers:
            # A weak ETag can promise no byte range: RFC 9110 13.1.5.
            request_headers = {name: value for name, value in request_headers.items() if name != "HTTP_RANGE"}
        return super().get_response(method, request_headers)


class Release:
    """One release: what is at a URL. Files are looked at when first asked for."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.public = folder / PUBLIC
        self.manifest = Manifest.load(folder / MANIFEST)
        self._responders: dict[str, ReleaseFile] = {}

    def path(self, url: str) -> str | None:
        """The file that answers at `url` (decoded path), relative to the public folder."""
        path = url[1:] + (INDEX if url.endswith("/") else "")
        return path if url_for(path) == url and path in self.manifest.files else None

    def file(self, url: str) -> ReleaseFile | None:
        """The responder of the file at `url` (decoded path). Raises OSError when the file is gone."""
        path = self.path(url)
        if path is None:
            return None
        responder = self._responders.get(path)
        if responder is None:
            responder = self._responders[path] = self._responder(url, path, self.manifest.files[path])
        return responder

    def _responder(self, url: str, path: str, entry: FileEntry) -> ReleaseFile:
        own = headers.for_file(url, entry.media_type, entry.headers)
        own["ETag"] = f'W/"{entry.sha256[:32]}"'
        file = str(self.public / path)
        encodings = {encoding: file + COMPRESSED_SUFFIXES[encoding] for encoding in entry.encodings}
        return ReleaseFile(file, list(own.items()), encodings=encodings)

    def moved_to(self, url: str) -> str | None:
        """Where `url` redirects to: an editor's redirect, a missing last slash, an index file's folder."""
        if new := self.manifest.redirects.get(url.rstrip("/")):
            return new
        if url.endswith("/" + INDEX) and self.path(url.removesuffix(INDEX)):
            return quote_path(url.removesuffix(INDEX))
        if self.path(f"{url}/"):
            return quote_path(f"{url}/")
        return None


class ReleaseMiddleware:
    """Answers every path that is not Django's from the live release; a file of the release wins over both."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._release: Release | None = None
        self._loading = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        release = self._live()
        try:
            response = self._answer(release, request)
        except FileNotFoundError:
            # Pruned between the look at the link and the opening of the file.
            self._release = None
            response = self._answer(self._live(), request)
        return response or self.get_response(request)

    def _answer(self, release: Release | None, request: HttpRequest) -> HttpResponseBase | None:
        """The release's answer, or None where Django is to answer. Raises FileNotFoundError."""
        url = request.path_info
        is_dynamic = conf.is_dynamic(url)
        if release is None:
            return None if is_dynamic else _being_built(request)
        moved_to = None if is_dynamic else release.moved_to(url)
        file = release.file(url) if moved_to is None else None
        if is_dynamic and file is None:
            return None
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if moved_to is not None:
            return _moved(request, moved_to)
        if file is None:
            return _not_found(release, request)
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(file, request)
        return response

    def _live(self) -> Release | None:
        """The live release. One thread reads a new one; the others answer from the old one meanwhile."""
        name = current_release(conf.releases_root())
        release = self._release
        if name is None or (release and release.name == name):
            return release if name else None
        if not self._loading.acquire(blocking=release is None):
            return release
        try:
            if self._release is None or self._release.name != name:
                self._release = Release(name, conf.releases_root() / name)
        except (OSError, ValueError):
            logger.exception("Release %s cannot be read", name)
        finally:
            self._loading.release()
        return self._release


def _being_built(request: HttpRequest) -> HttpResponse:
    own = {"Cache-Control": headers.NEVER, "Retry-After": str(RETRY_AFTER_SECONDS)}
    return _page(notices.being_built(request.path_info).encode(), 503, headers.for_file("", HTML, own))


def _moved(request: HttpRequest, new: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING")
    location = encode(new)
    if query and "?" not in location:
        path, separator, fragment = location.partition("#")
        location = f"{path}?{query}{separator}{fragment}"
    # A script of another site follows from where data was only if it may read this answer too.
    own = {"Cache-Control": headers.ORDINARY, "Location": location, "Access-Control-Allow-Origin": "*"}
    return _page(b"", 301, headers.for_file("", HTML, own))


def _not_found(release: Release, request: HttpRequest) -> HttpResponse:
    """The release's 404 page in the URL's language, its general one, or the generator's own."""
    own = {"Cache-Control": headers.MISSING}
    language = request.path_info.split("/", 2)[1]
    for url in (f"/{language}/404.html", "/404.html"):
        if path := release.path(url):
            entry = release.manifest.files[path]
            own = headers.for_file(url, entry.media_type, {**entry.headers, **own})
            return _page((release.public / path).read_bytes(), 404, own)
    return _page(notices.not_found(request.path_info).encode(), 404, headers.for_file("", HTML, own))


def _page(body: bytes, status: int, own: Mapping[str, str]) -> HttpResponse:
    return HttpResponse(body, status=status, headers={**own, "Content-Length": str(len(body))})
