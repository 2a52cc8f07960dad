"""Models other than pages that hold both languages."""

from typing import Any

from django.db import models

from pages.languages import pinned


class BilingualModel(models.Model):
    """A model with twins (register it in the app's `translation.py` with `BilingualOptions`). What the untranslated
    columns store is pinned to the default language."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with pinned():
            super().save(*args, **kwargs)
