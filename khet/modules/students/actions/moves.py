"""Transfers: asked for by one school, answered by the other, carried out in one transaction. Nobody is at two schools at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khet.base.lib.errors import Conflict, NotFound, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.notices.api import tell
from khet.base.org.api import Actor, demand, entry, today, verb
from khet.modules.schools.api import School
from khet.modules.students.actions.enrolments import FACT_FIELDS, enrol, refuse_grade
from khet.modules.students.actions.placing import place
from khet.modules.students.actions.pupils import add_pupil
from khet.modules.students.choices import PRESENT, Side, State, TransferState
from khet.modules.students.models import Enrolment, Pupil, Transfer
from khet.modules.students.queries import by_number
from khet.modules.students.rules import EDIT, MOVE

AHEAD = timedelta(days=30)


@verb("students.announce_transfer", gettext_lazy("แจ้งย้ายนักเรียนไปโรงเรียนอื่น"), capability="")
def announce(
    *, actor: Actor, pupil: Pupil, to_school: School, moves_on: date, reason: str = "", grade: str = ""
) -> Transfer:
    """The pupil's school says that the pupil goes to another of the area; that one accepts or refuses."""
    here = _present(pupil)
    demand(actor, MOVE, here.school.unit)
    if to_school.pk == here.school_id:
        raise Refusal(_("เลือกโรงเรียนปลายทางที่ไม่ใช่โรงเรียนนี้"), code="students.same_school", field="to_school")
    _refuse_day(moves_on)
    transfer = _open(
        actor, pupil, here, to_school, asked_by=Side.FROM, moves_on=moves_on, reason=reason, grade=grade or here.grade
    )  # fmt: skip
    _tell(transfer, to_school, _("%(school)sแจ้งย้ายนักเรียนมา") % {"school": here.school.full_name}, actor)
    return transfer


@verb("students.ask_transfer", gettext_lazy("ขอรับย้ายนักเรียน"), capability="")
def ask(
    *,
    actor: Actor,
    school: School,
    id_value: str,
    born_on: date,
    grade: str,
    moves_on: date,
    reason: str = "",
) -> Transfer | Enrolment:
    """A school has a child of another school before it. Number and birthday must both be right: nobody learns more by trying.

    A pupil who is on nobody's roll is enrolled at once.
    """
    demand(actor, MOVE, school.unit)
    refuse_grade(school, grade)
    _refuse_day(moves_on)
    pupil = by_number(id_value).filter(born_on=born_on).first()
    if pupil is None:
        raise NotFound(
            _("ไม่พบนักเรียนที่มีเลขและวันเกิดตรงกันในเขต ตรวจกับเอกสาร ถ้ามาจากนอกเขตให้ใช้ “รับย้ายจากนอกเขต”"),
            code="students.no_such_pupil",
        )
    here = _present_or_none(pupil)
    if here is None:
        return enrol(actor=actor, pupil=pupil, school=school, grade=grade, entered_on=moves_on)
    if here.school_id == school.pk:
        raise Conflict(_("นักเรียนอยู่ในทะเบียนของโรงเรียนนี้แล้ว"), code="students.here_already")
    transfer = _open(
        actor, pupil, here, school, asked_by=Side.TO, moves_on=moves_on, reason=reason, grade=grade
    )
    _tell(transfer, here.school, _("%(school)sขอรับย้ายนักเรียน") % {"school": school.full_name}, actor)
    return transfer


@verb("students.accept_transfer", gettext_lazy("ตอบรับการย้ายนักเรียน"), capability="")
def accept(
    *,
    actor: Actor,
    transfer: Transfer,
    room: int = 1,
    student_no: str = "",
    grade: str = "",
    moves_on: date | None = None,
) -> Enrolment:
    """The other side agrees: leaves there and begins here on the same day, with the facts of the term carried along."""
    transfer = _decidable(actor, transfer)
    day = moves_on or transfer.moves_on
    _refuse_day(day)
    here = _present(transfer.pupil)
    if here.school_id != transfer.from_school_id:
        raise Conflict(
            _("นักเรียนไม่ได้อยู่ที่%(school)sแล้ว ถอนคำขอแล้วเริ่มใหม่") % {"school": transfer.from_name},
            code="students.moved_meanwhile",
        )
    wanted = grade or transfer.grade or here.grade
    refuse_grade(transfer.to_school, wanted)
    facts = {
        name: getattr(here, name)
        for name in FACT_FIELDS
        if name not in ("grade", "room", "number", "student_no", "entered_on")
    }
    try:
        with transaction.atomic():
            begun = Enrolment.objects.create(
                pupil=transfer.pupil, school=transfer.to_school, school_year=here.school_year, term=here.term, grade=wanted,
                room=room or 1, student_no=normalise(student_no or ""), entered_on=day, **facts,
            )  # fmt: skip
    except IntegrityError:
        # Back to the school that the pupil left earlier in the same term.
        begun = Enrolment.objects.get(
            pupil=transfer.pupil, school=transfer.to_school, school_year=here.school_year, term=here.term
        )
        begun.state, begun.grade, begun.room, begun.left_on, begun.destination = (
            State.STUDYING,
            wanted,
            room or 1,
            None,
            "",
        )
        begun.save(update_fields=["state", "grade", "room", "left_on", "destination"])
    here.state, here.left_on, here.destination = State.MOVED, day, transfer.to_name[:150]
    here.save(update_fields=["state", "left_on", "destination"])
    _close(actor, transfer, TransferState.ACCEPTED, "")
    place([transfer.pupil_id])
    entry().on(transfer.pupil, here, begun, transfer.from_school.unit, transfer.to_school.unit)
    entry().tell(moves_on=day, grade=wanted)
    _tell(
        transfer,
        _asker(transfer),
        _("%(school)sตอบรับการย้ายแล้ว") % {"school": _answerer(transfer).full_name},
        actor,
    )
    return begun


