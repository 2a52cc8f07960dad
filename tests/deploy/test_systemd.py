import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

UNITS = sorted(Path("site/deploy/systemd").iterdir())
EXAMPLE = Path("site/deploy/vigie.env.example")


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    verifier = shutil.which("systemd-analyze")
    if verifier is None:
        pytest.skip("systemd-analyze is missing")
    copies = []
    for unit in UNITS:
        copy = tmp_path / unit.name
        # The programs are those of a server; here it is enough that something executable stands there.
        text = re.sub(r"^(Exec\w+=)(?!/bin/)\S+", r"\1/bin/true", unit.read_text(), flags=re.MULTILINE)
        copy.write_text(text.replace("file:/srv/vigie/docs/operators.md", "man:true(1)"))
        copies.append(str(copy))
    environment = os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    verified = subprocess.run(
        [verifier, "verify", "--man=no", *copies],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    problems = [line for line in verified.stderr.splitlines() if any(unit.name in line for unit in UNITS)]
    assert not problems


def test_the_example_environment_holds_no_secret() -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("#")]
    values = dict(line.split("=", 1) for line in lines)
    assert values["SECRET_KEY"] == ""
    assert "@" not in values["DATABASE_URL"]
