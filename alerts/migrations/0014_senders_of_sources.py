"""A source speaks for the senders that it has sent in the name of; for no other until somebody says so (cap_source)."""

from django.db import migrations


def bind(apps, schema_editor):
    ImportedMessage = apps.get_model("alerts", "ImportedMessage")
    for source in apps.get_model("alerts", "Source").objects.filter(senders=[]):
        sent = ImportedMessage.objects.filter(source=source).order_by("sender")
        source.senders = list(sent.values_list("sender", flat=True).distinct())
        source.save(update_fields=["senders"])


class Migration(migrations.Migration):
    dependencies = [("alerts", "0013_senders_and_refusals")]

    operations = [migrations.RunPython(bind, migrations.RunPython.noop)]
