"""Staff sheets: what P-OBEC, SEIS and the offices' own lists call the columns of a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from khet.base.lib.thai.names import split_title
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, today, visible
from khet.base.org.choices import IdKind
from khet.base.org.identities import people_by_fingerprint
from khet.kits.register.bases import Checked, Import, ImportColumn
from khet.kits.register.choices import Kind
from khet.modules.staff.actions import import_officials, remove_imported
from khet.modules.staff.actions.officials import FACT_FIELDS, PERSON_FIELDS
from khet.modules.staff.ages import retirement_day
from khet.modules.staff.choices import EducationLevel, Level, PersonKind, Sex, Standing
from khet.modules.staff.models import Official, Position
from khet.modules.staff.queries import Units, with_everything
from khet.modules.staff.records.words import (
    SEXES,
    read_citizen_id,
    read_education,
    read_kind,
    read_level,
    read_person_code,
    read_position_number,
    read_standing,
    read_year,
    sealed_of,
    without_ids,
)
from khet.modules.staff.rules import IMPORT

HIGHEST_PAY = 150_000


def label_of(choices: type[models.TextChoices], value: str) -> Any:
    """The words of a value for a sheet; empty stays empty."""
    return choices(value).label if value else None


class OfficialImport(Import):
    """A row is found by the code of our own export, else by the citizen id; a row with neither is refused.

    A citizen id is sealed while the cell is read. In files without codes, the key of a new row is ``#`` and the
    fingerprint of its citizen id, by which the import finds it again when it is confirmed or undone.
    """

    capability = IMPORT
    key = "code"
    heading = "first_name"
    group = "unit"
    group_label = gettext_lazy("หน่วยงาน")
    columns = (
        ImportColumn("code", gettext_lazy("รหัสบุคลากร"), ("person code",), read=read_person_code),
        ImportColumn("citizen_id", gettext_lazy("เลขประจำตัวประชาชน"), ("เลขประจำตัว 13 หลัก", "เลขบัตรประชาชน", "เลขบัตรประจำตัวประชาชน", "รหัสประชาชน", "เลขประจำตัวประชาชน 13 หลัก", "cid", "pid", "citizen_id"), read=read_citizen_id, masked=True, sealed=True),
        ImportColumn("full_name", gettext_lazy("ชื่อ-นามสกุล"), ("ชื่อ - สกุล", "ชื่อ-สกุล", "ชื่อ สกุล", "ชื่อ-ชื่อสกุล", "ชื่อและนามสกุล", "ชื่อ-นามสกุล (พร้อมคำนำหน้า)"), masked=True, max_length=230),
        ImportColumn("prefix", gettext_lazy("คำนำหน้า"), ("คำนำหน้าชื่อ", "คำนำ", "title"), max_length=30),
        ImportColumn("first_name", gettext_lazy("ชื่อ"), ("ชื่อตัว", "first name"), max_length=100),
        ImportColumn("last_name", gettext_lazy("นามสกุล"), ("ชื่อสกุล", "สกุล", "last name"), max_length=100),
        ImportColumn("sex", gettext_lazy("เพศ"), ("sex",), kind=Kind.CHOICE, choices=SEXES, write=lambda o: label_of(Sex, o.sex)),
        ImportColumn("born_on", gettext_lazy("วันเกิด"), ("วันเดือนปีเกิด", "วัน เดือน ปีเกิด", "ว/ด/ป เกิด", "birthdate"), kind=Kind.DATE, masked=True),
        ImportColumn("religion", gettext_lazy("ศาสนา"), ("religion",), max_length=40, masked=True),
        ImportColumn("kind", gettext_lazy("ประเภทบุคลากร"), ("ประเภท", "ประเภทข้าราชการ", "ประเภทการจ้าง"), read=read_kind, write=lambda o: label_of(PersonKind, o.kind)),
        ImportColumn("position_number", gettext_lazy("เลขที่ตำแหน่ง"), ("ตำแหน่งเลขที่", "เลขที่อัตรา", "เลขตำแหน่ง", "position no"), read=read_position_number),
        ImportColumn("title", gettext_lazy("ตำแหน่ง"), ("ชื่อตำแหน่ง", "ตำแหน่งปัจจุบัน", "position"), required=True, max_length=120),
        ImportColumn("standing", gettext_lazy("วิทยฐานะ"), ("วิทยะฐานะ", "ระดับวิทยฐานะ"), read=read_standing, write=lambda o: label_of(Standing, o.standing)),
        ImportColumn("standing_on", gettext_lazy("วันได้วิทยฐานะ"), ("วันที่ได้รับวิทยฐานะ", "วันที่ได้วิทยฐานะ"), kind=Kind.DATE),
        ImportColumn("level", gettext_lazy("ระดับ"), ("ระดับ (คศ.)", "คศ.", "อันดับ", "รับเงินเดือนอันดับ", "ระดับ/อันดับ"), read=read_level, write=lambda o: label_of(Level, o.level)),
        ImportColumn("unit", gettext_lazy("สังกัด"), ("โรงเรียน", "สังกัด/โรงเรียน", "สังกัดตาม จ.18", "สถานศึกษา", "รหัสโรงเรียน", "หน่วยงาน", "โรงเรียนต้นสังกัด", "รหัสหน่วยงาน"), required=True, max_length=200, write=lambda o: o.unit.code),
        ImportColumn("work_unit", gettext_lazy("ปฏิบัติงานจริง"), ("ช่วยราชการ", "ช่วยราชการที่", "ปฏิบัติหน้าที่ที่", "โรงเรียนที่ปฏิบัติงานจริง"), max_length=200, write=lambda o: o.work_unit.code if o.is_elsewhere else None),
        ImportColumn("appointed_on", gettext_lazy("วันบรรจุ"), ("วันสั่งบรรจุ", "วันที่บรรจุ", "วันเดือนปีที่บรรจุ", "บรรจุเมื่อ"), kind=Kind.DATE),
        ImportColumn("in_position_since", gettext_lazy("วันดำรงตำแหน่งปัจจุบัน"), ("วันที่ดำรงตำแหน่งปัจจุบัน", "วันเข้าสู่ตำแหน่ง", "ดำรงตำแหน่งเมื่อ"), kind=Kind.DATE),
        ImportColumn("retires_on", gettext_lazy("วันเกษียณ"), ("วันเกษียณอายุ", "วันครบเกษียณ", "วันครบเกษียณอายุ", "ปีเกษียณ"), max_length=40, masked=True),
        ImportColumn("major", gettext_lazy("วิชาเอก"), ("สาขาวิชาเอก", "สาขาวิชา", "สาขา", "เอก"), max_length=120),
        ImportColumn("education_level", gettext_lazy("ระดับการศึกษา"), ("วุฒิสูงสุด", "ระดับวุฒิ", "วุฒิการศึกษาสูงสุด"), read=read_education, write=lambda o: label_of(EducationLevel, (o.education or {}).get("level", ""))),
        ImportColumn("degree", gettext_lazy("วุฒิ"), ("วุฒิการศึกษา", "ชื่อวุฒิ", "คุณวุฒิ"), max_length=150),
        ImportColumn("institute", gettext_lazy("สถาบัน"), ("สถาบันการศึกษา", "สถานศึกษาที่จบ", "มหาวิทยาลัย"), max_length=150),
        ImportColumn("graduated", gettext_lazy("ปีที่จบ"), ("ปีที่สำเร็จการศึกษา", "ปี พ.ศ. ที่จบ", "จบปี"), kind=Kind.WHOLE, read=read_year),
        ImportColumn("licence_number", gettext_lazy("เลขที่ใบอนุญาต"), ("ใบอนุญาตประกอบวิชาชีพเลขที่", "เลขที่ใบประกอบวิชาชีพ", "ใบประกอบวิชาชีพ", "ใบอนุญาต เลขที่"), max_length=30),
        ImportColumn("licence_issued_on", gettext_lazy("วันออกใบอนุญาต"), ("วันที่ออกใบอนุญาต",), kind=Kind.DATE),
        ImportColumn("licence_expires_on", gettext_lazy("วันหมดอายุใบอนุญาต"), ("ใบอนุญาตหมดอายุ", "วันหมดอายุ", "หมดอายุ"), kind=Kind.DATE),
        ImportColumn("salary", gettext_lazy("อัตราเงินเดือน"), ("เงินเดือน", "ขั้นเงินเดือน", "salary"), kind=Kind.DECIMAL, places=2, low=0, high=HIGHEST_PAY, masked=True),
        ImportColumn("standing_pay", gettext_lazy("เงินวิทยฐานะ"), (), kind=Kind.DECIMAL, places=2, low=0, high=HIGHEST_PAY, masked=True),
        ImportColumn("compensation", gettext_lazy("ค่าตอบแทน"), ("ค่าตอบแทนรายเดือน",), kind=Kind.DECIMAL, places=2, low=0, high=HIGHEST_PAY, masked=True),
        ImportColumn("position_pay", gettext_lazy("เงินประจำตำแหน่ง"), (), kind=Kind.DECIMAL, places=2, low=0, high=HIGHEST_PAY, masked=True),
        ImportColumn("phone", gettext_lazy("โทรศัพท์"), ("เบอร์โทร", "เบอร์โทรศัพท์", "โทร", "มือถือ"), max_length=30),
        ImportColumn("email", gettext_lazy("อีเมล"), ("อีเมล์", "email", "e-mail"), max_length=254),
        ImportColumn("skills", pgettext_lazy("of a person", "ความสามารถพิเศษ"), (), max_length=200),
    )  # fmt: skip

    def missing(self, mapping: Mapping[str, int]) -> list[ImportColumn]:
        """A file names people by our code or by citizen id, and by one column of the name or two."""
        lacking = [c for c in self.columns if c.required and c.code not in mapping]
        if "code" not in mapping and "citizen_id" not in mapping:
            lacking.append(self.by_code["citizen_id"])
        if "code" not in mapping and "first_name" not in mapping and "full_name" not in mapping:
            lacking.append(self.by_code["first_name"])
        return lacking

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        keys = [key for key in keys if key]
        codes = [key for key in keys if not key.startswith("#")]
        prints = [key[1:] for key in keys if key.startswith("#")]
        people = people_by_fingerprint(IdKind.CITIZEN, prints) if prints else {}
        wanted = models.Q(code__in=codes) | models.Q(person__in=list(people.values()))
        if lock:
            list(Official.objects.select_for_update(of=("self",)).filter(wanted).values_list("pk"))
        found = list(with_everything().filter(wanted))
        by_person = {official.person_id: official for official in found}
        return {official.code: official for official in found} | {
            f"#{fingerprint}": by_person[person]
            for fingerprint, person in people.items()
            if person in by_person
        }

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        pks = [official.pk for official in found]
        return set(visible(actor, Official.objects.filter(pk__in=pks), IMPORT).values_list("pk", flat=True))

    def values(self, record: Official) -> dict[str, Any]:
        education, licence = record.education or {}, record.licence or {}
        values = {name: getattr(record, name) for name in FACT_FIELDS if name in self.by_code}
        values |= {name: getattr(record.person, to) for name, to in PERSON_FIELDS.items()}
        values |= {
            "code": record.code,
            "position_number": record.position.number if record.position else None,
            "unit": record.unit.code,
            "work_unit": record.work_unit.code if record.is_elsewhere else None,
            "education_level": education.get("level"),
            "degree": education.get("degree"),
            "institute": education.get("institute"),
            "graduated": education.get("year"),
            "licence_number": licence.get("number"),
            "licence_issued_on": _day(licence.get("issued_on")),
            "licence_expires_on": _day(licence.get("expires_on")),
        }
        return {name: None if value == "" else value for name, value in values.items()}

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        for row in rows:
            row.cells = without_ids(row.cells)
        self._find_people(actor, rows)
        self._places(rows)
        numbers = {row.values["position_number"] for row in rows if row.values.get("position_number")}
        positions = {
            position.number: position
            for position in Position.objects.filter(number__in=numbers, until__isnull=True).select_related(
                "unit"
            )
        }
        holders = {
            official.position_id: official
            for official in Official.objects.filter(
                position__in=[position.pk for position in positions.values()], left_on__isnull=True
            ).select_related("person")
        }
        for row in rows:
            self._name(row)
            self._dates(row)
            self._position(row, positions, holders)

    def _find_people(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """Rows without our code are found by citizen id; one person stands in a file once."""
        named: dict[str, list[Checked]] = defaultdict(list)
        for row in rows:
            if row.values.get("citizen_id"):
                named[sealed_of(row.values["citizen_id"]).fingerprint].append(row)
        people = people_by_fingerprint(IdKind.CITIZEN, list(named)) if named else {}
        owners = (
            {o.person_id: o for o in with_everything().filter(person__in=people.values())} if people else {}
        )
        writable = self.editable(actor, owners.values()) if owners else set()
        for fingerprint, twins in named.items():
            official = owners.get(people.get(fingerprint, 0))
            for row in twins:
                if len(twins) > 1:
                    others = ", ".join(str(twin.number) for twin in twins if twin is not row)
                    row.wrong(
                        "citizen_id",
                        _("เลขประจำตัวนี้อยู่ในไฟล์หลายแถว พบซ้ำที่แถว %(rows)s เก็บไว้แถวเดียว") % {"rows": others},
                    )
                if official is not None and row.record is not None and official.pk != row.record.pk:
                    row.wrong(
                        "citizen_id",
                        _("เลขประจำตัวนี้เป็นของ%(name)s ตรวจรหัสบุคลากรกับเลขประจำตัว")
                        % {"name": official.person.full_name},
                    )
                elif official is not None and official.pk not in writable:
                    row.wrong("citizen_id", _("บุคคลนี้อยู่นอกขอบเขตที่คุณแก้ได้"))
                elif official is not None:
                    row.record = official
                    row.values["code"] = official.code
                    del row.values["citizen_id"]
                elif row.record is None and not row.values.get("code"):
                    row.values["code"] = f"#{fingerprint}"
        for row in rows:
            code = row.values.get("code") or ""
            if row.record is None and code and not code.startswith("#"):
                row.wrong("code", _("ไม่มีรหัสบุคลากร %(code)s ในทะเบียน ลบรหัสออกถ้าเป็นคนใหม่") % {"code": code})
            elif row.record is None and not code and not any(f.column == "citizen_id" for f in row.faults):
                row.wrong("citizen_id", _("แถวนี้ไม่มีทั้งรหัสบุคลากรและเลขประจำตัวประชาชน เติมอย่างใดอย่างหนึ่ง"))

    def _places(self, rows: Sequence[Checked]) -> None:
        units = Units()
        for row in rows:
            for column in ("unit", "work_unit"):
                words = row.values.get(column)
                if not words:
                    continue
                unit = units.find(words)
                if unit is None:
                    row.wrong(
                        column,
                        _("ไม่พบหน่วยงานหรือโรงเรียน “%(words)s” ใช้รหัส 8 หลักหรือชื่อเต็ม") % {"words": words[:60]},
                    )
                else:
                    row.values[column] = unit.code
            if row.values.get("work_unit") and row.values.get("work_unit") == row.values.get("unit"):
                del row.values["work_unit"]

    def _name(self, row: Checked) -> None:
        full = row.values.pop("full_name", None)
        if full and not row.values.get("first_name"):
            prefix, rest = split_title(full)
            first, _space, last = rest.partition(" ")
            row.values |= {"first_name": first, "last_name": normalise(last) or None}
            if prefix and not row.values.get("prefix"):
                row.values["prefix"] = prefix
            if row.values["last_name"] is None:
                del row.values["last_name"]
        if row.record is None and not row.values.get("first_name"):
            row.wrong("first_name", _("แถวนี้ไม่มีชื่อ เติมในไฟล์ แล้วตรวจใหม่"))
        name = row.values.get("first_name")
        if row.record is not None and name and fold(name) != fold(row.record.person.first_name):
            row.look(
                "first_name",
                _("ชื่อต่างจากทะเบียน (%(name)s) ตรวจว่าเป็นคนเดียวกัน") % {"name": row.record.person.full_name},
            )

    def _dates(self, row: Checked) -> None:
        said = row.values.pop("retires_on", None)
        born = row.values.get("born_on") or (row.record.born_on if row.record else None)
        if born is not None and not 15 <= today().year - born.year <= 100:
            row.wrong(
                "born_on", _("วันเกิดนี้ทำให้มีอายุ %(n)d ปี ตรวจปีเกิดกับทะเบียนบ้าน") % {"n": today().year - born.year}
            )
        elif (
            born is not None
            and said
            and str(retirement_day(born).year + 543) not in said
            and str(retirement_day(born).year) not in said
        ):
            row.look(
                "retires_on",
                _("ปีเกษียณในไฟล์ไม่ตรงกับวันเกิด ตามวันเกิดคือ 30 ก.ย. %(year)d")
                % {"year": retirement_day(born).year + 543},
            )
        appointed = row.values.get("appointed_on")
        if appointed and born and (appointed.year - born.year) < 15:
            row.wrong("appointed_on", _("วันบรรจุอยู่ก่อนอายุ 15 ปี ตรวจวันเกิดและวันบรรจุ"))

    def _position(
        self, row: Checked, positions: Mapping[str, Position], holders: Mapping[int, Official]
    ) -> None:
        number = row.values.get("position_number")
        if not number:
            return
        position = positions.get(number)
        if position is None:
            if row.record is None or row.record.position is None or row.record.position.number != number:
                row.look(
                    "position_number", _("ยังไม่มีเลขที่ตำแหน่ง %(number)s จะเพิ่มให้เมื่อยืนยัน") % {"number": number}
                )
            return
        holder = holders.get(position.pk)
        if holder is not None and (row.record is None or holder.pk != row.record.pk):
            row.look(
                "position_number",
                _("เลขที่ตำแหน่ง %(number)s มี%(name)sครองอยู่ จะเป็นสองคนในอัตราเดียว")
                % {"number": number, "name": holder.person.full_name},
            )
        if row.values.get("unit") and position.unit.code != row.values["unit"]:
            row.look("position_number", _("อัตรานี้อยู่ที่%(unit)s ไม่ตรงกับสังกัดในแถว") % {"unit": position.unit.name})

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[Official, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        units = Units()

        def meant(values: Mapping[str, Any]) -> dict[str, Any]:
            given = {name: value for name, value in values.items() if name != "code"}
            for name in ("unit", "work_unit"):
                if given.get(name):
                    given[name] = units.find(given[name])
            if given.get("citizen_id"):
                given["citizen_id"] = sealed_of(given["citizen_id"])
            return given

        made = import_officials(
            actor=actor,
            new=[meant(values) for values in new],
            changed=[(official, meant(values)) for official, values in changed],
            source=source,
        )
        return [official.pk for official in made]

    def remove(self, *, actor: Actor, records: Sequence[Official], source: str) -> None:
        remove_imported(actor=actor, officials=records, source=source)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counted = (
            Official.objects.filter(pk__in=pks).order_by().values_list("unit__code").annotate(Count("pk"))
        )
        return dict(counted)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
