"""Partners' CAP messages: read safely, drafted once, never published, nothing lost."""

import errno
import json
import math
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from smtplib import SMTPServerDisconnected
from xml.sax.saxutils import escape

import pytest
from django.apps import apps
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import DataError, InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alerts import cap, importing, notices, views
from alerts.lifecycle import Kind, State
from alerts.models import AlertMessage, AlertPage
from alerts.sources import ImportedMessage, PartnersNews, RefusalMail, RefusedMessage, Source, notes_of
from alerts.vocabulary import Response
from pages.completeness import PublicationRefused
from territory import borders, geometry
from territory.models import Municipality
from tests.factories.alerts import AlertFactory, alert_index, end, send
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

SENDER = "warn@rmi.example"
INFO = """<info>
  <language>{language}</language><category>Met</category><event>{event}</event>
  <urgency>Expected</urgency><severity>Moderate</severity><certainty>Likely</certainty>
  <onset>2026-11-22T18:00:00+01:00</onset><expires>2026-11-23T06:00:00+01:00</expires>
  <headline>{headline}</headline><description>{description}</description><instruction>{instruction}</instruction>
  <web>https://partner.example/</web>
  <area><areaDesc>{area}</areaDesc><geocode><valueName>NIS</valueName><value>21004</value></geocode></area>
</info>"""
FRENCH = {"language": "fr-BE", "event": "Vent", "headline": "Vent violent", "description": "Rafales de 100 km/h.",
          "instruction": "Évitez les parcs.", "area": "Bruxelles"}  # fmt: skip
DUTCH = {"language": "nl-BE", "event": "Wind", "headline": "Hevige wind", "description": "Rukwinden van 100 km/u.",
         "instruction": "Vermijd de parken.", "area": "Brussel"}  # fmt: skip
ENGLISH = FRENCH | {"language": "en-GB", "headline": "Strong wind"}


def message(
    *infos, identifier="RMI-1", sent="2026-11-22T12:00:00+01:00", status="Actual", msg_type="Alert", references="",
    namespace=cap.NAMESPACE, extra="", sender=SENDER,
):  # fmt: skip
    refer = f"<references>{references}</references>" if references else ""
    body = "\n".join(INFO.format(**info) for info in (infos or (FRENCH, DUTCH, ENGLISH)))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="{namespace}">\n<identifier>{identifier}</identifier>\n'
        f"<sender>{sender}</sender>\n<sent>{sent}</sent>\n<status>{status}</status>\n"
        f"<msgType>{msg_type}</msgType>\n<scope>Public</scope>\n{refer}{body}{extra}\n</alert>\n"
    ).encode()


def at(element, time):
    """A message whose `element` says `time`."""
    before, tag, after = message().decode().partition(f"<{element}>")
    return f"{before}{tag}{time}</{element}>{after.partition(f'</{element}>')[2]}".encode()


def reference(identifier="RMI-1", sent="2026-11-22T12:00:00+01:00"):
    return f"warn@rmi.example,{identifier},{sent}"


def two_digits(least, most):
    return st.integers(least, most).map("{:02}".format)


TIMES = st.builds(
    "{}-{}-{}T{}{}{}:{}".format,
    st.one_of(st.integers(2000, 2999), st.sampled_from([1, 1999, 2000, 2026, 2999, 3000, 9999])).map("{:04}".format),
    two_digits(1, 12),
    two_digits(1, 31),
    st.one_of(st.builds("{}:{}:{}".format, two_digits(0, 23), two_digits(0, 59), two_digits(0, 59)),
              st.just("24:00:00")),
    st.sampled_from("+-"),
    two_digits(0, 14),
    st.sampled_from(["00", "30", "59"]),
)  # fmt: skip
"""As CAP writes them, beyond what a calendar or a clock has too."""
TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")),
    st.integers(250, 1300).map("é".__mul__),
)
DEGREES = st.one_of(
    st.floats(4, 51.5).map("{:.5f}".format),
    st.sampled_from(["50.85", "4.35", "1" * 400, "-0", "NaN", "", "5e1"]),
)
SHAPES = st.one_of(
    st.builds("{},{} {}".format, DEGREES, DEGREES, DEGREES),
    st.lists(st.builds("{},{}".format, DEGREES, DEGREES), max_size=12).map(" ".join),
    st.lists(st.builds("{:.4f},{:.4f}".format, st.floats(50.8, 50.9), st.floats(4.3, 4.5)), min_size=3).map(
        " ".join
    ),
    TEXTS,
)
ELEMENTS = {
    "identifier": TEXTS, "sender": TEXTS, "references": TEXTS, "event": TEXTS, "headline": TEXTS, "description": TEXTS,
    "instruction": TEXTS, "areaDesc": TEXTS, "web": TEXTS.map("https://{}".format), "sent": TIMES, "effective": TIMES,
    "onset": TIMES, "expires": TIMES, "contact": TEXTS, "polygon": SHAPES, "circle": SHAPES, "value": TEXTS,
    "responseType": st.sampled_from([*Response.values, "AllClear"]),
}  # fmt: skip


def said(elements, msg_type):
    """A message that has `elements` and what the schema asks for beside them."""
    given = {name: f"<{name}>{escape(text)}</{name}>" for name, text in elements.items()}
    written = {name: given.get(name, "") for name in ELEMENTS}
    usual = {
        "identifier": "RMI-1", "sender": "warn@rmi.example", "sent": "2026-11-22T12:00:00+01:00", "event": "Vent",
        "areaDesc": "Bruxelles", "value": "21004",
    }  # fmt: skip
    written |= {name: f"<{name}>{text}</{name}>" for name, text in usual.items() if name not in given}
    return """<alert xmlns="{}">{identifier}{sender}{sent}<status>Actual</status><msgType>{}</msgType>
<scope>Public</scope>{references}<info><language>fr-BE</language><category>Met</category>{event}
{responseType}<urgency>Expected</urgency><severity>Moderate</severity><certainty>Likely</certainty>{effective}{onset}{expires}
{headline}{description}{instruction}{web}{contact}<area>{areaDesc}{polygon}{circle}<geocode><valueName>NIS</valueName>
{value}</geocode></area></info></alert>""".format(cap.NAMESPACE, msg_type, **written).encode()


def take(data):
    return importing.store(importing.read(data))


def fail_at(monkeypatch, identifier, error):
    """Storing the message of that identifier raises `error`."""
    store = importing.store

    def fail(message, *args):
        if message.identifier == identifier:
            raise error
        return store(message, *args)

    monkeypatch.setattr(importing, "store", fail)


@pytest.fixture(autouse=True)
def index(clock):
    return alert_index()


