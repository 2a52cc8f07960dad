"""The landmarks of territory/data/landmarks.csv, where there are none yet."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parents[1] / "data" / "landmarks.csv"


def load(apps, schema_editor):
    landmark = apps.get_model("territory", "Landmark")
    if landmark.objects.exists():
        return
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            landmark.objects.create(name=row["name_fr"], **row)


class Migration(migrations.Migration):
    dependencies = [("territory", "0003_landmark")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
