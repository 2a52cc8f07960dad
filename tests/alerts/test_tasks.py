"""What the dashboard asks people to do, the mails that tell them, and the pages to do it."""

from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from alerts import approval, notices
from alerts.approval import Notice, Review
from alerts.lifecycle import Kind
from alerts.models import AlertMessage, AlertPage
from alerts.sources import ImportedMessage
from generator.registry import default
from territory.models import Landmark, PoliceZone
from tests.factories.alerts import AlertFactory, author, end, send
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
WHY = "Personne n'est joignable."


@pytest.fixture
def officer(clock):
    AlertFactory()
    return UserFactory(groups=["Duty officers"], language="nl", first_name="An", last_name="Peeters")


@pytest.fixture
def moderator(clock):
    return UserFactory(groups=["Moderators"], language="fr")


@pytest.fixture
def alone(officer, moderator):
    """A message that `officer` sent alone."""
    alert = AlertFactory(title_fr="Explosion à Schaerbeek", title_nl="Ontploffing in Schaarbeek")
    revision = alert.save_revision(user=officer)
    approval.break_glass(revision.as_object(), officer, WHY)
    revision.publish(user=officer)
    return alert.chain().last


class TestTheMails:
    def test_each_is_in_its_reader_s_language_and_says_who_what_and_why(self, alone, officer, moderator):
        assert notices.send_due() == 2
        dutch, french = sorted(
            mail.outbox, key=lambda each: each.extra_headers["Content-Language"], reverse=True
        )
        assert (dutch.to, french.to) == ([officer.email], [moderator.email])
        assert "Ontploffing in Schaarbeek" in dutch.subject
        assert "Explosion à Schaerbeek" in french.subject
        for each in mail.outbox:
            assert "An Peeters" in each.body
            assert WHY in each.body
            assert f"/cms/alerts/review/{alone.authorisation.pk}/" in each.body
        assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == 2
        assert notices.send_due() == 0

    def test_while_mail_is_down_they_wait_longer_each_time_and_then_go(self, alone, clock, monkeypatch):
        def down(backend, messages):
            raise SMTPServerDisconnected("no answer")

        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "send_messages", down)
            pauses = []
            for _ in range(12):
                assert notices.send_due() == 0
                notice = Notice.objects.first()
                assert "no answer" in notice.error
                pauses.append((notice.due_at - timezone.now()).total_seconds())
                clock(seconds=pauses[-1])
        assert pauses[:3] == [2, 4, 8]
        assert max(pauses) == 300
        assert notices.send_due() == 2
        assert not Notice.objects.filter(sent_at=None).exists()

    def test_one_address_that_fails_holds_back_nobody(self, alone, moderator, monkeypatch):
        send_messages = EmailBackend.send_messages

        def refuse(backend, messages):
            if messages[0].to == [moderator.email]:
                raise OSError("refused")
            return send_messages(backend, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", refuse)
        assert notices.send_due() == 1

    def test_what_a_killed_worker_had_taken_goes_out_later(self, alone, clock):
        Notice.objects.update(due_at=timezone.now() + notices.LEASE, attempts=1)
        assert notices.send_due() == 0
        clock(seconds=121)
        assert notices.send_due() == 2

    def test_an_exercise_says_so_in_the_subject(self, officer):
        exercise = send(AlertFactory(status="Exercise"))
        status = exercise.content["status"]
        assert notices._composed("key", officer, "Over", "", status).subject.startswith("[")

    def test_the_worker_knows_them(self):
        assert default.periodic_jobs["alert notices"].job is notices.send_due


class TestTheDashboard:
    def shown(self, client, user):
        client.force_login(user)
        return client.get("/cms/").content.decode()

    def panel(self, client, user):
        return self.shown(client, user).partition('id="alert-tasks')[2]

    def test_a_message_sent_alone_stays_until_somebody_else_has_reviewed_it(
        self, alone, client, officer, moderator
    ):
        address = f"/cms/alerts/review/{alone.authorisation.pk}/"
        assert address not in self.shown(client, officer)
        assert "Ontploffing in Schaarbeek" in self.shown(client, officer)
        assert address in self.shown(client, moderator)
        client.force_login(officer)
        client.post(address, {"note": "Alles in orde."})
        assert not Review.objects.exists()
        client.force_login(moderator)
        assert WHY.replace("'", "&#x27;") in client.get(address).content.decode()
        assert client.post(address, {"note": ""}).status_code == 200
        assert not Review.objects.exists()
        client.post(address, {"note": "Justifié."})
        assert (Review.objects.get().user, Review.objects.get().note) == (moderator, "Justifié.")
        assert address not in self.shown(client, moderator)
        assert client.get(address).status_code == 404

    def test_what_is_to_be_reviewed_is_named_by_what_it_said_then(
        self, alone, client, officer, moderator, clock
    ):
        clock(minutes=5)
        send(alone.alert, officer, title_fr="Deuxième explosion", title_nl="Tweede ontploffing")
        assert "Ontploffing in Schaarbeek" in self.panel(client, officer)
        panel = self.panel(client, moderator)
        assert "Explosion à Schaerbeek</a>" in panel
        assert "Deuxième" not in panel
        review = client.get(f"/cms/alerts/review/{alone.authorisation.pk}/").content.decode()
        assert "Explosion à Schaerbeek" in review
        assert "Deuxième" not in review

    def test_a_translation_that_follows_stays_until_it_is_there(self, client, officer, moderator, clock):
        alert = AlertFactory(
            title_fr="Explosion", title_nl="", what_nl="", translation_follows="nl", translation_reason=WHY
        )
        send(alert, officer)
        update = f'href="/cms/alerts/{alert.pk}/update/"'
        for user in (officer, moderator):
            assert update in self.panel(client, user)
            assert client.get(f"/cms/alerts/{alert.pk}/update/").status_code == 200
        send(alert, officer, title_nl="Ontploffing", what_nl="Er is iets ontploft.")
        assert update not in self.panel(client, moderator)

    def test_it_is_gone_with_the_alert(self, client, officer, moderator, clock):
        alert = AlertFactory(title_nl="", translation_follows="nl", translation_reason=WHY)
        send(alert, officer)
        end(alert, Kind.ALL_CLEAR, now=clock(minutes=1))
        assert 'id="alert-tasks' not in self.shown(client, moderator)

    def test_complete_drafts_of_others_are_to_be_approved(self, client, officer, moderator):
        own, others, incomplete = AlertFactory(), AlertFactory(), AlertFactory(what_nl="")
        own.save_revision(user=moderator)
        others.save_revision(user=officer)
        incomplete.save_revision(user=officer)
        page = self.shown(client, moderator)
        assert [f"/cms/alerts/approval/{alert.pk}/" in page for alert in (own, others, incomplete)] == [
            False, True, False
        ]  # fmt: skip

    def test_who_has_nothing_to_do_with_alerts_sees_nothing(self, alone, client):
        assert "alert-tasks" not in self.shown(client, UserFactory(groups=["Editors"]))


@pytest.mark.parametrize(("language", "heading"), [("fr", "à compléter"), ("nl", "aan te vullen")])
def test_a_partner_s_message_waits_on_the_dashboard_until_it_is_complete_or_over(
    client, clock, language, heading
):
    alert = AlertFactory(title_nl="")
    alert.save_revision()
    ImportedMessage.objects.create(
        alert=alert, sender="meteo@irm.example", identifier="a", sent="2026-11-22T12:00:00+01:00"
    )
    client.force_login(UserFactory(groups=["Duty officers"], language=language))
    shown = client.get("/cms/").content.decode()
    assert heading in shown
    assert f"/cms/pages/{alert.pk}/edit/" in shown
    assert "meteo@irm.example" in shown
    clock(hours=3)
    assert heading not in client.get("/cms/").content.decode()
    clock(hours=-3)
    draft = alert.get_latest_revision_as_object()
    draft.title_nl = "Storm"
    draft.save_revision(user=author())
    assert heading not in client.get("/cms/").content.decode()


class TestApprovingInTheAdmin:
    @pytest.fixture
    def alert(self, officer):
        alert = AlertFactory(what_fr="Texte de l'officier.")
        alert.save_revision(user=officer)
        return alert

    def seen(self, alert):
        page = AlertPage.objects.get(pk=alert.pk).get_latest_revision_as_object()
        return approval.fingerprint(AlertPage, page.serializable_data())

    def test_both_languages_are_shown_and_one_click_publishes(self, alert, client, moderator):
        client.force_login(moderator)
        address = f"/cms/alerts/approval/{alert.pk}/"
        shown = client.get(address).content.decode()
        assert "Texte de l&#x27;officier." in shown
        assert "Er zijn schoten gehoord" in shown
        assert self.seen(alert) in shown
        client.post(address, {"seen": self.seen(alert), "publish": "1"})
        message = alert.chain().last
        assert message.sent_by == message.authorisation.user == moderator

    @pytest.mark.parametrize("language", ["fr", "nl"])
    def test_who_approves_sees_the_ground_in_words_and_on_a_map_and_all_that_goes_out(
        self, alert, client, officer, language
    ):
        draft = alert.get_latest_revision_as_object()
        draft.landmarks = [Landmark.objects.get(name_fr="Gare de Bruxelles-Midi")]
        draft.police_zones = [PoliceZone.objects.get(code="5341")]
        draft.shapes = "50.88,4.4 0.5"
        draft.contact_fr, draft.contact_nl, draft.contact_number = "Centre de crise", "Crisiscentrum", "1771"
        draft.response_types = ["Shelter"]
        draft.save_revision(user=officer)
        client.force_login(UserFactory(groups=["Moderators"], language=language))
        shown = client.get(f"/cms/alerts/approval/{alert.pk}/").content.decode()
        towns, place, response = {
            "fr": ("Anderlecht, Forest, Saint-Gilles", "Gare de Bruxelles-Midi", "Abritez-vous"),
            "nl": ("Anderlecht, Vorst, Sint-Gillis", "Station Brussel-Zuid", "Schuil: blijf"),
        }[language]
        for said in (towns, place, response, "50.88,4.4 0.5", "Centre de crise", "Crisiscentrum", "1771"):
            assert said in shown, said
        assert 'class="map"' in shown
        assert "map__drawn" in shown

    def test_an_outline_that_cannot_be_read_is_an_error_on_the_page(self, alert, client, moderator, officer):
        draft = alert.get_latest_revision_as_object()
        draft.shapes = "50.88 ici"
        draft.save_revision(user=officer)
        client.force_login(moderator)
        response = client.get(f"/cms/alerts/approval/{alert.pk}/")
        assert response.status_code == 200
        assert [error.field for error in response.context["errors"]] == ["shapes"]

    def test_approved_only_its_author_may_publish(self, alert, client, officer, moderator):
        client.force_login(moderator)
        client.post(f"/cms/alerts/approval/{alert.pk}/", {"seen": self.seen(alert)})
        assert not AlertMessage.objects.exists()
        alert.get_latest_revision().publish(user=officer)
        assert alert.chain().last.authorisation.user == moderator

    def test_a_text_that_has_changed_meanwhile_is_a_message(self, alert, client, officer, moderator):
        seen = self.seen(alert)
        draft = alert.get_latest_revision_as_object()
        draft.what_fr = "Tout autre chose."
        draft.save_revision(user=officer)
        client.force_login(moderator)
        response = client.post(
            f"/cms/alerts/approval/{alert.pk}/", {"seen": seen, "publish": "1"}, follow=True
        )
        assert response.status_code == 200
        assert [str(message) for message in response.context["messages"]]
        assert not AlertMessage.objects.exists()

    def test_its_author_and_who_may_not_publish_cannot(self, alert, client, officer):
        address = f"/cms/alerts/approval/{alert.pk}/"
        for user in (officer, UserFactory(groups=["Editors"])):
            client.force_login(user)
            client.post(address, {"seen": self.seen(alert), "publish": "1"})
        client.logout()
        assert client.post(address, {"seen": self.seen(alert)}).status_code == 302
        assert not AlertMessage.objects.exists()
        assert not approval.Approval.objects.exists()

    def test_a_draft_without_an_end_is_shown_and_said_to_be_incomplete(self, client, moderator):
        alert = AlertFactory(what_nl="")
        alert.save_revision(user=author())
        client.force_login(moderator)
        shown = client.get(f"/cms/alerts/approval/{alert.pk}/").content.decode()
        assert 'name="seen"' not in shown

    def test_the_button_is_for_who_did_not_write(self, alert, client, officer, moderator):
        address = f"/cms/alerts/approval/{alert.pk}/"
        for user, expected in ((moderator, True), (officer, False)):
            client.force_login(user)
            assert (address in client.get(f"/cms/pages/{alert.pk}/edit/").content.decode()) == expected