@pytest.fixture(autouse=True)
def quarantine(settings, tmp_path):
    settings.VIGIE_QUARANTINE_ROOT = tmp_path / "quarantine"
    return settings.VIGIE_QUARANTINE_ROOT


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&h;</identifier></alert>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&x;</identifier></alert>"""
DEEP = b"<a>" * 40 + b"</a>" * 40
VERY_DEEP = b"<a>" * 4000 + b"</a>" * 4000
BAD = {
    "billion laughs": (LAUGHS, "doctype"),
    "an external entity": (OUTSIDE, "doctype"),
    "a document type alone": (b"<!DOCTYPE alert>" + message().partition(b"\n")[2], "doctype"),
    "too deep": (DEEP, "too_deep"),
    "deeper than the parser reads": (VERY_DEEP, "xml"),
    "too large": (b" " * 1_000_001, "too_large"),
    "empty": (b"", "xml"),
    "no XML": (b"%PDF-1.7\x00\xff", "xml"),
    "cut off": (message()[:-30], "xml"),
    "RSS": (b"<rss version='2.0'><channel/></rss>", "not_cap"),
    "CAP 1.1": (message(namespace="urn:oasis:names:tc:emergency:cap:1.1"), "not_cap"),
    "no namespace": (b"<alert><identifier>x</identifier></alert>", "not_cap"),
    "against the schema": (message().replace(b"Moderate", b"Terrible"), "schema"),
    "neither French nor Dutch": (message(ENGLISH), "language"),
    "a draft of theirs": (message(status="Draft"), "status"),
    "an acknowledgement": (message(msg_type="Ack"), "msgType"),
    "sent before there were clocks": (message(sent="0001-01-01T00:00:00+14:00"), "sent"),
    "an end that no calendar has": (at("expires", "9999-12-31T23:59:59-14:00"), "expires"),
    "an end on the last day of all": (at("expires", "9999-12-31T24:00:00+00:00"), "expires"),
    "a beginning that no calendar has": (at("onset", "9999-12-31T23:59:59-14:00"), "onset"),
    "an event without a name": (message(FRENCH | {"headline": "", "event": " "}), "event"),
    "a long identifier": (message(identifier="x" * 256), "identifier"),
    "a long sender": (message().replace(b"warn@rmi.example", b"x" * 256), "sender"),
}


@pytest.mark.once
class TestReading:
    @pytest.mark.parametrize("name", BAD)
    def test_what_is_bad_is_refused_with_its_reason_and_a_remedy(self, name):
        data, code = BAD[name]
        with pytest.raises(importing.Refused) as refusal:
            importing.read(data)
        assert refusal.value.code == code
        assert refusal.value.remedy

    @pytest.mark.parametrize(
        ("name", "line"),
        [
            ("against the schema", 11), ("a draft of theirs", 6), ("an acknowledgement", 7),
            ("sent before there were clocks", 5), ("an end that no calendar has", 12), ("a long sender", 4),
        ],
    )  # fmt: skip
    def test_it_names_the_line(self, name, line):
        with pytest.raises(importing.Refused, match=f"line {line}:"):
            importing.read(BAD[name][0])

    @hypothesis_settings(
        max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.one_of(st.binary(max_size=300), st.integers(0, 2000).flatmap(
        lambda place: st.binary(min_size=1, max_size=4).map(
            lambda noise: message()[:place] + noise + message()[place + len(noise):]
        )
    )))  # fmt: skip
    def test_whatever_comes_is_read_or_refused(self, data):
        with suppress(importing.Refused):
            assert importing.read(data).identifier


class TestDrafting:
    def test_both_languages_become_one_complete_draft_that_is_not_published(self):
        outcome = take(message())
        page = AlertPage.objects.get(pk=outcome.alert.pk)
        assert (outcome.state, outcome.missing) == ("drafted", ())
        assert (page.title_fr, page.title_nl) == ("Vent violent", "Hevige wind")
        assert (page.what_nl, page.instruction_fr) == ("Rukwinden van 100 km/u.", "Évitez les parcs.")
        assert (page.area_fr, page.area_nl) == ("Bruxelles", "Brussel")
        assert (page.event, page.urgency, page.severity) == ("storm", "Expected", "Moderate")
        assert page.expires == datetime(2026, 11, 23, 5, tzinfo=UTC)
        assert [town.nis for town in page.municipalities.all()] == ["21004"]
        assert not page.live
        assert not AlertMessage.objects.exists()
        assert page.publication_errors() == []

    @pytest.mark.parametrize(("info", "missing"), [(FRENCH, "nl"), (DUTCH, "fr")])
    def test_one_language_makes_a_draft_that_cannot_be_published_yet(self, info, missing):
        outcome = take(message(info, ENGLISH))
        assert outcome.missing == (missing,)
        assert {error.language for error in outcome.alert.publication_errors()} == {missing}
        with pytest.raises(PublicationRefused):
            outcome.alert.get_latest_revision().publish(user=UserFactory(groups=["Duty officers"]))

    def test_one_officer_may_publish_what_a_partner_wrote(self):
        outcome = take(message())
        officer = UserFactory(groups=["Duty officers"])
        outcome.alert.get_latest_revision().publish(user=officer)
        assert AlertMessage.objects.get().authorisation.user == officer

    def test_the_same_message_twice_makes_one_draft(self):
        first, second = take(message()), take(message())
        assert (second.state, second.alert) == ("known", first.alert)
        assert AlertPage.objects.count() == ImportedMessage.objects.count() == 1

    def test_another_time_or_sender_is_another_message(self):
        take(message())
        take(message(sent="2026-11-22T12:30:00+01:00"))
        take(message().replace(b"warn@rmi.example", b"other@rmi.example"))
        assert AlertPage.objects.count() == 3

    def test_an_update_changes_the_draft_it_refers_to(self):
        first = take(message())
        second = take(
            message(
                FRENCH | {"headline": "Tempête"},
                DUTCH,
                identifier="RMI-2",
                msg_type="Update",
                references=reference(),
            )
        )
        third = take(
            message(
                FRENCH | {"headline": "Ouragan"}, DUTCH, identifier="RMI-3", msg_type="Update",
                references=f"{reference()} {reference('RMI-2')}",
            )
        )  # fmt: skip
        assert (second.state, third.state) == ("updated", "updated")
        assert first.alert == second.alert == third.alert
        page = AlertPage.objects.get()
        assert page.get_latest_revision_as_object().title_fr == "Ouragan"
        assert page.revisions.count() == 3

    @pytest.mark.parametrize(
        ("said", "dutch"),
        [({"headline": "Ouragan"}, ""), ({"area": "Toute la ville"}, "Storm")],
    )
    def test_a_text_that_is_other_now_leaves_no_old_one_in_the_other_language(self, said, dutch):
        """Somebody has translated what the partner no longer says."""
        alert = take(message(FRENCH)).alert
        page = AlertPage.objects.get(pk=alert.pk).get_latest_revision_as_object()
        page.title_nl, page.what_nl, page.instruction_nl = "Storm", "Het waait.", "Vermijd de parken."
        page.area_nl = "Brussel"
        page.save_revision()
        outcome = take(message(FRENCH | said, identifier="RMI-2", msg_type="Update", references=reference()))
        page = AlertPage.objects.get(pk=alert.pk).get_latest_revision_as_object()
        assert (page.title_nl or "") == dutch
        assert any("one language only" in note for note in outcome.notes) is not bool(dutch)
        assert bool(page.publication_errors()) is not bool(dutch)

    def test_an_update_of_what_is_published_stays_a_draft(self):
        first = take(message())
        send(first.alert)
        take(
            message(
                FRENCH | {"headline": "Tempête"},
                DUTCH,
                identifier="RMI-2",
                msg_type="Update",
                references=reference(),
            )
        )
        page = AlertPage.objects.get()
        assert (page.title_fr, page.has_unpublished_changes) == ("Vent violent", True)
        assert AlertMessage.objects.count() == 1

    def test_an_update_of_what_is_not_known_is_a_new_draft_that_says_so(self):
        outcome = take(message(msg_type="Update", references=reference("RMI-0")))
        assert outcome.state == "drafted"
        assert outcome.notes == (
            "It updates what is not known here (warn@rmi.example,RMI-0,2026-11-22T12:00:00+01:00): see whether one of "
            "the active alerts says the same.",
        )

    def test_an_all_clear_of_what_is_not_known_is_refused_and_may_come_again(self):
        with pytest.raises(importing.Refused, match="gives the all-clear for what is not known here"):
            take(ALL_CLEAR)
        assert not ImportedMessage.objects.exists()
        assert not AlertPage.objects.exists()
        take(message())
        assert take(ALL_CLEAR).state == "updated"

    def test_an_all_clear_of_a_draft_that_was_deleted_makes_none(self):
        take(message()).alert.delete()
        assert take(ALL_CLEAR).state == "cancelled"
        assert not AlertPage.objects.exists()

    @pytest.mark.parametrize("over", [Kind.ALL_CLEAR, Kind.CANCEL, "expired"])
    def test_an_update_of_what_is_over_is_a_new_draft_that_can_be_published(self, clock, over):
        first = take(message()).alert
        send(first, onset=clock(), expires=clock() + timedelta(hours=1))
        if over == "expired":
            clock(hours=2)
        else:
            end(first, over, now=clock(minutes=1))
        outcome = take(message(identifier="RMI-2", msg_type="Update", references=reference()))
        assert (outcome.state, outcome.alert == first) == ("drafted", False)
        (note,) = outcome.notes
        assert "which is over here" in note
        assert send(outcome.alert).kind == Kind.ALERT

    @pytest.mark.parametrize("sender", ["warn@rmi.example", "other@partner.example"])
    def test_an_alert_follows_nothing_whatever_it_refers_to(self, sender):
        page = take(message()).alert
        outcome = take(message(identifier="X-2", references=reference(), sender=sender))
        assert outcome.state == "drafted"
        assert outcome.alert != page
        assert page.revisions.count() == 1

    @pytest.mark.parametrize("msg_type", ["Update", "Cancel"])
    def test_nobody_changes_what_another_sender_said(self, msg_type):
        page = take(message()).alert
        data = message(
            identifier="X-2", msg_type=msg_type, references=reference(), sender="other@partner.example"
        )
        with pytest.raises(importing.Refused) as refusal:
            take(data)
        assert (refusal.value.code, refusal.value.alert) == ("other_sender", page)
        for said in ("other@partner.example", "warn@rmi.example", "RMI-1"):
            assert said in refusal.value.reason
        page.refresh_from_db()
        assert page.revisions.count() == ImportedMessage.objects.count() == 1

    @pytest.mark.parametrize("msg_type", ["Update", "Cancel"])
    def test_nobody_changes_what_we_said(self, settings, msg_type):
        ours = send(AlertFactory())
        refers = f"{settings.VIGIE_CAP_SENDER},{ours.identifier},2026-11-22T12:00:00+01:00"
        with pytest.raises(importing.Refused) as refusal:
            take(message(msg_type=msg_type, references=refers))
        assert (refusal.value.code, refusal.value.alert) == ("other_sender", ours.alert)

    def test_a_cancellation_of_a_draft_that_was_deleted_is_taken(self):
        take(message()).alert.delete()
        outcome = take(message(identifier="RMI-2", msg_type="Cancel", references=reference()))
        assert (outcome.state, outcome.alert) == ("cancelled", None)

    def test_a_cancellation_is_noted_at_its_draft_and_ends_nothing(self, client):
        first = take(message())
        send(first.alert)
        outcome = take(message(identifier="RMI-2", msg_type="Cancel", references=reference()))
        assert (outcome.state, outcome.alert) == ("cancelled", first.alert)
        assert AlertMessage.objects.count() == 1
        client.force_login(UserFactory(groups=["Duty officers"]))
        assert "CAP" in client.get(f"/cms/pages/{first.alert.pk}/history/").content.decode()

    def test_a_cancellation_of_what_is_not_known_is_refused_and_may_come_again(self):
        data = message(identifier="RMI-2", msg_type="Cancel", references=reference())
        with pytest.raises(importing.Refused):
            take(data)
        take(message())
        assert take(data).state == "cancelled"

    def test_what_is_too_long_is_cut_in_the_draft_and_whole_in_the_record(self):
        long = FRENCH | {"headline": "é" * 200, "description": "d" * 2000, "area": "a" * 300}
        page = take(message(long, DUTCH)).alert
        assert (len(page.title_fr), len(page.what_fr), len(page.area_fr)) == (140, 1200, 49)
        assert "d" * 2000 in ImportedMessage.objects.get().xml

    @pytest.mark.parametrize(("element", "field"), [("onset", "onset"), ("expires", "expires")])
    def test_the_end_of_a_day_is_the_beginning_of_the_next(self, element, field):
        page = take(at(element, "2026-11-22T24:00:00+01:00")).alert
        assert getattr(page, field) == datetime(2026, 11, 22, 23, tzinfo=UTC)

    def test_a_message_that_was_sent_at_the_end_of_a_day_begins_on_the_next(self):
        data = message(sent="2026-11-22T24:00:00+01:00").replace(
            b"<onset>2026-11-22T18:00:00+01:00</onset>", b""
        )
        assert take(data).alert.onset == datetime(2026, 11, 22, 23, tzinfo=UTC)

    def test_a_refusal_of_a_time_names_the_element_its_value_and_what_to_send(self):
        with pytest.raises(importing.Refused) as refusal:
            take(at("expires", "9999-12-31T23:59:59-14:00"))
        for said in ("expires", "9999-12-31T23:59:59-14:00", "between the years 2000 and 2999"):
            assert said in str(refusal.value)

    @hypothesis_settings(
        max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.fixed_dictionaries({}, optional=ELEMENTS), st.sampled_from(["Alert", "Update", "Cancel"]))
    def test_whatever_follows_the_schema_is_taken_or_refused(self, elements, msg_type):
        with suppress(importing.Refused), transaction.atomic():
            assert take(said(elements, msg_type)).state == "drafted"
            # The next one finds nothing that is known.
            transaction.set_rollback(True)

    def test_the_record_of_a_message_in_utf_16_can_be_kept(self):
        take(message().decode().encode("utf-16"))
        assert "Évitez les parcs." in ImportedMessage.objects.get().xml

    def test_without_an_end_it_holds_six_hours(self):
        data = message().replace(b"<expires>2026-11-23T06:00:00+01:00</expires>", b"")
        page = take(data).alert
        assert page.expires - page.onset == importing.LASTS

    def test_a_deleted_draft_is_not_made_again_by_the_same_message(self):
        take(message()).alert.delete()
        outcome = take(message())
        assert (outcome.state, outcome.alert) == ("known", None)

    def test_what_this_site_sends_it_can_read(self):
        """Our own CAP, as another installation gets it."""
        xml = send(AlertFactory()).xml
        assert take(xml.encode()).alert.title_nl.startswith("Schietpartij")


NIS = "<geocode><valueName>NIS</valueName><value>21004</value></geocode>"
SQUARE = "50.84,4.34 50.86,4.34 50.86,4.37 50.84,4.37 50.84,4.34"
AREA = NIS.encode()


def ground(*parts):
    """A message whose areas consist of `parts`."""
    return message().replace(AREA, "".join(parts).encode())


def geocode(name, value):
    return f"<geocode><valueName>{name}</valueName><value>{value}</value></geocode>"


def in_info(element, text):
    """A message with one more element in each info, before its `area`."""
    return message().replace(b"<area>", f"<{element}>{text}</{element}><area>".encode())


def responding(*codes):
    said = "".join(f"<responseType>{code}</responseType>" for code in codes)
    return message().replace(b"<urgency>", f"{said}<urgency>".encode())


class TestTheGround:
    def test_polygons_and_circles_are_drawn_in_the_draft_once_for_both_languages(self):
        outcome = take(ground(f"<polygon>{SQUARE}</polygon><circle>50.83,4.31 0.5</circle>"))
        circle, square = sorted(outcome.alert.shapes.splitlines(), key=len)
        assert circle == "50.83,4.31 0.5"
        assert set(square.split()) == set(SQUARE.split())
        assert outcome.notes == ()
        assert outcome.alert.publication_errors() == []

    @pytest.mark.parametrize("line", [
        "50.84,4.34 50.86,4.37 50.86,4.34 50.84,4.37 50.84,4.34", "51.2,3.2 51.3,3.2 51.3,3.3 51.2,3.2", "here", "",
        " ".join(f"50.{8 + number % 2}{number:04},4.35" for number in range(5_001)),
    ], ids=["crossing itself", "elsewhere", "words", "empty", "too many points"])  # fmt: skip
    def test_a_polygon_that_cannot_be_drawn_is_a_note_and_the_rest_is_taken(self, line):
        outcome = take(ground(f"<polygon>{line}</polygon><polygon>{SQUARE}</polygon>", NIS))
        assert len(outcome.alert.shapes.splitlines()) == 1
        assert [town.nis for town in outcome.alert.municipalities.all()] == ["21004"]
        (note,) = outcome.notes
        assert "was not taken" in note
        assert len(note) < 500

    @pytest.mark.parametrize("shape", [
        "<polygon>50.84,4.36 50.84,9.0 49.0,9.0 49.0,4.36 50.84,4.36</polygon>", "<circle>50.3,4.35 58</circle>",
        "<polygon>" + " ".join(
            f"{50.3 + 0.55 * math.sin(turn / 600):.5f},{4.35 + 0.9 * math.cos(turn / 600):.5f}" for turn in range(3769)
        ) + "</polygon>",
    ], ids=["polygon", "circle", "many points"])  # fmt: skip
    def test_what_reaches_far_beyond_the_region_is_cut_to_it_and_noted(self, shape):
        outcome = take(ground(shape))
        (note,) = outcome.notes
        assert note.startswith("What reaches far beyond the region was cut to it: ")
        region = borders.region()
        for drawn in geometry.parse(outcome.alert.shapes):
            assert drawn.points[0] == drawn.points[-1]
            assert len(drawn.points) <= geometry.MOST_POINTS
            assert drawn.surface.is_valid
            assert region.buffer(0.02).covers(drawn.surface)
        assert outcome.alert.shapes
        assert outcome.alert.publication_errors() == []

    def test_what_covers_the_region_is_the_whole_region(self):
        outcome = take(ground("<polygon>52,3 52,6 49,6 49,3 52,3</polygon>"))
        assert (outcome.alert.whole_region, outcome.alert.shapes) == (True, "")
        (note,) = outcome.notes
        assert "cut to it: 52,3 52,6 49,6 49,3 52,3" in note

    def test_what_reaches_a_little_beyond_it_stays_as_it_was_drawn(self):
        line = "50.84,4.4 50.84,4.6 50.9,4.6 50.84,4.4"
        outcome = take(ground(f"<polygon>{line}</polygon>"))
        assert set(outcome.alert.shapes.split()) == set(line.split())
        assert outcome.notes == ()

    @pytest.mark.parametrize("line", [
        "4.34,50.84 4.34,50.86 4.37,50.86 4.34,50.84", "52,3 49,6 52,6 49,3 52,3", "95,3 49,6 49,3 95,3",
    ], ids=["longitude first", "crossing itself", "beyond the pole"])  # fmt: skip
    def test_what_is_no_area_here_is_not_cut(self, line):
        outcome = take(ground(f"<polygon>{line}</polygon>", NIS))
        assert outcome.alert.shapes == ""
        (note,) = outcome.notes
        assert "was not taken" in note

    def test_more_shapes_than_an_alert_can_have_are_counted(self):
        outcome = take(ground(*(f"<circle>50.8{number:02},4.35 0.1</circle>" for number in range(40))))
        assert len(outcome.alert.shapes.splitlines()) == 20
        assert len(outcome.notes) == 11
        assert outcome.notes[-1] == "10 more shapes were not taken."

    @pytest.mark.parametrize("code", [("NIS", "21000"), ("NUTS3", "BE100"), ("nuts2", "BE10")])
    def test_the_code_of_the_region_is_the_whole_region(self, code):
        outcome = take(ground(geocode(*code)))
        assert outcome.alert.whole_region
        assert outcome.notes == ()

    def test_codes_that_are_not_known_are_named(self):
        outcome = take(ground(NIS, geocode("EMMA_ID", "BE004"), geocode("NIS", "11002")))
        assert [town.nis for town in outcome.alert.municipalities.all()] == ["21004"]
        (note,) = outcome.notes
        assert "EMMA_ID BE004, NIS 11002" in note

    def test_without_any_ground_the_officer_is_told_that_it_would_concern_everybody(self):
        (note,) = take(ground()).notes
        assert "concerns everybody" in note

    def test_ground_beside_the_region_is_told(self):
        (note,) = take(ground("<circle>50.95,4.2 0.5</circle>")).notes
        assert "outside of the region" in note

    def test_the_ground_of_an_update_replaces_the_earlier_one(self):
        take(ground(f"<polygon>{SQUARE}</polygon>", geocode("NUTS3", "BE100")))
        update = message(identifier="RMI-2", msg_type="Update", references=reference())
        page = take(update).alert
        assert (page.whole_region, page.shapes) == (False, "")
        assert [town.nis for town in page.municipalities.all()] == ["21004"]


class TestTheDetails:
    @pytest.mark.parametrize(("codes", "taken"), [
        (("Avoid", "Shelter"), ["Shelter", "Avoid"]), (("None",), ["None"]), (("None", "Monitor"), ["Monitor"]),
    ])  # fmt: skip
    def test_what_to_do_is_taken_as_codes(self, codes, taken):
        assert take(responding(*codes)).alert.response_types == taken

    @pytest.mark.parametrize(("contact", "words", "number"), [
        ("02 123 45 67", "", "02 123 45 67"),
        ("Centre de crise, +32 2 123 45 67", "Centre de crise", "+32 2 123 45 67"),
        ("meteo@irm.example", "", "meteo@irm.example"),
        ("Voyez notre site, ou la radio", "Voyez notre site, ou la radio", ""),
    ])  # fmt: skip
    def test_whom_to_contact_is_words_and_a_number(self, contact, words, number):
        page = take(in_info("contact", contact)).alert
        assert (page.contact_fr, page.contact_nl, page.contact_number) == (words, words, number)

    def test_a_second_number_stays_in_words(self):
        french, dutch = (
            f"<web>https://partner.example/</web><contact>{number}</contact>" for number in ("1771", "1722")
        )
        data = message().decode().replace("<web>https://partner.example/</web>", french, 1)
        head, _web, tail = data.rpartition(french)
        rest = tail.replace("<web>https://partner.example/</web>", dutch, 1)
        page = take(f"{head}{french}{rest}".encode()).alert
        assert (page.contact_number, page.contact_fr, page.contact_nl) == ("1771", "", "1722")

    def test_what_was_cut_is_told_with_its_name_and_language(self):
        (note,) = take(message(FRENCH | {"area": "a" * 50}, DUTCH)).notes
        assert note == "The text “where, in words” in French was cut after 49 characters."

    def test_a_picture_is_told(self):
        annex = (
            "<resource><resourceDesc>Carte</resourceDesc><mimeType>image/png</mimeType>"
            "<uri>https://partner.example/carte.png</uri></resource><area>"
        )
        (note,) = take(message().replace(b"<area>", annex.encode())).notes
        assert "https://partner.example/carte.png" in note

    def test_a_second_part_in_one_language_is_told(self):
        (note,) = take(message(FRENCH, FRENCH | {"headline": "Crue"}, DUTCH)).notes
        assert "several parts in French" in note

    def test_what_is_not_for_the_public_says_so(self):
        (note,) = take(message().replace(b"Public", b"Private")).notes
        assert "not for the public (Private)" in note

    def test_what_has_expired_says_when_and_what_to_do_unless_it_is_an_end(self):
        page = take(message().replace(b"2026-11-23T06", b"2020-11-23T06")).alert
        for language, said in (
            ("fr", "Elle a expiré le 23/11/2020 06:00. Ne la publiez pas telle quelle"),
            ("nl", "Ze is verlopen op 23/11/2020 06:00. Publiceer ze niet zoals ze is"),
        ):
            with translation.override(language):
                (note,) = notes_of(page)
                assert note.startswith(said)
        (note,) = take(ALL_CLEAR.replace(b"2026-11-23T06", b"2020-11-23T06")).notes
        assert "is over" in note

    def test_another_installation_s_message_comes_as_it_was(self):
        """Its municipalities, which it says as codes and as outlines, are not drawn as well."""
        towns = list(Municipality.objects.filter(nis__in=["21001", "21004", "21009"]))
        sent = AlertFactory(
            shapes="50.88,4.4 0.5", municipalities=towns, response_types=["Shelter", "Avoid"],
            contact_fr="Centre de crise", contact_nl="Crisiscentrum", contact_number="1771",
        )  # fmt: skip
        page = take(send(sent).xml.encode()).alert
        assert (page.shapes, list(page.municipalities.all())) == (sent.shapes, towns)
        assert page.response_types == ["Shelter", "Avoid"]
        assert (page.contact_fr, page.contact_nl, page.contact_number) == (
            "Centre de crise", "Crisiscentrum", "1771"
        )  # fmt: skip

    def test_notes_are_kept_in_both_languages(self):
        page = take(ground()).alert
        for language, said in (("fr", "elle concerne tout le monde"), ("nl", "betreft ze iedereen")):
            with translation.override(language):
                (note,) = notes_of(page)
                assert said in note


CANCELLED = message(identifier="RMI-2", msg_type="Cancel", references=reference())
ALL_CLEAR = message(identifier="RMI-2", msg_type="Update", references=reference()).replace(
    b"<urgency>", b"<responseType>AllClear</responseType><urgency>"
)
UPDATED = message(FRENCH, identifier="RMI-2", msg_type="Update", references=reference())
SAID = {
    ("over", "fr"): "warn@rmi.example l’a annulée ou en a donné la fin",
    ("over", "nl"): "warn@rmi.example heeft ze geannuleerd of beëindigd",
    ("updated", "fr"): "warn@rmi.example l’a mise à jour",
    ("updated", "nl"): "warn@rmi.example heeft ze bijgewerkt",
}


class TestNewsOfAnActiveAlert:
    """What a partner says of an alert that they wrote and that officers have sent."""

    @pytest.fixture
    def alert(self):
        alert = take(message()).alert
        send(alert)
        return alert

    @pytest.fixture(params=["fr", "nl"])
    def officer(self, request, alert):
        return UserFactory(groups=["Duty officers"], language=request.param)

    def panels(self, client, officer):
        """What the dashboard's panels of what is to do and of what is active say."""
        client.force_login(officer)
        page = client.get("/cms/").content.decode()
        tasks = page.partition('id="alert-tasks')[2].partition("</section>")[0]
        return tasks, client.get("/cms/alerts/live/").content.decode()

    @pytest.mark.parametrize("data", [CANCELLED, ALL_CLEAR], ids=["cancelled", "all clear"])
    def test_that_it_is_over_is_a_task_with_the_ways_to_end_it(self, client, alert, officer, data):
        take(data)
        tasks, active = self.panels(client, officer)
        for panel in (tasks, active):
            assert SAID["over", officer.wagtail_userprofile.preferred_language] in panel
        for way in ("all-clear", "cancel", "update"):
            assert f"/cms/alerts/{alert.pk}/{way}/" in tasks

    def test_that_it_was_over_before_it_was_sent_is_a_task_and_a_mail(self, client, alert, officer):
        late = take(message(identifier="RMI-9")).alert
        take(message(identifier="RMI-10", msg_type="Cancel", references=reference("RMI-9")))
        send(alert, what_fr="Le vent tombe.", what_nl="De wind gaat liggen.")
        assert not PartnersNews.objects.exists()
        send(late)
        tasks, active = self.panels(client, officer)
        for panel in (tasks, active):
            assert SAID["over", officer.wagtail_userprofile.preferred_language] in panel
        assert f"/cms/alerts/{late.pk}/cancel/" in tasks
        assert PartnersNews.objects.filter(imported__identifier="RMI-10", user=officer).exists()

    def test_that_it_has_changed_is_a_task_with_the_draft_and_the_update_form(self, client, alert, officer):
        take(UPDATED)
        tasks, active = self.panels(client, officer)
        for panel in (tasks, active):
            assert SAID["updated", officer.wagtail_userprofile.preferred_language] in panel
        assert f"/cms/pages/{alert.pk}/edit/" in tasks
        assert f"/cms/alerts/{alert.pk}/update/" in tasks

    @pytest.mark.parametrize(
        "data", [CANCELLED, ALL_CLEAR, UPDATED], ids=["cancelled", "all clear", "updated"]
    )
    def test_it_changes_and_ends_nothing_by_itself(self, alert, data):
        take(data)
        assert AlertMessage.objects.count() == 1
        assert alert.state_at(timezone.now()) is State.ACTIVE

    @pytest.mark.parametrize("data", [CANCELLED, UPDATED], ids=["cancelled", "updated"])
    @pytest.mark.parametrize("answer", ["ended", "updated", "expired"])
    def test_the_task_is_done_once_the_alert_is_over_or_updated(
        self, client, alert, officer, clock, data, answer
    ):
        take(data)
        match answer:
            case "ended":
                end(alert, Kind.ALL_CLEAR, now=clock(minutes=1))
            case "updated":
                send(alert, title_fr="Tempête", title_nl="Storm")
            case "expired":
                clock(hours=24)
        assert all(said not in panel for said in SAID.values() for panel in self.panels(client, officer))

    def test_a_later_update_does_not_hide_that_it_is_over(self, client, alert, officer):
        take(CANCELLED)
        take(message(identifier="RMI-3", msg_type="Update", references=reference()))
        tasks, active = self.panels(client, officer)
        language = officer.wagtail_userprofile.preferred_language
        assert SAID["over", language] in tasks
        assert SAID["updated", language] in tasks
        assert SAID["over", language] in active

    def test_what_was_sent_again_after_the_news_is_news_again(self, client, alert, officer):
        take(CANCELLED)
        send(alert, title_fr="Tempête", title_nl="Storm")
        take(message(identifier="RMI-3", msg_type="Cancel", references=reference()))
        tasks, _active = self.panels(client, officer)
        assert SAID["over", officer.wagtail_userprofile.preferred_language] in tasks

    def test_a_draft_that_was_never_sent_is_no_such_task(self, client, officer):
        take(message(identifier="RMI-7"))
        take(message(identifier="RMI-8", msg_type="Cancel", references=reference("RMI-7")))
        tasks, _active = self.panels(client, officer)
        assert all(said not in tasks for said in SAID.values())
        assert not PartnersNews.objects.exists()

    @pytest.mark.parametrize(("data", "subject", "way"), [
        (CANCELLED, {"fr": "Terminée selon son expéditeur", "nl": "Voorbij volgens de afzender"}, "all-clear"),
        (UPDATED, {"fr": "Mise à jour par son expéditeur", "nl": "Bijgewerkt door de afzender"}, "update"),
    ], ids=["cancelled", "updated"])  # fmt: skip
    def test_officers_get_one_mail_in_their_language(self, alert, officer, settings, data, subject, way):
        settings.WAGTAILADMIN_BASE_URL = "https://vigie.example"
        take(data)
        take(data)
        assert notices.send_due() == 1
        assert notices.send_due() == 0
        (sent,) = mail.outbox
        language = officer.wagtail_userprofile.preferred_language
        assert sent.to == [officer.email]
        assert sent.subject.startswith(subject[language])
        assert getattr(alert, f"title_{language}") in sent.subject
        assert sent.extra_headers["Content-Language"] == language
        assert "warn@rmi.example" in sent.body
        assert f"https://vigie.example/cms/alerts/{alert.pk}/{way}/" in sent.body

    def test_while_mail_is_down_the_mail_waits(self, alert, officer, clock, monkeypatch):
        def down(backend, messages):
            raise SMTPServerDisconnected("no answer")

        take(CANCELLED)
        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "send_messages", down)
            assert notices.send_due() == 0
        assert "no answer" in PartnersNews.objects.get().error
        clock(seconds=2)
        assert notices.send_due() == 1


