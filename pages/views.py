"""Admin views that know both languages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.copy import CopyView as SingleLanguageCopyView

from pages.actions import CopyAction, CreateAliasAction
from pages.forms import BilingualCopyForm
from pages.models import BilingualPage


class CopyView(SingleLanguageCopyView):
    """Copies a page, or makes an alias of it, with a title and a slug for each language. Called for a `page` that the
    user may copy."""

    template_name = "pages/copy.html"

    def dispatch(self, request: HttpRequest, *args: Any, page: BilingualPage, **kwargs: Any) -> HttpResponse:
        self.page = page
        self.parent_page = page.get_parent()
        self.next_url = get_valid_next_url_from_request(request)
        # FormView's: the one of the class in between would look for other hooks, and find this view.
        response: HttpResponse = super(SingleLanguageCopyView, self).dispatch(request, page.pk)
        return response

    def form_valid(self, form: BilingualCopyForm) -> HttpResponse:
        chosen = form.cleaned_data
        parent = chosen["new_parent_page"] or self.parent_page
        common = {"recursive": bool(chosen.get("copy_subpages")), "user": self.request.user}
        if chosen.get("alias"):
            slugs = {name: slug for name, slug in form.attrs().items() if name.startswith("slug")}
            action = CreateAliasAction(self.page.specific, parent=parent, update_slugs=slugs, **common)
            copied = action.execute(skip_permission_checks=True)
        else:
            may_publish = parent.permissions_for_user(self.request.user).can_publish_subpage()
            keep_live = may_publish and bool(chosen.get("publish_copies"))
            copied = CopyAction(
                self.page, to=parent, update_attrs=form.attrs(), keep_live=keep_live, **common
            ).execute()
        edit = messages.button(reverse("wagtailadmin_pages:edit", args=[copied.pk]), _("Edit"))
        title = {"page_title": self.page.specific_deferred.get_admin_display_title()}
        messages.success(self.request, _("Page '%(page_title)s' copied.") % title, buttons=[edit])
        for hook in hooks.get_hooks("after_copy_page"):
            response = hook(self.request, self.page, copied)
            if hasattr(response, "status_code"):
                return response
        return redirect(self.next_url) if self.next_url else redirect("wagtailadmin_explore", parent.pk)
