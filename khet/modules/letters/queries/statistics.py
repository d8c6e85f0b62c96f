"""A unit's year in figures: how much came and went a month, how fast it was dealt with."""

from __future__ import annotations

from typing import Any

from django.db import connection

from khet.base.org.api import Unit
from khet.base.ui import dates
from khet.modules.letters.choices import RegisterKind

_MONTHS = """
    SELECT register.kind, extract(month FROM entry.taken_at AT TIME ZONE 'Asia/Bangkok')::int AS month,
           count(*) FILTER (WHERE entry.cancelled_at IS NULL), count(entry.cancelled_at)
      FROM letters_entry AS entry JOIN letters_register AS register ON register.id = entry.register_id
     WHERE register.unit_id = %s AND register.year = %s
     GROUP BY 1, 2
"""
_SPEED = """
    SELECT count(*), count(opened_at), count(registered_at), count(answered_at),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM registered_at - sent_at))
             FILTER (WHERE registered_at IS NOT NULL),
           percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM registered_at - sent_at))
             FILTER (WHERE registered_at IS NOT NULL)
      FROM letters_receipt
     WHERE unit_id = %s AND recalled_at IS NULL
       AND sent_at >= make_timestamptz(%s, 1, 1, 0, 0, 0, 'Asia/Bangkok')
       AND sent_at < make_timestamptz(%s, 1, 1, 0, 0, 0, 'Asia/Bangkok')
"""


def statistics(unit: Unit, year: int) -> dict[str, Any]:
    """``months``: rows of (name, {kind: count}), ``totals``, ``cancelled``, and how this unit receives."""
    months = [{"name": name, "counts": dict.fromkeys(RegisterKind.values, 0)} for name in dates.months()]
    cancelled = dict.fromkeys(RegisterKind.values, 0)
    christian = year - 543
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, [unit.pk, year])
        for kind, month, count, void in cursor.fetchall():
            months[month - 1]["counts"][kind] += count
            cancelled[kind] += void
        cursor.execute(_SPEED, [unit.pk, christian, christian + 1])
        sent, opened, registered, answered, half, most = cursor.fetchone()
    totals = {kind: sum(month["counts"][kind] for month in months) for kind in RegisterKind.values}
    for month in months:
        month["cells"] = [month["counts"][kind] for kind in RegisterKind.values]
    return {
        "months": months,
        "kinds": list(RegisterKind),
        "totals": [totals[kind] for kind in RegisterKind.values],
        "cancelled": [cancelled[kind] for kind in RegisterKind.values],
        "most": max((max(month["cells"]) for month in months), default=0),
        "received": sent,
        "opened": opened,
        "registered": registered,
        "answered": answered,
        "half_hours": round(half / 3600, 1) if half is not None else None,
        "most_hours": round(most / 3600, 1) if most is not None else None,
    }
