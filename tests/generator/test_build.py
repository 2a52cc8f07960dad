from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import get_language

from generator.build import BuildCancelledError, build
from generator.documents import Document, Redirect
from generator.manifest import Manifest
from generator.recording import attach
from generator.registry import BuildContext, Registry
from generator.targets import ReleaseTarget

from .samples import built, failing, in_memory, live_file, page, site, tree

pytestmark = pytest.mark.once


def manifest(releases: ReleaseTarget) -> Manifest:
    return Manifest.load(releases.root / "current" / "manifest.json")


def test_a_document_becomes_a_file_of_the_live_release(releases: ReleaseTarget) -> None:
    result = built(releases, page("/fr/", "<h1>é</h1>"))
    assert result.release == releases.current()
    assert live_file(releases, "fr/index.html") == "<h1>é</h1>".encode()


def test_the_manifest_tells_every_file_and_lies_outside_the_public_folder(releases: ReleaseTarget) -> None:
    built(releases, page("/fr/", "<p>x</p>" * 50), page("/a.json", "{}", media_type="application/json"))
    public = tree(releases.root / "current" / "public")
    assert set(manifest(releases).paths()) == set(public)
    assert {path: entry.size for path, entry in manifest(releases).files.items()} == {
        path: len(public[path]) for path in manifest(releases).files
    }
    assert "manifest.json" not in public
    assert not {"redirects.map", "policies.map"} & set(public)


def test_a_document_renders_in_its_language(releases: ReleaseTarget) -> None:
    with translation.override("fr"):
        built(releases, Document("/nl/", lambda: str(get_language()), language="nl"))
        assert get_language() == "fr"
    assert live_file(releases, "nl/index.html") == b"nl"


def test_a_document_without_a_language_renders_in_the_sites_own(releases: ReleaseTarget) -> None:
    with translation.override("nl"):
        built(releases, Document("/a.txt", lambda: str(get_language()), media_type="text/plain"))
    assert live_file(releases, "a.txt") == b"fr"


def test_publishers_are_told_when_the_build_began_and_where_the_site_is(releases: ReleaseTarget) -> None:
    registry = Registry()
    moment = datetime(2026, 11, 22, tzinfo=UTC)

    @registry.documents("x")
    def documents(context: BuildContext) -> Iterator[Document]:
        yield page("/a.txt", f"{context.generated_at.isoformat()} {context.base_url}")

    build(releases, registry=registry, generated_at=moment, base_url="https://safe.example/")
    assert live_file(releases, "a.txt") == b"2026-11-22T00:00:00+00:00 https://safe.example"


def test_a_failing_document_is_named_keeps_its_last_good_version_and_holds_nothing_back(
    releases: ReleaseTarget,
) -> None:
    built(releases, page("/fr/", "old"), page("/fr/a/", "good"))
    for _time in range(2):
        result = built(
            releases,
            page("/fr/", "new"),
            failing("/fr/a/", ValueError("no summary"), label="Mission A"),
            failing("/fr/b/", KeyError("b")),
        )
        assert [str(failure) for failure in result.failures] == [
            "/fr/a/ (Mission A), published by pages: ValueError: no summary",
            "/fr/b/, published by pages: KeyError: 'b'",
        ]
        assert [failure.is_kept for failure in result.failures] == [True, False]
        assert live_file(releases, "fr/index.html") == b"new"
        assert live_file(releases, "fr/a/index.html") == b"good"
        assert not (releases.root / "current/public/fr/b").exists()
    built(releases, page("/fr/", "new"), page("/fr/a/", "mended"))
    assert live_file(releases, "fr/a/index.html") == b"mended"


def test_a_first_release_needs_every_document(releases: ReleaseTarget) -> None:
    result = built(releases, page("/fr/"), failing("/fr/a/", ValueError("no summary")))
    assert result.release is None
    assert releases.current() is None
    assert not list(releases.root.glob(".building-*"))


def test_a_publisher_that_fails_keeps_what_it_had(releases: ReleaseTarget) -> None:
    registry = Registry()
    documents = [page("/fr/", "good")]

    @registry.documents("news")
    def publisher(context: BuildContext) -> Iterator[Document]:
        yield from documents
        if not documents:
            raise RuntimeError("no table")

    build(releases, registry=registry)
    documents.clear()
    [failure] = build(releases, registry=registry).failures
    assert failure.is_kept
    assert live_file(releases, "fr/index.html") == b"good"


def test_a_build_that_changes_nothing_makes_no_release(releases: ReleaseTarget) -> None:
    before = built(releases, page("/fr/", "x"))
    after = built(releases, page("/fr/", "x"))
    assert after.release == before.release
    assert releases.releases() == [before.release]


def test_a_failing_publisher_is_named(releases: ReleaseTarget) -> None:
    registry = Registry()

    @registry.documents("news")
    def documents(context: BuildContext) -> Iterator[Document]:
        yield page("/fr/")
        raise RuntimeError("no table")

    [failure] = build(releases, registry=registry).failures
    assert (failure.publisher, failure.error) == ("news", "RuntimeError: no table")


def test_two_documents_at_one_url_are_a_failure_that_names_both(releases: ReleaseTarget) -> None:
    result = built(releases, page("/fr/x/", label="First"), page("/fr/x/index.html", label="Second"))
    assert result.release is None
    assert "/fr/x/index.html (Second)" in str(result.failures[0])
    assert "'First', published by pages" in str(result.failures[0])


