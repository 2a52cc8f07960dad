"""Compiled templates are kept for processes that start later, and trusted only where they are whole."""

import os
from pathlib import Path
from typing import Any

import jinja2
import pytest

from pages import compiled, jinja
from pages.compiling import CodeGenerator

SOURCE = "{% set word = 'Veilig' %}{{ word }} &amp; {{ 1 + 1 }}"
SHOWN = "Veilig &amp; 2"


@pytest.fixture
def generated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates for which code was generated."""
    names: list[str] = []

    class Watched(CodeGenerator):
        def visit_Template(self, node: Any, frame: Any = None) -> None:
            names.append(str(self.name))
            super().visit_Template(node, frame)

    monkeypatch.setattr(jinja.Environment, "code_generator_class", Watched)
    return names


def shown(root: Path, source: str = SOURCE) -> str:
    """What a process that has just started renders."""
    environment = jinja.environment(
        compiled=root, loader=jinja2.DictLoader({"a.html": source}), extensions=["jinja2.ext.i18n"]
    )
    return environment.get_template("a.html").render()


def kept(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_one_process_has_compiled_another_reads(tmp_path: Path, generated: list[str]) -> None:
    assert [shown(tmp_path / "c"), shown(tmp_path / "c")] == [SHOWN, SHOWN]
    assert generated == ["a.html"]
    assert len(kept(tmp_path)) == 1


def test_a_template_that_was_edited_is_compiled_again(tmp_path: Path, generated: list[str]) -> None:
    shown(tmp_path)
    assert shown(tmp_path, "Other") == "Other"
    assert len(generated) == 2


@pytest.mark.parametrize("damage", ["cut", "emptied", "zeros", "one bit"])
def test_a_file_that_is_not_whole_is_not_trusted(tmp_path: Path, generated: list[str], damage: str) -> None:
    shown(tmp_path)
    [file] = kept(tmp_path)
    data = file.read_bytes()
    half = len(data) // 2
    changed = {
        "cut": data[:half],
        "emptied": b"",
        "zeros": data[:half] + bytes(len(data) - half),
        "one bit": data[:half] + bytes([data[half] ^ 1]) + data[half + 1 :],
    }
    file.write_bytes(changed[damage])
    assert shown(tmp_path) == SHOWN
    assert len(generated) == 2
    assert file.read_bytes() == data


def test_where_nothing_can_be_written_pages_are_made_all_the_same(
    tmp_path: Path, generated: list[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert [shown(tmp_path / "file"), shown(tmp_path / "file" / "below")] == [SHOWN, SHOWN]
    assert len(generated) == 2


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generated: list[str]
) -> None:
    def full(*_paths: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", full)
    assert shown(tmp_path) == SHOWN
    assert kept(tmp_path) == []


def test_other_code_compiles_anew_and_old_versions_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generated: list[str]
) -> None:
    (tmp_path / "media").mkdir()
    for number in range(compiled.KEPT + 2):
        monkeypatch.setattr(compiled, "code_version", lambda number=number: f"{number:064}")
        shown(tmp_path)
        os.utime(tmp_path / f"{number:064}", (number, number))
    assert len(generated) == compiled.KEPT + 2
    assert {folder.name for folder in tmp_path.iterdir()} == {
        "media",
        *(f"{number:064}" for number in range(2, compiled.KEPT + 2)),
    }


def test_only_its_owner_may_put_code_there(tmp_path: Path) -> None:
    shown(tmp_path / "c")
    [version] = (tmp_path / "c").iterdir()
    assert version.stat().st_mode & 0o777 == 0o700
