"""A pupil on two rolls: opened, claimed by both schools with evidence, agreed between them or decided by the area.

Agreement needs no third hand: one school keeps the pupil, the other says since when it does not, and its enrolment ends on
that day. When both keep or both let go, or the days given have passed, the area decides with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from khet.kits.files.api import store
from khet.modules.schools.api import School
from khet.modules.students.actions.enrolments import end
from khet.modules.students.choices import PRESENT, ClaimKind, DoubleState, LeaveKind
from khet.modules.students.models import Claim, Double, Enrolment, Pupil
from khet.modules.students.models.doubles import WAITING
from khet.modules.students.queries.doubles import latest_claims
from khet.modules.students.queries.rolls import DOUBLED
from khet.modules.students.rules import CLAIM, SETTLE

DAYS = 3
"""Working days that two schools have to settle it between themselves (decision 0042)."""
EVIDENCE = "evidence"
SHORTEST = 5

_OPEN = f"""
INSERT INTO students_double (pupil_id, school_year, term, first_id, second_id, opened_at, due_on)
SELECT d.pupil_id, d.school_year, d.term, d.first_id, d.second_id, %s, %s FROM ({DOUBLED}) d
ON CONFLICT DO NOTHING RETURNING id, first_id, second_id
"""
_GONE = f"""
UPDATE students_double g SET state = 'gone', closed_at = %s
 WHERE g.state IN ('open', 'disputed') AND (g.school_year, g.term) = (%s, %s)
   AND NOT EXISTS (SELECT FROM ({DOUBLED}) d WHERE (d.pupil_id, d.first_id, d.second_id) = (g.pupil_id, g.first_id, g.second_id))
