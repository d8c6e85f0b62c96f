"""Files of articles: the asset register (ทะเบียนคุมทรัพย์สิน) as offices keep it in spreadsheets, and our own export."""

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
from khet.base.org.api import Actor
from khet.kits.register.bases import Checked, ImportColumn, Wrong
from khet.kits.register.choices import Kind
from khet.modules.assets.actions.articles import (
    ALPHABET,
    CODE_LENGTH,
    FACTS,
    import_articles,
    new_code,
    number_key,
    remove_imported_articles,
)
from khet.modules.assets.choices import AssetKind, Condition, Method, Money
from khet.modules.assets.item_codes import ITEMS
from khet.modules.assets.models import Article
from khet.modules.assets.queries import articles
from khet.modules.assets.records.files import SCHOOL_CODE, SCHOOL_NAME, OfUnits, one_of, thai

METHODS = {
    **{label: value for value, label in Method.choices},
    "วิธีเฉพาะเจาะจง": "specific", "ตกลงราคา": "specific", "วิธีตกลงราคา": "specific", "วิธีคัดเลือก": "selection", "สอบราคา": "selection",
    "ประกวดราคา": "bidding", "ประกวดราคาอิเล็กทรอนิกส์": "bidding", "e-market": "bidding", "บริจาค": "donation",
    "โอน": "transfer", "อื่นๆ": "other",
}  # fmt: skip
MONIES = {
    **{label: value for value, label in Money.choices},
    "งบประมาณ": "budget", "เงินงปม.": "budget", "งปม.": "budget", "นอกงบ": "off_budget", "นอกงบประมาณ": "off_budget",
    "เงินรายได้สถานศึกษา": "off_budget", "เงินอุดหนุน": "budget", "บริจาค": "donation", "เงินบริจาค": "donation", "รับบริจาค": "donation",
}  # fmt: skip
CONDITIONS = {
    **{label: value for value, label in Condition.choices},
    "ใช้ได้": "in_use", "ใช้งานได้": "in_use", "ปกติ": "in_use", "ดี": "in_use", "พอใช้": "in_use", "ชำรุด": "waiting_repair",
    "เสื่อมสภาพ": "waiting_disposal", "ชำรุดซ่อมไม่ได้": "waiting_disposal", "สูญหาย": "missing", "จำหน่าย": "disposed",
}  # fmt: skip
KINDS = {
    **{label: value for value, label in AssetKind.choices},
    "ครุภัณฑ์งานบ้านและงานครัว": "household", "ครุภัณฑ์สำนักงาน/โรงเรียน": "office", "ครุภัณฑ์ยานพาหนะและขนส่ง": "vehicle",
    "คอมพิวเตอร์": "computer", "การศึกษา": "education", "สำนักงาน": "office",
}  # fmt: skip


def read_code(text: str) -> str:
    """The short address as typed from a label."""
    code = text.upper().replace(" ", "").replace("-", "")
    if len(code) != CODE_LENGTH or set(code) - set(ALPHABET):
        raise Wrong(_("รหัสบนป้าย “%(text)s” ไม่ใช่รหัสของระบบ เว้นว่างไว้ถ้าเป็นรายการใหม่") % {"text": text[:20]})
    return code


def read_item(text: str) -> str:
    """The five digits of M-OBEC, alone or before the item's words."""
    found = re.match(r"\s*(\d{5})(?!\d)", to_arabic_digits(text))
    if not found:
        raise Wrong(_("รหัสรายการ “%(text)s” ต้องเป็นตัวเลข 5 หลัก เช่น 22032") % {"text": text[:20]})
    return found[1]


