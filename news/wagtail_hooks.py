"""The themes of news in the CMS."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from news.models import NewsTheme


class NewsThemeViewSet(SnippetViewSet):
    model = NewsTheme
    icon = "tag"
    menu_label = _("News themes")
    list_display = ["name_fr", "name_nl", "slug_fr", "slug_nl"]
    ordering = ["name_fr"]


register_snippet(NewsThemeViewSet)
