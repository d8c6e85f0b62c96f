"""Registers of what orders said: movements and pay, row by row over everybody; files come in here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Case, CharField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.journal.api import label as journal_label
from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, office
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import Cell, Column, Facet, Fact, Panel
from khet.kits.register.choices import Kind
from khet.modules.staff.actions import add_official
from khet.modules.staff.choices import Movement
from khet.modules.staff.models import Official, ServiceRow
from khet.modules.staff.records.service_files import PAY_MOVEMENTS, MovementImport, SalaryImport
from khet.modules.staff.rules import PAY

STATES = {
    "in_force": pgettext_lazy("service row", "ใช้อยู่"),
    "corrected": pgettext_lazy("service row", "แก้ไขแล้ว"),
    "void": pgettext_lazy("service row", "ขีดออก"),
}


def _baht(row: ServiceRow) -> str:
    return f"{row.salary:,.2f}".removesuffix(".00") if row.salary is not None else ""


def _official(row: ServiceRow) -> Cell:
    name = row.official.person.full_name
    return Cell(name, href=reverse("register:tab", args=["officials", row.official_id, "service"]))


def _order(row: ServiceRow) -> str:
    return f"{row.order_words} {dates.short(row.order_on)}".strip()


class ServiceRecord(Record[ServiceRow]):
    """Rows that say what holds; those that only strike another out are said with the one struck."""

    model = ServiceRow
    counter = gettext_lazy("รายการ")
    icon = "scroll-text"
    default_order = "-effective"
    facets: Sequence[Facet] = (
        Facet("state", gettext_lazy("สถานะ"), "standing_now", STATES, default=("in_force",)),
        Facet("unit", gettext_lazy("สังกัด"), "official__unit__short_name", folded=True),
    )
    columns = (
        Column("name", gettext_lazy("ชื่อ"), "official", show=lambda r: r.official.person.full_name, order="official__sort_name"),
        Column("effective", gettext_lazy("วันที่มีผล"), "effective_on", kind=Kind.DATE),
        Column("text", gettext_lazy("รายการ"), "movement", show=lambda r: r.text),
        Column("title", gettext_lazy("ตำแหน่ง"), "title", shown=False),
        Column("place", gettext_lazy("สังกัด"), "place", shown=False),
        Column("number", gettext_lazy("เลขที่ตำแหน่ง"), "position_number", kind=Kind.CODE),
        Column("rank", gettext_lazy("ระดับ"), "level", show=lambda r: r.rank, shown=False),
        Column("salary", gettext_lazy("เงินเดือน"), "salary", show=_baht, kind=Kind.DECIMAL, mask=PAY, order=""),
        Column("order", gettext_lazy("คำสั่งที่"), "order_number"),
        Column("state", gettext_lazy("สถานะ"), "standing_now", show=lambda r: STATES[r.standing_now], shown=False),
    )  # fmt: skip
    panels = (
        Panel(
            "facts", gettext_lazy("รายการใน ก.พ.7"),
            (
                Fact(gettext_lazy("ชื่อ"), _official),
                Fact(gettext_lazy("วันที่มีผล"), lambda r: dates.short(r.effective_on)),
                Fact(gettext_lazy("รายการ"), lambda r: r.text),
                Fact(gettext_lazy("ตำแหน่ง"), lambda r: r.title),
                Fact(gettext_lazy("สังกัด"), lambda r: r.place),
                Fact(gettext_lazy("เลขที่ตำแหน่ง"), lambda r: r.position_number),
                Fact(gettext_lazy("ระดับ"), lambda r: r.rank),
                Fact(gettext_lazy("เงินเดือน"), _baht, mask=PAY, what="salary"),
                Fact(gettext_lazy("เอกสารอ้างอิง"), _order),
                Fact(gettext_lazy("ผู้ลงนามในคำสั่ง"), lambda r: r.signed_by),
                Fact(gettext_lazy("บันทึกโดย"), lambda r: r.written_by, lambda r: r.source),
            ),
        ),
    )  # fmt: skip
    reads = ("service",)

    def queryset(self, actor: Actor) -> models.QuerySet[ServiceRow]:
        # A row is corrected at most once (constraint), so the join doubles none.
        return (
            ServiceRow.objects.filter(is_void=False)
            .select_related("official__person", "official__unit")
            .annotate(
                standing_now=Case(
                    When(corrections__is_void=True, then=Value("void")),
                    When(corrections__isnull=False, then=Value("corrected")),
                    default=Value("in_force"),
                    output_field=CharField(),
                )
            )
        )

    def title(self, record: ServiceRow) -> str:
        return f"{record.official.person.full_name} · {record.text}"

    def about(self, record: ServiceRow) -> tuple[str, str]:
        return journal_label(record.official), record.official.person.full_name

    def subjects(self, record: ServiceRow) -> list[str]:
        return [journal_label(record)]

    def search_condition(self, text: str) -> Q:
        condition = Q()
        for word in text.split()[:8]:
            condition &= Q(official__search_text__contains=fold(word)) | Q(order_number__icontains=word)
        return condition

    def state(self, record: ServiceRow) -> Cell | None:
        if record.standing_now == "in_force":
            return None
        return Cell(STATES[record.standing_now], tone="faint")


def _somebody() -> Official:
    """For examples: whoever there is, else somebody made for it."""
    found = Official.objects.filter(person__first_name="ตัวอย่างก.พ.7").first()
    return found or add_official(
        actor=Actor.system(), first_name="ตัวอย่างก.พ.7", unit=office(), title="นักวิชาการศึกษา", kind="civil"
    )


class MovementRecord(ServiceRecord):
    code = "movements"
    label = gettext_lazy("การเคลื่อนไหว")
    label_many = gettext_lazy("การเคลื่อนไหวตามคำสั่ง")
    imports = MovementImport()
    facets = (
        Facet(
            "movement", gettext_lazy("ประเภทการเคลื่อนไหว"), "movement",
            {value: words for value, words in Movement.choices if value not in PAY_MOVEMENTS},
        ),
        *ServiceRecord.facets,
    )  # fmt: skip

    def queryset(self, actor: Actor) -> models.QuerySet[ServiceRow]:
        return super().queryset(actor).exclude(movement__in=PAY_MOVEMENTS)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "person": _somebody().code, "effective_on": date(2001, 1, 1) + timedelta(days=number), "movement": "caretaker",
            "order_number": f"{number}/2544", "title": "นักวิชาการศึกษา",
        }  # fmt: skip


class SalaryRecord(ServiceRecord):
    code = "salaries"
    label = gettext_lazy("การเลื่อนเงินเดือน")
    label_many = gettext_lazy("การเลื่อนเงินเดือนตามคำสั่ง")
    imports = SalaryImport()
    facets = (
        Facet(
            "movement", gettext_lazy("ประเภทการเคลื่อนไหว"), "movement",
            {value: words for value, words in Movement.choices if value in PAY_MOVEMENTS},
        ),
        *ServiceRecord.facets,
    )  # fmt: skip

    def queryset(self, actor: Actor) -> models.QuerySet[ServiceRow]:
        return super().queryset(actor).filter(movement__in=PAY_MOVEMENTS)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "person": _somebody().code, "effective_on": date(2001, 1, 1) + timedelta(days=number), "movement": "raised",
            "order_number": f"{number}/2544", "salary": Decimal(15_000 + number), "title": "นักวิชาการศึกษา",
        }  # fmt: skip
