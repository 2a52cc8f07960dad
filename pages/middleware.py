"""What was refused is a message to the editor, whatever route it took."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from pages.completeness import PublicationRefused

if TYPE_CHECKING:
    from pages.models import BilingualPage


class RefusalMiddleware:
    """Turns a ValidationError that no view has caught into a message on the page that the editor came from (the
    transaction of the request is rolled back by ATOMIC_REQUESTS), or into a 409 with the fields for who asks for JSON.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ValidationError):
            return None
        page: BilingualPage | None = None
        if isinstance(exception, PublicationRefused):
            page, summary = exception.page, exception.summary
        else:
            summary = " ".join(exception.messages)
        if "/api/" in request.path or "application/json" in request.headers.get("accept", ""):
            errors = getattr(exception, "message_dict", {NON_FIELD_ERRORS: exception.messages})
            return JsonResponse({"message": summary, "errors": errors}, status=409)
        messages.error(request, summary)
        back = request.headers.get("referer", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
            back = reverse("wagtailadmin_explore_root")
            if page is not None and page.pk:
                back = reverse("wagtailadmin_pages:edit", args=[page.pk])
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            # What Wagtail's modals understand: close, and go there.
            return JsonResponse({"step": "success", "redirect": back})
        return redirect(back)
