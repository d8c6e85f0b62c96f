"""The register of schools as the kit shows it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from khet.base.journal.api import label as journal_label
from khet.base.org.api import Actor, Unit, can
from khet.base.ui import dates
from khet.kits.register.api import Record
from khet.kits.register.bases import (
    Action,
    Bulk,
    Cell,
    Change,
    Column,
    Facet,
    Fact,
    Figure,
    Panel,
    Section,
    Tab,
    View,
)
from khet.kits.register.choices import Kind
from khet.modules.schools.actions import (
    CONTACT_FIELDS,
    add_school,
    change_contacts,
    change_school,
    close,
    move_network,
)
from khet.modules.schools.choices import OUTSIDE_M, Levels, PositionState, Size, Status
from khet.modules.schools.forms import MoveNetworkForm, SchoolForm
from khet.modules.schools.maps import inset
from khet.modules.schools.models import School
from khet.modules.schools.queries import with_everything
from khet.modules.schools.records.emis import emis_tab
from khet.modules.schools.records.imports import SchoolImport
from khet.modules.schools.records.tabs import codes_tab, photos_tab, service_tab
from khet.modules.schools.rules import EDIT, EDIT_OWN, EXPORT, STATUS


def _position(school: School) -> Cell:
    if school.position_confirmed:
        return Cell(pgettext("state", "ยืนยัน"), tone="done", icon="map-pin")
    return Cell(school.get_position_state_display(), tone="faint")


def _pupils_note(school: School) -> str:
    return _("ณ %(day)s") % {"day": dates.short(school.pupils_on)} if school.pupils_on else ""


def _status(school: School) -> Cell:
    tone = "" if school.status == Status.NORMAL else "wait"
    words = school.get_status_display()
    if school.joined_id:
        words = f"{words} · {school.joined.name}"
    return Cell(
        words,
        tone=tone,
        href=reverse("register:detail", args=["schools", school.joined_id]) if school.joined_id else "",
    )


def _preview_network(*, actor: Actor, records: models.QuerySet, network: Unit, **_rest: Any) -> list[Change]:
    return [
        Change(s, s.network_name or "–", network.short_name) for s in records if s.network_id != network.pk
    ]


def _move_network(*, actor: Actor, records: models.QuerySet, network: Unit, since: Any = None) -> int:
    return move_network(actor=actor, schools=list(records), network=network, since=since)


class SchoolRecord(Record[School]):
    code = "schools"
    model = School
    label = gettext_lazy("โรงเรียน")
    label_many = pgettext_lazy("many", "โรงเรียน")
    counter = pgettext_lazy("counted", "โรงเรียน")
    icon = "school"
    key = "smis8"
    folded = "search_text"
    default_order = "name"
    edit = add = EDIT
    exporting = EXPORT

    columns = (
        Column("name", gettext_lazy("โรงเรียน"), "name", order="sort_name"),
        Column("smis8", gettext_lazy("รหัส 8 หลัก"), "smis8", kind=Kind.CODE),
        Column("amphoe", gettext_lazy("อำเภอ"), "amphoe"),
        Column("network", gettext_lazy("เครือข่าย"), "network_name"),
        Column("levels", gettext_lazy("ระดับ"), "levels"),
        Column("pupils", gettext_lazy("นักเรียน"), "pupils", kind=Kind.WHOLE),
        Column(
            "size",
            gettext_lazy("ขนาด"),
            "size",
            show=lambda s: Size(s.size).label if s.size else "",
            shown=False,
        ),
        Column("head", pgettext_lazy("school", "ผู้อำนวยการ"), "head_name"),
        Column("clerk", gettext_lazy("ธุรการ"), "clerk_name", shown=False),
        Column("position", gettext_lazy("พิกัด"), "position_state", show=_position),
        Column("obec10", gettext_lazy("รหัส 10 หลัก"), "obec10", kind=Kind.CODE, shown=False),
        Column("obec6", gettext_lazy("รหัส 6 หลัก"), "obec6", kind=Kind.CODE, shown=False),
        Column("tambon", gettext_lazy("ตำบล"), "tambon", shown=False),
        Column("phone", gettext_lazy("โทรศัพท์"), "phone", kind=Kind.CODE, shown=False),
        Column("status", gettext_lazy("สถานะ"), "status", show=_status, shown=False),
        Column("km", gettext_lazy("ห่างเขต (กม.)"), "km_to_office", kind=Kind.DECIMAL, shown=False),
        Column("founded", gettext_lazy("ก่อตั้ง"), "founded_on", kind=Kind.DATE, shown=False),
    )
    facets = (
        Facet("amphoe", gettext_lazy("อำเภอ"), "amphoe"),
        Facet("levels", gettext_lazy("ระดับที่เปิดสอน"), "levels", dict(Levels.choices)),
        Facet("size", gettext_lazy("ขนาด"), "size", dict(Size.choices)),
        Facet("network", gettext_lazy("เครือข่าย"), "network_name", folded=True),
        Facet("position", gettext_lazy("พิกัด"), "position_state", dict(PositionState.choices), folded=True),
        Facet("clerk", gettext_lazy("ธุรการ"), "has_clerk", {True: gettext_lazy("มีธุรการ"), False: gettext_lazy("ไม่มีธุรการ")}, folded=True),
        Facet("status", gettext_lazy("สถานะ"), "status", dict(Status.choices), folded=True, default=(Status.NORMAL, Status.TAUGHT_ELSEWHERE)),
        Facet("place", gettext_lazy("เขตพื้นที่"), "place", {"own": gettext_lazy("ในเขต"), "other": gettext_lazy("นอกเขต")}, folded=True, default=("own",)),
    )  # fmt: skip
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("small", gettext_lazy("โรงเรียนขนาดเล็ก"), {"size": ["1"]}),
        View("extended", gettext_lazy("ขยายโอกาส"), {"levels": ["kl", "pl"]}),
        View("unplaced", gettext_lazy("ยังไม่ยืนยันพิกัด"), {"position": ["none", "estimated"]}),
        View("no-clerk", gettext_lazy("ไม่มีธุรการ"), {"clerk": ["false"]}),
    )
    sections = (
        Section("name", gettext_lazy("ชื่อและระดับ"), ("name", "name_en", "levels", "founded_on", "network", "local_government")),
        Section("codes", gettext_lazy("รหัส"), ("smis8", "obec10", "obec6", "area_code", "area_name"), gettext_lazy("รหัสเดิมยังใช้ค้นหาโรงเรียนได้หลังเปลี่ยน")),
        Section("address", gettext_lazy("ที่ตั้ง"), ("address", "tambon", "tambon_code", "amphoe", "amphoe_code", "province", "postcode")),
        Section("distances", gettext_lazy("ระยะทาง"), ("km_to_office", "km_to_amphoe")),
        Section("contacts", gettext_lazy("ข้อมูลติดต่อ"), CONTACT_FIELDS, capability=EDIT_OWN),
        Section("pupils", gettext_lazy("จำนวนนักเรียน"), ("pupils", "pupils_on", "pupils_source"), gettext_lazy("ใช้จัดขนาดโรงเรียน บอกวันที่และที่มาของตัวเลขด้วย")),
    )  # fmt: skip
    form = SchoolForm
    figures = (
        Figure(gettext_lazy("นักเรียน"), lambda s: s.pupils, _pupils_note),
        Figure(gettext_lazy("ขนาด"), lambda s: s.size, lambda s: Size(s.size).label.split(" (")[-1].rstrip(")") if s.size else ""),
        Figure(gettext_lazy("ห่างเขต"), lambda s: s.km_to_office, lambda s: _("กม.")),
        Figure(gettext_lazy("ห่างอำเภอ"), lambda s: s.km_to_amphoe, lambda s: _("กม.")),
        Figure(gettext_lazy("ก่อตั้ง"), lambda s: str(s.founded_on.year + 543) if s.founded_on else None, lambda s: _("พ.ศ.")),
    )  # fmt: skip
    panels = (
        Panel(
            "facts", gettext_lazy("ข้อมูลพื้นฐาน"),
            (
                Fact(pgettext_lazy("school", "ผู้อำนวยการ"), lambda s: s.head_name),
                Fact(gettext_lazy("เจ้าหน้าที่ธุรการ"), lambda s: s.clerk_name),
                Fact(gettext_lazy("เครือข่าย"), lambda s: s.network_name),
                Fact(gettext_lazy("ระดับที่เปิดสอน"), lambda s: s.get_levels_display()),
                Fact(gettext_lazy("ก่อตั้ง"), lambda s: dates.short(s.founded_on) if s.founded_on else ""),
                Fact(gettext_lazy("สถานะ"), _status),
                Fact(gettext_lazy("ที่ตั้ง"), lambda s: s.full_address),
                Fact(gettext_lazy("ท้องถิ่น"), lambda s: s.local_government),
                Fact(gettext_lazy("เขตพื้นที่"), lambda s: f"{s.area_name or ''} {s.area_code}".strip()),
                Fact(gettext_lazy("นักเรียน"), lambda s: s.pupils, lambda s: " ".join(w for w in (_pupils_note(s), s.pupils_source) if w)),
            ),
            section="name",
        ),
        Panel(
            "contacts", gettext_lazy("ข้อมูลติดต่อ"),
            (
                Fact(gettext_lazy("โทรศัพท์"), lambda s: Cell(s.phone, href=f"tel:{s.phone}") if s.phone else ""),
                Fact(gettext_lazy("โทรสาร"), lambda s: s.fax),
                Fact(gettext_lazy("อีเมล"), lambda s: Cell(s.email, href=f"mailto:{s.email}") if s.email else ""),
                Fact(gettext_lazy("เว็บไซต์"), lambda s: Cell(s.website, href=s.website) if s.website else ""),
                Fact("LINE", lambda s: s.line_id),
                Fact(gettext_lazy("งานสารบรรณ"), lambda s: " · ".join(w for w in (s.saraban_name, s.saraban_phone) if w)),
            ),
            section="contacts",
        ),
        Panel(
            "place", gettext_lazy("ที่ตั้ง"), template="schools/panel_place.html", side=True,
            context=lambda actor, school: {
                "inset": inset(school), "outside": (school.outside_m or 0) > OUTSIDE_M, "may_place": can(actor, EDIT_OWN, school),
                "placed_at": dates.moment(school.position_at) if school.position_at else "",
            },
        ),
    )  # fmt: skip
    tabs = (
        Tab("codes", gettext_lazy("รหัสและสถานะ"), "schools/tab_codes.html", codes_tab),
        Tab("emis", "EMIS", "schools/tab_emis.html", emis_tab),
        Tab("service", gettext_lazy("เขตพื้นที่บริการ"), "schools/tab_service.html", service_tab),
        Tab("photos", pgettext_lazy("many", "ภาพ"), "schools/tab_photos.html", photos_tab),
    )
    bulk = (
        Bulk(
            "network",
            gettext_lazy("ย้ายเครือข่าย"),
            EDIT,
            _move_network,
            _preview_network,
            "users",
            MoveNetworkForm,
        ),
    )
    imports = SchoolImport()
    stylesheets = ("schools/schools.css",)

    def queryset(self, actor: Actor) -> models.QuerySet[School]:
        return with_everything()

    def title(self, record: School) -> str:
        return record.full_name

    def tags(self, record: School) -> list[Any]:
        return [Size(record.size).label.split(" (")[0] if record.size else "", record.get_levels_display()]

    def facts_line(self, record: School) -> list[tuple[Any, Any]]:
        return [
            (_("รหัส 8 หลัก"), record.smis8),
            (_("10 หลัก"), record.obec10),
            (_("6 หลัก"), record.obec6),
        ]

    def trail(self, record: School) -> list[tuple[Any, str]]:
        return [(record.amphoe, f"amphoe={record.amphoe}")] if record.amphoe else []

    def state(self, record: School) -> Cell | None:
        return _status(record) if record.status != Status.NORMAL else None

    def actions(self, actor: Actor, record: School) -> list[Action]:
        if can(actor, STATUS, record):
            return [Action(_("เปลี่ยนสถานะ"), reverse("schools:status", args=[record.pk]), "git-merge")]
        return []

    def pages(self, actor: Actor) -> list[Action]:
        return [
            Action(_("แผนที่"), reverse("schools:map"), "map"),
            Action("EMIS", reverse("register:list", args=["emis"]), "clipboard-list"),
            Action(_("หมู่บ้าน"), reverse("register:list", args=["villages"]), "map-pinned"),
        ]

    def subjects(self, record: School) -> list[str]:
        return [journal_label(record), journal_label(record.unit)]

    def used_in(self, record: School) -> list[models.Model]:
        return [record, record.unit]

    def create(self, *, actor: Actor, **values: Any) -> School:
        return add_school(actor=actor, **values)

    def update(self, *, actor: Actor, record: School, **values: Any) -> School:
        if values.keys() <= set(CONTACT_FIELDS) and not can(actor, EDIT, record):
            return change_contacts(actor=actor, school=record, **values)
        return change_school(actor=actor, school=record, **values)

    def retire(self, *, actor: Actor, record: School, **values: Any) -> School:
        return close(actor=actor, school=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "name": f"บ้านตัวอย่าง {number}",
            "smis8": f"{99_080_000 + number:08d}",
            "obec10": f"{1_099_080_000 + number:010d}",
            "obec6": f"{80_000 + number:06d}",
            "levels": "kp",
            "tambon": "ไร่ธาร",
            "amphoe": "ทุ่งไพล",
            "province": "ศรีธารา",
            "postcode": "99130",
            "phone": "0 7000 0000",
            "pupils": 40 + number,
        }
