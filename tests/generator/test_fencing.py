import pytest

from generator.build import build
from generator.fencing import Fence, OvertakenError
from generator.manifest import Manifest
from generator.targets import ReleaseTarget

from .samples import live_file, page, site

pytestmark = pytest.mark.django_db


def test_numbers_rise() -> None:
    numbers = [Fence.take().generation for _time in range(3)]
    assert numbers == sorted(set(numbers))


def test_a_stalled_build_cannot_replace_what_a_newer_one_made_live(releases: ReleaseTarget) -> None:
    stalled, newer = Fence.take(), Fence.take()
    live = build(releases, registry=site(page("/fr/", "new")), fence=newer).release
    with pytest.raises(OvertakenError, match=rf"{stalled.generation}.*{newer.generation}"):
        build(releases, registry=site(page("/fr/", "old")), fence=stalled)
    assert releases.current() == live
    assert live_file(releases, "fr/index.html") == b"new"
    assert releases.releases() == [live]
    assert not list(releases.root.glob(".building-*"))


def test_a_build_that_was_killed_before_the_switch_shuts_older_ones_out(releases: ReleaseTarget) -> None:
    older, killed = Fence.take(), Fence.take()
    with pytest.raises(KeyboardInterrupt), killed.switching():
        raise KeyboardInterrupt
    with pytest.raises(OvertakenError):
        build(releases, registry=site(page("/fr/")), fence=older)
    build(releases, registry=site(page("/fr/", "next")), fence=Fence.take())
    assert live_file(releases, "fr/index.html") == b"next"


def test_the_manifest_tells_the_number_of_its_build(releases: ReleaseTarget) -> None:
    fence = Fence.take()
    build(releases, registry=site(page("/fr/")), fence=fence)
    assert Manifest.load(releases.root / "current" / "manifest.json").generation == fence.generation
