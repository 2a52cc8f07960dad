"""Who may send what: nobody alone, except a duty officer in imminent danger (docs/decisions, "four eyes").

Two people stand behind each Alert and each Update: whoever wrote what changed since the last message, and somebody
else who publishes or has approved exactly that content. A duty officer may break the glass instead: publish alone,
with a reason that is recorded, told to everyone concerned and reviewed afterwards. All-clears and cancellations need
one person, who is recorded.

For a form that publishes at once: `break_glass(page, user, reason)` before the page is published, or
`BreakGlassFormMixin`, which asks for the reason only where it is needed.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.models import get_all_child_relations
from wagtail.images import get_image_model
from wagtail.models import PagePermissionTester

from alerts import areas, parity, vocabulary
from alerts.mails import PersonalMail
from alerts.vocabulary import Status
from pages.completeness import PublicationRefused
from pages.languages import twins

if TYPE_CHECKING:
    from alerts.models import AlertMessage, AlertPage

logger = logging.getLogger(__name__)

DUTY_OFFICERS = "Duty officers"
TOLD = (DUTY_OFFICERS, "Moderators")
"""The groups that hear of a broken glass, and of what partners say of an active alert."""
REASON = 500
INHERITED = ("title", "slug", "summary", "seo_title", "search_description")
"""The base page's texts that the public reads."""


class Ground(models.TextChoices):
    """On what ground a message went out."""

    FOUR_EYES = "four-eyes", _("Approved by somebody who did not write it")
    BREAK_GLASS = "break-glass", _("Sent by one duty officer in imminent danger")
    ENDING = "ending", _("All-clear or cancellation, which one person may send")


class Approval(models.Model):
    """That `user` lets go out what the alert says, as long as it says just that. It goes when a message is sent."""

    alert = models.ForeignKey("alerts.AlertPage", on_delete=models.CASCADE, related_name="approvals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    ground = models.CharField(
        max_length=12, choices=[choice for choice in Ground.choices if choice[0] != Ground.ENDING]
    )
    reason = models.CharField(max_length=REASON, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.user} ({self.get_ground_display()})"


