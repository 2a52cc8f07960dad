"""For whoever runs it: is the process alive, and can it do its work."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future

from django.db import connections, transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from generator import conf
from generator.targets import MANIFEST, current_release

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 2
"""Who asks gives up soon after, and would not learn which part is away. The pool itself waits longer for a connection,
and a network that swallows everything without end."""


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


class Probe:
    """Asks something that may never answer. However often and by however many, one question is on its way at a time:
    what is away is not asked more because it is away."""

    def __init__(self, question: Callable[[], bool]) -> None:
        self.question = question
        self._lock = threading.Lock()
        self._pending: Future[bool] | None = None

    def answers(self, seconds: float) -> bool:
        """Whether the answer was yes and came in time."""
        with self._lock:
            if self._pending is None or self._pending.done():
                self._pending = Future()
                # The process may end while it waits.
                threading.Thread(target=self._ask, args=(self._pending,), daemon=True).start()
            pending = self._pending
        try:
            return pending.result(seconds)
        except TimeoutError:
            logger.error("The database has not answered within %s seconds", seconds)
            return False

    def _ask(self, pending: Future[bool]) -> None:
        answer = False
        try:
            answer = self.question()
        finally:
            pending.set_result(answer)


def _ask_database() -> bool:
    connection = connections["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        logger.exception("The database does not answer")
        return False
    finally:
        connection.close()
    return True


_database = Probe(_ask_database)


def _database_answers() -> bool:
    return _database.answers(PATIENCE_SECONDS)
