"""An incremental release is the full build of the same state, byte for byte."""

from __future__ import annotations

import contextlib
import datetime
import difflib
import itertools
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

from generator import changes, conf
from generator.build import BuildCancelledError, Keeper, Result, build
from generator.registry import BuildContext, default
from generator.targets import ReleaseTarget
from home.models import StandardPage
from missions.models import MissionPage
from news.models import NewsPage
from pages import publishing
from pages.graph import SiteGraph
from pages.models import PublicDocument
from pages.rendering import render_page
from realisations.models import RealisationPage
from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.pages import body
from tests.factories.site import NewsThemeFactory, StandardPageFactory, home_page

from .edits import Edits, make_site, publish
from .samples import tree


@pytest.fixture
def site(db: None) -> None:
    make_site()


def public(target: ReleaseTarget) -> dict[str, bytes]:
    return tree(target.root / "current" / "public")


def differences(one: dict[str, bytes], other: dict[str, bytes]) -> Iterator[str]:
    """What differs between two releases, in words."""
    for path in sorted(one.keys() | other.keys()):
        if path not in one or path not in other:
            yield f"{path} is only in the {'full' if path in other else 'incremental'} one"
        elif one[path] != other[path] and path.endswith((".html", ".json", ".xml", ".atom", ".map")):
            lines = (text.decode().splitlines() for text in (one[path], other[path]))
            yield from list(difflib.unified_diff(*lines, path, "full", n=0, lineterm=""))[:12]
        elif one[path] != other[path] and path.removesuffix(".gz").removesuffix(".br") not in one:
            yield f"{path} differs"


def built(
    target: ReleaseTarget, now: datetime.datetime, *, full: bool = False, keeper: Keeper | None = None
) -> Result:
    result = build(target, journal=changes.since, generated_at=now, full=full, keeper=keeper)
    assert result.failures == []
    if keeper:
        known = keeper.of(target)
        context = BuildContext(now, conf.base_url())
        for name, source in default.facts_sources.items():
            assert known.state.facts.get(name, {}) == source.facts(context), name
        keeper.keep(known)
    return result


def begun_and_broken_off(target: ReleaseTarget, now: datetime.datetime, keeper: Keeper, after: int) -> None:
    """A build that gives way to an alert at its `after`th document, if it makes so many."""
    asked = itertools.count()
    with contextlib.suppress(BuildCancelledError):
        build(
            target,
            journal=changes.since,
            generated_at=now,
            keeper=keeper,
            should_stop=lambda: next(asked) >= after,
        )


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), steps=st.lists(st.integers(1, 3), min_size=4, max_size=4))
def test_whatever_is_edited_an_incremental_release_equals_a_full_build(
    site: None, seed: int, steps: list[int]
) -> None:
    edits = Edits(seed)
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        one, other = (
            ReleaseTarget(Path(folder) / "one", kept=2),
            ReleaseTarget(Path(folder) / "other", kept=2),
        )
        done: list[str] = []
        keeper, hours = Keeper(), edits.hours
        for count in [0, *steps]:
            done += [edits.one() for _time in range(count)]
            before, hours, now = hours, edits.hours, edits.now
            live, is_seen = one.current(), keeper.is_overtaken(one, changes.since)
            if live and edits.random.random() < 0.4:
                begun_and_broken_off(one, now, keeper, after=edits.random.randint(0, 12))
            # The worker remembers; a command begins from the disk.
            built(one, now, keeper=keeper if edits.random.random() < 0.8 else None)
            assert is_seen or hours != before or one.current() == live or not count, (
                f"nobody would build {', '.join(done)}"
            )
            built(other, now, full=True)
            found = list(differences(public(one), public(other)))
            assert not found, "\n".join([", ".join(done), *found])
            manifests = [(target.root / "current" / "redirects.map").read_text() for target in (one, other)]
            assert manifests[0] == manifests[1]
        transaction.set_rollback(True)


def test_a_worker_that_remembers_makes_the_pages_of_a_new_filter_and_takes_them_away(
    site: None, tmp_path: Path
) -> None:
    one, other, keeper = ReleaseTarget(tmp_path / "one"), ReleaseTarget(tmp_path / "other"), Keeper()
    article = NewsPage.objects.filter(live=True).first()
    old = article.theme
    for theme in (old, NewsThemeFactory(), old):
        publish(article, theme=theme)
        now = timezone.now()
        built(one, now, keeper=keeper)
        built(other, now, full=True)
        assert not list(differences(public(one), public(other)))


def test_a_worker_that_remembers_sees_what_is_shown_of_realisations(site: None, tmp_path: Path) -> None:
    one, other, keeper = ReleaseTarget(tmp_path / "one"), ReleaseTarget(tmp_path / "other"), Keeper()
    shown = RealisationPage.objects.filter(live=True).first()
    for mission in [*MissionPage.objects.filter(live=True)[:2], None]:
        publish(shown, mission=mission, image=ImageFactory(), image_alt_fr="Avant", image_alt_nl="Voor")
        for changed in (
            {},
            {"image": ImageFactory()},
            {"image_alt_fr": "Un mot", "image_alt_nl": "Een woord"},
        ):
            publish(shown, **changed)
            now = timezone.now()
            built(one, now, keeper=keeper)
            built(other, now, full=True)
            assert not list(differences(public(one), public(other)))


