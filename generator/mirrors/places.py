"""Where mirrors are: the addresses in the setting VIGIE_MIRRORS, separated by white space.

    s3://bucket/folder?name=paris&endpoint_url=https://s3.example&region_name=fr-par
    rsync://vigie@mirror.example:22/srv/www/vigie?name=gent&identity=/etc/vigie/mirror_key
    rsync:///mnt/copy/vigie

Credentials of object storage come from boto3's usual places (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

OPTIONS: Mapping[str, frozenset[str]] = {
    "s3": frozenset({"name", "endpoint_url", "region_name"}),
    "rsync": frozenset({"name", "identity", "ssh"}),
}
_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,62}$")


@dataclass(frozen=True, slots=True)
class Place:
    """A mirror's address. `folder` is a prefix of keys without slashes around it, or a path; `host` the bucket, or
    "user@host"; empty for a path of this machine."""

    kind: str
    name: str
    host: str
    port: int | None
    folder: str
    options: Mapping[str, str]

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"{self.kind}://{self.host}{port}/{self.folder.lstrip('/')}"


def places() -> list[Place]:
    """All mirrors. Raises ImproperlyConfigured, which names the address and what is wrong with it."""
    found: dict[str, Place] = {}
    for address in str(getattr(settings, "VIGIE_MIRRORS", "")).split():
        place = parse(address)
        if place.name in found:
            message = f"MIRRORS has two mirrors of the name {place.name!r}. Give one another: …?name=other"
            raise ImproperlyConfigured(message)
        found[place.name] = place
    return list(found.values())


def parse(address: str) -> Place:
    """The mirror at `address`. Raises ImproperlyConfigured."""
    shown = address.partition("?")[0]
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError as error:
        raise _refusal(shown, f"is no address ({error})") from error
    if url.scheme not in OPTIONS:
        raise _refusal(shown, "begins with neither s3:// nor rsync://")
    if url.password:
        raise _refusal(url.hostname or "…", "holds a password. Use a key, or variables of the environment")
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - OPTIONS[url.scheme]):
        raise _refusal(
            shown, f"has the option {unknown[0]!r}; there are: {', '.join(sorted(OPTIONS[url.scheme]))}"
        )
    folder = unquote(url.path)
    if url.scheme == "s3":
        if not url.netloc:
            raise _refusal(shown, "names no bucket: s3://bucket/folder")
        folder = folder.strip("/")
    elif not folder.strip("/"):
        raise _refusal(shown, "names no folder: rsync://user@host/srv/www/vigie")
    name = options.pop("name", "") or (url.hostname or folder.rstrip("/").rpartition("/")[2]).lower()
    if not _NAME.match(name):
        raise _refusal(
            shown, f"has the name {name!r}. Use small letters, digits, '.', '_' and '-': …?name=paris"
        )
    host = url.netloc.rpartition(":")[0] if port else url.netloc
    return Place(url.scheme, name, host, port, folder, options)


def _refusal(address: str, reason: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"MIRRORS: {address!r} {reason}.")
