"""The "Publishing" view: what the public sees, and back to an earlier release."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.models import Site

from editorial.publishing import ROLLED_BACK, Seen, overview, release_target, releases_of, visibility
from generator import conf, releases
from generator.fencing import OvertakenError
from generator.targets import TargetError
from pages.languages import ENDONYMS
from pages.models import BilingualPage

logger = logging.getLogger(__name__)
ROLL_BACK = "generator.activate_release"


class PublishingView(WagtailAdminTemplateMixin, TemplateView):
    """What is live, waits, failed; and the releases that are kept."""

    template_name = "editorial/admin/publishing.html"
    page_title = _("Publishing")
    header_icon = "view"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        return super().get_context_data(**kwargs) | {
            "now": now,
            "overview": overview(now),
            "may_roll_back": self.request.user.has_perm(ROLL_BACK),
            "base_url": conf.base_url(),
        }


# The number of the switch is stored before the switch is made: no transaction of the request may take it back.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class RollBackView(PermissionRequiredMixin, WagtailAdminTemplateMixin, TemplateView):
    """Ask (GET), then make an earlier release live (POST)."""

    permission_required = ROLL_BACK
    raise_exception = True
    template_name = "editorial/admin/roll_back.html"
    page_title = _("Make an earlier release live")
    header_icon = "resubmit"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        back = {"url": reverse_lazy("editorial_publishing"), "label": PublishingView.page_title}
        return [*super().get_breadcrumbs_items(), back, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        target = release_target()
        wanted = next(
            (release for release in releases_of(target) if release.id == self.kwargs["release"]), None
        )
        objections = releases.objections(target, wanted.id) if wanted else []
        return super().get_context_data(**kwargs) | {
            "release": wanted,
            "objections": objections,
            "is_refused": not all(objection.is_acceptable for objection in objections),
        }

    def post(self, request: HttpRequest, release: str) -> HttpResponse:
        try:
            done = releases.activate(release_target(), release, accepted=request.POST.getlist("accepted"))
        except releases.ObjectedError as error:
            if all(objection.is_acceptable for objection in error.objections):
                messages.warning(request, gettext("Read what would be public again, and accept it first."))
                return redirect("editorial_roll_back", release)
            remedy = gettext("Correct the page and publish it instead, or choose another release.")
            return self._refuse(f"{' '.join(map(str, error.objections))} {remedy}")
        except (TargetError, OvertakenError, OSError) as error:
            logger.exception("%s could not be made live", release)
            return self._refuse(self._in_words(error))
        site = Site.objects.get(is_default_site=True)
        data = {"release": release, "overruled": done.overruled}
        log(instance=site, action=ROLLED_BACK, user=request.user, data=data)
        messages.success(request, gettext("The release %(release)s is live.") % {"release": release})
        return redirect("editorial_publishing")

    def _refuse(self, reason: str) -> HttpResponse:
        messages.error(self.request, f"{reason} {gettext('What was live stays live.')}")
        return redirect("editorial_publishing")

    def _in_words(self, error: Exception) -> str:
        named = {"release": self.kwargs["release"]}
        match error:
            case releases.NotWholeError():
                return (
                    gettext(
                        "Files of the release %(release)s are missing or are not as they were made. Choose another one."
                    )
                    % named
                )
            case releases.UnnumberedError():
                return gettext("The database does not answer. Try again in a moment.")
            case OvertakenError():
                return gettext("A newer release became live at the same moment. Look at it first.")
        return (
            gettext(
                "The release %(release)s could not be made live: a build is running, or it is no longer kept. "
                "Try again in a moment."
            )
            % named
        )


@method_decorator(never_cache, name="dispatch")
class VisibleView(TemplateView):
    """For the script that follows a publication: `{"seen": …, "html": …}`, the state of one page in words."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = get_object_or_404(BilingualPage, pk=self.kwargs["page_id"])
        if not page.permissions_for_user(request.user).can_edit():
            return JsonResponse({"seen": Seen.HIDDEN, "html": ""}, status=403)
        context = visible_context(page)
        html = render_to_string("editorial/admin/visible_words.html", context, request)
        state = context["visibility"]
        return JsonResponse({"seen": state.seen if state else None, "html": html})


def visible_context(page: BilingualPage) -> dict[str, Any]:
    """What `visible.html` and `visible_words.html` need."""
    state = visibility(page)
    links = [(ENDONYMS[language], url) for language, url in state.urls.items()] if state else []
    return {
        "visibility": state,
        "links": [(name, conf.base_url() + url) for name, url in links],
        "status_url": reverse("editorial_visible", args=[page.pk]),
    }
