"""Kinds of people, positions, standings, levels, movements; how the words of files are read into them."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.lib.thai.words import normalise


class Sex(models.TextChoices):
    MALE = "m", _("ชาย")
    FEMALE = "f", _("หญิง")


class PersonKind(models.TextChoices):
    """By which law or contract a person serves."""

    TEACHER = "teacher", _("ข้าราชการครู")
    CIVIL = "civil", _("บุคลากรทางการศึกษา 38 ค.(2)")
    GOVERNMENT = "government", _("พนักงานราชการ")
    PERMANENT = "permanent", _("ลูกจ้างประจำ")
    TEMPORARY = "temporary", _("ลูกจ้างชั่วคราว")
    CONTRACT = "contract", _("อัตราจ้าง")
    SERVICE = "service", _("ลูกจ้างเหมาบริการ")


class Job(models.TextChoices):
    """What a position is, whatever its words: manpower is counted by it. Derived from the title."""

    DIRECTOR = "director", _("ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา")
    DEPUTY = "deputy", _("รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา")
    SUPERVISOR = "supervisor", _("ศึกษานิเทศก์")
    PRINCIPAL = "principal", _("ผู้อำนวยการสถานศึกษา")
    VICE_PRINCIPAL = "vice_principal", _("รองผู้อำนวยการสถานศึกษา")
    TEACHER = "teacher", _("ครู")
    ASSISTANT = "assistant", _("ครูผู้ช่วย")
    OFFICER = "officer", pgettext_lazy("job", "เจ้าหน้าที่")
    CLERK = "clerk", _("ธุรการโรงเรียน")
    CARETAKER = "janitor", _("นักการภารโรง ช่าง พนักงานบริการ")
    CARER = "carer", _("พี่เลี้ยงเด็กพิการ")
    OTHER = "other", pgettext_lazy("job", "อื่น ๆ")


_JOBS = (
    (r"^รอง\s*(ผู้อำนวยการ|ผอ\.?)\s*(สพ[ปมท]|สำนักงานเขต|เขตพื้นที่)", Job.DEPUTY),
    (r"^(ผู้อำนวยการ|ผอ\.?)\s*(สพ[ปมท]|สำนักงานเขต|เขตพื้นที่)", Job.DIRECTOR),
    (r"^(ผู้อำนวยการ|ผอ\.?|หัวหน้า|หน\.)\s*(กลุ่ม|หน่วย)", Job.OFFICER),
    (r"^รอง\s*(ผู้อำนวยการ|ผอ)", Job.VICE_PRINCIPAL),
    (r"^(ผู้อำนวยการ|ผอ\.|ครูใหญ่|อาจารย์ใหญ่)", Job.PRINCIPAL),
    (r"ศึกษานิเทศก์|ศึกษานิเทศน์", Job.SUPERVISOR),
    (r"ครูผู้ช่วย", Job.ASSISTANT),
    (r"พี่เลี้ยง", Job.CARER),
    (r"ธุรการโรงเรียน|^ธุรการ$", Job.CLERK),
    (r"^(ครู|อาจารย์|พนักงานราชการ\s*\(?ครู|วิทยากร)", Job.TEACHER),
    (r"ภารโรง|ช่าง|พนักงาน(บริการ|ขับรถ|พิมพ์|รักษา)|แม่บ้าน|ยาม|แม่ครัว", Job.CARETAKER),
    (r"^(นัก|จพง|เจ้าพนักงาน|เจ้าหน้าที่|นิติกร)", Job.OFFICER),
)  # fmt: skip


def job_of(title: str) -> str:
    """The job that the words of a position say: ผอ.โรงเรียนบ้าน… → principal. Unknown words give ``other``."""
    words = normalise(title).strip()
    for pattern, job in _JOBS:
        if re.search(pattern, words):
            return job
    return Job.OTHER


class Standing(models.TextChoices):
    """Academic standing (วิทยฐานะ)."""

    NONE = "none", _("ไม่มีวิทยฐานะ")
    EXPERIENCED = "k2", _("ชำนาญการ")
    SENIOR = "k3", _("ชำนาญการพิเศษ")
    EXPERT = "k4", _("เชี่ยวชาญ")
    ADVISORY = "k5", _("เชี่ยวชาญพิเศษ")


class Level(models.TextChoices):
    """Salary level of a teacher (คศ.) or a civil officer."""

    ASSISTANT = "assistant", _("ครูผู้ช่วย")
    K1 = "k1", _("คศ.1")
    K2 = "k2", _("คศ.2")
    K3 = "k3", _("คศ.3")
    K4 = "k4", _("คศ.4")
    K5 = "k5", _("คศ.5")
    O1 = "o1", _("ปฏิบัติงาน")
    O2 = "o2", _("ชำนาญงาน")
    O3 = "o3", _("อาวุโส")
    A1 = "a1", _("ปฏิบัติการ")
    A2 = "a2", pgettext_lazy("level", "ชำนาญการ")
    A3 = "a3", pgettext_lazy("level", "ชำนาญการพิเศษ")


class Subject(models.TextChoices):
    """The eight learning areas of the core curriculum of 2551, and what is taught beside them."""

    KINDERGARTEN = "kindergarten", _("ปฐมวัย")
    PRIMARY = "primary", _("ประถมศึกษา (ทุกวิชา)")
    THAI = "thai", _("ภาษาไทย")
    MATHS = "maths", _("คณิตศาสตร์")
    SCIENCE = "science", _("วิทยาศาสตร์และเทคโนโลยี")
    SOCIAL = "social", _("สังคมศึกษา ศาสนา และวัฒนธรรม")
    HEALTH = "health", _("สุขศึกษาและพลศึกษา")
    ARTS = "arts", _("ศิลปะ")
    WORK = "work", _("การงานอาชีพ")
    FOREIGN = "foreign", _("ภาษาต่างประเทศ")
    COMPUTER = "computer", _("คอมพิวเตอร์")
    GUIDANCE = "guidance", _("กิจกรรมพัฒนาผู้เรียนและแนะแนว")
    SPECIAL = "special", _("การศึกษาพิเศษ")
    OTHER = "other", pgettext_lazy("subject", "อื่น ๆ")


_SUBJECTS = (
    ("ปฐมวัย", Subject.KINDERGARTEN), ("อนุบาล", Subject.KINDERGARTEN), ("อังกฤษ", Subject.FOREIGN), ("จีน", Subject.FOREIGN),
    ("มลายู", Subject.FOREIGN), ("ต่างประเทศ", Subject.FOREIGN), ("ภาษาไทย", Subject.THAI), ("คณิต", Subject.MATHS),
    ("คอม", Subject.COMPUTER), ("เทคโนโลยีสารสนเทศ", Subject.COMPUTER), ("วิทยาศาสตร์", Subject.SCIENCE), ("เคมี", Subject.SCIENCE),
    ("ฟิสิกส์", Subject.SCIENCE), ("ชีว", Subject.SCIENCE), ("สังคม", Subject.SOCIAL), ("พล", Subject.HEALTH), ("สุขศึกษา", Subject.HEALTH),
    ("ศิลป", Subject.ARTS), ("ดนตรี", Subject.ARTS), ("นาฏ", Subject.ARTS), ("เกษตร", Subject.WORK), ("อุตสาหกรรม", Subject.WORK),
    ("คหกรรม", Subject.WORK), ("การงาน", Subject.WORK), ("แนะแนว", Subject.GUIDANCE), ("การศึกษาพิเศษ", Subject.SPECIAL), ("ประถม", Subject.PRIMARY),
)  # fmt: skip


def subject_of(major: str) -> str:
    """The learning area that the words of a major belong to; empty when they say none."""
    words = normalise(major)
    return next((subject for part, subject in _SUBJECTS if part in words), Subject.OTHER if words else "")


class EducationLevel(models.TextChoices):
    BELOW = "below", _("ต่ำกว่าปริญญาตรี")
    BACHELOR = "bachelor", _("ปริญญาตรี")
    DIPLOMA = "diploma", _("ประกาศนียบัตรบัณฑิต")
    MASTER = "master", _("ปริญญาโท")
    DOCTOR = "doctor", _("ปริญญาเอก")
    TRAINING = "training", _("ฝึกอบรม ดูงาน")


class LicenceKind(models.TextChoices):
    TEACHER = "teacher", _("ใบอนุญาตประกอบวิชาชีพครู")
    PRINCIPAL = "principal", _("ใบอนุญาตผู้บริหารสถานศึกษา")
    ADMINISTRATOR = "administrator", _("ใบอนุญาตผู้บริหารการศึกษา")
    SUPERVISOR = "supervisor", _("ใบอนุญาตศึกษานิเทศก์")
    PERMIT = "permit", _("หนังสืออนุญาตปฏิบัติหน้าที่สอน (ชั่วคราว)")


class Leaving(models.TextChoices):
    """Why a person's service here ended."""

    RETIRED = "retired", _("เกษียณอายุราชการ")
    RESIGNED = "resigned", _("ลาออก")
    MOVED = "moved", _("ย้ายหรือโอนไปนอกเขต")
    ENDED = "ended", _("สิ้นสุดสัญญาจ้าง")
    DISMISSED = "dismissed", _("ให้ออก ปลดออก ไล่ออก")
    DIED = "died", _("ถึงแก่กรรม")


