"""Forgetting children whose time is over, and what closed cases tell of homes: what names goes, what counts stays."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy

from khet.base.lib.thai.calendar import be_year
from khet.base.org.api import Actor, entry, verb
from khet.modules.children.choices import OVER

FORGOTTEN = "เด็กในเขตบริการ"  # data, not interface: what stands in the register in place of the name

# Past compulsory age before the day, and nobody is looking for them.
_CHILDREN = """
SELECT c.id FROM children_child c
 WHERE c.birth_year + %(over)s < %(year)s AND c.first_name <> %(forgotten)s
   AND NOT EXISTS (SELECT FROM children_case k WHERE k.child_id = c.id AND (k.closed_at IS NULL OR k.closed_at >= %(before)s))
"""
_CASES = "SELECT k.id FROM children_case k WHERE k.closed_at < %(before)s AND k.name <> %(forgotten)s"
_BLANK = (
    "title", "last_name", "nationality", "fingerprint", "tail", "first", "id_kind", "house_id", "home_no", "father", "father_nationality",
    "mother", "mother_nationality", "search_text",
)  # fmt: skip


def _parameters(before: date) -> dict[str, Any]:
    return {"before": before, "year": be_year(before), "over": OVER, "forgotten": FORGOTTEN}


def due_to_forget(before: date) -> int:
    """How many children and closed cases are still known by name and would not be."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_CHILDREN} UNION ALL {_CASES}) AS over", _parameters(before))
        return cursor.fetchone()[0]


@verb("children.forget", gettext_lazy("ลบข้อมูลส่วนบุคคลของเด็กที่พ้นเกณฑ์"), capability="privacy.keeping")
def forget_children(*, actor: Actor, before: date) -> int:
    """Blank who they were, where they lived and what visits found; year of birth, sex, village and standings stay for the counts."""
    given = _parameters(before)
    with connection.cursor() as cursor:
        cursor.execute(f"{_CASES} FOR UPDATE OF k", given)
        cases = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("UPDATE children_visit SET note = '', reason = '' WHERE case_id = ANY(%s)", [cases])
        cursor.execute(
            """UPDATE children_case SET name = %s, sort_name = %s, search_text = '', reason = '', told = '', closing_note = '' WHERE id = ANY(%s)""",
            [FORGOTTEN, FORGOTTEN, cases],
        )
        cursor.execute(f"{_CHILDREN} FOR UPDATE OF c", given)
        children = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(
            "UPDATE children_standing SET place = '', evidence = '', recorded_by = '', pupil_id = NULL WHERE child_id = ANY(%s)",
            [children],
        )
        cursor.execute(
            f"""UPDATE children_child SET {", ".join(f"{name} = ''" for name in _BLANK)}, sealed = NULL, moved_in_on = NULL,
                       born_on = make_date(birth_year - 543, 1, 1), first_name = %s, sort_name = %s WHERE id = ANY(%s)""",
            [FORGOTTEN, FORGOTTEN, children],
        )
    entry().tell(children=len(children), cases=len(cases), before=before.isoformat())
    return len(children) + len(cases)
