"""A refused publication is a message to the editor, whatever route it took."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from pages.completeness import PublicationRefused


class PublicationRefusedMiddleware:
    """Turns PublicationRefused into a message on the page's edit form (the transaction of the request is rolled back
    by ATOMIC_REQUESTS), or into a 409 with the fields for a client that asks for JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, PublicationRefused):
            return None
        if request.path.startswith("/api/") or "application/json" in request.headers.get("accept", ""):
            body = {"message": exception.summary(), "errors": exception.message_dict}
            return JsonResponse(body, status=409)
        messages.error(request, exception.summary())
        back = request.headers.get("referer", "")
        if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
            page = exception.page
            back = (
                reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk else reverse("wagtailadmin_explore_root")
            )
        return redirect(back)
