"""A change of a number asks for a build, in the same transaction."""

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from emergency_numbers.models import Channel, EmergencyNumber, ForbiddenNumber, Line, Need
from generator.outbox import request_build


@receiver([post_save, post_delete], sender=EmergencyNumber)
@receiver([post_save, post_delete], sender=Line)
@receiver([post_save, post_delete], sender=Channel)
@receiver([post_save, post_delete], sender=Need)
@receiver([post_save, post_delete], sender=ForbiddenNumber)
def number_changed(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        request_build(f"emergency numbers: {instance}", urgent=True)
