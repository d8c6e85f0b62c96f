"""Tracing a child or a former pupil in no school: opened, visited, closed, opened again."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import be_year
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, demand, entry, today, verb
from khet.modules.children.choices import LEAVE_REASONS, NEXT_STEPS, TRACE_STATES, Cause, Outcome, Way
from khet.modules.children.models import Case, Child, Visit
from khet.modules.children.queries.children import now_year
from khet.modules.children.rules import TRACE
from khet.modules.students.api import Pupil

FARTHEST = timedelta(days=366)  # a next step beyond a year is a mistyped year
# Seen by matching alone: a roll or recorded evidence proves them.
PROVEN = (Outcome.BACK, Outcome.DONE)


@verb("children.open_case", gettext_lazy("เปิดเรื่องติดตามเด็ก"), capability="")
def open_case(
    *, actor: Actor, child: Child | None = None, pupil: Pupil | None = None, reason: str = "", told: str = "", next_step: str = "visit", due_on: date | None = None
) -> Case:  # fmt: skip
    """Somebody reports (``told``) a child or a pupil in no school whom matching has not seen. The child's service school, else the
    pupil's last school, is responsible."""
    who = child or pupil
    if who is None:
        raise Refusal(_("ยังไม่ได้เลือกเด็ก"), code="children.nobody")
    school = (child.school if child else None) or (pupil.school if pupil else None)
    if school is not None:
        demand(actor, TRACE, school.unit)
    elif not actor.scope(TRACE).everywhere:
        demand(actor, TRACE, child)
    _known(TRACE_STATES, "tracing", "state")
    values = {
        "next_step": _known(NEXT_STEPS, next_step, "next_step"),
        "reason": _known(LEAVE_REASONS, reason, "reason"),
    }
    born = who.born_on
    try:
        with transaction.atomic():
            case = Case.objects.create(
                child=child, pupil=pupil, name=who.full_name[:250], sort_name=who.sort_name, search_text=who.search_text, school=school,
                birth_year=be_year(born) if born else None, school_year=now_year(), cause=Cause.REPORTED, opened_by=actor.name[:200],
                state="tracing", told=normalise(told)[:500], due_on=_due(due_on) or today() + timedelta(days=15), opened_at=timezone.now(), **values,
            )  # fmt: skip
    except IntegrityError:
        raise Conflict(_("เด็กคนนี้มีเรื่องติดตามที่เปิดอยู่แล้ว"), code="children.case_open") from None
    entry().on(case, who, *([school.unit] if school else []))
    return case


@verb("children.visit", gettext_lazy("บันทึกการติดตามเด็ก"), capability=TRACE, on="case")
def visit(
    *, actor: Actor, case: Case, visited_on: date, way: str, state: str, reason: str = "", note: str = "", next_step: str = "", due_on: date | None = None
) -> Visit:  # fmt: skip
    """One visit or call: what was found, why the child is not at school, what comes next and by when."""
    case = _open(case)
    if visited_on > today():
        raise Refusal(_("วันที่ติดตามอยู่ในอนาคต"), code="children.visited_on", field="visited_on")
    if way not in Way.values:
        raise Refusal(_("เลือกวิธีที่ติดตาม"), code="children.way", field="way")
    if not state:
        raise Refusal(_("เลือกผลการติดตาม"), code="children.trace_state", field="state")
    if bool(next_step) != bool(due_on):
        raise Refusal(
            _("ขั้นต่อไปต้องมีทั้งสิ่งที่จะทำและวันที่"),
            code="children.next_step",
            field="next_step" if due_on else "due_on",
        )
    made = Visit.objects.create(
        case=case, visited_on=visited_on, way=way, state=_known(TRACE_STATES, state, "state"), by=actor.person,
        reason=_known(LEAVE_REASONS, reason, "reason"), note=normalise(note)[:1000], next_step=_known(NEXT_STEPS, next_step, "next_step"),
        due_on=_due(due_on), by_name=actor.name[:200], recorded_at=timezone.now(),
    )  # fmt: skip
    latest = case.visited_on is None or visited_on >= case.visited_on
    if latest:
        case.state, case.visited_on = made.state, visited_on
        case.next_step, case.due_on = made.next_step, made.due_on
        case.reason = made.reason or case.reason
    case.visits_count = F("visits_count") + 1
    case.save()
    case.refresh_from_db()
    entry().on(case, *([case.school.unit] if case.school else []))
    entry().tell(state=made.state, way=way, next_step=made.next_step, due_on=made.due_on)
    return made


