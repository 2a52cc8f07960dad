import json
import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from generator import outbox, registry, search
from generator.documents import Document
from generator.models import BuildRequest
from generator.outbox import request_build
from generator.recording import record_until
from generator.search import FOLDER
from generator.targets import PUBLIC, ReleaseTarget
from tests.deploy.nginx import free_port

from .samples import failing, live_file, page

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> list[Document]:
    """The documents that the site is made of, alone."""
    documents: list[Document] = []
    settings.VIGIE_RELEASES_ROOT = tmp_path / "releases"
    monkeypatch.setattr(registry.default, "document_publishers", {"pages": lambda context: documents})
    monkeypatch.setattr(registry.default, "redirect_publishers", {})
    monkeypatch.setattr(registry.default, "periodic_jobs", {})
    return documents


@pytest.fixture
def releases(tmp_path: Path) -> ReleaseTarget:
    return ReleaseTarget(tmp_path / "releases")


def run(*arguments: str, **options: Any) -> tuple[str, str]:
    out, errors = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=errors, **options)
    return out.getvalue(), errors.getvalue()


def test_a_build_says_what_is_live(published: list[Document], releases: ReleaseTarget) -> None:
    published.append(page("/fr/"))
    out, errors = run("build")
    assert f"Live: {releases.current()}" in out
    assert "3 files" in out
    assert "1  pages" in out
    assert errors == ""


def test_the_search_index_goes_live_after_the_release_that_it_was_made_of(
    published: list[Document], releases: ReleaseTarget
) -> None:
    published.append(
        page("/fr/", '<html lang="fr"><body><main data-pagefind-body>Incendie</main></body></html>')
    )
    out, errors = run("build")
    first, second = sorted(releases.releases())
    assert [(releases.root / name / PUBLIC / FOLDER).exists() for name in (first, second)] == [False, True]
    assert f"Live: {second}" in out
    assert errors == ""
    published[0] = page("/fr/", '<html lang="fr"><body><main data-pagefind-body>Autre</main></body></html>')
    run("build", no_search=True)
    assert len(releases.releases()) == 3


def test_a_site_without_its_search_is_better_than_none(
    published: list[Document], releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    published.append(
        page("/fr/", '<html lang="fr"><body><main data-pagefind-body>Incendie</main></body></html>')
    )
    monkeypatch.setattr(search, "LONGEST_SECONDS", 0.001)
    out, errors = run("build")
    assert f"Live: {releases.current()}" in out
    assert "There is no search index" in errors


@pytest.fixture
def attentive(published: list[Document], monkeypatch: pytest.MonkeyPatch) -> list[Document]:
    """Two pages that are live, and builds that look for what is urgent at each document."""
    published += [page("/fr/a/"), page("/fr/b/")]
    run("build", no_search=True)
    monkeypatch.setattr(outbox, "GIVE_WAY_SECONDS", 0.0)
    return published


@pytest.mark.parametrize(
    ("arguments", "is_called"), [((), True), (("--output", "site"), True), (("--dry-run",), False)], ids=str
)
def test_what_is_due_is_done_before_a_build_by_hand(
    published: list[Document],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    is_called: bool,
) -> None:
    called: list[str] = []

    def fail() -> None:
        raise ValueError("the lock is broken")

    monkeypatch.chdir(tmp_path)
    registry.periodic("failing", seconds=1, before_builds=True)(fail)
    registry.periodic("expiry", seconds=1, before_builds=True)(lambda: called.append("expiry"))
    registry.periodic("mail", seconds=1)(lambda: called.append("mail"))
    published.append(Document("/fr/", lambda: repr(called)))
    _out, errors = run("build", *arguments)
    assert called == (["expiry"] if is_called else [])
    assert ("The job 'failing' failed: the lock is broken" in errors) is is_called


@pytest.mark.parametrize("options", [{}, {"only": "/fr/a/"}], ids=str)
def test_a_build_by_hand_gives_way_to_an_alert(
    attentive: list[Document],
    releases: ReleaseTarget,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, str],
) -> None:
    def render() -> str:
        if not BuildRequest.objects.exists():
            request_build("alert", urgent=True)
        return "after"

    attentive[0] = Document("/fr/a/", render)
    monkeypatch.setattr(outbox, "ASIDE_SECONDS", 0.01)
    _out, errors = run("build", no_search=True, **options)
    assert "beginning anew" in errors
    assert live_file(releases, "fr/a/index.html") == b"after"
    # A part of the site answers nothing that was asked for.
    assert outbox.is_idle() is (not options)


