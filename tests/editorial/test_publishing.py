"""What editors are told about the way to the public, and the way back to an earlier release."""

from __future__ import annotations

import json
import mimetypes
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageViewRestriction

from editorial.publishing import Differs, Seen, releases_of, told_apart, visibility
from generator import outbox
from generator.build import Failure
from generator.documents import HTML, path_for
from generator.fencing import Fence, OvertakenError
from generator.manifest import FileEntry, Manifest
from generator.mirrors import jobs
from generator.mirrors.places import places
from generator.models import BuildRequest, Generation, MirrorState
from generator.targets import MANIFEST, PUBLIC, ReleaseTarget
from news.models import NewsPage
from pages.graph import SiteGraph
from pages.signals import page_reason
from tests.factories.site import NewsFactory
from tests.factories.users import UserFactory
from tests.site.browsing import OVERFLOWING, axe
from tests.site.conftest import browser_type_launch_args  # noqa: F401  (Debian's Chromium)

pytestmark = pytest.mark.django_db
OLD, NEW = "20261122T100000.000000Z", "20261122T110000.000000Z"
MakeRelease = Callable[..., ReleaseTarget]


@pytest.fixture
def releases(tmp_path: Path, settings: Any) -> MakeRelease:
    """Makes a release that says which alerts are active, and switches to it."""
    settings.VIGIE_RELEASES_ROOT = tmp_path
    target = ReleaseTarget(tmp_path)

    def make(name: str, *alerts: str, expires: Any = None, pages: Iterable[str] = ()) -> ReleaseTarget:
        public = tmp_path / name / PUBLIC
        until = (expires or timezone.now() + timedelta(hours=1)).isoformat()
        said = {"alerts": [shown(alert, until) for alert in alerts]}
        contents = {"alerts/active.json": (json.dumps(said).encode(), "application/json")}
        contents |= {path_for(url): (b"<p>", HTML) for url in pages}
        files = {}
        for path, (content, media_type) in contents.items():
            (public / path).parent.mkdir(parents=True, exist_ok=True)
            (public / path).write_bytes(content)
            files[path] = FileEntry(sha256(content).hexdigest(), len(content), media_type)
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


def build(*, error: str = "", left: str = "", release: str = NEW) -> None:
    """What a worker does to the outbox; `left` is what failed while the rest became visible."""
    claim = outbox.claim("worker", early=True)
    assert claim
    if error:
        outbox.fail("worker", error, claim.attempts)
        return
    outbox.finish("worker", release)
    if left:
        outbox.try_again(left, claim.attempts)


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


# A page that could not be made while the rest became visible


def failure(page: Any, language: str, error: str = "FileNotFoundError: a.jpg") -> str:
    return str(Failure(SiteGraph.current().nodes[page.pk].urls[language], "X", "pages", error))


@pytest.fixture
def published() -> Any:
    """A page whose publication waits to be built, and nothing else."""
    page = NewsFactory()
    BuildRequest.objects.all().delete()
    outbox.request_build(page_reason(page.pk))
    return page


def words_of(page: Any, language: str) -> str:
    html: str = (
        signed_in("Moderators", language).get(reverse("editorial_visible", args=[page.pk])).json()["html"]
    )
    return html


def test_a_page_that_could_not_be_made_is_not_said_to_be_visible(published: Any) -> None:
    build(left=failure(published, "nl"))
    seen = visibility(published)
    assert seen.seen is Seen.FAILED
    assert abs(seen.since - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("language", "name", "why", "seen"),
    [
        ("fr", "(néerlandais)", "Une image ou un document", "Le public ne la voit pas encore"),
        ("nl", "(Nederlands)", "Een beeld of document", "Het publiek ziet ze nog niet"),
    ],
)
def test_it_is_told_since_when_in_which_language_and_what_to_do(
    releases: MakeRelease, published: Any, language: str, name: str, why: str, seen: str
) -> None:
    releases(NEW)
    build(left=failure(published, "nl"))
    words = words_of(published, language)
    since = timezone.localtime(visibility(published).since)
    assert f"{since:%H:%M:%S} {name}" in words
    assert why in words
    assert seen in words
    assert "Visible depuis" not in words
    assert "Zichtbaar sinds" not in words


