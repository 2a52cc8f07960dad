"""Municipalities, zones and landmarks in the CMS. Who may change them: the groups' permissions (site managers, and
duty officers for landmarks)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from territory.models import Landmark, Municipality, PoliceZone
from territory.svg import GEOJSON


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


class LandmarkViewSet(SnippetViewSet):
    model = Landmark
    icon = "pin"
    menu_label = _("Landmarks")
    list_display = ["name_fr", "name_nl", "shapes"]
    list_per_page = 50
    ordering = ["name_fr"]
    search_fields = ["name_fr", "name_nl"]
    search_backend_name = None


class TerritoryGroup(SnippetViewSetGroup):
    items = (MunicipalityViewSet, PoliceZoneViewSet, LandmarkViewSet)
    menu_label = _("Territory")
    menu_icon = "site"
    menu_order = 600


register_snippet(TerritoryGroup)


def borders(request: HttpRequest) -> HttpResponse:
    """The municipalities' borders, for the map of shapes."""
    response = HttpResponse(GEOJSON.read_bytes(), content_type="application/geo+json")
    response["Cache-Control"] = "private, max-age=86400"
    return response


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [path("territory/borders.geojson", borders, name="territory_borders")]
