"""What happens to a school in its life: taught elsewhere, closed, transferred, open again."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, entry, save, today, verb
from khet.modules.schools.actions.facts import reindex
from khet.modules.schools.choices import Status
from khet.modules.schools.models import School, SchoolCode, SchoolStatus
from khet.modules.schools.rules import STATUS


@verb("schools.merge", gettext_lazy("เรียนรวมกับโรงเรียนอื่น"), capability=STATUS, on="school")
def merge(
    *,
    actor: Actor,
    school: School,
    into: School,
    since: date | None = None,
    reference: str = "",
    note: str = "",
) -> School:
    """The pupils are taught at another school from a day; this one stays, with its codes and its people."""
    if school.status != Status.NORMAL:
        raise Conflict(
            _("โรงเรียนนี้%(state)sอยู่แล้ว") % {"state": school.get_status_display()}, code="schools.state"
        )
    _refuse_target(school, into)
    entry().on(school, school.unit, into)
    save(school, status=Status.TAUGHT_ELSEWHERE, joined=into)
    _state(school, Status.TAUGHT_ELSEWHERE, since or today(), into, reference, note)
    reindex([into])
    return school


@verb("schools.close", gettext_lazy("ยุบเลิกหรือถ่ายโอนโรงเรียน"), capability=STATUS, on="school")
def close(
    *,
    actor: Actor,
    school: School,
    since: date | None = None,
    into: School | None = None,
    transferred: bool = False,
    reference: str = "",
    note: str = "",
) -> School:
    """The school ends: its unit and its codes end the day before ``since`` and go on finding it.

    ``into`` is the school that takes it over, which is then found by the old codes as well; ``transferred``
    means it goes to a local government instead of closing.
    """
    if school.status in (Status.CLOSED, Status.TRANSFERRED):
        raise Conflict(
            _("โรงเรียนนี้%(state)sไปแล้ว") % {"state": school.get_status_display()}, code="schools.state"
        )
    if into is not None:
        _refuse_target(school, into)
    into = into or school.joined
    since = since or today()
    last = since - timedelta(days=1)
    if last < school.unit.since:
        raise Refusal(_("วันยุบเลิกต้องอยู่หลังวันที่เริ่มมีโรงเรียนในทะเบียน"), code="schools.dates", field="since")
    status = Status.TRANSFERRED if transferred else Status.CLOSED
    entry().on(school, school.unit, *([into] if into else []))
    save(school, status=status, joined=into)
    save(school.unit, until=last)
    SchoolCode.objects.filter(school=school, until__isnull=True, since__lte=last).update(until=last)
    _state(school, status, since, into, reference, note)
    reindex([school, *([into] if into else [])])
    return school


@verb("schools.reopen", gettext_lazy("เปิดสอนตามปกติอีกครั้ง"), capability=STATUS, on="school")
def reopen(
    *, actor: Actor, school: School, since: date | None = None, reference: str = "", note: str = ""
) -> School:
    """Back to normal from a day, with the codes it had."""
    if school.status == Status.NORMAL:
        raise Conflict(_("โรงเรียนนี้เปิดสอนปกติอยู่แล้ว"), code="schools.state")
    since = since or today()
    former = school.joined
    was_closed = school.status in (Status.CLOSED, Status.TRANSFERRED)
    entry().on(school, school.unit)
    save(school, status=Status.NORMAL, joined=None)
    if was_closed:
        save(school.unit, until=None)
        ended = school.codes.order_by("kind", "-since", "-pk").distinct("kind")
        SchoolCode.objects.bulk_create(
            SchoolCode(school=school, kind=code.kind, value=code.value, since=since)
            for code in ended
            if code.until is not None
        )
    _state(school, Status.NORMAL, since, None, reference, note)
    reindex([school, *([former] if former else [])])
    return school


def _refuse_target(school: School, into: School) -> None:
    if into.pk == school.pk:
        raise Refusal(_("เลือกโรงเรียนอื่นที่ไม่ใช่โรงเรียนนี้"), code="schools.into_itself", field="into")
    if into.status in (Status.CLOSED, Status.TRANSFERRED):
        raise Refusal(
            _("%(school)s%(state)sแล้ว เลือกโรงเรียนอื่น")
            % {"school": into.full_name, "state": into.get_status_display()},
            code="schools.into_closed",
            field="into",
        )
    if into.joined_id == school.pk:
        raise Refusal(
            _("%(school)sเรียนรวมกับโรงเรียนนี้อยู่ เปิดโรงเรียนนั้นตามปกติก่อน") % {"school": into.full_name},
            code="schools.circle",
            field="into",
        )


def _state(school: School, status: str, since: date, other: School | None, reference: str, note: str) -> None:
    held = school.statuses.filter(until__isnull=True)
    held.filter(since__gte=since).delete()
    held.update(until=since - timedelta(days=1))
    SchoolStatus.objects.create(
        school=school, status=status, since=since, other=other, reference=reference, note=note
    )
    entry().tell(since=since, reference=reference)
