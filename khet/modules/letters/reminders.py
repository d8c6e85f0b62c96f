"""The official letter to schools that are late with a round: drafted whole, for a person to read, submit and have signed."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal
from khet.base.lib.pdf import ListColumn
from khet.base.lib.pdf.reports import ReportPaper, ReportSection, report
from khet.base.lib.thai.calendar import add_working_days, thai_date, thai_date_long, thai_time
from khet.base.org.api import Actor, Profile, Unit, demand, today
from khet.base.ui.dates import holidays
from khet.kits.files.api import attachments
from khet.kits.rounds.bases import LateUnits, LetterWriter, letter_writer
from khet.modules.letters import papers
from khet.modules.letters.actions import draft, enclose
from khet.modules.letters.choices import LetterKind, Speed
from khet.modules.letters.numbers import bureau_of
from khet.modules.letters.queries.letters import my_units
from khet.modules.letters.rules import DRAFT

IN_BODY = 6
"""Up to so many schools stand in the letter itself; more go onto a list beside it, as the regulation has it."""
HEADS = ("ที่", "โรงเรียน", "ข้อมูลที่ยังไม่ครบ", "เลยกำหนด")
ANSWER_DAYS = 3
"""Working days that the letter gives."""


def may_draft(actor: Actor) -> bool:
    return actor.has(DRAFT)


def draft_reminder(actor: Actor, late: LateUnits) -> tuple[str, str]:
    """One external letter to all of them, circular when there are several: a draft of the actor's own unit.

    Its words are Thai whatever the actor reads (the caller sees to that). Raises where the actor may not draft.
    """
    demand(actor, DRAFT)
    own = my_units(actor)
    unit = (
        actor.unit
        if actor.unit is not None and actor.unit.pk in own
        else Unit.objects.filter(pk__in=own).first()
    )
    if unit is None:
        raise Refusal(_("คุณยังไม่อยู่ในหน่วยงานที่ร่างหนังสือได้"), code="letters.no_unit")
    bureau = bureau_of(unit)
    units = list(Unit.objects.filter(pk__in=late.missing).order_by("position", "pk"))
    is_late = late.due_at < timezone.now()
    answer_by = (
        add_working_days(today(), ANSWER_DAYS, holidays()) if is_late else timezone.localdate(late.due_at)
    )
    rows = rows_of(late, units)
    on_list = len(rows) > IN_BODY
    office = bureau.unit.name
    letter = draft(
        actor=actor,
        unit=unit,
        form_key=late.key or None,
        kind=LetterKind.EXTERNAL,
        is_circular=len(units) > 1,
        subject=f"ขอให้เร่งรัด{late.subject}" if is_late else f"ขอให้ดำเนินการ{late.subject.removeprefix('การ')}",
        to_text=f"ผู้อำนวยการ{units[0].name}"
        if len(units) == 1
        else "ผู้อำนวยการโรงเรียน" + ("ตามบัญชีแนบท้าย" if on_list else "ตามรายชื่อในหนังสือนี้"),
        speed=Speed.VERY_URGENT if is_late else Speed.URGENT,
        enclosures=["บัญชีรายชื่อโรงเรียนที่ยังส่งข้อมูลไม่ครบ จำนวน 1 ฉบับ"] if on_list else [],
        body=body_of(late, office, rows, answer_by, is_late=is_late, on_list=on_list),
        closing="ขอแสดงความนับถือ",
        answer_by=answer_by,
        to_units=[one.pk for one in units],
        send_when_signed=True,
    )
    if on_list and not attachments(letter, papers.ENCLOSURE):
        sheet = list_of(late, office, rows)
        enclose(
            actor=actor, letter=letter, uploads=[ContentFile(sheet, name="บัญชีรายชื่อโรงเรียนที่ยังส่งข้อมูลไม่ครบ.pdf")]
        )
    return letter.subject[:80], reverse("letters:edit", args=[letter.pk])


def rows_of(late: LateUnits, units: list[Unit]) -> list[list[str]]:
    """Number, school, what is missing, how long: the columns of the list."""
    return [
        [str(number), one.name, ", ".join(late.missing[one.pk]), days_words(late.days_late.get(one.pk, 0))]
        for number, one in enumerate(units, start=1)
    ]


def days_words(days: int) -> str:
    return f"{days} วัน" if days > 0 else "ยังไม่เลยกำหนด"


def due_words(late: LateUnits) -> str:
    due = timezone.localtime(late.due_at)
    return f"{thai_date_long(due)} เวลา {thai_time(due)}"


def body_of(
    late: LateUnits, office: str, rows: list[list[str]], answer_by: Any, *, is_late: bool, on_list: bool
) -> str:
    """Three paragraphs of an external letter: the cause (ตามที่ … นั้น), what is so now and asked, the end."""
    where = "รายละเอียดตามสิ่งที่ส่งมาด้วย" if on_list else "ดังนี้" if len(rows) > 1 else ""
    asked = "ขอให้โรงเรียนดำเนินการให้ครบถ้วน ถูกต้อง และให้ผู้อำนวยการโรงเรียนรับรองข้อมูลในระบบ"
    cause = (
        f"ตามที่ {office} ได้กำหนดให้โรงเรียนในสังกัดรายงาน ยืนยัน และรับรองข้อมูล {late.round_title} "
        f"ข้อมูล ณ วันที่ {late.as_at_words} ภายในวันที่ {due_words(late)} ความแจ้งแล้ว นั้น"
    )
    if len(rows) == 1:
        state = f"ปรากฏว่าโรงเรียนของท่านยังส่งข้อมูลไม่ครบถ้วน ได้แก่ {rows[0][2]}"
        state += f" ล่วงเลยกำหนดมาแล้ว {rows[0][3]}" if is_late else ""
    else:
        state = f"ปรากฏว่ามีโรงเรียนที่ยังส่งข้อมูลไม่ครบถ้วน จำนวน {len(rows)} โรงเรียน {where}"
    now = ("บัดนี้ ล่วงเลยกำหนดเวลาดังกล่าวแล้ว " if is_late else "บัดนี้ ใกล้ถึงกำหนดเวลาดังกล่าวแล้ว ") + state.strip()
    table = ""
    if not on_list and len(rows) > 1:
        heads = "".join(f"<th>{word}</th>" for word in HEADS[: 4 if is_late else 3])
        lines = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row[: 4 if is_late else 3]) + "</tr>"
            for row in rows
        )
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    by = f"ภายในวันที่ {thai_date_long(answer_by)}" if is_late else "ภายในกำหนดดังกล่าว"
    end = f"{asked} {by} หากมีเหตุขัดข้องให้แจ้งเขตพื้นที่ทราบก่อนครบกำหนด"
    return "".join(
        [f"<p>{escape(cause)}</p>", f"<p>{escape(now)}</p>", table, f"<p>ในการนี้ {escape(end)}</p>", "<p>จึงเรียนมาเพื่อทราบและดำเนินการ</p>"]
    )  # fmt: skip


def list_of(late: LateUnits, office: str, rows: list[list[str]]) -> bytes:
    """The list that goes along, as PDF."""
    columns = [
        ListColumn(label=HEADS[0], share=1, align="center"),
        ListColumn(label=HEADS[1], share=5),
        ListColumn(label=HEADS[2], share=6),
        ListColumn(label=HEADS[3], share=2, align="right"),
    ]
    shown = 4 if late.due_at < timezone.now() else 3
    return report(
        ReportPaper(
            office=office,
            title="บัญชีรายชื่อโรงเรียนที่ยังส่งข้อมูลไม่ครบ",
            form="สิ่งที่ส่งมาด้วย",
            lines=[late.round_title, f"ข้อมูล ณ วันที่ {late.as_at_words} กำหนดส่ง {due_words(late)}"],
            sections=[
                ReportSection(
                    columns=columns[:shown],
                    rows=[row[:shown] for row in rows],
                )
            ],
            printed=f"จัดทำเมื่อ {thai_date(today())}",
            thai_digits=Profile.load().thai_digits_on_paper,
        )
    )


letter_writer(LetterWriter("letters", _("หนังสือราชการ"), draft_reminder, may_draft))
