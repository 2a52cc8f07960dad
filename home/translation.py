"""Which fields of this app's models have twins."""

from modeltranslation.translator import register

from home.models import HomePage, SearchPage, SiteSettings, SocialLink, StandardPage
from pages.translation_options import BilingualOptions


@register(HomePage)
class HomePageOptions(BilingualOptions):
    fields = ("hero_title", "hero_lead", "hero_label", "image_alt", "numbers_text")


@register(StandardPage)
class StandardPageOptions(BilingualOptions):
    fields = ()


@register(SearchPage)
class SearchPageOptions(BilingualOptions):
    fields = ()


@register(SiteSettings)
class SiteSettingsOptions(BilingualOptions):
    fields = ("name", "tagline", "notice", "phone_hours", "address", "hours", "postal_address")


@register(SocialLink)
class SocialLinkOptions(BilingualOptions):
    fields = ("url",)
