"""What editors are told about the way to the public, and the way back to an earlier release."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageViewRestriction

from editorial.publishing import Seen, visibility
from generator import outbox
from generator.fencing import Fence, OvertakenError
from generator.manifest import FileEntry, Manifest
from generator.models import BuildRequest
from generator.targets import MANIFEST, PUBLIC, ReleaseTarget
from pages.graph import SiteGraph
from pages.signals import page_reason
from tests.factories.site import NewsFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
OLD, NEW = "20261122T100000.000000Z", "20261122T110000.000000Z"
MakeRelease = Callable[..., ReleaseTarget]


@pytest.fixture
def releases(tmp_path: Path, settings: Any) -> MakeRelease:
    """Makes a release that says which alerts are active, and switches to it."""
    settings.VIGIE_RELEASES_ROOT = tmp_path
    target = ReleaseTarget(tmp_path)

    def make(name: str, *alerts: str, expires: Any = None) -> ReleaseTarget:
        public = tmp_path / name / PUBLIC
        (public / "alerts").mkdir(parents=True)
        until = (expires or timezone.now() + timedelta(hours=1)).isoformat()
        said = {"alerts": [shown(alert, until) for alert in alerts]}
        content = json.dumps(said).encode()
        (public / "alerts/active.json").write_bytes(content)
        entry = FileEntry(sha256(content).hexdigest(), len(content), "application/json")
        files = {"alerts/active.json": entry}
        manifest = Manifest(name, timezone.now().isoformat(), "http://x", ("gzip",), files, {})
        (tmp_path / name / MANIFEST).write_text(manifest.dump())
        target.activate(name)
        return target

    return make


def shown(alert: str, until: str) -> dict[str, Any]:
    headline = {"fr": f"Alerte {alert}", "nl": f"Waarschuwing {alert}"}
    return {"first_identifier": alert, "identifier": alert, "headline": headline, "expires": until}


def signed_in(group: str, language: str) -> Client:
    client = Client()
    client.force_login(UserFactory(groups=[group], language=language))
    return client


def build(*, error: str = "") -> None:
    """What a worker does to the outbox."""
    claim = outbox.claim("worker")
    assert claim
    if error:
        outbox.fail("worker", error, claim.attempts)
    else:
        outbox.finish("worker", NEW)


# A page


def test_a_draft_has_no_visibility() -> None:
    assert visibility(NewsFactory(live=False)) is None


def test_a_page_waits_until_it_is_built_and_tells_since_when_it_is_visible() -> None:
    page = NewsFactory()
    outbox.request_build(page_reason(page.pk))
    assert visibility(page).seen is Seen.WAITING
    build()
    seen = visibility(page)
    assert seen.seen is Seen.VISIBLE
    assert abs(seen.since - timezone.now()) < timedelta(minutes=1)
    assert seen.urls["nl"].startswith("/nl/")


def test_a_failed_build_is_told_with_its_error() -> None:
    page = NewsFactory()
    outbox.request_build(page_reason(page.pk))
    build(error="/fr/x/: broken")
    assert visibility(page).seen is Seen.FAILED
    assert visibility(page).error == "/fr/x/: broken"


def test_what_the_outbox_has_forgotten_is_visible_without_a_time() -> None:
    page = NewsFactory()
    BuildRequest.objects.all().delete()
    assert (visibility(page).seen, visibility(page).since) == (Seen.VISIBLE, None)


def test_a_live_page_below_a_restricted_one_is_not_visible() -> None:
    page = NewsFactory()
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")
    assert visibility(page).seen is Seen.HIDDEN


@pytest.mark.parametrize(("language", "words"), [("fr", "Visible depuis"), ("nl", "Zichtbaar sinds")])
def test_the_edit_form_says_since_when_the_page_is_visible(language: str, words: str) -> None:
    page = NewsFactory()
    outbox.request_build(page_reason(page.pk))
    build()
    client = signed_in("Moderators", language)
    html = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert words in html
    assert page.get_url_parts() is not None
    assert f"/nl/{page.slug_nl}" in html or page.slug_nl in html


def test_the_script_is_told_the_state_of_a_page_its_reader_may_edit() -> None:
    page = NewsFactory()
    outbox.request_build(page_reason(page.pk))
    answer = signed_in("Editors", "nl").get(reverse("editorial_visible", args=[page.pk]))
    assert answer.json()["seen"] == "waiting"
    assert "max-age=0" in answer["Cache-Control"]


def test_the_script_is_refused_a_page_its_reader_may_not_edit() -> None:
    page = NewsFactory()
    answer = signed_in("Platform coordinators", "nl").get(reverse("editorial_visible", args=[page.pk]))
    assert (answer.status_code, answer.json()["html"]) == (403, "")


# The view


@pytest.mark.parametrize(
    ("language", "nothing_live", "nothing_waits"),
    [
        ("fr", "Rien n’est encore en ligne", "Rien n’attend"),
        ("nl", "Nog niets staat online", "Er wacht niets"),
    ],
)
def test_before_the_first_build_the_view_says_so(
    tmp_path: Path, settings: Any, language: str, nothing_live: str, nothing_waits: str
) -> None:
    settings.VIGIE_RELEASES_ROOT = tmp_path / "none"
    BuildRequest.objects.all().delete()
    html = signed_in("Editors", language).get(reverse("editorial_publishing")).content.decode()
    assert nothing_live in html
    assert nothing_waits in html


def test_the_view_names_what_waits_what_failed_and_what_is_visible(releases: MakeRelease) -> None:
    releases(NEW)
    BuildRequest.objects.all().delete()
    seen, failing = NewsFactory(title_nl="Gezien"), NewsFactory(title_nl="Kapot")
    BuildRequest.objects.all().delete()
    outbox.request_build(page_reason(seen.pk))
    build()
    outbox.request_build(page_reason(failing.pk))
    url = SiteGraph.current().url(failing.pk, "nl")
    build(error=f"{url} (Kapot), published by pages: ValueError: x")
    outbox.request_build("emergency numbers: 112")
    html = signed_in("Editors", "nl").get(reverse("editorial_publishing")).content.decode()
    failed = html[html.index('id="failed-section"') :]
    assert reverse("wagtailadmin_pages:edit", args=[failing.pk]) in failed
    assert "ValueError: x" in failed
    assert reverse("wagtailadmin_pages:edit", args=[seen.pk]) in html[html.index('id="recent-section"') :]
    assert "Noodnummers: 112" in html[html.index('id="building-section"') :]


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "ne semble pas fonctionner"), ("nl", "lijkt niet te draaien")]
)
def test_the_view_warns_when_nothing_is_built(releases: MakeRelease, language: str, words: str) -> None:
    releases(NEW)
    request = outbox.request_build("redirect")
    client = signed_in("Editors", language)
    assert words not in client.get(reverse("editorial_publishing")).content.decode()
    BuildRequest.objects.filter(pk=request.pk).update(due_at=timezone.now() - timedelta(minutes=5))
    assert words in client.get(reverse("editorial_publishing")).content.decode()


def test_whoever_may_not_enter_the_admin_is_sent_to_the_login() -> None:
    assert Client().get(reverse("editorial_publishing")).status_code == 302


# Back to an earlier release


def roll_back(client: Client, release: str) -> Any:
    return client.post(reverse("editorial_roll_back", args=[release]), follow=True)


def test_a_site_manager_makes_an_earlier_release_live(releases: MakeRelease) -> None:
    releases(OLD, "a")
    target = releases(NEW, "a")
    client = signed_in("Site managers", "nl")
    assert (
        reverse("editorial_roll_back", args=[OLD])
        in client.get(reverse("editorial_publishing")).content.decode()
    )
    assert "20261122T100000" in client.get(reverse("editorial_roll_back", args=[OLD])).request["PATH_INFO"]
    assert roll_back(client, OLD).status_code == 200
    assert target.current() == OLD
    entry = ModelLogEntry.objects.get(action="editorial.roll_back")
    assert entry.data["release"] == OLD


@pytest.mark.parametrize("group", ["Editors", "Moderators", "Duty officers", "Platform coordinators"])
def test_nobody_else_may(releases: MakeRelease, group: str) -> None:
    releases(OLD)
    target = releases(NEW)
    client = signed_in(group, "nl")
    roll_back(client, OLD)
    assert target.current() == NEW
    assert (
        reverse("editorial_roll_back", args=[OLD])
        not in client.get(reverse("editorial_publishing")).content.decode()
    )


@pytest.mark.parametrize(
    ("then", "today", "language", "words"),
    [
        (["a"], [], "fr", "ramènerait ce qui est terminé : Alerte a."),
        ([], ["a"], "nl", "verbergen wat nu geldt: Waarschuwing a."),
        (["a"], ["b"], "fr", "cacherait ce qui est en vigueur : Alerte b."),
    ],
)
def test_no_alert_vanishes_or_comes_back_with_an_earlier_release(
    releases: MakeRelease, then: list[str], today: list[str], language: str, words: str
) -> None:
    releases(OLD, *then)
    target = releases(NEW, *today)
    client = signed_in("Site managers", language)
    asked = client.get(reverse("editorial_roll_back", args=[OLD])).content.decode()
    assert words in asked
    assert '<form method="post"' not in asked
    assert words in roll_back(client, OLD).content.decode()
    assert target.current() == NEW


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "manquent ou ne sont pas"), ("nl", "ontbreken of zijn niet")]
)
def test_a_release_that_is_torn_is_refused_in_words(releases: MakeRelease, language: str, words: str) -> None:
    target = releases(OLD)
    (target.root / OLD / PUBLIC / "alerts/active.json").unlink()
    releases(NEW)
    assert words in roll_back(signed_in("Site managers", language), OLD).content.decode()
    assert target.current() == NEW


def test_a_build_that_began_before_cannot_replace_an_earlier_release(releases: MakeRelease) -> None:
    releases(OLD)
    releases(NEW)
    stalled = Fence.take()
    roll_back(signed_in("Site managers", "fr"), OLD)
    with pytest.raises(OvertakenError), stalled.switching():
        pytest.fail("the stalled build may switch")


@pytest.mark.parametrize(
    ("error", "language", "words"),
    [
        (OvertakenError("overtaken"), "fr", "Une version plus récente"),
        (OperationalError("gone"), "nl", "De databank antwoordt niet"),
    ],
)
def test_what_prevents_the_switch_is_told(
    releases: MakeRelease, monkeypatch: pytest.MonkeyPatch, error: Exception, language: str, words: str
) -> None:
    def fail() -> Fence:
        raise error

    releases(OLD)
    target = releases(NEW)
    client = signed_in("Site managers", language)
    monkeypatch.setattr(Fence, "take", fail)
    assert words in roll_back(client, OLD).content.decode()
    assert target.current() == NEW


def test_no_transaction_of_the_request_can_take_back_the_number_of_the_switch() -> None:
    assert resolve(reverse("editorial_roll_back", args=[OLD])).func._non_atomic_requests == {"default"}


def test_an_alert_that_has_expired_since_holds_nothing_back(releases: MakeRelease) -> None:
    releases(OLD, "a", expires=timezone.now() - timedelta(minutes=1))
    target = releases(NEW)
    roll_back(signed_in("Site managers", "fr"), OLD)
    assert target.current() == OLD


def test_a_release_that_is_gone_is_refused_in_words(releases: MakeRelease) -> None:
    target = releases(NEW)
    client = signed_in("Site managers", "fr")
    assert client.get(reverse("editorial_roll_back", args=[OLD])).status_code == 200
    assert roll_back(client, OLD).status_code == 200
    assert target.current() == NEW


def test_a_build_under_way_is_not_disturbed(releases: MakeRelease, monkeypatch: pytest.MonkeyPatch) -> None:
    import editorial.views

    releases(OLD)
    target = releases(NEW)
    impatient = ReleaseTarget(target.root, lock_timeout=0.2)
    monkeypatch.setattr(editorial.views, "release_target", lambda: impatient)
    with target.locked(lambda _holder: None):
        html = roll_back(signed_in("Site managers", "nl"), OLD).content.decode()
    assert target.current() == NEW
    assert OLD in html
