"""Foreign keys of tens of thousands of new rows, checked once for all of them instead of row by row.

PostgreSQL asks for each new row and each of its keys whether the other row is there: 175,000 small queries for a file of
25,000 pupils, half of all the work of confirming it. See ``docs/decisions/0045-foreign-keys-of-an-import-as-a-whole.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection
from psycopg import sql

# One column each: Django makes no other keys.
_KEYS = """
SELECT t.oid::regclass::text, a.attname, o.oid::regclass::text, b.attname
  FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class o ON o.oid = c.confrelid
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
  JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = c.confkey[1]
 WHERE c.contype = 'f' AND t.oid = ANY(%s::regclass[]) ORDER BY 1, 2
"""


@contextmanager
def keys_checked_as_a_whole(tables: Sequence[str], *, also: Sequence[str] = ()) -> Iterator[None]:
    """Within a transaction: what is inserted into ``tables`` has its foreign keys checked when the block ends.

    The block may only insert, and only rows whose other ends its transaction made, or holds locked against deleting
    (``FOR KEY SHARE``). ``also`` are tables it updates without touching a key. Raises ``IntegrityError`` naming the
    column when any row of ``tables`` points nowhere. Where the database's user may not do so, or a table has triggers
    of its own, PostgreSQL checks row by row as ever.
    """
    with connection.cursor() as cursor:
        if not _may(cursor, [*tables, *also]):
            yield
            return
        cursor.execute("SET LOCAL session_replication_role = replica")
        # After an error the transaction takes no more statements, and the setting ends with it.
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(_KEYS, [list(tables)])
        for table, column, other, key in cursor.fetchall():
            cursor.execute(
                sql.SQL(
                    "SELECT EXISTS (SELECT FROM {} c WHERE c.{} IS NOT NULL AND NOT EXISTS (SELECT FROM {} o WHERE o.{} = c.{}))"
                ).format(
                    sql.SQL(table), sql.Identifier(column), sql.SQL(other), sql.Identifier(key), sql.Identifier(column)
                )
            )  # fmt: skip
            if cursor.fetchone()[0]:
                raise IntegrityError(f"{table}.{column} points to a row that is not in {other}")


def _may(cursor: Any, tables: Sequence[str]) -> bool:
    cursor.execute(
        """SELECT (current_setting('is_superuser') = 'on' OR has_parameter_privilege(current_user, 'session_replication_role', 'SET'))
              AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = ANY(%s::regclass[]) AND NOT tgisinternal)""",
        [list(tables)],
    )
    return bool(cursor.fetchone()[0])
