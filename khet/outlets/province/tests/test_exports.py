"""Filling, checking, writing and keeping: the figures, the faults cell by cell, the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

import openpyxl
import pytest

from khet.base.lib.errors import Forbidden, Refusal
from khet.base.org.api import Actor
from khet.kits.files.api import StoredFile, attachments, read_bytes
from khet.kits.rounds.censuses import path_of
from khet.outlets.province.actions import keep_format, make
from khet.outlets.province.api import export_to
from khet.outlets.province.bases import read_format
from khet.outlets.province.models import Export, KeptFormat
from khet.outlets.province.packing import pack
from khet.outlets.province.queries.filling import fill
from khet.outlets.province.queries.formats import format_of
from khet.outlets.province.queries.sources import Lake
from khet.outlets.province.tests.conftest import TERM, freeze

SYSTEM = Actor.system()


def nothing(code, where):
    return None


def rows_of(data: bytes, name: str, encoding: str = "cp874") -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return list(csv.DictReader(io.StringIO(packed.read(name).decode(encoding), newline="")))


def made(export: Export) -> bytes:
    return read_bytes(attachments(export, "package").get())


def test_one_press_gives_the_tables_as_declared(term):
    export = make(actor=SYSTEM, format=format_of("province-basic"), census=term)
    data = made(export)
    pupils = rows_of(data, "STUDENT.csv")
    assert [
        (r["SCHOOL_ID"], r["GRADE"], r["GRADE_NAME"], r["MALE"], r["FEMALE"], r["TOTAL"]) for r in pupils
    ] == [
        ("99029001", "2", "อ.2", "9", "0", "9"),
        ("99029001", "4", "ป.1", "7", "6", "13"),
        ("99029002", "9", "ป.6", "0", "4", "4"),
    ]
    assert (pupils[1]["DISADVANTAGED"], pupils[1]["DISABLED"], pupils[1]["DATA_DATE"]) == (
        "5",
        "1",
        "10/06/2569",
    )
    schools = rows_of(data, "SCHOOL.csv")
    assert [(r["SCHOOL_NAME"], r["LATITUDE"], r["PUPILS"], r["STAFF"]) for r in schools] == [
        ("บ้านธารทอง", "6.500000", "22", "4"),
        ("วัดลานสน", "", "4", "1"),
    ]
    staff = rows_of(data, "TEACHER.csv")
    assert {(r["SCHOOL_ID"], r["JOB"], r["STANDING"]) for r in staff} == {
        ("99029001", "21", "2"), ("99029001", "11", "0"), ("99029002", "99", "0"),
    }  # fmt: skip


def test_the_manifest_speaks_of_what_is_in_the_package(term):
    export = make(actor=SYSTEM, format=format_of("province-basic"), census=term)
    with zipfile.ZipFile(io.BytesIO(made(export))) as packed:
        said = json.loads(packed.read("manifest.json"))
        for file in said["files"]:
            assert hashlib.sha256(packed.read(file["name"])).hexdigest() == file["sha256"]
    assert said == export.manifest == json.loads(read_bytes(attachments(export, "manifest").get()))
    assert said["format"]["version"] == "1.0"
    assert said["censuses"][0]["sha256"] == term.sha256
    student = next(table for table in said["tables"] if table["name"] == "STUDENT")
    assert (student["rows"], student["totals"]["TOTAL"]) == (3, "26")


def test_the_same_census_and_format_give_the_same_bytes(term, yearly):
    for label, census in (("province-basic", term), ("province-yearly", yearly)):
        declared = format_of(label)
        one, two = (pack(fill(declared, Lake(census), nothing), Lake(census)) for _ in range(2))
        assert one.data == two.data
        first = make(actor=SYSTEM, format=declared, census=census)
        assert first.sha256 == one.sha256 == hashlib.sha256(made(first)).hexdigest()
        assert make(actor=SYSTEM, format=declared, census=census) == first
    assert list(Export.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_a_second_format_needs_no_code(yearly, tmp_path):
    export = export_to(actor=SYSTEM, path=tmp_path / "y.xlsx", format="province-yearly", round="2569")
    book = openpyxl.load_workbook(tmp_path / "y.xlsx")
    assert book.sheetnames == ["สิ่งก่อสร้าง", "สาธารณูปโภคและคอมพิวเตอร์", "เด็กในเขตบริการ"]
    rows = list(book["สิ่งก่อสร้าง"].values)
    assert rows[0][3] == "ประเภท"
    assert rows[1] == (
        1,
        2569,
        "99029001",
        "อาคารเรียน",
        1,
        8,
        7,
        1250000.5,
    )  # the demolished one is not counted
    assert rows[2][3] == "อื่น ๆ"
    assert list(book["สาธารณูปโภคและคอมพิวเตอร์"].values)[2][2:] == ("ไม่มี", "น้ำฝน", "ไม่มี", None, 0, 0)
    assert export.rows == 6


BAD = {
    **TERM,
    "pupils": (
        TERM["pupils"][0],
        [
            ["99029001", "p1", 1, "m", "", "", 7],
            ["9902", "p2", 1, "m", "", "", 7],
            [None, "x9", 1, "m", "", "", 1],
        ],
    ),
    "schools": (TERM["schools"][0], [["99029001", "บ้านธาร✓", "", "", "", None, None], ["99029001", "ซ้ำ", "", "", "", None, None]]),
}  # fmt: skip


def test_what_does_not_fit_is_named_cell_by_cell_and_nothing_is_written(area):
    census = freeze(BAD)
    filled = fill(format_of("province-basic"), Lake(census), nothing)
    told = {(one.table, one.row, one.column, one.value, one.code) for one in filled.problems}
    assert ("นักเรียนรายชั้น", "9902 p2", "รหัสโรงเรียน 8 หลัก", "9902", "pattern") in told
    assert ("นักเรียนรายชั้น", "x9", "รหัสโรงเรียน 8 หลัก", "", "empty") in told
    assert ("นักเรียนรายชั้น", "x9", "รหัสระดับชั้น", "x9", "unmapped") in told
    assert ("โรงเรียน", "99029001", "ชื่อโรงเรียน", "บ้านธาร✓", "letters") in told
    assert ("โรงเรียน", "99029001", "SCHOOL_ID", "99029001", "twice") in told
    assert all(one.sentence for one in filled.problems)
    with pytest.raises(Refusal, match="จุดที่ไม่เข้ารูปแบบ") as caught:
        make(actor=SYSTEM, format=format_of("province-basic"), census=census)
    assert caught.value.code == "province.problems"
    assert not Export.objects.exists()
    assert not StoredFile.objects.exists()
    assert not KeptFormat.objects.exists()


def test_a_table_or_column_that_the_census_lacks_is_named_once(area):
    census = freeze({"pupils": ([("school", "text"), ("pupils", "int")], [["99029001", 3]] * 5)})
    filled = fill(format_of("province-basic"), Lake(census), nothing)
    assert filled.left_out == ["โรงเรียน"]  # optional
    codes = [(one.table, one.code) for one in filled.problems]
    assert ("บุคลากร", "no_table") in codes
    assert codes.count(("นักเรียนรายชั้น", "no_column")) <= 11  # per column, not per row and column


def test_a_table_of_the_other_kind_of_round_is_read_beside(term, yearly):
    text = """
