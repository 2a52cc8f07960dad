"""A release that has had its time becomes the next one, and what is kept is never touched."""

from __future__ import annotations

import errno
import fcntl
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from generator import targets, writing
from generator.build import Keeper, Result, build, standing
from generator.changed import Changed
from generator.changes import Seen
from generator.documents import Attachment, Document
from generator.recording import attach, record
from generator.registry import BuildContext, Registry
from generator.targets import SPARE, ReleaseTarget
from generator.verification import verify_release
from generator.writing import Previous, remove_tree

from .samples import in_memory, live_file, tree

pytestmark = pytest.mark.once


class Site:
    """Pages by URL, each a part of its own that says when it was changed."""

    def __init__(self, root: Path) -> None:
        self.target = ReleaseTarget(root, kept=2)
        self.pages = {f"/fr/{number}/": f"page {number}" for number in range(4)}
        self.changed: set[str] = set()
        self.registry = Registry()
        self.registry.parts("pages", names=self.names)(self.documents)

    def names(self, context: BuildContext) -> list[str]:
        record("names")
        return list(self.pages)

    def documents(self, context: BuildContext, names: list[str]) -> Any:
        for name in names:
            yield name, [Document(name, lambda name=name: self.render(name), in_sitemap=True)]

    def render(self, name: str) -> str:
        record(f"page={name}")
        if self.pages[name] == "fails":
            raise ValueError(name)
        if "picture" in self.pages[name]:
            attach(in_memory("/media/picture.avif", b"picture"))
        return f"<h1>{self.pages[name]}</h1>"

    def edit(self, url: str, text: str | None) -> None:
        self.changed |= {f"page={url}"} if url in self.pages and text is not None else {"names"}
        if text is None:
            del self.pages[url]
        else:
            self.pages[url] = text

    def journal(self, seen: Seen | None) -> tuple[Changed, Seen]:
        changed, self.changed = Changed(frozenset(self.changed), everything=seen is None), set()
        return changed, Seen(0, frozenset(), datetime.now(UTC))

    def build(self, **options: Any) -> Result:
        result = build(self.target, registry=self.registry, journal=self.journal, **options)
        assert result.failures == []
        assert verify_release(self.target.root / str(result.release)).whole
        return result

    def public(self) -> Path:
        return self.target.root / "current" / "public"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """With as many releases as are kept, and one put aside."""
    site = Site(tmp_path / "releases")
    site.build()
    for number in range(2):
        site.edit("/fr/0/", f"edit {number}")
        site.build()
    assert spare(site).is_dir()
    return site


def spare(site: Site) -> Path:
    """The copy that a build of this site takes first."""
    return min(
        site.target._spares(), default=site.target.root / "none", key=lambda path: (len(path.name), path.name)
    )


def test_the_next_release_is_written_into_one_that_is_no_longer_kept(site: Site) -> None:
    inode = (spare(site) / "public").stat().st_ino
    site.edit("/fr/1/", "new")
    site.build()
    assert site.public().stat().st_ino == inode
    assert live_file(site.target, "fr/1/index.html") == b"<h1>new</h1>"
    assert live_file(site.target, "fr/0/index.html") == b"<h1>edit 1</h1>"


def test_releases_that_are_kept_stay_as_they_were(site: Site) -> None:
    kept = {name: tree(site.target.root / name / "public") for name in site.target.releases()}
    live = site.target.current()
    site.edit("/fr/1/", "new")
    site.edit("/fr/2/", None)
    site.build()
    assert tree(site.target.root / str(live) / "public") == kept[str(live)]


def test_what_is_removed_is_gone_with_its_folder_and_pictures(site: Site) -> None:
    site.edit("/fr/3/", "with a picture")
    site.build()
    assert live_file(site.target, "media/picture.avif") == b"picture"
    site.edit("/fr/3/", None)
    site.build()
    assert not (site.public() / "fr/3").exists()
    assert not (site.public() / "media").exists()
    assert b"/fr/3/" not in live_file(site.target, "sitemap.xml")


