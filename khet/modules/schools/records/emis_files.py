"""Files of the yearly facts: the columns of the ministry's EMIS pages, and our own export."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.thai.calendar import school_year
from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.places import read_area
from khet.base.org.api import Actor, today, visible
from khet.kits.register.bases import (
    Checked,
    Import,
    ImportColumn,
    Wrong,
)
from khet.kits.register.choices import Kind
from khet.modules.schools.actions.emis import (
    EARLIEST_YEAR,
    EMIS_FIELDS,
    emis_code,
    import_emis,
    remove_imported_emis,
)
from khet.modules.schools.choices import (
    ELECTRICITY,
    INTERNET,
    WATER,
    Hardship,
    Installed,
    InternetState,
    LocalKind,
    Standing,
    Terrain,
)
from khet.modules.schools.models import Emis, School
from khet.modules.schools.records.lookups import SCHOOL_CODE, SCHOOL_NAME, schools_by_words
from khet.modules.schools.rules import EMIS


def read_land(text: str) -> Decimal:
    """``12-2-35`` (rai, ngan, square wa), or rai alone as ``12`` or ``12.5`` → square wa."""
    found = read_area(text)
    if found is not None:
        return found.quantize(Decimal("0.1"))
    raise Wrong(_("อ่านเนื้อที่ “%(text)s” ไม่ได้ เขียนเป็น ไร่-งาน-ตารางวา เช่น 12-2-35") % {"text": text[:40]})


def read_speed(text: str) -> int:
    """``100``, ``100/50 Mbps``, ``1 Gbps`` → megabits a second downwards."""
    found = re.match(
        r"^(\d{1,6})(?:\.\d+)?\s*(?:/\s*\d+(?:\.\d+)?)?\s*(g|m)?",
        to_arabic_digits(text).lower().replace(",", ""),
    )
    if found is None:
        raise Wrong(_("อ่านความเร็ว “%(text)s” ไม่ได้ ใส่เป็นตัวเลข Mbps เช่น 100") % {"text": text[:40]})
    mbps = int(found[1]) * (1000 if found[2] == "g" else 1)
    if mbps > 100_000:
        raise Wrong(_("ความเร็ว %(text)s มากเกินไป ใส่เป็น Mbps") % {"text": text[:40]})
    return mbps


_INSTALLED = {
    **{label: value for value, label in Installed.choices},
    "มี": "yes", "มีแล้ว": "yes", "ใช้": "yes", "ติดตั้ง": "yes", "1": "yes", "y": "yes", "ไม่มีระบบ": "no", "0": "no", "n": "no",
}  # fmt: skip


def _words(choices: type[models.TextChoices], **more: str) -> dict[Any, str]:
    return {**{label: value for value, label in choices.choices}, **more}


def _n(code: str, label: Any, *aliases: str) -> ImportColumn:
    return ImportColumn(code, label, aliases, kind=Kind.WHOLE, low=0, high=9_999)


class EmisImport(Import):
    """A row is a school in a school year; the year is the present one where the file does not say."""

    capability = EMIS
    key = "code"
    heading = "school"
    tells = ("school_year",)
    group = "amphoe"
    group_label = gettext_lazy("อำเภอ")
    columns = (
        ImportColumn("code", gettext_lazy("รหัสแถว EMIS"), (), max_length=20),
        ImportColumn("unit_code", gettext_lazy("รหัส Smis 8 หลัก"), (*SCHOOL_CODE, "รหัสโรงเรียน 10 หลัก", "รหัส Obec 6 หลัก"), max_length=40, write=lambda e: e.school.smis8),
        ImportColumn("school", gettext_lazy("ชื่อสถานศึกษา(ไทย)"), SCHOOL_NAME, max_length=160, write=lambda e: e.school.name),
        ImportColumn("school_year", gettext_lazy("ปีการศึกษา"), ("ปี", "ปีการศึกษา (พ.ศ.)"), kind=Kind.WHOLE, low=EARLIEST_YEAR, high=2700),
        ImportColumn("electricity", gettext_lazy("ไฟฟ้า"), ("แหล่งไฟฟ้า", "ระบบไฟฟ้า", "การใช้ไฟฟ้า"), codes=ELECTRICITY, write=lambda e: ELECTRICITY.label(e.electricity)),
        ImportColumn("water", gettext_lazy("น้ำใช้"), ("แหล่งน้ำ", "ระบบน้ำ", "น้ำประปา"), codes=WATER, write=lambda e: WATER.label(e.water)),
        ImportColumn("internet_kind", gettext_lazy("ประเภทอินเทอร์เน็ต"), ("ประเภท", "ระบบอินเทอร์เน็ต", "ชนิดอินเทอร์เน็ต"), codes=INTERNET, write=lambda e: INTERNET.label(e.internet_kind)),
        ImportColumn("internet_provider", gettext_lazy("ผู้ให้บริการ"), ("ผู้ให้บริการอินเทอร์เน็ต", "ISP"), max_length=80),
        ImportColumn("internet_mbps", gettext_lazy("ความเร็ว (Mbps)"), ("ความเร็ว", "ความเร็วอินเทอร์เน็ต"), read=read_speed, kind=Kind.WHOLE),
        ImportColumn("internet_state", gettext_lazy("สถานะอินเทอร์เน็ต"), ("สถานะ",), kind=Kind.CHOICE, choices=_words(InternetState, ใช้งานได้="good", ปกติ="good", ใช้ได้="good"), write=lambda e: e.get_internet_state_display()),
        ImportColumn("internet_baht", gettext_lazy("งบต่อเดือน (บาท)"), ("งบต่อเดือน", "ค่าใช้จ่ายต่อเดือน"), kind=Kind.DECIMAL, places=2, low=0, high=1_000_000),
        ImportColumn("lan", gettext_lazy("LAN"), ("ระบบ LAN",), kind=Kind.CHOICE, choices=_INSTALLED, write=lambda e: e.get_lan_display()),
        ImportColumn("wireless", gettext_lazy("Wireless LAN"), ("WLAN", "Wi-Fi", "ไร้สาย"), kind=Kind.CHOICE, choices=_INSTALLED, write=lambda e: e.get_wireless_display()),
        _n("teach_obec", gettext_lazy("เรียนการสอน: งบ สพฐ."), "คอมพิวเตอร์เพื่อการเรียนการสอน งบ สพฐ.", "เพื่อการเรียนการสอน งบ สพฐ."),
        _n("teach_own", gettext_lazy("เรียนการสอน: จัดหาเองหรือบริจาค"), "คอมพิวเตอร์เพื่อการเรียนการสอน จัดหาเอง-บริจาค", "เพื่อการเรียนการสอน จัดหาเอง-บริจาค"),
        _n("teach_usable", gettext_lazy("เรียนการสอน: ใช้ได้"), "คอมพิวเตอร์เพื่อการเรียนการสอน ใช้ได้", "เพื่อการเรียนการสอน ใช้ได้"),
        _n("teach_broken", gettext_lazy("เรียนการสอน: ใช้ไม่ได้"), "คอมพิวเตอร์เพื่อการเรียนการสอน ใช้ไม่ได้", "เพื่อการเรียนการสอน ใช้ไม่ได้"),
        _n("office_obec", gettext_lazy("บริหารจัดการ: งบ สพฐ."), "คอมพิวเตอร์เพื่อการบริหารจัดการ งบ สพฐ.", "เพื่อการบริหารจัดการ งบ สพฐ."),
        _n("office_own", gettext_lazy("บริหารจัดการ: จัดหาเองหรือบริจาค"), "คอมพิวเตอร์เพื่อการบริหารจัดการ จัดหาเอง-บริจาค", "เพื่อการบริหารจัดการ จัดหาเอง-บริจาค", "บริหารจัดการ จัดหาเอง-บริจาค"),
        _n("office_usable", gettext_lazy("บริหารจัดการ: ใช้ได้"), "คอมพิวเตอร์เพื่อการบริหารจัดการ ใช้ได้", "เพื่อการบริหารจัดการ ใช้ได้"),
        _n("office_broken", gettext_lazy("บริหารจัดการ: ใช้ไม่ได้"), "คอมพิวเตอร์เพื่อการบริหารจัดการ ใช้ไม่ได้", "เพื่อการบริหารจัดการ ใช้ไม่ได้"),
        ImportColumn("km_to_office", gettext_lazy("ระยะทางจากโรงเรียน ถึง เขตพื้นที่การศึกษา"), ("ระยะทางถึงเขต",), kind=Kind.DECIMAL, places=1, low=0, high=999),
        ImportColumn("km_to_amphoe", gettext_lazy("ระยะทางจากโรงเรียน ถึง อำเภอ"), ("ระยะทางถึงอำเภอ",), kind=Kind.DECIMAL, places=1, low=0, high=999),
        ImportColumn("land_wa", gettext_lazy("ที่ดิน (ไร่-งาน-ตร.วา)"), ("เนื้อที่", "ที่ดิน", "เนื้อที่ (ไร่-งาน-ตารางวา)"), kind=Kind.DECIMAL, read=read_land, write=lambda e: e.land),
        ImportColumn("standing", gettext_lazy("การจัดการของโรงเรียน"), ("Stand Alone", "สถานะโรงเรียนขนาดเล็ก"), kind=Kind.CHOICE, choices=_words(Standing, **{"Stand Alone": "alone", "ใช่": "alone"}), write=lambda e: e.get_standing_display()),
        ImportColumn("mother", gettext_lazy("รหัสโรงเรียนหลัก"), ("โรงเรียนหลัก", "โรงเรียนแม่ข่าย"), max_length=160, write=lambda e: e.mother.smis8 if e.mother else None),
        ImportColumn("terrain", gettext_lazy("ลักษณะพื้นที่"), ("พื้นที่ตั้ง", "ลักษณะพื้นที่พิเศษ"), kind=Kind.CHOICE, choices=_words(Terrain, ปกติ="plain", ภูเขา="mountain", พื้นที่สูง="mountain", พื้นที่เกาะ="island"), write=lambda e: e.get_terrain_display()),
        ImportColumn("hardship", gettext_lazy("ความทุรกันดาร"), ("กันดาร", "ทุรกันดาร"), kind=Kind.CHOICE, choices=_words(Hardship, ใช่="yes", กันดาร="yes", ไม่ใช่="no", ปกติ="no"), write=lambda e: e.get_hardship_display()),
        ImportColumn("local_kind", gettext_lazy("ชนิด อปท."), (), kind=Kind.CHOICE, choices=_words(LocalKind, องค์การบริหารส่วนตำบล="sao"), write=lambda e: e.get_local_kind_display()),
        ImportColumn("local_government", gettext_lazy("องค์กรปกครองส่วนท้องถิ่น"), ("อปท.", "อปท"), max_length=120),
        ImportColumn("note", gettext_lazy("หมายเหตุ"), (), max_length=300),
    )  # fmt: skip

    def missing(self, mapping: Mapping[str, int]) -> list[ImportColumn]:
        """A row says its school by a code or by a name; the key is made from it and the year."""
        return [] if mapping.keys() & {"unit_code", "school"} else [self.by_code["unit_code"]]

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        this_year = school_year(today())
        words = {row.values.get(c) for row in rows for c in ("unit_code", "school", "mother")} - {None}
        known = schools_by_words(words)
        writable = set(
            visible(actor, School.objects.filter(pk__in={s.pk for s in known.values()}), EMIS).values_list(
                "pk", flat=True
            )
        )
        for row in rows:
            values = row.values
            said, name = values.pop("unit_code", None), values.pop("school", None)
            column = "unit_code" if said else "school"
            school = known.get(said or name or "")
            values.pop("code", None)
            year = values.setdefault("school_year", this_year) or this_year
            if year > this_year + 1:
                row.wrong("school_year", _("ปีการศึกษา %(year)s ยังมาไม่ถึง") % {"year": year})
            if school is None:
                row.wrong(
                    column,
                    _("ไม่รู้จักโรงเรียน “%(text)s” ใช้รหัส 8 หลักของโรงเรียน") % {"text": (said or name or "")[:60]},
                )
            elif school.pk not in writable:
                row.wrong(column, _("%(unit)sอยู่นอกขอบเขตที่คุณนำเข้าได้") % {"unit": school.full_name})
            else:
                values |= {
                    "code": emis_code(school, year),
                    "school_year": year,
                    "unit_code": school.smis8,
                    "school": school.name,
                    "amphoe": school.amphoe or None,
                }
            self._mother(row, school, known)
            self._sums(row)

    def _mother(self, row: Checked, school: School | None, known: Mapping[str, School]) -> None:
        said = row.values.get("mother")
        if not said:
            return
        mother = known.get(said)
        if mother is None:
            row.wrong("mother", _("ไม่รู้จักโรงเรียน “%(text)s” ใช้รหัส 8 หลักของโรงเรียน") % {"text": said[:60]})
        elif school is not None and mother.pk == school.pk:
            row.wrong("mother", _("โรงเรียนเป็นโรงเรียนหลักของตนเองไม่ได้"))
        else:
            row.values["mother"] = mother.smis8
            if row.values.get("standing") != Standing.MEMBER and "standing" in row.values:
                row.wrong("mother", _("ระบุโรงเรียนหลักเมื่อเรียนรวมกับโรงเรียนหลักเท่านั้น แก้การจัดการของโรงเรียนให้ตรงกัน"))
            row.values.setdefault("standing", Standing.MEMBER)

    def _sums(self, row: Checked) -> None:
        for purpose in ("teach", "office"):
            parts = [row.values.get(f"{purpose}_{word}") for word in ("obec", "own", "usable", "broken")]
            if None not in parts and parts[0] + parts[1] != parts[2] + parts[3]:
                row.look(
                    f"{purpose}_usable",
                    _("คอมพิวเตอร์ตามที่มา %(have)d เครื่อง แต่ใช้ได้รวมกับใช้ไม่ได้ %(told)d เครื่อง ตรวจจำนวน")
                    % {"have": parts[0] + parts[1], "told": parts[2] + parts[3]},
                )

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        keys = list(keys)
        if lock:
            list(Emis.objects.select_for_update().filter(code__in=keys).values_list("pk"))
        found = Emis.objects.select_related("school__unit", "mother").filter(code__in=keys)
        return {emis.code: emis for emis in found}

    def values(self, record: Emis) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in EMIS_FIELDS}
        values |= {
            "code": record.code,
            "unit_code": record.school.smis8,
            "school": record.school.name,
            "school_year": record.school_year,
            "amphoe": record.school.amphoe,
            "mother": record.mother.smis8 if record.mother else None,
        }
        return {name: None if value == "" else value for name, value in values.items()}

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        rows = Emis.objects.filter(pk__in=[emis.pk for emis in found])
        return set(visible(actor, rows, EMIS).values_list("pk", flat=True))

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Emis, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        codes = {row[c] for row in new for c in ("unit_code", "mother") if row.get(c)}
        codes |= {values["mother"] for _e, values in changed if values.get("mother")}
        schools = {school.smis8: school for school in School.objects.filter(smis8__in=codes)}

        def told(values: Mapping[str, Any]) -> dict[str, Any]:
            mother = (
                {"mother": schools[values["mother"]] if values["mother"] else None}
                if "mother" in values
                else {}
            )
            return {**values, **mother}

        rows = [{**told(row), "school": schools[row["unit_code"]]} for row in new]
        made = import_emis(
            actor=actor, new=rows, changed=[(emis, told(values)) for emis, values in changed], source=source
        )
        return [emis.pk for emis in made]

    def remove(self, *, actor: Actor, records: Sequence[Emis], source: str) -> None:
        remove_imported_emis(actor=actor, rows=records, source=source)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counted = (
            Emis.objects.filter(pk__in=pks).order_by().values_list("school__amphoe").annotate(Count("pk"))
        )
        return dict(counted)
