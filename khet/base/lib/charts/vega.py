"""Definitions turned into Vega-Lite. Geometry is fixed here, so that the same definition gives the same bytes and a table can
stand under its bars; Vega draws.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import singledispatch
from typing import Any

from khet.base.lib.charts.definitions import Bars, Chart, Form, Series, Trend
from khet.base.lib.charts.letters import lines_of, width_of
from khet.base.lib.charts.palette import BASE, GAP, INK, LINE, NOTE, SERIES, SOFT, Paint
from khet.base.lib.charts.scales import apart, places_of, ticks, written
from khet.base.lib.thai import to_thai_digits

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def said(form: Form, text: str) -> str:
    """Words as the medium writes them."""
    return to_thai_digits(text) if form.digits == "thai" else text


def paint_of(series: Series, place: int) -> Paint:
    colours = SOFT if series.soft else SERIES
    return colours[(series.colour if series.colour is not None else place) % len(colours)]


def names_expr(names: Sequence[str | list[str]]) -> str:
    """A Vega expression that turns the place of a category into its words."""
    return f"{json.dumps(list(names), ensure_ascii=False)}[datum.value]"


def config(form: Form) -> Spec:
    return {
        "font": "Sarabun",
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            "labelFont": "Sarabun", "labelFontSize": form.text, "labelColor": NOTE, "labelPadding": 8, "labelLimit": 1000,
            "labelOverlap": False, "labelFlush": False, "labelBound": False, "ticks": False, "domain": False, "grid": False, "title": None, "gridColor": LINE,
            "domainColor": BASE,
        },
        "legend": {
            "orient": "top", "direction": "horizontal", "title": None, "symbolType": "square", "symbolSize": 150,
            "symbolStrokeWidth": 1, "labelFont": "Sarabun", "labelFontSize": form.text, "labelColor": INK, "labelLimit": 1000,
            "columnPadding": 20, "offset": 12,
        },
        "text": {"font": "Sarabun", "fontSize": form.text, "fill": INK},
    }  # fmt: skip


def whole(
    chart: Chart, layers: list[Spec], *, height: float, left: float, right: float, top: float, bottom: float
) -> Spec:
    """One picture of exactly the form's width; ``height`` is that of the plot."""
    return {
        "$schema": SCHEMA,
        "background": None,
        "autosize": "none",
        "width": chart.form.width - left - right,
        "height": height,
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "config": config(chart.form),
        "layer": layers,
        "resolve": {"axis": {"y": "shared"}},
    }


def colours(series: Sequence[Series], form: Form, *, legend: bool) -> Spec:
    """Fill and outline by series, with the legend at the top where wanted."""
    paints = [paint_of(one, place) for place, one in enumerate(series)]
    domain = list(range(len(series)))
    shown: Any = None
    if legend and len(series) > 1:
        shown = {"labelExpr": names_expr([said(form, one.label) for one in series])}
    return {
        "fill": {"field": "s", "type": "nominal", "scale": {"domain": domain, "range": [one.fill for one in paints]}, "legend": shown},
        "stroke": {"field": "s", "type": "nominal", "scale": {"domain": domain, "range": [one.edge or one.fill for one in paints]}, "legend": None},
    }  # fmt: skip


def seams(series: Sequence[Series]) -> Spec:
    """White between neighbours that lie on each other, and an edge around the pale ones."""
    edges = [paint_of(one, place).edge or GAP for place, one in enumerate(series)]
    scale = {"domain": list(range(len(series))), "range": edges}
    return {"field": "s", "type": "nominal", "scale": scale, "legend": None}


def value_axis(form: Form, values: Sequence[float], places: int, **more: Any) -> Spec:
    """Grid lines at round numbers, written as the medium writes them."""
    shown = places_of(values, places)
    words = [written(value, shown, form.digits) for value in values]
    # Looked up by order, not by text: the axis asks for exactly these values.
    expr = f"{json.dumps(words, ensure_ascii=False)}[indexof({json.dumps(list(values))}, datum.value)]"
    return {"values": list(values), "labelExpr": expr, "grid": True, **more}


