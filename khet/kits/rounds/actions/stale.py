"""Which confirmed sheets have changed since: looked at set-based, one statement per sheet."""

from __future__ import annotations

from django.db import connection

from khet.kits.rounds.models import Return, Round
from khet.kits.rounds.queries.periods import scope_of, sheets_of
from khet.kits.rounds.queries.states import DIGEST, EMPTY_DIGEST, state_query

VOUCHED = ["confirmed", "certified", "verified"]


def mark_stale(round_: Round) -> int:
    """Note on every confirmed return whether its rows are still those confirmed; returns how many are not."""
    for sheet in sheets_of(round_):
        sql, params = state_query(sheet, scope_of(round_))
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH now AS (SELECT unit_id, {DIGEST} AS digest"
                f" FROM ({sql}) s GROUP BY unit_id)"
                " UPDATE rounds_return r SET is_stale = NOT r.is_stale FROM rounds_return o LEFT JOIN now ON now.unit_id = o.unit_id"
                " WHERE o.id = r.id AND r.round_id = %s AND r.sheet = %s AND r.state = ANY(%s)"
                " AND r.is_stale <> (r.digest <> coalesce(now.digest, %s))",
                [*params, round_.pk, sheet.code, VOUCHED, EMPTY_DIGEST],
            )
    return Return.objects.filter(round=round_, is_stale=True).count()
