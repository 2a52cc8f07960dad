"""The picture of a message: a file of its own, named by its content, so that it stays what was sent."""

from __future__ import annotations

import hashlib
import logging
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import UnidentifiedImageError

from alerts.cap import writable
from generator.documents import Attachment
from generator.recording import attach
from pages.collections import is_public
from pages.languages import LANGUAGES, twin

if TYPE_CHECKING:
    from alerts.models import AlertPage

logger = logging.getLogger(__name__)

FOLDER = "alerts"
SPEC = "max-960x960|bgcolor-ffffff|format-jpeg|jpegquality-80"
"""JPEG, since not every reader of CAP opens WebP."""


def frozen(alert: AlertPage) -> dict[str, Any] | None:
    """What a message says of the picture of `alert`: its file (path in the media) and address, type, size in bytes and
    pixels, SHA-1 (as CAP 1.2 asks, 3.2.3 `digest`) and alternative texts. None without a picture.

    A picture that cannot be made, or that is in a collection which only some may see, is left out, with a line in the
    log: it must not hold back an alert.
    """
    image = alert.image
    if image is None:
        return None
    if not is_public(image):
        logger.warning(
            "The picture of alert %s is in a collection that only some may see: the alert goes out without it",
            alert.pk,
        )
        return None
    try:
        if image.is_svg():
            width, height, suffix, media_type = image.width, image.height, "svg", "image/svg+xml"
            source = image.file
        else:
            rendition = image.get_rendition(SPEC)
            width, height, suffix, media_type = rendition.width, rendition.height, "jpg", "image/jpeg"
            source = rendition.file
        with source.storage.open(source.name, "rb") as file:
            body = file.read()
    except (OSError, ValueError, UnidentifiedImageError):
        logger.exception("The picture of alert %s could not be made: the alert goes out without it", alert.pk)
        return None
    digest = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    name = f"{FOLDER}/{digest}.{suffix}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(body))
    return {
        "file": name,
        "uri": urljoin(settings.VIGIE_BASE_URL, default_storage.url(name)),
        "media_type": media_type,
        "size": len(body),
        "sha1": digest,
        "width": round(width),
        "height": round(height),
        "alt": {
            language: writable(getattr(alert, twin("image_alt", language)) or "").strip()
            for language in LANGUAGES
        },
    }


def published(image: dict[str, Any]) -> str:
    """The URL path of a frozen picture; its file becomes part of the release that is being built."""
    url = str(default_storage.url(image["file"]))
    if default_storage.exists(image["file"]):
        attach(Attachment(url=url, open=partial(_open, image["file"]), media_type=image["media_type"]))
    return url


def _open(name: str) -> Any:
    return default_storage.open(name, "rb")
