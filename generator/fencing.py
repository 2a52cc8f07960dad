"""A number for each build, so that an older or a stalled one can never replace what a newer one has made live.

The lock beside the releases keeps builds of one machine apart. It does not hold against a builder that was stopped and
wakes up after another has taken over, nor between machines. So each build takes a number when it begins, and may
switch only as long as no build with a higher one has.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction


class OvertakenError(Exception):
    """A newer build has become live meanwhile; this one must not."""


@dataclass(frozen=True, slots=True)
class Fence:
    """The number of one build."""

    generation: int

    @classmethod
    def take(cls) -> Fence:
        """A number above all taken before."""
        from generator.models import Generation

        return cls(Generation.objects.create().pk)

    @contextmanager
    def switching(self) -> Iterator[None]:
        """Inside, this build may make its release live, and no other can. Raises OvertakenError.

        That it is about to is stored first: killed in between, it has shut older builds out all the same. Then the
        row is locked while the switch is made.
        """
        with transaction.atomic():
            self._hold()
        with transaction.atomic():
            self._hold()
            yield

    def _hold(self) -> None:
        from generator.models import Live

        Live.objects.get_or_create(pk=1)
        live = Live.objects.select_for_update().get(pk=1)
        if live.generation > self.generation:
            message = f"Build {self.generation} was overtaken by build {live.generation}, which stays live."
            raise OvertakenError(message)
        live.generation = self.generation
        live.save()
