"""Alerts for tests: complete in both languages, saved as drafts. `send` publishes and `end` ends them, as people do:
`author()` writes, `approver()` publishes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import factory
from django.utils import timezone
from wagtail.models import Site

from alerts.lifecycle import Kind
from alerts.models import AlertIndexPage, AlertMessage, AlertPage
from members.models import User
from tests.factories.pages import PageFactory
from tests.factories.users import SuperuserFactory, UserFactory


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


def author() -> Any:
    """Who writes what tests send."""
    return User.objects.filter(username="author").first() or UserFactory(username="author")


def approver() -> Any:
    """Who publishes what `author()` wrote."""
    return User.objects.filter(username="approver").first() or SuperuserFactory(username="approver")


def send(alert: AlertPage, user: Any = None, **changes: Any) -> AlertMessage:
    """`author()` changes `alert`, and `user` (or `approver()`) publishes it; the message that was appended."""
    candidate = alert.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(candidate, name, value)
    candidate.save_revision(user=author()).publish(user=user or approver())
    alert.refresh_from_db()
    return alert.chain().last


def end(alert: AlertPage, kind: Kind, *, now: datetime, user: Any = None) -> AlertMessage:
    """The all-clear or the cancellation by `user` (or `author()`); the message that was appended."""
    return alert.end(kind, now=now, user=user or author())
