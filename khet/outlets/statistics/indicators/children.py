"""Children of the service areas (EFA). Ages are those of the law: school year less year of birth (พ.ร.บ.การศึกษาภาคบังคับ พ.ศ. 2545)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.modules.children.choices import AT_SCHOOL, FROM, OVER
from khet.outlets.statistics import dims as d
from khet.outlets.statistics.bases import SMALL, indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.indicators.parts import counts, ones, part, shares

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

HEADS = pgettext_lazy("counted", "คน")
CASES = pgettext_lazy("counted", "เรื่อง")
PERCENT = _("ร้อยละ")
_CHILDREN = {"children": ["age", "sex", "state", "children"]}
_TAUGHT = [state.value for state in AT_SCHOOL]


def _bound(lake: Lake) -> ibis.Table:
    """Children whom the law binds: from the seventh year of life, before the sixteenth, the ninth class not passed."""
    return lake["children"].filter(lambda t: (t.age >= FROM) & (t.age < OVER) & (t.state != "done"))


@indicator(
    "children_by_state",
    Chapter.CHILDREN,
    _("เด็กในเขตบริการจำแนกตามสถานะการเรียนและเพศ"),
    definition=_(
        "เด็กในเขตบริการของโรงเรียนตามทะเบียนราษฎรและการสำรวจ ตามสถานะการเรียนในปีการศึกษา ไม่นับผู้ย้ายออกหรือเสียชีวิต"
    ),
    unit=HEADS,
    needs=_CHILDREN,
    dims=[d.CHILD_STATE, d.SEX],
)
def by_state(lake: Lake) -> ibis.Table:
    t = lake["children"]
    return counts(t, t.children.sum(), "state", "sex")


@indicator(
    "children_by_age",
    Chapter.CHILDREN,
    _("เด็กในเขตบริการจำแนกตามอายุและเพศ"),
    definition=_("เด็กในเขตบริการตามอายุ (ปีการศึกษาลบปีเกิด) และเพศ"),
    unit=HEADS,
    needs=_CHILDREN,
    dims=[d.CHILD_AGE, d.SEX],
)
def by_age(lake: Lake) -> ibis.Table:
    t = lake["children"]
    return counts(t, t.children.sum(), "age", "sex")


@indicator(
    "compulsory_by_state",
    Chapter.CHILDREN,
    _("เด็กในเกณฑ์บังคับจำแนกตามอายุและสถานะการเรียน"),
    definition=_(
        "เด็กอายุย่างเข้าปีที่ 7 จนถึงก่อนย่างเข้าปีที่ 16 ที่ยังไม่จบ ม.3 (พ.ร.บ.การศึกษาภาคบังคับ พ.ศ. 2545 มาตรา 4) ตามสถานะการเรียน"
    ),
    unit=HEADS,
    needs=_CHILDREN,
    dims=[d.CHILD_AGE, d.CHILD_STATE],
)
def compulsory(lake: Lake) -> ibis.Table:
    t = _bound(lake)
    return counts(t, t.children.sum(), "age", "state")


@indicator(
    "coverage",
    Chapter.CHILDREN,
    _("อัตราการเข้าเรียนของเด็กในเกณฑ์บังคับ"),
    definition=_(
        "เด็กในเกณฑ์บังคับที่เรียนอยู่ (ทุกสังกัด รวมการจัดการศึกษาโดยครอบครัวและนอกระบบ) หารด้วยเด็กในเกณฑ์บังคับทั้งหมด คูณร้อย ผู้ได้รับผ่อนผันนับในตัวหาร"
    ),
    unit=PERCENT,
    needs=_CHILDREN,
    dims=[d.CHILD_AGE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def coverage(lake: Lake) -> ibis.Table:
    t = _bound(lake)
    return shares(t, part(t.children, t.state.isin(_TAUGHT)), t.children.sum(), "age")


@indicator(
    "in_own_school_share",
    Chapter.CHILDREN,
    _("เด็กในเกณฑ์บังคับที่เรียนในโรงเรียนของเขตบริการ"),
    definition=_("เด็กในเกณฑ์บังคับที่เรียนในโรงเรียนของเขตบริการตน หารด้วยเด็กในเกณฑ์บังคับที่เรียนอยู่ทุกแห่ง คูณร้อย"),
    unit=PERCENT,
    needs=_CHILDREN,
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def in_own_school(lake: Lake) -> ibis.Table:
    t = _bound(lake).filter(lambda t: t.state.isin(_TAUGHT))
    return shares(t, part(t.children, t.state == "service"), t.children.sum())


@indicator(
    "out_of_school",
    Chapter.CHILDREN,
    _("เด็กในเกณฑ์บังคับที่ไม่ได้เรียนจำแนกตามอายุและเพศ"),
    definition=_("เด็กในเกณฑ์บังคับที่ไม่พบที่เรียนและไม่ได้รับผ่อนผัน ตามอายุและเพศ"),
    unit=HEADS,
    needs=_CHILDREN,
    dims=[d.CHILD_AGE, d.SEX],
    small=SMALL,
)
def out_of_school(lake: Lake) -> ibis.Table:
    t = _bound(lake).filter(lambda t: t.state == "none")
    return counts(t, t.children.sum(), "age", "sex")


@indicator(
    "first_grade_to_come",
    Chapter.CHILDREN,
    _("เด็กที่จะเข้า ป.1 จำแนกตามปีการศึกษาและเพศ"),
    definition=_("เด็กในเขตบริการที่จะถึงเกณฑ์เข้า ป.1 ในปีการศึกษาที่แสดง (ปีเกิด พ.ศ. บวก 7) ไม่เกินหกปีข้างหน้า"),
    unit=HEADS,
    needs=_CHILDREN,
    dims=[d.YEAR, d.SEX],
)
def first_grade(lake: Lake) -> ibis.Table:
    t = lake["children"].filter(lambda t: (t.age >= 1) & (t.age <= FROM))
    return counts(t, t.children.sum(), "year", "sex", year=t.school_year + FROM - t.age)


@indicator(
    "children_3_to_17_at_school",
    Chapter.CHILDREN,
    _("ประชากรวัยเรียน 3–17 ปีที่เรียนอยู่"),
    definition=_("เด็กอายุ 3–17 ปีในเขตบริการที่เรียนอยู่ หารด้วยเด็กอายุ 3–17 ปีทั้งหมด คูณร้อย"),
    unit=PERCENT,
    needs={"children_villages": ["children", "at_school"]},
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def three_to_seventeen(lake: Lake) -> ibis.Table:
    t = lake["children_villages"]
    return shares(t, t.at_school.sum(), t.children.sum())


@indicator(
    "villages_served",
    Chapter.CHILDREN,
    _("หมู่บ้านที่มีเด็กในเขตบริการ"),
    definition=_("จำนวนหมู่บ้านที่มีเด็กอายุ 3–17 ปีอยู่ในเขตบริการของโรงเรียน"),
    unit=_("หมู่บ้าน"),
    needs={"children_villages": ["village"]},
)
def villages(lake: Lake) -> ibis.Table:
    t = lake["children_villages"].filter(lambda t: t.village != "")
    return counts(t, ones)


_TRACING = {"children_tracing": ["cause", "reason", "state", "outcome", "cases"]}


@indicator(
    "tracing_cases",
    Chapter.CHILDREN,
    _("เรื่องติดตามเด็กจำแนกตามเหตุและผลเมื่อปิดเรื่อง"),
    definition=_("จำนวนเรื่องติดตามเด็กของปีการศึกษา (พาน้องกลับมาเรียน) ตามเหตุที่เปิดเรื่องและผลเมื่อปิด"),
    unit=CASES,
    needs=_TRACING,
    dims=[d.CAUSE, d.OUTCOME],
    small=SMALL,
)
def tracing(lake: Lake) -> ibis.Table:
    t = lake["children_tracing"]
    return counts(t, t.cases.sum(), "cause", "outcome")


@indicator(
    "tracing_by_reason",
    Chapter.CHILDREN,
    _("เรื่องติดตามเด็กจำแนกตามสาเหตุ"),
    definition=_("จำนวนเรื่องติดตามเด็กของปีการศึกษาตามสาเหตุของระบบพาน้องกลับมาเรียน"),
    unit=CASES,
    needs=_TRACING,
    dims=[d.TRACE_REASON],
    small=SMALL,
)
def tracing_by_reason(lake: Lake) -> ibis.Table:
    t = lake["children_tracing"]
    return counts(t, t.cases.sum(), "reason")


@indicator(
    "tracing_open",
    Chapter.CHILDREN,
    _("เรื่องที่ยังติดตามอยู่จำแนกตามผลการติดตาม"),
    definition=_("จำนวนเรื่องติดตามเด็กที่ยังไม่ปิด ตามผลการติดตามล่าสุด"),
    unit=CASES,
    needs=_TRACING,
    dims=[d.TRACE_STATE],
    small=SMALL,
)
def tracing_open(lake: Lake) -> ibis.Table:
    t = lake["children_tracing"].filter(lambda t: t.state != "")
    return counts(t, t.cases.sum(), "state")


@indicator(
    "back_at_school_share",
    Chapter.CHILDREN,
    _("เด็กที่ติดตามแล้วได้เรียน"),
    definition=_("เรื่องที่ปิดด้วยผลกลับเข้าเรียนหรือเรียนที่อื่นแล้ว หารด้วยเรื่องทั้งหมดที่ไม่ได้เปิดผิดคน คูณร้อย"),
    unit=PERCENT,
    needs=_TRACING,
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    small=SMALL,
)
def back(lake: Lake) -> ibis.Table:
    t = lake["children_tracing"].filter(lambda t: t.outcome != "mistake")
    return shares(t, part(t.cases, t.outcome.isin(["back", "elsewhere"])), t.cases.sum())
