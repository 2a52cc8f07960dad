"""The admin's forms for bilingual pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm

from pages import completeness
from pages.languages import twins


class BilingualPageForm(WagtailAdminPageForm):
    """Both languages in one form. A draft needs one title; publishing needs every text in both languages, and each
    error is shown at its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in twins("slug"):
            if name in self.fields:
                # An empty slug is made from that language's title.
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        titles = [name for name in twins("title") if name in self.fields]
        if titles and not any(cleaned.get(name) for name in titles):
            self.add_error(titles[0], gettext("Give the page a title in French or in Dutch."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_deferred_validation:
            return
        for error in completeness.check(self.instance):
            field = error.field if error.field in self.fields else None
            if field is None or not self.has_error(field):
                self.add_error(field, str(error))

    def validate_constraints(self) -> None:
        """A live page's draft may be incomplete: the constraint is about what is live."""
        if not self.is_deferred_validation:
            super().validate_constraints()


class BilingualCopyForm(CopyForm):
    """Wagtail's form; the slug of the language that is not active is made free by `BilingualPage.copy_attrs`."""


__all__ = ["BilingualCopyForm", "BilingualPageForm", "forms"]
