"""The register of children of the service area: who they are, where they live, where they are at school."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.ids import citizen_check_digit, format_citizen_id, is_g_code, normalise_citizen_id
from khet.base.org.api import Actor, can, today
from khet.base.org.sealing import fingerprints, unseal
from khet.base.privacy.api import COPY
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import (
    Action,
    Bulk,
    Cell,
    Change,
    Column,
    Facet,
    Fact,
    Panel,
    Section,
    Tab,
    View,
)
from khet.kits.register.choices import Kind
from khet.modules.children.actions import add_child, change_child, record_elsewhere
from khet.modules.children.choices import ABSENT, BY_HAND, TONES, Registered, Sex, State
from khet.modules.children.forms import ChildForm, ElsewhereForm
from khet.modules.children.models import Child
from khet.modules.children.queries.cases import open_cases
from khet.modules.children.queries.children import PURPOSE, now_year, with_places
from khet.modules.children.records.imports import Tr14Import
from khet.modules.children.rules import EXPORT, HOME, READ_IDS, RECORD, TRACE
from khet.modules.schools.choices import Grade


def number(child: Child) -> Cell:
    if not child.tail:
        return Cell(_("ไม่มีเลข"), tone="alert", icon="triangle-alert")
    return Cell(child.masked) if child.is_valid else Cell(child.masked, tone="alert", icon="triangle-alert")


def state(child: Child) -> Cell:
    return Cell(
        child.get_state_display() if child.state else _("ยังไม่ได้จับคู่"), tone=TONES.get(child.state, "faint")
    )


def service_school(child: Child) -> Cell:
    if child.school is None:
        return Cell(_("ยังไม่มี"), tone="alert", icon="triangle-alert")
    return Cell(child.school.name, href=reverse("register:detail", args=["schools", child.school_id]))


def _where(child: Child) -> Any:
    """School and class on the roll of the area, else what a person recorded."""
    if child.at_school:
        return Cell(
            f"{child.at_school.name} {child.get_at_grade_display()}".strip(),
            href=reverse("register:detail", args=["schools", child.at_school_id]),
        )
    return ""


def _full_number(child: Child) -> str:
    return format_citizen_id(unseal(child.sealed)) if child.sealed else ""


def _home(child: Child) -> str:
    return " ".join(
        word
        for word in (child.home_no, child.place, f"จังหวัด{child.home_province}" if child.home_province else "")
        if word
    )


def _parents(who: str) -> Any:
    def words(child: Child) -> str:
        nation = getattr(child, f"{who}_nationality")
        return " ".join(word for word in (getattr(child, who), f"({nation})" if nation else "") if word)

    return words


def _standing(actor: Actor, child: Child) -> dict[str, Any]:
    row = child.standings.filter(school_year=now_year()).select_related("school", "pupil").first()
    return {
        "child": child, "standing": row, "year": now_year(), "may_record": can(actor, RECORD, child),
        "by_hand": row is not None and row.is_by_hand, "case": open_cases(child.cases.all()).first(),
    }  # fmt: skip


def _years(actor: Actor, child: Child) -> dict[str, Any]:
    return {
        "standings": child.standings.select_related("school"),
        "cases": child.cases.select_related("school").order_by("-pk"),
    }


def _preview(*, actor: Actor, records: models.QuerySet, state: str = "", **_given: Any) -> list[Change]:
    words = State(state).label if state in BY_HAND else ""
    return [
        Change(
            child, child.get_state_display(), words,
            _("เรียนอยู่ในโรงเรียนของเขตแล้ว") if child.state in (State.SERVICE, State.AREA) else "",
        )
        for child in records
    ]  # fmt: skip


def _record(*, actor: Actor, records: models.QuerySet, **given: Any) -> int:
    return record_elsewhere(
        actor=actor, children=list(records.exclude(state__in=(State.SERVICE, State.AREA))), **given
    )


class ChildRecord(Record[Child]):
    code = "children"
    model = Child
    label = gettext_lazy("เด็กในเขตบริการ")
    label_many = pgettext_lazy("many", "เด็กในเขตบริการ")
    counter = pgettext_lazy("counted", "คน")
    icon = "baby"
    folded = "search_text"
    default_order = "name"
    edit = add = RECORD
    exporting = EXPORT
    # The page shows school, village and age; birthday, house, parents and number lie behind locks.
    reads = ("schooling",)
    stylesheets: Sequence[str] = ("children/children.css",)

    columns = (
        Column("name", gettext_lazy("ชื่อ นามสกุล"), "full_name", order="sort_name"),
        Column("number", gettext_lazy("เลขประจำตัว"), show=number, order=""),
        Column("age", gettext_lazy("อายุ"), "age", order="birth_year", kind=Kind.WHOLE),
        Column("sex", gettext_lazy("เพศ"), "sex", shown=False),
        Column("moo", gettext_lazy("หมู่"), "home_moo", order="", kind=Kind.CODE),
        Column("tambon", gettext_lazy("ตำบล"), "home_tambon"),
        Column("amphoe", gettext_lazy("อำเภอ"), "home_amphoe", shown=False),
        Column("school", gettext_lazy("โรงเรียนเขตบริการ"), "school__name", show=service_school, order="school__sort_name"),
        Column("state", gettext_lazy("การเข้าเรียน"), "state", show=state),
        Column("where", gettext_lazy("เรียนที่"), show=_where, order=""),
        Column("registered", gettext_lazy("สถานะทะเบียนราษฎร"), "registered", shown=False),
        Column("nationality", gettext_lazy("สัญชาติ"), "nationality", shown=False),
        Column("born", gettext_lazy("วันเกิด"), "born_on", show=lambda c: dates.short(c.born_on), order="", mask=HOME, what="birth", shown=False),
        Column("house", gettext_lazy("บ้านเลขที่"), "home_no", order="", mask=HOME, what="address", shown=False),
        Column("parents", gettext_lazy("บิดามารดา"), show=lambda c: " / ".join(filter(None, (c.father, c.mother))), order="", mask=HOME, what="family", shown=False),
    )  # fmt: skip
    facets = (
        Facet("state", gettext_lazy("การเข้าเรียน"), "state", dict(State.choices)),
        Facet("born", gettext_lazy("ปีเกิด (พ.ศ.)"), "birth_year", {year: str(year) for year in range(2540, 2600)}, folded=True),
        Facet("sex", gettext_lazy("เพศ"), "sex", dict(Sex.choices), folded=True),
        Facet("registered", gettext_lazy("สถานะทะเบียนราษฎร"), "registered", dict(Registered.choices), folded=True, default=tuple(r.value for r in Registered if r not in ABSENT)),
        Facet("amphoe", gettext_lazy("อำเภอ"), "home_amphoe", folded=True),
        Facet("tambon", gettext_lazy("ตำบล"), "home_tambon", folded=True),
        Facet("school", gettext_lazy("โรงเรียนเขตบริการ"), "school__name", folded=True),
        Facet("grade", gettext_lazy("ชั้นที่เรียน"), "at_grade", dict(Grade.choices), folded=True),
    )  # fmt: skip
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("none", gettext_lazy("ไม่ได้เรียน"), {"state": ["none"]}),
        View("elsewhere", gettext_lazy("เรียนที่อื่น"), {"state": ["outside", "private", "vocational", "nonformal", "home"]}),
        View("exempt", gettext_lazy("ผ่อนผันหรือยกเว้น"), {"state": ["exempt"]}),
        View("missing", gettext_lazy("ไม่พบใน ทร.14"), {"registered": ["missing"]}),
    )  # fmt: skip
    form = ChildForm
    sections = (
        Section("person", gettext_lazy("เด็ก"), ("title", "first_name", "last_name", "sex", "born_on", "nationality", "registered")),
        Section("number", gettext_lazy("เลขประจำตัว"), ("id_value",)),
        Section("home", gettext_lazy("ที่อยู่ตามทะเบียนบ้าน"), ("house_id", "home_no", "home_moo", "home_tambon", "home_amphoe", "home_province", "moved_in_on"), gettext_lazy("ตำบลและหมู่บอกว่าเด็กอยู่ในเขตบริการของโรงเรียนใด")),
        Section("parents", gettext_lazy("บิดา มารดา"), ("father", "father_nationality", "mother", "mother_nationality")),
    )  # fmt: skip
    panels = (
        Panel("standing", gettext_lazy("การเข้าเรียน"), template="children/panel_standing.html", context=_standing),
        Panel(
            "facts", gettext_lazy("ข้อมูลเด็ก"),
            (
                Fact(gettext_lazy("ชื่อ นามสกุล"), lambda c: c.full_name),
                Fact(gettext_lazy("เลขประจำตัว"), number),
                Fact(gettext_lazy("เลขเต็ม"), _full_number, mask=READ_IDS, what="citizen_id"),
                Fact(gettext_lazy("เพศ"), lambda c: c.get_sex_display()),
                Fact(gettext_lazy("อายุ"), lambda c: _("%(age)d ปี (เกิด พ.ศ. %(year)d)") % {"age": c.age, "year": c.birth_year}),
                Fact(gettext_lazy("วันเกิด"), lambda c: dates.short(c.born_on), mask=HOME, what="birth"),
                Fact(gettext_lazy("สัญชาติ"), lambda c: c.nationality),
            ),
            section="person",
        ),
        Panel(
            "home", gettext_lazy("ที่อยู่ตามทะเบียนบ้าน"),
            (
                Fact(gettext_lazy("หมู่บ้าน"), lambda c: c.village.full_name if c.village else Cell(_("%(place)s ยังไม่มีในทะเบียนหมู่บ้าน") % {"place": c.place}, tone="alert", icon="triangle-alert")),
                Fact(gettext_lazy("อำเภอ"), lambda c: c.home_amphoe),
                Fact(gettext_lazy("บ้าน"), _home, mask=HOME, what="address"),
                Fact(gettext_lazy("รหัสประจำบ้าน"), lambda c: c.house_id, mask=HOME, what="address"),
                Fact(gettext_lazy("โรงเรียนเขตบริการ"), service_school),
                Fact(gettext_lazy("สถานะทะเบียนราษฎร"), lambda c: c.get_registered_display()),
            ),
            section="home",
        ),
        Panel(
            "parents", gettext_lazy("บิดา มารดา"),
            (
                Fact(gettext_lazy("บิดา"), _parents("father"), mask=HOME, what="family"),
                Fact(gettext_lazy("มารดา"), _parents("mother"), mask=HOME, what="family"),
            ),
            side=True,
            section="parents",
        ),
    )  # fmt: skip
    tabs = (Tab("years", gettext_lazy("รายปีและการติดตาม"), "children/tab_years.html", _years),)
    bulk = (
        Bulk("elsewhere", gettext_lazy("บันทึกที่เรียนหรือการผ่อนผัน"), RECORD, _record, _preview, icon="school", form=ElsewhereForm),
    )  # fmt: skip
    imports = Tr14Import()

    def queryset(self, actor: Actor) -> models.QuerySet[Child]:
        return with_places()

    def title(self, record: Child) -> str:
        return record.full_name

    def tags(self, record: Child) -> list[Any]:
        return [
            _("อายุ %(age)d ปี") % {"age": record.age_in(now_year())},
            record.school.name if record.school else "",
        ]

    def state(self, record: Child) -> Cell | None:
        return state(record) if record.state else None

    def facts_line(self, record: Child) -> list[tuple[Any, Any]]:
        return [(_("เลขประจำตัว"), number(record).text)]

    def search_condition(self, text: str) -> Q:
        """A whole number finds its child by the fingerprint; else words of the name."""
        whole = normalise_citizen_id(to_arabic_digits(text))
        if is_g_code(whole) or (len(whole) == 13 and whole.isascii() and whole.isdigit()):
            return Q(fingerprint__in=fingerprints(whole, PURPOSE))
        return super().search_condition(text)

    def editable(self, actor: Actor, record: Child | None = None) -> list[Section]:
        """The number is written once."""
        sections = super().editable(actor, record)
        return sections if record is None else [section for section in sections if section.code != "number"]

    def actions(self, actor: Actor, record: Child) -> list[Action]:
        found = []
        if can(actor, RECORD, record) and record.state not in (State.SERVICE, State.AREA, State.GONE):
            found.append(Action(_("บันทึกที่เรียน"), reverse("children:elsewhere", args=[record.pk]), "school"))
        if (
            can(actor, TRACE, record)
            and record.state in (State.NONE, State.OVER, State.DONE, State.YOUNG)
            and not record.cases.filter(closed_at__isnull=True).exists()
        ):
            found.append(
                Action(_("เปิดเรื่องติดตาม"), reverse("children:open_case", args=[record.pk]), "footprints")
            )
        if can(actor, COPY, record):
            found.append(
                Action(
                    _("สำเนาให้เจ้าของข้อมูล"),
                    reverse("privacy:copy", args=["children.child", record.pk]),
                    "file-down",
                )
            )
        return found

    def pages(self, actor: Actor) -> list[Action]:
        found = [
            Action(_("ภาพรวม"), reverse("children:home"), "chart-column"),
            Action(_("กระดานติดตาม"), reverse("children:tracing"), "footprints"),
        ]
        if actor.has(EXPORT):
            found.append(Action(_("พิมพ์แบบ"), reverse("children:papers"), "printer"))
        if actor.has(self.imports.capability):
            found.append(Action(_("ไฟล์ ทร.14"), reverse("children:extracts"), "file-check"))
        return found

    def used_in(self, record: Child) -> list[models.Model]:
        return [record]

    def create(self, *, actor: Actor, **values: Any) -> Child:
        return add_child(actor=actor, **values)

    def update(self, *, actor: Actor, record: Child, **values: Any) -> Child:
        return change_child(actor=actor, child=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        twelve = f"199040{number:06d}"
        return {
            "title": "เด็กหญิง", "first_name": f"สมมุติ{number}", "last_name": "ตัวอย่าง", "sex": Sex.FEMALE, "nationality": "ไทย",
            "born_on": today().replace(month=1, day=1, year=today().year - 4), "home_moo": "4", "home_tambon": "ไร่ธาร",
            "registered": Registered.FOUND, "id_value": f"{twelve}{citizen_check_digit(twelve)}",
        }  # fmt: skip