def test_a_picture_stays_as_long_as_one_page_shows_it(site: Site) -> None:
    for url in ("/fr/2/", "/fr/3/"):
        site.edit(url, "with a picture")
    site.build()
    site.edit("/fr/2/", "without")
    site.build()
    assert live_file(site.target, "media/picture.avif") == b"picture"
    site.edit("/fr/3/", "without")
    site.build()
    assert not (site.public() / "media/picture.avif").exists()


@pytest.mark.parametrize(("old", "new"), [("/a.html", "/a.html/b/"), ("/a.html/b/", "/a.html")])
def test_a_folder_may_come_where_a_file_was_and_the_other_way_round(site: Site, old: str, new: str) -> None:
    site.edit(old, "old")
    site.build()
    site.edit(old, None)
    site.edit(new, "new")
    site.build()
    assert (
        live_file(site.target, f"{new.strip('/')}{'/index.html' if new.endswith('/') else ''}")
        == b"<h1>new</h1>"
    )


@pytest.mark.parametrize("harm", ["no manifest", "torn manifest", "gone"])
def test_without_a_usable_copy_one_is_made(site: Site, harm: str) -> None:
    if harm == "torn manifest":
        (spare(site) / "manifest.json").write_text("{")
    elif harm == "no manifest":
        (spare(site) / "manifest.json").unlink()
    else:
        site.target._doom(spare(site))
    site.edit("/fr/1/", "new")
    site.build()
    assert live_file(site.target, "fr/1/index.html") == b"<h1>new</h1>"


