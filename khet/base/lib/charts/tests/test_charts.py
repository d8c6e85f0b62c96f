"""Charts: what is drawn, the same each time, allowed on a page, readable by everybody."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pypdfium2
import pytest
import typst

from khet.base.lib.charts import (
    SERIES,
    SOFT,
    Bars,
    Chart,
    Paper,
    Pyramid,
    Ranked,
    Screen,
    Series,
    Share,
    Trend,
    digest,
    if_kept,
    keeping,
    kept_svg,
    rows_of,
    taken_apart,
    with_faces,
)
from khet.base.lib.charts.drawing import draw, pixels
from khet.base.lib.charts.letters import lines_of, put_together, width_of
from khet.base.lib.charts.scales import apart, ticks, written
from khet.base.lib.pdf.compiling import faces

GRADES = ["อ.2", "อ.3", "ป.1", "ป.2", "ป.3"]
BOYS, GIRLS = [745, 816, 972, 991, 1015], [706, 780, 901, 940, 962]
KINDS = [
    "บกพร่องทางการเห็น",
    "บกพร่องทางร่างกาย หรือการเคลื่อนไหว หรือสุขภาพที่ต้องดูแลเป็นพิเศษตลอดเวลา",
    "ต่ำกว่าเกณฑ์",
]
BOTH = (Series("ชาย", BOYS), Series("หญิง", GIRLS))
YEARS = [str(year) for year in range(2565, 2570)]

CHARTS: dict[str, Chart] = {
    "bars": Bars("นักเรียน", categories=tuple(GRADES), series=BOTH),
    "aligned": Bars("นักเรียน", categories=tuple(GRADES), series=BOTH, left=0.13, right=0.1, labels=False),
    "stacked": Bars("นักเรียน", categories=tuple(GRADES), series=BOTH, stacked=True),
    "narrow": Bars("นักเรียน", categories=tuple(GRADES), series=BOTH, form=Screen(358, 260, 13)),
    "ranked": Ranked("พิการ", items=tuple(zip(KINDS, [12, 1204, None], strict=True)), form=Screen(436)),
    "trend": Trend("แนวโน้ม", points=tuple(YEARS), series=(Series("ทั้งหมด", BOYS),), form=Screen(330, 180)),
    "trends": Trend("แนวโน้ม", points=tuple(YEARS), series=BOTH, provisional=True),
    "pyramid": Pyramid(
        "อายุ", categories=("25–29", "30–34"), left=Series("ชาย", [3, 20]), right=Series("หญิง", [8, 6])
    ),
    "share": Share(
        "สัดส่วน", categories=tuple(KINDS), series=(Series("ชาย", [1, 2, 3]), Series("หญิง", [9, 2, 1]))
    ),
    "paper": Bars("นักเรียน", categories=tuple(GRADES), series=BOTH, form=Paper()),
    "nothing": Trend("ว่าง", points=("1/2569",), series=(Series("ทั้งหมด", [None]),)),
    "nobody": Bars("ว่าง", categories=tuple(GRADES), series=(Series("ทั้งหมด", [0] * 5),)),
}


def words_of(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(svg).iter() if one.tag.endswith("text")]


@pytest.mark.parametrize("kind", CHARTS)
def test_every_kind_is_drawn_the_same_each_time_in_its_form(kind):
    chart = CHARTS[kind]
    svg = draw(chart)
    assert svg == draw(chart)
    found = ElementTree.fromstring(svg)
    assert int(found.get("width") or 0) == chart.form.width
    if not isinstance(chart, Ranked | Pyramid | Share):
        assert int(found.get("height") or 0) == chart.form.height


@pytest.mark.parametrize("kind", CHARTS)
def test_nothing_is_in_it_that_a_page_may_not_carry(kind):
    assert not re.search(r"<style|style=|<script|href=|\son\w+=|\sid=|url\(", draw(CHARTS[kind]))


@pytest.mark.parametrize("kind", CHARTS)
def test_no_word_sticks_out_of_the_picture(kind):
    """Each text's begin and end, by the typeface's own widths, lie inside."""
    svg = draw(CHARTS[kind])
    width = CHARTS[kind].form.width
    seen = 0

    def walk(node, x):
        nonlocal seen
        for move in re.findall(r"translate\(([-\d.]+)", node.get("transform") or ""):
            x += float(move)
        if node.tag.endswith("}text"):
            bold = 1.04 if int(node.get("font-weight") or 400) > 400 else 1.0
            size = float((node.get("font-size") or "0").removesuffix("px"))
            lines = [one.text or "" for one in node if one.tag.endswith("tspan")] or [node.text or ""]
            for line in lines:
                long = width_of(line, size) * bold
                start = x - {"end": long, "middle": long / 2}.get(node.get("text-anchor") or "", 0)
                assert start > -1.5 and start + long < width + 1.5, (line, start, long, width)
                seen += 1
        for child in node:
            walk(child, x)

    walk(ElementTree.fromstring(svg), 0.0)
    assert seen or kind == "nothing"


def test_bars_stand_in_the_middle_of_a_tables_columns():
    """Left 13 %, right 10 %: five columns of equal width between, a pair of bars in the middle of each."""
    svg = draw(CHARTS["aligned"])
    fills = [SERIES[0].fill, SERIES[1].fill]
    found = re.findall(r'<path[^>]* d="M([\d.]+),[\d.]+h([\d.]+)v[^"]*"[^>]*fill="(#[0-9A-F]{6})"', svg)
    bars = [(float(x), float(w), fill) for x, w, fill in found if fill in fills]
    assert len(bars) == 10
    step = 790 * 0.77 / 5
    firsts = sorted(x for x, _w, fill in bars if fill == fills[0])
    lasts = sorted(x + w for x, w, fill in bars if fill == fills[1])
    for place, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
        assert abs((first + last) / 2 - (place + 0.5) * step) < 1.5


def test_the_figures_of_a_chart_are_its_table():
    assert rows_of(CHARTS["bars"])[0] == ["", "ชาย", "หญิง"]
    assert rows_of(CHARTS["bars"])[1][2] == ["ป.1", 972, 901]
    assert rows_of(CHARTS["ranked"])[1][2] == ["ต่ำกว่าเกณฑ์", None]
    assert rows_of(CHARTS["pyramid"])[1] == [["25–29", 3, 8], ["30–34", 20, 6]]


def test_digits_and_thousands_follow_the_medium():
    screen = Ranked("x", items=(("ป.1", 16938), ("ป.2", -475)))
    assert {"16,938", "−475", "ป.1"} <= set(words_of(draw(screen)))
    paper = Ranked("x", items=(("ป.1", 16938),), form=Paper())
    assert {"๑๖,๙๓๘", "ป.๑"} <= set(words_of(draw(paper)))
    assert written(None) == "–" and written(2.74, 1) == "2.7" and written(-0.5, 1, "thai") == "−๐.๕"


def test_a_gap_is_not_bridged_and_a_provisional_end_is_dashed():
    chart = Trend("x", points=tuple(YEARS), series=(Series("ทั้งหมด", [5, 6, None, 8, 9]),), provisional=True)
    svg = draw(chart)
    lines = re.findall(r'<path aria-label[^>]*>|<path[^>]*stroke-width="2.5"[^>]*>', svg)
    assert "stroke-dasharray" in svg
    solid = next(one for one in lines if "dasharray" not in one)
    assert solid.count("M") == 2, "the line is broken at the year that was not counted"


def test_thai_am_stands_right_on_paper_and_is_spelt_right_on_screen():
    word = "ปากน้ำเงิน ต่ำ"
    assert put_together(taken_apart(word)) == word and "ำ" not in taken_apart(word)
    screen = draw(Ranked("x", items=((word, 1),)))
    assert word in words_of(screen)
    paper = draw(Ranked("x", items=((word, 1),), form=Paper()))
    assert word not in words_of(paper) and taken_apart(word) in words_of(paper)


def test_typst_sets_the_words_of_a_picture(tmp_path):
    """The letters that usvg lost: a word is as wide in a picture as in running text."""
    word = "ปากน้ำคำนำต่ำ"
    text = re.search(
        rf"<text[^>]*>{taken_apart(word)}</text>", draw(Ranked("x", items=((word, 1),), form=Paper()))
    )
    assert text is not None
    alone = re.sub(r'transform="[^"]*"|text-anchor="end"', "", text.group(0)).replace(
        "<text", '<text x="5" y="30"'
    )
    (tmp_path / "a.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50">{alone}</svg>'
    )

    def inked(body):
        (tmp_path / "a.typ").write_text(f"#set page(width: 200pt, height: 50pt, margin: 0pt)\n{body}")
        compiler = typst.Compiler(root=str(tmp_path), font_paths=faces()[0])
        pdf = compiler.compile(input=str(tmp_path / "a.typ"), format="pdf")
        page = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil().convert("L")
        dark = [x for x in range(page.width) if any(page.getpixel((x, y)) < 128 for y in range(page.height))]
        return dark[-1] - dark[0]

    running = inked(f'#text(font: "Sarabun", size: 13pt)[{word}]')
    assert abs(inked('#image("a.svg", width: 200pt)') - running) < running * 0.03


def test_colours_are_told_apart_without_colour_and_by_colour_blind_eyes():
    def channel(v):
        return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4

    def linear(colour):
        return [channel(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5)]

    def lightness(rgb):
        y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
        return 116 * (y ** (1 / 3)) - 16

    greys = [lightness(linear(one.fill)) for one in SERIES]
    assert all(abs(one - other) >= 15 for one, other in pairwise(greys)), greys
    assert all(abs(one - other) >= 4 for one, other in combinations(greys, 2)), greys
    # Viénot 1999: what red-blind and green-blind eyes see of linear light.
    red = [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]
    green = [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]
    for matrix in (red, green):
        seen = [
            [sum(a * b for a, b in zip(row, linear(one.fill), strict=True)) for row in matrix]
            for one in SERIES
        ]
        for one, other in combinations(seen, 2):
            apart_by = (
                sum((max(a, 0) ** 0.4 - max(b, 0) ** 0.4) ** 2 for a, b in zip(one, other, strict=True))
                ** 0.5
            )
            assert apart_by > 0.08, (one, other)
    for paint in (*SERIES, *SOFT):
        edge = linear(paint.edge or paint.fill)
        assert 1.05 / (0.2126 * edge[0] + 0.7152 * edge[1] + 0.0722 * edge[2] + 0.05) >= 3, paint


@pytest.mark.parametrize(
    ("low", "high", "whole"), [(0, 1073, True), (0, 3, True), (0, 0, True), (97.2, 99.4, False), (-475, 20, True), (5, 5, True)]
)  # fmt: skip
def test_axes_embrace_their_values_in_round_steps(low, high, whole):
    found = ticks(low, high, 5, whole=whole)
    assert found[0] <= low and found[-1] >= high and 2 <= len(found) <= 8
    assert not whole or all(value == int(value) for value in found)


def test_labels_at_the_ends_of_lines_never_touch():
    found = apart([100, 101, 102, 20, 198], 18, 0, 200)
    ordered = sorted(found)
    assert (
        all(other - one >= 17.99 for one, other in pairwise(ordered))
        and ordered[0] >= 0
        and ordered[-1] <= 200
    )


def test_long_names_break_between_words():
    lines = lines_of(KINDS[1], 15, 200)
    assert len(lines) > 2 and all(width_of(line, 15) <= 200 for line in lines)
    assert "".join(lines).replace(" ", "") == KINDS[1].replace(" ", "")


def test_a_picture_is_drawn_once_and_found_by_its_definition(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    chart = CHARTS["ranked"]
    assert if_kept(chart) is None
    svg = kept_svg(chart)
    assert if_kept(chart) == svg == draw(chart)
    monkeypatch.setattr(keeping, "import_module", lambda name: pytest.fail("drawn again"))
    assert kept_svg(chart) == svg
    other = Ranked("พิการ", items=(*chart.items[:2], (KINDS[2], 1)), form=Screen(436))
    assert digest(other) != digest(chart)
    assert keeping.collect(days=60) == 0 and keeping.collect(days=-1) == 1 and if_kept(chart) is None


def test_a_picture_to_take_away_carries_its_typeface():
    svg = with_faces(draw(CHARTS["bars"]), {400: b"wOF2"})
    assert svg.startswith("<svg") and "@font-face" in svg and "d09GMg==" in svg
    ElementTree.fromstring(svg)


def test_pixels_for_papers_that_take_no_svg():
    assert pixels(draw(CHARTS["trend"]))[:4] == b"\x89PNG"


def test_the_door_does_not_load_the_converter():
    code = "import sys; import khet.base.lib.charts; sys.exit('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_points_from_elsewhere_are_hollow_dotted_and_named():
    plain = Trend("x", points=tuple("abcde"), series=(Series("", [5, 4, 3, 2, 1]),))
    marked = replace(plain, elsewhere=(0, 1), elsewhere_words="จากเอกสาร")
    before, after = draw(plain), draw(marked)
    assert "จากเอกสาร" in after and "จากเอกสาร" not in before
    assert "stroke-dasharray" in after and "stroke-dasharray" not in before
    hollow = 'fill="#FFFFFF"'
    assert after.count(hollow) - before.count(hollow) == 2
