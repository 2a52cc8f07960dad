"""Both languages say it, each in its own words; or, in minute zero, one says that its translation follows.

The override is for a duty officer's first message only. It names the language that is missing and why. Each text that
is missing then says, in that language, that the translation follows, and leads to the other. The next update has to
bring the texts: docs/alerts.md.
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from alerts import placeholders
from alerts.vocabulary import Event
from pages.completeness import Incomplete, is_empty
from pages.languages import FR, LANGUAGES, NL, other, override, twin, twins

if TYPE_CHECKING:
    from alerts.models import AlertPage

DIFFERENT = ("title", "what", "instruction")
"""What says something, and so cannot read the same in French and in Dutch. A place may."""
MAY_FOLLOW = (*DIFFERENT, "area")

# By the language that is there.
HEADLINES = {
    FR: gettext_noop("%(event)s: the translation follows, see the French text"),
    NL: gettext_noop("%(event)s: the translation follows, see the Dutch text"),
}
TEXTS = {
    FR: gettext_noop("The translation follows. Until then, read the French text: %(url)s"),
    NL: gettext_noop("The translation follows. Until then, read the Dutch text: %(url)s"),
}
INSTRUCTIONS = {
    FR: gettext_noop("What you should do is in the French text: %(url)s"),
    NL: gettext_noop("What you should do is in the Dutch text: %(url)s"),
}


def normalised(text: str) -> str:
    """`text` without what does not make it another text: case, accents, punctuation, spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in plain if character.isalnum())


def is_same(texts: Mapping[str, str]) -> bool:
    """Whether a text, by language, reads the same in both."""
    french, dutch = (normalised(texts[language]) for language in LANGUAGES)
    return bool(french) and french == dutch


def same_in_both() -> str:
    return gettext("the same in French and in Dutch. Translate one of the two.")


def untranslated(page: AlertPage) -> list[Incomplete]:
    """An error for each text that reads the same in both languages."""
    errors = []
    for stem in DIFFERENT:
        if is_same({language: getattr(page, twin(stem, language)) or "" for language in LANGUAGES}):
            label = _("headline") if stem == "title" else page._meta.get_field(stem).verbose_name
            errors.append(Incomplete(twin(stem, NL), label, None, reason=same_in_both()))
    return errors


def missing(page: AlertPage) -> list[str]:
    """The stems of the texts that the language that is to follow lacks, or in which a placeholder still stands."""
    language = page.translation_follows
    texts = {stem: getattr(page, twin(stem, language)) for stem in MAY_FOLLOW if language}
    return [stem for stem, text in texts.items() if is_empty(text) or placeholders.unfilled(text)]


def following(page: AlertPage) -> str:
    """The language whose translation follows; "" where nothing is missing, whatever the form says."""
    return page.translation_follows if missing(page) else ""


def left_standing(page: AlertPage) -> list[Incomplete]:
    """An error for each text that was copied from what is live and still only says that it follows."""
    errors = []
    for language in LANGUAGES:
        there = other(language)
        with override(language):
            signs = {
                "title": gettext(HEADLINES[there]).replace("%(event)s", ""),
                "what": gettext(TEXTS[there]).replace("%(url)s", ""),
                "instruction": gettext(INSTRUCTIONS[there]).replace("%(url)s", ""),
            }
        for stem, sign in signs.items():
            if sign in (getattr(page, twin(stem, language)) or ""):
                reason = gettext("still says that the translation follows. Write the text now.")
                label = page._meta.get_field(stem).verbose_name
                errors.append(Incomplete(twin(stem, language), label, language, reason=reason))
    return errors


def excused(page: AlertPage, errors: Iterable[Incomplete], *, is_first: bool) -> list[Incomplete]:
    """`errors` without those that the override excuses; with one more where it may not, or lacks its reason."""
    language = following(page)
    if not language:
        return list(errors)
    if not is_first:
        reason = gettext("only a first message may go out so. Bring the texts now.")
        return [
            *errors,
            Incomplete("translation_follows", _("translation that follows"), None, reason=reason),
        ]
    fields = {twin(stem, language) for stem in (*MAY_FOLLOW, "slug")}
    replaced = {twin(stem, language) for stem in missing(page)}
    left = [
        error
        for error in errors
        if error.field not in replaced and (error.field not in fields or error.reason)
    ]
    if not (page.translation_reason or "").strip():
        reason = gettext("say why the translation cannot be there now.")
        left.append(Incomplete("translation_reason", _("why the translation follows"), None, reason=reason))
    return left


def completed(page: AlertPage) -> AlertPage:
    """`page`, or a copy of it with what stands in for the missing texts, as a preview shows it."""
    if not following(page):
        return page
    page = copy.copy(page)
    stand_in(page)
    return page


def keep_addresses(page: AlertPage) -> None:
    """The texts that came later do not change the address that is out already."""
    lacking = [name for name in twins("slug") if not getattr(page, name)]
    if page.live and lacking:
        stored = type(page).objects.filter(pk=page.pk, live=True).values(*lacking).first() or {}
        for name, slug in stored.items():
            setattr(page, name, slug)


def stand_in(page: AlertPage) -> None:
    """Let each text that is missing say where to read it. `page.standing_in` is the language that then follows."""
    language = following(page)
    if not language:
        return
    there = other(language)
    if not getattr(page, twin("slug", language)):
        # The other language's address serves, so that what was shared keeps working.
        slug = getattr(page, twin("slug", there)) or ""
        free = page._available_slug(slug, page.get_parent(), language, page)
        setattr(page, twin("slug", language), free)
    page.set_url_path(page.get_parent())
    with override(there):
        url = settings.VIGIE_BASE_URL + page.get_url_parts()[2]
    with override(language):
        words = {"url": url, "event": str(Event(page.event).label)}
        texts = {
            "title": gettext(HEADLINES[there]) % words,
            "what": gettext(TEXTS[there]) % words,
            "instruction": gettext(INSTRUCTIONS[there]) % words,
            "area": getattr(page, twin("area", there)),
        }
    for stem in missing(page):
        setattr(page, twin(stem, language), texts[stem])
    page.standing_in = language
