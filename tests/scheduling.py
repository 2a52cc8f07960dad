"""Which worker of pytest-xdist runs what, and what is run first.

By module, because the marks `xdist_group` do nothing: xdist 3.8 writes them where pytest 9.2 does not read them.
"""

from typing import Any

import pytest
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


BY_LANGUAGE = ("search", "list", "sort", "order", "filter", "slug", "address")
"""What a database may do in another way in another language."""


def rank(nodeid: str) -> int:
    """What has a lower rank is run before."""
    module = nodeid.partition("::")[0]
    return WHOLE.index(module) if module in WHOLE else len(WHOLE)


def is_decided(item: pytest.Item) -> bool:
    """Whether PostgreSQL could tell nothing that the test in French, and this one on SQLite, do not: all that is the
    same there in both languages, as searching and sorting are not."""
    parameters = (
        item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    )
    return parameters.get("language") == "nl" and not any(word in item.nodeid for word in BY_LANGUAGE)


class Scheduling(LoadScopeScheduling):
    """Test by test to whoever is free, but for the modules in WHOLE."""

    def __init__(self, config: Any, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if rank(nodeid) == len(WHOLE) else nodeid.partition("::")[0]
