"""Codes, levels, states of schools and where a position comes from."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khet.base.lib.thai.digits import to_arabic_digits
from khet.base.lib.thai.words import normalise
from khet.kits.register.api import code_list


class CodeKind(models.TextChoices):
    SMIS = "smis8", _("รหัส 8 หลัก (SMIS)")
    MOE = "obec10", _("รหัส 10 หลัก")
    OBEC = "obec6", _("รหัส 6 หลัก")
    AREA = "area", _("รหัสเขตพื้นที่")


class Levels(models.TextChoices):
    """Lowest to highest level taught: k kindergarten, p primary, l lower secondary, u upper secondary."""

    K = "k", _("อนุบาล")
    KP = "kp", _("อนุบาล–ประถม")
    KL = "kl", _("อนุบาล–ม.ต้น")
    KU = "ku", _("อนุบาล–ม.ปลาย")
    P = "p", _("ประถม")
    PL = "pl", _("ประถม–ม.ต้น")
    PU = "pu", _("ประถม–ม.ปลาย")
    L = "l", _("ม.ต้น")
    LU = "lu", _("ม.ต้น–ม.ปลาย")
    U = "u", _("ม.ปลาย")


# ขยายโอกาส: a primary school that goes on to lower secondary.
EXTENDED = (Levels.KL, Levels.PL)


class Grade(models.TextChoices):
    """The fifteen classes from kindergarten to the end of secondary school, in order.

    ``number`` is the class's place and at once its code in DMC (levelDtlCode 1–15). The words are official Thai
    data and are not translated.
    """

    K1 = "k1", "อ.1"
    K2 = "k2", "อ.2"
    K3 = "k3", "อ.3"
    P1 = "p1", "ป.1"
    P2 = "p2", "ป.2"
    P3 = "p3", "ป.3"
    P4 = "p4", "ป.4"
    P5 = "p5", "ป.5"
    P6 = "p6", "ป.6"
    M1 = "m1", "ม.1"
    M2 = "m2", "ม.2"
    M3 = "m3", "ม.3"
    M4 = "m4", "ม.4"
    M5 = "m5", "ม.5"
    M6 = "m6", "ม.6"

    @property
    def number(self) -> int:
        return list(Grade).index(self) + 1

    @property
    def next(self) -> "Grade | None":
        """The class after this one; None after ม.6."""
        grades = list(Grade)
        return grades[self.number] if self.number < len(grades) else None

    @property
    def step(self) -> str:
        """The level it belongs to, in the letters of ``Levels``: k, p, l (ม.1–ม.3) or u (ม.4–ม.6)."""
        if self.value[0] in "kp":
            return self.value[0]
        return "l" if self.value in ("m1", "m2", "m3") else "u"

    @property
    def usual_age(self) -> int:
        """School year minus year of birth of a child that began on time: 7 in ป.1 (compulsory education act 2545)."""
        return self.number + 3


# Classes that end a level: their pupils graduate.
LAST_GRADES = (Grade.K3, Grade.P6, Grade.M3, Grade.M6)


def grades_of(levels: str) -> list[Grade]:
    """The classes that a school of these ``Levels`` teaches, in order."""
    if not levels:
        return []
    steps = "kplu"
    taught = steps[steps.index(levels[0]) : steps.index(levels[-1]) + 1]
    return [grade for grade in Grade if grade.step in taught]


def read_grade(text: str) -> Grade | None:
    """``ม.1``, ``ม 1``, ``อบ.2``, ``อนุบาล 3``, ``ประถมศึกษาปีที่ 4``, ``มัธยมศึกษาปีที่ 2/1`` → the class; None if unreadable."""
    found = _GRADE.match(to_arabic_digits(normalise(text)))
    if found is None:
        return None
    code = {"อ": "k", "ป": "p", "ม": "m"}[found[1][0]] + found[2]
    return Grade(code) if code in Grade.values else None


_GRADE = re.compile(
    r"^(?:ชั้น)?\s*(อนุบาล(?:ศึกษา)?|อบ|อ|ประถม(?:ศึกษา)?|ป|มัธยม(?:ศึกษา)?|ม)\s*\.?\s*(?:ปีที่)?\s*([1-6])(?:\s*/.*)?$"
)


_UNCONFIRMED = "ความรู้ทั่วไปของแบบ EMIS ให้สำนักงานตรวจกับระบบของกระทรวง"

ELECTRICITY = code_list(
    "schools.electricity",
    _("ไฟฟ้า"),
    [
        ("none", "ไม่มีไฟฟ้าใช้"),
        ("grid", "การไฟฟ้า"),
        ("solar", "โซลาร์เซลล์"),
        ("generator", "เครื่องปั่นไฟ"),
        ("other", "ไฟฟ้าอื่น ๆ"),
    ],
    source=_UNCONFIRMED,
    aliases={"none": ["ไม่มีไฟฟ้า"], "grid": ["การไฟฟ้าส่วนภูมิภาค", "การไฟฟ้านครหลวง", "กฟภ.", "กฟภ"], "solar": ["พลังงานแสงอาทิตย์"]},
)  # fmt: skip
WATER = code_list(
    "schools.water",
    _("น้ำใช้"),
    [
        ("none", "ไม่มีน้ำใช้"),
        ("regional", "ประปาส่วนภูมิภาค"),
        ("village", "ประปาหมู่บ้านหรือเทศบาล"),
        ("mountain", "ประปาภูเขา"),
        ("deep", "บ่อบาดาล"),
        ("shallow", "บ่อน้ำตื้น"),
        ("rain", "น้ำฝน"),
        ("other", "น้ำจากแหล่งอื่น"),
    ],
    source=_UNCONFIRMED,
    aliases={"village": ["ประปาหมู่บ้าน", "ประปาเทศบาล"], "deep": ["น้ำบาดาล", "บาดาล"], "regional": ["ประปา", "น้ำประปา"]},
)  # fmt: skip
INTERNET = code_list(
    "schools.internet",
    _("ประเภทอินเทอร์เน็ต"),
    [
        ("none", "ไม่มีอินเทอร์เน็ต"),
        ("fibre", "ใยแก้วนำแสง (FTTx)"),
        ("dsl", "ADSL/VDSL"),
        ("leased", "Leased Line"),
        ("uninet", "UniNet"),
        ("mobile", "ซิมโทรศัพท์ (4G/5G)"),
        ("satellite", "ดาวเทียม"),
        ("other", "อินเทอร์เน็ตอื่น ๆ"),
    ],
    source=_UNCONFIRMED,
    aliases={"fibre": ["FTTx", "FTTH", "Fiber", "Fiber Optic", "ใยแก้วนำแสง"], "dsl": ["ADSL", "VDSL"], "mobile": ["4G", "5G", "SIM"], "satellite": ["IPStar"]},
)  # fmt: skip


class InternetState(models.TextChoices):
    GOOD = "good", _("ใช้ได้ดี")
    SLOW = "slow", _("ใช้ได้บ้าง")
    DOWN = "down", _("ใช้ไม่ได้")


class Installed(models.TextChoices):
    """มี and ไม่มี are not used: in files ไม่มี stands for a cell that says nothing."""

    YES = "yes", _("ติดตั้งแล้ว")
    NO = "no", _("ไม่ได้ติดตั้ง")


class Hardship(models.TextChoices):
    YES = "yes", _("ทุรกันดาร")
    NO = "no", _("ไม่ทุรกันดาร")


class Standing(models.TextChoices):
    """How a small school stands beside others. ``member``: its pupils learn at a mother school."""

    USUAL = "usual", _("จัดการศึกษาเอง")
    ALONE = "alone", _("Stand Alone (รวมไม่ได้)")
    MOTHER = "mother", _("โรงเรียนหลัก")
    MEMBER = "member", _("เรียนรวมกับโรงเรียนหลัก")


class Terrain(models.TextChoices):
    PLAIN = "plain", _("พื้นที่ปกติ")
    ISLAND = "island", _("เกาะ")
    MOUNTAIN = "mountain", _("ภูเขาหรือพื้นที่สูง")
    BORDER = "border", _("ชายแดน")


class LocalKind(models.TextChoices):
    """Kinds of local administrative organisations (องค์กรปกครองส่วนท้องถิ่น)."""

    CITY = "city", _("เทศบาลนคร")
    TOWN = "town", _("เทศบาลเมือง")
    TAMBON_TOWN = "tambon", _("เทศบาลตำบล")
    TAMBON = "sao", _("อบต.")
    SPECIAL = "special", _("รูปแบบพิเศษ")


class OutlineLevel(models.TextChoices):
    """Told by the length of the code: 2, 4 or 6 digits."""

    PROVINCE = "province", _("จังหวัด")
    DISTRICT = "district", _("อำเภอ")
    TAMBON = "tambon", _("ตำบล")


# Outlines are drawn coarsely: a school this many metres outside its tambon is not yet worth a word.
OUTSIDE_M = 200
LEVEL_OF_LENGTH = {2: OutlineLevel.PROVINCE, 4: OutlineLevel.DISTRICT, 6: OutlineLevel.TAMBON}


class ServiceLevel(models.TextChoices):
    """For which level a village belongs to a school: kindergarten and primary go together, lower secondary apart."""

    PRIMARY = "primary", _("อนุบาล–ประถม")
    LOWER = "lower", _("ม.ต้น")


# The steps of ``Grade`` that a school must teach to serve a level.
STEPS_OF_SERVICE = {ServiceLevel.PRIMARY: "p", ServiceLevel.LOWER: "l"}


class Status(models.TextChoices):
    NORMAL = "normal", _("เปิดสอนปกติ")
    TAUGHT_ELSEWHERE = "elsewhere", _("เรียนรวมกับโรงเรียนอื่น")
    CLOSED = "closed", _("ยุบเลิก")
    TRANSFERRED = "transferred", _("ถ่ายโอน")


class Size(models.IntegerChoices):
    """The seven sizes of the commission by number of pupils; 1 is the small school of the small-school policy."""

    ONE = 1, _("เล็ก (1–120 คน)")
    TWO = 2, _("ขนาด 2 (121–200)")
    THREE = 3, _("ขนาด 3 (201–300)")
    FOUR = 4, _("ขนาด 4 (301–499)")
    FIVE = 5, _("ขนาด 5 (500–1,499)")
    SIX = 6, _("ขนาด 6 (1,500+)")
    SEVEN = 7, _("ขนาด 7 (2,500+)")


SIZE_LIMITS = (
    (120, Size.ONE),
    (200, Size.TWO),
    (300, Size.THREE),
    (499, Size.FOUR),
    (1499, Size.FIVE),
    (2499, Size.SIX),
)


class PositionState(models.TextChoices):
    NONE = "none", _("ไม่มีพิกัด")
    ESTIMATED = "estimated", _("ยังไม่ยืนยัน")
    CONFIRMED = "confirmed", pgettext_lazy("state", "ยืนยัน")


# The provinces by the first two digits of a tambon or district code (Department of Provincial Administration).
PROVINCES = {
    "10": "กรุงเทพมหานคร",
    "11": "สมุทรปราการ",
    "12": "นนทบุรี",
    "13": "ปทุมธานี",
    "14": "พระนครศรีอยุธยา",
    "15": "อ่างทอง",
    "16": "ลพบุรี",
    "17": "สิงห์บุรี",
    "18": "ชัยนาท",
    "19": "สระบุรี",
    "20": "ชลบุรี",
    "21": "ระยอง",
    "22": "จันทบุรี",
    "23": "ตราด",
    "24": "ฉะเชิงเทรา",
    "25": "ปราจีนบุรี",
    "26": "นครนายก",
    "27": "สระแก้ว",
    "30": "นครราชสีมา",
    "31": "บุรีรัมย์",
    "32": "สุรินทร์",
    "33": "ศรีสะเกษ",
    "34": "อุบลราชธานี",
    "35": "ยโสธร",
    "36": "ชัยภูมิ",
    "37": "อำนาจเจริญ",
    "38": "บึงกาฬ",
    "39": "หนองบัวลำภู",
    "40": "ขอนแก่น",
    "41": "อุดรธานี",
    "42": "เลย",
    "43": "หนองคาย",
    "44": "มหาสารคาม",
    "45": "ร้อยเอ็ด",
    "46": "กาฬสินธุ์",
    "47": "สกลนคร",
    "48": "นครพนม",
    "49": "มุกดาหาร",
    "50": "เชียงใหม่",
    "51": "ลำพูน",
    "52": "ลำปาง",
    "53": "อุตรดิตถ์",
    "54": "แพร่",
    "55": "น่าน",
    "56": "พะเยา",
    "57": "เชียงราย",
    "58": "แม่ฮ่องสอน",
    "60": "นครสวรรค์",
    "61": "อุทัยธานี",
    "62": "กำแพงเพชร",
    "63": "ตาก",
    "64": "สุโขทัย",
    "65": "พิษณุโลก",
    "66": "พิจิตร",
    "67": "เพชรบูรณ์",
    "70": "ราชบุรี",
    "71": "กาญจนบุรี",
    "72": "สุพรรณบุรี",
    "73": "นครปฐม",
    "74": "สมุทรสาคร",
    "75": "สมุทรสงคราม",
    "76": "เพชรบุรี",
    "77": "ประจวบคีรีขันธ์",
    "80": "นครศรีธรรมราช",
    "81": "กระบี่",
    "82": "พังงา",
    "83": "ภูเก็ต",
    "84": "สุราษฎร์ธานี",
    "85": "ระนอง",
    "86": "ชุมพร",
    "90": "สงขลา",
    "91": "สตูล",
    "92": "ตรัง",
    "93": "พัทลุง",
    "94": "ปัตตานี",
    "95": "ยะลา",
    "96": "นราธิวาส",
}
