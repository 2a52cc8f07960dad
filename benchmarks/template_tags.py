"""What the public Jinja2 templates call, as tags and filters of Django templates: the same functions behind both."""

import operator
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from jinja2.filters import do_truncate

from benchmarks import helpers
from pages.jinja import format_date, format_datetime, icon

register = template.Library()
register.filter("date_words", format_date)
register.filter("datetime_words", format_datetime)


@register.simple_tag(name="icon")
def icon_tag(name: str) -> SafeString:
    return mark_safe(icon(name))


@register.simple_tag
def static(path: str) -> str:
    return helpers.call("static", path)


@register.simple_tag
def document_url(document: Any) -> str:
    return helpers.call("document_url", document)


@register.simple_tag
def picture(
    image: Any, alt: str, sizes: str, *, widths: str = "", ratio: str = "", eager: bool = False
) -> SafeString:
    """`widths` as in "480,960", `ratio` as in "3:2"."""
    shape: dict[str, Any] = {"eager": eager}
    if widths:
        shape["widths"] = tuple(int(width) for width in widths.split(","))
    if ratio:
        shape["ratio"] = tuple(int(side) for side in ratio.split(":"))
    return mark_safe(helpers.call("picture", image, alt, sizes=sizes, **shape))


@register.simple_tag(takes_context=True)
def richtext(context: template.Context, value: Any) -> SafeString:
    return mark_safe(helpers.call("richtext", value, context=context))


@register.simple_tag(takes_context=True)
def page_url(context: template.Context, page: Any) -> str | None:
    return helpers.call("page_url", page, context=context)


@register.simple_tag(takes_context=True)
def realisations_of(context: template.Context, mission_id: int) -> list[Any]:
    return helpers.call("realisations_of", mission_id, context=context)


@register.filter
def of(mapping: Any, key: str) -> Any:
    return mapping[key] if mapping else None


@register.filter
def replaced(value: str, signs: str) -> str:
    """`value` with the first sign replaced by the rest: `"-_"`, or `" "` to leave out spaces."""
    return value.replace(signs[0], signs[1:])


@register.filter
def iso(value: Any) -> str:
    if not value:
        return ""
    return value.isoformat(timespec="seconds") if hasattr(value, "hour") else value.isoformat()


@register.filter
def shortened(value: str) -> str:
    """Jinja2's `truncate(200)`, which cuts between words."""
    return do_truncate(_Policies, value, 200)  # type: ignore[arg-type]


class _Policies:
    policies = {"truncate.leeway": 5}


@register.filter
def block_template(child: Any) -> str:
    return f"blocks/{operator.attrgetter('block_type')(child)}.html"
