"""The number of pupils of schools, written from their enrolments. Set-based: one statement for all schools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection
from django.utils.translation import gettext_lazy

from khet.base.org.api import Actor, entry, verb
from khet.modules.schools.rules import COUNT


@verb("schools.count_pupils", gettext_lazy("ปรับจำนวนนักเรียนของโรงเรียนตามทะเบียน"), capability=COUNT)
def count_pupils(*, actor: Actor, figures: Mapping[int, int], on: date, source: str) -> int:
    """School id → pupils on the roll on a day. Returns how many figures changed; their day and source are renewed for all."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE schools_school s SET pupils = f.n, pupils_on = %s, pupils_source = %s
                 FROM (SELECT id, n, (SELECT pupils FROM schools_school o WHERE o.id = u.id) AS before
                         FROM unnest(%s::bigint[], %s::int[]) AS u(id, n)) f
                WHERE f.id = s.id
            RETURNING f.before IS DISTINCT FROM f.n""",
            [on, source[:120], list(figures), list(figures.values())],
        )
        changed = sum(1 for (differs,) in cursor.fetchall() if differs)
    entry().tell(schools=len(figures), changed=changed, on=on, source=source)
    return changed
