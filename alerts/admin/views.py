"""The duty officer's path: choose a scenario, fill in the place, publish; update; end. Three screens, no script
needed. Everything goes through the page's own publication, so that each rule and each hook holds here too."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail import hooks

from alerts.admin.card import card
from alerts.admin.forms import AlertForm, EndForm, NewAlertForm, UpdateForm
from alerts.admin.live import LiveAlert, LivePanel, index, may_publish, media
from alerts.cap import in_brussels
from alerts.lifecycle import Kind, State
from alerts.models import AlertIndexPage, AlertMessage, AlertPage
from alerts.moments import local
from alerts.scenarios import Scenario
from alerts.vocabulary import Status
from pages.languages import active, other

shown_and_sent = require_http_methods(["GET", "HEAD", "POST"])


class Ending(NamedTuple):
    """A way to end an alert, in the officer's words."""

    label: Any
    explanation: Any
    send: Any
    sent: Any


ENDS = {
    Kind.ALL_CLEAR: Ending(
        _("All clear"),
        _("The danger is over. The alert leaves the banner and is listed as ended."),
        _("Send the all-clear"),
        _("The all-clear is sent."),
    ),
    Kind.CANCEL: Ending(
        _("Cancel: issued in error"),
        _("The alert should not have been sent. It is withdrawn everywhere."),
        _("Send the cancellation"),
        _("The cancellation is sent."),
    ),
}

