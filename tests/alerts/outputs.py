"""What the public gets at some instant, as the build makes it."""

import json
from datetime import datetime
from typing import Any

import feedparser
from django.utils import timezone, translation

from alerts import publishing
from generator.documents import Document
from generator.registry import BuildContext
from pages.graph import SiteGraph
from pages.rendering import Rendering, Run, render_page

BASE_URL = "https://vigie.example"


def documents(now: datetime) -> list[Document]:
    context = BuildContext(now, BASE_URL)
    return [*publishing.documents(context), *publishing.messages(context)]


def files(now: datetime | None = None) -> dict[str, bytes]:
    """The alerts' documents by URL."""
    made = {}
    for document in documents(now or timezone.now()):
        body = document.render()
        made[document.url] = body.encode() if isinstance(body, str) else body
    return made


def active(now: datetime | None = None) -> list[dict[str, Any]]:
    return json.loads(files(now)["/alerts/active.json"])["alerts"]


def cap_urls(now: datetime | None = None) -> set[str]:
    return {url for url in files(now) if url.startswith("/alerts/cap/")}


def feed(language: str, now: datetime | None = None) -> Any:
    parsed = feedparser.parse(files(now)[f"/alerts/feed.{language}.atom"])
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def rendering(page: Any, language: str, now: datetime | None = None, key: str | None = None) -> Rendering:
    run = Run(SiteGraph.load(), now or timezone.now(), BASE_URL)
    variant = next(each for each in page.get_variants(run) if each.key == key) if key else None
    return Rendering(page, language, run, variant)


def band(language: str, now: datetime | None = None, page: Any = None) -> list[Any]:
    with translation.override(language):
        return publishing.band(rendering(page, language, now))


def html(page: Any, language: str, now: datetime | None = None, key: str | None = None) -> str:
    return render_page(rendering(type(page).objects.get(pk=page.pk), language, now, key))
