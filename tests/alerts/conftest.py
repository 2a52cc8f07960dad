from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.site.conftest import browser_type_launch_args  # noqa: F401  (Debian's Chromium)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """What `timezone.now()` says, as long as a test holds it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.time = NOON
        monkeypatch.setattr(timezone, "now", lambda: self.time)

    def __call__(self, **ahead: float) -> datetime:
        """Move it, as in `clock(minutes=5)`."""
        self.time += timedelta(**ahead)
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Noon UTC on 22 November 2026."""
    return Clock(monkeypatch)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """No service worker comes between the tests and the pages."""
    return {**browser_context_args, "service_workers": "block", "locale": "fr-BE"}
