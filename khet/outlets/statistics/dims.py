"""Ways of dividing figures, with their Thai words in the natural order. The words are those of the registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.modules.assets import choices as assets
from khet.modules.assets.api import GROUPS
from khet.modules.children import choices as children
from khet.modules.schools import choices as schools
from khet.modules.staff import choices as staff
from khet.modules.students import choices as students
from khet.outlets.statistics.bases import Dim


def words_of(choices: Iterable[tuple[Any, Any]]) -> Callable[[], Mapping[str, Any]]:
    """Labels from a Django choices class, or from pairs."""
    listed = {str(code): words for code, words in choices}
    return lambda: listed


def words_in(codes: Mapping[str, str]) -> Callable[[], Mapping[str, Any]]:
    """Labels from a code list of the register kit, as the office has corrected it."""
    return lambda: codes


# Pupils
GRADE = Dim("grade", _("ชั้น"), words_of(schools.Grade.choices))
STAGE = Dim("stage", _("ระดับ"), words_of([
    ("k", _("ก่อนประถมศึกษา")), ("p", _("ประถมศึกษา")), ("l", _("มัธยมศึกษาตอนต้น")), ("u", _("มัธยมศึกษาตอนปลาย")),
]))  # fmt: skip
SEX = Dim("sex", _("เพศ"), words_of(students.Sex.choices))
AGE = Dim("age", _("อายุ (ปี)"))
DISABILITY = Dim("disability", _("ประเภทความพิการ"), words_of(students.Disability.choices))
DISADVANTAGE = Dim("disadvantage", _("ความด้อยโอกาส"), words_in(students.DISADVANTAGES))
NATIONALITY = Dim("nationality", _("สัญชาติ"), words_of([("ไทย", "ไทย")]))
RELIGION = Dim("religion", _("ศาสนา"), words_in(students.RELIGIONS))
JOURNEY = Dim("journey", _("การเดินทาง"), words_in(students.JOURNEYS))
BAND = Dim("band", _("ระยะทางจากบ้าน"), words_of([
    ("0-1", _("ไม่เกิน 1 กม.")), ("1-3", _("เกิน 1 ถึง 3 กม.")), ("3-6", _("เกิน 3 ถึง 6 กม.")), ("6-10", _("เกิน 6 ถึง 10 กม.")), ("10+", _("เกิน 10 กม.")),
]))  # fmt: skip
NUTRITION = Dim("nutrition", _("น้ำหนักตามเกณฑ์ส่วนสูง"), words_of(students.Nutrition.choices), _("ไม่ได้ชั่งวัด"))
STATURE = Dim("stature", _("ส่วนสูงตามเกณฑ์อายุ"), words_of(students.Stature.choices), _("ไม่ได้ชั่งวัด"))
LACKING = Dim("lacking", _("ขาดแคลน"), words_in(students.LACKING))
ROOM_SIZE = Dim("room_size", _("ขนาดห้อง"), words_of([
    ("1-10", _("1–10 คน")), ("11-20", _("11–20 คน")), ("21-30", _("21–30 คน")), ("31-40", _("31–40 คน")), ("41+", _("เกิน 40 คน")),
]))  # fmt: skip
LEAVING = Dim("kind", _("การออก"), words_of(students.LeaveKind.choices))
REASON = Dim("reason", _("สาเหตุ"), words_in(students.LEAVE_REASONS))
SPAN = Dim("span", _("ช่วงชั้น"), words_of([
    ("p1-p6", _("ป.1 ถึง ป.6")), ("m1-m3", _("ม.1 ถึง ม.3")), ("p1-m3", _("ป.1 ถึง ม.3")),
]))  # fmt: skip

# Teachers
STAFF_KIND = Dim("kind", _("ประเภทบุคลากร"), words_of(staff.PersonKind.choices))
JOB = Dim("job", _("ตำแหน่ง"), words_of(staff.Job.choices))
STANDING = Dim("standing", _("วิทยฐานะ"), words_of(staff.Standing.choices))
LEVEL = Dim("level", _("ระดับตำแหน่ง"), words_of(staff.Level.choices))
EDUCATION = Dim("education", _("วุฒิการศึกษา"), words_of(staff.EducationLevel.choices))
SUBJECT = Dim("subject", _("วิชาเอก"), words_of(staff.Subject.choices))
AGE_BAND = Dim("age_band", _("ช่วงอายุ"), words_of([
    ("-29", _("ต่ำกว่า 30 ปี")), ("30-39", _("30–39 ปี")), ("40-49", _("40–49 ปี")), ("50-54", _("50–54 ปี")), ("55+", _("55 ปีขึ้นไป")),
]))  # fmt: skip
YEAR = Dim("year", _("ปี พ.ศ."))
SEAT = Dim("seat", _("ตำแหน่งตามเกณฑ์"), words_of(staff.Seat.choices))
BALANCE = Dim("balance", _("เทียบเกณฑ์"), words_of([
    ("-3", _("ขาดตั้งแต่ 3 อัตรา")), ("-1", _("ขาด 1–2 อัตรา")), ("0", _("พอดีเกณฑ์")), ("1", _("เกิน 1–2 อัตรา")), ("3", _("เกินตั้งแต่ 3 อัตรา")),
]))  # fmt: skip

# Schools
SIZE = Dim("size", _("ขนาดโรงเรียน"), words_of([("0", _("ไม่มีนักเรียน")), *schools.Size.choices]))
LEVELS = Dim("levels", _("ระดับที่เปิดสอน"), words_of(schools.Levels.choices))
SCHOOL_KIND = Dim("kind", _("ประเภทโรงเรียน"), words_of([
    ("primary", _("ประถมศึกษา")), ("extended", _("ขยายโอกาส")), ("secondary", _("มัธยมศึกษา")), ("whole", _("ประถมถึงมัธยมปลาย")),
]))  # fmt: skip
SMALL_BAND = Dim("pupils", _("จำนวนนักเรียน"), words_of([
    ("0", _("ไม่มีนักเรียน")), ("1-20", _("1–20 คน")), ("21-40", _("21–40 คน")), ("41-60", _("41–60 คน")), ("61-80", _("61–80 คน")),
    ("81-100", _("81–100 คน")), ("101-120", _("101–120 คน")),
]))  # fmt: skip
SCHOOL_STANDING = Dim("standing", _("การจัดการของโรงเรียน"), words_of(schools.Standing.choices))
NEAR = Dim("near", _("ระยะถึงโรงเรียนที่ใกล้ที่สุด"), words_of([
    ("0-1", _("ไม่เกิน 1 กม.")), ("1-3", _("เกิน 1 ถึง 3 กม.")), ("3-6", _("เกิน 3 ถึง 6 กม.")), ("6+", _("เกิน 6 กม.")),
]))  # fmt: skip
TERRAIN = Dim("terrain", _("ลักษณะพื้นที่"), words_of(schools.Terrain.choices))
HARDSHIP = Dim("hardship", _("ความทุรกันดาร"), words_of(schools.Hardship.choices))
LOCAL = Dim("local", _("องค์กรปกครองส่วนท้องถิ่น"), words_of(schools.LocalKind.choices))
POSITION = Dim("position", _("พิกัด"), words_of([
    ("confirmed", pgettext_lazy("state", "ยืนยัน")), ("estimated", _("ยังไม่ยืนยัน")), ("none", _("ไม่มีพิกัด")),
]))  # fmt: skip

# Buildings, land, articles, utilities
BUILDING = Dim("building", _("ประเภทสิ่งก่อสร้าง"), words_of(assets.BuildingKind.choices))
BUILDING_CONDITION = Dim("condition", _("สภาพ"), words_of(assets.BuildingCondition.choices))
BUILDING_STANDING = Dim("standing", _("สถานะ"), words_of(assets.Standing.choices))
BUILT = Dim("built", _("อายุอาคาร"), words_of([
    ("0-10", _("ไม่เกิน 10 ปี")), ("11-20", _("11–20 ปี")), ("21-30", _("21–30 ปี")), ("31-40", _("31–40 ปี")), ("41+", _("เกิน 40 ปี")),
]))  # fmt: skip
LAND = Dim("land", _("ประเภทที่ดิน"), words_of(assets.LandKind.choices))
ARTICLE = Dim("article", _("ประเภทครุภัณฑ์"), words_of(assets.AssetKind.choices))
CONDITION = Dim("condition", _("สภาพ"), words_of(assets.Condition.choices))
MONEY = Dim("money", _("ประเภทเงิน"), words_of(assets.Money.choices))
GROUP = Dim(
    "group", _("หมวด M-OBEC"), words_of([(code, f"{code} {words}") for code, words in GROUPS.items()])
)
PURPOSE = Dim("purpose", _("การใช้งาน"), words_of([("teach", _("เรียนการสอน")), ("office", _("บริหารจัดการ"))]))
USABLE = Dim("usable", _("สภาพ"), words_of([("yes", _("ใช้ได้")), ("no", _("ใช้ไม่ได้"))]))
ORIGIN = Dim("origin", _("แหล่งที่มา"), words_of([("obec", _("งบ สพฐ.")), ("own", _("จัดหาเองหรือบริจาค"))]))
ELECTRICITY = Dim("electricity", _("ไฟฟ้า"), words_in(schools.ELECTRICITY))
WATER = Dim("water", _("น้ำใช้"), words_in(schools.WATER))
INTERNET = Dim("internet", _("ประเภทอินเทอร์เน็ต"), words_in(schools.INTERNET))
INTERNET_STATE = Dim("state", _("สถานะอินเทอร์เน็ต"), words_of(schools.InternetState.choices))
SPEED = Dim("speed", _("ความเร็วอินเทอร์เน็ต"), words_of([
    ("-49", _("ต่ำกว่า 50 Mbps")), ("50-99", _("50–99 Mbps")), ("100-299", _("100–299 Mbps")), ("300-499", _("300–499 Mbps")), ("500+", _("500 Mbps ขึ้นไป")),
]))  # fmt: skip
NETWORKED = Dim("networked", _("ระบบเครือข่าย"), words_of([("lan", "LAN"), ("wireless", "Wireless LAN")]))
INSTALLED = Dim("installed", _("การติดตั้ง"), words_of(schools.Installed.choices))

# Children of the service areas
CHILD_STATE = Dim("state", _("สถานะการเรียน"), words_of(children.State.choices))
CHILD_AGE = Dim("age", _("อายุ (ปีการศึกษาลบปีเกิด)"))
CAUSE = Dim("cause", _("เหตุที่ติดตาม"), words_of(children.Cause.choices))
TRACE_REASON = Dim("reason", _("สาเหตุ"), words_in(children.LEAVE_REASONS))
TRACE_STATE = Dim(
    "state", _("ผลการติดตาม"), words_in(children.TRACE_STATES), pgettext_lazy("tracing", "ปิดเรื่องแล้ว")
)
OUTCOME = Dim(
    "outcome",
    _("ผลเมื่อปิดเรื่อง"),
    words_of(children.Outcome.choices),
    pgettext_lazy("tracing", "ยังติดตามอยู่"),
)

# Forecasts
AHEAD = Dim("ahead", _("คาดล่วงหน้า (ปี)"))
