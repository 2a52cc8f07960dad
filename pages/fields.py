"""Field factories shared by the page types."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField

from pages.blocks import BodyBlock


def body_field(**options: Any) -> StreamField:
    """The body of a page: one stream of bilingual blocks."""
    options.setdefault("verbose_name", _("body"))
    options.setdefault("blank", True)
    return StreamField(BodyBlock(), **options)
