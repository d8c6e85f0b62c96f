"""Movement sheets and salary lists: each row is an order about a person, and becomes a row of ก.พ.7.

A row is told from others by the person, the day it holds from, the movement and the number of the order; the same file
brought again finds its rows there and writes nothing. What a file says otherwise of a row that is there becomes a
correction. Taking an import back strikes its rows out and puts the present back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.names import strip_title
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, visible
from khet.base.org.choices import IdKind
from khet.base.org.identities import people_by_fingerprint
from khet.kits.register.bases import Checked, Import, ImportColumn, Wrong
from khet.kits.register.choices import Kind
from khet.modules.staff.actions import import_service_rows, strike_imported_rows
from khet.modules.staff.actions.effects import ENDING, PLACING
from khet.modules.staff.actions.service import ROW_FIELDS
from khet.modules.staff.choices import Movement, movement_of
from khet.modules.staff.models import Incumbency, Official, Position, ServiceRow
from khet.modules.staff.queries import Units
from khet.modules.staff.records.words import (
    read_citizen_id,
    read_level,
    read_person_code,
    read_position_number,
    read_standing,
    sealed_of,
    without_ids,
)
from khet.modules.staff.rules import IMPORT

HIGHEST_PAY = 150_000
PAY_MOVEMENTS = (
    Movement.STEP_HALF, Movement.STEP_ONE, Movement.STEP_ONE_HALF, Movement.STEP_TWO, Movement.RAISED, Movement.ADJUSTED,
    Movement.SPECIAL_2, Movement.SPECIAL_4, Movement.CEILING,
)  # fmt: skip

_STEPS = {
    Decimal("0.5"): Movement.STEP_HALF,
    Decimal(1): Movement.STEP_ONE,
    Decimal("1.5"): Movement.STEP_ONE_HALF,
    Decimal(2): Movement.STEP_TWO,
}


def row_key(official_code: str, effective_on: date, movement: str, order_number: str) -> str:
    """By what a row of a file is known again."""
    order = re.sub(r"\s+", "", to_arabic_digits(order_number)).replace("|", "/")
    return f"{official_code}|{effective_on.isoformat()}|{movement}|{order}"


def read_order(text: str) -> str:
    """The number of an order without the words before it: คำสั่งที่ 118/2569 → 118/2569."""
    number = re.sub(r"^(คำสั่ง)?\s*(ที่|เลขที่)?\s*", "", normalise(to_arabic_digits(text))).strip()
    if not number or len(number) > 60:
        raise Wrong(_("เลขที่คำสั่ง “%(text)s” ว่างหรือยาวเกิน 60 ตัวอักษร") % {"text": text[:30]})
    return number


PERSON = (
    ImportColumn("person", gettext_lazy("รหัสบุคลากร"), ("person code",), read=read_person_code),
    ImportColumn("citizen_id", gettext_lazy("เลขประจำตัวประชาชน"), ("เลขประจำตัว 13 หลัก", "เลขบัตรประชาชน", "เลขบัตรประจำตัวประชาชน", "cid", "pid"), read=read_citizen_id, masked=True, sealed=True),
    ImportColumn("full_name", gettext_lazy("ชื่อ-นามสกุล"), ("ชื่อ - สกุล", "ชื่อ-สกุล", "ชื่อ สกุล", "ชื่อ - นามสกุล", "ชื่อและนามสกุล", "ชื่อ-ชื่อสกุล"), masked=True, max_length=230),
)  # fmt: skip
ORDER = (
    ImportColumn("effective_on", gettext_lazy("วันที่มีผล"), ("มีผลตั้งแต่", "มีผลตั้งแต่วันที่", "ตั้งแต่วันที่", "วันที่มีผลบังคับ", "วันมีผล"), kind=Kind.DATE, required=True),
    ImportColumn("order_number", gettext_lazy("คำสั่งที่"), ("เลขที่คำสั่ง", "คำสั่งเลขที่", "คำสั่ง", "เลขคำสั่ง"), required=True, read=read_order),
    ImportColumn("order_on", gettext_lazy("คำสั่งลงวันที่"), ("วันที่ออกคำสั่ง", "ลงวันที่", "วันที่คำสั่ง", "สั่ง ณ วันที่", "ลว."), kind=Kind.DATE),
    ImportColumn("order_by", gettext_lazy("หน่วยงานที่ออกคำสั่ง"), ("ผู้ออกคำสั่ง", "คำสั่งของ", "หน่วยงานออกคำสั่ง"), max_length=120),
    ImportColumn("signed_by", gettext_lazy("ผู้ลงนามในคำสั่ง"), ("ผู้ลงนาม", "ลงนามโดย"), max_length=150),
    ImportColumn("words", gettext_lazy("รายการตามคำสั่ง"), ("หมายเหตุ",), max_length=300),
)  # fmt: skip


class ServiceImport(Import):
    """What both kinds of sheets have in common: whose row it is, which row it is, writing and taking back."""

    capability = IMPORT
    key = "key"
    heading = "who"
    group = "order_number"
    group_label = gettext_lazy("คำสั่งที่")
    tells = ("full_name",)
    comes_back = False
    by_position = False  # whether the number of a position may name the person who holds it
    own: Sequence[ImportColumn] = ()

    def __init__(self) -> None:
        self.columns = (
            ImportColumn("key", gettext_lazy("รหัสรายการ"), (), max_length=200),
            *PERSON,
            *self.own,
            *ORDER,
        )
        super().__init__()

    def missing(self, mapping: Mapping[str, int]) -> list[ImportColumn]:
        lacking = [c for c in self.columns if c.required and c.code not in mapping]
        named = {"person", "citizen_id", *(["position_number"] if self.by_position else [])}
        if not named & mapping.keys():
            lacking.append(self.by_code["citizen_id"])
        return lacking

    # Whose row, and which.

    def complete(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """Find the person of each row, say what happened in our words, and compose the key."""
        people, units = _People(rows, by_position=self.by_position), Units()
        writable = set(
            visible(actor, Official.objects.filter(pk__in=people.pks), IMPORT).values_list("pk", flat=True)
        )
        for row in rows:
            row.cells = without_ids(row.cells)
            name = row.values.pop("full_name", None)
            official = people.of(row)
            row.values.pop("citizen_id", None)
            if official is not None and official.pk not in writable:
                row.wrong("citizen_id", _("บุคคลนี้อยู่นอกขอบเขตที่คุณแก้ได้"))
                official = None
            self.say(row, official, units)
            if official is None:
                row.values["who"] = normalise(name or "")
                continue
            row.values |= {"person": official.code, "who": official.person.full_name}
            if name and _bare(name) != _bare(official.person.full_name):
                row.look(
                    "full_name",
                    _("ชื่อในไฟล์ไม่ตรงกับทะเบียน (%(name)s) ตรวจว่าเป็นคนเดียวกัน")
                    % {"name": official.person.full_name},
                )
            facts = [row.values.get(code) for code in ("effective_on", "movement", "order_number")]
            if all(facts):
                row.values["key"] = row_key(official.code, *facts)

    def say(self, row: Checked, official: Official | None, units: Units) -> None:
        """Turn the words of the sheet into the values of a row; ``official`` is whose it is, when known."""
        raise NotImplementedError

    def load(self, actor: Actor, keys: Iterable[Any], *, lock: bool = False) -> dict[Any, models.Model]:
        """First row of each chain by key, with the one in force as ``tip``; what was struck out is not there."""
        wanted = {key for key in keys if key}
        if not wanted:
            return {}
        parts = [key.split("|") for key in wanted]
        found = list(
            ServiceRow.objects.filter(
                official__code__in={p[0] for p in parts}, effective_on__in={date.fromisoformat(p[1]) for p in parts},
                movement__in={p[2] for p in parts},
            )
            .select_related("official__person", "unit")
            .order_by("pk")
        )  # fmt: skip
        corrections = ServiceRow.objects.filter(corrects=OuterRef("pk"))
        chained = {
            row.pk: row
            for row in ServiceRow.objects.filter(official__in={row.official_id for row in found})
            .filter(Q(corrects__isnull=False) | Exists(corrections))
            .select_related("official__person", "unit")
        }
        after = {row.corrects_id: row for row in chained.values() if row.corrects_id}
        rows: dict[Any, models.Model] = {}
        for row in found:
            key = row_key(row.official.code, row.effective_on, row.movement, row.order_number)
            if key not in wanted or key in rows:
                continue
            first, tip = row, row
            while first.corrects_id:
                first = chained[first.corrects_id]
            while tip.pk in after:
                tip = after[tip.pk]
            if not tip.is_void:
                first.tip, first.said = tip, row
                rows[key] = first
        return rows

    def editable(self, actor: Actor, found: Iterable[models.Model]) -> set[int]:
        pks = [row.pk for row in found]
        return set(visible(actor, ServiceRow.objects.filter(pk__in=pks), IMPORT).values_list("pk", flat=True))

    def values(self, record: ServiceRow) -> dict[str, Any]:
        return self._values(getattr(record, "tip", record))

    def _values(self, row: ServiceRow) -> dict[str, Any]:
        said = {name: getattr(row, name) for name in ROW_FIELDS if name not in ("unit", "place")}
        said |= {"unit": row.unit.code if row.unit else None, "place": None if row.unit else row.place}
        return {name: None if value == "" else value for name, value in said.items()}

    # Rules.

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        for row in rows:
            if row.record is None:
                continue
            tip, said = row.record.tip, self._values(row.record.said)
            same = all(said.get(code) == value for code, value in row.values.items() if code in said)
            if tip is not row.record.said and same:
                now = self._values(tip)
                row.values |= {code: now[code] for code in row.values if code in now}
                row.look("order_number", _("รายการนี้บันทึกแล้วและมีผู้แก้ไขภายหลัง คงตามที่แก้ไข"))
        codes = {row.values["person"] for row in rows if row.values.get("person")}
        officials = {
            official.code: official
            for official in Official.objects.filter(code__in=codes).select_related(
                "person", "unit", "position"
            )
        }
        self.look_at(rows, officials)

    def look_at(self, rows: Sequence[Checked], officials: Mapping[str, Official]) -> None:
        """Rules of this kind of sheet."""

    # Writing.

    def apply(
        self,
        *,
        actor: Actor,
        new: Sequence[Mapping[str, Any]],
        changed: Sequence[tuple[ServiceRow, Mapping[str, Any]]],
        source: str,
    ) -> list[int]:
        codes = {values["person"] for values in new}
        officials = {o.code: o for o in Official.objects.filter(code__in=codes)}
        units = Units()

        def meant(values: Mapping[str, Any]) -> dict[str, Any]:
            given = {name: value for name, value in values.items() if name in ROW_FIELDS}
            if given.get("unit"):
                given["unit"] = units.find(given["unit"])
            return given

        made = import_service_rows(
            actor=actor,
            new=[{**meant(values), "official": officials[values["person"]]} for values in new],
            changed=[(getattr(row, "tip", row), meant(values)) for row, values in changed],
            source=source,
        )
        return [row.pk for row in made]

    def remove(self, *, actor: Actor, records: Sequence[ServiceRow], source: str) -> None:
        strike_imported_rows(actor=actor, rows=[getattr(row, "tip", row) for row in records], source=source)

    def group_counts(self, pks: Sequence[int]) -> dict[str, int]:
        counted = (
            ServiceRow.objects.filter(pk__in=pks).order_by().values_list("order_number").annotate(Count("pk"))
        )
        return dict(counted)


def _bare(name: str) -> str:
    return fold(strip_title(name)).replace(" ", "")


class _People:
    """Who is meant by the rows of a file: by our code, by citizen id, where allowed by the position held; three queries."""

    def __init__(self, rows: Sequence[Checked], *, by_position: bool) -> None:
        self.by_position = by_position
        codes = {row.values["person"] for row in rows if row.values.get("person")}
        prints = {
            sealed_of(row.values["citizen_id"]).fingerprint for row in rows if row.values.get("citizen_id")
        }
        numbers = (
            {row.values["position_number"] for row in rows if row.values.get("position_number")}
            if by_position
            else set()
        )
        self.prints = people_by_fingerprint(IdKind.CITIZEN, list(prints)) if prints else {}
        found = list(
            Official.objects.filter(
                Q(code__in=codes)
                | Q(person__in=self.prints.values())
                | Q(position__number__in=numbers, left_on__isnull=True)
            ).select_related("person", "unit", "position")
        )
        self.pks = [official.pk for official in found]
        self.by_code = {official.code: official for official in found}
        self.by_person = {official.person_id: official for official in found}
        self.holders: dict[str, list[Official]] = defaultdict(list)
        for official in found:
            if official.position and official.is_serving:
                self.holders[official.position.number].append(official)

    def of(self, row: Checked) -> Official | None:
        """The person, or None and a sentence on the row."""
        code, sealed = row.values.get("person"), row.values.get("citizen_id")
        if code:
            if code not in self.by_code:
                row.wrong("person", _("ไม่มีรหัสบุคลากร %(code)s ในทะเบียน") % {"code": code})
            return self.by_code.get(code)
        if sealed:
            person = self.prints.get(sealed_of(sealed).fingerprint)
            if (official := self.by_person.get(person or 0)) is None:
                row.wrong("citizen_id", _("ไม่พบผู้มีเลขประจำตัวนี้ในทะเบียนบุคลากร เพิ่มบุคลากรก่อนแล้วตรวจใหม่"))
            return official
        number = row.values.get("position_number") if self.by_position else None
        if number:
            holders = self.holders.get(number, [])
            if len(holders) == 1:
                return holders[0]
            row.wrong(
                "position_number",
                _("ไม่มีผู้ครองเลขที่ตำแหน่ง %(number)s") % {"number": number}
                if not holders
                else _("เลขที่ตำแหน่ง %(number)s มีผู้ครองสองคน ใส่เลขประจำตัวประชาชนแทน") % {"number": number},
            )
        elif not {fault.column for fault in row.faults} & {"person", "citizen_id", "position_number"}:
            row.wrong("citizen_id", _("แถวนี้ไม่บอกว่าเป็นของใคร ใส่รหัสบุคลากรหรือเลขประจำตัวประชาชน"))
        return None


class MovementImport(ServiceImport):
    """A movement sheet (แบบการเคลื่อนไหวของ SEIS/e-ก.พ.7): appointments, transfers, promotions, secondments, leaving."""

    own = (
        ImportColumn("movement", gettext_lazy("ประเภทการเคลื่อนไหว"), ("การเคลื่อนไหว", "ประเภทคำสั่ง", "รายการเคลื่อนไหว", "ประเภท"), required=True, max_length=300),
        ImportColumn("position_number", gettext_lazy("เลขที่ตำแหน่ง"), ("ตำแหน่งเลขที่", "เลขที่ตำแหน่งใหม่", "ตำแหน่งเลขที่ (ใหม่)"), read=read_position_number),
        ImportColumn("title", gettext_lazy("ตำแหน่ง"), ("ตำแหน่งใหม่", "ชื่อตำแหน่ง"), max_length=120),
        ImportColumn("unit", gettext_lazy("สังกัด"), ("โรงเรียน", "สถานศึกษา", "สังกัดใหม่", "โรงเรียนใหม่", "สังกัด/โรงเรียน", "หน่วยงาน", "ช่วยราชการที่"), max_length=200),
        ImportColumn("place", gettext_lazy("สังกัดนอกเขต"), (), max_length=200),
        ImportColumn("level", gettext_lazy("ระดับ"), ("ระดับ (คศ.)", "อันดับ", "คศ.", "รับเงินเดือนอันดับ"), read=read_level),
        ImportColumn("standing", gettext_lazy("วิทยฐานะ"), ("วิทยะฐานะ",), read=read_standing),
        ImportColumn("salary", gettext_lazy("อัตราเงินเดือน"), ("เงินเดือน", "ขั้นเงินเดือน", "เงินเดือนใหม่"), kind=Kind.DECIMAL, places=2, low=0, high=HIGHEST_PAY, masked=True),
        ImportColumn("position_pay", gettext_lazy("เงินประจำตำแหน่ง"), (), kind=Kind.DECIMAL, places=2, low=0, high=HIGHEST_PAY, masked=True),
    )  # fmt: skip

    def say(self, row: Checked, official: Official | None, units: Units) -> None:
        words = row.values.get("movement")
        if words:
            row.values["movement"] = str(movement_of(words))
            if words != Movement(row.values["movement"]).label and not row.values.get("words"):
                row.values["words"] = words
        said = row.values.get("unit")
        if said:
            unit = units.find(said)
            if unit is not None:
                row.values["unit"] = unit.code
            else:
                del row.values["unit"]
                row.values["place"] = said
                row.look(
                    "unit",
                    _("ไม่พบ “%(words)s” ในเขต ถือเป็นที่นอกเขต: บันทึกใน ก.พ.7 อย่างเดียว") % {"words": said[:60]},
                )

    def look_at(self, rows: Sequence[Checked], officials: Mapping[str, Official]) -> None:
        placing = [r for r in rows if r.values.get("movement") in PLACING and r.values.get("position_number")]
        positions = {
            position.number: position
            for position in Position.objects.filter(
                number__in={row.values["position_number"] for row in placing}, until__isnull=True
            ).select_related("unit")
        }
        holders: dict[int, list[Official]] = defaultdict(list)
        for holder in Official.objects.filter(
            position__in=list(positions.values()), left_on__isnull=True
        ).select_related("person"):
            holders[holder.position_id].append(holder)
        since = {
            held.official_id: held.since
            for held in Incumbency.objects.filter(official__in=[o.pk for o in officials.values()]).order_by(
                "since"
            )
        }
        moving = {
            row.values.get("person")
            for row in rows
            if row.record is None
            and not row.is_wrong
            and (row.values.get("movement") in ENDING or (row in placing))
        }
        wanted: dict[str, int] = {}
        for row in rows:
            official = officials.get(row.values.get("person") or "")
            movement = row.values.get("movement")
            if official is None or row.record is not None or movement is None:
                continue
            if movement == Movement.SECONDED and not row.values.get("unit") and not row.values.get("place"):
                row.wrong("unit", _("ช่วยราชการต้องบอกว่าที่ใด เติมโรงเรียนหรือหน่วยงาน"))
            if movement == Movement.OTHER:
                row.look("movement", _("ไม่รู้จักประเภทนี้ บันทึกข้อความตามไฟล์ใน ก.พ.7 ไม่เปลี่ยนตำแหน่งปัจจุบัน"))
            if row not in placing:
                continue
            number = row.values["position_number"]
            if official.pk in since and since[official.pk] >= row.values["effective_on"]:
                if official.position is None or official.position.number != number:
                    row.look(
                        "effective_on",
                        _("เป็นรายการย้อนหลังก่อนวันดำรงตำแหน่งปัจจุบัน บันทึกเฉพาะใน ก.พ.7"),
                    )
                continue
            self._position(row, official, positions, holders, moving, wanted)

    def _position(
        self,
        row: Checked,
        official: Official,
        positions: Mapping[str, Position],
        holders: Mapping[int, Sequence[Official]],
        moving: set[Any],
        wanted: dict[str, int],
    ) -> None:
        number = row.values["position_number"]
        if number in wanted:
            row.wrong(
                "position_number",
                _("เลขที่ตำแหน่ง %(number)s มีผู้ได้รับแต่งตั้งในแถว %(row)d แล้ว")
                % {"number": number, "row": wanted[number]},
            )
        wanted.setdefault(number, row.number)
        position = positions.get(number)
        if position is None:
            if not row.values.get("unit"):
                row.wrong("unit", _("ยังไม่มีเลขที่ตำแหน่ง %(number)s บอกโรงเรียนด้วย") % {"number": number})
            else:
                row.look(
                    "position_number", _("ยังไม่มีเลขที่ตำแหน่ง %(number)s จะเพิ่มให้เมื่อยืนยัน") % {"number": number}
                )
            return
        if row.values.get("unit") and row.values["unit"] != position.unit.code:
            row.wrong(
                "position_number",
                _("เลขที่ตำแหน่ง %(number)s อยู่ที่%(unit)s ไม่ตรงกับสังกัดในแถว")
                % {"number": number, "unit": position.unit.name},
            )
        row.values.setdefault("unit", position.unit.code)
        for holder in holders.get(position.pk, ()):
            if holder.pk != official.pk and holder.code not in moving:
                row.wrong(
                    "position_number",
                    _("เลขที่ตำแหน่ง %(number)s มี%(name)sครองอยู่ และไม่ได้ย้ายออกในไฟล์นี้")
                    % {"number": number, "name": holder.person.full_name},
                )


def read_steps(text: str) -> str:
    """0.5, 1, 1.5 or 2 steps, or a share in a hundred, as the sheets write them; the movement that it is, or ``raised:2.95``."""
    plain = normalise(to_arabic_digits(text)).replace("ขั้น", "").replace(" ", "")
    if plain in ("ครึ่ง", "½", ".5"):
        plain = "0.5"
    try:
        number = Decimal(plain.removeprefix("ร้อยละ").removesuffix("%"))
    except ArithmeticError:
        raise Wrong(
            _("จำนวนขั้นหรือร้อยละ “%(text)s” อ่านไม่ได้ เขียนเช่น 0.5, 1 หรือ ร้อยละ 2.95") % {"text": text[:20]}
        ) from None
    if plain.startswith("ร้อยละ") or plain.endswith("%"):
        number = -number
    if number in _STEPS:
        return str(_STEPS[number])
    share = abs(number)
    if not 0 < share <= 12:
        raise Wrong(_("เลื่อนร้อยละ %(n)s อยู่นอกช่วง 0 ถึง 12 ตรวจกับคำสั่ง") % {"n": share})
    return f"raised:{share.normalize():f}"


class SalaryImport(ServiceImport):
    """A salary list: who gets how many steps or how much in a hundred, from which day, by which order."""

    by_position = True
    own = (
        ImportColumn("position_number", gettext_lazy("เลขที่ตำแหน่ง"), ("ตำแหน่งเลขที่", "เลขที่อัตรา"), read=read_position_number),
        ImportColumn("title", gettext_lazy("ตำแหน่ง"), ("ชื่อตำแหน่ง",), max_length=120),
        ImportColumn("level", gettext_lazy("ระดับ"), ("อันดับ", "คศ.", "รับเงินเดือนอันดับ", "ระดับ (คศ.)"), read=read_level),
        ImportColumn("steps", gettext_lazy("จำนวนขั้น"), ("ขั้น", "ขั้นที่เลื่อน", "จำนวนขั้นที่เลื่อน", "เลื่อนขั้น", "ร้อยละ", "ร้อยละที่เลื่อน", "ร้อยละที่ได้เลื่อน"), read=read_steps),
        ImportColumn("old_salary", gettext_lazy("เงินเดือนเดิม"), ("อัตราเงินเดือนเดิม", "เงินเดือนก่อนเลื่อน", "ขั้นเดิม", "ฐานเดิม"), kind=Kind.DECIMAL, places=2, low=0, high=HIGHEST_PAY, masked=True),
        ImportColumn("salary", gettext_lazy("เงินเดือนใหม่"), ("อัตราเงินเดือนใหม่", "เงินเดือนหลังเลื่อน", "เงินเดือนที่ได้รับ", "ให้ได้รับเงินเดือน", "ขั้นใหม่", "อัตราเงินเดือน"), kind=Kind.DECIMAL, places=2, low=1, high=HIGHEST_PAY, required=True, masked=True),
        ImportColumn("movement", gettext_lazy("ประเภทการเคลื่อนไหว"), ("รายการ",), max_length=300),
    )  # fmt: skip

    def say(self, row: Checked, official: Official | None, units: Units) -> None:
        words, steps = row.values.pop("movement", None), row.values.pop("steps", None)
        old, new = row.values.pop("old_salary", None), row.values.get("salary")
        movement = str(movement_of(words)) if words else Movement.RAISED.value
        if words and movement not in PAY_MOVEMENTS:
            row.wrong(
                "movement",
                _("“%(words)s” ไม่ใช่การเลื่อนเงินเดือน ใช้การนำเข้าบัญชีเคลื่อนไหวแทน") % {"words": words[:40]},
            )
        if steps and steps.startswith("raised:"):
            row.values.setdefault("words", f"เลื่อนเงินเดือน ร้อยละ {steps.removeprefix('raised:')}")
        elif steps:
            movement = steps
        elif words and movement == Movement.RAISED and words != Movement.RAISED.label:
            row.values.setdefault("words", words)
        row.values["movement"] = movement
        if old is not None and new is not None and new < old:
            row.wrong("salary", _("เงินเดือนใหม่น้อยกว่าเงินเดือนเดิม ตรวจกับคำสั่ง"))
        if official is None:
            return
        if official.position and not row.values.get("position_number"):
            row.values["position_number"] = official.position.number
        row.values.setdefault("title", official.title)
        row.values["unit"] = official.unit.code
        if old is not None and official.salary is not None and official.salary not in (old, new):
            row.look("old_salary", _("เงินเดือนเดิมในไฟล์ไม่ตรงกับทะเบียน ตรวจว่ามีคำสั่งก่อนหน้านี้ที่ยังไม่ลง"))

    def check(self, actor: Actor, rows: Sequence[Checked]) -> None:
        """Place and title are those of the day the row was first written, not of today."""
        for row in rows:
            if row.record is not None:
                now = self._values(row.record.said)
                row.values |= {
                    code: now[code] for code in ("unit", "title", "position_number") if code in row.values
                }
        super().check(actor, rows)
