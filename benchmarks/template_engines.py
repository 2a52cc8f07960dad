"""Jinja2 against Django templates, on the home page and a mission with every kind of block.

The Django templates in benchmarks/templates_django say the same as the Jinja2 ones in templates/, each in the way of
its engine: macros there, includes and tags here. Both call the same Python functions and get the same context, made
once. Before anything is measured, their HTML must be equal but for white space between tags and the spelling of quotes.

Two rows a page: with the functions that templates call (pictures, rich text, links), and with these answered from
memory, which leaves the engines alone.
"""

import argparse
import difflib
import gc
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import sites
from benchmarks.reporting import Report

TEMPLATES = Path(__file__).parent / "templates_django"
ENGINES = ("jinja2", "django")
Render = Callable[[], str]


SITE_PAGES = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=60, metavar="N", help="how often each is measured")


def run(*, rounds: int = 60, renders: int = 10) -> Report:
    """Measure processor time. Engines take turns in each round, so that a busy moment hits both; a round's figure is
    the mean of `renders` renderings, a row's the median of its rounds. Raises SystemExit where the two differ."""
    sites.prepare(SITE_PAGES)
    from benchmarks import helpers

    helpers.install()
    rows: list[list[str]] = []
    details: dict[str, Any] = {}
    for name, renderings in _pages().items():
        for memory in (None, {}):
            helpers.remember(memory)
            _must_be_equal(name, {engine: render() for engine, render in renderings.items()})
            times = _measure(renderings, rounds, renders)
            label = f"{name}, {'with functions' if memory is None else 'engines alone'}"
            details[label] = times
            rows.append(_row(label, times))
        helpers.remember(None)
    parameters = {"rounds": rounds, "renders_a_round": renders}
    columns = ["page", "Jinja2 ms", "Django ms", "Django / Jinja2", "middle half of the rounds"]
    return Report("template_engines", columns, rows, parameters, details)


def _row(label: str, times: dict[str, list[float]]) -> list[str]:
    jinja2, django = (statistics.median(times[engine]) for engine in ENGINES)
    ratios = [slow / fast for fast, slow in zip(times["jinja2"], times["django"], strict=True)]
    first, middle, third = statistics.quantiles(ratios, n=4)
    return [label, f"{jinja2:.2f}", f"{django:.2f}", f"{middle:.2f}", f"{first:.2f} to {third:.2f}"]


def _measure(renderings: dict[str, Render], rounds: int, renders: int) -> dict[str, list[float]]:
    """Milliseconds of processor time a rendering, by engine and round."""
    times: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    for number in range(rounds):
        for engine in ENGINES if number % 2 else reversed(ENGINES):
            render = renderings[engine]
            gc.collect()
            started = time.process_time()
            for _time in range(renders):
                render()
            times[engine].append((time.process_time() - started) / renders * 1000)
    return times


def _pages() -> dict[str, dict[str, Render]]:
    """For each page and engine, what renders it."""
    from django.template import Context, Engine, engines
    from django.utils import translation

    from home.models import HomePage
    from missions.models import MissionPage
    from pages.rendering import Rendering, Run, page_context

    django_engine = Engine(
        dirs=[str(TEMPLATES)],
        builtins=["django.templatetags.i18n", "benchmarks.template_tags"],
        string_if_invalid="",
    )
    translation.activate("fr")
    run = Run.now()
    mission = MissionPage.objects.filter(live=True).order_by("path").first()
    assert mission is not None
    mission.body = _every_kind_of_block()
    renderings: dict[str, dict[str, Render]] = {}
    for name, page in (("home", HomePage.objects.get()), ("mission, every block", mission)):
        context = page_context(Rendering(page, "fr", run))
        site = context["site"]
        # Kept in memory, as the rest of the context is.
        site.social_links.set(list(site.social_links.all()))
        jinja2_template = engines["public"].get_template(page.template).template
        django_template = django_engine.get_template(page.template)
        renderings[name] = {
            "jinja2": lambda template=jinja2_template, context=context: template.render(context),
            "django": lambda template=django_template, context=context: template.render(Context(context)),
        }
    return renderings


def _every_kind_of_block() -> Any:
    """The demo's own blocks: the first of each kind. Raises SystemExit when it has none of a kind."""
    from missions.models import MissionPage
    from pages.blocks import BodyBlock
    from pages.models import BilingualPage

    found: dict[str, Any] = {}
    for page in BilingualPage.objects.filter(live=True).order_by("path").specific():
        for name in page.get_streamfield_names():
            for raw in getattr(page, name).raw_data:
                found.setdefault(raw["type"], dict(raw))
    wanted = list(BodyBlock.base_blocks)
    missing = [kind for kind in wanted if kind not in found]
    if missing:
        raise SystemExit(
            f"The demo content has no block of these kinds to measure with: {', '.join(missing)}."
        )
    field = MissionPage._meta.get_field("body")
    return field.stream_block.to_python([found[kind] for kind in wanted])


def _must_be_equal(name: str, html: dict[str, str]) -> None:
    one, other = (_normalised(html[engine]) for engine in ENGINES)
    if one != other:
        lines = difflib.unified_diff(one.split("\n"), other.split("\n"), *ENGINES, lineterm="", n=1)
        raise SystemExit(
            f"{name}: the two engines give different HTML, so there is nothing to compare. Bring "
            f"benchmarks/templates_django up to date with templates/.\n" + "\n".join(lines)
        )


def _normalised(html: str) -> str:
    """A tag or text a line, without white space around it; quotes in one spelling."""
    html = html.replace("&#39;", "'").replace("&#x27;", "'").replace("&#34;", "&quot;")
    html = re.sub(r"\s+", " ", html)
    return re.sub(r"\s*(<[^>]*>)\s*", r"\n\1\n", html).replace("\n\n", "\n")
