"""The checks of this folder find the faults they are for: each is shown a page that has it."""

import gzip
import json
from pathlib import Path

import pytest

from tests.site import checks, links
from tests.site.output import Output

pytestmark = pytest.mark.once

BASE_URL = "https://vigie.example"
HEAD = """<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title><meta name="viewport" content="x">
<link rel="canonical" href="https://vigie.example{url}">
<link rel="alternate" hreflang="fr-BE" href="https://vigie.example/fr/">
<link rel="alternate" hreflang="nl-BE" href="https://vigie.example/nl/">
<link rel="alternate" hreflang="x-default" href="https://vigie.example/">
<link rel="stylesheet" href="/s.css"></head><body><a hreflang="{other}" href="/{path}/">x</a>
<main><h1 id="top-of-page">{title}</h1>{body}</main></body></html>"""


def write(root: Path, body: str = "", **changes: str) -> Output:
    """A sound site of two pages; `body` goes into the French one, `changes` replace texts of it."""
    files = {
        "fr/index.html": HEAD.format(
            lang="fr-BE", title="Accueil", url="/fr/", other="nl-BE", path="nl", body=body
        ),
        "nl/index.html": HEAD.format(
            lang="nl-BE", title="Start", url="/nl/", other="fr-BE", path="fr", body=""
        ),
        "index.html": '<html lang="fr-BE"><title>t</title><main><h1>c</h1><a href="/fr/">f</a></main></html>',
        "s.css": "a{background:url(/a.png)}",
        "a.png": "",
    }
    for old, new in changes.items():
        files["fr/index.html"] = files["fr/index.html"].replace(old.replace("_", " "), new)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return Output(root, BASE_URL)


def test_a_sound_site_passes(tmp_path: Path) -> None:
    output = write(
        tmp_path, '<a href="#top-of-page">a</a> <a href="tel:112">112</a> <a href="mailto:a@b.be">m</a>'
    )
    assert not links.check(output).broken
    page = output.pages["/fr/"]
    assert not checks.structure(page) + checks.alternates(page, output) + checks.telephones(page)
    assert not checks.titles(output.documents)


@pytest.mark.parametrize(
    "body",
    [
        '<a href="/fr/missing/">x</a>',
        '<a href="/fr">x</a>',
        '<a href="missing/">x</a>',
        '<a href="https://vigie.example/fr/missing/">x</a>',
        '<a href="//vigie.example/missing/">x</a>',
        '<a href="#missing">x</a>',
        '<a href="/nl/#missing">x</a>',
        '<img src="/missing.png" alt="">',
        '<img srcset="/a.png 1x, /missing.png 2x" alt="">',
        '<picture><source srcset="/missing.avif 320w"></picture>',
        '<form action="/missing/"></form>',
        '<p style="background: url(/missing.png)">x</p>',
        "<style>p { background: url('/missing.png') }</style>",
        '<svg><use href="/missing.svg#a"></use></svg>',
        '<meta property="og:image" content="/missing.png">',
        '<script type="application/ld+json">{"url": "https://vigie.example/missing/"}</script>',
        '<script src="/missing.js" type="module"></script>',
        '<a href="tel:+32112">112</a>',
        '<a href="tel:02 507 99 11">02 507 99 11</a>',
        '<a href="mailto:nobody">x</a>',
        '<a href="https://">x</a>',
        '<a href="javascript:void(0)">x</a>',
        '<a href=" /nl/">x</a>',
    ],
)
def test_a_broken_link_is_found(tmp_path: Path, body: str) -> None:
    assert len(links.check(write(tmp_path, body)).broken) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.css", "a{background:url(missing.png)}"),
        ("a.js", 'const kept = ["/fr/missing/"];'),
        (
            "a.atom",
            '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://vigie.example/missing/"/></feed>',
        ),
        (
            "b.atom",
            '<feed xmlns="http://www.w3.org/2005/Atom"><content type="html">'
            '&lt;p>&lt;a href="/no/">x&lt;/a>&lt;/p></content></feed>',
        ),
        ("sitemap.xml", "<urlset><url><loc>https://vigie.example/missing/</loc></url></urlset>"),
        ("site.webmanifest", json.dumps({"icons": [{"src": "/missing.png"}]})),
        ("data.json", json.dumps({"see": ["https://vigie.example/missing/"]})),
        ("robots.txt", "Sitemap: https://vigie.example/missing.xml"),
    ],
)
def test_a_broken_link_in_another_file_is_found(tmp_path: Path, name: str, text: str) -> None:
    output = write(tmp_path)
    (tmp_path / name).write_text(text)
    assert [link.source for link in links.check(output).broken] == [f"/{name}"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<h1", "<h1>second</h1><h1"),
        ('lang="fr-BE"', 'lang="nl-BE"'),
        ('lang="fr-BE"', ""),
        ("Accueil", " "),
        ("<main>", "<div>"),
        ("<head>", '<head><base href="/x/">'),
    ],
)
def test_a_faulty_structure_is_found(tmp_path: Path, old: str, new: str) -> None:
    page = write(tmp_path).pages["/fr/"]
    page.file.write_text(page.text.replace(old, new))
    assert checks.structure(Output(tmp_path, BASE_URL).pages["/fr/"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('rel="canonical" href="https://vigie.example/fr/"', 'rel="canonical" href="https://vigie.example/"'),
        ('rel="canonical" href="https://vigie.example/fr/"', 'rel="canonical" href="/fr/"'),
        (
            'hreflang="fr-BE" href="https://vigie.example/fr/"',
            'hreflang="fr-BE" href="https://vigie.example/nl/"',
        ),
        (
            'hreflang="nl-BE" href="https://vigie.example/nl/"',
            'hreflang="nl-BE" href="https://vigie.example/nl/a/"',
        ),
        (
            'hreflang="x-default" href="https://vigie.example/"',
            'hreflang="x-default" href="https://vigie.example/fr/"',
        ),
        ('hreflang="x-default"', 'hreflang="en"'),
        ('<a hreflang="nl-BE" href="/nl/">', '<a hreflang="nl-BE" href="/">'),
    ],
)
def test_faulty_alternates_are_found(tmp_path: Path, old: str, new: str) -> None:
    page = write(tmp_path).pages["/fr/"]
    assert old in page.text
    page.file.write_text(page.text.replace(old, new))
    output = Output(tmp_path, BASE_URL)
    assert checks.alternates(output.pages["/fr/"], output)


