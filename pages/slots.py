"""The slots of public pages: what is the same on all of them, filled when a file is written (generator.slots).

A template says `{{ slot("menu") }}`; templates/slots/menu.html is what fills it. It knows no page: `language`,
`lang_code`, `other_language`, `graph`, `base_url`, `key`, and what the slot's `context` adds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import jinja2
from markupsafe import Markup

from generator import registry, slots
from generator.registry import BuildContext
from pages.compiling import as_markup
from pages.languages import override
from pages.rendering import Rendering, Run, base_context, render_template

Key = Callable[[Rendering], str]
SlotContext = Callable[[Rendering, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Slot:
    """`key` says what a page needs of its own (the place in the menu, say): pages with the same key and language
    share what fills the slot. `context` is what the template needs beside the site's context."""

    name: str
    key: Key
    context: SlotContext

    def fill(self, run: Run, language: str, key: str) -> str:
        rendering = Rendering(None, language, run)
        with override(language):
            context = {**base_context(rendering), **self.context(rendering, key), "key": key}
            return render_template(f"slots/{self.name}.html", context).strip()


_slots: dict[str, Slot] = {}


def register_slot(
    name: str, *, key: Key = lambda rendering: "", context: SlotContext = lambda rendering, key: {}
) -> None:
    """Register the slot that templates/slots/<name>.html fills. Raises ValueError when the name is taken."""
    registered = Slot(name, key, context)

    @registry.slot(name)
    def fill(build: BuildContext, argument: str) -> str:
        language, _separator, key = argument.partition(",")
        return registered.fill(Run.of(build), language, key)

    _slots[name] = registered


@jinja2.pass_context
def slot(context: jinja2.runtime.Context, name: str, language: str | None = None) -> Markup:
    """For templates: the slot `name` of the page that is being rendered, in its language unless another is said."""
    rendering: Rendering = context.parent["rendering"]
    if language and language != rendering.language:
        rendering = Rendering(rendering.page, language, rendering.run)
    registered = _slots[name]
    key = registered.key(rendering)
    fill = partial(registered.fill, rendering.run, rendering.language, key)
    return as_markup(slots.slot(name, f"{rendering.language},{key}", fill))


@jinja2.pass_context
def made(context: jinja2.runtime.Context, form: str) -> str:
    """For templates: when this page was made, "iso" or in "words"."""
    started_at = context["rendering"].run.started_at
    return slots.made(form, lambda: registry.default.stamps[form](started_at))


def place_in_menu(rendering: Rendering) -> str:
    """The page's section by number; "12=" for the section's own page."""
    node = rendering.node
    if node is None:
        return ""
    above = [*rendering.ancestors, node]
    if len(above) == 1:
        return ""
    return f"{node.id}=" if above[1] is node else str(above[1].id)


def menu(rendering: Rendering, key: str) -> dict[str, Any]:
    """The main menu with the current section marked."""
    number = key.removesuffix("=")
    section = rendering.graph.node(int(number)) if number else None
    return {
        "menu": rendering.graph.menu(rendering.language, section),
        "is_page_itself": key.endswith("="),
    }


register_slot("menu", key=place_in_menu, context=menu)
