"""Rows of a batch into the database by COPY, and out of it as the temporary table ``staged``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection
from psycopg import sql

from khet.base.lib.thai.ids import mask_citizen_id
from khet.base.org.sealing import seal, unseal
from khet.kits.register.bases import Import
from khet.kits.register.models import JOINT, Batch

SEALED = "\u0011"  # before a cell of a line that is sealed
_COLUMNS = (
    "batch_id", "number", "state", "heading", "group", "line", "values", "staged", "faults", "changes", "target",
    "anchor", "before", "is_skipped",
)  # fmt: skip
_COPIED = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_KEPT_OUT = re.compile("[\x00\x11\x1e\x1f]")


def escaped(text: str) -> str:
    """A text as a field of COPY's text format."""
    return _COPIED.sub(lambda found: _ESCAPES[found[0]], text) if _COPIED.search(text) else text


def copy_rows(rows: Iterable[Sequence[Any]]) -> None:
    """Write rows, each a tuple in the order of the table: batch, number, state, heading, group, line, values, staged,
    faults, changes, target, anchor, before, is_skipped. ``values``, ``faults`` and ``changes`` become JSON."""
    names = sql.SQL(", ").join(map(sql.Identifier, _COLUMNS))
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY register_row ({}) FROM STDIN").format(names)) as copy,
    ):
        lines: list[str] = []
        for batch, number, state, heading, group, line, values, staged, faults, changes, target, anchor, before, skipped in rows:  # fmt: skip
            lines.append(
                f"{batch}\t{number}\t{state}\t{escaped(heading)}\t{escaped(group)}\t{escaped(line)}\t"
                f"{_json(values)}\t{escaped(staged)}\t{_json(faults)}\t{_json(changes)}\t"
                f"{_number(target)}\t{_number(anchor)}\t{before}\t{'t' if skipped else 'f'}\n"
            )
            if len(lines) == 500:
                copy.write("".join(lines))
                lines.clear()
        copy.write("".join(lines))


def _json(value: Any) -> str:
    if value is None:
        return "\\N"
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    return escaped(orjson.dumps(value).decode())


def _number(value: int | None) -> str:
    return "\\N" if value is None else str(value)


def line_of(
    importer: Import, mapping: Mapping[str, int], cells: Sequence[str], faulty: Iterable[str] = ()
) -> str:
    """The cells of a row as kept. A number of a person is masked; a faulty one is sealed, so that whoever mends the
    file can be shown it."""
    told = [_KEPT_OUT.sub("", cell)[:4000] for cell in cells]
    for column in importer.columns:
        at = mapping.get(column.code, len(told))
        if column.sealed and at < len(told) and told[at]:
            told[at] = (
                SEALED + seal(told[at]).decode() if column.code in faulty else mask_citizen_id(told[at])
            )
    return JOINT.join(told)


def opened(cell: str) -> str:
    """A cell of a line as it is shown to whoever may mend the file."""
    return unseal(cell[1:].encode()) if cell.startswith(SEALED) else cell


def stage(batch: Batch, fields: Mapping[str, str], states: Sequence[str]) -> int:
    """Make the temporary table ``staged`` of the rows to be written; gone when the transaction ends. ``fields`` are the
    SQL types by name; what the file lacks is NULL. Returns the number of rows."""
    places = {name: place for place, name in enumerate(batch.fields, start=1)}
    shown = [
        sql.SQL("nullif(v[{}], '')::{} AS {}").format(
            sql.Literal(places[name]), sql.SQL(kind), sql.Identifier(name)
        )
        if name in places
        else sql.SQL("NULL::{} AS {}").format(sql.SQL(kind), sql.Identifier(name))
        for name, kind in fields.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged")
        cursor.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE staged ON COMMIT DROP AS SELECT number, state, target, anchor, before, {} FROM ("
                "SELECT *, string_to_array(staged, E'\\x1f') AS v FROM register_row "
                "WHERE batch_id = %s AND state = ANY(%s) AND NOT is_skipped OFFSET 0) AS r"
            ).format(sql.SQL(", ").join(shown)),
            [batch.pk, list(states)],
        )
        count = cursor.rowcount
        # Statistics of what is joined by alone: those of wide texts cost more than the joins.
        cursor.execute("ANALYZE staged (number, state, target, anchor, before)")
    return count


def stage_back(
    fields: Mapping[str, str], rows: Iterable[tuple[int, str, int, int, str, Mapping[str, str]]]
) -> None:
    """The same table for an undo: number, state, target, anchor, before, and what the changed fields said before."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS staged")
        names = [sql.SQL("{} text").format(sql.Identifier(name)) for name in fields]
        cursor.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE staged (number integer, state text, target bigint, anchor bigint, before text, {}) "
                "ON COMMIT DROP"
            ).format(sql.SQL(", ").join(names))
        )
        with cursor.copy("COPY staged FROM STDIN") as copy:
            for number, state, target, anchor, before, changed in rows:
                copy.write_row(
                    [number, state, target, anchor, before, *(changed.get(name) for name in fields)]
                )
        cursor.execute("ANALYZE staged")


def key_fields(
    batch: Batch, names: Sequence[str], states: Sequence[str]
) -> tuple[list[tuple], dict[str, list[str]]]:
    """(number, state, target, anchor, before) of the rows to be written, and some of their staged fields as columns."""
    places = {name: place for place, name in enumerate(batch.fields, start=1)}
    parts = sql.SQL(", ").join(
        sql.SQL("split_part(staged, E'\\x1f', {})").format(sql.Literal(places[name])) for name in names
    )
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT number, state, target, anchor, before, {} FROM register_row "
                "WHERE batch_id = %s AND state = ANY(%s) AND NOT is_skipped ORDER BY number"
            ).format(parts),
            [batch.pk, list(states)],
        )
        rows = cursor.fetchall()
    return [row[:5] for row in rows], {name: [row[5 + at] for row in rows] for at, name in enumerate(names)}


def numbers_for(sequence: str, count: int) -> list[int]:
    """Free primary keys of a sequence; what is not used leaves a gap, which harms nothing."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]
