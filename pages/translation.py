"""Which fields of this app's models have twins."""

from modeltranslation.translator import register

from pages.models import BilingualPage
from pages.translation_options import BilingualOptions


@register(BilingualPage)
class BilingualPageOptions(BilingualOptions):
    fields = ("title", "slug", "url_path", "draft_title", "seo_title", "search_description", "summary")
