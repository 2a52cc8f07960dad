"""Forms as a browser without JavaScript sends them back."""

from typing import Any


def prefilled(response: Any, **typed: Any) -> dict[str, Any]:
    """What a browser would send of the form it was shown."""
    form = response.context["form"]
    data = {}
    for field in form:
        value = field.value()
        widget = field.field.widget
        shown = widget.format_value(value) if hasattr(widget, "format_value") else value
        if shown not in (None, "", False, []):
            data[field.html_name] = shown
    return data | typed
