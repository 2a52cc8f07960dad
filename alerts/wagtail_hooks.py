"""The officer's buttons: all-clear and cancel."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.snippets.models import register_snippet

from alerts.admin.scenarios import ScenarioViewSet
from alerts.delivery import admin  # noqa: F401  (registers its hooks)
from alerts.lifecycle import Kind, State
from alerts.models import AlertMessage, AlertPage

register_snippet(ScenarioViewSet)

ACTIONS = {
    Kind.ALL_CLEAR: (
        _("All clear"),
        _("The danger is over. The alert leaves the banner and is listed as ended."),
    ),
    Kind.CANCEL: (
        _("Cancel: issued in error"),
        _("The alert should not have been sent. It is withdrawn everywhere."),
    ),
}


def end_alert(request: HttpRequest, page_id: int, kind: str) -> HttpResponse:
    """Confirm (GET) and send (POST) the all-clear or the cancellation."""
    alert = get_object_or_404(AlertPage, pk=page_id)
    if kind not in ACTIONS:
        raise Http404
    if not alert.permissions_for_user(request.user).can_end():
        raise PermissionDenied
    action = Kind(kind)
    if request.method == "POST":
        warn_without_cap(request, alert.end(action, now=timezone.now(), user=request.user))
        messages.success(request, gettext("Sent: %(action)s.") % {"action": ACTIONS[action][0]})
        return redirect("wagtailadmin_explore", alert.get_parent().pk)
    title, explanation = ACTIONS[action]
    context = {
        "page_title": title,
        "alert": alert,
        "explanation": explanation,
        "back": reverse("wagtailadmin_explore", args=[alert.get_parent().pk]),
        "back_label": _("Back"),
    }
    return TemplateResponse(request, "alerts/admin/end.html", context)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [path("alerts/<int:page_id>/<slug:kind>/", end_alert, name="alerts_end")]


@hooks.register("register_page_listing_buttons")
@hooks.register("register_page_header_buttons")
def buttons(page: Any, user: Any, **kwargs: Any) -> Any:
    alert = page.specific
    if not isinstance(alert, AlertPage) or not alert.permissions_for_user(user).can_end():
        return
    if alert.state_at(timezone.now()) is State.ACTIVE:
        for priority, (kind, (label, _explanation)) in enumerate(ACTIONS.items(), start=5):
            url = reverse("alerts_end", args=[alert.pk, kind.value])
            yield Button(
                label, url, icon_name="check" if kind is Kind.ALL_CLEAR else "cross", priority=priority
            )


@hooks.register("after_publish_page")
def tell_of_missing_cap(request: HttpRequest, page: Any) -> None:
    """The alert is out; other systems did not get it, and the officer has to know."""
    alert = page.specific
    if isinstance(alert, AlertPage) and alert.live:
        warn_without_cap(request, alert.chain().last)


def warn_without_cap(request: HttpRequest, message: AlertMessage) -> None:
    if not message.has_xml:
        messages.error(
            request,
            gettext(
                "The alert is on the site, but its CAP file could not be made: "
                "other systems do not have it. Warn the technical team."
            ),
        )
