"""An alert's page without templates: what goes out where its own cannot be rendered, so that what the band and the
feeds lead to is never missing, nor what it said before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext

from alerts.content import steps
from alerts.rendering import headline, mark
from alerts.vocabulary import Status
from pages.jinja import format_datetime
from pages.languages import REGIONAL, override

NOT_FOUND = mark_safe('<meta name="robots" content="noindex">')
"""For what is not really happening."""


def page(
    content: dict[str, Any],
    language: str,
    *,
    identifier: str,
    is_active: bool,
    end: datetime,
    begin: datetime | None = None,
) -> str:
    """The HTML of what the message `identifier` says (`content`); `begin` is when the alert will begin, if that is
    ahead, `end` when it will be, or was, over."""
    with override(language):
        title = headline(content, language)
        instruction = steps(content["instruction"][language])
        state = gettext("Alert in progress") if is_active else gettext("This alert is over")
        if begin:
            state = gettext("Alert announced")
        return format_html(
            '<!DOCTYPE html>\n<html lang="{}">\n<head><meta charset="utf-8">{}'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>{}</title></head>\n'
            "<body><main {}><p>{}</p><h1>{}</h1><p>{}</p><p>{}: {}</p>{}<p>{}: {}</p>\n<h2>{}</h2><ol>{}</ol>\n"
            '<p><a href="tel:112">112</a></p><p><a href="/{}/">{}</a></p></main></body>\n</html>\n',
            REGIONAL[language],
            "" if content["status"] == Status.ACTUAL else NOT_FOUND,
            title,
            mark_safe(mark(identifier)),
            state,
            title,
            content["what"][language],
            gettext("Where"),
            content["area"][language],
            format_html("<p>{} {}</p>", gettext("Starting on"), format_datetime(begin)) if begin else "",
            gettext("Until") if is_active else gettext("Over since"),
            format_datetime(end),
            gettext("What to do") if is_active else gettext("What was asked at the time"),
            format_html_join("", "<li>{}</li>", ((step,) for step in instruction)),
            language,
            gettext("Home"),
        )
