"""Enrolment to come by cohort survival, school by school, and how far such forecasts were off in the years past.

The method is the usual one of enrolment projection (grade progression ratios; UNESCO-IIEP, «School mapping and micro-planning»):
pupils of a class go on to the next by the ratio of the last three transitions of their school. In a school of a few pupils a class
such a ratio is chance, so it is drawn towards that of all schools of the area which teach both classes, as if ``DRAWN`` pupils
of theirs had been in it. Who enters a school's lowest class is the mean of its last three rounds, changed each year by the mean
change of all lowest classes of the area in these rounds, but by no more than 10 per cent down or 5 up a year.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.outlets.statistics import dims as d
from khet.outlets.statistics.bases import indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.indicators.movement import by_place, grade_at
from khet.outlets.statistics.indicators.parts import GRADES, KEY, SMALL_SCHOOL, counts, ones, shares, stage

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
PLACES = range(1, len(GRADES) + 1)
_NEEDS = {"pupils": ["grade", "pupils"]}
_METHOD = _(
    "วิธีการอยู่รอดของรุ่น: อัตราเลื่อนชั้นสามปีล่าสุดของโรงเรียนถ่วงกับของทั้งเขต ผู้เข้าชั้นแรกใช้ค่าเฉลี่ยสามรอบล่าสุดปรับตามการเปลี่ยนแปลงของทั้งเขต ไม่คาดการเปิดหรือยุบชั้น"
)


def _transitions(lake: Lake) -> ibis.Table:
    """Every class of a year, and every class of the year before where it goes on to, in a row each: ``office, round, school, at, year, before, after``."""
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
    return lake.ibis.union(before, after)


def _windows(whens: ibis.Table) -> ibis.Table:
    """The years that each census looks at, with its own: ``census, base, office, round, year``."""
    years = whens.select("office", "round", year=whens.base)
    joined = years.inner_join(whens, ["office", "round"])
    joined = joined.filter((joined.year <= joined.base) & (joined.year > joined.base - WINDOW))
    return joined.select("census", "base", "office", "round", "year")


def _drawn(lake: Lake, whens: ibis.Table) -> ibis.Table:
    """``census, school, at, grows``: the ratio by which a class of a school comes out of the one below; only of classes it teaches."""
    windows = _windows(whens)
    # A year tells how classes went on where the year before it is known too.
    told = windows.semi_join(
        whens.select("office", "round", year=whens.base + 1), ["office", "round", "year"]
    )
    found = _transitions(lake).inner_join(told, ["office", "round", "year"])
    found = found.group_by(["census", "school", "at"])
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
    windows = _windows(whens)
    rows = t.select("office", "round", "school", "at", "pupils", year=t.school_year)
    rows = rows.inner_join(windows, ["office", "round", "year"])
    rows = rows.select("census", "base", "school", "at", "pupils", "year").inner_join(
        lowest, ["census", "school"]
    )
    rows = rows.filter(rows["at"] == rows.entry)
    spans = windows.group_by("census").agg(
        first=windows.year.min(), last=windows.year.max(), rounds=windows.count()
    )
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
    """What the rounds up to each census say of the years after it, a row a class: ``census, office, round, base, school, at`` and the
    pupils of each year ahead, ``in_1`` to at least ``in_<furthest>``."""
    if lake.keeper is None:
        return _projected(lake, furthest)
    return lake.kept("projected", lambda: _projected(lake, FURTHEST))


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
    schools = _schools(lake, classes, here, _entrants(lake, whens, lowest), furthest)
    rows = classes.select("census", "school", "at", "entry").inner_join(schools, ["census", "school"])
    rows = rows.inner_join(whens, ["census"])
    rows = rows.mutate(rises=_at(rows.reached, rows["at"]).exp())
    told = {f"in_{ahead}": _in(lake, rows, ahead) for ahead in range(1, furthest + 1)}
    return rows.select("census", "office", "round", "base", "school", "at", **told)


def _schools(
    lake: Lake, classes: ibis.Table, here: ibis.Table, entering: ibis.Table, furthest: int
) -> ibis.Table:
    """What each school goes on from, as arrays: ``census, school, reached, there, coming``.

    By place of the class, ``reached`` is the sum of the logarithms of the ratios up to it, and ``there`` who is in it today as if none
    of these had been at work yet; by year ahead, ``coming`` is who enters the lowest class.
    """
    t = _beside(classes, "log").inner_join(_beside(here, "pupils"), ["census", "school"])
    t = t.left_join(entering, ["census", "school"])
    logs = [t[f"log_{at}"] for at in PLACES]
    reached = list(accumulate(log.fill_null(0.0) for log in logs))
    there = [
        t[f"pupils_{at}"].fill_null(0) * lake.ibis.ifelse(log.isnull(), 0.0, -so_far).exp()
        for at, log, so_far in zip(PLACES, logs, reached, strict=True)
    ]
    entrants, trend, middle = t.entrants.fill_null(0.0), t.trend.fill_null(1.0), t.span.fill_null(0) / 2
    coming = [entrants * trend ** (middle + year) for year in range(1, furthest + 1)]
    of_places = {"reached": reached, "there": there, "coming": coming}
    return t.select(
        "census", "school", **{name: lake.ibis.array(values) for name, values in of_places.items()}
    )


def _in(lake: Lake, rows: ibis.Table, ahead: int) -> ibis.Value:
    """The pupils of each class in so many years: today's of a lower class risen, or who enters the lowest in the meantime risen."""
    source = rows["at"] - ahead
    here = _at(rows.there, source.clip(lower=1))
    entered = _at(rows.coming, (rows.entry - source).clip(lower=1))
    told = lake.ibis.ifelse(source >= rows.entry, here, entered) * rows.rises
    # Ratios of small numbers fall in the middle of two ten-thousandths quite often, but for the last bit, which is each engine's own.
    return told.cast("decimal(18, 8)").cast("decimal(18, 4)")


