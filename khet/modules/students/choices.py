"""Words of pupils and enrolments. Stored are the short codes; files bring the words.

The capital names are lists whose official codes are not confirmed: an office may correct them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.kits.register.api import code_list
from khet.modules.schools.choices import Grade

__all__ = [
    "DISADVANTAGES", "JOURNEYS", "LACKING", "LEAVE_REASONS", "LIVES_WITH", "OCCUPATIONS", "PARENTS_STATUS", "PRESENT", "RELIGIONS",
    "AbsentReason",
    "Blood", "ClaimKind", "Disability", "DisabilityLevel", "DoubleState", "Grade", "GuardianRole", "IdKind", "LeaveKind", "Nutrition", "Outcome",
    "RunKind", "Sex", "Side", "State", "Stature", "TransferState", "VisitResult",
]  # fmt: skip


class Sex(models.TextChoices):
    MALE = "m", _("ชาย")
    FEMALE = "f", _("หญิง")


class IdKind(models.TextChoices):
    """Numbers a pupil is known by. A G-code stands for a pupil without civil registration until a number comes."""

    CITIZEN = "citizen", _("เลขประจำตัวประชาชน 13 หลัก")
    G_CODE = "g_code", _("รหัส G")
    OTHER = "other", _("เลขอื่น")


class State(models.TextChoices):
    """สถานภาพนักเรียน in DMC; ``MOVED`` is a leaver who goes on at another school."""

    STUDYING = "studying", _("กำลังเรียน")
    SUSPENDED = "suspended", _("พักการเรียน")
    TRACED = "traced", _("อยู่ระหว่างติดตาม")
    MOVED = "moved", pgettext_lazy("pupil", "ย้ายสถานศึกษา")
    RESIGNED = "resigned", _("ลาออก")
    DISMISSED = "dismissed", _("พ้นสภาพ")
    DIED = "died", _("เสียชีวิต")
    GRADUATED = "graduated", _("สำเร็จการศึกษา")


# The pupil is on the school's roll.
PRESENT = (State.STUDYING, State.SUSPENDED, State.TRACED)


class LeaveKind(models.TextChoices):
    """Why an enrolment ends before its time, as a person chooses it; gives the state."""

    MOVED = "moved", pgettext_lazy("pupil", "ย้ายสถานศึกษา")
    RESIGNED = "resigned", _("ลาออก")
    DISMISSED = "dismissed", _("พ้นสภาพ")
    DIED = "died", _("เสียชีวิต")
    TRACED = "traced", _("หายไป อยู่ระหว่างติดตาม")


class Outcome(models.TextChoices):
    """What a school year ended with."""

    PASSED = "passed", _("เลื่อนชั้น")
    REPEATED = "repeated", _("ซ้ำชั้น")
    GRADUATED = "graduated", _("จบการศึกษา")
    LEFT = "left", _("ออก")


class Side(models.TextChoices):
    """Which school of a transfer asked."""

    FROM = "from", _("โรงเรียนต้นทาง")
    TO = "to", _("โรงเรียนปลายทาง")


class TransferState(models.TextChoices):
    ASKED = "asked", _("รอตอบรับ")
    ACCEPTED = "accepted", pgettext_lazy("transfer", "ย้ายแล้ว")
    REFUSED = "refused", _("ไม่รับย้าย")
    WITHDRAWN = "withdrawn", _("ถอนคำขอ")


class DoubleState(models.TextChoices):
    """How far it is settled at which of several schools a pupil really is."""

    OPEN = "open", _("รอโรงเรียนแจ้ง")
    DISPUTED = "disputed", _("รอเขตชี้ขาด")
    AGREED = "agreed", _("ตกลงกันแล้ว")
    DECIDED = "decided", _("เขตชี้ขาดแล้ว")
    GONE = "gone", _("ไม่ซ้ำแล้ว")

    @property
    def shape(self) -> str:
        return {"open": "half", "disputed": "late", "agreed": "done", "decided": "done", "gone": "closed"}[
            self.value
        ]


class ClaimKind(models.TextChoices):
    """What a school says about a pupil who is also on another school's roll."""

    STAYS = "stays", _("เรียนอยู่ที่นี่")
    LEFT = "left", _("ออกไปแล้ว")


class VisitResult(models.TextChoices):
    """What a visit found of a pupil drawn by lot."""

    SEEN = "seen", _("พบตัว")
    ABSENT = "absent", _("ไม่มาเรียน")
    NOT_FOUND = "not_found", _("ไม่พบ ไม่มีผู้รู้จัก")


