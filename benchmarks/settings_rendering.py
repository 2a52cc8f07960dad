"""The site as Wagtail renders it at each request, without releases: what ours is compared with."""

import os
from importlib.util import find_spec

from config.settings.development import *  # noqa: F403
from config.settings.development import INSTALLED_APPS, MIDDLEWARE

MIDDLEWARE = [name for name in MIDDLEWARE if name != "generator.serving.ReleaseMiddleware"]

if find_spec("bakery") and find_spec("wagtailbakery"):
    INSTALLED_APPS = [*INSTALLED_APPS, "bakery", "wagtailbakery"]
    BUILD_DIR = os.environ.get("BUILD_DIR", "")
    BAKERY_VIEWS = ("wagtailbakery.views.AllPublishedPagesView",)
    BAKERY_GZIP = False
