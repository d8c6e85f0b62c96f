"""Which village a child lives in and which school's service area that is. A few statements for any number of children."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from khet.base.lib.thai.places import moo_of
from khet.modules.children.queries.places import LOWER_SECONDARY_FROM
from khet.modules.schools.api import villages_by_place

_PLACES = "SELECT DISTINCT home_tambon, home_amphoe, home_moo FROM children_child"
_VILLAGES = """
UPDATE children_child c SET village_id = w.village
  FROM children_child k
  LEFT JOIN unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) AS v(tambon, amphoe, moo, id)
    ON (k.home_tambon, k.home_amphoe, k.home_moo) = (v.tambon, v.amphoe, v.moo)
 CROSS JOIN LATERAL (SELECT v.id AS village) w
 WHERE k.id = c.id AND c.village_id IS DISTINCT FROM w.village{only}
"""
#: The service school ``w.school`` of a child ``k`` (village_id, birth_year). Parameters: year, lower (the age).
_SERVED = """
  LEFT JOIN schools_servicevillage p ON p.village_id = k.village_id AND p.level = 'primary'
       AND p.since_year <= %(year)s AND (p.until_year IS NULL OR p.until_year >= %(year)s)
  LEFT JOIN schools_servicevillage l ON l.village_id = k.village_id AND l.level = 'lower' AND %(year)s - k.birth_year >= %(lower)s
       AND l.since_year <= %(year)s AND (l.until_year IS NULL OR l.until_year >= %(year)s)
 CROSS JOIN LATERAL (SELECT coalesce(l.school_id, p.school_id) AS school) w
"""
_SCHOOLS = f"""
UPDATE children_child c SET school_id = w.school FROM children_child k {_SERVED}
 WHERE k.id = c.id AND c.school_id IS DISTINCT FROM w.school{{only}}
"""
_ARRIVED = "SELECT DISTINCT coalesce(home_tambon, ''), coalesce(home_amphoe, ''), coalesce(home_moo, '') FROM staged WHERE state = 'new'"
_ARRIVING = f"""
CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS
SELECT k.*, w.school AS school_id
  FROM (SELECT s.target AS id, s.print AS fingerprint, s.birth_year, coalesce(s.registered, 'here') AS registered, v.id AS village_id
          FROM staged s
          LEFT JOIN unnest(%(tambons)s::text[], %(amphoes)s::text[], %(moos)s::text[], %(villages)s::bigint[]) AS v(tambon, amphoe, moo, id)
            ON (coalesce(s.home_tambon, ''), coalesce(s.home_amphoe, ''), coalesce(s.home_moo, '')) = (v.tambon, v.amphoe, v.moo)
         WHERE s.state = 'new') k {_SERVED}
"""


def place(year: int, children: Iterable[int] | None = None) -> None:
    """Bring village and service school of these children (None: all) up to date, as they hold in a school year.

    For verbs: called inside their transaction.
    """
    some = None if children is None else list(children)
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACES + (" WHERE id = ANY(%s)" if some is not None else ""), [] if some is None else [some]
        )
        columns = _villages(cursor.fetchall())
        only = "" if some is None else " AND c.id = ANY(%s)"
        cursor.execute(_VILLAGES.format(only=only), [*columns, *([] if some is None else [some])])
        only = "" if some is None else " AND c.id = ANY(%(some)s)"
        cursor.execute(
            _SCHOOLS.format(only=only), {"year": year, "lower": LOWER_SECONDARY_FROM, "some": some}
        )


def place_arriving(year: int) -> int:
    """Make the temporary table ``arriving`` of the new rows of ``staged``: what matching asks of a child, with village and service
    school, before the children are written. Returns how many they are."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED)
        places = dict(
            zip(("tambons", "amphoes", "moos", "villages"), _villages(cursor.fetchall()), strict=True)
        )
        cursor.execute("DROP TABLE IF EXISTS arriving")
        cursor.execute(_ARRIVING, places | {"year": year, "lower": LOWER_SECONDARY_FROM})
        count = cursor.rowcount
        cursor.execute("ANALYZE arriving")
    return count


def _villages(said: Iterable[tuple[str, str, str]]) -> list[list[Any]]:
    """Tambons, districts, หมู่ as written and their villages, as columns; places without a known village are left out."""
    read = [(tambon, amphoe, moo, moo_of(moo)) for tambon, amphoe, moo in said]
    known = villages_by_place(
        (tambon, amphoe, number) for tambon, amphoe, _moo, number in read if number is not None
    )
    found = [
        (tambon, amphoe, moo, known[tambon, amphoe, number].pk)
        for tambon, amphoe, moo, number in read
        if (tambon, amphoe, number) in known
    ]
    return [list(column) for column in zip(*found, strict=True)] or [[], [], [], []]
