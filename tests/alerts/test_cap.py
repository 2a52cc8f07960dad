"""CAP 1.2: what a message looks like on the wire."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from alerts import cap
from alerts.lifecycle import Kind
from alerts.models import AlertPage, new_identifier
from alerts.vocabulary import CATEGORIES, Event
from territory.models import Municipality
from tests.alerts.generated import contents, times
from tests.factories.alerts import AlertFactory, end, send

NS = {"cap": cap.NAMESPACE}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\Z")
BRUSSELS = ZoneInfo("Europe/Brussels")


def find(xml: str | bytes, path: str) -> list[str]:
    root = etree.fromstring(xml.encode() if isinstance(xml, str) else xml)
    return [element.text or "" for element in root.findall(path, NS)]


@pytest.mark.once
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents(), st.sampled_from(Kind), times)
def test_whatever_the_content_the_schema_is_followed(content, kind, sent):
    references = cap.reference("alerts@vigie.example", new_identifier(), sent)
    xml = cap.build(
        identifier=new_identifier(),
        sender="alerts@vigie.example",
        sent=sent,
        kind=kind,
        references="" if kind is Kind.ALERT else references,
        content=content,
    )
    cap.validate(xml)
    for name in ("sent", "info/cap:onset", "info/cap:expires"):
        assert all(TIME.match(text) for text in find(xml, f"cap:{name}"))
    for name in ("urgency", "severity", "certainty", "category"):
        assert len(set(find(xml, f"cap:info/cap:{name}"))) == 1
    assert find(xml, "cap:info/cap:language") == ["fr-BE", "nl-BE"]
    if content["status"] != "Actual":
        assert content["status"].upper() in find(xml, "cap:note")[0]


def test_times_have_an_offset_and_no_fractions():
    moment = datetime(2026, 11, 22, 18, 36, 0, 123456, tzinfo=BRUSSELS)
    assert cap.timestamp(moment) == "2026-11-22T18:36:00+01:00"
    assert cap.timestamp(moment.astimezone(timezone(timedelta(hours=-3, minutes=-30)))) == (
        "2026-11-22T14:06:00-03:30"
    )


def test_utc_is_written_minus_zero():
    assert cap.timestamp(datetime(2026, 11, 22, 17, 36, tzinfo=UTC)) == "2026-11-22T17:36:00-00:00"


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        cap.timestamp(datetime(2026, 11, 22))


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset():
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert cap.timestamp(cap.in_brussels(first)) == "2026-10-25T02:30:00+02:00"
    assert cap.timestamp(cap.in_brussels(second)) == "2026-10-25T02:30:00+01:00"


def test_the_hour_that_does_not_exist_is_never_written():
    assert cap.timestamp(cap.in_brussels(datetime(2027, 3, 28, 1, 30, tzinfo=UTC))) == (
        "2027-03-28T03:30:00+02:00"
    )


@pytest.mark.parametrize("bad", ["", "with space", "with,comma", "less<than", "and&and", "tab\there"])
@pytest.mark.parametrize("name", ["identifier", "sender"])
def test_identifier_and_sender_have_no_forbidden_characters(name, bad):
    arguments = {"identifier": "vigie-1", "sender": "alerts@vigie.example"} | {name: bad}
    with pytest.raises(cap.InvalidCAP, match=name):
        cap.build(**arguments, sent=datetime.now(UTC), kind=Kind.ALERT, references="", content={})


def test_what_does_not_follow_the_schema_is_refused():
    with pytest.raises(cap.InvalidCAP, match="schema"):
        cap.validate(f'<alert xmlns="{cap.NAMESPACE}"><identifier>x</identifier></alert>'.encode())


def test_every_event_has_a_category_and_identifiers_are_never_the_same():
    assert set(CATEGORIES) == set(Event)
    assert len({new_identifier() for _ in range(1000)}) == 1000


@pytest.mark.django_db
class TestWhatIsSent:
    def test_the_message_types_and_codes(self, clock):
        alert = AlertFactory()
        sent = [send(alert)]
        clock(minutes=1)
        sent += [send(alert), end(alert, Kind.ALL_CLEAR, now=clock(minutes=1))]
        other = AlertFactory()
        sent += [send(other), end(other, Kind.CANCEL, now=clock(minutes=1))]
        assert [find(message.xml, "cap:msgType")[0] for message in sent] == [
            "Alert", "Update", "Update", "Alert", "Cancel",
        ]  # fmt: skip
        all_clear = sent[2].xml
        assert find(all_clear, "cap:info/cap:responseType") == ["AllClear"] * 2
        assert find(all_clear, "cap:info/cap:urgency") == ["Past"] * 2
        assert "error" in find(sent[4].xml, "cap:note")[0]

    def test_a_message_names_itself_as_others_refer_to_it(self, clock):
        alert = AlertFactory()
        message = send(alert)
        triple = [find(message.xml, f"cap:{name}")[0] for name in ("sender", "identifier", "sent")]
        clock(minutes=1)
        assert find(send(alert).xml, "cap:references") == [",".join(triple)]

    def test_the_whole_region_is_its_municipalities(self, clock):
        message = send(AlertFactory(whole_region=True))
        assert find(message.xml, "cap:info[1]/cap:area/cap:geocode/cap:value") == [
            *Municipality.objects.values_list("nis", flat=True),
            "BE100",
        ]

    def test_the_municipalities_of_the_draft_are_in_the_message(self, clock):
        alert = AlertFactory()
        towns = list(Municipality.objects.filter(nis__in=["21001", "21013"]))
        message = send(alert, municipalities=towns)
        assert message.content["nis"] == ["21001", "21013"]
        assert find(message.xml, "cap:info[2]/cap:area/cap:geocode/cap:value") == ["21001", "21013"]

    def test_characters_that_xml_cannot_hold_are_left_out(self, clock):
        message = send(AlertFactory(what_fr="Fumée\x0b noire\x1f\ufffe"))
        assert find(message.xml, "cap:info[1]/cap:description") == ["Fumée noire"]
        assert message.content["what"]["fr"] == "Fumée noire"

    def test_the_web_address_is_the_page_in_the_language(self, clock):
        message = send(AlertFactory(slug_fr="tir", slug_nl="schot"))
        french, dutch = find(message.xml, "cap:info/cap:web")
        assert french.endswith("/fr/alertes/tir/")
        assert dutch.endswith("/nl/waarschuwingen/schot/")

    @pytest.mark.once
    @pytest.mark.parametrize("event", Event)
    def test_every_scenario_s_event_makes_a_valid_message(self, clock, event):
        assert send(AlertFactory(event=event)).has_xml

    def test_parts_of_a_page_cannot_be_smuggled_in(self, clock):
        message = send(AlertFactory(what_nl="<info>&amp;</info> ]]> <!-- x"))
        assert find(message.xml, "cap:info[2]/cap:description") == ["<info>&amp;</info> ]]> <!-- x"]
        assert AlertPage.objects.get(pk=message.alert_id).what_nl == "<info>&amp;</info> ]]> <!-- x"
