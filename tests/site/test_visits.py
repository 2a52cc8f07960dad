"""Citizens at the site: without scripts, in the other language, without a connection, unobserved."""

import http.client
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from generator.manifest import Manifest
from tests.site import demo, samples
from tests.site.browsing import PHONE, Visitor, visible_text
from tests.site.inventory import Entry
from tests.site.output import LANGUAGES, Output

browser_test = pytest.mark.browser
NUMBERS = {"fr": "/fr/numeros-urgence/", "nl": "/nl/noodnummers/"}
OTHER = {"fr": "nl", "nl": "fr"}


@browser_test
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_the_same_without_scripts(
    visitor: Visitor, documents: list[Entry], output: Output, language: str
) -> None:
    with_scripts = visitor.page()
    without = visitor.page(java_script_enabled=False)
    for url in samples.of_each_kind(documents, output, language):
        with_scripts.goto(url)
        without.goto(url)
        # A search needs its script; the map of the site below it does not.
        with_scripts.evaluate("document.querySelector('search')?.remove()")
        missing = set(visible_text(with_scripts).split()) - set(visible_text(without).split())
        assert not missing, f"{url}: {missing}"


@browser_test
@pytest.mark.parametrize(
    ("url", "words", "found", "none"),
    [
        ("/fr/rechercher/", "LISA", "/fr/realisations/", "Rien n’a été trouvé"),
        ("/nl/zoeken/", "LISA", "/nl/realisaties/", "Er is niets gevonden"),
    ],
)
def test_a_word_is_found_in_the_language_of_the_page(
    visitor: Visitor, url: str, words: str, found: str, none: str
) -> None:
    page = visitor.page(viewport=PHONE)
    page.goto(url)
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    results = page.locator("search ol a")
    expect(results.first).to_be_visible(timeout=20_000)
    paths = [urlsplit(link.get_attribute("href") or "").path for link in results.all()]
    assert all(path.startswith(url[:4]) for path in paths)
    assert any(path.startswith(found) for path in paths)
    assert urlsplit(page.url).query == f"q={words}"
    page.get_by_role("searchbox").fill("xyzzyqwv")
    expect(page.locator("search [role=status]")).to_contain_text(none, timeout=20_000)
    assert not results.count()


@browser_test
def test_a_search_without_an_index_points_to_the_sections(visitor: Visitor) -> None:
    page = visitor.page()
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto("/fr/rechercher/?q=police")
    expect(page.locator("search [role=status]")).to_contain_text("ne répond pas", timeout=20_000)
    assert page.locator("main .sitemap a").count() > 10
    # The browser tells of what this test takes away.
    visitor.errors.clear()


@browser_test
def test_the_menu_of_a_phone_opens_without_scripts(visitor: Visitor) -> None:
    page = visitor.page(viewport=PHONE, java_script_enabled=False)
    page.goto("/nl/")
    assert not page.locator("#menu").is_visible()
    page.locator("button[popovertarget=menu]").first.click()
    links = page.locator("#menu a")
    assert links.first.is_visible()
    links.last.click()
    assert urlsplit(page.url).path.startswith("/nl/")
    assert urlsplit(page.url).path != "/nl/"


@browser_test
@pytest.mark.parametrize("language", LANGUAGES)
def test_filters_are_links_that_work_without_scripts(
    visitor: Visitor, documents: list[Entry], output: Output, language: str
) -> None:
    filtered = [url for url in samples.of_each_kind(documents, output, language) if _variant(documents, url)]
    assert len(filtered) >= 4
    page = visitor.page(java_script_enabled=False)
    for url in filtered:
        parent = next(
            e.url for e in documents if not e.variant and e.template and _is_variant_of(url, e, documents)
        )
        page.goto(parent)
        assert page.locator(f"main a[href='{url}']").count() or _variant(documents, url)[-1].isdigit(), (
            f"{parent} does not link {url}"
        )
        page.goto(url)
        expect(page.locator("main h1")).to_be_visible()


def _variant(documents: list[Entry], url: str) -> str:
    return next(entry.variant for entry in documents if entry.url == url)


def _is_variant_of(url: str, entry: Entry, documents: list[Entry]) -> bool:
    own = next(other for other in documents if other.url == url)
    return entry.page_type == own.page_type and entry.language == own.language and url.startswith(entry.url)


@browser_test
def test_the_language_switch_leads_to_the_same_page_and_back(
    visitor: Visitor, documents: list[Entry], output: Output
) -> None:
    language = "fr"
    page = visitor.page()
    by_url = {entry.url: entry for entry in documents}
    for url in samples.of_each_kind(documents, output, language):
        page.goto(url)
        page.locator(f"header a[hreflang='{LANGUAGES[OTHER[language]]}']").click()
        page.wait_for_load_state()
        there = by_url[urlsplit(page.url).path]
        here = by_url[url]
        assert (there.page_type, there.variant) == (here.page_type, here.variant)
        assert page.evaluate("document.documentElement.lang") == LANGUAGES[OTHER[language]]
        page.locator(f"header a[hreflang='{LANGUAGES[language]}']").click()
        page.wait_for_load_state()
        assert urlsplit(page.url).path == url


