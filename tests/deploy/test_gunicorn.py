import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from gunicorn.config import KNOWN_SETTINGS

pytestmark = pytest.mark.once

CONFIGURATION = Path("site/deploy/gunicorn.conf.py")


def test_every_setting_is_one_that_gunicorn_knows() -> None:
    """gunicorn passes over names it does not know without a word."""
    names = {name for name, value in runpy.run_path(str(CONFIGURATION)).items() if not name.startswith("_")}
    assert names - {"os", "Path"} <= {setting.name for setting in KNOWN_SETTINGS}


def test_gunicorn_accepts_the_file_from_any_folder(tmp_path: Path) -> None:
    project = Path.cwd()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": str(project / "site"),
    }
    command = [sys.executable, "-m", "gunicorn", "--check-config", "--config", str(project / CONFIGURATION)]
    checked = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
