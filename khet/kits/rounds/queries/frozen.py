"""Censuses for those who read them: books, maps, statistics, the province's export."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _t

from khet.base.lib.errors import NotFound
from khet.kits.rounds.censuses import path_of
from khet.kits.rounds.models import Census, Round


def censuses(school_year: int | None = None, *, every: bool = False) -> list[Census]:
    """The census that counts of every closed round, newest day first; ``every`` adds those that were replaced."""
    found = Census.objects.select_related("round").order_by("-round__as_at", "-round_id", "-number")
    if school_year is not None:
        found = found.filter(round__school_year=school_year)
    if every:
        return list(found)
    newest: dict[int, Census] = {}
    for one in found:
        newest.setdefault(one.round_id, one)
    return list(newest.values())


def census_path(round_: Round) -> Path:
    """The folder of the newest census of a round: its Parquet files and ``manifest.json``."""
    found = Census.objects.filter(round=round_).order_by("-number").first()
    if found is None:
        raise NotFound(_t("รอบนี้ยังไม่เคยปิด จึงยังไม่มีข้อมูลที่ตรึงไว้"), code="rounds.no_census")
    return path_of(found)