LOST = message(identifier="RMI-9", msg_type="Cancel", references=reference("RMI-8"))
BROKEN = LOST.replace(b"<scope>Public</scope>", b"<scope>Nobody</scope>")
CUT_OFF = LOST[:-30]


class TestWhatIsRefusedOfAnAlert:
    """An update or a cancellation that is not taken: people have to know."""

    @pytest.fixture(params=["fr", "nl"])
    def officer(self, request):
        return UserFactory(groups=["Duty officers"], language=request.param)

    @pytest.fixture
    def refuse(self, tmp_path):
        """Import files with this content as the command does."""

        def refuse(*contents):
            for number, content in enumerate(contents):
                path = tmp_path / f"{number}.xml"
                path.write_bytes(content)
                assert importing.import_file(path)[1] is False

        return refuse

    @pytest.mark.parametrize(
        "data", [LOST, BROKEN, CUT_OFF], ids=["unknown", "against the schema", "cut off"]
    )
    def test_it_is_kept_a_task_and_a_mail_in_the_officer_s_language(
        self, refuse, officer, client, settings, data
    ):
        settings.WAGTAILADMIN_BASE_URL = "https://vigie.example"
        refuse(data)
        refused = RefusedMessage.objects.get()
        assert (bytes(refused.data), refused.msg_type, refused.identifier) == (data, "Cancel", "RMI-9")
        page = f"/cms/alerts/refused/{refused.pk}/"
        client.force_login(officer)
        dashboard = client.get("/cms/").content.decode()
        assert page in dashboard
        assert "RMI-9" in dashboard
        assert notices.send_due() == 1
        (sent,) = mail.outbox
        language = officer.wagtail_userprofile.preferred_language
        subject = {"fr": "Refus : une annulation de", "nl": "Niet overgenomen: een annulering van"}
        assert sent.subject.startswith(subject[language])
        assert SENDER in sent.subject
        assert f"https://vigie.example{page}" in sent.body

    def test_why_is_said_in_the_officer_s_language(self, refuse, officer, client):
        refuse(LOST)
        client.force_login(officer)
        said = {"fr": "annule ce qui n’est pas connu ici", "nl": "annuleert wat hier niet bekend is"}
        page = client.get(f"/cms/alerts/refused/{RefusedMessage.objects.get().pk}/").content.decode()
        assert said[officer.wagtail_userprofile.preferred_language] in page
        assert "&lt;identifier&gt;RMI-9&lt;/identifier&gt;" in page

    def test_the_task_is_done_when_somebody_has_dealt_with_it(self, refuse, officer, client):
        refuse(LOST)
        page = f"/cms/alerts/refused/{RefusedMessage.objects.get().pk}/"
        client.force_login(officer)
        assert client.post(page)["Location"] == "/cms/"
        assert RefusedMessage.objects.get().done_by == officer
        assert page not in client.get("/cms/").content.decode()

    def test_the_task_is_done_when_it_is_taken_after_all(self, refuse, officer, client):
        refuse(LOST)
        take(message(identifier="RMI-8"))
        take(LOST)
        client.force_login(officer)
        assert "/cms/alerts/refused/" not in client.get("/cms/").content.decode()

    def test_the_page_leads_to_the_alert_that_is_active(self, refuse, officer, client):
        page = take(message()).alert
        send(page)
        refuse(
            message(
                identifier="X-1", msg_type="Cancel", references=reference(), sender="other@partner.example"
            )
        )
        client.force_login(officer)
        body = client.get(f"/cms/alerts/refused/{RefusedMessage.objects.get().pk}/").content.decode()
        for way in ("all-clear", "cancel", "update"):
            assert f"/cms/alerts/{page.pk}/{way}/" in body

    def test_the_same_file_again_is_told_once_and_one_mistake_mailed_once_an_hour(
        self, refuse, officer, clock
    ):
        other = LOST.replace(b"RMI-9", b"RMI-10")
        refuse(LOST, LOST, other)
        assert RefusedMessage.objects.count() == 2
        assert RefusalMail.objects.count() == 1
        clock(minutes=61)
        refuse(LOST.replace(b"RMI-9", b"RMI-11"))
        assert RefusalMail.objects.count() == 2

    def test_a_new_alert_that_is_no_good_is_in_the_quarantine_only(self, refuse, officer, quarantine):
        refuse(BAD["against the schema"][0])
        assert list(quarantine.iterdir())
        assert not RefusedMessage.objects.exists()

    @pytest.mark.parametrize(
        "noise", [b"", b"\0\xff<msgType>Cancel</msgType>\0", "<msgType>Update<".encode("utf-16")]
    )
    def test_whatever_the_file_is_it_can_be_kept(self, refuse, noise):
        refuse(noise)
        assert RefusedMessage.objects.count() == (b"<msgType>Cancel" in noise)


