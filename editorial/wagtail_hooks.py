"""What the editorial app adds to Wagtail's admin: the "Publishing" view, and "visible since" after a publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from editorial.publishing import ROLLED_BACK
from editorial.views import ROLL_BACK, PublishingView, RollBackView, VisibleView, visible_context


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("publishing/", PublishingView.as_view(), name="editorial_publishing"),
        path("publishing/release/<str:release>/", RollBackView.as_view(), name="editorial_roll_back"),
        path("publishing/page/<int:page_id>/", VisibleView.as_view(), name="editorial_visible"),
    ]


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return MenuItem(
        _("Publishing"), reverse("editorial_publishing"), name="publishing", icon_name="view", order=800
    )


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    label, codename = ROLL_BACK.split(".")
    return Permission.objects.filter(content_type__app_label=label, codename=codename)


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(ROLLED_BACK, _("Roll back"), _("Made an earlier release live"))


@hooks.register("after_publish_page")
def tell_when_visible(request: HttpRequest, page: Any) -> None:
    """Published is not yet visible: the message says so, and a script follows until it is."""
    page.refresh_from_db(fields=["live"])
    context = visible_context(page)
    if context["visibility"]:
        messages.info(request, render_to_string("editorial/admin/visible.html", context, request))


@hooks.register("insert_global_admin_js")
def follow() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("editorial/visible.js"))
