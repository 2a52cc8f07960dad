"""The public site names municipalities and zones: changing them asks for a build, in the same transaction."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from generator.outbox import request_build
from territory.models import Municipality, PoliceZone, ZoneMembership


@receiver([post_save, post_delete], sender=Municipality)
@receiver([post_save, post_delete], sender=PoliceZone)
@receiver([post_save, post_delete], sender=ZoneMembership)
def territory_changed(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        request_build(f"territory: {instance}")
