"""Site managers may make an earlier release live."""

from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

MANAGERS = "Site managers"


def grant(apps, schema_editor):
    alias = schema_editor.connection.alias
    # Django makes permissions after the last migration: this one is needed now.
    create_permissions(real_apps.get_app_config("generator"), verbosity=0, apps=apps, using=alias)
    Permission = apps.get_model("auth", "Permission")
    permission = Permission.objects.get(content_type__app_label="generator", codename="activate_release")
    for group in apps.get_model("auth", "Group").objects.filter(name=MANAGERS):
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0002_groups"),
        ("generator", "0002_alter_buildrequest_options"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
