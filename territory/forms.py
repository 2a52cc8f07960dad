"""The form of a police zone: its memberships must not clash with each other."""

from django.db.models import Model
from wagtail.admin.forms import WagtailAdminModelForm


class PoliceZoneForm(WagtailAdminModelForm):
    def is_valid(self) -> bool:
        """A membership checks itself against other zones; here those of this form meet each other."""
        if not super().is_valid():
            return False
        kept: list[Model] = []
        for form in self.formsets["memberships"].forms:
            if form in self.formsets["memberships"].deleted_forms or not form.cleaned_data:
                continue
            if form.instance.clashes_with(kept):
                form.add_error("municipality", form.instance.clash_message(self.instance))
            kept.append(form.instance)
        return all(form.is_valid() for form in self.formsets["memberships"].forms)