def test_only_the_languages_that_have_a_last_good_version_are_linked(
    releases: MakeRelease, published: Any
) -> None:
    urls = SiteGraph.current().nodes[published.pk].urls
    releases(NEW, pages=[urls["fr"]])
    build(left=failure(published, "nl"))
    assert visibility(published).urls == {"fr": urls["fr"]}
    releases("20261122T120000.000000Z", pages=urls.values())
    assert visibility(published).is_shown


def test_it_stays_failed_while_it_is_tried_again(published: Any) -> None:
    build(left=failure(published, "fr"))
    since = visibility(published).since
    build(left=failure(published, "fr"))
    assert outbox.claim("worker", early=True)
    assert visibility(published).seen is Seen.FAILED
    assert visibility(published).since == since


def test_it_is_visible_once_it_could_be_made_but_nobody_knows_since_when(published: Any) -> None:
    build(left=failure(published, "fr"))
    build()
    assert (visibility(published).seen, visibility(published).since) == (Seen.VISIBLE, None)


def test_a_failure_of_another_page_or_of_a_file_beside_it_changes_nothing(published: Any) -> None:
    url = SiteGraph.current().nodes[published.pk].urls["fr"]
    build(left=f"{failure(NewsFactory(), 'fr')}\n{url}plan.pdf, published by attachments: OSError: x")
    assert visibility(published).seen is Seen.VISIBLE


def test_a_page_that_was_visible_and_cannot_be_made_any_more_fails_since_then(published: Any) -> None:
    build()
    day = timedelta(days=1)
    BuildRequest.objects.update(created_at=timezone.now() - day, finished_at=timezone.now() - day)
    outbox.request_build("redirect")
    build(left=failure(published, "fr"))
    seen = visibility(published)
    assert seen.seen is Seen.FAILED
    assert abs(seen.since - timezone.now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "line",
    ["(all of its URLs), published by pages: ValueError: x", "(part {pk}), published by pages: KeyError: x"],
)
def test_what_fails_without_an_address_is_the_pages_too(published: Any, line: str) -> None:
    build(left=line.format(pk=published.pk))
    assert (visibility(published).seen, visibility(published).languages) == (Seen.FAILED, "")


@pytest.mark.parametrize(("language", "words"), [("fr", "Peut-être pas"), ("nl", "Misschien niet")])
def test_where_more_failed_than_is_told_the_page_is_not_said_to_be_visible(
    published: Any, language: str, words: str
) -> None:
    build(left=f"{failure(NewsFactory(), 'fr')}\nand 3 more")
    assert visibility(published).seen is Seen.UNSURE
    assert words in words_of(published, language)


def test_what_was_visible_before_more_failed_than_is_told_stays_visible(published: Any) -> None:
    build()
    BuildRequest.objects.update(finished_at=timezone.now() - timedelta(days=1))
    outbox.request_build("redirect")
    build(left=f"{failure(NewsFactory(), 'fr')}\nand 3 more")
    assert visibility(published).seen is Seen.VISIBLE


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "une version antérieure"), ("nl", "een eerdere versie")]
)
def test_a_page_is_not_said_to_be_visible_while_an_earlier_release_is_live(
    releases: MakeRelease, published: Any, language: str, words: str
) -> None:
    releases(OLD)
    build(release=NEW)
    assert visibility(published).seen is Seen.REPLACED
    assert words in words_of(published, language)


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


def section(client: Client, name: str) -> str:
    """One panel of the view, white space folded."""
    html = client.get(reverse("editorial_publishing")).content.decode()
    if f'id="{name}-section"' not in html:
        return ""
    return " ".join(html[html.index(f'id="{name}-section"') :].split("</section>")[0].split())


