"""The list of scenarios in the CMS, for those who prepare them."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from alerts.scenarios import Scenario


class ScenarioViewSet(SnippetViewSet):
    model = Scenario
    icon = "form"
    menu_label = _("Scenarios")
    list_display = [
        "name_fr",
        "name_nl",
        Column("event", label=_("Event"), accessor="get_event_display", sort_key="event"),
        Column("hours", label=_("Hours"), accessor="hours", sort_key="hours"),
        Column("position", label=_("Position"), accessor="position", sort_key="position"),
    ]
    ordering = ["position"]
    list_per_page = 50
    search_fields = ["name_fr", "name_nl", "headline_fr", "headline_nl"]
    search_backend_name = None
