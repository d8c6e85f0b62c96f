"""A pupil on two or more rolls: opened as one case, claimed by every school with evidence, agreed or decided by the area.

Agreement needs no further hand: one school keeps the pupil, all the others say since when they do not, and their enrolments
end on these days. When two keep or all let go, or the days given have passed, the area decides once for all, with a reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from khet.base.lib.errors import Conflict, NotFound, Refusal
from khet.base.lib.thai.calendar import add_working_days, school_term, school_year, thai_date
from khet.base.lib.thai.words import normalise
from khet.base.notices.api import tell
from khet.base.org.api import Actor, Unit, demand, entry, today, verb
from khet.base.org.choices import UnitKind
from khet.base.ui.dates import holidays
from khet.kits.files.api import attachments, store
from khet.modules.schools.api import School
from khet.modules.students.actions.enrolments import end
from khet.modules.students.choices import PRESENT, ClaimKind, DoubleState, LeaveKind
from khet.modules.students.models import Claim, Double, DoubleRoll, Enrolment, Pupil
from khet.modules.students.models.doubles import WAITING
from khet.modules.students.queries.doubles import latest_claims
from khet.modules.students.queries.rolls import DOUBLED
from khet.modules.students.rules import CLAIM, SETTLE

DAYS = 3
"""Working days that the schools have to settle it between themselves (decision 0042)."""
EVIDENCE = "evidence"
SHORTEST = 5

_OPEN = f"""
INSERT INTO students_double (pupil_id, school_year, term, opened_at, due_on)
SELECT DISTINCT d.pupil_id, d.school_year, d.term, %s::timestamptz, %s::date FROM ({DOUBLED}) d
ON CONFLICT DO NOTHING RETURNING id
"""
# Also into cases that wait already: a further school joins them.
_JOIN = f"""
INSERT INTO students_doubleroll (double_id, school_id)
SELECT g.id, d.school_id FROM ({DOUBLED}) d
  JOIN students_double g ON (g.pupil_id, g.school_year, g.term) = (d.pupil_id, d.school_year, d.term) AND g.state IN ('open', 'disputed')
 ORDER BY g.id, d.school_id
ON CONFLICT DO NOTHING RETURNING id, double_id, school_id
"""
_GONE = f"""
UPDATE students_double g SET state = 'gone', closed_at = %s
 WHERE g.state IN ('open', 'disputed') AND (g.school_year, g.term) = (%s, %s)
   AND NOT EXISTS (SELECT FROM ({DOUBLED}) d WHERE d.pupil_id = g.pupil_id)
