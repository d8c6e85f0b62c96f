"""Transfers: asked for by one school, answered by the other; a pupil is never on two rolls."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from khet.base.lib.errors import Conflict, Forbidden, NotFound, Refusal
from khet.base.org.api import today
from khet.modules.students.actions import accept, announce, ask, move_in, move_out, refuse, withdraw
from khet.modules.students.models import Enrolment, Pupil, Transfer

from .conftest import citizen_id


def test_announced_and_accepted_the_pupil_is_on_one_roll(area):
    pupil = area.pupil(1)
    transfer = announce(
        actor=area.actor("clerk"), pupil=pupil, to_school=area.other, moves_on=today(), reason="ย้ายบ้าน"
    )
    assert area.enrolment(pupil).state == "studying", "nothing moves before the answer"
    begun = accept(actor=area.actor("other_clerk"), transfer=transfer, room=2)
    left = area.enrolment(pupil)
    assert (left.state, left.left_on) == ("moved", today())
    assert (begun.school_id, begun.grade, begun.room, begun.entered_on) == (area.other.pk, "p2", 2, today())
    pupil.refresh_from_db()
    assert pupil.school_id == area.other.pk
    assert Enrolment.objects.filter(pupil=pupil, state="studying").count() == 1


def test_asked_for_with_number_and_birthday_both_right(area):
    area.pupil(1)
    facts = {"school": area.other, "grade": "p2", "moves_on": today(), "actor": area.actor("other_clerk")}
    with pytest.raises(NotFound):
        ask(id_value=citizen_id(1), born_on=date(2018, 5, 2), **facts)
    with pytest.raises(NotFound):
        ask(id_value=citizen_id(2), born_on=date(2018, 5, 1), **facts)
    transfer = ask(id_value=citizen_id(1), born_on=date(2018, 5, 1), **facts)
    with pytest.raises(Conflict):
        ask(id_value=citizen_id(1), born_on=date(2018, 5, 1), **facts)
    with pytest.raises(Forbidden):
        accept(actor=area.actor("other_clerk"), transfer=transfer)
    accept(actor=area.actor("clerk"), transfer=transfer)
    assert Pupil.objects.get().school_id == area.other.pk


def test_an_answered_transfer_stays_answered(area):
    pupil = area.pupil(1)
    first = announce(actor=area.actor("clerk"), pupil=pupil, to_school=area.other, moves_on=today())
    with pytest.raises(Refusal):
        refuse(actor=area.actor("other_clerk"), transfer=first, reply="ไม่")
    refuse(actor=area.actor("other_clerk"), transfer=first, reply="ห้องเรียนเต็มแล้ว")
    with pytest.raises(Conflict):
        accept(actor=area.actor("other_clerk"), transfer=first)
    second = announce(actor=area.actor("clerk"), pupil=pupil, to_school=area.other, moves_on=today())
    withdraw(actor=area.actor("clerk"), transfer=second)
    assert [t.state for t in Transfer.objects.order_by("pk")] == ["refused", "withdrawn"]
    assert area.enrolment(pupil).state == "studying"


def test_who_may_not(area):
    pupil = area.pupil(1)
    for word in ("other_clerk", "teacher", "finance"):
        with pytest.raises(Forbidden):
            announce(actor=area.actor(word), pupil=pupil, to_school=area.other, moves_on=today())
    with pytest.raises(Refusal):
        announce(
            actor=area.actor("clerk"),
            pupil=pupil,
            to_school=area.other,
            moves_on=today() + timedelta(days=40),
        )
    assert not Transfer.objects.exists()


def test_out_of_the_area_and_back_again(area):
    pupil = area.pupil(1)
    move_out(actor=area.actor("clerk"), pupil=pupil, to_place="โรงเรียนวัดนอกเขต", moves_on=today())
    assert area.enrolment(pupil).state == "moved"
    back = move_in(
        actor=area.actor("other_clerk"), school=area.other, from_place="โรงเรียนวัดนอกเขต", moves_on=today(), grade="p2",
        id_value=citizen_id(1), born_on=date(2018, 5, 1), first_name="ดารา1", last_name="ใจดี", sex="f", title="เด็กหญิง",
    )  # fmt: skip
    assert back == pupil, "known by the number, not added twice"
    assert area.enrolment(pupil, area.other).state == "studying"


def test_pages_from_announcing_to_accepting(area, client):
    pupil = area.pupil(1)
    client.force_login(area.accounts["clerk"])
    page = f"/students/{pupil.pk}/move/"
    assert client.get(page).status_code == 200
    wrong = client.post(page, {"to_school": "", "to_place": "", "moves_on": ""})
    assert wrong.status_code == 422
    sent = client.post(
        page, {"to_school": area.other.pk, "moves_on": today().strftime("%d/%m/") + str(today().year + 543)}
    )
    transfer = Transfer.objects.get()
    assert sent.status_code == 302
    assert sent.url == f"/students/transfers/{transfer.pk}/"
    assert "ดารา1" in client.get("/students/transfers/").content.decode()

    client.force_login(area.accounts["finance"])
    assert client.get("/students/transfers/").status_code == 403
    client.force_login(area.accounts["other_clerk"])
    assert "ดารา1" in client.get("/students/transfers/").content.decode()
    done = client.post(sent.url, {"act": "accept", "grade": "p2", "room": 1})
    assert done.status_code == 302, done.content.decode()[-3000:]
    transfer.refresh_from_db()
    assert transfer.state == "accepted"
