import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import redirects
from generator.documents import Document, Redirect
from generator.manifest import Base, FileEntry, Files
from generator.redirects import nginx_map, resolve

pytestmark = pytest.mark.once


def never(url: str) -> bool:
    return False


def resolved(*pairs: tuple[str, str], published: tuple[str, ...] = ()) -> tuple[dict[str, str], list[str]]:
    return resolve([Redirect(*pair) for pair in pairs], published, never)


def test_a_moved_url_leads_to_its_new_one() -> None:
    assert resolved(("/fr/vieux/", "/fr/neuf/")) == ({"/fr/vieux": "/fr/neuf/"}, [])


def test_chains_are_joined() -> None:
    moved, _warnings = resolved(("/a", "/b/"), ("/b", "/c/"), ("/c/", "https://else.example/d"))
    assert moved == dict.fromkeys(("/a", "/b", "/c"), "https://else.example/d")


def test_loops_are_left_out_and_named() -> None:
    moved, warnings = resolved(("/a/", "/b/"), ("/b/", "/a/"), ("/c/", "/c"))
    assert moved == {}
    assert all(f"'{name}'" in warning for name, warning in zip(("/a", "/b", "/c"), warnings, strict=True))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("/fr/x/?page=2", "/fr/", "query"),
        ("x", "/fr/", "slash"),
        ("/x", "javascript:alert(1)", "neither a path"),
        ("/x", "//evil.example/", "no path of this site"),
        ("/x", "/\\evil.example/", "no path of this site"),
        ("/x", "/a\nb", "no path of this site"),
        ("/x", "https://", "neither a path"),
        ("/x", "", "neither a path"),
    ],
)
def test_a_redirect_that_cannot_be_served_is_left_out_and_says_why(old: str, new: str, said: str) -> None:
    moved, warnings = resolved((old, new))
    assert moved == {}
    assert said in warnings[0]


@pytest.mark.parametrize("old", ["/fr/a", "/fr/a/", "/fr/a/index.html"])
def test_a_document_wins_over_a_redirect_from_its_url(old: str) -> None:
    moved, warnings = resolved((old, "/fr/"), published=("fr/a/index.html",))
    assert moved == {}
    assert "a document is published" in warnings[0]


def test_no_redirect_locks_editors_out() -> None:
    moved, warnings = resolve([Redirect("/cms/", "/fr/")], (), lambda url: url.startswith("/cms/"))
    assert moved == {}
    assert "the application answers" in warnings[0]


def pages(resolved: dict[str, str], *taken: str) -> list[Document]:
    """The pages of these redirects beside documents at the paths `taken`."""
    return redirects.documents(resolved, taken.__contains__, lambda path: False, "https://safe.example")


def test_the_page_at_the_old_url_sends_on_without_a_server_that_redirects() -> None:
    [document] = pages({"/fr/vieux": "/fr/neuf/?a=1&b=2"})
    html = str(document.render())
    assert document.path == "fr/vieux/index.html"
    assert '<meta http-equiv="refresh" content="0; url=/fr/neuf/?a=1&amp;b=2">' in html
    assert '<link rel="canonical" href="https://safe.example/fr/neuf/?a=1&amp;b=2">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert html.count("<h1>") == 1


def test_a_pdf_that_moved_is_in_the_map_only() -> None:
    assert pages({"/plan.pdf": "/fr/plans/"}) == []


def test_an_old_html_file_keeps_its_name() -> None:
    [document] = pages({"/accueil.html": "/fr/"})
    assert document.path == "accueil.html"


def test_a_redirect_beneath_a_published_file_makes_no_page() -> None:
    assert pages({"/a.json/b": "/fr/"}, "a.json") == []


def test_the_map_answers_with_and_without_the_last_slash() -> None:
    assert nginx_map({"/a": "/b/"}, Files()) == '"/a" "/b/";\n"/a/" "/b/";\n'
    assert nginx_map({"": "/b/"}, Files()) == '"/" "/b/";\n'


def test_the_map_holds_no_key_twice_whatever_its_case() -> None:
    lines = nginx_map({"/A": "/b/", "/a": "/c/"}, Files()).splitlines()
    assert lines == ['"~^/A/?$" "/b/";', '"~^/a/?$" "/c/";']


@pytest.mark.parametrize(
    ("old", "path", "is_exact"),
    [
        ("/fr/Alertes", "fr/alertes/index.html", True),
        ("/fr/police", "fr/Police/index.html", True),
        ("/fr/Rapport.PDF", "fr/rapport.pdf", True),
        ("/fr/été", "fr/ÉTÉ/index.html", True),
        ("/fr/Alertes", "fr/Alertes/index.html", False),
        ("/fr/alertes", "fr/alertes-a/index.html", False),
    ],
)
def test_what_differs_in_capitals_from_a_file_is_told_exactly(old: str, path: str, is_exact: bool) -> None:
    entry = FileEntry("0" * 64, 1, "text/html")
    for files in (Files(Base({path: entry})), Files(changed={path: entry})):
        assert ("~^" in nginx_map({old: "/fr/"}, files)) is is_exact
    assert "~^" not in nginx_map({old: "/fr/"}, Files(Base({path: entry}), removed=[path]))


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_nothing_an_editor_types_breaks_out_of_the_map(text: str) -> None:
    moved, _warnings = resolved((f"/{text}", f"/{text}x"))
    alike = {
        path: FileEntry("0" * 64, 1, "text/html")
        for old in moved
        for path in (f"{old[1:]}/index.html".swapcase(),)
    }
    for line in [
        *nginx_map(moved, Files()).split("\n")[:-1],
        *nginx_map(moved, Files(changed=alike)).split("\n")[:-1],
    ]:
        key, _separator, value = line.removesuffix(";").rpartition(" ")
        assert key.startswith(('"/', '"~^/'))
        assert value.startswith('"/')
        assert '"' not in value[1:-1]
        assert "$" not in value
        assert '"' not in key[1:-1].replace("\\\\", "").replace('\\"', "")


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefgh"), max_size=6))
def test_every_redirect_ends_in_one_step(pairs: dict[str, str]) -> None:
    moved, _warnings = resolved(*((f"/{old}/", f"/{new}/") for old, new in pairs.items()))
    assert all(redirects.key(new) not in moved for new in moved.values())
