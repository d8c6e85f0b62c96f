"""Charts whose bars run from left to right: ranked bars, pyramids, shares. Their height follows the number of rows, their left room the longest name."""

from __future__ import annotations

from typing import Any

from khet.base.lib.charts.definitions import Pyramid, Ranked, Share
from khet.base.lib.charts.letters import lines_of, width_of
from khet.base.lib.charts.palette import BASE, GAP, INK, NOTE, SERIES, SOFT
from khet.base.lib.charts.scales import places_of, ticks, written
from khet.base.lib.charts.vega import (
    Spec,
    colours,
    legend_room,
    names_expr,
    paint_of,
    said,
    seams,
    spec_of,
    value_axis,
    whole,
)


def _names(labels: list[str], size: float, most: float) -> tuple[list[list[str]], float, int]:
    """Names broken into lines, the room they need, and the most lines of one."""
    lines = [lines_of(label, size, most) for label in labels]
    room = max((width_of(line, size) for one in lines for line in one), default=0)
    return lines, room, max((len(one) for one in lines), default=1)


def _name_layers(lines: list[list[str]], size: float, y: Spec) -> list[Spec]:
    """The names at the left of the plot, each centred on its row however many lines it has."""
    layers = []
    for most in sorted({len(one) for one in lines}):
        rows = [{"c": place, "t": one} for place, one in enumerate(lines) if len(one) == most]
        mark = {
            "type": "text", "align": "right", "baseline": "middle", "dx": -10, "dy": -(most - 1) / 2 * size * 1.3,
            "lineHeight": size * 1.3, "fill": INK,
        }  # fmt: skip
        layers.append(
            {
                "data": {"values": rows},
                "mark": mark,
                "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "t"}},
            }
        )
    return layers


@spec_of.register
def ranked(chart: Ranked) -> Spec:
    form, size = chart.form, chart.form.text
    labels = [said(form, label) for label, _value in chart.items]
    lines, room, most = _names(labels, size, form.width * 0.42)
    words = [written(value, chart.places, form.digits) for _label, value in chart.items]
    values = [value or 0 for _label, value in chart.items]
    low, high = min([0, *values]), max([0, *values]) or 1
    step = max(chart.thick * 1.6, most * size * 1.3 + 8)
    left, right = room + 12, max((width_of(word, size) for word in words), default=0) * 1.08 + 12
    if low < 0:
        left += right
    height = step * max(len(labels), 1)
    y: Spec = {
        "field": "c", "type": "ordinal", "sort": None, "axis": None,
        "scale": {"domain": list(range(len(labels))), "paddingInner": 1 - chart.thick / step, "paddingOuter": (1 - chart.thick / step) / 2},
    }  # fmt: skip
    x: Spec = {
        "field": "v",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [low, high], "nice": False},
    }
    rows = [
        {
            "c": place,
            "v": value or 0,
            "t": word,
            "f": SOFT[0].fill if chart.marked is not None and place != chart.marked else SERIES[0].fill,
            "e": SOFT[0].edge if chart.marked is not None and place != chart.marked else SERIES[0].fill,
        }
        for place, (value, word) in enumerate(zip(values, words, strict=True))
    ]
    raw: dict[str, Any] = {"type": "nominal", "scale": None, "legend": None}
    bars = {
        "mark": {"type": "bar", "strokeWidth": 1, "height": chart.thick},
        "encoding": {"x": x, "y": y, "fill": {"field": "f", **raw}, "stroke": {"field": "e", **raw}},
    }
    figures = {
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "middle",
            "dx": 7,
            "fontWeight": 500,
            "fill": INK,
        },
        "encoding": {"x": x, "y": y, "text": {"field": "t"}},
    }
    base = {
        "mark": {"type": "rule", "color": BASE, "strokeWidth": 1},
        "encoding": {"x": {"datum": 0, "type": "quantitative"}},
    }
    spec = whole(
        chart,
        [bars, figures, base, *_name_layers(lines, size, y)],
        height=height,
        left=left,
        right=right,
        top=2,
        bottom=2,
    )
    spec["data"] = {"values": rows}
    return spec


