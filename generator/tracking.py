"""What the ORM reads and writes, seen where all of it passes: at the database connection.

While something is recorded, each query (SELECT, WITH) records the tables it reads, or the rows where it asks for them
by primary key. Each INSERT, UPDATE and DELETE notes in the same transaction what it changed
(`generator.models.Change`), whatever route led to it: a form, the API, a bulk action, `QuerySet.update`, Wagtail's own
SQL. So neither the author of a page nor that of a route can forget. Only what other programs write to the database is
out of reach.

A written row is `table=5`, new rows are `table+`, rows that cannot be told are `table*`. `table~` stands for rows
that changed only in columns which their own page does not show (`registry.apart`).
"""

import re
from collections.abc import Callable
from contextlib import nullcontext
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from generator import recording
from generator.keys import ALL, APART, NEW, row_key
from generator.registry import default

_TABLE = re.compile(r'\b(?:FROM|JOIN)\s+"?(\w+)"?', re.IGNORECASE)
_READ = re.compile(r"[\s(]*(?:SELECT|WITH)\b", re.IGNORECASE)
_WRITE = re.compile(
    r'\s*(INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?)\s+"?(\w+)"?',
    re.IGNORECASE,
)
_ONE_OR_LIST = r"(?:= %s|IN \((%s(?:, %s)*)\))"
_READ_ROWS = re.compile(
    r'^SELECT\b.*? FROM "(?P<table>\w+)"(?P<joins> .*?)? WHERE \(?"(?P=table)"\."(?P<column>\w+)" '
    + _ONE_OR_LIST
    + r"\)?(?: ORDER BY [^()]*)?(?: LIMIT \d+)?$"
)
_WRITTEN_ROWS = re.compile(rf' WHERE "(?P<table>\w+)"\."(?P<column>\w+)" {_ONE_OR_LIST}$')
_PARENT = re.compile(r'INNER JOIN "(\w+)" ON \("(\w+)"\."(\w+)" = "\1"\."(\w+)"\)')
_SET = re.compile(r"\sSET\s(.*?)(?:\sWHERE\s.*)?$", re.IGNORECASE | re.DOTALL)
_COLUMN = re.compile(r'(?:^|,)\s*"?(\w+)"?\s*=(?!=)')

_RETURNING = " RETURNING "

_paused: ContextVar[bool] = ContextVar("generator_tracking_paused", default=False)


@cache
def primary_keys() -> dict[str, str]:
    """The column of the primary key, by table."""
    return {
        model._meta.db_table: model._meta.pk.column
        for model in apps.get_models(include_auto_created=True)
        if model._meta.pk and model._meta.pk.column
    }


def record_instance(instance: models.Model) -> None:
    """The document being rendered shows this row, which was read in bulk before. A row of several tables counts in
    each of them."""
    for model in (type(instance), *instance._meta.get_parent_list()):
        recording.record(row_key(model._meta.db_table, instance.pk))


@lru_cache(maxsize=2048)
def _read(sql: str) -> tuple[tuple[str, ...], frozenset[str], int]:
    """The tables that a SELECT reads, those of which it reads rows by primary key, and how many parameters, at the
    end, name the rows."""
    found = _TABLE.findall(sql)
    tables = tuple(dict.fromkeys(found))
    match = _READ_ROWS.match(sql)
    if match is None or primary_keys().get(match["table"]) != match["column"]:
        return tables, frozenset(), 0
    by_row = {match["table"]}
    for parent, own, column, other in _PARENT.findall(match["joins"] or ""):
        if (own, column) == (match["table"], match["column"]) and primary_keys().get(parent) == other:
            by_row.add(parent)
    # What is read a second time, by a subquery or the other half of a union, is read in another way there.
    by_row = {table for table in by_row if found.count(table) == 1}
    return tables, frozenset(by_row), (match[4] or "%s").count("%s")


