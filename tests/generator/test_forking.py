"""Much work over several processes gives the same site as one process makes."""

from __future__ import annotations

import gc
import os
import signal
import time
import weakref
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator import forking
from generator.build import BuildCancelledError, BuildError, build
from generator.changed import Changed
from generator.changes import Seen
from generator.collecting import seldom
from generator.documents import Document
from generator.recording import attach, record
from generator.registry import BuildContext, Registry
from generator.slots import Marker
from generator.targets import ReleaseTarget
from generator.verification import verify_release

from .samples import in_memory, live_file, tree

pytestmark = pytest.mark.once

PARTS = 150


class Site:
    """Many small pages with a slot, some of which refer to the same picture."""

    def __init__(self) -> None:
        self.registry = Registry()
        self.band = "calm"
        self.registry.slot("band")(lambda context, argument: f"<p>{self.band}</p>")
        self.registry.parts("pages", names=self.names)(self.documents)

    def names(self, context: BuildContext) -> list[str]:
        return [str(number) for number in range(PARTS)]

    def documents(self, context: BuildContext, names: list[str]) -> Iterator[tuple[str, Iterable[Document]]]:
        for name in names:
            yield name, [Document(f"/fr/{name}/", lambda name=name: self.render(name))]

    def render(self, name: str) -> str:
        record(f"page={name}")
        if int(name) % 3 == 0:
            attach(in_memory("/media/picture.avif", b"picture"))
        if int(name) % 7 == 0:
            attach(in_memory(f"/media/{name}.avif", name.encode()))
        return f"{Marker('band', 'fr')}<h1>{name}</h1>" * 20


