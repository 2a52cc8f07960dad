from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "pages"
    verbose_name = _("Pages")

    def ready(self) -> None:
        # Before Wagtail's own apps are ready: they mount API v3, whose routers read the registered page types.
        from pages import checks, publishing, signals, wagtail_api, withdrawn  # noqa: F401
        from pages.translation_options import read_twins_at_once

        keep_bare_fields_out_of_the_reference_index()
        read_twins_at_once()


def keep_bare_fields_out_of_the_reference_index() -> None:
    """What a text refers to is counted in its twins; the untranslated column holds one of them again."""
    from modeltranslation.translator import translator

    for model in translator.get_registered_models():
        for name in translator.get_options_for_model(model).local_fields:
            field: Any = model._meta.get_field(name)
            field.wagtail_reference_index_ignore = True
            if hasattr(field, "extract_references"):
                field.extract_references = lambda _value: ()