class AbsentReason(models.TextChoices):
    """Why a pupil drawn by lot is not at school on the day of the visit."""

    SICK = "sick", _("ป่วย")
    LEAVE = "leave", _("ลา")
    ACTIVITY = "activity", _("ไปกิจกรรมของโรงเรียน")
    TRUANT = "truant", _("ขาด ไม่ทราบสาเหตุ")
    OTHER = "other", pgettext_lazy("absence", "เหตุอื่น")


class RunKind(models.TextChoices):
    YEAR = "year", _("เลื่อนชั้นสิ้นปี")
    TERM = "term", _("เปิดภาคเรียนที่ 2")


class GuardianRole(models.TextChoices):
    FATHER = "father", _("บิดา")
    MOTHER = "mother", _("มารดา")
    GUARDIAN = "guardian", _("ผู้ปกครอง")


class Blood(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    AB = "AB", "AB"
    O = "O", "O"  # noqa: E741 – the group's own name


class Disability(models.TextChoices):
    """ประเภทความพิการทางการศึกษา, nine kinds (ประกาศกระทรวงศึกษาธิการ พ.ศ. 2552). Empty: none."""

    SEEING = "seeing", _("บกพร่องทางการมองเห็น")
    HEARING = "hearing", _("บกพร่องทางการได้ยิน")
    INTELLECTUAL = "intellectual", _("บกพร่องทางสติปัญญา")
    PHYSICAL = "physical", _("บกพร่องทางร่างกายหรือสุขภาพ")
    LEARNING = "learning", _("บกพร่องทางการเรียนรู้")
    SPEECH = "speech", _("บกพร่องทางการพูดและภาษา")
    BEHAVIOUR = "behaviour", _("บกพร่องทางพฤติกรรมหรืออารมณ์")
    AUTISM = "autism", _("ออทิสติก")
    MULTIPLE = "multiple", _("พิการซ้ำซ้อน")


class DisabilityLevel(models.TextChoices):
    BLIND = "blind", _("ตาบอด")
    LOW_VISION = "low_vision", _("เห็นเลือนราง")
    DEAF = "deaf", _("หูหนวก")
    HARD_OF_HEARING = "hard_of_hearing", _("หูตึง")


class Nutrition(models.TextChoices):
    """Weight for height in the words of the Department of Health (กรมอนามัย)."""

    WASTED = "wasted", _("ผอม")
    THIN = "thin", _("ค่อนข้างผอม")
    NORMAL = "normal", _("สมส่วน")
    PLUMP = "plump", _("ท้วม")
    OVERWEIGHT = "overweight", _("เริ่มอ้วน")
    OBESE = "obese", _("อ้วน")


class Stature(models.TextChoices):
    """Height for age in the words of the Department of Health."""

    STUNTED = "stunted", _("เตี้ย")
    SHORT = "short", _("ค่อนข้างเตี้ย")
    NORMAL = "normal", _("สูงตามเกณฑ์")
    TALL = "tall", _("ค่อนข้างสูง")
    VERY_TALL = "very_tall", pgettext_lazy("stature", "สูง")


RELIGIONS = code_list(
    "students.religion",
    _("ศาสนา"),
    [
        ("buddhism", "พุทธ"),
        ("islam", "อิสลาม"),
        ("christianity", "คริสต์"),
        ("hinduism", "ฮินดู"),
        ("sikhism", "ซิกข์"),
        ("other", "อื่น ๆ"),
    ],
    aliases={"islam": ["มุสลิม"], "buddhism": ["พุทธศาสนา"], "christianity": ["คริสเตียน"]},
)

# ความด้อยโอกาส of DMC. Empty: none.
DISADVANTAGES = code_list(
    "students.disadvantage",
    _("ความด้อยโอกาส"),
    [
        ("labour", "เด็กถูกบังคับให้ขายแรงงาน"),
        ("sex_trade", "เด็กที่อยู่ในธุรกิจทางเพศ"),
        ("abandoned", "เด็กถูกทอดทิ้ง"),
        ("detained", "เด็กในสถานพินิจและคุ้มครองเด็กเยาวชน"),
        ("street", "เด็กเร่ร่อน"),
        ("aids", "ผลกระทบจากเอดส์"),
        ("minority", "ชนกลุ่มน้อย"),
        ("abused", "เด็กที่ถูกทำร้ายทารุณ"),
        ("poor", "เด็กยากจน"),
        ("drugs", "เด็กมีปัญหาเกี่ยวกับยาเสพติด"),
        ("orphan", "กำพร้า"),
    ],
    aliases={"poor": ["ยากจน"], "abandoned": ["ถูกทอดทิ้ง"], "orphan": ["เด็กกำพร้า"]},
)

LACKING = code_list(
    "students.lacking",
    _("ความขาดแคลน"),
    [
        ("books", "แบบเรียน"),
        ("lunch", "อาหารกลางวัน"),
        ("stationery", "เครื่องเขียน"),
        ("uniform", "เครื่องแบบนักเรียน"),
    ],
)

JOURNEYS = code_list(
    "students.journey",
    _("การเดินทาง"),
    [
        ("walk", "เดินเท้า"),
        ("free", "พาหนะไม่เสียค่าโดยสาร"),
        ("paid", "พาหนะเสียค่าโดยสาร"),
        ("bicycle", "จักรยานยืมเรียน"),
    ],
)

LIVES_WITH = code_list(
    "students.lives_with",
    _("อาศัยอยู่กับ"),
    [
        ("parents", "พ่อ/แม่"),
        ("relatives", "ญาติ"),
        ("alone", "อยู่ลำพัง"),
        ("sponsor", "ผู้อุปการะ/นายจ้าง"),
        ("institution", "ครัวเรือนสถาบัน"),
    ],
)

PARENTS_STATUS = code_list(
    "students.parents_status",
    _("สถานภาพบิดามารดา"),
    [
        ("together", "อยู่ด้วยกัน"),
        ("apart", "แยกกันอยู่"),
        ("divorced", "หย่าร้าง"),
        ("father_dead", "พ่อเสียชีวิต/สาบสูญ"),
        ("mother_dead", "แม่เสียชีวิต/สาบสูญ"),
        ("both_dead", "เสียชีวิตทั้งคู่"),
        ("abandoned", "ทอดทิ้ง"),
    ],
)

# In the order of DMC, whose code 5 is รับจ้าง.
OCCUPATIONS = code_list(
    "students.occupation",
    _("อาชีพ"),
    [
        ("0", "ไม่ได้ประกอบอาชีพ"),
        ("1", "รับราชการ"),
        ("2", "พนักงานรัฐวิสาหกิจ"),
        ("3", "นักธุรกิจ-ค้าขาย"),
        ("4", "เกษตรกรรม"),
        ("5", "รับจ้าง"),
        ("6", "พนักงาน/เจ้าหน้าที่รัฐ/ลูกจ้าง"),
        ("7", "ข้าราชการเกษียณ"),
        ("8", "พระ/นักบวช"),
        ("9", "อื่น ๆ"),
    ],
    aliases={
        "5": ["รับจ้างทั่วไป"],
        "4": ["เกษตรกร", "ทำนา", "ทำสวน"],
        "3": ["ค้าขาย", "ธุรกิจส่วนตัว"],
        "1": ["ข้าราชการ"],
    },
)

# Reasons in the ministry's tracing of pupils out of school (พาน้องกลับมาเรียน).
LEAVE_REASONS = code_list(
    "students.leave_reason",
    _("สาเหตุที่ออก"),
    [
        ("transport", "การคมนาคมไม่สะดวก"),
        ("health", "สุขภาพอนามัย"),
        ("disability", "ความพิการ"),
        ("at_risk", "อยู่ในกลุ่มเสี่ยง"),
        ("disaster", "ได้รับผลกระทบจากภัยต่าง ๆ"),
        ("family_need", "ความจำเป็นทางครอบครัว"),
        ("conduct", "การประพฤติขัดกับระเบียบของสถานศึกษา"),
        ("family_state", "สภาพของครอบครัว"),
        ("income", "ผู้ปกครองมีรายได้น้อย ไม่พอเพียง"),
        ("adjustment", "ปัญหาการปรับตัวในสังคม"),
        ("compulsory_done", "จบการศึกษาภาคบังคับและไม่ประสงค์เรียนต่อ"),
        ("covid", "ได้รับผลกระทบจากโควิด-19"),
        ("over_age", "อายุพ้นเกณฑ์และไม่ประสงค์เรียนต่อ"),
        ("other_sector", "เข้าเรียนในสถานศึกษาสังกัดอื่น"),
        ("abroad", "ไปเรียนต่อต่างประเทศ"),
        ("same_sector", "เรียนในสังกัดเดิม"),
        ("died", "เสียชีวิต"),
        ("migrated", "ย้ายถิ่นที่อยู่"),
        ("unknown", "ไม่ระบุ"),
    ],
)
