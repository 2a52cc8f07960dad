"""What the authority is there for: one page a mission."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.search import index

from pages.blocks import ContactBlock
from pages.fields import body_field
from pages.illustrated import IllustratedPage, image_panel
from pages.languages import twins
from pages.models import BilingualPage
from pages.panels import twin_panel

if TYPE_CHECKING:
    from pages.rendering import Rendering


class MissionIndexPage(BilingualPage):
    """The missions, in the order of the page tree."""

    intro = models.TextField(_("introduction"), blank=True)

    template = "missions/mission_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["missions.MissionPage"]
    max_count = 1

    content_panels = [*BilingualPage.content_panels, twin_panel("intro")]

    class Meta:
        verbose_name = _("list of missions")
        verbose_name_plural = _("lists of missions")

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        node = rendering.node
        return {"missions": rendering.graph.children(node) if node else ()}


class MissionPage(IllustratedPage):
    """One mission: what it is, whom to reach, what has been realised (which realisations themselves say)."""

    intro = models.TextField(_("introduction"), blank=True)
    body = body_field()
    contacts = StreamField([("contact", ContactBlock())], blank=True, verbose_name=_("contacts"))

    template = "missions/mission_page.html"
    parent_page_types = ["missions.MissionIndexPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BilingualPage.content_panels,
        twin_panel("intro"),
        image_panel(),
        FieldPanel("body"),
        FieldPanel("contacts"),
    ]
    api_fields = [
        *IllustratedPage.api_fields,
        *(APIField(name, writable=True) for name in twins("intro")),
        APIField("body"),
        APIField("contacts"),
    ]
    search_fields = [*BilingualPage.search_fields, *(index.SearchField(name) for name in twins("intro"))]

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        node = rendering.node
        parent = rendering.graph.parent(node) if node else None
        siblings = rendering.graph.children(parent) if parent else ()
        return {"other_missions": [each for each in siblings if each.id != self.pk]}
