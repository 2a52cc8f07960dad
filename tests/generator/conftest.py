from pathlib import Path

import pytest

from generator.targets import ReleaseTarget


@pytest.fixture
def releases(tmp_path: Path) -> ReleaseTarget:
    return ReleaseTarget(tmp_path / "releases", kept=3, lock_timeout=0.3)
