"""A school year's rounds by one press, and opening one: every unit × sheet in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.calendar import ERA, thai_date
from khet.base.notices.api import tell
from khet.base.org.api import Actor, entry, save, verb
from khet.kits.rounds.bases import Sheet, sheets
from khet.kits.rounds.choices import RoundKind, RoundState, SheetKind
from khet.kits.rounds.models import Form, Round
from khet.kits.rounds.queries.periods import available, newest_forms, own_school_ids, sheets_of
from khet.kits.rounds.rules import CONFIRM, MANAGE

CLOSES = time(16, 30)

# kind, number, term, title, (month, day, years after the year's May) of: data as at, opening, due, closing.
PLAN: list[tuple[str, int, int, Any, tuple[int, int, int], tuple[int, int, int], tuple[int, int, int], tuple[int, int, int]]] = [
    (RoundKind.TERM, 1, 1, "รอบ 1/%(year)s", (6, 10, 0), (6, 10, 0), (6, 30, 0), (7, 15, 0)),
    (RoundKind.TERM, 2, 2, "รอบ 2/%(year)s", (11, 10, 0), (11, 10, 0), (11, 30, 0), (12, 15, 0)),
    (RoundKind.TERM, 3, 2, "รอบ 3/%(year)s สิ้นปีการศึกษา", (3, 31, 1), (3, 31, 1), (4, 20, 1), (5, 10, 1)),
    (RoundKind.YEARLY, 1, 2, "ข้อมูลประจำปี %(year)s", (11, 10, 0), (11, 10, 0), (12, 30, 0), (1, 15, 1)),
]  # fmt: skip
"""The calendar of a school year where there is no earlier one to copy (thai.md 1.1; the closing days are ours)."""


def _working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


@verb("rounds.plan", _("วางปฏิทินรอบข้อมูลของปีการศึกษา"), capability=MANAGE)
def plan_year(*, actor: Actor, school_year: int) -> list[Round]:
    """The rounds of a school year: those of the year before a year later, or the usual calendar; what is there stays."""
    if not 2500 <= school_year <= 2700:
        raise Refusal(_("ใส่ปีการศึกษาเป็น พ.ศ. สี่หลัก เช่น 2569"), code="rounds.year", field="school_year")
    there = set(Round.objects.filter(school_year=school_year).values_list("kind", "number"))
    last = list(Round.objects.filter(school_year=school_year - 1).order_by("as_at", "pk"))
    made = [_year_later(one) for one in last] or [_usual(school_year, *line) for line in PLAN]
    made = [one for one in made if (one.kind, one.number) not in there and one.sheet_codes]
    if not made:
        raise Conflict(
            _("ปีการศึกษา %(year)s มีรอบข้อมูลครบแล้ว") % {"year": school_year}
            if there
            else _("ยังไม่มีชุดข้อมูลให้เก็บ เพิ่มแบบของสำนักงานก่อน"),
            code="rounds.planned",
        )
    Round.objects.bulk_create(made)
    entry().tell(school_year=school_year, rounds=[one.title for one in made])
    return made


def _usual(year: int, kind: str, number: int, term: int, title: str, *days: tuple[int, int, int]) -> Round:
    as_at, opens, due, closes = (date(year - ERA + later, month, day) for month, day, later in days)
    return Round(
        kind=kind, number=number, term=term, title=title % {"year": year}, school_year=year, as_at=as_at, opens_on=_working(opens),
        due_at=timezone.make_aware(datetime.combine(_working(due), CLOSES)), closes_on=_working(closes),
        sheet_codes=[one.code for one in available(kind)],
    )  # fmt: skip


def _later(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _year_later(one: Round) -> Round:
    due = timezone.localtime(one.due_at)
    known = {found.code for found in available(one.kind)}
    return Round(
        kind=one.kind, number=one.number, term=one.term, school_year=one.school_year + 1,
        title=one.title.replace(str(one.school_year), str(one.school_year + 1)), as_at=_later(one.as_at),
        opens_on=_working(_later(one.opens_on)), closes_on=_working(_later(one.closes_on)),
        due_at=timezone.make_aware(datetime.combine(_working(_later(due.date())), due.time())),
        sheet_codes=[*(code for code in one.sheet_codes if code in known), *sorted(known - set(one.sheet_codes))],
        unit_ids=[],
    )  # fmt: skip


@verb("rounds.change", _("แก้กำหนดการของรอบข้อมูล"), capability=MANAGE, on="round")
def change_round(*, actor: Actor, round: Round, **values: Any) -> Round:
    """Title, days, hour due, sheets, units. Of an open round only the title, the hour due and the closing day."""
    if round.state == RoundState.CLOSED:
        raise Conflict(_("รอบนี้ปิดแล้ว เปิดใหม่พร้อมเหตุผลก่อนจึงแก้กำหนดการได้"), code="rounds.closed")
    if round.state == RoundState.OPEN:
        values = {name: value for name, value in values.items() if name in {"title", "due_at", "closes_on"}}
    opens = values.get("opens_on", round.opens_on)
    closes = values.get("closes_on", round.closes_on)
    due = timezone.localdate(values.get("due_at", round.due_at))
    if closes < opens or due < opens or due > closes:
        raise Refusal(_("เรียงวันให้ถูก: เปิดรับ แล้วส่งภายใน แล้วปิดรอบ"), code="rounds.days", field="due_at")
    save(round, **values)
    return round


def form_of(sheet: Sheet) -> Form:
    """The newest version of a declared sheet's questions; a changed declaration makes the next one."""
    with override("th"):
        questions = [
            {
                "code": q.code, "label": str(q.label), "kind": q.kind, "required": q.required, "help": str(q.help),
                "choices": [[value, str(words)] for value, words in q.choices],
            }
            for q in sheet.questions
        ]  # fmt: skip
        newest = Form.objects.filter(code=sheet.code).first()
        if newest is None or newest.questions != questions:
            newest = Form.objects.create(
                code=sheet.code,
                version=newest.version + 1 if newest else 1,
                title=str(sheet.title),
                questions=questions,
                is_yearly=sheet.yearly,
            )
    return newest


