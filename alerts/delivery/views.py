"""What the public may ask of the CMS host: to be notified, to be notified no more, to get no more mails.

The pages that ask are static, so there is no CSRF cookie to check. A browser says where a request is from (`Origin`),
and lets no other site send JSON or DELETE without asking first, which is never granted here.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from alerts.delivery import push
from alerts.delivery.models import Partner, PushSubscription
from generator import headers
from generator.documents import HTML
from pages.languages import LANGUAGES
from territory.models import Municipality

LONGEST_BODY = 8 * 1024
MOST, PER_SECONDS = 20, 60
"""How many requests an address may make in so many seconds; nginx counts too."""


class Answer(Exception):
    """A request that is not granted: status, and why."""

    def __init__(self, status: int, reason: str) -> None:
        self.status, self.reason = status, reason
        super().__init__(reason)


@csrf_exempt
@never_cache
@require_http_methods(["POST", "DELETE"])
def subscriptions(request: HttpRequest) -> HttpResponse:
    """POST {subscription, language, municipalities} to be notified, or of something else (201, 200); with `replaces`,
    the endpoint before, what was chosen for that one stays, where it is still known. DELETE {endpoint} to be notified
    no more (204, also if it was not)."""
    try:
        _check_where_from(request)
        _check_how_often(request)
        data = _json(request)
        if request.method == "DELETE":
            PushSubscription.objects.filter(endpoint=str(data.get("endpoint", ""))).delete()
            return HttpResponse(status=204)
        if not settings.VIGIE_VAPID_PRIVATE_KEY:
            raise Answer(503, "Notifications are not configured.")
        return JsonResponse({}, status=201 if _subscribe(data) else 200)
    except push.InvalidSubscription as error:
        return JsonResponse({"error": str(error)}, status=400)
    except Answer as answer:
        return JsonResponse({"error": answer.reason}, status=answer.status)


def _check_where_from(request: HttpRequest) -> None:
    own = {push.origin(settings.VIGIE_BASE_URL), f"{request.scheme}://{request.get_host()}"}
    if request.headers.get("Origin") not in own:
        raise Answer(403, "This request has to come from a page of the site itself.")


def _check_how_often(request: HttpRequest) -> None:
    """Without storing who asked: a hash that is forgotten within a minute."""
    sender = hashlib.sha256(f"{settings.SECRET_KEY}{_address(request)}".encode()).hexdigest()
    key = f"alerts.push.{sender}"
    cache.add(key, 0, PER_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:
        count = 1
    if count > MOST:
        raise Answer(429, "Too many requests. Try again in a minute.")


def _address(request: HttpRequest) -> str:
    """Who asks; as the proxy on this machine says, where one stands in front."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if {address, "*"} & set(settings.VIGIE_PROXIES):
        return request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    return address


def _json(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Answer(415, "Send JSON, as application/json.")
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise Answer(413, f"A request has at most {LONGEST_BODY} bytes.")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Answer(400, "This is no JSON.") from None
    if not isinstance(data, dict):
        raise Answer(400, "Send a JSON object.")
    return data


@transaction.atomic
def _subscribe(data: dict[str, Any]) -> bool:
    """Store it; whether it is new. Raises InvalidSubscription and Answer."""
    values = push.check_subscription(data.get("subscription"))
    before = None
    if replaces := data.get("replaces"):
        before = PushSubscription.objects.filter(endpoint=str(replaces)).first()
        # It was removed as dead when a message came back from it.
        if before is None and "language" not in data:
            raise Answer(404, "The subscription that this one replaces is unknown. Subscribe anew.")
    if before:
        values["language"] = before.language
        towns = list(before.municipalities.all())
    else:
        values["language"] = str(data.get("language"))
        if values["language"] not in LANGUAGES:
            raise Answer(400, f"The language is one of {', '.join(LANGUAGES)}.")
        towns = _municipalities(data.get("municipalities", []))
    endpoint = values.pop("endpoint")
    subscription, is_new = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=values)
    subscription.municipalities.set(towns)
    if before and before.pk != subscription.pk:
        before.delete()
    return is_new


def _municipalities(wanted: Any) -> list[Municipality]:
    if not isinstance(wanted, list) or not all(isinstance(code, str) for code in wanted):
        raise Answer(400, "The municipalities are a list of NIS codes; an empty one is the whole region.")
    codes = set(wanted)
    found = list(Municipality.objects.filter(nis__in=codes)) if len(codes) <= 100 else []
    if unknown := codes - {town.nis for town in found}:
        raise Answer(400, f"There is no municipality {min(unknown)[:20]!r} here.")
    return found


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def leave_mail(request: HttpRequest, token: UUID) -> HttpResponse:
    """A question in both languages (GET), and no more mails (POST, also RFC 8058's from a mail program)."""
    partner = get_object_or_404(Partner, token=token)
    if request.method == "POST":
        Partner.objects.filter(pk=partner.pk).update(is_active=False)
        partner.is_active = False
    body = render_to_string("alerts/leave_mail.html", {"partner": partner}, using="public").encode()
    own = headers.for_content(HTML, body) | {"Cache-Control": headers.NEVER, "Referrer-Policy": "no-referrer"}
    return HttpResponse(body, headers=headers.for_file(request.path, HTML, own))
