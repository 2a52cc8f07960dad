"""What officers see and do about deliveries: try again by hand."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.log_actions import log
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from alerts.delivery import outbox
from alerts.delivery.models import AlertDelivery, Partner


class PartnerViewSet(SnippetViewSet):
    """Who gets alerts by mail."""

    model = Partner
    icon = "mail"
    menu_label = _("Partners for alerts")
    add_to_settings_menu = True
    list_display = ["name", "email", "languages", BooleanColumn("is_active", label=_("gets mails"))]
    list_filter = ["languages", "is_active", "exercises"]
    search_fields = ["name", "email"]
    panels = [
        FieldPanel("name"),
        FieldPanel("email"),
        FieldPanel("languages"),
        FieldPanel("municipalities", widget=CheckboxSelectMultiple),
        FieldPanel("exercises"),
        FieldPanel("is_active"),
    ]


register_snippet(PartnerViewSet)


@require_http_methods(["GET", "HEAD", "POST"])
def retry_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm (GET) and try again (POST)."""
    delivery = get_object_or_404(AlertDelivery.objects.select_related("message__alert"), pk=pk)
    alert = delivery.message.alert
    if not alert.permissions_for_user(request.user).can_end():
        raise PermissionDenied
    back = reverse("wagtailadmin_home")
    if request.method == "POST":
        if delivery.can_be_retried:
            outbox.retry(delivery)
            log(instance=alert, action="alerts.retry_delivery", user=request.user, data={"key": delivery.key})
            messages.success(request, gettext("It is tried again now."))
        else:
            messages.info(request, gettext("There is nothing left to try again."))
        return redirect(back)
    context = {"page_title": _("Try again now"), "alert": alert, "delivery": delivery, "back": back}
    return TemplateResponse(request, "alerts/admin/retry_delivery.html", context)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [path("alerts/delivery/<int:pk>/retry/", retry_delivery, name="alerts_retry_delivery")]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("alerts.retry_delivery", _("Try a delivery again"), _("Tried a delivery again"))
