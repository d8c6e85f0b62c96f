"""The charts of a shown indicator: which kind fits its shape, for the page's width and for a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t

from khet.base.lib.charts import Bars, Chart, Form, Pyramid, Ranked, Screen, Series, Share, Trend, if_kept
from khet.outlets.statistics.bases import Indicator
from khet.outlets.statistics.queries.grids import EMPTY, Cell, Grid
from khet.outlets.statistics.queries.past import from_documents
from khet.outlets.statistics.queries.shown import Shown, TrendYear

LEFT, RIGHT = 0.118, 0.091
"""The shares of the panel's width that the table's first and last column take (the same stand in ``statistics.css``)."""

MOST_ROWS = 30
TOP = 20
WIDE = Screen(790, 330, 15)
NARROW = Screen(358, 270, 13.5)
SIDE = Screen(330, 190, 14.5)
LEGEND = 24
"""Room for the words over a trend that documents reach back."""


@dataclass
class Picture:
    """A chart for a page: drawn already (``svg``), or to be fetched from ``url``."""

    part: str
    chart: Chart
    url: str

    @property
    def svg(self) -> SafeString | None:
        found = if_kept(self.chart)
        return mark_safe(found) if found else None  # noqa: S308 - drawn by us, its words escaped by the converter

    @property
    def alt(self) -> str:
        return _t("แผนภูมิ %(title)s ตัวเลขอยู่ในตาราง") % {"title": self.chart.title}

    @property
    def height(self) -> int:
        """Room kept while it is being drawn."""
        return self.chart.form.height


def _values(shown: Shown, cells: list[Cell]) -> list[float | None]:
    return [shown.value(one) for one in cells]


def _series(shown: Shown, grid: Grid) -> list[Series]:
    codes = grid.categories.codes
    if grid.series.code and len(grid.series.values) > 1:
        return [
            Series(words, _values(shown, [grid.cell(one, code) for one in codes]))
            for code, words in grid.series.values[:6]
        ]
    own = Series(
        shown.asked.period.short,
        _values(shown, [grid.by_category.get(one, EMPTY) for one in codes]),
        colour=0,
    )
    other, beside = shown.other, shown.asked.beside
    if other is None or beside is None or shown.asked.show != "count":
        return [own]
    then = Series(
        beside.short,
        _values(shown, [other.by_category.get(one, EMPTY) for one in codes]),
        soft=True,
        colour=0,
    )
    return [then, own]


def title_of(shown: Shown) -> str:
    return f"{shown.indicator.title} {shown.asked.period.short} {shown.asked.place.name}"


def main_chart(shown: Shown, form: Form = WIDE) -> Chart | None:
    """Upright bars over a table's columns, a pyramid of ages, shares, or ranked bars; None where there is nothing to divide."""
    grid = shown.main
    names = [words or _t("ไม่ระบุ") for _code, words in grid.categories.values]
    if not grid.categories.code or not names:
        return None
    given = {"title": title_of(shown), "unit": shown.unit, "places": shown.digits}
    series = _series(shown, grid)
    narrow = form.width < 500
    if shown.is_wide:
        aligned = {} if narrow else {"left": LEFT, "right": RIGHT, "labels": False}
        return Bars(
            **given, categories=tuple(names), series=tuple(series), legend=False, form=form, **aligned
        )  # type: ignore[arg-type]
    if grid.categories.code.startswith("age") and len(grid.series.values) == 2 and len(names) > 4:
        return Pyramid(**given, categories=tuple(names), left=series[0], right=series[1], form=form)
    if shown.asked.show == "percent" and len(grid.series.values) > 1 and len(names) <= MOST_ROWS:
        return Share(**given, categories=tuple(names), series=tuple(series), form=form)
    ranked = [
        (words or _t("ไม่ระบุ"), shown.value(grid.by_category.get(code, EMPTY)))
        for code, words in grid.categories.values
        if not grid.by_category.get(code, EMPTY).hidden
    ]
    if shown.by_places or len(ranked) > MOST_ROWS:
        ranked.sort(key=lambda item: (item[1] is None, -(item[1] or 0)))
        ranked = ranked[:TOP]
    return Ranked(**given, items=tuple(ranked), form=form, thick=16 if len(ranked) > 12 else 20)


def school_chart(shown: Shown) -> Chart | None:
    """The main chart where no table stands under it: with the names of its categories and series."""
    found = main_chart(shown)
    return (
        replace(found, left=None, right=None, labels=True, legend=True) if isinstance(found, Bars) else found
    )


def is_cut(shown: Shown) -> bool:
    """Whether the chart shows the first twenty alone."""
    n = len(shown.main.categories.values)
    return not shown.is_wide and (n > MOST_ROWS or (shown.by_places and n > TOP))


def trend_chart(shown: Shown, form: Form = SIDE) -> Trend | None:
    """The whole through the years; None before there are two."""
    title = f"{shown.indicator.title} {shown.asked.place.name}"
    return trend_of(shown.indicator, title, shown.years, form, provisional=shown.asked.period.is_live)


def trend_of(
    said: Indicator, title: str, years: Sequence[TrendYear], form: Form, *, provisional: bool = False
) -> Trend | None:
    """A figure through the years, those from documents before khet marked; None before there are two values."""
    known = [at for at, one in enumerate(years) if one.cell.value is not None]
    if len(known) < 2:
        return None
    points = list(years)[known[0] :]
    elsewhere = tuple(at for at, one in enumerate(points) if one.past is not None)
    if elsewhere:
        form = replace(form, height=form.height + LEGEND)
    return Trend(
        title,
        unit=str(said.unit),
        places=said.digits,
        points=tuple(str(one.school_year) for one in points),
        series=(Series("", [one.cell.value for one in points]),),
        provisional=provisional,
        form=form,
        elsewhere=elsewhere,
        elsewhere_words=from_documents() if elsewhere else "",
    )


def district_chart(shown: Shown, form: Form = SIDE) -> Ranked | None:
    """Districts by size; the one that is looked at stands out."""
    rows = [(name, cell.value, code) for code, name, cell in shown.districts]
    if len(rows) < 2:
        return None
    rows.sort(key=lambda row: (row[1] is None, -(row[1] or 0)))
    marked = next((at for at, row in enumerate(rows) if row[2] == shown.asked.place.code), None)
    return Ranked(
        f"{shown.indicator.title} {shown.asked.period.short}",
        unit=str(shown.indicator.unit),
        places=shown.indicator.digits,
        items=tuple((name, value) for name, value, _code in rows),
        marked=marked,
        form=form,
        thick=16,
    )


def chart_of(shown: Shown, part: str) -> Chart | None:
    """The chart of a page by the name in its address."""
    if part == "main":
        return main_chart(shown)
    if part == "labelled":
        return school_chart(shown)
    if part == "narrow":
        return main_chart(shown, NARROW)
    return trend_chart(shown) if part == "trend" else district_chart(shown) if part == "districts" else None


def pictures(shown: Shown) -> dict[str, Picture]:
    """All charts of a page that there are."""
    found = {}
    for part in ("main", "narrow", "trend", "districts"):
        if (chart := chart_of(shown, part)) is not None:
            found[part] = Picture(part, chart, shown.asked.url("chart", part=part))
    return found