def legend_room(chart: Chart, n: int) -> float:
    return chart.form.text + 22 if chart.legend and n > 1 else 0


@singledispatch
def spec_of(chart: Chart) -> Spec:
    """The Vega-Lite definition of a chart."""
    raise TypeError(f"no such chart: {type(chart).__name__}")


@spec_of.register
def _bars(chart: Bars) -> Spec:
    form, n = chart.form, max(len(chart.categories), 1)
    known = [value for one in chart.series for value in one.values if value is not None]
    if chart.stacked:
        tops = [sum(one.values[place] or 0 for one in chart.series) for place in range(len(chart.categories))]
    else:
        tops = known
    low = min([0, *known])
    scale = ticks(low, max([*tops, 0]), 5, whole=chart.places == 0)
    axis_words = [written(value, places_of(scale, chart.places), form.digits) for value in scale]
    axis_room = max(width_of(word, form.text) for word in axis_words) + 10
    left = chart.left * form.width if chart.left is not None else axis_room
    right = chart.right * form.width if chart.right is not None else 4
    step = (form.width - left - right) / n
    names = [lines_of(said(form, one), form.text, step * 0.96) for one in chart.categories]
    lines = max((len(one) for one in names), default=1) if chart.labels else 0
    top = form.text * 0.7 + legend_room(chart, len(chart.series))
    bottom = lines * form.text * 1.35 + 12 if chart.labels else form.text * 0.6
    height = form.height - top - bottom
    values = [
        {"c": place, "s": at, "v": value}
        for at, one in enumerate(chart.series)
        for place, value in enumerate(one.values)
        if value is not None
    ]
    x = {
        "field": "c", "type": "ordinal", "sort": None,
        "scale": {"domain": list(range(n)), "paddingInner": 0.28, "paddingOuter": 0.14},
        "axis": {
            "orient": "bottom", "labelExpr": names_expr([one if len(one) > 1 else one[0] for one in names]), "labelAngle": 0,
            "labelLineHeight": form.text * 1.35, "labelColor": INK,
        } if chart.labels else None,
    }  # fmt: skip
    y: Spec = {
        "field": "v", "type": "quantitative", "stack": "zero" if chart.stacked else None,
        "scale": {"domain": [scale[0], scale[-1]], "nice": False},
        "axis": value_axis(form, scale, chart.places),
    }  # fmt: skip
    bar: Spec = {"type": "bar", "strokeWidth": 1}
    encoding = {"x": x, "y": y, **colours(chart.series, form, legend=chart.legend)}
    if chart.stacked:
        # A white seam keeps neighbours apart where a copier makes one grey of them.
        encoding["stroke"] = seams(chart.series)
        encoding["order"] = {"field": "s"}
    elif len(chart.series) > 1:
        encoding["xOffset"] = {"field": "s", "scale": {"domain": list(range(len(chart.series))), "paddingInner": 0.06, "paddingOuter": 0}}  # fmt: skip
    base = {
        "mark": {"type": "rule", "color": BASE, "strokeWidth": 1},
        "encoding": {"y": {"datum": 0, "type": "quantitative"}},
    }
    layers = [{"data": {"values": values}, "mark": bar, "encoding": encoding}, base]
    return whole(chart, layers, height=height, left=left, right=right, top=top, bottom=bottom)


