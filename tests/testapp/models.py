from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from pages.fields import body_field
from pages.mixins import BilingualModel
from pages.models import BilingualPage
from pages.panels import twin_panel


class ArticlePage(BilingualPage):
    """A page with a twin that is required, one that is not, a body and inline children."""

    intro = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    advice = RichTextField(blank=True)
    reading_minutes = models.PositiveSmallIntegerField(default=1)
    body = body_field()

    template = "testapp/article_page.html"

    content_panels = [
        *BilingualPage.content_panels,
        twin_panel("intro"),
        twin_panel("note"),
        twin_panel("advice"),
        FieldPanel("reading_minutes"),
        FieldPanel("body"),
        InlinePanel("links"),
    ]
    api_fields = [
        *BilingualPage.api_fields,
        APIField("intro_fr", writable=True),
        APIField("intro_nl", writable=True),
        APIField("body", writable=True),
    ]


class ArticleLink(Orderable):
    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="links")
    label = models.CharField(max_length=100)
    url = models.URLField()

    panels = [twin_panel("label"), FieldPanel("url")]


class AsidePage(BilingualPage):
    """A page with nothing of its own."""

    template = "testapp/article_page.html"


class Topic(BilingualModel):
    """Not a page."""

    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name