def record_read(sql: str, params: Any) -> None:
    """Record what a SELECT depends on."""
    tables, by_row, count = _read(sql)
    for table in tables:
        if table in default.derived_tables():
            continue
        if table in default.unwatched_tables():
            recording.record_always()
        elif table in by_row and params and len(params) == sql.count("%s"):
            for value in params[-count:]:
                recording.record(row_key(table, value))
        else:
            recording.record(table)


def written_keys(sql: str, params: Any, many: bool) -> list[str]:
    """What a statement changes; empty for a SELECT and for what no document shows."""
    match = _WRITE.match(sql)
    if match is None:
        return []
    verb, table = match[1].upper(), match[2]
    if table in default.unwatched_tables():
        return []
    if verb.startswith(("INSERT", "REPLACE")):
        return [table + (NEW if verb == "INSERT INTO" else ALL)]
    if verb == "UPDATE":
        columns = _columns(sql)
        unshown, apart = default.columns_of(table)
        if columns and columns <= unshown:
            return []
        if columns and columns <= unshown | apart:
            return [table + APART]
    rows = _WRITTEN_ROWS.search(sql)
    if many or rows is None or rows["table"] != table or primary_keys().get(table) != rows["column"]:
        return [table + ALL]
    return [row_key(table, value) for value in params[-((rows[3] or "%s").count("%s")) :]]


def _columns(sql: str) -> frozenset[str]:
    match = _SET.search(sql)
    return frozenset(_COLUMN.findall(match[1])) if match else frozenset()


def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's wrapper around each statement."""
    if recording.is_recording() and (sql.startswith("SELECT") or _READ.match(sql)):
        record_read(sql, params)
    elif not _paused.get() and (keys := written_keys(sql, params, many)):
        connection = context["connection"]
        is_inside = connection.in_atomic_block
        if connection.vendor == "sqlite" and _RETURNING in sql and not is_inside:
            # SQLite cannot commit before the rows are read, and ends the transaction of both once they are
            # (https://sqlite.org/lang_transaction.html, 2.1).
            result = execute(sql, params, many, context)
            _note(connection, keys)
            return result
        with nullcontext() if is_inside else transaction.atomic(using=connection.alias):
            result = execute(sql, params, many, context)
            if _has_changed(sql, context["cursor"]):
                _note(connection, keys)
            return result
    return execute(sql, params, many, context)


def _has_changed(sql: str, cursor: Any) -> bool:
    """Whether the statement that was executed has found a row, as far as it tells: what looks every few seconds mostly
    changes nothing."""
    tells = sql.startswith(("UPDATE", "DELETE")) and _RETURNING not in sql
    return not tells or cursor.rowcount != 0


def _note(connection: BaseDatabaseWrapper, keys: list[str]) -> None:
    from generator.models import Change

    token = _paused.set(True)
    try:
        Change.objects.using(connection.alias).create(keys="\n".join(keys))
    finally:
        _paused.reset(token)


def connect(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    if connection.alias == DEFAULT_DB_ALIAS and watch not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch)


def before_migrations(**kwargs: Any) -> None:
    """The table of changes may not exist yet."""
    _paused.set(True)


def after_migrations(using: str, plan: Any = None, **kwargs: Any) -> None:
    """What migrations changed cannot be told row by row: the next build renders everything. (Sent once an app.)"""
    if not _paused.get():
        return
    _paused.set(False)
    from generator.models import Change

    exists = Change._meta.db_table in connections[using].introspection.table_names()
    if plan and exists and using == DEFAULT_DB_ALIAS:
        Change.objects.create(keys=ALL)


def install() -> None:
    """Watch every connection to the default database that is opened from now on."""
    connection_created.connect(connect, dispatch_uid="generator.tracking")
    models.signals.pre_migrate.connect(before_migrations, dispatch_uid="generator.tracking.before")
    models.signals.post_migrate.connect(after_migrations, dispatch_uid="generator.tracking.after")
