"""A subscription is known by its endpoint alone; site managers keep the list of partners."""

from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations


def grant(apps, schema_editor):
    # Django makes permissions after the last migration: these are needed now.
    create_permissions(
        real_apps.get_app_config("alerts"), verbosity=0, apps=apps, using=schema_editor.connection.alias
    )
    partner = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="alerts", content_type__model="partner"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Site managers"):
        group.permissions.add(*partner)


class Migration(migrations.Migration):
    dependencies = [("alerts", "0007_expiry_mail"), ("editorial", "0002_groups")]

    operations = [
        migrations.RemoveField(model_name="pushsubscription", name="public_id"),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
