"""What the documents say of the repository: links lead somewhere, decisions are listed, dependencies explained."""

import re
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

DOCUMENTS = sorted([Path("README.md"), *Path("docs").rglob("*.md")])
DECISIONS = Path("docs/decisions")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_each_link_to_a_file_leads_somewhere(document: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(document.read_text(encoding="utf-8"))]
    files = [target for target in targets if target and not target.startswith(("http:", "https:", "mailto:"))]
    assert [target for target in files if not (document.parent / target).exists()] == []


def test_each_decision_is_listed_and_numbered_once() -> None:
    files = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    listed = LINK.findall((DECISIONS / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == files
    assert len({name[:4] for name in files}) == len(files)


def test_each_dependency_is_explained() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[\[<>=!~ ]", requirement, maxsplit=1)[0] for requirement in declared}
    explained = (DECISIONS / "0002-dependencies.md").read_text(encoding="utf-8")
    assert sorted(name for name in names if f"`{name}`" not in explained) == []
