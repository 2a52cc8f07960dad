"""A visitor with a browser, and what can be asked about the page that is open."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

PHONE = {"width": 360, "height": 800}
DESKTOP = {"width": 1280, "height": 900}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

OVERFLOWING = """() => {
  const width = document.documentElement.clientWidth;
  const root = document.scrollingElement;
  if (root.scrollWidth <= width) return [];
  const isWide = (e) => e.getBoundingClientRect().right > width + 1;
  const wide = [...document.querySelectorAll("body *")].filter(isWide);
  return [`${root.scrollWidth}px in ${width}px`, ...wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
}"""

# What a keyboard can reach, in the order of the source; nothing of a closed popover or <details>.
REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button:not([disabled]), summary, input, select, textarea, [tabindex]:not([tabindex='-1'])")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .map((e) => e.outerHTML.replace(/\\s+/g, " ").slice(0, 200))"""

# After the last element the focus leaves the page, or begins again with the first.
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e.seen) return null;
  e.seen = true;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    html: e.outerHTML.replace(/\\s+/g, " ").slice(0, 200),
    text: e.textContent.trim(),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    onScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !!top && !e.contains(top) && !top.contains(e) && top.outerHTML.slice(0, 100),
  };
}"""


MOVING = """() => [
  ...document.getAnimations().map((a) => `animation on ${a.effect.target.outerHTML.slice(0, 100)}`),
  ...[...document.querySelectorAll("*")].filter((e) => {
    const style = getComputedStyle(e);
    return [style.transitionDuration, style.animationDuration].some((d) => parseFloat(d) > 0.01)
      || style.scrollBehavior === "smooth";
  }).slice(0, 3).map((e) => e.outerHTML.slice(0, 100))]"""


class Visitor:
    """Opens contexts of one browser at one site, and remembers what they asked for and were given."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.requested: set[str] = set()
        self.set_cookies: list[str] = []
        self.cookies: list[Any] = []
        self.stored: list[str] = []
        self.errors: list[str] = []
        self._contexts: list[BrowserContext] = []

    def context(self, **options: Any) -> BrowserContext:
        """A new profile: desktop, reduced motion, no service worker, unless `options` say otherwise."""
        defaults = {
            "viewport": DESKTOP,
            "reduced_motion": "reduce",
            "service_workers": "block",
            "base_url": self.url,
        }
        context = self.browser.new_context(**(defaults | options))
        context.set_default_timeout(15_000)
        context.on("request", lambda request: self.requested.add(request.url))
        context.on("response", self._note)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("console", self._listen)
        self._contexts.append(context)
        return context

    def _note(self, response: Any) -> None:
        if "set-cookie" in response.headers:
            self.set_cookies.append(response.url)

    def _listen(self, message: Any) -> None:
        if message.type == "error" and "ERR_INTERNET_DISCONNECTED" not in message.text:
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def page(self, **options: Any) -> Page:
        return self.context(**options).new_page()

    def close(self) -> None:
        for context in self._contexts:
            self.cookies += context.cookies()
            context.close()
        self._contexts.clear()

    def must_have_been_left_alone(self) -> None:
        """AssertionError if anything went to another host, or a cookie was set."""
        host = urlsplit(self.url).netloc
        elsewhere = [
            url for url in self.requested if urlsplit(url).netloc != host and not url.startswith("data:")
        ]
        assert not elsewhere, f"requests to other hosts: {elsewhere}"
        assert not self.set_cookies, f"Set-Cookie from: {self.set_cookies}"
        assert not self.cookies, f"cookies left: {self.cookies}"
        assert not self.errors, f"errors in the console: {self.errors}"


def axe(page: Page, *, only: Sequence[str] = ()) -> list[str]:
    """What axe finds wrong on the page as it is shown, one line an element; by the rules `only`, if any is named."""
    run_only = {"type": "rule", "values": only} if only else {"type": "tag", "values": AXE_TAGS}
    options = {"runOnly": run_only, "resultTypes": ["violations"]}
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(Axe().axe_script)
    violations = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [
        f"{violation['id']}: {node['target']} {node['html'][:160]} {[c['message'] for c in node['any']]}"
        for violation in violations
        for node in violation["nodes"]
    ]


def visible_text(page: Page) -> str:
    """The text a visitor sees, white space folded."""
    return " ".join(page.evaluate("document.body.innerText").split())
