"""The generator's settings as Django system checks, so that a mistake is found before a release waits for it."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from generator.mirrors.places import places
from generator.signing import KeyUnusableError, public_key


@register()
def mirrors_and_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Addresses of mirrors (generator.E001) and the key that signs their manifests (generator.E002) can be used."""
    errors: list[CheckMessage] = []
    try:
        places()
    except ImproperlyConfigured as error:
        errors.append(Error(str(error), id="generator.E001"))
    if key := str(getattr(settings, "RELEASE_SIGNING_KEY", "")):
        try:
            public_key(key)
        except KeyUnusableError as error:
            errors.append(Error(f"RELEASE_SIGNING_KEY: {error}", id="generator.E002"))
    return errors
