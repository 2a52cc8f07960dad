"""On PostgreSQL, text search configurations of our own: French and Dutch stemming of words without their accents, so
that "securite" finds "sécurité". Without the extension unaccent (a trusted one, of the contrib package) accents count."""

from django.db import migrations

IS_THERE = "SELECT 1 FROM pg_extension WHERE extname = 'unaccent'"
MAY_BE_MADE = """
    SELECT 1 FROM pg_available_extension_versions
    WHERE name = 'unaccent' AND has_database_privilege(current_database(), 'CREATE')
    AND (trusted OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))
"""
STEMMERS = {"vigie_french": ("french", "french_stem"), "vigie_dutch": ("dutch", "dutch_stem")}


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(IS_THERE)
        available = cursor.fetchone() is not None
        if not available:
            cursor.execute(MAY_BE_MADE)
            if available := cursor.fetchone() is not None:
                cursor.execute("CREATE EXTENSION unaccent")
        for name, (original, stemmer) in STEMMERS.items():
            cursor.execute(f"CREATE TEXT SEARCH CONFIGURATION {name} (COPY = {original})")
            if available:
                cursor.execute(
                    f"ALTER TEXT SEARCH CONFIGURATION {name} "
                    f"ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {stemmer}"
                )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in STEMMERS:
            schema_editor.execute(f"DROP TEXT SEARCH CONFIGURATION IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("pages", "0005_live_in_both_languages")]

    operations = [migrations.RunPython(create, drop)]
