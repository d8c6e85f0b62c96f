"""Who is in which position from when, who works elsewhere, who leaves."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.org.api import Actor, Unit, entry, save, today, verb
from khet.modules.staff.actions.officials import open_incumbencies, open_secondments, refresh_words
from khet.modules.staff.models import Incumbency, Official, Position
from khet.modules.staff.rules import EDIT


@verb("staff.place", gettext_lazy("แต่งตั้งเข้าตำแหน่ง (อัตรากำลัง)"), capability=EDIT, on="official")
def place(
    *,
    actor: Actor,
    official: Official,
    position: Position,
    since: date | None = None,
    reference: str = "",
    with_title: bool = True,
) -> Official:
    """Put an official into a position from a day; the former one is left the day before. An open secondment ends.

    Rights do not follow: a post of the organisation is given by ``org.appoint`` (decision 22).
    """
    since = since or today()
    if not official.is_serving:
        raise Conflict(_("ผู้นี้พ้นจากหน้าที่แล้ว แต่งตั้งเข้าตำแหน่งไม่ได้"), code="staff.left")
    if position.until is not None and position.until < since:
        raise Refusal(_("อัตรานี้ยุบเลิกแล้ว เลือกอัตราอื่น"), code="staff.position_closed", field="position")
    there = (
        Incumbency.objects.on(since)
        .filter(position=position)
        .exclude(official=official)
        .select_related("official__person")
        .first()
    )
    if there is not None:
        raise Conflict(
            _("อัตรานี้มี%(name)sครองอยู่ ย้ายหรือให้พ้นก่อน") % {"name": there.official.person.full_name},
            code="staff.position_held",
            field="position",
        )
    entry().on(official, official.person, position, position.unit)
    entry().tell(since=since, reference=reference)
    open_incumbencies([(official, position, since)], reference)
    if since <= today():
        open_secondments([(official, official.unit)], since)
        facts = {
            "position": position,
            "unit": position.unit,
            "work_unit": position.unit,
            "in_position_since": since,
        }
        if with_title:
            facts |= {"title": position.title, "kind": position.kind}
        save(official, **facts)
        refresh_words([official])
    return official


@verb("staff.vacate", gettext_lazy("ให้พ้นจากอัตรา"), capability=EDIT, on="official")
def vacate(*, actor: Actor, official: Official, since: date | None = None, reference: str = "") -> Official:
    """Leave the position without another; the person goes on serving."""
    if official.position is None:
        raise Conflict(_("ผู้นี้ไม่ได้ครองอัตราใด"), code="staff.no_position")
    since = since or today()
    entry().on(official, official.person, official.position)
    entry().tell(since=since, reference=reference)
    open_incumbencies([(official, None, since)])
    save(official, position=None)
    return official


@verb("staff.second", gettext_lazy("ให้ช่วยราชการ"), capability=EDIT, on="official")
def second(
    *,
    actor: Actor,
    official: Official,
    unit: Unit,
    since: date | None = None,
    until: date | None = None,
    reference: str = "",
) -> Official:
    """Work in another unit from a day; the position stays where it is on paper."""
    since = since or today()
    if unit == official.unit:
        raise Refusal(_("เลือกหน่วยงานอื่นที่ไม่ใช่ต้นสังกัด"), code="staff.same_unit", field="unit")
    if until is not None and until < since:
        raise Refusal(_("วันสิ้นสุดอยู่ก่อนวันเริ่ม"), code="staff.dates", field="until")
    entry().on(official, official.person, official.unit, unit)
    entry().tell(since=since, until=until, reference=reference)
    open_secondments([(official, unit)], since, until, reference)
    if since <= today() and (until is None or until >= today()):
        save(official, work_unit=unit)
    return official


@verb("staff.end_secondment", gettext_lazy("สิ้นสุดการช่วยราชการ"), capability=EDIT, on="official")
def end_secondment(*, actor: Actor, official: Official, last_day: date | None = None) -> Official:
    """Back to the unit on paper; ``last_day`` is the last day elsewhere (default yesterday)."""
    if not official.is_elsewhere:
        raise Conflict(_("ผู้นี้ไม่ได้ช่วยราชการอยู่"), code="staff.not_elsewhere")
    last_day = last_day or today() - timedelta(days=1)
    entry().on(official, official.person, official.unit, official.work_unit)
    entry().tell(last_day=last_day)
    open_secondments([(official, official.unit)], last_day + timedelta(days=1))
    if last_day < today():
        save(official, work_unit=official.unit)
    return official


@verb("staff.leave_service", gettext_lazy("บันทึกการพ้นจากหน้าที่"), capability=EDIT, on="official")
def leave_service(
    *, actor: Actor, official: Official, since: date, leaving: str, reference: str = ""
) -> Official:
    """Service here ends: ``since`` is the first day no longer in office. Position and secondment end with it.

    Posts and accounts are the organisation's: they are ended there, so that nobody is locked out by a list.
    """
    if not official.is_serving:
        raise Conflict(_("บันทึกการพ้นจากหน้าที่ไปแล้ว"), code="staff.left")
    entry().on(official, official.person, official.unit)
    entry().tell(since=since, reference=reference)
    open_incumbencies([(official, None, since)])
    open_secondments([(official, official.unit)], since)
    save(official, left_on=since, leaving=leaving, position=None, work_unit=official.unit)
    return official


@verb("staff.close_position", gettext_lazy("ยุบเลิกอัตรา"), capability=EDIT, on="position")
def close_position(*, actor: Actor, position: Position, last_day: date | None = None) -> Position:
    """The position is no longer budgeted; its number stays findable."""
    last_day = last_day or today()
    if Official.objects.filter(position=position, left_on__isnull=True).exists():
        raise Conflict(_("อัตรานี้ยังมีผู้ครอง ย้ายหรือให้พ้นก่อนยุบเลิก"), code="staff.position_held")
    if position.until is not None:
        raise Conflict(_("อัตรานี้ยุบเลิกไปแล้ว"), code="staff.position_closed")
    if last_day < position.since:
        raise Refusal(_("วันยุบเลิกต้องไม่อยู่ก่อนวันที่เริ่มมีอัตรา"), code="staff.dates", field="last_day")
    entry().on(position, position.unit)
    save(position, until=last_day)
    return position


_SETTLE = """
UPDATE staff_official o SET position_id = now.position_id, work_unit_id = now.work_unit_id,
  unit_id = CASE WHEN now.position_id IS DISTINCT FROM o.position_id THEN now.unit_id ELSE o.unit_id END
