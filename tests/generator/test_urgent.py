"""What lives depend on goes live first, whatever happens to the rest."""

from __future__ import annotations

import pytest

from generator.build import BuildCancelledError, build
from generator.documents import Document
from generator.manifest import Manifest
from generator.registry import BuildContext, Registry
from generator.slots import Marker
from generator.targets import ReleaseTarget

from .samples import live_file, page

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

    def alerts(self, context: BuildContext) -> list[Document]:
        return [page("/alerts/active.json", self.alert, media_type="application/json")]

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


def test_a_build_that_breaks_off_has_let_the_alert_go_live(site: Site) -> None:
    def stopped() -> bool:
        return live_file(site.releases, "alerts/active.json") == b"shooting"

    with pytest.raises(BuildCancelledError):
        build(site.releases, registry=site.registry, should_stop=stopped)
    assert live_file(site.releases, "alerts/active.json") == b"shooting"
    assert live_file(site.releases, "fr/index.html") == b"<p>band: none</p>"
    build(site.releases, registry=site.registry)
    assert live_file(site.releases, "fr/index.html") == b"<p>band: shooting</p>"


def test_the_first_of_the_two_releases_is_whole(site: Site) -> None:
    build(site.releases, registry=site.registry)
    urgent = site.releases.releases()[-2]
    manifest = Manifest.load(site.releases.root / urgent / "manifest.json")
    public = site.releases.root / urgent / "public"
    assert {str(path.relative_to(public)) for path in public.rglob("*") if path.is_file()} == set(
        manifest.paths()
    )
    assert (public / "fr/index.html").read_bytes() == b"<p>band: none</p>"


def test_without_news_of_what_is_urgent_there_is_one_release(site: Site) -> None:
    build(site.releases, registry=site.registry)
    before = len(site.releases.releases())
    site.registry.slot("other")(lambda context, argument: "")
    build(site.releases, registry=site.registry)
    assert len(site.releases.releases()) == before
