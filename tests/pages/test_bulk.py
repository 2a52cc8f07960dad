"""Pages read in bulk: each depends on its own rows, and one that cannot be read does not stop the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from generator.build import build
from generator.recording import recording
from generator.targets import ReleaseTarget
from home.models import StandardPage
from pages import bulk
from pages.bulk import Renditions, read, record_shown, related_key
from realisations.models import RealisationPage, RealisationPartner
from tests.factories.media import DocumentFactory, ImageFactory
from tests.factories.pages import body
from tests.factories.site import MissionFactory, RealisationFactory, StandardPageFactory

pytestmark = pytest.mark.django_db


def keys(page: Any) -> set[str]:
    with recording() as recorded:
        record_shown(page)
    return set(recorded.keys)


def test_a_page_depends_on_the_rows_that_it_shows_and_on_no_other_pages_rows() -> None:
    pages = [RealisationFactory(zones=["5340"], places=["21004"]) for _number in range(2)]
    for page, name in zip(pages, ("STIB", "SIAMU"), strict=True):
        RealisationPartner.objects.create(page=page, name_fr=name, name_nl=name)
    first, _second = read(RealisationPage, [page.pk for page in pages])

    partners = [
        f"realisations_realisationpartner={each.pk}" for each in RealisationPartner.objects.order_by("pk")
    ]
    assert partners[0] in keys(first)
    assert partners[1] not in keys(first)
    assert {
        f"realisations_realisationtheme={first.theme_id}",
        related_key(RealisationPage, "partners", first.pk),
        related_key(RealisationPage, "police_zones", first.pk),
    } < keys(first)


def test_a_page_depends_on_what_was_chosen_in_its_body() -> None:
    image, document, target = ImageFactory(), DocumentFactory(), MissionFactory()
    item = {"document_fr": document.pk, "document_nl": document.pk, "title_fr": "Plan", "title_nl": "Plan"}
    page = StandardPageFactory(
        body=body(
            ("image", {"image": image.pk, "alt_fr": "Rue", "alt_nl": "Straat"}),
            ("documents", {"items": [{"type": "item", "value": item, "id": "1"}]}),
            (
                "call_to_action",
                {"text_fr": "a", "text_nl": "a", "label_fr": "b", "label_nl": "b", "page": target.pk},
            ),
        )
    )
    (found,) = read(StandardPage, [page.pk])
    assert {
        f"pages_bilingualimage={image.pk}",
        f"pages_publicdocument={document.pk}",
        f"page:{target.pk}",
    } < keys(found)


def test_reading_more_pages_takes_no_more_queries(django_assert_max_num_queries: Any) -> None:
    image = ImageFactory()
    shown = ("image", {"image": image.pk, "alt_fr": "Rue", "alt_nl": "Straat"})
    numbers = [StandardPageFactory(body=body(shown)).pk for _number in range(6)]
    # Pages, images, renditions.
    with django_assert_max_num_queries(3):
        assert len(read(StandardPage, numbers)) == 6


def test_the_renditions_of_a_picture_are_read_once_a_build(
    django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    image, other = ImageFactory(), ImageFactory()
    first, second, third = (
        StandardPageFactory(body=body(("image", {"image": each.pk, "alt_fr": "Rue", "alt_nl": "Straat"})))
        for each in (image, image, other)
    )
    known: Renditions = {}
    (page,) = read(StandardPage, [first.pk], known)
    assert list(known[image.pk]) == []
    # Pages and images.
    with django_assert_num_queries(2):
        (page,) = read(StandardPage, [second.pk], known)
        assert list(page.body[0].value["image"].renditions.all()) == []

    monkeypatch.setattr(bulk, "REMEMBERED", 1)
    read(StandardPage, [third.pk], known)
    assert list(known) == [other.pk]


def test_a_body_that_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    broken, sound = StandardPageFactory(title_fr="Cassé"), StandardPageFactory(title_fr="Entier")
    target = ReleaseTarget(tmp_path / "releases", kept=1)
    assert build(target).failures == []
    StandardPage.objects.filter(pk=sound.pk).update(summary_fr="Neuf")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE home_standardpage SET body = %s WHERE bilingualpage_ptr_id = %s",
            [json.dumps([{"type": "facts", "value": {"items": 1}, "id": "1"}]), broken.pk],
        )
    failures = build(target, full=True).failures
    assert [(failure.url, failure.is_kept) for failure in failures] == [("/fr/casse/", True)]
    public = target.root / "current" / "public" / "fr"
    assert "Neuf" in (public / "entier" / "index.html").read_text()
    assert (public / "casse" / "index.html").exists()
