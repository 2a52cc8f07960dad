"""The numbers as open data: JSON, its schema, vCards. And the end of activations, on time."""

import datetime
from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.utils import timezone

from emergency_numbers import exports
from emergency_numbers.directory import Directory
from emergency_numbers.models import EmergencyNumber
from generator import registry
from generator.documents import Document
from generator.outbox import request_build


@registry.documents("emergency_numbers", urgent=True)
def documents(context: registry.BuildContext) -> Iterator[Document]:
    directory = Directory.at(context.now(until=None))
    for url, render, media_type, label in (
        (exports.JSON_URL, exports.as_json, "application/json; charset=utf-8", "Emergency numbers (JSON)"),
        (exports.VCARD_URL, exports.as_vcards, "text/vcard; charset=utf-8", "Emergency numbers (vCard)"),
    ):
        yield Document(
            url=url,
            render=partial(render, directory, context.base_url),
            media_type=media_type,
            label=label,
        )
    yield Document(
        url=exports.SCHEMA_URL,
        render=exports.SCHEMA_FILE.read_bytes,
        media_type="application/schema+json",
        label="Emergency numbers (JSON Schema)",
    )


@registry.periodic("emergency_numbers.end_activations", seconds=5, before_builds=True, apart="clock")
def end_due_activations() -> int:
    return end_activations(timezone.now())


def end_activations(now: datetime.datetime) -> int:
    """Take numbers whose activation has ended by `now` (aware) off the public site. How many.

    The live pages were made before the end: ending it is a change, with a build in the same transaction.
    """
    with transaction.atomic():
        ended = EmergencyNumber.objects.filter(activated_until__lte=now).update(activated_until=None)
        if ended:
            request_build("emergency numbers: an activation has ended", urgent=True)
    return ended
