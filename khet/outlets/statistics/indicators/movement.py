"""Who comes, goes, repeats and stays. What is counted in one round stands in ``movements`` (``students.frozen.movements``); what compares
years joins the same round of earlier years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.outlets.statistics import dims as d
from khet.outlets.statistics.bases import SMALL, indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.indicators.parts import GRADES, counts, of_grades, place_of, shares, stage

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

HEADS = pgettext_lazy("counted", "คน")
PERCENT = _("ร้อยละ")
_MOVES = {"movements": ["grade", "sex", "kind", "reason", "pupils"]}
_LEFT = ["moved", "resigned", "dismissed", "traced", "died"]
_DROPPED = ["resigned", "dismissed", "traced"]


def _of_kind(lake: Lake, *kinds: str) -> ibis.Table:
    return lake["movements"].filter(lambda t: t.kind.isin(list(kinds)))


@indicator(
    "pupils_new",
    Chapter.MOVEMENT,
    _("นักเรียนเข้าใหม่จำแนกตามชั้นและเพศ"),
    definition=_("นักเรียนที่กำลังเรียน ณ วันของรอบ ซึ่งเมื่อสิ้นปีการศึกษาก่อนไม่มีชื่อในทะเบียนของโรงเรียนใดในเขต"),
    unit=HEADS,
    needs=_MOVES,
    dims=[d.GRADE, d.SEX],
)
def new(lake: Lake) -> ibis.Table:
    t = _of_kind(lake, "new")
    return counts(t, t.pupils.sum(), "grade", "sex")


@indicator(
    "pupils_from_schools",
    Chapter.MOVEMENT,
    _("นักเรียนที่มาจากโรงเรียนอื่นในเขตจำแนกตามชั้นและเพศ"),
    definition=_("นักเรียนที่กำลังเรียน ณ วันของรอบ ซึ่งเมื่อสิ้นปีการศึกษาก่อนอยู่โรงเรียนอื่นในเขต รวมทั้งผู้ที่จบแล้วมาต่อชั้นถัดไป"),
    unit=HEADS,
    needs=_MOVES,
    dims=[d.GRADE, d.SEX],
)
def from_schools(lake: Lake) -> ibis.Table:
    t = _of_kind(lake, "from_school")
    return counts(t, t.pupils.sum(), "grade", "sex")


@indicator(
    "transfers_in",
    Chapter.MOVEMENT,
    _("นักเรียนย้ายเข้าระหว่างปีจำแนกตามชั้น"),
    definition=_("คำขอย้ายที่รับแล้ว นับตั้งแต่เปิดปีการศึกษา (16 พฤษภาคม) ถึงวันของรอบ ที่โรงเรียนปลายทาง"),
    unit=HEADS,
    needs=_MOVES,
    dims=[d.GRADE],
)
def transfers_in(lake: Lake) -> ibis.Table:
    t = _of_kind(lake, "transfer_in")
    return counts(t, t.pupils.sum(), "grade")


@indicator(
    "transfers_out",
    Chapter.MOVEMENT,
    _("นักเรียนย้ายออกระหว่างปีจำแนกตามชั้น"),
    definition=_("คำขอย้ายที่รับแล้ว นับตั้งแต่เปิดปีการศึกษา (16 พฤษภาคม) ถึงวันของรอบ ที่โรงเรียนต้นทาง"),
    unit=HEADS,
    needs=_MOVES,
    dims=[d.GRADE],
)
def transfers_out(lake: Lake) -> ibis.Table:
    t = _of_kind(lake, "transfer_out")
    return counts(t, t.pupils.sum(), "grade")


@indicator(
    "leavers",
    Chapter.MOVEMENT,
    _("นักเรียนออกระหว่างปีจำแนกตามการออกและระดับ"),
    definition=_("นักเรียนที่ออกก่อนสิ้นปีการศึกษา นับถึงวันของรอบ ตามสถานภาพที่ออก"),
    unit=HEADS,
    needs=_MOVES,
    dims=[d.LEAVING, d.STAGE],
)
def leavers(lake: Lake) -> ibis.Table:
    t = _of_kind(lake, *_LEFT)
    return counts(t, t.pupils.sum(), "kind", "stage", stage=stage(lake, t.grade))


@indicator(
    "leavers_by_reason",
    Chapter.MOVEMENT,
    _("นักเรียนออกกลางคันจำแนกตามสาเหตุและระดับ"),
    definition=_("นักเรียนที่ลาออก พ้นสภาพ หรือหายไปอยู่ระหว่างติดตาม ตามสาเหตุของระบบพาน้องกลับมาเรียน"),
    unit=HEADS,
    needs=_MOVES,
    dims=[d.REASON, d.STAGE],
    small=SMALL,
)
def leavers_by_reason(lake: Lake) -> ibis.Table:
    t = _of_kind(lake, *_DROPPED)
    return counts(t, t.pupils.sum(), "reason", "stage", stage=stage(lake, t.grade))


@indicator(
    "drop_out_rate",
    Chapter.MOVEMENT,
    _("อัตราออกกลางคัน"),
    definition=_(
        "ผู้ลาออก พ้นสภาพ หรือหายไปตั้งแต่เปิดปีการศึกษาถึงวันของรอบ ต่อนักเรียนที่เรียนอยู่รวมผู้ที่ออกแล้ว คูณร้อย รอบสิ้นปีเท่านั้นที่นับครบปี"
    ),
    unit=PERCENT,
    needs={**_MOVES, "pupils": ["grade", "pupils"]},
    dims=[d.STAGE],
    kind=Kind.RATIO,
    scale=100,
    digits=2,
)
def drop_out(lake: Lake) -> ibis.Table:
    here = of_grades(lake).select("census", "school", "grade", "pupils", left=0, dropped=0)
    gone = _of_kind(lake, *_LEFT)
    dropped = lake.ibis.ifelse(gone.kind.isin(_DROPPED), gone.pupils, 0)
    both = lake.ibis.union(
        _wide(here),
        _wide(gone.select("census", "school", "grade", pupils=0, left=gone.pupils, dropped=dropped)),
    )
    return shares(
        both, both.dropped.sum(), (both.pupils + both.left).sum(), "stage", stage=stage(lake, both.grade)
    )


def _wide(table: ibis.Table) -> ibis.Table:
    """The same with numbers of one width, so that rows of two tables go together."""
    numbers = {name: table[name].cast("int64") for name in ("pupils", "left", "dropped")}
    return table.select("census", "school", "grade", **numbers)


@indicator(
    "repeaters",
    Chapter.MOVEMENT,
    _("นักเรียนซ้ำชั้นจำแนกตามชั้นและเพศ"),
    definition=_("นักเรียนที่กำลังเรียน ณ วันของรอบ ในชั้นเดียวกับเมื่อสิ้นปีการศึกษาก่อน"),
    unit=HEADS,
    needs=_MOVES,
    dims=[d.GRADE, d.SEX],
    small=SMALL,
)
def repeaters(lake: Lake) -> ibis.Table:
    t = _of_kind(lake, "repeated")
    return counts(t, t.pupils.sum(), "grade", "sex")


@indicator(
    "repeat_rate",
    Chapter.MOVEMENT,
    _("อัตราซ้ำชั้น"),
    definition=_("นักเรียนที่อยู่ชั้นเดียวกับเมื่อสิ้นปีการศึกษาก่อน ต่อนักเรียนในชั้น คูณร้อย"),
    unit=PERCENT,
    needs={**_MOVES, "pupils": ["grade", "pupils"]},
    dims=[d.GRADE],
    kind=Kind.RATIO,
    scale=100,
    digits=2,
    small=SMALL,
)
def repeat_rate(lake: Lake) -> ibis.Table:
    here = of_grades(lake).select("census", "school", "grade", "pupils", left=0, dropped=0)
    again = _of_kind(lake, "repeated")
    again = again.select("census", "school", "grade", pupils=0, left=0, dropped=again.pupils)
    both = lake.ibis.union(_wide(here), _wide(again))
    return shares(both, both.dropped.sum(), both.pupils.sum(), "grade")


@indicator(
    "graduates",
    Chapter.MOVEMENT,
    _("ผู้จบการศึกษาเมื่อสิ้นปีการศึกษาก่อนจำแนกตามชั้นและเพศ"),
    definition=_("นักเรียนที่ผลสิ้นปีของปีการศึกษาก่อนเป็นจบการศึกษา ตามชั้นที่จบ"),
    unit=HEADS,
    needs=_MOVES,
    dims=[d.GRADE, d.SEX],
)
def graduates(lake: Lake) -> ibis.Table:
    t = _of_kind(lake, "graduated")
    return counts(t, t.pupils.sum(), "grade", "sex")


def by_place(lake: Lake) -> ibis.Table:
    """Pupils of every census by school and place of the grade: the stuff of everything that compares years."""
    return lake.kept("by_place", lambda: _by_place(lake))


def _by_place(lake: Lake) -> ibis.Table:
    t = of_grades(lake)
    t = t.mutate(at=place_of(lake, t.grade))
    keys = ["census", "office", "school_year", "round", "school", "at"]
    return t.filter(t["at"] > 0).group_by(keys).agg(pupils=t.pupils.sum().cast("int64"))


def _back(lake: Lake, years: int, places: int) -> ibis.Table:
    """Each cell of a year beside that of ``years`` ago, so many ``places`` lower: ``census, school, at, now, then``.

    Schools that have only one of the two count there with nought in the other; a census without its earlier one gives nothing.
    """
    t = by_place(lake)
    whens = t.select("census", "office", "school_year", "round").distinct()
    earlier = t.select(
        office=t.office, round=t["round"], school_year=t.school_year + years, school=t.school, at=t["at"] + places, then=t.pupils, now=0
    )  # fmt: skip
    moved = earlier.inner_join(whens, ["office", "round", "school_year"])
    then = moved.select("census", "school", "at", now=moved.now.cast("int64"), then=moved.then.cast("int64"))
    known = then.select("census").distinct()
    now = t.select("census", "school", "at", now=t.pupils.cast("int64"), then=t.pupils.cast("int64") * 0)
    now = now.semi_join(known, ["census"])
    both = lake.ibis.union(now, then)
    return both.group_by(["census", "school", "at"]).agg(now=both.now.sum(), then=both.then.sum())


def grade_at(lake: Lake, at: Any) -> Any:
    """The grade of a place among the fifteen."""
    return lake.ibis.cases(*((at == place, code) for place, code in enumerate(GRADES, start=1)), else_="")


@indicator(
    "pupils_change",
    Chapter.MOVEMENT,
    _("นักเรียนเพิ่มขึ้นหรือลดลงจากปีก่อนจำแนกตามชั้น"),
    definition=_("จำนวนนักเรียนในรอบนี้ลบด้วยจำนวนในรอบเดียวกันของปีการศึกษาก่อน ชั้นเดียวกัน"),
    unit=HEADS,
    needs={"pupils": ["grade", "pupils"]},
    dims=[d.GRADE],
    years=1,
    least=1,
    bounds=(None, None),
)
def change(lake: Lake) -> ibis.Table:
    t = _back(lake, 1, 0)
    return counts(t, (t.now - t.then).sum(), "grade", grade=grade_at(lake, t["at"]))


@indicator(
    "progression",
    Chapter.MOVEMENT,
    _("อัตราเลื่อนชั้นจากปีก่อน"),
    definition=_("นักเรียนในชั้น ต่อนักเรียนชั้นต่ำกว่าหนึ่งชั้นในรอบเดียวกันของปีการศึกษาก่อน คูณร้อย เกินร้อยเมื่อมีผู้ย้ายเข้า"),
    unit=PERCENT,
    needs={"pupils": ["grade", "pupils"]},
    dims=[d.GRADE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    years=1,
    least=1,
    bounds=(0, None),
)
def progression(lake: Lake) -> ibis.Table:
    t = _back(lake, 1, 1)
    t = t.filter((t["at"] > 1) & (t["at"] <= len(GRADES)))
    found = t.select("census", "school", n=t.now, of=t.then, grade=grade_at(lake, t["at"]))
    return found.filter((found.n > 0) | (found.of > 0))


@indicator(
    "survival",
    Chapter.MOVEMENT,
    _("อัตราคงอยู่ของรุ่น"),
    definition=_(
        "นักเรียนชั้นปลายช่วงในรอบนี้ ต่อนักเรียนชั้นต้นช่วงเมื่อรุ่นนั้นเข้าเรียน (ป.1 ห้าปีก่อนถึง ป.6, ม.1 สองปีก่อนถึง ม.3, ป.1 แปดปีก่อนถึง ม.3) คูณร้อย ไม่หักผู้ย้ายเข้า"
    ),
    unit=PERCENT,
    needs={"pupils": ["grade", "pupils"]},
    dims=[d.SPAN],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    years=8,
    least=2,
)
def survival(lake: Lake) -> ibis.Table:
    parts = []
    for code, years, last in (("p1-p6", 5, 9), ("m1-m3", 2, 12), ("p1-m3", 8, 12)):
        t = _back(lake, years, years)
        t = t.filter((t["at"] == last) & ((t.now > 0) | (t.then > 0)))
        parts.append(t.select("census", "school", span=lake.ibis.literal(code), n=t.now, of=t.then))
    return lake.ibis.union(*parts)
