"""The tests: in-process, fast, the same engines as production. DATABASE_URL chooses SQLite or PostgreSQL."""

import tempfile
from pathlib import Path

from .base import *

DEBUG = False
SECRET_KEY = "tests-only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_scratch = Path(tempfile.mkdtemp(prefix="vigie-test-"))
MEDIA_ROOT = str(_scratch / "media")
VIGIE_RELEASES_ROOT = _scratch / "releases"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
DATABASES = {"default": database(env.str("DATABASE_URL", default="sqlite://:memory:"))}
DATABASES["default"]["OPTIONS"].pop("pool", None)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA synchronous=OFF"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tests"}}
LOGGING["root"]["level"] = "WARNING"

# Page types that exist only for the tests of `pages`.
INSTALLED_APPS += ["tests.testapp"]
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "tests" / "templates"]
