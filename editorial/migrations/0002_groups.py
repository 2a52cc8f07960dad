"""Who may do what: groups, their permissions, and the review that publication passes through."""

from django.apps import apps as real_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITORS = "Editors"
MODERATORS = "Moderators"
DUTY_OFFICERS = "Duty officers"
COORDINATORS = "Platform coordinators"
MANAGERS = "Site managers"

PAGES = {
    EDITORS: ("add", "change"),
    MODERATORS: ("add", "change", "publish", "lock", "unlock"),
    MANAGERS: ("add", "change", "publish", "bulk_delete", "lock", "unlock"),
}
LIBRARY = {
    EDITORS: ("add", "change", "choose"),
    MODERATORS: ("add", "change", "choose"),
    DUTY_OFFICERS: ("choose",),
    COORDINATORS: ("add", "choose"),
    MANAGERS: ("add", "change", "choose", "delete"),
}
WRITE = ("view", "add", "change")
ALL = ("view", "add", "change", "delete")
MODELS = {
    MODERATORS: {("news", "newstheme"): WRITE, ("realisations", "realisationtheme"): WRITE},
    MANAGERS: {
        ("news", "newstheme"): ALL,
        ("realisations", "realisationtheme"): ALL,
        ("home", "sitesettings"): ("view", "change"),
        ("wagtailredirects", "redirect"): ALL,
        ("territory", "municipality"): ALL,
        ("territory", "policezone"): ALL,
        ("emergency_numbers", "emergencynumber"): ALL,
        ("emergency_numbers", "need"): ALL,
        ("emergency_numbers", "forbiddennumber"): ALL,
    },
}


def create_groups(apps, schema_editor):
    # Django makes permissions after the last migration: these are needed now.
    labels = {label for granted in MODELS.values() for label, _model in granted}
    for label in labels | {"pages", "wagtailadmin", "wagtailcore", "wagtailimages", "wagtaildocs"}:
        create_permissions(
            real_apps.get_app_config(label), verbosity=0, apps=apps, using=schema_editor.connection.alias
        )
    Permission = apps.get_model("auth", "Permission")

    def permission(label, codename):
        return Permission.objects.get(content_type__app_label=label, codename=codename)

    Group = apps.get_model("auth", "Group")
    PagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    CollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    tree = apps.get_model("pages", "BilingualPage").objects.get(depth=1)
    library = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for name in (EDITORS, MODERATORS, DUTY_OFFICERS, COORDINATORS, MANAGERS):
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set(
            [
                permission("wagtailadmin", "access_admin"),
                *(
                    permission(label, f"{action}_{model}")
                    for (label, model), actions in MODELS.get(name, {}).items()
                    for action in actions
                ),
            ]
        )
        PagePermission.objects.filter(group=group).delete()
        for action in PAGES.get(name, ()):
            PagePermission.objects.create(
                group=group, page=tree, permission=permission("pages", f"{action}_bilingualpage")
            )
        CollectionPermission.objects.filter(group=group).delete()
        for label, model in (("wagtailimages", "image"), ("wagtaildocs", "document")):
            for action in LIBRARY.get(name, ()):
                CollectionPermission.objects.create(
                    group=group, collection=library, permission=permission(label, f"{action}_{model}")
                )
        # Wagtail asks who may manage a collection of the collection above it, not of the model.
        for action in ("add", "change", "delete") if name == MANAGERS else ():
            CollectionPermission.objects.create(
                group=group, collection=library, permission=permission("wagtailcore", f"{action}_collection")
            )


def create_review(apps, schema_editor):
    """The review on the site's first page, in place of Wagtail's own on the whole tree."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    WorkflowPage = apps.get_model("wagtailcore", "WorkflowPage")
    WorkflowTask = apps.get_model("wagtailcore", "WorkflowTask")
    ReviewTask = apps.get_model("editorial", "ReviewTask")
    WorkflowPage.objects.all().delete()
    Workflow.objects.update(active=False)
    apps.get_model("wagtailcore", "Task").objects.update(active=False)
    content_type, _made = ContentType.objects.get_or_create(app_label="editorial", model="reviewtask")
    task = ReviewTask.objects.create(name="Review by a moderator", content_type=content_type, active=True)
    task.groups.set(apps.get_model("auth", "Group").objects.filter(name__in=[MODERATORS, MANAGERS]))
    workflow = Workflow.objects.create(name="Review", active=True)
    WorkflowTask.objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
    site = apps.get_model("wagtailcore", "Site").objects.filter(is_default_site=True).first()
    if site:
        WorkflowPage.objects.create(workflow=workflow, page_id=site.root_page_id)


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0001_initial"),
        ("home", "0002_first_page"),
        ("news", "0001_initial"),
        ("realisations", "0001_initial"),
        ("territory", "0001_initial"),
        ("emergency_numbers", "0001_initial"),
        ("pages", "0005_live_in_both_languages"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(create_groups, migrations.RunPython.noop),
        migrations.RunPython(create_review, migrations.RunPython.noop),
    ]
