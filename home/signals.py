"""The settings are on every page: a change of theirs asks for a build, in the same transaction."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.contrib.settings.models import AbstractSetting

from generator.outbox import request_build
from home.models import SocialLink


@receiver([post_save, post_delete])
def settings_changed(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw and isinstance(instance, AbstractSetting | SocialLink):
        request_build(f"settings: {instance._meta.label_lower}")
