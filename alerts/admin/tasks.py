"""What alerts leave for people to do, on the dashboard: approve, translate, review, follow what a partner says, look
into what was refused; and the pages to do it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button
from wagtail.admin.widgets.button import ListingButton
from wagtail.log_actions import log

from alerts import approval, parity
from alerts.admin.live import media
from alerts.admin.views import shown_and_sent, warn_without_cap
from alerts.approval import Authorisation, Review
from alerts.areas import Area
from alerts.content import frozen
from alerts.lifecycle import State
from alerts.models import AlertIndexPage, AlertPage, Chain, chains_sent
from alerts.sources import ImportedMessage, RefusedMessage, notes_of
from alerts.vocabulary import Response, Status
from pages.languages import LANGUAGES, NAMES, active
from territory import geometry
from territory.maps import territory_map
from territory.models import Municipality

SHOWN = 20
TEXTS = (
    ("headline", _("headline")), ("what", _("what happens")), ("instruction", _("what to do")),
    ("area", _("where, in words")), ("contact", _("whom to contact, in words")),
)  # fmt: skip
FACTS = ("event", "status", "urgency", "severity", "certainty")


@dataclass
class Ground:
    """Where a message's content says that it holds, in the active language."""

    content: dict[str, Any]

    @cached_property
    def area(self) -> Area:
        return Area.of(self.content)

    @property
    def is_whole_region(self) -> bool:
        return bool(self.content.get("nuts"))

    @property
    def municipalities(self) -> list[str]:
        return self._named(self.area.nis)

    @property
    def partly(self) -> list[str]:
        return self._named(set(self.area.touched()) - set(self.area.nis))

    @property
    def places(self) -> list[str]:
        return [str(place[active()]) for place in self.content.get("places", ())]

    @property
    def shapes(self) -> list[str]:
        return geometry.written(self.area.shapes).splitlines()

    @property
    def has_map(self) -> bool:
        return bool(self.area.nis or self.area.shapes)

    @property
    def map(self) -> str:
        return territory_map(self.area.nis, shapes=self.area.shapes)

    @staticmethod
    def _named(nis: Iterable[str]) -> list[str]:
        return [str(town) for town in Municipality.objects.filter(nis__in=list(nis))]


def texts_of(content: dict[str, Any]) -> list[tuple[Any, dict[str, str]]]:
    """What it says in both languages, by label; nothing where it says nothing in either."""
    found = [(label, content.get(name, {})) for name, label in TEXTS]
    return [(label, texts) for label, texts in found if any(texts.values())]


def to_approve(user: Any) -> list[AlertPage]:
    """Drafts, newest first, that are complete, that `user` did not write and may publish."""
    drafts = AlertPage.objects.filter(has_unpublished_changes=True, latest_revision__isnull=False)
    found = []
    for page in drafts.order_by("-latest_revision_created_at")[:SHOWN]:
        if not may_approve(page, user):
            continue
        draft = page.get_latest_revision_as_object()
        if not draft.publication_errors() and page.state_at(timezone.now()) in (State.DRAFT, State.ACTIVE):
            found.append(draft)
    return found


def to_complete() -> list[AlertPage]:
    """Partners' messages that still have to be written in a language, or lack something else; newest first."""
    now, found = timezone.now(), []
    drafts = AlertPage.objects.filter(imported__isnull=False, messages=None, latest_revision__isnull=False)
    for page in drafts.distinct().order_by("-latest_revision_created_at")[:SHOWN]:
        draft = page.get_latest_revision_as_object()
        if (draft.expires is None or draft.expires > now) and draft.publication_errors():
            found.append(draft)
    return found


def may_approve(page: AlertPage, user: Any) -> bool:
    return (
        page.has_unpublished_changes
        and page.permissions_for_user(user).can_end()
        and user.pk not in approval.contributors(page)
    )


def to_translate() -> list[Chain]:
    """Active alerts one of whose languages only says that it follows."""
    now = timezone.now()
    sent = [chain for status in Status for chain in chains_sent(status)]
    return [
        chain
        for chain in sent
        if chain.last.content.get("translation_follows") and chain.state_at(now) is State.ACTIVE
    ]


def to_follow() -> list[ImportedMessage]:
    """What partners said of active alerts, newest first: that they are over, and their last update, where nothing has
    been sent since."""
    news = ImportedMessage.unanswered(timezone.now()).select_related("concerns__alert")
    newest: dict[tuple[int | None, bool], ImportedMessage] = {}
    for told in news:
        newest.setdefault((told.concerns_id, told.is_ending), told)
    return list(newest.values())


def to_look_into() -> Any:
    """What partners said of alerts and was refused, newest first."""
    return RefusedMessage.objects.filter(done_at=None).defer("data").select_related("source").order_by("-pk")


def to_review() -> Any:
    """What one officer sent alone and nobody else has reviewed, newest first."""
    alone = Authorisation.objects.filter(ground=approval.Ground.BREAK_GLASS, review=None)
    return alone.select_related("message", "user").order_by("-pk")


class TasksPanel(Component):
    """Open tasks of alerts; nothing where there are none."""

    name = "alert-tasks"
    template_name = "alerts/admin/tasks.html"
    order = 20

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {
            "news": to_follow(),
            "refused": to_look_into()[:SHOWN],
            "drafts": [(page, notes_of(page)) for page in to_approve(user)],
            "imported": [(page, page.imported.order_by("pk").last()) for page in to_complete()],
            "chains": [(chain, NAMES[chain.last.content["translation_follows"]]) for chain in to_translate()],
            "alone": to_review(),
            "user": user,
        }


