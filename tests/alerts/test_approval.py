"""Four eyes, and breaking the glass."""

import uuid
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import Error, IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone, translation
from wagtail.actions.publish_page_revision import PublishPageRevisionAction

from alerts import approval, ledger
from alerts.approval import Approval, Authorisation, Ground, Notice
from alerts.lifecycle import Kind
from alerts.models import AlertMessage, AlertPage
from pages.completeness import PublicationRefused
from territory.models import Landmark, Municipality, PoliceZone
from tests.factories.alerts import AlertFactory, alert_index, approver, author, end, send
from tests.factories.media import ImageFactory, png
from tests.factories.users import SuperuserFactory, UserFactory

pytestmark = pytest.mark.django_db
WHY = "Coups de feu en cours, personne n'est joignable."


@pytest.fixture(autouse=True)
def english():
    """The words of the source, unless a test says otherwise."""
    with translation.override("en"):
        yield


@pytest.fixture
def officer(clock):
    alert_index()
    return UserFactory(groups=["Duty officers"])


@pytest.fixture
def moderator(clock):
    return UserFactory(groups=["Moderators"])


def written(alert, user, **changes):
    """A revision of `alert` by `user`."""
    candidate = alert.get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(candidate, name, value)
    return candidate.save_revision(user=user)


def latest(alert):
    return AlertPage.objects.get(pk=alert.pk).get_latest_revision_as_object()


