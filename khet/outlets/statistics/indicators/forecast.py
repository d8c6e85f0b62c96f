"""Enrolment to come by cohort survival, school by school, and how far such forecasts were off in the years past.

The method is the usual one of enrolment projection (grade progression ratios; UNESCO-IIEP, «School mapping and micro-planning»):
pupils of a class go on to the next by the ratio of the last three transitions of their school. In a school of a few pupils a class
such a ratio is chance, so it is drawn towards that of all schools of the area which teach both classes, as if ``DRAWN`` pupils
of theirs had been in it. Who enters a school's lowest class is the mean of its last three rounds, changed each year by the mean
change of all lowest classes of the area in these rounds, but by no more than 10 per cent down or 5 up a year.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.outlets.statistics import dims as d
from khet.outlets.statistics.bases import indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.indicators.movement import by_place, grade_at
from khet.outlets.statistics.indicators.parts import SMALL_SCHOOL, counts, ones, shares, stage

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

HEADS = pgettext_lazy("counted", "คน")
WINDOW = 3
"""Rounds, and transitions, that a forecast looks at."""
DRAWN = 20
SLOWEST, FASTEST = 0.90, 1.05
TESTED = 5
"""Years ahead that are tried out on the past."""
_NEEDS = {"pupils": ["grade", "pupils"]}
_METHOD = _(
    "วิธีการอยู่รอดของรุ่น: อัตราเลื่อนชั้นสามปีล่าสุดของโรงเรียนถ่วงกับของทั้งเขต ผู้เข้าชั้นแรกใช้ค่าเฉลี่ยสามรอบล่าสุดปรับตามการเปลี่ยนแปลงของทั้งเขต ไม่คาดการเปิดหรือยุบชั้น"
)


def transitions(lake: Lake) -> ibis.Table:
    """Every class of a year beside the class below it a year before: ``office, round, school, at, year, before, after``."""
    t = by_place(lake)
    before = t.select(
        "office",
        "round",
        "school",
        at=t["at"] + 1,
        year=t.school_year + 1,
        before=t.pupils,
        after=t.pupils * 0,
    )
    after = t.select(
        "office", "round", "school", "at", year=t.school_year, before=t.pupils * 0, after=t.pupils
    )
    both = lake.ibis.union(before, after).group_by(["office", "round", "school", "at", "year"])
    both = both.agg(before=lambda x: x.before.sum(), after=lambda x: x.after.sum())
    years = t.select("office", "round", "school_year").distinct()
    pairs = years.inner_join(
        years.select("office", "round", school_year=years.school_year + 1), ["office", "round", "school_year"]
    )
    return both.semi_join(pairs.rename(year="school_year"), ["office", "round", "year"])


def _within(rows: ibis.Table, whens: ibis.Table) -> ibis.Table:
    """Rows of a ``year`` beside every census in whose window it lies."""
    joined = rows.inner_join(whens, ["office", "round"])
    return joined.filter((joined.year <= joined.base) & (joined.year > joined.base - WINDOW))


def _drawn(lake: Lake, whens: ibis.Table) -> ibis.Table:
    """``census, school, at, grows``: the ratio by which a class of a school comes out of the one below; only of classes it teaches."""
    found = _within(transitions(lake), whens).group_by(["census", "school", "at"])
    found = found.agg(before=lambda x: x.before.sum(), after=lambda x: x.after.sum())
    taught = found.filter(found.after > 0)
    both = taught.filter(taught.before > 0)
    area = both.group_by(["census", "at"]).agg(area=both.after.sum() / both.before.sum())
    joined = taught.left_join(area, ["census", "at"])
    area_ratio = joined.area.fill_null(1.0)
    return joined.select(
        "census", "school", "at", grows=(joined.after + DRAWN * area_ratio) / (joined.before + DRAWN)
    )


def _entrants(lake: Lake, whens: ibis.Table, lowest: ibis.Table) -> ibis.Table:
    """``census, school, entrants, trend``: who enters the lowest class, in the middle of the window, and the change a year."""
    t = by_place(lake)
    rows = _within(t.select("office", "round", "school", "at", "pupils", year=t.school_year), whens)
    rows = rows.select("census", "base", "school", "at", "pupils", "year").inner_join(
        lowest, ["census", "school"]
    )
    rows = rows.filter(rows["at"] == rows.entry)
    spans = _within(whens.select("office", "round", year=whens.base), whens)
    spans = spans.group_by("census").agg(first=spans.year.min(), last=spans.year.max(), rounds=spans.count())
    rows = rows.select("census", "school", "pupils", "year").inner_join(spans, ["census"])
    own = rows.group_by(["census", "school"]).agg(entrants=rows.pupils.sum() / rows.rounds.max())
    whole = rows.group_by(["census"]).agg(
        then=rows.pupils.sum(where=rows.year == rows["first"]).fill_null(0),
        now=rows.pupils.sum(where=rows.year == rows["last"]).fill_null(0),
        span=(rows["last"] - rows["first"]).max(),
    )
    steady = (whole.span == 0) | (whole.then == 0) | (whole.now == 0)
    change = lake.ibis.ifelse(steady, 0.0, _log(whole))
    trend = whole.select("census", "span", trend=change.exp().clip(lower=SLOWEST, upper=FASTEST))
    return own.inner_join(trend, ["census"]).select("census", "school", "entrants", "span", "trend")


def _log(whole: ibis.Table) -> ibis.Value:
    """The mean yearly change as a logarithm, nought where it cannot be told."""
    safe_now = whole.now.nullif(0).fill_null(1).cast("float64")
    safe_then = whole.then.nullif(0).fill_null(1).cast("float64")
    return (safe_now / safe_then).ln() / whole.span.nullif(0).fill_null(1)


FURTHEST = 10
"""Years ahead that are told."""


def projected(lake: Lake, furthest: int = FURTHEST) -> ibis.Table:
    """``census, office, round, base, school, at, ahead, pupils``: what the rounds up to each census say of the years after it."""
    if lake.keeper is None:
        return _projected(lake, furthest)
    t = lake.kept("projected", lambda: _projected(lake, FURTHEST))
    return t.filter(t.ahead <= furthest)


def _projected(lake: Lake, furthest: int) -> ibis.Table:
    t = by_place(lake)
    whens = t.select("census", "office", "round", base=t.school_year).distinct()
    ratios = _drawn(lake, whens)
    # Of a census without a year before it nothing can be said.
    here = t.filter(t.pupils > 0).semi_join(ratios, ["census"])
    lowest = here.group_by(["census", "school"]).agg(entry=here["at"].min())
    grows = ratios.inner_join(lowest, ["census", "school"])
    above = grows.filter(grows["at"] > grows.entry).select(
        "census", "school", "at", "entry", log=lambda x: x.grows.ln()
    )
    first = lowest.select("census", "school", at=lowest.entry, entry=lowest.entry, log=lake.ibis.literal(0.0))
    classes = lake.ibis.union(above, first)
    window = lake.ibis.window(group_by=["census", "school"], order_by="at", preceding=None, following=0)
    classes = classes.mutate(reached=classes.log.sum().over(window))
    # What a class has is joined before its years ahead are spread out: a tenth of the rows.
    entering = _entrants(lake, whens, lowest)
    spread = classes.left_join(entering, ["census", "school"])
    spread = spread.select(
        *(classes[name] for name in classes.columns), spread.entrants, spread.span, spread.trend
    )
    told = spread.inner_join(whens, ["census"])
    told = told.select(*(spread[name] for name in spread.columns), told.office, told["round"], told.base)
    told = told.mutate(ahead=lake.ibis.range(1, furthest + 1).unnest())
    told = told.mutate(source=told["at"] - told.ahead)
    rows = told.left_join(_standing(lake, classes, here), ["census", "school", "source"])
    rows = rows.select(*(told[name] for name in told.columns), rows.start, rows.there)
    came = rows.ahead - (
        rows["at"] - rows.entry
    )  # years from now in which those of a lower class than today's lowest come in
    risen = rows.there.fill_null(0) * (rows.reached - rows.start.fill_null(0.0)).exp()
    entered = (
        rows.entrants.fill_null(0.0)
        * rows.trend.fill_null(1.0) ** (came + rows.span.fill_null(0) / 2)
        * rows.reached.exp()
    )
    pupils = lake.ibis.ifelse(rows.source >= rows.entry, risen, entered).cast("decimal(18, 4)")
    return rows.select("census", "office", "round", "base", "school", "at", "ahead", pupils=pupils)


def _standing(lake: Lake, classes: ibis.Table, here: ibis.Table) -> ibis.Table:
    """``census, school, source, start, there``: how far a class has come by its ratios, and who is in it today; either may be missing."""
    reached = classes.select(
        "census", "school", source=classes["at"], start=classes.reached, there=lake.ibis.null("int64")
    )
    now = here.select(
        "census",
        "school",
        source=here["at"],
        start=lake.ibis.null("float64"),
        there=here.pupils.cast("int64"),
    )
    both = lake.ibis.union(reached, now).group_by(["census", "school", "source"])
    return both.agg(start=lambda x: x.start.max(), there=lambda x: x.there.max())


def _forecast(lake: Lake, years: int) -> ibis.Table:
    t = projected(lake, years)
    t = t.mutate(year=t.base + t.ahead, grade=grade_at(lake, t["at"]))
    return counts(t, t.pupils.sum(), "year", "stage", stage=stage(lake, t.grade))


@indicator(
    "forecast_5",
    Chapter.FORECAST,
    _("นักเรียนคาดประมาณ 5 ปีข้างหน้าจำแนกตามปีการศึกษาและระดับ"),
    definition=_METHOD,
    unit=HEADS,
    needs=_NEEDS,
    dims=[d.YEAR, d.STAGE],
    years=WINDOW,
    least=1,
)
def forecast_5(lake: Lake) -> ibis.Table:
    return _forecast(lake, 5)


@indicator(
    "forecast_10",
    Chapter.FORECAST,
    _("นักเรียนคาดประมาณ 10 ปีข้างหน้าจำแนกตามปีการศึกษาและระดับ"),
    definition=_METHOD,
    unit=HEADS,
    needs=_NEEDS,
    dims=[d.YEAR, d.STAGE],
    years=WINDOW,
    least=1,
)
def forecast_10(lake: Lake) -> ibis.Table:
    return _forecast(lake, FURTHEST)


@indicator(
    "forecast_by_grade",
    Chapter.FORECAST,
    _("นักเรียนคาดประมาณ 5 ปีข้างหน้าจำแนกตามปีการศึกษาและชั้น"),
    definition=_METHOD,
    unit=HEADS,
    needs=_NEEDS,
    dims=[d.YEAR, d.GRADE],
    years=WINDOW,
    least=1,
)
def forecast_by_grade(lake: Lake) -> ibis.Table:
    t = projected(lake, 5)
    return counts(t, t.pupils.sum(), "year", "grade", year=t.base + t.ahead, grade=grade_at(lake, t["at"]))


@indicator(
    "small_schools_forecast",
    Chapter.FORECAST,
    _("โรงเรียนขนาดเล็กที่คาดว่าจะมีใน 10 ปีข้างหน้า"),
    definition=_("จำนวนโรงเรียนที่นักเรียนคาดประมาณไม่เกิน 120 คน ในแต่ละปีการศึกษา ไม่คาดการยุบหรือรวมโรงเรียน"),
    unit=pgettext_lazy("counted", "โรงเรียน"),
    needs=_NEEDS,
    dims=[d.YEAR],
    years=WINDOW,
    least=1,
)
def small_schools_forecast(lake: Lake) -> ibis.Table:
    t = projected(lake)
    t = t.mutate(year=t.base + t.ahead)
    each = t.group_by(["census", "school", "year"]).agg(pupils=t.pupils.sum())
    each = each.filter(each.pupils <= SMALL_SCHOOL)
    return counts(each, ones, "year")


def _tested(lake: Lake) -> ibis.Table:
    """Forecasts of earlier rounds for the year of a census, a row a school: ``census, school, ahead, said, came``."""
    return lake.kept("tested", lambda: _tried(lake))


def _tried(lake: Lake) -> ibis.Table:
    t = projected(lake, TESTED)
    said = t.group_by(["office", "round", "school", "ahead", "base"]).agg(said=t.pupils.sum())
    said = said.select("office", "round", "school", "ahead", "said", school_year=said.base + said.ahead)
    actual = by_place(lake)
    actual = actual.group_by(["census", "office", "round", "school_year", "school"]).agg(
        came=actual.pupils.sum()
    )
    return actual.inner_join(said, ["office", "round", "school_year", "school"]).select(
        "census", "school", "ahead", "said", "came"
    )


@indicator(
    "forecast_error",
    Chapter.FORECAST,
    _("ความคลาดเคลื่อนของการคาดประมาณย้อนหลัง"),
    definition=_(
        "ผลรวมค่าสัมบูรณ์ของผลต่างรายโรงเรียนระหว่างที่คาดไว้จากข้อมูลถึงรอบก่อน ๆ กับจำนวนจริงในรอบนี้ หารด้วยจำนวนจริง คูณร้อย ตามจำนวนปีที่คาดล่วงหน้า"
    ),
    unit=_("ร้อยละ"),
    needs=_NEEDS,
    dims=[d.AHEAD],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    years=TESTED + WINDOW,
    least=2,
)
def error(lake: Lake) -> ibis.Table:
    t = _tested(lake)
    return shares(t, (t.said - t.came).abs().sum(), t.came.sum(), "ahead")


@indicator(
    "forecast_bias",
    Chapter.FORECAST,
    _("ความเอนเอียงของการคาดประมาณย้อนหลัง"),
    definition=_(
        "จำนวนที่คาดไว้จากข้อมูลถึงรอบก่อน ๆ ลบจำนวนจริงในรอบนี้ หารด้วยจำนวนจริง คูณร้อย ค่าบวกคือคาดสูงไป ตามจำนวนปีที่คาดล่วงหน้า"
    ),
    unit=_("ร้อยละ"),
    needs=_NEEDS,
    dims=[d.AHEAD],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    years=TESTED + WINDOW,
    least=2,
)
def bias(lake: Lake) -> ibis.Table:
    t = _tested(lake)
    return shares(t, (t.said - t.came).sum(), t.came.sum(), "ahead")
