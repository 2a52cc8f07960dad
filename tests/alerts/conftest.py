from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

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
