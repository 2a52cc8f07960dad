"""Redirects from an old address to the new one, for each language: Wagtail's own follow the active language only."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from wagtail.contrib.redirects import signal_handlers
from wagtail.models import Site

from pages.languages import LANGUAGES, override, twin

if TYPE_CHECKING:
    from pages.models import BilingualPage


def create_redirects(page: BilingualPage, old_paths: dict[str, str]) -> None:
    """Redirect each address of `page` and of its live descendants that `old_paths` changes.

    `old_paths` maps `url_path_fr` and/or `url_path_nl` to the path before the change, e.g. "/home/missions/".
    """
    specific = page.specific
    for language in LANGUAGES:
        if twin("url_path", language) not in old_paths:
            continue
        before = copy.copy(specific)
        setattr(before, twin("url_path", language), old_paths[twin("url_path", language)])
        with override(language):
            sites = Site.objects.filter(
                id__in=[root.site_id for root in before._get_relevant_site_root_paths(cache_object=specific)]
            ).exclude(root_page=specific.pk)
            signal_handlers.create_redirects(page=specific, page_old=before, sites=sites)
