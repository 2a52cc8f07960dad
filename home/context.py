"""What every public template knows of the site: its settings and the pages its foot links."""

from __future__ import annotations

from django.db.models import prefetch_related_objects

from home.models import Role, SiteSettings, StandardPage
from pages.graph import PageNode
from pages.rendering import Rendering, register_context
from pages.slots import register_slot


def site(rendering: Rendering) -> SiteSettings:
    """The site's settings; their texts follow the active language."""
    return rendering.run.once("home.settings", _settings)


def _settings() -> SiteSettings:
    settings = SiteSettings.load()
    prefetch_related_objects([settings], "social_links")
    return settings


def footer_links(rendering: Rendering) -> list[PageNode]:
    """The public pages that have a role, in the order of the roles."""
    graph = rendering.graph
    pages = {node.id: node for node in graph.of_type(StandardPage._meta.label_lower)}
    roles = rendering.run.once(
        "home.roles", lambda: dict(StandardPage.objects.exclude(role="").values_list("role", "pk"))
    )
    return [pages[roles[role]] for role in Role.values if roles.get(role) in pages]


register_context("site", site)
register_context("footer_links", footer_links)
for name in ("short_name", "name", "wordmark", "foot", "notice", "roles"):
    register_slot(name)