class ArticleImport(OfUnits):
    model = Article
    key = "code"
    heading = "name"
    group_label = gettext_lazy("โรงเรียน")
    columns = (
        ImportColumn("code", gettext_lazy("รหัสบนป้าย"), ("รหัสป้าย", "asset_code"), read=read_code),
        ImportColumn("unit_code", gettext_lazy("รหัสโรงเรียน 8 หลัก"), SCHOOL_CODE, max_length=40),
        ImportColumn("school", gettext_lazy("โรงเรียน"), SCHOOL_NAME, write=lambda a: a.unit.name),
        ImportColumn("acquired_on", gettext_lazy("วันที่ได้มา"), ("วัน เดือน ปี ที่ได้มา", "วันเดือนปี", "วัน เดือน ปี", "วันที่"), kind=Kind.DATE),
        ImportColumn("document", gettext_lazy("เลขที่เอกสาร"), ("ที่เอกสาร", "เลขที่หรือวันที่ของเอกสาร", "เอกสาร"), max_length=120),
        ImportColumn("number", gettext_lazy("เลขครุภัณฑ์"), ("หมายเลขครุภัณฑ์", "รหัสครุภัณฑ์", "เลขทะเบียนครุภัณฑ์", "เลขรหัสครุภัณฑ์"), required=True, max_length=60),
        ImportColumn("item_code", gettext_lazy("รหัสรายการ M-OBEC"), ("รหัสรายการ", "รหัส m-obec", "รหัส"), read=read_item),
        ImportColumn("kind", gettext_lazy("หมวด"), ("หมวดครุภัณฑ์", "ประเภทครุภัณฑ์", "ประเภท"), kind=Kind.CHOICE, choices=KINDS, read=one_of(gettext_lazy("หมวด"), KINDS), write=lambda a: thai(AssetKind)[a.kind]),
        ImportColumn("name", gettext_lazy("รายการ"), ("รายการ/ยี่ห้อ/รุ่น/หมายเลขเครื่อง", "ชื่อครุภัณฑ์", "ยี่ห้อ ชนิด แบบ ขนาดและลักษณะ", "ชื่อรายการ"), required=True, max_length=200),
        ImportColumn("brand", gettext_lazy("ยี่ห้อ"), (), max_length=80),
        ImportColumn("model", gettext_lazy("รุ่น"), ("รุ่น/แบบ", "แบบ"), max_length=80),
        ImportColumn("serial", gettext_lazy("หมายเลขเครื่อง"), ("serial", "s/n", "หมายเลขเครื่อง (s/n)"), max_length=80),
        ImportColumn("quantity", gettext_lazy("จำนวน"), ("จำนวนหน่วย",), kind=Kind.WHOLE, low=0, high=100_000, write=lambda a: 1),
        ImportColumn("price", gettext_lazy("ราคาต่อหน่วย"), ("ราคาต่อหน่วย (บาท)", "ราคา/หน่วย", "ราคาต่อหน่วย/ชุด/กลุ่ม", "ราคา"), kind=Kind.DECIMAL, places=2, low=0, high=Decimal(10**9)),
        ImportColumn("money", gettext_lazy("ประเภทเงิน"), ("แหล่งเงิน",), kind=Kind.CHOICE, choices=MONIES, read=one_of(gettext_lazy("ประเภทเงิน"), MONIES), write=lambda a: thai(Money)[a.money]),
        ImportColumn("method", gettext_lazy("วิธีการได้มา"), ("วิธีได้มา", "วิธีการจัดซื้อ"), kind=Kind.CHOICE, choices=METHODS, read=one_of(gettext_lazy("วิธีการได้มา"), METHODS), write=lambda a: thai(Method)[a.method]),
        ImportColumn("life_years", gettext_lazy("อายุใช้งาน"), ("อายุการใช้งาน", "อายุใช้งาน (ปี)", "อายุการใช้งาน (ปี)"), kind=Kind.WHOLE, low=1, high=50),
        ImportColumn("location", gettext_lazy("ที่ตั้ง"), ("สถานที่ตั้ง", "สถานที่ใช้งาน", "ใช้ประจำที่", "ที่ตั้ง/ผู้รับผิดชอบ"), max_length=120),
        ImportColumn("responsible_name", gettext_lazy("ผู้รับผิดชอบ"), ("ผู้ดูแล", "ผู้ใช้"), max_length=120),
        ImportColumn("condition", gettext_lazy("สภาพ"), ("สถานะ", "สภาพครุภัณฑ์"), kind=Kind.CHOICE, choices=CONDITIONS, read=one_of(gettext_lazy("สภาพ"), CONDITIONS), write=lambda a: thai(Condition)[a.condition]),
        ImportColumn("note", gettext_lazy("หมายเหตุ"), (), max_length=300),
    )  # fmt: skip

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """The key is the code on the label; without one, school and number find the article, else it is a new one."""
        found = self.place(actor, rows)
        units = {unit.pk for unit in found.values()}
        standing: dict[tuple[int, str], list[str]] = defaultdict(list)
        for unit, key, code in Article.objects.filter(unit__in=units).values_list(
            "unit_id", "number_key", "code"
        ):
            standing[unit, key].append(code)
        here: dict[tuple[int, str], list[Checked]] = defaultdict(list)
        for row in rows:
            if (row.values.pop("quantity", None) or 1) > 1:
                row.wrong("quantity", _("ทะเบียนนี้หนึ่งแถวคือหนึ่งชิ้น แยกเป็นแถวละ 1 และใส่เลขครุภัณฑ์ของแต่ละชิ้น"))
            unit, number = found.get(row.number), row.values.get("number")
            if unit is None or not number or row.values.get("code"):
                continue
            key = (unit.pk, number_key(number))
            here[key].append(row)
            codes = standing.get(key, [])
            if len(codes) > 1:
                row.wrong(
                    "number",
                    _("เลขครุภัณฑ์ %(number)s มีในทะเบียน %(n)d รายการ ใส่รหัสบนป้ายเพื่อบอกว่าเป็นชิ้นใด")
                    % {"number": number, "n": len(codes)},
                )
            else:
                row.values["code"] = codes[0] if codes else new_code()
        for twins in here.values():
            if len(twins) < 2:
                continue
            numbers = [str(twin.number) for twin in twins]
            for row in twins:
                others = ", ".join(number for number in numbers[:6] if number != str(row.number))
                row.wrong(
                    "number",
                    _(
                        "เลขครุภัณฑ์ %(number)s ของโรงเรียนเดียวกันอยู่ในไฟล์นี้ซ้ำที่แถว %(rows)s เก็บไว้แถวเดียว หรือแก้เลข แล้วตรวจใหม่"
                    )
                    % {"number": row.values["number"], "rows": others},
                )

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        keys = list(keys)
        if lock:
            list(Article.objects.select_for_update().filter(code__in=keys).order_by("pk").values_list("pk"))
        return {article.code: article for article in articles().filter(code__in=keys)}

    def values(self, record: Article) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in FACTS if name != "responsible"}
        values |= {
            "code": record.code,
            "unit_code": record.unit.code,
            "responsible_name": record.responsible_words,
        }
        return {name: None if value == "" else value for name, value in values.items()}

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        for row in rows:
            item = row.values.get("item_code")
            if item and item not in ITEMS:
                row.look(
                    "item_code", _("รหัสรายการ %(code)s ไม่มีในรายการ M-OBEC ตรวจรหัสอีกครั้ง") % {"code": item}
                )
            record = row.record
            if record is None:
                continue
            if row.values.get("unit_code") not in (None, record.unit.code):
                row.wrong(
                    "unit_code",
                    _("ครุภัณฑ์นี้เป็นของ%(unit)s การย้ายโรงเรียนทำด้วยการโอน ไม่ใช่การนำเข้า")
                    % {"unit": record.unit.name},
                )
            after = row.values.get("condition", record.condition)
            if after != record.condition and Condition.DISPOSED in (after, record.condition):
                row.wrong("condition", _("การจำหน่ายต้องมีคำสั่ง ใช้ “เสนอจำหน่าย” ในหน้าของครุภัณฑ์"))

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Article, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        units = self.units(new)
        rows = [{**row, "unit": units[row["unit_code"]]} for row in new]
        back = [
            (article, {**values, "responsible": None} if "responsible_name" in values else values)
            for article, values in changed
        ]
        return [a.pk for a in import_articles(actor=actor, new=rows, changed=back, source=source)]

    def remove(self, *, actor: Actor, records: Sequence[Article], source: str) -> None:
        remove_imported_articles(actor=actor, articles=records, source=source)
