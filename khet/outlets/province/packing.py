"""Writing a filled format: the same cells make the same bytes, whenever and by whomever they are written."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from khet.base.lib.sheets import inert
from khet.outlets.province.choices import FileType
from khet.outlets.province.queries.filling import Cell, Filled, FilledTable
from khet.outlets.province.queries.sources import Lake

MANIFEST = "manifest.json"
FORMAT_OF_MANIFEST = 1
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Package:
    """What is handed over: ``name`` and ``data`` of the file, and the manifest that speaks of what is in it."""

    name: str
    data: bytes
    manifest: dict[str, Any]

    @property
    def manifest_bytes(self) -> bytes:
        return as_json(self.manifest)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def as_json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def pack(filled: Filled, lake: Lake) -> Package:
    """The files of a filled format with their manifest. It bears no time and no name of a person."""
    declared = filled.format
    files = _files(filled)
    tables = [
        {"name": one.table.name, "title": one.table.title, "rows": len(one.rows), "totals": one.totals, "columns": [c.name for c in one.table.columns]}
        for one in filled.tables
    ]  # fmt: skip
    manifest = {
        "manifest": FORMAT_OF_MANIFEST,
        "format": {"code": declared.code, "version": declared.version, "name": declared.name, "sha256": declared.sha256},
        "area": {"code": lake.facts["area_code"], "name": lake.facts["area_name"]},
        "round": {"title": lake.census.round.title, "as_at": lake.census.round.as_at.isoformat(), "school_year": lake.census.round.school_year},
        "censuses": lake.inputs(),
        "tables": tables,
        "left_out": filled.left_out,
        "files": [{"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in files],
    }  # fmt: skip
    stem = f"{lake.facts['area_code']}-{declared.code}-{lake.census.round.as_at.isoformat()}"
    if len(files) == 1 and not declared.zip:
        name, data = files[0]
        return Package(f"{stem}.{name.rpartition('.')[2]}", data, manifest)
    return Package(f"{stem}.zip", _zip([*files, (MANIFEST, as_json(manifest))]), manifest)


def _files(filled: Filled) -> list[tuple[str, bytes]]:
    declared = filled.format
    if declared.file == FileType.XLSX:
        return [(f"{declared.code}.xlsx", _workbook(filled))]
    write = _csv if declared.file == FileType.CSV else _json
    return [(f"{_plain(one.table.name)}.{declared.file.value}", write(filled, one)) for one in filled.tables]


def _plain(name: str) -> str:
    return re.sub(r"[^0-9A-Za-zก-๙_.-]+", "_", name).strip(".") or "table"


def _heads(filled: Filled, one: FilledTable) -> list[str]:
    return [column.title if filled.format.heads == "title" else column.name for column in one.table.columns]


def _csv(filled: Filled, one: FilledTable) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=filled.format.separator, lineterminator="\r\n")
    writer.writerow([inert(head) for head in _heads(filled, one)])
    for row in one.rows:
        writer.writerow(
            ["" if cell is None else inert(cell) if isinstance(cell, str) else str(cell) for cell in row]
        )
    return out.getvalue().encode(filled.format.encoding.value)


def _json(filled: Filled, one: FilledTable) -> bytes:
    names = [column.name for column in one.table.columns]
    rows = [dict(zip(names, map(_plain_number, row), strict=True)) for row in one.rows]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode()


def _plain_number(cell: Cell) -> Any:
    return float(cell) if isinstance(cell, Decimal) else cell


def _workbook(filled: Filled) -> bytes:
    """One sheet a table. Text stays text: numbers with leading zeros keep them, and nothing is computed on opening."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        book.set_properties({"created": _MADE})
        head = book.add_format(
            {"bold": True, "bg_color": "#E8F0F9", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        text = book.add_format({"num_format": "@"})
        taken: set[str] = set()
        for one in filled.tables:
            sheet = book.add_worksheet(_sheet_name(one.table.title, taken))
            sheet.freeze_panes(1, 0)
            heads = _heads(filled, one)
            for place, words in enumerate(heads):
                sheet.write_string(0, place, words, head)
                longest = max(
                    (len(str(row[place])) for row in one.rows[:200] if row[place] is not None), default=0
                )
                sheet.set_column(place, place, min(max(len(words), longest, 8) + 2, 40))
            for number, row in enumerate(one.rows, start=1):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, place, cell, text)
                    elif cell is not None:
                        sheet.write_number(number, place, cell)
    return out.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    name = re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "1"
    while name.casefold() in taken:
        name = f"{name[:27]} {len(taken) + 1}"
    taken.add(name.casefold())
    return name


def _zip(files: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            packed.writestr(entry, data)
    return out.getvalue()