class TestNobodyPublishesTheirOwnWork:
    @pytest.mark.parametrize("at_once", [False, True])
    def test_tidying_up_revisions_forgets_no_author(self, clock, moderator, at_once):
        """`purge_revisions` goes on where it meets a ProtectedError."""
        alert = AlertFactory()
        first = written(alert, author(), title_fr="Premier texte")
        written(latest(alert), moderator, title_fr="Premier texte.")
        with pytest.raises(ProtectedError), transaction.atomic():
            alert.revisions.filter(pk=first.pk).delete() if at_once else first.delete()
        assert approval.contributors(alert) == {author().pk, moderator.pk}
        other = alert_index()
        other.save_revision()
        other.revisions.all().delete()

    def test_a_draft_may_still_be_deleted_with_its_revisions(self, clock):
        alert = AlertFactory()
        alert.delete()
        assert not AlertPage.objects.filter(pk=alert.pk).exists()

    def test_the_author_is_refused_and_told_what_to_do(self, officer, moderator):
        alert = AlertFactory()
        for user, remedy in ((moderator, "have a colleague approve"), (officer, "say why you publish alone")):
            with pytest.raises(PublicationRefused, match=remedy), transaction.atomic():
                written(alert, user).publish(user=user)
            assert not AlertMessage.objects.exists()

    @pytest.mark.parametrize("language", ["fr", "nl"])
    def test_the_refusal_is_in_the_editor_s_language(self, moderator, language):
        with translation.override(language), pytest.raises(PublicationRefused) as refusal:
            written(AlertFactory(), moderator).publish(user=moderator)
        assert "Save the draft" not in refusal.value.summary

    def test_whoever_wrote_any_of_it_is_refused(self, officer, moderator):
        alert = AlertFactory()
        written(alert, moderator)
        revision = written(alert, officer, what_fr="Autre texte.")
        for user in (officer, moderator):
            with pytest.raises(PublicationRefused), transaction.atomic():
                revision.publish(user=user)
        revision.publish(user=approver())
        authorisation = alert.chain().last.authorisation
        assert authorisation.authors == sorted([moderator.pk, officer.pk])
        assert (authorisation.ground, authorisation.user) == (Ground.FOUR_EYES, approver())

    def test_code_that_names_nobody_is_refused(self, clock):
        with pytest.raises(PublicationRefused):
            AlertFactory().save_revision().publish()

    def test_who_saves_without_a_change_has_not_written(self, clock, moderator):
        """As Wagtail's form does when the second person presses “Publish”; it posts times without seconds."""
        clock(seconds=34.5)
        alert = AlertFactory(what_fr="Une ligne.\nUne autre.")
        first = written(alert, author())
        onset = first.as_object().onset.replace(second=0, microsecond=0)
        revision = written(alert, moderator, onset=onset, what_fr="Une ligne.\r\nUne autre.\r\n")
        assert approval.contributors(alert) == {author().pk}
        revision.publish(user=moderator)
        assert alert.chain().last.authorisation.user == moderator

    def test_the_page_s_maker_has_written_the_first_text(self, moderator):
        alert = AlertFactory(owner=moderator)
        assert approval.contributors(alert) == {moderator.pk}

    def test_what_was_sent_is_not_written_over_by_autosave(self, officer, moderator):
        """Wagtail's form keeps saving into the revision that it has open; somebody else has approved that."""
        alert = AlertFactory()
        sent = written(alert, officer)
        sent.publish(user=moderator)
        page = latest(alert)
        page.what_fr = "Des mots que personne n’a lus."
        after = page.save_revision(user=officer, overwrite_revision=sent)
        sent.refresh_from_db()
        assert after.pk != sent.pk
        assert sent.content["what_fr"] != page.what_fr
        assert approval.contributors(alert) == {officer.pk}
        page.what_fr = "D’autres."
        assert page.save_revision(user=officer, overwrite_revision=after).pk == after.pk, "a draft may be"

    def test_what_is_planned_is_not_written_over_by_autosave(self, officer, moderator):
        alert = AlertFactory()
        page = latest(alert)
        page.go_live_at = timezone.now() + timedelta(hours=1)
        planned = page.save_revision(user=officer)
        planned.publish(user=moderator)
        planned.refresh_from_db()
        assert planned.approved_go_live_at
        page = latest(alert)
        page.what_fr = "Des mots que personne n’a lus."
        assert page.save_revision(user=officer, overwrite_revision=planned).pk != planned.pk

    def test_who_sends_the_same_again_has_still_written_it(self, officer, moderator):
        alert = AlertFactory()
        written(alert, officer).publish(user=moderator)
        with pytest.raises(PublicationRefused), transaction.atomic():
            written(latest(alert), officer).publish(user=officer)
        written(latest(alert), moderator).publish(user=moderator)
        assert alert.chain().last.authorisation.authors == [officer.pk]

    def test_who_broke_the_glass_does_not_approve_it_by_sending_it_again(self, officer, moderator):
        alert = AlertFactory()
        page = latest(alert)
        approval.break_glass(page, officer, WHY)
        page.save_revision(user=officer).publish(user=officer)
        with pytest.raises(PublicationRefused), transaction.atomic():
            written(latest(alert), officer).publish(user=officer)
        written(latest(alert), moderator).publish(user=moderator)

    def test_who_sends_the_same_on_other_ground_needs_somebody_else(self, officer, moderator):
        """Somebody has changed the landmark, whoever it was."""
        place = Landmark.objects.create(
            name_fr="Gare du Midi", name_nl="Zuidstation", shapes="50.8353,4.3113 0.3"
        )
        alert = AlertFactory()
        written(alert, officer, landmarks=[place]).publish(user=moderator)
        Landmark.objects.update(shapes="50.8353,4.3113 3")
        for user in (officer, moderator):
            with pytest.raises(PublicationRefused), transaction.atomic():
                written(latest(alert), user).publish(user=user)
        approval.approve(latest(alert), moderator)
        latest(alert).get_latest_revision().publish(user=officer)
        assert alert.chain().last.authorisation.user == moderator

    def test_what_is_written_later_makes_nobody_an_author_of_what_is_planned(self, officer, moderator):
        alert = AlertFactory()
        planned = written(alert, officer)
        approval.approve(latest(alert), moderator)
        written(alert, moderator, what_fr="Pour la suite.")
        planned.publish(user=officer)
        assert alert.chain().last.authorisation.user == moderator

    def test_each_message_counts_anew(self, officer, moderator):
        alert = AlertFactory()
        written(alert, officer).publish(user=moderator)
        alert.refresh_from_db()
        revision = written(alert, moderator, what_fr="Un suspect est recherché.")
        with pytest.raises(PublicationRefused), transaction.atomic():
            revision.publish(user=moderator)
        revision.publish(user=officer)
        assert [message.sent_by for message in alert.chain().messages] == [moderator, officer]

    def test_an_old_revision_counts_everybody_who_ever_wrote(self, clock, officer):
        alert = AlertFactory()
        old = written(alert, officer, what_fr="Le texte d'avant.")
        written(alert, author(), what_fr="Le nouveau texte.").publish(user=approver())
        with pytest.raises(PublicationRefused), transaction.atomic():
            old.publish(user=officer)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("title_fr", "Autre"), ("slug_nl", "ander"), ("summary_nl", "Kort"), ("instruction_nl", "Ga weg."),
            ("severity", "Extreme"), ("whole_region", True), ("link", "https://vigie.example/"),
            ("status", "Exercise"),
        ],
    )  # fmt: skip
    def test_whatever_the_public_gets_is_text(self, moderator, name, value):
        alert = AlertFactory()
        written(alert, author())
        written(alert, moderator, **{name: value})
        assert moderator.pk in approval.contributors(alert)

    def test_municipalities_are_text_in_whatever_order(self, moderator):
        alert, towns = AlertFactory(), list(Municipality.objects.filter(nis__in=["21001", "21013"]))
        written(alert, author(), municipalities=towns)
        written(alert, moderator, municipalities=towns[::-1])
        assert approval.contributors(alert) == {author().pk}
        written(alert, moderator, municipalities=towns[:1])
        assert approval.contributors(alert) == {author().pk, moderator.pk}