"""


@verb("students.open_doubles", gettext_lazy("เปิดเรื่องนักเรียนซ้ำหลายโรงเรียน"), capability=SETTLE)
def open_doubles(*, actor: Actor, year: int | None = None, term: int | None = None) -> tuple[int, int]:
    """Open a case for every pupil on more than one roll of the term (default: the present one), close those that are no more.

    A school that comes later joins the case which waits. Set-based; the schools concerned are told once. Returns (opened, gone).
    """
    year, term = year or school_year(today()), term or school_term(today())
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [timezone.now(), year, term, year, term, None, None])
        gone = cursor.rowcount
    opened = _open(year, term, None)
    entry().tell(term=f"{term}/{year}", opened=opened, gone=gone)
    return opened, gone


@verb("students.open_double", gettext_lazy("เปิดเรื่องนักเรียนซ้ำหลายโรงเรียน"), capability="")
def open_double(*, actor: Actor, pupil: Pupil) -> Double:
    """Open the case of one pupil, by one of the schools or the area; a case that is open already is given back."""
    rows = list(
        Enrolment.objects.filter(pupil=pupil, state="studying")
        .select_related("school__unit")
        .order_by("-school_year", "-term", "school")
    )
    here = [row for row in rows if (row.school_year, row.term) == (rows[0].school_year, rows[0].term)]
    if len(here) < 2:
        raise Conflict(_("นักเรียนไม่ได้อยู่ในทะเบียนของหลายโรงเรียนแล้ว"), code="students.not_double")
    if not actor.has(SETTLE):
        mine = [row for row in here if actor.scope(CLAIM).covers(row.school.unit)]
        demand(actor, CLAIM, (mine or here)[0].school.unit)
    year, term = here[0].school_year, here[0].term
    opened = _open(year, term, pupil.pk)
    double = Double.objects.get(pupil=pupil, school_year=year, term=term, state__in=WAITING)
    entry().on(double, pupil, *(row.school.unit for row in here))
    entry().tell(term=f"{term}/{year}", opened=opened)
    return double


def _open(year: int, term: int, pupil: int | None) -> int:
    """Open what is not open, join who came later, tell the schools that are new to a case. Returns how many were opened."""
    due = add_working_days(today(), DAYS, holidays())
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [timezone.now(), due, year, term, pupil, pupil])
        opened = {pk for (pk,) in cursor.fetchall()}
        cursor.execute(_JOIN, [year, term, pupil, pupil])
        joined = cursor.fetchall()
    cases = {case for _pk, case, _school in joined}
    # Whoever joins late has the same days to answer.
    Double.objects.filter(pk__in=cases - opened, due_on__lt=due).update(due_on=due)
    if joined:
        units = School.objects.filter(pk__in={school for _pk, _case, school in joined}).values_list(
            "unit", flat=True
        )
        with override("th"):
            tell(
                event=f"students.doubles:{max(pk for pk, _case, _school in joined)}:open",
                title=_("มีนักเรียนซ้ำหลายโรงเรียน แจ้งว่าเรียนอยู่ที่นี่หรือออกแล้ว"),
                body=_("ตกลงกันภายใน %(day)s หลังจากนั้นเขตชี้ขาด") % {"day": thai_date(due)},
                url=reverse("students:double", args=[min(cases)])
                if len(cases) == 1
                else reverse("students:doubles"),
                units=list(units),
                capability=CLAIM,
                urgent=True,
            )
    return len(opened)


@verb("students.claim_double", gettext_lazy("แจ้งเรื่องนักเรียนซ้ำหลายโรงเรียน"), capability="")
def claim(
    *,
    actor: Actor,
    double: Double,
    school: School,
    kind: str,
    left_on: date | None = None,
    words: str = "",
    uploads: Sequence[Any] = (),
) -> Double:
    """A school says that the pupil stays with it, or since when it does not; the evidence hangs on what it says.

    Once one keeps and every other has let go, their enrolments end on the days they gave and the case is agreed. The same
    words sent twice are said once.
    """
    demand(actor, CLAIM, school.unit)
    double = _locked(double)
    schools = {roll.school_id for roll in double.rolls.all()}
    if school.pk not in schools:
        raise NotFound(_("โรงเรียนนี้ไม่เกี่ยวกับเรื่องนี้"), code="not_found")
    if kind not in ClaimKind.values:
        raise Refusal(_("เลือกว่าเรียนอยู่ที่นี่หรือออกไปแล้ว"), code="students.claim_kind", field="kind")
    words = normalise(words)[:500]
    if len(words) < SHORTEST and not uploads:
        raise Refusal(
            _("บอกหลักฐาน เช่น ใบรับย้ายเลขที่เท่าใด มาเรียนครั้งสุดท้ายเมื่อใด หรือแนบไฟล์"),
            code="students.evidence",
            field="words",
        )
    here = _present(double)
    if kind == ClaimKind.LEFT:
        _refuse_day(here.get(school.pk), left_on)
    entry().on(double, double.pupil, school.unit)
    if _is_said(double, school, kind, left_on, words, uploads):
        return double
    made = Claim.objects.create(
        double=double,
        school=school,
        kind=kind,
        left_on=left_on if kind == ClaimKind.LEFT else None,
        words=words,
        made_at=timezone.now(),
        by=actor.name[:200],
    )
    entry().tell(kind=kind, left_on=made.left_on or "")
    for upload in uploads:
        store(actor=actor, upload=upload, owner=made, kind=EVIDENCE)
    return _weigh(actor, double, school, here)


def _is_said(
    double: Double, school: School, kind: str, left_on: date | None, words: str, uploads: Sequence[Any]
) -> bool:
    """Whether the school's newest claim says just this already, with these files: a form sent twice."""
    newest = Claim.objects.filter(double=double, school=school).order_by("-pk").first()
    day = left_on if kind == ClaimKind.LEFT else None
    if newest is None or (newest.kind, newest.left_on, newest.words) != (kind, day, words):
        return False
    held = set(attachments(newest, kind=EVIDENCE).values_list("file__sha256", flat=True))
    return all(_digest(upload) in held for upload in uploads)