def test_a_copy_that_was_brought_up_while_it_was_looked_at_is_taken_for_what_it_is(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the process beside the worker: between the look and the move nobody holds it."""
    nearest = site.target._nearest

    def looked(wanted: Previous) -> Any:
        found = nearest(wanted)
        site.target.prepare()
        return found

    site.edit("/fr/new/", "new")
    site.build()
    monkeypatch.setattr(site.target, "_nearest", looked)
    site.edit("/fr/1/", "edited")
    result = site.build()
    assert not result.everything
    assert live_file(site.target, "fr/1/index.html") == b"<h1>edited</h1>"
    assert live_file(site.target, "fr/new/index.html") == b"<h1>new</h1>"


@pytest.mark.parametrize("where", ["the copy", "the live release"])
def test_a_process_looks_at_the_files_before_it_trusts_them(site: Site, where: str) -> None:
    folder = spare(site) / "public" if where == "the copy" else site.public()
    (folder / "fr/2/index.html").unlink()
    site.edit("/fr/1/", "new")
    site.build()
    assert live_file(site.target, "fr/2/index.html") == b"<h1>page 2</h1>"


def test_a_build_that_changes_nothing_touches_nothing(site: Site) -> None:
    before = site.target.current()
    inode = spare(site).stat().st_ino
    site.changed = {"page=/fr/1/"}
    assert site.build().release == before
    assert spare(site).stat().st_ino == inode
    assert not list(site.target.root.glob(".building-*"))


def test_a_build_of_everything_leaves_no_old_copy(site: Site) -> None:
    site.build(full=True)
    site.pages["/fr/1/"] = "new"
    site.build(full=True)
    assert not list(site.target.root.glob(".removing-*"))


def deface(file: Path) -> None:
    """Other content of the same size, in place, as somebody would who has got into the machine."""
    file.write_bytes(bytes(reversed(file.read_bytes())))


@pytest.mark.parametrize("name", ["index.html", "index.html.gz", "index.html.br"])
def test_a_build_of_everything_mends_what_somebody_has_changed(site: Site, name: str) -> None:
    site.edit("/fr/2/", "long " * 50)
    site.build()
    before = (site.public() / "fr/2" / name).read_bytes()
    deface(site.public() / "fr/2" / name)
    site.build(full=True)
    assert live_file(site.target, f"fr/2/{name}") == before


def test_a_build_of_everything_takes_out_what_somebody_has_put_there(site: Site) -> None:
    (site.public() / "fr/2/more.html").write_text("put there")
    site.build(full=True)
    assert not (site.public() / "fr/2/more.html").exists()


def test_a_build_of_everything_takes_an_attachment_from_its_source(site: Site, tmp_path: Path) -> None:
    source = tmp_path / "plan.pdf"
    source.write_bytes(b"%PDF")

    @site.registry.documents("plan")
    def plan(context: BuildContext) -> list[Document]:
        attach(Attachment("/documents/plan.pdf", lambda: source.open("rb"), "application/pdf"))
        return [Document("/plan/", lambda: "plan")]

    site.build()
    published = site.public() / "documents/plan.pdf"
    published.unlink()
    published.write_bytes(b"FDP%")
    site.build(full=True)
    assert live_file(site.target, "documents/plan.pdf") == b"%PDF"


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_page_that_fails_and_has_no_good_version_is_left_out_and_told(site: Site, harm: str) -> None:
    file = site.public() / "fr/2/index.html"
    if harm == "changed":
        deface(file)
    else:
        file.unlink()
    site.pages["/fr/2/"] = "fails"
    result = build(site.target, registry=site.registry, journal=site.journal, full=True)
    assert [(failure.url, failure.is_kept) for failure in result.failures] == [("/fr/2/", False)]
    assert not (site.public() / "fr/2").exists()
    assert verify_release(site.target.root / "current").whole
    site.pages["/fr/2/"] = "mended"
    site.build()
    assert live_file(site.target, "fr/2/index.html") == b"<h1>mended</h1>"


def test_a_picture_of_a_page_that_fails_is_told_where_it_is_not_good_either(site: Site) -> None:
    site.edit("/fr/2/", "with a picture")
    site.build()
    deface(site.public() / "media/picture.avif")
    site.pages["/fr/2/"] = "fails"
    result = build(site.target, registry=site.registry, journal=site.journal, full=True)
    assert [failure.url for failure in result.failures] == ["/fr/2/", "/media/picture.avif"]
    assert live_file(site.target, "fr/2/index.html") == b"<h1>with a picture</h1>"
    assert not (site.public() / "media").exists()


def test_a_copy_is_prepared_where_there_is_none(tmp_path: Path) -> None:
    site = Site(tmp_path / "releases")
    site.target.prepare()
    assert not spare(site).exists()
    site.build()
    assert not site.target.is_ready()
    site.target.prepare()
    assert site.target.is_ready()
    assert tree(spare(site) / "public") == tree(site.public())
    inode = (spare(site) / "public").stat().st_ino
    site.edit("/fr/1/", "new")
    site.build()
    assert site.public().stat().st_ino == inode


@contextmanager
def at_the_copy(site: Site, number: int) -> Iterator[None]:
    """Somebody is bringing up that copy."""
    with (site.target.root / f".copying-{number}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_two_do_not_prepare_the_same_at_once(tmp_path: Path) -> None:
    site = Site(tmp_path / "releases")
    site.build()
    with at_the_copy(site, 0):
        site.target.prepare()
    copies = site.target._spares()
    assert [copy.name for copy in copies] == [".spare-1", ".spare-2"]
    assert all(tree(copy / "public") == tree(site.public()) for copy in copies)


def test_a_build_takes_a_copy_while_another_one_is_brought_up(tmp_path: Path) -> None:
    site = Site(tmp_path / "releases")
    site.build()
    site.target.prepare()
    first, second, _third = site.target._spares()
    inode = (second / "public").stat().st_ino
    with at_the_copy(site, 0):
        first.rename(site.target.root / ".copying-0")
        site.edit("/fr/1/", "new")
        site.build()
    assert site.public().stat().st_ino == inode


def test_a_build_waits_for_a_copy_where_no_other_is_near(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path / "releases")
    site.build()
    site.target.prepare()
    first, *others = site.target._spares()
    for other in others:
        remove_tree(other)
    inode = (first / "public").stat().st_ino
    monkeypatch.setattr("generator.targets.NEAR", -1)
    draft = site.target.root / ".copying-0"

    def bring_up() -> None:
        with at_the_copy(site, 0):
            first.rename(draft)
            begun.set()
            time.sleep(0.3)
            draft.rename(first)

    begun = Event()
    beside = Thread(target=bring_up)
    beside.start()
    begun.wait(5)
    site.edit("/fr/1/", "new")
    site.build()
    beside.join()
    assert site.public().stat().st_ino == inode


def test_an_alert_that_comes_while_the_band_of_another_is_made_finds_a_copy(tmp_path: Path) -> None:
    site = Site(tmp_path / "releases")
    site.build()
    site.target.prepare()
    prepared = {(copy / "public").stat().st_ino for copy in site.target._spares()}
    site.edit("/fr/1/", "urgent")
    site.build()
    live = site.target.previous()
    assert live is not None
    given_up = site.target.stage(live)
    site.target.discard()
    assert not given_up.exists()
    site.edit("/fr/1/", "urgent again")
    site.build()
    assert site.public().stat().st_ino in prepared


def test_what_is_given_up_is_deleted_when_there_is_time(tmp_path: Path) -> None:
    site = Site(tmp_path / "releases")
    site.build()
    site.target.stage(site.target.previous())
    site.target.discard()
    (aside,) = site.target.root.glob(".removing-*")
    assert tree(aside / "public") == tree(site.public())
    assert not site.target.is_ready()
    site.target.prepare()
    assert not aside.exists()


def test_a_copy_stays_where_a_release_was_put_aside_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path / "releases")
    site.build()

    def bring_up(public: Path, holds: object, wanted: Previous) -> None:
        writing.bring_up(public, None, wanted)
        place = site.target.root / public.parent.name.replace("copying", "spare")
        place.mkdir()
        (place / "put-aside").touch()

    monkeypatch.setattr("generator.targets.bring_up", bring_up)
    site.target.prepare()
    assert site.target.is_prepared()


def test_a_copy_that_was_changed_for_another_one_before_it_was_moved_is_taken_for_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a build in the same moment, which puts an older release aside there."""
    site = Site(tmp_path / "releases")
    site.build()
    older = tmp_path / "older"
    shutil.copytree(site.target.root / str(site.target.current()), older)
    site.edit("/fr/0/", "edit 1")
    site.build()
    site.target.prepare()
    site.edit("/fr/1/", "edit 2")
    site.build()
    release_of = targets._release_of

    def looked(manifest: Path) -> str | None:
        found = release_of(manifest)
        if older.exists() and manifest.parent.name.startswith(SPARE):
            remove_tree(manifest.parent)
            older.rename(manifest.parent)
        return found

    monkeypatch.setattr(targets, "_release_of", looked)
    site.target.prepare()
    assert not older.exists()
    wanted = tree(site.public())
    for place in site.target._spares():
        assert tree(place / "public") == wanted


def test_a_preparation_that_was_killed_is_begun_again(tmp_path: Path) -> None:
    site = Site(tmp_path / "releases")
    site.build()
    draft = site.target.root / ".copying-0" / "public" / "fr"
    draft.mkdir(parents=True)
    (draft / "half.html").write_text("half")
    site.target.prepare()
    assert tree(spare(site) / "public") == tree(site.public())


def views(target: ReleaseTarget) -> Callable[[Any], dict[str, Any]]:
    def of(known: Any) -> dict[str, Any]:
        return {
            "parts": known.state.parts,
            "fillings": known.state.fillings,
            "ahead": (known.state.ahead, known.ahead),
            "facts": known.state.facts,
            "owners": known.owners,
            "folders": known.folders,
            "marked": dict(known.marked),
            "attached": {path: count for path, count in known.attached.items() if count},
            "documents": {name: count for name, count in known.documents.items() if count},
            "sitemaps": known.sitemaps,
            "urls": known.urls,
            "files": known.previous.files.flat(),
            "release": known.state.release,
        }

    return of


def test_a_process_looks_at_each_copy_that_it_has_not_made(tmp_path: Path) -> None:
    site, keeper = Site(tmp_path / "releases"), Keeper()
    site.build()
    site.target.prepare()
    _first, second, _third = site.target._spares()
    (second / "public/fr/2/index.html").unlink()
    for text in ("one", "two"):
        site.edit("/fr/1/", text)
        site.build(keeper=keeper)
        assert live_file(site.target, "fr/2/index.html") == b"<h1>page 2</h1>"


def test_a_copy_that_could_not_be_moved_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(tmp_path / "releases")
    site.build()
    site.target.prepare()
    site.edit("/fr/1/", "new")
    site.build()
    rename, refused = Path.rename, [".copying-0"]

    def rename_or_refuse(self: Path, target: Path) -> Path:
        if target.name in refused:
            refused.remove(target.name)
            raise OSError(errno.EIO, "Input/output error", str(self))
        return rename(self, target)

    site.target._spares()[0].rename(site.target.root / ".spare-0")
    monkeypatch.setattr(Path, "rename", rename_or_refuse)
    site.target.prepare()
    assert not refused
    assert all(tree(copy / "public") == tree(site.public()) for copy in site.target._spares())


def test_what_is_remembered_is_what_lies_on_the_disk(site: Site) -> None:
    keeper, of = Keeper(), views(site.target)
    steps: list[tuple[str, str | None]] = [
        ("/fr/1/", "one"),
        ("/fr/9/", "a picture, new"),
        ("/fr/2/", None),
        ("/fr/1/", "one with a picture"),
        ("/fr/9/", None),
        ("/fr/1/", "without"),
    ]
    for url, text in steps:
        site.edit(url, text)
        site.build(keeper=keeper)
        remembered, read = keeper.of(site.target), standing(site.target)
        assert of(remembered) == of(read)
        now = datetime.now(UTC)
        for changed in (
            Changed(),
            Changed(frozenset({f"page={url}", "other"})),
            Changed(frozenset({"page"}), frozenset({"page"})),
            Changed(everything=True),
        ):
            assert remembered.stale(changed, now) == read.stale(changed, now)
        keeper.keep(remembered)


def test_nothing_is_remembered_after_a_build_that_failed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Keeper()
    site.build(keeper=keeper)
    site.edit("/fr/1/", "new")
    with monkeypatch.context() as patch:
        patch.setattr(ReleaseTarget, "commit", None)
        with pytest.raises(TypeError):
            site.build(keeper=keeper)
    site.changed = {"page=/fr/1/"}
    site.build(keeper=keeper)
    assert live_file(site.target, "fr/1/index.html") == b"<h1>new</h1>"


def test_what_somebody_else_made_live_is_not_taken_for_ones_own(site: Site) -> None:
    keeper = Keeper()
    site.build(keeper=keeper)
    other = next(name for name in site.target.releases() if name != site.target.current())
    site.target.activate(other)
    assert not keeper.is_of(site.target)
    site.build(keeper=keeper)
    assert live_file(site.target, "fr/0/index.html") == b"<h1>edit 1</h1>"
    assert keeper.is_of(site.target)


@pytest.mark.parametrize("harm", ["another format", "a torn part", "no database", "no manifest"])
def test_a_worker_sees_that_nobody_knows_what_the_site_was_made_from(site: Site, harm: str) -> None:
    """Else it would see no change from then on, and read all of it again in each round."""
    state = site.target.state_path
    if harm == "no manifest":
        (site.target.root / "current" / "manifest.json").write_text("{")
    elif harm == "no database":
        state.write_text("{" * 5000)
    else:
        with closing(sqlite3.connect(state)) as connection, connection:
            if harm == "a torn part":
                connection.execute("UPDATE part SET value = '{' WHERE name = '/fr/1/'")
            else:
                connection.execute("UPDATE about SET value = '2' WHERE name = 'format'")
    keeper = Keeper()
    assert not keeper.is_of(site.target)
    assert keeper.is_behind(site.target)
    if harm != "no manifest":
        first = keeper.of(site.target)
        keeper.keep(first)
        assert keeper.of(site.target) is first
        keeper.keep(first)
    result = site.build(keeper=keeper)
    assert result.everything
    assert keeper.is_of(site.target)
    assert not keeper.is_behind(site.target)
