"""The page where a browser asks for notifications. There is one as long as a key is configured."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from alerts.delivery import push
from alerts.models import AlertIndexPage
from generator import registry
from generator.documents import Document
from pages.languages import LANGUAGES, REGIONAL, override
from pages.redirects import redirect_below
from pages.rendering import Rendering, Run, Variant, base_context, register_context, render_template
from territory.models import Municipality

INDEX = "alerts.alertindexpage"
VARIANT = Variant(key="notifications", paths=push.PAGE_PATHS)


def notifications_url(rendering: Rendering) -> str | None:
    """The page's address in the rendering's language; None where there is none."""
    index = rendering.graph.first(INDEX)
    if index is None or not push.public_key():
        return None
    return index.urls[rendering.language] + VARIANT.paths[rendering.language]


register_context("notifications_url", notifications_url)
redirect_below(INDEX, lambda: VARIANT.paths if settings.VIGIE_VAPID_PRIVATE_KEY else {})


@registry.documents("alerts.notifications")
def documents(context: registry.BuildContext) -> Iterator[Document]:
    run = Run.of(context)
    node = run.graph.first(INDEX)
    if node is None or not push.public_key():
        return
    page = AlertIndexPage.objects.get(pk=node.id)
    for language in LANGUAGES:
        rendering = Rendering(page, language, run, VARIANT)
        urls = rendering.urls()
        yield Document(
            url=urls[language],
            render=partial(render, rendering),
            language=language,
            alternates={**{REGIONAL[code]: url for code, url in urls.items()}, "x-default": "/"},
            in_sitemap=True,
            label=f"Notifications ({language})",
            headers={"Content-Language": REGIONAL[language]},
        )


def render(rendering: Rendering) -> str:
    with override(rendering.language):
        context = base_context(rendering) | {
            "title": gettext("Alerts on your device"),
            "description": gettext(
                "A notification on your phone or computer when an alert concerns your municipality."
            ),
            "public_key": push.public_key(),
            "subscriptions_url": reverse("alerts_push_subscriptions"),
            "municipalities": Municipality.objects.on(rendering.run.today()).order_by(
                f"name_{rendering.language}"
            ),
        }
        return render_template("alerts/notifications.html", context)
