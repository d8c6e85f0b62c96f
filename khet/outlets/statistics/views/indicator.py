"""One indicator: its page, its charts, its files. The address alone says what is shown."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from khet.base.lib.charts import kept_svg, with_faces
from khet.base.lib.errors import NotFound
from khet.base.lib.sheets import write_csv, write_xlsx
from khet.base.org.api import demand
from khet.base.ui import fonts
from khet.outlets.statistics.bases import Indicator, indicators
from khet.outlets.statistics.choices import Level
from khet.outlets.statistics.pictures import (
    NARROW,
    WIDE,
    Picture,
    chart_of,
    is_cut,
    pictures,
    title_of,
    trend_of,
)
from khet.outlets.statistics.queries.asked import Asked, read
from khet.outlets.statistics.queries.drilling import rows_link
from khet.outlets.statistics.queries.past import past_years
from khet.outlets.statistics.queries.periods import Period, Periods
from khet.outlets.statistics.queries.places import places_of
from khet.outlets.statistics.queries.shown import ROOMS, Shown, TrendYear, joined, show
from khet.outlets.statistics.queries.tables import (
    HIDDEN,
    companion_title,
    headlines,
    rows_for_files,
    tall_table,
    wide_table,
    written,
)
from khet.outlets.statistics.rules import VIEW
from khet.outlets.statistics.slots import panel_for


def _found(code: str) -> Indicator:
    found = indicators.get(code)
    if found is None:
        raise NotFound(_("ไม่มีตัวชี้วัดนี้ เลือกจากรายการตัวชี้วัด"), code="statistics.no_indicator")
    return found


def _shown(request: HttpRequest, code: str) -> tuple[Shown | None, Periods, Indicator]:
    demand(request.actor, VIEW)
    said, periods = _found(code), Periods()
    asked = read(said, request.GET, periods)
    return (show(request.actor, asked, periods) if asked else None), periods, said


@login_required
@require_GET
@never_cache
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """The figures of one indicator: headlines, chart over its table, trend, districts, definition, source."""
    shown, periods, said = _shown(request, code)
    if shown is None:
        return render(request, "statistics/none_yet.html", _none_yet(said, periods))
    asked = shown.asked
    drawn = pictures(shown)
    panel = panel_for(shown)
    context: dict[str, Any] = {
        "indicator": said, "shown": shown, "asked": asked, "period": asked.period, "beside": asked.beside,
        "headlines": headlines(shown), "change": change_words(shown), "pictures": drawn, "panel": panel,
        "wide": wide_table(shown) if shown.is_wide else None, "tall": tall_table(shown), "is_cut": is_cut(shown),
        "menus": _menus(shown, periods), "shows": _shows(asked), "stable": request.build_absolute_uri(asked.stable),
        "files": [(name, _file(asked, name.lower())) for name in FORMATS],
        "svg": asked.url("chart", part="main" if "main" in drawn else "districts"), "rows_link": rows_link(request.actor, shown),
        "schools_link": "" if asked.place.code else asked.url(by="school"), "companion": companion_title(shown), "years": year_lines(said, shown.years, lambda one: asked.url(round=one.key, **{"with": ""})), "districts_link": asked.url(level="", place="", by="district"),
        "trend_years": [one.school_year for one in shown.years if one.cell.value is not None], "past": shown.past,
    }  # fmt: skip
    return render(request, "statistics/indicator.html", context)


def _none_yet(said: Indicator, periods: Periods) -> dict[str, Any]:
    """Before the first round there is but what documents say of the area."""
    years = joined(past_years(said, covered=periods.covered), [])
    chart = trend_of(said, str(said.title), years, WIDE)
    narrow = trend_of(said, str(said.title), years, NARROW)
    url = reverse("statistics:chart", args=[said.code])
    return {
        "indicator": said,
        "years": year_lines(said, years, lambda _one: ""),
        "picture": Picture("trend", chart, f"{url}?part=trend") if chart else None,
        "narrow": Picture("trend-narrow", narrow, f"{url}?part=trend-narrow") if narrow else None,
    }


def change_words(shown: Shown) -> dict[str, str] | None:
    """−475 and ร้อยละ 2.7, against the round compared with."""
    if shown.change is None or shown.asked.show == "room":
        return None
    by, share = shown.change
    sign = "+" if by > 0 else ""
    return {
        "by": f"{sign}{written(by, shown.indicator.digits)}",
        "share": f"{abs(share):,.1f}" if share is not None else "",
    }


@dataclass(frozen=True)
class YearLine:
    """A year under the trend: the page of its round, or the source where a document says it. ``begins``: from here on the figures
    come from the other of the two."""

    year: str
    value: str
    url: str
    source: str
    begins: bool


def year_lines(said: Indicator, years: list[TrendYear], url_of: Callable[[Period], str]) -> list[YearLine]:
    """The figures under the trend, newest first; years that nobody knows are left out."""
    found: list[YearLine] = []
    documented = False
    for one in reversed(years):
        if one.period is None and one.past is None:
            continue
        value = HIDDEN if one.cell.hidden else written(one.cell.value, said.digits)
        url, source = url_of(one.period) if one.period else "", one.past.source if one.past else ""
        found.append(YearLine(str(one.school_year), value, url, source, bool(source) != documented))
        documented = bool(source)
    return found


def _shows(asked: Asked) -> list[tuple[str, str, bool]]:
    """Count, per cent, per room: those that make sense of this indicator."""
    said = [("count", _("จำนวน"))]
    if asked.indicator.kind == "count" and asked.indicator.dims:
        said.append(("percent", _("ร้อยละ")))
    if ROOMS.get(asked.indicator.code) in indicators:
        said.append(("room", _("เฉลี่ยต่อห้อง")))
    if len(said) < 2:
        return []
    return [
        (words, asked.url(show="" if code == "count" else code), code == asked.show) for code, words in said
    ]


def _menus(shown: Shown, periods: Periods) -> dict[str, Any]:
    """Choices of the page as (words, address, is it now, note)."""
    asked = shown.asked
    rounds = [
        (
            one.title,
            one.short,
            asked.url(round=one.key, **({"with": ""})),
            one.key == asked.period.key,
            one.is_live,
        )
        for one in periods.all
    ]
    beside = [
        (
            one.title,
            one.short,
            asked.url(**{"with": one.key}),
            asked.beside is not None and one.key == asked.beside.key,
        )
        for one in periods.closed
        if one.key != asked.period.key
    ]
    known = places_of(asked.period.source)
    by = "" if asked.by in Level.values else asked.by

    def links(places: Any) -> list[tuple[str, str, bool]]:
        return [
            (one.name, asked.url(level=str(one.level), place=one.code, by=by), one.code == asked.place.code)
            for one in places
        ]

    divided = [(_own_dims(asked.indicator), asked.url(by=""), not asked.by)] if asked.indicator.dims else []
    if len(asked.indicator.dims) > 1:
        divided += [
            (str(dim.title), asked.url(by=dim.code), asked.by == dim.code) for dim in asked.indicator.dims
        ]
    if not asked.place.code and known.schools:
        levels = (Level.DISTRICT, Level.NETWORK, Level.SCHOOL)
        divided += [(str(one.label), asked.url(by=str(one)), asked.by == one) for one in levels]
    return {
        "rounds": rounds, "beside": beside, "no_beside": asked.url(**{"with": "none"}), "districts": links(known.districts),
        "networks": links(known.networks), "area": asked.url(level="", place="", by=by), "divided": divided,
        "divided_now": next((words for words, _url, now in divided if now), ""), "schools": asked.url(level="", place="", by="school"),
    }  # fmt: skip


def _own_dims(said: Indicator) -> str:
    titles = [str(dim.title) for dim in said.dims[:2]]
    return titles[0] if len(titles) < 2 else _("%(one)sและ%(other)s") % {"one": titles[0], "other": titles[1]}


FORMATS = ("CSV", "XLSX", "Parquet")


def _file(asked: Asked, kind: str) -> str:
    return f"{reverse('statistics:table', args=[asked.indicator.code, kind])}?{asked.query()}"


@login_required
@require_GET
@never_cache
def chart(request: HttpRequest, code: str) -> HttpResponse:
    """A chart of the page by its part: in line for the page (htmx), else as an SVG that carries its typeface."""
    shown, periods, said = _shown(request, code)
    part = request.GET.get("part", "main")
    if shown is not None:
        found = chart_of(shown, part)
    else:
        drawn = _none_yet(said, periods)["narrow" if part == "trend-narrow" else "picture"]
        found = drawn.chart if drawn and part.startswith("trend") else None
    if found is None:
        raise Http404
    svg = kept_svg(found)
    if request.headers.get("HX-Request"):
        return HttpResponse(svg)
    faces = {400: "sarabun-400.woff2", 500: "sarabun-500.woff2", 600: "sarabun-600.woff2"}
    folder = fonts.folder() / fonts.FOLDER
    whole = with_faces(svg, {weight: (folder / name).read_bytes() for weight, name in faces.items()})
    response = HttpResponse(whole, content_type="image/svg+xml")
    response["Content-Disposition"] = f'attachment; filename="{_name(said, shown)}-{part}.svg"'
    return response


def _name(said: Indicator, shown: Shown | None) -> str:
    return f"{said.code}-{shown.asked.period.key}" if shown is not None else said.code


@login_required
@require_GET
@never_cache
def table(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The figures as a file: every cell a row, with its round, place and what is behind it."""
    shown, _periods, said = _shown(request, code)
    if shown is None:
        raise Http404
    heads, rows = rows_for_files(shown)
    out = io.BytesIO()
    if kind == "csv":
        write_csv(rows, heads, out)
        type_ = "text/csv; charset=utf-8"
    elif kind == "xlsx":
        write_xlsx(rows, heads, out, title=str(said.title)[:31])
        type_ = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        write_parquet(shown, out)
        type_ = "application/vnd.apache.parquet"
    response = HttpResponse(out.getvalue(), content_type=type_)
    response["Content-Disposition"] = f'attachment; filename="{_name(said, shown)}.{kind}"'
    return response


def write_parquet(shown: Shown, out: Any) -> None:
    """Codes and plain numbers; what they mean and where they come from stands in the file's own notes."""
    found = shown.figures
    columns: dict[str, Any] = {
        "round": [row.census for row in found.rows],
        "place": [row.place for row in found.rows],
        "place_name": [found.places.get(row.place) or shown.asked.place.name for row in found.rows],
    }
    for at, dim in enumerate(found.dims):
        columns[dim.code] = [row.dims[at] for row in found.rows]
    for name in ("n", "of", "value"):
        columns[name] = pa.array([getattr(row, name) for row in found.rows], type=pa.float64())
    columns["hidden"] = [row.hidden and row.n is None for row in found.rows]
    said, period = shown.indicator, shown.asked.period
    notes = {
        "indicator": said.code, "title": title_of(shown), "definition": str(said.definition), "unit": str(said.unit),
        "census_sha256": period.census.sha256 if period.census else "provisional",
    }  # fmt: skip
    made = pa.table(columns).replace_schema_metadata({key: value.encode() for key, value in notes.items()})
    pq.write_table(made, out, compression="zstd")
