"""Scenarios: what they say when they are delivered, what an editor may write, who may."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from lxml import etree

from alerts import placeholders
from alerts.models import AlertMessage
from alerts.scenarios import LONGEST, Scenario
from alerts.vocabulary import Event, Status
from pages.completeness import PublicationRefused
from pages.languages import LANGUAGES
from tests.factories.alerts import AlertFactory, send
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/cms/snippets/alerts/scenario/"


def scenario(**changes):
    found = Scenario.objects.get(name_fr="Fusillade")
    for name, value in changes.items():
        setattr(found, name, value)
    return found


def test_every_event_has_a_scenario_and_there_is_an_exercise():
    scenarios = Scenario.objects.all()
    assert set(scenarios.values_list("event", flat=True)) == set(Event.values)
    assert scenarios.get(event=Event.OTHER).status == Status.EXERCISE
    assert set(scenarios.exclude(event=Event.OTHER).values_list("status", flat=True)) == {Status.ACTUAL}


def test_each_is_what_an_editor_may_save():
    for each in Scenario.objects.all():
        each.full_clean()


def test_each_says_something_else_in_the_other_language_and_in_as_many_steps():
    for each in Scenario.objects.all():
        for name in ("name", "headline", "what", "instruction"):
            assert getattr(each, f"{name}_fr") != getattr(each, f"{name}_nl"), each
        assert each.instruction_fr.count("\n") == each.instruction_nl.count("\n"), each


def test_each_makes_an_alert_that_may_be_published_once_it_is_filled(clock):
    values = {language: {name: "x" * most for name, most in LONGEST.items()} for language in LANGUAGES}
    for each in Scenario.objects.all():
        texts = each.filled(values)
        titles = {f"title_{language}": texts.pop(f"headline_{language}") + language for language in LANGUAGES}
        send(AlertFactory(**titles, **texts, status=each.status))
    assert AlertMessage.objects.count() == Scenario.objects.count()


def test_each_says_as_a_code_what_people_should_do_and_cap_has_it(clock):
    """CAP 1.2, 3.2.2 `responseType`: Assess is not for the public, AllClear is the all-clear's."""
    for each in Scenario.objects.all():
        assert each.response_types, each
        assert "Assess" not in each.response_types
        message = send(AlertFactory(response_types=each.response_types, event=each.event, status=each.status))
        found = etree.fromstring(message.xml.encode()).iterfind(".//{*}responseType")
        assert [code.text for code in found] == each.response_types * 2
    said = dict(Scenario.objects.values_list("event", "response_types"))
    assert said["evacuation"] == ["Evacuate"]
    assert said["hazmat"] == said["shelter"] == ["Shelter"]
    assert said["other"] == ["None"]


def test_an_editor_changes_the_codes_and_contradictions_are_refused(admin):
    shooting = scenario()
    url = f"{LIST}edit/{shooting.pk}/"
    form = admin.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields if name != "response_types"}
    assert form["response_types"].value() == ["Shelter", "Avoid"]
    refused = admin.post(url, data | {"response_types": ["Avoid", "None"]})
    assert list(refused.context["form"].errors) == ["response_types"]
    admin.post(url, data | {"response_types": ["Avoid", "Monitor"]})
    assert scenario().response_types == ["Avoid", "Monitor"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["headline_fr", "what_nl", "instruction_fr"])
@pytest.mark.parametrize(
    ("written", "strange"),
    [
        ("{plaats}", "{plaats}"),
        ("{lieu}", "{lieu}"),
        ("{}", "{}"),
        ("{Place}", "{Place}"),
        ("{place", "{"),
        ("time}", "}"),
    ],
)
def test_an_unknown_placeholder_is_refused_by_name(language, name, written, strange):
    with translation.override(language), pytest.raises(ValidationError) as refusal:
        scenario(**{name: f"Texte {written}"}).full_clean()
    said = " ".join(refusal.value.message_dict[name])
    assert {f"“{strange}”", f"« {strange} »"} & {said[: len(strange) + 2], said[: len(strange) + 4]}
    assert "{place}, {time}, {detail}" in said


def test_a_placeholder_stands_in_both_languages_or_in_none():
    with pytest.raises(ValidationError) as refusal:
        scenario(what_nl="Er is geschoten. Plaats: {place}.").full_clean()
    assert list(refusal.value.message_dict) == ["what_nl"]
    assert "{time}" in refusal.value.message_dict["what_nl"][0]


