"""The register of budgeted positions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Count
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
    Tab,
    View,
)
from khet.kits.register.choices import Kind
from khet.modules.staff.actions import (
    add_position,
    change_position,
    import_positions,
    remove_imported_positions,
)
from khet.modules.staff.choices import Job, Level, PersonKind, Standing
from khet.modules.staff.forms import PositionForm
from khet.modules.staff.models import Position
from khet.modules.staff.queries import Units, positions_with_holders
from khet.modules.staff.records.imports import label_of
from khet.modules.staff.records.words import read_kind, read_level, read_position_number, read_standing
from khet.modules.staff.rules import EDIT, EXPORT, IMPORT

OCCUPANCY = {
    "held": gettext_lazy("มีผู้ครอง"),
    "vacant": pgettext_lazy("position", "ว่าง"),
    "double": gettext_lazy("มีผู้ครองมากกว่าหนึ่งคน"),
    "closed": pgettext_lazy("position", "ยุบเลิก"),
}


class PositionImport(Import):
    """A list of budgeted positions, as the allocation of an area (จ.18) has them."""

    capability = IMPORT
    key = "number"
    heading = "title"
    group = "unit"
    group_label = gettext_lazy("หน่วยงาน")
    columns = (
        ImportColumn("number", gettext_lazy("เลขที่ตำแหน่ง"), ("ตำแหน่งเลขที่", "เลขที่อัตรา", "เลขตำแหน่ง"), required=True, read=read_position_number),
        ImportColumn("unit", gettext_lazy("หน่วยงาน"), ("สังกัด", "โรงเรียน", "รหัสโรงเรียน", "สถานศึกษา", "รหัสหน่วยงาน"), required=True, max_length=200, write=lambda p: p.unit.code),
        ImportColumn("title", gettext_lazy("ตำแหน่ง"), ("ชื่อตำแหน่ง",), required=True, max_length=120),
        ImportColumn("kind", gettext_lazy("ประเภทบุคลากร"), ("ประเภท",), read=read_kind, write=lambda p: label_of(PersonKind, p.kind)),
        ImportColumn("level_allowed", gettext_lazy("ระดับตามกรอบ"), ("ระดับ", "ระดับ (คศ.)"), read=read_level, write=lambda p: label_of(Level, p.level_allowed)),
        ImportColumn("standing_allowed", gettext_lazy("วิทยฐานะสูงสุดตามกรอบ"), ("วิทยฐานะตามกรอบ",), read=read_standing, write=lambda p: label_of(Standing, p.standing_allowed)),
        ImportColumn("since", gettext_lazy("มีอัตราตั้งแต่"), ("ตั้งแต่วันที่", "ตั้งแต่"), kind=Kind.DATE),
        ImportColumn("note", gettext_lazy("หมายเหตุ"), (), max_length=200),
    )  # fmt: skip

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        rows = Position.objects.filter(number__in=list(keys), until__isnull=True).select_related("unit")
        return {
            position.number: position for position in (rows.select_for_update(of=("self",)) if lock else rows)
        }

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        pks = [position.pk for position in found]
        return set(visible(actor, Position.objects.filter(pk__in=pks), IMPORT).values_list("pk", flat=True))

    def values(self, record: Position) -> dict[str, Any]:
        values = {c.code: getattr(record, c.code) for c in self.columns if c.code != "unit"}
        values["unit"] = record.unit.code
        return {name: None if value == "" else value for name, value in values.items()}

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        units = Units()
        for row in rows:
            words = row.values.get("unit")
            unit = units.find(words) if words else None
            if words and unit is None:
                row.wrong(
                    "unit", _("ไม่พบหน่วยงานหรือโรงเรียน “%(words)s” ใช้รหัส 8 หลักหรือชื่อเต็ม") % {"words": words[:60]}
                )
            elif unit is not None:
                row.values["unit"] = unit.code

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Position, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        units = Units()

        def meant(values: Mapping[str, Any]) -> dict[str, Any]:
            return {**values, **({"unit": units.find(values["unit"])} if values.get("unit") else {})}

        made = import_positions(
            actor=actor,
            new=[meant(values) for values in new],
            changed=[(position, meant(values)) for position, values in changed],
            source=source,
        )
        return [position.pk for position in made]

    def remove(self, *, actor: Actor, records: Sequence[Position], source: str) -> None:
        remove_imported_positions(actor=actor, positions=records, source=source)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counted = (
            Position.objects.filter(pk__in=pks).order_by().values_list("unit__code").annotate(Count("pk"))
        )
        return dict(counted)


def _holders(position: Position) -> Cell:
    if position.occupancy == "vacant":
        return Cell(OCCUPANCY["vacant"], tone="wait", icon="circle-dashed")
    if position.occupancy == "double":
        return Cell(position.holder_names, tone="alert", icon="triangle-alert")
    return Cell(position.holder_names or "–", tone="faint" if position.occupancy == "closed" else "")


def _vacant_since(position: Position) -> str:
    """The day after the last holder's last day; nothing where somebody is in it, or nobody is known to have been."""
    if position.occupancy != "vacant" or position.last_until is None:
        return ""
    return dates.short(position.last_until + timedelta(days=1))


def holders_tab(actor: Actor, position: Position) -> dict[str, Any]:
    """Everybody who has held the position, latest first."""
    rows = position.incumbencies.select_related("official__person", "official__unit")
    return {"rows": rows}


def _placed(values: dict[str, Any]) -> dict[str, Any]:
    """The form says ``place`` for the unit."""
    given = dict(values)
    if "place" in given:
        given["unit"] = given.pop("place")
    return given