"""


@verb("students.open_doubles", gettext_lazy("เปิดเรื่องนักเรียนซ้ำสองโรงเรียน"), capability=SETTLE)
def open_doubles(*, actor: Actor, year: int | None = None, term: int | None = None) -> tuple[int, int]:
    """Open a case for every pupil on two rolls of the term (default: the present one), close those that are no more.

    Set-based; the schools concerned are told once. Returns (opened, gone).
    """
    year, term = year or school_year(today()), term or school_term(today())
    with connection.cursor() as cursor:
        cursor.execute(_GONE, [timezone.now(), year, term, year, term, None, None])
        gone = cursor.rowcount
    opened = _open(year, term, None)
    entry().tell(term=f"{term}/{year}", opened=len(opened), gone=gone)
    return len(opened), gone


@verb("students.open_double", gettext_lazy("เปิดเรื่องนักเรียนซ้ำสองโรงเรียน"), capability="")
def open_double(*, actor: Actor, pupil: Pupil) -> Double:
    """Open the case of one pupil, by one of the schools or the area; a case that is open already is given back."""
    rows = list(
        Enrolment.objects.filter(pupil=pupil, state="studying")
        .select_related("school__unit")
        .order_by("-school_year", "-term", "school")
    )
    here = [row for row in rows if (row.school_year, row.term) == (rows[0].school_year, rows[0].term)]
    if len(here) < 2:
        raise Conflict(_("นักเรียนไม่ได้อยู่ในทะเบียนของสองโรงเรียนแล้ว"), code="students.not_double")
    if not actor.has(SETTLE):
        mine = [row for row in here if actor.scope(CLAIM).covers(row.school.unit)]
        demand(actor, CLAIM, (mine or here)[0].school.unit)
    year, term = here[0].school_year, here[0].term
    opened = _open(year, term, pupil.pk)
    found = Double.objects.filter(pupil=pupil, school_year=year, term=term, state__in=WAITING)
    double = found.filter(pk__in=[pk for pk, _first, _second in opened]).first() or found.first()
    entry().on(double, pupil, *(row.school.unit for row in here))
    entry().tell(term=f"{term}/{year}", opened=len(opened))
    return double


def _open(year: int, term: int, pupil: int | None) -> list[tuple[int, int, int]]:
    due = add_working_days(today(), DAYS, holidays())
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [timezone.now(), due, year, term, pupil, pupil])
        opened = cursor.fetchall()
    if opened:
        one = len(opened) == 1
        units = School.objects.filter(pk__in={pk for row in opened for pk in row[1:]}).values_list(
            "unit", flat=True
        )
        with override("th"):
            tell(
                event=f"students.doubles:{max(row[0] for row in opened)}:open",
                title=_("มีนักเรียนซ้ำสองโรงเรียน แจ้งว่าเรียนอยู่ที่นี่หรือออกแล้ว"),
                body=_("ตกลงกันภายใน %(day)s หลังจากนั้นเขตชี้ขาด") % {"day": thai_date(due)},
                url=reverse("students:double", args=[opened[0][0]]) if one else reverse("students:doubles"),
                units=list(units),
                capability=CLAIM,
                urgent=True,
            )
    return opened


@verb("students.claim_double", gettext_lazy("แจ้งเรื่องนักเรียนซ้ำสองโรงเรียน"), capability="")
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

    Once one keeps and the other has let go, the other's enrolment ends on the day it gave and the case is agreed.
    """
    demand(actor, CLAIM, school.unit)
    double = _locked(double)
    if school.pk not in (double.first_id, double.second_id):
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
    if kind == ClaimKind.LEFT:
        _refuse_day(_enrolment(double, school.pk), left_on)
    made = Claim.objects.create(
        double=double,
        school=school,
        kind=kind,
        left_on=left_on if kind == ClaimKind.LEFT else None,
        words=words,
        made_at=timezone.now(),
        by=actor.name[:200],
    )
    entry().on(double, double.pupil, school.unit)
    entry().tell(kind=kind, left_on=made.left_on or "")
    for upload in uploads:
        store(actor=actor, upload=upload, owner=made, kind=EVIDENCE)
    said = latest_claims([double]).get(double.pk, {})
    other = said.get(double.other(school.pk))
    if other is None:
        words = gettext_lazy("%(school)sแจ้งเรื่องนักเรียนซ้ำแล้ว แจ้งของโรงเรียนท่าน")
        _tell(double, words, actor, [double.other(school.pk)], school=school.full_name)
    elif {made.kind, other.kind} == {ClaimKind.STAYS, ClaimKind.LEFT}:
        leaves = made if made.kind == ClaimKind.LEFT else other
        _close(actor, double, DoubleState.AGREED, double.other(leaves.school_id), leaves.left_on)
    else:
        first = double.state != DoubleState.DISPUTED
        double.state = DoubleState.DISPUTED
        double.save(update_fields=["state"])
        words = gettext_lazy("สองโรงเรียนแจ้งไม่ตรงกัน รอเขตชี้ขาด")
        _tell(double, words, actor, [double.other(school.pk)])
        if first:
            _tell_area(double, words, actor)
    return double


@verb("students.settle_double", gettext_lazy("ชี้ขาดนักเรียนซ้ำสองโรงเรียน"), capability=SETTLE, on="double")
def settle_double(
    *,
    actor: Actor,
    double: Double,
    keeper: int,
    left_on: date | None,
    reason: str,
    uploads: Sequence[Any] = (),
) -> Double:
    """The area says where the pupil stays: when the schools contradict each other, or have let the days pass."""
    double = _locked(double)
    if double.state != DoubleState.DISPUTED and double.due_on >= today():
        raise Conflict(
            _("รอโรงเรียนแจ้งถึง %(day)s เขตชี้ขาดได้เมื่อแจ้งไม่ตรงกันหรือเลยวันนั้น") % {"day": thai_date(double.due_on)},
            code="students.too_early",
        )
    if keeper not in (double.first_id, double.second_id):
        raise Refusal(_("เลือกหนึ่งในสองโรงเรียน"), code="students.keeper", field="keeper")
    reason = normalise(reason)[:500]
    if len(reason) < SHORTEST:
        raise Refusal(
            _("บอกหลักฐานที่ใช้ชี้ขาด เช่น ใบย้ายลงวันที่เท่าใด"), code="students.settle_reason", field="reason"
        )
    _refuse_day(_enrolment(double, double.other(keeper)), left_on)
    double.reason = reason
    entry().on(double.pupil)
    entry().tell(keeper=keeper, reason=reason)
    for upload in uploads:
        store(actor=actor, upload=upload, owner=double, kind=EVIDENCE)
    _close(actor, double, DoubleState.DECIDED, keeper, left_on)
    return double


