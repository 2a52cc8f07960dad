"""What `make run` uses, with every file in the scratch folder that SITE_FOLDER names."""

import os
from pathlib import Path

from config.settings.development import *  # noqa: F403

_folder = Path(os.environ["SITE_FOLDER"])
STATIC_ROOT = _folder / "static"
SECRET_KEY = "tests-only"
# Accounts are made and checked by the dozen; their hashes protect nothing here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
VIGIE_WORKER_POLL_SECONDS = 0.2
