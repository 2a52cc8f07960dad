"""What is visible and since when, what is being built, what failed: outbox and releases in an editor's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Max
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry, PageLogEntry

from editorial.problems import Problem, Problems, is_file, names_all
from generator import conf
from generator.manifest import MANIFEST, Diff, Manifest
from generator.mirrors import jobs
from generator.mirrors.places import places
from generator.models import BuildRequest, Generation, MirrorState
from generator.outbox import FAILED_PAGES, STALE_AFTER
from generator.search import FOLDER
from generator.targets import CURRENT, ID_FORMAT, PUBLIC, ReleaseTarget
from pages.graph import PageNode, SiteGraph
from pages.languages import LANGUAGES, NAMES
from pages.models import BilingualPage
from pages.signals import page_reason

SHOWN = 20
"""How many changes and failures the view shows."""
IDLE_AFTER = timedelta(seconds=30)
"""When a change has waited for so long, no worker takes it."""
ROLLED_BACK = "editorial.roll_back"
"""What the log calls going back to an earlier release."""
TOGETHER = timedelta(seconds=1)
"""What one transaction of the worker writes is not further apart."""

_PAGE = re.compile(r"^page (?P<id>\d+)(?P<deleted> deleted)?$")
_WORDS = {
    "alert": _("Alert"),
    "emergency numbers": _("Emergency numbers"),
    "settings": _("Site settings"),
    "territory": _("Municipalities and police zones"),
    "There is no release yet": _("First build"),
    FAILED_PAGES: _("What had failed"),
    "pageviewrestriction": _("Who may see a page"),
    "the time of something on the site has come": _("What was planned for this time"),
}

State = BuildRequest.State


class Seen(StrEnum):
    """Whether the public sees a live page as it was published last. FAILED: the whole build, or with `problems` the
    page; UNSURE: more failed than is told; REPLACED: an earlier release is live."""

    VISIBLE = "visible"
    WAITING = "waiting"
    FAILED = "failed"
    UNSURE = "unsure"
    REPLACED = "replaced"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Visibility:
    """`since` is when it became visible, or began to fail; None where the outbox does not know. `urls` by language, of
    a page that cannot be made those where it has a last good version."""

    seen: Seen
    since: datetime | None
    urls: dict[str, str]
    error: str = ""
    problems: Sequence[Problem] = ()
    languages: str = ""
    """Those in which it cannot be made; "" where that is told of all at once."""

    @property
    def is_shown(self) -> bool:
        """Of a page that cannot be made: whether the public sees it as it was, in every language."""
        return len(self.urls) == len(LANGUAGES)

    @property
    def words(self) -> list[str]:
        """Why it cannot be made, each reason once."""
        return list(dict.fromkeys(problem.words for problem in self.problems))


def visibility(page: BilingualPage) -> Visibility | None:
    """Whether the public sees `page` as it was last published; None for a page that is not live."""
    if not page.live:
        return None
    node = SiteGraph.current().nodes.get(page.pk)
    if node is None:
        return Visibility(Seen.HIDDEN, None, {})
    urls = dict(node.urls)
    request = BuildRequest.objects.filter(reason=page_reason(page.pk)).order_by("-pk").first()
    if request and request.state == State.FAILED:
        return Visibility(Seen.FAILED, None, urls, request.error)
    if request and request.state != State.DONE:
        return Visibility(Seen.WAITING, None, urls)
    target = release_target()
    live = target.current()
    if request and live and live < request.release:
        return Visibility(Seen.REPLACED, None, urls)
    return _failed_page(node, request, target.root / live / PUBLIC if live else None) or Visibility(
        Seen.VISIBLE, _visible_since(request), urls
    )


def _failed_page(node: PageNode, request: BuildRequest | None, public: Path | None) -> Visibility | None:
    """A build that is done may have left the page as it was: what failed is tried again under a request of its own."""
    failed = _failed_pages()
    if failed is None:
        return None
    since = _failing_since(failed)
    published = request.finished_at if request else None
    if problems := Problems(public).of_page(failed.error, node):
        shown = {language: url for language, url in node.urls.items() if is_file(public, url)}
        failing = {problem.url for problem in problems}
        names = [str(NAMES[language]) for language, url in node.urls.items() if url in failing]
        since = max(since, published or since)
        return Visibility(Seen.FAILED, since, shown, failed.error, problems, ", ".join(names))
    if published and published >= since - TOGETHER and not names_all(failed.error):
        return Visibility(Seen.UNSURE, None, dict(node.urls))
    return None


def _failed_pages() -> BuildRequest | None:
    """The request that tries again what failed beside what became visible."""
    waiting = BuildRequest.objects.filter(reason=FAILED_PAGES).exclude(state=State.DONE)
    return waiting.exclude(error="").order_by("-pk").first()


def _failing_since(failed: BuildRequest) -> datetime:
    """When something began to fail: a try that fails again is done, and leaves another request."""
    since = failed.created_at
    before = BuildRequest.objects.filter(reason=FAILED_PAGES, state=State.DONE, pk__lt=failed.pk)
    for created_at, finished_at in before.order_by("-pk").values_list("created_at", "finished_at").iterator():
        if finished_at is None or finished_at < since - TOGETHER:
            break
        since = created_at
    return since


def _visible_since(request: BuildRequest | None) -> datetime | None:
    """When its build was done; None where something failed in it, maybe this page, and was made later."""
    if request is None or request.finished_at is None:
        return None
    done = request.finished_at
    retried = BuildRequest.objects.filter(
        reason=FAILED_PAGES, created_at__gte=done, created_at__lt=done + TOGETHER
    )
    return None if retried.exists() else done


@dataclass(frozen=True, slots=True)
class Change:
    """A request of the outbox as people call it; `url` leads to where it is edited, "" where that is nowhere.
    `is_removal`: it took a page away; `is_hidden`: it published one that the public does not see now, since that was
    withdrawn later, or one above it is not public; `is_replaced`: the live release is from before it."""

    request: BuildRequest
    label: str
    url: str
    page_id: int | None = None
    is_removal: bool = False
    is_hidden: bool = False
    is_replaced: bool = False

    @property
    def seconds(self) -> float | None:
        """From the change to its being visible."""
        finished = self.request.finished_at
        return (finished - self.request.created_at).total_seconds() if finished else None


@dataclass(frozen=True, slots=True)
class Building:
    """The build under way: since when, and which changes it makes visible. `is_silent` where its worker has given no
    sign of life for so long that it is taken for dead."""

    since: datetime | None
    changes: list[Change]
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Failing:
    """What failed last and is tried again: how often it was tried, and when it is again (None: now)."""

    problems: list[Problem]
    changes: list[Change]
    attempts: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mirror:
    """A copy of the site elsewhere. `made_at` is when the release that is whole there was made, None where none is."""

    name: str
    address: str
    state: MirrorState
    made_at: datetime | None
    is_current: bool

    @property
    def is_failing(self) -> bool:
        """Also while it is tried again after a failure."""
        return bool(self.state.error)


class Differs(StrEnum):
    """What of a release is other than in the one kept before it. UNKNOWN: there is none, or one cannot be read."""

    PAGES = "pages"
    INDEX = "index"
    FILES = "files"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Release:
    """One that is kept. `made_at` is in its name; `pages` is how many are other than in the one before."""

    id: str
    made_at: datetime
    is_live: bool
    differs: Differs = Differs.UNKNOWN
    pages: int = 0


@dataclass(frozen=True, slots=True)
class GoneBack:
    """An earlier release is live: who made it so, and when; None where the CMS did not."""

    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the "Publishing" view shows. `live_since`: when the live release was switched to; `gone_back`: None
    where the newest one is live; `mirrors_error`: why the setting cannot be read."""

    live: Release | None
    live_since: datetime | None
    gone_back: GoneBack | None
    building: Building | None
    waiting: list[Change]
    failing: Failing | None
    recent: list[Change]
    releases: list[Release]
    mirrors: list[Mirror]
    mirrors_error: str
    worker_is_missing: bool


