"""Verbs on figures of the years before khet: they come in by a file, go with it, and are corrected one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from khet.base.lib.errors import Refusal
from khet.base.lib.thai.words import fold, normalise
from khet.base.org.api import Actor, entry, save, verb
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.queries.past import covered_years, shortest
from khet.outlets.statistics.rules import PAST

SHORTEST_REASON = 5

FIELDS = (
    "code", "school_year", "number", "term", "indicator", "level", "place", "place_name", "dims", "value", "source",
)  # fmt: skip


@verb("statistics.import_past", _("นำเข้าตัวเลขก่อนใช้ระบบ"), capability=PAST)
def import_past(
    *,
    actor: Actor,
    new: Sequence[Mapping[str, Any]],
    changed: Sequence[tuple[PastFigure, Mapping[str, Any]]],
    source: str,
) -> list[PastFigure]:
    """What a file holds, checked already; two statements. Returns the new figures in their order."""
    made = [
        PastFigure(file=source[:255], **{name: row[name] for name in FIELDS if name in row}) for row in new
    ]
    for figure in made:
        _searched(figure)
    PastFigure.objects.bulk_create(made, batch_size=1000)
    for figure, values in changed:
        figure.value, figure.source = values.get("value", figure.value), values.get("source", figure.source)
        _searched(figure)
    PastFigure.objects.bulk_update(
        [figure for figure, _values in changed], ["value", "source", "search_text"], batch_size=500
    )
    entry().tell(
        source=source, new=len(new), changed=len(changed), years=sorted({one.school_year for one in made})
    )
    return made


@verb("statistics.correct_past", _("แก้ตัวเลขก่อนใช้ระบบ"), capability=PAST, on="record")
def correct_past(
    *,
    actor: Actor,
    record: PastFigure,
    reason: str = "",
    value: Decimal | None = None,
    source: str | None = None,
) -> PastFigure:
    """Another value or source for one figure, with the reason why. Refused where nothing is another, and of a year whose round has
    closed: of it the census speaks."""
    figure = PastFigure.objects.select_for_update().get(pk=record.pk)
    reason = normalise(reason)
    if len(reason) < SHORTEST_REASON:
        raise Refusal(_t("พิมพ์เหตุผลที่แก้ อย่างน้อย %(n)d ตัวอักษร") % {"n": SHORTEST_REASON}, code="statistics.reason", field="reason")  # fmt: skip
    if title := covered_years().get(figure.school_year):
        raise Refusal(
            _t(
                "ปีการศึกษา %(year)d มีข้อมูลของ%(round)s ที่ปิดในระบบแล้ว ตัวเลขของปีนี้นับจากรอบนั้น จึงไม่ต้องแก้ตัวเลขจากเอกสาร"
            )
            % {"year": figure.school_year, "round": title},
            code="statistics.covered",
        )
    given = {"value": value, "source": None if source is None else normalise(source)}
    other = {name: one for name, one in given.items() if one is not None and one != getattr(figure, name)}
    if not other:
        raise Refusal(_t("ค่าและที่มาเหมือนเดิม ไม่มีอะไรให้แก้"), code="statistics.same", field="value")
    figure.value = shortest(figure.value)  # the history says 9,700, not 9700.0000
    save(figure, **other)
    _searched(figure)
    figure.save(update_fields=["search_text"])
    entry().tell(reason=reason[:300])
    return figure


@verb("statistics.remove_past", _("นำตัวเลขก่อนใช้ระบบที่นำเข้าออก"), capability=PAST)
def remove_past(*, actor: Actor, figures: Sequence[PastFigure], source: str) -> None:
    """Take away what an import has just made."""
    PastFigure.objects.filter(pk__in=[one.pk for one in figures]).delete()
    entry().tell(source=source, removed=len(figures))


def _searched(figure: PastFigure) -> None:
    said = indicators.get(figure.indicator)
    title = str(said.title) if said else ""
    figure.search_text = fold(
        f"{title} {figure.indicator} {figure.place} {figure.place_name} {figure.source} {figure.school_year}"
    )
