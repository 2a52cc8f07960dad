"""What Django answers itself. Every other public path is a file of the release (generator.serving)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from alerts.views import receive as receive_cap
from config.media import media
from pages import wagtail_api

DYNAMIC = "|".join(prefix.removeprefix("/") for prefix in settings.VIGIE_DYNAMIC_PREFIXES)

urlpatterns = [
    path("cms/files/", include(decorate_urlpatterns(wagtaildocs_urls.urlpatterns, require_admin_access))),
    path("cms/", include(wagtailadmin_urls)),
    path("api/cap/", receive_cap),
    path("api/wagtail/v3/", wagtail_api.urls()),
    path("alerts/", include("alerts.delivery.urls")),
    path("health/", include("generator.urls")),
    path("media/<path:path>", media),
    # The CMS reverses page addresses with it; the release answers them. Not below what Django answers itself, where
    # the locale middleware would otherwise turn what is not found into a redirect to a page.
    *i18n_patterns(re_path(rf"^(?!{DYNAMIC})", include(wagtail_urls))),
]