@spec_of.register
def pyramid(chart: Pyramid) -> Spec:
    form, size = chart.form, chart.form.text
    labels = [said(form, one) for one in chart.categories]
    lines, room, most = _names(labels, size, form.width * 0.25)
    sides = (chart.left, chart.right)
    high = max([value for one in sides for value in one.values if value is not None], default=1) or 1
    scale = ticks(0, high, 4, whole=chart.places == 0)
    both = [-value for value in reversed(scale) if value] + scale
    shown = [written(abs(value), places_of(scale, chart.places), form.digits) for value in both]
    step = max(size * 1.75, most * size * 1.3 + 6)
    left, right = room + 14, max(width_of(word, size) for word in shown) / 2 + 6
    top, bottom = size * 1.9, size * 1.35 + 10
    height = step * max(len(labels), 1)
    values = [
        {"c": place, "s": side, "v": (value or 0) * (-1 if side == 0 else 1)}
        for side, one in enumerate(sides)
        for place, value in enumerate(one.values)
        if value is not None
    ]
    y: Spec = {
        "field": "c", "type": "ordinal", "sort": None, "axis": None,
        "scale": {"domain": list(range(len(labels) - 1, -1, -1)), "paddingInner": 0.2, "paddingOuter": 0.1},
    }  # fmt: skip
    axis = value_axis(form, both, chart.places, orient="bottom")
    axis["labelExpr"] = axis["labelExpr"].replace("−", "")
    x: Spec = {
        "field": "v", "type": "quantitative", "scale": {"domain": [both[0], both[-1]], "nice": False}, "axis": axis, "stack": None
    }  # fmt: skip
    width = form.width - left - right
    heads = [
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "text", "text": said(form, one.label), "align": "right" if side == 0 else "left", "baseline": "bottom",
                "fontWeight": 600, "fill": INK,
            },
            "encoding": {"x": {"value": width / 2 + (-10 if side == 0 else 10)}, "y": {"value": -6}},
        }
        for side, one in enumerate(sides)
    ]  # fmt: skip
    bars = {
        "data": {"values": values},
        "mark": {"type": "bar", "strokeWidth": 1},
        "encoding": {"x": x, "y": y, **colours(sides, form, legend=False)},
    }
    base = {
        "mark": {"type": "rule", "color": BASE},
        "encoding": {"x": {"datum": 0, "type": "quantitative"}},
    }
    return whole(
        chart,
        [bars, base, *heads, *_name_layers(lines, size, y)],
        height=height,
        left=left,
        right=right,
        top=top,
        bottom=bottom,
    )


@spec_of.register
def share(chart: Share) -> Spec:
    form, size = chart.form, chart.form.text
    labels = [said(form, one) for one in chart.categories]
    lines, room, most = _names(labels, size, form.width * 0.36)
    step = max(size * 2.1, most * size * 1.3 + 8)
    left, right = room + 14, width_of(written(100, 0, form.digits), size) / 2 + 14
    top, bottom = 4 + legend_room(chart, len(chart.series)), size * 1.35 + 10
    width = form.width - left - right
    rows: list[dict[str, Any]] = []
    for place in range(len(labels)):
        values = [one.values[place] or 0 for one in chart.series]
        total = sum(values)
        at = 0.0
        for side, value in enumerate(values):
            part = value / total if total else 0.0
            paint = paint_of(chart.series[side], side)
            word = f"{written(part * 100, 0, form.digits)}%"
            fits = part * width > width_of(word, size) + 8
            rows.append(
                {
                    "c": place,
                    "s": side,
                    "a": round(at, 6),
                    "b": round(at + part, 6),
                    "m": round(at + part / 2, 6),
                    "t": word if fits else "",
                    "k": INK if paint.edge else GAP,
                }
            )
            at += part
    y: Spec = {
        "field": "c", "type": "ordinal", "sort": None, "axis": None,
        "scale": {"domain": list(range(len(labels))), "paddingInner": 0.25, "paddingOuter": 0.12},
    }  # fmt: skip
    scale = {"domain": [0, 1], "nice": False}
    axis = {
        "values": [0, 0.25, 0.5, 0.75, 1], "orient": "bottom", "grid": False, "labelColor": NOTE,
        "labelExpr": f"{names_expr([f'{written(one, 0, form.digits)}%' for one in (0, 25, 50, 75, 100)]).replace('datum.value', 'round(datum.value * 4)')}",
    }  # fmt: skip
    bars = {
        "mark": {"type": "bar", "strokeWidth": 1},
        "encoding": {
            "x": {"field": "a", "type": "quantitative", "scale": scale, "axis": axis},
            "x2": {"field": "b"},
            "y": y,
            **colours(chart.series, form, legend=chart.legend),
            "stroke": seams(chart.series),
        },
    }
    words = {
        "mark": {"type": "text", "baseline": "middle", "fontWeight": 500},
        "encoding": {
            "x": {"field": "m", "type": "quantitative", "scale": scale},
            "y": y,
            "text": {"field": "t"},
            "fill": {"field": "k", "type": "nominal", "scale": None, "legend": None},
        },
    }
    spec = whole(
        chart,
        [bars, words, *_name_layers(lines, size, y)],
        height=step * max(len(labels), 1),
        left=left,
        right=right,
        top=top,
        bottom=bottom,
    )
    spec["data"] = {"values": rows}
    spec["resolve"] = {"scale": {"fill": "independent"}}
    return spec
