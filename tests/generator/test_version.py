"""What everything depends on and nobody edits."""

from typing import Any

import pytest

from generator import registry
from generator.version import version

pytestmark = pytest.mark.once

URL = "https://vigie.example"


def test_a_setting_that_documents_print_makes_another_site(settings: Any) -> None:
    before = version(URL)
    assert version(URL) == before
    settings.VIGIE_SENDER_NAME = "Another authority"
    assert version(URL) != before


def test_a_setting_that_none_prints_does_not(settings: Any) -> None:
    before = version(URL)
    settings.VIGIE_RELEASES_KEPT = 17
    assert version(URL) == before


def test_every_shown_setting_is_one(settings: Any) -> None:
    assert registry.default.shown_settings
    assert all(hasattr(settings, name) for name in registry.default.shown_settings)
