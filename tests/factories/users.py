"""People by role, as the permissions migration makes the groups."""

from __future__ import annotations

from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from members.models import User


class UserFactory(factory.django.DjangoModelFactory):
    """`UserFactory(groups=["Editors"], language="nl")`; the password is "password"."""

    username = factory.Sequence(lambda number: f"user{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@vigie.example")
    password = factory.LazyFunction(lambda: make_password("password"))

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation
    def groups(self, create: bool, names: list[str] | None, **_: Any) -> None:
        if create and names:
            self.groups.set([Group.objects.get(name=name) for name in names])

    @factory.post_generation
    def language(self, create: bool, code: str | None, **_: Any) -> None:
        if create and code:
            profile = UserProfile.get_for_user(self)
            profile.preferred_language = code
            profile.save()


class SuperuserFactory(UserFactory):
    is_staff = True
    is_superuser = True
