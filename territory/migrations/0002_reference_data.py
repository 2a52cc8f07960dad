"""The municipalities and police zones of the files in territory/data. What exists is left as it is."""

import csv
from pathlib import Path

from django.db import migrations
from django.utils.text import slugify

DATA = Path(__file__).parents[1] / "data"


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def twins(row):
    """Names and slugs. The untranslated columns hold the French."""
    names = {"name": row["name_fr"], "name_fr": row["name_fr"], "name_nl": row["name_nl"]}
    return names | {key.replace("name", "slug"): slugify(value) for key, value in names.items()}


def load(apps, schema_editor):
    municipality = apps.get_model("territory", "Municipality")
    zone = apps.get_model("territory", "PoliceZone")
    membership = apps.get_model("territory", "ZoneMembership")
    for row in rows("police_zones.csv"):
        zone.objects.get_or_create(code=row["code"], defaults=twins(row))
    for row in rows("municipalities_police_zones.csv"):
        defaults = twins(row) | {"postal_codes": row["postal_codes"].split("|")}
        place, created = municipality.objects.get_or_create(nis=row["nis"], defaults=defaults)
        if created:
            membership.objects.create(municipality=place, zone=zone.objects.get(code=row["police_zone_code"]))


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
