"""Realisations: what has been done, where, when, with whom, under which mission and plan."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from generator.recording import shared
from pages.blocks import FactBlock
from pages.fields import body_field
from pages.illustrated import IllustratedPage, image_panel
from pages.languages import twins
from pages.listing import Entry, Facet, Listing, ListingPage, Term, suffix
from pages.mixins import BilingualModel
from pages.models import BilingualPage
from pages.panels import twin_panel
from pages.vocabulary import VocabularyTerm, terms
from realisations import catalogue

if TYPE_CHECKING:
    from pages.rendering import Rendering, Run

PER_PAGE = 9
INDEX_NAME = "index.json"
THEME = Facet("theme", _("Theme"), {"fr": "theme", "nl": "thema"})
MISSION = Facet("mission", _("Mission"), {"fr": "mission", "nl": "opdracht"}, alphabetical=False)
MUNICIPALITY = Facet("municipality", _("Municipality"), {"fr": "commune", "nl": "gemeente"})
YEAR = Facet("year", _("Year"), {"fr": "annee", "nl": "jaar"}, alphabetical=False)


class RealisationTheme(VocabularyTerm):
    """What a realisation is about."""

    class Meta(VocabularyTerm.Meta):
        verbose_name = _("realisation theme")
        verbose_name_plural = _("realisation themes")


def today() -> datetime.date:
    return timezone.localdate()


class RealisationIndexPage(ListingPage, BilingualPage):
    """The realisations, those that began last first; by theme, mission, municipality and year.

    Combining filters is an enhancement over the document `INDEX_NAME` beside it (realisations/publishing.py).
    """

    intro = models.TextField(_("introduction"), blank=True)

    template = "realisations/realisation_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["realisations.RealisationPage"]
    max_count = 1

    content_panels = [*BilingualPage.content_panels, twin_panel("intro")]

    class Meta:
        verbose_name = _("list of realisations")
        verbose_name_plural = _("lists of realisations")

    @classmethod
    def listing_of(cls, index_id: int, run: Run) -> Listing:
        graph = run.graph
        found = [item for item in catalogue.realisations(graph) if item.node.parent_id == index_id]
        years = sorted({year for item in found for year in item.years}, reverse=True)
        used = {item.mission_id for item in found}
        missions = (graph.nodes[pk] for pk in graph.nodes if pk in used)
        facets = (
            replace(THEME, terms=terms(RealisationTheme)),
            replace(MISSION, terms=tuple(Term(str(node.id), node.titles, node.slugs) for node in missions)),
            replace(MUNICIPALITY, terms=catalogue.municipality_terms()),
            replace(YEAR, terms=tuple(map(Term.neutral, years))),
        )
        entries = (
            Entry(
                item.node,
                {
                    "theme": (str(item.theme_id),),
                    "mission": (str(item.mission_id),),
                    "municipality": item.municipalities,
                    "year": tuple(map(str, item.years)),
                },
                item,
                shown=catalogue.told(item),
            )
            for item in found
        )
        return Listing(entries, facets, PER_PAGE)


class RealisationPage(IllustratedPage):
    """A realisation. Where it takes place: police zones, municipalities, or both."""

    theme = models.ForeignKey(
        RealisationTheme,
        verbose_name=_("theme"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    start = models.DateField(_("began on"), default=today, db_index=True)
    end = models.DateField(_("ended on"), null=True, blank=True, help_text=_("Empty: it goes on."))
    mission = models.ForeignKey(
        "missions.MissionPage",
        verbose_name=_("mission"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    measure = models.CharField(
        _("measure of the plan"), max_length=300, blank=True, help_text=_("The measure that it carries out.")
    )
    plan = models.ForeignKey(
        "publications.PublicationPage",
        verbose_name=_("plan"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    police_zones = ParentalManyToManyField(
        "territory.PoliceZone", verbose_name=_("police zones"), blank=True, related_name="+"
    )
    municipalities = ParentalManyToManyField(
        "territory.Municipality", verbose_name=_("municipalities"), blank=True, related_name="+"
    )
    figures = StreamField([("figure", FactBlock(label=_("Figure")))], blank=True, verbose_name=_("figures"))
    body = body_field()

    template = "realisations/realisation_page.html"
    document_relations = (
        *IllustratedPage.document_relations,
        *("theme", "police_zones", "municipalities", "partners"),
    )
    parent_page_types = ["realisations.RealisationIndexPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BilingualPage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("theme", widget=forms.Select), FieldPanel("start"), FieldPanel("end")]
                ),
                FieldRowPanel(
                    [
                        PageChooserPanel("mission", "missions.MissionPage"),
                        PageChooserPanel("plan", "publications.PublicationPage"),
                    ]
                ),
                twin_panel("measure"),
            ],
            heading=_("When and why"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("police_zones", widget=forms.CheckboxSelectMultiple),
                FieldPanel("municipalities", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("Where"),
        ),
        InlinePanel("partners", heading=_("Partners"), label=_("Partner")),
        image_panel(),
        FieldPanel("figures"),
        FieldPanel("body"),
    ]
    api_fields = [
        *IllustratedPage.api_fields,
        *(APIField(name, writable=True) for name in twins("measure")),
        *map(APIField, ("theme", "start", "end", "mission", "plan", "police_zones", "municipalities")),
        *map(APIField, ("partners", "figures", "body")),
    ]
    search_fields = [
        *BilingualPage.search_fields,
        *(index.SearchField(name) for name in twins("measure")),
        index.FilterField("start"),
        index.FilterField("end"),
    ]

    class Meta:
        verbose_name = _("realisation")
        verbose_name_plural = _("realisations")

    def clean(self) -> None:
        super().clean()
        if self.end and self.end < self.start:
            raise ValidationError(
                {
                    "end": gettext("The end (%(end)s) is before the beginning (%(start)s).")
                    % {"start": self.start, "end": self.end}
                }
            )

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        node, graph, language = rendering.node, rendering.graph, rendering.language
        parent = graph.parent(node) if node else graph.first("realisations.realisationindexpage")
        theme = self.theme.as_term() if self.theme else None
        mission = graph.node(self.mission_id) if self.mission_id else None
        last_day = catalogue.last_day(self.end)
        alike = catalogue.of_mission(rendering.run, mission.id if mission else None)
        return {
            "theme": theme,
            "theme_url": parent.urls[language] + suffix(THEME, theme, 1, language)
            if parent and theme
            else None,
            "mission": mission,
            "plan": graph.node(self.plan_id) if self.plan_id else None,
            "municipality_codes": shared(
                ("realisation.where", self.pk, last_day), lambda: self._where(last_day, rendering.run)
            ),
            "places_on": last_day,
            "partners": self.rows_of("partners"),
            "nearby": [item for item in alike[:4] if item.node.id != self.pk][:3],
        }

    def _where(self, day: datetime.date, run: Run) -> tuple[str, ...]:
        """The NIS codes of the municipalities where it takes place, those of its zones on `day` among them."""
        zones = {zone.pk for zone in self.rows_of("police_zones")}
        chosen = [municipality.nis for municipality in self.rows_of("municipalities")]
        return tuple(sorted(catalogue.covered(zones, chosen, day, run.once)))


class RealisationPartner(Orderable, BilingualModel):
    """Who took part."""

    page = ParentalKey(RealisationPage, on_delete=models.CASCADE, related_name="partners")
    name = models.CharField(_("name"), max_length=160)

    panels = [twin_panel("name")]

    class Meta(Orderable.Meta):
        verbose_name = _("partner")
        verbose_name_plural = _("partners")

    def __str__(self) -> str:
        return self.name or ""