def _at(values: Any, place: Any) -> Any:
    """What stands at a place of an array, counted from 1. Spark takes no long number for a place."""
    return values[(place - 1).cast("int32")]


def _beside(classes: ibis.Table, name: str) -> ibis.Table:
    """A row a school of what stands in a row a class: ``census, school, <name>_1`` to ``<name>_15``, null where it has no such class."""
    columns = {f"{name}_{at}": classes[name].max(where=classes["at"] == at) for at in PLACES}
    return classes.group_by(["census", "school"]).agg(**columns)


def _by_year(lake: Lake, years: int, keys: list[str], *dims: str, **made: Any) -> ibis.Table:
    """Forecasts summed by these columns, some of which are made here, then a row a year: ``ahead, year, pupils`` beside them.

    In this order, for there are ten years to a class and few rows once classes are brought together.
    """
    t = projected(lake, years)
    t = t.mutate(**{name: make(t) for name, make in made.items()}) if made else t
    columns = [f"in_{ahead}" for ahead in range(1, years + 1)]
    t = t.group_by([*keys, "base", *dims]).agg(**{name: t[name].sum() for name in columns})
    t = t.select("base", *keys, *dims, told=lake.ibis.array([t[name] for name in columns]))
    t = t.mutate(ahead=lake.ibis.range(1, years + 1).unnest())
    return t.select(*keys, *dims, "ahead", year=t.base + t.ahead, pupils=_at(t.told, t.ahead))


def _forecast(lake: Lake, years: int) -> ibis.Table:
    t = _by_year(lake, years, KEY, "stage", stage=lambda x: stage(lake, grade_at(lake, x["at"])))
    return t.select(*KEY, "year", "stage", n=t.pupils)


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
    t = _by_year(lake, 5, KEY, "grade", grade=lambda x: grade_at(lake, x["at"]))
    return t.select(*KEY, "year", "grade", n=t.pupils)


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
    each = _by_year(lake, FURTHEST, KEY)
    return counts(each.filter(each.pupils <= SMALL_SCHOOL), ones, "year")


def _tested(lake: Lake) -> ibis.Table:
    """Forecasts of earlier rounds for the year of a census, a row a school: ``census, school, ahead, said, came``."""
    return lake.kept("tested", lambda: _tried(lake))


def _tried(lake: Lake) -> ibis.Table:
    t = _by_year(lake, TESTED, ["office", "round", "school"])
    said = t.select("office", "round", "school", "ahead", school_year=t.year, said=t.pupils)
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
