from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmergencyNumbersConfig(AppConfig):
    name = "emergency_numbers"
    verbose_name = _("Emergency numbers")

    def ready(self) -> None:
        from emergency_numbers import publishing, rendering, signals  # noqa: F401
        from pages.rendering import register_context
        from pages.slots import register_slot

        register_context("emergency", rendering.emergency)
        register_slot("calls")