@verb("children.plan_step", gettext_lazy("กำหนดขั้นต่อไปของเรื่องติดตาม"), capability=TRACE, on="case")
def plan_step(*, actor: Actor, case: Case, next_step: str, due_on: date) -> Case:
    """What comes next and by when, without a visit."""
    case = _open(case)
    if not next_step or not due_on:
        raise Refusal(_("ขั้นต่อไปต้องมีทั้งสิ่งที่จะทำและวันที่"), code="children.next_step", field="next_step")
    case.next_step, case.due_on = _known(NEXT_STEPS, next_step, "next_step"), _due(due_on)
    case.save(update_fields=["next_step", "due_on"])
    entry().tell(next_step=case.next_step, due_on=case.due_on)
    return case


@verb("children.close_case", gettext_lazy("ปิดเรื่องติดตามเด็ก"), capability=TRACE, on="case")
def close_case(*, actor: Actor, case: Case, outcome: str, note: str) -> Case:
    """End a case by a person's word. That a child is back at school or past it is seen by matching, not said here."""
    case = _open(case)
    note = normalise(note)
    if outcome not in Outcome.values:
        raise Refusal(_("เลือกผลเมื่อปิดเรื่อง"), code="children.outcome", field="outcome")
    if outcome in PROVEN:
        raise Refusal(
            _("เด็กที่กลับเข้าเรียน ระบบปิดเรื่องให้เองเมื่อมีชื่อในทะเบียนนักเรียน ถ้าเรียนนอกเขต ให้บันทึกที่เรียนพร้อมหลักฐาน"),
            code="children.proven",
            field="outcome",
        )
    if outcome == Outcome.UNWILLING and not case.visits_count:
        raise Refusal(
            _("ต้องมีการติดตามอย่างน้อยหนึ่งครั้งก่อนปิดว่าไม่ประสงค์จะเรียน"), code="children.unvisited", field="outcome"
        )
    if len(note) < 5:
        raise Refusal(_("พิมพ์บันทึกว่าปิดเรื่องเพราะอะไร"), code="children.closing_note", field="note")
    case.outcome, case.closed_at, case.closed_by, case.closing_note = (
        outcome,
        timezone.now(),
        actor.name[:200],
        note[:500],
    )
    case.save()
    entry().on(case, *([case.school.unit] if case.school else []))
    entry().tell(outcome=outcome)
    return case


@verb("children.reopen_case", gettext_lazy("เปิดเรื่องติดตามอีกครั้ง"), capability=TRACE, on="case")
def reopen_case(*, actor: Actor, case: Case, reason: str) -> Case:
    """Take a closed case up again, unless another one of the same person is open."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    reason = normalise(reason)
    if case.is_open:
        raise Conflict(_("เรื่องนี้เปิดอยู่แล้ว"), code="children.case_open")
    if len(reason) < 5:
        raise Refusal(_("พิมพ์เหตุผลที่เปิดเรื่องอีกครั้ง"), code="children.reason", field="reason")
    case.outcome, case.closed_at, case.closed_by, case.closing_note = "", None, "", ""
    case.due_on = today() + timedelta(days=15)
    case.next_step = case.next_step or "visit"
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError:
        raise Conflict(_("เด็กคนนี้มีเรื่องติดตามที่เปิดอยู่แล้ว"), code="children.case_open") from None
    entry().tell(reason=reason[:300])
    return case


def _open(case: Case) -> Case:
    case = Case.objects.select_for_update(of=("self",)).select_related("school__unit").get(pk=case.pk)
    if not case.is_open:
        raise Conflict(_("เรื่องนี้ปิดแล้ว เปิดเรื่องอีกครั้งก่อนบันทึก"), code="children.case_closed")
    return case


def _known(codes, value: str, field: str) -> str:
    """A value of a list of codes that may still be chosen."""
    if value and value not in dict(codes.choices()):
        raise Refusal(_("เลือกค่าที่มีในรายการ"), code="children.code", field=field)
    return value or ""


def _due(day: date | None) -> date | None:
    if day is not None and not today() <= day <= today() + FARTHEST:
        raise Refusal(_("กำหนดวันทำขั้นต่อไปตั้งแต่วันนี้ถึงหนึ่งปีข้างหน้า"), code="children.due_on", field="due_on")
    return day
