"""Settings that hold everywhere. What differs by machine comes from the environment (`.env` beside manage.py is
read in development only). Each variable is documented in docs/operators.md."""

from pathlib import Path
from typing import Any

import environ
from django.utils.translation import gettext_lazy as _

from pages.languages import localized_label

BASE_DIR = Path(__file__).resolve().parents[3]
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

INSTALLED_APPS = [
    # Above Wagtail: their translated fields must exist before Wagtail's admin builds its forms.
    "modeltranslation",
    # From below upwards: a page type's twins are registered after those of the page it grows from.
    "generator",
    "pages",
    "territory",
    "emergency_numbers",
    "alerts",
    "members",
    "missions",
    "news",
    "realisations",
    "publications",
    "home",
    "editorial",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v3",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "generator.serving.ReleaseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pages.middleware.RefusalMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
# A mail server that never answers is not to hold up a request, or the mails of another alert, for good.
EMAIL_TIMEOUT = 10

WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        # Public pages. Why Jinja2: docs/decisions/0004-template-engine.md
        "NAME": "public",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "pages.jinja.environment",
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
            "trim_blocks": True,
            "lstrip_blocks": True,
            "compiled": Path(env.str("VIGIE_COMPILED_ROOT", default=str(VAR_DIR / "compiled"))),
        },
    },
    {
        # The admin.
        "NAME": "admin",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]


def database(url: str) -> dict[str, Any]:
    """Django's settings for the database at `url`: SQLite tuned for a server (WAL, busy timeout, immediate
    transactions) or PostgreSQL with psycopg's pool.
    """
    config: dict[str, Any] = env.db_url_config(url)
    options = config.setdefault("OPTIONS", {})
    config["ATOMIC_REQUESTS"] = True
    if config["ENGINE"].endswith("sqlite3"):
        options |= {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000",
        }
    elif config["ENGINE"].endswith("postgresql"):
        config["CONN_HEALTH_CHECKS"] = True
        options |= {
            "pool": {
                "min_size": 1,
                "max_size": env.int("DATABASE_POOL_SIZE", default=8),
                "timeout": 10,
                # The pool waits twice as long after each attempt: a database that is back after a minute would not be
                # found for another one. What has given up begins anew with the next who asks.
                "reconnect_timeout": 5,
            }
        }
    return config


DATABASES = {
    "default": database(
        env.str("DATABASE_URL", default="").strip() or f"sqlite:///{VAR_DIR / 'vigie.sqlite3'}"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, Any] = {"default": env.cache_url("CACHE_URL", default="locmemcache://vigie")}

AUTH_USER_MODEL = "members.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Content and interface languages are the same two; none is a fallback for the other.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("nl", _("Dutch"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True

MODELTRANSLATION_DEFAULT_LANGUAGE = "fr"
MODELTRANSLATION_LANGUAGES = ("fr", "nl")
MODELTRANSLATION_ENABLE_FALLBACKS = False
MODELTRANSLATION_CUSTOM_FIELDS = ("RichTextField", "StreamField")
MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME = localized_label

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "pages.storage.PublicFilesStorage"},
}
# An upload keeps working when files have mode 0600 in a private temporary folder.
FILE_UPLOAD_PERMISSIONS = 0o644

WAGTAIL_SITE_NAME = "Vigie"
WAGTAIL_PAGE_MODEL = "pages.BilingualPage"
WAGTAIL_I18N_ENABLED = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("fr", "Français"), ("nl", "Nederlands")]
WAGTAILADMIN_BASE_URL = env.str("VIGIE_BASE_URL", default="http://127.0.0.1:8000")
WAGTAILADMIN_UNSAFE_PAGE_DELETION_LIMIT = 5
WAGTAILIMAGES_IMAGE_MODEL = "pages.BilingualImage"
WAGTAILDOCS_DOCUMENT_MODEL = "pages.PublicDocument"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "ods", "csv", "txt", "zip"]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp", "svg"]
# A restricted page is not in the public site at all, so no password could open it.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
# Wagtail's follow the active language; ours (pages.redirects) both.
WAGTAILREDIRECTS_AUTO_CREATE = False
WAGTAILSEARCH_BACKENDS = MODELSEARCH_BACKENDS = {
    "default": {"BACKEND": "pages.search.backend"},
}
# An upload form of the admin has one field per block and language.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"

VIGIE_BASE_URL = env.str("VIGIE_BASE_URL", default="http://127.0.0.1:8000")
# CAP 1.2, 3.2.1 `sender`: an identifier of the authority, without spaces, commas, < or &.
VIGIE_CAP_SENDER = env.str("VIGIE_CAP_SENDER", default="alerts@vigie.example")
# Minutes before an active alert expires at which duty officers are told.
VIGIE_ALERT_EXPIRY_NOTICE = env.int("VIGIE_ALERT_EXPIRY_NOTICE", default=30)
VIGIE_SENDER_NAME = env.str("VIGIE_SENDER_NAME", default="Vigie")
# PEM files. Where they are set, no CAP message leaves unsigned.
ALERT_SIGNING_KEY = env.str("ALERT_SIGNING_KEY", default="")
ALERT_SIGNING_CERTIFICATE = env.str("ALERT_SIGNING_CERTIFICATE", default="")
# Partners' CAP messages that could not be taken, each with a report.
VIGIE_QUARANTINE_ROOT = Path(env.str("VIGIE_QUARANTINE_ROOT", default=str(VAR_DIR / "quarantine")))

# Notifications (Web Push): off without a key. `manage.py vapid_keys` makes one.
VIGIE_VAPID_PRIVATE_KEY = env.str("VIGIE_VAPID_PRIVATE_KEY", default="")
# RFC 8292, 2.1 `sub`: whom a push service may turn to.
VIGIE_VAPID_CONTACT = env.str("VIGIE_VAPID_CONTACT", default="mailto:alerts@vigie.example")
# The only servers that a notification is handed to, so that nobody makes us call any other.
VIGIE_PUSH_SERVICES = env.list(
    "VIGIE_PUSH_SERVICES",
    default=[
        "https://fcm.googleapis.com",
        "https://*.push.services.mozilla.com",
        "https://*.push.apple.com",
        "https://*.notify.windows.com",
    ],
)
# The proxies whose X-Forwarded-For is believed: gunicorn's own list.
VIGIE_PROXIES = env.list("FORWARDED_ALLOW_IPS", default=["127.0.0.1"])

VIGIE_RELEASES_ROOT = Path(env.str("VIGIE_RELEASES_ROOT", default=str(VAR_DIR / "releases")))
VIGIE_RELEASES_KEPT = env.int("VIGIE_RELEASES_KEPT", default=5)
VIGIE_BUILD_JOBS = env.int("VIGIE_BUILD_JOBS", default=0)
# Addresses separated by white space: generator/mirrors/places.py
VIGIE_MIRRORS = env.str("MIRRORS", default="")
RELEASE_SIGNING_KEY = env.str("RELEASE_SIGNING_KEY", default="")
# What Django answers itself; every other path is a file of the release.
VIGIE_DYNAMIC_PREFIXES = (
    "/cms/",
    "/api/",
    "/health/",
    "/static/",
    "/media/",
    "/preview/",
    "/alerts/push/",
    "/alerts/mail/",
)

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
