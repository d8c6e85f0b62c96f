"""The record of reading: written in one statement, never edited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from khet.base.lib.errors import Refusal
from khet.base.org.api import visible
from khet.base.privacy.api import DataKind, Subject, Via, record_reading, typed_reason
from khet.base.privacy.models import KEPT_DAYS, Reading

pytestmark = pytest.mark.django_db


def test_a_reading_says_who_read_what_about_whom_how_and_why(area, django_assert_num_queries):
    pupil = Subject("students.pupil:512", "เด็กชายกล้า ใจดี", area["school1"].pk)
    with django_assert_num_queries(1):
        occasion = record_reading(
            actor=area["principal1"],
            subject=pupil,
            what=[DataKind.HEALTH, "citizen_id", "health"],
            reason="  ทำบัตร ",
        )
    row = Reading.objects.get()
    assert (row.reader, row.person_id) == ("ครู1 ดีงาม", area["principal1"].person.pk)
    assert (row.subject, row.subject_words) == ("students.pupil:512", "เด็กชายกล้า ใจดี")
    assert (row.subject_unit_id, row.reader_unit_id) == (area["school1"].pk, area["school1"].pk)
    assert row.what == ["citizen_id", "health"] and row.via == Via.PAGE and row.reason == "ทำบัตร"
    assert (row.occasion, row.size, row.address, row.is_outside) == (occasion, 1, "203.0.113.7", False)


def test_a_thousand_subjects_are_one_statement(area, django_assert_num_queries):
    subjects = [Subject(f"students.pupil:{n}", f"คนที่ {n}", area["school2"].pk) for n in range(1000)]
    with django_assert_num_queries(1):
        occasion = record_reading(
            actor=area["auditor"], subjects=subjects, what=["health"], via=Via.EXPORT, reason="ส่งกรมอนามัย"
        )
    rows = Reading.objects.filter(occasion=occasion)
    assert rows.count() == 1000 and {row.size for row in rows} == {1000}
    assert not rows.filter(is_outside=True).exists()  # the office works for every school


def test_a_record_itself_is_a_subject_with_the_unit_of_its_rule(area):
    record_reading(actor=area["auditor"], subject=area["school1"], what=["contact"])
    record_reading(actor=area["auditor"], subject=area["principal1"].person, what=["contact"])
    unit, person = Reading.objects.order_by("pk")
    assert unit.subject == f"org.unit:{area['school1'].pk}" and unit.subject_unit_id == area["school1"].pk
    assert person.subject_words == "ครู1 ดีงาม" and person.subject_unit_id is None


def test_reading_about_another_school_is_marked(area):
    record_reading(
        actor=area["principal1"],
        subject=Subject("students.pupil:1", "ก", area["school2"].pk),
        what=["health"],
    )
    assert Reading.objects.get().is_outside


def test_nobody_read_about_is_no_reading(area):
    assert record_reading(actor=area["auditor"], subjects=[], what=["health"]) is None
    assert record_reading(actor=area["auditor"], subject=area["school1"], what=[]) is None
    assert not Reading.objects.exists()


def test_an_unknown_kind_of_data_is_an_error_of_the_program(area):
    with pytest.raises(ValueError, match="colour"):
        record_reading(actor=area["auditor"], subject=area["school1"], what=["colour"])


@pytest.mark.parametrize(
    "statement",
    ["UPDATE privacy_reading SET reader = 'x'", "DELETE FROM privacy_reading", "TRUNCATE privacy_reading"],
)
def test_it_cannot_be_edited_deleted_or_emptied(area, statement):
    record_reading(actor=area["auditor"], subject=area["school1"], what=["contact"])
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Reading.objects.count() == 1


@pytest.mark.parametrize(("days", "goes"), [(KEPT_DAYS - 1, False), (KEPT_DAYS + 1, True)])
def test_only_what_is_older_than_its_time_may_go(area, days, goes):
    Reading.objects.create(
        at=timezone.now() - timedelta(days=days), reader="ก", subject="a.b:1", subject_words="ข",
        what=["health"], via="page",
    )  # fmt: skip
    if goes:
        Reading.objects.all().delete()
    else:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            Reading.objects.all().delete()
    assert Reading.objects.exists() is not goes


def test_an_auditor_sees_all_of_it_a_principal_what_was_read_about_the_school(area):
    for number in (1, 2):
        record_reading(
            actor=area["auditor"],
            subject=Subject("students.pupil:1", "ก", area[f"school{number}"].pk),
            what=["health"],
        )
    assert visible(area["auditor"], Reading.objects.all()).count() == 2
    seen = visible(area["principal1"], Reading.objects.all())
    assert [row.subject_unit_id for row in seen] == [area["school1"].pk]


@pytest.mark.parametrize("text", ["", "งาน", "   .      "])
def test_a_reason_says_something(text):
    with pytest.raises(Refusal) as why:
        typed_reason(text)
    assert why.value.field == "reason"


def test_a_reason_is_kept_in_one_line():
    assert typed_reason(" ทำบัตร\nนักเรียน  ใหม่ ") == "ทำบัตร นักเรียน ใหม่"
