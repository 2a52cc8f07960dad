from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GeneratorConfig(AppConfig):
    name = "generator"
    verbose_name = _("Publishing")

    def ready(self) -> None:
        from generator import checks, outbox, tracking  # noqa: F401
        from generator.mirrors import jobs  # noqa: F401

        tracking.install()
