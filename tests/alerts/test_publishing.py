"""Every publication appends one message, in its transaction; and what may not be published."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import translation
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.log_actions import LogContext
from wagtail.models import GroupPagePermission, PageViewRestriction, Site

from alerts.lifecycle import Kind, State
from alerts.models import AlertMessage, AlertPage
from generator.models import BuildRequest
from pages.completeness import PublicationRefused
from tests.alerts import outputs
from tests.alerts.filling import prefilled
from tests.factories.alerts import AlertFactory, alert_index, approver, author, end, send
from tests.factories.pages import draft_of
from tests.factories.users import SuperuserFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_first_publication_sends_an_alert(clock):
    user = SuperuserFactory()
    alert = AlertFactory()
    message = send(alert, user)
    assert (message.kind, message.references, message.sent_by) == (Kind.ALERT, "", user)
    assert AlertMessage.objects.count() == 1
    assert alert.state_at(clock()) is State.ACTIVE


def test_a_publication_while_active_sends_an_update_that_refers_to_all_before(clock):
    alert = AlertFactory()
    first = send(alert)
    clock(minutes=1)
    second = send(alert, what_fr="Un suspect est recherché.")
    clock(minutes=1)
    third = send(alert)
    assert (second.kind, third.kind) == (Kind.UPDATE, Kind.UPDATE)
    assert second.references == first.reference()
    assert third.references == f"{first.reference()} {second.reference()}"


def test_the_editor_s_button_goes_around_the_page_s_method_and_still_sends_one_message(clock):
    alert = AlertFactory()
    send(alert)
    revision = draft_of(alert, what_fr="Un suspect est recherché.")
    with LogContext(user=approver()):
        PublishPageRevisionAction(revision, user=approver()).execute(skip_permission_checks=True)
    assert [message.kind for message in alert.chain().messages] == [Kind.ALERT, Kind.UPDATE]


@pytest.mark.parametrize(("language", "said"), [("fr", "plus d’un an"), ("nl", "een jaar")])
@pytest.mark.parametrize("name", ["onset", "expires"])
def test_a_slip_in_the_year_is_sent_by_no_route(clock, name, language, said):
    """The form asks first; a command or an import does not pass it."""
    with pytest.raises(PublicationRefused) as refused, translation.override(language):
        send(AlertFactory(expires=clock() + timedelta(days=800)), **{name: clock() + timedelta(days=700)})
    assert said in str(refused.value)
    assert not AlertMessage.objects.exists()


@pytest.mark.parametrize("error", [OSError, TypeError, SyntaxError, ValueError])
def test_whatever_is_wrong_with_cap_the_alert_goes_out_without_it(clock, monkeypatch, caplog, error):
    def fails(_xml):
        raise error("broken")

    monkeypatch.setattr("alerts.cap.validate", fails)
    alert = AlertFactory()
    message = send(alert)
    assert not message.has_xml
    assert [row.title for row in outputs.band("fr")] == [alert.title_fr]
    assert "could not be made" in caplog.text


def test_an_alert_counts_for_a_host_whose_clock_is_behind(clock):
    alert = AlertFactory()
    message = send(alert)
    clock(minutes=-5)
    assert [entry["identifier"] for entry in outputs.active()] == [message.identifier]
    assert [row.title for row in outputs.band("nl")] == [alert.title_nl]
    assert end(alert, Kind.ALL_CLEAR, now=clock()).sent == message.sent
    assert outputs.active() == []


def test_the_all_clear_of_what_never_began_does_not_begin_after_its_end(clock):
    alert = AlertFactory(onset=clock() + timedelta(hours=7), expires=clock() + timedelta(hours=9))
    send(alert)
    message = end(alert, Kind.ALL_CLEAR, now=clock(minutes=1))
    assert message.onset == message.sent < message.expires


def test_publication_and_message_are_one_transaction(clock, monkeypatch):
    alert = AlertFactory()
    monkeypatch.setattr(AlertMessage, "make_seal", lambda message: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        send(alert)
    assert not AlertPage.objects.get(pk=alert.pk).live
    assert not AlertMessage.objects.exists()


def test_a_message_asks_for_a_build_in_the_same_transaction(clock):
    alert = AlertFactory()
    message = send(alert)
    assert BuildRequest.objects.filter(reason=f"alert {message.identifier}").count() == 1


def test_a_draft_update_of_a_live_alert_does_not_change_what_is_out(clock):
    alert = AlertFactory()
    send(alert)
    before = (outputs.active(), outputs.html(alert, "fr"))
    draft_of(alert, what_fr="Tout est calme.", title_fr="Rien")
    assert (outputs.active(), outputs.html(alert, "fr")) == before
    assert AlertMessage.objects.count() == 1


def test_saving_a_live_alert_by_code_does_not_change_what_is_out(clock):
    alert = AlertFactory()
    send(alert)
    before = (outputs.active(), outputs.html(alert, "nl"))
    alert.what_nl = "Alles is rustig."
    alert.save()
    assert (outputs.active(), outputs.html(alert, "nl")) == before


@pytest.mark.parametrize("kind", [Kind.ALL_CLEAR, Kind.CANCEL])
@pytest.mark.parametrize(("language", "words"), [("fr", "Make a new alert"), ("nl", "Make a new alert")])
def test_what_is_over_takes_no_update_and_says_so_in_the_editor_s_language(clock, kind, language, words):
    alert = AlertFactory()
    send(alert)
    end(alert, kind, now=clock(minutes=1))
    with translation.override(language):
        expected = translation.gettext(
            "This alert is not active (%(state)s), so nothing can follow it. Make a new alert."
        )
        with pytest.raises(PublicationRefused) as refusal, transaction.atomic():
            send(alert)
        assert expected.split("(")[0] in refusal.value.summary
    assert alert.chain().last.kind == kind


def test_what_has_expired_takes_no_message(clock):
    alert = AlertFactory()
    send(alert)
    clock(hours=3)
    with pytest.raises(PublicationRefused), transaction.atomic():
        send(alert, expires=clock() + timedelta(hours=2))
    with pytest.raises(PublicationRefused):
        end(alert, Kind.ALL_CLEAR, now=clock())
    assert AlertMessage.objects.count() == 1


def test_an_alert_that_would_be_over_at_once_is_refused(clock):
    alert = AlertFactory(onset=clock() - timedelta(hours=3))
    with pytest.raises(PublicationRefused) as refusal:
        send(alert)
    assert "expires" in refusal.value.message_dict


def test_an_end_before_the_beginning_is_refused_and_names_both(clock):
    alert = AlertFactory(onset=clock() + timedelta(hours=5), expires=clock() + timedelta(hours=4))
    with pytest.raises(PublicationRefused, match=r"22/11/2026 17:00.*22/11/2026 18:00"):
        send(alert)


def test_a_headline_has_at_most_140_characters(clock):
    assert send(AlertFactory(title_fr="a" * 140)).content["headline"]["fr"] == "a" * 140
    alert = AlertFactory(title_nl="b" * 141)
    with pytest.raises(PublicationRefused, match="141") as refusal:
        send(alert)
    assert list(refusal.value.message_dict) == ["title_nl"]


def test_the_area_in_words_has_fewer_than_50_characters(clock):
    assert send(AlertFactory(area_fr="é" * 49)).content["area"]["fr"] == "é" * 49
    with pytest.raises(PublicationRefused) as refusal:
        send(AlertFactory(), area_nl="e" * 50)
    assert list(refusal.value.message_dict) == ["area_nl"]


@pytest.mark.parametrize("name", ["title_nl", "what_fr", "instruction_nl", "area_fr"])
def test_nothing_goes_out_in_one_language(clock, name):
    alert = AlertFactory()
    with pytest.raises(PublicationRefused) as refusal, transaction.atomic():
        send(alert, **{name: ""})
    assert name in refusal.value.message_dict
    assert not AlertMessage.objects.exists()


def test_a_scheduled_alert_sends_its_message_when_it_is_due(clock):
    alert = AlertFactory()
    draft_of(alert, go_live_at=clock() + timedelta(minutes=30)).publish(user=approver())
    assert not AlertMessage.objects.exists()
    clock(minutes=29)
    call_command("publish_scheduled")
    assert not AlertMessage.objects.exists()
    clock(minutes=2)
    call_command("publish_scheduled")
    assert [message.kind for message in alert.chain().messages] == [Kind.ALERT]
    assert alert.chain().last.sent == clock()


def test_a_scheduled_update_sends_its_message_when_it_is_due(clock):
    alert = AlertFactory()
    send(alert)
    draft_of(alert, title_fr="Fin prochaine", go_live_at=clock() + timedelta(minutes=30)).publish(
        user=approver()
    )
    assert outputs.active()[0]["headline"]["fr"] != "Fin prochaine"
    clock(minutes=31)
    call_command("publish_scheduled")
    assert outputs.active()[0]["headline"]["fr"] == "Fin prochaine"
    assert alert.chain().last.kind == Kind.UPDATE


def test_an_alert_cannot_be_scheduled_beyond_its_end(clock):
    alert = AlertFactory()
    with pytest.raises(PublicationRefused):
        draft_of(alert, go_live_at=alert.expires + timedelta(minutes=1)).publish(user=approver())


def test_a_scheduled_update_of_what_is_over_is_refused_and_stops_nothing_else(clock):
    over, other = AlertFactory(), AlertFactory()
    send(over)
    for alert in (over, other):
        draft_of(alert, go_live_at=clock() + timedelta(minutes=30)).publish(user=approver())
    end(over, Kind.ALL_CLEAR, now=clock(minutes=1))
    clock(minutes=40)
    call_command("publish_scheduled")
    assert over.chain().last.kind == Kind.ALL_CLEAR
    assert other.chain().last.kind == Kind.ALERT


def test_an_alert_takes_no_expiry_of_the_page_which_would_be_silent(clock):
    alert = AlertFactory()
    with pytest.raises(PublicationRefused) as refusal:
        send(alert, expire_at=clock() + timedelta(minutes=30))
    assert list(refusal.value.message_dict) == ["expire_at"]


def test_an_active_alert_is_not_unpublished(clock):
    alert = AlertFactory()
    send(alert)
    with pytest.raises(ValidationError, match="Fusillade"), transaction.atomic():
        alert.unpublish()
    assert outputs.active()


def test_nothing_above_an_active_alert_is_unpublished(clock):
    send(AlertFactory())
    for page in (alert_index(), Site.objects.get().root_page.specific):
        with pytest.raises(ValidationError), transaction.atomic():
            page.unpublish()
    assert outputs.active()


def test_an_alert_that_is_over_may_be_unpublished_and_its_cap_files_stay(clock):
    alert = AlertFactory()
    send(alert)
    end(alert, Kind.ALL_CLEAR, now=clock(minutes=1))
    alert.refresh_from_db()
    alert.unpublish()
    assert not AlertPage.objects.get(pk=alert.pk).live
    assert len(outputs.cap_urls()) == 2


def test_what_was_sent_is_not_deleted_by_itself_or_with_its_index(clock):
    alert = AlertFactory()
    send(alert)
    for page in (AlertPage.objects.get(pk=alert.pk), alert_index()):
        with pytest.raises(ValidationError), transaction.atomic():
            page.delete()
    assert AlertPage.objects.filter(pk=alert.pk).exists()


def test_a_draft_is_deleted(clock):
    alert = AlertFactory()
    alert.delete()
    assert not AlertPage.objects.exists()


def test_neither_an_alias_nor_a_page_made_live_at_once_is_an_alert(clock):
    with pytest.raises(PublicationRefused), transaction.atomic():
        AlertFactory(live=True)
    alert = AlertFactory()
    send(alert)
    with pytest.raises(PublicationRefused), transaction.atomic():
        alert.create_alias(update_slug="copie")
    assert AlertMessage.objects.count() == 1


def test_a_copy_is_a_new_draft(clock):
    alert = AlertFactory()
    send(alert)
    copy = alert.copy(keep_live=False)
    assert copy.state_at(clock()) is State.DRAFT
    assert AlertMessage.objects.count() == 1


def test_what_was_sent_as_actual_does_not_turn_into_an_exercise(clock):
    alert = AlertFactory()
    send(alert)
    with pytest.raises(PublicationRefused) as refusal, transaction.atomic():
        send(alert, status="Exercise")
    assert list(refusal.value.message_dict) == ["status"]


def test_an_alert_without_valid_cap_goes_out_with_an_error_in_the_log(clock, settings, caplog):
    settings.VIGIE_CAP_SENDER = "not allowed, here"
    alert = AlertFactory()
    message = send(alert)
    assert message.xml == ""
    assert f"{message.identifier} could not be made" in caplog.text
    assert outputs.active()[0]["cap"] is None
    assert outputs.band("fr")
    assert outputs.cap_urls() == set()


def test_the_all_clear_withdraws_the_instructions(clock):
    alert = AlertFactory(title_fr="é" * 140)
    send(alert)
    message = end(alert, Kind.ALL_CLEAR, now=clock(minutes=1))
    assert "Éloignez-vous" not in message.content["instruction"]["fr"]
    assert len(message.content["headline"]["fr"]) == 140
    assert message.expires == clock() + timedelta(hours=1)


def test_duty_officers_may_write_and_publish_alerts_and_nothing_else(clock):
    user = UserFactory(groups=["Duty officers"])
    index = alert_index()
    assert index.permissions_for_user(user).can_add_subpage()
    alert = AlertFactory(parent=index)
    assert alert.permissions_for_user(user).can_publish()
    assert not Site.objects.get().root_page.permissions_for_user(user).can_add_subpage()
    assert GroupPagePermission.objects.filter(group__name="Duty officers", page=index).count() == 3


class TestInTheAdmin:
    @pytest.fixture
    def admin(self, client):
        client.force_login(SuperuserFactory(language="nl"))
        return client

    def test_the_all_clear_is_one_button_and_one_confirmation(self, clock, admin):
        alert = AlertFactory()
        send(alert)
        listing = admin.get(f"/cms/pages/{alert_index().pk}/")
        address = f"/cms/alerts/{alert.pk}/all-clear/"
        assert address in listing.content.decode()
        assert admin.get(address).status_code == 200
        assert alert.state_at(clock()) is State.ACTIVE
        admin.post(address, prefilled(admin.get(address)))
        assert alert.state_at(clock()) is State.ENDED

    def test_a_second_click_is_a_message_and_sends_nothing(self, clock, admin):
        alert = AlertFactory()
        send(alert)
        address = f"/cms/alerts/{alert.pk}/cancel/"
        data = prefilled(admin.get(address))
        admin.post(address, data)
        response = admin.post(address, data, follow=True)
        assert response.status_code == 200
        assert [str(message) for message in response.context["messages"]]
        assert len(alert.chain().messages) == 2

    def test_other_kinds_have_no_address(self, clock, admin):
        alert = AlertFactory()
        send(alert)
        for kind in ("alert", "update", "nonsense"):
            admin.post(f"/cms/alerts/{alert.pk}/{kind}/")
        assert len(alert.chain().messages) == 1

    def test_who_may_not_publish_may_not_end(self, clock, client):
        alert = AlertFactory()
        send(alert)
        client.force_login(UserFactory(groups=["Editors"]))
        client.post(f"/cms/alerts/{alert.pk}/cancel/")
        assert alert.state_at(clock()) is State.ACTIVE

    @pytest.mark.parametrize("action", ["delete", "unpublish"])
    def test_taking_it_away_is_refused_with_a_message(self, clock, admin, action):
        alert = AlertFactory()
        send(alert)
        response = admin.post(f"/cms/pages/{alert.pk}/{action}/", follow=True)
        assert response.status_code == 200
        assert [str(message) for message in response.context["messages"]]
        assert outputs.active()

    @pytest.mark.parametrize(
        ("language", "refusal"),
        [
            ("fr", "L’alerte «\xa0Fusillade\xa0» est active"),
            ("nl", "De waarschuwing “Schietpartij” is actief"),
        ],
        ids=["fr", "nl"],
    )
    def test_the_refusal_is_in_the_language_of_the_editor_whatever_the_browser_asks_for(
        self, clock, client, language, refusal
    ):
        alert = AlertFactory(title_fr="Fusillade", title_nl="Schietpartij")
        send(alert)
        client.force_login(SuperuserFactory(language=language))
        asked = {"fr": "nl", "nl": "fr"}[language]
        address = f"/cms/pages/{alert.pk}/unpublish/"
        response = client.post(address, follow=True, headers={"accept-language": asked})
        (said,) = [str(message) for message in response.context["messages"]]
        assert said.startswith(refusal), said

    def test_a_bulk_action_takes_nothing_away_either(self, clock, admin):
        alert = AlertFactory()
        send(alert)
        model = "pages/bilingualpage"
        for action in ("delete", "unpublish"):
            response = admin.post(f"/cms/bulk/{model}/{action}/?id={alert.pk}", follow=True)
            assert response.status_code == 200
        assert outputs.active()

    def test_nobody_can_hide_alerts_behind_a_login(self, clock, admin):
        alert = AlertFactory()
        for page in (alert, alert_index()):
            admin.post(f"/cms/pages/{page.pk}/privacy/", {"restriction_type": "login", "groups": []})
        assert not PageViewRestriction.objects.exists()

    def test_an_hour_that_is_not_there_or_there_twice_is_refused_in_the_form(self, clock, admin):
        alert = AlertFactory()
        form = alert.get_edit_handler().get_form_class()
        for time in ("2026-10-25 02:30", "2027-03-28 02:30"):
            bound = form({"expires": time, "onset": "2026-10-24 12:00"}, instance=alert, for_user=None)
            assert "expires" in bound.errors, time


@pytest.mark.parametrize(("kind", "french", "dutch"), [
    (Kind.ALL_CLEAR, "est terminée", "is voorbij"),
    (Kind.CANCEL, "diffusée par erreur", "per vergissing verspreid"),
])  # fmt: skip
def test_the_last_message_does_not_say_any_more_that_there_is_danger(clock, kind, french, dutch):
    """Whoever reads only the first lines of the page, of CAP or of the feed must not take it for going on."""
    alert = AlertFactory(what_fr="Le danger n'est pas écarté.", what_nl="Het gevaar is niet geweken.")
    send(alert)
    message = end(alert, kind, now=clock(minutes=1))
    assert french in message.content["what"]["fr"]
    assert dutch in message.content["what"]["nl"]
    assert alert.title_fr in message.content["what"]["fr"]
    for said in (message.xml, outputs.html(alert, "fr"), outputs.html(alert, "nl")):
        assert "pas écarté" not in said
        assert "niet geweken" not in said
    for language in ("fr", "nl"):
        assert "niet geweken" not in outputs.feed(language).entries[0].summary


@pytest.mark.parametrize("kind", [Kind.ALL_CLEAR, Kind.CANCEL])
def test_no_translation_follows_the_last_message(clock, kind):
    officer = UserFactory(groups=["Duty officers"])
    alert = AlertFactory(title_nl="", what_nl="", translation_follows="nl", translation_reason="Personne.")
    revision = alert.save_revision(user=author())
    revision.publish(user=officer)
    alert.refresh_from_db()
    assert alert.chain().last.content["translation_follows"] == "nl"
    assert end(alert, kind, now=clock(minutes=1)).content["translation_follows"] is None
