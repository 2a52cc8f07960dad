"""The index of the site's search: what is searched, when an index may stay, and Pagefind itself."""

import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import search, targets
from generator.build import build
from generator.documents import Document
from generator.registry import Registry
from generator.search import FOLDER, Index, Indexer
from generator.targets import PUBLIC, FolderTarget, ReleaseTarget

pytestmark = pytest.mark.once

PAGE = """<!DOCTYPE html><html lang="{lang}"><head><title>{word}</title></head><body><nav>menu {at}</nav>
<main id="main" data-pagefind-body><h1>{word}</h1><p>Des mots.</p></main><footer>made at {at}</footer></body></html>"""
ENTRY = f"{FOLDER}pagefind-entry.json"


def page(word: str, lang: str = "fr-BE", at: str = "noon") -> str:
    return PAGE.format(word=word, lang=lang, at=at)


class Site:
    """A registry whose pages a test can change."""

    def __init__(self, root: Path) -> None:
        self.pages = {"/fr/a/": page("Incendie"), "/nl/a/": page("Brand", "nl-BE"), "/404.html": "<p>404</p>"}
        self.target = ReleaseTarget(root)
        self.registry = Registry()
        self.registry.documents("site")(self.documents)

    def documents(self, _context: Any) -> Iterator[Document]:
        for url, body in self.pages.items():
            yield Document(url, lambda body=body: body)

    def build(self, **options: Any) -> Any:
        return build(self.target, registry=self.registry, base_url="https://vigie.example", **options)

    @property
    def public(self) -> Path:
        return self.target.root / str(self.target.current()) / PUBLIC

    def has_index(self) -> bool:
        return (self.public / ENTRY).is_file()


@pytest.fixture
def site(tmp_path: Path, settings: Any) -> Site:
    settings.VIGIE_DYNAMIC_PREFIXES = ("/cms/",)
    return Site(tmp_path / "releases")


@pytest.fixture
def indexed(site: Site) -> Site:
    site.build(makes_index=True)
    assert site.has_index()
    return site


def test_only_what_is_marked_counts_as_searched() -> None:
    noon, midnight = (search.searched(page("a", at=at).encode()) for at in ("noon", "midnight"))
    assert noon == midnight != ""
    assert noon != search.searched(page("b").encode())
    assert search.searched(b"<main>no mark</main>") == ""
    for nothing in (
        b"",
        b"data-pagefind-body",
        b"<p>data-pagefind-body</p>",
        b"<main data-pagefind-body>open",
    ):
        assert search.searched(nothing) == ""
    inner = b"<main class='a' data-pagefind-body><main>a</main> b"
    assert search.searched(inner + b"</main>c") == search.searched(b"x" + inner + b"</main>d")
    assert search.searched(inner + b"</main>") != search.searched(inner + b"!</main>")


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_a_torn_list_of_sources_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / search.SOURCES).write_text(text)
    assert search.known(tmp_path) == search.known(tmp_path / "missing") == {}


def test_pagefind_makes_an_index_for_each_language(indexed: Site) -> None:
    languages = json.loads((indexed.public / ENTRY).read_text())["languages"]
    assert {code: each["page_count"] for code, each in languages.items()} == {"fr-be": 1, "nl-be": 1}
    names = {path.name for path in (indexed.public / FOLDER).iterdir()}
    assert "pagefind.js" in names
    assert not [name for name in names if name.startswith(search.UNUSED)]


def test_a_folder_has_its_index_too(site: Site, tmp_path: Path) -> None:
    site.target = FolderTarget(tmp_path / "public")  # type: ignore[assignment]
    site.build(makes_index=True)
    assert (tmp_path / "public" / ENTRY).is_file()


@pytest.mark.parametrize("makes_index", [True, False])
def test_a_build_of_everything_keeps_no_index_that_somebody_has_changed(
    indexed: Site, makes_index: bool
) -> None:
    script = indexed.public / FOLDER / "pagefind.js"
    before = script.read_bytes()
    script.write_bytes(bytes(reversed(before)))
    indexed.build(full=True, makes_index=makes_index)
    assert indexed.has_index() is makes_index
    assert not makes_index or (indexed.public / FOLDER / "pagefind.js").read_bytes() == before


def test_an_index_stays_in_a_build_of_everything(indexed: Site) -> None:
    indexed.build(full=True)
    assert indexed.has_index()


def test_a_site_that_searches_nothing_has_no_index(site: Site) -> None:
    site.pages = {"/fr/a/": "<p>x</p>"}
    site.build(makes_index=True)
    assert not site.has_index()


def test_a_dry_run_counts_the_index_as_staying(indexed: Site) -> None:
    assert not any(path.startswith(FOLDER) for path in indexed.build(dry_run=True).diff.removed)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"/fr/a/": page("Incendie", at="midnight")},
        {"/fr/new/": page("Nouveau")},
        {"/404.html": "<p>Other</p>"},
    ],
    ids=["nothing", "another menu", "a new page", "an unsearched page"],
)
def test_an_index_stays_while_all_that_it_knows_is_said(indexed: Site, change: dict[str, str]) -> None:
    indexed.pages |= change
    indexed.build()
    assert indexed.has_index()


@pytest.mark.parametrize(
    "change",
    [
        {"/fr/a/": page("Changé")},
        {"/fr/a/": page("Incendie").replace("data-pagefind-body", "")},
        {"/fr/a/": None},
    ],
    ids=["changed", "no longer searched", "removed"],
)
def test_what_was_taken_away_cannot_be_found(indexed: Site, change: dict[str, str | None]) -> None:
    indexed.pages = {url: body for url, body in (indexed.pages | change).items() if body is not None}  # type: ignore[operator]
    indexed.build()
    assert not indexed.has_index()


