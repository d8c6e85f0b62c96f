"""Hostile files at the import of pupils (B24–B37): told in a Thai sentence, nothing written, the process alive."""

from __future__ import annotations

import re

import pytest

from khet.base.lib.errors import Refusal
from khet.base.lib.sheets.tests import attacks
from khet.kits.register.api import import_file
from khet.modules.students.models import Enrolment, Pupil, PupilId
from tests.dmc import AT, HEADS, pupils, write_rows

SCHOOL = [("99029001", "บ้านไร่ธารใส", "kp")]
THAI = re.compile("[ก-๛]")


def far_cells() -> bytes:
    rows = (
        f'<row r="1">{attacks.cell("A1", "ชั้น")}</row><row r="1048576">{attacks.cell("XFD1048576", "x")}</row>'
    )
    return attacks.packed(attacks.parts(rows))


def bomb() -> bytes:
    prolog = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;">]>'
    return attacks.packed(attacks.parts(prolog=prolog))


FILES = {
    "B24 cells at the ends": ("2569-2-student.xlsx", far_cells),
    "B27 entities": ("2569-2-student.xlsx", bomb),
    "B28 overlapping entries": ("2569-2-student.xlsx", attacks.overlapping),
    "B30 many entries": ("2569-2-student.xlsx", lambda: attacks.many_entries(100_000)),
    "B31 a name that climbs": ("2569-2-student.xlsx", lambda: attacks.packed(attacks.parts() | {"../../evil.xml": "x"})),
    "B32 a link": ("2569-2-student.xlsx", attacks.with_link),
    "B33 macros": ("2569-2-student.xlsm", lambda: attacks.packed(attacks.parts() | {"xl/vbaProject.bin": b"x"})),
    "B33 encrypted": ("2569-2-student.xlsx", lambda: attacks.ole("EncryptedPackage")),
    "B34 mixed encodings": ("2569-2-student.csv", lambda: ",".join(HEADS).encode() + b"\r\n" + "บ้าน,ควน\n".encode("cp874")),
    "B36 NUL": ("2569-2-student.csv", lambda: ",".join(HEADS).encode() + b"\r\n1,\0\r\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_hostile_file_is_told_and_leaves_nothing(area, tmp_path, case):
    name, make = FILES[case]
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(Refusal) as told:
        import_file(actor=area.system, kind="enrolments", path=path, confirm=True)
    assert THAI.search(str(told.value.sentence)) and "%(" not in str(told.value.sentence)
    assert not Pupil.objects.exists() and not Enrolment.objects.exists() and not PupilId.objects.exists()


def bring(area, path):
    return import_file(actor=area.system, kind="enrolments", path=path, confirm=True)


def test_one_pupil_twice_in_a_file_is_told_on_both_rows_or_the_second(area, tmp_path):
    rows = pupils(SCHOOL, 6)
    rows.append(list(rows[2]))
    path = tmp_path / "2569-2-student.xlsx"
    write_rows(path, rows)
    result = bring(area, path)
    assert result.wrong >= 1 and result.new + result.wrong == 7
    assert Enrolment.objects.count() == Pupil.objects.count() == result.new
    assert 9 in {fault["row"] for fault in result.faults}


def test_swapped_columns_are_read_by_their_heads(area, tmp_path):
    order = list(range(len(HEADS)))
    order[3], order[8] = order[8], order[3]
    order.reverse()
    rows = pupils(SCHOOL, 5)
    path = tmp_path / "2569-2-student.xlsx"
    write_rows(path, [[row[at] for at in order] for row in rows], heads=[HEADS[at] for at in order])
    assert bring(area, path).new == 5
    assert set(Pupil.objects.values_list("first_name", flat=True)) == {row[AT["ชื่อ"]] for row in rows}


def test_a_missing_column_is_named_and_nothing_written(area, tmp_path):
    left_out = AT["เลขประจำตัวประชาชน"]
    path = tmp_path / "2569-2-student.xlsx"
    write_rows(
        path,
        [[cell for at, cell in enumerate(row) if at != left_out] for row in pupils(SCHOOL, 5)],
        heads=[head for at, head in enumerate(HEADS) if at != left_out],
    )
    with pytest.raises(Refusal) as told:
        bring(area, path)
    assert "เลขประจำตัว" in str(told.value.sentence)
    assert not Pupil.objects.exists()


@pytest.mark.parametrize(
    "text", ["=1+1", "+66", "@SUM(A1)", "<script>alert(1)</script>", "{{7*7}}", "ก\u202eข\u200b"]
)
def test_odd_text_in_a_name_never_computes_or_runs(area, client, tmp_path, text):
    """Refused with its row, or kept as text, without what cannot be seen, and shown escaped."""
    rows = pupils(SCHOOL, 3)
    rows[1][AT["นามสกุล"]] = text
    path = tmp_path / "2569-2-student.xlsx"
    write_rows(path, rows)
    result = bring(area, path)
    if result.wrong:
        assert {fault["row"] for fault in result.faults if fault["stops"]} == {4}
        return
    kept = Pupil.objects.get(first_name=rows[1][AT["ชื่อ"]], last_name__in=[text, "กข"])
    client.force_login(area.accounts["planner"])
    page = client.get(f"/register/enrolments/{Enrolment.objects.get(pupil=kept).pk}/").content.decode()
    assert "<script>alert(1)" not in page and "\u202e" not in page
    if text == "{{7*7}}":
        assert text in page
