"""Uploaded files inside the CMS. What the public may see is part of the release and served from there; everything else
under /media/ and every document is for people with access to the CMS."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.static import serve
from wagtail.admin.auth import require_admin_access


@require_admin_access
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """The uploaded file at `path`; 404 for what is not there, the login form for who may not see it."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    if isinstance(response, FileResponse):
        response["Cache-Control"] = "private, max-age=60"
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
