"""The register of the yearly facts of schools (EMIS)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.lib.thai.calendar import school_year
from khet.base.org.api import Actor, can, today
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import (
    Action,
    Cell,
    Column,
    Facet,
    Fact,
    Figure,
    Panel,
    Section,
    View,
)
from khet.kits.register.choices import Kind
from khet.modules.schools.actions import add_school
from khet.modules.schools.actions.emis import (
    change_emis,
    emis_code,
)
from khet.modules.schools.choices import (
    ELECTRICITY,
    INTERNET,
    WATER,
    Hardship,
    InternetState,
    Standing,
    Terrain,
)
from khet.modules.schools.forms import EmisForm
from khet.modules.schools.models import Emis, School
from khet.modules.schools.records.emis_files import EmisImport
from khet.modules.schools.rules import EMIS, EXPORT


def _computers(emis: Emis, word: str) -> int | None:
    parts = [getattr(emis, f"{purpose}_{word}") for purpose in ("teach", "office")]
    return None if parts == [None, None] else sum(part or 0 for part in parts)


def _internet(emis: Emis) -> Cell | str:
    if not emis.internet_kind:
        return ""
    speed = f" {emis.internet_mbps} Mbps" if emis.internet_mbps else ""
    tone = {"down": "alert", "slow": "wait"}.get(emis.internet_state, "")
    return Cell(f"{INTERNET.label(emis.internet_kind)}{speed}", tone=tone)


def _link(school: School | None) -> Cell | str:
    return (
        Cell(school.full_name, href=reverse("register:detail", args=["schools", school.pk])) if school else ""
    )


PERIODS = {"now": gettext_lazy("ปีการศึกษานี้"), "other": gettext_lazy("ปีอื่น")}


class EmisRecord(Record[Emis]):
    code = "emis"
    model = Emis
    label = gettext_lazy("ข้อมูลพื้นฐานโรงเรียน (EMIS)")
    label_many = gettext_lazy("ข้อมูลพื้นฐานโรงเรียน (EMIS)")
    counter = pgettext_lazy("counted", "ชุด")
    icon = "clipboard-list"
    key = "code"
    edit = EMIS
    exporting = EXPORT
    search = ("school__name", "school__smis8", "internet_provider", "local_government")
    default_order = "school"
    columns = (
        Column("school", gettext_lazy("โรงเรียน"), "school__name", order="school__sort_name"),
        Column("year", gettext_lazy("ปีการศึกษา"), "school_year", kind=Kind.CODE),
        Column("electricity", gettext_lazy("ไฟฟ้า"), "electricity", show=lambda e: ELECTRICITY.label(e.electricity)),
        Column("water", gettext_lazy("น้ำใช้"), "water", show=lambda e: WATER.label(e.water)),
        Column("internet", gettext_lazy("อินเทอร์เน็ต"), "internet_mbps", show=_internet),
        Column("computers", gettext_lazy("คอมพิวเตอร์ใช้ได้"), "teach_usable", show=lambda e: _computers(e, "usable"), order="", kind=Kind.WHOLE),
        Column("standing", gettext_lazy("การจัดการ"), "standing", shown=False),
        Column("terrain", gettext_lazy("ลักษณะพื้นที่"), "terrain", shown=False),
        Column("hardship", gettext_lazy("ความทุรกันดาร"), "hardship", shown=False),
        Column("land", gettext_lazy("ที่ดิน"), "land_wa", show=lambda e: e.land, shown=False),
        Column("km", gettext_lazy("ห่างเขต (กม.)"), "km_to_office", kind=Kind.DECIMAL, shown=False),
        Column("local", gettext_lazy("อปท."), "local_government", shown=False),
    )  # fmt: skip
    facets = (
        Facet("period", gettext_lazy("ช่วงปี"), "period", PERIODS, default=("now",)),
        Facet("year", gettext_lazy("ปีการศึกษา"), "year_words", folded=True),
        Facet("amphoe", gettext_lazy("อำเภอ"), "school__amphoe"),
        Facet("electricity", gettext_lazy("ไฟฟ้า"), "electricity", ELECTRICITY, folded=True),
        Facet("water", gettext_lazy("น้ำใช้"), "water", WATER, folded=True),
        Facet("internet", gettext_lazy("อินเทอร์เน็ต"), "internet_kind", INTERNET, folded=True),
        Facet(
            "state",
            gettext_lazy("สถานะอินเทอร์เน็ต"),
            "internet_state",
            dict(InternetState.choices),
            folded=True,
        ),
        Facet("standing", gettext_lazy("การจัดการ"), "standing", dict(Standing.choices), folded=True),
        Facet("terrain", gettext_lazy("ลักษณะพื้นที่"), "terrain", dict(Terrain.choices), folded=True),
        Facet("hardship", gettext_lazy("ความทุรกันดาร"), "hardship", dict(Hardship.choices), folded=True),
    )
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("no-power", gettext_lazy("ไม่มีไฟฟ้าใช้"), {"electricity": ["none"]}),
        View("no-net", gettext_lazy("ไม่มีอินเทอร์เน็ต"), {"internet": ["none"]}),
        View("hard", gettext_lazy("ทุรกันดาร"), {"hardship": ["yes"]}),
    )
    sections = (
        Section("utilities", gettext_lazy("ไฟฟ้าและน้ำ"), ("electricity", "water")),
        Section("internet", gettext_lazy("อินเทอร์เน็ต"), ("internet_kind", "internet_provider", "internet_mbps", "internet_state", "internet_baht", "lan", "wireless")),
        Section("teach", gettext_lazy("คอมพิวเตอร์เพื่อการเรียนการสอน (เครื่อง)"), ("teach_obec", "teach_own", "teach_usable", "teach_broken"), gettext_lazy("งบ สพฐ. รวมกับจัดหาเอง ต้องเท่ากับใช้ได้รวมกับใช้ไม่ได้")),
        Section("office", gettext_lazy("คอมพิวเตอร์เพื่อการบริหารจัดการ (เครื่อง)"), ("office_obec", "office_own", "office_usable", "office_broken")),
        Section("place", gettext_lazy("ระยะทางและที่ดิน"), ("km_to_office", "km_to_amphoe", "land_wa")),
        Section("small", gettext_lazy("โรงเรียนขนาดเล็กและพื้นที่พิเศษ"), ("standing", "mother", "terrain", "hardship")),
        Section("local", gettext_lazy("องค์กรปกครองส่วนท้องถิ่น"), ("local_kind", "local_government", "note")),
    )  # fmt: skip
    form = EmisForm
    figures = (
        Figure(gettext_lazy("คอมพิวเตอร์ใช้ได้"), lambda e: _computers(e, "usable"), lambda e: _("เครื่อง")),
        Figure(gettext_lazy("ใช้ไม่ได้"), lambda e: _computers(e, "broken"), lambda e: _("เครื่อง")),
        Figure(gettext_lazy("อินเทอร์เน็ต"), lambda e: e.internet_mbps, lambda e: "Mbps"),
        Figure(gettext_lazy("ห่างเขต"), lambda e: e.km_to_office, lambda e: _("กม.")),
    )
    panels = (
        Panel(
            "utilities", gettext_lazy("ไฟฟ้า น้ำ อินเทอร์เน็ต"),
            (
                Fact(gettext_lazy("โรงเรียน"), lambda e: _link(e.school)),
                Fact(gettext_lazy("ไฟฟ้า"), lambda e: ELECTRICITY.label(e.electricity)),
                Fact(gettext_lazy("น้ำใช้"), lambda e: WATER.label(e.water)),
                Fact(gettext_lazy("ประเภทอินเทอร์เน็ต"), _internet),
                Fact(gettext_lazy("ผู้ให้บริการ"), lambda e: e.internet_provider),
                Fact(gettext_lazy("สถานะอินเทอร์เน็ต"), lambda e: e.get_internet_state_display()),
                Fact(gettext_lazy("งบต่อเดือน (บาท)"), lambda e: f"{e.internet_baht:,.2f}" if e.internet_baht is not None else ""),
                Fact("LAN", lambda e: e.get_lan_display()),
                Fact("Wireless LAN", lambda e: e.get_wireless_display()),
            ),
            section="utilities",
        ),
        Panel(
            "computers", gettext_lazy("คอมพิวเตอร์"), template="schools/panel_computers.html",
            context=lambda actor, emis: {"rows": computer_rows(emis)}, section="teach",
        ),
        Panel(
            "place", gettext_lazy("ที่ตั้ง ที่ดิน และโรงเรียนขนาดเล็ก"),
            (
                Fact(gettext_lazy("ระยะทางถึงเขตพื้นที่ (กม.)"), lambda e: e.km_to_office),
                Fact(gettext_lazy("ระยะทางถึงอำเภอ (กม.)"), lambda e: e.km_to_amphoe),
                Fact(gettext_lazy("ที่ดิน (ไร่-งาน-ตร.วา)"), lambda e: e.land),
                Fact(gettext_lazy("การจัดการของโรงเรียน"), lambda e: e.get_standing_display()),
                Fact(gettext_lazy("โรงเรียนหลักที่ไปเรียนรวม"), lambda e: _link(e.mother)),
                Fact(gettext_lazy("ลักษณะพื้นที่"), lambda e: e.get_terrain_display()),
                Fact(gettext_lazy("ความทุรกันดาร"), lambda e: e.get_hardship_display()),
                Fact(gettext_lazy("องค์กรปกครองส่วนท้องถิ่น"), lambda e: e.local_government or e.get_local_kind_display()),
                Fact(gettext_lazy("หมายเหตุ"), lambda e: e.note),
                Fact(gettext_lazy("ข้อมูล ณ วันที่"), lambda e: dates.short(e.told_on)),
            ),
            section="small",
        ),
    )  # fmt: skip
    imports = EmisImport()
    stylesheets = ("schools/schools.css",)

    def queryset(self, actor: Actor) -> models.QuerySet[Emis]:
        return Emis.objects.select_related("school__unit", "mother").annotate(
            year_words=models.functions.Cast("school_year", models.CharField()),
            period=models.Case(
                models.When(school_year=school_year(today()), then=models.Value("now")),
                default=models.Value("other"),
                output_field=models.CharField(),
            ),
        )

    def title(self, record: Emis) -> str:
        return f"ข้อมูล EMIS {record.school_year} {record.school.full_name}"

    def facts_line(self, record: Emis) -> list[tuple[Any, Any]]:
        return [(_("รหัส 8 หลัก"), record.school.smis8), (_("ปีการศึกษา"), record.school_year)]

    def pages(self, actor: Actor) -> list[Action]:
        return (
            [Action(_("เริ่มปีการศึกษา"), reverse("schools:emis_year"), "calendar-plus")]
            if actor.has(EMIS)
            else []
        )

    def used_in(self, record: Emis) -> list[models.Model]:
        return [record]

    def update(self, *, actor: Actor, record: Emis, **values: Any) -> Emis:
        return change_emis(actor=actor, emis=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        smis8, year = f"{99_070_000 + number:08d}", school_year(today())
        school = School.objects.filter(smis8=smis8).first() or add_school(
            actor=Actor.system(), name=f"บ้านตัวอย่าง {number}", smis8=smis8, levels="kp"
        )
        return {
            "code": emis_code(school, year), "unit_code": school.smis8, "school_year": year, "electricity": "grid", "water": "deep",
            "internet_kind": "fibre", "internet_provider": "ผู้ให้บริการตัวอย่าง", "internet_mbps": 100 + number, "lan": "no",
            "teach_obec": number, "teach_own": 1, "teach_usable": number + 1, "teach_broken": 0, "land_wa": Decimal("5035.0"),
            "internet_baht": Decimal("641.93"), "standing": "usual", "note": f"แถว {number}",
        }  # fmt: skip


def computer_rows(emis: Emis) -> list[tuple[Any, list[int | None]]]:
    """Purpose → by OBEC's budget, by own means, together, usable, broken; as the ministry's table has them."""
    rows = []
    for words, purpose in ((_("การเรียนการสอน"), "teach"), (_("บริหารจัดการ"), "office")):
        obec, own, usable, broken = (
            getattr(emis, f"{purpose}_{word}") for word in ("obec", "own", "usable", "broken")
        )
        whole = None if obec is None and own is None else (obec or 0) + (own or 0)
        rows.append((words, [obec, own, whole, usable, broken]))
    return rows


def emis_tab(actor: Actor, school: School) -> dict[str, Any]:
    """The last years side by side, the newest first, on the page of the school."""
    year = school_year(today())
    rows = list(school.emis.order_by("-school_year")[:5])
    lines = [
        (_("ไฟฟ้า"), [ELECTRICITY.label(e.electricity) for e in rows]),
        (_("น้ำใช้"), [WATER.label(e.water) for e in rows]),
        (_("อินเทอร์เน็ต"), [_internet(e) for e in rows]),
        (_("คอมพิวเตอร์ใช้ได้"), [_computers(e, "usable") for e in rows]),
        (_("คอมพิวเตอร์ใช้ไม่ได้"), [_computers(e, "broken") for e in rows]),
        (_("ห่างเขต (กม.)"), [e.km_to_office for e in rows]),
        (_("ที่ดิน (ไร่-งาน-ตร.วา)"), [e.land for e in rows]),
        (_("การจัดการของโรงเรียน"), [e.get_standing_display() for e in rows]),
    ]
    may_start = not any(e.school_year == year for e in rows) and can(actor, EMIS, school)
    return {"rows": rows, "lines": lines, "year": year, "may_start": may_start, "school": school}
