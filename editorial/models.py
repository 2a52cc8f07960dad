"""The review of what editors submit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask

if TYPE_CHECKING:
    from wagtail.models import TaskState


class ReviewTask(AbstractGroupApprovalTask):
    """A member of the chosen groups approves, and nobody their own work."""

    class Meta:
        verbose_name = _("review by somebody else")
        verbose_name_plural = _("reviews by somebody else")

    @classmethod
    def get_description(cls) -> str:
        return gettext(
            "Members of the chosen groups approve; nobody approves what they submitted or wrote alone."
        )

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        actions = super().get_actions(obj, user)
        if is_own_work(obj, user):
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Raises PermissionDenied when somebody approves their own work, whatever form or code they use."""
        if action_name == "approve" and is_own_work(task_state.workflow_state.content_object, user):
            raise PermissionDenied(gettext("Somebody else has to approve what you submitted or wrote."))
        super().on_action(task_state, user, action_name, **kwargs)


def is_own_work(obj: Any, user: Any) -> bool:
    """Whether `user` submitted `obj` for review, or alone wrote all that has changed since it was last live."""
    state = obj.current_workflow_state
    if state is not None and state.requested_by_id == user.pk:
        return True
    revisions = obj.revisions.all()
    if obj.live_revision_id:
        revisions = revisions.filter(created_at__gt=obj.live_revision.created_at)
    authors = set(revisions.values_list("user_id", flat=True))
    return authors == {user.pk}
