"""The public site as a browser sees it, answered from memory with the site's own headers."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from alerts.delivery import embed
from generator import headers
from generator.documents import Document
from generator.registry import BuildContext
from tests.alerts import outputs

STATIC = Path("static")
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".html": "text/html"}


class Public:
    """Pages are as they were at the last `build`, the alerts' files as they were at the last `update`.

    `asked` counts the requests for /alerts/active.json; `is_down` makes them fail, `hangs` gives them no answer.
    """

    def __init__(self, context: Any) -> None:
        self.context = context
        self.pages: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.embedded: dict[str, tuple[Document, bytes]] = {}
        self.asked = 0
        self.is_down = False
        self.hangs = False
        context.route("**/*", self.answer)

    @staticmethod
    def static(name: str) -> bytes:
        return (STATIC / name).read_bytes()

    def build(self, page: Any) -> None:
        for language in ("fr", "nl"):
            rendering = outputs.rendering(page, language)
            self.pages[rendering.urls()[language]] = outputs.html(page, language)
        self.update()

    def update(self) -> None:
        self.files = outputs.files()
        embedded = embed.documents(BuildContext(timezone.now(), outputs.BASE_URL))
        self.embedded = {document.url: (document, str(document.render()).encode()) for document in embedded}

    def open(self, browser_page: Any, page: Any, language: str) -> Any:
        return browser_page.goto(outputs.BASE_URL + outputs.rendering(page, language).urls()[language])

    def answer(self, route: Any) -> None:
        path, own = urlsplit(route.request.url).path, {}
        media_type = MEDIA_TYPES.get(Path(path).suffix, "application/json")
        if path in self.pages:
            media_type, body = "text/html; charset=utf-8", self.pages[path].encode()
        elif path == "/alerts/active.json":
            self.asked += 1
            if self.hangs:
                return
            if self.is_down:
                route.fulfill(status=503)
                return
            body = self.files[path]
        elif path in self.embedded:
            document, body = self.embedded[path]
            media_type, own = document.media_type, document.headers
        elif path.startswith("/static/") and (STATIC / path[8:]).is_file():
            body = self.static(path[8:])
        else:
            route.fulfill(status=404)
            return
        route.fulfill(
            status=200,
            body=body,
            headers=headers.for_file(path, media_type, own) | headers.for_content(media_type, body),
        )


def pass_time(page: Any, seconds: int = 20) -> None:
    """Second by second, so that what the page asks for is answered meanwhile: all at once, a request would run into its
    own time limit, which Playwright's clock keeps too."""
    for _second in range(seconds):
        page.clock.run_for(1_000)
