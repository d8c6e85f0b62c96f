"""Proof of existence: lots that cannot be chosen and can be drawn again; what a visit found; a finding for who was not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from khet.base.journal.models import Entry
from khet.base.lib.errors import Forbidden, Refusal
from khet.base.lib.pdf import page_text
from khet.base.lib.thai.calendar import school_term, school_year
from khet.base.org.api import today
from khet.kits.rounds.api import findings_of
from khet.kits.rounds.bases import Scope, checks
from khet.kits.rounds.models import Round
from khet.modules.students.actions import draw_lots, leave, record_visit
from khet.modules.students.models import Draw, Enrolment, Visit
from khet.modules.students.queries.visits import drawn, is_repeated, portions


@pytest.fixture
def round_(area) -> Round:
    made = Round.objects.create(
        title="รอบ 2/2569", school_year=school_year(today()), number=2, term=school_term(today()), as_at=today(), opens_on=date(2025, 11, 1),
        due_at=timezone.now() + timedelta(days=9), closes_on=date(2027, 1, 30), sheet_codes=["students"],
    )  # fmt: skip
    Round.objects.filter(pk=made.pk).update(state="open", opened_at=timezone.now())
    return made


@pytest.fixture
def lots(area, round_) -> Draw:
    for number in range(1, 9):
        area.pupil(number, grade="p1" if number % 2 else "p4")
    area.pupil(9, area.other)
    return draw_lots(actor=area.actor("planner"), round=round_.pk, share=25, least=2)


def found() -> list[int]:
    scope = Scope(unit_ids=None, school_year=school_year(today()), term=school_term(today()), as_at=today())
    return [row["subject_id"] for row in findings_of(checks["students.not_found"], scope)]


ROLL = {"7": {"p1": list(range(1, 41)), "p2": list(range(41, 61)), "p3": [61]}, "8": {"k2": [70, 71]}}


def test_the_same_seed_draws_the_same_and_another_seed_others():
    one = drawn(ROLL, "a", share=20, least=3)
    assert one == drawn(ROLL, "a", share=20, least=3)
    assert one != drawn(ROLL, "b", share=20, least=3)
    shuffled = {"8": ROLL["8"], "7": {g: ids[::-1] for g, ids in reversed(ROLL["7"].items())}}
    assert one == drawn(shuffled, "a", share=20, least=3), "the order of the roll has no say"


def test_every_school_has_its_share_and_every_grade_its_part():
    picked = drawn(ROLL, "a", share=20, least=3)
    assert len(picked["7"]) == 13, "a fifth of 61, rounded up"
    assert len(picked["8"]) == 2, "not more than there are"
    grades = [grade for grade, _pupil in picked["7"]]
    assert [grades.count(grade) for grade in ("p1", "p2", "p3")] == [9, 4, 0]
    assert len({pupil for _grade, pupil in picked["7"]}) == 13
    assert portions({"p1": 10, "p2": 10, "p3": 10}, 4) == {"p1": 2, "p2": 1, "p3": 1}


def test_every_pupil_has_the_same_chance():
    """4,000 drawings of 3 in 60: each of them 200 times on average, none a third more or less."""
    roll = {"1": {"p1": list(range(60))}}
    times = [0] * 60
    for seed in range(4000):
        for _grade, pupil in drawn(roll, str(seed), share=5, least=1)["1"]:
            times[pupil] += 1
    assert sum(times) == 12_000
    assert min(times) > 134
    assert max(times) < 266


def test_some_schools_by_lot():
    roll = {str(n): {"p1": [n]} for n in range(1, 21)}
    assert len(drawn(roll, "a", share=100, least=1, schools=5)) == 5
    assert drawn(roll, "a", share=100, least=1, schools=5).keys() != drawn(roll, "c", share=100, least=1, schools=5).keys()  # fmt: skip


def test_lots_are_drawn_by_the_machine_written_down_and_never_change(area, lots, round_):
    assert lots.population == 9
    assert (lots.drawn, Visit.objects.filter(school=area.school).count()) == (3, 2)
    assert len(lots.seed) == 32
    assert is_repeated(Draw.objects.get())
    entry = Entry.objects.get(verb="students.draw")
    assert lots.seed in str(entry.facts)
    with pytest.raises(DatabaseError), transaction.atomic():
        Draw.objects.update(seed="chosen")
    Visit.objects.filter(school=area.other).delete()
    assert not is_repeated(Draw.objects.get()), "whoever is taken out of the lots is noticed"


def test_a_second_drawing_says_why_and_the_first_remains(area, lots, round_):
    again = {"actor": area.actor("planner"), "round": round_.pk, "share": 25, "least": 2}
    with pytest.raises(Refusal):
        draw_lots(**again)
    second = draw_lots(reason="โรงเรียนปิดเพราะน้ำท่วม", **again)
    assert second.number == 2
    assert second.seed != lots.seed
    assert Draw.objects.count() == 2


def test_what_cannot_be_drawn_and_who_may_not(area, round_):
    area.pupil(1)
    for word in ("clerk", "teacher", "finance"):
        with pytest.raises(Forbidden):
            draw_lots(actor=area.actor(word), round=round_.pk, share=5, least=1)
    planner = area.actor("planner")
    for wrong in ({"share": 0}, {"share": 101}, {"least": 0}, {"round": 0}):
        with pytest.raises(Refusal):
            draw_lots(actor=planner, **({"round": round_.pk, "share": 5, "least": 1} | wrong))
    Enrolment.objects.update(state="moved")
    with pytest.raises(Refusal):
        draw_lots(actor=planner, round=round_.pk, share=5, least=1)
    Round.objects.filter(pk=round_.pk).update(state="closed", closed_at=timezone.now())
    with pytest.raises(Refusal):
        draw_lots(actor=planner, round=round_.pk, share=5, least=1)
    assert not Draw.objects.exists()


def test_who_is_not_found_becomes_a_finding_until_off_the_roll_or_seen(area, lots):
    planner = area.actor("planner")
    one, two = Visit.objects.filter(school=area.school)
    record_visit(actor=planner, visit=one, result="not_found", words="เพื่อนร่วมชั้นไม่รู้จัก")
    record_visit(actor=planner, visit=two, result="absent", absent_for="sick")
    assert found() == [one.pupil_id]
    record_visit(actor=planner, visit=one, result="seen")
    assert found() == []
    record_visit(actor=planner, visit=one, result="not_found")
    leave(actor=area.system, enrolment=area.enrolment(one.pupil), kind="traced", left_on=today(), reason="1")
    assert found() == []
    kept = [entry.changes for entry in Entry.objects.filter(verb="students.visit").order_by("pk")]
    assert len(kept) == 4, "each word remains in the journal"


def test_what_may_not_be_recorded_and_by_whom(area, lots):
    visit = Visit.objects.first()
    for wrong in ({"result": "perhaps"}, {"result": "absent"}, {"result": "absent", "absent_for": "x"}):
        with pytest.raises(Refusal):
            record_visit(actor=area.actor("planner"), visit=visit, **wrong)
    for word in ("clerk", "other_clerk", "teacher", "finance"):
        with pytest.raises(Forbidden):
            record_visit(actor=area.actor(word), visit=visit, result="seen")
    assert not Visit.objects.exclude(result="").exists()


def test_pages_from_drawing_to_summary_on_a_phone(area, round_, client):
    for number in range(1, 7):
        area.pupil(number)
    client.force_login(area.accounts["planner"])
    assert "ยังไม่เคยสุ่ม" in client.get("/students/visits/").content.decode()
    assert client.post("/students/visits/", {"round": round_.pk, "share": "0", "least": "1", "schools": "0"}).status_code == 422  # fmt: skip
    made = client.post(
        "/students/visits/", {"round": round_.pk, "share": "50", "least": "1", "schools": "0", "seed": "mine"}
    )
    lots = Draw.objects.get()
    assert made.url == f"/students/visits/{lots.pk}/"
    assert lots.seed != "mine", "nobody gives the seed"
    page = f"/students/visits/{lots.pk}/{area.school.pk}/"
    first, second, third = Visit.objects.order_by("place")
    done = client.post(page, {"visit": first.pk, "result": "seen"})
    assert done.url == f"{page}#v{second.pk}", "the next pupil is under the thumb"
    assert (
        "เลือกเหตุที่ไม่มาเรียน"
        in client.post(page, {"visit": second.pk, "result": "absent"}, follow=True).content.decode()
    )
    client.post(page, {"visit": second.pk, "result": "absent", "absent_for": "sick"})
    client.post(page, {"visit": third.pk, "result": "not_found", "words": "ไม่มีผู้รู้จัก"})
    assert client.post(page, {"visit": 0, "result": "seen"}).status_code == 404
    results = dict(Visit.objects.values_list("pk", "result"))
    assert results == {first.pk: "seen", second.pk: "absent", third.pk: "not_found"}
    whole = client.get(f"/students/visits/{lots.pk}/?again=1").content.decode()
    assert "ได้รายชื่อเดียวกันทุกคน" in whole
    assert third.pupil.full_name in whole
    sheet = client.get(f"{page}sheet.pdf")
    words = page_text(b"".join(sheet.streaming_content))
    assert "ดารา" in words
    assert first.pupil.born_on.strftime("%d") is not None
    assert client.get(f"/students/visits/{lots.pk}/{area.other.pk}/").status_code == 404


def test_schools_do_not_see_who_is_drawn(area, lots, client):
    for word in ("clerk", "teacher", "finance"):
        client.force_login(area.accounts[word])
        assert client.get("/students/visits/").status_code == 403
        for address in (f"/students/visits/{lots.pk}/", f"/students/visits/{lots.pk}/{area.school.pk}/", f"/students/visits/{lots.pk}/{area.school.pk}/sheet.pdf"):  # fmt: skip
            assert client.get(address).status_code == 404, address


def test_the_summary_asks_the_same_number_of_questions_for_any_number_of_schools(area, lots, round_, client):
    client.force_login(area.accounts["planner"])
    address = f"/students/visits/{lots.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    third = area.third()
    for number in range(20, 40):
        area.pupil(number, third)
    more = draw_lots(actor=area.actor("planner"), round=round_.pk, share=100, least=2, reason="เพิ่มโรงเรียน")
    Visit.objects.filter(draw=more).update(result="not_found", checked_at=timezone.now())
    with CaptureQueriesContext(connection) as many:
        client.get(f"/students/visits/{more.pk}/")
    assert len(many) <= len(one) + 1, "one more for the names of those not found"
    assert len(many) <= 15
