"""Which fields of this app's models have twins."""

from modeltranslation.translator import register

from news.models import NewsIndexPage, NewsPage, NewsTheme
from pages.translation_options import BilingualOptions


@register(NewsIndexPage)
class NewsIndexPageOptions(BilingualOptions):
    fields = ("intro",)


@register(NewsPage)
class NewsPageOptions(BilingualOptions):
    fields = ("image_alt",)


@register(NewsTheme)
class NewsThemeOptions(BilingualOptions):
    fields = ("name", "slug")