@spec_of.register
def _trend(chart: Trend) -> Spec:
    form, n = chart.form, max(len(chart.points), 1)
    known = [value for one in chart.series for value in one.values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    # Room for the figures written at the ends.
    low, high = low - (high - low) * 0.14, high + (high - low) * 0.06
    if known and min(known) >= 0:
        low = max(low, 0)
    if chart.zero:
        low = min(low, 0)
    scale = ticks(low, high, 3 if form.height < 240 else 4, whole=chart.places == 0)
    words = [written(value, places_of(scale, chart.places), form.digits) for value in scale]
    names = [said(form, one.label) for one in chart.series]
    many = len(chart.series) > 1
    ends = [_ends(one) for one in chart.series]
    end_words = [
        f"{name}  {written(series.values[end[1]], chart.places, form.digits)}" if many and end else ""
        for name, series, end in zip(names, chart.series, ends, strict=True)
    ]
    size = form.text
    if many:
        left = max(width_of(word, size) for word in words) + 12
        right = max((width_of(word, size) for word in end_words), default=0) * 1.06 + 14
    else:
        left, right = (
            width_of(said(form, chart.points[0] if chart.points else ""), size) / 2 + 4,
            max(width_of(word, size) for word in words) + 14,
        )
    top, bottom = size * (2.9 if chart.elsewhere else 1.3), size * 1.35 + 12
    height = form.height - top - bottom
    width = form.width - left - right
    step = width / max(n - 1, 1)
    widest = max((width_of(said(form, one), size) for one in chart.points), default=0)
    shown = _spread(n, step, widest + 14 if form.width > 450 else max(widest + 14, width / 3))
    x_names = [said(form, one) if place in shown else "" for place, one in enumerate(chart.points)]
    domain = [scale[0], scale[-1]]
    x: Spec = {
        "field": "c", "type": "quantitative", "scale": {"domain": [0, n - 1] if n > 1 else [-1, 1], "nice": False, "zero": False},
        "axis": {
            "values": list(range(n)), "labelExpr": names_expr(x_names), "orient": "bottom",
            "labelFlush": len(shown) == 2,
        },
    }  # fmt: skip
    y: Spec = {
        "field": "v", "type": "quantitative", "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": value_axis(form, scale, chart.places, orient="left" if many else "right"),
    }  # fmt: skip
    layers: list[Spec] = []
    heights = apart(
        [_at(series.values[end[1]], domain, height) if end else height for series, end in zip(chart.series, ends, strict=True)],
        size * 1.3, 0, height,
    )  # fmt: skip
    for place, (series, end) in enumerate(zip(chart.series, ends, strict=True)):
        if end is None:
            continue
        paint = paint_of(series, place)
        ink = paint.edge or paint.fill
        layers += _line(chart, series, end, ink, x, y)
        if many:
            layers.append(
                _text(end_words[place], {"x": {"value": width + 10}, "y": {"value": heights[place]}}, align="left", weight=500)
            )  # fmt: skip
        else:
            layers += _end_words(chart, series, end, x, y)
    if not layers:
        layers = [{"data": {"values": []}, "mark": "point", "encoding": {"x": x, "y": y}}]
    if chart.elsewhere:
        layers += _elsewhere(said(form, chart.elsewhere_words), size, paint_of(chart.series[0], 0))
    return whole(chart, layers, height=height, left=left, right=right, top=top, bottom=bottom)


DOTTED = {"strokeWidth": 2.5, "strokeDash": [0.1, 5], "strokeCap": "round"}


def _elsewhere(words: str, size: float, paint: Paint) -> list[Spec]:
    """What the dotted line means, over the plot."""
    at, ink = -size * 2.1, paint.edge or paint.fill
    sample = [{"data": {"values": [{}]}, "mark": {"type": "rule", "color": ink, **DOTTED}, "encoding": {"x": {"value": 0}, "x2": {"value": 26}, "y": {"value": at}}}]  # fmt: skip
    return [*sample, _text(words, {"x": {"value": 34}, "y": {"value": at}}, align="left")]


def _ends(series: Series) -> tuple[int, int] | None:
    found = [place for place, value in enumerate(series.values) if value is not None]
    return (found[0], found[-1]) if found else None


def _at(value: float | None, domain: list[float], height: float) -> float:
    low, high = domain
    return height - ((value or 0) - low) / ((high - low) or 1) * height


def _spread(n: int, step: float, room: float) -> set[int]:
    """Places whose names fit beside each other, counted back from the last one; else the first and the last alone."""
    every = next((k for k in (1, 2, 3, 5, 10, 20) if k * step >= room), n)
    kept = set(range(n - 1, -1, -every))
    return kept if len(kept) > 2 else {0, n - 1}


def _runs(points: Sequence[Spec]) -> list[list[Spec]]:
    """Points that follow each other without one between them."""
    found: list[list[Spec]] = []
    for one in points:
        if found and found[-1][-1]["c"] == one["c"] - 1:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _line(chart: Trend, series: Series, end: tuple[int, int], ink: str, x: Spec, y: Spec) -> list[Spec]:
    points = [{"c": place, "v": value} for place, value in enumerate(series.values)]
    last = end[1] if chart.provisional and end[1] == len(chart.points) - 1 and end[1] > end[0] else None
    # What was not counted is a gap: a line never bridges it.
    others = set(chart.elsewhere)
    solid = [one for one in points if last is None or one["c"] < last]
    line = {
        "type": "line",
        "color": ink,
        "strokeWidth": 2.5,
        "strokeJoin": "round",
        "invalid": "break-paths-show-domains",
    }
    layers: list[Spec] = [
        {"data": {"values": some}, "mark": line, "encoding": {"x": x, "y": y}}
        for some in _runs([one for one in solid if one["c"] not in others])
    ]
    for some in _runs([one for one in points if one["c"] in others]):
        reaching = points[max(some[0]["c"] - 1, 0) : some[-1]["c"] + 2]
        layers.append(
            {"data": {"values": reaching}, "mark": {**line, **DOTTED}, "encoding": {"x": x, "y": y}}
        )
    if last is not None and series.values[last - 1] is not None:
        layers.append(
            {
                "data": {"values": points[last - 1 : last + 1]},
                "mark": {"type": "line", "color": ink, "strokeWidth": 2.5, "strokeDash": [4, 4]},
                "encoding": {"x": x, "y": y},
            }
        )
    alone = {
        place
        for place, value in enumerate(series.values)
        if value is not None
        and (place == 0 or series.values[place - 1] is None)
        and (place + 1 == len(series.values) or series.values[place + 1] is None)
    }
    hollow = {place for place in others if series.values[place] is not None}
    dots = sorted({*(end if len(chart.series) == 1 else end[1:]), *alone, *hollow})
    pale = hollow if last is None else hollow | {last}
    layers.append(
        {
            "data": {
                "values": [
                    {
                        "c": place,
                        "v": series.values[place],
                        "f": GAP if place in pale else ink,
                        "z": 34 if place in hollow else 70,
                    }
                    for place in dots
                ]
            },
            "mark": {
                "type": "point",
                "filled": True,
                "opacity": 1,
                "stroke": ink,
                "strokeWidth": 2,
            },
            "encoding": {
                "x": x,
                "y": y,
                "fill": {"field": "f", "type": "nominal", "scale": None, "legend": None},
                "size": {"field": "z", "type": "quantitative", "scale": None, "legend": None},
            },
        }
    )
    return layers


def _text(word: str, encoding: Spec, **mark: Any) -> Spec:
    kept = {"type": "text", "baseline": "middle", "text": word, "fill": INK, **mark}
    if "weight" in kept:
        kept["fontWeight"] = kept.pop("weight")
    return {"data": {"values": [{}]}, "mark": kept, "encoding": encoding}


def _end_words(chart: Trend, series: Series, end: tuple[int, int], x: Spec, y: Spec) -> list[Spec]:
    """The first value over the line's begin, the last one on the side of its end where the line is not."""
    found = []
    first, last = end
    for place, align in ((first, "left"), (last, "right")):
        value = series.values[place]
        if value is None or (place == last and first == last and align == "right"):
            continue
        beside = series.values[place + 1] if place == first and place + 1 < len(series.values) else None
        if place == last and place:
            beside = series.values[place - 1]
        above = beside is None or value >= beside
        # On a falling line there is room over the begin and under the end; on a rising one the other way round.
        mark = {
            "align": align,
            "dx": 8 if align == "left" else -8,
            "dy": -chart.form.text if above else chart.form.text,
        }
        layer = _text(written(value, chart.places, chart.form.digits), {"x": x, "y": y}, weight=600, **mark)
        layer["data"] = {"values": [{"c": place, "v": value}]}
        found.append(layer)
    return found
