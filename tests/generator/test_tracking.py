"""What a document depends on, from the queries that are made while it is rendered."""

import pytest
from django.db import connection
from taggit.models import Tag
from wagtail.models import Collection

from generator.recording import recording

pytestmark = pytest.mark.django_db

ONE = 'SELECT "taggit_tag"."id" FROM "taggit_tag" WHERE "taggit_tag"."id" = %s'


def read(sql: str, *params: object) -> frozenset[str]:
    with recording() as recorded, connection.cursor() as cursor:
        cursor.execute(sql, params)
    return frozenset(recorded.keys)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM taggit_tag",
        "select name from taggit_tag",
        "\n  SELECT name FROM taggit_tag",
        "WITH chosen AS (SELECT name FROM taggit_tag) SELECT name FROM chosen",
    ],
)
def test_a_query_records_the_table_that_it_reads_however_it_begins(sql: str) -> None:
    assert "taggit_tag" in read(sql)


def test_a_union_records_what_both_of_its_halves_read() -> None:
    with recording() as recorded:
        list(
            Tag.objects.order_by()
            .values_list("name")
            .union(Collection.objects.order_by().values_list("name"))
        )
    assert {"taggit_tag", "wagtailcore_collection"} <= set(recorded.keys)


def test_a_row_that_is_asked_for_by_its_key_is_recorded_alone() -> None:
    assert read(ONE, 5) == {"taggit_tag=5"}


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT id FROM taggit_tag WHERE id = %s UNION {ONE}",
        ONE.replace('"taggit_tag"."id"', "(SELECT COUNT(*) FROM taggit_tag WHERE id > %s)", 1),
    ],
)
def test_a_table_of_which_all_is_read_as_well_is_recorded_whole(sql: str) -> None:
    assert read(sql, 1, 5) == {"taggit_tag"}