def test_a_page_that_failed_and_was_kept_is_named_with_its_language_and_the_next_try(
    releases: MakeRelease,
) -> None:
    target = releases(NEW)
    page = NewsFactory(title_fr="Cassé", title_nl="Kapot")
    BuildRequest.objects.all().delete()
    url = SiteGraph.current().url(page.pk, "nl")
    kept = target.root / NEW / PUBLIC / path_for(url)
    kept.parent.mkdir(parents=True)
    kept.touch()
    outbox.try_again(str(Failure(url, "Kapot", "pages", "FileNotFoundError: a.jpg", is_kept=True)), 3)
    due_at = timezone.localtime(BuildRequest.objects.get().due_at)
    failed = section(signed_in("Editors", "fr"), "failed")
    assert f'<a href="{reverse("wagtailadmin_pages:edit", args=[page.pk])}">Cassé</a>' in failed
    assert "Néerlandais" in failed
    assert "Une image ou un document" in failed
    assert "FileNotFoundError: a.jpg" in failed
    assert "toujours la dernière bonne version" in failed
    assert f"3 tentatives ; la prochaine à {due_at:%H:%M:%S}" in failed


def test_what_failed_stays_told_while_it_is_tried_again_and_no_longer(releases: MakeRelease) -> None:
    releases(NEW)
    BuildRequest.objects.all().delete()
    outbox.try_again("/nl/x/ (X), published by pages: ValueError: x", 1)
    BuildRequest.objects.update(due_at=timezone.now())
    client = signed_in("Editors", "nl")
    assert outbox.claim("worker")
    failed = section(client, "failed")
    assert "Er wordt nu opnieuw geprobeerd" in failed
    assert "/nl/x/" in failed
    outbox.finish("worker", NEW)
    assert section(client, "failed") == ""


def test_what_is_being_built_is_told_with_the_time_at_which_the_build_began(releases: MakeRelease) -> None:
    releases(NEW)
    page = NewsFactory(title_nl="In opbouw")
    BuildRequest.objects.all().delete()
    outbox.request_build(page_reason(page.pk))
    outbox.claim("worker")
    Fence.take()
    began = timezone.localtime(Generation.objects.get().taken_at)
    building = section(signed_in("Editors", "nl"), "building")
    assert f"De opbouw begon om {began:%H:%M:%S}" in building
    assert "In opbouw" in building


def test_the_view_warns_when_the_worker_that_builds_gives_no_sign_of_life(releases: MakeRelease) -> None:
    releases(NEW)
    BuildRequest.objects.all().delete()
    outbox.request_build("redirect")
    outbox.claim("worker")
    client = signed_in("Editors", "nl")
    assert "lijkt niet te draaien" not in section(client, "live")
    BuildRequest.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=3))
    assert "lijkt niet te draaien" in section(client, "live")


# What the view does not contradict


def test_the_view_does_not_say_that_all_is_visible_beside_what_failed(
    releases: MakeRelease, published: Any
) -> None:
    releases(NEW)
    build(left=failure(published, "nl"))
    building = section(signed_in("Editors", "fr"), "building")
    assert "Rien n’attend." in building
    assert "tout ce qui a été publié est visible" not in building


def test_a_page_that_was_left_as_it_was_is_among_what_failed_and_not_what_changed(
    releases: MakeRelease, published: Any
) -> None:
    releases(NEW)
    build(left=failure(published, "nl"))
    client, edit = signed_in("Editors", "nl"), reverse("wagtailadmin_pages:edit", args=[published.pk])
    assert f'<a href="{edit}">' in section(client, "failed").partition("Daardoor")[2]
    assert edit not in section(client, "recent")


def test_tries_of_what_failed_crowd_out_no_change(releases: MakeRelease, published: Any) -> None:
    releases(NEW)
    build()
    left = failure(NewsFactory(), "nl")
    for _try in range(25):
        build(left=left)
    client = signed_in("Editors", "fr")
    assert reverse("wagtailadmin_pages:edit", args=[published.pk]) in section(client, "recent")
    assert "Ce qui avait échoué" not in section(client, "recent")


