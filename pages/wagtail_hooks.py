"""What pages add to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.actions import ActionRegistry
from wagtail.log_actions import LogFormatter

from generator.outbox import request_build
from pages.actions import CopyAction, CreateAliasAction
from pages.models import BilingualPage
from pages.views import CopyView


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("pages/admin.css"))


@hooks.register("register_actions")
def both_languages(registry: ActionRegistry) -> None:
    registry.register(BilingualPage, CopyAction)
    registry.register(BilingualPage, CreateAliasAction)


@hooks.register("before_copy_page", order=1000)
def copy_both_languages(request: HttpRequest, page: BilingualPage) -> HttpResponse:
    """Wagtail's view, which has checked that the editor may copy, knows one title and one slug; ours takes over."""
    response: HttpResponse = CopyView.as_view()(request, page=page)
    return response


@hooks.register("before_move_page")
def refuse_taken_slug(
    request: HttpRequest, page: BilingualPage, destination: BilingualPage
) -> HttpResponse | None:
    """Wagtail's view has looked at the active language's slug only."""
    errors = page.slug_errors(destination)
    if not errors:
        return None
    for error in errors.values():
        messages.error(request, " ".join(error.messages))
    return redirect("wagtailadmin_pages:move", page.pk)


@hooks.register("after_bulk_action")
def build_after_files_moved(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> None:
    """Into another collection, which others may see: Wagtail moves them in one statement, without a signal."""
    if action_type == "add_to_collection":
        request_build("files moved to another collection")


@hooks.register("register_log_actions")
def refusals(actions: Any) -> None:
    @actions.register_action("pages.refuse")
    class RefusalFormatter(LogFormatter):
        label = _("Scheduled publication refused")

        def format_message(self, log_entry: Any) -> str:
            return str(log_entry.data.get("reason") or self.label)