code = "both"
version = "1"
name = "สองรอบ"
file = "json"
heads = "name"
round = "term"
[[tables]]
name = "p"
rows = "pupils"
by = ["school"]
columns = [{ name = "s", column = "school" }, { name = "n", sum = "pupils" }]
[[tables]]
name = "b"
rows = "buildings"
round = "yearly"
by = ["school"]
columns = [{ name = "s", column = "school" }, { name = "n", count = true }]
"""
    keep_format(actor=SYSTEM, text=text)
    export = make(actor=SYSTEM, format=format_of("both"), census=term)
    with zipfile.ZipFile(io.BytesIO(made(export))) as packed:
        assert json.loads(packed.read("p.json")) == [{"s": "99029001", "n": 22}, {"s": "99029002", "n": 4}]
        assert json.loads(packed.read("b.json")) == [{"s": "99029001", "n": 2}, {"s": "99029002", "n": 1}]
    assert {one["kind"] for one in export.manifest["censuses"]} == {"term", "yearly"}
    with pytest.raises(Refusal):
        make(actor=SYSTEM, format=format_of("both"), census=yearly)


def test_a_damaged_census_is_not_exported(term):
    path = path_of(term) / "pupils.parquet"
    path.write_bytes(path.read_bytes()[:-9] + b"123456789")
    with pytest.raises(Refusal, match="เสียหรือหาย"):
        make(actor=SYSTEM, format=format_of("province-basic"), census=term)


def test_words_that_would_run_in_a_spreadsheet_are_made_inert(area):
    tables = {**TERM, "schools": (TERM["schools"][0], [["99029001", "=1+1", "", "", "", None, None]])}
    data = made(make(actor=SYSTEM, format=format_of("province-basic"), census=freeze(tables)))
    assert rows_of(data, "SCHOOL.csv")[0]["SCHOOL_NAME"] == "'=1+1"


def test_making_needs_the_right_over_the_area(term, seat):
    for role in ("principal", "head", "deputy"):
        account = seat(role)
        with pytest.raises(Forbidden):
            make(
                actor=Actor.of(account.person, account=account),
                format=format_of("province-basic"),
                census=term,
            )
    account = seat("planner")
    export = make(
        actor=Actor.of(account.person, account=account), format=format_of("province-basic"), census=term
    )
    assert export.made_by == account.person


def test_an_indicator_is_a_column(term):
    text = """
code = "ind"
version = "1"
name = "ตัวชี้วัด"
file = "csv"
encoding = "utf-8-sig"
[[tables]]
name = "t"
rows = "schools"
columns = [{ name = "s", column = "school" }, { name = "v", indicator = "pupils.total", type = "decimal", decimals = 1 }]
"""
    declared = read_format(text)
    filled = fill(declared, Lake(term), lambda code, where: {"99029001": 22.25})
    assert [[str(cell) if cell is not None else None for cell in row] for row in filled.tables[0].rows] == [
        ["99029001", "22.3"],
        ["99029002", None],
    ]
    assert fill(declared, Lake(term), nothing).problems[0].code == "no_indicator"
