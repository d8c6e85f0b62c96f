"""Files of land: the land table beside EMIS and B-OBEC, lists of one school or of the area, our own export."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.places import WA_A_NGAN, WA_A_RAI, area_parts, read_area, written_area
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, Unit
from khet.kits.register.bases import Checked, ImportColumn, Wrong
from khet.kits.register.choices import Kind
from khet.modules.assets.actions.land import LAND_FACTS, import_land, land_code, remove_imported_land
from khet.modules.assets.choices import LandKind
from khet.modules.assets.models import Land
from khet.modules.assets.queries import parcels
from khet.modules.assets.records.files import SCHOOL_CODE, SCHOOL_NAME, OfUnits, thai

# Words of deeds as sheets write them, surest first; compared without spaces and stops.
_TOLD = (
    ("ราชพัสดุ", LandKind.TREASURY), ("ทรส", LandKind.TREASURY), ("ธนารักษ์", LandKind.TREASURY),
    ("สปก", LandKind.LAND_REFORM), ("ปฏิรูป", LandKind.LAND_REFORM),
    ("นสล", LandKind.PUBLIC), ("สาธารณ", LandKind.PUBLIC), ("ที่หลวง", LandKind.PUBLIC),
    ("สค1", LandKind.CLAIM), ("ใบจอง", LandKind.CLAIM), ("นส2", LandKind.CLAIM),
    ("นส3", LandKind.NOR_SOR_3), ("นส4", LandKind.TITLE_DEED), ("โฉนด", LandKind.TITLE_DEED),
    ("ป่า", LandKind.FOREST), ("อุทยาน", LandKind.FOREST),
    ("ธรณีสงฆ์", LandKind.TEMPLE), ("วัด", LandKind.TEMPLE), ("มัสยิด", LandKind.TEMPLE),
    ("เอกชน", LandKind.BORROWED), ("ผู้อื่น", LandKind.BORROWED), ("ให้ใช้", LandKind.BORROWED), ("เช่า", LandKind.BORROWED),
    ("ไม่มี", LandKind.NONE), ("มือเปล่า", LandKind.NONE),
)  # fmt: skip


# What may stand before a document's number, or not.
_NOISE = re.compile("|".join((r"[\s.]", *map(fold, ("เลขที่", "โฉนด", "ที่ดิน")))))


def kind_of_words(text: str) -> str:
    """The kind that words tell: น.ส.3ก, ที่ราชพัสดุ, โฉนดเลขที่ 1234; empty when they tell none."""
    plain = re.sub(r"[\s.]", "", fold(to_arabic_digits(text)))
    if not plain:
        return ""
    for value, label in thai(LandKind).items():
        if value and plain == re.sub(r"[\s.]", "", fold(label)):
            return value
    return next((kind.value for word, kind in _TOLD if re.sub(r"[\s.]", "", fold(word)) in plain), "")


def read_kind(text: str) -> str:
    found = kind_of_words(text)
    if not found:
        words = ", ".join(label for value, label in thai(LandKind).items() if value)
        raise Wrong(
            _("ไม่รู้จักประเภทที่ดิน “%(text)s” ใช้คำใดคำหนึ่งใน %(words)s") % {"text": text[:40], "words": words}
        )
    return found


def read_whole_area(text: str) -> Decimal:
    found = read_area(text)
    if found is None:
        raise Wrong(_("อ่านเนื้อที่ “%(text)s” ไม่ได้ เขียนเป็น ไร่-งาน-ตารางวา เช่น 12-2-35") % {"text": text[:40]})
    return found.quantize(Decimal("0.01"))


def _same(text: str) -> str:
    """A document's number as it is compared: 1234, เลขที่ 1234 and ๑๒๓๔ are one."""
    return _NOISE.sub("", fold(to_arabic_digits(text)))


