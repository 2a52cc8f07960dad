"""A public server. Refuses to start when something unsafe is unset; passes `check --deploy` unsilenced."""

from email.utils import parseaddr

from django.core.exceptions import ImproperlyConfigured

from .base import *


def required(name: str, why: str) -> str:
    """The variable's value, or ImproperlyConfigured that names it and says what to do."""
    value = env.str(name, default="")
    if not value.strip():
        message = f"{name} is not set. {why}"
        raise ImproperlyConfigured(message)
    return value


DEBUG = False
SECRET_KEY = required(
    "SECRET_KEY",
    "Set it to 50 or more random characters, for example from "
    "`python -c 'import secrets; print(secrets.token_urlsafe(64))'`.",
)
if (
    len(SECRET_KEY) < 50
    or len(set(SECRET_KEY)) < 10
    or SECRET_KEY.startswith(("django-insecure", "development-only"))
):
    message = "SECRET_KEY is too weak for a public server: use 50 or more random characters."
    raise ImproperlyConfigured(message)

ALLOWED_HOSTS = [
    host.strip()
    for host in required(
        "ALLOWED_HOSTS", "Set it to the host names of this server, separated by commas."
    ).split(",")
    if host.strip()
]
if "*" in ALLOWED_HOSTS:
    message = "ALLOWED_HOSTS holds '*', which accepts any host. Name the host names of this server."
    raise ImproperlyConfigured(message)

VIGIE_BASE_URL = WAGTAILADMIN_BASE_URL = required(
    "VIGIE_BASE_URL", "Set it to the public address of the site, for example https://safe.example."
).rstrip("/")
if not VIGIE_BASE_URL.startswith("https://"):
    message = f"VIGIE_BASE_URL is '{VIGIE_BASE_URL}', which is not HTTPS. Use an https:// address."
    raise ImproperlyConfigured(message)

required("DATABASE_URL", "Set it to the database, for example postgres://vigie@127.0.0.1:5432/vigie.")

if not env.bool("SECURE_SSL_REDIRECT", default=True):
    message = (
        "SECURE_SSL_REDIRECT is off. The CMS is served over HTTPS only; unset it, and terminate TLS in front."
    )
    raise ImproperlyConfigured(message)
SECURE_SSL_REDIRECT = True
# Health checks come from the machine itself, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
if SECURE_HSTS_SECONDS < 3600:
    message = f"SECURE_HSTS_SECONDS is {SECURE_HSTS_SECONDS}; use 3600 or more (a year is 31536000)."
    raise ImproperlyConfigured(message)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = False
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]
# The CMS's own previews are let into its frames by Wagtail, view by view.
X_FRAME_OPTIONS = "DENY"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"vigie@{ALLOWED_HOSTS[0].lstrip('.')}"
)
VIGIE_VAPID_CONTACT = env.str("VIGIE_VAPID_CONTACT", default=f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")

LOGGING["formatters"]["json"] = {
    "()": "pythonjsonlogger.json.JsonFormatter",
    "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s %(process)d",
    "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
    "datefmt": "%Y-%m-%dT%H:%M:%S%z",
}
LOGGING["handlers"]["console"]["formatter"] = "json"
