from django.db import migrations
from wagtail.models import BootstrapLocaleField, BootstrapTranslatableModel, BootstrapTranslationKeyField


class Migration(migrations.Migration):
    """Locale and translation key, filled for the pages that Wagtail's own migrations made."""

    dependencies = [
        ("pages", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        BootstrapLocaleField("pages.BilingualPage"),
        BootstrapTranslationKeyField("pages.BilingualPage"),
        BootstrapTranslatableModel("pages.BilingualPage"),
    ]
