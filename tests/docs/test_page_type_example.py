"""docs/page-types.md, done: its code becomes an app in a temporary folder, with its own database and release."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

DOCUMENT = Path("docs/page-types.md")
FENCE = re.compile(r"```\w+\n(?:#|\{#) (\S+\.(?:py|html))(?: #\})?\n(.*?)```", re.DOTALL)
SETTINGS = """
from config.settings.test import *
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("tests.")]
INSTALLED_APPS.insert(INSTALLED_APPS.index("home"), "vacancies")
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], {templates!r}]
DATABASES = {{"default": database("sqlite:///" + {database!r})}}
VIGIE_RELEASES_ROOT = {releases!r}
MIGRATION_MODULES = {{"vacancies": "vacancies.migrations"}}
"""
STORY = """
import django
django.setup()

from datetime import date
from django.db import transaction
from home.models import HomePage
from pages.completeness import PublicationRefused
from vacancies.models import VacancyPage

HomePage.subpage_types = [*HomePage.subpage_types, "vacancies.VacancyPage"]
home = HomePage.objects.get()
assert VacancyPage.can_create_at(home)

page = VacancyPage(title_fr="Analyste", title_nl="Analist", team_fr="Données", closes_on=date(2027, 1, 31),
                   live=False)
home.add_child(instance=page)
try:
    with transaction.atomic():
        page.save_revision().publish()
    raise SystemExit("published without its team in Dutch")
except PublicationRefused as refusal:
    assert "team_nl" in refusal.message_dict, refusal.message_dict

page.team_nl = "Gegevens"
page.save_revision().publish()
"""


def run(folder: Path, *command: str) -> None:
    path = os.pathsep.join([str(folder), "site", "."])
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "example_settings", "PYTHONPATH": path}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the document's app is written, migrated, filled and built."""
    folder = tmp_path_factory.mktemp("example")
    code = dict(FENCE.findall(DOCUMENT.read_text(encoding="utf-8")))
    assert len(code) == 4, sorted(code)
    for name, text in {**code, "vacancies/__init__.py": "", "vacancies/migrations/__init__.py": ""}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    settings = SETTINGS.format(
        templates=str(folder / "templates"),
        database=str(folder / "example.sqlite3"),
        releases=str(folder / "releases"),
    )
    (folder / "example_settings.py").write_text(settings, encoding="utf-8")
    run(folder, "-m", "django", "makemigrations", "vacancies")
    run(folder, "-m", "django", "migrate", "--verbosity", "0")
    run(folder, "-m", "django", "check")
    run(folder, "-c", STORY)
    run(folder, "-m", "django", "build")
    return folder / "releases" / "current" / "public"


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("fr/analyste/index.html", ["<h1>Analyste</h1>", "Données", "31 janvier 2027"]),
        ("nl/analist/index.html", ["<h1>Analist</h1>", "Gegevens", "31 januari 2027"]),
    ],
)
def test_the_example_is_published_in_both_languages(example: Path, file: str, wanted: list[str]) -> None:
    html = (example / file).read_text(encoding="utf-8")
    for text in wanted:
        assert text in html