@verb("students.refuse_transfer", gettext_lazy("ไม่รับย้ายนักเรียน"), capability="")
def refuse(*, actor: Actor, transfer: Transfer, reply: str) -> Transfer:
    """The other side says no, and why."""
    transfer = _decidable(actor, transfer)
    if len(reply.strip()) < 5:
        raise Refusal(_("บอกเหตุผลที่ไม่รับย้าย"), code="students.reply", field="reply")
    _close(actor, transfer, TransferState.REFUSED, reply)
    entry().on(transfer.pupil)
    entry().tell(reason=reply.strip()[:300])
    _tell(
        transfer, _asker(transfer), _("%(school)sไม่รับย้าย") % {"school": _answerer(transfer).full_name}, actor
    )
    return transfer


@verb("students.withdraw_transfer", gettext_lazy("ถอนคำขอย้ายนักเรียน"), capability="")
def withdraw(*, actor: Actor, transfer: Transfer) -> Transfer:
    """Whoever asked takes it back before the answer."""
    transfer = _locked(transfer)
    demand(actor, MOVE, _asker(transfer).unit)
    _close(actor, transfer, TransferState.WITHDRAWN, "")
    entry().on(transfer.pupil)
    return transfer


@verb("students.move_out", gettext_lazy("ย้ายนักเรียนออกนอกเขต"), capability="")
def move_out(
    *,
    actor: Actor,
    pupil: Pupil,
    to_place: str,
    moves_on: date,
    area_code: str = "",
    area_name: str = "",
    reason: str = "",
) -> Transfer:
    """To a school that is not in this area: done at once, nobody here can answer for it."""
    here = _present(pupil)
    demand(actor, MOVE, here.school.unit)
    _refuse_day(moves_on)
    if not to_place.strip():
        raise Refusal(_("บอกโรงเรียนที่ย้ายไป"), code="students.destination", field="to_place")
    _refuse_open(pupil)
    transfer = Transfer.objects.create(
        pupil=pupil, from_school=here.school, to_place=normalise(to_place), area_code=area_code, area_name=normalise(area_name),
        asked_by=Side.FROM, state=TransferState.ACCEPTED, grade=here.grade, moves_on=moves_on, reason=normalise(reason),
        asker=actor.name[:200], decided_at=timezone.now(), decider=actor.name[:200],
    )  # fmt: skip
    here.state, here.left_on, here.destination = State.MOVED, moves_on, normalise(to_place)[:150]
    here.save(update_fields=["state", "left_on", "destination"])
    place([pupil.pk])
    entry().on(pupil, here, here.school.unit)
    entry().tell(moves_on=moves_on, to=transfer.to_place)
    return transfer


@verb("students.move_in", gettext_lazy("รับย้ายนักเรียนจากนอกเขต"), capability="")
def move_in(
    *, actor: Actor, school: School, from_place: str, area_code: str = "", area_name: str = "", moves_on: date, **pupil: Any
) -> Pupil:  # fmt: skip
    """From a school outside the area: a pupil not known here is added, one who left this area earlier begins again."""
    demand(actor, EDIT, school.unit)
    _refuse_day(moves_on)
    if not from_place.strip():
        raise Refusal(_("บอกโรงเรียนเดิม"), code="students.origin", field="from_place")
    known = by_number(pupil.get("id_value", "")).filter(born_on=pupil.get("born_on")).first()
    if known is not None:
        enrol(actor=actor, pupil=known, school=school, grade=pupil["grade"], entered_on=moves_on)
        child = known
    else:
        child = add_pupil(actor=actor, school=school, entered_on=moves_on, **pupil)
    Transfer.objects.create(
        pupil=child, to_school=school, from_place=normalise(from_place), area_code=area_code, area_name=normalise(area_name),
        asked_by=Side.TO, state=TransferState.ACCEPTED, grade=pupil["grade"], moves_on=moves_on, asker=actor.name[:200],
        decided_at=timezone.now(), decider=actor.name[:200],
    )  # fmt: skip
    entry().on(child, school.unit)
    entry().tell(moves_on=moves_on, place=normalise(from_place))
    return child


