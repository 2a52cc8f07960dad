"""The admin's forms for bilingual pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

from pages.collections import is_public
from pages.completeness import Incomplete, missing_in
from pages.languages import LANGUAGES, active, localized_label, twin, twins


class BilingualPageForm(WagtailAdminPageForm):
    """Both languages in one form. A draft needs one title; publishing needs every text in both languages, and each
    error is shown at its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            language = name.rpartition("_")[2]
            if language in LANGUAGES:
                # Spelling is checked in the text's language.
                field.widget.attrs.setdefault("lang", language)
                field.error_messages["required"] = missing_in(language)
            if name in twins("slug"):
                # An empty slug is made from that language's title.
                field.required = False
                if self.instance.fixed_slugs:
                    field.disabled = True
                    field.initial = self.instance.fixed_slugs[language]
                    field.help_text = gettext("This page keeps its address, which other systems know.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        titles = [name for name in twins("title") if name in self.fields]
        if titles and not any(cleaned.get(name, getattr(self.instance, name)) for name in twins("title")):
            # Wagtail's preview proposes a title under the bare name, so that a new page can be seen before it has one.
            placeholder = self.data.get("title")
            if placeholder and self.is_deferred_validation:
                cleaned[twin("title", active())] = placeholder
            else:
                self.add_error(titles[0], gettext("Give the page a title in French or in Dutch."))
        return cleaned

    def clean_image(self) -> Any:
        """Who chooses a picture is told when the public would not see it; one that is there holds up nothing."""
        image = self.cleaned_data["image"]
        if image and "image" in self.changed_data and not is_public(image):
            message = gettext(
                "“%(image)s” lies in the collection “%(collection)s”, which only some may see: the public would "
                "see no picture. Choose another one, or move it to another collection."
            )
            raise ValidationError(message % {"image": image.title, "collection": image.collection.name})
        return image

    def _post_clean(self) -> None:
        if self.instance.pk is None and self.parent_page is not None:
            # So that the new page can make slugs that are free, and check those it was given.
            self.instance._cached_parent_obj = self.parent_page
        super()._post_clean()
        if self.is_deferred_validation:
            return
        told = set(self.errors)
        for error in self.publication_errors():
            field = error.field if error.field in self.fields else None
            if field is None or field not in told:
                self.add_error(field, str(error))

    def publication_errors(self) -> list[Incomplete]:
        """What keeps the page from being live, as who fills in this form has to be told."""
        return self.instance.publication_errors()

    def add_error(self, field: str | None, error: Any) -> None:
        """An error of a field that this form does not show (one that the API was not sent, say) is one of the form."""
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                super().add_error(name if name in self.fields else None, errors)
        else:
            super().add_error(field, error)

    def validate_constraints(self) -> None:
        """A live page's draft may be incomplete: the constraint is about what is live."""
        if not self.is_deferred_validation:
            super().validate_constraints()


class BilingualCopyForm(CopyForm):
    """Wagtail's form, with a title and a slug for each language that the page has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"title": gettext_lazy("New title"), "slug": gettext_lazy("New slug")}
        originals = {stem: self.fields.pop(f"new_{stem}") for stem in labels}
        names = [name for language in LANGUAGES for name in self._names(language)]
        for stem, original in originals.items():
            for language in LANGUAGES:
                name = twin(stem, language)
                self.fields[f"new_{name}"] = type(original)(
                    label=localized_label(labels[stem], language),
                    initial=getattr(self.page, name),
                    required=bool(getattr(self.page, name)),
                    widget=original.widget,
                    max_length=255,
                )
        self.order_fields([f"new_{name}" for name in names])

    @staticmethod
    def _names(language: str) -> tuple[str, str]:
        return twin("title", language), twin("slug", language)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        parent = cleaned.get("new_parent_page") or self.page.get_parent()
        for language in LANGUAGES:
            name = f"new_{twin('slug', language)}"
            if not self.page._slug_is_available(cleaned.get(name) or "", parent, None, language):
                self.add_error(
                    name,
                    ValidationError(
                        gettext("The slug “%(slug)s” is already in use under “%(parent)s”. Choose another."),
                        params={"slug": cleaned[name], "parent": parent.get_admin_display_title()},
                    ),
                )
        return cleaned

    def attrs(self) -> dict[str, str]:
        """The titles and slugs of the copy, by field."""
        return {
            name: self.cleaned_data[f"new_{name}"]
            for language in LANGUAGES
            for name in self._names(language)
            if self.cleaned_data[f"new_{name}"]
        }


__all__ = ["BilingualCopyForm", "BilingualPageForm", "forms"]
