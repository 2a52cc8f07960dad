"""Pages for tests: complete in both languages unless told otherwise."""

from __future__ import annotations

from typing import Any

import factory
from wagtail.models import Site

from pages.models import BilingualPage
from tests.testapp.models import ArticlePage, AsidePage


class PageFactory(factory.django.DjangoModelFactory):
    """`ArticlePageFactory(parent=page, title_fr="…", title_nl="…")`. `live=False` and empty twins make a draft."""

    title_fr = factory.Sequence(lambda number: f"Page {number}")
    title_nl = factory.Sequence(lambda number: f"Pagina {number}")

    class Meta:
        model = AsidePage

    @classmethod
    def _create(cls, model_class: type[BilingualPage], *args: Any, parent: Any = None, **attrs: Any) -> Any:
        page = model_class(**attrs)
        if parent is None:
            parent = BilingualPage.get_first_root_node()
        parent.add_child(instance=page)
        return page


class AsidePageFactory(PageFactory):
    class Meta:
        model = AsidePage


class ArticlePageFactory(PageFactory):
    intro_fr = "Que faire en cas d'inondation."
    intro_nl = "Wat doen bij een overstroming."

    class Meta:
        model = ArticlePage


def make_home() -> AsidePage:
    """The root page of the default site, instead of the one that a migration made."""
    root = AsidePageFactory(title_fr="Accueil", title_nl="Onthaal", slug_fr="accueil", slug_nl="accueil")
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "testserver", "port": 80, "root_page": root}
    )
    return root


def draft_of(page: BilingualPage, **changes: Any) -> Any:
    """A revision of `page` with `changes`, saved as a draft."""
    candidate = page.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(candidate, name, value)
    return candidate.save_revision()


def body(*blocks: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The value of a body: `body(("rich_text", {"text_fr": "<p>…</p>", "text_nl": "<p>…</p>"}))`."""
    return [{"type": name, "value": value} for name, value in blocks]
