"""Going back to an earlier release: what it would make public again is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone, translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from generator import registry
from generator.build import build
from generator.releases import ObjectedError, activate, objections
from generator.targets import PUBLIC, ReleaseTarget
from pages.graph import SiteGraph
from pages.publishing import publish_due
from pages.withdrawn import from_files, withdrawn
from tests.factories.media import ImageFactory
from tests.factories.site import MissionFactory, NewsFactory, PublicationFactory, StandardPageFactory

pytestmark = pytest.mark.django_db
Released = Callable[[], str]


@pytest.fixture
def target(tmp_path: Path) -> ReleaseTarget:
    return ReleaseTarget(tmp_path / "releases", kept=9)


@pytest.fixture
def released(target: ReleaseTarget) -> Released:
    """Builds what pages publish now, without what alerts and the search make of it; the release."""
    only = registry.Registry()
    only.document_publishers = {"pages": registry.default.document_publishers["pages"]}
    only.redirect_publishers = registry.default.redirect_publishers
    only.slots, only.stamps = registry.default.slots, registry.default.stamps
    return lambda: str(build(target, registry=only).release)


def told(
    target: ReleaseTarget, release: str, language: str = "fr", *, asks_database: bool = True
) -> list[str]:
    with translation.override(language):
        return [
            each.sentence
            for each in objections(target, release, asks_database=asks_database)
            if each.is_acceptable
        ]


def urls(page: Any) -> dict[str, str]:
    return dict(SiteGraph.current().nodes[page.pk].urls)


@pytest.fixture
def secret() -> Any:
    return StandardPageFactory(title_fr="Secret", title_nl="Geheim")


def unpublish(page: Any) -> None:
    page.unpublish()


def restrict(page: Any) -> None:
    PageViewRestriction.objects.create(page=page, restriction_type="login")


def expire(page: Any) -> None:
    page.expire_at = timezone.now() - timedelta(minutes=1)
    page.save()
    publish_due()


def delete(page: Any) -> None:
    page.delete()


WITHDRAWALS = (unpublish, restrict, expire, delete)


@pytest.mark.parametrize("withdraw", WITHDRAWALS)
@pytest.mark.parametrize("asks_database", [True, False])
def test_a_page_that_was_withdrawn_since_is_named_with_its_addresses(
    target: ReleaseTarget,
    released: Released,
    secret: Any,
    withdraw: Callable[[Any], None],
    asks_database: bool,
) -> None:
    then, addresses = released(), urls(secret)
    withdraw(secret)
    released()
    assert told(target, then, asks_database=asks_database) == [
        "Elle rendrait de nouveau publiques 2 pages qui ne le sont plus : "
        f"{addresses['fr']}, {addresses['nl']}."
    ]
    assert told(target, then, "nl", asks_database=asks_database) == [
        f"Ze zou 2 pagina’s opnieuw openbaar maken die het niet meer zijn: {addresses['fr']}, {addresses['nl']}."
    ]


@pytest.mark.parametrize("withdraw", [unpublish, restrict, expire])
def test_a_page_whose_withdrawal_was_not_built_yet_is_named(
    target: ReleaseTarget, released: Released, secret: Any, withdraw: Callable[[Any], None]
) -> None:
    then = released()
    NewsFactory()
    released()
    withdraw(secret)
    assert "2 pages" in told(target, then)[0]


def test_what_is_public_still_is_no_objection(target: ReleaseTarget, released: Released, secret: Any) -> None:
    then = released()
    secret.title_fr = "Autre titre"
    secret.save_revision().publish()
    NewsFactory()
    released()
    assert told(target, then) == told(target, then, asks_database=False) == []


def test_the_newest_release_is_compared_with_also_while_an_earlier_one_is_live(
    target: ReleaseTarget, released: Released, secret: Any
) -> None:
    first = released()
    NewsFactory()
    second = released()
    secret.unpublish()
    third = released()
    target.activate(second)
    assert "2 pages" in told(target, first)[0]
    assert told(target, third) == []


@pytest.mark.parametrize("asks_database", [True, False])
def test_a_page_that_has_moved_and_leaves_a_redirect_is_no_objection(
    target: ReleaseTarget, released: Released, asks_database: bool
) -> None:
    page = MissionFactory()
    then = released()
    parent = page.get_parent().specific
    parent.slug_fr, parent.slug_nl = "ce-que-nous-faisons", "wat-we-doen"
    parent.save_revision().publish()
    released()
    assert told(target, then, asks_database=asks_database) == []


def test_a_page_that_has_moved_and_was_withdrawn_afterwards_is_named(
    target: ReleaseTarget, released: Released, secret: Any
) -> None:
    then = released()
    secret.slug_fr, secret.slug_nl = "ailleurs", "elders"
    secret.save_revision().publish()
    released()
    secret.refresh_from_db()
    secret.unpublish()
    released()
    assert "2 pages" in told(target, then)[0]


def test_a_redirect_in_the_place_of_what_was_withdrawn_hides_nothing(
    target: ReleaseTarget, released: Released, secret: Any
) -> None:
    then, address = released(), urls(secret)["fr"]
    secret.delete()
    Redirect.add_redirect(address, redirect_to=NewsFactory(), is_permanent=False)
    released()
    assert address in told(target, then)[0]


def test_a_page_at_the_address_of_an_editors_redirect_is_public(
    target: ReleaseTarget, released: Released, secret: Any
) -> None:
    then, address = released(), urls(secret)["fr"]
    Redirect.add_redirect(address, redirect_to=NewsFactory(), is_permanent=False)
    released()
    assert told(target, then) == []


def test_a_list_that_has_become_shorter_is_no_objection_of_its_own(
    target: ReleaseTarget, released: Released
) -> None:
    pages = NewsFactory.create_batch(11)
    then = released()
    pages[0].unpublish()
    released()
    assert "2 pages" in told(target, then)[0]
    assert "/page/" not in told(target, then)[0].partition(":")[2]


def test_no_more_than_ten_addresses_are_told(target: ReleaseTarget, released: Released) -> None:
    pages = [StandardPageFactory() for _number in range(6)]
    then = released()
    for page in pages:
        page.delete()
    released()
    (sentence,) = told(target, then)
    assert "12 pages" in sentence
    assert sentence.count("/fr/") + sentence.count("/nl/") == 10
    assert sentence.endswith(", ….")


@pytest.mark.parametrize("asks_database", [True, False])
def test_a_document_that_no_page_shows_any_more_is_named(
    target: ReleaseTarget, released: Released, asks_database: bool
) -> None:
    publication = PublicationFactory()
    file = publication.document_fr.file
    then = released()
    publication.delete()
    released()
    _pages, files = told(target, then, asks_database=asks_database)
    assert "2 fichiers" in files
    assert file.url in files


@pytest.fixture
def illustrated() -> Any:
    return NewsFactory(image=ImageFactory(), image_alt_fr="Vue", image_alt_nl="Zicht")


def test_a_picture_counts_once_whatever_its_widths(
    target: ReleaseTarget, released: Released, illustrated: Any
) -> None:
    then = released()
    illustrated.image = None
    illustrated.save_revision().publish()
    released()
    (sentence,) = told(target, then)
    assert "1 fichier" in sentence
    assert "/media/images/" in sentence


def test_a_picture_that_is_shown_in_another_form_is_no_objection(
    target: ReleaseTarget, released: Released, illustrated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = released()
    monkeypatch.setattr("pages.images.FORMAT", "format-webp|webpquality-60")
    illustrated.title_fr = "Autre"
    illustrated.save_revision().publish()
    released()
    assert told(target, then) == []


def test_where_the_database_does_not_answer_files_tell(
    target: ReleaseTarget, released: Released, secret: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = released()
    secret.delete()
    released()

    def fail() -> SiteGraph:
        raise OperationalError("gone")

    monkeypatch.setattr(SiteGraph, "current", fail)
    assert "2 pages" in told(target, then)[0]


@pytest.mark.parametrize("check", [from_files, withdrawn])
def test_a_release_that_cannot_be_read_is_an_objection(
    target: ReleaseTarget, released: Released, check: registry.ReleaseCheck
) -> None:
    live = target.root / released() / PUBLIC
    with translation.override("fr"):
        sentences: Iterator[str] = iter(check(target.root / "torn" / PUBLIC, live))
        assert list(sentences) == ["On ne peut pas lire quelles pages elle rendrait de nouveau publiques."]


def test_what_was_read_and_accepted_holds_nothing_back(
    target: ReleaseTarget, released: Released, secret: Any
) -> None:
    then = released()
    secret.delete()
    released()
    sentences = told(target, then)
    with translation.override("fr"):
        with pytest.raises(ObjectedError):
            activate(target, then, registry=_pages_only(), accepted=["Autre chose."])
        done = activate(target, then, registry=_pages_only(), accepted=sentences)
    assert (target.current(), done.overruled) == (then, sentences)


def test_what_nobody_may_accept_holds_back_all_the_same(target: ReleaseTarget, released: Released) -> None:
    then = released()
    StandardPageFactory()
    released()
    final = registry.Registry()
    final.release_check("alerts")(lambda release, live: ["It would hide a fire."])
    with pytest.raises(ObjectedError):
        activate(target, then, registry=final, accepted=["It would hide a fire."])


def _pages_only() -> registry.Registry:
    only = registry.Registry()
    only.release_check("pages", from_files=from_files, is_acceptable=True)(withdrawn)
    return only