class TestWhatTheOfficerSees:
    """The notes of a draft."""

    @pytest.fixture(
        params=[("fr", "concerne tout le monde"), ("nl", "betreft ze iedereen")], ids=["fr", "nl"]
    )
    def seen(self, request, client):
        """Whether the page at an address has the note that a draft has no ground."""
        language, said = request.param
        client.force_login(UserFactory(groups=["Duty officers"], language=language))
        return lambda address: said in client.get(address).content.decode()

    @pytest.mark.parametrize("infos", [(FRENCH, DUTCH), (FRENCH,)], ids=["to approve", "to complete"])
    def test_they_stand_on_the_dashboard_and_above_the_draft(self, seen, infos):
        page = take(message(*infos).replace(AREA, b"")).alert
        assert seen("/cms/")
        assert seen(f"/cms/pages/{page.pk}/edit/")

    def test_they_stand_where_it_is_approved(self, seen):
        page = take(ground()).alert
        assert seen(f"/cms/alerts/approval/{page.pk}/")

    def test_they_are_gone_once_it_was_sent(self, seen):
        page = take(ground()).alert
        send(page, whole_region=True)
        assert not seen(f"/cms/pages/{page.pk}/edit/")

    @pytest.mark.parametrize(
        ("language", "said"), [("fr", "dit que c’est terminé"), ("nl", "meldt dat het voorbij is")]
    )
    def test_a_cancelled_draft_says_so(self, client, language, said):
        page = take(message()).alert
        take(CANCELLED)
        client.force_login(UserFactory(groups=["Duty officers"], language=language))
        for address in ("/cms/", f"/cms/pages/{page.pk}/edit/", f"/cms/alerts/approval/{page.pk}/"):
            assert said in client.get(address).content.decode(), address


