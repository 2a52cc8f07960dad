from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RealisationsConfig(AppConfig):
    name = "realisations"
    verbose_name = _("Realisations")

    def ready(self) -> None:
        from pages.jinja import register_global
        from realisations import catalogue, publishing  # noqa: F401

        register_global("realisations_of", catalogue.realisations_of)
        register_global("realisation_item", catalogue.realisation_item)
