import errno
import gzip
import hashlib
import os
import time
from pathlib import Path

import brotli
import pytest

from generator.documents import HTML, Attachment
from generator.manifest import Manifest
from generator.writing import (
    ENCODINGS,
    FAST,
    MANY,
    SMALL,
    EarlySync,
    Effort,
    FileWriter,
    Previous,
    bring_up,
    compress,
)

pytestmark = pytest.mark.once

PAGE = b"<p>" + b"prevention " * 100


@pytest.fixture
def writer(tmp_path: Path) -> FileWriter:
    return FileWriter(tmp_path / "new")


def previous(folder: Path, writer: FileWriter) -> Previous:
    manifest = Manifest("1", "2099-01-01T00:00:00+00:00", "https://safe.example", ENCODINGS, writer.files, {})
    return Previous(folder, manifest)


def test_a_text_file_has_siblings_with_the_same_content(writer: FileWriter, tmp_path: Path) -> None:
    writer.write("a/index.html", PAGE, HTML, {})
    folder = tmp_path / "new" / "a"
    assert (folder / "index.html").read_bytes() == PAGE
    assert gzip.decompress((folder / "index.html.gz").read_bytes()) == PAGE
    assert brotli.decompress((folder / "index.html.br").read_bytes()) == PAGE


def test_the_manifest_tells_the_hash_and_sizes_of_what_is_on_disk(writer: FileWriter, tmp_path: Path) -> None:
    writer.write("a.html", PAGE, HTML, {"X-A": "b"})
    entry = writer.files["a.html"]
    assert entry.sha256 == hashlib.sha256(PAGE).hexdigest()
    assert entry.headers == {"X-A": "b"}
    assert entry.encodings["gzip"] == (tmp_path / "new" / "a.html.gz").stat().st_size


def test_what_does_not_shrink_has_no_siblings(writer: FileWriter) -> None:
    writer.write("a.txt", b"112", "text/plain", {})
    writer.write("a.webp", PAGE, "image/webp", {})
    assert [dict(entry.encodings) for entry in writer.files.values()] == [{}, {}]


@pytest.mark.parametrize("effort", [FAST, MANY, SMALL])
def test_compressing_twice_gives_the_same_bytes(effort: Effort) -> None:
    assert compress(PAGE, effort) == compress(PAGE, effort)
    assert gzip.decompress(compress(PAGE, effort)["gzip"]) == PAGE


def test_more_effort_makes_smaller_files() -> None:
    text = Path("README.md").read_bytes()
    many, fast, small = (len(compress(text, effort)["gzip"]) for effort in (MANY, FAST, SMALL))
    assert small < fast < many
    assert "br" not in compress(text, MANY)
    assert len(compress(text, SMALL)["br"]) < len(compress(text, FAST)["br"])


def test_an_unchanged_file_is_shared_with_the_build_before(tmp_path: Path) -> None:
    old = FileWriter(tmp_path / "old")
    old.write("a.html", PAGE, HTML, {})
    new = FileWriter(tmp_path / "new", previous(tmp_path / "old", old))
    new.write("a.html", PAGE, HTML, {})
    for name in ("a.html", "a.html.gz", "a.html.br"):
        assert (tmp_path / "old" / name).samefile(tmp_path / "new" / name)
    assert new.reused == 1


def test_a_file_torn_since_the_build_before_is_written_anew(tmp_path: Path) -> None:
    old = FileWriter(tmp_path / "old")
    old.write("a.html", PAGE, HTML, {})
    (tmp_path / "old" / "a.html.gz").write_bytes(b"torn")
    new = FileWriter(tmp_path / "new", previous(tmp_path / "old", old))
    new.write("a.html", PAGE, HTML, {})
    assert gzip.decompress((tmp_path / "new" / "a.html.gz").read_bytes()) == PAGE
    assert new.reused == 0


def times(folder: Path) -> list[int]:
    return [int((folder / name).stat().st_mtime) for name in ("a.html", "a.html.gz", "a.html.br")]


@pytest.mark.parametrize("is_copy", [False, True])
def test_a_file_is_a_second_younger_than_the_one_it_replaces(tmp_path: Path, is_copy: bool) -> None:
    """A web server tells the two apart by the second and the size (nginx)."""
    old, later = FileWriter(tmp_path / "old"), int(time.time()) + 60
    old.write("a.html", PAGE, HTML, {})
    os.utime(tmp_path / "old" / "a.html", (later, later))
    before = previous(tmp_path / "old", old)
    if is_copy:
        bring_up(tmp_path / "new", None, before)
    new = FileWriter(tmp_path / "new", before, is_copy=is_copy)
    new.write("a.html", PAGE[::-1], HTML, {})
    assert times(tmp_path / "new") == [later + 1] * 3
    assert times(tmp_path / "old")[0] == later