class TestTheCommand:
    @pytest.fixture
    def folder(self, tmp_path):
        folder = tmp_path / "incoming"
        folder.mkdir()
        (folder / "good.xml").write_bytes(message())
        (folder / "bad.xml").write_bytes(LAUGHS)
        (folder / "notes.txt").write_text("no message")
        return folder

    def test_good_files_are_taken_and_bad_ones_moved_with_a_report(self, folder, quarantine, capsys):
        with pytest.raises(CommandError, match="1 of 2 files"):
            call_command("import_cap", str(folder))
        assert AlertPage.objects.count() == 1
        assert sorted(file.name for file in folder.iterdir()) == ["good.xml", "notes.txt"]
        kept = next(file for file in quarantine.iterdir() if file.name.endswith("-bad.xml"))
        assert kept.read_bytes() == LAUGHS
        report = Path(f"{kept}.report.txt").read_text()
        for output in (report, capsys.readouterr().err):
            assert "bad.xml" in output
            assert "line 1" in output
            assert "leave DOCTYPE and entities out" in output

    def test_what_could_not_be_taken_is_in_the_report(self, folder, capsys):
        (folder / "bad.xml").unlink()
        (folder / "good.xml").write_bytes(ground())
        call_command("import_cap", str(folder))
        assert "concerns everybody" in capsys.readouterr().out

    def test_again_it_takes_nothing_twice(self, folder, capsys):
        (folder / "bad.xml").unlink()
        call_command("import_cap", str(folder))
        call_command("import_cap", str(folder / "good.xml"))
        assert AlertPage.objects.count() == 1
        assert "known" in capsys.readouterr().out

    def test_a_dry_run_stores_and_moves_nothing(self, folder, quarantine):
        with pytest.raises(CommandError):
            call_command("import_cap", str(folder), "--dry-run")
        assert not AlertPage.objects.exists()
        assert (folder / "bad.xml").exists()
        assert not quarantine.exists()

    def test_what_does_not_exist_is_an_error(self, tmp_path):
        with pytest.raises(CommandError, match="does not exist"):
            call_command("import_cap", str(tmp_path / "nothing"))

    def test_a_file_that_cannot_be_read_is_reported_and_the_rest_goes_on(self, folder, monkeypatch, capsys):
        opened = Path.open

        def refuse(path, *args, **kwargs):
            if path.name == "bad.xml":
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return opened(path, *args, **kwargs)

        monkeypatch.setattr(Path, "open", refuse)
        with pytest.raises(CommandError):
            call_command("import_cap", str(folder))
        assert "cannot be read: Permission denied" in capsys.readouterr().err
        assert (folder / "bad.xml").exists()
        assert AlertPage.objects.count() == 1

    @pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES])
    def test_where_the_quarantine_takes_nothing_the_file_stays(
        self, folder, quarantine, monkeypatch, capsys, error
    ):
        def refuse(descriptor):
            raise OSError(error, os.strerror(error))

        monkeypatch.setattr(os, "fsync", refuse)
        with pytest.raises(CommandError):
            call_command("import_cap", str(folder))
        assert (folder / "bad.xml").read_bytes() == LAUGHS
        assert "It stays where it is" in capsys.readouterr().err
        assert not [file for file in quarantine.iterdir() if file.is_file()]
        assert AlertPage.objects.count() == 1

    @pytest.mark.parametrize("error", [RuntimeError("no idea"), DataError("value too long")])
    def test_whatever_else_goes_wrong_with_a_file_puts_it_away_and_the_rest_goes_on(
        self, folder, quarantine, monkeypatch, capsys, caplog, error
    ):
        (folder / "bad.xml").write_bytes(message(identifier="RMI-odd"))
        fail_at(monkeypatch, "RMI-odd", error)
        with pytest.raises(CommandError, match="1 of 2 files"):
            call_command("import_cap", str(folder))
        assert AlertPage.objects.count() == 1
        kept = next(file for file in quarantine.iterdir() if file.name.endswith("-bad.xml"))
        for told in (Path(f"{kept}.report.txt").read_text(), capsys.readouterr().err):
            assert str(error) in told
        assert "Traceback" in caplog.text

    @pytest.mark.parametrize("error", [OperationalError("no answer"), InterfaceError("connection closed")])
    def test_while_the_database_is_away_nothing_is_put_away_and_the_run_stops(
        self, folder, quarantine, monkeypatch, error
    ):
        (folder / "bad.xml").write_bytes(message(identifier="RMI-odd"))
        fail_at(monkeypatch, "RMI-odd", error)
        with pytest.raises(CommandError, match=f"{error}.*again"):
            call_command("import_cap", str(folder))
        assert not AlertPage.objects.exists()
        assert (folder / "bad.xml").exists()
        assert not quarantine.exists()

    def test_a_quarantine_that_is_a_file_is_told(self, folder, quarantine, capsys):
        quarantine.write_text("in the way")
        with pytest.raises(CommandError):
            call_command("import_cap", str(folder))
        assert (folder / "bad.xml").exists()