class TestApproval:
    @pytest.fixture
    def alert(self, officer):
        alert = AlertFactory()
        written(alert, officer)
        return alert

    def test_what_somebody_else_approved_its_author_may_publish(self, alert, officer, moderator):
        approval.approve(latest(alert), moderator)
        latest(alert).get_latest_revision().publish(user=officer)
        message = alert.chain().last
        assert (message.sent_by, message.authorisation.user) == (officer, moderator)
        assert not Approval.objects.exists()

    def test_it_is_void_once_the_text_has_changed(self, alert, officer, moderator):
        approval.approve(latest(alert), moderator)
        revision = written(alert, officer, what_fr="Tout autre chose.")
        with pytest.raises(PublicationRefused):
            revision.publish(user=officer)

    def test_it_is_void_once_its_giver_has_written(self, alert, officer, moderator):
        approval.approve(latest(alert), moderator)
        was = latest(alert).what_fr
        written(alert, moderator, what_fr="Autre chose.")
        revision = written(alert, officer, what_fr=was)
        with pytest.raises(PublicationRefused):
            revision.publish(user=officer)

    @pytest.mark.parametrize("change", ["outline", "name", "zone", "region", "picture", "deleted"])
    def test_it_is_void_once_what_a_key_stands_for_has_changed(self, alert, officer, moderator, change):
        """The text and its keys are the same; the ground or the picture is another one."""
        image = ImageFactory()
        place = Landmark.objects.create(
            name_fr="Gare du Midi", name_nl="Zuidstation", shapes="50.8353,4.3113 0.3"
        )
        zone = PoliceZone.objects.get(code="5341")
        revision = written(
            alert, officer, landmarks=[place], police_zones=[zone], whole_region=change == "region",
            image=image, image_alt_fr="Une place", image_alt_nl="Een plein",
        )  # fmt: skip
        approval.approve(latest(alert), moderator)
        if change == "outline":
            Landmark.objects.update(shapes="50.8353,4.3113 3")
        elif change == "name":
            Landmark.objects.update(name_nl="Station Brussel-Zuid")
        elif change == "zone":
            zone.memberships.filter(municipality__nis="21001").delete()
        elif change == "region":
            Municipality.objects.create(
                nis="21099", name_fr="Neuve", name_nl="Nieuw", slug_fr="neuve", slug_nl="nieuw"
            )
        elif change == "picture":
            image.file = ContentFile(png(80, 50), "image.png")
            image._set_image_file_metadata()
            image.save()
        else:
            place.delete()
        with pytest.raises(PublicationRefused):
            revision.publish(user=officer)
        approval.approve(latest(alert), moderator)
        latest(alert).get_latest_revision().publish(user=officer)
        assert alert.chain().last.authorisation.user == moderator

    def test_who_approves_is_told_that_the_ground_has_changed_since_they_read(
        self, alert, officer, moderator
    ):
        place = Landmark.objects.create(
            name_fr="Gare du Midi", name_nl="Zuidstation", shapes="50.8353,4.3113 0.3"
        )
        written(alert, officer, landmarks=[place])
        seen = approval.fingerprint(AlertPage, latest(alert).serializable_data())
        Landmark.objects.update(shapes="50.8353,4.3113 3")
        with pytest.raises(PublicationRefused, match="has changed since you read it"):
            approval.approve(latest(alert), moderator, seen)

    def test_another_outline_makes_nobody_an_author(self, alert, officer, moderator):
        place = Landmark.objects.create(
            name_fr="Gare du Midi", name_nl="Zuidstation", shapes="50.8353,4.3113 0.3"
        )
        written(alert, officer, landmarks=[place])
        Landmark.objects.update(shapes="50.8353,4.3113 3")
        written(latest(alert), moderator)
        assert approval.contributors(alert) == {officer.pk}

    def test_it_serves_once(self, alert, officer, moderator):
        approval.approve(latest(alert), moderator)
        latest(alert).get_latest_revision().publish(user=officer)
        alert.refresh_from_db()
        revision = written(alert, officer, what_fr="La suite.")
        with pytest.raises(PublicationRefused):
            revision.publish(user=officer)

    def test_it_is_for_what_was_read(self, alert, officer, moderator):
        seen = approval.fingerprint(AlertPage, latest(alert).serializable_data())
        written(alert, officer, what_nl="Iets anders.")
        with pytest.raises(PublicationRefused, match="has changed since you read it"):
            approval.approve(latest(alert), moderator, seen)
        assert not Approval.objects.exists()

    def test_nobody_approves_their_own_or_without_the_right(self, alert, officer):
        for user in (officer, UserFactory(groups=["Editors"]), UserFactory()):
            with pytest.raises(PublicationRefused):
                approval.approve(latest(alert), user)

    def test_a_planned_alert_needs_it_when_it_is_planned(self, clock, alert, officer, moderator):
        revision = written(alert, officer, go_live_at=clock() + timedelta(minutes=30))
        with pytest.raises(PublicationRefused), transaction.atomic():
            revision.publish(user=officer)
        revision.publish(user=moderator)
        clock(minutes=31)
        call_command("publish_scheduled")
        assert alert.chain().last.authorisation.user == moderator

    def test_a_planned_alert_that_was_changed_by_who_approved_it_does_not_go_out(
        self, clock, alert, moderator
    ):
        revision = written(alert, author(), go_live_at=clock() + timedelta(minutes=30))
        revision.publish(user=moderator)
        Approval.objects.all().delete()
        clock(minutes=31)
        call_command("publish_scheduled")
        assert not AlertMessage.objects.exists()


