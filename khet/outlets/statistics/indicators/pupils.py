"""Pupils on the roll on the day of the round: ``state`` studying, not yet left (``students.queries.rolls``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.outlets.statistics import dims as d
from khet.outlets.statistics.bases import SMALL, indicator
from khet.outlets.statistics.choices import Chapter, Kind
from khet.outlets.statistics.indicators.parts import (
    band,
    counts,
    of_grades,
    ones,
    part,
    per_school,
    place_of,
    shares,
    size,
    stage,
)

if TYPE_CHECKING:
    import ibis

    from khet.outlets.statistics.lake import Lake

HEADS = pgettext_lazy("counted", "คน")
PERCENT = _("ร้อยละ")
_PUPILS = {"pupils": ["grade", "sex", "pupils"]}


@indicator(
    "pupils_by_grade",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามชั้นและเพศ"),
    definition=_("จำนวนนักเรียนที่มีสถานภาพกำลังเรียน ณ วันของรอบ นับตามชั้นและเพศ"),
    unit=HEADS,
    needs=_PUPILS,
    dims=[d.GRADE, d.SEX],
)
def by_grade(lake: Lake) -> ibis.Table:
    t = of_grades(lake)
    return counts(t, t.pupils.sum(), "grade", "sex")


@indicator(
    "pupils_by_stage",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามระดับและเพศ"),
    definition=_(
        "จำนวนนักเรียนที่กำลังเรียน ณ วันของรอบ ตามระดับ: ก่อนประถม (อ.1–อ.3) ประถม (ป.1–ป.6) ม.ต้น (ม.1–ม.3) ม.ปลาย (ม.4–ม.6)"
    ),
    unit=HEADS,
    needs=_PUPILS,
    dims=[d.STAGE, d.SEX],
)
def by_stage(lake: Lake) -> ibis.Table:
    t = of_grades(lake)
    return counts(t, t.pupils.sum(), "stage", "sex", stage=stage(lake, t.grade))


@indicator(
    "pupils_by_size",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามขนาดโรงเรียนและระดับ"),
    definition=_(
        "จำนวนนักเรียนตามขนาดโรงเรียนเจ็ดขนาดของ สพฐ.: 1–120, 121–200, 201–300, 301–499, 500–1,499, 1,500–2,499 และ 2,500 คนขึ้นไป"
    ),
    unit=HEADS,
    needs={"pupils": ["grade", "pupils"]},
    dims=[d.SIZE, d.STAGE],
)
def by_size(lake: Lake) -> ibis.Table:
    t = of_grades(lake)
    whole = per_school(t, whole=t.pupils.sum())
    joined = t.mutate(stage=stage(lake, t.grade)).inner_join(whole, ["census", "school"])
    return counts(joined, joined.pupils.sum(), "size", "stage", size=size(lake, joined.whole))


@indicator(
    "girls_share",
    Chapter.PUPILS,
    _("สัดส่วนนักเรียนหญิง"),
    definition=_("นักเรียนหญิงหารด้วยนักเรียนทั้งหมดที่ทราบเพศ คูณร้อย ตามชั้น"),
    unit=PERCENT,
    needs=_PUPILS,
    dims=[d.GRADE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def girls(lake: Lake) -> ibis.Table:
    t = of_grades(lake).filter(lambda t: t.sex.isin(["m", "f"]))
    return shares(t, part(t.pupils, t.sex == "f"), t.pupils.sum(), "grade")


@indicator(
    "pupils_per_school",
    Chapter.PUPILS,
    _("นักเรียนเฉลี่ยต่อโรงเรียน"),
    definition=_("จำนวนนักเรียนหารด้วยจำนวนโรงเรียนที่มีนักเรียน"),
    unit=_("คนต่อโรงเรียน"),
    needs={"pupils": ["pupils"]},
    kind=Kind.MEAN,
    digits=1,
)
def average(lake: Lake) -> ibis.Table:
    t = of_grades(lake)
    return shares(t, t.pupils.sum(), t.school.nunique())


@indicator(
    "pupils_by_age",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามอายุและเพศ"),
    definition=_("จำนวนนักเรียนตามอายุเต็มปี ณ วันของรอบ คิดจากวันเกิด"),
    unit=HEADS,
    needs={"pupils_age": ["age", "sex", "pupils"]},
    dims=[d.AGE, d.SEX],
)
def by_age(lake: Lake) -> ibis.Table:
    t = lake["pupils_age"]
    return counts(t, t.pupils.sum(), "age", "sex")


@indicator(
    "pupils_age_by_grade",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามชั้นและอายุ"),
    definition=_("จำนวนนักเรียนแต่ละชั้นตามอายุเต็มปี ณ วันของรอบ"),
    unit=HEADS,
    needs={"pupils_age": ["age", "grade", "pupils"]},
    dims=[d.GRADE, d.AGE],
)
def age_by_grade(lake: Lake) -> ibis.Table:
    t = lake["pupils_age"]
    return counts(t, t.pupils.sum(), "grade", "age")


@indicator(
    "over_age_share",
    Chapter.PUPILS,
    _("นักเรียนอายุเกินเกณฑ์"),
    definition=_("ร้อยละของนักเรียนที่อายุมากกว่าเกณฑ์ของชั้น (ป.1 อายุ 6–8 ปี ชั้นถัดไปเพิ่มชั้นละหนึ่งปี) ต่อนักเรียนที่ทราบวันเกิด"),
    unit=PERCENT,
    needs={"pupils_age": ["age", "grade", "pupils"]},
    dims=[d.GRADE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def over_age(lake: Lake) -> ibis.Table:
    t = lake["pupils_age"].filter(lambda t: t.age.notnull())
    return shares(t, part(t.pupils, t.age > place_of(lake, t.grade) + 4), t.pupils.sum(), "grade")


@indicator(
    "pupils_by_disability",
    Chapter.PUPILS,
    _("นักเรียนพิการจำแนกตามประเภทความพิการและเพศ"),
    definition=_(
        "จำนวนนักเรียนที่โรงเรียนบันทึกประเภทความพิการ เก้าประเภทตามประกาศกระทรวงศึกษาธิการ พ.ศ. 2552 ไม่นับผู้ไม่พิการ"
    ),
    unit=HEADS,
    needs={"pupils": ["disability", "sex", "pupils"]},
    dims=[d.DISABILITY, d.SEX],
    small=SMALL,
)
def by_disability(lake: Lake) -> ibis.Table:
    t = lake["pupils"].filter(lambda t: t.disability.fill_null("") != "")
    return counts(t, t.pupils.sum(), "disability", "sex")


@indicator(
    "disability_by_grade",
    Chapter.PUPILS,
    _("นักเรียนพิการจำแนกตามชั้นและประเภทความพิการ"),
    definition=_("จำนวนนักเรียนที่โรงเรียนบันทึกประเภทความพิการ ตามชั้น"),
    unit=HEADS,
    needs={"pupils": ["disability", "grade", "pupils"]},
    dims=[d.GRADE, d.DISABILITY],
    small=SMALL,
)
def disability_by_grade(lake: Lake) -> ibis.Table:
    t = lake["pupils"].filter(lambda t: t.disability.fill_null("") != "")
    return counts(t, t.pupils.sum(), "grade", "disability")


@indicator(
    "disability_share",
    Chapter.PUPILS,
    _("สัดส่วนนักเรียนพิการ"),
    definition=_("นักเรียนที่โรงเรียนบันทึกประเภทความพิการหารด้วยนักเรียนทั้งหมด คูณร้อย ตามระดับ"),
    unit=PERCENT,
    needs={"pupils": ["disability", "grade", "pupils"]},
    dims=[d.STAGE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    small=SMALL,
)
def disability_share(lake: Lake) -> ibis.Table:
    t = lake["pupils"]
    return shares(t, part(t.pupils, t.disability != ""), t.pupils.sum(), "stage", stage=stage(lake, t.grade))


@indicator(
    "pupils_by_disadvantage",
    Chapter.PUPILS,
    _("นักเรียนด้อยโอกาสจำแนกตามประเภทและเพศ"),
    definition=_("จำนวนนักเรียนที่โรงเรียนบันทึกความด้อยโอกาสตามประเภทของ DMC ไม่นับผู้ไม่ด้อยโอกาส"),
    unit=HEADS,
    needs={"pupils": ["disadvantage", "sex", "pupils"]},
    dims=[d.DISADVANTAGE, d.SEX],
    small=SMALL,
)
def by_disadvantage(lake: Lake) -> ibis.Table:
    t = lake["pupils"].filter(lambda t: t.disadvantage.fill_null("") != "")
    return counts(t, t.pupils.sum(), "disadvantage", "sex")


@indicator(
    "disadvantage_share",
    Chapter.PUPILS,
    _("สัดส่วนนักเรียนด้อยโอกาส"),
    definition=_("นักเรียนที่โรงเรียนบันทึกความด้อยโอกาสหารด้วยนักเรียนทั้งหมด คูณร้อย ตามระดับ"),
    unit=PERCENT,
    needs={"pupils": ["disadvantage", "grade", "pupils"]},
    dims=[d.STAGE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    small=SMALL,
)
def disadvantage_share(lake: Lake) -> ibis.Table:
    t = lake["pupils"]
    return shares(
        t, part(t.pupils, t.disadvantage != ""), t.pupils.sum(), "stage", stage=stage(lake, t.grade)
    )


@indicator(
    "pupils_by_nationality",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามสัญชาติและเพศ"),
    definition=_("จำนวนนักเรียนตามสัญชาติที่บันทึกในทะเบียน"),
    unit=HEADS,
    needs={"pupils_origin": ["nationality", "sex", "pupils"]},
    dims=[d.NATIONALITY, d.SEX],
    small=SMALL,
)
def by_nationality(lake: Lake) -> ibis.Table:
    t = lake["pupils_origin"]
    return counts(t, t.pupils.sum(), "nationality", "sex")


@indicator(
    "non_thai_share",
    Chapter.PUPILS,
    _("สัดส่วนนักเรียนที่ไม่มีสัญชาติไทย"),
    definition=_("นักเรียนที่บันทึกสัญชาติอื่นหารด้วยนักเรียนที่บันทึกสัญชาติ คูณร้อย ตามระดับ"),
    unit=PERCENT,
    needs={"pupils_origin": ["nationality", "grade", "pupils"]},
    dims=[d.STAGE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    small=SMALL,
)
def non_thai(lake: Lake) -> ibis.Table:
    t = lake["pupils_origin"].filter(lambda t: t.nationality.fill_null("") != "")
    return shares(
        t, part(t.pupils, t.nationality != "ไทย"), t.pupils.sum(), "stage", stage=stage(lake, t.grade)
    )


@indicator(
    "pupils_by_religion",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามศาสนาและเพศ"),
    definition=_("จำนวนนักเรียนตามศาสนาที่บันทึกในทะเบียน"),
    unit=HEADS,
    needs={"pupils_origin": ["religion", "sex", "pupils"]},
    dims=[d.RELIGION, d.SEX],
    small=SMALL,
)
def by_religion(lake: Lake) -> ibis.Table:
    t = lake["pupils_origin"]
    return counts(t, t.pupils.sum(), "religion", "sex")


@indicator(
    "pupils_by_journey",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามการเดินทางและระดับ"),
    definition=_("จำนวนนักเรียนตามวิธีเดินทางมาโรงเรียนที่บันทึกใน DMC"),
    unit=HEADS,
    needs={"pupils_journey": ["journey", "grade", "pupils"]},
    dims=[d.JOURNEY, d.STAGE],
)
def by_journey(lake: Lake) -> ibis.Table:
    t = lake["pupils_journey"]
    return counts(t, t.pupils.sum(), "journey", "stage", stage=stage(lake, t.grade))


@indicator(
    "pupils_by_distance",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามระยะทางจากบ้านและระดับ"),
    definition=_("จำนวนนักเรียนตามระยะทางจากบ้านถึงโรงเรียน รวมทางลาดยาง ลูกรัง และทางน้ำ"),
    unit=HEADS,
    needs={"pupils_journey": ["band", "grade", "pupils"]},
    dims=[d.BAND, d.STAGE],
)
def by_distance(lake: Lake) -> ibis.Table:
    t = lake["pupils_journey"]
    return counts(t, t.pupils.sum(), "band", "stage", stage=stage(lake, t.grade))


@indicator(
    "beyond_3_km_share",
    Chapter.PUPILS,
    _("นักเรียนเดินทางเกิน 3 กิโลเมตร"),
    definition=_("ร้อยละของนักเรียนที่บ้านอยู่ไกลเกิน 3 กม. ต่อนักเรียนที่ทราบระยะทาง ตามระดับ"),
    unit=PERCENT,
    needs={"pupils_journey": ["band", "grade", "pupils"]},
    dims=[d.STAGE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def beyond_3_km(lake: Lake) -> ibis.Table:
    t = lake["pupils_journey"].filter(lambda t: t.band != "")
    far = part(t.pupils, t.band.isin(["3-6", "6-10", "10+"]))
    return shares(t, far, t.pupils.sum(), "stage", stage=stage(lake, t.grade))


@indicator(
    "mean_distance",
    Chapter.PUPILS,
    _("ระยะทางจากบ้านถึงโรงเรียนเฉลี่ย"),
    definition=_("ผลรวมระยะทางหารด้วยจำนวนนักเรียนที่ทราบระยะทาง ตามระดับ"),
    unit=_("กม."),
    needs={"pupils_journey": ["band", "grade", "pupils", "km"]},
    dims=[d.STAGE],
    kind=Kind.MEAN,
    digits=1,
)
def mean_distance(lake: Lake) -> ibis.Table:
    t = lake["pupils_journey"].filter(lambda t: t.band != "")
    return shares(t, t.km.sum(), t.pupils.sum(), "stage", stage=stage(lake, t.grade))


@indicator(
    "mean_minutes",
    Chapter.PUPILS,
    _("เวลาเดินทางมาโรงเรียนเฉลี่ย"),
    definition=_("ผลรวมเวลาเดินทางหารด้วยจำนวนนักเรียนที่ทราบเวลา ตามระดับ"),
    unit=_("นาที"),
    needs={"pupils_journey": ["grade", "minutes", "timed"]},
    dims=[d.STAGE],
    kind=Kind.MEAN,
    digits=1,
)
def mean_minutes(lake: Lake) -> ibis.Table:
    t = lake["pupils_journey"]
    return shares(t, t.minutes.sum(), t.timed.sum(), "stage", stage=stage(lake, t.grade))


@indicator(
    "pupils_by_nutrition",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามภาวะโภชนาการและระดับ"),
    definition=_("จำนวนนักเรียนตามน้ำหนักตามเกณฑ์ส่วนสูงของกรมอนามัย ตามที่โรงเรียนชั่งวัดในภาคเรียน"),
    unit=HEADS,
    needs={"pupils_body": ["nutrition", "grade", "pupils"]},
    dims=[d.NUTRITION, d.STAGE],
    small=SMALL,
)
def by_nutrition(lake: Lake) -> ibis.Table:
    t = lake["pupils_body"]
    return counts(t, t.pupils.sum(), "nutrition", "stage", stage=stage(lake, t.grade))


@indicator(
    "overweight_share",
    Chapter.PUPILS,
    _("นักเรียนเริ่มอ้วนและอ้วน"),
    definition=_("ร้อยละของนักเรียนที่น้ำหนักตามเกณฑ์ส่วนสูงเริ่มอ้วนหรืออ้วน ต่อนักเรียนที่ชั่งวัดแล้ว ตามชั้น"),
    unit=PERCENT,
    needs={"pupils_body": ["nutrition", "grade", "pupils"]},
    dims=[d.GRADE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    small=SMALL,
)
def overweight(lake: Lake) -> ibis.Table:
    t = lake["pupils_body"].filter(lambda t: t.nutrition != "")
    return shares(t, part(t.pupils, t.nutrition.isin(["overweight", "obese"])), t.pupils.sum(), "grade")


@indicator(
    "thin_share",
    Chapter.PUPILS,
    _("นักเรียนผอมและค่อนข้างผอม"),
    definition=_("ร้อยละของนักเรียนที่น้ำหนักตามเกณฑ์ส่วนสูงผอมหรือค่อนข้างผอม ต่อนักเรียนที่ชั่งวัดแล้ว ตามชั้น"),
    unit=PERCENT,
    needs={"pupils_body": ["nutrition", "grade", "pupils"]},
    dims=[d.GRADE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    small=SMALL,
)
def thin(lake: Lake) -> ibis.Table:
    t = lake["pupils_body"].filter(lambda t: t.nutrition != "")
    return shares(t, part(t.pupils, t.nutrition.isin(["wasted", "thin"])), t.pupils.sum(), "grade")


@indicator(
    "pupils_by_stature",
    Chapter.PUPILS,
    _("นักเรียนจำแนกตามส่วนสูงตามเกณฑ์อายุและระดับ"),
    definition=_("จำนวนนักเรียนตามส่วนสูงตามเกณฑ์อายุของกรมอนามัย ตามที่โรงเรียนชั่งวัดในภาคเรียน"),
    unit=HEADS,
    needs={"pupils_body": ["stature", "grade", "pupils"]},
    dims=[d.STATURE, d.STAGE],
    small=SMALL,
)
def by_stature(lake: Lake) -> ibis.Table:
    t = lake["pupils_body"]
    return counts(t, t.pupils.sum(), "stature", "stage", stage=stage(lake, t.grade))


@indicator(
    "stunted_share",
    Chapter.PUPILS,
    _("นักเรียนเตี้ยและค่อนข้างเตี้ย"),
    definition=_("ร้อยละของนักเรียนที่ส่วนสูงตามเกณฑ์อายุเตี้ยหรือค่อนข้างเตี้ย ต่อนักเรียนที่ชั่งวัดแล้ว ตามชั้น"),
    unit=PERCENT,
    needs={"pupils_body": ["stature", "grade", "pupils"]},
    dims=[d.GRADE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
    small=SMALL,
)
def stunted(lake: Lake) -> ibis.Table:
    t = lake["pupils_body"].filter(lambda t: t.stature != "")
    return shares(t, part(t.pupils, t.stature.isin(["stunted", "short"])), t.pupils.sum(), "grade")


@indicator(
    "measured_share",
    Chapter.PUPILS,
    _("นักเรียนที่ชั่งน้ำหนักวัดส่วนสูงแล้ว"),
    definition=_("ร้อยละของนักเรียนที่มีผลน้ำหนักตามเกณฑ์ส่วนสูงของภาคเรียน ตามชั้น"),
    unit=PERCENT,
    needs={"pupils_body": ["nutrition", "grade", "pupils"]},
    dims=[d.GRADE],
    kind=Kind.RATIO,
    scale=100,
    digits=1,
)
def measured(lake: Lake) -> ibis.Table:
    t = lake["pupils_body"]
    return shares(t, part(t.pupils, t.nutrition != ""), t.pupils.sum(), "grade")


@indicator(
    "pupils_lacking",
    Chapter.PUPILS,
    _("นักเรียนขาดแคลนจำแนกตามสิ่งที่ขาดและระดับ"),
    definition=_("จำนวนนักเรียนที่ขาดแบบเรียน อาหารกลางวัน เครื่องเขียน หรือเครื่องแบบ ผู้ขาดหลายอย่างนับทุกอย่าง"),
    unit=HEADS,
    needs={"pupils_wants": ["lacking", "grade", "pupils"]},
    dims=[d.LACKING, d.STAGE],
    small=SMALL,
)
def lacking(lake: Lake) -> ibis.Table:
    t = lake["pupils_wants"]
    return counts(t, t.pupils.sum(), "lacking", "stage", stage=stage(lake, t.grade))


def _rooms(lake: Lake) -> ibis.Table:
    """One row a room: ``census, school, grade, room, pupils``. A room is what pupils of a grade are in together."""
    return lake.kept("rooms", lambda: _counted_rooms(lake))


def _counted_rooms(lake: Lake) -> ibis.Table:
    t = lake["pupils"]
    return t.group_by(["census", "school", "grade", "room"]).agg(pupils=t.pupils.sum().cast("int64"))


_ROOMS = {"pupils": ["grade", "room", "pupils"]}


@indicator(
    "rooms_by_grade",
    Chapter.PUPILS,
    _("ห้องเรียนจำแนกตามชั้น"),
    definition=_("จำนวนห้องที่มีนักเรียน นับจากชั้นและห้องในทะเบียน ไม่ใช่จำนวนห้องของอาคาร"),
    unit=_("ห้อง"),
    needs=_ROOMS,
    dims=[d.GRADE],
)
def rooms(lake: Lake) -> ibis.Table:
    t = _rooms(lake)
    return counts(t, ones, "grade")


@indicator(
    "pupils_per_room",
    Chapter.PUPILS,
    _("นักเรียนต่อห้องเรียนจำแนกตามชั้น"),
    definition=_("จำนวนนักเรียนหารด้วยจำนวนห้องที่มีนักเรียน นับห้องจากชั้นและห้องในทะเบียน ไม่ใช่จำนวนห้องของอาคาร"),
    unit=_("คนต่อห้อง"),
    needs=_ROOMS,
    dims=[d.GRADE],
    kind=Kind.RATIO,
    digits=1,
)
def per_room(lake: Lake) -> ibis.Table:
    t = _rooms(lake)
    return shares(t, t.pupils.sum(), ones, "grade")


@indicator(
    "rooms_by_size",
    Chapter.PUPILS,
    _("ห้องเรียนจำแนกตามจำนวนนักเรียนในห้องและระดับ"),
    definition=_("จำนวนห้องตามจำนวนนักเรียนในห้อง ห้องละไม่เกิน 40 คนเป็นเกณฑ์อัตรากำลังของประถมและมัธยม"),
    unit=_("ห้อง"),
    needs=_ROOMS,
    dims=[d.ROOM_SIZE, d.STAGE],
)
def rooms_by_size(lake: Lake) -> ibis.Table:
    t = _rooms(lake)
    made = band(lake, t.pupils, ((10, "1-10"), (20, "11-20"), (30, "21-30"), (40, "31-40")), "41+")
    return counts(t, ones, "room_size", "stage", room_size=made, stage=stage(lake, t.grade))