def test_a_build_by_hand_lets_a_worker_go_first_that_has_taken_an_alert(
    attentive: list[Document], releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render() -> str:
        if not BuildRequest.objects.exists():
            request_build("alert", urgent=True)
            assert outbox.claim("elsewhere:1:worker")
        return "after"

    def sleep(seconds: float) -> None:
        # What the worker does meanwhile: the lock is free.
        with releases.locked(pytest.fail):
            outbox.finish("elsewhere:1:worker", "its release")

    attentive[0] = Document("/fr/a/", render)
    monkeypatch.setattr(outbox.time, "sleep", sleep)
    _out, errors = run("build", no_search=True)
    assert errors.count("beginning anew") == 1
    assert live_file(releases, "fr/a/index.html") == b"after"
    assert BuildRequest.objects.get().release == "its release"


def test_a_build_by_hand_waits_for_no_worker_that_is_dead(
    attentive: list[Document], releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "ASIDE_SECONDS", 0.01)
    request_build("alert", urgent=True)
    assert outbox.claim("elsewhere:1:worker")
    attentive[0] = page("/fr/a/", "after")
    _out, errors = run("build", no_search=True)
    assert errors.count("beginning anew") == 1
    assert live_file(releases, "fr/a/index.html") == b"after"


def test_a_build_by_hand_takes_at_once_what_a_worker_of_this_machine_that_is_gone_had_taken(
    attentive: list[Document], releases: ReleaseTarget
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    request_build("alert", urgent=True)
    assert outbox.claim(f"{socket.gethostname()}:{gone.pid}:worker")
    attentive[0] = page("/fr/a/", "after")
    _out, errors = run("build", no_search=True)
    assert "beginning anew" not in errors
    assert BuildRequest.objects.get().release == releases.current()


def test_a_build_by_hand_says_that_it_is_at_it(
    attentive: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    def render() -> str:
        seen.append(BuildRequest.objects.get().heartbeat_at)
        return "after"

    seen: list[Any] = []
    monkeypatch.setattr(outbox, "HEARTBEAT_SECONDS", 0.0)
    request_build("Page published: Missions")
    attentive[:] = [Document("/fr/a/", render), Document("/fr/b/", render)]
    run("build", no_search=True)
    assert seen[0] < seen[1]


def test_the_index_of_a_build_by_hand_gives_way_to_an_alert(
    attentive: list[Document], releases: ReleaseTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = search.make

    def made(public: Path, folder: Path) -> bool:
        request_build("alert", urgent=True)
        return make(public, folder)

    monkeypatch.setattr(search, "make", made)
    attentive[0] = Document("/fr/a/", lambda: "<main data-pagefind-body><h1>Après</h1></main>", language="fr")
    out, _errors = run("build")
    assert f"Live: {releases.current()}" in out
    assert not (releases.root / "current/public/pagefind").exists()
    assert outbox.is_urgent_waiting()


def test_a_failure_names_the_url_and_ends_with_status_1(published: list[Document]) -> None:
    published.append(failing("/fr/a/", ValueError("no summary")))
    errors = StringIO()
    with pytest.raises(CommandError, match="1 failed") as caught:
        call_command("build", stdout=StringIO(), stderr=errors)
    assert "failed: /fr/a/, published by pages: ValueError: no summary" in errors.getvalue()
    assert caught.value.returncode == 1


def test_a_release_answers_what_was_asked_for_before(
    published: list[Document], releases: ReleaseTarget
) -> None:
    request_build("Page published: Missions")
    published.append(page("/fr/"))
    run("build")
    answered = BuildRequest.objects.get()
    assert (answered.state, answered.release) == (BuildRequest.State.DONE, releases.current())


@pytest.mark.parametrize("arguments", [("--dry-run",), ("--output", "{}/site"), ()])
def test_what_makes_no_release_leaves_the_requests_to_the_worker(
    published: list[Document], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    request_build("Page published: Missions")
    published.append(page("/fr/") if arguments else failing("/fr/", ValueError("no summary")))
    with nullcontext() if arguments else pytest.raises(CommandError):
        run("build", *(argument.format(tmp_path) for argument in arguments))
    waiting = BuildRequest.objects.get()
    assert (waiting.state, waiting.attempts) == (BuildRequest.State.PENDING, 0)


def test_a_dry_run_lists_each_change(published: list[Document], releases: ReleaseTarget) -> None:
    published[:] = [page("/a.txt", "1"), page("/b.txt", "1")]
    run("build")
    before = releases.current()
    published[:] = [page("/a.txt", "2"), page("/c.txt", "1")]
    out, _errors = run("build", "--dry-run")
    lines = [line.split() for line in out.splitlines()]
    assert ["changed", "a.txt"] in lines
    assert ["removed", "b.txt"] in lines
    assert ["added", "c.txt"] in lines
    assert releases.current() == before


def test_a_machine_reads_the_summary(published: list[Document]) -> None:
    published.append(page("/fr/"))
    out, _errors = run("build", "--json")
    summary = json.loads(out)
    assert summary["files"] == 3
    assert summary["failures"] == []
    assert summary["diff"]["added"] == ["fr/index.html", "robots.txt", "sitemap.xml"]


def test_the_summary_tells_when_something_becomes_stale_by_time(published: list[Document]) -> None:
    """As everything that an alert is shown on does."""
    until = datetime(2099, 1, 1, tzinfo=UTC)

    def render() -> str:
        record_until(until)
        return "until then"

    published.append(Document("/fr/", render))
    out, _errors = run("build", "--json")
    assert json.loads(out)["next_at"] == "2099-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--only", "fr/news/*"), "begin with a slash"),
        (("--only", ""), "begin with a slash"),
        (("--only", "/fr/*", "--full"), "Give one of them"),
        (("--only", "/fr/*", "--output", "x"), "always made whole"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_built(
    published: list[Document], releases: ReleaseTarget, arguments: tuple[str, ...], told: str
) -> None:
    published.append(page("/fr/"))
    with pytest.raises(CommandError, match=told):
        run("build", *arguments)
    assert releases.current() is None


@pytest.mark.parametrize(
    ("pattern", "warned"), [("/fr/nowhere/*", True), ("/fr/a", True), ("/fr/a/", False), ("*", False)]
)
def test_a_pattern_that_fits_no_url_is_said_to(published: list[Document], pattern: str, warned: bool) -> None:
    published.append(page("/fr/a/"))
    run("build")
    _out, errors = run("build", "--only", pattern)
    assert ("fits no URL" in errors) is warned


def no_release(releases: ReleaseTarget, settings: Any) -> None:
    """A site of which nothing is live."""
    shutil.rmtree(releases.root)


def another_address(releases: ReleaseTarget, settings: Any) -> None:
    settings.VIGIE_BASE_URL = "https://other.example"


def other_code(releases: ReleaseTarget, settings: Any) -> None:
    settings.TIME_ZONE = "UTC"


def lost_journal(releases: ReleaseTarget, settings: Any) -> None:
    assert releases.state_path
    releases.state_path.unlink()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (no_release, "there was no release before"),
        (another_address, r"the release before was made for http\S+, this one is for https://other\.example"),
        (other_code, "the release before was made by other code"),
        (lost_journal, "what the release before was made from is not known"),
    ],
)
def test_where_a_pattern_makes_everything_it_is_said_why(
    published: list[Document], releases: ReleaseTarget, settings: Any, change: Any, why: str
) -> None:
    published.append(page("/fr/a/"))
    run("build")
    change(releases, settings)
    out, errors = run("build", "--only", "/zz/*", "--dry-run")
    told = rf"Everything was made, not only what fits '/zz/\*': {why}"
    assert re.search(f"warning: {told}", errors)
    assert "fits no URL" not in errors
    out, errors = run("build", "--only", "/zz/*", "--json")
    summary = json.loads(out)
    assert re.match(told, summary["warnings"][0])
    assert summary["everything"]
    assert not errors


def test_pages_that_failed_are_tried_again_by_the_worker(published: list[Document]) -> None:
    published.append(page("/fr/a/"))
    run("build")
    outbox.try_again("/fr/a/, published by pages: ValueError: before", 3)
    published[:] = [page("/fr/b/"), failing("/fr/a/", ValueError("no summary"))]
    with pytest.raises(CommandError, match="1 failed"):
        run("build", "--full")
    waiting = BuildRequest.objects.exclude(state=BuildRequest.State.DONE).get()
    assert waiting.state == BuildRequest.State.FAILED
    assert waiting.attempts == 4
    assert waiting.error == "/fr/a/, published by pages: ValueError: no summary"


def test_what_had_failed_is_answered_by_a_build_by_hand_before_it_is_due(published: list[Document]) -> None:
    published.append(page("/fr/a/"))
    outbox.try_again("/fr/a/, published by pages: ValueError: before", 3)
    run("build")
    assert BuildRequest.objects.get().state == BuildRequest.State.DONE


def test_many_failures_are_told_as_the_first_twenty() -> None:
    assert outbox.told(["a", "b"]) == "a\nb"
    lines = outbox.told([str(number) for number in range(25)]).splitlines()
    assert lines[19:] == ["19", "and 5 more"]


def test_ctrl_c_leaves_what_is_live_and_gives_back_what_was_asked_for(
    published: list[Document], releases: ReleaseTarget
) -> None:
    published.append(page("/fr/"))
    run("build")
    live = releases.current()
    request_build("Page published: Missions")
    published[:] = [failing("/fr/", KeyboardInterrupt())]  # type: ignore[arg-type]
    with pytest.raises(CommandError, match="Stopped") as stopped:
        run("build", "--full")
    assert stopped.value.returncode == 130
    assert releases.current() == live
    assert not list(releases.root.glob(".building-*"))
    assert BuildRequest.objects.get(reason__startswith="Page").state == BuildRequest.State.PENDING


@pytest.mark.once
@pytest.mark.parametrize("command", [("build",), ("mirrors", "list"), ("mirrors", "push")])
def test_a_database_that_does_not_answer_is_told_without_a_traceback(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "DATABASE_URL": f"postgres://vigie@127.0.0.1:{free_port()}/vigie",
        "VIGIE_RELEASES_ROOT": str(tmp_path / "releases"),
        "MIRRORS": f"rsync://{tmp_path}/copy",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases/current").symlink_to("20261122T100000.000000Z")
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_output_folder_needs_no_release(
    published: list[Document], releases: ReleaseTarget, tmp_path: Path
) -> None:
    published.append(page("/fr/", "x"))
    run("build", "--output", str(tmp_path / "site"))
    assert (tmp_path / "site/fr/index.html").read_text() == "x"
    assert releases.current() is None


def test_a_folder_of_somebody_else_is_refused_without_force(
    published: list[Document], tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/thesis.odt").write_text("")
    with pytest.raises(CommandError, match=r"thesis\.odt"):
        run("build", "--output", str(tmp_path / "site"))
    run("build", "--output", str(tmp_path / "site"), "--force")
    assert not (tmp_path / "site/thesis.odt").exists()


def test_the_project_itself_is_never_the_output(published: list[Document], settings: Any) -> None:
    with pytest.raises(CommandError, match="would delete"):
        run("build", "--output", str(settings.BASE_DIR), "--force")


def test_the_root_of_the_file_system_is_never_the_output(published: list[Document]) -> None:
    with pytest.raises(CommandError, match="/ is the root of the file system"):
        run("build", "--output", "/", "--force")


def test_force_alone_is_a_mistake(published: list[Document]) -> None:
    with pytest.raises(CommandError, match="--output"):
        run("build", "--force")


def test_progress_is_for_terminals(
    published: list[Document], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    published.append(page("/fr/"))
    call_command("build", stdout=StringIO(), stderr=Terminal())
    told = capsys.readouterr().err
    assert "[....................]      0/3 /fr/" in told
    assert "[#############.......]      2/3 /" in told
    run("build")
    assert "/fr/" not in capsys.readouterr().err


def test_a_worker_called_once_builds_what_was_asked_for(
    published: list[Document], releases: ReleaseTarget
) -> None:
    published.append(page("/fr/"))
    request_build("x")
    run("worker", "--once")
    assert BuildRequest.objects.get().release == releases.current()


def test_a_worker_called_once_tells_of_failure(published: list[Document]) -> None:
    published.append(failing("/fr/", ValueError("x")))
    with pytest.raises(CommandError, match="The build failed"):
        run("worker", "--once")
