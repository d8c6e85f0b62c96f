"""Teachers and staff of the schools on the day (``staff.sheets``), and manpower against the criterion of then (ว 23/2563 as rows)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.outlets.statistics import dims as d
from khet.outlets.statistics.bases import indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.indicators.parts import (
    band,
    beside,
    counts,
    of_grades,
    ones,
    part,
    per_school,
    shares,
    size,
)

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

HEADS = pgettext_lazy("counted", "คน")
SEATS = pgettext_lazy("counted", "อัตรา")
PERCENT = _("ร้อยละ")
AHEAD = 10


def _teachers(lake: Lake) -> ibis.Table:
    """Officials who teach: ข้าราชการครู in the jobs ครู and ครูผู้ช่วย."""
    return lake["staff"].filter(lambda t: (t.kind == "teacher") & t.job.isin(["teacher", "assistant"]))


@indicator(
    "staff_by_kind",
    Chapter.TEACHERS,
    _("บุคลากรในโรงเรียนจำแนกตามประเภทและเพศ"),
    definition=_("บุคลากรที่สังกัดโรงเรียน (จ.18) ณ วันของรอบ รวมผู้ไปช่วยราชการที่อื่น ตามประเภทการจ้าง"),
    unit=HEADS,
    needs={"staff": ["kind", "sex", "people"]},
    dims=[d.STAFF_KIND, d.SEX],
)
def by_kind(lake: Lake) -> ibis.Table:
    t = lake["staff"]
    return counts(t, t.people.sum(), "kind", "sex")


@indicator(
    "staff_by_job",
    Chapter.TEACHERS,
    _("บุคลากรในโรงเรียนจำแนกตามตำแหน่งและเพศ"),
    definition=_("บุคลากรที่สังกัดโรงเรียน (จ.18) ณ วันของรอบ ตามตำแหน่งและเพศ"),
    unit=HEADS,
    needs={"staff": ["job", "sex", "people"]},
    dims=[d.JOB, d.SEX],
)
def by_job(lake: Lake) -> ibis.Table:
    t = lake["staff"]
    return counts(t, t.people.sum(), "job", "sex")


@indicator(
    "teachers_by_standing",
    Chapter.TEACHERS,
    _("ข้าราชการครูจำแนกตามวิทยฐานะและเพศ"),
    definition=_("ข้าราชการครูทุกตำแหน่งในโรงเรียน ตามวิทยฐานะ ณ วันของรอบ"),
    unit=HEADS,
    needs={"staff": ["kind", "standing", "sex", "people"]},
    dims=[d.STANDING, d.SEX],
)
def by_standing(lake: Lake) -> ibis.Table:
    t = lake["staff"].filter(lambda t: t.kind == "teacher")
    return counts(t, t.people.sum(), "standing", "sex")


@indicator(
    "teachers_by_level",
    Chapter.TEACHERS,
    _("ข้าราชการครูจำแนกตามระดับตำแหน่งและเพศ"),
    definition=_("ข้าราชการครูทุกตำแหน่งในโรงเรียน ตามระดับ (ครูผู้ช่วย คศ.1–คศ.5) ณ วันของรอบ"),
    unit=HEADS,
    needs={"staff": ["kind", "level", "sex", "people"]},
    dims=[d.LEVEL, d.SEX],
)
def by_level(lake: Lake) -> ibis.Table:
    t = lake["staff"].filter(lambda t: t.kind == "teacher")
    return counts(t, t.people.sum(), "level", "sex")


@indicator(
    "teachers_by_education",
    Chapter.TEACHERS,
    _("ครูจำแนกตามวุฒิการศึกษาสูงสุดและเพศ"),
    definition=_("ข้าราชการครูตำแหน่งครูและครูผู้ช่วย ตามวุฒิสูงสุดที่บันทึก"),
    unit=HEADS,
    needs={"staff": ["kind", "job", "education", "sex", "people"]},
    dims=[d.EDUCATION, d.SEX],
)
def by_education(lake: Lake) -> ibis.Table:
    t = _teachers(lake)
    return counts(t, t.people.sum(), "education", "sex")


@indicator(
    "teachers_by_subject",
    Chapter.TEACHERS,
    _("ครูจำแนกตามวิชาเอก"),
    definition=_("ข้าราชการครูตำแหน่งครูและครูผู้ช่วย ตามกลุ่มสาระของวิชาเอก แปดกลุ่มสาระของหลักสูตรแกนกลาง 2551 และอื่น ๆ"),
    unit=HEADS,
    needs={"staff": ["kind", "job", "subject", "people"]},
    dims=[d.SUBJECT],
)
def by_subject(lake: Lake) -> ibis.Table:
    t = _teachers(lake)
    return counts(t, t.people.sum(), "subject")


@indicator(
    "teachers_by_age",
    Chapter.TEACHERS,
    _("ข้าราชการครูจำแนกตามช่วงอายุและเพศ"),
    definition=_("ข้าราชการครูทุกตำแหน่งในโรงเรียน ตามอายุเต็มปี ณ วันของรอบ"),
    unit=HEADS,
    needs={"staff": ["kind", "age", "sex", "people"]},
    dims=[d.AGE_BAND, d.SEX],
)
def by_age(lake: Lake) -> ibis.Table:
    t = lake["staff"].filter(lambda t: t.kind == "teacher")
    ages = band(lake, t.age, ((29, "-29"), (39, "30-39"), (49, "40-49"), (54, "50-54")), "55+")
    return counts(t, t.people.sum(), "age_band", "sex", age_band=ages)


@indicator(
    "teachers_mean_age",
    Chapter.TEACHERS,
    _("อายุเฉลี่ยของข้าราชการครู"),
    definition=_("ผลรวมอายุเต็มปีหารด้วยจำนวนข้าราชการครูที่ทราบวันเกิด ตามตำแหน่ง"),
    unit=_("ปี"),
    needs={"staff": ["kind", "job", "age", "people"]},
    dims=[d.JOB],
    kind=Kind.MEAN,
    digits=1,
)
def mean_age(lake: Lake) -> ibis.Table:
    t = lake["staff"].filter(lambda t: (t.kind == "teacher") & t.age.notnull())
    return shares(t, (t.age * t.people).sum(), t.people.sum(), "job")


@indicator(
    "retirements",
    Chapter.TEACHERS,
    _("ข้าราชการครูที่จะเกษียณใน 10 ปีจำแนกตามปีและตำแหน่ง"),
    definition=_(
        "ข้าราชการครูที่อายุครบ 60 ปีบริบูรณ์ในปีงบประมาณ เกษียณ 30 กันยายนของปี พ.ศ. ที่แสดง ตั้งแต่ปีการศึกษาของรอบถึงสิบปีข้างหน้า"
    ),
    unit=HEADS,
    needs={"staff": ["kind", "job", "retires", "people"]},
    dims=[d.YEAR, d.JOB],
)
def retirements(lake: Lake) -> ibis.Table:
    t = lake["staff"].filter(
        lambda t: (t.kind == "teacher") & (t.retires >= t.school_year) & (t.retires <= t.school_year + AHEAD)
    )
    return counts(t, t.people.sum(), "year", "job", year=t.retires)


@indicator(
    "retirements_by_subject",
    Chapter.TEACHERS,
    _("ครูที่จะเกษียณใน 10 ปีจำแนกตามปีและวิชาเอก"),
    definition=_("ครูและครูผู้ช่วยที่จะเกษียณ 30 กันยายนของปี พ.ศ. ที่แสดง ตามกลุ่มสาระของวิชาเอก"),
    unit=HEADS,
    needs={"staff": ["kind", "job", "subject", "retires", "people"]},
    dims=[d.YEAR, d.SUBJECT],
)
def retirements_by_subject(lake: Lake) -> ibis.Table:
    t = _teachers(lake).filter(lambda t: (t.retires >= t.school_year) & (t.retires <= t.school_year + AHEAD))
    return counts(t, t.people.sum(), "year", "subject", year=t.retires)


@indicator(
    "retiring_share",
    Chapter.TEACHERS,
    _("สัดส่วนข้าราชการครูที่จะเกษียณภายใน 5 ปี"),
    definition=_("ข้าราชการครูที่จะเกษียณตั้งแต่ปีการศึกษาของรอบถึงห้าปีข้างหน้า หารด้วยข้าราชการครูทั้งหมด คูณร้อย ตามตำแหน่ง"),
    unit=PERCENT,
    needs={"staff": ["kind", "job", "retires", "people"]},
    dims=[d.JOB],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def retiring(lake: Lake) -> ibis.Table:
    t = lake["staff"].filter(lambda t: t.kind == "teacher")
    return shares(t, part(t.people, t.retires <= t.school_year + 5), t.people.sum(), "job")


@indicator(
    "seconded",
    Chapter.TEACHERS,
    _("บุคลากรที่ไปช่วยราชการที่อื่นจำแนกตามตำแหน่ง"),
    definition=_("บุคลากรที่สังกัดโรงเรียน (จ.18) แต่ปฏิบัติงานจริงที่หน่วยอื่น ณ วันของรอบ"),
    unit=HEADS,
    needs={"staff": ["job", "seconded", "people"]},
    dims=[d.JOB],
)
def seconded(lake: Lake) -> ibis.Table:
    t = lake["staff"].filter(lambda t: t.seconded)
    return counts(t, t.people.sum(), "job")


@indicator(
    "positions_by_job",
    Chapter.TEACHERS,
    _("อัตรากำลังตามเลขที่ตำแหน่งจำแนกตามตำแหน่ง"),
    definition=_("จำนวนเลขที่ตำแหน่งของโรงเรียน (จ.18) ที่มีอยู่ ณ วันของรอบ ทั้งที่มีคนครองและว่าง"),
    unit=SEATS,
    needs={"positions": ["job", "positions"]},
    dims=[d.JOB],
)
def positions(lake: Lake) -> ibis.Table:
    t = lake["positions"]
    return counts(t, t.positions.sum(), "job")


@indicator(
    "vacancies",
    Chapter.TEACHERS,
    _("อัตราว่างจำแนกตามตำแหน่ง"),
    definition=_("เลขที่ตำแหน่งที่ไม่มีคนครอง ณ วันของรอบ ตำแหน่งที่ไม่ทราบว่าใครครองก่อนนั้นไม่นับว่าว่าง"),
    unit=SEATS,
    needs={"positions": ["job", "vacant"]},
    dims=[d.JOB],
)
def vacancies(lake: Lake) -> ibis.Table:
    t = lake["positions"].filter(lambda t: t.vacant > 0)
    return counts(t, t.vacant.sum(), "job")


@indicator(
    "vacancy_rate",
    Chapter.TEACHERS,
    _("ร้อยละอัตราว่าง"),
    definition=_("เลขที่ตำแหน่งว่างหารด้วยเลขที่ตำแหน่งทั้งหมด คูณร้อย ตามตำแหน่ง"),
    unit=PERCENT,
    needs={"positions": ["job", "positions", "vacant"]},
    dims=[d.JOB],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def vacancy_rate(lake: Lake) -> ibis.Table:
    t = lake["positions"]
    return shares(t, t.vacant.sum(), t.positions.sum(), "job")


def _seats(lake: Lake, *columns: str) -> ibis.Table:
    """Manpower with a row for each seat: ``census, school, seat, <columns…>``; a seat that the criterion does not count is left out."""
    t = lake["manpower"]
    made = [
        t.filter(t[f"wanted_{seat}"].notnull()).select(
            "census",
            "school",
            seat=lake.ibis.literal(seat),
            **{name: t[f"{name}_{seat}"] for name in columns},
        )
        for seat in ("principal", "vice", "teacher")
    ]
    return lake.ibis.union(*made)


_WANTED = [f"wanted_{seat}" for seat in ("principal", "vice", "teacher")]
_HELD = [f"held_{seat}" for seat in ("principal", "vice", "teacher")]


@indicator(
    "manpower_wanted",
    Chapter.TEACHERS,
    _("อัตรากำลังตามเกณฑ์"),
    definition=_(
        "จำนวนที่ควรมีตามเกณฑ์อัตรากำลังที่ใช้ ณ วันของรอบ (เกณฑ์เป็นตารางที่สำนักงานกำหนดพร้อมวันเริ่มใช้) คิดจากนักเรียนและห้องเรียนของโรงเรียน"
    ),
    unit=SEATS,
    needs={"manpower": _WANTED},
    dims=[d.SEAT],
)
def wanted(lake: Lake) -> ibis.Table:
    t = _seats(lake, "wanted")
    return counts(t, t.wanted.sum(), "seat")


@indicator(
    "manpower_balance",
    Chapter.TEACHERS,
    _("อัตรากำลังขาดหรือเกินเกณฑ์"),
    definition=_(
        "ข้าราชการครูที่มีตาม จ.18 ลบด้วยจำนวนตามเกณฑ์ ค่าลบคือขาด ค่าบวกคือเกิน โรงเรียนที่ขาดกับที่เกินหักล้างกันเมื่อรวม"
    ),
    unit=SEATS,
    needs={"manpower": [*_WANTED, *_HELD]},
    dims=[d.SEAT],
    bounds=(None, None),
)
def balance(lake: Lake) -> ibis.Table:
    t = _seats(lake, "wanted", "held")
    return counts(t, (t.held - t.wanted).sum(), "seat")


@indicator(
    "manpower_share",
    Chapter.TEACHERS,
    _("ร้อยละของอัตรากำลังที่มีต่อเกณฑ์"),
    definition=_("ข้าราชการครูที่มีตาม จ.18 หารด้วยจำนวนตามเกณฑ์ คูณร้อย"),
    unit=PERCENT,
    needs={"manpower": [*_WANTED, *_HELD]},
    dims=[d.SEAT],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    bounds=(0, None),
)
def share(lake: Lake) -> ibis.Table:
    t = _seats(lake, "wanted", "held")
    found = counts(t, t.held.sum(), "seat").inner_join(
        counts(t, t.wanted.sum(), "seat").rename(of="n"), ["census", "school", "seat"]
    )
    return found.filter((found.n > 0) | (found.of > 0))


@indicator(
    "schools_by_balance",
    Chapter.TEACHERS,
    _("โรงเรียนจำแนกตามครูขาดหรือเกินเกณฑ์"),
    definition=_("จำนวนโรงเรียนตามผลต่างของข้าราชการครูที่มีตาม จ.18 กับเกณฑ์ แยกตามตำแหน่ง"),
    unit=pgettext_lazy("counted", "โรงเรียน"),
    needs={"manpower": [*_WANTED, *_HELD]},
    dims=[d.SEAT, d.BALANCE],
)
def schools_by_balance(lake: Lake) -> ibis.Table:
    t = _seats(lake, "wanted", "held")
    short = band(lake, t.held - t.wanted, ((-3, "-3"), (-1, "-1"), (0, "0"), (2, "1")), "3")
    return counts(t, ones, "seat", "balance", balance=short)


@indicator(
    "schools_without_teacher_a_room",
    Chapter.TEACHERS,
    _("โรงเรียนครูไม่ครบห้องเรียน"),
    definition=_("จำนวนโรงเรียนที่ข้าราชการครูซึ่งปฏิบัติงานจริงน้อยกว่าจำนวนห้องที่มีนักเรียน"),
    unit=pgettext_lazy("counted", "โรงเรียน"),
    needs={"manpower": ["rooms", "work_teacher"]},
)
def without_teacher(lake: Lake) -> ibis.Table:
    t = lake["manpower"].filter(lambda t: t.work_teacher < t.rooms)
    return counts(t, ones)


_RATIO = {"pupils": ["pupils"], "manpower": ["work_teacher"]}


def _pupils_and_teachers(lake: Lake) -> ibis.Table:
    t, m = of_grades(lake), lake["manpower"]
    found = beside(per_school(t, pupils=t.pupils.sum()), per_school(m, teachers=m.work_teacher.sum()))
    return found.filter((found.pupils > 0) | (found.teachers > 0))


@indicator(
    "pupils_per_teacher",
    Chapter.TEACHERS,
    _("นักเรียนต่อครู 1 คน"),
    definition=_(
        "นักเรียนหารด้วยข้าราชการครูตำแหน่งครูและครูผู้ช่วยที่ปฏิบัติงานจริงในโรงเรียน ไม่นับผู้บริหาร พนักงานราชการ และอัตราจ้าง"
    ),
    unit=_("คนต่อครู 1 คน"),
    needs=_RATIO,
    kind=Kind.RATIO,
    digits=1,
)
def per_teacher(lake: Lake) -> ibis.Table:
    t = _pupils_and_teachers(lake)
    return t.select("census", "school", n=t.pupils, of=t.teachers)


@indicator(
    "pupils_per_teacher_by_size",
    Chapter.TEACHERS,
    _("นักเรียนต่อครู 1 คนจำแนกตามขนาดโรงเรียน"),
    definition=_("นักเรียนหารด้วยครูและครูผู้ช่วยที่ปฏิบัติงานจริง ตามขนาดโรงเรียนเจ็ดขนาดของ สพฐ."),
    unit=_("คนต่อครู 1 คน"),
    needs=_RATIO,
    dims=[d.SIZE],
    kind=Kind.RATIO,
    digits=1,
)
def per_teacher_by_size(lake: Lake) -> ibis.Table:
    t = _pupils_and_teachers(lake)
    return t.select("census", "school", size=size(lake, t.pupils), n=t.pupils, of=t.teachers)
