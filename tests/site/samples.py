"""Which pages stand for all: one of each template and of each kind of list, in both languages."""

from collections.abc import Iterable

from tests.site.inventory import Entry
from tests.site.output import Output

STANDALONE = ["/", "/404.html", "/500.html", "/maintenance.html"]


def kind(entry: Entry) -> tuple[str, str, bool]:
    """What two documents share when one stands for the other: the template, what filters it, whether it is a
    further page of a list. The keys of variants are like "theme:jeunesse:1" and "2"."""
    *facet, number = entry.variant.split(":")
    return entry.template, facet[0] if facet else "", number not in {"", "1"}


def of_each_kind(documents: Iterable[Entry], output: Output, language: str) -> list[str]:
    """The URL of the largest document of each kind in `language`."""
    largest: dict[tuple[str, str, bool], Entry] = {}
    for entry in documents:
        if entry.template and entry.language == language:
            other = largest.get(kind(entry))
            if other is None or _size(output, entry) > _size(output, other):
                largest[kind(entry)] = entry
    return [entry.url for entry in largest.values()]


def of_each_template(documents: Iterable[Entry], output: Output, language: str) -> list[str]:
    """The URL of the largest page of each template in `language`, without its further documents."""
    return of_each_kind((entry for entry in documents if not entry.variant), output, language)


def _size(output: Output, entry: Entry) -> int:
    return output.files[entry.url].stat().st_size
