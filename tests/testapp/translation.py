from modeltranslation.translator import register

from pages.translation_options import BilingualOptions
from tests.testapp.models import ArticleLink, ArticlePage, AsidePage, Topic


@register(ArticlePage)
class ArticlePageOptions(BilingualOptions):
    fields = ("intro", "note", "advice")


@register(AsidePage)
class AsidePageOptions(BilingualOptions):
    fields = ()


@register(ArticleLink)
class ArticleLinkOptions(BilingualOptions):
    fields = ("label",)


@register(Topic)
class TopicOptions(BilingualOptions):
    fields = ("name",)
