"""Landmarks: site managers keep them, duty officers add and correct them."""

from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GRANTED = {"Site managers": ("view", "add", "change", "delete"), "Duty officers": ("view", "add", "change")}


def grant(apps, schema_editor):
    # Django makes permissions after the last migration: these are needed now.
    alias = schema_editor.connection.alias
    create_permissions(real_apps.get_app_config("territory"), verbosity=0, apps=apps, using=alias)
    Permission = apps.get_model("auth", "Permission")
    for name, actions in GRANTED.items():
        codenames = [f"{action}_landmark" for action in actions]
        wanted = Permission.objects.filter(content_type__app_label="territory", codename__in=codenames)
        apps.get_model("auth", "Group").objects.get(name=name).permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [("editorial", "0004_review_in_both_languages"), ("territory", "0003_landmark")]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
