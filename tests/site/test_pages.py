"""Each public page, read from its file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Figures
from tests.site import checks
from tests.site.conftest import require
from tests.site.demo import PROJECT
from tests.site.output import Output


@pytest.mark.once
def test_html_validate_finds_no_error_in_the_whole_output(
    output: Output, tmp_path: Path, figures: Figures
) -> None:
    executable = PROJECT / "node_modules" / ".bin" / "html-validate"
    require("html-validate", str(executable) if executable.exists() else None)
    files = {str(page.file): page.url for page in output.pages.values()}
    report = tmp_path / "report.json"
    command = [Path(sys.executable).with_name("node"), executable, "--config", PROJECT / ".htmlvalidate.mjs"]
    done = subprocess.run(
        [*command, f"--formatter=json={report}", *files],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    results = json.loads(report.read_text())
    found = [
        f"{files[result['filePath']]}:{message['line']}: {message['ruleId']}: {message['message']}"
        for result in results
        for message in result["messages"]
    ]
    assert not found, f"{len(found)} in {len(files)} files:\n" + "\n".join(found[:60])
    assert done.returncode == 0, done.stderr
    figures(f"html-validate: {len(files)} files, 0 errors")


def test_every_page_has_one_heading_a_title_and_its_language(output: Output) -> None:
    wrong = [
        line for page in output.pages.values() if not page.is_redirect for line in checks.structure(page)
    ]
    assert not wrong, "\n".join(wrong)


def test_titles_are_unique_in_each_language(output: Output) -> None:
    wrong = checks.titles(output.documents)
    assert not wrong, "\n".join(wrong)


def test_canonical_hreflang_and_language_switch_are_right_on_every_page(output: Output) -> None:
    wrong = [line for page in output.documents for line in checks.alternates(page, output)]
    assert not wrong, "\n".join(wrong)


def test_both_languages_have_the_same_pages(output: Output) -> None:
    assert len(output.in_language("fr")) == len(output.in_language("nl")) > 30


def test_telephone_links_dial_the_numbers_they_show(output: Output) -> None:
    wrong = [line for page in output.pages.values() for line in checks.telephones(page)]
    assert not wrong, "\n".join(wrong)
    dialled = {
        link
        for page in output.pages.values()
        for link in page.tree.xpath("//a/@href[starts-with(., 'tel:')]")
    }
    assert {"tel:112", "tel:101"} <= dialled


@pytest.mark.parametrize(
    ("encoding", "with_worker"),
    [("brotli", True), ("gzip", False)],
    ids=[
        "brotli, with the service worker",
        "gzip, where no brotli is served: what is needed to show the page",
    ],
)
def test_every_page_weighs_at_most_14_336_bytes(
    output: Output, encoding: str, with_worker: bool, figures: Figures
) -> None:
    weights = [
        checks.weight(page, output, as_brotli=encoding == "brotli", with_worker=with_worker)
        for page in output.pages.values()
    ]
    worker = "with" if with_worker else "without"
    figures(f"{encoding}, {worker} the service worker, bytes compressed:\n{checks.table(weights)}")
    heavy = [weight for weight in weights if weight.total > checks.BUDGET]
    assert not heavy, f"{len(heavy)} pages are too heavy:\n{checks.table(heavy, 40)}"


def test_every_text_is_in_the_language_that_the_page_says(output: Output) -> None:
    wrong = [line for page in output.pages.values() for line in checks.foreign_text(page)]
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:60])


def test_no_page_needs_a_script_or_loads_anything_from_elsewhere(output: Output) -> None:
    for page in output.pages.values():
        scripts = page.tree.xpath("//script[not(@type='application/ld+json')]")
        for script in scripts:
            assert script.get("type") == "module" or script.get("async") is not None, page.url
            assert script.get("src", "").startswith("/"), page.url
        handlers = page.tree.xpath("//@*[starts-with(name(), 'on')]")
        assert not handlers, f"{page.url}: {handlers}"
        loaded = page.tree.xpath(
            "//script/@src | //img/@src | //source/@srcset | //img/@srcset | //iframe/@src | //video/@src"
            " | //link[not(@rel='canonical' or @rel='alternate')]/@href"
        )
        elsewhere = [link for link in loaded if not link.startswith("/") or link.startswith("//")]
        assert not elsewhere, f"{page.url}: {elsewhere}"


def test_images_are_small_say_their_size_and_what_they_show_and_load_when_needed(output: Output) -> None:
    shown = 0
    for page in output.documents:
        images = page.tree.xpath("//img")
        shown += len(images)
        for image in images:
            where = f"{page.url}: {image.get('src')}"
            assert image.get("alt") is not None, where
            assert image.get("width"), where
            assert image.get("height"), where
            assert image.get("src").endswith((".webp", ".avif", ".svg")), where
            assert image.get("src").endswith(".svg") or image.get("sizes"), where
        eager = [image for image in images if image.get("loading") != "lazy"]
        assert len(eager) <= 1, page.url
    assert shown > 50
