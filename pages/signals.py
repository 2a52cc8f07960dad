"""What a change of the published tree sets off: a fresh site graph and a build; and what no route may do."""

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, Revision, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from generator.outbox import request_build
from pages.completeness import PublicationRefused
from pages.models import BilingualImage, BilingualPage, GraphState, PublicDocument


def touch_graph() -> None:
    """Make every process's site graph stale, in the running transaction."""
    GraphState.objects.update_or_create(pk=1, defaults={"version": uuid.uuid4()})


def page_reason(page_id: int) -> str:
    """What the outbox calls a change of this page."""
    return f"page {page_id}"


@receiver(post_save)
@receiver(post_delete)
def tree_changed(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if raw or not isinstance(instance, BilingualPage | PageViewRestriction | Site):
        return
    if isinstance(instance, BilingualPage) and not (instance.live or instance.first_published_at):
        return
    touch_graph()


@receiver(page_published)
@receiver(page_unpublished)
@receiver(post_page_move)
def page_changed(sender: type, instance: Any, **kwargs: Any) -> None:
    touch_graph()
    if instance.live or instance.first_published_at:
        request_build(page_reason(instance.pk))


@receiver(post_save, sender=PageViewRestriction)
@receiver(post_delete, sender=PageViewRestriction)
@receiver(post_save, sender=Collection)
@receiver(post_save, sender=CollectionViewRestriction)
@receiver(post_delete, sender=CollectionViewRestriction)
@receiver(post_save, sender=Redirect)
@receiver(post_delete, sender=Redirect)
def public_tree_changed(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        request_build(sender.__name__.lower())


@receiver(post_save, sender=BilingualImage)
@receiver(post_save, sender=PublicDocument)
def file_changed(sender: type, instance: Any, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """A new file is on no page yet; another file or focal point changes the pages that show it."""
    if not raw and not created:
        request_build(f"{sender.__name__.lower()} {instance.pk}")


@receiver(post_delete)
def live_page_deleted(sender: type, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, BilingualPage) and instance.first_published_at:
        request_build(f"{page_reason(instance.pk)} deleted")


@receiver(pre_save, sender=Revision)
def incomplete_page_scheduled(sender: type, instance: Revision, raw: bool = False, **kwargs: Any) -> None:
    """Every route to a scheduled publication stores its time on the revision."""
    if raw or instance.approved_go_live_at is None:
        return
    page = instance.content_object
    if isinstance(page, BilingualPage):
        candidate = page.with_content_json(instance.content)
        candidate._set_core_field_defaults()
        if errors := candidate.publication_errors():
            raise PublicationRefused(candidate, errors)


@receiver(pre_save, sender=Site)
def root_slug_differs(sender: type, instance: Site, raw: bool = False, **kwargs: Any) -> None:
    """Wagtail finds a page's site by the start of its URL path, which must not depend on the language."""
    root = instance.root_page
    if not raw and root.slug_fr != root.slug_nl:
        message = gettext(
            "The site's root page needs the same slug in both languages (“%(fr)s” is not “%(nl)s”)."
        )
        raise ValidationError({"root_page": message % {"fr": root.slug_fr, "nl": root.slug_nl}})