@pytest.mark.parametrize("way", ["by hand", "expired"])
@pytest.mark.parametrize(("language", "words"), [("fr", "Retrait"), ("nl", "Ingetrokken")])
def test_a_page_that_was_withdrawn_is_told_as_that(
    releases: MakeRelease, published: Any, language: str, words: str, way: str
) -> None:
    releases(NEW)
    published.save_revision().publish()
    build()
    BuildRequest.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    published.refresh_from_db()
    if way == "by hand":
        published.unpublish()
    else:
        NewsPage.objects.filter(pk=published.pk).update(expire_at=timezone.now())
        call_command("publish_scheduled")
    build()
    assert section(signed_in("Editors", language), "recent").count(words) == 1


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Non public actuellement"), ("nl", "Nu niet openbaar")]
)
def test_a_page_that_the_public_does_not_see_is_not_told_as_on_the_site(
    releases: MakeRelease, published: Any, language: str, words: str
) -> None:
    """Live, and yet below a page that only members see."""
    releases(NEW)
    published.save_revision().publish()
    build()
    editor = signed_in("Editors", language)
    assert words not in section(editor, "recent")
    parent = published.get_parent()
    PageViewRestriction.objects.create(page=parent, restriction_type=PageViewRestriction.LOGIN)
    assert words in section(editor, "recent")


def test_a_deleted_page_is_told_as_withdrawn(releases: MakeRelease, published: Any) -> None:
    releases(NEW)
    BuildRequest.objects.all().delete()
    published.first_published_at = timezone.now()
    published.delete()
    build()
    recent = section(signed_in("Editors", "nl"), "recent")
    assert "Ingetrokken" in recent


# An earlier release is live


@pytest.mark.parametrize(
    ("language", "gone_back", "absent"),
    [
        ("fr", "a remis en ligne une version antérieure le", "Absent de la version en ligne"),
        ("nl", "een eerdere versie online", "Niet in de versie die online staat"),
    ],
)
def test_the_view_says_that_an_earlier_release_is_live_and_who_went_back(
    releases: MakeRelease, published: Any, language: str, gone_back: str, absent: str
) -> None:
    releases(OLD)
    releases(NEW)
    build(release=NEW)
    client = signed_in("Site managers", language)
    assert gone_back not in section(client, "live")
    roll_back(client, OLD)
    live = section(client, "live")
    assert gone_back in live
    assert get_user_model().objects.get(pk=client.session["_auth_user_id"]).get_username() in live
    assert "22/11/2026" in live or "2026" in live
    assert absent in section(client, "recent")
    assert "tout ce qui a été publié est visible" not in section(client, "building")


def test_a_command_that_went_back_is_told_as_the_technical_team(releases: MakeRelease) -> None:
    releases(OLD)
    target = releases(NEW)
    roll_back(signed_in("Site managers", "nl"), OLD)
    target.activate(NEW)
    time.sleep(0.02)
    target.activate(OLD)
    assert "Het technische team zette een eerdere versie online" in section(
        signed_in("Editors", "nl"), "live"
    )


def test_releases_are_told_apart_by_what_is_other_in_them(releases: MakeRelease) -> None:
    one, two, three = (f"20261122T10000{second}.000000Z" for second in (1, 2, 3))
    releases(one, pages=["/fr/", "/nl/"])
    releases(two, pages=["/fr/"])
    target = releases(three, pages=["/fr/", "/pagefind/index.html"])
    found = {release.id: release for release in told_apart(target, list(releases_of(target)))}
    assert (found[two].differs, found[two].pages) == (Differs.PAGES, 1)
    assert found[three].differs is Differs.INDEX
    assert found[one].differs is Differs.UNKNOWN
    listed = section(signed_in("Editors", "nl"), "releases")
    assert "1 pagina" in listed
    assert "Alleen de zoekindex" in listed


