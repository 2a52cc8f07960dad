"""Where the newest message of an alert is, for the officer's pages."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from alerts.delivery.models import AlertDelivery
from alerts.models import AlertPage

register = template.Library()
TAGS = {
    AlertDelivery.State.DONE: "w-status--primary",
    AlertDelivery.State.FAILED: "w-status--critical",
    AlertDelivery.State.INCOMPLETE: "w-status--critical",
}


@register.simple_tag(takes_context=True)
def deliveries(context: Context, alert: AlertPage) -> list[dict[str, Any]]:
    """For each channel of the newest message: `delivery`, `tag` (a class), and `retry` (an address, or None where there
    is nothing to retry or the user may not)."""
    newest = alert.messages.order_by("-pk").first()
    request = context.get("request")
    may_retry = request is not None and alert.permissions_for_user(request.user).can_end()
    return [
        {
            "delivery": delivery,
            "tag": TAGS.get(AlertDelivery.State(delivery.state), ""),
            "retry": reverse("alerts_retry_delivery", args=[delivery.pk])
            if may_retry and delivery.can_be_retried
            else None,
        }
        for delivery in AlertDelivery.objects.filter(message=newest).select_related("message")
    ]
