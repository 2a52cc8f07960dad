"""What a site publishes and with which template: asked of the site itself, in a process of its own."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.site.demo import Site


@dataclass(frozen=True)
class Entry:
    """A document. `template` is empty for what is no page; `variant` for a page's own document."""

    url: str
    publisher: str
    language: str | None
    template: str
    page_type: str
    variant: str
    in_sitemap: bool


def take(site: "Site") -> list[Entry]:
    """The site's documents, in the order in which they are built."""
    done = site.run("-m", "tests.site.inventory")
    return [Entry(**entry) for entry in json.loads(done.stdout)]


def _print() -> None:
    import django

    django.setup()

    from django.utils import timezone

    from generator.registry import BuildContext, default
    from pages.rendering import Rendering

    context = BuildContext(timezone.now(), "https://vigie.example")
    published = [
        (name, document)
        for name, publisher in default.document_publishers.items()
        for document in publisher(context)
    ]
    entries = []
    for name, document in published:
        arguments = getattr(document.render, "args", ())
        rendering = next((value for value in arguments if isinstance(value, Rendering)), None)
        page = rendering.page if rendering else None
        entry = Entry(
            url=document.url,
            publisher=name,
            language=document.language,
            template=getattr(page, "template", ""),
            page_type=page._meta.label_lower if page else "",
            variant=rendering.variant.key if rendering and rendering.variant else "",
            in_sitemap=document.in_sitemap,
        )
        entries.append(asdict(entry))
    Path("/dev/stdout").write_text(json.dumps(entries))


if __name__ == "__main__":
    _print()
