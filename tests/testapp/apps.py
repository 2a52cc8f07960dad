from django.apps import AppConfig


class TestAppConfig(AppConfig):
    """A page type that exists only for the tests of `pages`."""

    name = "tests.testapp"
    label = "testapp"
