"""Codes, levels, states of schools and where a position comes from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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
