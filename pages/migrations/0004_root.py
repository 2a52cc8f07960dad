from django.db import migrations


def fill_root(apps, schema_editor):
    """The tree's root in both languages; Wagtail's one-language welcome page and its site removed."""
    page_model = apps.get_model("pages", "BilingualPage")
    apps.get_model("wagtailcore", "Site").objects.filter(root_page__path="00010001", root_page__slug="home").delete()
    page_model.objects.filter(path="00010001", slug="home", title_fr=None).delete()
    page_model.objects.filter(depth=1).update(
        numchild=page_model.objects.filter(depth=2).count(),
        **{f"{name}{suffix}": value
           for suffix in ("", "_fr", "_nl")
           for name, value in (("title", "Root"), ("draft_title", "Root"), ("slug", "root"), ("url_path", "/"))},
    )


class Migration(migrations.Migration):
    dependencies = [("pages", "0003_relations")]

    operations = [migrations.RunPython(fill_root, migrations.RunPython.noop)]
