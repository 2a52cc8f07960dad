"""What lives depend on goes live first, whatever happens to the rest."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from generator.build import BuildCancelledError, BuildError, Keeper, Result, build
from generator.changed import Changed
from generator.changes import Seen
from generator.documents import Document, Redirect
from generator.manifest import Manifest
from generator.recording import attach, record
from generator.registry import BuildContext, Registry
from generator.slots import Marker
from generator.state import State
from generator.targets import ReleaseTarget
from generator.verification import verify_release
from generator.writing import FileWriter

from .samples import in_memory, live_file, page

pytestmark = pytest.mark.once


class Site:
    """Alerts, a thousandth of a site, and pages that show the band."""

    def __init__(self, releases: ReleaseTarget) -> None:
        self.releases = releases
        self.alert = "none"
        self.live_while_rendering: list[bytes] = []
        self.registry = Registry()
        self.registry.documents("alerts", urgent=True)(self.alerts)
        self.registry.documents("pages")(lambda context: [Document("/fr/", self.render)])
        self.registry.slot("band")(lambda context, argument: f"band: {self.alert}")
        self.error: Exception | None = None
        self.alert_error: Exception | None = None

    def alerts(self, context: BuildContext) -> list[Document]:
        return [page("/alerts/active.json", self.alert, media_type="application/json")]

    def render_alert(self) -> str:
        if self.alert_error:
            raise self.alert_error
        return f"<p>{self.alert}</p>"

    def render(self) -> str:
        if self.releases.current():
            self.live_while_rendering.append(live_file(self.releases, "alerts/active.json"))
        if self.error:
            raise self.error
        return f"<p>{Marker('band', 'fr')}</p>"


@pytest.fixture
def site(releases: ReleaseTarget) -> Site:
    site = Site(releases)
    build(releases, registry=site.registry)
    site.alert = "shooting"
    return site


def test_an_alert_is_live_before_the_first_other_page_is_rendered(site: Site) -> None:
    build(site.releases, registry=site.registry)
    assert site.live_while_rendering == [b"shooting"]
    assert live_file(site.releases, "fr/index.html") == b"<p>band: shooting</p>"


def test_no_failing_page_holds_an_alert_back(site: Site) -> None:
    site.error = ValueError("no summary")
    result = build(site.releases, registry=site.registry)
    assert [failure.url for failure in result.failures] == ["/fr/"]
    assert live_file(site.releases, "alerts/active.json") == b"shooting"
    # Its last good version, and yet the band of now.
    assert live_file(site.releases, "fr/index.html") == b"<p>band: shooting</p>"


def test_what_goes_out_instead_of_a_page_that_fails_is_of_now(site: Site) -> None:
    site.registry.documents("alert pages", urgent=True)(
        lambda context: [Document("/fr/alert/", site.render_alert, fallback=lambda: f"plain: {site.alert}")]
    )
    site.alert_error = ValueError("no template")
    for alert in ("shooting", "shooting, updated"):
        site.alert = alert
        result = build(site.releases, registry=site.registry)
        assert [(failure.url, failure.is_kept) for failure in result.failures] == [("/fr/alert/", False)]
        assert live_file(site.releases, "fr/alert/index.html").decode() == f"plain: {alert}"
    site.alert_error = None
    assert not build(site.releases, registry=site.registry).failures
    assert live_file(site.releases, "fr/alert/index.html") == b"<p>shooting, updated</p>"


def test_where_what_goes_out_instead_fails_too_the_last_good_version_stays(site: Site) -> None:
    site.registry.documents("alert pages", urgent=True)(
        lambda context: [Document("/fr/alert/", site.render_alert, fallback=lambda: str(1 / 0))]
    )
    build(site.releases, registry=site.registry)
    site.alert_error = ValueError("no template")
    result = build(site.releases, registry=site.registry)
    assert [failure.is_kept for failure in result.failures] == [True]
    assert live_file(site.releases, "fr/alert/index.html") == b"<p>shooting</p>"


class Journaled:
    """A site whose alerts (the last of `alerts` counts) are read, and which is told what has changed."""

    def __init__(self, releases: ReleaseTarget) -> None:
        self.releases = releases
        self.alerts = ["none"]
        self.registry = Registry()
        self.registry.documents("alerts", urgent=True)(self.active)

    def active(self, context: BuildContext) -> list[Document]:
        record("alert")
        return [page("/alerts/active.json", self.alerts[-1])]

    def build(self, *changed: str, **options: Any) -> Result:
        """Everything in a first build; then what `changed`."""
        told = Changed(frozenset(changed)) if self.releases.current() else Changed(everything=True)
        return build(
            self.releases,
            registry=self.registry,
            journal=lambda seen: (told, Seen(0, frozenset(), datetime.now(UTC))),
            **options,
        )


@pytest.fixture
def journaled(releases: ReleaseTarget) -> Journaled:
    return Journaled(releases)


def test_an_alert_takes_the_address_of_a_page_that_goes_in_the_same_build(journaled: Journaled) -> None:
    def names(context: BuildContext) -> list[str]:
        record("pages")
        return [journaled.alerts[-1]]

    @journaled.registry.parts("pages", names=names, urgent=lambda context: [journaled.alerts[-1]])
    def pages(context: BuildContext, names: list[str]) -> Iterator[tuple[str, list[Document]]]:
        for name in names:
            yield name, [page("/fr/alert/", name)]

    journaled.build()
    assert live_file(journaled.releases, "fr/alert/index.html") == b"none"
    journaled.alerts.append("shooting")
    assert not journaled.build("alert", "pages").failures
    assert live_file(journaled.releases, "fr/alert/index.html") == b"shooting"


def test_an_address_that_two_claim_is_tried_again_until_one_gives_way(journaled: Journaled) -> None:
    first, second = list[Document](), list[Document]()

    @journaled.registry.documents("a pages")
    def others(context: BuildContext) -> list[Document]:
        record("page")
        return first

    @journaled.registry.documents("b pages")
    def pages(context: BuildContext) -> list[Document]:
        record("nothing that changes")
        return second

    journaled.build()
    first.append(page("/fr/other/", "a page"))
    second.append(page("/fr/other/", "an alert"))
    journaled.build("page", "nothing that changes")
    assert live_file(journaled.releases, "fr/other/index.html") == b"a page"
    assert len(journaled.build().failures) == 1
    first.clear()
    assert not journaled.build("page").failures
    assert live_file(journaled.releases, "fr/other/index.html") == b"an alert"


def test_a_build_that_breaks_off_has_let_the_alert_go_live(site: Site) -> None:
    def stopped() -> bool:
        return live_file(site.releases, "alerts/active.json") == b"shooting"

    with pytest.raises(BuildCancelledError):
        build(site.releases, registry=site.registry, should_stop=stopped)
    assert live_file(site.releases, "alerts/active.json") == b"shooting"
    assert live_file(site.releases, "fr/index.html") == b"<p>band: none</p>"
    build(site.releases, registry=site.registry)
    assert live_file(site.releases, "fr/index.html") == b"<p>band: shooting</p>"


def test_what_a_build_gives_way_to_does_not_wait_until_what_was_begun_is_deleted(site: Site) -> None:
    """At 10,000 pages that takes a second or two, while the build still holds the lock."""

    def stopped() -> bool:
        has_begun = any(site.releases.root.glob(".building-*"))
        return has_begun and live_file(site.releases, "alerts/active.json") == b"shooting"

    with pytest.raises(BuildCancelledError):
        build(site.releases, registry=site.registry, should_stop=stopped)
    assert list(site.releases.root.glob(".removing-*"))
    build(site.releases, registry=site.registry)
    assert not list(site.releases.root.glob(".removing-*"))


def test_the_first_of_the_two_releases_is_whole(site: Site) -> None:
    build(site.releases, registry=site.registry)
    urgent = site.releases.releases()[-2]
    manifest = Manifest.load(site.releases.root / urgent / "manifest.json")
    public = site.releases.root / urgent / "public"
    assert {str(path.relative_to(public)) for path in public.rglob("*") if path.is_file()} == set(
        manifest.paths()
    )
    assert (public / "fr/index.html").read_bytes() == b"<p>band: none</p>"


@pytest.mark.parametrize("is_known", [True, False], ids=["a change", "everything"])
def test_what_leads_to_an_alert_is_live_with_it(journaled: Journaled, is_known: bool) -> None:
    """The address in an SMS: nobody may get a 404 from it until the rest of the site is made."""
    moved = [Redirect("/fr/old/", "/fr/")]
    journaled.registry.documents("pages")(lambda context: [page("/fr/", "page")])
    journaled.registry.redirects("moved")(lambda context: moved)

    @journaled.registry.redirects("short", urgent=True)
    def short(context: BuildContext) -> list[Redirect]:
        record("alert")
        return [Redirect("/fr/a1", "/alerts/active.json")] if journaled.alerts[1:] else []

    journaled.build()
    journaled.alerts.append("shooting")
    seen: list[dict[str, str]] = []

    def look() -> None:
        folder = journaled.releases.root / "current"
        seen.append(dict(Manifest.load(folder / "manifest.json").redirects))
        assert '"/fr/a1"' in (folder / "redirects.map").read_text()
        assert (folder / "public/fr/a1/index.html").is_file() is is_known

    journaled.build("alert", full=not is_known, on_urgent=look)
    assert seen == [{"/fr/old": "/fr/", "/fr/a1": "/alerts/active.json"}]
    assert live_file(journaled.releases, "fr/a1/index.html")
    assert dict(Manifest.load(journaled.releases.root / "current/manifest.json").redirects) == seen[0]


def public_paths(site: Site) -> set[str]:
    public = site.releases.root / "current" / "public"
    return {path.relative_to(public).as_posix() for path in public.rglob("*") if path.is_file()}


def test_a_torn_release_loses_nothing_more_when_an_alert_goes_live_first(site: Site) -> None:
    before = public_paths(site) - {"fr/index.html"}
    (site.releases.root / "current" / "public" / "fr" / "index.html").unlink()
    seen: list[set[str]] = []
    build(site.releases, registry=site.registry, on_urgent=lambda: seen.append(public_paths(site)))
    assert before
    assert seen == [before]
    assert live_file(site.releases, "fr/index.html") == b"<p>band: shooting</p>"


def test_a_build_of_everything_mends_what_is_urgent_first(releases: ReleaseTarget) -> None:
    registry, texts = Registry(), ["none"]
    registry.documents("alerts", urgent=True)(
        lambda context: [page("/alerts/active.json", texts[-1]), page("/numbers.json", "112")]
    )
    registry.documents("pages")(lambda context: [page("/fr/", "page")])
    build(releases, registry=registry)
    (releases.root / "current" / "public" / "numbers.json").write_text("666")
    texts.append("shooting")
    seen: list[bytes] = []
    build(
        releases,
        registry=registry,
        full=True,
        on_urgent=lambda: seen.append(live_file(releases, "numbers.json")),
    )
    assert seen == [b"112"]
    assert live_file(releases, "numbers.json") == b"112"


def test_what_was_torn_is_mended_by_the_build_after_one_that_broke_off(journaled: Journaled) -> None:
    releases = journaled.releases

    @journaled.registry.documents("pages")
    def pages(context: BuildContext) -> list[Document]:
        record("page")
        return [page("/fr/", "page")]

    journaled.build()
    (releases.root / "current" / "public" / "fr" / "index.html").unlink()
    journaled.alerts.append("shooting")
    with pytest.raises(BuildCancelledError):
        journaled.build("alert", on_urgent=break_off)
    assert live_file(releases, "alerts/active.json") == b"shooting"
    journaled.build()
    assert live_file(releases, "fr/index.html") == b"page"


def break_off() -> None:
    raise BuildCancelledError


def test_with_only_what_is_urgent_comes_first_where_everything_is_made(journaled: Journaled) -> None:
    seen: list[bytes] = []
    journaled.build()
    journaled.alerts.append("shooting")
    (journaled.releases.root / ".state.sqlite3").unlink()
    result = journaled.build(
        only="/fr/*", on_urgent=lambda: seen.append(live_file(journaled.releases, "alerts/active.json"))
    )
    assert result.everything
    assert seen == [b"shooting"]


def test_a_build_of_everything_that_gives_way_is_gone_on_with_from_memory_too(
    journaled: Journaled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the release before was torn, a second attempt gives way."""

    @journaled.registry.documents("pages")
    def pages(context: BuildContext) -> list[Document]:
        record("page")
        return [page("/fr/", "page")]

    keeper = Keeper()
    journaled.build(keeper=keeper)
    (journaled.releases.root / "current" / "public" / "fr" / "index.html").unlink()
    journaled.alerts.append("shooting")
    with pytest.raises(BuildCancelledError):
        journaled.build("alert", keeper=Keeper(), on_urgent=break_off)
    broken = Keeper()
    (journaled.releases.root / "current" / "public" / "fr" / "index.html").unlink(missing_ok=True)
    journaled.alerts.append("fire")
    with pytest.raises(BuildCancelledError):
        journaled.build("alert", keeper=broken, on_urgent=break_off)
    monkeypatch.setattr(State, "load", lambda path: pytest.fail("read from the disk"))
    journaled.build("alert", keeper=broken)
    assert live_file(journaled.releases, "fr/index.html") == b"page"


