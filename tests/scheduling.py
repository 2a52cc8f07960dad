"""Which worker of pytest-xdist runs what, and what is run first.

By module, because the marks `xdist_group` do nothing: xdist 3.8 writes them where pytest 9.2 does not read them.
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling

WHOLE = (
    "tests/site/test_journey.py",
    "tests/docs/test_page_type_example.py",
    "tests/site/test_officer.py",
    "tests/site/test_notifications.py",
    "tests/alerts/test_kill.py",
    "tests/site/test_private.py",
    "tests/site/test_alone.py",
    "tests/benchmarks/test_filling.py",
    "tests/home/test_load_demo.py",
)
"""Modules whose fixture takes longer than their tests, and is made once because one worker runs all of them. They come
first, so that no worker ends with them alone. The first makes the demo site and the second does without, so that two
workers begin without one waiting for the other."""


def rank(nodeid: str) -> int:
    """What has a lower rank is run before."""
    module = nodeid.partition("::")[0]
    return WHOLE.index(module) if module in WHOLE else len(WHOLE)


class Scheduling(LoadScopeScheduling):
    """Test by test to whoever is free, but for the modules in WHOLE."""

    def __init__(self, config: Any, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if rank(nodeid) == len(WHOLE) else nodeid.partition("::")[0]