@browser_test
def test_a_visit_leaves_nothing_on_the_device_but_the_offline_copy(
    visitor: Visitor, documents: list[Entry], output: Output
) -> None:
    context = visitor.context(service_workers="allow")
    page = context.new_page()
    for language in LANGUAGES:
        for url in samples.of_each_kind(documents, output, language):
            page.goto(url)
            assert page.evaluate("document.cookie") == ""
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases().then((found) => found.length)") == 0
    assert context.cookies() == []
    visitor.close()
    visitor.must_have_been_left_alone()
    assert len(visitor.requested) > 30


@browser_test
@pytest.mark.parametrize("language", LANGUAGES)
def test_home_and_numbers_stay_readable_without_a_connection(visitor: Visitor, language: str) -> None:
    context = visitor.context(service_workers="allow")
    page = context.new_page()
    page.goto(f"/{language}/")
    wait_for_offline_copy(page)
    # Else the browser's own cache answers as long as its copy is fresh, and that needs no notice.
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    context.set_offline(True)
    for url in (NUMBERS[language], f"/{language}/", NUMBERS[language]):
        page.goto(url)
        assert urlsplit(page.url).path == url
        expect(page.locator("a[href='tel:112']").first).to_be_visible()
        expect(page.locator(".offline")).to_be_visible()
        assert page.evaluate("document.styleSheets.length") == 1
        assert page.evaluate("document.documentElement.lang") == LANGUAGES[language]
    context.set_offline(False)
    page.goto(NUMBERS[language])
    expect(page.locator(".offline")).to_have_count(0)


@browser_test
def test_home_and_numbers_stay_readable_when_the_server_is_gone(browser: Browser, site: demo.Site) -> None:
    with demo.serving(site) as server:
        visitor = Visitor(browser, server.url)
        page = visitor.page(service_workers="allow")
        page.goto("/fr/")
        wait_for_offline_copy(page)
        page.context.new_cdp_session(page).send("Network.clearBrowserCache")
        server.stop()
        with pytest.raises(OSError, match="refused"):
            _get(server.url, "/")
        for url in ("/fr/", NUMBERS["fr"], NUMBERS["nl"]):
            page.goto(url)
            expect(page.locator("a[href='tel:112']").first).to_be_visible()
            expect(page.locator(".offline")).to_be_visible()
        page.goto(f"{NUMBERS['fr']}unknown/")
        expect(page.locator("a[href='tel:112']").first).to_be_visible()
        visitor.close()


def wait_for_offline_copy(page: object) -> None:
    """Until the service worker has kept all it keeps."""
    page.wait_for_function(
        """async (pages) => {
          const registration = await navigator.serviceWorker.ready;
          const names = await caches.keys();
          const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
          const paths = kept.flat().map((request) => new URL(request.url).pathname);
          return registration.active.state === "activated" && navigator.serviceWorker.controller
            && pages.every((path) => paths.includes(path))
            && paths.some((path) => path.endsWith(".css"));
        }""",
        arg=["/fr/", "/nl/", *NUMBERS.values()],
    )


def _get(
    url: str, path: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(
            method, quote(path), headers={name.replace("_", "-"): v for name, v in headers.items()}
        )
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def test_every_file_is_served_without_a_cookie_and_as_what_it_is(server: demo.Server, output: Output) -> None:
    manifest = Manifest.load(output.root.parent / "manifest.json").files
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    for url, file in output.files.items():
        connection.request("GET", quote(url))
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, url
        assert body == file.read_bytes(), url
        assert response.getheader("Set-Cookie") is None, url
        entry = manifest[file.relative_to(output.root).as_posix()]
        assert response.getheader("Content-Type", "").replace('"', "") == entry.media_type, url
        assert response.getheader("X-Content-Type-Options") == "nosniff", url
        assert response.getheader("Cache-Control"), url
        if file.suffix == ".html":
            assert "default-src 'self'" in response.getheader("Content-Security-Policy", ""), url
    connection.close()


@pytest.mark.parametrize(
    ("path", "language"), [("/fr/rien/", "fr"), ("/nl/niets/", "nl"), ("/nothing", None)]
)
def test_an_unknown_address_is_answered_with_a_404_page_that_is_hardly_kept(
    server: demo.Server, path: str, language: str | None
) -> None:
    status, headers, body = _get(server.url, path)
    assert status == 404
    assert headers["Cache-Control"] == "public, max-age=10"
    assert headers["Set-Cookie"] is None
    assert b"404" in body
    assert b"/fr/" in body
    assert b"/nl/" in body


def test_what_has_not_changed_is_not_sent_again(server: demo.Server) -> None:
    _, headers, _ = _get(server.url, "/fr/")
    status, _, body = _get(server.url, "/fr/", If_None_Match=headers["ETag"])
    assert (status, body) == (304, b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_public_address_takes_nothing(server: demo.Server, method: str) -> None:
    assert _get(server.url, "/fr/", method)[0] == 405


def test_an_address_without_its_last_slash_leads_to_the_page(server: demo.Server) -> None:
    status, headers, _ = _get(server.url, "/fr")
    assert (status, headers["Location"]) == (301, "/fr/")
