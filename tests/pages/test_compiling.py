"""Templates call what is known when they are compiled at once, and say the same as Jinja2's own way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
from django.conf import settings
from markupsafe import Markup

from pages.compiling import Environment

SOURCES = {
    "macros.html": "{% macro row(title, url='/', level=3) %}{{ title }}|{{ url }}|{{ level }}{% endmacro %}"
    "{% macro box(title) %}[{{ title }}:{{ caller() }}]{% endmacro %}"
    "{% macro all() %}{{ varargs|join('+') }}{{ kwargs|join('+') }}{% endmacro %}",
}


def plain(text: str, mark: str = "!") -> str:
    return f"<{text}>{mark}"


def safe(text: str) -> Markup:
    return Markup(f"<b>{text}</b>")


@jinja2.pass_context
def named(context: jinja2.runtime.Context, name: str) -> str:
    return str(context[name])


def given(name: str, caller: Any = None) -> Markup:
    return Markup(f"{name}({caller()})")


FUNCTIONS = {"plain": plain, "safe": safe, "named": named, "given": given}


def rendered(kind: type[jinja2.Environment], source: str) -> str:
    environment = kind(loader=jinja2.DictLoader({**SOURCES, "page.html": source}), autoescape=True)
    environment.globals.update(FUNCTIONS)
    return environment.get_template("page.html").render(name="x & y", other="z")


@pytest.mark.parametrize(
    "source",
    [
        "{{ plain(name) }} {{ plain(name, mark='&') }} {{ safe(name) }}",
        "{{ plain(*['a']) }} {{ plain(**{'text': 'b'}) }}",
        "{% if safe(name) %}{{ safe(name) ~ plain(name) }}{% endif %}{% set kept = plain(name) %}{{ kept }}",
        "{{ named('name') }}",
        "{% for name in [1, 2] %}{{ named('name') }}{{ plain(name) }}{% endfor %}",
        "{% block one %}{% set other = 'set' %}{{ named('other') }}{% endblock %}",
        "{% macro plain(text) %}own {{ text }}{% endmacro %}{{ plain(name) }}",
        "{% set safe = plain %}{{ safe(name) }}",
        "{% call given('a') %}{{ name }}{% endcall %}",
        "{% from 'macros.html' import row %}{{ row(name) }} {{ row(name, level=2) }} {{ row(name, 'u', 1) }}",
        "{% from 'macros.html' import box %}{% call box(name) %}<i>{% endcall %}",
        "{% from 'macros.html' import all %}{{ all(1, 2, a=3) }}",
        "{% import 'macros.html' as macros %}{{ macros.row(name) }}{{ name.upper() }}{{ missing }}",
    ],
)
def test_a_template_says_what_it_says_in_jinja2(source: str) -> None:
    assert rendered(Environment, source) == rendered(jinja2.Environment, source)


@pytest.mark.parametrize("call", ["row(name, 'u', 1, 2)", "row(name, size=1)", "box(name, size=1)"])
def test_a_macro_refuses_arguments_that_it_does_not_know(call: str) -> None:
    with pytest.raises(TypeError):
        rendered(Environment, "{% from 'macros.html' import row, box %}{{ " + call + " }}")


def test_a_known_function_is_called_without_a_detour(monkeypatch: pytest.MonkeyPatch) -> None:
    def detour(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(Environment.context_class, "call", detour)
    assert rendered(Environment, "{{ safe(name) }}{{ named('other') }}") == "<b>x & y</b>z"


def test_what_templates_are_indented_with_is_left_out() -> None:
    source = "<ul>\n  {% for each in 'ab' %}\n    <li>{{ each }}  c</li>\n  {% endfor %}\n</ul>"
    assert rendered(Environment, source).split() == rendered(jinja2.Environment, source).split()
    assert "\n " not in rendered(Environment, source)


def test_no_template_holds_an_element_in_which_indentation_counts() -> None:
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    assert not [path for path in templates if re.search("<(pre|textarea)", path.read_text())]