class TestBreakingTheGlass:
    def alone(self, alert, user, reason=WHY, **changes):
        revision = written(alert, user, **changes)
        approval.break_glass(revision.as_object(), user, reason)
        revision.publish(user=user)
        return alert.chain().last

    def test_a_duty_officer_publishes_alone_and_it_is_on_record(self, officer):
        message = self.alone(AlertFactory(), officer)
        authorisation = message.authorisation
        assert (authorisation.ground, authorisation.user) == (Ground.BREAK_GLASS, officer)
        assert authorisation.reason == WHY
        assert ledger.verify() == []

    def test_everybody_concerned_is_told_once(self, officer, moderator):
        both = UserFactory(groups=["Duty officers", "Moderators"])
        UserFactory(groups=["Editors"])
        UserFactory(groups=["Moderators"], is_active=False)
        UserFactory(groups=["Moderators"], email="")
        self.alone(AlertFactory(), officer)
        assert {notice.user for notice in Notice.objects.all()} == {officer, moderator, both}

    def test_an_approved_message_tells_nobody(self, officer, moderator):
        written(alert := AlertFactory(), officer).publish(user=moderator)
        assert alert.chain().messages
        assert not Notice.objects.exists()

    @pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
    def test_it_takes_a_reason(self, officer, reason):
        with pytest.raises(PublicationRefused):
            self.alone(AlertFactory(), officer, reason)

    @pytest.mark.parametrize(("urgency", "severity"), [("Expected", "Extreme"), ("Immediate", "Moderate")])
    def test_it_takes_imminent_danger(self, officer, urgency, severity):
        with pytest.raises(PublicationRefused, match="imminent danger"):
            self.alone(AlertFactory(), officer, urgency=urgency, severity=severity)

    @pytest.mark.parametrize("groups", [["Moderators"], ["Editors"], ["Site managers"], []])
    def test_it_takes_a_duty_officer(self, clock, groups):
        with pytest.raises(PublicationRefused, match="Only a duty officer"):
            self.alone(AlertFactory(), UserFactory(groups=groups))

    def test_it_is_for_now(self, clock, officer):
        with pytest.raises(PublicationRefused, match="goes out at once"):
            self.alone(AlertFactory(), officer, go_live_at=clock() + timedelta(minutes=5))

    def test_it_is_for_what_was_written_then(self, officer):
        alert = AlertFactory()
        approval.break_glass(written(alert, officer).as_object(), officer, WHY)
        revision = written(alert, officer, what_fr="Autre chose.")
        with pytest.raises(PublicationRefused):
            revision.publish(user=officer)

    def test_it_is_for_who_broke_it(self, officer):
        alert, colleague = AlertFactory(), UserFactory(groups=["Duty officers"])
        written(alert, colleague)
        revision = written(alert, officer, what_fr="Ensemble.")
        approval.break_glass(revision.as_object(), officer, WHY)
        with pytest.raises(PublicationRefused):
            revision.publish(user=colleague)


