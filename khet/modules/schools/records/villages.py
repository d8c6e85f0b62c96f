"""The register of villages with the schools that serve them, and its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.lib.thai.places import moo_of
from khet.base.org.api import Actor, visible
from khet.kits.register.api import Record
from khet.kits.register.bases import (
    Cell,
    Checked,
    Column,
    Facet,
    Fact,
    Import,
    ImportColumn,
    Panel,
    Section,
    View,
    Wrong,
)
from khet.kits.register.choices import Kind
from khet.modules.schools.actions import (
    add_village,
    change_village,
    import_villages,
    remove_imported_villages,
)
from khet.modules.schools.choices import STEPS_OF_SERVICE, ServiceLevel, grades_of
from khet.modules.schools.forms import VillageForm
from khet.modules.schools.models import School, Village
from khet.modules.schools.queries.villages import Tambons, with_schools
from khet.modules.schools.records.lookups import SCHOOL_CODE, schools_by_words
from khet.modules.schools.rules import EXPORT, SERVICE


def read_moo(text: str) -> int:
    """``3``, ``หมู่ที่ 3``, ``ม.3``, ``๓`` → 3."""
    moo = moo_of(text)
    if moo is None:
        raise Wrong(_("อ่านหมู่ที่ “%(text)s” ไม่ได้ เขียนเป็นเลขหมู่เดียว 0 ถึง 99") % {"text": text[:40]})
    return moo


class VillageImport(Import):
    """A row is a village with its schools. The tambon is told by its code, or by its name where that is known here."""

    capability = SERVICE
    key = "code"
    heading = "name"
    tells = ("moo", "tambon")
    group = "amphoe"
    group_label = gettext_lazy("อำเภอ")
    columns = (
        ImportColumn("code", gettext_lazy("รหัสหมู่บ้าน 8 หลัก"), ("รหัสหมู่บ้าน", "village_code"), kind=Kind.CODE, length=8),
        ImportColumn("primary_code", gettext_lazy("รหัสโรงเรียนที่รับประถม"), (*SCHOOL_CODE, "โรงเรียน"), max_length=60),
        ImportColumn("lower_code", gettext_lazy("รหัสโรงเรียนที่รับ ม.ต้น"), ("รหัสโรงเรียน ม.ต้น",), max_length=60),
        ImportColumn("tambon_code", gettext_lazy("รหัสตำบล"), ("subdistrict_code",), kind=Kind.CODE, length=6),
        ImportColumn("tambon", gettext_lazy("ตำบล"), ("subdistrict_th", "ชื่อตำบล"), max_length=80),
        ImportColumn("amphoe", gettext_lazy("อำเภอ"), ("district_th", "ชื่ออำเภอ"), max_length=80),
        ImportColumn("province", gettext_lazy("จังหวัด"), ("province_th",), max_length=80),
        ImportColumn("moo", gettext_lazy("หมู่ที่"), ("หมู่", "ม.", "moo", "เลขหมู่"), required=True, read=read_moo, kind=Kind.WHOLE),
        ImportColumn("name", gettext_lazy("ชื่อหมู่บ้าน"), ("หมู่บ้าน", "ชื่อ", "บ้าน", "name_th"), max_length=120),
    )  # fmt: skip

    def missing(self, mapping: Mapping[str, int]) -> list[ImportColumn]:
        """The key is made from the rest; a tambon must be told one way or the other."""
        missing = [c for c in self.columns if c.required and c.code not in mapping]
        if not mapping.keys() & {"code", "tambon_code", "tambon"}:
            missing.append(self.by_code["tambon"])
        return missing

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """Which village a row means, and which schools."""
        tambons = Tambons()
        schools = schools_by_words({row.values[c] for row in rows for c in _SERVED if row.values.get(c)})
        for row in rows:
            for column in _SERVED:
                said = row.values.get(column)
                if said and said in schools:
                    row.values[column] = schools[said].smis8
                elif said:
                    row.wrong(
                        column, _("ไม่รู้จักโรงเรียน “%(text)s” ใช้รหัส 8 หลักของโรงเรียน") % {"text": said[:60]}
                    )
            self._place(row, tambons, schools)
            primary = schools.get(row.values.get("primary_code") or "")
            self._levels(row, "primary_code", primary, ServiceLevel.PRIMARY)
            self._levels(
                row, "lower_code", schools.get(row.values.get("lower_code") or ""), ServiceLevel.LOWER
            )

    def _levels(self, row: Checked, column: str, school: School | None, level: ServiceLevel) -> None:
        taught = {grade.step for grade in grades_of(school.levels)} if school else set()
        if school and taught and STEPS_OF_SERVICE[level] not in taught:
            row.wrong(
                column,
                _("%(school)sไม่ได้เปิดสอนระดับ%(level)s") % {"school": school.full_name, "level": level.label},
            )

    def _place(self, row: Checked, tambons: Tambons, schools: Mapping[str, School]) -> None:
        values = row.values
        code, moo = values.get("tambon_code"), values.get("moo")
        if not code and values.get("code"):
            code = values["code"][:6]
        if not code and values.get("tambon"):
            near = next((schools[values[c]] for c in _SERVED if values.get(c) in schools), None)
            amphoe = values.get("amphoe") or ""
            code = tambons.find(values["tambon"], amphoe)
            if code is None and not amphoe and near is not None:
                code = tambons.find(values["tambon"], near.amphoe)
            if code is None:
                row.wrong(
                    "tambon",
                    _("ตำบล%(tambon)sมีหลายอำเภอ ใส่อำเภอหรือรหัสตำบล 6 หลัก") % {"tambon": values["tambon"]}
                    if tambons.is_ambiguous(values["tambon"], amphoe)
                    else _("ยังไม่รู้จักตำบล%(tambon)s ใส่รหัสตำบล 6 หลักในคอลัมน์ รหัสตำบล")
                    % {"tambon": values["tambon"]},
                )
        if not code:
            if not values.get("tambon"):
                row.wrong("tambon", _("แถวนี้ไม่บอกตำบล ใส่รหัสตำบลหรือชื่อตำบล"))
            return
        values["tambon_code"] = code
        known = tambons.places.get(code)
        if known is not None:
            for name, said in zip(("tambon", "amphoe", "province"), known, strict=True):
                if said and (not values.get(name) or name != "province"):
                    values[name] = said
        elif not values.get("tambon") or not values.get("amphoe"):
            row.wrong("tambon", _("ตำบลรหัส %(code)s ยังไม่มีในระบบ ใส่ชื่อตำบลและอำเภอด้วย") % {"code": code})
        if moo is None:
            return
        made = f"{code}{moo:02d}"
        if values.get("code") and values["code"] != made:
            row.wrong(
                "code",
                _("รหัสหมู่บ้าน %(code)s ไม่ตรงกับตำบล %(tambon)s หมู่ %(moo)d")
                % {"code": values["code"], "tambon": code, "moo": moo},
            )
        values["code"] = made

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        keys = list(keys)
        if lock:
            list(Village.objects.select_for_update().filter(code__in=keys).values_list("pk"))
        return {village.code: village for village in with_schools().filter(code__in=keys)}

    def values(self, record: Any) -> dict[str, Any]:
        names = (
            "code",
            "tambon_code",
            "tambon",
            "amphoe",
            "province",
            "moo",
            "name",
            "primary_code",
            "lower_code",
        )
        values = {name: getattr(record, name) for name in names}
        return {name: None if value == "" else value for name, value in values.items()}

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        rows = Village.objects.filter(pk__in=[village.pk for village in found])
        return set(visible(actor, rows, SERVICE).values_list("pk", flat=True))

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Village, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        return [v.pk for v in import_villages(actor=actor, new=new, changed=changed, source=source)]

    def remove(self, *, actor: Actor, records: Sequence[Village], source: str) -> None:
        remove_imported_villages(actor=actor, villages=records, source=source)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counted = Village.objects.filter(pk__in=pks).order_by().values_list("amphoe").annotate(Count("pk"))
        return dict(counted)


_SERVED = ("primary_code", "lower_code")


def _school(level: str) -> Any:
    def cell(village: Any) -> Cell | str:
        pk = getattr(village, f"{level}_id")
        if pk is None:
            return ""
        return Cell(getattr(village, f"{level}_name"), href=reverse("schools:service_area", args=[pk]))

    return cell


class VillageRecord(Record[Village]):
    code = "villages"
    model = Village
    label = gettext_lazy("หมู่บ้าน")
    label_many = gettext_lazy("หมู่บ้านและเขตบริการ")
    counter = pgettext_lazy("counted", "หมู่บ้าน")
    icon = "map-pinned"
    key = "code"
    shared = True
    edit = add = SERVICE
    exporting = EXPORT
    search = ("name", "tambon", "amphoe", "code")
    default_order = "code"
    columns = (
        Column("village", gettext_lazy("หมู่บ้าน"), "name", show=lambda v: v.name or v.moo_words, order="name"),
        Column("moo", gettext_lazy("หมู่ที่"), "moo", kind=Kind.WHOLE),
        Column("tambon", gettext_lazy("ตำบล"), "tambon"),
        Column("amphoe", gettext_lazy("อำเภอ"), "amphoe"),
        Column("primary", gettext_lazy("โรงเรียนที่รับประถม"), "primary_name", show=_school("primary")),
        Column("lower", gettext_lazy("โรงเรียนที่รับ ม.ต้น"), "lower_name", show=_school("lower")),
        Column("code", gettext_lazy("รหัสหมู่บ้าน"), "code", kind=Kind.CODE, shown=False),
    )
    facets = (
        Facet("amphoe", gettext_lazy("อำเภอ"), "amphoe"),
        Facet("tambon", gettext_lazy("ตำบล"), "tambon", folded=True),
        Facet("served", gettext_lazy("ประถม"), "is_served", {True: gettext_lazy("มีโรงเรียน"), False: gettext_lazy("ไม่มีโรงเรียน")}),
        Facet("served-lower", gettext_lazy("ม.ต้น"), "is_served_lower", {True: gettext_lazy("มีโรงเรียน"), False: gettext_lazy("ไม่มีโรงเรียน")}),
    )  # fmt: skip
    views = (
        View("all", gettext_lazy("ทั้งหมด")),
        View("unserved", gettext_lazy("ไม่มีโรงเรียนรับประถม"), {"served": ["false"]}),
        View("unserved-lower", gettext_lazy("ไม่มีโรงเรียนรับ ม.ต้น"), {"served-lower": ["false"]}),
    )
    sections = (
        Section(
            "facts", gettext_lazy("หมู่บ้าน"), ("name", "moo", "tambon_code", "tambon", "amphoe", "province")
        ),
    )
    form = VillageForm
    panels = (
        Panel(
            "facts", gettext_lazy("หมู่บ้าน"),
            (
                Fact(gettext_lazy("หมู่ที่"), lambda v: v.moo_words),
                Fact(gettext_lazy("ชื่อหมู่บ้าน"), lambda v: v.name),
                Fact(gettext_lazy("ตำบล"), lambda v: f"{v.tambon} ({v.tambon_code})"),
                Fact(gettext_lazy("อำเภอ"), lambda v: v.amphoe),
                Fact(gettext_lazy("จังหวัด"), lambda v: v.province),
                Fact(gettext_lazy("โรงเรียนที่รับประถม"), _school("primary")),
                Fact(gettext_lazy("โรงเรียนที่รับ ม.ต้น"), _school("lower")),
            ),
            section="facts",
        ),
        Panel(
            "years", gettext_lazy("เขตพื้นที่บริการตามปีการศึกษา"), template="schools/panel_services.html",
            context=lambda actor, village: {
                "services": village.services.select_related("school").order_by("-since_year", "level")
            },
        ),
    )  # fmt: skip
    imports = VillageImport()
    stylesheets = ("schools/schools.css",)

    def queryset(self, actor: Actor) -> models.QuerySet[Village]:
        return with_schools().annotate(
            is_served=_is_served("primary_id"),
            is_served_lower=_is_served("lower_id"),
        )

    def title(self, record: Village) -> str:
        return record.full_name

    def facts_line(self, record: Village) -> list[tuple[Any, Any]]:
        return [(_("รหัสหมู่บ้าน"), record.code)]

    def create(self, *, actor: Actor, **values: Any) -> Village:
        return add_village(actor=actor, **values)

    def update(self, *, actor: Actor, record: Village, **values: Any) -> Village:
        return change_village(actor=actor, village=record, **values)

    def example(self, number: int) -> dict[str, Any]:
        return {
            "tambon_code": f"9903{number // 90 + 1:02d}",
            "moo": number % 90 + 1,
            "name": f"บ้านตัวอย่าง {number}",
            "tambon": f"ตัวอย่าง {number // 90 + 1}",
            "amphoe": "ทุ่งไพล",
            "province": "ศรีธารา",
        }


def _is_served(path: str) -> models.Case:
    return models.Case(
        models.When(**{f"{path}__isnull": False}, then=models.Value(True)),
        default=models.Value(False),
        output_field=models.BooleanField(),
    )
