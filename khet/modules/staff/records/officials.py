"""The register of staff as the kit shows it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.journal.api import label as journal_label
from khet.base.org.api import Actor, can, office, today
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import Action, Cell, Column, Facet, Fact, Figure, Panel, Section, Tab, View
from khet.kits.register.choices import Kind
from khet.modules.staff.actions import add_official, change_official
from khet.modules.staff.actions.officials import SCHOOL_FIELDS, change_contacts
from khet.modules.staff.ages import years_between
from khet.modules.staff.choices import Job, Level, PersonKind, Standing, Subject
from khet.modules.staff.forms import OfficialForm
from khet.modules.staff.models import Official
from khet.modules.staff.queries import with_everything
from khet.modules.staff.records.imports import OfficialImport
from khet.modules.staff.records.tabs import moves_tab, parts_tab, photo_panel
from khet.modules.staff.rules import EDIT, EDIT_SCHOOL, EXPORT, PAY, PRIVATE

LICENCES = {
    "valid": gettext_lazy("ใช้ได้"),
    "soon": gettext_lazy("จะหมดอายุใน 180 วัน"),
    "expired": gettext_lazy("หมดอายุแล้ว"),
    "none": gettext_lazy("ไม่มีใบอนุญาต"),
}
STATES = {
    "serving": gettext_lazy("ปฏิบัติงาน"),
    "seconded": gettext_lazy("ช่วยราชการ"),
    "left": gettext_lazy("พ้นจากหน้าที่"),
}


def _unit(official: Official) -> Cell:
    if official.is_elsewhere:
        return Cell(f"{official.unit.short_name} → {official.work_unit.short_name}", tone="wait")
    return Cell(official.unit.short_name)


def _licence(official: Official) -> Cell | None:
    if not official.licence:
        return None
    ends = official.licence_expires_on
    if ends is None:
        return Cell(_("ไม่มีวันหมดอายุ"))
    tone = {"expired": "alert", "soon": "wait"}.get(official.licence_state, "")
    return Cell(dates.short(ends), tone=tone)


def _age(official: Official) -> str:
    return _("อายุ %(n)d ปี") % {"n": years_between(official.born_on, today())} if official.born_on else ""


def _baht(value: Any) -> str:
    return f"{value:,.2f}" if value is not None else ""


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    """The form says ``place`` for the unit."""
    given = dict(values)
    if "place" in given:
        given["unit"] = given.pop("place")
    return given


class OfficialRecord(Record[Official]):
    code = "officials"
    model = Official
    label = gettext_lazy("บุคลากร")
    label_many = pgettext_lazy("many", "บุคลากร")
    counter = pgettext_lazy("counted", "คน")
    icon = "users"
    key = "code"
    folded = "search_text"
    default_order = "name"
    edit = add = EDIT
    exporting = EXPORT
    columns = (
        Column("name", gettext_lazy("ชื่อ"), "person", show=lambda o: o.person.full_name, order="sort_name"),
        Column("title", gettext_lazy("ตำแหน่ง"), "title"),
        Column("unit", gettext_lazy("สังกัด"), "unit__short_name", show=_unit),
        Column("standing", gettext_lazy("วิทยฐานะ"), "standing", show=lambda o: o.get_standing_display() if o.standing != Standing.NONE else ""),
        Column("level", gettext_lazy("ระดับ"), "level", shown=False),
        Column("number", gettext_lazy("เลขที่ตำแหน่ง"), "position__number", kind=Kind.CODE),
        Column("major", gettext_lazy("วิชาเอก"), "major", shown=False),
        Column("retires", gettext_lazy("เกษียณ"), "retires_on", kind=Kind.DATE),
        Column("kind", gettext_lazy("ประเภทบุคลากร"), "kind", shown=False),
        Column("licence", gettext_lazy("ใบอนุญาตหมดอายุ"), "licence_expires_on", show=_licence, shown=False),
        Column("appointed", gettext_lazy("บรรจุ"), "appointed_on", kind=Kind.DATE, shown=False),
        Column("born", gettext_lazy("วันเกิด"), "born_on", kind=Kind.DATE, shown=False, mask=PRIVATE, order=""),
        Column("salary", gettext_lazy("เงินเดือน"), "salary", show=lambda o: _baht(o.salary), kind=Kind.DECIMAL, shown=False, mask=PAY, order=""),
        Column("code", gettext_lazy("รหัสบุคลากร"), "code", kind=Kind.CODE, shown=False),
        Column("phone", gettext_lazy("โทรศัพท์"), "person__phone", kind=Kind.CODE, shown=False, order=""),
        Column("state", gettext_lazy("สถานะ"), "state", show=lambda o: STATES[o.state], shown=False),
    )  # fmt: skip
    facets = (
        Facet("kind", gettext_lazy("ประเภทบุคลากร"), "kind", dict(PersonKind.choices)),
        Facet("standing", gettext_lazy("วิทยฐานะ"), "standing", dict(Standing.choices)),
        Facet("licence", gettext_lazy("ใบอนุญาต"), "licence_state", LICENCES),
        Facet("job", pgettext_lazy("of a position", "ประเภทตำแหน่ง"), "job", dict(Job.choices), folded=True),
        Facet("amphoe", gettext_lazy("อำเภอ"), "unit__school__amphoe", folded=True),
        Facet("unit", gettext_lazy("สังกัด"), "unit__short_name", folded=True),
        Facet("subject", gettext_lazy("กลุ่มวิชาเอก"), "subject", dict(Subject.choices), folded=True),
        Facet("level", gettext_lazy("ระดับ"), "level", dict(Level.choices), folded=True),
        Facet("retires", gettext_lazy("ปีที่เกษียณ"), "retires_year", folded=True),
        Facet("state", gettext_lazy("สถานะ"), "state", STATES, folded=True, default=("serving", "seconded")),
    )  # fmt: skip
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("teachers", gettext_lazy("ครู"), {"job": ["teacher", "assistant"]}),
        View("heads", gettext_lazy("ผู้บริหารสถานศึกษา"), {"job": ["principal", "vice_principal"]}),
        View("office", gettext_lazy("38 ค.(2)"), {"kind": ["civil"]}),
        View("seconded", gettext_lazy("ช่วยราชการ"), {"state": ["seconded"]}),
    )
    sections = (
        Section("name", gettext_lazy("ชื่อและตำแหน่ง"), ("prefix", "first_name", "last_name", "place", "title", "kind")),
        Section("standing", gettext_lazy("วิทยฐานะและวิชาเอก"), ("standing", "standing_on", "level", "major", "subject")),
        Section("days", gettext_lazy("วันสำคัญ"), ("sex", "born_on", "appointed_on", "started_on", "in_position_since")),
        Section("contacts", gettext_lazy("ข้อมูลติดต่อ"), SCHOOL_FIELDS, capability=EDIT_SCHOOL),
        Section("pay", gettext_lazy("เงินเดือนและค่าตอบแทน"), ("salary", "standing_pay", "compensation", "position_pay"), gettext_lazy("บาทต่อเดือน เปลี่ยนตามคำสั่งให้บันทึกใน ก.พ.7 ค่านี้จะเปลี่ยนตามเอง")),
        Section("family", gettext_lazy("ข้อมูลส่วนตัว"), ("religion", "spouse", "father", "mother")),
    )  # fmt: skip
    form = OfficialForm
    figures = (
        Figure(gettext_lazy("วิทยฐานะ"), lambda o: o.get_standing_display() if o.standing != Standing.NONE else "–", lambda o: o.get_level_display()),
        Figure(gettext_lazy("อายุราชการ"), lambda o: years_between(o.appointed_on, today()) if o.appointed_on else None, lambda o: _("ปี")),
        Figure(gettext_lazy("เกษียณ"), lambda o: str(o.retires_on.year + 543) if o.retires_on else None, lambda o: dates.short(o.retires_on) if o.retires_on else ""),
        Figure(gettext_lazy("เลขที่ตำแหน่ง"), lambda o: o.position.number if o.position else None),
    )  # fmt: skip
    panels = (
        Panel(
            "facts", gettext_lazy("ตำแหน่งและสังกัด"),
            (
                Fact(gettext_lazy("ตำแหน่ง"), lambda o: o.title),
                Fact(gettext_lazy("ประเภทบุคลากร"), lambda o: o.get_kind_display()),
                Fact(gettext_lazy("สังกัดตาม จ.18"), lambda o: o.unit.name),
                Fact(gettext_lazy("ปฏิบัติงานจริง"), lambda o: Cell(o.work_unit.name, tone="wait") if o.is_elsewhere else o.work_unit.name),
                Fact(gettext_lazy("เลขที่ตำแหน่ง"), lambda o: Cell(o.position.number, href=reverse("register:detail", args=["positions", o.position_id])) if o.position else ""),
                Fact(gettext_lazy("ดำรงตำแหน่งตั้งแต่"), lambda o: dates.short(o.in_position_since)),
                Fact(gettext_lazy("วิทยฐานะ"), lambda o: o.get_standing_display(), lambda o: _("ตั้งแต่ %(day)s") % {"day": dates.short(o.standing_on)} if o.standing_on else ""),
                Fact(gettext_lazy("ระดับ"), lambda o: o.get_level_display()),
                Fact(gettext_lazy("วิชาเอก"), lambda o: o.major, lambda o: o.get_subject_display()),
                Fact(gettext_lazy("วันสั่งบรรจุ"), lambda o: dates.short(o.appointed_on)),
                Fact(gettext_lazy("วันเริ่มปฏิบัติราชการ"), lambda o: dates.short(o.started_on)),
                Fact(gettext_lazy("วันครบเกษียณ"), lambda o: dates.short(o.retires_on), lambda o: _("คำนวณจากวันเกิด") if o.retires_on else ""),
            ),
            section="name",
        ),
        Panel(
            "person", gettext_lazy("ข้อมูลส่วนตัว"),
            (
                Fact(gettext_lazy("เลขประจำตัวประชาชน"), lambda o: f"x-xxxx-xxxxx-{o.id_tail}-x" if o.id_tail else _("ยังไม่บันทึก")),
                Fact(gettext_lazy("เพศ"), lambda o: o.get_sex_display()),
                Fact(gettext_lazy("วันเกิด"), lambda o: dates.short(o.born_on), _age, mask=PRIVATE),
                Fact(gettext_lazy("ศาสนา"), lambda o: o.religion, mask=PRIVATE),
                Fact(gettext_lazy("โทรศัพท์"), lambda o: Cell(o.person.phone, href=f"tel:{o.person.phone}") if o.person.phone else ""),
                Fact(gettext_lazy("อีเมล"), lambda o: Cell(o.person.email, href=f"mailto:{o.person.email}") if o.person.email else ""),
                Fact(gettext_lazy("ความสามารถพิเศษ"), lambda o: o.skills),
            ),
            section="contacts",
        ),
        Panel(
            "pay", gettext_lazy("เงินเดือนและค่าตอบแทน"),
            (
                Fact(gettext_lazy("อัตราเงินเดือน"), lambda o: _baht(o.salary), mask=PAY),
                Fact(gettext_lazy("เงินวิทยฐานะ"), lambda o: _baht(o.standing_pay), mask=PAY),
                Fact(gettext_lazy("ค่าตอบแทน"), lambda o: _baht(o.compensation), mask=PAY),
                Fact(gettext_lazy("เงินประจำตำแหน่ง"), lambda o: _baht(o.position_pay), mask=PAY),
            ),
            section="pay",
        ),
        Panel("photo", gettext_lazy("รูปถ่าย"), template="staff/panel_photo.html", side=True, context=photo_panel),
    )  # fmt: skip
    tabs = (
        Tab("parts", gettext_lazy("การศึกษา ใบอนุญาต วิชาที่สอน"), "staff/tab_parts.html", parts_tab),
        Tab("moves", gettext_lazy("อัตราและการช่วยราชการ"), "staff/tab_moves.html", moves_tab),
    )
    imports = OfficialImport()
    stylesheets = ("staff/staff.css",)

    def queryset(self, actor: Actor) -> models.QuerySet[Official]:
        return with_everything()

    def title(self, record: Official) -> str:
        return record.person.full_name

    def pages(self, actor: Actor) -> list[Action]:
        return [
            Action(_("อัตรากำลังเทียบเกณฑ์"), reverse("staff:manpower"), "scale"),
            Action(_("คาดการณ์เกษียณ"), reverse("staff:retirement"), "hourglass"),
        ]

    def tags(self, record: Official) -> list[Any]:
        return [record.get_kind_display()]

    def facts_line(self, record: Official) -> list[tuple[Any, Any]]:
        return [(_("รหัสบุคลากร"), record.code), (_("สังกัด"), record.unit.short_name)]

    def trail(self, record: Official) -> list[tuple[Any, str]]:
        return [(record.unit.short_name, f"unit={record.unit.short_name}")]

    def state(self, record: Official) -> Cell | None:
        if record.left_on is not None:
            return Cell(f"{record.get_leaving_display()} {dates.short(record.left_on)}", tone="faint")
        return (
            Cell(_("ช่วยราชการที่ %(unit)s") % {"unit": record.work_unit.short_name}, tone="wait")
            if record.is_elsewhere
            else None
        )

    def subjects(self, record: Official) -> list[str]:
        return [journal_label(record), journal_label(record.person)]

    def used_in(self, record: Official) -> list[models.Model]:
        return [record, record.person]

    def create(self, *, actor: Actor, **values: Any) -> Official:
        values = _placed(values)
        return add_official(actor=actor, **values)

    def update(self, *, actor: Actor, record: Official, **values: Any) -> Official:
        values = _placed(values)
        if values.keys() <= set(SCHOOL_FIELDS) and not can(actor, EDIT, record):
            return change_contacts(actor=actor, official=record, **values)
        return change_official(actor=actor, official=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "prefix": "นาง",
            "first_name": f"สมมุติ{number}",
            "last_name": "ตัวอย่าง",
            "unit": office(),
            "title": "นักวิชาการศึกษา",
            "kind": PersonKind.CIVIL,
            "level": Level.A1,
            "major": "คณิตศาสตร์",
            "skills": f"ดนตรีไทย {number}",
        }