def test_a_headline_has_room_for_a_long_place():
    with pytest.raises(ValidationError) as refusal:
        scenario(headline_fr="a" * 100 + "{place}").full_clean()
    assert "149" in " ".join(refusal.value.message_dict["headline_fr"])


@pytest.mark.parametrize("name", ["name_nl", "headline_fr", "what_nl", "instruction_fr"])
def test_a_text_that_one_language_lacks_is_refused(name):
    with pytest.raises(ValidationError) as refusal:
        scenario(**{name: ""}).full_clean()
    assert name in refusal.value.message_dict


def test_it_lasts_from_an_hour_to_a_week():
    for possible in (1, 168):
        scenario(hours=possible).full_clean()
    for impossible in (0, 169):
        with pytest.raises(ValidationError, match="hours"):
            scenario(hours=impossible).full_clean()


@pytest.mark.parametrize(
    ("hour", "french", "dutch"),
    [
        (datetime(2026, 11, 22, 2, 5, tzinfo=UTC), "3 h 05", "3.05 uur"),
        (datetime(2026, 11, 23, 13, 30, tzinfo=UTC), "14 h 30 (23/11)", "14.30 uur (23/11)"),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "0 h 30 (23/11)", "0.30 uur (23/11)"),
    ],
)
def test_an_hour_is_said_as_one_says_it_there(hour, french, dutch):
    today = datetime(2026, 11, 22, 12, tzinfo=UTC)
    said = [placeholders.spoken_time(hour, language, today=today) for language in LANGUAGES]
    assert [text.replace("\u00a0", " ") for text in said] == [french, dutch]


def test_what_is_filled_in_may_hold_braces_and_backslashes_and_is_not_filled_again():
    assert placeholders.fill("{place} {time}", {"place": r"\1 {time}", "time": "3"}) == r"\1 {time} 3"


@pytest.mark.once
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["title_fr", "what_nl", "instruction_fr", "area_nl"])
@pytest.mark.parametrize("left", ["{place}", "{time}", "{detail}", "{autre}"])
def test_nothing_with_an_unfilled_placeholder_is_published(clock, language, name, left):
    with translation.override(language), pytest.raises(PublicationRefused) as refusal, transaction.atomic():
        send(AlertFactory(), **{name: f"Lieu : {left}."})
    assert left in " ".join(refusal.value.message_dict[name])
    assert left in refusal.value.summary
    assert not AlertMessage.objects.exists()


@pytest.mark.parametrize(
    ("group", "may_see", "may_delete"),
    [
        ("Editors", False, False),
        ("Moderators", True, False),
        ("Duty officers", False, False),
        ("Site managers", True, True),
    ],
)
def test_moderators_and_site_managers_change_them(client, group, may_see, may_delete):
    client.force_login(UserFactory(groups=[group], language="nl"))
    assert (client.get(LIST).status_code == 200) is may_see
    address = f"{LIST}delete/{scenario().pk}/"
    assert (client.get(address).status_code == 200) is may_delete


def test_a_mistake_in_the_form_is_shown_at_its_field_and_nothing_is_saved(admin_nl):
    original = scenario()
    fields = ("event", "status", "urgency", "severity", "certainty", "hours", "position")
    data = {name: getattr(original, name) for name in fields} | original.texts()
    data |= {"name_fr": "Fusillade", "name_nl": "Schietpartij", "what_fr": "Lieu : {lieu}."}
    response = admin_nl.post(f"{LIST}edit/{original.pk}/", data)
    assert response.status_code == 200
    assert any("{lieu}" in error for error in response.context["form"].errors["what_fr"])
    assert scenario().what_fr == original.what_fr


@pytest.mark.parametrize(
    ("was", "now", "left"),
    [("Ixelles, Uccle", "Ixelles", True), ("Ixelles", "Ixelles, Uccle", False), ("Ixelles", "Uccle", True)],
)
@pytest.mark.once
def test_what_a_text_still_says_of_before_is_seen(was, now, left):
    filled = placeholders.Filled("Alerte : {place}", {"place": was})
    text = f"Attention à {now if now.startswith(was) else was} !"
    assert filled.left_in(text, {"place": now}) == ([(was, now)] if left else [])
