"""The staff sheet: comes in once, wrong rows are told, and no number lies in clear on the way."""

from __future__ import annotations

import pytest
from django.db import connection

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.ids import citizen_check_digit
from khet.kits.register.api import import_file
from khet.modules.staff.models import Official


def citizen_id(number: int) -> str:
    body = f"8{number:011d}"
    return body + str(citizen_check_digit(body))


def row(number: int, **given: str) -> dict[str, str]:
    return {
        "เลขประจำตัวประชาชน": citizen_id(number), "คำนำหน้า": "นาง", "ชื่อ": f"ดวงใจ{number}", "นามสกุล": "งามสม", "วันเกิด": "05/03/2520",
        "ประเภทบุคลากร": "ข้าราชการครู", "เลขที่ตำแหน่ง": f"{7000 + number}", "ตำแหน่ง": "ครู", "สังกัด": "99020001", "วันบรรจุ": "16/05/2545", **given,
    }  # fmt: skip


def bring(area, path, actor=None):
    return import_file(actor=actor or area.system, kind="officials", path=path, confirm=True)


def everything_kept() -> str:
    with connection.cursor() as cursor:
        kept = []
        for table in ("register_row", "journal_entry", "staff_official", "org_personid"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            kept.append(cursor.fetchone()[0] or "")
    return " ".join(kept)


def test_it_comes_in_once_and_no_number_lies_in_clear(area, sheet):
    code = area.school.code
    rows = [row(number, สังกัด=code) for number in range(1, 6)]
    rows.append(
        row(6, สังกัด=code) | {"เลขประจำตัวประชาชน": citizen_id(6)[:12] + str((int(citizen_id(6)[12]) + 1) % 10)}
    )
    before = Official.objects.count()
    result = bring(area, sheet(rows))
    assert (result.new, result.changed, result.wrong) == (5, 0, 1), result.faults
    assert Official.objects.count() == before + 5
    kept = everything_kept()
    assert not [number for number in range(1, 7) if rows[number - 1]["เลขประจำตัวประชาชน"] in kept]
    again = bring(area, sheet(rows))
    assert (again.new, again.changed, again.wrong) == (0, 0, 1)


@pytest.mark.parametrize(
    ("head", "cell"),
    [
        ("วันเกิด", "30/02/2520"),
        ("วันเกิด", "05/03/2590"),
        ("สังกัด", "99029999"),
        ("ตำแหน่ง", ""),
        ("เลขที่ตำแหน่ง", "ก*ข;--"),
    ],
)
def test_a_wrong_cell_stops_its_row_alone(area, sheet, head, cell):
    code = area.school.code
    result = bring(area, sheet([row(1, สังกัด=code), row(2, สังกัด=code) | {head: cell}]))
    assert (result.new, result.wrong) == (1, 1)
    assert [fault["row"] for fault in result.faults if fault["stops"]][:1] == [3]


def test_who_may_not(area, sheet):
    with pytest.raises(Refusal):
        bring(area, sheet([row(1, สังกัด=area.school.code)]), actor=area.people["teacher"])
    assert not Official.objects.filter(person__first_name="ดวงใจ1").exists()