# Copies elsewhere


@pytest.fixture
def mirrors(releases: MakeRelease, settings: Any) -> MakeRelease:
    settings.VIGIE_MIRRORS = "s3://vigie/site?name=paris"
    releases(NEW)
    return releases


def noted(**fields: Any) -> None:
    """How the mirror is, where it is now."""
    [place] = places()
    MirrorState.objects.create(name=place.name, digest=jobs.digest_of(place), **fields)


def test_without_mirrors_the_view_says_so(releases: MakeRelease, settings: Any) -> None:
    settings.VIGIE_MIRRORS = ""
    releases(NEW)
    assert "Aucune n’est configurée" in section(signed_in("Editors", "fr"), "mirrors")


def test_a_mirror_that_was_never_sent_to_is_waiting(mirrors: MakeRelease) -> None:
    told = section(signed_in("Editors", "nl"), "mirrors")
    assert "paris" in told
    assert "s3://vigie/site" in told
    assert "Nog niets" in told


def test_a_mirror_that_has_the_live_release_is_up_to_date_since(mirrors: MakeRelease) -> None:
    finished_at = timezone.now()
    noted(state="whole", release=NEW, finished_at=finished_at)
    told = section(signed_in("Editors", "fr"), "mirrors")
    assert "À jour" in told
    assert f"{timezone.localtime(finished_at):%H:%M:%S}" in told
    assert "Dernière erreur" not in told


def test_what_is_known_of_a_mirror_is_not_told_of_another_place(mirrors: MakeRelease, settings: Any) -> None:
    noted(state="whole", release=NEW, finished_at=timezone.now())
    settings.VIGIE_MIRRORS = "s3://vigie/site?name=paris&endpoint_url=https://s3.example"
    told = section(signed_in("Editors", "fr"), "mirrors")
    assert "À jour" not in told
    assert "Rien encore" in told


def test_a_mirror_that_fails_tells_what_it_has_why_and_when_it_is_tried_again(mirrors: MakeRelease) -> None:
    due_at = timezone.now() + timedelta(minutes=4)
    noted(state="failed", release=OLD, wanted=NEW, attempts=7, due_at=due_at, error="<Refused>")
    told = section(signed_in("Editors", "nl"), "mirrors")
    assert "Loopt achter" in told
    assert "&lt;Refused&gt;" in told
    assert f"{timezone.localtime(due_at):%H:%M:%S}" in told
    assert "na 7 pogingen" in told
    made_at = timezone.localtime(datetime(2026, 11, 22, 10, tzinfo=UTC))
    assert f"{made_at:%H:%M:%S}" in told


def test_a_mirror_that_is_tried_again_keeps_its_last_error_until_it_is_whole(mirrors: MakeRelease) -> None:
    started_at = timezone.now()
    noted(state="sending", wanted=NEW, attempts=2, started_at=started_at, error="Refused")
    told = section(signed_in("Editors", "fr"), "mirrors")
    assert "Vide" in told
    assert "Refused" in told
    assert f'Envoi en cours depuis</dt> <dd><time datetime="{timezone.localtime(started_at):%Y-%m-%d}' in told


def test_mirrors_that_cannot_be_read_from_the_settings_are_told_in_words(
    mirrors: MakeRelease, settings: Any
) -> None:
    settings.VIGIE_MIRRORS = "ftp://x"
    told = section(signed_in("Editors", "nl"), "mirrors")
    assert "onleesbaar" in told
    assert "ftp://x" in told


