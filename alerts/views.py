"""POST /api/cap/: a partner's CAP message becomes a draft (docs/alerts.md)."""

from __future__ import annotations

import logging
import math
from datetime import timedelta

from django.db import Error
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from alerts import importing
from alerts.importing import MOST_BYTES, Refused
from alerts.sources import Source, hashed

logger = logging.getLogger(__name__)

WINDOW, MOST_REQUESTS = timedelta(minutes=1), 30
"""What one partner may send."""
STATUS = {"too_large": 413, "no_index": 503, "unexpected": 500, importing.NOT_ITS_SENDER: 403}
RETRY_SECONDS = 30


@csrf_exempt
def receive(request: HttpRequest) -> JsonResponse:
    """201 drafted, 200 updated, cancelled or known; otherwise `{"error": {"code", "message", "line"}}`."""
    if request.method != "POST":
        return _error(405, "method", "Only POST is answered here.", headers={"Allow": "POST"})
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    source = Source.objects.filter(token_sha256=hashed(token.strip()), is_active=True).first()
    if scheme.lower() != "bearer" or source is None:
        message = "Send your token as “Authorization: Bearer …”."
        return _error(401, "token", message, headers={"WWW-Authenticate": "Bearer"})
    if wait := _wait(source):
        message = f"At most {MOST_REQUESTS} messages a minute. Try again in {wait} seconds."
        return _error(429, "rate", message, headers={"Retry-After": str(wait)})
    data = request.read(MOST_BYTES + 1)
    try:
        try:
            with importing.refusing():
                outcome = importing.store(importing.read(data), source)
        except Refused as refusal:
            _keep(data, source, refusal)
            message = f"{refusal.reason} {refusal.remedy}"
            return _error(STATUS.get(refusal.code, 422), refusal.code, message, refusal.line or None)
    except Error:
        logger.exception("The database took no message of %s", source)
        message = "The message could not be stored just now. Send it again."
        return _error(503, "database", message, headers={"Retry-After": str(RETRY_SECONDS)})
    body = {"state": outcome.state, "to_be_written": list(outcome.missing), "notes": list(outcome.notes)}
    return JsonResponse(body, status=201 if outcome.state == "drafted" else 200)


def _wait(source: Source) -> int:
    """Counts this request; the seconds that `source` has to wait, 0 where it need not."""
    now = timezone.now()
    mine = Source.objects.filter(pk=source.pk)
    mine.filter(window_began_at__lte=now - WINDOW).update(window_began_at=now, window_count=0)
    if mine.filter(window_count__lt=MOST_REQUESTS).update(window_count=F("window_count") + 1):
        return 0
    source.refresh_from_db()
    return max(1, math.ceil((source.window_began_at + WINDOW - now).total_seconds()))


def _keep(data: bytes, source: Source, refusal: Refused) -> None:
    """The partner is told, and officers where they have to know; the file is kept for who has to find out why."""
    importing.tell(data, refusal, source)
    logger.warning("A CAP message of %s was refused: %s", source, refusal)
    if refusal.code == "too_large":
        return
    try:
        importing.quarantine(data, f"{source.pk}.xml", refusal)
    except importing.NotQuarantined:
        logger.exception("A refused CAP message of %s was not kept", source)


def _error(
    status: int, code: str, message: str, line: int | None = None, headers: dict[str, str] | None = None
) -> JsonResponse:
    return JsonResponse(
        {"error": {"code": code, "message": message, "line": line}}, status=status, headers=headers
    )
