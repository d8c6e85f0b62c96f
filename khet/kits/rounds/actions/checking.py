"""Running the rules and keeping what they find: one statement for all rules of a scope."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from khet.base.org.api import Actor, entry, verb
from khet.kits.rounds.bases import Check, Scope, checks
from khet.kits.rounds.models import Return, Round
from khet.kits.rounds.queries.periods import scope_of
from khet.kits.rounds.rules import CONFIRM, VERIFY

logger = logging.getLogger(__name__)

# The officer in duty: the narrowest row of the duty table, else the unit's clerk, else its head.
DUTY = """
    coalesce(
        (SELECT d.post_id FROM rounds_duty d
          WHERE d.code IN (%(f)s.code, %(f)s.sheet) AND (d.unit_id = %(f)s.unit_id OR d.unit_id IS NULL)
          ORDER BY d.unit_id IS NULL, d.code = %(f)s.sheet LIMIT 1),
        (SELECT p.id FROM org_post p
          WHERE p.unit_id = %(f)s.unit_id AND p.kind IN ('clerk', 'principal') AND p.until IS NULL
          ORDER BY p.kind, p.position, p.id LIMIT 1))
"""

# A finding that was corrected and is back, or whose facts changed after an explanation, is reopened. One that was
# explained in the round before with the very same facts keeps its explanation.
_KEEP = """
WITH found AS MATERIALIZED (
    SELECT DISTINCT ON (code, subject_id, unit_id) * FROM ({found}) every ORDER BY code, subject_id, unit_id
), kept AS (
    INSERT INTO rounds_finding AS old (round_id, code, sheet, level, subject_id, unit_id, other_unit_id, facts, state, post_id,
        reason, explained_by_id, explained_at, answer, settled_by_id, settled_at, found_at)
    SELECT %(round)s, f.code, f.sheet, f.level, f.subject_id, f.unit_id, f.other_unit_id, f.facts,
           CASE WHEN b.id IS NULL THEN 'open' ELSE b.state END, {duty},
           coalesce(b.reason, ''), b.explained_by_id, b.explained_at, coalesce(b.answer, ''), b.settled_by_id, b.settled_at, %(now)s
      FROM found f
      LEFT JOIN rounds_finding b ON b.round_id = %(before)s AND b.code = f.code AND b.subject_id = f.subject_id
           AND b.unit_id = f.unit_id AND b.facts = f.facts AND b.state IN ('explained', 'accepted')
    ON CONFLICT (round_id, code, subject_id, unit_id) DO UPDATE
       SET facts = EXCLUDED.facts, other_unit_id = EXCLUDED.other_unit_id, level = EXCLUDED.level, corrected_at = NULL,
           state = CASE WHEN old.state = 'corrected' OR (old.state IN ('explained', 'accepted') AND old.facts <> EXCLUDED.facts)
                        THEN 'reopened' ELSE old.state END
     WHERE old.state = 'corrected' OR old.facts <> EXCLUDED.facts OR old.level <> EXCLUDED.level
    RETURNING 1
), gone AS (
    UPDATE rounds_finding g SET state = 'corrected', corrected_at = %(now)s
     WHERE g.round_id = %(round)s AND g.code = ANY(%(codes)s) AND g.state <> 'corrected' AND {within}
       AND NOT EXISTS (SELECT FROM found f WHERE f.code = g.code AND f.subject_id = g.subject_id AND f.unit_id = g.unit_id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM kept), (SELECT count(*) FROM gone)
"""


def found_by(declared: Check, scope: Scope, columns: bool = True) -> tuple[str, list[Any]]:
    """The SELECT of one rule with what a finding needs besides."""
    sql, params = declared.find(scope)
    other = "to_jsonb(c) ->> 'other_unit_id'"
    return (
        "SELECT %s::text AS code, %s::text AS sheet, %s::text AS level, c.subject_id, c.unit_id,"
        f" ({other})::bigint AS other_unit_id, c.facts FROM ({sql}) c",
        [declared.code, declared.sheet, str(declared.level), *params],
    )


def checks_of(sheet_codes: Sequence[str]) -> list[Check]:
    wanted = set(sheet_codes)
    return [one for one in checks if one.sheet in wanted]


def run(round_: Round, scope: Scope, declared: Sequence[Check]) -> tuple[int, int, int]:
    """Run rules over a scope and keep what they find; returns (found now, new or changed, vanished).

    All rules are one statement. Should one of them break on some data, the others still count: they are run one by one
    and the broken one is named in the log.
    """
    if not declared:
        return 0, 0, 0
    try:
        with transaction.atomic():
            return _keep(round_, scope, declared)
    except DatabaseError:
        if len(declared) == 1:
            logger.exception("check %s failed", declared[0].code)
            return 0, 0, 0
        parts = [run(round_, scope, [one]) for one in declared]
        return tuple(sum(part[n] for part in parts) for n in range(3))


def _keep(round_: Round, scope: Scope, declared: Sequence[Check]) -> tuple[int, int, int]:
    selects, params = [], []
    for one in declared:
        sql, given = found_by(one, scope)
        selects.append(sql)
        params += given
    union = " UNION ALL ".join(selects)
    within, within_params = scope.within("g.unit_id")
    # Positional and named places cannot stand together: the rules' own come first, ours are numbered in.
    text, ours = _numbered(
        _KEEP.replace("{duty}", DUTY % {"f": "f"}).replace("{within}", within.replace("%s", "%(units)s")),
        {
            "round": round_.pk,
            "before": scope.before.round_id if scope.before else None,
            "now": timezone.now(),
            "codes": [one.code for one in declared],
            "units": within_params[0] if within_params else None,
        },
    )
    before, after = text.split("{found}")
    with connection.cursor() as cursor:
        cursor.execute(before + union + after, [*params, *ours])
        return cursor.fetchone()


def _numbered(text: str, named: dict[str, Any]) -> tuple[str, list[Any]]:
    """``%(name)s`` places as ``%s`` in their order; all of them stand behind the rules' own."""
    values: list[Any] = []
    parts = text.split("%(")
    out = [parts[0]]
    for part in parts[1:]:
        name, rest = part.split(")s", 1)
        values.append(named[name])
        out.append("%s" + rest)
    return "".join(out), values


@verb("rounds.check", _("ตรวจข้อมูลทั้งเขต"), capability=VERIFY, on="round")
def check_round(*, actor: Actor, round: Round) -> tuple[int, int, int]:
    """Run every rule of the round's sheets over the whole area, duplicates between units included."""
    found = run(round, scope_of(round), checks_of(round.sheet_codes))
    Round.objects.filter(pk=round.pk).update(checked_at=timezone.now())
    entry().tell(found=found[0], changed=found[1], vanished=found[2])
    return found


@verb("rounds.check_unit", _("ตรวจข้อมูลของโรงเรียน"), capability=CONFIRM, on="handed")
def check_unit(*, actor: Actor, handed: Return) -> tuple[int, int, int]:
    """Run the rules of one sheet over one unit."""
    found = run(handed.round, scope_of(handed.round, [handed.unit_id]), checks_of([handed.sheet]))
    entry().tell(found=found[0], changed=found[1], vanished=found[2])
    return found


def check_open() -> int:
    """The nightly look: every open round, all rules, and which confirmed sheets have changed since."""
    from khet.kits.rounds.actions.stale import mark_stale  # noqa: PLC0415  the night's work only
    from khet.kits.rounds.choices import RoundState  # noqa: PLC0415

    done = 0
    for round_ in Round.objects.filter(state=RoundState.OPEN):
        check_round(actor=Actor.system(), round=round_)
        mark_stale(round_)
        done += 1
    return done
