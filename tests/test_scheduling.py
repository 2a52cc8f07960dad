from pathlib import Path

import pytest

from tests import scheduling

pytestmark = pytest.mark.once


@pytest.mark.parametrize("module", scheduling.WHOLE)
def test_what_one_worker_runs_is_there(module: str) -> None:
    assert Path(module).is_file()


def test_a_whole_module_is_one_piece_of_work_and_other_tests_are_one_each() -> None:
    class Numbered(scheduling.Scheduling):
        def __init__(self) -> None:
            pass

    split = Numbered()._split_scope
    whole = f"{scheduling.WHOLE[0]}::test_a"
    assert split(whole) == split(f"{scheduling.WHOLE[0]}::test_b[x::y]") == scheduling.WHOLE[0]
    assert split("tests/a.py::test_a[1]") != split("tests/a.py::test_a[2]")
    assert scheduling.rank(whole) < scheduling.rank("tests/a.py::test_a[1]")
