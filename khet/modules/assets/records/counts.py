"""The register of what schools told the ministry in M-OBEC, beside what our own register counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Count, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.org.api import Actor, Unit
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import Cell, Checked, Column, Facet, Fact, ImportColumn, Panel, View
from khet.kits.register.choices import Kind
from khet.modules.assets.actions.articles import COUNTS, import_counts, remove_imported_counts
from khet.modules.assets.choices import Condition
from khet.modules.assets.item_codes import GROUPS, ITEMS, item_words
from khet.modules.assets.models import Article, ItemCount
from khet.modules.assets.records.article_files import read_item
from khet.modules.assets.records.buildings import unit_link
from khet.modules.assets.records.files import SCHOOL_CODE, SCHOOL_NAME, OfUnits
from khet.modules.assets.rules import EXPORT


def counts() -> models.QuerySet[ItemCount]:
    """Each with ``held``: articles of the item that our register holds for the unit, whatever their state."""
    held = (
        Article.objects.filter(unit=OuterRef("unit"), item_code=OuterRef("item_code"))
        .exclude(condition=Condition.DISPOSED)
        .order_by()
        .values("item_code")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return (
        ItemCount.objects.select_related("unit")
        .annotate(
            told=F("usable") + F("waiting_repair") + F("waiting_disposal"),
            held=Coalesce(Subquery(held), 0),
        )
        .annotate(
            agrees=Case(
                When(told=F("held"), then=Value("same")),
                When(told__gt=F("held"), then=Value("more")),
                default=Value("less"),
                output_field=CharField(),
            )
        )
    )


class CountImport(OfUnits):
    model = ItemCount
    key = "code"
    heading = "item_code"
    group_label = gettext_lazy("โรงเรียน")
    columns = (
        ImportColumn("code", gettext_lazy("รหัสแถว"), (), max_length=30),
        ImportColumn("unit_code", gettext_lazy("รหัสโรงเรียน 8 หลัก"), SCHOOL_CODE, max_length=40),
        ImportColumn("school", gettext_lazy("โรงเรียน"), SCHOOL_NAME, write=lambda c: c.unit.name),
        ImportColumn("item_code", gettext_lazy("รหัสรายการ M-OBEC"), ("รหัส", "รหัสครุภัณฑ์", "รหัสรายการ"), required=True, read=read_item),
        ImportColumn("group_name", gettext_lazy("หมวด"), ("หมวดครุภัณฑ์",), write=lambda c: GROUPS.get(c.item_code[:2], "")),
        ImportColumn("item", gettext_lazy("รายการ"), ("รายการครุภัณฑ์",), write=lambda c: ITEMS.get(c.item_code, "")),
        ImportColumn("usable", gettext_lazy("จำนวนที่ใช้ได้"), ("ใช้ได้", "จำนวนใช้ได้"), kind=Kind.WHOLE, low=0, high=100_000),
        ImportColumn("waiting_repair", gettext_lazy("จำนวนรอซ่อม"), ("รอซ่อม",), kind=Kind.WHOLE, low=0, high=100_000),
        ImportColumn("waiting_disposal", gettext_lazy("จำนวนรอจำหน่าย"), ("รอจำหน่าย",), kind=Kind.WHOLE, low=0, high=100_000),
        ImportColumn("note", gettext_lazy("หมายเหตุ"), (), max_length=300),
    )  # fmt: skip

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """The key is unit and item; the words of group and item are the ministry's and are not kept."""
        found = self.place(actor, rows)
        for row in rows:
            item = row.values.get("item_code")
            row.values.pop("group_name", None)
            row.values.pop("item", None)
            if item and item not in ITEMS:
                row.wrong(
                    "item_code", _("รหัสรายการ %(code)s ไม่มีในรายการ M-OBEC ตรวจรหัสอีกครั้ง") % {"code": item}
                )
            if row.number in found and item:
                row.values["code"] = f"{found[row.number].code}-{item}"

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        keys = list(keys)
        if lock:
            list(ItemCount.objects.select_for_update().filter(code__in=keys).values_list("pk"))
        return {count.code: count for count in ItemCount.objects.select_related("unit").filter(code__in=keys)}

    def values(self, record: ItemCount) -> dict[str, Any]:
        return {
            "code": record.code,
            "unit_code": record.unit.code,
            "item_code": record.item_code,
            "note": record.note or None,
            **{name: getattr(record, name) for name in COUNTS},
        }

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[ItemCount, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        units = self.units(row for row in new if "unit" not in row)
        rows = [{**row, "unit": row.get("unit") or units[row["unit_code"]]} for row in new]
        return [c.pk for c in import_counts(actor=actor, new=rows, changed=changed, source=source)]

    def remove(self, *, actor: Actor, records: Sequence[ItemCount], source: str) -> None:
        remove_imported_counts(actor=actor, counts=records, source=source)


AGREES = {
    "same": gettext_lazy("ตรงกับทะเบียน"),
    "more": gettext_lazy("M-OBEC มากกว่าทะเบียน"),
    "less": gettext_lazy("M-OBEC น้อยกว่าทะเบียน"),
}


def agreement(count: Any) -> Cell:
    return Cell(AGREES[count.agrees], tone="done" if count.agrees == "same" else "alert")


class CountRecord(Record[ItemCount]):
    code = "mobec"
    model = ItemCount
    label = gettext_lazy("จำนวนครุภัณฑ์ M-OBEC")
    label_many = gettext_lazy("จำนวนครุภัณฑ์ M-OBEC")
    counter = pgettext_lazy("counted", "รายการ")
    icon = "boxes"
    key = "code"
    default_order = "unit"
    exporting = EXPORT
    search = ("item_code", "unit__name", "unit__code")

    columns = (
        Column("unit", gettext_lazy("โรงเรียน"), "unit__short_name", order="code"),
        Column("item", gettext_lazy("รายการ"), "item_code", show=lambda c: item_words(c.item_code)),
        Column("usable", gettext_lazy("ใช้ได้"), "usable", kind=Kind.WHOLE),
        Column("repair", gettext_lazy("รอซ่อม"), "waiting_repair", kind=Kind.WHOLE),
        Column("disposal", gettext_lazy("รอจำหน่าย"), "waiting_disposal", kind=Kind.WHOLE),
        Column("held", gettext_lazy("ในทะเบียนครุภัณฑ์"), "held", kind=Kind.WHOLE),
        Column("agrees", gettext_lazy("เทียบทะเบียน"), "agrees", show=agreement),
        Column("told", gettext_lazy("ข้อมูล ณ วันที่"), "told_on", kind=Kind.DATE, shown=False),
    )
    facets = (
        Facet("agrees", gettext_lazy("เทียบทะเบียน"), "agrees", AGREES),
        Facet("amphoe", gettext_lazy("อำเภอ"), "unit__school__amphoe", folded=True),
    )
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("differs", gettext_lazy("ไม่ตรงกัน"), {"agrees": ["more", "less"]}),
    )
    panels = (
        Panel(
            "facts", gettext_lazy("จำนวนครุภัณฑ์ M-OBEC"),
            (
                Fact(gettext_lazy("โรงเรียน"), unit_link),
                Fact(gettext_lazy("รายการ"), lambda c: item_words(c.item_code)),
                Fact(gettext_lazy("จำนวนที่ใช้ได้"), lambda c: c.usable),
                Fact(gettext_lazy("จำนวนรอซ่อม"), lambda c: c.waiting_repair),
                Fact(gettext_lazy("จำนวนรอจำหน่าย"), lambda c: c.waiting_disposal),
                Fact(gettext_lazy("ข้อมูล ณ วันที่"), lambda c: dates.short(c.told_on)),
                Fact(gettext_lazy("ในทะเบียนครุภัณฑ์"), lambda c: Cell(c.held, href=f"{reverse('register:list', args=['articles'])}?q={c.unit.code}")),
                Fact(gettext_lazy("เทียบทะเบียน"), agreement),
                Fact(gettext_lazy("หมายเหตุ"), lambda c: c.note),
            ),
        ),
    )  # fmt: skip
    imports = CountImport()

    def queryset(self, actor: Actor) -> models.QuerySet[ItemCount]:
        return counts()

    def title(self, record: ItemCount) -> str:
        return f"{item_words(record.item_code)} {record.unit.short_name}"

    def example(self, number: int) -> dict[str, Any]:
        unit = Unit.objects.get(kind="office", parent__isnull=True)
        code = list(ITEMS)[number % len(ITEMS)]
        return {
            "unit_code": unit.code,
            "code": f"{unit.code}-{code}",
            "item_code": code,
            "usable": number,
            "note": "ตัวอย่าง",
        }
