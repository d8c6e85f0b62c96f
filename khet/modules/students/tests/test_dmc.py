"""The ministry's export of individual pupils: read, compared, written set-based, undone."""

from __future__ import annotations

from pathlib import Path

import pytest

from khet.base.lib.errors import Refusal
from khet.kits.register.actions import confirm, undo
from khet.kits.register.api import import_file
from khet.kits.register.models import Batch
from khet.modules.schools.models import School
from khet.modules.students.models import Enrolment, Guardian, Pupil, PupilId
from tests.dmc import AT, FAULTS, pupils, write_dmc, write_rows

YEAR = 2569


@pytest.fixture
def schools(area) -> list[tuple[str, str, str]]:
    return [("99029001", "บ้านไร่ธารใส", "kp"), ("99029002", "วัดเกาะกลางธาราม", "kl")]


def bring(area, path: Path, actor=None, **given):
    return import_file(actor=actor or area.system, kind="enrolments", path=path, confirm=True, **given)


def counts(result) -> tuple[int, int, int, int]:
    return result.new, result.changed, result.same, result.wrong


def test_a_whole_area_comes_in_once_and_then_nothing_changes(area, schools, tmp_path):
    path = tmp_path / f"{YEAR}-2-student.xlsx"
    write_dmc(path, schools, 40, year=YEAR)
    assert counts(bring(area, path)) == (80, 0, 0, 0)
    assert Pupil.objects.count() == PupilId.objects.count() == Enrolment.objects.count() == 80
    assert set(Enrolment.objects.values_list("school_year", "term", "state")) == {(YEAR, 2, "studying")}
    assert Guardian.objects.filter(role="father").exclude(first_name="").count() == 80
    assert set(Pupil.objects.values_list("school__smis8", flat=True)) == {"99029001", "99029002"}
    assert set(School.objects.values_list("pupils", flat=True)) == {40}
    again = bring(area, path)
    assert counts(again) == (0, 0, 80, 0)
    assert again.sentence.startswith("ไม่มีอะไรเปลี่ยน")


@pytest.mark.parametrize("variant", ["no report time", "cp874", "mislabelled", "extra columns"])
def test_every_shape_of_the_file_is_the_same(area, schools, tmp_path, variant):
    path = tmp_path / f"{YEAR}-1-student.{'csv' if variant == 'cp874' else 'xlsx'}"
    more = {
        "no report time": {"made_at": ""},
        "cp874": {},
        "mislabelled": {"mislabelled": True},
        "extra columns": {"extra": ["หมายเหตุ", "ผู้บันทึก"]},
    }[variant]
    write_dmc(path, schools, 12, year=YEAR, **more)
    assert counts(bring(area, path)) == (24, 0, 0, 0)
    assert not PupilId.objects.exclude(kind="citizen").exists()
    assert Enrolment.objects.exclude(student_no="").count() == 24


def test_every_planted_fault_is_told_and_the_rest_comes_in(area, schools, tmp_path):
    path = tmp_path / f"{YEAR}-2-student.xlsx"
    planted = write_dmc(path, schools, 60, faults=len(FAULTS) * 2, odd=8, year=YEAR)
    result = bring(area, path)
    stopped = {one.row for one in planted if FAULTS[one.kind][2]}
    told = {fault["row"] for fault in result.faults if fault["stops"]}
    assert told == stopped
    assert counts(result) == (120 - len(stopped), 0, 0, len(stopped))
    assert all(any("ก" <= letter <= "๛" for letter in fault["sentence"]) for fault in result.faults)


def test_a_change_is_written_and_undone(area, schools, tmp_path):
    rows = pupils(schools, 10, year=YEAR)
    path = tmp_path / f"{YEAR}-2-student.xlsx"
    write_rows(path, rows)
    bring(area, path)
    before = list(Enrolment.objects.order_by("pk").values_list("room", "weight", "pupil__last_name"))
    rows[3][AT["ห้อง"]], rows[3][AT["น้ำหนัก"]], rows[5][AT["นามสกุล"]] = "2", "31.4", "เปลี่ยนแล้ว"
    rows[7][AT["ศาสนา"]] = "-"  # blank: what stands stays
    rows.append(pupils(schools[:1], 1, seed=5, year=YEAR)[0])
    write_rows(path, rows)
    assert counts(bring(area, path)) == (1, 2, 18, 0)
    assert Enrolment.objects.filter(room=2, weight="31.4").count() == 1
    assert Pupil.objects.filter(last_name="เปลี่ยนแล้ว").count() == 1
    undo(actor=area.system, batch=Batch.objects.order_by("-pk").first())
    assert list(Enrolment.objects.order_by("pk").values_list("room", "weight", "pupil__last_name")) == before
    assert Pupil.objects.count() == PupilId.objects.count() == 20


