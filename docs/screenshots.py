"""`python -m docs.screenshots` (`make screenshots`) makes the pictures of README.md and of the editors' guides.

A demo site in a scratch folder, Chromium, one picture a scene and language. `--keep DIR` keeps the site for the next
time.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.site import demo

IMAGES = Path(__file__).parent / "images"
LANGUAGES = ("fr", "nl")
ACCOUNT, PASSWORD = "manager", "vigie-demonstration"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 400, "height": 800}
LARGEST_BYTES = 150_000
MISSION = "coordination"
PUBLISH = "button[name='action-publish']"

Scene = Callable[[Page, str, int], None]


def numbers_page(page: Page, language: str, mission: int) -> None:
    page.goto({"fr": "/fr/numeros-urgence/", "nl": "/nl/noodnummers/"}[language])


def dashboard(page: Page, language: str, mission: int) -> None:
    page.goto("/cms/")


def edit(page: Page, language: str, mission: int) -> None:
    page.goto(f"/cms/pages/{mission}/edit/")
    page.wait_for_timeout(800)


def refused(page: Page, language: str, mission: int) -> None:
    """Publishing without the Dutch summary, the preview closed again."""
    page.evaluate("localStorage.clear()")
    edit(page, language, mission)
    page.locator("#id_summary_nl").fill("")
    page.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target='toggle']").first.click()
    page.locator(PUBLISH).first.click()
    page.wait_for_load_state("load")
    page.wait_for_timeout(800)


def preview(page: Page, language: str, mission: int) -> None:
    edit(page, language, mission)
    page.locator("[data-side-panel-toggle='preview'], button[aria-label*='review']").first.click()
    page.wait_for_timeout(4000)


def numbers(page: Page, language: str, mission: int) -> None:
    page.goto("/cms/snippets/emergency_numbers/emergencynumber/")


def overview(browser: Browser, url: str) -> None:
    """README's picture: the home page on a desktop in French, beside it on a phone in Dutch."""
    height, gap = 760, 24
    parts = []
    for language, viewport in (("fr", DESKTOP), ("nl", PHONE)):
        page = browser.new_page(
            base_url=url, viewport=viewport, reduced_motion="reduce", service_workers="block"
        )
        page.goto(f"/{language}/")
        image = picture(page)
        parts.append(image.resize((round(image.width * height / image.height), height)))
        page.close()
    canvas = Image.new("RGB", (sum(part.width for part in parts) + 3 * gap, height + 2 * gap), "#dfe7e5")
    left = gap
    for part in parts:
        canvas.paste(part, (left, gap))
        left += part.width + gap
    write(canvas, "vigie")


SCENES: dict[str, Scene] = {
    "numbers-page": numbers_page,
    "dashboard": dashboard,
    "edit": edit,
    "preview": preview,
    "numbers": numbers,
    # Last: the CMS keeps the incomplete draft.
    "refused": refused,
}


@contextmanager
def demo_site(kept: Path | None) -> Iterator[demo.Site]:
    """The demo site in `kept` or in a temporary folder."""
    if kept and (kept / "vigie.sqlite3").exists():
        site = demo.Site(kept, f"sqlite:///{kept / 'vigie.sqlite3'}")
        for command in ("migrate --verbosity=0", "collectstatic --noinput --verbosity=0", "build"):
            site.manage(*command.split())
        yield site
    elif kept:
        yield demo.make(kept, None)
    else:
        with tempfile.TemporaryDirectory(prefix="vigie-screenshots-") as folder:
            yield demo.make(Path(folder) / "site", None)


def prepare(site: demo.Site, language: str) -> int:
    """Let the account read the admin in `language`, three numbers be overdue for their check, and the mission's draft
    be what is live; the mission's id."""
    code = (
        "from wagtail.users.models import UserProfile; from django.contrib.auth import get_user_model;"
        f"user = get_user_model().objects.get(username={ACCOUNT!r});"
        "profile = UserProfile.get_for_user(user);"
        f"profile.preferred_language = {language!r}; profile.theme = 'light'; profile.save();"
        "from datetime import date; from emergency_numbers.models import EmergencyNumber;"
        "numbers = EmergencyNumber.objects.filter(kind='service', status='published').order_by('pk')[:3];"
        "EmergencyNumber.objects.filter(pk__in=[number.pk for number in numbers])"
        ".update(verify_again_by=date(2026, 1, 1));"
        "from missions.models import MissionPage;"
        f"page = MissionPage.objects.get(slug_fr={MISSION!r}); page.save_revision(); print(page.pk)"
    )
    done = site.manage("shell", "--verbosity=0", "--command", code)
    return int(done.stdout.split()[-1])


def sign_in(page: Page) -> None:
    page.goto("/cms/login/")
    page.locator("#id_username").fill(ACCOUNT)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/cms/")


def picture(page: Page) -> Image.Image:
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def write(image: Image.Image, name: str) -> None:
    """The image as WebP, small enough for a document."""
    for quality in (82, 70, 55, 40):
        output = BytesIO()
        image.save(output, "WEBP", quality=quality, method=6)
        if output.tell() <= LARGEST_BYTES:
            break
    path = IMAGES / f"{name}.webp"
    path.write_bytes(output.getvalue())
    print(f"{path.relative_to(Path.cwd())}  {output.tell() / 1000:.0f} kB")


def take(browser: Browser, url: str, site: demo.Site, language: str) -> None:
    mission = prepare(site, language)
    editor = browser.new_context(
        base_url=url,
        viewport=DESKTOP,
        device_scale_factor=1.5,
        reduced_motion="reduce",
        locale=f"{language}-BE",
    )
    page = editor.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page)
    for name, scene in SCENES.items():
        scene(page, language, mission)
        write(picture(page), f"{name}-{language}")
    editor.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m docs.screenshots", description=__doc__)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the demo site in DIR, and take it again"
    )
    options = parser.parse_args()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing. Install it (sudo apt-get install chromium), or name it in CHROMIUM.")
    IMAGES.mkdir(exist_ok=True)
    with (
        demo_site(options.keep.resolve() if options.keep else None) as site,
        demo.serving(site) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language in LANGUAGES:
            take(browser, server.url, site, language)
        overview(browser, server.url)
        browser.close()


if __name__ == "__main__":
    main()
