from django.db import migrations

MESSAGES, AUTHORISATIONS = "alerts_alertmessage", "alerts_authorisation"
REASONS = {
    MESSAGES: "a message that was sent is a record: append another instead",
    AUTHORISATIONS: "an authorisation is a record: it does not change",
}
UNIQUE = {
    MESSAGES: ("id", "identifier", "previous_seal", "seal"),
    AUTHORISATIONS: ("id", "message_id"),
}


def _is_there(table):
    """One look-up in an index for each name, whatever the size of the ledger."""
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {name} = NEW.{name})" for name in UNIQUE[table]
    )


def create(apps, schema_editor):
    for table, reason in REASONS.items():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_replacement BEFORE INSERT ON {table} WHEN {_is_there(table)} "
                f"BEGIN SELECT RAISE(ABORT, '{reason}'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
            )


def drop(apps, schema_editor):
    for table in REASONS:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {table}_no_replacement")
        else:
            schema_editor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")


class Migration(migrations.Migration):
    """What triggers for each row do not see: PostgreSQL empties a table by TRUNCATE without them, and SQLite deletes what
    INSERT OR REPLACE replaces without them (`recursive_triggers` is off). On SQLite a migration that makes one of the two
    tables anew has to drop these triggers first and to create them again."""

    dependencies = [("alerts", "0014_senders_of_sources")]

    operations = [migrations.RunPython(create, drop)]
