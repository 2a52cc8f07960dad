"""The page on paper: one A4, in both languages, also while every number that can be activated is."""

import datetime
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from emergency_numbers.models import EmergencyNumber

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
STYLE = '<link rel="stylesheet" href="/static/css/vigie.css">'
A4 = re.compile(rb"/MediaBox\s*\[\s*0 0 59[4-6][.\d]* 84[1-3][.\d]*\s*\]")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def printed(html: str, folder: Path) -> bytes:
    """The PDF that Chromium makes of `html`."""
    if CHROMIUM is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("Chromium is missing.")
    assert STYLE in html
    page, pdf = folder / "page.html", folder / "page.pdf"
    page.write_text(html.replace(STYLE, f"<style>{Path('static/css/vigie.css').read_text()}</style>"))
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
    command = [CHROMIUM, *options, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return pdf.read_bytes()


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("activated", [False, True])
def test_it_prints_on_one_a4(
    render: Callable[..., str], now: datetime.datetime, tmp_path: Path, language: str, activated: bool
):
    if activated:
        until = now + datetime.timedelta(days=1)
        EmergencyNumber.objects.filter(only_while_activated=True).update(activated_until=until)
    pdf = printed(render(language, now), tmp_path)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    assert A4.search(pdf)
