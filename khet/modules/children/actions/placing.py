"""Which village a child lives in and which school's service area that is. A few statements for any number of children."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection

from khet.base.lib.thai.digits import to_arabic_digits
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
_SCHOOLS = """
UPDATE children_child c SET school_id = w.school
  FROM children_child k
  LEFT JOIN schools_servicevillage p ON p.village_id = k.village_id AND p.level = 'primary'
       AND p.since_year <= %(year)s AND (p.until_year IS NULL OR p.until_year >= %(year)s)
  LEFT JOIN schools_servicevillage l ON l.village_id = k.village_id AND l.level = 'lower' AND %(year)s - k.birth_year >= %(lower)s
       AND l.since_year <= %(year)s AND (l.until_year IS NULL OR l.until_year >= %(year)s)
 CROSS JOIN LATERAL (SELECT coalesce(l.school_id, p.school_id) AS school) w
 WHERE k.id = c.id AND c.school_id IS DISTINCT FROM w.school{only}
"""


def moo_of(text: str) -> int | None:
    """The number of หมู่ as registers write it: "4", "ม.4", "หมู่ ๔"; none for "-" or nothing is หมู่ 0."""
    digits = re.search(r"\d{1,2}", to_arabic_digits(text or ""))
    if digits:
        return int(digits[0])
    return 0 if not (text or "").strip(" -") else None


def place(year: int, children: Iterable[int] | None = None) -> None:
    """Bring village and service school of these children (None: all) up to date, as they hold in a school year.

    For verbs: called inside their transaction.
    """
    some = None if children is None else list(children)
    with connection.cursor() as cursor:
        cursor.execute(
            _PLACES + (" WHERE id = ANY(%s)" if some is not None else ""), [] if some is None else [some]
        )
        said = [(tambon, amphoe, moo, moo_of(moo)) for tambon, amphoe, moo in cursor.fetchall()]
        known = villages_by_place(
            (tambon, amphoe, number) for tambon, amphoe, _moo, number in said if number is not None
        )
        found = [
            (tambon, amphoe, moo, known[tambon, amphoe, number].pk)
            for tambon, amphoe, moo, number in said
            if (tambon, amphoe, number) in known
        ]
        only = "" if some is None else " AND c.id = ANY(%s)"
        columns = [list(column) for column in zip(*found, strict=True)] or [[], [], [], []]
        cursor.execute(_VILLAGES.format(only=only), [*columns, *([] if some is None else [some])])
        only = "" if some is None else " AND c.id = ANY(%(some)s)"
        cursor.execute(
            _SCHOOLS.format(only=only), {"year": year, "lower": LOWER_SECONDARY_FROM, "some": some}
        )
