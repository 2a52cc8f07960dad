"""For whoever runs it: is the process alive, and can it do its work."""

import logging

from django.db import connections, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from generator import conf
from generator.targets import MANIFEST, current_release

logger = logging.getLogger(__name__)


@transaction.non_atomic_requests
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as soon as the process answers."""
    return JsonResponse({"status": "ok"})


@transaction.non_atomic_requests
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and a release is live, else 503; both are said."""
    release = current_release(conf.releases_root())
    if release and not (conf.releases_root() / release / MANIFEST).is_file():
        release = None
    database = _database_answers()
    is_ready = database and release is not None
    body = {"status": "ok" if is_ready else "unavailable", "database": database, "release": release}
    return JsonResponse(body, status=200 if is_ready else 503)


def _database_answers() -> bool:
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        logger.exception("The database does not answer")
        return False
    return True
