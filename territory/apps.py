from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoryConfig(AppConfig):
    name = "territory"
    verbose_name = _("Territory")

    def ready(self) -> None:
        from pages.jinja import register_global
        from territory import maps, signals  # noqa: F401

        register_global("territory_map", maps.territory_map)
        register_global("territory_groups", maps.territory_groups)
