"""Plans and reports: what the law has the authority and its partners write, to read and to download."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.documents import get_document_model
from wagtail.search import index

from pages.completeness import Incomplete
from pages.fields import body_field
from pages.languages import LANGUAGES, override, twin, twins
from pages.listing import Entry, Facet, Listing, ListingPage, Term
from pages.models import BilingualPage
from pages.panels import twin_panel

if TYPE_CHECKING:
    from pages.graph import PageNode, SiteGraph
    from pages.models import PublicDocument
    from pages.rendering import Rendering, Run

PER_PAGE = 10
YEARS = (MinValueValidator(1990), MaxValueValidator(2100))


class Kind(models.TextChoices):
    PGSP = "pgsp", _("Global Security and Prevention Plan")
    ZONAL = "zonal", _("Zonal security plan")
    LOCAL = "local", _("Local prevention and proximity plan")
    REPORT = "report", _("Report")


KIND_SLUGS = {
    Kind.PGSP: {"fr": "plan-global", "nl": "globaal-plan"},
    Kind.ZONAL: {"fr": "plans-zonaux", "nl": "zonale-plannen"},
    Kind.LOCAL: {"fr": "plans-locaux", "nl": "lokale-plannen"},
    Kind.REPORT: {"fr": "rapports", "nl": "verslagen"},
}
KIND = Facet("kind", _("Kind"), {"fr": "type", "nl": "soort"}, alphabetical=False)
YEAR = Facet("year", _("Year"), {"fr": "annee", "nl": "jaar"}, alphabetical=False)


def kind_terms() -> tuple[Term, ...]:
    """The kinds as terms of a list, in their order."""
    labels: dict[str, dict[str, str]] = {kind: {} for kind in Kind}
    for language in LANGUAGES:
        with override(language):
            for kind in Kind:
                labels[kind][language] = str(kind.label)
    return tuple(Term(kind.value, labels[kind], KIND_SLUGS[kind]) for kind in Kind)


def today() -> datetime.date:
    return timezone.localdate()


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication in a list; `documents` are by language, None where the file is gone."""

    node: PageNode
    kind: str
    date: datetime.date
    period: str
    documents: Mapping[str, PublicDocument | None]

    @property
    def kind_label(self) -> str | Promise:
        return Kind(self.kind).label


def publications(graph: SiteGraph) -> list[Publication]:
    """Every public publication, the newest first, from two queries."""
    nodes = {node.id: node for node in graph.of_type("publications.publicationpage")}
    columns = (
        "pk",
        "kind",
        "date",
        "period_start",
        "period_end",
        *(f"{name}_id" for name in twins("document")),
    )
    rows = [row for row in PublicationPage.objects.order_by().values_list(*columns) if row[0] in nodes]
    files = get_document_model().objects.in_bulk({pk for row in rows for pk in row[5:] if pk})
    found = [
        Publication(
            nodes[pk],
            kind,
            date,
            period(start, end),
            {language: files.get(document) for language, document in zip(LANGUAGES, documents, strict=True)},
        )
        for pk, kind, date, start, end, *documents in rows
    ]
    return sorted(found, key=lambda item: (item.date, item.node.id), reverse=True)


def period(start: int | None, end: int | None) -> str:
    """The years that a publication covers: "2022–2025", "2024" or ""."""
    if start and end and start != end:
        return f"{start}–{end}"
    return str(start or end or "")


class PublicationIndexPage(ListingPage, BilingualPage):
    """The publications, newest first; by kind and by year."""

    intro = models.TextField(_("introduction"), blank=True)

    template = "publications/publication_index_page.html"
    parent_page_types = ["home.HomePage"]
    subpage_types = ["publications.PublicationPage"]
    max_count = 1

    content_panels = [*BilingualPage.content_panels, twin_panel("intro")]

    class Meta:
        verbose_name = _("list of publications")
        verbose_name_plural = _("lists of publications")

    @classmethod
    def listing_of(cls, index_id: int, run: Run) -> Listing:
        found = [item for item in publications(run.graph) if item.node.parent_id == index_id]
        years = sorted({item.date.year for item in found}, reverse=True)
        facets = (replace(KIND, terms=kind_terms()), replace(YEAR, terms=tuple(map(Term.neutral, years))))
        entries = (
            Entry(
                item.node,
                {"kind": (item.kind,), "year": (str(item.date.year),)},
                item,
                shown=(item.kind, item.period, [each and each.pk for each in item.documents.values()]),
            )
            for item in found
        )
        return Listing(entries, facets, PER_PAGE)


class PublicationPage(BilingualPage):
    """A plan or a report, with its document in each language. It cannot be live without both."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.REPORT)
    date = models.DateField(_("date of publication"), default=today, db_index=True)
    period_start = models.PositiveSmallIntegerField(
        _("first year covered"), null=True, blank=True, validators=YEARS
    )
    period_end = models.PositiveSmallIntegerField(
        _("last year covered"), null=True, blank=True, validators=YEARS
    )
    document_fr = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        verbose_name=_("document (French)"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    document_nl = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        verbose_name=_("document (Dutch)"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    body = body_field()

    template = "publications/publication_page.html"
    document_relations = twins("document")
    parent_page_types = ["publications.PublicationIndexPage"]
    subpage_types: list[str] = []

    content_panels = [
        *BilingualPage.content_panels,
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("kind"), FieldPanel("date")]),
                FieldRowPanel([FieldPanel("period_start"), FieldPanel("period_end")]),
                twin_panel("document"),
            ],
            heading=_("Publication"),
        ),
        FieldPanel("body"),
    ]
    api_fields = [
        *BilingualPage.api_fields,
        *map(APIField, ("kind", "date", "period_start", "period_end", *twins("document"), "body")),
    ]
    search_fields = [*BilingualPage.search_fields, index.FilterField("kind"), index.FilterField("date")]

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def clean(self) -> None:
        super().clean()
        if self.period_start and self.period_end and self.period_end < self.period_start:
            raise ValidationError(
                {
                    "period_end": gettext("The last year (%(end)s) is before the first (%(start)s).")
                    % {"start": self.period_start, "end": self.period_end}
                }
            )

    def publication_errors(self) -> list[Incomplete]:
        missing = [
            language for language in LANGUAGES if not getattr(self, f"{twin('document', language)}_id")
        ]
        return [
            *super().publication_errors(),
            *(Incomplete(twin("document", language), _("Document"), language) for language in missing),
        ]

    def get_render_context(self, rendering: Rendering) -> dict[str, Any]:
        return {
            "document": getattr(self, twin("document", rendering.language)),
            "other_document": getattr(self, twin("document", "nl" if rendering.language == "fr" else "fr")),
            "period": period(self.period_start, self.period_end),
        }
