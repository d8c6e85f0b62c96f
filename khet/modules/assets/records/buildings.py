"""The register of buildings as the kit shows it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.org.api import Actor, Unit, can
from khet.base.ui.addresses import numbered
from khet.kits.register.api import Record
from khet.kits.register.bases import (
    Action,
    Bulk,
    Cell,
    Change,
    Column,
    Facet,
    Fact,
    Figure,
    Panel,
    Section,
    Tab,
    View,
)
from khet.kits.register.choices import Kind
from khet.modules.assets.actions.buildings import (
    add_building,
    change_building,
    set_building_condition,
)
from khet.modules.assets.choices import (
    BudgetSource,
    BuildingCondition,
    BuildingKind,
    Standing,
)
from khet.modules.assets.forms import BuildingConditionForm, BuildingForm
from khet.modules.assets.models import Building
from khet.modules.assets.queries import buildings
from khet.modules.assets.records.building_files import BuildingImport
from khet.modules.assets.records.tabs import building_way, photos_tab
from khet.modules.assets.rules import ASK, EDIT, EXPORT

TONES = {"good": "done", "fair": "wait", "poor": "alert"}


def money(value: Any) -> str:
    """1,250,000.00; nothing is empty."""
    return "" if value is None else f"{value:,.2f}"


def condition(building: Building) -> Cell | str:
    return (
        Cell(building.get_condition_display(), tone=TONES[building.condition]) if building.condition else ""
    )


def standing(building: Building) -> Cell:
    tone = {Standing.STANDING: "", Standing.DEMOLISHED: "faint"}.get(building.standing, "wait")
    return Cell(building.get_standing_display(), tone=tone)


def size(building: Building) -> str:
    if building.width is None or building.length is None:
        return ""
    return f"{building.width.normalize():f} × {building.length.normalize():f} {_('ม.')}"


def unit_link(record: Any) -> Cell:
    school = getattr(record.unit, "school", None)
    href = numbered("register:detail", "schools", school.pk) if school else ""
    return Cell(record.unit.short_name, href=href)


def _preview(*, actor: Actor, records: models.QuerySet, condition: str, **_rest: Any) -> list[Change]:
    after = BuildingCondition(condition).label
    return [Change(b, b.get_condition_display() or "–", after) for b in records if b.condition != condition]


def _set(*, actor: Actor, records: models.QuerySet, condition: str) -> int:
    return set_building_condition(actor=actor, buildings=list(records), condition=condition)


class OfUnit(Record[Any]):
    """Registers whose records belong to one unit for good: the section that says which is only on new ones."""

    place = "place"

    def editable(self, actor: Actor, record: Any = None) -> list[Section]:
        sections = super().editable(actor, record)
        if record is None:
            return [section for section in sections if section.code != "more"]
        return [section for section in sections if section.code != self.place]

    def trail(self, record: Any) -> list[tuple[Any, str]]:
        return [(record.unit.short_name, f"q={record.unit.code}")]


class BuildingRecord(OfUnit):
    code = "buildings"
    model = Building
    label = gettext_lazy("สิ่งก่อสร้าง")
    label_many = pgettext_lazy("many", "สิ่งก่อสร้าง")
    counter = pgettext_lazy("counted", "รายการ")
    icon = "building-2"
    key = "code"
    folded = "search_text"
    default_order = "unit"
    edit = add = EDIT
    exporting = EXPORT

    columns = (
        Column("name", gettext_lazy("ชื่อ"), "name"),
        Column("unit", gettext_lazy("โรงเรียน"), "unit__short_name", order="code"),
        Column("kind", gettext_lazy("ประเภท"), "kind", show=lambda b: b.get_kind_display()),
        Column("model", gettext_lazy("แบบ"), "model"),
        Column("year", gettext_lazy("สร้าง (พ.ศ.)"), "year_built", show=lambda b: str(b.year_built or "")),
        Column("rooms", gettext_lazy("ห้อง"), "rooms_plan", kind=Kind.WHOLE),
        Column("used", gettext_lazy("ห้องเรียนที่ใช้"), "rooms_used", kind=Kind.WHOLE),
        Column("seats", gettext_lazy("ที่นั่งส้วม"), "seats", kind=Kind.WHOLE),
        Column("condition", gettext_lazy("สภาพ"), "condition", show=condition),
        Column("standing", gettext_lazy("สถานะ"), "standing", show=standing, shown=False),
        Column("size", gettext_lazy("ขนาด"), "", show=size, order="", shown=False),
        Column("budget", gettext_lazy("งบประมาณ (บาท)"), "budget", show=lambda b: money(b.budget), kind=Kind.DECIMAL, shown=False),
        Column("source", gettext_lazy("ที่มาของงบ"), "budget_source", show=lambda b: b.get_budget_source_display() if b.budget_source else "", shown=False),
        Column("repaired", gettext_lazy("ซ่อมล่าสุด"), "repaired_year", show=lambda b: str(b.repaired_year or ""), shown=False),
        Column("treasury", gettext_lazy("ทะเบียนราชพัสดุ"), "treasury_number", shown=False),
        Column("code", gettext_lazy("รหัสสิ่งก่อสร้าง"), "code", kind=Kind.CODE, shown=False),
    )  # fmt: skip
    facets = (
        Facet("kind", gettext_lazy("ประเภท"), "kind", dict(BuildingKind.choices)),
        Facet("condition", gettext_lazy("สภาพ"), "condition", dict(BuildingCondition.choices)),
        Facet("standing", gettext_lazy("สถานะ"), "standing", dict(Standing.choices), default=(Standing.STANDING, Standing.ASKED, Standing.PERMITTED)),
        Facet("amphoe", gettext_lazy("อำเภอ"), "unit__school__amphoe", folded=True),
        Facet("model", gettext_lazy("แบบ"), "model", folded=True),
        Facet("source", gettext_lazy("ที่มาของงบ"), "budget_source", dict(BudgetSource.choices), folded=True),
    )  # fmt: skip
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("classrooms", gettext_lazy("อาคารเรียน"), {"kind": ["01"]}),
        View("toilets", gettext_lazy("ส้วม"), {"kind": ["05"]}),
        View("poor", gettext_lazy("ทรุดโทรม"), {"condition": ["poor"]}),
        View("demolition", gettext_lazy("รอรื้อถอน"), {"standing": ["asked", "permitted"]}),
    )
    sections = (
        Section("place", gettext_lazy("โรงเรียนและประเภท"), ("unit", "kind", "number")),
        Section("facts", gettext_lazy("ชื่อและแบบ"), ("name", "model", "year_built", "floors", "width", "length", "condition")),
        Section("rooms", gettext_lazy("ห้องและที่นั่ง"), ("rooms_plan", "rooms_used", "seats"), gettext_lazy("ห้องตามแปลนคือห้องทั้งหมดของแบบ ห้องที่ใช้เป็นห้องเรียนคือที่ใช้สอนจริงวันนี้")),
        Section("budget", gettext_lazy("งบประมาณ"), ("budget", "budget_source", "repaired_year")),
        Section("papers", gettext_lazy("ทะเบียนและหมายเหตุ"), ("treasury_number", "note")),
        Section("more", gettext_lazy("ที่ดิน"), ("land",)),
    )  # fmt: skip
    form = BuildingForm
    figures = (
        Figure(gettext_lazy("ห้องตามแปลน"), lambda b: b.rooms_plan, lambda b: _("ห้อง") if b.rooms_plan is not None else ""),
        Figure(gettext_lazy("ใช้เป็นห้องเรียน"), lambda b: b.rooms_used, lambda b: _("ห้อง") if b.rooms_used is not None else ""),
        Figure(gettext_lazy("ที่นั่งส้วม"), lambda b: b.seats, lambda b: _("ที่นั่ง") if b.seats is not None else ""),
        Figure(gettext_lazy("สร้าง"), lambda b: str(b.year_built) if b.year_built else None, lambda b: _("พ.ศ.")),
        Figure(gettext_lazy("ซ่อมล่าสุด"), lambda b: str(b.repaired_year) if b.repaired_year else None, lambda b: _("พ.ศ.") if b.repaired_year else ""),
    )  # fmt: skip
    panels = (
        Panel(
            "facts", gettext_lazy("ข้อมูลสิ่งก่อสร้าง"),
            (
                Fact(gettext_lazy("โรงเรียน"), unit_link),
                Fact(gettext_lazy("ประเภท"), lambda b: b.get_kind_display()),
                Fact(gettext_lazy("แบบ"), lambda b: b.model),
                Fact(gettext_lazy("สภาพปัจจุบัน"), condition),
                Fact(gettext_lazy("ขนาด"), size),
                Fact(gettext_lazy("จำนวนชั้น"), lambda b: b.floors),
                Fact(gettext_lazy("หมายเหตุ"), lambda b: b.note),
            ),
            section="facts",
        ),
        Panel(
            "budget", gettext_lazy("งบประมาณและทะเบียน"),
            (
                Fact(gettext_lazy("งบประมาณก่อสร้าง (บาท)"), lambda b: money(b.budget)),
                Fact(gettext_lazy("ที่มาของงบ"), lambda b: b.get_budget_source_display() if b.budget_source else ""),
                Fact(gettext_lazy("ทะเบียนราชพัสดุ (ทรส.)"), lambda b: b.treasury_number),
                Fact(gettext_lazy("ที่ดิน"), lambda b: Cell(str(b.land), href=reverse("register:detail", args=["land", b.land_id])) if b.land_id else ""),
            ),
            section="budget",
        ),
    )  # fmt: skip
    tabs = (
        Tab("way", gettext_lazy("ซ่อมและรื้อถอน"), "assets/tab_building_way.html", building_way),
        Tab("photos", pgettext_lazy("many", "ภาพ"), "assets/tab_photos.html", photos_tab),
    )
    bulk = (
        Bulk("condition", gettext_lazy("บันทึกสภาพ"), EDIT, _set, _preview, "pencil", BuildingConditionForm),
    )
    imports = BuildingImport()
    stylesheets = ("assets/assets.css",)

    def queryset(self, actor: Actor) -> models.QuerySet[Building]:
        return buildings()

    def title(self, record: Building) -> str:
        return record.name

    def tags(self, record: Building) -> list[Any]:
        return [record.model, record.unit.name]

    def facts_line(self, record: Building) -> list[tuple[Any, Any]]:
        return [(_("รหัส"), record.code)]

    def state(self, record: Building) -> Cell | None:
        return standing(record) if record.standing != Standing.STANDING else None

    def pages(self, actor: Actor) -> list[Action]:
        return [
            Action(_("ความขาดแคลน"), reverse("assets:shortage"), "ruler"),
            Action(_("ขอรื้อถอน"), reverse("assets:demolitions"), "hammer"),
        ]

    def actions(self, actor: Actor, record: Building) -> list[Action]:
        if record.standing == Standing.DEMOLISHED or not can(actor, EDIT, record):
            return []
        found = [Action(_("บันทึกการซ่อม"), reverse("assets:repair_building", args=[record.pk]), "wrench")]
        if record.standing == Standing.STANDING and can(actor, ASK, record):
            found.append(Action(_("ขอรื้อถอน"), reverse("assets:ask_demolition", args=[record.pk]), "hammer"))
        return found

    def create(self, *, actor: Actor, unit: Unit, **values: Any) -> Building:
        return add_building(actor=actor, unit=unit, **values)

    def update(self, *, actor: Actor, record: Building, **values: Any) -> Building:
        return change_building(actor=actor, building=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "unit": Unit.objects.get(kind="office", parent__isnull=True),
            "kind": "01",
            "number": number,
            "name": f"อาคารเรียน ลำดับที่ {number}",
            "model": "สปช.105/29",
            "rooms_plan": 8,
            "rooms_used": 6,
            "year_built": 2530,
            "condition": "good",
            "budget": 1_250_000,
            "budget_source": "budget",
            "treasury_number": f"ทรส. {number}",
            "note": "ตัวอย่าง",
        }
