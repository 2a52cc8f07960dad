"""What people should do, as codes: those of alerts/data/scenarios.json, for every scenario of the same event."""

import json
from pathlib import Path

from django.db import migrations, models

LIST = Path(__file__).parents[1] / "data" / "scenarios.json"


def fill(apps, schema_editor):
    Scenario = apps.get_model("alerts", "Scenario")
    for listed in json.loads(LIST.read_text(encoding="utf-8")):
        same = Scenario.objects.filter(event=listed["event"], status=listed["status"])
        same.update(response_types=listed["response_types"])


class Migration(migrations.Migration):
    dependencies = [("alerts", "0010_translation_and_import")]

    operations = [
        migrations.AddField(
            model_name="scenario",
            name="response_types",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="For other systems; several may hold.",
                verbose_name="what people should do, as a code",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
