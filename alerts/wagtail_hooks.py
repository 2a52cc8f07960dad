"""What alerts add to Wagtail's admin: the officer's path, its buttons and menu, the panel of what is live."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.admin.widgets.button import ListingButton
from wagtail.snippets.models import register_snippet

from alerts.admin import advice, tasks, views  # noqa: F401  (some register their hooks only)
from alerts.admin.live import LivePanel, may_publish
from alerts.admin.scenarios import ScenarioViewSet
from alerts.delivery import admin  # noqa: F401  (registers its hooks)
from alerts.lifecycle import Kind, State
from alerts.models import AlertPage

register_snippet(ScenarioViewSet)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("alerts/new/", views.choose, name="alerts_choose"),
        path("alerts/new/blank/", views.new, name="alerts_blank"),
        path("alerts/new/<int:scenario_id>/", views.new, name="alerts_new"),
        path("alerts/card/", views.officers_card, name="alerts_card"),
        path("alerts/live/", views.live_panel, name="alerts_live"),
        path("alerts/<int:page_id>/update/", views.update, name="alerts_update"),
        path("alerts/<int:page_id>/sent/", views.sent, name="alerts_sent"),
        path("alerts/<int:page_id>/delivery/", views.delivery_state, name="alerts_delivery"),
        path("alerts/<int:page_id>/<slug:kind>/", views.end, name="alerts_end"),
    ]


def ways_on(page: Any, user: Any) -> Iterator[tuple[str, str, str]]:
    """What may follow an alert: label, address, icon."""
    alert = page.specific
    if not isinstance(alert, AlertPage) or not alert.permissions_for_user(user).can_end():
        return
    if alert.state_at(timezone.now()) is State.ACTIVE:
        yield str(pgettext_lazy("button", "Update")), reverse("alerts_update", args=[alert.pk]), "edit"
        for kind, ending in views.ENDS.items():
            url = reverse("alerts_end", args=[alert.pk, kind.value])
            yield str(ending.label), url, "check" if kind is Kind.ALL_CLEAR else "cross"


@hooks.register("register_page_header_buttons")
def header_buttons(page: Any, user: Any, **kwargs: Any) -> Any:
    for priority, (label, url, icon) in enumerate(ways_on(page, user), start=4):
        yield Button(label, url, icon_name=icon, priority=priority)


@hooks.register("register_page_listing_buttons")
def listing_buttons(page: Any, user: Any, **kwargs: Any) -> Any:
    for priority, (label, url, _icon) in enumerate(ways_on(page, user), start=4):
        yield ListingButton(label, url, priority=priority)


class ForOfficers(MenuItem):
    """Shown to those who may send alerts."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_publish(request.user)


@hooks.register("register_admin_menu_item")
def new_alert_item() -> MenuItem:
    return ForOfficers(
        _("New alert"), reverse("alerts_choose"), name="new-alert", icon_name="warning", order=10
    )


@hooks.register("register_admin_menu_item")
def alerts_item() -> MenuItem:
    """Apps that do something with alerts add to it: `register_alerts_menu_item`."""
    menu = Menu(register_hook_name="register_alerts_menu_item")
    return SubmenuMenuItem(
        pgettext_lazy("menu", "Alerts"), menu, name="alerts", icon_name="warning", order=240
    )


@hooks.register("register_alerts_menu_item")
def scenarios_item() -> MenuItem:
    return ScenarioViewSet().get_menu_item()


@hooks.register("register_alerts_menu_item")
def card_item() -> MenuItem:
    return ForOfficers(
        _("Duty officer’s card"), reverse("alerts_card"), name="officers-card", icon_name="doc-full"
    )


@hooks.register("construct_homepage_panels")
def add_live_panel(request: HttpRequest, panels: list[Component]) -> None:
    if may_publish(request.user):
        panels.append(LivePanel())


@hooks.register("after_publish_page")
def tell_of_missing_cap(request: HttpRequest, page: Any) -> None:
    """The alert is out; other systems did not get it, and the officer has to know."""
    alert = page.specific
    if isinstance(alert, AlertPage) and alert.live:
        views.warn_without_cap(request, alert.chain().last)
