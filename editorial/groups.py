"""The groups that migrations make, in the language of who reads the admin."""

from django.contrib.auth.models import Group
from django.utils.translation import pgettext_lazy

NAMES = {
    "Editors": pgettext_lazy("group", "Editors"),
    "Moderators": pgettext_lazy("group", "Moderators"),
    "Duty officers": pgettext_lazy("group", "Duty officers"),
    "Platform coordinators": pgettext_lazy("group", "Platform coordinators"),
    "Site managers": pgettext_lazy("group", "Site managers"),
}
"""The stored name, by which migrations and code find a group; a group of another name is shown as it is stored."""


def shown(group: Group) -> str:
    return str(NAMES.get(group.name, group.name))


def translate_names() -> None:
    """Django's group has one name: show the translated one wherever a form or a sentence names the group."""
    Group.add_to_class("__str__", shown)
