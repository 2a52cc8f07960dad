"""Which fields of this app's models have twins."""

from modeltranslation.translator import register

from pages.translation_options import BilingualOptions
from realisations.models import RealisationIndexPage, RealisationPage, RealisationPartner, RealisationTheme


@register(RealisationIndexPage)
class RealisationIndexPageOptions(BilingualOptions):
    fields = ("intro",)


@register(RealisationPage)
class RealisationPageOptions(BilingualOptions):
    fields = ("image_alt", "measure")


@register(RealisationPartner)
class RealisationPartnerOptions(BilingualOptions):
    fields = ("name",)


@register(RealisationTheme)
class RealisationThemeOptions(BilingualOptions):
    fields = ("name", "slug")
