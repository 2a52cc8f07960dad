"""A developer's machine: no secret to set, SQLite, mails to the console. Never for the public."""

from .base import *

environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="development-only-not-for-a-public-server")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "pages.storage.DevelopmentFilesStorage"}}
INTERNAL_IPS = ["127.0.0.1"]

VAR_DIR.mkdir(exist_ok=True)
