"""What the catalogues are made from: source strings wherever they stand."""

import io

import pytest

from pages.messages import extract_django, extract_python

pytestmark = pytest.mark.once

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}


def messages(extract, source: str) -> set:
    return {found[2] for found in extract(io.BytesIO(source.encode()), KEYWORDS, [], {})}


def test_calls_within_f_strings_are_found():
    source = """title = f'{gettext("Alerts")} – {ngettext("one", "many", count)}: {_("Over")}'"""
    assert messages(extract_python, source) >= {"Alerts", ("one", "many", None), "Over"}


def test_calls_outside_f_strings_are_found():
    assert messages(extract_python, "label = _('Over')") == {"Over"}


def test_the_admin_s_templates_are_read():
    source = (
        '{% load i18n %}{% translate "Copy" %} {% blocktranslate %}{{ count }} left{% endblocktranslate %}'
    )
    assert messages(extract_django, source) == {"Copy", "%(count)s left"}
