import json
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from generator import registry
from generator.documents import Document
from generator.models import BuildRequest
from generator.outbox import request_build
from generator.targets import ReleaseTarget

from .samples import failing, page

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


def test_force_alone_is_a_mistake(published: list[Document]) -> None:
    with pytest.raises(CommandError, match="--output"):
        run("build", "--force")


def test_progress_is_for_terminals(
    published: list[Document], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    published.append(page("/fr/"))
    call_command("build", stdout=StringIO(), stderr=Terminal())
    assert "0/3 /fr/" in capsys.readouterr().err
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
