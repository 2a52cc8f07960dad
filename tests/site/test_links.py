"""Nothing on the site leads nowhere."""

import re

from generator.manifest import Manifest
from tests.conftest import Figures
from tests.site.inventory import Entry
from tests.site.links import Report
from tests.site.output import Output


def test_no_link_of_the_whole_output_is_broken(link_report: Report, figures: Figures) -> None:
    figures(f"links checked: {link_report.checked.total()} ({dict(link_report.checked)})")
    assert link_report.checked.total() > 1000
    broken = [str(link) for link in link_report.broken]
    assert not broken, f"{len(broken)} broken:\n" + "\n".join(broken[:60])


def test_every_page_can_be_reached_from_the_home_page_by_plain_links(
    output: Output, link_report: Report
) -> None:
    for language in ("fr", "nl"):
        reached, waiting = set(), [f"/{language}/"]
        while waiting:
            url = waiting.pop()
            if url not in reached and url.startswith(f"/{language}/"):
                reached.add(url)
                waiting += link_report.reached.get(url, ())
        unreached = {page.url for page in output.in_language(language)} - reached
        assert not unreached, sorted(unreached)


def test_the_language_choice_leads_to_both_home_pages(link_report: Report) -> None:
    assert {"/fr/", "/nl/"} <= link_report.reached["/"]


def test_no_public_page_links_into_the_cms(link_report: Report, output: Output) -> None:
    for page in output.pages.values():
        private = [
            link for link in page.tree.xpath("//a/@href") if re.match(r"/(cms|api|preview|health)/", link)
        ]
        assert not private, f"{page.url}: {private}"


def test_every_published_url_is_a_file_and_every_html_file_was_published(
    output: Output, documents: list[Entry]
) -> None:
    published = {entry.url for entry in documents}
    assert published <= set(output.files)
    assert {url for url, page in output.pages.items() if not page.is_redirect} <= published


def test_the_redirects_for_nginx_lead_to_files_and_shadow_none(output: Output) -> None:
    text = (output.root.parent / "redirects.map").read_text(encoding="utf-8")
    lines = re.findall(r'^"([^"]*)" "([^"]*)";$', text, re.M)
    assert len(lines) == len(text.splitlines())
    for old, new in lines:
        page = output.pages.get(old)
        assert page is None or page.is_redirect, f"{old} is a page"
        path = output.local(new, "/")
        assert path is None or path in output.files, f"{old} -> {new}"


def test_the_manifest_lists_what_is_there(output: Output) -> None:
    manifest = Manifest.load(output.root.parent / "manifest.json")
    listed = {"/" + re.sub(r"(^|/)index\.html$", r"\1", path) for path in manifest.files}
    assert listed == set(output.files)
