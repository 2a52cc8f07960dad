"""The map on which shapes are drawn: Leaflet over a text area, which is what the form sends."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import get_language, gettext


class ShapesWidget(forms.Textarea):
    """A text area of shapes (territory.geometry), and above it a map that reads and writes it. Without JavaScript, or
    with the keyboard alone, the text area does it all."""

    template_name = "territory/shapes_widget.html"

    class Media:
        css = {
            "all": (
                "territory/vendor/leaflet/leaflet.css",
                "territory/vendor/leaflet-geoman/leaflet-geoman.css",
                "territory/shapes.css",
            )
        }
        js = (
            "territory/vendor/leaflet/leaflet.js",
            "territory/vendor/leaflet-geoman/leaflet-geoman.min.js",
            "territory/shapes.js",
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        defaults = {"rows": 4, "spellcheck": "false", "autocomplete": "off", "data-shapes": ""}
        context = super().get_context(name, value, defaults | (attrs or {}))
        context["map"] = {
            "borders": reverse("territory_borders"),
            "language": (get_language() or "fr")[:2],
            "label": gettext("Map of the 19 municipalities: draw circles and polygons"),
            "unread": gettext("A line of the text below cannot be read yet; the map shows the others."),
        }
        return context
