"""Verbs on buildings: add, change, a whole list, repair, demolition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, Unit, entry, save, today, verb
from khet.kits.search.api import index
from khet.modules.assets.actions.reach import demand_units
from khet.modules.assets.choices import BuildingKind, DemolitionState, RepairState, Standing
from khet.modules.assets.models import Building, Demolition, Repair
from khet.modules.assets.rules import ASK, EDIT, IMPORT, PERMIT

FACTS = (
    "name", "model", "rooms_plan", "rooms_used", "seats", "floors", "width", "length", "year_built", "budget",
    "budget_source", "condition", "land", "treasury_number", "repaired_year", "note",
)  # fmt: skip
OPEN = (DemolitionState.ASKED, DemolitionState.PERMITTED)


def building_code(unit: Unit, kind: str, number: int) -> str:
    """``99020064-01-1``: the unit's code, the type, the number in order."""
    return f"{unit.code}-{kind}-{number}"


def facts(model: type[Any], names: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Only these facts, text in its one spelling, None as the field's own emptiness."""
    found: dict[str, Any] = {}
    for name in names:
        if name in values:
            value = values[name]
            field = model._meta.get_field(name)
            if value is None and not field.null:
                value = field.get_default() if field.has_default() else ""
            found[name] = _spelled(value) if isinstance(value, str) and value else value
    return found


# Lists say the same words many times: names, places, brands.
_spelled = lru_cache(maxsize=8192)(normalise)


def _derive(building: Building) -> None:
    building.search_text = fold(
        " ".join((building.code, building.name, building.model, building.treasury_number, building.unit.name))
    )


@verb("assets.add_building", gettext_lazy("เพิ่มสิ่งก่อสร้าง"), capability=EDIT, on="unit")
def add_building(
    *, actor: Actor, unit: Unit, kind: str, number: int | None = None, **values: Any
) -> Building:
    """Add one. Without a number it gets the next of its kind; without a name the words of kind and number."""
    if number is None:
        number = (Building.objects.filter(unit=unit, kind=kind).aggregate(m=Max("number"))["m"] or 0) + 1
    building = _make([{**values, "unit": unit, "kind": kind, "number": number}])[0]
    entry().on(building, unit)
    return building


@verb("assets.change_building", gettext_lazy("แก้ไขสิ่งก่อสร้าง"), capability=EDIT, on="building")
def change_building(*, actor: Actor, building: Building, **values: Any) -> Building:
    """Change facts. Place, type and number stay what they are."""
    given = facts(Building, FACTS, values)
    if "name" in given and not given["name"]:
        raise Refusal(_("ใส่ชื่อสิ่งก่อสร้าง เช่น อาคารเรียน ลำดับที่ 1"), code="assets.name", field="name")
    land = given.get("land")
    if land is not None and land.unit_id != building.unit_id:
        raise Refusal(_("แปลงที่ดินนี้เป็นของโรงเรียนอื่น เลือกแปลงของโรงเรียนนี้"), code="assets.land", field="land")
    entry().on(building, building.unit)
    save(building, **given)
    _derive(building)
    building.save(update_fields=["search_text"])
    index(Building, [building.pk])
    return building


@verb("assets.import_buildings", gettext_lazy("นำเข้าสิ่งก่อสร้าง"), capability=IMPORT)
def import_buildings(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[Building, Mapping[str, Any]]],
    source: str,
) -> list[Building]:
    """Add and change many, set-based; returns the new ones in order. Values as for ``add_building``."""
    demand_units(actor, IMPORT, {row["unit"].pk for row in new} | {b.unit_id for b, _values in changed})
    made = _make(new)
    _change(changed)
    entry().tell(source=source, new=len(new), changed=len(changed))
    return made


@verb("assets.remove_imported_buildings", gettext_lazy("นำสิ่งก่อสร้างที่นำเข้าออก"), capability=IMPORT)
def remove_imported_buildings(*, actor: Actor, buildings: Sequence[Building], source: str) -> None:
    """Take away buildings that an import has just made."""
    demand_units(actor, IMPORT, {building.unit_id for building in buildings})
    pks = [building.pk for building in buildings]
    entry().tell(source=source, codes=[building.code for building in buildings][:500], removed=len(pks))
    Building.objects.filter(pk__in=pks).delete()
    index(Building, pks)


