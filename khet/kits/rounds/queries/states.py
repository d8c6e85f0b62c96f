"""The rows behind a sheet: their digest, their totals, and what differs from an earlier state of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from khet.kits.rounds.bases import Scope, Sheet
from khet.kits.rounds.choices import SheetKind
from khet.kits.rounds.models import Return, Round, Snapshot
from khet.kits.rounds.queries.periods import round_before, scope_of

MOST_LISTED = 200

# What a unit confirms of a sheet, over the rows of its state: what was confirmed and what stands now are told apart by it.
DIGEST = "md5(string_agg(row_key || ':' || digest, ',' ORDER BY row_key))"
EMPTY_DIGEST = "d41d8cd98f00b204e9800998ecf8427e"  # md5 of nothing: a unit that has no row


@dataclass
class Rows:
    """What stands behind one sheet of one unit right now."""

    count: int = 0
    digest: str = ""
    rows: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Line:
    """A line of the comparison with the round before: words, then, now."""

    label: str
    before: int | None
    now: int
    is_whole: bool = False

    @property
    def change(self) -> int:
        return self.now - (self.before or 0)

    @property
    def change_words(self) -> str:
        return "0" if not self.change else f"+{self.change}" if self.change > 0 else f"−{-self.change}"


@dataclass
class Changes:
    """Rows that came, went and differ: (key, words)."""

    new: list[tuple[str, str]] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    changed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return len(self.new) + len(self.gone) + len(self.changed)

    def __bool__(self) -> bool:
        return bool(self.total)


def state_query(sheet: Sheet, scope: Scope) -> tuple[str, list[Any]]:
    """The rows of a sheet of any kind: ``unit_id, row_key, label, digest``."""
    if sheet.kind == SheetKind.REGISTER and sheet.state is not None:
        return sheet.state(scope)
    within, params = scope.within("r.unit_id")
    if sheet.kind == SheetKind.FORM:
        return (
            "SELECT r.unit_id, v.key AS row_key, v.key AS label, md5(v.value::text) AS digest FROM rounds_return r"
            " JOIN rounds_answer a ON a.handed_id = r.id CROSS JOIN jsonb_each(a.values) AS v"
            f" WHERE r.round_id = %s AND r.sheet = %s AND v.value NOT IN ('\"\"', 'null') AND {within}",
            [scope.round_id, sheet.code, *params],
        )
    return (
        "SELECT r.unit_id, f.id::text AS row_key, f.name AS label, s.sha256 AS digest FROM rounds_return r"
        " JOIN files_attachment f ON f.owner_label = 'rounds.return' AND f.owner_pk = r.id AND f.removed_at IS NULL"
        " AND f.kind = 'sheet' JOIN files_storedfile s ON s.id = f.file_id"
        f" WHERE r.round_id = %s AND r.sheet = %s AND {within}",
        [scope.round_id, sheet.code, *params],
    )


def totals_query(sheet: Sheet, scope: Scope) -> tuple[str, list[Any]]:
    """The counts of a sheet of any kind: ``unit_id, position, label, n``."""
    if sheet.totals is not None:
        return sheet.totals(scope)
    sql, params = state_query(sheet, scope)
    return (
        f"SELECT unit_id, 0 AS position, 'รวม' AS label, count(*) AS n FROM ({sql}) s GROUP BY unit_id",
        params,
    )


def rows_by_unit(sheet: Sheet, scope: Scope, *, with_rows: bool = False) -> dict[int, Rows]:
    """Count and digest of the rows of every unit in scope, in one statement; the rows themselves if wanted."""
    sql, params = state_query(sheet, scope)
    more = ", jsonb_object_agg(row_key, jsonb_build_array(digest, label))" if with_rows else ", NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT unit_id, count(*), {DIGEST}{more} FROM ({sql}) s GROUP BY unit_id",
            params,
        )
        return {
            unit: Rows(count, digest, json.loads(rows) if isinstance(rows, str) else rows or {})
            for unit, count, digest, rows in cursor.fetchall()
        }


def rows_now(handed: Return, sheet: Sheet, *, with_rows: bool = False) -> Rows:
    found = rows_by_unit(sheet, scope_of(handed.round, [handed.unit_id]), with_rows=with_rows)
    return found.get(handed.unit_id, Rows(0, EMPTY_DIGEST, {}))


def totals_now(sheet: Sheet, scope: Scope) -> dict[int, list[list[Any]]]:
    """Totals of every unit in scope: [[position, label, n], …], the whole last."""
    sql, params = totals_query(sheet, scope)
    found: dict[int, list[list[Any]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT unit_id, position, label, n FROM ({sql}) t ORDER BY unit_id, position = 0, position",
            params,
        )
        for unit, position, label, n in cursor.fetchall():
            found.setdefault(unit, []).append([position, label, n])
    return found


def whole(totals: Iterable[list[Any]]) -> int | None:
    """The count at position 0."""
    return next((n for position, _label, n in totals if position == 0), None)


def snapshot_before(handed: Return) -> tuple[Round | None, Snapshot | None]:
    """What the same unit confirmed on the same sheet in the round before."""
    before = round_before(handed.round)
    if before is None:
        return None, None
    found = (
        Snapshot.objects.filter(
            handed__round=before, handed__unit_id=handed.unit_id, handed__sheet=handed.sheet
        )
        .order_by("-pk")
        .first()
    )
    return before, found


def compare_totals(now: list[list[Any]], before: Snapshot | None) -> list[Line]:
    """Each line now beside the same line of the round before; the whole last."""
    old = {label: n for _position, label, n in before.totals} if before else {}
    lines = [
        Line(label, old.pop(label, None if before is None else 0), n, position == 0)
        for position, label, n in now
    ]
    gone = [Line(label, n, 0) for label, n in old.items() if n]
    return [*(line for line in lines if not line.is_whole), *gone, *(line for line in lines if line.is_whole)]


def compare_rows(now: dict[str, list[str]], then: dict[str, list[str]]) -> Changes:
    """What differs between two states, in the order of the words."""
    found = Changes()
    for key, (digest, label) in now.items():
        if key not in then:
            found.new.append((key, label))
        elif then[key][0] != digest:
            found.changed.append((key, label))
    found.gone = [(key, label) for key, (_digest, label) in then.items() if key not in now]
    for rows in (found.new, found.gone, found.changed):
        rows.sort(key=lambda row: row[1])
    return found
