from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        from alerts import expiry, handover, notices, publishing, rollback, signals, signature  # noqa: F401
        from alerts.delivery import checks, embed, mail, pages, push  # noqa: F401