@verb("assets.set_building_condition", gettext_lazy("บันทึกสภาพสิ่งก่อสร้าง"), capability=EDIT)
def set_building_condition(*, actor: Actor, buildings: Sequence[Building], condition: str) -> int:
    """One condition for many buildings, in one statement."""
    demand_units(actor, EDIT, {building.unit_id for building in buildings})
    done = (
        Building.objects.filter(pk__in=[building.pk for building in buildings])
        .exclude(condition=condition)
        .update(condition=condition)
    )
    entry().on(*buildings[:200])
    entry().tell(condition=condition, buildings=done)
    return done


def _make(rows: Sequence[Mapping[str, Any]]) -> list[Building]:
    buildings = []
    for row in rows:
        unit, kind, number = row["unit"], row["kind"], row["number"]
        building = Building(unit=unit, kind=kind, number=number, **facts(Building, FACTS, row))
        building.code = building_code(unit, kind, number)
        if not building.name:
            building.name = f"{BuildingKind(kind).label} ลำดับที่ {number}"
        _derive(building)
        buildings.append(building)
    taken = Building.objects.filter(code__in=[building.code for building in buildings]).first()
    if taken is not None:
        raise Conflict(
            _("%(unit)sมี%(kind)sลำดับที่ %(number)d แล้ว คือ %(name)s ใช้ลำดับถัดไป")
            % {
                "unit": taken.unit.name,
                "kind": taken.get_kind_display(),
                "number": taken.number,
                "name": taken.name,
            },
            code="assets.number_taken",
            field="number",
        )
    made = Building.objects.bulk_create(buildings, batch_size=2000)
    index(Building, [building.pk for building in made])
    return made


def _change(rows: Sequence[tuple[Building, Mapping[str, Any]]]) -> None:
    """Rows that change the same fields go together, so that one statement carries a thousand."""
    touched: dict[tuple[str, ...], list[Building]] = defaultdict(list)
    for building, given in rows:
        values = facts(Building, FACTS, given)
        for name, value in values.items():
            setattr(building, name, value)
        _derive(building)
        touched[tuple(sorted({*values, "search_text"}))].append(building)
    for names, buildings in touched.items():
        Building.objects.bulk_update(buildings, names, batch_size=1000)
    index(Building, [building.pk for building, _values in rows])


# Repair.


@verb("assets.repair_building", gettext_lazy("บันทึกการซ่อมสิ่งก่อสร้าง"), capability=EDIT, on="building")
def repair_building(
    *,
    actor: Actor,
    building: Building,
    began_on: date,
    what: str,
    ended_on: date | None = None,
    cost: Decimal | None = None,
    source: str = "",
    done_by: str = "",
    condition: str = "",
) -> Repair:
    """Write down a repair; its year becomes the building's last, and the condition if a new one is given."""
    if building.standing == Standing.DEMOLISHED:
        raise Refusal(_("สิ่งก่อสร้างนี้รื้อถอนไปแล้ว บันทึกการซ่อมไม่ได้"), code="assets.demolished")
    if ended_on and ended_on < began_on:
        raise Refusal(_("วันที่เสร็จอยู่ก่อนวันที่เริ่ม ตรวจวันที่อีกครั้ง"), code="assets.days", field="ended_on")
    repair = Repair.objects.create(
        building=building,
        state=RepairState.DONE if ended_on else RepairState.OPEN,
        began_on=began_on,
        ended_on=ended_on,
        what=normalise(what),
        cost=cost,
        source=normalise(source),
        done_by=normalise(done_by),
    )
    entry().on(building, building.unit)
    year = (ended_on or began_on).year + 543
    values: dict[str, Any] = {"repaired_year": max(year, building.repaired_year or 0)}
    if condition:
        values["condition"] = condition
    save(building, **values)
    return repair


# Demolition.


