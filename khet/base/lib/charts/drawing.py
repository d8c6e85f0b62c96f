"""The converter: loaded when the first picture is drawn, in about a second; a warm one takes some 0.1 s.

``spec_of`` and ``draw`` are the whole of it. Text stays text: the page's and the paper's own Sarabun set it.
"""

from __future__ import annotations

import json
import re
from functools import cache

import fontpkg_sarabun
import vl_convert

from khet.base.lib.charts import horizontal
from khet.base.lib.charts.definitions import Chart
from khet.base.lib.charts.letters import put_together, taken_apart
from khet.base.lib.charts.vega import spec_of

VEGA_LITE = "6.4"
_FORBIDDEN = re.compile(r"<style|\sstyle=|<script|\son[a-z]+=|href=|<image|\sid=")
assert horizontal.ranked  # registers its kinds

__all__ = ["draw", "pixels", "spec_of"]


@cache
def _ready() -> None:
    vl_convert.register_font_directory(str(fontpkg_sarabun.ROOT / "files"))


def draw(chart: Chart) -> str:
    """The chart as SVG: fills and letters as attributes, nothing that a content policy forbids, the same bytes each time.

    Raises ``ValueError`` when the converter writes what a page may not carry.
    """
    _ready()
    spec = taken_apart(json.dumps(spec_of(chart), ensure_ascii=False))
    svg: str = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    if found := _FORBIDDEN.search(svg):
        raise ValueError(f"the picture of {chart.title!r} holds {found.group(0)!r}")
    return svg if chart.form.paper else put_together(svg)


def pixels(svg: str, scale: float = 2) -> bytes:
    """A drawn picture as PNG, for papers that take no SVG (DOCX)."""
    _ready()
    found: bytes = vl_convert.svg_to_png(taken_apart(svg), scale=scale)
    return found
