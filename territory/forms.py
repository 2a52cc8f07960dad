"""The form of a police zone: its memberships must not clash, with each other or with those of other zones."""

from typing import TYPE_CHECKING

from wagtail.admin.forms import WagtailAdminModelForm

if TYPE_CHECKING:
    from territory.models import ZoneMembership


class PoliceZoneForm(WagtailAdminModelForm):
    def is_valid(self) -> bool:
        """Also that no municipality is in two zones on one day, the zone's own period as the form gives it."""
        if not super().is_valid():
            return False
        kept: list[ZoneMembership] = []
        formset = self.formsets["memberships"]
        for form in formset.forms:
            if form in formset.deleted_forms or not form.cleaned_data:
                continue
            membership = form.instance
            membership.zone = self.instance
            if other := membership.clashes_with(kept) or membership.clash_elsewhere():
                form.add_error("municipality", membership.clash_message(other.zone))
            kept.append(membership)
        return all(form.is_valid() for form in formset.forms)
