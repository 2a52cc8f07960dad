"""What the migrations leave: a root in both languages, no page of Wagtail's, a constraint that holds."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from pages.models import BilingualPage
from tests.factories.pages import ArticlePageFactory

pytestmark = pytest.mark.django_db


def test_the_root_has_both_languages():
    root = BilingualPage.objects.rewrite(False).filter(depth=1).raw_values()
    (row,) = root
    for name, value in {"title": "Root", "draft_title": "Root", "slug": "root", "url_path": "/"}.items():
        assert {row[name], row[f"{name}_fr"], row[f"{name}_nl"]} == {value}


def test_the_welcome_page_is_gone_and_the_tree_is_sound():
    root = BilingualPage.get_first_root_node()
    assert root.numchild == root.get_children().count()
    assert not BilingualPage.objects.filter(title_fr=None, title_nl=None).exists()
    assert not any(BilingualPage.find_problems())
    ArticlePageFactory()
    assert not any(BilingualPage.find_problems())


def test_the_constraint_is_in_the_database():
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, BilingualPage._meta.db_table)
    assert constraints["live_in_both_languages"]["check"]


def test_no_page_migration_is_missing(capsys):
    call_command("makemigrations", "pages", "testapp", check=True, dry_run=True)


def test_the_data_of_the_base_page_and_its_schema_change_in_migrations_of_their_own():
    """PostgreSQL refuses both in one transaction."""
    loader = MigrationLoader(connection)
    for name in ("0004_root", "0005_live_in_both_languages"):
        assert len(loader.disk_migrations["pages", name].operations) == 1
