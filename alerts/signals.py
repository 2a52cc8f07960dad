"""What no route may do to an active alert; and who may make one."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db.models import Model, ProtectedError
from django.db.models.signals import post_save, pre_delete, pre_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext
from wagtail.log_actions import get_active_log_context
from wagtail.models import GroupPagePermission, PageViewRestriction, Revision

from alerts import approval
from alerts.lifecycle import State
from alerts.models import AlertIndexPage, AlertPage
from pages.languages import unpinned
from pages.models import BilingualPage


@receiver(pre_save)
def page_unpublished(
    sender: type, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """An active alert leaves with a message, never in silence: neither it nor a page above it is unpublished.

    Every route (button, bulk action, schedule, API, code) saves the page as not live.
    """
    if raw or not isinstance(instance, BilingualPage) or instance.live or not instance.path:
        return
    if update_fields is not None and "live" not in update_fields:
        return
    now = timezone.now()
    for alert in AlertPage.objects.filter(path__startswith=instance.path, live=True):
        if alert.state_at(now) is State.ACTIVE:
            with unpinned():
                message = gettext(
                    "The alert “%(alert)s” is active: send the all-clear or cancel it, then unpublish."
                )
                raise ValidationError(message % {"alert": alert})


@receiver(pre_save, sender=PageViewRestriction)
def alert_restricted(sender: type, instance: PageViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    """An alert that only some may read is none."""
    path = instance.page.path
    below = (model.objects.filter(path__startswith=path) for model in (AlertIndexPage, AlertPage))
    if not raw and any(pages.exists() for pages in below):
        raise ValidationError(gettext("Alerts are for everybody: no restriction here or above."))


@receiver(pre_delete, sender=Revision)
def author_forgotten(sender: type, instance: Revision, origin: Any = None, **kwargs: Any) -> None:
    """Who wrote an alert, and so may not approve it, is told by its revisions: they stay for as long as the page does,
    whatever tidies up (`purge_revisions`)."""
    deleted = origin if isinstance(origin, Model) else getattr(origin, "model", None)
    is_its_own = isinstance(deleted, Revision) or deleted is Revision
    if is_its_own and isinstance(instance.content_object, AlertPage):
        message = "Revisions of alerts stay: they tell who wrote what."
        raise ProtectedError(message, {instance})


@receiver(pre_save, sender=Revision)
def alert_scheduled(sender: type, instance: Revision, raw: bool = False, **kwargs: Any) -> None:
    """Every route to a planned publication stores its time on the revision; it needs its approval by then."""
    if raw or instance.approved_go_live_at is None:
        return
    page = instance.content_object
    if isinstance(page, AlertPage):
        candidate = page.with_content_json(instance.content)
        approval.approve_scheduled(candidate, get_active_log_context().user)


@receiver(post_save, sender=AlertIndexPage)
def index_made(
    sender: type, instance: AlertIndexPage, created: bool, raw: bool = False, **kwargs: Any
) -> None:
    """Duty officers write and publish alerts, and nothing else."""
    group = Group.objects.filter(name=approval.DUTY_OFFICERS).first()
    if raw or not created or group is None:
        return
    wanted = ("add_page", "change_page", "publish_page")
    model = BilingualPage._meta
    for name in wanted:
        codename = name.replace("page", model.model_name or "")
        permission = Permission.objects.get(content_type__app_label=model.app_label, codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=instance, permission=permission)
