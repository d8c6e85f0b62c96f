"""Adding, changing, placing, seconding, leaving: each happy, refused, forbidden."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khet.base.journal.models import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.thai.words import fold
from khet.base.org.api import fetch, today, visible
from khet.base.org.models import PersonId
from khet.kits.files.api import attachments
from khet.modules.staff.actions import (
    add_official,
    add_part,
    add_position,
    change_official,
    change_part,
    change_position,
    close_position,
    end_secondment,
    leave_service,
    place,
    remove_part,
    remove_photo,
    second,
    set_citizen_id,
    set_photo,
    settle,
    vacate,
)
from khet.modules.staff.actions.officials import change_contacts
from khet.modules.staff.choices import job_of, movement_of, subject_of
from khet.modules.staff.models import (
    Discipline,
    Education,
    Incumbency,
    Official,
    Position,
    Secondment,
    Teaching,
)
from khet.modules.staff.rules import PAY, SERVICE, VIEW
from khet.modules.staff.tests.conftest import IDS

DAY = timedelta(days=1)


def test_a_new_official_has_a_code_a_person_and_the_position_that_was_named(area):
    made = add_official(
        actor=area.people["personnel"], prefix="นาย", first_name="กิตติ", last_name="แก้วสว่าง", unit=area.school, title="ครูผู้ช่วย",
        kind="teacher", level="assistant", position_number="4711", major="คณิตศาสตร์", in_position_since=date(2026, 5, 16),
    )  # fmt: skip
    assert made.code.startswith("B") and made.person.full_name == "นายกิตติ แก้วสว่าง"
    assert (made.job, made.subject) == ("assistant", "maths")
    assert (
        made.position.number == "4711"
        and made.position.unit == area.school
        and made.position.job == "assistant"
    )
    held = Incumbency.objects.get(official=made)
    assert (held.since, held.until) == (date(2026, 5, 16), None)
    assert Entry.objects.filter(verb="staff.add").latest("seq").subject == f"staff.official:{made.pk}"


@pytest.mark.parametrize("missing", ["first_name", "unit", "title"])
def test_what_every_official_needs(area, missing):
    values = {"first_name": "ก", "unit": area.school, "title": "ครู"} | {missing: None}
    with pytest.raises(Refusal) as why:
        add_official(actor=area.system, **values)
    assert why.value.field == missing


def test_one_person_is_an_official_once(area):
    with pytest.raises(Conflict):
        add_official(actor=area.system, person=area.people["teacher"].person, unit=area.school, title="ครู")


def test_only_personnel_add_and_change(area):
    for word in ("principal", "teacher", "director", "clerk"):
        with pytest.raises(Forbidden):
            add_official(actor=area.people[word], first_name="ก", unit=area.school, title="ครู")
        with pytest.raises(Forbidden):
            change_official(actor=area.people[word], official=area.officials["teacher"], title="ครู")


def test_a_change_is_journaled_and_masked_facts_keep_no_value(area):
    teacher = area.officials["teacher"]
    change_official(
        actor=area.people["personnel"],
        official=teacher,
        standing="k3",
        salary=45_000,
        religion="อิสลาม",
        last_name="ใหม่",
    )
    entry = Entry.objects.filter(verb="staff.change").latest("seq")
    assert entry.changes["standing"] == ["none", "k3"]
    assert entry.changes["salary"] == ["…", "…"] and entry.changes["religion"] == ["…", "…"]
    assert "45000" not in str(entry.changes) and "อิสลาม" not in str(entry.changes)
    teacher.refresh_from_db()
    assert teacher.person.last_name == "ใหม่" and fold("ใหม่") in teacher.search_text


def test_a_school_writes_contacts_of_its_own_people_and_nothing_else(area):
    change_contacts(actor=area.people["principal"], official=area.officials["teacher"], phone="08 0000 1111")
    assert area.officials["teacher"].person.phone == "08 0000 1111"
    with pytest.raises(Refusal):
        change_contacts(actor=area.people["principal"], official=area.officials["teacher"], salary=1)
    with pytest.raises(Forbidden):
        change_contacts(actor=area.people["stranger"], official=area.officials["teacher"], phone="1")


def test_who_sees_whom(area):
    def seen(word, code=VIEW):
        return set(visible(area.people[word], Official.objects.all(), code).values_list("pk", flat=True))

    everybody = {official.pk for official in area.officials.values()}
    own = {area.officials[word].pk for word in ("principal", "clerk", "teacher")}
    assert seen("personnel") == seen("director") == everybody
    assert seen("principal") == seen("clerk") == own
    assert seen("teacher") == {area.officials["teacher"].pk}
    assert seen("stranger") == {area.officials["stranger"].pk}
    assert seen("principal", PAY) == seen("principal", SERVICE) == {area.officials["principal"].pk}
    with pytest.raises(Exception, match="ไม่พบ"):
        fetch(area.people["stranger"], Official.objects.all(), pk=area.officials["teacher"].pk)


def test_a_seconded_person_is_seen_where_they_work_and_where_they_belong(area):
    second(
        actor=area.people["personnel"],
        official=area.officials["teacher"],
        unit=area.other,
        until=today() + 30 * DAY,
    )
    for word in ("principal", "stranger"):
        assert visible(area.people[word], Official.objects.filter(pk=area.officials["teacher"].pk)).exists()
    end_secondment(actor=area.people["personnel"], official=area.officials["teacher"])
    assert not visible(
        area.people["stranger"], Official.objects.filter(pk=area.officials["teacher"].pk)
    ).exists()


def test_placing_moves_closes_the_old_and_keeps_history(area):
    teacher, personnel = area.officials["teacher"], area.people["personnel"]
    position = add_position(actor=personnel, number="777", unit=area.other, title="ครู", kind="teacher")
    before = teacher.position
    place(actor=personnel, official=teacher, position=position, reference="12/2569")
    teacher.refresh_from_db()
    assert teacher.position == position and teacher.unit == teacher.work_unit == area.other
    assert not Official.objects.filter(position=before).exists()
    rows = list(
        Incumbency.objects.filter(official=teacher)
        .order_by("-since")
        .values_list("position__number", "until")
    )
    assert rows[0] == ("777", None)
    with pytest.raises(Conflict, match="ครองอยู่"):
        place(actor=personnel, official=area.officials["principal"], position=position)
    with pytest.raises(Forbidden):
        place(actor=area.people["principal"], official=area.officials["principal"], position=before)


def test_a_move_that_begins_later_takes_effect_on_its_day(area):
    teacher, personnel = area.officials["teacher"], area.people["personnel"]
    position = add_position(actor=personnel, number="778", unit=area.other, title="ครู")
    before = teacher.position
    place(actor=personnel, official=teacher, position=position, since=today() + 3 * DAY)
    teacher.refresh_from_db()
    assert teacher.position == before
    assert settle() == 0
    assert settle(today() + 3 * DAY) == 1
    teacher.refresh_from_db()
    assert teacher.position == position and teacher.unit == area.other and teacher.work_unit == area.other
    assert settle(today() + 3 * DAY) == 0


def test_a_secondment_ends_by_itself_at_night(area):
    teacher = area.officials["teacher"]
    second(actor=area.people["personnel"], official=teacher, unit=area.other, until=today() + DAY)
    assert settle(today() + DAY) == 0
    assert settle(today() + 2 * DAY) == 1
    teacher.refresh_from_db()
    assert teacher.work_unit == area.school


def test_second_refuses_the_own_unit_and_days_the_wrong_way(area):
    for values in ({"unit": area.school}, {"unit": area.other, "until": date(2020, 1, 1)}):
        with pytest.raises(Refusal):
            second(actor=area.people["personnel"], official=area.officials["teacher"], **values)
    with pytest.raises(Forbidden):
        second(actor=area.people["principal"], official=area.officials["teacher"], unit=area.other)
    with pytest.raises(Conflict):
        end_secondment(actor=area.people["personnel"], official=area.officials["teacher"])


def test_leaving_frees_the_position_and_happens_once(area):
    teacher, personnel = area.officials["teacher"], area.people["personnel"]
    position = teacher.position
    with pytest.raises(Forbidden):
        leave_service(actor=area.people["principal"], official=teacher, since=today(), leaving="retired")
    leave_service(actor=personnel, official=teacher, since=today(), leaving="retired")
    assert teacher.position is None and not teacher.is_serving
    with pytest.raises(Conflict):
        leave_service(actor=personnel, official=teacher, since=today(), leaving="retired")
    with pytest.raises(Conflict):
        place(actor=personnel, official=teacher, position=position)
    close_position(actor=personnel, position=position)
    with pytest.raises(Conflict):
        close_position(actor=personnel, position=position)


def test_vacate_and_close(area):
    personnel, teacher = area.people["personnel"], area.officials["teacher"]
    position = teacher.position
    with pytest.raises(Conflict):
        close_position(actor=personnel, position=position)
    vacate(actor=personnel, official=teacher)
    with pytest.raises(Conflict):
        vacate(actor=personnel, official=teacher)
    with pytest.raises(Forbidden):
        close_position(actor=area.people["principal"], position=position)


def test_a_number_of_a_position_stands_once(area):
    personnel = area.people["personnel"]
    add_position(actor=personnel, number="55", unit=area.school, title="ครู")
    with pytest.raises(Conflict):
        add_position(actor=personnel, number="55", unit=area.other, title="ครู")
    other = add_position(actor=personnel, number="56", unit=area.school, title="ครู")
    with pytest.raises(Conflict):
        change_position(actor=personnel, position=other, number="55")
    change_position(actor=personnel, position=other, title="ครูผู้ช่วย")
    assert Position.objects.get(pk=other.pk).job == "assistant"
    with pytest.raises(Forbidden):
        change_position(actor=area.people["principal"], position=other, title="ครู")


def test_the_citizen_id_is_sealed_and_replaced(area):
    teacher, personnel = area.officials["teacher"], area.people["personnel"]
    set_citizen_id(actor=personnel, official=teacher, value=IDS[0])
    set_citizen_id(actor=personnel, official=teacher, value=IDS[1])
    held = PersonId.objects.get(person=teacher.person, until__isnull=True)
    assert IDS[1].encode() not in bytes(held.sealed)
    assert not Entry.objects.filter(facts__icontains=IDS[1]).exists()
    with pytest.raises(Refusal):
        set_citizen_id(actor=personnel, official=teacher, value="1993000000013")
    with pytest.raises(Forbidden):
        set_citizen_id(actor=area.people["principal"], official=teacher, value=IDS[2])


def test_rows_of_the_record(area):
    teacher, personnel = area.officials["teacher"], area.people["personnel"]
    row = add_part(
        actor=personnel, official=teacher, model=Education, level="bachelor", degree="ค.บ.", year=2545
    )
    change_part(actor=personnel, row=row, degree="ศษ.บ.")
    assert Education.objects.get().degree == "ศษ.บ."
    with pytest.raises(Refusal):
        add_part(
            actor=personnel, official=teacher, model=Education, level="bachelor", degree="ค.บ.", year=1999
        )
    with pytest.raises(Forbidden):
        add_part(
            actor=area.people["principal"], official=teacher, model=Education, level="master", degree="ม."
        )
    remove_part(actor=personnel, row=row)
    assert not Education.objects.exists()
    lesson = add_part(
        actor=area.people["principal"],
        official=teacher,
        model=Teaching,
        school_year=2569,
        subject="maths",
        grades=["p5", "p6"],
        hours=12,
    )
    with pytest.raises(Forbidden):
        remove_part(actor=area.people["stranger"], row=lesson)


def test_discipline_leaves_no_words_in_the_journal(area):
    row = add_part(
        actor=area.people["personnel"],
        official=area.officials["teacher"],
        model=Discipline,
        words="ภาคทัณฑ์ลับมาก",
        given_on=date(2020, 1, 2),
    )
    change_part(actor=area.people["personnel"], row=row, words="ตัดเงินเดือนลับ")
    remove_part(actor=area.people["personnel"], row=row)
    assert not Entry.objects.filter(changes__icontains="ลับ").exists()
    assert not Entry.objects.filter(facts__icontains="ลับ").exists()


def test_the_photograph_is_drawn_anew_and_stands_once(area):
    import io

    from PIL import Image

    def upload():
        buffer = io.BytesIO()
        picture = Image.new("RGB", (900, 900), "navy")
        exif = picture.getexif()
        exif[0x010E] = "ที่บ้าน"
        picture.save(buffer, "JPEG", exif=exif)
        return ContentFile(buffer.getvalue(), name="me.jpg")

    teacher = area.officials["teacher"]
    set_photo(actor=area.people["principal"], official=teacher, upload=upload())
    photo = set_photo(actor=area.people["personnel"], official=teacher, upload=upload())
    assert [a.pk for a in attachments(teacher, kind="photo")] == [photo.pk]
    with pytest.raises(Forbidden):
        set_photo(actor=area.people["teacher"], official=teacher, upload=upload())
    with pytest.raises(Refusal):
        set_photo(
            actor=area.people["personnel"],
            official=teacher,
            upload=ContentFile(b"not a picture", name="x.jpg"),
        )
    remove_photo(actor=area.people["personnel"], official=teacher)
    with pytest.raises(Refusal):
        remove_photo(actor=area.people["personnel"], official=teacher)


def test_many_officials_cost_no_more_statements_than_few(area):
    from khet.modules.staff.actions import import_officials

    def rows(start, count):
        return [
            {
                "first_name": f"คน{n}",
                "unit": area.school,
                "title": "ครู",
                "position_number": f"5{n}",
                "degree": "ค.บ.",
                "licence_number": f"{n}",
            }
            for n in range(start, start + count)
        ]

    with CaptureQueriesContext(connection) as few:
        import_officials(actor=area.system, new=rows(0, 2), changed=[], source="x")
    with CaptureQueriesContext(connection) as many:
        import_officials(actor=area.system, new=rows(100, 300), changed=[], source="x")
    assert len(many) <= len(few) + 2
    assert Secondment.objects.count() == 0


@pytest.mark.parametrize(
    ("words", "job"),
    [
        ("ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา", "director"), ("รอง ผอ.สพป.ศรีธารา เขต 2", "deputy"), ("ผอ.โรงเรียนบ้านไร่", "principal"),
        ("ผู้อำนวยการโรงเรียน", "principal"), ("รองผู้อำนวยการสถานศึกษา", "vice_principal"), ("ผู้อำนวยการกลุ่มอำนวยการ", "officer"), ("ครู", "teacher"),
        ("ครูชำนาญการพิเศษ", "teacher"), ("ครูผู้ช่วย", "assistant"), ("เจ้าหน้าที่ธุรการโรงเรียนบ้านไร่", "clerk"), ("พี่เลี้ยงเด็กพิการ", "carer"),
        ("ศึกษานิเทศก์ชำนาญการ", "supervisor"), ("ช่างไม้ ระดับ 4", "janitor"), ("นักการภารโรง", "janitor"), ("จพง.ธุรการ", "officer"), ("ที่ปรึกษา", "other"),
    ],
)  # fmt: skip
def test_the_words_of_a_position_say_the_job(words, job):
    assert job_of(words) == job


def test_words_of_files():
    assert (
        subject_of("ภาษาอังกฤษ") == "foreign"
        and subject_of("การประถมศึกษา") == "primary"
        and subject_of("") == ""
    )
    assert (
        movement_of("เลื่อนขั้นเงินเดือน 0.5 ขั้น") == "step_half"
        and movement_of("เลื่อนเงินเดือน (ร้อยละ 3.1)") == "raised"
    )
    assert (
        movement_of("เลื่อนขั้นเงินเดือน 1.5 ขั้น") == "step_one_half"
        and movement_of("เลื่อนเป็นวิทยฐานะชำนาญการ") == "promoted"
    )
    assert movement_of("พ้นจากการทดลองปฏิบัติราชการ") == "probation" and movement_of("ประหลาด") == "other"
