"""What everything depends on and nobody edits."""

from copy import deepcopy
from typing import Any

import pytest

from generator import registry
from generator.version import code_version, version

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


def test_what_hreflang_says_makes_another_site(settings: Any) -> None:
    before = version(URL)
    settings.VIGIE_HREFLANG = {"fr": "fr", "nl": "nl"}
    assert version(URL) != before


@pytest.mark.parametrize(("option", "is_other"), [("trim_blocks", True), ("compiled", False)])
def test_an_option_of_the_templates_makes_another_version(settings: Any, option: str, is_other: bool) -> None:
    before = code_version.__wrapped__()
    (public, *others) = deepcopy(settings.TEMPLATES)
    public["OPTIONS"][option] = "other"
    settings.TEMPLATES = [public, *others]
    assert (code_version.__wrapped__() != before) is is_other


def test_every_shown_setting_is_one(settings: Any) -> None:
    assert registry.default.shown_settings
    assert all(hasattr(settings, name) for name in registry.default.shown_settings)
