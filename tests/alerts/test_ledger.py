"""The ledger: append-only in the database, one chain, verifiable."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from alerts import ledger
from alerts.delivery.liveness import unseen_for
from alerts.lifecycle import Kind
from alerts.models import AlertMessage
from tests.factories.alerts import AlertFactory, end, send

pytestmark = pytest.mark.django_db
TABLE, AUTHORISATIONS = AlertMessage._meta.db_table, "alerts_authorisation"


@pytest.fixture
def messages(clock):
    """Five messages of two alerts, in turn."""
    one, two = AlertFactory(), AlertFactory()
    send(one)
    send(two)
    clock(minutes=1)
    send(one)
    end(one, Kind.ALL_CLEAR, now=clock(minutes=1))
    end(two, Kind.CANCEL, now=clock(minutes=1))
    return list(AlertMessage.objects.all())


def tamper(*statements: str) -> None:
    """What nobody can do but who owns the database: change a row with the triggers off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            for table in (TABLE, AUTHORISATIONS):
                for verb in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER {table}_no_{verb}")
        for statement in statements:
            cursor.execute(statement)


def test_messages_are_named_as_they_were_sent_whoever_sends_later(clock, settings):
    alert = AlertFactory()
    first = send(alert)
    settings.VIGIE_CAP_SENDER = "new@authority.example"
    clock(minutes=1)
    assert send(alert).references == first.reference()
    assert first.reference().startswith("alerts@vigie.example,")
    assert ledger.verify() == []


def test_a_reference_to_what_was_never_sent_is_found(messages, monkeypatch):
    monkeypatch.setattr(AlertMessage, "reference", lambda message: f"x,{message.identifier},y")
    assert any("no earlier message of its alert" in problem for problem in ledger.verify())


@pytest.mark.parametrize(
    "statement",
    [f"UPDATE {TABLE} SET xml = ''", f"UPDATE {TABLE} SET sent_by_id = NULL", f"DELETE FROM {TABLE}"],
)
def test_the_database_refuses_to_change_what_was_sent(messages, statement):
    with (
        pytest.raises(Error, match="a message that was sent is a record"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(AlertMessage.objects.all()) == messages


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize(
    "emptied",
    [TABLE, AUTHORISATIONS, "alerts_alertpage", "members_user"],
    ids=["messages", "authorisations", "alerts", "people"],
)
def test_no_table_is_emptied_at_once_with_what_was_sent(messages, emptied):
    with connection.cursor() as cursor:
        # What the test itself wrote would otherwise be in the way.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(Error, match="is a record"), transaction.atomic():
            cursor.execute(f"TRUNCATE {emptied} CASCADE")
    assert list(AlertMessage.objects.all()) == messages
    assert ledger.verify() == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no REPLACE")
@pytest.mark.parametrize(
    ("table", "kept"),
    [
        *((TABLE, name) for name in ("id", "identifier", "previous_seal", "seal")),
        *((AUTHORISATIONS, name) for name in ("id", "message_id")),
    ],
)
def test_no_record_is_replaced_by_one_that_has_its_key(messages, table, kept):
    victim = messages[2].identifier
    fresh = {"id": 9999, "identifier": "new", "message_id": "new", "previous_seal": "a", "seal": "b"}

    def row(table: str) -> dict[str, Any]:
        name = "identifier" if table == TABLE else "message_id"
        cursor.execute(f"SELECT * FROM {table} WHERE {name} = %s", [victim])
        return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))

    def replace(table: str, kept: str = "") -> None:
        other = {
            name: fresh.get(name, value) if name != kept else value for name, value in row(table).items()
        }
        names, values = ", ".join(f'"{name}"' for name in other), ", ".join(["%s"] * len(other))
        cursor.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({values})", list(other.values()))

    with connection.cursor() as cursor, transaction.atomic():
        if table == TABLE:
            # As whoever forges a message would do first.
            replace(AUTHORISATIONS)
        with pytest.raises(Error, match="is a record"), transaction.atomic():
            replace(table, kept)
        transaction.set_rollback(True)
    assert list(AlertMessage.objects.all()) == messages
    assert ledger.verify() == []


