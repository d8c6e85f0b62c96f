"""The criterion of manpower as a register: list, form, import of a table, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.org.api import Actor, can, visible
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import (
    Action,
    Cell,
    Checked,
    Column,
    Facet,
    Fact,
    Import,
    ImportColumn,
    Panel,
    Section,
)
from khet.kits.register.choices import Kind
from khet.modules.staff.actions import (
    add_criterion,
    change_criterion,
    import_criteria,
    remove_imported_criteria,
)
from khet.modules.staff.choices import Seat, Stage
from khet.modules.staff.forms import CriterionForm
from khet.modules.staff.models import Criterion
from khet.modules.staff.rules import CRITERIA

_TOP = 99_999
_USUAL = {"low": 1, "high": _TOP, "fixed": 0, "per": None, "room_size": None}


def _words(choices: type[models.TextChoices]) -> dict[str, str]:
    """Words and codes of files → value."""
    return {str(label): value for value, label in choices.choices} | {
        value: value for value in choices.values
    }


def rule_in_words(row: Criterion) -> str:
    """What a row asks for, in one line: «1 คน» or «ห้องละ 40 คน ครู 1 คนต่อนักเรียน 25 คน»."""
    parts = [_("%(n)d คน") % {"n": row.fixed}] if row.fixed else []
    if row.room_size and row.per:
        per_room = Decimal(row.room_size) / row.per
        parts.append(
            _("ห้องละ %(size)d คน ครู 1 ต่อนักเรียน %(per)d คน (ห้องละ %(n)s คน)")
            % {"size": row.room_size, "per": row.per, "n": f"{per_room.normalize():f}"[:5]}
        )
    elif row.room_size:
        parts.append(_("ห้องละ 1 คน (ห้องละ %(size)d คน)") % {"size": row.room_size})
    elif row.per:
        parts.append(_("1 คนต่อนักเรียน %(per)d คน เศษนับเพิ่ม") % {"per": row.per})
    if row.room_size and row.room_rest > 1:
        parts.append(_("เปิดห้องเพิ่มเมื่อเศษ %(n)d คนขึ้นไป") % {"n": row.room_rest})
    return " ".join(parts)


class CriteriaImport(Import):
    """A table of the criterion, as the office copies it out of the letter of the ก.ค.ศ."""

    capability = CRITERIA
    key = "code"
    heading = "seat"
    group = "seat"
    group_label = gettext_lazy("ตำแหน่งที่นับ")
    columns = (
        ImportColumn("code", gettext_lazy("รหัสเกณฑ์"), ("รหัส", "ลำดับ"), required=True, max_length=30),
        ImportColumn("seat", gettext_lazy("ตำแหน่งที่นับ"), ("ตำแหน่ง",), kind=Kind.CHOICE, choices=_words(Seat), write=lambda c: c.get_seat_display()),
        ImportColumn("since", gettext_lazy("ใช้ตั้งแต่วันที่"), ("ตั้งแต่วันที่",), kind=Kind.DATE, required=True),
        ImportColumn("low", gettext_lazy("นักเรียนทั้งโรงเรียนตั้งแต่ (คน)"), ("นักเรียนตั้งแต่", "ตั้งแต่"), kind=Kind.WHOLE, low=0, high=_TOP),
        ImportColumn("high", gettext_lazy("ถึง (คน)"), ("นักเรียนถึง", "ถึง"), kind=Kind.WHOLE, low=0, high=_TOP),
        ImportColumn("stage", gettext_lazy("คิดจากนักเรียนระดับ"), ("ระดับ",), kind=Kind.CHOICE, choices=_words(Stage), write=lambda c: c.get_stage_display()),
        ImportColumn("fixed", gettext_lazy("จำนวนคงที่ (คน)"), ("จำนวนคงที่",), kind=Kind.WHOLE, low=0, high=500),
        ImportColumn("per", gettext_lazy("นักเรียนต่อครู 1 คน"), ("นักเรียนต่อครู",), kind=Kind.WHOLE, low=1, high=500),
        ImportColumn("room_size", gettext_lazy("นักเรียนต่อห้อง"), (), kind=Kind.WHOLE, low=1, high=500),
        ImportColumn("room_rest", gettext_lazy("เศษที่เปิดห้องเพิ่ม (คน)"), ("เศษ",), kind=Kind.WHOLE, low=1, high=500),
        ImportColumn("source", gettext_lazy("ที่มา"), ("หนังสือ", "เอกสารอ้างอิง"), required=True, max_length=200),
        ImportColumn("is_confirmed", gettext_lazy("ตรวจกับเอกสารแล้ว"), (), kind=Kind.CHOICE, choices={"ใช่": True, "ไม่ใช่": False, "yes": True, "no": False}, write=lambda c: "ใช่" if c.is_confirmed else "ไม่ใช่"),
    )  # fmt: skip

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        rows = Criterion.objects.filter(code__in=list(keys))
        return {row.code: row for row in (rows.select_for_update() if lock else rows)}

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        pks = [row.pk for row in found]
        return set(
            visible(actor, Criterion.objects.filter(pk__in=pks), CRITERIA).values_list("pk", flat=True)
        )

    def values(self, record: Criterion) -> dict[str, Any]:
        return {column.code: getattr(record, column.code) for column in self.columns}

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """Ranges the right way round; what overlaps is refused by the verb as a whole."""
        for row in rows:
            said = {name: getattr(row.record, name, usual) for name, usual in _USUAL.items()}
            said |= {name: row.values[name] for name in _USUAL if row.values.get(name) is not None}
            if said["high"] < said["low"]:
                row.wrong("high", _("จำนวนนักเรียนสิ้นสุดน้อยกว่าเริ่มต้น"))
            if not (said["fixed"] or said["per"] or said["room_size"]):
                row.wrong("fixed", _("ใส่จำนวนคงที่ จำนวนนักเรียนต่อครู หรือจำนวนนักเรียนต่อห้อง อย่างน้อยหนึ่งช่อง"))

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Criterion, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        made = import_criteria(actor=actor, new=new, changed=changed, source=source)
        return [row.pk for row in made]

    def remove(self, *, actor: Actor, records: Sequence[Criterion], source: str) -> None:
        remove_imported_criteria(actor=actor, criteria=records, source=source)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        rows = (
            Criterion.objects.filter(pk__in=pks).order_by().values_list("seat").annotate(models.Count("pk"))
        )
        return dict(rows)


class CriterionRecord(Record[Criterion]):
    code = "manpower-criteria"
    model = Criterion
    label = gettext_lazy("เกณฑ์อัตรากำลัง")
    label_many = gettext_lazy("เกณฑ์อัตรากำลัง")
    counter = pgettext_lazy("counted", "แถว")
    icon = "ruler"
    key = "code"
    search = ("code", "source")
    default_order = "since"
    edit = add = CRITERIA
    exporting = CRITERIA
    shared = True
    columns = (
        Column("seat", gettext_lazy("ตำแหน่งที่นับ"), "seat", show=lambda c: c.get_seat_display()),
        Column("size", gettext_lazy("นักเรียนทั้งโรงเรียน"), "low", show=lambda c: f"{c.low:,}–{c.high:,}" if c.high < _TOP else _("%(n)s ขึ้นไป") % {"n": f"{c.low:,}"}),
        Column("stage", gettext_lazy("คิดจากนักเรียนระดับ"), "stage", show=lambda c: c.get_stage_display()),
        Column("rule", gettext_lazy("ต้องมี"), show=rule_in_words, order=""),
        Column("since", gettext_lazy("ใช้ตั้งแต่วันที่"), "since", kind=Kind.DATE),
        Column("confirmed", gettext_lazy("ตรวจกับเอกสาร"), "is_confirmed", show=lambda c: Cell(_("ตรวจแล้ว"), tone="done") if c.is_confirmed else Cell(_("ยังไม่ตรวจ"), tone="wait")),
        Column("source", gettext_lazy("ที่มา"), "source"),
        Column("code", gettext_lazy("รหัสเกณฑ์"), "code", kind=Kind.CODE, shown=False),
    )  # fmt: skip
    facets = (
        Facet("seat", gettext_lazy("ตำแหน่งที่นับ"), "seat", dict(Seat.choices)),
        Facet("stage", gettext_lazy("คิดจากนักเรียนระดับ"), "stage", dict(Stage.choices), folded=True),
        Facet(
            "confirmed", gettext_lazy("ตรวจกับเอกสาร"), "is_confirmed",
            {True: gettext_lazy("ตรวจแล้ว"), False: gettext_lazy("ยังไม่ตรวจ")},
        ),
    )  # fmt: skip
    sections = (
        Section("whom", gettext_lazy("นับใคร เมื่อใด"), ("seat", "since", "low", "high")),
        Section("rule", gettext_lazy("ต้องมีเท่าใด"), ("stage", "fixed", "per", "room_size", "room_rest"), gettext_lazy("ใส่เฉพาะนักเรียนต่อครู: นับเศษเป็นหนึ่งคน ใส่ทั้งนักเรียนต่อห้องและต่อครู: คิดห้องก่อน แล้วคูณนักเรียนต่อห้อง หารนักเรียนต่อครู")),
        Section("source", gettext_lazy("ที่มา"), ("source", "is_confirmed")),
    )  # fmt: skip
    form = CriterionForm
    panels = (
        Panel(
            "facts", gettext_lazy("เกณฑ์"),
            (
                Fact(gettext_lazy("ตำแหน่งที่นับ"), lambda c: c.get_seat_display()),
                Fact(gettext_lazy("นักเรียนทั้งโรงเรียน"), lambda c: f"{c.low:,}–{c.high:,}"),
                Fact(gettext_lazy("คิดจากนักเรียนระดับ"), lambda c: c.get_stage_display()),
                Fact(gettext_lazy("ต้องมี"), rule_in_words),
                Fact(gettext_lazy("ใช้ตั้งแต่วันที่"), lambda c: dates.short(c.since)),
                Fact(gettext_lazy("ที่มา"), lambda c: c.source),
                Fact(gettext_lazy("ตรวจกับเอกสาร"), lambda c: _("ตรวจแล้ว") if c.is_confirmed else Cell(_("ยังไม่ตรวจ"), tone="wait")),
            ),
            section="whom",
        ),
    )  # fmt: skip
    imports = CriteriaImport()
    stylesheets = ("staff/staff.css",)

    def title(self, record: Criterion) -> str:
        return str(record)

    def facts_line(self, record: Criterion) -> list[tuple[Any, Any]]:
        return [(_("รหัสเกณฑ์"), record.code)]

    def pages(self, actor: Actor) -> list[Action]:
        return [Action(_("อัตรากำลังเทียบเกณฑ์"), reverse("staff:manpower"), "scale")]

    def actions(self, actor: Actor, record: Criterion) -> list[Action]:
        if can(actor, CRITERIA, record):
            return [Action(_("ลบเกณฑ์"), reverse("staff:remove_criterion", args=[record.pk]), "trash-2")]
        return []

    def create(self, *, actor: Actor, **values: Any) -> Criterion:
        return add_criterion(actor=actor, **values)

    def update(self, *, actor: Actor, record: Criterion, **values: Any) -> Criterion:
        return change_criterion(actor=actor, criterion=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "seat": Seat.TEACHER,
            "low": number * 10,
            "high": number * 10 + 9,
            "fixed": number + 1,
            "source": f"หนังสือสมมุติ ว {number}",
        }
