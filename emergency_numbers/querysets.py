"""Which entries are public, and which somebody should look at."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Q

PUBLISHED, UNPUBLISHED = "published", "unpublished"
UNSURE = "C"
"""The confidence of what comes from an old or a single source."""


class EmergencyNumberQuerySet(models.QuerySet):
    def published(self) -> Any:
        return self.filter(status=PUBLISHED)

    def overdue(self, on: datetime.date) -> Any:
        """Published entries that nobody has verified, or whose verification has run out by `on`."""
        never = Q(verified_on__isnull=True) | Q(verify_again_by__isnull=True)
        return self.published().filter(never | Q(verify_again_by__lte=on))

    def to_verify(self) -> Any:
        """Entries with something marked "to verify", or of confidence C."""
        marked = Q(lines__hours_to_verify=True) | Q(lines__cost_to_verify=True) | Q(channels__to_verify=True)
        return self.filter(marked | Q(lines__confidence=UNSURE)).distinct()


EmergencyNumberManager = models.Manager.from_queryset(EmergencyNumberQuerySet)
