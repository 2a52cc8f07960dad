"""A manifest in two layers is the same manifest."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import manifest as manifests
from generator.manifest import Base, Diff, FileEntry, Files, Manifest, mounted

pytestmark = pytest.mark.once

PATHS = st.sampled_from([f"fr/{letter}/index.html" for letter in "abcdefgh"])
STEPS = st.lists(st.tuples(PATHS, st.integers(0, 9)), max_size=30)


def entry(number: int, **fields: object) -> FileEntry:
    return FileEntry(
        f"{number:064x}",
        number,
        "text/html",
        {"Content-Security-Policy": str(number % 2)},
        number,
        **fields,
    )  # type: ignore[arg-type]


def made(files: Files, release: str = "1") -> Manifest:
    return Manifest(
        release, "2026-11-25T00:00:00+00:00", "https://safe.example", ("gzip",), files, {"/a": "/b"}, 7
    )


@pytest.fixture
def small_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests, "LARGEST_LAYER", 2)


@settings(deadline=None)
@given(base=st.dictionaries(PATHS, st.integers(0, 9)), steps=STEPS)
def test_layers_hold_what_one_dictionary_would(base: dict[str, int], steps: list[tuple[str, int]]) -> None:
    files = Files(Base({path: entry(number) for path, number in base.items()}, "files-x.json"))
    before = files.copy()
    expected = {path: entry(number) for path, number in base.items()}
    for path, number in steps:
        if number:
            files.put(path, entry(number))
            expected[path] = entry(number)
        else:
            files.drop(path)
            expected.pop(path, None)
        assert len(files) == len(expected)
        assert files.get(path) == expected.get(path)
        assert (path in files) == (path in expected)
    assert files.flat() == expected
    assert files.bytes_on_disk == sum(each.bytes_on_disk for each in expected.values())
    assert files.with_policy() == {
        path: each.headers["Content-Security-Policy"] for path, each in expected.items()
    }
    assert {
        path for path in expected.keys() | base.keys() if files.get(path) != before.get(path)
    } <= files.since(before)
    assert before.flat() == {path: entry(number) for path, number in base.items()}


def test_many_files_become_a_base_that_the_next_release_shares(small_layers: None, tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    for folder in (one, other):
        folder.mkdir()
    made(Files(changed={f"{number}.html": entry(number) for number in range(9)})).save(one)
    first = Manifest.load(one / "manifest.json")
    files = Files.of(first.files).copy()
    files.put("3.html", entry(77))
    files.drop("4.html")
    made(files, "2").save(other, one)
    [base] = one.glob("files-*.json")
    assert (other / base.name).samefile(base)
    manifests._bases.clear()
    second = Manifest.load(other / "manifest.json")
    assert dict(second.files.items()) == files.flat()
    assert (second.release, second.generation, dict(second.redirects)) == ("2", 7, {"/a": "/b"})
    assert Diff.between(first.files, second.files) == Diff([], ["3.html"], ["4.html"])
    assert json.loads((other / "manifest.json").read_text())["removed"] == ["4.html"]


def test_a_base_that_is_not_beside_is_written_again(small_layers: None, tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    for folder in (one, other):
        folder.mkdir()
    made(Files(changed={f"{number}.html": entry(number) for number in range(9)})).save(one)
    files = Manifest.load(one / "manifest.json").files
    shutil.rmtree(one)
    made(Files.of(files), "2").save(other, one)
    manifests._bases.clear()
    assert len(Manifest.load(other / "manifest.json").files) == 9


@pytest.mark.parametrize("harm", ["torn", "missing", "elsewhere"])
def test_a_manifest_without_its_base_is_none(small_layers: None, tmp_path: Path, harm: str) -> None:
    made(Files(changed={f"{number}.html": entry(number) for number in range(9)})).save(tmp_path)
    [base] = tmp_path.glob("files-*.json")
    if harm == "torn":
        base.write_bytes(base.read_bytes()[:-9])
    elif harm == "missing":
        base.unlink()
    else:
        path = tmp_path / "manifest.json"
        path.write_text(path.read_text().replace(base.name, "../files-x.json"))
    manifests._bases.clear()
    with pytest.raises((ValueError, OSError)):
        Manifest.load(tmp_path / "manifest.json")


def test_a_dumped_manifest_stands_alone(small_layers: None, tmp_path: Path) -> None:
    files = Files(
        Base({"a.html": entry(1), "b.html": entry(2)}, "files-x.json"), {"c.html": entry(3)}, {"a.html"}
    )
    (tmp_path / "manifest.json").write_text(made(files).dump())
    assert set(Manifest.load(tmp_path / "manifest.json").files) == {"b.html", "c.html"}


def test_a_mounted_folder_counts_as_part_of_the_release(tmp_path: Path) -> None:
    base, content = mounted({"pagefind/a.js": entry(5)})
    shelf = tmp_path / ".mounted"
    shelf.mkdir()
    (shelf / f"{base.name}.json").write_bytes(content)
    folder = tmp_path / "1"
    folder.mkdir()
    made(Files(changed={"a.html": entry(1)}, mounted=base)).save(folder)
    manifests._bases.clear()
    files = Files.of(Manifest.load(folder / "manifest.json").files)
    assert set(files) == {"a.html", "pagefind/a.js"}
    assert (len(files), files["pagefind/a.js"].size) == (2, 5)
    without = files.copy()
    without.mounted = Base()
    assert Diff.between(files, without).removed == ["pagefind/a.js"]