class TestEnding:
    @pytest.mark.parametrize("kind", [Kind.ALL_CLEAR, Kind.CANCEL])
    def test_one_person_ends_and_is_on_record(self, officer, kind):
        alert = AlertFactory()
        written(alert, officer).publish(user=approver())
        message = end(alert, kind, now=message_time(alert), user=officer)
        assert (message.authorisation.ground, message.authorisation.user) == (Ground.ENDING, officer)

    def test_nobody_cannot(self, clock):
        alert = AlertFactory()
        send(alert)
        with pytest.raises(PublicationRefused, match="Sign in"):
            alert.end(Kind.CANCEL, now=clock(minutes=1))


def message_time(alert):
    return alert.chain().last.sent + timedelta(minutes=1)


class TestThePermissionTester:
    def test_authors_have_no_publish_button_until_somebody_has_approved(self, officer, moderator):
        alert = AlertFactory()
        written(alert, moderator)
        assert not latest(alert).permissions_for_user(moderator).can_publish()
        assert latest(alert).permissions_for_user(UserFactory(groups=["Moderators"])).can_publish()
        approval.approve(latest(alert), officer)
        assert latest(alert).permissions_for_user(moderator).can_publish()

    def test_the_publish_action_asks_it(self, moderator):
        revision = written(AlertFactory(), moderator)
        with pytest.raises(PermissionDenied):
            PublishPageRevisionAction(revision, user=moderator).execute()

    def test_duty_officers_keep_the_button_since_the_form_asks_for_the_reason(self, officer):
        alert = AlertFactory()
        written(alert, officer)
        assert latest(alert).permissions_for_user(officer).can_publish()

    def test_authors_may_still_end_what_is_out(self, moderator):
        alert = AlertFactory()
        send(alert)
        written(alert, moderator, what_fr="La suite.")
        permissions = latest(alert).permissions_for_user(moderator)
        assert permissions.can_end()
        assert not permissions.can_publish()

    def test_editors_may_neither(self, clock):
        alert = AlertFactory()
        send(alert)
        permissions = latest(alert).permissions_for_user(UserFactory(groups=["Editors"]))
        assert not permissions.can_end()
        assert not permissions.can_publish()


