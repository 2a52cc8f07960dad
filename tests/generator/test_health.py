from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from generator import views
from generator.targets import ReleaseTarget

from .samples import built, page


@pytest.fixture
def releases(tmp_path: Path, settings: Any) -> ReleaseTarget:
    settings.VIGIE_RELEASES_ROOT = tmp_path
    return ReleaseTarget(tmp_path)


def test_a_process_that_answers_is_alive() -> None:
    response = views.live(RequestFactory().get("/health/live"))
    assert response.status_code == HTTPStatus.OK
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_is_who_has_a_database_and_a_release(releases: ReleaseTarget) -> None:
    built(releases, page("/fr/"))
    assert views.ready(RequestFactory().get("/health/ready")).status_code == HTTPStatus.OK


@pytest.mark.django_db
def test_without_a_release_nobody_is_ready(releases: ReleaseTarget) -> None:
    response = views.ready(RequestFactory().get("/health/ready"))
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert b'"release": null' in response.content


@pytest.mark.django_db
def test_a_link_to_nothing_is_no_release(releases: ReleaseTarget) -> None:
    (releases.root / "current").symlink_to("20261122T000000.000000Z")
    assert views.ready(RequestFactory().get("/health/ready")).status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_without_a_database_nobody_is_ready(releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    built(releases, page("/fr/"))
    monkeypatch.setattr(views, "_database_answers", lambda: False)
    response = views.ready(RequestFactory().get("/health/ready"))
    assert response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert b'"database": false' in response.content
