"""Copying and aliasing in both languages: Wagtail's own actions know the active language's slug only."""

from __future__ import annotations

import copy
from typing import Any

from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.create_alias import CreatePageAliasAction

from pages.languages import active, twin


class CopyAction(CopyPageAction):
    """`title` and `slug` in `update_attrs` are the active language's; a taken slug in the other becomes a free one."""

    def __init__(
        self, page: Any, to: Any = None, update_attrs: dict[str, Any] | None = None, **options: Any
    ) -> None:
        attrs = {
            twin(name, active()) if name in {"title", "slug"} else name: value
            for name, value in (update_attrs or {}).items()
        }
        attrs |= page.free_slugs(to or page.get_parent(), attrs)
        super().__init__(page, to=to, update_attrs=attrs, **options)


class CreateAliasAction(CreatePageAliasAction):
    """`update_slug` is the active language's, `update_slugs` names both fields; what is taken becomes free."""

    def __init__(
        self,
        page: Any,
        *,
        parent: Any = None,
        update_slug: str | None = None,
        update_slugs: dict[str, str] | None = None,
        **options: Any,
    ) -> None:
        given = {**({twin("slug", active()): update_slug} if update_slug else {}), **(update_slugs or {})}
        # An alias is made from the source as it is in memory, which may hold other slugs than the stored one.
        source = copy.copy(page.specific)
        source.__dict__.pop("specific", None)
        for name, slug in page.free_slugs(parent or page.get_parent(), given).items():
            setattr(source, name, slug)
        super().__init__(source, parent=parent, **options)
