"""A duty officer's night: a running site that may be changed, its worker, and the browsers of officers and readers."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.site import demo

PASSWORD = "vigie-demonstration"
PATIENCE = 120_000
"""For the browser, in milliseconds: the worker may be building on the same cores."""
SEND = "button[value=send]"
LANGUAGE = "from wagtail.users.models import UserProfile as P; from members.models import User; \
P.objects.update_or_create(user=User.objects.get(username='duty'), defaults={'preferred_language': %r})"


class Night:
    """A running site that may be changed, its worker, and browsers."""

    def __init__(self, site: demo.Site, server: demo.Server, browser: Browser) -> None:
        self.site, self.server, self.browser = site, server, browser
        self.contexts: list[BrowserContext] = []

    def page(self, **options: Any) -> Page:
        defaults = {"base_url": self.server.url, "service_workers": "block", "reduced_motion": "reduce"}
        context = self.browser.new_context(**(defaults | options))
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        return context.new_page()

    def officer(self, language: str, **options: Any) -> Page:
        """The duty officer's dashboard."""
        self.site.manage("shell", "--no-imports", "-c", LANGUAGE % language)
        page = self.page(viewport={"width": 1280, "height": 1000}, **options)
        page.goto("/cms/login/")
        page.fill("#id_username", "duty")
        page.fill("#id_password", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/cms/")
        return page

    def send(self, officer: Page, french: str, dutch: str) -> None:
        """A shooting at that place."""
        officer.goto("/cms/alerts/new/1/")
        officer.fill("[name=area_fr]", french)
        officer.fill("[name=area_nl]", dutch)
        officer.fill("[name=alone_reason]", "Seul de garde.")
        officer.click(SEND)
        officer.wait_for_url("**/sent/")

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def reloaded_until(page: Page, is_there: Callable[[], bool]) -> None:
    """What a reader without scripts does."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not is_there():
        assert time.monotonic() < deadline, page.inner_text("body")[:2000]
        time.sleep(0.5)
        page.reload()