CROWDED = """() => {
  const said = [];
  const box = (element) => element.getBoundingClientRect();
  const first = document.querySelector(".vigie-publishing > *");
  if (box(first).top - box(document.querySelector("main header")).bottom < 8) said.push("the first line");
  for (const heading of document.querySelectorAll("[data-panel-heading-text]")) {
    const icon = heading.closest(".w-panel__header").querySelector("[data-panel-toggle] svg");
    if (box(heading).left - box(icon).right < 4) said.push(`the icon of ${heading.textContent}`);
    if (box(heading).right > innerWidth - 8) said.push(`the end of ${heading.textContent}`);
  }
  return said;
}"""
"""What touches the header, an icon or the edge."""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_view_fits_a_small_phone_and_axe_finds_nothing(
    mirrors: MakeRelease, browser: Any, scheme: str
) -> None:
    page = NewsFactory()
    BuildRequest.objects.all().delete()
    outbox.request_build(page_reason(page.pk))
    build()
    url = SiteGraph.current().url(page.pk, "nl")
    outbox.try_again(str(Failure(url, "x", "pages", f"ValueError: {'long' * 60}")), 1)
    noted(state="failed", release=OLD, attempts=1, error="Refused" * 30)
    html = signed_in("Site managers", "nl").get(reverse("editorial_publishing")).content

    def answer(route: Any) -> None:
        path = urlsplit(route.request.url).path
        file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if file:
            route.fulfill(body=Path(file).read_bytes(), content_type=mimetypes.guess_type(file)[0])
        elif path == reverse("editorial_publishing"):
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=404)

    context = browser.new_context(viewport={"width": 320, "height": 800}, color_scheme=scheme)
    try:
        shown = context.new_page()
        shown.route("**/*", answer)
        shown.goto(f"http://testserver{reverse('editorial_publishing')}")
        shown.wait_for_load_state("load")
        assert shown.evaluate(OVERFLOWING) == []
        assert shown.evaluate(CROWDED) == []
        assert axe(shown) == []
    finally:
        context.close()


# Back to an earlier release


def roll_back(client: Client, release: str, *accepted: str) -> Any:
    return client.post(reverse("editorial_roll_back", args=[release]), {"accepted": accepted}, follow=True)


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


AGAIN = {
    "fr": "Elle rendrait de nouveau publique 1 page qui ne l’est plus : /fr/secret/.",
    "nl": "Ze zou 1 pagina opnieuw openbaar maken die het niet meer is: /fr/secret/.",
}


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_what_was_withdrawn_since_is_named_and_has_to_be_accepted(
    releases: MakeRelease, language: str
) -> None:
    releases(OLD, pages=["/fr/secret/"])
    target = releases(NEW)
    client = signed_in("Site managers", language)
    asked = client.get(reverse("editorial_roll_back", args=[OLD])).content.decode()
    assert f'name="accepted" value="{AGAIN[language]}" required' in asked
    refused = roll_back(client, OLD)
    assert refused.request["PATH_INFO"] == reverse("editorial_roll_back", args=[OLD])
    assert AGAIN[language] in refused.content.decode()
    assert target.current() == NEW


def test_what_was_accepted_is_in_the_log(releases: MakeRelease) -> None:
    releases(OLD, pages=["/fr/secret/"])
    target = releases(NEW)
    roll_back(signed_in("Site managers", "nl"), OLD, AGAIN["nl"])
    assert target.current() == OLD
    assert ModelLogEntry.objects.get(action="editorial.roll_back").data["overruled"] == [AGAIN["nl"]]


def test_what_was_accepted_is_no_longer_when_more_was_withdrawn_meanwhile(releases: MakeRelease) -> None:
    releases(OLD, pages=["/fr/secret/", "/nl/geheim/"])
    target = releases(NEW)
    html = roll_back(signed_in("Site managers", "nl"), OLD, AGAIN["nl"]).content.decode()
    assert "Lees eerst wat opnieuw openbaar zou worden" in html
    assert target.current() == NEW


def test_that_an_alert_would_vanish_cannot_be_accepted(releases: MakeRelease) -> None:
    releases(OLD)
    target = releases(NEW, "a")
    roll_back(signed_in("Site managers", "nl"), OLD, "Ze zou verbergen wat nu geldt: Waarschuwing a.")
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