def test_a_file_keeps_the_time_it_was_written_at_where_that_is_later(tmp_path: Path) -> None:
    old = FileWriter(tmp_path / "old")
    old.write("a.html", PAGE, HTML, {})
    os.utime(tmp_path / "old" / "a.html", (5, 5))
    before = time.time()
    new = FileWriter(tmp_path / "new", previous(tmp_path / "old", old))
    new.write("a.html", PAGE[::-1], HTML, {})
    assert min(times(tmp_path / "new")) >= int(before)


def test_a_compressed_sibling_is_no_younger_than_its_file(writer: FileWriter, tmp_path: Path) -> None:
    """The file's time alone is asked for when it is replaced."""
    writer.write("a.html", PAGE, HTML, {})
    folder = tmp_path / "new"
    file, *siblings = ((folder / name).stat().st_mtime_ns for name in ("a.html", "a.html.gz", "a.html.br"))
    assert file >= max(siblings)


def test_a_copied_attachment_is_a_second_younger_than_the_one_it_replaces(tmp_path: Path) -> None:
    source = tmp_path / "plan.pdf"
    source.write_bytes(b"%PDF")
    old = FileWriter(tmp_path / "old")
    attach(old, attachment(source))
    source.write_bytes(b"%PDE")
    new = FileWriter(tmp_path / "new", previous(tmp_path / "old", old))
    attach(new, attachment(source))
    before, after = ((tmp_path / name / "documents/plan.pdf").stat() for name in ("old", "new"))
    assert int(after.st_mtime) > int(before.st_mtime)


def attachment(path: Path, media_type: str = "application/pdf") -> Attachment:
    return Attachment(f"/documents/{path.name}", lambda: path.open("rb"), media_type)


def attach(writer: FileWriter, item: Attachment) -> None:
    with item.open() as source:
        writer.attach(item, source)


def test_an_attachment_is_linked_where_it_can_be(tmp_path: Path) -> None:
    source = tmp_path / "plan.pdf"
    source.write_bytes(b"%PDF")
    writer = FileWriter(tmp_path / "new", link_attachments=True)
    attach(writer, attachment(source))
    assert (tmp_path / "new" / "documents" / "plan.pdf").samefile(source)
    assert writer.files["documents/plan.pdf"].sha256 == hashlib.sha256(b"%PDF").hexdigest()


def test_an_attachment_that_a_web_server_could_not_read_is_copied(tmp_path: Path) -> None:
    source = tmp_path / "plan.pdf"
    source.write_bytes(b"%PDF")
    source.chmod(0o600)
    attach(FileWriter(tmp_path / "new", link_attachments=True), attachment(source))
    copy = tmp_path / "new" / "documents" / "plan.pdf"
    assert copy.read_bytes() == b"%PDF"
    assert not copy.samefile(source)


def test_a_file_written_to_in_place_since_the_build_before_is_read_again(tmp_path: Path) -> None:
    source = tmp_path / "plan.pdf"
    source.write_bytes(b"%PDF")
    old = FileWriter(tmp_path / "old", link_attachments=True)
    attach(old, attachment(source))
    before = previous(tmp_path / "old", old)
    source.write_bytes(b"%PDE")
    os.utime(source, (5_000_000_000, 5_000_000_000))
    new = FileWriter(tmp_path / "new", before, link_attachments=True)
    attach(new, attachment(source))
    assert new.files["documents/plan.pdf"].sha256 == hashlib.sha256(b"%PDE").hexdigest()


def test_an_attached_style_sheet_is_compressed(tmp_path: Path) -> None:
    source = tmp_path / "vigie.css"
    source.write_bytes(b"a{color:red}" * 50)
    writer = FileWriter(tmp_path / "new")
    attach(writer, attachment(source, "text/css"))
    assert set(writer.files["documents/vigie.css"].encodings) == {"gzip", "br"}


def test_a_dry_run_writes_nothing_and_knows_the_same_hashes(tmp_path: Path) -> None:
    writer = FileWriter(None)
    writer.write("a.html", PAGE, HTML, {})
    assert writer.files["a.html"].sha256 == hashlib.sha256(PAGE).hexdigest()
    assert list(tmp_path.iterdir()) == []


def test_what_the_disk_refuses_early_is_told_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Path] = []

    def refuse(folder: Path) -> None:
        calls.append(folder)
        raise OSError(errno.ENOSPC, "No space left on device", str(folder))

    monkeypatch.setattr("generator.writing.sync_tree", refuse)
    monkeypatch.setattr("generator.writing.EARLY_SECONDS", 0.0)
    early = EarlySync(tmp_path)
    early.step()
    with pytest.raises(OSError, match="No space"):
        early.end()
    assert calls == [tmp_path]


def test_the_disk_is_not_hurried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.writing.sync_tree", pytest.fail)
    early = EarlySync(tmp_path)
    early.step()
    early.end()