FROM (
  SELECT o.id, i.position_id, coalesce(p.unit_id, o.unit_id) AS unit_id,
    coalesce(s.unit_id, CASE WHEN i.position_id IS DISTINCT FROM o.position_id THEN p.unit_id END, o.unit_id) AS work_unit_id
  FROM staff_official o
  LEFT JOIN LATERAL (SELECT position_id FROM staff_incumbency i WHERE i.official_id = o.id AND i.since <= %(day)s
    AND (i.until IS NULL OR i.until >= %(day)s) ORDER BY i.since DESC, i.id DESC LIMIT 1) i ON true
  LEFT JOIN staff_position p ON p.id = i.position_id
  LEFT JOIN LATERAL (SELECT unit_id FROM staff_secondment s WHERE s.official_id = o.id AND s.since <= %(day)s
    AND (s.until IS NULL OR s.until >= %(day)s) ORDER BY s.since DESC, s.id DESC LIMIT 1) s ON true
  WHERE o.left_on IS NULL OR o.left_on > %(day)s
) now
WHERE now.id = o.id AND (o.position_id, o.work_unit_id) IS DISTINCT FROM (now.position_id, now.work_unit_id)
RETURNING o.id
"""


def settle(day: date | None = None) -> int:
    """Every night: positions and places of work as the days of incumbencies and secondments say; returns how many moved."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"day": day or today()})
        moved = [row[0] for row in cursor.fetchall()]
    if moved:
        refresh_words(Official.objects.filter(pk__in=moved).select_related("person", "unit", "position"))
    return len(moved)