class LandImport(OfUnits):
    """A row is a parcel: told by our code, by school and number, or by the number of its document or of the treasury's register."""

    model = Land
    key = "code"
    heading = "document"
    group_label = gettext_lazy("โรงเรียน")
    tells = ("unit_code", "number")
    columns = (
        ImportColumn("code", gettext_lazy("รหัสแปลง"), ("land_code",), max_length=40),
        ImportColumn("unit_code", gettext_lazy("รหัสโรงเรียน 8 หลัก"), SCHOOL_CODE, max_length=40),
        ImportColumn("school", gettext_lazy("โรงเรียน"), SCHOOL_NAME, write=lambda r: r.unit.name),
        ImportColumn("number", gettext_lazy("แปลงที่"), ("แปลง", "ลำดับแปลง"), kind=Kind.WHOLE, low=1, high=999),
        ImportColumn("kind", gettext_lazy("ประเภทที่ดิน"), ("ประเภทเอกสารสิทธิ์", "เอกสารสิทธิ์", "ประเภทเอกสาร", "ชนิดเอกสารสิทธิ์", "ประเภทการถือครอง", "สถานะที่ดิน", "กรรมสิทธิ์", "หนังสือสำคัญ"), read=read_kind, write=lambda r: thai(LandKind)[r.kind]),
        ImportColumn("document", gettext_lazy("เลขที่เอกสารสิทธิ์"), ("เลขที่โฉนด", "เลขที่เอกสาร", "เลขที่หนังสือสำคัญ", "โฉนดเลขที่", "เลขที่ นสล.", "เลขที่"), max_length=80),
        ImportColumn("treasury_number", gettext_lazy("ทะเบียนราชพัสดุ (ทรส.)"), ("ทรส.", "ทรส", "เลขทะเบียนราชพัสดุ", "ทะเบียนที่ราชพัสดุ", "ที่ราชพัสดุแปลงหมายเลขทะเบียน", "ที่ราชพัสดุ", "แปลงหมายเลขทะเบียน"), max_length=60),
        ImportColumn("rai", gettext_lazy("ไร่"), ("เนื้อที่ (ไร่)", "เนื้อที่ไร่", "rai"), kind=Kind.WHOLE, low=0, high=99_999),
        ImportColumn("ngan", gettext_lazy("งาน"), ("เนื้อที่ (งาน)", "ngan"), kind=Kind.WHOLE, low=0, high=3),
        ImportColumn("wa", gettext_lazy("ตารางวา"), ("วา", "ตร.ว.", "ตร.วา", "เนื้อที่ (ตารางวา)", "เนื้อที่ (วา)", "wa"), kind=Kind.DECIMAL, places=2, low=0, high=Decimal("99.99")),
        ImportColumn("area", gettext_lazy("เนื้อที่ (ไร่-งาน-ตร.ว.)"), ("เนื้อที่", "พื้นที่", "เนื้อที่ดิน", "ขนาดพื้นที่", "ไร่-งาน-วา", "ไร่-งาน-ตารางวา", "เนื้อที่ (ไร่-งาน-ตารางวา)", "จำนวนเนื้อที่"), read=read_whole_area, rare=True),
        ImportColumn("note", gettext_lazy("หมายเหตุ"), (), max_length=300),
    )  # fmt: skip

    def occurring(self, rows: models.QuerySet[Land]) -> tuple[str, ...]:
        """The area in one cell is read and not written: rai, ngan and wa say it."""
        return ()

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """The key is unit and number. What a row leaves open is found by its papers, or is the next number; an area in one cell
        becomes rai, ngan and wa."""
        found = self.place(actor, rows)
        for row in rows:
            self._area(row)
            self._kind(row)
        known: dict[int, list[Land]] = defaultdict(list)
        for land in Land.objects.filter(unit__in={unit.pk for unit in found.values()}).order_by("number"):
            known[land.unit_id].append(land)
        waiting: dict[int, list[Checked]] = defaultdict(list)
        taken: dict[int, set[int]] = defaultdict(set)
        for row in rows:
            unit = found.get(row.number)
            if unit is None:
                continue
            code = row.values.get("code") or ""
            if row.values.get("number") is None and code.startswith(f"{unit.code}-"):
                tail = code.removeprefix(f"{unit.code}-")
                row.values["number"] = int(tail) if tail.isdecimal() else None
            if row.values.get("number") is None:
                waiting[unit.pk].append(row)
            else:
                self._settle(row, unit, row.values["number"], taken)
        for pk, open_rows in waiting.items():
            self._by_papers(open_rows, found[open_rows[0].number], known[pk], taken)
        for row in rows:
            if row.number in found:
                self._first_kind(row, known[found[row.number].pk])

    @staticmethod
    def _settle(row: Checked, unit: Unit, number: int, taken: dict[int, set[int]]) -> None:
        row.values["number"] = number
        row.values["code"] = land_code(unit, number)
        taken[unit.pk].add(number)

    def _by_papers(
        self, rows: Sequence[Checked], unit: Unit, known: Sequence[Land], taken: dict[int, set[int]]
    ) -> None:
        """Rows without a number: the parcel with the same papers, for a row without papers the only one without any, else a new one."""
        free = [land for land in known if land.number not in taken[unit.pk]]
        twins: dict[tuple[str, ...], list[Checked]] = defaultdict(list)
        for row in rows:
            papers = tuple(_same(row.values.get(name) or "") for name in ("document", "treasury_number"))
            if any(papers):
                twins[(row.values.get("kind") or "", *papers)].append(row)
        for same in twins.values():
            for row in same if len(same) > 1 else ():
                others = ", ".join(str(other.number) for other in same[:6] if other is not row)
                row.wrong(
                    "document",
                    _("เอกสารเดียวกันอยู่ในไฟล์หลายแถว พบซ้ำที่แถว %(rows)s เก็บไว้แถวเดียว หรือใส่แปลงที่")
                    % {"rows": others},
                )
        left: list[Checked] = []
        for row in rows:
            land = self._of(row, free)
            if land is None:
                left.append(row)
                continue
            free.remove(land)
            self._settle(row, unit, land.number, taken)
        last = max([0, *(land.number for land in known), *taken[unit.pk]])
        for row in left:
            last += 1
            self._settle(row, unit, last, taken)

    @staticmethod
    def _of(row: Checked, free: Sequence[Land]) -> Land | None:
        document = _same(row.values.get("document") or "")
        treasury = _same(row.values.get("treasury_number") or "")
        kind = row.values.get("kind")
        for land in free:
            if document and _same(land.document) == document and kind in (None, land.kind):
                return land
        for land in free:
            if treasury and _same(land.treasury_number) == treasury and not (document and land.document):
                return land
        bare = [
            land
            for land in free
            if not land.document and not land.treasury_number and kind in (None, land.kind)
        ]
        return bare[0] if not document and not treasury and len(bare) == 1 else None

    @staticmethod
    def _area(row: Checked) -> None:
        whole = row.values.pop("area", None)
        parts = [row.values.get(name) for name in ("rai", "ngan", "wa")]
        if whole is None:
            return
        if any(part is not None for part in parts):
            rai, ngan, wa = (Decimal(part or 0) for part in parts)
            told = rai * WA_A_RAI + ngan * WA_A_NGAN + wa
            if told != whole:
                row.wrong(
                    "area",
                    _("เนื้อที่ %(area)s ไม่ตรงกับช่อง ไร่ งาน ตารางวา ซึ่งรวมได้ %(told)s แก้ให้ตรงกัน")
                    % {"area": written_area(whole), "told": written_area(told)},
                )
            return
        rai, ngan, wa = area_parts(whole)
        if rai > 99_999:
            row.wrong("area", _("เนื้อที่ %(area)s มากเกินไป ตรวจกับเอกสาร") % {"area": written_area(whole)})
            return
        row.values |= {"rai": rai, "ngan": ngan, "wa": wa}

    @staticmethod
    def _kind(row: Checked) -> None:
        """The words of the document may tell what kind it is."""
        if row.values.get("kind") is None and (told := kind_of_words(row.values.get("document") or "")):
            row.values["kind"] = told

    @staticmethod
    def _first_kind(row: Checked, known: Sequence[Land]) -> None:
        """A new parcel needs a kind: on the treasury's register it is the treasury's land, else somebody has to say."""
        if row.values.get("kind") is not None or any(land.code == row.values.get("code") for land in known):
            return
        row.values.pop("kind", None)
        if row.values.get("treasury_number"):
            row.values["kind"] = LandKind.TREASURY.value
        elif not any(fault.column == "kind" for fault in row.faults):
            row.wrong("kind", _("แปลงใหม่ไม่บอกประเภทที่ดิน เติมคอลัมน์ ประเภทที่ดิน เช่น ที่ราชพัสดุ โฉนดที่ดิน"))

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        keys = list(keys)
        if lock:
            list(Land.objects.select_for_update().filter(code__in=keys).values_list("pk"))
        return {land.code: land for land in parcels().filter(code__in=keys)}

    def values(self, record: Land) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in LAND_FACTS}
        values |= {"code": record.code, "unit_code": record.unit.code, "number": record.number}
        return {name: None if value == "" else value for name, value in values.items()}

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        for row in rows:
            sizes = [row.values.get(name) for name in ("rai", "ngan", "wa")]
            if all(size is not None and not size for size in sizes):
                row.look("rai", _("เนื้อที่เป็น 0 ตรวจกับเอกสารสิทธิ์"))

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Land, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        units = self.units(new)
        rows = [{**row, "unit": units[row["unit_code"]]} for row in new]
        return [land.pk for land in import_land(actor=actor, new=rows, changed=changed, source=source)]

    def remove(self, *, actor: Actor, records: Sequence[Land], source: str) -> None:
        remove_imported_land(actor=actor, parcels=records, source=source)
