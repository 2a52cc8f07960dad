"""The feeds (RFC 4287): one entry an alert, under one id for its whole chain; its CAP file linked from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext
from lxml import etree

from alerts.content import in_language, moment
from alerts.lifecycle import State, news_at
from alerts.models import STATES, Chain
from generator.slots import made
from pages.languages import REGIONAL, override

NAMESPACE = "http://www.w3.org/2005/Atom"
KEPT = timedelta(days=14)
"""How long an alert that is over stays in the feed as such."""


def feed_url(language: str) -> str:
    return f"/alerts/feed.{language}.atom"


def feed(chains: Iterable[Chain], now: datetime, language: str, base_url: str) -> bytes:
    """What is active at `now`, and what has ended, expired or was cancelled in the last two weeks, latest first."""
    known = sorted(((updated(chain, now), chain) for chain in chains), key=lambda item: item[0], reverse=True)
    with override(language):
        root = etree.Element(
            f"{{{NAMESPACE}}}feed",
            {"{http://www.w3.org/XML/1998/namespace}lang": REGIONAL[language]},
            nsmap={None: NAMESPACE},  # type: ignore[dict-item]
        )
        _add(root, "id", base_url + feed_url(language))
        _add(root, "title", f"{gettext('Alerts')} – {in_language(settings.VIGIE_SENDER_NAME, language)}")
        _add(root, "updated", moment(known[0][0]) if known else made("moment", lambda: moment(now)))
        _add(root, "rights", "CC0 1.0")
        author = etree.SubElement(root, f"{{{NAMESPACE}}}author")
        _add(author, "name", in_language(settings.VIGIE_SENDER_NAME, language))
        _link(root, "self", base_url + feed_url(language), "application/atom+xml")
        for changed, chain in known:
            if chain.state_at(now) is State.ACTIVE or now - changed < KEPT:
                _entry(root, chain, now, language, base_url)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def updated(chain: Chain, now: datetime) -> datetime:
    return news_at([message.as_sent() for message in chain.messages], now)


def leaves(chain: Chain, now: datetime) -> datetime:
    """When the feeds leave out an alert that is over by then."""
    return updated(chain, now) + KEPT


def _entry(root: etree._Element, chain: Chain, now: datetime, language: str, base_url: str) -> None:
    message, state = chain.last, chain.state_at(now)
    is_expired = state is State.EXPIRED
    prefix = f"{gettext('Expired:')} " if is_expired else ""
    parts = [message.text("what"), message.text("instruction")]
    if is_expired:
        parts.insert(1, gettext("This alert is over: these instructions no longer hold."))
    entry = etree.SubElement(root, f"{{{NAMESPACE}}}entry")
    _add(entry, "id", base_url + chain.first.url)
    _add(entry, "title", prefix + message.text("headline"))
    _add(entry, "updated", moment(updated(chain, now)))
    _add(entry, "published", moment(chain.first.sent))
    _add(entry, "summary", "\n".join(parts))
    etree.SubElement(entry, f"{{{NAMESPACE}}}category", term=state.value, label=str(STATES[state]))
    _link(entry, "alternate", message.content["web"][language], "text/html")
    if message.has_xml:
        _link(entry, "alternate", base_url + message.url, "application/cap+xml")


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text


def _link(parent: etree._Element, relation: str, href: str, media_type: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}link", rel=relation, href=href, type=media_type)