def overview(now: datetime) -> Overview:
    """Read the outbox, the mirrors' states and the releases. A releases folder that cannot be read counts as empty."""
    target = release_target()
    releases = told_apart(target, list(releases_of(target)))
    live = next((release for release in releases if release.is_live), None)
    building = _building(now)
    mirrors, mirrors_error = _mirrors(live)
    overdue = BuildRequest.objects.filter(state=State.PENDING, due_at__lt=now - IDLE_AFTER).exists()
    failing = _failing(target.root / live.id / PUBLIC if live else None)
    return Overview(
        live=live,
        live_since=_live_since(target),
        gone_back=_gone_back(live, _live_since(target)) if live and live != releases[0] else None,
        building=building,
        waiting=_changes(State.PENDING),
        failing=failing,
        recent=_recent(live, failing),
        releases=releases,
        mirrors=mirrors,
        mirrors_error=mirrors_error,
        worker_is_missing=(overdue and not building) or bool(building and building.is_silent),
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
        if made_at := made_at_of(name):
            yield Release(name, made_at, name == current)


def told_apart(target: ReleaseTarget, releases: list[Release]) -> list[Release]:
    """Each with what is other in it than in the one after it in the list, which is older: two may be of one second."""
    manifests = [_manifest(target.root / release.id / MANIFEST) for release in releases]
    return [
        _differing(release, new, old)
        for release, new, old in zip(releases, manifests, [*manifests[1:], None], strict=False)
    ]


def _manifest(path: Path) -> Manifest | None:
    try:
        return Manifest.load(path)
    except (OSError, ValueError):
        return None


def _differing(release: Release, new: Manifest | None, old: Manifest | None) -> Release:
    if new is None or old is None:
        return release
    diff = Diff.between(old.files, new.files)
    paths = [*diff.added, *diff.changed, *diff.removed]
    pages = sum(path.endswith(".html") and not path.startswith(FOLDER) for path in paths)
    if pages:
        return replace(release, differs=Differs.PAGES, pages=pages)
    if paths and all(path.startswith(FOLDER) for path in paths):
        return replace(release, differs=Differs.INDEX)
    return replace(release, differs=Differs.FILES if paths else Differs.NOTHING)


def _gone_back(live: Release, since: datetime | None) -> GoneBack:
    entry = ModelLogEntry.objects.filter(action=ROLLED_BACK).order_by("-timestamp").first()
    # The log is written after the switch. What is older is of another one, which a command made.
    if entry and (entry.data.get("release") != live.id or (since and entry.timestamp < since)):
        entry = None
    return GoneBack(entry.user_display_name, entry.timestamp) if entry else GoneBack(None, None)


def _live_since(target: ReleaseTarget) -> datetime | None:
    try:
        switched = (target.root / CURRENT).lstat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(switched, UTC)


def _changes(state: str) -> list[Change]:
    return _in_editors_words(BuildRequest.objects.filter(state=state).order_by("pk")[:SHOWN])


def _recent(live: Release | None, failing: Failing | None) -> list[Change]:
    """What the public has been seeing; not what it does not see, nor tries to make again what failed."""
    done = BuildRequest.objects.filter(state=State.DONE).exclude(reason=FAILED_PAGES).order_by("-pk")
    left = {change.request.pk for change in failing.changes} if failing else set()
    graph = SiteGraph.current()
    return [
        replace(
            change,
            is_hidden=bool(change.page_id and not change.is_removal and not graph.node(change.page_id)),
            is_replaced=bool(live and live.id < change.request.release),
        )
        for change in _in_editors_words(done[: SHOWN + len(left)])
        if change.request.pk not in left
    ][:SHOWN]


def _in_editors_words(requests: Iterable[BuildRequest]) -> list[Change]:
    found = [(request, _PAGE.match(request.reason)) for request in requests]
    ids = {int(match["id"]) for _request, match in found if match}
    pages = BilingualPage.objects.in_bulk(ids)
    withdrawn: dict[int, list[datetime]] = {}
    # By hand, or at the time at which it was to expire.
    actions = ("wagtail.unpublish", "wagtail.unpublish.scheduled")
    entries = PageLogEntry.objects.filter(action__in=actions, page_id__in=ids)
    for page_id, at in entries.values_list("page_id", "timestamp"):
        withdrawn.setdefault(page_id, []).append(at)
    changes = []
    for request, match in found:
        if match is None:
            changes.append(Change(request, _in_words(request.reason), ""))
            continue
        page_id, page = int(match["id"]), pages.get(int(match["id"]))
        if page is None:
            changes.append(Change(request, gettext("Page deleted"), "", page_id, is_removal=True))
            continue
        is_removal = any(abs(request.created_at - at) < TOGETHER for at in withdrawn.get(page_id, ()))
        url = reverse("wagtailadmin_pages:edit", args=[page_id])
        changes.append(Change(request, page.get_admin_display_title(), url, page_id, is_removal))
    return changes


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


def _building(now: datetime) -> Building | None:
    claimed = BuildRequest.objects.filter(state=State.CLAIMED)
    seen_at = claimed.aggregate(last=Max("heartbeat_at"))["last"]
    if seen_at is None:
        return None
    # A build takes its number when it begins.
    since = Generation.objects.aggregate(last=Max("taken_at"))["last"]
    return Building(since, _changes(State.CLAIMED), seen_at < now - STALE_AFTER)


def _failing(public: Path | None) -> Failing | None:
    """What failed stays told until it was made, also while it is tried again."""
    last = BuildRequest.objects.exclude(state=State.DONE).exclude(error="").order_by("-pk").first()
    if last is None:
        return None
    problems = list(islice(Problems(public).read(last.error), SHOWN))
    next_at = last.due_at if last.state == State.FAILED else None
    changes = [change for change in _changes(State.FAILED) if change.request.reason != FAILED_PAGES]
    return Failing(problems, [*changes, *_left_behind(public)], last.attempts, next_at)


def _left_behind(public: Path | None) -> list[Change]:
    """Changes of pages whose build is done, without them."""
    failed = _failed_pages()
    if failed is None:
        return []
    since, graph, problems = _failing_since(failed), SiteGraph.current(), Problems(public)
    done = BuildRequest.objects.filter(state=State.DONE, finished_at__gte=since - TOGETHER)
    recent = _in_editors_words(done.exclude(reason=FAILED_PAGES).order_by("-pk")[:SHOWN])
    nodes = [(change, graph.node(change.page_id) if change.page_id else None) for change in recent]
    return [change for change, node in nodes if node and problems.of_page(failed.error, node)]


def _mirrors(live: Release | None) -> tuple[list[Mirror], str]:
    """Those that are configured; one that was never sent to has a state that says so."""
    try:
        configured = places()
    except ImproperlyConfigured as error:
        return [], str(error)
    found = []
    for place, state in jobs.states(configured):
        is_current = live is not None and state.release == live.id
        found.append(Mirror(place.name, str(place), state, made_at_of(state.release), is_current))
    return found, ""


def made_at_of(release: str) -> datetime | None:
    """When a release was made, by its name."""
    try:
        return datetime.strptime(release, ID_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
