"""Files of ทร.14 that were written, and whom the newest no longer has.

A file speaks for the villages in it, and for the years of birth from its oldest to its youngest child: a child of ours from there
who is not in the file has left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from khet.modules.children.choices import Registered

_FILES = """SELECT id, file_name, applied_at, rows_total FROM register_batch
 WHERE kind = 'children' AND state = 'applied' ORDER BY applied_at DESC LIMIT 10"""
_IN_FILE = "SELECT r.target AS id FROM register_row r WHERE r.batch_id = %(batch)s AND r.state IN ('new', 'changed', 'same') AND NOT r.is_skipped"
# Children of the same villages and years who are not in the file, and are not known as gone already.
ABSENT_SQL = f"""
WITH told AS ({_IN_FILE}),
     mine AS (SELECT c.home_tambon, c.home_amphoe, c.home_moo, c.birth_year FROM children_child c JOIN told t ON t.id = c.id),
     scope AS (SELECT DISTINCT home_tambon, home_amphoe, home_moo FROM mine),
     years AS (SELECT min(birth_year) AS oldest, max(birth_year) AS youngest FROM mine)
SELECT c.id FROM children_child c JOIN scope USING (home_tambon, home_amphoe, home_moo)
  JOIN years y ON c.birth_year BETWEEN y.oldest AND y.youngest
 WHERE c.registered = '{Registered.HERE}' AND NOT EXISTS (SELECT 1 FROM told t WHERE t.id = c.id)
   AND (%(units)s::bigint[] IS NULL OR c.school_id IN (SELECT id FROM schools_school WHERE unit_id = ANY(%(units)s)))
"""
RETURNED_SQL = f"SELECT c.id FROM children_child c JOIN ({_IN_FILE}) t ON t.id = c.id WHERE c.registered IN ('{Registered.MISSING}', '{Registered.FOUND}')"


@dataclass
class Extract:
    """One file that was written."""

    pk: int
    name: str
    applied_at: datetime
    rows: int


def extracts() -> list[Extract]:
    """The newest ten files of children that were written."""
    with connection.cursor() as cursor:
        cursor.execute(_FILES)
        return [Extract(*row) for row in cursor.fetchall()]


def absent_from(batch: int, units: list[int] | None) -> list[int]:
    """Children whom this file should have had, within units (None: all)."""
    return _ids(ABSENT_SQL, {"batch": batch, "units": units})


def returned_in(batch: int) -> list[int]:
    """Children marked as missing, or found without being registered, whom this file has."""
    return _ids(RETURNED_SQL, {"batch": batch})


def _ids(sql: str, parameters: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
