"""What the groups of a new site may do, and that nobody approves their own work."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.translation import override
from wagtail.models import Workflow

from tests.factories.site import NewsFactory, NewsThemeFactory, home_page
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
EDITORS, MODERATORS, MANAGERS = "Editors", "Moderators", "Site managers"
DUTY, COORDINATORS = "Duty officers", "Platform coordinators"


def member(*groups: str) -> Any:
    return UserFactory(groups=list(groups))


@pytest.mark.parametrize("group", [EDITORS, MODERATORS, MANAGERS, DUTY, COORDINATORS])
def test_every_group_may_enter_the_admin(group: str) -> None:
    assert member(group).has_perm("wagtailadmin.access_admin")


@pytest.mark.parametrize(
    ("group", "may_edit", "may_publish"),
    [
        (EDITORS, True, False),
        (MODERATORS, True, True),
        (MANAGERS, True, True),
        (DUTY, False, False),
        (COORDINATORS, False, False),
    ],
)
def test_who_may_edit_and_publish_pages(group: str, may_edit: bool, may_publish: bool) -> None:
    tester = NewsFactory().permissions_for_user(member(group))

    assert (tester.can_edit(), tester.can_publish()) == (may_edit, may_publish)


@pytest.mark.parametrize(
    ("permission", "groups"),
    [
        ("home.change_sitesettings", {MANAGERS}),
        ("news.add_newstheme", {MODERATORS, MANAGERS}),
        ("wagtailredirects.add_redirect", {MANAGERS}),
        ("territory.change_municipality", {MANAGERS}),
        ("emergency_numbers.change_emergencynumber", {MANAGERS}),
        ("members.change_user", set()),
    ],
)
def test_who_may_change_what_is_not_a_page(permission: str, groups: set[str]) -> None:
    every = (EDITORS, MODERATORS, MANAGERS, DUTY, COORDINATORS)

    assert {group for group in every if member(group).has_perm(permission)} == groups


def submitted_by(user: Any) -> Any:
    """A draft that `user` wrote and sent to review."""
    page = NewsFactory(live=False, theme=NewsThemeFactory())
    page.save_revision(user=user)
    page.refresh_from_db()
    page.get_workflow().start(page, user)
    return page


def actions(page: Any, user: Any) -> set[str]:
    return {name for name, _label, _modal in page.current_workflow_task.specific.get_actions(page, user)}


def test_pages_pass_through_the_review() -> None:
    assert NewsFactory().get_workflow() == Workflow.objects.get(active=True)
    assert home_page().get_workflow() == Workflow.objects.get(active=True)


def test_a_moderator_approves_an_editor_s_work() -> None:
    page = submitted_by(member(EDITORS))

    page.current_workflow_state.current_task_state.approve(user=member(MODERATORS))

    page.refresh_from_db()
    assert page.live


def test_an_editor_cannot_approve() -> None:
    assert actions(submitted_by(member(EDITORS)), member(EDITORS)) == set()


def test_a_moderator_is_offered_no_approval_of_their_own_work() -> None:
    moderator = member(MODERATORS)

    assert actions(submitted_by(moderator), moderator) == {"reject"}


def test_another_moderator_is_offered_it() -> None:
    assert "approve" in actions(submitted_by(member(MODERATORS)), member(MODERATORS))


def test_approving_one_s_own_work_is_refused_by_any_route() -> None:
    moderator = member(MODERATORS)
    page = submitted_by(moderator)
    state = page.current_workflow_state.current_task_state

    with pytest.raises(PermissionDenied):
        state.task.specific.on_action(state, moderator, "approve")


def test_who_wrote_alone_does_not_approve_what_another_submitted() -> None:
    moderator = member(MODERATORS)
    page = NewsFactory(live=False)
    page.save_revision(user=moderator)
    page.refresh_from_db()
    page.get_workflow().start(page, member(EDITORS))

    assert "approve" not in actions(page, moderator)


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "fr",
            ["Rédaction", "Modération", "Permanence", "Coordination de la plateforme", "Gestion du site"],
        ),
        ("nl", ["Redactie", "Moderatie", "Wachtdienst", "Platformcoördinatie", "Sitebeheer"]),
    ],
)
def test_a_group_is_named_in_the_language_of_who_reads(language: str, names: list[str]) -> None:
    groups = [Group.objects.get(name=name) for name in (EDITORS, MODERATORS, DUTY, COORDINATORS, MANAGERS)]
    with override(language):
        assert [str(group) for group in groups] == names
        assert str(Group(name="Vrijwilligers")) == "Vrijwilligers"


def test_who_restricts_a_page_reads_the_groups_in_her_language(admin_nl: Client) -> None:
    response = admin_nl.get(f"/cms/pages/{home_page().pk}/privacy/")
    assert "Wachtdienst" in response.json()["html"]
    assert "Duty officers" not in response.json()["html"]


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_review_is_named_in_both_languages(client: Client, language: str) -> None:
    page = submitted_by(member(EDITORS))
    moderator = UserFactory(groups=[MODERATORS], language=language)
    client.force_login(moderator)
    text = client.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    assert "Relecture par la modération · Nalezing door de moderatie" in text
    assert "Review" not in re.sub(r"<[^>]*>", " ", text)
