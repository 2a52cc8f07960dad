"""WSGI entry point for gunicorn: `gunicorn --chdir <project> --pythonpath site config.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

from generator.version import code_version  # noqa: E402 - needs the apps

code_version()
