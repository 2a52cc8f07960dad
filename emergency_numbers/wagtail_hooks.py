"""The numbers in the CMS: lists and forms, "verified today by me", and a reminder on the dashboard."""

from collections.abc import Mapping
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.log_actions import log
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, EditView, SnippetViewSet, SnippetViewSetGroup

from emergency_numbers.models import EmergencyNumber, ForbiddenNumber, Need

SHOWN_ON_DASHBOARD = 8


class NumberFilterSet(WagtailFilterSet):
    verification = django_filters.ChoiceFilter(
        label=_("Verification"),
        choices=[("overdue", _("Overdue")), ("to_verify", _("With details to verify"))],
        method="filter_verification",
    )

    class Meta:
        model = EmergencyNumber
        fields = ["status", "need", "kind", "only_while_activated"]

    def filter_verification(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        wanted = (
            EmergencyNumber.objects.overdue(timezone.localdate())
            if value == "overdue"
            else EmergencyNumber.objects.to_verify()
        )
        return queryset.filter(pk__in=wanted.values("pk"))


class WithAdvice:
    """After saving, what `phonenumbers` would look at again; it never refuses."""

    object: EmergencyNumber
    request: HttpRequest

    def save_action(self) -> Any:
        response = super().save_action()  # type: ignore[misc]
        for line in self.object.lines.all():
            for finding in line.findings():
                messages.warning(self.request, finding.message)
        return response


class NumberCreateView(WithAdvice, CreateView):
    pass


class NumberEditView(WithAdvice, EditView):
    pass


class EmergencyNumberViewSet(SnippetViewSet):
    model = EmergencyNumber
    icon = "warning"
    menu_label = _("Numbers")
    add_view_class = NumberCreateView
    edit_view_class = NumberEditView
    list_display = [
        "__str__",
        Column("numbers", label=_("Numbers"), accessor="numbers"),
        Column("need", label=_("Need"), accessor="need", sort_key="need__position"),
        StatusTagColumn(
            "status",
            label=_("Status"),
            accessor="get_status_display",
            sort_key="status",
            primary=lambda entry: entry.status == EmergencyNumber.Status.PUBLISHED,
        ),
        DateColumn("verified_on", label=_("Verified"), sort_key="verified_on"),
        DateColumn("verify_again_by", label=_("Verify again by"), sort_key="verify_again_by"),
    ]
    filterset_class = NumberFilterSet
    ordering = ["need__position", "position"]
    list_per_page = 50
    chooser_per_page = 50
    search_fields = ["key", "name_fr", "name_nl", "purpose_fr", "purpose_nl"]
    search_backend_name = None

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return EmergencyNumber.objects.select_related("need").prefetch_related("lines")


class NeedViewSet(SnippetViewSet):
    model = Need
    icon = "list-ul"
    menu_label = _("Needs")
    list_display = ["name_fr", "name_nl", "position"]
    ordering = ["position"]
    search_fields = ["name_fr", "name_nl"]
    search_backend_name = None


class ForbiddenNumberViewSet(SnippetViewSet):
    model = ForbiddenNumber
    icon = "no-view"
    menu_label = _("Not to publish")
    list_display = ["number", "why"]
    search_fields = ["number", "why"]
    search_backend_name = None


class EmergencyNumbersGroup(SnippetViewSetGroup):
    items = (EmergencyNumberViewSet, NeedViewSet, ForbiddenNumberViewSet)
    menu_label = _("Emergency numbers")
    menu_icon = "warning"
    menu_order = 250


register_snippet(EmergencyNumbersGroup)


@hooks.register("register_bulk_action")
class VerifyBulkAction(SnippetBulkAction):
    """Whoever checked the numbers with their sources says so, today, in their own name."""

    display_name = _("Verified today by me")
    action_type = "verify"
    aria_label = _("Mark the selected numbers as verified today by you")
    template_name = "emergency_numbers/admin/confirm_verify.html"
    action_priority = 10

    @classproperty
    def models(cls) -> list[type]:  # noqa: N805
        return [EmergencyNumber]

    def check_perm(self, snippet: EmergencyNumber) -> bool:
        return self.permission_policy.user_has_permission_for_instance(self.request.user, "change", snippet)

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "user": self.request.user}

    @classmethod
    def execute_action(
        cls, objects: list[EmergencyNumber], user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        for entry in objects:
            entry.verify(user, timezone.localdate())
            log(instance=entry, action="emergency_numbers.verify", user=user)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext(
            "%(count)d number is marked as verified today by you.",
            "%(count)d numbers are marked as verified today by you.",
            num_parent_objects,
        ) % {"count": num_parent_objects}


@hooks.register("register_log_actions")
def register_verify_log_action(actions: Any) -> None:
    actions.register_action("emergency_numbers.verify", _("Verify"), _("Verified"))


class OverduePanel(Component):
    """Numbers to compare with their sources again. For editors only: citizens are told nothing."""

    name = "overdue_numbers"
    template_name = "emergency_numbers/admin/overdue_panel.html"
    order = 150

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        today = timezone.localdate()
        overdue = list(EmergencyNumber.objects.overdue(today).prefetch_related("lines"))
        return {
            "numbers": overdue[:SHOWN_ON_DASHBOARD],
            "count": len(overdue),
            "may_change": parent_context["request"].user.has_perm("emergency_numbers.change_emergencynumber"),
            "list_url": reverse(EmergencyNumber.snippet_viewset.get_url_name("list"))
            + "?verification=overdue",
            "edit_url_name": EmergencyNumber.snippet_viewset.get_url_name("edit"),
        }


@hooks.register("construct_homepage_panels")
def add_overdue_panel(request: HttpRequest, panels: list[Component]) -> None:
    if EmergencyNumber.objects.overdue(timezone.localdate()).exists():
        panels.append(OverduePanel())
