"""Files of schools: checked row by row, applied whole, undone, and the same file twice."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override

from khet.base.journal.api import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.sheets import write_xlsx
from khet.base.org.actions import vacate
from khet.base.org.api import Unit
from khet.kits.register import jobs
from khet.kits.register.actions import confirm, undo
from khet.kits.register.api import export_file, import_file
from khet.kits.register.choices import BatchState, RowState
from khet.kits.register.models import Batch, Row
from khet.modules.schools.actions import change_school, set_position
from khet.modules.schools.models import School
from khet.modules.schools.queries import by_code, own_schools
from khet.modules.schools.tests.conftest import HEADS, line


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
def test_a_list_comes_in_once_and_then_nothing_changes(area, sheet, encoding):
    path = sheet([line(n) for n in range(1, 31)], encoding=encoding)
    first = import_file(actor=area.planner, kind="schools", path=path, confirm=True)
    assert (first.new, first.wrong, first.applied) == (30, 0, True), first.faults
    school = School.objects.get(smis8="99020007")
    assert (school.name, school.levels, school.amphoe_code, school.position_state) == (
        "บ้านทุ่งน้ำใส 7",
        "kl",
        "9903",
        "estimated",
    )
    assert school.unit.ancestors == [area.office.pk, school.unit_id]
    entries = Entry.objects.count()
    second = import_file(actor=area.planner, kind="schools", path=path, confirm=True)
    assert second.sentence == "ไม่มีอะไรเปลี่ยน เหมือนเดิม 30 แถว"
    assert School.objects.count() == 32
    assert Entry.objects.count() == entries + 2  # receiving and confirming, no act on a school


def test_files_mean_the_same_whatever_language_the_reader_chose(area, sheet, tmp_path):
    with override("en"):
        first = import_file(
            actor=area.planner, kind="schools", path=sheet([line(n) for n in range(1, 4)]), confirm=True
        )
        assert (first.new, first.wrong) == (3, 0), first.faults
        out = tmp_path / "out.csv"
        export_file(actor=area.planner, kind="schools", path=out)
        again = import_file(actor=area.planner, kind="schools", path=out)
    assert (again.new, again.changed, again.wrong) == (0, 0, 0), again.faults
    assert "รหัส" in out.read_text(encoding="utf-8-sig").splitlines()[0]


def test_xlsx_and_the_ministrys_own_headings(area, tmp_path):
    heads = ["รหัสโรงเรียน 10 หลัก", "รหัส Smis 8 หลัก", "รหัส Obec 6 หลัก", "ชื่อสถานศึกษา(ไทย)", "ตำบล", "อำเภอ", "จังหวัด", "รหัสไปรษณีย์", "ระดับที่เปิดสอน", "วัน-เดือน-ปี ก่อตั้ง", "เครือข่ายพัฒนาคุณภาพการศึกษา", "latlng"]  # fmt: skip
    row = [
        "1099560001",
        "99020001",
        "560001",
        "โรงเรียนบ้านควนงาม",
        "ลานสน",
        "ควนชัย",
        "ศรีธารา",
        "99140",
        "อนุบาล - มัธยมต้น",
        "1 มิ.ย. 2481",
        "ศูนย์เครือข่ายลานสน",
        "7.44, 100.02",
    ]
    path = tmp_path / "emis.xlsx"
    with path.open("wb") as file:
        write_xlsx([row], heads, file)
    result = import_file(actor=area.planner, kind="schools", path=path, confirm=True)
    assert (result.new, result.wrong) == (1, 0), result.faults
    school = School.objects.get(smis8="99020001")
    assert (school.name, school.levels, school.founded_on.year, str(school.latitude)) == (
        "บ้านควนงาม",
        "kl",
        1938,
        "7.44000",
    )
    assert Unit.objects.get(kind="network").short_name == "ลานสน"
    assert import_file(actor=area.planner, kind="schools", path=path, confirm=True).same == 1


def test_schools_of_other_areas_keep_their_area_and_stand_outside_the_office(area, sheet):
    import_file(actor=area.planner, kind="schools", path=sheet([line(1), line(2, area="9901")]), confirm=True)
    foreign = School.objects.get(smis8="99020002")
    assert (foreign.area_code, foreign.area_name, foreign.unit.parent_id) == (
        "9901",
        "สพป.ศรีธารา เขต 1",
        None,
    )
    assert foreign not in own_schools() and School.objects.get(smis8="99020001") in own_schools()


def test_every_wrong_cell_is_named_and_right_rows_go_on(area, sheet):
    rows = [
        line(1),
        line(2, smis_code8="9902x002"),
        line(3, smis_code8="990200"),
        line(4, grades="มหาวิทยาลัย"),
        line(5, school_id10="1099569001"),  # another school's
        line(6, approx_lat="77.1"),
        line(7),
        line(8, smis_code8="99020007"),  # the same school twice
        line(9, name_th=""),
    ]
    result = import_file(actor=area.planner, kind="schools", path=sheet(rows), confirm=True)
    assert (result.rows, result.new, result.wrong) == (9, 1, 8)
    said = {(fault["row"], fault["column"]): fault["sentence"] for fault in result.faults}
    assert "ตัวอักษร x ในหลักที่ 5" in said[3, "smis8"]
    assert "มี 6 หลัก" in said[4, "smis8"]
    assert "มหาวิทยาลัย" in said[5, "levels"]
    assert "บ้านไร่ธารใส" in said[6, "obec10"]
    assert "อยู่นอกช่วง" in said[7, "latitude"]
    assert "ซ้ำที่แถว 9" in said[8, "smis8"] and "ซ้ำที่แถว 8" in said[9, "smis8"]
    assert (10, "name") in said
    assert School.objects.filter(smis8="99020001").exists()
    assert result.totals == [["ทุ่งไพล", 9, 1]]


def test_nothing_changes_before_confirming_and_undo_puts_all_back(area, sheet):
    before = area.school.name
    path = sheet(
        [
            line(1),
            line(
                2, smis_code8="99029001", school_id10="1099569001", obec_code6="569001", name_th="บ้านไร่ธารใหม่"
            ),
        ]
    )
    result = import_file(actor=area.planner, kind="schools", path=path)
    assert (result.new, result.changed, result.applied) == (1, 1, False)
    assert not School.objects.filter(smis8="99020001").exists()
    batch = confirm(actor=area.planner, batch=Batch.objects.get(pk=result.batch))
    area.school.refresh_from_db()
    assert (
        area.school.name == "บ้านไร่ธารใหม่"
        and area.school.unit.__class__.objects.get(pk=area.school.unit_id).name == "โรงเรียนบ้านไร่ธารใหม่"
    )
    undo(actor=area.planner, batch=batch)
    area.school.refresh_from_db()
    assert area.school.name == before and area.school.amphoe_code == ""
    assert (
        not School.objects.filter(smis8="99020001").exists()
        and not Unit.objects.filter(code="99020001").exists()
    )
    with pytest.raises(Conflict):
        undo(actor=area.planner, batch=batch)


def test_undo_is_refused_once_somebody_has_touched_a_row(area, sheet):
    result = import_file(actor=area.planner, kind="schools", path=sheet([line(1)]), confirm=True)
    change_school(actor=area.planner, school=School.objects.get(smis8="99020001"), name="บ้านแก้แล้ว")
    with pytest.raises(Conflict) as why:
        undo(actor=area.planner, batch=Batch.objects.get(pk=result.batch))
    assert why.value.code == "register.touched"
    assert School.objects.get(smis8="99020001").name == "บ้านแก้แล้ว"


def test_a_register_that_moved_since_the_check_stops_the_whole_file(area, sheet):
    path = sheet([line(1), line(2, smis_code8="99029001", school_id10="1099569001", obec_code6="569001")])
    batch = Batch.objects.get(pk=import_file(actor=area.planner, kind="schools", path=path).batch)
    change_school(actor=area.planner, school=area.school, name="บ้านไร่ธารงาม")
    with pytest.raises(Conflict) as why:
        confirm(actor=area.planner, batch=batch)
    assert why.value.code == "register.moved"
    assert not School.objects.filter(smis8="99020001").exists()
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED


def test_two_batches_of_one_file_make_each_school_once(area, sheet):
    path = sheet([line(n) for n in range(1, 4)])
    one, two = (
        Batch.objects.get(pk=import_file(actor=area.planner, kind="schools", path=path).batch)
        for _ in range(2)
    )
    confirm(actor=area.planner, batch=one)
    with pytest.raises(Conflict):
        confirm(actor=area.planner, batch=two)
    with pytest.raises(Conflict):
        confirm(actor=area.planner, batch=one)
    assert School.objects.count() == 5


def test_a_fault_in_the_middle_of_applying_leaves_nothing(area, sheet, monkeypatch):
    path = sheet([line(n) for n in range(1, 6)])
    batch = Batch.objects.get(pk=import_file(actor=area.planner, kind="schools", path=path).batch)

    def broken(*args, **kwargs):
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr("khet.modules.schools.actions.facts.index", broken)
    units = Unit.objects.count()
    with pytest.raises(RuntimeError):
        confirm(actor=area.planner, batch=batch)
    monkeypatch.undo()
    assert School.objects.count() == 2 and Unit.objects.count() == units
    assert confirm(actor=area.planner, batch=batch).state == BatchState.APPLIED
    assert School.objects.count() == 7


def test_a_confirmed_position_is_not_written_over(area, sheet):
    set_position(actor=area.principal, school=area.school, latitude="7.5", longitude="100.1")
    path = sheet(
        [line(1, smis_code8="99029001", school_id10="1099569001", obec_code6="569001", name_th="บ้านไร่ธารใส")]
    )
    result = import_file(actor=area.planner, kind="schools", path=path, confirm=True)
    area.school.refresh_from_db()
    assert result.wrong == 0 and str(area.school.latitude) == "7.50000" and area.school.position_confirmed
    row = Row.objects.get(batch=result.batch)
    assert row.state == RowState.CHANGED and any("ยืนยันแล้ว" in sentence for _c, sentence, _s in row.faults)


def test_an_old_code_in_a_file_names_the_school_that_bore_it(area, sheet):
    change_school(actor=area.planner, school=area.school, smis8="99029777")
    result = import_file(actor=area.planner, kind="schools", path=sheet([line(1, smis_code8="99029001")]))
    assert result.wrong == 1 and "รหัสเดิม" in result.faults[0]["sentence"]
    assert by_code("99029001").get() == area.school


def test_files_are_for_those_who_may_import(area, sheet):
    with pytest.raises(Forbidden):
        import_file(actor=area.principal, kind="schools", path=sheet([line(1)]))
    assert not Batch.objects.exists()


def test_a_file_without_the_key_column_says_which(area, sheet):
    path = sheet([line(1)], heads={"smis_code8": "เลขลึกลับ"})
    with pytest.raises(Refusal) as why:
        import_file(actor=area.planner, kind="schools", path=path)
    assert why.value.code == "register.missing" and "8 หลัก" in str(why.value.sentence)
    matched = import_file(
        actor=area.planner,
        kind="schools",
        path=path,
        confirm=True,
        mapping={"smis8": HEADS.index("smis_code8")},
    )
    assert matched.new == 1
    # The same headings again are known by themselves.
    assert import_file(actor=area.planner, kind="schools", path=path, confirm=True).same == 1


def test_a_large_file_is_work_for_the_worker_and_its_page_counts(area, sheet, client, monkeypatch):
    monkeypatch.setattr("khet.kits.register.views.imports.INLINE_BYTES", 100)
    monkeypatch.setattr("khet.kits.register.views.imports.INLINE_ROWS", 3)
    deferred = []
    for job in (jobs.check, jobs.apply):
        monkeypatch.setattr(job, "defer", lambda job=job, **given: deferred.append((job, given)))
    client.force_login(area.planner_account)
    upload = SimpleUploadedFile("schools.csv", sheet([line(n) for n in range(1, 6)]).read_bytes())
    page = client.post(reverse("register:imports", args=["schools"]), {"file": upload}, follow=True)
    assert "กำลังตรวจไฟล์" in page.content.decode() and School.objects.count() == 2
    job, given = deferred.pop()
    job.func(**given)
    job.func(**given)  # a job that a killed worker left behind is run again
    batch = Batch.objects.get()
    assert batch.state == BatchState.CHECKED and batch.rows_done == 5 and batch.rows.count() == 5
    client.post(reverse("register:import_confirm", args=["schools", batch.pk]))
    client.post(reverse("register:import_confirm", args=["schools", batch.pk]))
    assert School.objects.count() == 2
    for job, given in deferred:
        job.func(**given)
        job.func(**given)
    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED and School.objects.count() == 7


def test_a_right_that_was_taken_away_stops_the_waiting_job(area, sheet):
    batch = Batch.objects.get(pk=import_file(actor=area.planner, kind="schools", path=sheet([line(1)])).batch)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.APPLYING)
    vacate(actor=area.system, post=next(iter(area.planner.posts.values())).post)
    jobs.apply.func(batch_id=batch.pk, person_id=area.planner.person.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED and batch.problem and School.objects.count() == 2