def _digest(upload: Any) -> str:
    upload.seek(0)
    found = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return found


def _weigh(actor: Actor, double: Double, school: School, here: Mapping[int, Enrolment]) -> Double:
    """What follows from all that was said: agreed, contradicted, or still waiting. Only schools with the pupil on the roll count."""
    said = latest_claims([double]).get(double.pk, {})
    keep = [pk for pk in here if pk in said and said[pk].kind == ClaimKind.STAYS]
    silent = [pk for pk in here if pk not in said]
    if len(keep) == 1 and not silent:
        days = {pk: said[pk].left_on for pk in here if pk != keep[0]}
        _close(actor, double, DoubleState.AGREED, keep[0], days, here)
    elif len(keep) > 1 or (here and not keep and not silent):
        first = double.state != DoubleState.DISPUTED
        _turn(double, DoubleState.DISPUTED)
        words = gettext_lazy("โรงเรียนแจ้งไม่ตรงกัน รอเขตชี้ขาด")
        _tell(double, words, actor, [pk for pk in here if pk != school.pk])
        if first:
            _tell_area(double, words, actor)
    else:
        _turn(double, DoubleState.OPEN)
        words = gettext_lazy("%(school)sแจ้งเรื่องนักเรียนซ้ำแล้ว แจ้งของโรงเรียนท่าน")
        _tell(double, words, actor, silent, school=school.full_name)
    return double


def _turn(double: Double, state: str) -> None:
    double.state = state
    double.save(update_fields=["state"])


@verb("students.settle_double", gettext_lazy("ชี้ขาดนักเรียนซ้ำหลายโรงเรียน"), capability=SETTLE, on="double")
def settle_double(
    *,
    actor: Actor,
    double: Double,
    keeper: int,
    left_on: date | None,
    reason: str,
    days: Mapping[int, date] | None = None,
    uploads: Sequence[Any] = (),
) -> Double:
    """The area says where the pupil stays: when the schools contradict each other, or have let the days pass.

    All other rolls end with it, on ``left_on`` or on the school's own day in ``days`` (school → day).
    """
    double = _locked(double)
    if double.state != DoubleState.DISPUTED and double.due_on >= today():
        raise Conflict(
            _("รอโรงเรียนแจ้งถึง %(day)s เขตชี้ขาดได้เมื่อแจ้งไม่ตรงกันหรือเลยวันนั้น") % {"day": thai_date(double.due_on)},
            code="students.too_early",
        )
    here = _present(double)
    if keeper not in here:
        raise Refusal(_("เลือกหนึ่งในโรงเรียนที่ยังมีชื่อนักเรียนในทะเบียน"), code="students.keeper", field="keeper")
    reason = normalise(reason)[:500]
    if len(reason) < SHORTEST:
        raise Refusal(
            _("บอกหลักฐานที่ใช้ชี้ขาด เช่น ใบย้ายลงวันที่เท่าใด"), code="students.settle_reason", field="reason"
        )
    given = {pk: (days or {}).get(pk) or left_on for pk in here if pk != keeper}
    for pk, day in given.items():
        _refuse_day(here[pk], day, f"left_on_{pk}" if days and days.get(pk) else "left_on")
    double.reason = reason
    entry().on(double.pupil)
    entry().tell(keeper=keeper, reason=reason)
    for upload in uploads:
        store(actor=actor, upload=upload, owner=double, kind=EVIDENCE)
    _close(actor, double, DoubleState.DECIDED, keeper, given, here)
    return double