def test_a_title_used_twice_is_found(tmp_path: Path) -> None:
    output = write(tmp_path)
    (tmp_path / "fr" / "a").mkdir()
    (tmp_path / "fr" / "a" / "index.html").write_text(output.pages["/fr/"].text)
    assert len(checks.titles(Output(tmp_path, BASE_URL).documents)) == 1


@pytest.mark.parametrize(
    ("link", "is_sound"),
    [
        ('<a href="tel:112">112</a>', True),
        ('<a href="tel:112"><b>112</b> Urgences</a>', True),
        ('<a href="tel:+3225079911">02 507 99 11</a>', True),
        ('<a href="tel:+3225079911">+32 (0)2 507 99 11</a>', True),
        ('<a href="tel:112">101</a>', False),
        ('<a href="tel:+32112">112</a>', False),
        ('<a href="tel:+3225079911">02 507 99 12</a>', False),
        ('<a href="tel:107">Télé-Accueil</a>', False),
    ],
)
def test_a_link_that_dials_something_else_is_found(tmp_path: Path, link: str, is_sound: bool) -> None:
    assert (not checks.telephones(write(tmp_path, link).pages["/fr/"])) is is_sound


@pytest.mark.parametrize(
    ("body", "is_sound"),
    [
        ("<p>Appelez les secours et restez avec la personne.</p>", True),
        ("<p>Bel de hulpdiensten en blijf bij het slachtoffer, ook als dat niet kan.</p>", False),
        ('<p lang="nl-BE">Bel de hulpdiensten en blijf bij het slachtoffer, ook als dat niet kan.</p>', True),
        ("<p>Go to the home page and call for help.</p>", False),
        ("<p>Un mot : <span lang='nl'>het een van voor zijn met</span> et la suite.</p>", True),
        ("<button>This page has moved</button>", False),
    ],
)
def test_a_text_in_another_language_is_found(tmp_path: Path, body: str, is_sound: bool) -> None:
    assert (not checks.foreign_text(write(tmp_path, body).pages["/fr/"])) is is_sound


def test_the_weight_counts_style_drawings_scripts_and_what_they_name(tmp_path: Path) -> None:
    noise = "".join(chr(33 + (number * number * 7919) % 90) for number in range(3000)).replace("<", "")
    (tmp_path / "a.js").write_text(f'import "./b.js"; // {noise}')
    (tmp_path / "b.js").write_text(f"// {noise}")
    (tmp_path / "d.svg").write_text(f"<svg><!--{noise}--></svg>")
    output = write(
        tmp_path, '<script src="/a.js"></script><img src="/d.svg" alt=""><img src="/a.png" alt="">'
    )
    weight = checks.weight(output.pages["/fr/"], output, as_brotli=False, with_worker=True)
    assert weight.html == len(gzip.compress((tmp_path / "fr/index.html").read_bytes(), 9))
    assert weight.css == len(gzip.compress((tmp_path / "s.css").read_bytes(), 9))
    assert weight.script == sum(
        len(gzip.compress((tmp_path / name).read_bytes(), 9)) for name in ("a.js", "b.js")
    )
    assert weight.svg == len(gzip.compress((tmp_path / "d.svg").read_bytes(), 9))


def test_a_needle_is_found_in_plain_and_compressed_files_and_in_names(tmp_path: Path) -> None:
    import brotli

    (tmp_path / "plain").write_bytes(b"xx SECRET xx")
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"xx SECRET xx"))
    (tmp_path / "a.br").write_bytes(brotli.compress(b"xx SECRET xx"))
    (tmp_path / "SECRET.txt").write_bytes(b"")
    (tmp_path / "innocent").write_bytes(b"xx")
    assert {line.split(":")[0] for line in checks.holding(tmp_path, [b"SECRET"])} == {
        "plain",
        "a.gz",
        "a.br",
        "SECRET.txt",
    }
