"""Which fields of this app's models have twins."""

from modeltranslation.translator import register

from missions.models import MissionIndexPage, MissionPage
from pages.translation_options import BilingualOptions


@register(MissionIndexPage)
class MissionIndexPageOptions(BilingualOptions):
    fields = ("intro",)


@register(MissionPage)
class MissionPageOptions(BilingualOptions):
    fields = ("intro", "image_alt")
