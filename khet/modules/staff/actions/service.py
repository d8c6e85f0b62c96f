"""Verbs of the service record: rows are added, corrected by further rows, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Forbidden, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, verb
from khet.modules.staff.actions.effects import carry_out, officials_of, put_back
from khet.modules.staff.choices import Movement
from khet.modules.staff.models import Official, ServiceRow
from khet.modules.staff.rules import IMPORT, RECORD

ORDER_FIELDS = ("order_number", "order_on", "order_by", "signed_by")
ROW_FIELDS = (
    "effective_on", "movement", "words", "title", "unit", "place", "position_number", "standing", "level", "salary",
    "position_pay", *ORDER_FIELDS,
)  # fmt: skip


@verb("staff.add_service_row", gettext_lazy("เพิ่มรายการใน ก.พ.7"), capability=RECORD, on="official")
def add_service_row(*, actor: Actor, official: Official, **values: Any) -> ServiceRow:
    """Write one order into a person's record; values as ``ROW_FIELDS``. The present follows the newest row: pay, level,
    standing, and by the movement the position, the place of work or the end of service."""
    _not_of_oneself(actor, official)
    row = _append(actor, [{**values, "official": official}])[0]
    entry().on(official, official.person, official.unit)
    entry().tell(row=row.pk, movement=row.movement, order=row.order_words, since=row.effective_on)
    return row


@verb("staff.add_service_rows", gettext_lazy("ลงคำสั่งเดียวใน ก.พ.7 ของหลายคน"), capability=RECORD)
def add_service_rows(
    *, actor: Actor, order: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> list[ServiceRow]:
    """Write one order into the records of many people, set-based. ``order`` has ``ORDER_FIELDS`` and what is the same for
    all (day, movement, words); each of ``rows`` has its ``official`` and what is their own, such as the new salary."""
    made = _append(actor, [{**order, **row} for row in rows])
    if not made:
        raise Refusal(_("ยังไม่ได้เลือกบุคลากร"), code="staff.nobody", field="people")
    entry().tell(order=made[0].order_words, rows=len(made), officials=[row.official_id for row in made][:500])
    return made


@verb("staff.import_service_rows", gettext_lazy("นำเข้ารายการ ก.พ.7"), capability=IMPORT)
def import_service_rows(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[ServiceRow, Mapping[str, Any]]],
    source: str,
) -> list[ServiceRow]:
    """Rows of a sheet, set-based: ``new`` as for ``add_service_row`` with their ``official``; ``changed`` are rows in force
    with what the file says otherwise: each is corrected by a new row. Returns the rows made of ``new``."""
    made = _append(actor, new, source=source)
    _correct(actor, changed, reason=_("แก้ตามไฟล์ %(file)s") % {"file": source}, source=source)
    entry().tell(source=source, new=len(made), changed=len(changed))
    return made


@verb("staff.strike_imported_rows", gettext_lazy("ขีดรายการ ก.พ.7 ที่นำเข้าออก"), capability=IMPORT)
def strike_imported_rows(*, actor: Actor, rows: Sequence[ServiceRow], source: str) -> None:
    """Take an import back: its rows are struck out by further rows, and the present is put back as it was."""
    officials = officials_of(row.official_id for row in rows)
    put_back(rows, officials, strict=True)
    _insert([_strike(actor, row, source, source) for row in rows])
    entry().tell(source=source, struck=len(rows))


@verb("staff.correct_service_row", gettext_lazy("แก้ไขรายการใน ก.พ.7"), capability=RECORD, on="official")
def correct_service_row(
    *, actor: Actor, official: Official, row: ServiceRow, reason: str, **values: Any
) -> ServiceRow:
    """Put a new row in the place of a wrong one. The wrong one stays, struck through, with the reason beside the new."""
    _not_of_oneself(actor, official)
    _its_own(official, row)
    made = _correct(actor, [(row, values)], reason=_reason(reason))[0]
    entry().on(official, official.person, official.unit)
    entry().tell(row=row.pk, by=made.pk, reason=made.reason)
    return made


@verb("staff.strike_service_row", gettext_lazy("ขีดรายการใน ก.พ.7 ออก"), capability=RECORD, on="official")
def strike_service_row(*, actor: Actor, official: Official, row: ServiceRow, reason: str) -> ServiceRow:
    """Strike out a row that should never have been written, with nothing in its place."""
    _not_of_oneself(actor, official)
    _its_own(official, row)
    put_back([row], officials_of([official.pk]))
    made = _insert([_strike(actor, row, _reason(reason))])[0]
    entry().on(official, official.person, official.unit)
    entry().tell(row=row.pk, by=made.pk, reason=made.reason)
    return made


def _not_of_oneself(actor: Actor, official: Official) -> None:
    """Nobody writes in their own record: another hand does, or a sheet with its order."""
    if actor.person is not None and actor.person.pk == official.person_id:
        raise Forbidden(_("บันทึก ก.พ.7 ของตนเองไม่ได้ ให้ผู้อื่นในกลุ่มบริหารงานบุคคลบันทึก"), code="staff.own_record")


def _its_own(official: Official, row: ServiceRow) -> None:
    if row.official_id != official.pk:
        raise Refusal(_("รายการนี้ไม่ใช่ของบุคลากรผู้นี้"), code="staff.other_record")
    if row.is_void or ServiceRow.objects.filter(corrects=row).exists():
        raise Conflict(_("รายการนี้ถูกแก้ไขไปแล้ว แก้ที่รายการล่าสุด"), code="staff.row_corrected")


def _reason(text: str) -> str:
    reason = normalise(text)
    if len(reason) < 8:
        raise Refusal(_("บอกเหตุที่แก้อย่างน้อย 8 ตัวอักษร เช่น พิมพ์เลขที่คำสั่งผิด"), code="staff.reason", field="reason")
    return reason[:200]


def _build(values: Mapping[str, Any], actor: Actor, source: str) -> ServiceRow:
    """An unsaved row in the one spelling; refuses what an order cannot be without."""
    facts = {
        name: normalise(value) if isinstance(value := values.get(name), str) else value for name in ROW_FIELDS
    }
    for name, sentence in (
        ("effective_on", _("ยังไม่ได้ใส่วันที่มีผล")),
        ("movement", _("ยังไม่ได้เลือกประเภทการเคลื่อนไหว")),
        ("order_number", _("ยังไม่ได้ใส่เลขที่คำสั่ง รายการใน ก.พ.7 ต้องมีคำสั่งอ้างอิง")),
    ):
        if not facts[name]:
            raise Refusal(sentence, code=f"staff.row_{name}", field=name)
    if facts["movement"] == Movement.OTHER and not facts["words"]:
        raise Refusal(_("รายการประเภทอื่น ๆ ต้องพิมพ์ข้อความตามคำสั่ง"), code="staff.row_words", field="words")
    if facts["salary"] is not None and facts["salary"] < 0:
        raise Refusal(_("อัตราเงินเดือนติดลบไม่ได้"), code="staff.row_salary", field="salary")
    unit = facts.pop("unit")
    facts = {
        name: value if value is not None or name in ("salary", "position_pay", "order_on") else ""
        for name, value in facts.items()
    }
    if not facts["place"] and unit is not None:
        facts["place"] = unit.name
    row = ServiceRow(
        official=values["official"], unit=unit, written_by=actor.name[:200], source=source[:200], **facts
    )
    row.clean_fields(exclude=["official", "unit", "corrects", "before"])
    return row


def _append(actor: Actor, given: Sequence[Mapping[str, Any]], *, source: str = "") -> list[ServiceRow]:
    rows = [_build(values, actor, source) for values in given]
    officials = officials_of(row.official_id for row in rows)
    carry_out(actor, rows, officials)
    return _insert(rows)


def _correct(
    actor: Actor,
    given: Sequence[tuple[ServiceRow, Mapping[str, Any]]],
    *,
    reason: str,
    source: str = "",
) -> list[ServiceRow]:
    """Each row's effect is taken back, then that of its correction carried out."""
    if not given:
        return []
    officials = officials_of(row.official_id for row, _values in given)
    put_back([row for row, _values in given], officials)
    made = []
    for row, values in given:
        kept = {name: getattr(row, name) for name in ROW_FIELDS}
        said = {**kept, **values}
        if said["unit"] != row.unit and said["place"] == row.place:
            said["place"] = ""  # the words of the old place do not go with another unit
        new = _build({**said, "official": officials[row.official_id]}, actor, source)
        new.corrects, new.reason = row, reason[:200]
        made.append(new)
    carry_out(actor, made, officials)
    return _insert(made)


def _strike(actor: Actor, row: ServiceRow, reason: str, source: str = "") -> ServiceRow:
    kept = {name: getattr(row, name) for name in ROW_FIELDS}
    return ServiceRow(
        official_id=row.official_id, corrects=row, reason=reason[:200], is_void=True, source=source[:200],
        written_by=actor.name[:200], **kept,
    )  # fmt: skip


def _insert(rows: Sequence[ServiceRow]) -> list[ServiceRow]:
    try:
        with transaction.atomic():
            return ServiceRow.objects.bulk_create(rows, batch_size=1000)
    except IntegrityError as why:
        if "staff_row_corrected_once" not in str(why):
            raise
        raise Conflict(_("มีผู้แก้รายการนี้ไปก่อนแล้ว เปิดดูใหม่แล้วแก้ที่รายการล่าสุด"), code="staff.row_corrected") from why
