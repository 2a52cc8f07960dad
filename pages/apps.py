from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        # Before Wagtail's own apps are ready: they mount API v3, whose routers read the registered page types.
        from pages import checks, publishing, signals, wagtail_api  # noqa: F401
