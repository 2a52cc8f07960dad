from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from generator import sitemap
from generator.documents import Document
from generator.targets import ReleaseTarget

from .samples import built, page

pytestmark = pytest.mark.once

BASE_URL = "https://safe.example"
CHANGED = datetime(2026, 11, 22, 12, tzinfo=UTC)
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"


Sitemaps = Callable[..., dict[str, str]]


@pytest.fixture
def rendered(releases: ReleaseTarget, settings: Any) -> Sitemaps:
    """The sitemaps and robots.txt of a site of these documents, by URL."""
    settings.VIGIE_BASE_URL = BASE_URL

    def build(*documents: Document) -> dict[str, str]:
        built(releases, *documents)
        public = releases.root / "current" / "public"
        return {
            f"/{file.name}": file.read_text()
            for file in public.glob("*.*")
            if file.suffix in {".xml", ".txt"}
        }

    return build


def test_only_what_belongs_in_the_sitemap_is_in_it(rendered: Sitemaps) -> None:
    root = ET.fromstring(rendered(page("/fr/a/", in_sitemap=True), page("/404.html"))["/sitemap.xml"])
    assert [loc.text for loc in root.iter(f"{S}loc")] == ["https://safe.example/fr/a/"]


def test_each_url_names_all_languages_its_own_too(rendered: Sitemaps) -> None:
    alternates = {"nl": "/nl/b/", "x-default": "/fr/a/"}
    document = page("/fr/a/", language="fr", alternates=alternates, in_sitemap=True)
    root = ET.fromstring(rendered(document)["/sitemap.xml"])
    assert {link.get("hreflang"): link.get("href") for link in root.iter(f"{X}link")} == {
        "fr-BE": "https://safe.example/fr/a/",
        "nl-BE": "https://safe.example/nl/b/",
        "x-default": "https://safe.example/fr/a/",
    }


def test_a_language_is_named_once_also_when_its_regional_code_is_given(rendered: Sitemaps) -> None:
    alternates = {"fr-BE": "/fr/a/", "nl-BE": "/nl/b/"}
    text = rendered(page("/fr/a/", language="fr", alternates=alternates, in_sitemap=True))["/sitemap.xml"]
    assert text.count("hreflang=") == 2


def test_the_last_change_is_told_with_its_offset(rendered: Sitemaps) -> None:
    document = page("/fr/a/", lastmod=CHANGED, in_sitemap=True)
    assert "<lastmod>2026-11-22T12:00:00+00:00</lastmod>" in rendered(document)["/sitemap.xml"]


def test_urls_are_encoded_and_escaped(rendered: Sitemaps) -> None:
    text = rendered(page("/fr/été-&-co/", in_sitemap=True))["/sitemap.xml"]
    assert "<loc>https://safe.example/fr/%C3%A9t%C3%A9-&amp;-co/</loc>" in text


def test_above_the_limit_the_sitemap_is_an_index_of_parts(
    monkeypatch: pytest.MonkeyPatch, rendered: Sitemaps
) -> None:
    monkeypatch.setattr(sitemap, "LARGEST_SINGLE", 4)
    monkeypatch.setattr(sitemap, "URLS_PER_SITEMAP", 2)
    urls = {f"https://safe.example/fr/{number}/" for number in range(5)}
    files = rendered(*(page(f"/fr/{number}/", in_sitemap=True) for number in range(5)))
    index = ET.fromstring(files["/sitemap.xml"])
    assert index.tag == f"{S}sitemapindex"
    parts = [str(loc.text) for loc in index.iter(f"{S}loc")]
    assert parts == [f"https://safe.example/sitemap-{number}.xml" for number in (1, 2, 3, 4)]
    listed = [
        loc.text
        for part in parts
        for loc in ET.fromstring(files[part.removeprefix("https://safe.example")]).iter(f"{S}loc")
    ]
    assert sorted(listed, key=str) == sorted(urls)


def test_a_page_is_listed_beside_its_other_language() -> None:
    alternates = {"fr-BE": "/fr/a/", "nl-BE": "/nl/b/", "x-default": "/"}
    one = page("/fr/a/", language="fr", alternates=alternates, in_sitemap=True)
    other = page("/nl/b/", language="nl", alternates=alternates, in_sitemap=True)
    assert sitemap.number_of(one, 64) == sitemap.number_of(other, 64)


def test_robots_txt_names_the_sitemap(rendered: Sitemaps) -> None:
    assert "\nSitemap: https://safe.example/sitemap.xml\n" in rendered()["/robots.txt"]
