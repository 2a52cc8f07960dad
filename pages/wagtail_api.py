"""Wagtail's API v3 for bilingual pages: texts are written under both twins' names, and a refusal undoes what its
request had begun.

Anonymous readers get the pages of the site graph only: what is public here is what a release may hold
(docs/decisions/0006-public-means-reachable.md). Drafts, files (which may belong to a draft) and all that writes need a
token.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.api.v3.auth import AllowAnonymous
from wagtail.api.v3.errors import problem_response
from wagtail.api.v3.registry import ContentTypeRegistration, registry
from wagtail.api.v3.schemas import PageSchema, create_generator, patch_generator, read_generator
from wagtail.api.v3.schemas.pages import PageCreateBaseSchema, PageUpdateBaseSchema
from wagtail.models import get_page_models
from wagtail.utils.forms import FormValidationError

from pages.completeness import PublicationRefused
from pages.graph import SiteGraph
from pages.models import BilingualPage

__all__ = ["urls"]

#: Twins are among each page type's `api_fields`. Wagtail's own list has the bare names, which a write must not use: it
#: would follow the language of the request.
BASE_FIELDS = ["show_in_menus"]

for _model in get_page_models():
    registry.register(
        ContentTypeRegistration(
            name=_model._meta.label,
            label=str(_model._meta.verbose_name),
            read_schema=read_generator.generate_schema(_model, base_class=PageSchema),
            create_schema=create_generator.generate_schema(
                _model, base_class=PageCreateBaseSchema, fields=BASE_FIELDS
            ),
            patch_schema=patch_generator.generate_schema(
                _model, base_class=PageUpdateBaseSchema, fields=BASE_FIELDS
            ),
        )
    )

# The routers build their unions from the registry when they are first imported.
from wagtail.api.v3.api import api  # noqa: E402
from wagtail.api.v3.routers import pages as routes  # noqa: E402

_wagtails_pages = routes.get_pages_queryset


def reachable_pages(request: HttpRequest, model: Any = BilingualPage) -> Any:
    """What Wagtail lets the reader see; for the anonymous, of that what is in the site graph and says by its fields
    what holds. Wagtail asks each page about itself, not about what is above it, and does not know what an alias stands
    for."""
    pages = _wagtails_pages(request, model)
    if request.user.is_authenticated:
        return pages
    graph = SiteGraph.current()
    hidden = {
        node.id
        for kind in get_page_models()
        if not getattr(kind, "in_public_api", True)
        for node in graph.of_type(kind._meta.label_lower)
    }
    return pages.filter(pk__in=[pk for pk in graph.nodes if pk not in hidden])


routes.get_pages_queryset = reachable_pages


@api.exception_handler(ValidationError)
def refuse(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    """422 that names each field. The view has caught the exception, so ATOMIC_REQUESTS would commit the half that was
    done before it."""
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    if isinstance(refusal, FormValidationError):
        errors = [
            {"type": code, "loc": list(path), "msg": message}
            for path, coded in refusal.loc_errors
            for message, code in coded
        ]
    elif hasattr(refusal, "error_dict"):
        errors = [
            {"type": "refused", "loc": [field], "msg": message}
            for field, messages in refusal.message_dict.items()
            for message in messages
        ]
    else:
        errors = [{"type": "refused", "loc": [], "msg": message} for message in refusal.messages]
    detail = refusal.summary if isinstance(refusal, PublicationRefused) else "Validation failed"
    return problem_response(status=422, detail=detail, errors=errors)


def urls() -> Any:
    """What `path()` takes, once every app has mounted its routers."""
    for prefix, router in api._routers:
        if prefix != "/pages/":
            for view in router.path_operations.values():
                for operation in view.operations:
                    operation.auth_callbacks = [
                        each for each in operation.auth_callbacks if not isinstance(each, AllowAnonymous)
                    ]
    return api.urls
