"""Censuses for those who read them: books, maps, statistics, the province's export."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _t

from khet.base.lib.errors import NotFound, Refusal
from khet.kits.rounds.bases import CensusTable, Scope, references
from khet.kits.rounds.censuses import path_of, read_table
from khet.kits.rounds.choices import ReturnState
from khet.kits.rounds.models import Census, Return, Round
from khet.kits.rounds.queries.periods import scope_of, sheets_of


def censuses(school_year: int | None = None, *, every: bool = False) -> list[Census]:
    """The census that counts of every closed round, newest day first; ``every`` adds those that were replaced."""
    found = Census.objects.select_related("round").order_by("-round__as_at", "-round_id", "-number")
    if school_year is not None:
        found = found.filter(round__school_year=school_year)
    if every:
        return list(found)
    newest: dict[int, Census] = {}
    for one in found:
        newest.setdefault(one.round_id, one)
    return list(newest.values())


def census_path(round_: Round) -> Path:
    """The folder of the newest census of a round: its Parquet files and ``manifest.json``."""
    found = Census.objects.filter(round=round_).order_by("-number").first()
    if found is None:
        raise NotFound(_t("รอบนี้ยังไม่เคยปิด จึงยังไม่มีข้อมูลที่ตรึงไว้"), code="rounds.no_census")
    return path_of(found)


def owing_units(round_: Round) -> dict[str, list[int]]:
    """Sheet → the units that hand it in; who was let off is not counted."""
    found: dict[str, list[int]] = {}
    rows = Return.objects.filter(round=round_).exclude(state=ReturnState.EXEMPT)
    for sheet, unit in rows.values_list("sheet", "unit_id"):
        found.setdefault(sheet, []).append(unit)
    return found


def tables_of(round_: Round, owing: dict[str, list[int]] | None = None) -> list[tuple[CensusTable, Scope]]:
    """What closing freezes of the registers: the tables of the sheets for the units that owe them, and the references for all."""
    whole = scope_of(round_)
    owing = owing_units(round_) if owing is None else owing
    own = [
        (table, whole.of(owing.get(sheet.code, []))) for sheet in sheets_of(round_) for table in sheet.census
    ]
    return [*own, *((table, whole) for table in references)]


def census_now(round_: Round) -> dict[str, pa.Table]:
    """What closing a round would freeze if it closed now, by table; nothing is kept."""
    return {table.code: read_table(table, scope) for table, scope in tables_of(round_)}


def census_table(census: Census, code: str) -> pa.Table | None:
    """One table of a census, None where it has none. ``Refusal`` when the file is not the one that was frozen."""
    listed = next((one for one in census.manifest["tables"] if one["code"] == code), None)
    if listed is None:
        return None
    path = path_of(census) / listed["file"]
    data = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(data).hexdigest() != listed["sha256"]:
        raise Refusal(
            _t("แฟ้ม %(file)s ของข้อมูลชุดนี้เสียหรือหาย แจ้งผู้ดูแลระบบให้กู้จากข้อมูลสำรอง") % {"file": listed["file"]},
            code="rounds.census_damaged",
        )
    return pq.read_table(pa.BufferReader(data))
