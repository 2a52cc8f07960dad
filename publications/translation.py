"""Which fields of this app's models have twins. The two documents of a publication are two foreign keys."""

from modeltranslation.translator import register

from pages.translation_options import BilingualOptions
from publications.models import PublicationIndexPage, PublicationPage


@register(PublicationIndexPage)
class PublicationIndexPageOptions(BilingualOptions):
    fields = ("intro",)


@register(PublicationPage)
class PublicationPageOptions(BilingualOptions):
    fields = ()
