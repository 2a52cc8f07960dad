"""Going back to an earlier release does not make public, unseen, what has been withdrawn since: pages that were
unpublished, restricted, moved away or deleted, that have expired, and documents and pictures that no page shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext, ngettext
from wagtail.contrib.redirects.models import Redirect
from wagtail.images import get_image_model

from generator import registry
from generator.documents import INDEX, InvalidURLError, path_for, quote_path, url_for
from generator.manifest import Manifest
from generator.redirects import key
from generator.targets import MANIFEST, ReleaseTarget
from pages.graph import SiteGraph

TOLD = 10
"""How many addresses a sentence names."""

_FORM = re.compile(r"\.(?:[0-9a-f]{8}\.)?(?:width|fill)-\d[^/]*$")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a release shows: the paths of its pages and of the documents and pictures on them, and where addresses that
    have none lead."""

    pages: set[str]
    files: set[str]
    redirects: dict[str, str]

    @classmethod
    def of(cls, public: Path) -> _Shown:
        """Raises OSError or ValueError where its manifest cannot be read."""
        manifest = Manifest.load(public.parent / MANIFEST)
        media = settings.MEDIA_URL.lstrip("/")
        entries = manifest.files.items()
        html = {path for path, entry in entries if entry.media_type.startswith("text/html")}
        pages = {path for path in html if key(url_for(path)) not in manifest.redirects}
        files = {path for path, _entry in entries if path.startswith(media)} - html
        return cls(pages, files, dict(manifest.redirects))

    def is_page_of_list(self, path: str) -> bool:
        """Whether it is a further page of a list, which comes and goes with what is listed: unlike a page of the tree,
        it lies in a folder that is no page. Those right below a language are of the tree."""
        folder = path.removesuffix("/" + INDEX).rpartition("/")[0]
        return "/" in folder and f"{folder}/{INDEX}" not in self.pages

    def has_moved(self, path: str) -> bool:
        """Whether the address at `path` leads to another one, itself or with a page above it."""
        address = key(url_for(path))
        if address in self.redirects:
            return True
        above, rest = address, ""
        while above := above.rpartition("/")[0]:
            rest = address[len(above) + 1 :]
            if target := self.redirects.get(above):
                try:
                    return path_for(f"{target.rstrip('/')}/{quote_path(rest)}/") in self.pages
                except InvalidURLError:
                    return False
        return False


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows: the addresses of public pages, those of pages that are not, and those whose
    redirect is not that of a page which has moved."""

    public: set[str]
    hidden: set[str]
    replaced: set[str]

    @classmethod
    def read(cls) -> _Known:
        graph = SiteGraph.current()
        moved: set[str] = set()
        others: set[str] = set()
        for redirect in Redirect.objects.all().iterator():
            is_move = redirect.automatically_created and graph.node(redirect.redirect_page_id)
            (moved if is_move else others).add(key(redirect.old_path))
        public = {url for node in graph for url in node.urls.values()}
        return cls(public, graph.hidden_urls() - public, others - moved)


def from_files(release: Path, live: Path | None) -> Iterator[str]:
    """What the newest release, which is what was public last, no longer has."""
    return _objections(release, live, None)


@registry.release_check("pages", from_files=from_files, is_acceptable=True)
def withdrawn(release: Path, live: Path | None) -> Iterator[str]:
    """Asks the site graph too: what has been withdrawn may not have left the newest release yet, and an editor's
    redirect may stand in its place."""
    return _objections(release, live, _Known.read())


def _objections(release: Path, live: Path | None, known: _Known | None) -> Iterator[str]:
    try:
        then, today = _Shown.of(release), _newest(release, live)
    except (OSError, ValueError):
        yield gettext("Which pages it would make public again cannot be read.")
        return
    pages = [path for path in sorted(then.pages) if not _is_public(path, then, today, known)]
    if pages:
        yield ngettext(
            "It would make public again %(count)d page that no longer is: %(addresses)s.",
            "It would make public again %(count)d pages that no longer are: %(addresses)s.",
            len(pages),
        ) % _named(pages)
    gone = then.files - today.files
    if known:
        gone -= _still_shown(gone, today.files)
    if files := _one_each(gone):
        yield ngettext(
            "It would make public again %(count)d file that no longer is: %(addresses)s.",
            "It would make public again %(count)d files that no longer are: %(addresses)s.",
            len(files),
        ) % _named(files)


def _is_public(path: str, then: _Shown, today: _Shown, known: _Known | None) -> bool:
    """Whether what `then` shows at `path` is public now, there or elsewhere."""
    url = url_for(path)
    if known and (url in known.public or url in known.hidden):
        return url in known.public
    is_moved = today.has_moved(path) and not (known and key(url) in known.replaced)
    return path in today.pages or is_moved or then.is_page_of_list(path)


def _newest(release: Path, live: Path | None) -> _Shown:
    """After going back, the live release is not what was public last."""
    root = release.parent.parent
    found = ReleaseTarget(root).releases()
    try:
        return _Shown.of(root / found[-1] / release.name)
    except (OSError, ValueError, IndexError):
        if live is None:
            raise ValueError("no release to compare with") from None
        return _Shown.of(live)


def _still_shown(gone: set[str], today: set[str]) -> set[str]:
    """Those of the files `gone` that hold a picture which the site shows in another form."""
    media = settings.MEDIA_URL.lstrip("/")
    renditions = get_image_model().get_rendition_model().objects
    names = [path.removeprefix(media) for path in gone]
    image_of = dict(renditions.filter(file__in=names).values_list("file", "image_id"))
    forms = renditions.filter(image_id__in=set(image_of.values())).values_list("file", "image_id")
    shown = {image for name, image in forms if media + name in today}
    return {media + name for name, image in image_of.items() if image in shown}


def _one_each(files: Iterable[str]) -> list[str]:
    """One path a picture, which has a file for each of its widths: their names begin alike."""
    found: dict[str, str] = {}
    for path in sorted(files):
        found.setdefault(_FORM.sub("", path), path)
    return list(found.values())


def _named(paths: list[str]) -> dict[str, object]:
    more = ", …" if len(paths) > TOLD else ""
    return {"count": len(paths), "addresses": ", ".join(map(url_for, paths[:TOLD])) + more}
