"""Verbs on figures of the years before khet: they come in by a file, and go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from khet.base.lib.thai.words import fold
from khet.base.org.api import Actor, entry, verb
from khet.outlets.statistics.bases import indicators
from khet.outlets.statistics.models import PastFigure
from khet.outlets.statistics.rules import PAST

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


@verb("statistics.remove_past", _("นำตัวเลขก่อนใช้ระบบที่นำเข้าออก"), capability=PAST)
def remove_past(*, actor: Actor, figures: Sequence[PastFigure], source: str) -> None:
    """Take away what an import has just made."""
    PastFigure.objects.filter(pk__in=[one.pk for one in figures]).delete()
    entry().tell(source=source, removed=len(figures))


def _searched(figure: PastFigure) -> None:
    said = indicators.get(figure.indicator)
    title = str(said.title) if said else ""
    figure.search_text = fold(
        f"{title} {figure.indicator} {figure.place} {figure.place_name} {figure.source}"
    )