class PositionRecord(Record[Position]):
    code = "positions"
    model = Position
    label = gettext_lazy("อัตรากำลัง")
    label_many = pgettext_lazy("many", "อัตรากำลัง")
    counter = pgettext_lazy("counted", "อัตรา")
    icon = "armchair"
    key = "number"
    folded = "search_text"
    default_order = "number"
    edit = add = EDIT
    exporting = EXPORT
    columns = (
        Column("number", gettext_lazy("เลขที่ตำแหน่ง"), "number", kind=Kind.CODE),
        Column("title", gettext_lazy("ตำแหน่ง"), "title"),
        Column("unit", gettext_lazy("หน่วยงาน"), "unit__short_name"),
        Column("holder", gettext_lazy("ผู้ครอง"), "holder_names", show=_holders),
        Column("vacant_since", gettext_lazy("ว่างตั้งแต่"), "last_until", show=_vacant_since, kind=Kind.DATE),
        Column("kind", gettext_lazy("ประเภทบุคลากร"), "kind", shown=False),
        Column("standing_allowed", gettext_lazy("วิทยฐานะสูงสุด"), "standing_allowed", shown=False),
        Column("level_allowed", gettext_lazy("ระดับตามกรอบ"), "level_allowed", shown=False),
        Column("since", gettext_lazy("มีอัตราตั้งแต่"), "since", kind=Kind.DATE, shown=False),
    )
    facets = (
        Facet(
            "occupancy", gettext_lazy("การครอง"), "occupancy", OCCUPANCY, default=("held", "vacant", "double")
        ),
        Facet("job", pgettext_lazy("of a position", "ประเภทตำแหน่ง"), "job", dict(Job.choices)),
        Facet("kind", gettext_lazy("ประเภทบุคลากร"), "kind", dict(PersonKind.choices), folded=True),
        Facet("amphoe", gettext_lazy("อำเภอ"), "unit__school__amphoe", folded=True),
        Facet("unit", gettext_lazy("หน่วยงาน"), "unit__short_name", folded=True),
    )
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("vacant", gettext_lazy("อัตราว่าง"), {"occupancy": ["vacant"]}),
        View("double", gettext_lazy("ครองซ้ำ"), {"occupancy": ["double"]}),
        View("teachers", gettext_lazy("ครู"), {"job": ["teacher", "assistant"]}),
    )
    sections = (
        Section("facts", gettext_lazy("อัตรา"), ("number", "place", "title", "kind", "since")),
        Section("frame", gettext_lazy("กรอบ"), ("level_allowed", "standing_allowed", "note")),
    )
    form = PositionForm
    panels = (
        Panel(
            "facts", gettext_lazy("อัตรา"),
            (
                Fact(gettext_lazy("เลขที่ตำแหน่ง"), lambda p: p.number),
                Fact(gettext_lazy("ตำแหน่ง"), lambda p: p.title),
                Fact(gettext_lazy("หน่วยงาน"), lambda p: p.unit.name),
                Fact(gettext_lazy("ผู้ครอง"), _holders),
                Fact(gettext_lazy("ว่างตั้งแต่"), _vacant_since),
                Fact(gettext_lazy("ประเภทบุคลากร"), lambda p: p.get_kind_display()),
                Fact(gettext_lazy("ระดับตามกรอบ"), lambda p: p.get_level_allowed_display()),
                Fact(gettext_lazy("วิทยฐานะสูงสุด"), lambda p: p.get_standing_allowed_display()),
                Fact(gettext_lazy("มีอัตราตั้งแต่"), lambda p: dates.short(p.since)),
                Fact(gettext_lazy("ยุบเลิกวันที่"), lambda p: dates.short(p.until) if p.until else ""),
                Fact(gettext_lazy("ตำแหน่งในโครงสร้าง"), lambda p: p.post.title if p.post else ""),
                Fact(gettext_lazy("หมายเหตุ"), lambda p: p.note),
            ),
            section="facts",
        ),
    )  # fmt: skip
    tabs = (Tab("holders", gettext_lazy("ผู้ครองตามเวลา"), "staff/tab_holders.html", holders_tab),)
    imports = PositionImport()
    stylesheets = ("staff/staff.css",)

    def queryset(self, actor: Actor) -> models.QuerySet[Position]:
        return positions_with_holders()

    def title(self, record: Position) -> str:
        return _("%(title)s เลขที่ %(number)s") % {"title": record.title, "number": record.number}

    def pages(self, actor: Actor) -> list[Action]:
        return [Action(_("อัตรากำลังเทียบเกณฑ์"), reverse("staff:manpower"), "scale")]

    def state(self, record: Position) -> Cell | None:
        if record.occupancy == "held":
            return None
        return Cell(OCCUPANCY[record.occupancy], tone="alert" if record.occupancy == "double" else "wait")

    def actions(self, actor: Actor, record: Position) -> list[Action]:
        if record.until is None and can(actor, EDIT, record):
            return [Action(_("ยุบเลิกอัตรา"), reverse("staff:close_position", args=[record.pk]), "archive")]
        return []

    def create(self, *, actor: Actor, **values: Any) -> Position:
        values = _placed(values)
        return add_position(actor=actor, **values)

    def update(self, *, actor: Actor, record: Position, **values: Any) -> Position:
        values = _placed(values)
        return change_position(actor=actor, position=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        from khet.base.org.api import office  # noqa: PLC0415 - the contract test has made one by then

        return {
            "number": f"{70_000 + number}",
            "unit": office(),
            "title": "ครู",
            "note": f"ตัวอย่าง {number}",
        }
