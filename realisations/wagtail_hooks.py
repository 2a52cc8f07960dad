"""The themes of realisations in the CMS."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from realisations.models import RealisationTheme


class RealisationThemeViewSet(SnippetViewSet):
    model = RealisationTheme
    icon = "tag"
    menu_label = _("Realisation themes")
    list_display = ["name_fr", "name_nl", "slug_fr", "slug_nl"]
    ordering = ["name_fr"]


register_snippet(RealisationThemeViewSet)
