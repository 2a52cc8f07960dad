"""What failed in a build, as an editor reads it. The text is what a build's own failures become."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from editorial.problems import Problem, Problems
from generator.build import Failure
from pages.graph import SiteGraph
from tests.factories.site import NewsFactory

pytestmark = pytest.mark.django_db


def read(*failures: Failure | str, public: Path | None = None, language: str = "nl") -> list[Problem]:
    with translation.override(language):
        return list(Problems(public).read("\n".join(str(failure) for failure in failures)))


@pytest.mark.parametrize(
    ("language", "failed", "title", "shown_language"),
    [("nl", "fr", "Kapot", "Frans"), ("fr", "nl", "Cassé", "Néerlandais")],
)
def test_a_page_is_named_in_the_readers_language_with_the_one_that_failed(
    language: str, failed: str, title: str, shown_language: str
) -> None:
    page = NewsFactory(title_fr="Cassé", title_nl="Kapot")
    url = SiteGraph.current().url(page.pk, failed)
    [problem] = read(Failure(url, "Titel (ontwerp)", "pages", "ValueError: x"), language=language)
    assert (problem.title, problem.language, problem.url) == (title, shown_language, url)
    assert problem.edit_url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert problem.detail == "ValueError: x"


def test_a_file_in_a_pages_folder_is_that_pages() -> None:
    page = NewsFactory()
    url = SiteGraph.current().url(page.pk, "nl")
    [problem] = read(Failure(f"{url}data.json", "", "pages", "ValueError: x"))
    assert problem.edit_url == reverse("wagtailadmin_pages:edit", args=[page.pk])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("FileNotFoundError: [Errno 2] No such file: '/media/a.jpg'", "Een beeld of document"),
        ("DoesNotExist: Image matching query does not exist.", "verwijderd"),
        ("UndefinedError: 'page' has no attribute 'x'", "sjabloon"),
        ("OperationalError: server closed the connection", "databank antwoordde niet"),
        (
            "has the same file (fr/x/index.html) as 'x', published by news. Give one another.",
            "hetzelfde adres",
        ),
        ("cannot be a file beside 'fr/x'. Give one of them another URL.", "hetzelfde adres"),
        ("ZeroDivisionError: division by zero", "technische team"),
        ("no type at all", "technische team"),
    ],
)
def test_an_error_is_told_in_words(error: str, words: str) -> None:
    [problem] = read(Failure("/nl/x/", "X", "pages", error))
    assert words in problem.words
    assert problem.detail == error


def test_an_error_over_several_lines_is_one_problem() -> None:
    first, second = read(
        Failure("/nl/a/", "A", "pages", "ValueError: one\n\n  two (three), four"),
        Failure("/fr/b/", "B", "pages", "ValueError: x"),
        "and 12 more",
    )
    assert first.detail == "ValueError: one\n\n  two (three), four"
    assert (second.title, second.language, second.detail) == ("B", "Frans", "ValueError: x")


@pytest.mark.parametrize(
    ("failure", "title"),
    [
        (Failure("/numbers.json", "", "emergency_numbers", "ValueError: x"), "/numbers.json"),
        (Failure("/numbers.json", "nummers (JSON)", "emergency_numbers", "ValueError: x"), "nummers (JSON)"),
        (Failure("(all of its URLs)", "", "news.feeds", "ValueError: x"), "Alles wat “news.feeds” maakt"),
        (Failure("band", "", "generator", "ValueError: x"), "Wat alle pagina’s tonen: band"),
        ("The build could not be written to /var: the disk is full.", "De hele site"),
    ],
)
def test_what_is_no_page_has_a_name_too(failure: Failure | str, title: str) -> None:
    [problem] = read(failure)
    assert (problem.title, problem.edit_url) == (title, "")


def test_whether_the_public_has_a_last_good_version_is_seen_in_the_release(tmp_path: Path) -> None:
    (tmp_path / "nl/old").mkdir(parents=True)
    (tmp_path / "nl/old/index.html").touch()
    urls = ("/nl/old/", "/nl/new/", "(all of its URLs)", "//")
    failures = [Failure(url, "", "pages", "ValueError: x") for url in urls]
    assert [problem.is_shown for problem in read(*failures, public=tmp_path)] == [True, False, True, False]
    assert [problem.is_shown for problem in read(*failures)] == [False] * 4


def test_nothing_said_is_no_problem() -> None:
    assert read("") == []
