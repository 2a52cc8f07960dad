"""What every registration with modeltranslation has in common."""

from modeltranslation.translator import TranslationOptions

from pages.languages import LANGUAGES


class BilingualOptions(TranslationOptions):
    """Twins of the named fields. A field that is not `blank` is required in both languages to publish; a `blank`
    one filled in one language must be filled in the other (pages.completeness)."""

    required_languages = LANGUAGES
    fallback_languages: dict[str, tuple[str, ...]] = {"default": ()}
