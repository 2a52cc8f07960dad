"""The generator's settings, each with what holds when a project sets nothing."""

import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

DEFAULT_HREFLANG = {"fr": "fr-BE", "nl": "nl-BE"}


def releases_root() -> Path:
    """The folder of releases and of the `current` link."""
    return Path(settings.VIGIE_RELEASES_ROOT)


def releases_kept() -> int:
    """How many releases stay on disk, the live one among them."""
    return max(1, int(getattr(settings, "VIGIE_RELEASES_KEPT", 5)))


def base_url() -> str:
    """The site's public address, without a last slash."""
    return str(settings.VIGIE_BASE_URL).rstrip("/")


def dynamic_prefixes() -> tuple[str, ...]:
    """The paths that Django answers itself, as in "/cms/"."""
    return tuple(settings.VIGIE_DYNAMIC_PREFIXES)


def is_dynamic(path: str) -> bool:
    """Whether `path`, with its last slash or without, is Django's to answer."""
    return f"{path}/".startswith(dynamic_prefixes())


def languages() -> list[str]:
    """The codes of the content languages, the default one first."""
    codes = [code for code, _name in settings.LANGUAGES]
    return sorted(codes, key=lambda code: code != settings.LANGUAGE_CODE)


def hreflang() -> Mapping[str, str]:
    """The code that `hreflang` and `lang` take for a language."""
    return getattr(settings, "VIGIE_HREFLANG", DEFAULT_HREFLANG)


def worker_poll_seconds() -> float:
    """How long an idle worker waits before it looks again."""
    return float(getattr(settings, "VIGIE_WORKER_POLL_SECONDS", 0.5))


def build_jobs() -> int:
    """Over how many processes a build shares out what is much."""
    return max(1, int(getattr(settings, "VIGIE_BUILD_JOBS", 0) or len(os.sched_getaffinity(0))))
