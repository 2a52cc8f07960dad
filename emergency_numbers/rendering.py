"""What templates get: the two large numbers on every page, the whole directory on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emergency_numbers import exports
from emergency_numbers.directory import Directory, Entry

if TYPE_CHECKING:
    from emergency_numbers.models import EmergencyNumbersPage
    from pages.rendering import Rendering

SHOWN_EVERYWHERE = 2


def directory(rendering: Rendering) -> Directory:
    """The directory at the time of the run, read once a run."""
    return rendering.run.once("emergency_numbers.directory", lambda: Directory.at(rendering.run.at(None)))


def emergency(rendering: Rendering) -> list[Entry]:
    """112 and 101: the first two emergency numbers. Each has `number`, `name`, `purpose` and `uri`."""
    return directory(rendering).emergencies[:SHOWN_EVERYWHERE]


def page_context(page: EmergencyNumbersPage, rendering: Rendering) -> dict[str, Any]:
    numbers = directory(rendering)
    callable_keys = {entry.key: entry for entry in numbers.callable}
    return {
        "numbers": numbers,
        "guide": [
            (block.value["text"], callable_keys[block.value["number"].key])
            for block in page.guide
            if block.value["number"] and block.value["number"].key in callable_keys
        ],
        "schema_org": exports.schema_org_markup(numbers, rendering.language),
    }