class Movement(models.TextChoices):
    """What a row of the service record says has happened (the words of ก.พ.7)."""

    APPOINTED = "appointed", _("บรรจุและแต่งตั้ง")
    PROBATION = "probation", _("พ้นทดลองปฏิบัติหน้าที่ราชการ")
    ASSIGNED = "assigned", _("แต่งตั้งให้ดำรงตำแหน่ง")
    TRANSFERRED = "transferred", _("ย้าย")
    PROMOTED = "promoted", _("เลื่อนวิทยฐานะ")
    STEP_HALF = "step_half", _("เลื่อนขั้นเงินเดือน 0.5 ขั้น")
    STEP_ONE = "step_one", _("เลื่อนขั้นเงินเดือน 1 ขั้น")
    STEP_ONE_HALF = "step_one_half", _("เลื่อนขั้นเงินเดือน 1.5 ขั้น")
    STEP_TWO = "step_two", _("เลื่อนขั้นเงินเดือน 2 ขั้น")
    RAISED = "raised", _("เลื่อนเงินเดือน")
    ADJUSTED = "adjusted", _("ปรับเงินเดือนตามบัญชีใหม่")
    CARETAKER = "caretaker", _("รักษาการในตำแหน่ง")
    SECONDED = "seconded", _("ช่วยราชการ")
    SPECIAL_2 = "special_2", _("ค่าตอบแทนพิเศษ 2%")
    SPECIAL_4 = "special_4", _("ค่าตอบแทนพิเศษ 4%")
    CEILING = "ceiling", _("เงินเดือนเต็มขั้น")
    RESIGNED = "resigned", _("ลาออกจากราชการ")
    RETIRED = "retired", _("เกษียณอายุราชการ")
    OTHER = "other", pgettext_lazy("movement", "อื่น ๆ")


