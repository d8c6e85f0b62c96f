"""The register of land as the kit shows it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.org.api import Actor, Unit
from khet.kits.register.bases import Column, Facet, Fact, Panel, Section, View
from khet.kits.register.choices import Kind
from khet.modules.assets.actions.land import add_land, change_land
from khet.modules.assets.choices import LandKind
from khet.modules.assets.forms import LandForm
from khet.modules.assets.models import Land
from khet.modules.assets.queries import parcels
from khet.modules.assets.records.buildings import OfUnit, unit_link
from khet.modules.assets.records.land_files import LandImport
from khet.modules.assets.rules import EDIT, EXPORT


class LandRecord(OfUnit):
    code = "land"
    model = Land
    label = gettext_lazy("แปลงที่ดิน")
    label_many = pgettext_lazy("many", "ที่ดิน")
    counter = pgettext_lazy("counted", "แปลง")
    icon = "land-plot"
    key = "code"
    default_order = "unit"
    edit = add = EDIT
    exporting = EXPORT
    search = ("document", "treasury_number", "unit__name", "unit__code", "note")

    columns = (
        Column("unit", gettext_lazy("โรงเรียน"), "unit__short_name", order="code"),
        Column("number", gettext_lazy("แปลงที่"), "number", kind=Kind.WHOLE),
        Column("kind", gettext_lazy("ประเภทที่ดิน"), "kind", show=lambda r: r.get_kind_display()),
        Column("document", gettext_lazy("เลขที่เอกสารสิทธิ์"), "document"),
        Column("treasury", gettext_lazy("ทะเบียนราชพัสดุ"), "treasury_number"),
        Column(
            "area", gettext_lazy("เนื้อที่ (ไร่-งาน-ตร.ว.)"), "area_wa", show=lambda r: r.area, kind=Kind.DECIMAL
        ),
        Column("note", gettext_lazy("หมายเหตุ"), "note", shown=False),
    )
    facets = (
        Facet("kind", gettext_lazy("ประเภทที่ดิน"), "kind", dict(LandKind.choices)),
        Facet("amphoe", gettext_lazy("อำเภอ"), "unit__school__amphoe", folded=True),
    )
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("treasury", gettext_lazy("ที่ราชพัสดุ"), {"kind": ["treasury"]}),
        View("none", gettext_lazy("ไม่มีเอกสารสิทธิ์"), {"kind": ["none"]}),
    )
    sections = (
        Section("place", gettext_lazy("โรงเรียน"), ("unit", "number")),
        Section("facts", gettext_lazy("เอกสารสิทธิ์"), ("kind", "document", "treasury_number", "note")),
        Section("area", gettext_lazy("เนื้อที่"), ("rai", "ngan", "wa")),
    )
    form = LandForm
    imports = LandImport()
    panels = (
        Panel(
            "facts", gettext_lazy("ที่ดิน"),
            (
                Fact(gettext_lazy("โรงเรียน"), unit_link),
                Fact(gettext_lazy("ประเภทที่ดิน"), lambda r: r.get_kind_display()),
                Fact(gettext_lazy("เลขที่เอกสารสิทธิ์"), lambda r: r.document),
                Fact(gettext_lazy("ทะเบียนราชพัสดุ (ทรส.)"), lambda r: r.treasury_number),
                Fact(gettext_lazy("เนื้อที่ (ไร่-งาน-ตร.ว.)"), lambda r: r.area),
                Fact(gettext_lazy("หมายเหตุ"), lambda r: r.note),
            ),
            section="facts",
        ),
    )  # fmt: skip

    def queryset(self, actor: Actor) -> models.QuerySet[Land]:
        return parcels()

    def title(self, record: Land) -> str:
        return _("ที่ดินแปลงที่ %(number)d %(unit)s") % {"number": record.number, "unit": record.unit.name}

    def create(self, *, actor: Actor, unit: Unit, **values: Any) -> Land:
        return add_land(actor=actor, unit=unit, **values)

    def update(self, *, actor: Actor, record: Land, **values: Any) -> Land:
        return change_land(actor=actor, land=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "unit": Unit.objects.get(kind="office", parent__isnull=True),
            "kind": "treasury",
            "number": number,
            "document": f"ตัวอย่าง {number}",
            "treasury_number": f"พท.{number}",
            "rai": 12,
            "ngan": 2,
            "wa": 35,
            "note": "ตัวอย่าง",
        }