def _present_or_none(pupil: Pupil) -> Enrolment | None:
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(pupil=pupil, state__in=PRESENT)
        .select_related("school__unit")
        .order_by("-school_year", "-term", "-pk")
        .first()
    )


def _present(pupil: Pupil) -> Enrolment:
    Pupil.objects.select_for_update().get(pk=pupil.pk)
    here = _present_or_none(pupil)
    if here is None or (here.school_year, here.term) < (pupil.school_year or 0, pupil.term or 0):
        raise Conflict(_("นักเรียนไม่ได้อยู่ในทะเบียนของโรงเรียนใดแล้ว"), code="students.nowhere")
    return here


def _refuse_day(day: date) -> None:
    if day > today() + AHEAD:
        raise Refusal(_("วันย้ายอยู่ไกลเกินไป แจ้งล่วงหน้าได้ไม่เกิน 30 วัน"), code="students.moves_on", field="moves_on")


def _refuse_open(pupil: Pupil) -> None:
    waiting = (
        Transfer.objects.filter(pupil=pupil, state=TransferState.ASKED)
        .select_related("from_school", "to_school")
        .first()
    )
    if waiting is not None:
        raise Conflict(
            _("มีคำขอย้ายของนักเรียนคนนี้รออยู่แล้ว จาก%(from)s ไป%(to)s ตอบหรือถอนคำขอนั้นก่อน")
            % {"from": waiting.from_name, "to": waiting.to_name},
            code="students.transfer_open",
        )


def _open(actor: Actor, pupil: Pupil, here: Enrolment, to_school: School, **values: Any) -> Transfer:
    refuse_grade(to_school, values["grade"])
    _refuse_open(pupil)
    values["reason"] = normalise(values["reason"])[:300]
    try:
        with transaction.atomic():
            transfer = Transfer.objects.create(
                pupil=pupil, from_school=here.school, to_school=to_school, asker=actor.name[:200], **values
            )
    except IntegrityError:
        raise Conflict(
            _("มีคำขอย้ายของนักเรียนคนนี้เข้ามาเมื่อครู่ ดูรายการย้ายอีกครั้ง"), code="students.transfer_open"
        ) from None
    entry().on(pupil, here.school.unit, to_school.unit)
    entry().tell(moves_on=values["moves_on"], to=to_school.name)
    return transfer


def _locked(transfer: Transfer) -> Transfer:
    transfer = (
        Transfer.objects.select_for_update(of=("self",))
        .select_related("pupil", "from_school__unit", "to_school__unit")
        .get(pk=transfer.pk)
    )
    if transfer.state != TransferState.ASKED:
        raise Conflict(
            _("คำขอนี้ตอบไปแล้ว: %(state)s") % {"state": transfer.get_state_display()},
            code="students.transfer_closed",
        )
    return transfer


def _decidable(actor: Actor, transfer: Transfer) -> Transfer:
    transfer = _locked(transfer)
    demand(actor, MOVE, _answerer(transfer).unit)
    return transfer


def _answerer(transfer: Transfer) -> School:
    return transfer.to_school if transfer.waits_for == Side.TO else transfer.from_school


def _asker(transfer: Transfer) -> School:
    return transfer.from_school if transfer.waits_for == Side.TO else transfer.to_school


def _close(actor: Actor, transfer: Transfer, state: str, reply: str) -> None:
    transfer.state, transfer.decided_at, transfer.decider = state, timezone.now(), actor.name[:200]
    transfer.reply = normalise(reply)[:300]
    transfer.save(update_fields=["state", "decided_at", "decider", "reply"])


def _tell(transfer: Transfer, school: School, words: str, actor: Actor) -> None:
    with override("th"):  # kept and read by others, whatever language the actor reads
        tell(
            event=f"students.transfer:{transfer.pk}:{transfer.state}", title=words, units=[school.unit_id], capability=MOVE,
            url=reverse("students:transfer", args=[transfer.pk]), but=actor.person,
        )  # fmt: skip
