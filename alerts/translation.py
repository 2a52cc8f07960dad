"""Which fields of this app's models have twins."""

from modeltranslation.translator import register

from alerts.models import AlertIndexPage, AlertPage
from alerts.scenarios import Scenario
from pages.translation_options import BilingualOptions


@register(AlertIndexPage)
class AlertIndexPageOptions(BilingualOptions):
    pass


@register(AlertPage)
class AlertPageOptions(BilingualOptions):
    fields = ("what", "instruction", "area", "contact", "image_alt")


@register(Scenario)
class ScenarioOptions(BilingualOptions):
    fields = ("name", "headline", "what", "instruction")
