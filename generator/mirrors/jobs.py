"""When mirrors are written: soon after a release went live, each in a process of its own, so that one that is slow or
away holds back neither the others nor the next build. A failure is tried again, later each time; a newer release at
once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from generator import conf, registry, signing
from generator.manifest import Manifest
from generator.mirrors.places import Place, places
from generator.mirrors.stores import MirrorError, store_of
from generator.mirrors.sync import ReleaseGoneError, Sent, YieldedError, alerts_of, push
from generator.models import MirrorState
from generator.outbox import FIRST_RETRY_SECONDS, LAST_RETRY_SECONDS
from generator.signing import KeyUnusableError
from generator.targets import MANIFEST, TargetError, current_release, file_lock

logger = logging.getLogger(__name__)

State = MirrorState.State
PERIOD_SECONDS = 1
RELEASES_MISSED = 5
"""How often a release may be deleted while it is being read before that is a failure."""
_processes: dict[str, subprocess.Popen[bytes]] = {}


@registry.periodic("generator.mirrors", seconds=PERIOD_SECONDS, urgent=True)
def start_due() -> list[str]:
    """Start a process for each mirror that is behind and due. Their names."""
    configured = places()
    if not configured:
        return []
    current = current_release(conf.releases_root())
    noted = MirrorState.objects.in_bulk(field_name="name")
    MirrorState.objects.filter(name__in=noted.keys() - {place.name for place in configured}).delete()
    started = []
    for place in configured:
        if current and not _is_running(place.name) and _is_due(_known(place, noted), current):
            _processes[place.name] = start(place.name)
            started.append(place.name)
    return started


def states(configured: Iterable[Place]) -> list[tuple[Place, MirrorState]]:
    """Each mirror with what is known of it: nothing where it was never sent to, or has another address, other options
    or another key since."""
    noted = MirrorState.objects.in_bulk(field_name="name")
    return [(place, _known(place, noted)) for place in configured]


def _known(place: Place, noted: Mapping[str, MirrorState]) -> MirrorState:
    state = noted.get(place.name)
    return state if state and state.digest == digest_of(place) else MirrorState(name=place.name)


def digest_of(place: Place) -> str:
    """SHA-256, in hexadecimal, of where the mirror is and of who signs it."""
    public = ""
    if key := _signing_key():
        # Sending says what is wrong with a key that is none.
        with suppress(KeyUnusableError):
            public = signing.public_key(key)
    told = [str(place), sorted(place.options.items()), public]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _signing_key() -> str:
    return str(getattr(settings, "RELEASE_SIGNING_KEY", ""))


def start(name: str, *, full: bool = False) -> subprocess.Popen[bytes]:
    """`manage.py mirrors push NAME`, wherever manage.py is."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "django", "mirrors", "push", name, *(["--full"] if full else [])]
    return subprocess.Popen(command, env=environment)  # noqa: S603


def _is_running(name: str) -> bool:
    process = _processes.get(name)
    if process and process.poll() is None:
        return True
    _processes.pop(name, None)
    return False


def _is_due(state: MirrorState, current: str) -> bool:
    if (state.wanted or state.release) != current:
        return True
    return state.release != current and state.due_at <= timezone.now()


def bring_up_to_date(place: Place, *, full: bool = False) -> Sent | None:
    """Bring the mirror to the live release, again while newer ones come, and note how that went. None where another
    process is at it, or there is no release yet.

    Raises MirrorError, OSError or KeyUnusableError; each is noted, with the time of the next try.
    """
    root = conf.releases_root()
    try:
        with file_lock(root / f".mirror-{place.name}.lock", lambda message: None, 0):
            return _bring_up_to_date(place, full)
    except TargetError:
        return None


def _bring_up_to_date(place: Place, full: bool) -> Sent | None:
    root = conf.releases_root()
    sent: Sent | None = None
    missed, done = 0, None
    while (current := current_release(root)) and done != current:
        _note_start(place, current)
        try:
            sent = push(
                store_of(place),
                root / current,
                root / f".mirroring-{place.name}",
                key=_signing_key(),
                full=full,
                should_yield=partial(_other_alerts_wait, root),
            )
        except YieldedError as error:
            logger.info("The mirror %s: %s makes way for a release with other alerts", place.name, error)
        except ReleaseGoneError as error:
            missed += 1
            if missed >= RELEASES_MISSED or current_release(root) == current:
                message = (
                    f"The release {current} disappeared while it was read. Keep more: VIGIE_RELEASES_KEPT."
                )
                _note_failure(place, message)
                raise MirrorError(message) from error
        except (MirrorError, OSError, KeyUnusableError) as error:
            _note_failure(place, str(error))
            raise
        else:
            _note_success(place, sent)
            done = current
    return sent


def _other_alerts_wait(root: Path, sending: Manifest) -> bool:
    """Whether a newer release says something else of alerts than the one that is being sent."""
    newest = current_release(root)
    if newest in {None, sending.release}:
        return False
    try:
        return _alerts_of(root / str(newest)) != alerts_of(sending)
    except (OSError, ValueError):
        return False


@lru_cache(maxsize=1)
def _alerts_of(release: Path) -> dict[str, str]:
    return alerts_of(Manifest.load(release / MANIFEST))


def _note_start(place: Place, release: str) -> None:
    """Also when it is due again, should this process be killed."""
    state, _made = MirrorState.objects.get_or_create(name=place.name, defaults={"address": str(place)})
    digest = digest_of(place)
    if state.digest != digest:
        state = MirrorState(pk=state.pk, name=place.name)
    attempts = state.attempts + 1 if state.wanted == release else 1
    delay = min(FIRST_RETRY_SECONDS * 2.0 ** min(attempts - 1, 16), LAST_RETRY_SECONDS)
    now = timezone.now()
    MirrorState.objects.filter(name=place.name).update(
        address=str(place),
        digest=digest,
        state=State.SENDING,
        release=state.release,
        wanted=release,
        attempts=attempts,
        error=state.error,
        finished_at=state.finished_at,
        started_at=now,
        due_at=now + timedelta(seconds=delay),
    )


def _note_failure(place: Place, error: str) -> None:
    """The delay counts from now."""
    state = MirrorState.objects.get(name=place.name)
    delay = state.due_at - state.started_at if state.started_at else timedelta(seconds=FIRST_RETRY_SECONDS)
    MirrorState.objects.filter(pk=state.pk).update(
        state=State.FAILED, error=error, due_at=timezone.now() + delay
    )
    logger.error(
        "The mirror %s is behind (try %s); again in %.0f seconds. %s",
        place.name,
        state.attempts,
        delay.total_seconds(),
        error,
    )


def _note_success(place: Place, sent: Sent) -> None:
    MirrorState.objects.filter(name=place.name).update(
        state=State.WHOLE, release=F("wanted"), attempts=0, error="", finished_at=timezone.now()
    )
    logger.info(
        "The mirror %s has release %s: %s files sent, %s deleted",
        place.name,
        sent.release,
        sent.put,
        sent.deleted,
    )