def test_what_was_touched_since_is_not_undone(area, schools, tmp_path):
    path = tmp_path / f"{YEAR}-2-student.xlsx"
    write_dmc(path, schools, 5, year=YEAR)
    bring(area, path)
    Pupil.objects.filter(pk=Pupil.objects.first().pk).update(first_name="แก้ทีหลัง")
    with pytest.raises(Refusal):
        undo(actor=area.system, batch=Batch.objects.get())
    assert Pupil.objects.count() == 10


def test_a_clerk_brings_their_own_school_alone(area, schools, tmp_path):
    path = tmp_path / f"{YEAR}-2-student.xlsx"
    write_dmc(path, schools, 6, year=YEAR)
    result = bring(area, path, actor=area.actor("clerk"))
    assert counts(result) == (6, 0, 0, 6)
    assert set(Pupil.objects.values_list("school__smis8", flat=True)) == {"99029001"}
    with pytest.raises(Refusal):
        bring(area, path, actor=area.actor("finance"))


def test_the_year_is_asked_for_when_the_name_does_not_tell(area, schools, tmp_path):
    path = tmp_path / "นักเรียน.xlsx"
    write_dmc(path, schools, 3, year=YEAR)
    with pytest.raises(Refusal):
        bring(area, path)
    assert counts(bring(area, path, options={"year": str(YEAR), "term": "1"})) == (6, 0, 0, 0)


def test_one_number_in_two_schools_comes_in_and_is_told(area, schools, tmp_path):
    rows = pupils(schools, 4, year=YEAR)
    rows[4][AT["เลขประจำตัวประชาชน"]] = rows[0][AT["เลขประจำตัวประชาชน"]]
    path = tmp_path / f"{YEAR}-2-student.xlsx"
    write_rows(path, rows)
    assert counts(bring(area, path)) == (8, 0, 0, 0)
    batch = Batch.objects.get()
    looked_at = {row.number for row in batch.rows.all() if row.faults}
    assert looked_at == {3, 7}
    assert Pupil.objects.count() == 7
    assert Enrolment.objects.filter(pupil__ids__fingerprint__isnull=False).count() == 8
    bring(area, path)
    assert (Pupil.objects.count(), Enrolment.objects.count()) == (7, 8), "brought again, nobody is doubled"


def test_no_number_lies_in_clear_and_the_absent_are_named(area, schools, tmp_path):
    rows = pupils(schools, 8, year=YEAR)
    path = tmp_path / f"{YEAR}-1-student.xlsx"
    write_rows(path, rows)
    bring(area, path)
    number = rows[2][AT["เลขประจำตัวประชาชน"]]
    for row in Batch.objects.get().rows.all():
        assert number not in f"{row.line}{row.staged}{row.values}{row.faults}{row.changes}"
    later = tmp_path / f"{YEAR}-2-student.xlsx"
    write_rows(later, rows[:2] + rows[3:])
    bring(area, later)
    assert Batch.objects.order_by("-pk").first().absent["count"] == 1


def test_confirming_twice_is_refused(area, schools, tmp_path):
    path = tmp_path / f"{YEAR}-2-student.xlsx"
    write_dmc(path, schools, 3, year=YEAR)
    bring(area, path)
    with pytest.raises(Refusal):
        confirm(actor=area.system, batch=Batch.objects.get())
    assert Pupil.objects.count() == 6


def test_a_known_number_in_two_schools_of_a_new_term(area, schools, tmp_path):
    """Neither school has the pupil in this term yet: two rows stand for one pupil without an enrolment."""
    rows = pupils(schools, 4, year=YEAR)
    path = tmp_path / f"{YEAR}-1-student.xlsx"
    write_rows(path, rows)
    bring(area, path)
    rows[5][AT["เลขประจำตัวประชาชน"]] = rows[1][AT["เลขประจำตัวประชาชน"]]
    later = tmp_path / f"{YEAR}-2-student.xlsx"
    write_rows(later, rows)
    assert counts(bring(area, later)) == (8, 0, 0, 0)
    assert Enrolment.objects.filter(term=2).values("pupil").distinct().count() == 7