@hooks.register("construct_homepage_panels")
def add_panel(request: HttpRequest, panels: list[Any]) -> None:
    groups = request.user.groups.filter(name__in=approval.TOLD)
    if request.user.is_superuser or groups.exists():
        panels.append(TasksPanel())


@shown_and_sent
def approve_alert(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the latest draft in both languages (GET); approve it, or approve and publish it (POST)."""
    page = get_object_or_404(AlertPage, pk=page_id)
    revision = page.get_latest_revision()
    if revision is None or not page.permissions_for_user(request.user).can_end():
        raise PermissionDenied
    draft = revision.as_object()
    if request.method == "POST":
        approval.approve(draft, request.user, request.POST.get("seen", ""))
        log(instance=page, action="alerts.approve", user=request.user, revision=revision)
        if "publish" in request.POST:
            revision.publish(user=request.user)
            if chain := page.chain().messages:
                warn_without_cap(request, chain[-1])
            messages.success(request, gettext("Approved and published."))
        else:
            messages.success(request, gettext("Approved. Its author may publish it now, as it is."))
        return redirect("wagtailadmin_home")
    try:
        content = frozen(parity.completed(draft)) if draft.expires else None
    except ValidationError:
        # Outlines that cannot be read, which only a form refuses: the errors below say so.
        content = None
    context = {
        "page_title": _("Approve an alert"),
        "page": draft,
        "texts": content and texts_of(content),
        "ground": content and Ground(content),
        "responses": [dict(Response.choices).get(code, code) for code in draft.response_types],
        "languages": [(language, NAMES[language]) for language in LANGUAGES],
        "facts": [
            (draft._meta.get_field(name).verbose_name, getattr(draft, f"get_{name}_display")())
            for name in FACTS
        ],
        "errors": draft.publication_errors(),
        "notes": notes_of(page),
        "is_announced": draft.onset and timezone.now() < draft.onset,
        "is_own": request.user.pk in approval.contributors(page),
        "seen": approval.fingerprint(AlertPage, draft.serializable_data()),
        "media": media(),
    }
    return TemplateResponse(request, "alerts/admin/approve.html", context)


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["note"]
        labels = {"note": _("What you found")}
        help_texts = {"note": _("Was it right to send it alone? What should be done otherwise?")}


@shown_and_sent
def review_alert(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was sent alone and why (GET); note that somebody else has looked at it (POST)."""
    authorisation = get_object_or_404(to_review(), pk=pk)
    if not authorisation.message.alert.permissions_for_user(request.user).can_end():
        raise PermissionDenied
    if authorisation.user == request.user:
        messages.error(request, gettext("You sent this alert: somebody else has to review it."))
        return redirect("wagtailadmin_home")
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.instance.authorisation, form.instance.user = authorisation, request.user
        form.save()
        log(instance=authorisation.message.alert, action="alerts.review", user=request.user)
        messages.success(request, gettext("Reviewed."))
        return redirect("wagtailadmin_home")
    context = {
        "page_title": _("Review an alert that was sent alone"),
        "authorisation": authorisation,
        "texts": texts_of(authorisation.message.content),
        "ground": Ground(authorisation.message.content),
        "languages": [(language, NAMES[language]) for language in LANGUAGES],
        "form": form,
        "media": media(),
    }
    return TemplateResponse(request, "alerts/admin/review.html", context)


@shown_and_sent
def refused_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a partner sent and why it was not taken (GET); note that somebody has dealt with it (POST)."""
    refused = get_object_or_404(RefusedMessage, pk=pk)
    index = AlertIndexPage.objects.first()
    if index is None or not index.permissions_for_user(request.user).can_publish_subpage():
        raise PermissionDenied
    if request.method == "POST":
        RefusedMessage.objects.filter(pk=pk, done_at=None).update(
            done_at=timezone.now(), done_by=request.user
        )
        messages.success(request, gettext("Done."))
        return redirect("wagtailadmin_home")
    context = {
        "page_title": _("A partner’s message that was not taken"),
        "refused": refused,
        "is_active": bool(refused.alert and refused.alert.state_at(timezone.now()) is State.ACTIVE),
        "media": media(),
    }
    return TemplateResponse(request, "alerts/admin/refused.html", context)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("alerts/approval/<int:page_id>/", approve_alert, name="alerts_approve"),
        path("alerts/review/<int:pk>/", review_alert, name="alerts_review"),
        path("alerts/refused/<int:pk>/", refused_message, name="alerts_refused"),
    ]


@hooks.register("register_page_header_buttons")
def header_buttons(page: Any, user: Any, **kwargs: Any) -> Any:
    if url := approval_url(page, user):
        yield Button(_("Approve"), url, icon_name="check", priority=4)


@hooks.register("register_page_listing_buttons")
def listing_buttons(page: Any, user: Any, **kwargs: Any) -> Any:
    if url := approval_url(page, user):
        yield ListingButton(_("Approve"), url, priority=4)


def approval_url(page: Any, user: Any) -> str:
    """Where `user` may approve what others wrote of an alert; "" where that is not so."""
    alert = page.specific
    is_open = isinstance(alert, AlertPage) and may_approve(alert, user)
    return reverse("alerts_approve", args=[alert.pk]) if is_open else ""


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action("alerts.approve", _("Approve an alert"), _("Approved the alert's text"))
    actions.register_action("alerts.import", _("Import a CAP message"), _("Took a partner's CAP message"))
    actions.register_action(
        "alerts.review", _("Review an alert"), _("Reviewed a message that one person had sent alone")
    )
