"""Budgeted positions: added, changed, brought in from a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, entry, today, verb
from khet.modules.staff.choices import job_of
from khet.modules.staff.models import Official, Position
from khet.modules.staff.rules import EDIT, IMPORT

POSITION_FIELDS = (
    "number", "title", "kind", "level_allowed", "standing_allowed", "note", "since", "until", "unit",
)  # fmt: skip


@verb("staff.add_position", gettext_lazy("เพิ่มอัตรากำลัง"), capability=EDIT)
def add_position(*, actor: Actor, **values: Any) -> Position:
    position = _create([values])[0]
    entry().on(position, position.unit)
    return position


@verb("staff.change_position", gettext_lazy("แก้ไขอัตรากำลัง"), capability=EDIT, on="position")
def change_position(*, actor: Actor, position: Position, **values: Any) -> Position:
    """Change facts of a position. Its number stays what it is in old papers: those name it by number."""
    entry().on(position, position.unit)
    for name, value in values.items():
        before = getattr(position, name)
        if before != value:
            entry().changed(name, str(before or ""), str(value or ""))
    _change([(position, values)])
    return position


@verb("staff.import_positions", gettext_lazy("นำเข้าอัตรากำลัง"), capability=IMPORT)
def import_positions(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[Position, Mapping[str, Any]]],
    source: str,
) -> list[Position]:
    """Add and change many positions, set-based; ``unit`` is a unit, the rest as the fields of ``Position``."""
    made = _create(new)
    _change(changed)
    entry().tell(source=source, new=len(new), changed=len(changed))
    return made


@verb("staff.remove_imported_positions", gettext_lazy("นำอัตรากำลังที่นำเข้าออก"), capability=IMPORT)
def remove_imported_positions(*, actor: Actor, positions: Sequence[Position], source: str) -> None:
    """Take away positions that an import has just made. One that somebody holds stops it (``ProtectedError``)."""
    entry().tell(source=source, numbers=[position.number for position in positions][:500])
    Position.objects.filter(pk__in=[position.pk for position in positions]).delete()


def find_or_make(actor: Actor, wanted: Sequence[tuple[str, Official]]) -> dict[str, Position]:
    """Number → open position; those that are not there are made after the official who comes with the number."""
    if not wanted:
        return {}
    known = {
        position.number: position
        for position in Position.objects.filter(number__in={n for n, _o in wanted}, until__isnull=True)
    }
    missing = {number: official for number, official in wanted if number not in known}
    made = _create(
        [
            {
                "number": number,
                "unit": official.unit,
                "title": official.title,
                "kind": official.kind,
                "level_allowed": official.level,
                "since": min(official.in_position_since or today(), today()),
            }
            for number, official in missing.items()
        ]
    )
    return known | {position.number: position for position in made}


def _create(rows: Sequence[Mapping[str, Any]]) -> list[Position]:
    positions = []
    for row in rows:
        values = _facts(row)
        for name, sentence in (
            ("number", _("ยังไม่ได้ใส่เลขที่ตำแหน่ง")),
            ("title", _("ยังไม่ได้ใส่ตำแหน่ง")),
            ("unit", _("ยังไม่ได้เลือกหน่วยงาน")),
        ):
            if not values.get(name):
                raise Refusal(sentence, code=f"staff.position_{name}", field=name)
        position = Position(**values)
        _derive(position)
        positions.append(position)
    _refuse_taken(positions)
    return Position.objects.bulk_create(positions, batch_size=1000)


def _change(rows: Sequence[tuple[Position, Mapping[str, Any]]]) -> None:
    touched: set[str] = set()
    for position, given in rows:
        values = _facts(given)
        for name, value in values.items():
            setattr(position, name, value)
        _derive(position)
        touched |= values.keys()
    positions = [position for position, _values in rows]
    if "number" in touched:
        _refuse_taken(positions)
    if positions:
        Position.objects.bulk_update(positions, sorted(touched | {"job", "search_text"}), batch_size=500)


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    facts = {}
    for name in POSITION_FIELDS:
        if name in values:
            value = values[name]
            field = Position._meta.get_field(name)
            if value is None and not field.null:
                value = field.get_default() if field.has_default() else ""
            facts[name] = normalise(value) if isinstance(value, str) else value
    return facts


def _derive(position: Position) -> None:
    position.job = job_of(position.title)
    position.search_text = fold(
        " ".join([position.number, position.title, position.unit.name, position.note])
    )


def _refuse_taken(positions: Sequence[Position]) -> None:
    mine = [position.pk for position in positions if position.pk]
    numbers = [position.number for position in positions if position.until is None]
    taken = (
        Position.objects.filter(number__in=numbers, until__isnull=True)
        .exclude(pk__in=mine)
        .select_related("unit")
        .first()
    )
    if taken is not None or len(set(numbers)) < len(numbers):
        twice = taken.number if taken else next(n for n in numbers if numbers.count(n) > 1)
        raise Conflict(
            _("เลขที่ตำแหน่ง %(number)s มีอยู่แล้ว%(where)s ตรวจเลขกับเอกสาร")
            % {"number": twice, "where": f" ({taken.unit.name})" if taken else ""},
            code="staff.number_taken",
            field="number",
        )
