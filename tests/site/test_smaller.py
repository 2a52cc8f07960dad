"""What is taken out of style sheets and scripts changes nothing that a browser reads."""

import pytest
from django.core.files.base import ContentFile
from django.test import override_settings

from pages.storage import PublicFilesStorage, smaller_css, smaller_script
from tests.site.demo import PROJECT

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "smaller"),
    [
        ("a { color: red; }\n", "a{color:red}"),
        ("/* note */\na,\nb { margin: 0 auto }", "a,b{margin:0 auto}"),
        ('a::before { content: " ( ; " }', 'a::before{content:" ( ; "}'),
        ("a { background: url(data:image/svg+xml,a; b) }", "a{background:url(data:image/svg+xml,a; b)}"),
        ("a :is(b, c) > d { x: y }", "a :is(b,c)>d{x:y}"),
        ("a { inline-size: calc(100% - 2 * var(--s1)) }", "a{inline-size:calc(100% - 2 * var(--s1))}"),
        ("@media (min-width: 62rem) and (x) { a { b: c } }", "@media (min-width:62rem) and (x){a{b:c}}"),
    ],
)
def test_a_style_sheet_loses_comments_and_white_space_only(text: str, smaller: str) -> None:
    assert smaller_css(text) == f"{smaller}\n"


def test_a_script_loses_comment_lines_and_indentation_only() -> None:
    text = '// note\nconst a = "// kept";\n  // note\n  if (a) b("x"); // kept\n'
    assert smaller_script(text) == 'const a = "// kept";\nif (a) b("x"); // kept\n'


@pytest.mark.parametrize("file", sorted((PROJECT / "static").rglob("*.js")), ids=lambda file: file.name)
def test_no_script_holds_a_template_literal_of_several_lines(file) -> None:
    for line in file.read_text(encoding="utf-8").splitlines():
        assert line.count("`") % 2 == 0, line


def test_what_is_smaller_does_not_get_smaller_again() -> None:
    css = smaller_css((PROJECT / "static/css/vigie.css").read_text(encoding="utf-8"))
    assert smaller_css(css) == css


def test_only_the_projects_own_files_are_touched(tmp_path) -> None:
    storage = PublicFilesStorage(location=tmp_path)
    with override_settings(STATIC_ROOT=tmp_path):
        storage.save("css/a.css", ContentFile(b"a { b: c }"))
        storage.save("admin/css/a.css", ContentFile(b"a { b: c }"))
    assert (tmp_path / "css/a.css").read_text() == "a{b:c}\n"
    assert (tmp_path / "admin/css/a.css").read_text() == "a { b: c }"


def test_the_pictures_on_the_buttons_of_the_map_are_collected_as_they_are(tmp_path, settings) -> None:
    """Each of them refers to a part of itself, as in mask="url(%23polygon-b)"."""
    folder = PROJECT / "territory/static/territory/vendor/leaflet-geoman"
    css = (folder / "leaflet-geoman.css").read_bytes()
    assert b"url(%23polygon-b)" in css
    storage = PublicFilesStorage(location=tmp_path, base_url="/static/")
    storage.save("leaflet-geoman.css", ContentFile(css))
    processed = list(storage.post_process({"leaflet-geoman.css": (storage, "leaflet-geoman.css")}))
    hashed = next(new for _old, new, is_done in processed if is_done and new.endswith(".css"))
    assert (tmp_path / hashed).read_bytes() == css
