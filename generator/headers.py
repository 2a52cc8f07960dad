"""The headers of public files, in one place: the built-in server sends these, and tests hold the configuration for
nginx to them.

Short lifetimes are the guarantee, a purge only an accelerator (GOV.UK RFC 144).
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping

from generator.documents import shared_headers
from generator.manifest import FileEntry, Files

URGENT = "public, max-age=15, stale-while-revalidate=30, stale-if-error=86400"
"""What somebody in danger reads: home, alerts, emergency numbers."""
FOLLOWED = "public, max-age=5, stale-while-revalidate=5, stale-if-error=86400"
"""What open pages ask for every ten seconds (static/js/alerts.js): a shared cache must not answer with what it said the
last time."""
ORDINARY = "public, max-age=60, s-maxage=300, stale-if-error=604800"
IMMUTABLE = "public, max-age=31536000, immutable"
"""A name that holds a hash of the content. Editors name what they upload, which may look so by chance."""
MISSING = "public, max-age=10"
"""A 404: an alert's address may be asked for before it exists."""
NEVER = "no-store"

CACHE_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^/(?:[a-z]{2}/)?$"), URGENT),
    (re.compile(r"^/alerts/active\.(?:geo)?json$"), FOLLOWED),
    (re.compile(r"^/(?:alerts|fr/alertes|nl/waarschuwingen|fr/numeros-urgence|nl/noodnummers)/"), URGENT),
    (re.compile(r"^/emergency-numbers\."), URGENT),
    (re.compile(r"^/(?:[a-z]{2}/)?404\.html$"), MISSING),
    (re.compile(r"^/static/.*\.[0-9a-f]{12,64}\.[a-z0-9]+$"), IMMUTABLE),
)
"""The first rule whose pattern is found in the decoded URL counts; ORDINARY when none is."""

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
FRAMED_ANYWHERE = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""For a file that other sites are meant to show in a frame: it has nothing to click that does anything here."""
SECURITY: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ACTIVE_CONTENT = ("text/html", "image/svg+xml", "application/xhtml+xml", "application/xml", "text/xml")
"""Media types that a browser runs or renders as a page of this site."""


_STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)


def for_content(media_type: str, body: bytes) -> dict[str, str]:
    """The headers that depend on a file's bytes: a page's inline style sheets are allowed by their hashes, so
    that no other is (CSP Level 3, 6.7.2.2). Empty for all else."""
    if not media_type.startswith("text/html"):
        return {}
    digests = [hashlib.sha256(style.replace(b"\r\n", b"\n")).digest() for style in _STYLE.findall(body)]
    if not digests:
        return {}
    hashes = " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in dict.fromkeys(digests))
    return {"Content-Security-Policy": f"{CONTENT_SECURITY_POLICY}; style-src 'self' {hashes}"}


def with_own(own: Mapping[str, str], media_type: str, body: bytes) -> Mapping[str, str]:
    """The headers that depend on a file's bytes, and its `own`, which win; shared by all files that have the same."""
    return shared_headers({**for_content(media_type, body), **own})


def nginx_map(files: Mapping[str, FileEntry]) -> str:
    """Lines for `map $uri $vigie_csp_of_file { include policies.map; }`: the files that have a policy of their own.
    nginx ignores case in keys and refuses to start on a repeated one."""
    lines: dict[str, str] = {}
    for path, policy in sorted(Files.of(files).with_policy().items()):
        quoted = path.replace("\\", "\\\\").replace('"', '\\"')
        lines.setdefault(path.lower(), f'"/{quoted}" "{policy}";\n')
    return "".join(lines.values())


def cache_control(url: str) -> str:
    """The Cache-Control of the file at `url` (decoded path)."""
    return next((value for pattern, value in CACHE_RULES if pattern.search(url)), ORDINARY)


def for_file(url: str, media_type: str, own: Mapping[str, str] | None = None) -> dict[str, str]:
    """All headers of the public file at `url` but those of its bytes (length, encoding, validators).

    What is not a page may be read by any site: it is open data. `own`, the document's headers, win.
    """
    headers = {"Content-Type": media_type, "Cache-Control": cache_control(url), **SECURITY}
    if media_type.startswith(ACTIVE_CONTENT):
        headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    else:
        headers["Access-Control-Allow-Origin"] = "*"
    named = {name.lower(): name for name in headers}
    for name, value in (own or {}).items():
        headers.pop(named.get(name.lower(), ""), None)
        headers[name] = value
    return headers
