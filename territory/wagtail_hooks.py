"""Municipalities and zones in the CMS. Who may change them: the groups' permissions (site managers)."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from territory.models import Municipality, PoliceZone


class MunicipalityViewSet(SnippetViewSet):
    model = Municipality
    icon = "site"
    menu_label = _("Municipalities")
    list_display = ["nis", "name_fr", "name_nl", "valid_from", "valid_until"]
    list_per_page = 50
    ordering = ["nis"]
    search_fields = ["nis", "name_fr", "name_nl"]
    search_backend_name = None
    chooser_per_page = 50
    inspect_view_enabled = True


class PoliceZoneViewSet(SnippetViewSet):
    model = PoliceZone
    icon = "group"
    menu_label = _("Police zones")
    list_display = ["code", "name_fr", "name_nl", "valid_from", "valid_until"]
    ordering = ["code"]
    search_fields = ["code", "name_fr", "name_nl"]
    search_backend_name = None
    inspect_view_enabled = True


class TerritoryGroup(SnippetViewSetGroup):
    items = (MunicipalityViewSet, PoliceZoneViewSet)
    menu_label = _("Territory")
    menu_icon = "site"
    menu_order = 600


register_snippet(TerritoryGroup)
