"""Chromium, as the tests of the whole site start it."""

from tests.site.conftest import browser_type_launch_args

__all__ = ["browser_type_launch_args"]