def test_so_it_does_from_code(messages):
    messages[0].xml = ""
    for change in (messages[0].save, messages[0].delete, AlertMessage.objects.all().delete):
        with pytest.raises(Error), transaction.atomic():
            change()
    assert ledger.verify() == []


def test_the_messages_of_all_alerts_are_one_chain(messages):
    assert [message.previous_seal for message in messages] == [
        "", *(message.seal for message in messages[:-1])
    ]  # fmt: skip
    assert ledger.verify() == []
    assert ledger.head() == messages[-1].seal


@pytest.mark.parametrize(
    "change",
    [
        "xml = replace(xml, 'Severe', 'Minor')",
        "kind = 'cancel'",
        "sent = '2026-01-01 00:00:00+00:00'",
        "expires = '2030-01-01 00:00:00+00:00'",
        "\"references\" = ''",
        "sha256 = '0'",
        "content = '{}'",
    ],
)
def test_a_changed_row_is_found(messages, change):
    victim = messages[2]
    tamper(f"UPDATE {TABLE} SET {change} WHERE id = {victim.pk}")
    assert any(problem.startswith(victim.identifier) for problem in ledger.verify())


def test_a_missing_row_is_found(messages):
    messages[2].deliveries.all().delete()
    victim = messages[2]
    tamper(
        f"DELETE FROM alerts_authorisation WHERE message_id = '{victim.identifier}'",
        f"DELETE FROM {TABLE} WHERE id = {victim.pk}",
    )
    assert {problem.split(":")[0] for problem in ledger.verify()} == {messages[3].identifier}


def test_the_command_says_what_it_found(messages, capsys):
    call_command("verify_ledger")
    output = capsys.readouterr().out
    assert "5 messages" in output
    assert messages[-1].seal in output
    tamper(f"UPDATE {TABLE} SET kind = 'alert' WHERE id = {messages[4].pk}")
    with pytest.raises(CommandError, match=messages[4].identifier):
        call_command("verify_ledger")


def test_an_empty_ledger_is_sound(capsys):
    call_command("verify_ledger")
    assert "0 messages" in capsys.readouterr().out


def test_a_seal_that_was_noted_shows_that_the_newest_messages_are_gone(messages, capsys):
    newest = messages[-1]
    call_command("verify_ledger", noted=newest.seal)
    call_command("verify_ledger", noted=messages[0].seal + "\n")
    tamper(
        f"DELETE FROM alerts_alertdelivery WHERE message_id = {newest.pk}",
        f"DELETE FROM alerts_authorisation WHERE message_id = '{newest.identifier}'",
        f"DELETE FROM {TABLE} WHERE id = {newest.pk}",
    )
    call_command("verify_ledger")
    assert "4 messages" in capsys.readouterr().out
    with pytest.raises(CommandError, match=newest.seal):
        call_command("verify_ledger", noted=newest.seal)


def test_a_clock_that_is_set_back_does_not_reorder_what_was_sent_of_an_alert(clock):
    alert = AlertFactory()
    first = send(alert)
    clock(minutes=-4)
    second = send(alert, title_fr="Autre titre")
    assert second.sent >= first.sent


def test_a_clock_that_once_was_wrong_spoils_no_other_alert_and_is_told(clock, caplog):
    clock(days=300)
    alert = AlertFactory(onset=clock(), expires=clock() + timedelta(hours=2))
    ahead = send(alert)
    clock(days=-300)
    other = send(AlertFactory())
    assert other.sent == clock()
    assert "Was a clock wrong?" not in caplog.text
    update = send(alert, title_fr="Autre titre")
    assert update.sent == ahead.sent
    assert unseen_for(update, clock() + timedelta(seconds=30)) == timedelta(seconds=30)
    assert f"alert {alert.pk} was sent at" in caplog.text
    assert "Was a clock wrong?" in caplog.text
    assert ledger.verify() == []