def test_an_index_of_another_release_is_not_brought_out(site: Site, tmp_path: Path) -> None:
    site.build()
    release = site.target.current()
    assert search.make(site.public, tmp_path / "index")
    site.pages["/fr/a/"] = page("Changé")
    site.build()
    site.build(index=Index(tmp_path / "index", release))
    assert not site.has_index()


def test_the_site_goes_out_when_pagefind_fails(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LONGEST_SECONDS", 0.001)
    result = site.build(makes_index=True)
    assert result.release == site.target.current()
    assert "search index" in result.warnings[0]
    assert not site.has_index()


def shelf(site: Site) -> Path:
    assert site.target.shelf
    return site.target.shelf


def finished(indexer: Indexer, site: Site) -> Index | None:
    """What the indexer has when its process is over."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if index := indexer.step(site.target.current(), site.public):
            return index
        if indexer._process is None:
            return None
        time.sleep(0.05)
    raise TimeoutError


def test_the_worker_has_an_index_made_beside_and_brings_it_out(site: Site) -> None:
    site.build()
    indexer = Indexer(shelf(site))
    index = finished(indexer, site)
    assert index
    assert index.release == site.target.current()
    assert index.folder.parent == shelf(site)
    site.build(index=index)
    assert site.has_index()
    assert (site.public / FOLDER).resolve() == index.folder.resolve()
    assert finished(indexer, site) is None


def test_a_failing_indexer_is_told_and_starts_again_with_the_next_release(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.build()
    indexer = Indexer(shelf(site))
    with monkeypatch.context() as patch:
        patch.setattr(search.sys, "executable", "/bin/false")
        assert finished(indexer, site) is None
    assert "could not be made" in caplog.text
    site.pages["/fr/b/"] = page("Autre")
    site.build()
    assert finished(indexer, site)
    indexer.forget()


def test_an_indexer_that_may_not_write_is_told(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.build()
    place = site.target.root / "a file"
    place.touch()
    indexer = Indexer(place / "shelf")
    assert finished(indexer, site) is None
    assert "could not be made" in caplog.text


@pytest.mark.parametrize("succeeds", [True, False])
def test_a_release_that_is_dropped_while_it_is_indexed_is_no_failure(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, succeeds: bool
) -> None:
    monkeypatch.setattr(search, "LONGEST_QUIET_SECONDS", 0.0)
    site.build()
    indexer = Indexer(shelf(site))
    indexer.step(site.target.current(), site.public)
    if succeeds:
        # What it has read may already have been another release's.
        assert indexer._process
        indexer._process.wait()
    dropped = site.public.parent
    site.pages["/fr/b/"] = page("Autre")
    site.build()
    dropped.rename(site.target.root / "dropped")
    assert finished(indexer, site) is None
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
    index = finished(indexer, site)
    assert index
    assert index.release == site.target.current()
    indexer.forget()


@pytest.fixture
def slow(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Let Pagefind take a minute; asked, the number of its process."""
    told = tmp_path / "number"
    (tmp_path / "modules").mkdir()
    text = (
        f"import os, pathlib, time; pathlib.Path({str(told)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    (tmp_path / "modules" / "pagefind.py").write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "modules"), *sys.path])
    site.build()

    def number() -> int:
        deadline = time.monotonic() + 30
        while not (told.exists() and told.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return int(told.read_text())

    return number


def state_of(process: int) -> str:
    """ "S" while it sleeps, "T" while it stands still, "" when it is no more."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0].replace("Z", "")
    except FileNotFoundError:
        return ""


def becomes(process: int, state: str) -> bool:
    deadline = time.monotonic() + 10
    while state_of(process) != state and time.monotonic() < deadline:
        time.sleep(0.02)
    return state_of(process) == state


def test_ending_the_worker_ends_the_indexer(site: Site, slow: Callable[[], int]) -> None:
    indexer = Indexer(shelf(site))
    indexer.step(site.target.current(), site.public)
    pagefind, process, folder = slow(), indexer._process, indexer._folder
    indexer.forget()
    assert process
    assert process.poll() is not None
    assert becomes(pagefind, "")
    assert folder
    assert not folder.exists()


def test_the_indexer_stands_still_during_a_build(site: Site, slow: Callable[[], int]) -> None:
    indexer = Indexer(shelf(site))
    indexer.step(site.target.current(), site.public)
    pagefind = slow()
    with indexer.held():
        assert becomes(pagefind, "T")
    assert becomes(pagefind, "S")
    with indexer.held():
        indexer.forget()
    assert becomes(pagefind, "")


def test_what_a_killed_worker_had_begun_is_swept(
    site: Site, slow: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    indexer = Indexer(shelf(site))
    indexer.step(site.target.current(), site.public)
    slow()
    assert indexer._folder
    left = [*shelf(site).iterdir()]
    assert indexer._folder in left
    monkeypatch.setattr(indexer, "_folder", None)
    indexer.forget()
    monkeypatch.setattr(targets, "STAYS_SECONDS", -1)
    site.target.sweep()
    assert not any(path.exists() for path in left)


def test_the_indexer_does_not_outlive_a_worker_that_was_killed(site: Site, slow: Callable[[], int]) -> None:
    worker = os.fork()
    if not worker:
        try:
            Indexer(shelf(site)).step(site.target.current(), site.public)
            time.sleep(60)
        finally:
            os._exit(0)
    pagefind = slow()
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert becomes(pagefind, "")
