"""The alerts' part of a release, rendered as a build renders it and made live as a build does."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils import timezone

from alerts.models import AlertPage
from generator import conf
from generator.documents import path_for
from generator.manifest import FileEntry, Manifest
from generator.targets import ReleaseTarget
from tests.alerts import outputs


def go_live(*, without: tuple[str, ...] = (), redirects: dict[str, str] | None = None) -> str:
    """Make the alerts' pages and files live as they are now, except those of URLs in `without`; the release's name."""
    made: dict[str, bytes] = outputs.files()
    for page in AlertPage.objects.live():
        for language, url in _urls(page).items():
            made[url] = outputs.html(page, language, timezone.now()).encode()
    return make_live({url: body for url, body in made.items() if url not in without}, redirects)


def make_live(made: dict[str, bytes], redirects: dict[str, str] | None = None) -> str:
    """Make files live, by URL."""
    target = ReleaseTarget(conf.releases_root(), kept=2)
    public, entries = target.stage(), {}
    for url, body in made.items():
        path = path_for(url)
        (public / path).parent.mkdir(parents=True, exist_ok=True)
        (public / path).write_bytes(body)
        entries[path] = FileEntry(hashlib.sha256(body).hexdigest(), len(body), "text/html")
    made_at = timezone.now().isoformat()
    return target.commit(Manifest("", made_at, outputs.BASE_URL, (), entries, redirects or {}), "")


def _urls(page: Any) -> dict[str, str]:
    return outputs.rendering(page, "fr").urls()
