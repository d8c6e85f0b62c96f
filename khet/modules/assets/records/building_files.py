"""Files of buildings: the ministry's B-OBEC page, lists of one school or of the area, our own export."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor
from khet.kits.register.bases import Checked, ImportColumn, Wrong
from khet.kits.register.choices import Kind
from khet.modules.assets.actions.buildings import FACTS, import_buildings, remove_imported_buildings
from khet.modules.assets.choices import BudgetSource, BuildingCondition, BuildingKind, Standing
from khet.modules.assets.models import Building
from khet.modules.assets.models.buildings import EARLIEST, LATEST
from khet.modules.assets.queries import buildings
from khet.modules.assets.records.files import SCHOOL_CODE, SCHOOL_NAME, OfUnits, one_of, thai

# Words by which a name tells the type, surest first.
_TOLD = (
    ("บ้านพักภารโรง", "04"), ("บ้านพักนักการ", "04"), ("บ้านพัก", "03"), ("ส้วม", "05"), ("ห้องน้ำ", "05"), ("สุขา", "05"),
    ("สนามเด็กเล่น", "08"), ("เรือนเพาะชำ", "12"), ("สนาม", "15"), ("ถัง", "16"), ("บ่อน้ำ", "16"), ("รั้ว", "27"), ("ถนน", "28"),
    ("รางระบาย", "28"), ("เอนกประสงค์", "02"), ("อเนกประสงค์", "02"), ("โรงอาหาร", "02"), ("โรงฝึกงาน", "02"),
    ("หอประชุม", "02"), ("อาคารเรียน", "01"),
)  # fmt: skip
CONDITIONS = {
    "ดี": "good", "ดีมาก": "good", "ใช้การได้ดี": "good", "พอใช้": "fair", "ปานกลาง": "fair", "ทรุดโทรม": "poor", "ชำรุด": "poor",
    "ทรุดโทรม/รื้อถอน": "poor", "ทรุดโทรม-รื้อถอน": "poor", "รื้อถอน": "poor", "ควรรื้อถอน": "poor", "ไม่ดี": "poor",
}  # fmt: skip
SOURCES = {
    **{str(label): value for value, label in BudgetSource.choices if value},
    "งบประมาณแผ่นดิน": "budget", "งปม.": "budget", "เงินงบประมาณ": "budget", "เงินนอกงบประมาณ": "off_budget", "นอกงบ": "off_budget",
    "รายได้สถานศึกษา": "off_budget", "เงินบริจาค": "donation", "ชุมชน": "donation", "อบต.": "local", "อบจ.": "local", "เทศบาล": "local",
    "อปท.": "local",
}  # fmt: skip


def read_kind(text: str) -> str:
    """``01``, ``1``, ``b01``, อาคารเรียน, ``01 อาคารเรียน`` → the code of the type."""
    plain = fold(to_arabic_digits(text)).strip()
    digits = re.match(r"b?\s*0?(\d{1,2})(?!\d)", plain)
    if digits and f"{int(digits[1]):02}" in BuildingKind.values:
        return f"{int(digits[1]):02}"
    found = kind_of_name(text)
    if not found:
        raise Wrong(_("ไม่รู้จักประเภท “%(text)s” ใช้รหัส B-OBEC เช่น 01 อาคารเรียน 05 ส้วม") % {"text": text[:40]})
    return found


def kind_of_name(name: str) -> str:
    """The type that a name tells: บ้านพักครู ลำดับที่ 1 → 03; empty when it tells none."""
    plain = fold(name)
    return next((code for word, code in _TOLD if fold(word) in plain), "")


def number_of_name(name: str) -> int | None:
    """อาคารเรียน ลำดับที่ 2 → 2."""
    found = re.search(r"(?:ลำดับ(?:ที่)?|หลังที่)\s*(\d{1,3})", to_arabic_digits(name))
    return int(found[1]) if found else None


def read_year(text: str) -> int:
    """A year as written: 2530, พ.ศ. 2530, ๒๕๓๐; two digits are of the Buddhist century, 1987 is of the Christian era."""
    digits = re.sub(r"\.0+$", "", re.sub(r"[^\d.]", "", to_arabic_digits(text)).strip("."))
    if not digits.isdecimal() or len(digits) not in (2, 4):
        raise Wrong(_("อ่านปี “%(text)s” ไม่ออก เขียนปี พ.ศ. สี่หลัก เช่น 2530") % {"text": text[:20]})
    year = int(digits)
    year = 2500 + year if len(digits) == 2 else year + 543 if year < EARLIEST else year
    if not EARLIEST <= year <= LATEST:
        raise Wrong(_("ปี %(year)d ไม่น่าใช่ปี พ.ศ. ตรวจกับเอกสาร") % {"year": year})
    return year


class BuildingImport(OfUnits):
    model = Building
    key = "code"
    heading = "name"
    group_label = gettext_lazy("โรงเรียน")
    columns = (
        ImportColumn("code", gettext_lazy("รหัสสิ่งก่อสร้าง"), ("building_code",), max_length=30),
        ImportColumn("unit_code", gettext_lazy("รหัสโรงเรียน 8 หลัก"), SCHOOL_CODE, max_length=40),
        ImportColumn("school", gettext_lazy("โรงเรียน"), SCHOOL_NAME, write=lambda b: b.unit.name),
        ImportColumn("kind", gettext_lazy("ประเภท"), ("รหัสประเภท", "ประเภทสิ่งก่อสร้าง", "type", "ประเภทอาคาร"), read=read_kind, write=lambda b: f"{b.kind} {thai(BuildingKind)[b.kind]}"),
        ImportColumn("number", gettext_lazy("ลำดับที่"), ("หลังที่", "ลำดับอาคาร", "ลำดับหลัง"), kind=Kind.WHOLE, low=1, high=999),
        ImportColumn("name", gettext_lazy("ชื่อ"), ("ชื่ออาคาร", "ชื่อสิ่งก่อสร้าง", "รายการสิ่งก่อสร้าง", "สิ่งก่อสร้าง", "รายการ", "name"), required=True, max_length=150),
        ImportColumn("model", gettext_lazy("แบบ"), ("แบบอาคาร", "แบบแปลน", "แบบสิ่งก่อสร้าง", "model"), max_length=60),
        ImportColumn("rooms_plan", gettext_lazy("จำนวนห้องตามแปลน"), ("จำนวนห้อง", "ห้องตามแปลน", "จำนวนห้องเรียนตามแปลน"), kind=Kind.WHOLE, low=0, high=500),
        ImportColumn("rooms_used", gettext_lazy("ห้องที่ใช้เป็นห้องเรียน"), ("จำนวนห้องเรียนที่ใช้", "ห้องเรียน", "ใช้จริง"), kind=Kind.WHOLE, low=0, high=500),
        ImportColumn("seats", gettext_lazy("จำนวนที่นั่งส้วม"), ("จำนวนที่นั่ง", "ที่นั่ง", "ที่"), kind=Kind.WHOLE, low=0, high=500),
        ImportColumn("floors", gettext_lazy("จำนวนชั้น"), ("ชั้น",), kind=Kind.WHOLE, low=0, high=20),
        ImportColumn("width", gettext_lazy("กว้าง (ม.)"), ("กว้าง", "ความกว้าง"), kind=Kind.DECIMAL, places=2, low=0, high=9999),
        ImportColumn("length", gettext_lazy("ยาว (ม.)"), ("ยาว", "ความยาว"), kind=Kind.DECIMAL, places=2, low=0, high=9999),
        ImportColumn("year_built", gettext_lazy("สร้าง (พ.ศ.)"), ("สร้าง", "ปีที่สร้าง", "สร้างปี พ.ศ.", "ปี พ.ศ. ที่สร้าง", "สร้างเมื่อ"), read=read_year),
        ImportColumn("budget", gettext_lazy("งบประมาณก่อสร้าง (บาท)"), ("งบประมาณก่อสร้าง", "งบประมาณ", "ราคา", "ราคาก่อสร้าง"), kind=Kind.DECIMAL, places=2, low=0, high=Decimal(10**10)),
        ImportColumn("budget_source", gettext_lazy("ที่มาของงบ"), ("แหล่งงบประมาณ", "ที่มาของงบประมาณ", "ประเภทงบ"), kind=Kind.CHOICE, choices=SOURCES, read=one_of(gettext_lazy("ที่มาของงบ"), SOURCES), write=lambda b: thai(BudgetSource)[b.budget_source]),
        ImportColumn("condition", gettext_lazy("สภาพปัจจุบัน"), ("สภาพ", "สภาพการใช้งาน"), kind=Kind.CHOICE, choices={**{label: value for value, label in BuildingCondition.choices}, **CONDITIONS}, read=one_of(gettext_lazy("สภาพปัจจุบัน"), {**{label: value for value, label in BuildingCondition.choices}, **CONDITIONS}), write=lambda b: thai(BuildingCondition)[b.condition]),
        ImportColumn("standing", gettext_lazy("สถานะ"), (), write=lambda b: thai(Standing)[b.standing]),
        ImportColumn("treasury_number", gettext_lazy("ทะเบียนราชพัสดุ (ทรส.)"), ("ทรส.", "ทรส", "เลขทะเบียนราชพัสดุ", "ที่ราชพัสดุ"), max_length=60),
        ImportColumn("repaired_year", gettext_lazy("ปีที่ซ่อมล่าสุด (พ.ศ.)"), ("ปีที่ซ่อมล่าสุด", "ซ่อมล่าสุด", "ปีที่ซ่อม"), read=read_year),
        ImportColumn("note", gettext_lazy("หมายเหตุ"), (), max_length=300),
    )  # fmt: skip

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """The key is unit, type and number; what a row leaves open is told by its name, or is the next number."""
        found = self.place(actor, rows)
        waiting: list[Checked] = []
        last: dict[tuple[int, str], int] = defaultdict(int)
        for row in rows:
            # The state of a building moves by its own verbs, never by a file.
            row.values.pop("standing", None)
            unit = found.get(row.number)
            if unit is None:
                continue
            name = row.values.get("name", "")
            kind = row.values.setdefault("kind", kind_of_name(name))
            if not kind:
                del row.values["kind"]
                if not any(fault.column == "kind" for fault in row.faults):
                    row.wrong("kind", _("ชื่อนี้ไม่บอกประเภท เติมคอลัมน์ ประเภท เช่น 01 อาคารเรียน"))
                continue
            number = row.values.get("number") or number_of_name(name)
            if number is None:
                waiting.append(row)
                continue
            row.values["number"] = number
            row.values["code"] = f"{unit.code}-{kind}-{number}"
            last[unit.pk, kind] = max(last[unit.pk, kind], number)
        if waiting:
            units = {found[row.number].pk for row in waiting}
            named: dict[tuple[int, str, str], Building] = {}
            for building in Building.objects.filter(unit__in=units):
                named[building.unit_id, building.kind, fold(building.name)] = building
            for unit_id, kind, most in (
                Building.objects.filter(unit__in=units).values_list("unit", "kind").annotate(m=Max("number"))
            ):
                last[unit_id, kind] = max(last[unit_id, kind], most)
            for row in waiting:
                unit, kind = found[row.number], row.values["kind"]
                known = named.pop((unit.pk, kind, fold(row.values.get("name", ""))), None)
                if known is None:
                    last[unit.pk, kind] += 1
                row.values["number"] = known.number if known else last[unit.pk, kind]
                row.values["code"] = f"{unit.code}-{kind}-{row.values['number']}"

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        keys = list(keys)
        if lock:
            list(Building.objects.select_for_update().filter(code__in=keys).values_list("pk"))
        return {building.code: building for building in buildings().filter(code__in=keys)}

    def values(self, record: Building) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in FACTS if name != "land"}
        values |= {
            "code": record.code,
            "unit_code": record.unit.code,
            "kind": record.kind,
            "number": record.number,
        }
        return {name: None if value == "" else value for name, value in values.items()}

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        for row in rows:
            plan, used = row.values.get("rooms_plan"), row.values.get("rooms_used")
            if plan is not None and used is not None and used > plan:
                row.look("rooms_used", _("ห้องที่ใช้เรียนมากกว่าห้องตามแปลน ตรวจกับอาคารจริง"))

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Building, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        units = self.units(new)
        rows = [{**row, "unit": units[row["unit_code"]]} for row in new]
        return [b.pk for b in import_buildings(actor=actor, new=rows, changed=changed, source=source)]

    def remove(self, *, actor: Actor, records: Sequence[Building], source: str) -> None:
        remove_imported_buildings(actor=actor, buildings=records, source=source)