def tell_overdue() -> int:
    """Tell the area, once each, of the cases whose days have passed; the night's work. Returns how many it was told of."""
    late = list(Double.objects.filter(state=DoubleState.OPEN, due_on__lt=today()).select_related("pupil"))
    told = 0
    for double in late:
        told += bool(_tell_area(double, gettext_lazy("โรงเรียนไม่ตกลงกันภายในกำหนด รอเขตชี้ขาด"), None))
    return told


def _locked(double: Double) -> Double:
    found = (
        Double.objects.select_for_update(of=("self",))
        .select_related("pupil")
        .prefetch_related("rolls__school__unit")
        .get(pk=double.pk)
    )
    if not found.is_waiting:
        raise Conflict(
            _("เรื่องนี้เสร็จแล้ว: %(state)s") % {"state": found.get_state_display()}, code="students.double_closed"
        )
    return found


def _present(double: Double) -> dict[int, Enrolment]:
    """School → its enrolment, of the schools of the case on whose roll the pupil still is; locked."""
    rows = (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(
            pupil=double.pupil_id,
            school__in=[roll.school_id for roll in double.rolls.all()],
            school_year=double.school_year,
            term=double.term,
            state__in=PRESENT,
        )
        .select_related("school__unit")
        .order_by("school")
    )
    return {row.school_id: row for row in rows}


def _refuse_day(enrolment: Enrolment | None, day: date | None, field: str = "left_on") -> None:
    if day is None:
        raise Refusal(_("บอกวันที่ออก คือวันแรกที่ไม่ได้เรียนที่นั่นแล้ว"), code="students.left_on", field=field)
    if day > today():
        raise Refusal(_("วันที่ออกอยู่ในอนาคต"), code="students.left_on", field=field)
    if enrolment is not None and enrolment.entered_on and day < enrolment.entered_on:
        raise Refusal(
            _("วันที่ออกอยู่ก่อนวันเข้าเรียน %(day)s") % {"day": thai_date(enrolment.entered_on)},
            code="students.left_on",
            field=field,
        )


def _close(
    actor: Actor,
    double: Double,
    state: str,
    keeper: int,
    days: Mapping[int, date],
    here: Mapping[int, Enrolment],
) -> None:
    """End every other enrolment on its day, write down how it was settled, tell all schools of the case."""
    keeping = here[keeper].school
    entry().on(keeping.unit)
    for pk, day in days.items():
        entry().on(here[pk], here[pk].school.unit)
        end(here[pk], kind=LeaveKind.MOVED, left_on=day, destination=keeping.full_name[:150])
        DoubleRoll.objects.filter(double=double, school=pk).update(left_on=day)
    double.state, double.keeper = state, keeping
    double.closed_at, double.closer = timezone.now(), actor.name[:200]
    double.save(update_fields=["state", "keeper", "reason", "closed_at", "closer"])
    agreed, decided = (
        gettext_lazy("ตกลงกันแล้ว: เรียนอยู่ที่%(school)s"),
        gettext_lazy("เขตชี้ขาดแล้ว: เรียนอยู่ที่%(school)s"),
    )
    words = agreed if state == DoubleState.AGREED else decided
    everyone = [roll.school_id for roll in double.rolls.all()]
    _tell(double, words, actor, everyone, school=keeping.full_name)


def _tell(double: Double, words: Any, actor: Actor, schools: Sequence[int], **facts: str) -> None:
    units = [roll.school.unit_id for roll in double.rolls.all() if roll.school_id in schools]
    with override("th"):  # kept and read by others, whatever language the actor reads
        tell(
            event=f"students.double:{double.pk}:{double.state}:{timezone.now():%Y%m%dT%H%M%S%f}", title=str(words) % facts,
            units=units, capability=CLAIM, url=reverse("students:double", args=[double.pk]), but=actor.person,
        )  # fmt: skip


def _tell_area(double: Double, words: Any, actor: Actor | None) -> int:
    area = Unit.objects.on().filter(kind__in=[UnitKind.OFFICE, UnitKind.GROUP])
    with override("th"):
        return tell(
            event=f"students.double:{double.pk}:area", title=str(words), url=reverse("students:double", args=[double.pk]),
            units=area, capability=SETTLE, but=actor.person if actor else None,
        )  # fmt: skip