@pytest.mark.parametrize(
    ("one", "other"), [("/a", "/a/b/"), ("/a.json", "/a.json.gz"), ("/a", "/a/b/c.json")]
)
def test_urls_that_need_the_same_place_on_disk_are_a_failure(
    releases: ReleaseTarget, one: str, other: str
) -> None:
    result = built(releases, page(one), page(other))
    assert result.release is None
    assert "cannot be a file beside" in str(result.failures[0])


def test_sitemap_and_robots_come_with_every_build(releases: ReleaseTarget) -> None:
    built(releases, page("/fr/", in_sitemap=True))
    assert b"<loc>http" in live_file(releases, "sitemap.xml")
    assert b"Sitemap: http" in live_file(releases, "robots.txt")


def test_an_app_may_publish_its_own_robots_txt(releases: ReleaseTarget) -> None:
    built(releases, page("/robots.txt", "mine", media_type="text/plain"))
    assert live_file(releases, "robots.txt") == b"mine"


def test_redirects_are_pages_and_lines_of_the_map(releases: ReleaseTarget) -> None:
    built(releases, page("/fr/neuf/"), redirects=[Redirect("/fr/vieux", "/fr/neuf/")])
    assert b'url=/fr/neuf/"' in live_file(releases, "fr/vieux/index.html")
    assert '"/fr/vieux/" "/fr/neuf/";' in (releases.root / "current" / "redirects.map").read_text()


def test_an_impossible_redirect_warns_and_does_not_stop_the_build(releases: ReleaseTarget) -> None:
    result = built(releases, page("/fr/"), redirects=[Redirect("/cms/", "/fr/")])
    assert result.release
    assert "'/cms/'" in result.warnings[0]


def test_what_a_document_attaches_is_published_once(releases: ReleaseTarget) -> None:
    image = in_memory("/media/a.avif", b"pixels")

    def render() -> str:
        attach(image)
        return "<img>"

    result = built(releases, Document("/fr/", render), Document("/nl/", render))
    assert live_file(releases, "media/a.avif") == b"pixels"
    assert result.files_by_publisher["attachments"] == 1


def test_an_attachment_that_cannot_be_opened_is_named(releases: ReleaseTarget, tmp_path: Path) -> None:
    from generator.documents import Attachment

    gone = Attachment("/media/gone.avif", lambda: (tmp_path / "gone").open("rb"), "image/avif")
    [failure] = built(releases, Document("/fr/", lambda: attach(gone) or "")).failures
    assert failure.url == "/media/gone.avif"
    assert "FileNotFoundError" in failure.error


def test_a_document_is_not_overwritten_by_an_attachment(releases: ReleaseTarget) -> None:
    data = in_memory("/a.json", b"x", "application/json")
    result = built(releases, Document("/a.json", lambda: attach(data) or "{}", media_type="application/json"))
    assert "/a.json" in str(result.failures[0])


def test_a_build_tells_what_it_added_changed_and_removed(releases: ReleaseTarget) -> None:
    built(releases, page("/a.txt", "1"), page("/b.txt", "1"), page("/c.txt", "1"))
    diff = built(releases, page("/a.txt", "1"), page("/b.txt", "2"), page("/d.txt", "1")).diff
    assert (diff.added, diff.changed, diff.removed) == (["d.txt"], ["b.txt"], ["c.txt"])


def test_what_was_removed_is_in_no_file_of_the_next_release(releases: ReleaseTarget) -> None:
    built(releases, page("/fr/secret/", "canary" * 20, in_sitemap=True))
    built(releases, page("/fr/"))
    release = tree(releases.root / "current")
    assert not [name for name in release if "secret" in name]
    assert not [name for name, data in release.items() if b"canary" in data or b"secret" in data]


def test_unchanged_files_are_shared_and_keep_their_date(releases: ReleaseTarget) -> None:
    first = built(releases, page("/fr/")).release
    second = built(releases, page("/fr/")).release
    assert first
    assert second
    files = [releases.root / name / "public/fr/index.html" for name in (first, second)]
    assert files[0].samefile(files[1])


def test_two_builds_of_one_state_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    trees = []
    for name in ("one", "two"):
        target = ReleaseTarget(tmp_path / name)
        built(target, page("/fr/", "<p>a</p>" * 99, in_sitemap=True), generated_at=moment)
        trees.append(tree(target.root / "current" / "public"))
    assert trees[0] == trees[1]


def test_a_dry_run_writes_nothing(releases: ReleaseTarget) -> None:
    result = built(releases, page("/fr/"), dry_run=True)
    assert result.diff.added == ["fr/index.html", "robots.txt", "sitemap.xml"]
    assert result.release is None
    assert not releases.root.exists()


def test_progress_names_each_url(releases: ReleaseTarget) -> None:
    told: list[tuple[int, int, str]] = []
    registry = site(page("/fr/"), page("/nl/"))
    build(releases, registry=registry, progress=lambda *step: told.append(step))
    assert told[:2] == [(0, 4, "/fr/"), (1, 4, "/nl/")]
    assert told[-1] == (4, 4, "")


def test_a_build_that_is_asked_to_stop_leaves_nothing_behind(releases: ReleaseTarget) -> None:
    before = built(releases, page("/fr/")).release
    with pytest.raises(BuildCancelledError):
        built(releases, page("/fr/"), page("/nl/"), should_stop=lambda: True)
    assert releases.current() == before
    assert not list(releases.root.glob(".building-*"))


def test_a_documents_own_headers_are_in_the_manifest(releases: ReleaseTarget) -> None:
    built(releases, page("/sw.js", "1", media_type="text/javascript", headers={"Cache-Control": "no-cache"}))
    entry = manifest(releases).files["sw.js"]
    assert (entry.headers, entry.media_type) == ({"Cache-Control": "no-cache"}, "text/javascript")
