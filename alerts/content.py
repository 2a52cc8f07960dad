"""What a message says, frozen when it is sent: codes once, texts by language. All that is public comes from here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from alerts import areas, pictures
from alerts.cap import in_brussels, writable
from alerts.fields import ordered
from alerts.lifecycle import Kind
from alerts.vocabulary import CATEGORIES, Event, Response, Status
from pages.languages import LANGUAGES, override, twin

if TYPE_CHECKING:
    from alerts.models import AlertPage

HEADLINE = 140
"""Characters of a headline: what a notification and CAP's advice (3.2.2 `headline`) can hold."""
ALL_CLEAR_FOR = timedelta(hours=1)
"""How long an all-clear concerns anybody."""

OVER = {
    Status.ACTUAL: gettext_noop("The danger is over. The earlier instructions no longer apply."),
    Status.EXERCISE: gettext_noop("The exercise is over. There was no danger."),
    Status.TEST: gettext_noop("The test is over. There was no danger."),
}
"""What to do after an all-clear."""


def frozen(alert: AlertPage) -> dict[str, Any]:
    """What the page says now. Times are ISO 8601 with Brussels' offset, without fractions."""
    urls = alert_urls(alert)
    return {
        "status": alert.status,
        "event": alert.event,
        "category": CATEGORIES[Event(alert.event)],
        "event_label": {language: in_language(Event(alert.event).label, language) for language in LANGUAGES},
        "urgency": alert.urgency,
        "severity": alert.severity,
        "certainty": alert.certainty,
        "onset": moment(alert.onset),
        "expires": moment(alert.expires),
        "headline": _texts(alert, "title"),
        "what": _texts(alert, "what"),
        "instruction": {
            language: "\n".join(steps(text)) for language, text in _texts(alert, "instruction").items()
        },
        "area": _texts(alert, "area"),
        "translation_follows": alert.standing_in or None,
        **areas.frozen(alert),
        "response_types": ordered(alert.response_types),
        "contact": _texts(alert, "contact"),
        "contact_number": alert.contact_number.strip(),
        "image": pictures.frozen(alert),
        "link": alert.link,
        "web": {language: settings.VIGIE_BASE_URL + urls[language] for language in LANGUAGES},
        "sender_name": {
            language: in_language(settings.VIGIE_SENDER_NAME, language) for language in LANGUAGES
        },
    }


def ended(
    content: dict[str, Any], kind: Kind, *, sent: datetime, texts: dict[str, dict[str, str]] | None = None
) -> dict[str, Any]:
    """What the last message of a chain says, from `content`, what the message before it said.

    What happened and what to do no longer hold, so they are replaced; both languages are there now. An all-clear
    expires an hour after it was `sent`; a cancellation when the alert would have. `texts`, "headline" and "instruction"
    by language, are said instead of the usual ones.
    """
    all_clear = kind is Kind.ALL_CLEAR
    headline, what, instruction = {}, {}, {}
    # A text that only said that the translation follows leads nowhere any more.
    names = content["headline"] | {
        language: content["event_label"][language]
        for language in LANGUAGES
        if language == content.get("translation_follows")
    }
    for language in LANGUAGES:
        with override(language):
            prefix = gettext("All clear:") if all_clear else gettext("Cancelled:")
            told = (
                gettext("The alert “%(headline)s” is over.")
                if all_clear
                else gettext("The alert “%(headline)s” was issued in error.")
            )
            what[language] = told % {"headline": names[language]}
            instruction[language] = (
                gettext(OVER[Status(content["status"])])
                if all_clear
                else gettext("This alert was issued in error. Disregard its instructions.")
            )
        headline[language] = shortened(f"{prefix} {names[language]}", HEADLINE)
    for name, said in (("headline", headline), ("instruction", instruction)):
        for language, text in (texts or {}).get(name, {}).items():
            said[language] = writable(text).strip()
    expires = moment(sent + ALL_CLEAR_FOR) if all_clear else content["expires"]
    # What was announced and did not come has no beginning after its end.
    onset = min(datetime.fromisoformat(content["onset"]), sent)
    # What to do no longer holds as a code either; an all-clear's own code is its kind.
    responses = [] if all_clear else [Response.NONE.value]
    return content | {
        "headline": headline,
        "what": what,
        "instruction": instruction,
        "translation_follows": None,
        "response_types": responses,
        "onset": moment(onset) if all_clear else content["onset"],
        "expires": expires,
    }


def moment(time: datetime) -> str:
    return in_brussels(time).isoformat(timespec="seconds")


def in_language(text: Any, language: str) -> str:
    """A source string, lazy or not, in `language`."""
    with override(language):
        return gettext(text) if type(text) is str else str(text)


def shortened(text: str, length: int) -> str:
    """`text`, cut to `length` characters with an ellipsis where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def steps(text: str) -> list[str]:
    """The lines of an instruction that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def alert_urls(alert: AlertPage) -> dict[str, str]:
    """The page's URL path in each language."""
    urls = {}
    for language in LANGUAGES:
        with override(language):
            urls[language] = alert.get_url_parts()[2]
    return urls


def _texts(alert: AlertPage, name: str) -> dict[str, str]:
    """The twins of `name`, without what XML cannot hold."""
    return {language: writable(getattr(alert, twin(name, language)) or "").strip() for language in LANGUAGES}
