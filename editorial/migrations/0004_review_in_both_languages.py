"""The review's names are data that editors read: in both their languages."""

from django.db import migrations

NAMES = (
    ("Workflow", "Review", "Relecture · Nalezing"),
    ("Task", "Review by a moderator", "Relecture par la modération · Nalezing door de moderatie"),
)


def rename(apps, old, new):
    for model, *names in NAMES:
        apps.get_model("wagtailcore", model).objects.filter(name=names[old], active=True).update(name=names[new])


class Migration(migrations.Migration):
    dependencies = [("editorial", "0003_roll_back")]

    operations = [
        migrations.RunPython(lambda apps, editor: rename(apps, 0, 1), lambda apps, editor: rename(apps, 1, 0))
    ]
