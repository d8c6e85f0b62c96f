"""Words of the children of the service area: where they stand, why they are not at school, how they are traced.

Ages are told as the law tells them, by calendar years: the school year (BE) less the year of birth (BE).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.kits.register.api import code_list
from khet.modules.students.choices import LEAVE_REASONS, Sex

__all__ = [
    "ABSENT",
    "AT_SCHOOL",
    "BY_HAND",
    "FROM",
    "LEAVE_REASONS",
    "NEXT_STEPS",
    "OVER",
    "PRESENT",
    "TONES",
    "TRACED_UNTIL",
    "TRACE_STATES",
    "Cause",
    "Outcome",
    "Paper",
    "Registered",
    "Sex",
    "State",
    "Way",
]  # fmt: skip

# พ.ร.บ.การศึกษาภาคบังคับ พ.ศ. 2545 มาตรา 4: from the seventh year of life up to the sixteenth, unless the ninth class is passed.
FROM = 7
OVER = 16
# Leavers are traced up to this age, beyond what the law compels: the ministry's tracing asks for them too.
TRACED_UNTIL = 18


class Registered(models.TextChoices):
    """What the civil register (ทร.14) last said of a child."""

    HERE = "here", _("มีชื่อในทะเบียนบ้าน")
    FOUND = "found", _("พบในพื้นที่ ไม่มีชื่อใน ทร.14")
    MISSING = "missing", _("ไม่พบใน ทร.14 ชุดล่าสุด")
    MOVED = "moved", _("ย้ายออก")
    DIED = "died", _("เสียชีวิต")


# No longer a child of the service area.
ABSENT = (Registered.MOVED, Registered.DIED)


class State(models.TextChoices):
    """Where a child stands in a school year. Those of ``BY_HAND`` are written by a person with evidence, the others by matching."""

    SERVICE = "service", _("เรียนในเขตบริการ")
    AREA = "area", _("เรียนโรงเรียนอื่นในเขต")
    OUTSIDE = "outside", _("เรียนนอกเขตพื้นที่")
    PRIVATE = "private", _("เรียนโรงเรียนเอกชน")
    VOCATIONAL = "vocational", _("เรียนอาชีวศึกษา")
    NONFORMAL = "nonformal", _("เรียน สกร. หรือนอกระบบ")
    HOME = "home", _("จัดการศึกษาโดยครอบครัว")
    EXEMPT = "exempt", _("ผ่อนผันหรือยกเว้น")
    NONE = "none", _("ไม่ได้เรียน")
    YOUNG = "young", _("ยังไม่ถึงเกณฑ์")
    DONE = "done", _("จบการศึกษาภาคบังคับแล้ว")
    OVER = "over", _("พ้นเกณฑ์")
    GONE = "gone", _("ย้ายออกหรือเสียชีวิต")


BY_HAND = (State.OUTSIDE, State.PRIVATE, State.VOCATIONAL, State.NONFORMAL, State.HOME, State.EXEMPT)
AT_SCHOOL = (
    State.SERVICE,
    State.AREA,
    State.OUTSIDE,
    State.PRIVATE,
    State.VOCATIONAL,
    State.NONFORMAL,
    State.HOME,
)
PRESENT = tuple(state for state in State if state != State.GONE)
TONES = {
    State.SERVICE: "done", State.AREA: "done", State.OUTSIDE: "done", State.PRIVATE: "done", State.VOCATIONAL: "done",
    State.NONFORMAL: "done", State.HOME: "done", State.EXEMPT: "wait", State.NONE: "alert",
}  # fmt: skip


class Cause(models.TextChoices):
    """Why a case was opened."""

    NO_SCHOOL = "no_school", _("ถึงเกณฑ์แต่ไม่ได้เรียน")
    LEFT = "left", _("ออกจากโรงเรียนกลางคัน")
    REPORTED = "reported", _("มีผู้แจ้ง")


class Way(models.TextChoices):
    """How a visit was made."""

    HOME = "home", _("เยี่ยมบ้าน")
    PHONE = "phone", _("โทรศัพท์")
    LEADER = "leader", _("ผ่านผู้นำชุมชนหรือ อสม.")
    MEETING = "meeting", _("ผู้ปกครองมาพบ")


class Outcome(models.TextChoices):
    """With what a case was closed."""

    BACK = "back", _("กลับเข้าเรียน")
    ELSEWHERE = "elsewhere", _("เรียนที่อื่นแล้ว")
    UNWILLING = "unwilling", _("พบแล้ว ไม่ประสงค์จะเรียน")
    EXEMPT = "exempt", _("ได้รับผ่อนผันหรือยกเว้น")
    DONE = "done", _("จบภาคบังคับหรือพ้นเกณฑ์")
    GONE = "gone", _("ย้ายออกหรือเสียชีวิต")
    MISTAKE = "mistake", _("เปิดเรื่องผิดคน")


class Paper(models.TextChoices):
    """The papers of compulsory education that a school prints."""

    LIST = "list", _("แบบ พฐ.03 บัญชีรายชื่อเด็กที่มีอายุถึงเกณฑ์บังคับเข้าเรียน")
    FIRST_YEAR = "first_year", _("รายงานเด็กเข้า ป.1 (แนบ 386)")
    NOTICES = "notices", _("หนังสือแจ้งผู้ปกครองให้ส่งเด็กเข้าเรียน")


# States and next steps of พาน้องกลับมาเรียน; the reasons are those of students (``LEAVE_REASONS``).
TRACE_STATES = code_list(
    "children.trace_state",
    _("ผลการติดตาม"),
    [
        ("tracing", "กำลังติดตาม"),
        ("found", "ติดตามแล้วพบ"),
        ("returning", "พบแล้ว จะกลับเข้าระบบ"),
        ("unwilling", "พบแล้ว ไม่ประสงค์"),
        ("not_found", "ไม่พบตัว"),
    ],
    source="พาน้องกลับมาเรียน กระทรวงศึกษาธิการ",
)
NEXT_STEPS = code_list(
    "children.next_step",
    _("ขั้นต่อไป"),
    [
        ("visit", "เยี่ยมบ้าน"),
        ("call", "โทรหาผู้ปกครอง"),
        ("enrol", "พามาสมัครเรียน"),
        ("support", "ประสานทุนหรือความช่วยเหลือ"),
        ("refer", "ส่งต่อ พม. ตำรวจ หรือ สธ."),
        ("nonformal", "ส่งต่อ สกร. หรืออาชีวศึกษา"),
        ("confirm", "ขอหลักฐานที่เรียนใหม่"),
        ("close", "สรุปและปิดเรื่อง"),
    ],
)
REGISTERED_WORDS = {
    "ปกติ": Registered.HERE, "อยู่": Registered.HERE, "มีชื่อในทะเบียนบ้าน": Registered.HERE, "บุคคลนี้มีภูมิลำเนาอยู่ในบ้านนี้": Registered.HERE,
    "ย้าย": Registered.MOVED, "ย้ายออก": Registered.MOVED, "จำหน่าย": Registered.MOVED, "ตาย": Registered.DIED, "เสียชีวิต": Registered.DIED,
}  # fmt: skip
NOBODY = pgettext_lazy("case", "เขตรับผิดชอบ")