_MOVEMENTS = (
    (r"พ้น.*ทดลอง", Movement.PROBATION), (r"บรรจุ", Movement.APPOINTED), (r"วิทยฐานะ", Movement.PROMOTED),
    (r"1\.5\s*ขั้น|หนึ่งขั้นครึ่ง", Movement.STEP_ONE_HALF), (r"0?\.5\s*ขั้น|ครึ่งขั้น", Movement.STEP_HALF),
    (r"2\s*ขั้น|สองขั้น", Movement.STEP_TWO), (r"1\s*ขั้น|หนึ่งขั้น", Movement.STEP_ONE), (r"เต็มขั้น", Movement.CEILING),
    (r"ค่าตอบแทน.*2", Movement.SPECIAL_2), (r"ค่าตอบแทน.*4", Movement.SPECIAL_4), (r"ปรับ|บัญชี", Movement.ADJUSTED),
    (r"เลื่อน", Movement.RAISED), (r"รักษาการ", Movement.CARETAKER), (r"ช่วยราชการ|ช่วยปฏิบัติ", Movement.SECONDED),
    (r"ย้าย|โอน", Movement.TRANSFERRED), (r"ลาออก", Movement.RESIGNED), (r"เกษียณ", Movement.RETIRED), (r"แต่งตั้ง", Movement.ASSIGNED),
)  # fmt: skip


def movement_of(words: str) -> str:
    """The movement that the words of a file say; what is not known is ``other`` and keeps its words."""
    text = normalise(words)
    return next((kind for pattern, kind in _MOVEMENTS if re.search(pattern, text)), Movement.OTHER)


class CopyKind(models.TextChoices):
    """What a printed service record is: certified by the personnel group, or for its owner's own use."""

    CERTIFIED = "certified", _("สำเนาที่รับรอง")
    OWN = "own", _("พิมพ์โดยเจ้าของทะเบียน")


class WishState(models.TextChoices):
    OPEN = "open", _("รอตรวจ")
    DONE = "done", _("แก้ไขแล้ว")
    DECLINED = "declined", _("ไม่แก้ไข")


# Which part of a record a wish for correction is about, beside the rows of ก.พ.7.
WISH_PARTS = {
    "service": _("รายการใน ก.พ.7"),
    "person": _("ชื่อ วันเกิด ครอบครัว"),
    "position": _("ตำแหน่ง สังกัด วิทยฐานะ"),
    "education": _("การศึกษา"),
    "licence": _("ใบอนุญาต"),
    "other": _("เรื่องอื่น"),
}


class Seat(models.TextChoices):
    """What the criterion of manpower counts. Only officials of kind ``teacher`` sit on one."""

    PRINCIPAL = "principal", _("ผู้อำนวยการ")
    VICE_PRINCIPAL = "vice", _("รองผู้อำนวยการ")
    TEACHER = "teacher", _("ครูผู้สอน")


# Jobs that sit on each seat.
SEATS = {
    Seat.PRINCIPAL: (Job.PRINCIPAL,),
    Seat.VICE_PRINCIPAL: (Job.VICE_PRINCIPAL,),
    Seat.TEACHER: (Job.TEACHER, Job.ASSISTANT),
}


class Stage(models.TextChoices):
    """Which pupils a row of the criterion counts. The letters are those of ``schools.Grade.step``."""

    ALL = "all", _("ทุกระดับ")
    KINDERGARTEN = "k", _("ก่อนประถมศึกษา")
    PRIMARY = "p", _("ประถมศึกษา")
    LOWER = "l", _("มัธยมศึกษาตอนต้น")
    UPPER = "u", _("มัธยมศึกษาตอนปลาย")