class Authorisation(models.Model):
    """Who let one message go out, and why. No message without one, and it never changes: the database refuses it
    (migrations/0006_authorisation.py). Written just before its message, in the same transaction."""

    message = models.OneToOneField(
        "alerts.AlertMessage",
        to_field="identifier",
        on_delete=models.PROTECT,
        related_name="authorisation",
        verbose_name=_("message"),
    )
    ground = models.CharField(_("ground"), max_length=12, choices=Ground)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("authorised by")
    )
    authors = models.JSONField(_("identifiers of who wrote it"), default=list)
    fingerprint = models.CharField(_("SHA-256 of what was approved"), max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=REASON, blank=True)
    translation_reason = models.CharField(_("why a translation follows"), max_length=REASON, blank=True)
    created_at = models.DateTimeField(_("authorised at"), default=timezone.now)

    class Meta:
        verbose_name = _("authorisation")
        verbose_name_plural = _("authorisations")
        constraints = [
            models.CheckConstraint(
                name="a_broken_glass_has_a_reason", condition=~Q(ground="break-glass") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="what_was_approved_has_a_fingerprint", condition=Q(ground="ending") | ~Q(fingerprint="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.get_ground_display()}"

    def record(self) -> list[Any]:
        """What the message's seal covers."""
        return [
            str(self.ground),
            self.user_id,
            self.authors,
            self.fingerprint,
            self.reason,
            self.translation_reason,
        ]


class Review(models.Model):
    """That somebody else has looked at a message that one officer sent alone."""

    authorisation = models.OneToOneField(Authorisation, on_delete=models.PROTECT, related_name="review")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("reviewed by")
    )
    note = models.TextField(_("note"), max_length=2000)
    created_at = models.DateTimeField(_("reviewed at"), default=timezone.now)

    class Meta:
        verbose_name = _("review of a message sent alone")
        verbose_name_plural = _("reviews of messages sent alone")

    def __str__(self) -> str:
        return str(self.authorisation)


class Notice(PersonalMail):
    """A mail that tells of a broken glass."""

    authorisation = models.ForeignKey(Authorisation, on_delete=models.PROTECT, related_name="notices")

    class Meta:
        verbose_name = _("notice of a message sent alone")
        verbose_name_plural = _("notices of messages sent alone")
        constraints = [
            models.UniqueConstraint(fields=["authorisation", "user"], name="one_notice_for_each_person")
        ]

    def __str__(self) -> str:
        return f"{self.authorisation}: {self.user}"


# What was approved, and who wrote it


def fingerprint(model: type[AlertPage], content: Mapping[str, Any]) -> str:
    """The SHA-256 of all that the public would get of `content` (a page's `serializable_data()` or a revision's
    `content`): the same whether it was typed, stored or posted again by a form that shows no seconds. Where a key
    stands for something that is kept elsewhere (an outline, a picture), that counts, not the key alone."""
    names, moments = _public_fields(model)  # type: ignore[arg-type]
    said = {name: _normal(content.get(name), name in moments) for name in sorted(names)}
    said["(ground)"] = areas.meant(content, _moment(content.get("onset")))
    said["(picture)"] = _picture(content.get("image"))
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


@cache
def _public_fields(model: type[AlertPage]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of what a message may say, and which of them are times."""
    own = [*model._meta.local_fields, *model._meta.local_many_to_many]
    names = {field.name for field in own if not getattr(field.remote_field, "parent_link", False)}
    names |= {
        relation.get_accessor_name() for relation in get_all_child_relations(model) if relation.model is model
    }
    names -= set(model._translated_names())
    names |= {"go_live_at", *(name for stem in INHERITED for name in twins(stem))}
    moments = {field.name for field in model._meta.fields if isinstance(field, models.DateTimeField)}
    return frozenset(names), frozenset(names & moments)


def _picture(pk: Any) -> list[str]:
    """Which file is this image's now."""
    images = get_image_model().objects.filter(pk=pk) if pk else get_image_model().objects.none()
    return [str(part) for image in images.values_list("file", "file_hash") for part in image]


def _moment(value: Any) -> datetime | None:
    value = parse_datetime(value) if isinstance(value, str) else value
    return value if isinstance(value, datetime) else None


def _normal(value: Any, is_moment: bool = False) -> Any:
    if is_moment:
        value = _moment(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    if value is None:
        return ""
    if isinstance(value, str):
        return "\n".join(value.splitlines()).strip()
    if isinstance(value, list):
        items = [_normal(item) for item in value]
        return sorted(items) if all(isinstance(item, int) for item in items) else items
    if isinstance(value, dict):
        return {name: _normal(item) for name, item in value.items() if name != "pk"}
    return value


def contributors(page: AlertPage, revision_id: int | None = None, sender: int | None = None) -> set[int]:
    """The users who changed what `page` says since its last message. Saving without a change is none.

    `revision_id`: of what is to be published, later ones do not count; one older than what is live counts everybody who
    ever wrote. Where nobody has changed anything, they are those of the last message, and, where the ground or the
    picture is another one all the same (somebody has changed a landmark), the `sender` too.
    """
    stored = type(page).objects.filter(pk=page.pk).values_list("live_revision_id", "owner_id").first()
    if stored is None:
        return set()
    live, owner = stored
    if live and revision_id and revision_id < live:
        live = None
    before, people = "", set() if live else {owner}
    written = page.revisions.filter(pk__gte=live or 0).order_by("pk")
    for revision in written.filter(pk__lte=revision_id) if revision_id else written:
        said = fingerprint(type(page), revision.content)
        if said != before and revision.pk != live:
            people.add(revision.user_id)
        before = said
    if live and not people:
        people = _of_the_last(page, before, sender)
    return {person for person in people if person is not None}


def _of_the_last(page: AlertPage, said: str, sender: int | None) -> set[int | None]:
    """Who stands behind what was sent last, if that is sent again; the `sender` where it is not just that."""
    sent = Authorisation.objects.filter(message__alert_id=page.pk).exclude(fingerprint="")
    last = sent.order_by("-pk").first()
    if last is None:
        return set()
    alone = {last.user_id} if last.ground == Ground.BREAK_GLASS else set()
    return {*last.authors, *alone, *({sender} if said != last.fingerprint else set())}


def is_imminent(page: AlertPage) -> bool:
    """Whether what `page` says lets a duty officer act alone. Nothing is imminent in an exercise or a test."""
    return page.status == Status.ACTUAL and vocabulary.is_imminent(page.urgency, page.severity)


def is_duty_officer(user: Any) -> bool:
    return bool(user and user.is_active and user.groups.filter(name=DUTY_OFFICERS).exists())


def _approved(page: AlertPage, said: str, authors: Iterable[int]) -> Approval | None:
    """The approval of somebody who did not write it."""
    approvals = Approval.objects.filter(alert_id=page.pk, ground=Ground.FOUR_EYES, fingerprint=said)
    return approvals.exclude(user_id__in=list(authors)).order_by("pk").first()


# Approving


def approve(page: AlertPage, user: Any, seen: str | None = None) -> Approval:
    """Record that `user` approves what `page` says: its latest revision as an object. `seen` is the fingerprint of what
    was shown. Raises PublicationRefused where the text has changed since, where the user wrote some of it, or may not
    publish alerts."""
    said = fingerprint(type(page), page.serializable_data())
    if seen is not None and seen != said:
        raise _refused(page, gettext("The text has changed since you read it. Read it again, then approve."))
    if not PagePermissionTester(user, page).can_publish():
        raise _refused(page, gettext("You may not publish alerts, so you cannot approve one."))
    if user.pk in contributors(page):
        raise _refused(page, gettext("You wrote some of this text: somebody else has to approve it."))
    approval, _is_new = Approval.objects.get_or_create(
        alert_id=page.pk, user=user, fingerprint=said, ground=Ground.FOUR_EYES
    )
    return approval


def break_glass(page: AlertPage, user: Any, reason: str) -> Approval:
    """Let duty officer `user` publish alone what `page` says now. Call it with the page as it will be published (it has
    a place in the tree) in the transaction that publishes it; then `page.save_revision(user=user).publish(user=user)`.

    Everybody in TOLD gets a mail, and a review stays open until somebody else has done it. Raises PublicationRefused,
    in words for the officer, without a reason, for who is no duty officer, and where there is no imminent danger.
    """
    if message := glass_error(page, user, reason):
        raise _refused(page, message)
    approval, _is_new = Approval.objects.update_or_create(
        alert_id=page.pk,
        user=user,
        ground=Ground.BREAK_GLASS,
        fingerprint=fingerprint(type(page), page.serializable_data()),
        defaults={"reason": reason.strip()},
    )
    return approval


def glass_error(page: AlertPage, user: Any, reason: str) -> str:
    """Why `user` cannot publish alone; "" where it is allowed."""
    if not is_duty_officer(user):
        return gettext("Somebody else has to approve what you wrote. Only a duty officer may publish alone.")
    if page.status != Status.ACTUAL:
        return gettext(
            "Nothing is imminent in an exercise or a test: save the draft and have a colleague approve it."
        )
    if not is_imminent(page):
        return gettext(
            "Alone you may publish only in imminent danger (urgency “immediate”, severity “severe” or worse). "
            "Save the draft and have a colleague approve it."
        )
    if page.go_live_at and page.go_live_at > timezone.now():
        return gettext("What you publish alone goes out at once: leave the time of publication empty.")
    if not reason.strip():
        return gettext("Nobody else has approved this text. To publish alone, say why; everybody is told.")
    if len(reason.strip()) > REASON:
        return gettext("%(length)d characters; a reason has at most %(most)d. Shorten it.") % {
            "length": len(reason.strip()),
            "most": REASON,
        }
    return ""


def _refused(page: AlertPage, message: str) -> PublicationRefused:
    return PublicationRefused(page, ValidationError(message))


# Publishing


def authorisation_for(page: AlertPage, user: Any) -> Authorisation:
    """On what ground `user` may publish `page`, whose `live_revision` is the one that goes live; not stored yet.
    Raises PublicationRefused where there is none."""
    authors = contributors(page, page.live_revision_id, user.pk if user else None)
    said = fingerprint(type(page), page.serializable_data())
    authorisation = Authorisation(fingerprint=said, authors=sorted(authors))
    if parity.following(page):
        if not is_duty_officer(user):
            raise _refused(page, for_duty_officers())
        authorisation.translation_reason = page.translation_reason.strip()
    if user is not None and user.pk not in authors:
        authorisation.ground, authorisation.user = Ground.FOUR_EYES, user
    elif approval := _approved(page, said, authors):
        authorisation.ground, authorisation.user = Ground.FOUR_EYES, approval.user
    elif user is not None and (glass := _glass(page, user, said)):
        if message := glass_error(page, user, glass.reason):
            raise _refused(page, message)
        authorisation.ground, authorisation.user = Ground.BREAK_GLASS, user
        authorisation.reason = glass.reason
    else:
        raise _refused(page, told_apart(page, user))
    return authorisation


def for_duty_officers() -> str:
    return gettext(
        "Only a duty officer may send an alert whose translation follows. Complete both languages."
    )


def _glass(page: AlertPage, user: Any, said: str) -> Approval | None:
    found = Approval.objects.filter(alert_id=page.pk, user=user, ground=Ground.BREAK_GLASS, fingerprint=said)
    return found.order_by("-pk").first()


def told_apart(page: AlertPage, user: Any) -> str:
    """Why `user` cannot publish `page` as it is, and what to do."""
    if is_duty_officer(user) and is_imminent(page):
        return gettext(
            "You wrote this text, and nobody else has approved it. "
            "Have a colleague approve it, or say why you publish alone."
        )
    return gettext(
        "Nobody but its author has approved this text. Save the draft and have a colleague approve it."
    )


def authorise_ending(page: AlertPage, user: Any) -> Authorisation:
    """An all-clear or a cancellation: one person, who is named. Raises PublicationRefused where nobody is."""
    if user is None:
        raise _refused(page, gettext("It is not known who ends this alert. Sign in, then end it."))
    return Authorisation(ground=Ground.ENDING, user=user)


def record(authorisation: Authorisation, message: AlertMessage) -> None:
    """Store `authorisation` for `message`, which follows at once; the approvals of the alert have served."""
    authorisation.message_id = message.identifier
    authorisation.save(force_insert=True)
    # The message's seal covers it, and the message has no key yet to find it by.
    Authorisation._meta.get_field("message").remote_field.set_cached_value(message, authorisation)
    Approval.objects.filter(alert_id=message.alert_id).delete()
    if authorisation.ground == Ground.BREAK_GLASS:
        Notice.objects.bulk_create(
            Notice(authorisation=authorisation, user=user, due_at=timezone.now()) for user in told()
        )


def told() -> models.QuerySet[Any]:
    """Who is in TOLD and can be reached by mail."""
    people = get_user_model().objects.filter(is_active=True, groups__name__in=TOLD)
    return people.exclude(email="").distinct()


def approve_scheduled(page: AlertPage, user: Any) -> None:
    """When a publication is planned, its approval has to be there: `user`'s own, who plans what others wrote, or one
    that was given before. Raises PublicationRefused."""
    authors = contributors(page)
    said = fingerprint(type(page), page.serializable_data())
    if parity.following(page):
        raise _refused(page, gettext("What is planned has time to be translated. Complete both languages."))
    if _approved(page, said, authors):
        return
    if user is None or user.pk in authors:
        raise _refused(page, told_apart(page, user))
    Approval.objects.create(alert_id=page.pk, user=user, fingerprint=said, ground=Ground.FOUR_EYES)


class AlertPermissionTester(PagePermissionTester):
    """Who wrote the draft does not publish it, unless somebody has approved it; a duty officer may try, since the form
    asks for a reason."""

    def can_publish(self) -> bool:
        if not super().can_publish():
            return False
        page = self.page
        if not page.has_unpublished_changes or is_duty_officer(self.user):
            return True
        authors = contributors(page)
        if self.user.pk not in authors:
            return True
        revision = page.get_latest_revision()
        return revision is not None and bool(
            _approved(page, fingerprint(type(page), revision.content), authors)
        )

    def can_end(self) -> bool:
        """Give the all-clear, cancel, or try again to deliver what was sent: one person may, whatever they drafted
        since."""
        return super().can_publish()


class BreakGlassFormMixin(forms.Form):
    """For forms whose `instance` is an AlertPage and whose `for_user` publishes it: one more field, `alone_reason`,
    needed only where nobody else has approved the text. Validate with `check_four_eyes()` when the form publishes; the
    page's next `save_revision` then breaks the glass."""

    alone_reason = forms.CharField(
        label=_("Why you publish alone"),
        required=False,
        max_length=REASON,
        help_text=_(
            "For duty officers in imminent danger, when nobody can approve the text now. "
            "The other duty officers and the moderators are told, and one of them reviews it afterwards."
        ),
    )

    def check_four_eyes(self) -> None:
        """Adds an error where publishing would be refused: at `alone_reason`, if the form has kept that."""
        page, user = self.instance, self.for_user  # type: ignore[attr-defined]
        if parity.following(page) and not is_duty_officer(user):
            self.add_error("translation_follows", for_duty_officers())
        content = page.serializable_data()
        for name in (field.name for field in page._meta.local_many_to_many):
            if name in self.cleaned_data:
                content[name] = [chosen.pk for chosen in self.cleaned_data[name]]
        said = fingerprint(type(page), content)
        authors = contributors(page, sender=user.pk)
        latest = page.get_latest_revision() if page.pk else None
        if latest is None or fingerprint(type(page), latest.content) != said:
            authors.add(user.pk)
        if user.pk not in authors or _approved(page, said, authors):
            return
        reason = self.cleaned_data.get("alone_reason", "")
        if message := glass_error(page, user, reason):
            self.add_error("alone_reason" if "alone_reason" in self.fields else None, message)
        else:
            page.alone_reason = reason