@verb("assets.ask_demolition", gettext_lazy("ขอรื้อถอนสิ่งก่อสร้าง"), capability=ASK, on="building")
def ask_demolition(*, actor: Actor, building: Building, reason: str, document: str = "") -> Demolition:
    """The school asks; the building stays in use until the office permits."""
    if building.standing != Standing.STANDING:
        raise Conflict(
            _("สิ่งก่อสร้างนี้%(state)s ขอซ้ำไม่ได้") % {"state": building.get_standing_display()},
            code="assets.demolition_open",
        )
    asked = Demolition.objects.create(
        building=building,
        asked_on=today(),
        asked_by=actor.name,
        reason=normalise(reason),
        document=normalise(document),
    )
    entry().on(building, building.unit)
    save(building, standing=Standing.ASKED)
    return asked


@verb("assets.permit_demolition", gettext_lazy("อนุญาตให้รื้อถอน"), capability=PERMIT, on="demolition")
def permit_demolition(
    *, actor: Actor, demolition: Demolition, order_reference: str, answered_on: date | None = None
) -> Demolition:
    """Permit, with the order or letter that says so."""
    demolition = _open(demolition, DemolitionState.ASKED)
    order = normalise(order_reference)
    if not order:
        raise Refusal(
            _("ใส่เลขที่หนังสือหรือคำสั่งที่อนุญาต ถ้ายังไม่มีให้ออกเลขก่อน"), code="assets.order", field="order_reference"
        )
    day = answered_on or today()
    if day < demolition.asked_on:
        raise Refusal(_("วันที่อนุญาตอยู่ก่อนวันที่ขอ ตรวจวันที่อีกครั้ง"), code="assets.days", field="answered_on")
    entry().on(demolition.building, demolition.building.unit)
    save(
        demolition,
        state=DemolitionState.PERMITTED,
        order_reference=order,
        answered_on=day,
        answered_by=actor.name,
    )
    save(demolition.building, standing=Standing.PERMITTED)
    return demolition


@verb("assets.refuse_demolition", gettext_lazy("ไม่อนุญาตให้รื้อถอน"), capability=PERMIT, on="demolition")
def refuse_demolition(*, actor: Actor, demolition: Demolition, note: str) -> Demolition:
    """Refuse with a reason; the building is in use again."""
    demolition = _open(demolition, DemolitionState.ASKED)
    note = normalise(note)
    if not note:
        raise Refusal(_("เขียนเหตุผลที่ไม่อนุญาต โรงเรียนจะได้รู้ว่าต้องทำอะไรต่อ"), code="assets.reason", field="note")
    entry().on(demolition.building, demolition.building.unit)
    save(demolition, state=DemolitionState.REFUSED, note=note, answered_on=today(), answered_by=actor.name)
    save(demolition.building, standing=Standing.STANDING)
    return demolition


@verb("assets.finish_demolition", gettext_lazy("บันทึกว่ารื้อถอนแล้ว"), capability=ASK, on="demolition")
def finish_demolition(
    *, actor: Actor, demolition: Demolition, done_on: date, proceeds: Decimal | None = None, note: str = ""
) -> Demolition:
    """The building is down; it stays in the register with the order that allowed it."""
    demolition = _open(demolition, DemolitionState.PERMITTED)
    if demolition.answered_on and done_on < demolition.answered_on:
        raise Refusal(_("วันที่รื้อถอนอยู่ก่อนวันที่อนุญาต ตรวจวันที่อีกครั้ง"), code="assets.days", field="done_on")
    if done_on > today():
        raise Refusal(_("วันที่รื้อถอนยังมาไม่ถึง บันทึกเมื่อรื้อเสร็จแล้ว"), code="assets.days", field="done_on")
    entry().on(demolition.building, demolition.building.unit)
    save(demolition, state=DemolitionState.DONE, done_on=done_on, proceeds=proceeds, note=normalise(note))
    save(demolition.building, standing=Standing.DEMOLISHED, rooms_used=0)
    index(Building, [demolition.building_id])
    return demolition


def _open(demolition: Demolition, state: str) -> Demolition:
    """The row as it is now, locked; refuses when somebody has settled it meanwhile."""
    now = Demolition.objects.select_for_update().select_related("building__unit").get(pk=demolition.pk)
    if now.state != state:
        raise Conflict(
            _("เรื่องนี้%(state)s มีผู้ดำเนินการไปก่อนแล้ว เปิดหน้านี้ใหม่") % {"state": now.get_state_display()},
            code="assets.settled",
        )
    return now
