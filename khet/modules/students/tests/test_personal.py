"""The copy for a pupil's family, and forgetting pupils who left long ago."""

from __future__ import annotations

import json
from datetime import date

import pytest

from khet.base.journal.models import Entry
from khet.base.org.actions import add_account, add_person, add_post, appoint
from khet.base.org.api import ensure_roles
from khet.base.org.testing import freshen
from khet.base.privacy.models import Reading
from khet.modules.students.actions.forgetting import FORGOTTEN, due_to_forget, forget_pupils
from khet.modules.students.models import Enrolment, Guardian, Pupil, PupilId
from khet.modules.students.tests.conftest import citizen_id


@pytest.fixture
def principal(area):
    person = add_person(actor=area.system, title="นาง", first_name="สมใจ", last_name="ใจงาม")
    post = add_post(actor=area.system, unit=area.school.unit, kind="principal", title="ผอ.", short_title="ผอ.", roles=[ensure_roles()["principal"]])  # fmt: skip
    appoint(actor=area.system, post=post, person=person)
    return add_account(actor=area.system, person=person, username="principal", password="x")


def family(pupil: Pupil) -> None:
    Guardian.objects.create(pupil=pupil, role="mother", first_name="แม่จ๋า", last_name="ใจดี", income=9000)


def test_the_family_gets_everything_in_one_file(area, principal, client):
    pupil, other = area.pupil(1, blood="O"), area.pupil(2, first_name="คนอื่น")
    family(pupil)
    client.force_login(principal)
    page = f"/privacy/copy/students.pupil/{pupil.pk}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": "ผู้ปกครองยื่นคำขอ", "form": "json"}).status_code == 401, (
        "sign in afresh first"
    )
    freshen(client)
    assert client.post(page, {"reason": "", "form": "json"}).status_code == 422
    answer = client.post(page, {"reason": "ผู้ปกครองยื่นคำขอ", "form": "json"})
    text = b"".join(answer.streaming_content).decode()
    tables = {one["table"]: one for one in json.loads(text)["holdings"]}
    assert {"นักเรียน", "เลขประจำตัวนักเรียน", "ผู้ปกครอง", "ประวัติการแก้ไข"} <= set(tables)
    assert tables["เลขประจำตัวนักเรียน"]["rows"][0]["เลขประจำตัว"] == citizen_id(1)
    assert "แม่จ๋า" in text and citizen_id(2) not in text and other.first_name not in text
    reading = Reading.objects.get(via="copy")
    assert reading.subject == f"students.pupil:{pupil.pk}" and {"citizen_id", "family"} <= set(reading.what)
    assert Entry.objects.filter(verb="privacy.copy", facts__reason="ผู้ปกครองยื่นคำขอ").count() == 1
    table = client.post(page, {"reason": "ผู้ปกครองยื่นคำขอ", "form": "xlsx"})
    assert b"".join(table.streaming_content)[:2] == b"PK"


def test_the_copy_is_for_the_own_school_and_whoever_has_the_right(area, principal, client):
    stranger, own = area.pupil(1, school=area.other), area.pupil(2)
    client.force_login(principal)
    assert client.get(f"/privacy/copy/students.pupil/{stranger.pk}/").status_code == 404
    assert client.get("/privacy/copy/org.account/1/").status_code == 404
    client.force_login(area.accounts["clerk"])
    assert client.get(f"/privacy/copy/students.pupil/{own.pk}/").status_code == 403


def test_everybody_takes_out_their_own(area, client):
    client.force_login(area.accounts["teacher"])
    freshen(client)
    answer = client.post("/privacy/mine/copy/", {"form": "json"})
    text = b"".join(answer.streaming_content).decode()
    assert "ใจงาม" in text and "teacher" in text
    assert not Reading.objects.filter(via="copy").exists(), "reading about oneself is nobody's business"


def test_who_left_long_ago_is_forgotten_and_still_counted(area):
    gone, lately, here = area.pupil(1), area.pupil(2), area.pupil(3)
    for pupil, day in ((gone, date(2010, 3, 31)), (lately, date(2020, 3, 31))):
        family(pupil)
        Enrolment.objects.filter(pupil=pupil).update(
            left_on=day, state="graduated", weight=30, student_no="77"
        )
        Pupil.objects.filter(pk=pupil.pk).update(state="graduated")
    before = date(2016, 1, 1)
    assert due_to_forget(before) == 1
    assert forget_pupils(actor=area.system, before=before) == 1
    gone.refresh_from_db()
    assert (gone.full_name, gone.born_on, gone.sex) == (FORGOTTEN, None, "f")
    assert (
        not PupilId.objects.filter(pupil=gone).exists() and not Guardian.objects.filter(pupil=gone).exists()
    )
    kept = Enrolment.objects.get(pupil=gone)
    assert (kept.grade, kept.state, kept.weight, kept.student_no) == ("p2", "graduated", None, "")
    assert set(Pupil.objects.exclude(pk=gone.pk).values_list("first_name", flat=True)) == {"ดารา2", "ดารา3"}
    assert due_to_forget(before) == 0 and here.pk
    assert "ดารา1" not in json.dumps(
        list(Entry.objects.filter(verb="students.forget").values_list("facts", flat=True))
    )


def test_a_number_that_was_forgotten_may_come_again(area):
    gone = area.pupil(1)
    Enrolment.objects.filter(pupil=gone).update(left_on=date(2010, 3, 31), state="graduated")
    Pupil.objects.filter(pk=gone.pk).update(state="graduated")
    forget_pupils(actor=area.system, before=date(2016, 1, 1))
    assert area.pupil(1).pk != gone.pk


def test_the_page_of_a_pupil_names_the_family_and_no_income(area, client):
    pupil = area.pupil(1)
    family(pupil)
    client.force_login(area.accounts["clerk"])
    page = client.get(f"/register/pupils/{pupil.pk}/").content.decode()
    assert "แม่จ๋า ใจดี" in page and "9000" not in page and "9,000" not in page