@pytest.mark.parametrize("how", ["restricted", "deleted"])
def test_a_document_that_is_withdrawn_leaves_a_page_that_fails_too(
    site: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """The page keeps its last good version, and its link leads nowhere."""
    target = ReleaseTarget(tmp_path / "one")
    collection = Collection.get_first_root_node().add_child(name="Plans")
    document, other = (
        PublicDocument.objects.create(title="Plan", file=ContentFile(b"%PDF-1.4 x", name), collection=place)
        for name, place in (("plan.pdf", collection), ("leaflet.pdf", Collection.get_first_root_node()))
    )
    links = "".join(f'<a linktype="document" id="{each.pk}">x</a>' for each in (document, other))
    texts = body(("rich_text", {f"text_{language}": f"<p>{links}</p>" for language in ("fr", "nl")}))
    page = StandardPageFactory(title_fr="Plans", title_nl="Plannen", body=texts)
    built(target, timezone.now())
    withdrawn, shown = (f"media/{each.file.name}" for each in (document, other))
    assert {withdrawn, shown} <= public(target).keys()

    def fail(rendering: Any) -> str:
        if rendering.page.pk == page.pk:
            raise ValueError("no template")
        return render_page(rendering)

    monkeypatch.setattr(publishing, "render_page", fail)
    if how == "restricted":
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    else:
        document.delete()
    publish(page, title_fr="Plans et cartes")
    for _time in range(2):
        result = build(target, journal=changes.since, generated_at=timezone.now())
        assert {failure.is_kept for failure in result.failures} == {True}
        found = public(target)
        assert shown in found
        assert withdrawn not in found
        assert any(path.endswith("plans/index.html") for path in found)


@pytest.mark.parametrize("first", ["the parent", "the page"])
def test_a_page_that_comes_below_one_that_leaves_is_not_public(
    site: None, tmp_path: Path, first: str
) -> None:
    """As when the parent expires in the minute in which the page below it is due."""
    one, other, keeper = ReleaseTarget(tmp_path / "one"), ReleaseTarget(tmp_path / "other"), Keeper()
    parent = StandardPage.objects.filter(live=True, numchild=0).first()
    page = StandardPageFactory(title_fr="Canari", title_nl="Kanarie", parent=parent, live=False)
    now = timezone.now()
    for _time in range(2):
        built(one, now, keeper=keeper)
    steps = [StandardPage.objects.get(pk=parent.pk).unpublish, partial(publish, page)]
    for step in steps if first == "the parent" else steps[::-1]:
        step()
    built(one, now, keeper=keeper)
    built(other, now, full=True)
    assert not [path for path in public(one) if "canari" in path or "kanarie" in path]
    found = list(differences(public(one), public(other)))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("remembers", [True, False])
def test_an_alias_leaves_with_its_files_when_a_page_above_its_source_is_restricted(
    site: None, tmp_path: Path, remembers: bool
) -> None:
    one, other = ReleaseTarget(tmp_path / "one"), ReleaseTarget(tmp_path / "other")
    keeper = Keeper() if remembers else None
    file = DocumentFactory()
    link = f'<p><a linktype="document" id="{file.pk}">Plan</a></p>'
    section = StandardPageFactory(title_fr="Rubrique", title_nl="Rubriek")
    page = StandardPageFactory(
        title_fr="Canari",
        title_nl="Kanarie",
        parent=section,
        body=body(("rich_text", {"text_fr": link, "text_nl": link})),
    )
    page.create_alias(parent=home_page())

    def shown() -> set[str]:
        now = timezone.now()
        built(one, now, keeper=keeper)
        built(other, now, full=True)
        found = list(differences(public(one), public(other)))
        assert not found, "\n".join(found)
        name = Path(file.file.name).stem
        return {path for path in public(one) if any(word in path for word in ("canari", "kanarie", name))}

    assert {"fr/canari/index.html", f"media/{file.file.name}"} <= shown()
    PageViewRestriction.objects.create(page=section, restriction_type="login")
    assert shown() == set()


def test_a_graph_brought_up_to_date_knows_where_the_sources_of_aliases_are(site: None) -> None:
    hidden, *others = StandardPageFactory.create_batch(3)
    PageViewRestriction.objects.create(page=hidden, restriction_type="login")
    source = StandardPageFactory(parent=hidden)
    alias = source.create_alias(parent=home_page())
    graph, (_changed, seen) = SiteGraph.load(), changes.since(None)
    for place in (others[0], hidden, others[1]):
        place.refresh_from_db()
        StandardPage.objects.get(pk=source.pk).move(place, pos="last-child")
        changed, seen = changes.since(seen)
        graph = graph.updated(changed)
        assert list(graph) == list(SiteGraph.load())
        assert (alias.pk in graph.nodes) is (place is not hidden)


@pytest.mark.parametrize("seed", range(4))
def test_a_graph_brought_up_to_date_is_the_one_that_is_loaded(site: None, seed: int) -> None:
    edits = Edits(seed)
    graph = SiteGraph.load()
    graph.facts()
    _changed, seen = changes.since(None)
    for _time in range(25):
        edit = ", ".join(edits.one() for _edit in range(1 + seed % 2 * edits.random.randrange(3)))
        changed, seen = changes.since(seen)
        graph = graph.updated(changed)
        loaded = SiteGraph.load()
        assert list(graph) == list(loaded), edit
        assert graph.top == loaded.top, edit
        assert graph.facts() == loaded.facts(), edit
        assert [graph.children(node) for node in graph] == [loaded.children(node) for node in loaded], edit
        assert {name: graph.of_type(name) for name in graph.types()} == {
            name: loaded.of_type(name) for name in loaded.types()
        }, edit