class TestTheApi:
    @pytest.fixture
    def token(self, capsys):
        call_command("cap_source", "RMI", "--sender", SENDER)
        return capsys.readouterr().out.strip()

    @pytest.fixture
    def post(self, client, token):
        def post(data, token=token, **headers):
            return client.post(
                "/api/cap/",
                data,
                content_type="application/cap+xml",
                headers={"authorization": f"Bearer {token}"},
            )

        return post

    def test_a_partner_s_message_becomes_a_draft(self, post):
        response = post(message(FRENCH))
        assert response.status_code == 201
        assert response.json() == {"state": "drafted", "to_be_written": ["nl"], "notes": []}
        assert ImportedMessage.objects.get().source.name == "RMI"
        assert not AlertPage.objects.get().live
        assert post(message(FRENCH)).status_code == 200

    def test_the_partner_gets_the_notes_in_english(self, post):
        (note,) = post(ground(NIS, geocode("EMMA_ID", "BE004"))).json()["notes"]
        assert note == "These codes name no municipality here, and were not taken: EMMA_ID BE004"

    @pytest.mark.parametrize("name", BAD)
    def test_a_bad_one_is_refused_with_a_reason_and_kept(self, post, name, quarantine):
        data, code = BAD[name]
        response = post(data)
        assert response.status_code == (413 if code == "too_large" else 422)
        assert response.json()["error"]["code"] == code
        assert response.json()["error"]["message"]
        if code != "too_large":
            assert data in [file.read_bytes() for file in quarantine.iterdir()]
        assert not AlertPage.objects.exists()

    def test_whatever_else_goes_wrong_is_told_and_the_message_kept(
        self, post, quarantine, monkeypatch, caplog
    ):
        fail_at(monkeypatch, "RMI-1", DataError("value too long"))
        response = post(message())
        assert response.status_code == 500
        assert response.json()["error"]["code"] == "unexpected"
        assert message() in [file.read_bytes() for file in quarantine.iterdir()]
        assert "Traceback" in caplog.text

    def test_while_the_database_is_away_nothing_is_put_away_and_the_partner_may_send_again(
        self, post, quarantine, monkeypatch
    ):
        fail_at(monkeypatch, "RMI-1", OperationalError("no answer"))
        response = post(message())
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert not quarantine.exists()

    def test_without_room_in_the_quarantine_the_partner_still_gets_the_reason(self, post, quarantine, caplog):
        quarantine.write_text("in the way")
        assert post(LAUGHS).status_code == 422
        assert "was not kept" in caplog.text

    @pytest.mark.parametrize("wrong", ["", "nonsense", "é"])
    def test_without_its_token_nobody_sends(self, post, wrong):
        response = post(message(), token=wrong)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert not AlertPage.objects.exists()

    def test_a_revoked_or_replaced_token_is_worth_nothing(self, post, token, capsys):
        call_command("cap_source", "RMI", "--revoke")
        assert post(message()).status_code == 401
        call_command("cap_source", "RMI")
        new = capsys.readouterr().out.split()[-1]
        assert post(message()).status_code == 401
        assert post(message(), token=new).status_code == 201

    def test_in_another_s_name_it_is_refused_kept_and_told(self, post, quarantine):
        UserFactory(groups=["Duty officers"])
        data = message(sender="flood@partner.example")
        response = post(data)
        assert response.status_code == 403
        assert response.json()["error"] == {
            "code": "sender_not_allowed",
            "message": "Its sender is “flood@partner.example”; the token of “RMI” speaks for: warn@rmi.example. "
            "Send it with that sender’s own token. If this token is to speak for it too, our technical team can allow "
            "it.",
            "line": None,
        }
        assert not AlertPage.objects.exists()
        assert data in [file.read_bytes() for file in quarantine.iterdir()]
        assert RefusedMessage.objects.get().source.name == "RMI"
        assert notices.send_due() == 1

    def test_a_token_may_speak_for_several_and_keeps_its_worth(self, post, capsys):
        senders = ["--sender", SENDER, "--sender", "flood@partner.example"]
        call_command("cap_source", "RMI", "--keep-token", *senders)
        assert "flood@partner.example" in capsys.readouterr().out
        assert post(message()).status_code == 201
        assert post(message(sender="flood@partner.example")).status_code == 201

    def test_a_new_token_speaks_for_the_same(self, token, capsys):
        call_command("cap_source", "RMI")
        assert Source.objects.get().senders == [SENDER]

    def test_a_source_without_senders_gets_no_token_and_sends_nothing(self, post):
        with pytest.raises(CommandError, match="--sender"):
            call_command("cap_source", "IRM")
        Source.objects.update(senders=[])
        assert post(message()).status_code == 403

    def test_there_is_no_token_to_keep_of_who_is_new(self):
        with pytest.raises(CommandError, match="no source 'IRM' yet"):
            call_command("cap_source", "IRM", "--sender", SENDER, "--keep-token")

    def test_who_sent_before_speaks_for_whom_they_spoke(self, post):
        post(message())
        Source.objects.update(senders=[])
        Source.objects.create(name="IRM", token_sha256="0" * 64)
        import_module("alerts.migrations.0014_senders_of_sources").bind(apps, None)
        assert dict(Source.objects.values_list("name", "senders")) == {"RMI": [SENDER], "IRM": []}

    @pytest.mark.parametrize(
        ("refers", "code", "named"),
        [
            (reference("RMI-8"), "references", reference("RMI-8")),
            ("RMI-8", "references", "RMI-8"),
            ("", "references", "–"),
        ],
    )
    def test_a_cancellation_of_nothing_names_what_it_referred_to_and_the_remedy(
        self, post, refers, code, named
    ):
        response = post(message(msg_type="Cancel", references=refers))
        assert response.status_code == 422
        error = response.json()["error"]
        assert error["code"] == code
        assert named in error["message"]
        assert "send that one first" in error["message"]
        assert RefusedMessage.objects.count() == 1

    def test_while_the_database_cannot_keep_what_was_refused_the_partner_may_send_again(
        self, post, monkeypatch
    ):
        def fail(*args):
            raise OperationalError("no answer")

        monkeypatch.setattr(importing, "tell", fail)
        assert post(LOST).status_code == 503

    def test_the_token_is_not_in_the_database(self, token):
        assert token not in json.dumps(list(Source.objects.values()), default=str)

    def test_an_unknown_partner_cannot_be_revoked(self, token):
        with pytest.raises(CommandError, match="Known: RMI"):
            call_command("cap_source", "IRM", "--revoke")

    def test_other_methods_are_not_answered(self, client):
        assert client.get("/api/cap/").status_code == 405

    def test_it_may_do_nothing_else(self, client, token):
        for path in ("/cms/", "/api/wagtail/v3/pages/1/"):
            response = client.patch(path, "{}", headers={"authorization": f"Bearer {token}"})
            assert response.status_code >= 300

    def test_too_many_a_minute_have_to_wait(self, post, clock, monkeypatch):
        monkeypatch.setattr(views, "MOST_REQUESTS", 5)
        for number in range(5):
            assert post(message(identifier=f"RMI-{number}")).status_code == 201
        response = post(message(identifier="RMI-one-more"))
        assert response.status_code == 429
        assert 1 <= int(response.headers["Retry-After"]) <= 60
        clock(seconds=int(response.headers["Retry-After"]))
        assert post(message(identifier="RMI-one-more")).status_code == 201


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        (b"<cap:msgType a='1'>\n Cancel </cap:msgType>", "Cancel"),
        (b"<msgType>" + b" " * 1_000_000, ""),
        (b"<msgType " * 100_000, ""),
    ],
)
def test_what_is_seen_of_a_file_that_is_no_xml(data, seen):
    assert importing._glimpsed(data, "msgType") == seen
