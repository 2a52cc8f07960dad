"""Alerts for tests: complete in both languages, saved as drafts; `send` publishes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from wagtail.models import Site

from alerts.models import AlertIndexPage, AlertMessage, AlertPage
from tests.factories.pages import PageFactory


class AlertIndexFactory(PageFactory):
    title_fr = "Alertes"
    title_nl = "Waarschuwingen"

    class Meta:
        model = AlertIndexPage


def alert_index() -> AlertIndexPage:
    """The site's alerts index, made where it is missing."""
    home = Site.objects.get(is_default_site=True).root_page
    return AlertIndexPage.objects.first() or AlertIndexFactory(parent=home)


class AlertFactory(PageFactory):
    """A draft: `AlertFactory(expires=…)`. `municipalities` takes a list of objects."""

    live = False
    title_fr = factory.Sequence(lambda number: f"Fusillade à Anderlecht ({number})")
    title_nl = factory.Sequence(lambda number: f"Schietpartij in Anderlecht ({number})")
    what_fr = "Des coups de feu ont été entendus près de la place de la Vaillance."
    what_nl = "Er zijn schoten gehoord bij het Dapperheidsplein."
    instruction_fr = "Restez à l'intérieur.\nÉloignez-vous des fenêtres."
    instruction_nl = "Blijf binnen.\nBlijf weg van de ramen."
    area_fr = "Place de la Vaillance"
    area_nl = "Dapperheidsplein"
    event = "shooting"
    onset = factory.LazyAttribute(lambda _alert: timezone.now())
    expires = factory.LazyAttribute(lambda alert: alert.onset + timedelta(hours=2))

    class Meta:
        model = AlertPage

    @classmethod
    def _create(cls, model_class: Any, *args: Any, parent: Any = None, **attrs: Any) -> Any:
        return super()._create(model_class, *args, parent=parent or alert_index(), **attrs)


def send(alert: AlertPage, user: Any = None, **changes: Any) -> AlertMessage:
    """Publish `alert` with `changes`; the message that was appended."""
    candidate = alert.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(candidate, name, value)
    candidate.save_revision(user=user).publish(user=user)
    alert.refresh_from_db()
    return alert.chain().last
