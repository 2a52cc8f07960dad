"""A site needs a first page: one that is live in both languages, and the default site that it is the root of."""

from django.db import migrations
from django.utils import timezone

HOME = {
    "fr": {"title": "Accueil", "hero_title": "Bienvenue"},
    "nl": {"title": "Startpagina", "hero_title": "Welkom"},
}


def create_first_page(apps, schema_editor):
    BilingualPage = apps.get_model("pages", "BilingualPage")
    HomePage = apps.get_model("home", "HomePage")
    Site = apps.get_model("wagtailcore", "Site")
    ContentType = apps.get_model("contenttypes", "ContentType")
    if Site.objects.exists():
        return
    root = BilingualPage.objects.get(depth=1)
    content_type, _created = ContentType.objects.get_or_create(app_label="home", model="homepage")
    now = timezone.now()
    values = {}
    for language, texts in HOME.items():
        values |= {
            f"title_{language}": texts["title"],
            f"draft_title_{language}": texts["title"],
            f"slug_{language}": "home",
            f"url_path_{language}": "/home/",
            f"hero_title_{language}": texts["hero_title"],
        }
    # The untranslated columns hold the default language.
    values |= {name[:-3]: value for name, value in values.items() if name.endswith("_fr")}
    last = BilingualPage.objects.filter(depth=2).order_by("-path").values_list("path", flat=True).first()
    number = int(last[-4:], 36) + 1 if last else 1
    home = HomePage.objects.create(
        path=f"{root.path}{_base36(number):0>4}",
        depth=2,
        numchild=0,
        content_type=content_type,
        locale_id=root.locale_id,
        live=True,
        first_published_at=now,
        last_published_at=now,
        **values,
    )
    BilingualPage.objects.filter(pk=root.pk).update(numchild=BilingualPage.objects.filter(depth=2).count())
    Site.objects.create(hostname="localhost", port=80, root_page_id=home.pk, is_default_site=True, site_name="Vigie")


def _base36(number):
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return digits


def create_settings(apps, schema_editor):
    SiteSettings = apps.get_model("home", "SiteSettings")
    if not SiteSettings.objects.exists():
        SiteSettings.objects.create(name="Vigie", name_fr="Vigie", name_nl="Vigie")


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("pages", "0005_live_in_both_languages"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.RunPython(create_first_page, migrations.RunPython.noop),
        migrations.RunPython(create_settings, migrations.RunPython.noop),
    ]