@verb("rounds.open", _("เปิดรอบข้อมูล"), capability=MANAGE, on="round")
def open_round(*, actor: Actor, round: Round, unit_ids: Sequence[int] | None = None) -> int:
    """Open: one return per unit × sheet in one statement, everybody told who fills in; returns how many."""
    round = Round.objects.select_for_update().get(pk=round.pk)
    if round.state != RoundState.PLANNED:
        raise Conflict(_("%(round)s เปิดไปแล้ว") % {"round": round.title}, code="rounds.opened")
    wanted = list(unit_ids or round.unit_ids or own_school_ids())
    allowed = set(own_school_ids())
    units = [pk for pk in wanted if pk in allowed]
    if not units or not round.sheet_codes:
        raise Refusal(_("เลือกโรงเรียนและชุดข้อมูลอย่างน้อยอย่างละหนึ่ง"), code="rounds.empty")
    written = {form.code: form for form in newest_forms()}
    forms: dict[str, Form] = {}
    for one in sheets_of(round):
        declared = sheets.get(one.code)
        if declared is not None and declared.kind == SheetKind.FORM:
            forms[one.code] = form_of(declared)
        elif one.code in written:
            forms[one.code] = written[one.code]
    codes = [one.code for one in sheets_of(round)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rounds_return (round_id, unit_id, sheet, place, state, form_id, digest, is_stale, reason, excuse)"
            " SELECT %s, u.id, s.code, s.place, 'not_started', s.form, '', false, '', ''"
            " FROM unnest(%s::bigint[]) AS u(id)"
            " CROSS JOIN unnest(%s::text[], %s::bigint[]) WITH ORDINALITY AS s(code, form, place)"
            " ON CONFLICT (round_id, unit_id, sheet) DO NOTHING",
            [round.pk, units, codes, [forms[code].pk if code in forms else None for code in codes]],
        )
        made = cursor.rowcount
    save(
        round,
        state=RoundState.OPEN,
        opened_at=timezone.now(),
        unit_ids=units,
        sheet_codes=codes,
        form_ids=[form.pk for form in forms.values() if form.code in written],
    )
    entry().tell(units=len(units), sheets=codes)
    with override("th"):
        tell(
            event=f"rounds.opened:{round.pk}",
            title=f"เปิด{round.title} ข้อมูล ณ {thai_date(round.as_at)}",
            body=f"ส่งภายใน {thai_date(round.due_at)}",
            url="/rounds/mine/",
            units=units,
            capability=CONFIRM,
            but=actor.person,
        )
    return made
