"""For the admin's templates."""

from typing import Any

from django import template

from editorial.views import visible_context
from pages.models import BilingualPage

register = template.Library()


@register.inclusion_tag("editorial/admin/visible.html")
def visible(page: Any) -> dict[str, Any]:
    """Whether the public sees `page`; nothing for what is no page or not live."""
    return visible_context(page) if isinstance(page, BilingualPage) and page.pk else {}
