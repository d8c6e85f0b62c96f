"""Verbs on the criteria of what a school should have."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khet.base.lib.errors import Conflict, Refusal
from khet.base.lib.thai.words import normalise
from khet.base.org.api import Actor, entry, save, verb
from khet.modules.assets.choices import Need
from khet.modules.assets.models import Criterion
from khet.modules.assets.rules import CRITERIA

START = "ค่าเริ่มต้นของระบบ ยังไม่ได้เทียบกับประกาศของ สพฐ."
# need, from, to, fixed, per: figures to begin with, until the office has put in those of its document.
STARTING = [
    (Need.CLASSROOM, 0, 99_999, 0, 40),
    (Need.TOILET, 0, 99_999, 2, 40),
    (Need.HOUSE, 0, 120, 1, None),
    (Need.HOUSE, 121, 300, 2, None),
    (Need.HOUSE, 301, 99_999, 3, None),
]
SINCE = date(2020, 5, 16)
FACTS = ("need", "since", "low", "high", "fixed", "per", "source", "is_confirmed")


@verb("assets.start_criteria", gettext_lazy("เริ่มใช้เกณฑ์อาคารและสิ่งก่อสร้าง"), capability=CRITERIA)
def start_criteria(*, actor: Actor) -> int:
    """Put in the figures to begin with, where there are none at all; returns how many."""
    if Criterion.objects.exists():
        return 0
    made = Criterion.objects.bulk_create(
        Criterion(need=need, since=SINCE, low=low, high=high, fixed=fixed, per=per, source=START)
        for need, low, high, fixed, per in STARTING
    )
    entry().tell(rows=len(made))
    return len(made)


@verb("assets.add_criterion", gettext_lazy("เพิ่มเกณฑ์"), capability=CRITERIA)
def add_criterion(*, actor: Actor, **values: Any) -> Criterion:
    """Add a row; rows of one need and day may not overlap in pupils."""
    row = Criterion(**_facts(values))
    _refuse_wrong(row)
    row.save()
    entry().on(row)
    return row


@verb("assets.change_criterion", gettext_lazy("แก้ไขเกณฑ์"), capability=CRITERIA, on="criterion")
def change_criterion(*, actor: Actor, criterion: Criterion, **values: Any) -> Criterion:
    given = _facts(values)
    _refuse_wrong(
        Criterion(pk=criterion.pk, **{name: given.get(name, getattr(criterion, name)) for name in FACTS})
    )
    entry().on(criterion)
    save(criterion, **given)
    return criterion


@verb("assets.remove_criterion", gettext_lazy("ลบเกณฑ์"), capability=CRITERIA, on="criterion")
def remove_criterion(*, actor: Actor, criterion: Criterion) -> None:
    """Take a row away; the journal keeps what it said."""
    entry().on(criterion)
    entry().tell(**{name: str(getattr(criterion, name)) for name in FACTS})
    criterion.delete()


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    strange = values.keys() - set(FACTS)
    if strange:
        raise TypeError(f"no facts of a criterion: {', '.join(sorted(strange))}")
    return {name: normalise(value) if isinstance(value, str) else value for name, value in values.items()}


def _refuse_wrong(row: Criterion) -> None:
    if row.high < row.low:
        raise Refusal(_("จำนวนนักเรียนสิ้นสุดน้อยกว่าเริ่มต้น"), code="assets.range", field="high")
    if not row.fixed and not row.per:
        raise Refusal(_("ใส่จำนวนพื้นฐาน หรือจำนวนนักเรียนต่อหนึ่งหน่วย"), code="assets.nothing", field="fixed")
    if not row.source:
        raise Refusal(_("บอกที่มาของเกณฑ์ เช่น ชื่อประกาศและวันที่"), code="assets.source", field="source")
    over = (
        Criterion.objects.filter(need=row.need, since=row.since, low__lte=row.high, high__gte=row.low)
        .exclude(pk=row.pk)
        .first()
    )
    if over is not None:
        raise Conflict(
            _("ทับกับเกณฑ์ %(low)d–%(high)d คน ของวันเดียวกัน แก้ช่วงให้ไม่ซ้อนกัน")
            % {"low": over.low, "high": over.high},
            code="assets.overlap",
            field="low",
        )