class TestTheDatabase:
    def smuggled(self, message):
        """The same message again, as code or SQL would insert it."""
        values = {
            field.attname: getattr(message, field.attname) for field in AlertMessage._meta.concrete_fields
        }
        values |= {
            "id": None,
            "identifier": f"vigie-{uuid.uuid4()}",
            "seal": "0" * 64,
            "previous_seal": message.seal,
        }
        return AlertMessage(**values)

    def test_it_refuses_a_message_without_authorisation(self, clock):
        message = send(AlertFactory())
        with pytest.raises(IntegrityError, match="needs an authorisation"), transaction.atomic():
            self.smuggled(message).save(force_insert=True)
        with pytest.raises(IntegrityError, match="needs an authorisation"), transaction.atomic():
            AlertMessage.objects.bulk_create([self.smuggled(message)])
        assert AlertMessage.objects.count() == 1

    @pytest.mark.parametrize(
        "wrong",
        [
            {"ground": "break-glass", "reason": "", "fingerprint": "0" * 64},
            {"ground": "four-eyes", "fingerprint": ""},
            {"ground": "four-eyes", "fingerprint": "0" * 64, "user_id": None},
        ],
    )
    def test_it_refuses_an_authorisation_that_names_neither_who_nor_why(self, clock, wrong):
        message = self.smuggled(send(AlertFactory()))
        values = {"message_id": message.identifier, "user_id": author().pk} | wrong
        with pytest.raises(IntegrityError), transaction.atomic():
            Authorisation.objects.create(**values)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE alerts_authorisation SET reason = 'autre'",
            "UPDATE alerts_authorisation SET user_id = NULL",
            "DELETE FROM alerts_authorisation",
        ],
    )
    def test_it_refuses_to_change_one(self, clock, statement):
        send(AlertFactory())
        with (
            pytest.raises(Error, match="an authorisation is a record"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_the_ledger_finds_one_that_was_changed_nevertheless(self, clock):
        message = send(AlertFactory())
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            else:
                cursor.execute("DROP TRIGGER alerts_authorisation_no_update")
            cursor.execute("UPDATE alerts_authorisation SET reason = 'autre'")
        assert [problem.split(":")[0] for problem in ledger.verify()] == [message.identifier]

    def test_the_migration_can_be_taken_back(self, clock):
        migrations = [
            import_module(f"alerts.migrations.{name}")
            for name in ("0015_neither_emptied_nor_replaced", "0006_authorisation")
        ]
        message = send(AlertFactory())
        with connection.cursor() as cursor:
            editor = SimpleNamespace(connection=connection, execute=cursor.execute)
            for migration in migrations:
                migration.drop(None, editor)
            self.smuggled(message).save(force_insert=True)
            for migration in reversed(migrations):
                migration.create(None, editor)
        with pytest.raises(IntegrityError), transaction.atomic():
            self.smuggled(AlertMessage.objects.last()).save(force_insert=True)


class TestInTheForm:
    """Wagtail's own edit form, as a duty officer uses it."""

    @pytest.fixture
    def posted(self, officer, client):
        client.force_login(officer)

        def post(alert, **changes):
            page = latest(alert)
            names = [
                name for field in ("title", "slug", "what", "instruction", "area", "summary")
                for name in (f"{field}_fr", f"{field}_nl")
            ]  # fmt: skip
            data = {name: getattr(page, name) or "" for name in names if hasattr(page, name)}
            data |= {
                name: getattr(page, name) for name in ("event", "status", "urgency", "severity", "certainty")
            }
            data |= {name: f"{getattr(page, name):%Y-%m-%d %H:%M}" for name in ("onset", "expires")}
            for prefix in ("comments",):
                data |= {f"{prefix}-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
            return client.post(f"/cms/pages/{alert.pk}/edit/", data | {"action-publish": "1"} | changes)

        return post

    def test_a_missing_reason_is_an_error_at_its_field_and_the_text_stays(self, posted):
        alert = AlertFactory()
        response = posted(alert, what_fr="Texte tapé à 3 heures.")
        assert list(response.context["form"].errors) == ["alone_reason"]
        assert "Texte tapé à 3 heures." in response.content.decode()
        assert not AlertMessage.objects.exists()

    @pytest.mark.parametrize("publish", ["1", ""])
    @pytest.mark.parametrize("name", ["onset", "expires"])
    @pytest.mark.parametrize("typed", ["0026-11-26 08:40", "0001-01-01 00:00", "9999-12-31 23:59"])
    def test_a_slip_in_a_date_is_an_error_at_its_field(self, posted, publish, name, typed):
        alert = AlertFactory()
        response = posted(alert, **{name: typed, "alone_reason": WHY, "action-publish": publish})
        assert name in response.context["form"].errors
        assert not AlertMessage.objects.exists()

    def test_an_update_keeps_a_beginning_of_long_ago_and_says_when_it_lasts_long(self, posted, officer):
        now = timezone.now()
        alert = AlertFactory(onset=now - timedelta(days=30), expires=now + timedelta(hours=2))
        assert "onset" in posted(alert, alone_reason=WHY).context["form"].errors
        send(alert)
        later = {"expires": f"{now + timedelta(days=9):%Y-%m-%d %H:%M}", "alone_reason": WHY}
        assert list(posted(alert, **later).context["form"].errors) == ["lasts_long"]
        assert posted(alert, **later, lasts_long="on").status_code == 302

    def test_with_a_reason_it_goes_out(self, posted, officer):
        alert = AlertFactory()
        response = posted(alert, what_fr="Texte tapé à 3 heures.", alone_reason=WHY)
        assert response.status_code == 302, response.context["form"].errors
        authorisation = alert.chain().last.authorisation
        assert (authorisation.user, authorisation.reason) == (officer, WHY)

    def test_the_reason_counts_that_was_given_last(self, officer):
        page = latest(AlertFactory())
        approval.break_glass(page, officer, "Essai.")
        assert approval.break_glass(page, officer, WHY).reason == WHY
        assert page.approvals.count() == 1

    def test_what_a_colleague_wrote_needs_no_reason(self, posted, officer):
        alert = AlertFactory()
        written(alert, author())
        response = posted(alert)
        assert response.status_code == 302, response.context["form"].errors
        assert alert.chain().last.authorisation.ground == Ground.FOUR_EYES

    def test_a_draft_needs_none(self, posted):
        response = posted(AlertFactory(), what_fr="Brouillon", **{"action-publish": ""})
        assert response.status_code == 302
        assert not AlertMessage.objects.exists()


def test_a_superuser_is_no_duty_officer(clock):
    superuser = SuperuserFactory()
    with pytest.raises(PublicationRefused, match="Only a duty officer"):
        approval.break_glass(written(AlertFactory(), superuser).as_object(), superuser, WHY)
