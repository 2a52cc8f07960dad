"""What is visible and since when, what is being built, what failed: outbox and releases in an editor's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache

from django.apps import apps
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from generator import conf
from generator.models import BuildRequest
from generator.targets import CURRENT, ID_FORMAT, ReleaseTarget
from pages.graph import PageNode, SiteGraph
from pages.languages import active
from pages.models import BilingualPage
from pages.signals import page_reason

SHOWN = 20
"""How many changes and failures the view shows."""
IDLE_AFTER = timedelta(seconds=30)
"""When a change has waited for so long, no worker takes it."""

_PAGE = re.compile(r"^page (?P<id>\d+)(?P<deleted> deleted)?$")
_FAILED_URL = re.compile(r"^(/\S*) ")
_WORDS = {
    "alert": _("Alert"),
    "emergency numbers": _("Emergency numbers"),
    "settings": _("Site settings"),
    "territory": _("Municipalities and police zones"),
    "There is no release yet": _("First build"),
}

State = BuildRequest.State


class Seen(StrEnum):
    """Whether the public sees a live page as it was published last."""

    VISIBLE = "visible"
    WAITING = "waiting"
    FAILED = "failed"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Visibility:
    """`since` is None where the outbox has forgotten it; `urls` by language."""

    seen: Seen
    since: datetime | None
    urls: dict[str, str]
    error: str = ""


def visibility(page: BilingualPage) -> Visibility | None:
    """Whether the public sees `page` as it was last published; None for a page that is not live."""
    if not page.live:
        return None
    node = SiteGraph.current().nodes.get(page.pk)
    if node is None:
        return Visibility(Seen.HIDDEN, None, {})
    urls = dict(node.urls)
    request = BuildRequest.objects.filter(reason=page_reason(page.pk)).order_by("-pk").first()
    if request is None or request.state == State.DONE:
        return Visibility(Seen.VISIBLE, request.finished_at if request else None, urls)
    if request.state == State.FAILED:
        return Visibility(Seen.FAILED, None, urls, request.error)
    return Visibility(Seen.WAITING, None, urls)


@dataclass(frozen=True, slots=True)
class Change:
    """A request of the outbox as people call it; `url` leads to where it is edited, "" where that is nowhere."""

    request: BuildRequest
    label: str
    url: str

    @property
    def seconds(self) -> float | None:
        """From the change to its being visible."""
        finished = self.request.finished_at
        return (finished - self.request.created_at).total_seconds() if finished else None


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of what a failed build said, with the page it is about, if it is about one."""

    text: str
    page: PageNode | None

    @property
    def title(self) -> str:
        return self.page.titles[active()] if self.page else ""

    @property
    def url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.id]) if self.page else ""


@dataclass(frozen=True, slots=True)
class Release:
    """One that is kept. `made_at` is in its name."""

    id: str
    made_at: datetime
    is_live: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the "Publishing" view shows. `live_since`: when the live release was switched to."""

    live: Release | None
    live_since: datetime | None
    building: list[Change]
    waiting: list[Change]
    failed: list[Change]
    problems: list[Problem]
    recent: list[Change]
    releases: list[Release]
    worker_is_missing: bool


def overview(now: datetime) -> Overview:
    """Read the outbox and the releases. A releases folder that cannot be read counts as empty."""
    target = release_target()
    releases = list(releases_of(target))
    waiting = _changes(State.PENDING)
    building = _changes(State.CLAIMED)
    failed = _changes(State.FAILED)
    overdue = BuildRequest.objects.filter(state=State.PENDING, due_at__lt=now - IDLE_AFTER).exists()
    return Overview(
        live=next((release for release in releases if release.is_live), None),
        live_since=_live_since(target),
        building=building,
        waiting=waiting,
        failed=failed,
        problems=list(_problems()),
        recent=_changes(State.DONE, newest_first=True),
        releases=releases,
        worker_is_missing=overdue and not building,
    )


def release_target() -> ReleaseTarget:
    """Where releases are; somebody who waits for a page does not wait long for a build to end."""
    return ReleaseTarget(conf.releases_root(), kept=conf.releases_kept(), lock_timeout=5)


def releases_of(target: ReleaseTarget) -> Iterator[Release]:
    """Those that are kept, newest first. A folder that cannot be read counts as empty."""
    current = target.current()
    try:
        ids = target.releases()
    except OSError:
        return
    for name in reversed(ids):
        yield Release(name, datetime.strptime(name, ID_FORMAT).replace(tzinfo=UTC), name == current)


def _live_since(target: ReleaseTarget) -> datetime | None:
    try:
        switched = (target.root / CURRENT).lstat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(switched, UTC)


def _changes(state: str, *, newest_first: bool = False) -> list[Change]:
    requests = BuildRequest.objects.filter(state=state).order_by("-pk" if newest_first else "pk")[:SHOWN]
    found = list(requests)
    ids = {int(match["id"]) for request in found if (match := _PAGE.match(request.reason))}
    pages = BilingualPage.objects.in_bulk(ids)
    return [_change(request, pages) for request in found]


def _change(request: BuildRequest, pages: dict[int, BilingualPage]) -> Change:
    if match := _PAGE.match(request.reason):
        page = pages.get(int(match["id"]))
        if page is not None:
            url = reverse("wagtailadmin_pages:edit", args=[page.pk])
            return Change(request, page.get_admin_display_title(), url)
        return Change(request, gettext("Page deleted"), "")
    return Change(request, _in_words(request.reason), "")


def _in_words(reason: str) -> str:
    """The reason with its first word in the editor's language: a word of ours, or a model's name."""
    if reason in _WORDS:
        return str(_WORDS[reason])
    separator = ": " if ": " in reason else " "
    kind, _separator, rest = reason.partition(separator)
    label = _WORDS.get(kind) or _model_names().get(kind.rpartition(".")[2])
    if label is None:
        return reason
    return f"{capfirst(str(label))}{separator}{rest}" if rest and separator == ": " else capfirst(str(label))


@cache
def _model_names() -> dict[str, str]:
    return {model._meta.model_name or "": model._meta.verbose_name for model in apps.get_models()}  # type: ignore[misc]


def _problems() -> Iterator[Problem]:
    """What the last failed build said, a line each."""
    last = BuildRequest.objects.filter(state=State.FAILED).order_by("-pk").first()
    if last is None:
        return
    by_url = {url: node for node in SiteGraph.current() for url in node.urls.values()}
    for line in last.error.splitlines()[:SHOWN]:
        match = _FAILED_URL.match(line)
        yield Problem(line, by_url.get(match[1]) if match else None)
