"""The extract of the civil register: read, compared, written set-based, undone; whom it no longer has."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khet.base.lib.errors import Forbidden, Refusal
from khet.base.lib.sheets import write_xlsx
from khet.kits.register.actions import undo
from khet.kits.register.api import import_file
from khet.kits.register.models import Batch
from khet.modules.children.actions import match, settle_extract
from khet.modules.children.models import Case, Child, Standing
from khet.modules.children.queries.children import now_year
from khet.modules.children.tests.conftest import AMPHOE, TAMBON, citizen_id
from tests.tr14 import children, write_tr14

HEADS = [
    "เลขประจำตัวประชาชน", "คำนำหน้า", "ชื่อ", "นามสกุล", "เพศ", "วันเกิด", "อายุ", "สัญชาติ", "รหัสประจำบ้าน", "บ้านเลขที่", "หมู่ที่", "ตำบล", "อำเภอ",
    "จังหวัด", "ชื่อบิดา", "สัญชาติบิดา", "ชื่อมารดา", "สัญชาติมารดา", "สถานศึกษาที่เข้าเรียน",
]  # fmt: skip
AT = {head: place for place, head in enumerate(HEADS)}
SHORT = {
    "pid": "เลขประจำตัวประชาชน", "title": "คำนำหน้า", "first": "ชื่อ", "last": "นามสกุล", "sex": "เพศ", "born": "วันเกิด", "house": "รหัสประจำบ้าน",
    "moo_text": "หมู่ที่", "tambon": "ตำบล", "father": "ชื่อบิดา",
}  # fmt: skip


def row(number: int, *, moo: str = "1", age: int = 8, **cells: str) -> list[str]:
    year = now_year() - age
    plain = [
        citizen_id(number), "ด.ช.", f"กล้า{number}", "ใจดี", "ชาย", f"05/03/{year}", str(age), "ไทย", f"99{number:09d}", f"{number}/2", moo,
        f"ต.{TAMBON}", f"อำเภอ{AMPHOE}", "ศรีธารา", "นายเมฆา ใจดี", "ไทย", "นางมาลี ใจดี", "ไทย", "",
    ]  # fmt: skip
    for short, value in cells.items():
        plain[AT[SHORT[short]]] = value
    return plain


def bring(area, path: Path, rows: list[list[str]], actor=None, heads=HEADS, **given):
    out = io.BytesIO()
    write_xlsx(rows, list(heads), out)
    path.write_bytes(out.getvalue())
    return import_file(actor=actor or area.system, kind="children", path=path, confirm=True, **given)


def counts(result) -> tuple[int, int, int, int]:
    return result.new, result.changed, result.same, result.wrong


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "ทร14.xlsx"


def test_a_file_comes_in_once_and_then_nothing_changes(area, file):
    rows = [row(n, moo=str(1 + n % 3)) for n in range(1, 31)]
    area.pupil(3)
    assert counts(bring(area, file, rows)) == (30, 0, 0, 0)
    child = Child.objects.get(first_name="กล้า3")
    assert (child.title, child.sex, child.home_tambon, child.home_amphoe, child.village) == (
        "เด็กชาย",
        "m",
        TAMBON,
        AMPHOE,
        area.villages[1],
    )
    assert (child.state, child.at_school, child.birth_year) == ("service", area.school, now_year() - 8)
    assert Standing.objects.filter(state="none").count() == Case.objects.count() == 29
    again = bring(area, file, rows)
    assert counts(again) == (0, 0, 30, 0)
    assert again.sentence.startswith("ไม่มีอะไรเปลี่ยน")
    assert Batch.objects.first().totals


def test_no_number_lies_open_anywhere(area, file):
    bring(area, file, [row(1), row(2, pid="12ก4567890123")])
    number = citizen_id(1)
    with connection.cursor() as cursor:
        for table in ("children_child", "register_row", "register_batch", "journal_entry"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            assert not any(number in str(line) for line in cursor.fetchall()), table
    assert not Batch.objects.get().rows.filter(line__contains="12ก4567890123").exists()


def test_a_change_is_written_and_undone_and_a_blank_cell_leaves_what_stands(area, file):
    bring(area, file, [row(1), row(2), row(3)])
    before = list(Child.objects.order_by("pk").values_list("first_name", "home_moo", "school", "father"))
    rows = [row(1, father="-"), row(2, moo_text="3"), row(3, last="ใจงาม"), row(4)]
    assert counts(bring(area, file, rows)) == (1, 2, 1, 0)
    assert Child.objects.get(first_name="กล้า2").school == area.other
    assert Child.objects.get(first_name="กล้า1").father == "นายเมฆา ใจดี"
    assert Child.objects.filter(search_text__contains="ใจงาม").count() == 1
    undo(actor=area.system, batch=Batch.objects.order_by("-pk").first())
    assert (
        list(Child.objects.order_by("pk").values_list("first_name", "home_moo", "school", "father")) == before
    )
    assert Child.objects.get(first_name="กล้า2").school == area.school


def test_hostile_rows_are_told_one_by_one_and_the_rest_comes_in(area, file):
    rows = [
        row(1), row(2, pid="12345"), row(3, pid=""), row(4, born="31/02/2562"), row(5, born="01/01/2999"),
        row(6, born="01/01/2400"), row(7, first=""), row(8), row(8), row(9, moo_text="หลายหมู่"), row(10, house="12ก"), row(11, sex="ไม่รู้"),
        row(12, tambon="=HYPERLINK(\"http://evil\")"), row(13, first="<script>alert(1)</script>"), row(14, father="'; DROP TABLE children_child; --"),
        row(15, tambon=""), row(16, first="ก" * 101),
    ]  # fmt: skip
    result = bring(area, file, rows)
    stopped = {fault["row"] for fault in result.faults if fault["stops"]}
    # Rows of the file: the first child stands in row 2.
    assert stopped == {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 18}
    assert result.wrong == len(stopped)
    assert result.new == len(rows) - result.wrong
    assert all(any("ก" <= letter <= "๛" for letter in fault["sentence"]) for fault in result.faults)
    assert {"กล้า1", "<script>alert(1)</script>", "กล้า14"} <= set(
        Child.objects.values_list("first_name", flat=True)
    )
    assert not Child.objects.filter(
        first_name__in=["กล้า2", "กล้า4", "กล้า5", "กล้า6", "กล้า8", "กล้า9", "กล้า10", "กล้า11", "กล้า15"]
    ).exists()


def test_a_wrong_check_digit_and_an_unknown_village_are_told_and_kept(area, file):
    number = citizen_id(1)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    result = bring(area, file, [row(1, pid=wrong), row(2, moo="19")])
    assert counts(result) == (2, 0, 0, 0)
    assert not Child.objects.get(first_name="กล้า1").is_valid
    assert Child.objects.get(first_name="กล้า2").school is None
    said = Batch.objects.get().rows.exclude(faults=[]).count()
    assert said == 2


def test_a_clerk_brings_their_own_villages_alone(area, file):
    rows = [row(1), row(2, moo="3"), row(3, moo="19")]
    assert counts(bring(area, file, rows, actor=area.actor("clerk"))) == (1, 0, 0, 2)
    with pytest.raises(Refusal):
        bring(area, file, rows, actor=area.actor("finance"))


def test_a_title_tells_the_sex_where_the_file_does_not(area, file):
    heads = [head for head in HEADS if head != "เพศ"]
    rows = [
        [cell for place, cell in enumerate(row(n, title=title)) if place != AT["เพศ"]]
        for n, title in ((1, "ด.ญ."), (2, "ด.ช."))
    ]
    bring(area, file, rows, heads=heads)
    assert dict(Child.objects.values_list("first_name", "sex")) == {"กล้า1": "f", "กล้า2": "m"}


def test_a_status_column_tells_who_moved_or_died(area, file):
    heads = [*HEADS, "สถานะ"]
    bring(area, file, [[*row(1), "ปกติ"], [*row(2), "ย้ายออก"], [*row(3), "ตาย"]], heads=heads)
    assert dict(Child.objects.values_list("first_name", "registered")) == {
        "กล้า1": "here",
        "กล้า2": "moved",
        "กล้า3": "died",
    }
    assert set(Standing.objects.filter(state="gone").values_list("child__first_name", flat=True)) == {
        "กล้า2",
        "กล้า3",
    }
    assert Case.objects.count() == 1


def test_a_fresh_extract_marks_whom_it_lacks_and_removes_nobody(area, file):
    bring(area, file, [row(1), row(2), row(3, age=12), row(4, moo="3"), row(5, moo="2")])
    result = bring(area, file, [row(1), row(6, age=12)])
    assert counts(result) == (1, 0, 1, 0)
    batch = Batch.objects.order_by("-pk").first()
    # The same village, and years of birth between the oldest and the youngest of the file.
    assert batch.absent["count"] == 2
    with pytest.raises(Forbidden):
        settle_extract(actor=area.actor("finance"), batch=batch.pk)
    assert settle_extract(actor=area.actor("clerk"), batch=batch.pk) == (2, 0)
    assert set(Child.objects.filter(registered="missing").values_list("first_name", flat=True)) == {
        "กล้า2",
        "กล้า3",
    }
    assert Child.objects.count() == 6
    bring(area, file, [row(1), row(2), row(7)])
    latest = Batch.objects.order_by("-pk").first()
    assert settle_extract(actor=area.actor("planner"), batch=latest.pk) == (0, 1)
    assert Child.objects.get(first_name="กล้า2").registered == "here"


def test_another_school_marks_none_of_ours(area, file):
    bring(area, file, [row(1), row(2)])
    bring(area, file, [row(1), row(6)])
    batch = Batch.objects.order_by("-pk").first()
    assert settle_extract(actor=area.actor("other_clerk"), batch=batch.pk)[0] == 0
    assert not Child.objects.filter(registered="missing").exists()


def test_a_whole_area_into_an_empty_register_tells_every_fault_and_reconciles(area, file):
    planted = write_tr14(file, [(TAMBON, AMPHOE, 3)], 1_500, faults=14)
    for number in range(1, 4):
        area.pupil(number, id_value=children([(TAMBON, AMPHOE, 3)], 1_500)[100 + number][0])
    result = import_file(actor=area.system, kind="children", path=file, confirm=True)
    assert counts(result) == (1_486, 0, 0, 14)
    batch = Batch.objects.get()
    assert [row.number for row in batch.rows.filter(state="wrong").order_by("number")] == [
        one.row for one in planted
    ]
    assert all(len(row.faults) == 1 for row in batch.rows.filter(state="wrong")), "one fault, one sentence"
    assert sum(total[2] for total in batch.totals) == Child.objects.count() == 1_486
    # Nobody is written and then moved: village, service school and state are there, as the nightly matching would tell them.
    assert not Child.objects.filter(village=None).exists() and not Child.objects.filter(school=None).exists()
    told = dict(Child.objects.values_list("pk", "state"))
    assert {"young", "none", "over"} <= set(told.values()) and Child.objects.filter(
        at_school=area.school
    ).count() == 3
    assert dict(Standing.objects.values_list("child", "state")) == told
    cases = Case.objects.count()
    assert cases == sum(1 for state in told.values() if state == "none")
    before = list(
        Child.objects.order_by("pk").values_list(
            "pk", "village", "school", "state", "state_year", "at_school", "at_grade"
        )
    )
    match(actor=area.system)
    assert (
        list(
            Child.objects.order_by("pk").values_list(
                "pk", "village", "school", "state", "state_year", "at_school", "at_grade"
            )
        )
        == before
    )
    assert Case.objects.count() == cases
    again = import_file(actor=area.system, kind="children", path=file, confirm=True)
    assert counts(again) == (0, 0, 1_486, 14)
    undo(actor=area.system, batch=batch)
    assert not Child.objects.exists() and not Standing.objects.exists() and not Case.objects.exists()


def test_a_first_import_costs_the_same_statements_for_few_and_for_many(area, tmp_path):
    def spent(many: int, seed: int) -> int:
        path = tmp_path / f"{many}.xlsx"
        write_tr14(path, [(TAMBON, AMPHOE, 3)], many, seed=seed)
        with CaptureQueriesContext(connection) as asked:
            import_file(actor=area.system, kind="children", path=path, confirm=True)
        return len(asked)

    spent(40, 3)
    assert spent(60, 5) == spent(900, 7)
