import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

OPERATORS = Path("docs/operators.md").read_text(encoding="utf-8")
SETTINGS = [*Path("site/config/settings").glob("*.py"), Path("site/deploy/gunicorn.conf.py")]
SCRIPTS = [path for path in Path("bin").iterdir() if path.is_file() and path.suffix != ".pyc"]
READ_IN_PYTHON = re.compile(r"""(?:env\.\w+|required|environ\.get)\(\s*["']([A-Z][A-Z_]+)["']""")
READ_IN_SHELL = re.compile(r"\$\{([A-Z][A-Z_]+):-")


def variables() -> list[str]:
    found: set[str] = set()
    for path in SETTINGS:
        found.update(READ_IN_PYTHON.findall(path.read_text(encoding="utf-8")))
    for path in SCRIPTS:
        found.update(READ_IN_SHELL.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


@pytest.mark.parametrize("variable", variables())
def test_each_variable_that_is_read_is_described(variable: str) -> None:
    assert f"`{variable}`" in OPERATORS


def test_each_variable_of_the_example_is_described() -> None:
    example = Path("site/deploy/vigie.env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#?([A-Z][A-Z_]+)=", example, flags=re.MULTILINE)
    assert named
    assert [name for name in named if f"`{name}`" not in OPERATORS] == []
