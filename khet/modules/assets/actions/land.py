"""Verbs on land: add, change, a whole list, take away what a list has just made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict
from khet.base.org.api import Actor, Unit, entry, save, verb
from khet.modules.assets.actions.buildings import facts
from khet.modules.assets.actions.reach import demand_units
from khet.modules.assets.models import Land
from khet.modules.assets.rules import EDIT, IMPORT

LAND_FACTS = ("kind", "document", "treasury_number", "rai", "ngan", "wa", "note")


def land_code(unit: Unit, number: int) -> str:
    """``99020064-1``: the unit's code and the number of the parcel."""
    return f"{unit.code}-{number}"


@verb("assets.add_land", gettext_lazy("เพิ่มแปลงที่ดิน"), capability=EDIT, on="unit")
def add_land(*, actor: Actor, unit: Unit, kind: str, number: int | None = None, **values: Any) -> Land:
    """Add a parcel; without a number it is the next."""
    if number is None:
        number = (Land.objects.filter(unit=unit).aggregate(m=Max("number"))["m"] or 0) + 1
    if Land.objects.filter(unit=unit, number=number).exists():
        raise Conflict(
            _("มีแปลงที่ %(number)d แล้ว ใช้เลขถัดไป") % {"number": number},
            code="assets.number_taken",
            field="number",
        )
    land = Land(
        unit=unit,
        kind=kind,
        number=number,
        code=land_code(unit, number),
        **facts(Land, LAND_FACTS[1:], values),
    )
    land.full_clean(exclude=["unit", "code"])
    land.save()
    entry().on(land, unit)
    return land


@verb("assets.add_parcels", gettext_lazy("เพิ่มแปลงที่ดินเป็นชุด"), capability=EDIT)
def add_parcels(*, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[Land]:
    """Many parcels in one statement; values as for ``add_land``, each with its number."""
    demand_units(actor, EDIT, {row["unit"].pk for row in rows})
    made = _make(rows)
    entry().tell(parcels=len(made))
    return made


@verb("assets.change_land", gettext_lazy("แก้ไขแปลงที่ดิน"), capability=EDIT, on="land")
def change_land(*, actor: Actor, land: Land, **values: Any) -> Land:
    entry().on(land, land.unit)
    save(land, **facts(Land, LAND_FACTS, values))
    return land


@verb("assets.import_land", gettext_lazy("นำเข้าที่ดิน"), capability=IMPORT)
def import_land(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[Land, Mapping[str, Any]]],
    source: str,
) -> list[Land]:
    """Add and change many, set-based; returns the new ones in order. Values as for ``add_land``, each with its number."""
    demand_units(actor, IMPORT, {row["unit"].pk for row in new} | {land.unit_id for land, _v in changed})
    made = _make(new)
    touched: dict[tuple[str, ...], list[Land]] = defaultdict(list)
    for land, given in changed:
        values = facts(Land, LAND_FACTS, given)
        for name, value in values.items():
            setattr(land, name, value)
        if values:
            touched[tuple(sorted(values))].append(land)
    for names, parcels in touched.items():
        Land.objects.bulk_update(parcels, names, batch_size=1000)
    entry().tell(source=source, new=len(new), changed=len(changed))
    return made


@verb("assets.remove_imported_land", gettext_lazy("นำที่ดินที่นำเข้าออก"), capability=IMPORT)
def remove_imported_land(*, actor: Actor, parcels: Sequence[Land], source: str) -> None:
    """Take away parcels that an import has just made."""
    demand_units(actor, IMPORT, {land.unit_id for land in parcels})
    pks = [land.pk for land in parcels]
    entry().tell(source=source, codes=[land.code for land in parcels][:500], removed=len(pks))
    Land.objects.filter(pk__in=pks).delete()


def _make(rows: Sequence[Mapping[str, Any]]) -> list[Land]:
    parcels = [
        Land(
            unit=row["unit"], number=row["number"], code=land_code(row["unit"], row["number"]), **facts(Land, LAND_FACTS, row)
        )
        for row in rows
    ]  # fmt: skip
    return Land.objects.bulk_create(parcels, batch_size=2000)
