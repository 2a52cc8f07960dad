"""Both languages in their own words, and the one override."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation
from lxml import etree

from alerts import parity
from alerts.lifecycle import Kind
from alerts.models import AlertMessage, AlertPage
from pages.completeness import PublicationRefused
from tests.alerts import outputs
from tests.alerts.filling import prefilled
from tests.factories.alerts import AlertFactory, author, end, send
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
WHY = "Traductrice injoignable."
EMPTY = {"title": "", "what": "", "instruction": "", "area": ""}
DUTCH = {"title_nl": "Schietpartij in Anderlecht", "what_nl": "Er is geschoten.", "instruction_nl": "Blijf binnen.",
         "area_nl": "Dapperheidsplein"}  # fmt: skip


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def officer(clock):
    return UserFactory(groups=["Duty officers"])


def half(language="nl", **changes):
    """A draft without texts in `language`, whose translation follows."""
    empty = {f"{stem}_{language}": "" for stem in EMPTY}
    return AlertFactory(**{**empty, "translation_follows": language, "translation_reason": WHY, **changes})


class TestTheSameInBoth:
    @pytest.mark.parametrize("stem", ["title", "what", "instruction"])
    @pytest.mark.parametrize(
        ("french", "dutch"),
        [
            ("Restez chez vous", "Restez chez vous"),
            ("Évacuez !", "evacuez"),
            ("Code  4", "CODE 4."),
            ("a\nb", "a b"),
        ],
    )
    def test_what_is_the_same_but_for_case_accents_and_spaces_is_refused(self, clock, stem, french, dutch):
        with pytest.raises(PublicationRefused, match="the same in French and in Dutch") as refusal:
            send(AlertFactory(), **{f"{stem}_fr": french, f"{stem}_nl": dutch})
        assert list(refusal.value.message_dict) == [f"{stem}_nl"]
        assert not AlertMessage.objects.exists()

    def test_a_place_may_be(self, clock):
        assert send(AlertFactory(area_fr="Flagey", area_nl="Flagey"))

    @pytest.mark.parametrize(("one", "other"), [("Incendie", "Brand"), ("Test 1", "Test 2")])
    def test_what_differs_goes_out(self, clock, one, other):
        assert send(AlertFactory(title_fr=one, title_nl=other))

    def test_the_last_message_may_not_be_either(self, clock):
        alert = AlertFactory()
        send(alert)
        texts = {"headline": {"fr": "Fin", "nl": "fin !"}}
        with pytest.raises(PublicationRefused, match="The same in French and in Dutch"):
            alert.end(Kind.ALL_CLEAR, now=clock(), user=author(), texts=texts)
        assert len(alert.chain().messages) == 1

    @pytest.mark.parametrize("language", ["fr", "nl"])
    def test_the_refusal_is_in_the_editor_s_language(self, clock, language):
        with translation.override(language), pytest.raises(PublicationRefused) as refusal:
            send(AlertFactory(what_fr="x", what_nl="X"))
        assert "the same" not in refusal.value.summary


class TestTheTranslationFollows:
    @pytest.mark.parametrize("language", ["fr", "nl"])
    def test_once_it_is_over_nothing_leads_to_the_other_text_any_more(self, officer, clock, language):
        alert = half(language)
        event = send(alert, officer).content["event_label"][language]
        content = end(alert, Kind.ALL_CLEAR, now=clock(minutes=1)).content
        assert event in content["headline"][language]
        assert event in content["what"][language]
        for word in ("vertaling", "traduction"):
            assert word not in content["headline"][language] + content["what"][language]

    @pytest.mark.parametrize(("language", "there"), [("nl", "fr"), ("fr", "nl")])
    def test_each_text_says_so_in_its_language_and_leads_to_the_other(self, officer, language, there):
        message = send(half(language), officer)
        said, url = message.content, message.content["web"][there]
        words = {"nl": ("vertaling volgt", "Franse tekst"), "fr": ("traduction suit", "texte néerlandais")}[
            language
        ]
        for word in words:
            assert word in said["headline"][language]
            assert word in said["what"][language]
        assert url in said["what"][language]
        assert url in said["instruction"][language]
        assert said["area"][language] == said["area"][there]
        assert "suit" not in said["headline"]["fr"] or language == "fr"
        assert said["translation_follows"] == language

    def test_so_does_every_output(self, officer):
        message = send(half(), officer)
        alert, headline = AlertPage.objects.get(), message.content["headline"]["nl"]
        assert headline == alert.title_nl == outputs.band("nl")[0].title
        assert outputs.active()[0]["headline"]["nl"] == headline
        assert outputs.active()[0]["translation_follows"] == "nl"
        assert outputs.feed("nl").entries[0].title == headline
        cap = etree.fromstring(message.xml.encode())
        assert headline in [element.text for element in cap.iter("{*}headline")]
        page = outputs.html(alert, "nl")
        assert headline in page
        assert f'href="{message.content["web"]["fr"]}"' in page
        assert "Franse tekst" not in outputs.html(alert, "fr")

    def test_it_is_on_record_with_its_reason(self, officer):
        message = send(half(), officer)
        assert message.authorisation.translation_reason == WHY
        assert WHY not in str(outputs.files())

    def test_what_is_there_stays(self, officer):
        message = send(half(**{"title_nl": "Schietpartij"}), officer)
        assert message.content["headline"]["nl"] == "Schietpartij"
        assert "vertaling volgt" in message.content["what"]["nl"]

    def test_it_takes_a_reason(self, officer):
        with pytest.raises(PublicationRefused) as refusal:
            send(half(translation_reason=" "), officer)
        assert list(refusal.value.message_dict) == ["translation_reason"]

    @pytest.mark.parametrize("groups", [["Moderators"], ["Site managers"]])
    def test_it_takes_a_duty_officer(self, clock, groups):
        with pytest.raises(PublicationRefused, match="Only a duty officer"):
            send(half(), UserFactory(groups=groups))

    def test_it_is_for_one_language(self, officer):
        with pytest.raises(PublicationRefused) as refusal:
            send(half(what_fr=""), officer)
        assert list(refusal.value.message_dict) == ["what_fr"]

    def test_it_is_not_for_what_is_planned(self, clock, officer):
        alert = half()
        revision = alert.save_revision(user=author())
        page = revision.as_object()
        page.go_live_at = clock() + timedelta(minutes=10)
        with pytest.raises(PublicationRefused, match="time to be translated"):
            page.save_revision(user=author()).publish(user=officer)

    def test_the_next_update_has_to_bring_the_texts(self, clock, officer):
        alert = half()
        send(alert, officer)
        clock(minutes=2)
        with pytest.raises(PublicationRefused) as refusal, transaction.atomic():
            send(alert, officer, what_fr="Le suspect est en fuite.")
        assert "translation_follows" in refusal.value.message_dict
        assert {"title_nl", "what_nl", "instruction_nl", "area_nl"} <= set(refusal.value.message_dict)
        second = send(alert, officer, **DUTCH)
        assert second.content["headline"]["nl"] == DUTCH["title_nl"]
        assert second.content["translation_follows"] is None

    def test_what_stands_in_is_no_text_whoever_copies_it(self, officer):
        alert = half()
        send(alert, officer)
        live = AlertPage.objects.get(pk=alert.pk)
        live.translation_follows = ""
        with pytest.raises(PublicationRefused, match="still says that the translation follows") as refusal:
            live.save_revision(user=author()).publish(user=officer)
        assert set(refusal.value.message_dict) == {"title_nl", "what_nl", "instruction_nl"}

    def test_the_form_of_the_update_shows_what_is_missing(self, officer):
        alert = half()
        send(alert, officer)
        shown = AlertPage.objects.get(pk=alert.pk).get_latest_revision_as_object()
        assert not any(getattr(shown, f"{stem}_nl") for stem in EMPTY)

    def test_an_update_and_a_copy_have_no_reason_of_an_earlier_message(self, officer):
        alert = half()
        assert alert.get_latest_revision_as_object().translation_reason == WHY
        send(alert, officer)
        live = AlertPage.objects.get(pk=alert.pk)
        assert live.get_latest_revision_as_object().translation_reason == ""
        slugs = {"slug_fr": "copie", "slug_nl": "kopie"}
        copy = live.copy(update_attrs=slugs, keep_live=False)
        assert copy.get_latest_revision_as_object().translation_reason == ""

    def test_the_address_stays_when_the_texts_come(self, clock, officer):
        alert = half()
        first = send(alert, officer)
        second = send(alert, officer, **DUTCH)
        assert second.content["web"] == first.content["web"]

    @pytest.mark.parametrize("language", ["fr", "nl"])
    def test_it_stays_when_they_come_by_the_form_too(self, officer, client, language):
        alert = half(language)
        first = send(alert, officer)
        client.force_login(officer)
        address = f"/cms/alerts/{alert.pk}/update/"
        texts = {f"{stem}_{language}": f"Texte {stem}" for stem in EMPTY}
        why = {"action": "send", "alone_reason": "Seul de garde."}
        client.post(address, prefilled(client.get(address), **texts, **why))
        second = alert.chain().last
        assert second.content["headline"][language] == "Texte title"
        assert second.content["web"] == first.content["web"]
        assert outputs.active()[0]["url"] == first.content["web"]

    def test_an_address_that_somebody_changes_changes(self, officer):
        alert = half()
        send(alert, officer)
        second = send(alert, officer, slug_nl="schietpartij", **DUTCH)
        assert second.content["web"]["nl"].endswith("/schietpartij/")

    def test_that_of_a_draft_follows_its_title(self, clock):
        draft = AlertFactory(title_nl="Brand", slug_nl="")
        assert (
            send(draft, slug_nl="", title_nl="Schietpartij").content["web"]["nl"].endswith("/schietpartij/")
        )

    def test_complete_texts_follow_nothing(self, clock):
        message = send(AlertFactory(translation_follows="nl"))
        assert message.content["translation_follows"] is None

    @pytest.mark.parametrize("language", ["fr", "nl"])
    def test_a_preview_shows_what_will_be_said(self, officer, language):
        draft = half().save_revision(user=author()).as_object()
        assert "vertaling volgt" in parity.completed(draft).title_nl
        assert draft.title_nl in ("", None)
        response = draft.serve_preview(None, language)
        assert ("vertaling volgt" in response.content.decode()) == (language == "nl")


def test_the_longest_stand_in_is_a_headline():
    from alerts.content import HEADLINE
    from alerts.vocabulary import Event

    for there, words in parity.HEADLINES.items():
        with translation.override("nl" if there == "fr" else "fr"):
            for event in Event:
                assert len(translation.gettext(words) % {"event": event.label}) <= HEADLINE