REHEARSED = {
    Status.EXERCISE: _("The exercise is over. From then on its page says so."),
    Status.TEST: _("The test is over. From then on its page says so."),
}
"""What the all-clear means where nothing was happening."""


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Screen 1: which scenario."""
    _index_for(request)
    context = {
        "page_title": gettext("New alert"),
        "scenarios": Scenario.objects.all(),
        "media": media(),
    }
    return TemplateResponse(request, "alerts/admin/choose.html", context)


@shown_and_sent
def new(request: HttpRequest, scenario_id: int | None = None) -> HttpResponse:
    """Screen 2: the alert, prefilled. Sending it leads to screen 3."""
    parent = _index_for(request)
    scenario = get_object_or_404(Scenario, pk=scenario_id) if scenario_id else None
    now, action = timezone.now(), request.POST.get("action")

    def made(data: Any = None, initial: dict[str, Any] | None = None) -> NewAlertForm:
        page = AlertPage(owner=request.user, live=False)
        options = {"initial": initial, "for_user": request.user, "parent_page": parent}
        return NewAlertForm(data, scenario=scenario, now=now, instance=page, **options)

    form = made(request.POST if request.method == "POST" else None)
    if action == "fill":
        form = made(initial=form.typed_and_filled())
    elif action == "draft":
        if page := _save_draft(request, form, parent):
            return redirect("wagtailadmin_pages:edit", page.pk)
    elif request.method == "POST" and form.is_valid() and (page := _publish(request, form, parent)):
        return redirect("alerts_sent", page.pk)
    context = {
        "page_title": str(scenario) if scenario else gettext("New alert without a scenario"),
        "form": form,
        "is_new": True,
        "today": in_brussels(now).date().isoformat(),
        "status": scenario.get_status_display() if scenario and scenario.status != "Actual" else "",
        "back": reverse("alerts_choose"),
        "send_label": gettext("Publish the alert"),
        "media": form.media + media(),
    }
    return TemplateResponse(request, "alerts/admin/alert_form.html", context)


@shown_and_sent
def update(request: HttpRequest, page_id: int) -> HttpResponse:
    """An update, prefilled with the last text and a later end."""
    alert = _alert_for(request, page_id)
    now = timezone.now()
    live = LiveAlert(alert, alert.chain(), now)
    if not live.is_active and not (request.method == "POST" and live.chain.messages):
        return _over(request, alert)
    form = UpdateForm(
        request.POST if request.method == "POST" else None,
        instance=alert.live_revision.as_object() if alert.live_revision else alert,
        chain=live.chain,
        now=now,
        for_user=request.user,
        parent_page=alert.get_parent(),
    )
    if not live.is_active:
        return _as_new(request, live, form)
    if request.POST.get("action") == "draft":
        if page := _save_draft(request, form):
            return redirect("wagtailadmin_pages:edit", page.pk)
    elif request.method == "POST" and form.is_valid() and (page := _publish(request, form)):
        return redirect("alerts_sent", page.pk)
    context = {
        "page_title": pgettext("button", "Update"),
        "page_subtitle": live.headline,
        "form": form,
        "live": live,
        "newer_draft": reverse("wagtailadmin_pages:edit", args=[alert.pk])
        if alert.has_unpublished_changes
        else "",
        "planned_at": alert.revisions.aggregate(at=Min("approved_go_live_at"))["at"],
        "status": live.status,
        "back": reverse("wagtailadmin_home"),
        "send_label": gettext("Send the update"),
        "media": form.media + media(),
    }
    return TemplateResponse(request, "alerts/admin/alert_form.html", context)


def _as_new(request: HttpRequest, live: LiveAlert, update: UpdateForm) -> HttpResponse:
    """An update that comes after the end: nothing of it is lost, it becomes the form of a new alert."""
    parent = _index_for(request)
    carried = {"status": live.message.content["status"], "continues": live.page.pk}
    form = NewAlertForm(
        scenario=None,
        now=live.now,
        initial=update.typed() | carried,
        instance=AlertPage(owner=request.user, live=False),
        for_user=request.user,
        parent_page=parent,
    )
    context = {
        "page_title": gettext("New alert"),
        "page_subtitle": live.headline,
        "form": form,
        "is_new": True,
        "why_new": why_over(live),
        "today": in_brussels(live.now).date().isoformat(),
        "status": live.status,
        "post_to": reverse("alerts_blank"),
        "back": reverse("alerts_sent", args=[live.page.pk]),
        "send_label": gettext("Publish the alert"),
        "media": form.media + media(),
    }
    return TemplateResponse(request, "alerts/admin/alert_form.html", context)


def why_over(live: LiveAlert) -> str:
    """How the alert ended while its officer wrote, and since when it is over."""
    said = {
        State.ENDED: gettext("%(user)s sent the all-clear for this alert meanwhile (%(time)s)."),
        State.CANCELLED: gettext("%(user)s cancelled this alert meanwhile (%(time)s)."),
        State.EXPIRED: gettext("This alert has expired meanwhile (%(time)s)."),
    }
    last = live.message
    who = last.sent_by.get_full_name() or last.sent_by.get_username() if last.sent_by else "–"
    time = last.expires if live.state is State.EXPIRED else last.sent
    return said[live.state] % {"user": who, "time": local(time)}


@shown_and_sent
def end(request: HttpRequest, page_id: int, kind: str) -> HttpResponse:
    """The all-clear or the cancellation: prefilled (GET), sent (POST)."""
    alert = _alert_for(request, page_id)
    if kind not in ENDS:
        raise Http404
    action, now = Kind(kind), timezone.now()
    live = LiveAlert(alert, alert.chain(), now)
    if not live.is_active:
        return _over(request, alert)
    form = EndForm(request.POST if request.method == "POST" else None, last=live.message, kind=action)
    if request.method == "POST" and form.is_valid():
        try:
            after = form.cleaned_data["after"]
            message = alert.end(action, now=now, user=request.user, texts=form.texts(), after=after)
        except ValidationError as error:
            form.add_error(None, error.messages)
            form.follow(alert.chain().last)
        else:
            warn_without_cap(request, message)
            messages.success(request, str(ENDS[action].sent))
            return redirect("alerts_sent", alert.pk)
    context = {
        "page_title": ENDS[action].label,
        "live": live,
        "form": form,
        "explanation": REHEARSED.get(live.message.content["status"], ENDS[action].explanation)
        if action is Kind.ALL_CLEAR
        else ENDS[action].explanation,
        "send_label": ENDS[action].send,
        "back": reverse("wagtailadmin_home"),
        "media": media(),
    }
    return TemplateResponse(request, "alerts/admin/end.html", context)


@require_safe
def sent(request: HttpRequest, page_id: int) -> HttpResponse:
    """Screen 3: what went out, where it is to be seen, what to hand over, and the ways on."""
    alert = _alert_for(request, page_id)
    chain = alert.chain()
    if not chain.messages:
        return redirect("wagtailadmin_pages:edit", alert.pk)
    context = {
        "live": LiveAlert(alert, chain, timezone.now()),
        "media": media(),
    }
    return TemplateResponse(request, "alerts/admin/sent.html", context)


@require_safe
def delivery_state(request: HttpRequest, page_id: int) -> HttpResponse:
    """Where the newest message is, alone, for screen 3, which looks again every few seconds."""
    alert = _alert_for(request, page_id)
    chain = alert.chain()
    if not chain.messages:
        raise Http404
    context = {"live": LiveAlert(alert, chain, timezone.now())}
    response = TemplateResponse(request, "alerts/admin/sent_state.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def live_panel(request: HttpRequest) -> HttpResponse:
    """The dashboard's panel alone, for the page that looks again every few seconds."""
    if not may_publish(request.user):
        raise PermissionDenied
    panel = LivePanel()
    context = panel.get_context_data({"request": request})
    response = TemplateResponse(request, "alerts/admin/live_alerts.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def officers_card(request: HttpRequest) -> HttpResponse:
    """The card to print, the officer's own language first."""
    if not may_publish(request.user):
        raise PermissionDenied
    mine = active()
    context = {
        "page_title": gettext("Duty officer’s card"),
        "cards": {language: card(language) for language in (mine, other(mine))},
        "media": media(),
    }
    return TemplateResponse(request, "alerts/admin/card.html", context)


def warn_without_cap(request: HttpRequest, message: AlertMessage) -> None:
    if not message.has_xml:
        messages.error(
            request,
            gettext(
                "The alert is on the site, but its CAP file could not be made: "
                "other systems do not have it. Warn the technical team."
            ),
        )


def _index_for(request: HttpRequest) -> AlertIndexPage:
    found = index()
    if found is None or not may_publish(request.user):
        raise PermissionDenied
    return found


def _alert_for(request: HttpRequest, page_id: int) -> AlertPage:
    alert = get_object_or_404(AlertPage, pk=page_id)
    if not alert.permissions_for_user(request.user).can_end():
        raise PermissionDenied
    return alert


def _over(request: HttpRequest, alert: AlertPage) -> HttpResponse:
    messages.error(
        request, gettext("This alert is not active any more, so nothing can follow it. Make a new one.")
    )
    return redirect("alerts_sent", alert.pk)


def _added(parent: AlertIndexPage, form: AlertForm) -> AlertPage | None:
    """Give the form's page its place; where the same form was sent before, the page that it made then."""
    key = form.cleaned_data["key"]
    if stored := AlertPage.objects.filter(translation_key=key).first():
        return stored
    form.instance.translation_key = key
    parent.add_child(instance=form.instance)
    return None


def _save_draft(
    request: HttpRequest, form: AlertForm, parent: AlertIndexPage | None = None
) -> AlertPage | None:
    """Keep what the form says, complete or not, for the full form and for a colleague's approval."""
    form.defer_required_fields()
    try:
        if not form.is_valid():
            return None
        page: AlertPage = form.save(commit=False)
        with transaction.atomic():
            AlertMessage.lock()
            if parent and (stored := _added(parent, form)):
                return stored
            page.save_revision(user=request.user, log_action=True)
    except ValidationError as error:
        form.add_error(None, error if hasattr(error, "error_dict") else error.messages)
        return None
    finally:
        form.restore_required_fields()
    return page


def _publish(request: HttpRequest, form: AlertForm, parent: AlertIndexPage | None = None) -> AlertPage | None:
    """Publish what the form says. A refusal is shown in the form, and nothing is stored of what it refused."""
    page = form.instance
    try:
        with transaction.atomic():
            AlertMessage.lock()
            if isinstance(form, UpdateForm):
                form.refuse_if_overtaken()
            page = form.save(commit=False)
            if parent and (stored := _added(parent, form)):
                return stored
            revision = page.save_revision(user=request.user, log_action=True)
            revision.publish(user=request.user)
    except ValidationError as error:
        form.add_error(None, error if hasattr(error, "error_dict") else error.messages)
        return None
    page.refresh_from_db()
    for hook in hooks.get_hooks("after_publish_page"):
        hook(request, page)
    return page
