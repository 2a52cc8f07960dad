"""Which fields of this app's models have twins."""

from modeltranslation.translator import register

import pages.translation  # noqa: F401  (a page type is registered after the base page)
from emergency_numbers.models import Channel, EmergencyNumber, EmergencyNumbersPage, Line, Need
from pages.translation_options import BilingualOptions


@register(Need)
class NeedOptions(BilingualOptions):
    fields = ("name",)


@register(EmergencyNumber)
class EmergencyNumberOptions(BilingualOptions):
    fields = ("name", "purpose")


@register(Line)
class LineOptions(BilingualOptions):
    fields = ("name", "hours", "cost_detail")


@register(Channel)
class ChannelOptions(BilingualOptions):
    fields = ("text", "address")


@register(EmergencyNumbersPage)
class EmergencyNumbersPageOptions(BilingualOptions):
    fields = ("intro",)
