"""Partners' CAP messages: read safely, drafted once, never published, nothing lost."""

import errno
import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, InterfaceError, OperationalError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alerts import cap, importing, views
from alerts.models import AlertMessage, AlertPage
from alerts.sources import ImportedMessage, Source
from pages.completeness import PublicationRefused
from tests.factories.alerts import AlertFactory, alert_index, send
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

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
    namespace=cap.NAMESPACE, extra="",
):  # fmt: skip
    refer = f"<references>{references}</references>" if references else ""
    body = "\n".join(INFO.format(**info) for info in (infos or (FRENCH, DUTCH, ENGLISH)))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="{namespace}">\n<identifier>{identifier}</identifier>\n'
        f"<sender>warn@rmi.example</sender>\n<sent>{sent}</sent>\n<status>{status}</status>\n"
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
ELEMENTS = {
    "identifier": TEXTS, "sender": TEXTS, "references": TEXTS, "event": TEXTS, "headline": TEXTS, "description": TEXTS,
    "instruction": TEXTS, "areaDesc": TEXTS, "web": TEXTS.map("https://{}".format), "sent": TIMES, "effective": TIMES,
    "onset": TIMES, "expires": TIMES,
}  # fmt: skip


def said(elements, msg_type):
    """A message that has `elements` and what the schema asks for beside them."""
    given = {name: f"<{name}>{escape(text)}</{name}>" for name, text in elements.items()}
    written = {name: given.get(name, "") for name in ELEMENTS}
    usual = {
        "identifier": "RMI-1", "sender": "warn@rmi.example", "sent": "2026-11-22T12:00:00+01:00", "event": "Vent",
        "areaDesc": "Bruxelles",
    }  # fmt: skip
    written |= {name: f"<{name}>{text}</{name}>" for name, text in usual.items() if name not in given}
    return """<alert xmlns="{}">{identifier}{sender}{sent}<status>Actual</status><msgType>{}</msgType>
<scope>Public</scope>{references}<info><language>fr-BE</language><category>Met</category>{event}
<urgency>Expected</urgency><severity>Moderate</severity><certainty>Likely</certainty>{effective}{onset}{expires}
{headline}{description}{instruction}{web}<area>{areaDesc}</area></info></alert>""".format(
        cap.NAMESPACE, msg_type, **written
    ).encode()


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

    def test_an_update_of_what_is_not_known_is_a_new_draft(self):
        assert take(message(msg_type="Update", references=reference("RMI-0"))).state == "drafted"

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
        call_command("cap_source", "RMI")
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
        assert (response.status_code, response.json()) == (201, {"state": "drafted", "to_be_written": ["nl"]})
        assert ImportedMessage.objects.get().source.name == "RMI"
        assert not AlertPage.objects.get().live
        assert post(message(FRENCH)).status_code == 200

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
