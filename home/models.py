"""The home page, plain pages and the settings of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.api import APIField
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Orderable

from alerts.models import AlertPage
from emergency_numbers.models import EmergencyNumbersPage
from generator.headers import CONTENT_SECURITY_POLICY
from news.models import latest
from pages.fields import body_field
from pages.illustrated import IllustratedPage, image_panel
from pages.languages import twins
from pages.mixins import BilingualModel
from pages.models import BilingualPage
from pages.panels import twin_panel
from realisations.catalogue import Realisation, public, record_item

if TYPE_CHECKING:
    from pages.rendering import Rendering

NEWS_COUNT = 3
LISTED = 12
"""How many pages of a section the map of the site names."""
UNLISTED = {AlertPage._meta.label_lower}
"""Alerts that are over stand in their own list only."""
SEARCH_POLICY = f"{CONTENT_SECURITY_POLICY}; script-src 'self' 'wasm-unsafe-eval'"
"""The index is read by WebAssembly."""
NUMBERS_PAGE: str = EmergencyNumbersPage._meta.label_lower


class HomePage(IllustratedPage):
    """The site's first page: the mission, the numbers to call, missions, news, chosen realisations."""

    hero_title = models.CharField(_("headline"), max_length=120)
    hero_lead = models.TextField(_("lead"), max_length=400, blank=True)
    hero_label = models.CharField(_("link text"), max_length=80, blank=True)
    hero_page = models.ForeignKey(
        BilingualPage,
        verbose_name=_("link to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    numbers_text = models.CharField(
        _("text beside the emergency numbers"),
        max_length=300,
        blank=True,
        help_text=_("Helps to choose between 112 and 101."),
    )

    template = "home/home_page.html"
    is_urgent = True
    parent_page_types = ["pages.BilingualPage"]
    subpage_types = [
        "missions.MissionIndexPage",
        "news.NewsIndexPage",
        "realisations.RealisationIndexPage",
        "publications.PublicationIndexPage",
        "emergency_numbers.EmergencyNumbersPage",
        "alerts.AlertIndexPage",
        "home.StandardPage",
        "home.SearchPage",
    ]
    max_count = 1

    content_panels = [
        *BilingualPage.content_panels,
        MultiFieldPanel(
            [
                twin_panel("hero_title"),
                twin_panel("hero_lead"),
                FieldPanel("hero_page"),
                twin_panel("hero_label"),
            ],
            heading=_("Headline"),
        ),
        image_panel(),
        twin_panel("numbers_text"),
        InlinePanel(
            "chosen_realisations", heading=_("Chosen realisations"), label=_("Realisation"), max_num=6
        ),
    ]

    api_fields = [
        *IllustratedPage.api_fields,
        *(
            APIField(name, writable=True)
            for stem in ("hero_title", "hero_lead", "hero_label", "numbers_text")
            for name in twins(stem)
        ),
    ]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        graph, run = rendering.graph, rendering.run
        missions_page = graph.first("missions.missionindexpage")
        return {
            "numbers_page": graph.first(NUMBERS_PAGE),
            "hero_url": graph.url(self.hero_page_id, rendering.language) if self.hero_page_id else None,
            "missions_page": missions_page,
            "missions": graph.children(missions_page) if missions_page else (),
            "news_page": graph.first("news.newsindexpage"),
            "news": latest(run, NEWS_COUNT),
            "realisations_page": graph.first("realisations.realisationindexpage"),
            "realisations": self.chosen(rendering),
        }

    def chosen(self, rendering: Rendering) -> list[Realisation]:
        """The chosen realisations that are public, in the editors' order."""
        found = public(rendering.run)
        chosen = [each.realisation_id for each in self.chosen_realisations.all()]
        for pk in chosen:
            record_item(pk)
        return [found[pk] for pk in chosen if pk in found]


class ChosenRealisation(Orderable):
    """A realisation that the home page shows."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="chosen_realisations")
    realisation = models.ForeignKey(
        "realisations.RealisationPage",
        verbose_name=_("realisation"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels = [PageChooserPanel("realisation", "realisations.RealisationPage")]

    class Meta(Orderable.Meta):
        verbose_name = _("chosen realisation")
        verbose_name_plural = _("chosen realisations")

    def __str__(self) -> str:
        return str(self.realisation)


class Role(models.TextChoices):
    """What a plain page is for, where the law or the site's footer needs to find it."""

    CONTACT = "contact", _("Contact")
    ACCESSIBILITY = "accessibility", _("Accessibility statement")
    TRANSPARENCY = "transparency", _("Transparency")
    PRIVACY = "privacy", _("Privacy")


class StandardPage(BilingualPage):
    """A plain page. One with a role is linked from the foot of every page."""

    role = models.CharField(
        _("role"),
        max_length=16,
        choices=Role,
        blank=True,
        help_text=_("Pages with a role are linked from the foot of every page; each role has one page."),
    )
    body = body_field()

    template = "pages/standard_page.html"
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    content_panels = [*BilingualPage.content_panels, FieldPanel("body")]
    promote_panels = [*BilingualPage.promote_panels, FieldPanel("role")]

    api_fields = [*BilingualPage.api_fields, APIField("role"), APIField("body")]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")

    def clean(self) -> None:
        super().clean()
        if not self.role:
            return
        taken = StandardPage.objects.filter(role=self.role).exclude(pk=self.pk).first()
        if taken:
            message = gettext("“%(page)s” has this role already. Take it from that page first.")
            raise ValidationError({"role": message % {"page": taken.get_admin_display_title()}})


class SearchPage(BilingualPage):
    """A map of the site; where scripts run, a search over its pages too (generator.search makes the index)."""

    template = "home/search_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []
    max_count = 1
    searchable = False
    document_headers = {"Content-Security-Policy": SEARCH_POLICY}

    class Meta:
        verbose_name = _("search page")
        verbose_name_plural = _("search pages")

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        graph = rendering.graph
        sections = graph.children(graph.root) if graph.root else ()
        return {
            "sections": [
                (node, [child for child in graph.children(node) if child.type not in UNLISTED])
                for node in sections
                if node.id != self.pk
            ],
            "listed": LISTED,
        }


@register_setting(icon="cog")
class SiteSettings(BilingualModel, ClusterableModel, BaseGenericSetting):
    """What is said of the authority on every page. Counter, phone and post stand beside the mail address:
    digital must not be the only way."""

    name = models.CharField(_("name of the site"), max_length=120)
    short_name = models.CharField(
        _("short name"), max_length=24, blank=True, help_text=_("Under the icon on a phone's screen.")
    )
    tagline = models.CharField(_("what the site is, in a line"), max_length=200, blank=True)
    notice = models.CharField(
        _("notice"),
        max_length=300,
        blank=True,
        help_text=_("Shown at the foot of every page, if there is one."),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_hours = models.CharField(_("phone hours"), max_length=200, blank=True)
    email = models.EmailField(_("email"), blank=True)
    address = models.TextField(_("counter"), blank=True, help_text=_("The address, a line each."))
    hours = models.CharField(_("counter hours"), max_length=200, blank=True)
    postal_address = models.TextField(_("postal address"), blank=True, help_text=_("A line each."))

    panels = [
        MultiFieldPanel(
            [twin_panel("name"), FieldPanel("short_name"), twin_panel("tagline"), twin_panel("notice")],
            heading=_("Name"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                twin_panel("phone_hours"),
                twin_panel("address"),
                twin_panel("hours"),
                twin_panel("postal_address"),
            ],
            heading=_("Contact"),
        ),
        InlinePanel("social_links", heading=_("Social media"), label=_("Account")),
    ]

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")

    @classmethod
    def _get_or_create(cls) -> SiteSettings:
        return cls.base_queryset().first() or cls.objects.create(name_fr="Vigie", name_nl="Vigie")


class SocialLink(Orderable, BilingualModel):
    """An account on a social network, which may differ by language."""

    settings = ParentalKey(SiteSettings, on_delete=models.CASCADE, related_name="social_links")
    network = models.CharField(_("network"), max_length=40)
    url = models.URLField(_("address"))

    panels = [FieldPanel("network"), twin_panel("url")]

    class Meta(Orderable.Meta):
        verbose_name = _("social media account")
        verbose_name_plural = _("social media accounts")

    def __str__(self) -> str:
        return self.network
