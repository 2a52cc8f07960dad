"""The scenarios of alerts/data/scenarios.json, and who may change them. What exists is left as it is."""

import json
from pathlib import Path

from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

LIST = Path(__file__).parents[1] / "data" / "scenarios.json"
TEXTS = ("name", "headline", "what", "instruction")
GRANTED = {
    "Moderators": ("view", "add", "change"),
    "Site managers": ("view", "add", "change", "delete"),
}


def load(apps, schema_editor):
    Scenario = apps.get_model("alerts", "Scenario")
    # The list also has what later migrations bring.
    known = {field.name for field in Scenario._meta.get_fields()}
    for position, scenario in enumerate(json.loads(LIST.read_text(encoding="utf-8"))):
        # The untranslated columns hold the French.
        bare = {name: scenario[f"{name}_fr"] for name in TEXTS}
        scenario = {name: value for name, value in scenario.items() if name in known}
        Scenario.objects.get_or_create(
            name_fr=scenario["name_fr"], defaults={**scenario, **bare, "position": position}
        )


def grant(apps, schema_editor):
    # Django makes permissions after the last migration: these are needed now.
    create_permissions(
        real_apps.get_app_config("alerts"), verbosity=0, apps=apps, using=schema_editor.connection.alias
    )
    Permission = apps.get_model("auth", "Permission")
    for name, actions in GRANTED.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(
                *Permission.objects.filter(
                    content_type__app_label="alerts",
                    codename__in=[f"{action}_scenario" for action in actions],
                )
            )


class Migration(migrations.Migration):
    dependencies = [("alerts", "0003_scenarios"), ("editorial", "0002_groups")]

    operations = [
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
