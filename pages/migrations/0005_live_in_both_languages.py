from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pages", "0004_root")]

    operations = [
        migrations.AddConstraint(
            "bilingualpage",
            models.CheckConstraint(condition=models.Q(('live', False), models.Q(('title_fr__isnull', False), ('title_nl__isnull', False), ('slug_fr__isnull', False), ('slug_nl__isnull', False), models.Q(('title_fr', ''), ('title_nl', ''), ('slug_fr', ''), ('slug_nl', ''), _connector='OR', _negated=True)), _connector='OR'), name='live_in_both_languages', violation_error_message='A page can be live only with a title and a slug in French and in Dutch.'),
        ),
    ]
