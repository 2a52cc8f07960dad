"""The two languages of every page. Neither is a fallback for the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils import translation
from django.utils.translation import pgettext_lazy

FR = "fr"
NL = "nl"
LANGUAGES = (FR, NL)
DEFAULT = FR
"""The language that the untranslated columns and the revisions hold, whatever language is active."""

REGIONAL = {FR: "fr-BE", NL: "nl-BE"}
"""BCP 47 codes for `lang`, `hreflang` and CAP."""

NAMES = {FR: pgettext_lazy("in a sentence", "French"), NL: pgettext_lazy("in a sentence", "Dutch")}
"""As an editor reads them in a sentence, where French has no capital."""
ENDONYMS = {FR: "Français", NL: "Nederlands"}


def twin(name: str, language: str) -> str:
    """The name of `name`'s field in `language`: `twin("title", "nl")` is `"title_nl"`."""
    return f"{name}_{language}"


def twins(name: str) -> tuple[str, ...]:
    """Both field names of `name`, French first."""
    return tuple(twin(name, language) for language in LANGUAGES)


def localized_label(label: Any, language: str) -> str:
    """What an editor calls a twin: "Title (French)", in the editor's language."""
    return f"{label} ({NAMES[language]})"


def active() -> str:
    """The active language, or the default where another (or none) is active. For reading only."""
    if (known := _overriding.get()) is not None:
        return known
    language = (translation.get_language() or DEFAULT)[:2]
    return language if language in LANGUAGES else DEFAULT


def overridden() -> str | None:
    """The language of the page that is being rendered (`override`), if any is."""
    return _overriding.get()


def other(language: str) -> str:
    return NL if language == FR else FR


_overriding: ContextVar[str | None] = ContextVar("pages_overriding", default=None)
_before_pinned: ContextVar[str | None] = ContextVar("pages_before_pinned", default=None)


@contextmanager
def override(language: str) -> Iterator[None]:
    """Django's `translation.override`, to write texts in `language`: inside, `active` does not ask Django, whose answer
    takes longer than most of what a page needs it for, a hundred times."""
    token = _overriding.set(language if language in LANGUAGES else None)
    try:
        if translation.get_language() == language:
            yield
        else:
            with translation.override(language):
                yield
    finally:
        _overriding.reset(token)


@contextmanager
def pinned() -> Iterator[None]:
    """Store in the default language, whatever the editor reads: what is written must not depend on who writes."""
    before = _before_pinned.set(_before_pinned.get() or translation.get_language())
    token = _overriding.set(None)
    try:
        with translation.override(DEFAULT):
            yield
    finally:
        _overriding.reset(token)
        _before_pinned.reset(before)


@contextmanager
def unpinned() -> Iterator[None]:
    """The language that was active before `pinned`: what is refused while a page is stored (a signal, say) is told in
    the editor's. Outside of `pinned` nothing changes."""
    with translation.override(_before_pinned.get() or translation.get_language()):
        yield
