"""What every registration with modeltranslation has in common."""

from typing import Any

from modeltranslation.fields import TranslationFieldDescriptor
from modeltranslation.translator import TranslationOptions, translator

from pages.languages import LANGUAGES, overridden, twin


class BilingualOptions(TranslationOptions):
    """Twins of the named fields. A field that is not `blank` is required in both languages to publish; a `blank`
    one filled in one language must be filled in the other (pages.completeness)."""

    required_languages = LANGUAGES
    fallback_languages: dict[str, tuple[str, ...]] = {"default": ()}


class TwinDescriptor(TranslationFieldDescriptor):
    """modeltranslation's, at once where a text is there in the language that a page is rendered in."""

    def __init__(self, descriptor: TranslationFieldDescriptor) -> None:
        self.__dict__.update(descriptor.__dict__)
        self.twins = {language: twin(self.field.name, language) for language in LANGUAGES}

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is not None and (language := overridden()) is not None:
            text = instance.__dict__.get(self.twins[language])
            if text.__class__ is str and text:
                return text
        return super().__get__(instance, owner)


def read_twins_at_once() -> None:
    """What modeltranslation finds out at each reading of a bare name, a page of a build asks several times."""
    for model in translator.get_registered_models():
        for name in translator.get_options_for_model(model).all_fields:
            descriptor = model.__dict__.get(name)
            if type(descriptor) is TranslationFieldDescriptor:
                setattr(model, name, TwinDescriptor(descriptor))
