"""The numbers of the files in emergency_numbers/data, and those that must not be published. What exists is left as it is."""

import json
import re
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).parents[1] / "data"
PUBLISHED = ("A", "B")


def read(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def with_bare(values, *names):
    """`values` with the untranslated columns, which hold the French."""
    return values | {name: values.get(f"{name}_fr", "") for name in names}


def load(apps, schema_editor):
    compiled = read("emergency_numbers.json")
    written = read("entries.json")
    rows = {row["number"]: row for row in compiled["numbers"]}
    load_forbidden(apps.get_model("emergency_numbers", "ForbiddenNumber"), compiled["do_not_publish"])
    need_model = apps.get_model("emergency_numbers", "Need")
    for position, need in enumerate(written["needs"]):
        defaults = with_bare(need, "name") | {"position": position}
        need_model.objects.get_or_create(key=need["key"], defaults=defaults)
    for position, entry in enumerate(written["entries"]):
        load_entry(apps, entry, position, rows)


def load_forbidden(model, listed):
    for item in listed:
        for number in re.split(r"\s*/\s*", item["number"]):
            model.objects.get_or_create(number=number, defaults={"why": item["why"]})


def load_entry(apps, entry, position, rows):
    number_model = apps.get_model("emergency_numbers", "EmergencyNumber")
    if number_model.objects.filter(key=entry["key"]).exists():
        return
    entry = dict(entry)
    lines = [prepared_line(line, rows) for line in entry.pop("lines")]
    channels = entry.pop("channels")
    need = apps.get_model("emergency_numbers", "Need").objects.get(key=entry.pop("need"))
    replaced_by = number_model.objects.filter(key=entry.pop("replaced_by", None)).first()
    sure = all(line["confidence"] in PUBLISHED for line in lines)
    number = number_model.objects.create(
        **with_bare(entry, "name", "purpose"),
        need=need,
        replaced_by=replaced_by,
        position=position,
        status="published" if sure else "unpublished",
    )
    for order, line in enumerate(lines):
        apps.get_model("emergency_numbers", "Line").objects.create(entry=number, sort_order=order, **line)
    for order, channel in enumerate(channels):
        apps.get_model("emergency_numbers", "Channel").objects.create(
            entry=number, sort_order=order, **with_bare(channel, "text", "address")
        )


def prepared_line(line, rows):
    """A line's columns; its source, confidence and languages come from the compiled row."""
    line = dict(line)
    row = rows[line.pop("row", line["number"])]
    twins = {f"{name}_{language}": "" for name in ("name", "hours", "cost_detail") for language in ("fr", "nl")}
    line = twins | {"languages": row["languages"], "source": row["source"], "confidence": row["confidence"][0]} | line
    return with_bare(line, "name", "hours", "cost_detail")


class Migration(migrations.Migration):
    dependencies = [("emergency_numbers", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
