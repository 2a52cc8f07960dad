"""The index of the site's search: what is searched, when an index may stay, and Pagefind itself."""

import json
from pathlib import Path

import pytest

from generator import search
from generator.manifest import FileEntry
from generator.search import Sources

PAGE = """<!DOCTYPE html><html lang="{lang}"><head><title>{word}</title></head><body><nav>menu {word}</nav>
<main id="main" data-pagefind-body><h1>{word}</h1><p>{text}</p></main><footer>made at {at}</footer></body></html>"""


def page(word: str, text: str = "Des mots.", lang: str = "fr-BE", at: str = "noon") -> bytes:
    return PAGE.format(word=word, text=text, lang=lang, at=at).encode()


def entry(sha256: str) -> FileEntry:
    return FileEntry(sha256, 1, "text/html; charset=utf-8")


def write(public: Path, **pages: bytes) -> dict[str, FileEntry]:
    files = {}
    for name, body in pages.items():
        path = f"{name}/index.html"
        (public / name).mkdir(parents=True, exist_ok=True)
        (public / path).write_bytes(body)
        files[path] = entry(str(hash(body)))
    return files


def test_only_what_is_marked_counts_as_searched() -> None:
    assert search.searched(page("a", at="noon")) == search.searched(page("a", at="midnight")) != ""
    assert search.searched(page("a")) != search.searched(page("b"))
    assert search.searched(b"<main>no mark</main>") == ""


def test_an_unchanged_file_is_not_read_again(tmp_path: Path) -> None:
    files = write(tmp_path, a=page("a"))
    first = search.sources(tmp_path, files, {})
    (tmp_path / "a/index.html").unlink()
    assert search.sources(tmp_path, files, first) == first
    with pytest.raises(FileNotFoundError):
        search.sources(tmp_path, files, {})


def test_what_is_no_page_is_not_looked_at(tmp_path: Path) -> None:
    assert search.sources(tmp_path, {"a.json": entry("x")}, {}) == {}


OLD: Sources = {"a": ("1", "says a"), "b": ("2", "says b"), "404": ("3", "")}


@pytest.mark.parametrize(
    ("now", "stays", "complete"),
    [
        (OLD, True, True),
        ({**OLD, "a": ("9", "says a")}, True, True),
        ({**OLD, "new": ("4", "says new")}, True, False),
        ({**OLD, "404": ("8", "")}, True, True),
        ({**OLD, "a": ("9", "says otherwise")}, False, False),
        ({**OLD, "a": ("9", "")}, False, False),
        ({"a": OLD["a"]}, False, False),
    ],
    ids=[
        "same",
        "another menu",
        "a new page",
        "an unsearched page",
        "changed",
        "no longer searched",
        "removed",
    ],
)
def test_an_index_stays_until_something_it_knows_has_changed(
    now: Sources, stays: bool, complete: bool
) -> None:
    assert search.may_stay(OLD, now) is stays
    assert search.is_complete(OLD, now) is complete


def test_what_an_index_was_made_from_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / search.SOURCES
    path.write_text(search.dump(OLD))
    assert search.load(path) == OLD


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "{"])
def test_a_torn_list_of_sources_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / search.SOURCES
    path.write_text(text)
    assert search.load(path) == search.load(tmp_path / "missing") == {}


def test_pagefind_makes_an_index_for_each_language(tmp_path: Path) -> None:
    public = tmp_path / "public"
    write(public, fr=page("Incendie"), nl=page("Brand", lang="nl-BE"))
    made = search.make(public, tmp_path / "index")
    known = json.loads((tmp_path / "index/pagefind-entry.json").read_text())["languages"]
    assert {code: each["page_count"] for code, each in known.items()} == {"fr-be": 1, "nl-be": 1}
    assert "pagefind.js" in made
    assert not [name for name in made if "ui" in name.split("/")[-1].split(".")[0].split("-")]


def test_a_folder_without_pages_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(search.SearchError, match="could not index"):
        search.make(tmp_path, tmp_path / "index")
