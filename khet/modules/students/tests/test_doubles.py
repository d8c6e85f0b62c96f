"""A pupil on several rolls: opened once, told by every school with evidence, agreed or decided, and found no more."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khet.base.journal.models import Entry
from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.notices.models import Notice
from khet.base.org.api import today
from khet.kits.files.api import attachments
from khet.kits.rounds.api import findings_of
from khet.kits.rounds.bases import Scope, checks
from khet.modules.schools.api import School
from khet.modules.students.actions import (
    claim,
    forget_pupils,
    open_double,
    open_doubles,
    settle_double,
    tell_overdue,
)
from khet.modules.students.jobs import look_for_doubles
from khet.modules.students.models import Claim, Double, DoubleRoll, Enrolment, Pupil

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def pupil(area) -> Pupil:
    """On the roll of both schools, at the other since five days ago."""
    child = area.pupil(1)
    here = area.enrolment(child)
    Enrolment.objects.filter(pk=here.pk).update(weight="24.5", disadvantage="1")
    Enrolment.objects.create(
        pupil=child, school=area.other, school_year=here.school_year, term=here.term, grade="p2", entered_on=today() - timedelta(days=5)
    )  # fmt: skip
    return child


@pytest.fixture
def case(area, pupil) -> Double:
    open_doubles(actor=area.actor("planner"))
    return Double.objects.get()


def say(area, case, who, kind, **more):
    school = area.other if who == "other_clerk" else area.school
    return claim(actor=area.actor(who), double=case, school=school, kind=kind, **({"words": "มีใบย้ายลงวันที่ 2"} | more))  # fmt: skip


def found() -> list[int]:
    scope = Scope(unit_ids=None, school_year=school_year(today()), term=school_term(today()), as_at=today())
    return [row["unit_id"] for row in findings_of(checks["students.two_schools"], scope)]


def test_every_pupil_on_two_rolls_is_opened_once_and_both_schools_are_told(area, pupil):
    area.pupil(2)
    assert open_doubles(actor=area.actor("planner")) == (1, 0)
    assert open_doubles(actor=area.actor("planner")) == (0, 0), "nothing doubles by looking twice"
    case = Double.objects.get()
    assert (case.pupil_id, case.state) == (pupil.pk, "open")
    assert set(case.rolls.values_list("school", flat=True)) == {area.school.pk, area.other.pk}
    assert case.due_on > today()
    told = set(
        Notice.objects.filter(event__startswith="students.doubles:", channel="app").values_list(
            "person__first_name", flat=True
        )
    )
    assert told == {"clerk", "other_clerk"}


def test_only_the_area_and_the_two_schools_open_one(area, pupil):
    for word in ("clerk", "teacher", "finance"):
        with pytest.raises(Forbidden):
            open_doubles(actor=area.actor(word))
    with pytest.raises(Forbidden):
        open_double(actor=area.actor("teacher"), pupil=pupil)
    case = open_double(actor=area.actor("other_clerk"), pupil=pupil)
    assert open_double(actor=area.actor("clerk"), pupil=pupil) == case
    with pytest.raises(Conflict):
        open_double(actor=area.actor("clerk"), pupil=area.pupil(2))


def test_agreed_the_other_roll_ends_on_the_day_given_and_the_finding_is_gone(area, pupil, case):
    assert len(found()) == 2
    day = today() - timedelta(days=6)
    say(area, case, "other_clerk", "stays")
    case.refresh_from_db()
    assert case.state == "open", "one school alone settles nothing"
    after = say(area, case, "clerk", "left", left_on=day)
    left = area.enrolment(pupil)
    assert (left.state, left.left_on, left.destination) == ("moved", day, area.other.full_name)
    assert (after.state, after.keeper) == ("agreed", area.other)
    assert dict(after.rolls.values_list("school", "left_on")) == {area.school.pk: day, area.other.pk: None}
    assert area.enrolment(pupil, area.other).state == "studying"
    pupil.refresh_from_db()
    assert pupil.school_id == area.other.pk
    assert found() == []
    entry = Entry.objects.filter(verb="students.claim_double").latest("pk")
    assert "clerk" in entry.actor_name
    told = Notice.objects.filter(event__startswith=f"students.double:{case.pk}:agreed", channel="app")
    assert set(told.values_list("person__first_name", flat=True)) == {"other_clerk"}


def test_agreed_when_the_one_that_let_go_spoke_first(area, pupil, case):
    say(area, case, "clerk", "left", left_on=today() - timedelta(days=6))
    assert area.enrolment(pupil).state == "studying", "nothing ends before the other has answered"
    assert say(area, case, "other_clerk", "stays").state == "agreed"
    assert area.enrolment(pupil).state == "moved"


def test_contradiction_goes_to_the_area_which_decides_with_a_reason(area, pupil, case):
    with pytest.raises(Conflict):
        settle_double(actor=area.actor("planner"), double=case, keeper=area.school.pk, left_on=today(), reason="เร็วไป")  # fmt: skip
    say(area, case, "other_clerk", "stays")
    say(area, case, "clerk", "stays")
    case.refresh_from_db()
    assert case.state == "disputed"
    facts = {"double": case, "keeper": area.school.pk, "left_on": today()}
    for word in ("clerk", "other_clerk", "teacher", "finance"):
        with pytest.raises(Forbidden):
            settle_double(actor=area.actor(word), reason="ใบย้ายลงวันที่ 2", **facts)
    with pytest.raises(Refusal):
        settle_double(actor=area.actor("planner"), reason=" ", **facts)
    with pytest.raises(Refusal):
        settle_double(actor=area.actor("planner"), reason="ใบย้ายลงวันที่ 2", **facts | {"keeper": 0})
    after = settle_double(actor=area.actor("planner"), reason="บัญชีเรียกชื่อมีครบทุกวัน", **facts)
    assert (after.state, after.keeper) == ("decided", area.school)
    gone = area.enrolment(pupil, area.other)
    assert (gone.state, gone.left_on) == ("moved", today())
    with pytest.raises(Conflict):
        say(area, case, "clerk", "stays")
    with pytest.raises(Conflict):
        settle_double(actor=area.actor("planner"), reason="ใบย้ายลงวันที่ 2", **facts)
    told = Notice.objects.filter(event__startswith=f"students.double:{case.pk}:decided", channel="app")
    assert set(told.values_list("person__first_name", flat=True)) == {"clerk", "other_clerk"}


def test_a_contradiction_may_still_be_agreed(area, pupil, case):
    say(area, case, "other_clerk", "stays")
    say(area, case, "clerk", "stays")
    assert say(area, case, "clerk", "left", left_on=today()).state == "agreed"
    assert Claim.objects.filter(double=case).count() == 3, "what was said before remains"


def test_silence_past_the_days_lets_the_area_decide_and_is_told_once(area, pupil, case):
    assert tell_overdue() == 0
    Double.objects.update(due_on=today() - timedelta(days=1))
    case.refresh_from_db()
    assert (tell_overdue(), tell_overdue()) == (1, 0)
    assert settle_double(
        actor=area.actor("planner"), double=case, keeper=area.other.pk, left_on=today(), reason="โทรถามผู้ปกครองแล้ว"
    ).state == "decided"  # fmt: skip


def test_what_a_school_may_not_say(area, case):
    with pytest.raises(Forbidden):
        claim(actor=area.actor("clerk"), double=case, school=area.other, kind="stays", words="ของอีกโรงเรียน")
    for word in ("planner", "teacher", "finance"):
        with pytest.raises(Forbidden):
            claim(actor=area.actor(word), double=case, school=area.school, kind="stays", words="ไม่ใช่หน้าที่")
    for wrong in (
        {"kind": "left", "left_on": None},
        {"kind": "left", "left_on": today() + timedelta(days=1)},
        {"kind": "left", "left_on": today() - timedelta(days=4000)},
        {"kind": "perhaps"},
        {"kind": "stays", "words": ""},
    ):
        with pytest.raises(Refusal):
            say(area, case, "clerk", wrong.pop("kind"), **wrong)
    assert not Claim.objects.exists()


def test_evidence_alone_is_enough_and_both_schools_and_nobody_else_may_open_it(area, case, client):
    say(area, case, "clerk", "stays", words="", uploads=[SimpleUploadedFile("ใบย้าย.png", PNG)])
    [held] = attachments(Claim.objects.get())
    for word, status in (
        ("clerk", 200),
        ("other_clerk", 200),
        ("planner", 200),
        ("teacher", 404),
        ("finance", 404),
    ):
        client.force_login(area.accounts[word])
        assert client.get(held.url).status_code == status, word


def test_what_is_no_longer_double_is_closed_by_the_night(area, pupil, case):
    Enrolment.objects.filter(pupil=pupil, school=area.other).update(state="moved")
    assert look_for_doubles(timestamp=0) == 0
    case.refresh_from_db()
    assert case.state == "gone"
    Enrolment.objects.filter(pupil=pupil, school=area.other).update(state="studying")
    assert look_for_doubles(timestamp=0) == 1, "back again is a new case"


def test_a_forgotten_pupil_leaves_no_words_nor_papers_behind(area, pupil, case):
    say(
        area,
        case,
        "clerk",
        "left",
        left_on=today(),
        words="ย้ายตามผู้ปกครอง",
        uploads=[SimpleUploadedFile("a.png", PNG)],
    )
    Enrolment.objects.filter(pupil=pupil).update(state="moved", left_on=date(2000, 1, 1))
    Pupil.objects.update(state="moved")
    assert forget_pupils(actor=area.system, before=date(2020, 1, 1)) == 1
    assert [(one.words, list(attachments(one))) for one in Claim.objects.all()] == [("", [])]


@pytest.fixture
def third(area, pupil) -> Any:
    """A third school that has the pupil on its roll too, since two days ago."""
    school = area.third()
    further = Enrolment.objects.get(pupil=pupil, school=area.other)
    further.pk, further._state.adding, further.school = None, True, school
    further.entered_on = today() - timedelta(days=2)
    further.save()
    return school


def third_says(area, case, school, kind, **more):
    return claim(
        actor=area.system, double=case, school=school, kind=kind, **({"words": "รับไว้แล้ว มีใบมอบตัว"} | more)
    )


def test_three_schools_are_one_case_and_a_late_one_joins_it(area, pupil, case, third):
    assert case.rolls.count() == 2
    Double.objects.update(due_on=today() - timedelta(days=1))
    assert open_doubles(actor=area.actor("planner")) == (0, 0)
    assert open_doubles(actor=area.actor("planner")) == (0, 0)
    case.refresh_from_db()
    assert Double.objects.count() == 1
    assert set(case.rolls.values_list("school", flat=True)) == {area.school.pk, area.other.pk, third.pk}
    assert case.due_on > today(), "who joins late has the same days"
    assert len(found()) == 3, "each school is told by its own check"
    scope = Scope(unit_ids=None, school_year=school_year(today()), term=school_term(today()), as_at=today())
    for row in findings_of(checks["students.two_schools"], scope):
        others = {area.school, area.other, third} - {School.objects.get(unit=row["unit_id"])}
        assert all(one.name in row["facts"]["other"] for one in others)


def test_three_agree_once_every_one_has_spoken_and_one_keeps(area, pupil, third):
    open_doubles(actor=area.actor("planner"))
    case = Double.objects.get()
    days = [today() - timedelta(days=6), today() - timedelta(days=2)]
    assert say(area, case, "clerk", "left", left_on=days[0]).state == "open"
    assert third_says(area, case, third, "stays").state == "open", "one has not spoken yet"
    assert area.enrolment(pupil).state == "studying"
    after = say(area, case, "other_clerk", "left", left_on=days[1])
    assert (after.state, after.keeper) == ("agreed", third)
    ended = {(one.school_id, one.state, one.left_on) for one in Enrolment.objects.filter(pupil=pupil)}
    assert ended == {
        (area.school.pk, "moved", days[0]),
        (area.other.pk, "moved", days[1]),
        (third.pk, "studying", None),
    }
    assert dict(after.rolls.values_list("school", "left_on")) == {
        area.school.pk: days[0],
        area.other.pk: days[1],
        third.pk: None,
    }
    assert found() == []
    pupil.refresh_from_db()
    assert pupil.school_id == third.pk


def test_two_that_keep_contradict_at_once_and_one_who_gives_way_reopens(area, pupil, third):
    open_doubles(actor=area.actor("planner"))
    case = Double.objects.get()
    say(area, case, "other_clerk", "stays")
    assert third_says(area, case, third, "stays").state == "disputed", "whatever the silent one may say"
    assert third_says(area, case, third, "left", left_on=today()).state == "open"
    assert say(area, case, "clerk", "left", left_on=today()).state == "agreed"


def test_all_that_let_go_is_a_contradiction(area, pupil, third):
    open_doubles(actor=area.actor("planner"))
    case = Double.objects.get()
    for who in ("clerk", "other_clerk"):
        assert say(area, case, who, "left", left_on=today()).state == "open"
    assert third_says(area, case, third, "left", left_on=today()).state == "disputed"


def test_one_decision_of_the_area_settles_all_three_and_a_second_changes_nothing(area, pupil, third):
    open_doubles(actor=area.actor("planner"))
    case = Double.objects.get()
    say(area, case, "other_clerk", "stays")
    third_says(area, case, third, "stays")
    own = today() - timedelta(days=4)
    facts = {
        "double": case,
        "keeper": third.pk,
        "left_on": today() - timedelta(days=2),
        "reason": "ดูบัญชีเรียกชื่อแล้ว",
    }
    with pytest.raises(Refusal) as why:
        settle_double(actor=area.actor("planner"), **facts, days={area.other.pk: today() - timedelta(days=9)})
    assert why.value.field == f"left_on_{area.other.pk}", "before the day of entry there"
    assert {one.state for one in Enrolment.objects.filter(pupil=pupil)} == {"studying"}
    after = settle_double(actor=area.actor("planner"), **facts, days={area.other.pk: own})
    assert (after.state, after.keeper) == ("decided", third)
    settled = set(
        Enrolment.objects.filter(pupil=pupil).values_list("school", "state", "left_on", "destination")
    )
    name = third.full_name
    assert settled == {
        (area.school.pk, "moved", facts["left_on"], name),
        (area.other.pk, "moved", own, name),
        (third.pk, "studying", None, ""),
    }
    entries, notices = Entry.objects.count(), Notice.objects.count()
    with pytest.raises(Conflict):
        settle_double(actor=area.actor("planner"), **facts | {"keeper": area.school.pk})
    assert (
        set(Enrolment.objects.filter(pupil=pupil).values_list("school", "state", "left_on", "destination"))
        == settled
    )
    assert (Entry.objects.count(), Notice.objects.count()) == (entries, notices)
    told = Notice.objects.filter(event__startswith=f"students.double:{case.pk}:decided", channel="app")
    assert set(told.values_list("person__first_name", flat=True)) == {"clerk", "other_clerk"}


def test_who_is_off_the_roll_already_is_not_waited_for_and_cannot_be_the_keeper(area, pupil, third):
    open_doubles(actor=area.actor("planner"))
    case = Double.objects.get()
    Enrolment.objects.filter(pupil=pupil, school=third).update(state="moved", left_on=today())
    say(area, case, "other_clerk", "stays")
    say(area, case, "clerk", "stays")
    with pytest.raises(Refusal):
        settle_double(
            actor=area.actor("planner"), double=case, keeper=third.pk, left_on=today(), reason="ใบย้ายลงวันที่ 2"
        )
    assert say(area, case, "clerk", "left", left_on=today()).state == "agreed"


def test_the_same_word_sent_twice_is_said_once(area, pupil, third):
    open_doubles(actor=area.actor("planner"))
    case = Double.objects.get()
    told = Notice.objects.filter(event__startswith=f"students.double:{case.pk}:open")
    for _again in range(2):
        say(area, case, "clerk", "stays", words="", uploads=[SimpleUploadedFile("ใบย้าย.png", PNG)])
        assert (Claim.objects.count(), told.filter(channel="app").count()) == (1, 1)
    say(area, case, "clerk", "stays", words="เพิ่มเติม มาเรียนทุกวัน")
    assert Claim.objects.count() == 2


def test_cases_of_pairs_become_one_case_of_all_their_schools(area, pupil, third):
    """What the migration does with the pairs of old: one case, all schools, everything that was said."""
    migration = import_module("khet.modules.students.migrations.0007_doubles_of_many_schools")
    a, b, c = sorted([area.school.pk, area.other.pk, third.pk])
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE students_double ADD first_id bigint, ADD second_id bigint, ADD left_on date"
        )
        cursor.execute("DROP INDEX students_double_once")
        rows = [(a, b, "open", None), (a, c, "disputed", None), (b, c, "open", None), (a, b, "decided", a)]
        for first, second, state, keeper in rows:
            cursor.execute(
                """INSERT INTO students_double (pupil_id, school_year, term, first_id, second_id, state, opened_at, due_on, keeper_id, left_on, closed_at, reason)
                   VALUES (%s, %s, 1, %s, %s, %s, now(), current_date, %s, %s, %s, 'ใบย้าย')""",
                [
                    pupil.pk,
                    school_year(today()),
                    first,
                    second,
                    state,
                    keeper,
                    keeper and today(),
                    keeper and "2026-01-01",
                ],
            )
    old = list(Double.objects.order_by("pk"))
    for case, school in zip(old[:3], (a, c, b), strict=True):
        Claim.objects.create(double=case, school_id=school, kind="stays", words="อยู่ที่นี่", by="ครู")
    with connection.cursor() as cursor:
        cursor.execute(migration.MERGE)
    kept, closed = Double.objects.order_by("pk")
    assert (kept.pk, kept.state) == (old[0].pk, "disputed")
    assert set(kept.rolls.values_list("school", flat=True)) == {a, b, c}
    assert Claim.objects.filter(double=kept).count() == 3
    assert dict(closed.rolls.values_list("school", "left_on")) == {a: None, b: today()}
    assert DoubleRoll.objects.count() == 5


def test_one_page_shows_all_three_and_takes_the_area_s_one_decision(area, pupil, third, client):
    open_doubles(actor=area.actor("planner"))
    case = Double.objects.get()
    address = f"/students/doubles/{case.pk}/"
    say(
        area,
        case,
        "clerk",
        "left",
        left_on=today() - timedelta(days=5),
        uploads=[SimpleUploadedFile("ใบย้าย.png", PNG)],
    )
    say(area, case, "other_clerk", "stays")
    third_says(area, case, third, "stays")
    client.force_login(area.accounts["planner"])
    page = client.get(address).content.decode()
    for words in (
        area.school.full_name,
        area.other.full_name,
        third.full_name,
        "ใบย้าย.png",
        "รับไว้แล้ว มีใบมอบตัว",
    ):
        assert words in page
    day = today().strftime("%d/%m/") + str(today().year + 543)
    sent = {"act": "settle", "keeper": third.pk, "left_on": day, "reason": "ดูบัญชีเรียกชื่อแล้ว"}
    wrong = client.post(address, sent | {f"left_on_{area.other.pk}": "1/1/2500"})
    assert wrong.status_code == 422 and "วันที่ออกอยู่ก่อนวันเข้าเรียน" in wrong.content.decode()
    assert client.post(address, sent).status_code == 302
    again = client.post(address, sent | {"keeper": area.school.pk}, follow=True).content.decode()
    assert "เรื่องนี้เสร็จแล้ว" in again
    assert Enrolment.objects.get(pupil=pupil, state="studying").school == third
    client.force_login(area.accounts["clerk"])
    listed = client.get("/students/doubles/?show=settled").content.decode()
    assert all(one.name in listed for one in (area.school, area.other, third))


def test_pages_from_the_finding_to_agreement_on_a_phone(area, pupil, client):
    client.force_login(area.accounts["clerk"])
    asked = client.get(f"/students/{pupil.pk}/double/")
    assert "เปิดเรื่อง" in asked.content.decode()
    opened = client.post(f"/students/{pupil.pk}/double/")
    case = Double.objects.get()
    assert opened.url == f"/students/doubles/{case.pk}/"
    assert client.get(f"/students/{pupil.pk}/double/").url == opened.url
    page = client.get(opened.url).content.decode()
    assert "วัดเกาะกลางธาราม" in page
    assert "24.5" not in page, "the other school's measures are nobody's business here"
    assert page.count('name="act" value="claim"') == 1, "a school speaks for itself"
    typed = client.post(
        opened.url, {"act": "claim", "school": area.school.pk, "kind": "left", "words": "ออกใบย้ายแล้ว"}
    )
    assert typed.status_code == 422
    assert "ออกใบย้ายแล้ว" in typed.content.decode(), "what was typed stays"
    assert client.post(opened.url, {"act": "claim", "school": area.other.pk, "kind": "stays", "words": "ไม่ใช่เรา"}).status_code == 403  # fmt: skip
    day = today().strftime("%d/%m/") + str(today().year + 543)
    sent = client.post(
        opened.url, {"act": "claim", "school": area.school.pk, "kind": "left", "left_on": day, "words": "ออกใบย้ายแล้ว", "evidence": SimpleUploadedFile("a.png", PNG)},
    )  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()[-2000:]

    client.force_login(area.accounts["other_clerk"])
    listed = client.get("/students/doubles/").content.decode()
    assert "ดารา1" in listed
    assert "ออกไปแล้ว" in listed
    client.post(opened.url, {"act": "claim", "school": area.other.pk, "kind": "stays", "words": "เรียนอยู่ทุกวัน"})
    case.refresh_from_db()
    assert case.state == "agreed"
    assert client.get(f"/students/{pupil.pk}/double/").url == opened.url, "the settled case is shown"


def test_pages_of_the_area(area, case, client):
    client.force_login(area.accounts["planner"])
    page = client.get(f"/students/doubles/{case.pk}/").content.decode()
    assert 'value="settle"' not in page, "not before the days have passed"
    early = client.post(f"/students/doubles/{case.pk}/", {"act": "settle"}, follow=True).content.decode()
    assert "รอโรงเรียนแจ้งถึง" in early
    Double.objects.update(due_on=today() - timedelta(days=1))
    assert "เลยกำหนด 1" in client.get("/students/doubles/").content.decode()
    address = f"/students/doubles/{case.pk}/"
    assert client.post(address, {"act": "settle", "keeper": area.other.pk}).status_code == 422
    day = today().strftime("%d/%m/") + str(today().year + 543)
    done = client.post(
        address, {"act": "settle", "keeper": area.other.pk, "left_on": day, "reason": "ดูบัญชีเรียกชื่อแล้ว"}
    )
    assert done.status_code == 302, done.content.decode()[-2000:]
    case.refresh_from_db()
    assert case.state == "decided"
    assert client.post("/students/doubles/").status_code == 302
    client.force_login(area.accounts["clerk"])
    assert client.post("/students/doubles/").status_code == 403
    for word in ("teacher", "finance"):
        client.force_login(area.accounts[word])
        assert client.get("/students/doubles/").status_code == 403
        assert client.get(address).status_code == 404


def test_the_list_asks_the_same_number_of_questions_for_one_case_and_for_many(area, pupil, client):
    open_doubles(actor=area.actor("planner"))
    client.force_login(area.accounts["clerk"])
    client.get("/students/doubles/")
    with CaptureQueriesContext(connection) as one:
        client.get("/students/doubles/")
    for number in range(2, 12):
        child = area.pupil(number)
        here = area.enrolment(child)
        here.pk, here._state.adding, here.school = None, True, area.other
        here.save()
    assert open_doubles(actor=area.actor("planner")) == (10, 0)
    with CaptureQueriesContext(connection) as many:
        client.get("/students/doubles/")
    assert len(many) == len(one)
    assert len(many) <= 15