def tell_overdue() -> int:
    """Tell the area, once each, of the cases whose days have passed; the night's work. Returns how many it was told of."""
    late = list(Double.objects.filter(state=DoubleState.OPEN, due_on__lt=today()).select_related("pupil"))
    told = 0
    for double in late:
        told += bool(_tell_area(double, gettext_lazy("สองโรงเรียนไม่ตกลงกันภายในกำหนด รอเขตชี้ขาด"), None))
    return told


def _locked(double: Double) -> Double:
    found = (
        Double.objects.select_for_update(of=("self",))
        .select_related("pupil", "first__unit", "second__unit")
        .get(pk=double.pk)
    )
    if not found.is_waiting:
        raise Conflict(
            _("เรื่องนี้เสร็จแล้ว: %(state)s") % {"state": found.get_state_display()}, code="students.double_closed"
        )
    return found


def _enrolment(double: Double, school: int) -> Enrolment | None:
    """The enrolment of the case at one of its schools, while the pupil is on that roll."""
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(
            pupil=double.pupil_id,
            school=school,
            school_year=double.school_year,
            term=double.term,
            state__in=PRESENT,
        )
        .select_related("school__unit")
        .first()
    )


def _refuse_day(enrolment: Enrolment | None, day: date | None) -> None:
    if day is None:
        raise Refusal(_("บอกวันที่ออก คือวันแรกที่ไม่ได้เรียนที่นั่นแล้ว"), code="students.left_on", field="left_on")
    if day > today():
        raise Refusal(_("วันที่ออกอยู่ในอนาคต"), code="students.left_on", field="left_on")
    if enrolment is not None and enrolment.entered_on and day < enrolment.entered_on:
        raise Refusal(
            _("วันที่ออกอยู่ก่อนวันเข้าเรียน %(day)s") % {"day": thai_date(enrolment.entered_on)},
            code="students.left_on",
            field="left_on",
        )


def _close(actor: Actor, double: Double, state: str, keeper: int, left_on: date | None) -> None:
    """End the other enrolment, write down how it was settled, tell both schools; further cases of the same roll vanish."""
    keeping = double.first if keeper == double.first_id else double.second
    loser = double.other(keeper)
    leaving = _enrolment(double, loser)
    if leaving is not None:
        entry().on(leaving, leaving.school.unit, keeping.unit)
        end(leaving, kind=LeaveKind.MOVED, left_on=left_on, destination=keeping.full_name[:150])
    now = timezone.now()
    double.state, double.keeper, double.left_on = state, keeping, left_on
    double.closed_at, double.closer = now, actor.name[:200]
    double.save(update_fields=["state", "keeper", "left_on", "reason", "closed_at", "closer"])
    Double.objects.filter(
        pupil=double.pupil_id, school_year=double.school_year, term=double.term, state__in=WAITING
    ).filter(pk__in=_pairs_of(double.pupil_id, loser)).update(state=DoubleState.GONE, closed_at=now)
    agreed, decided = (
        gettext_lazy("ตกลงกันแล้ว: เรียนอยู่ที่%(school)s"),
        gettext_lazy("เขตชี้ขาดแล้ว: เรียนอยู่ที่%(school)s"),
    )
    words = agreed if state == DoubleState.AGREED else decided
    _tell(double, words, actor, [double.first_id, double.second_id], school=keeping.full_name)


def _pairs_of(pupil: int, school: int) -> list[int]:
    rows = Double.objects.filter(pupil=pupil).values_list("pk", "first_id", "second_id")
    return [pk for pk, first, second in rows if school in (first, second)]


def _tell(double: Double, words: Any, actor: Actor, schools: Sequence[int], **facts: str) -> None:
    units = [one.unit_id for one in (double.first, double.second) if one.pk in schools]
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