@pytest.fixture
def releases(tmp_path: Path) -> ReleaseTarget:
    return ReleaseTarget(tmp_path / "releases", kept=3)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tasks were shared out, each time. These sites read no database, so it may lie in this process."""
    asked: list[int] = []
    each = forking.each

    def counted(tasks: Any, *arguments: Any) -> Any:
        asked.append(len(tasks))
        return each(tasks, *arguments)

    monkeypatch.setattr(forking, "is_possible", lambda: True)
    monkeypatch.setattr(forking, "each", counted)
    return asked


def test_several_processes_make_what_one_makes(
    releases: ReleaseTarget, asked: list[int], tmp_path: Path
) -> None:
    site, alone = Site(), ReleaseTarget(tmp_path / "alone", kept=3)
    one = build(alone, registry=site.registry, jobs=1)
    many = build(releases, registry=site.registry, jobs=3)
    assert asked
    assert (many.rendered, many.files, many.files_by_publisher) == (
        one.rendered,
        one.files,
        one.files_by_publisher,
    )
    assert tree(releases.root / "current/public") == tree(alone.root / "current/public")
    assert verify_release(releases.root / str(many.release)).whole


def test_a_band_is_put_into_all_pages_by_several_processes(
    releases: ReleaseTarget, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.making.WORTH_SHARING_FILES", PARTS)
    site = Site()
    changed = Changed()

    def journal(seen: Seen | None) -> tuple[Changed, Seen]:
        return changed if seen else Changed(everything=True), Seen(0, frozenset(), datetime.now(UTC))

    def fill(context: BuildContext, argument: str) -> str:
        record("weather")
        return f"<p>{site.band}</p>"

    site.registry.slots["band"] = fill
    build(releases, registry=site.registry, journal=journal, jobs=2)
    asked.clear()
    site.band, changed = "storm", Changed(frozenset({"weather"}))
    result = build(releases, registry=site.registry, journal=journal, jobs=2)
    assert asked
    assert (result.rendered, result.composed, result.failures) == (0, PARTS, [])
    assert all(b"storm" in live_file(releases, f"fr/{number}/index.html") for number in range(PARTS))
    assert verify_release(releases.root / str(result.release)).whole


def test_what_fails_in_a_process_is_named(releases: ReleaseTarget, asked: list[int]) -> None:
    site = Site()
    build(releases, registry=site.registry, jobs=2)

    def render(name: str) -> str:
        if name == "5":
            raise ValueError("no summary")
        return f"<h1>new {name}</h1>"

    site.render = render  # type: ignore[method-assign]
    result = build(releases, registry=site.registry, jobs=2)
    assert [str(failure) for failure in result.failures] == [
        "/fr/5/, published by pages: ValueError: no summary"
    ]
    assert b"<h1>5</h1>" in live_file(releases, "fr/5/index.html")
    assert live_file(releases, "fr/6/index.html") == b"<h1>new 6</h1>"


def test_a_process_that_is_killed_leaves_what_was_live(releases: ReleaseTarget, asked: list[int]) -> None:
    site = Site()
    before = build(releases, registry=site.registry, jobs=2).release
    parent = os.getpid()

    def render(name: str) -> str:
        if name == "70" and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return f"<h1>new {name}</h1>"

    site.render = render  # type: ignore[method-assign]
    with pytest.raises(BuildError, match="ended before its work did"):
        build(releases, registry=site.registry, jobs=2)
    assert releases.current() == before
    assert verify_release(releases.root / str(before)).whole
    assert not list(releases.root.glob(".building-*"))


def test_two_parts_that_make_the_same_file_are_told_apart(releases: ReleaseTarget, asked: list[int]) -> None:
    site = Site()

    def documents(context: BuildContext, names: list[str]) -> Iterator[tuple[str, Iterable[Document]]]:
        for name in names:
            url = "/fr/1/" if name == "149" else f"/fr/{name}/"
            yield name, [Document(url, lambda name=name: f"<h1>{name}</h1>")]

    site.registry = Registry()
    site.registry.parts("pages", names=site.names)(documents)
    result = build(releases, registry=site.registry, jobs=2)
    assert result.release is None
    [failure] = result.failures
    assert "has the same file (fr/1/index.html)" in failure.error


def test_stopping_a_build_ends_its_processes(
    releases: ReleaseTarget, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    site, started_processes, start = Site(), [], forking._start

    def seen(*arguments: Any) -> Any:
        channel, pid = start(*arguments)
        started_processes.append(pid)
        return channel, pid

    monkeypatch.setattr(forking, "_start", seen)
    started = time.monotonic()

    def render(name: str) -> str:
        time.sleep(20)
        return ""

    site.render = render  # type: ignore[method-assign]
    with pytest.raises(BuildCancelledError):
        build(releases, registry=site.registry, jobs=2, should_stop=lambda: time.monotonic() > started + 0.5)
    assert time.monotonic() < started + 15
    assert len(started_processes) == 2
    for pid in started_processes:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_an_error_that_cannot_be_sent_is_told_in_words() -> None:
    class Own(Exception):
        def __init__(self, one: str, other: str) -> None:
            super().__init__(one)

    def work(task: int) -> None:
        raise Own("first", "second")

    with pytest.raises(RuntimeError, match="Own: first"):
        list(forking.each([1], work, 2, lambda: None))


@pytest.mark.django_db
def test_inside_a_transaction_nothing_is_shared_out() -> None:
    assert not forking.is_possible()


def test_what_is_done_beside_can_be_broken_off(tmp_path: Path) -> None:
    beside = forking.Beside()
    beside.start(lambda: time.sleep(60))
    assert beside.is_running()
    beside.end()
    assert not beside.is_running()
    beside.start((tmp_path / "done").touch)
    beside.wait()
    assert (tmp_path / "done").exists()


def test_what_is_kept_from_the_search_for_cycles_stays_so_until_who_kept_it_lets_go() -> None:
    def work() -> None:
        assert sum(forking.each([1, 2], lambda number: number, 2, lambda: None)) == 3

    assert gc.get_freeze_count() == 0
    work()
    assert gc.get_freeze_count() == 0
    with seldom():
        work()
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0


def test_what_refers_to_itself_is_gone_after_the_search_has_been_held_back() -> None:
    class Circle:
        def __init__(self) -> None:
            self.itself = self

    gc.disable()
    try:
        with seldom():
            alone = weakref.ref(Circle())
            sum(forking.each([1, 2], lambda number: number, 2, lambda: None))
            later = weakref.ref(Circle())
            assert (alone(), later()) != (None, None)
        assert (alone(), later()) == (None, None)
    finally:
        gc.enable()
