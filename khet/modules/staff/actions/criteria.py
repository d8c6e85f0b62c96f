"""Verbs on the criterion of manpower."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, save, verb
from khet.modules.staff.choices import Seat, Stage
from khet.modules.staff.models import Criterion
from khet.modules.staff.rules import CRITERIA

SOURCE = "หลักเกณฑ์ ก.ค.ศ. 2545 (ค่าตั้งต้น ยังไม่ได้เทียบกับเอกสาร)"
SINCE = date(2002, 10, 1)
# seat, lowest, highest, stage, fixed, pupils a teacher, pupils a room: figures to begin with, until the office has put in
# those of its document (ว 23/2563 has taken the place of these).
STARTING = [
    (Seat.PRINCIPAL, 1, 99_999, Stage.ALL, 1, None, None),
    (Seat.TEACHER, 1, 120, Stage.ALL, 0, 20, None),
    (Seat.TEACHER, 121, 99_999, Stage.KINDERGARTEN, 0, 25, 30),
    (Seat.TEACHER, 121, 99_999, Stage.PRIMARY, 0, 25, 40),
    (Seat.TEACHER, 121, 99_999, Stage.LOWER, 0, 20, 40),
    (Seat.TEACHER, 121, 99_999, Stage.UPPER, 0, 20, 40),
]
FACTS = (
    "code",
    "seat",
    "since",
    "low",
    "high",
    "stage",
    "fixed",
    "per",
    "room_size",
    "room_rest",
    "source",
    "is_confirmed",
)


@verb("staff.start_criteria", gettext_lazy("เริ่มใช้เกณฑ์อัตรากำลัง"), capability=CRITERIA)
def start_criteria(*, actor: Actor) -> int:
    """Put in the figures to begin with, where there are none at all; returns how many."""
    if Criterion.objects.exists():
        return 0
    made = Criterion.objects.bulk_create(
        Criterion(
            code=f"2545-{place}", seat=seat, since=SINCE, low=low, high=high, stage=stage, fixed=fixed, per=per,
            room_size=room, source=SOURCE,
        )
        for place, (seat, low, high, stage, fixed, per, room) in enumerate(STARTING, start=1)
    )  # fmt: skip
    entry().tell(rows=len(made))
    return len(made)


@verb("staff.add_criterion", gettext_lazy("เพิ่มเกณฑ์อัตรากำลัง"), capability=CRITERIA)
def add_criterion(*, actor: Actor, **values: Any) -> Criterion:
    """Add a row; rows of one seat, day and stage may not overlap in pupils."""
    row = _create([values])[0]
    entry().on(row)
    return row


@verb("staff.change_criterion", gettext_lazy("แก้ไขเกณฑ์อัตรากำลัง"), capability=CRITERIA, on="criterion")
def change_criterion(*, actor: Actor, criterion: Criterion, **values: Any) -> Criterion:
    given = _facts(values)
    wanted = Criterion(pk=criterion.pk, **{name: given.get(name, getattr(criterion, name)) for name in FACTS})
    _refuse_wrong([wanted])
    entry().on(criterion)
    save(criterion, **given)
    return criterion


@verb("staff.remove_criterion", gettext_lazy("ลบเกณฑ์อัตรากำลัง"), capability=CRITERIA, on="criterion")
def remove_criterion(*, actor: Actor, criterion: Criterion) -> None:
    """Take a row away; the journal keeps what it said."""
    entry().on(criterion)
    entry().tell(**{name: str(getattr(criterion, name)) for name in FACTS})
    criterion.delete()


@verb("staff.import_criteria", gettext_lazy("นำเข้าเกณฑ์อัตรากำลัง"), capability=CRITERIA)
def import_criteria(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[Criterion, Mapping[str, Any]]],
    source: str,
) -> list[Criterion]:
    """Add and change rows of a whole table in two statements."""
    touched: set[str] = set()
    for row, given in changed:
        values = _facts(given)
        touched |= values.keys()
        for name, value in values.items():
            setattr(row, name, value)
    rows = [row for row, _given in changed]
    _refuse_wrong(rows)
    if rows and touched:
        Criterion.objects.bulk_update(rows, sorted(touched))
    made = _create(new)
    entry().tell(source=source, new=len(made), changed=len(rows))
    return made


@verb("staff.remove_imported_criteria", gettext_lazy("นำเกณฑ์อัตรากำลังที่นำเข้าออก"), capability=CRITERIA)
def remove_imported_criteria(*, actor: Actor, criteria: Sequence[Criterion], source: str) -> None:
    entry().tell(source=source, codes=[row.code for row in criteria])
    Criterion.objects.filter(pk__in=[row.pk for row in criteria]).delete()


def _create(rows: Sequence[Mapping[str, Any]]) -> list[Criterion]:
    made = [Criterion(**_facts(row)) for row in rows]
    for row in made:
        row.code = row.code or f"{row.since.year + 543}-{row.seat}-{row.low}-{row.stage}"
    _refuse_wrong(made)
    return Criterion.objects.bulk_create(made)


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    strange = values.keys() - set(FACTS)
    if strange:
        raise TypeError(f"no facts of a criterion: {', '.join(sorted(strange))}")
    facts = {}
    for name, value in values.items():
        field = Criterion._meta.get_field(name)
        if value is None and not field.null:
            if not field.has_default():
                continue
            value = field.get_default()
        facts[name] = normalise(value) if isinstance(value, str) else value
    return facts


def _refuse_wrong(rows: Sequence[Criterion]) -> None:
    """Each by itself, and none overlapping another of its seat, day and stage."""
    there = list(Criterion.objects.exclude(pk__in=[row.pk for row in rows if row.pk]))
    for row in rows:
        if row.high < row.low:
            raise Refusal(_("จำนวนนักเรียนสิ้นสุดน้อยกว่าเริ่มต้น"), code="staff.range", field="high")
        if not row.fixed and not row.per and not row.room_size:
            raise Refusal(
                _("ใส่จำนวนคงที่ จำนวนนักเรียนต่อครู หรือจำนวนนักเรียนต่อห้อง อย่างน้อยหนึ่งช่อง"),
                code="staff.nothing",
                field="fixed",
            )
        if not row.source:
            raise Refusal(_("บอกที่มาของเกณฑ์ เช่น ชื่อหนังสือและวันที่"), code="staff.source", field="source")
        same = next((other for other in there if other.code == row.code), None)
        if same is not None:
            raise Conflict(
                _("รหัสเกณฑ์ %(code)s มีอยู่แล้ว ใช้รหัสอื่น") % {"code": row.code}, code="staff.code", field="code"
            )
        over = next(
            (
                other
                for other in there
                if (other.seat, other.since, other.stage) == (row.seat, row.since, row.stage)
                and other.low <= row.high
                and other.high >= row.low
            ),
            None,
        )
        if over is not None:
            raise Conflict(
                _("ทับกับเกณฑ์ %(low)d–%(high)d คน ของตำแหน่งและวันเดียวกัน แก้ช่วงให้ไม่ซ้อนกัน")
                % {"low": over.low, "high": over.high},
                code="staff.overlap",
                field="low",
            )
        there.append(row)
