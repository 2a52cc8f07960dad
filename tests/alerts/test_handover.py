"""The SMS for BE-Alert: 160 septets of the GSM alphabet, whatever the alert says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import handover
from alerts.handover import BASIC, EXTENSION, SMS, cut, handovers, marked_headline, septets, sms, to_gsm
from alerts.lifecycle import Kind
from generator.registry import BuildContext
from tests.alerts import outputs
from tests.factories.alerts import AlertFactory, end, send
from tests.factories.rendering import NOW

pytestmark = pytest.mark.once

URL = "https://vigie.example/fr/a12"
TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)


def content(headline="Incendie", instruction="Restez à l’intérieur.", status="Actual"):
    return {
        "status": status,
        "headline": {"fr": headline, "nl": headline},
        "instruction": {"fr": instruction, "nl": instruction},
    }


def test_the_alphabet_is_that_of_3gpp_ts_23_038():
    # The escape to the extension table is no character of a text.
    assert len(BASIC) == 127
    assert len(EXTENSION) == 10
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("éèàùìòÇÉäöüñßæÆØå", "éèàùìòÇÉäöüñßæÆØå"),
        ("ê ô ë ç î ï â û À Ê Ô È", "e o e c i i a u A E O E"),
        ("l’été, « ici » – “là” … cœur", 'l\'été, "ici" - "là" ... coeur'),
        ("Fusillade\u00a0: 14\u202fh\n35", "Fusillade : 14 h 35"),
        ("é", "é"),
        ("10 €, {a} [b] ~ | ^ \\", "10 €, {a} [b] ~ | ^ \\"),
        ("日本 🔥", "?? ?"),
    ],
)
def test_what_the_alphabet_lacks_is_written_otherwise(written, sent):
    assert to_gsm(written) == sent


@pytest.mark.parametrize(
    ("text", "length"), [("", 0), ("éà", 2), ("€", 2), ("[a]", 5), ("^{}\\~|", 12), ("Δ_Ω", 3)]
)
def test_characters_of_the_extension_count_twice(text, length):
    assert septets(text) == length


@given(TEXTS)
def test_whatever_is_written_ends_in_the_alphabet(text):
    assert set(to_gsm(text)) <= BASIC | EXTENSION


@given(st.text(alphabet=sorted(BASIC | EXTENSION), max_size=200), st.integers(0, 160))
def test_what_is_cut_fits(text, most):
    assert septets(cut(text, most)) <= most


@given(TEXTS, TEXTS, st.sampled_from(["Actual", "Exercise", "Test"]), st.sampled_from(["fr", "nl"]))
def test_an_sms_always_fits_and_ends_with_the_address(headline, instruction, status, language):
    text = sms(content(headline, instruction, status), language, URL)
    assert septets(text) <= SMS
    assert set(text) <= BASIC | EXTENSION
    assert text.endswith(URL)


def test_it_says_what_happens_and_as_many_whole_steps_as_there_is_room_for():
    steps = "Restez à l’intérieur.\nFermez les fenêtres\n" + "Ne venez pas regarder. " * 4
    text = sms(content("Incendie : Anderlecht", steps), "fr", URL)
    assert text == f"Incendie : Anderlecht. Restez à l'intérieur. Fermez les fenetres. {URL}"


def test_a_long_headline_leaves_room_for_what_to_do():
    text = sms(content("Incendie avec fumée " * 7, "Fermez les portes et les fenêtres."), "fr", URL)
    assert "... Fermez les portes et les fenetres. " in text


@pytest.mark.parametrize(
    ("status", "language", "start"),
    [
        ("Exercise", "fr", "EXERCICE"),
        ("Exercise", "nl", "OEFENING"),
        ("Test", "nl", "TEST"),
        ("Actual", "fr", "Inc"),
    ],
)
def test_an_exercise_says_so_first(status, language, start):
    assert marked_headline(content(status=status), language).startswith(start)
    assert sms(content(status=status), language, URL).startswith(start)


@pytest.mark.django_db
def test_the_short_address_leads_to_the_page_in_its_language_also_once_the_alert_is_over(clock):
    alert, draft = AlertFactory(), AlertFactory()
    send(alert)
    end(alert, Kind.ALL_CLEAR, now=clock(minutes=1))
    found = {each.old: each.new for each in handover.short_addresses(BuildContext(NOW, outputs.BASE_URL))}
    assert found[f"/fr/a{alert.pk}"] == outputs.rendering(alert, "fr").urls()["fr"]
    assert found[f"/nl/a{alert.pk}"] == outputs.rendering(alert, "nl").urls()["nl"]
    assert not [old for old in found if old.endswith(str(draft.pk))]


@pytest.mark.django_db
def test_each_language_has_its_own(clock, settings):
    settings.VIGIE_BASE_URL = outputs.BASE_URL
    alert = AlertFactory()
    french, dutch = handovers(alert.pk, send(alert).content)
    assert (french.language, dutch.language) == ("fr", "nl")
    assert french.text.endswith(f"{outputs.BASE_URL}/fr/a{alert.pk}")
    assert "Blijf binnen" in dutch.text
    assert french.length <= SMS
