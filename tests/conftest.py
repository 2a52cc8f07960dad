"""What tests measure is told at the end of the run, whichever process measured it."""

from collections.abc import Callable
from typing import Any

import pytest

FIGURES = "figures"
Figures = Callable[[str], None]


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    """Call it with what the test found, in words and numbers."""
    return lambda text: record_property(FIGURES, text)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    told = [value for report in reports for name, value in report.user_properties if name == FIGURES]
    if told:
        terminalreporter.section("figures")
        for text in told:
            terminalreporter.write_line(str(text))
