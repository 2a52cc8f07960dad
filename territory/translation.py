"""Which fields of this app's models have twins."""

from modeltranslation.translator import register

from pages.translation_options import BilingualOptions
from territory.models import Landmark, Municipality, PoliceZone


@register(Municipality)
class MunicipalityOptions(BilingualOptions):
    fields = ("name", "slug")


@register(PoliceZone)
class PoliceZoneOptions(BilingualOptions):
    fields = ("name", "slug")


@register(Landmark)
class LandmarkOptions(BilingualOptions):
    fields = ("name",)