def test_a_build_that_gave_way_is_gone_on_with_from_memory(
    journaled: Journaled, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ["before"]

    @journaled.registry.documents("pages")
    def pages(context: BuildContext) -> list[Document]:
        record("page")
        return [page("/fr/", text[-1])]

    keeper = Keeper()
    journaled.build(keeper=keeper)
    text.append("after")
    journaled.alerts.append("shooting")
    with pytest.raises(BuildCancelledError):
        journaled.build("alert", "page", keeper=keeper, on_urgent=break_off)
    assert live_file(journaled.releases, "alerts/active.json") == b"shooting"
    assert live_file(journaled.releases, "fr/index.html") == b"before"
    # To read it takes seconds on a large site, and an alert waits.
    monkeypatch.setattr(State, "load", lambda path: pytest.fail("read from the disk"))
    journaled.alerts.append("fire")
    journaled.build("alert", "page", keeper=keeper)
    assert live_file(journaled.releases, "alerts/active.json") == b"fire"
    assert live_file(journaled.releases, "fr/index.html") == b"after"


def test_without_news_of_what_is_urgent_there_is_one_release(site: Site) -> None:
    build(site.releases, registry=site.registry)
    before = len(site.releases.releases())
    site.registry.slot("other")(lambda context, argument: "")
    build(site.releases, registry=site.registry)
    assert len(site.releases.releases()) == before


class Framed:
    """Two pages with the band and the time at which they were made; one of them is urgent."""

    def __init__(self, releases: ReleaseTarget) -> None:
        self.releases = releases
        self.alert = ""
        self.hour = 0
        self.urgent = ["/fr/"]
        self.rendered: list[str] = []
        self.registry = Registry()
        self.registry.documents("alerts", urgent=True)(self.alerts)
        self.registry.parts(
            "pages", names=lambda context: ["/fr/", "/fr/more/"], urgent=lambda context: self.urgent
        )(self.pages)
        self.registry.slot("band")(self.band)
        self.registry.stamp("hour")(lambda moment: f"{moment:%H}")

    def alerts(self, context: BuildContext) -> list[Document]:
        record("alert")
        return [page("/alerts/active.json", self.alert, media_type="application/json")]

    def band(self, context: BuildContext, argument: str) -> str:
        record("alert")
        if self.alert:
            attach(in_memory(f"/media/{self.alert}.avif", self.alert.encode()))
        return f"<b>{self.alert}</b>" if self.alert else ""

    def pages(self, context: BuildContext, names: list[str]) -> Iterator[tuple[str, list[Document]]]:
        for name in names:
            yield name, [Document(name, lambda name=name: self.render(name))]

    def render(self, name: str) -> str:
        record(f"page={name}")
        self.rendered.append(name)
        return f"{Marker('band', 'fr')}<p>{name}</p>{Marker('made', 'hour')}."

    def build(self, alert: str, *, breaks_off: bool = False) -> None:
        """An hour later than the one before, with another alert; `breaks_off` after what is urgent."""
        self.alert, self.hour = alert, self.hour + 1
        before = self.releases.current()
        changed = Changed(frozenset({"alert"})) if before else Changed(everything=True)
        build(
            self.releases,
            registry=self.registry,
            generated_at=datetime(2026, 11, 25, self.hour, tzinfo=UTC),
            journal=lambda seen: (changed, Seen(0, frozenset(), datetime.now(UTC))),
            should_stop=lambda: breaks_off and self.releases.current() != before,
        )

    def texts(self) -> tuple[bytes, bytes]:
        return live_file(self.releases, "fr/index.html"), live_file(self.releases, "fr/more/index.html")

    def pictures(self) -> list[str]:
        public = self.releases.root / str(self.releases.current()) / "public"
        return sorted(path.name for path in public.glob("media/*"))


def test_what_is_ahead_after_builds_that_broke_off_is_brought_up_with_the_rest(
    releases: ReleaseTarget,
) -> None:
    site = Framed(releases)
    site.build("")
    assert site.texts() == (b"<p>/fr/</p>01.", b"<p>/fr/more/</p>01.")
    for alert, hour in (("fire", b"02"), ("flood", b"03")):
        with pytest.raises(BuildCancelledError):
            site.build(alert, breaks_off=True)
        text = b"<b>" + alert.encode() + b"</b>"
        assert site.texts() == (text + b"<p>/fr/</p>" + hour + b".", b"<p>/fr/more/</p>01.")
        assert site.pictures() == [f"{alert}.avif"]
    site.rendered.clear()
    site.build("flood")
    # The urgent page has said so since three; the other one since now.
    assert site.texts() == (b"<b>flood</b><p>/fr/</p>03.", b"<b>flood</b><p>/fr/more/</p>03.")
    site.build("")
    assert site.texts() == (b"<p>/fr/</p>05.", b"<p>/fr/more/</p>05.")
    assert not site.rendered
    assert site.pictures() == []


def test_what_is_ahead_goes_back_where_the_alert_was_none(releases: ReleaseTarget) -> None:
    site = Framed(releases)
    site.build("fire")
    with pytest.raises(BuildCancelledError):
        site.build("flood", breaks_off=True)
    assert site.pictures() == ["fire.avif", "flood.avif"]
    site.build("fire")
    assert site.texts() == (b"<b>fire</b><p>/fr/</p>01.", b"<b>fire</b><p>/fr/more/</p>01.")
    assert site.pictures() == ["fire.avif"]
    assert verify_release(releases.root / str(releases.current())).whole


def test_where_what_is_ahead_is_torn_all_of_it_becomes_live_at_once(releases: ReleaseTarget) -> None:
    site = Framed(releases)
    site.build("")
    with pytest.raises(BuildCancelledError):
        site.build("fire", breaks_off=True)
    (releases.root / "current" / "public" / "fr" / "index.html").unlink()
    site.urgent = []
    site.build("flood")
    assert site.texts() == (b"<b>flood</b><p>/fr/</p>03.", b"<b>flood</b><p>/fr/more/</p>03.")


def test_facts_that_can_wait_hold_back_nothing_urgent(site: Site) -> None:
    told: list[bytes] = []

    @site.registry.facts("list", tables=["news"], can_wait=True)
    def facts(context: BuildContext) -> dict[str, str]:
        told.append(live_file(site.releases, "alerts/active.json"))
        return {"list": site.alert}

    build(site.releases, registry=site.registry)
    assert told == [b"shooting"]


def test_what_is_urgent_is_made_once(releases: ReleaseTarget) -> None:
    site, asked = Framed(releases), []

    @site.registry.documents("numbers", urgent=True)
    def numbers(context: BuildContext) -> list[Document]:
        record("alert")
        asked.append(site.alert)
        return [page("/numbers.json", site.alert)]

    site.build("")
    site.build("fire")
    assert asked == ["", "fire"]
    assert live_file(releases, "numbers.json") == b"fire"


def test_what_is_urgent_is_made_again_where_it_shows_facts_that_waited(releases: ReleaseTarget) -> None:
    site, read = Framed(releases), ["old"]

    @site.registry.facts("list", tables=["alert"], can_wait=True)
    def facts(context: BuildContext) -> dict[str, str]:
        if site.alert:
            # Somebody has published meanwhile; the next build asks again, and finds nothing else.
            read[0] = "new"
        return {"list": read[0]}

    @site.registry.documents("numbers", urgent=True)
    def numbers(context: BuildContext) -> list[Document]:
        record("alert")
        record("list")
        return [page("/numbers.json", read[0])]

    site.build("")
    site.build("fire")
    assert live_file(releases, "numbers.json") == b"new"


def test_where_only_the_rest_failed_nobody_is_told_that_nothing_is_live(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site.releases.current()
    create = FileWriter._create

    def full(self: FileWriter, path: str, data: bytes, second: int) -> None:
        if path == "fr/index.html":
            raise OSError(errno.ENOSPC, "No space left on device")
        create(self, path, data, second)

    monkeypatch.setattr(FileWriter, "_create", full)
    with pytest.raises(BuildError, match=r"the disk is full.*What is urgent is live"):
        build(site.releases, registry=site.registry)
    assert site.releases.current() != before
    assert live_file(site.releases, "alerts/active.json") == b"shooting"
