"""Kinds, conditions and states of buildings, land and durable articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BuildingKind(models.TextChoices):
    """Types of B-OBEC. 04 is inferred from the order of the ministry's pages and not confirmed by a document."""

    CLASSROOMS = "01", _("อาคารเรียน")
    MULTIPURPOSE = "02", _("อาคารอเนกประสงค์/โรงอาหาร/โรงฝึกงาน/หอประชุม")
    TEACHERS_HOUSE = "03", _("บ้านพักครู")
    CARETAKERS_HOUSE = "04", _("บ้านพักภารโรง")
    TOILET = "05", _("ส้วม")
    PLAYGROUND = "08", _("สนามเด็กเล่น")
    NURSERY = "12", _("เรือนเพาะชำ")
    SPORTS_FIELD = "15", _("สนามกีฬา")
    WATER_TANK = "16", _("ถังเก็บน้ำ")
    FENCE = "27", _("รั้ว")
    ROAD = "28", _("ถนน/รางระบายน้ำ")


# Kinds that have rooms.
ROOMED = (
    BuildingKind.CLASSROOMS,
    BuildingKind.MULTIPURPOSE,
    BuildingKind.TEACHERS_HOUSE,
    BuildingKind.CARETAKERS_HOUSE,
)


class BuildingCondition(models.TextChoices):
    GOOD = "good", pgettext_lazy("building", "ดี")
    FAIR = "fair", pgettext_lazy("building", "พอใช้")
    POOR = "poor", pgettext_lazy("building", "ทรุดโทรม")


class Standing(models.TextChoices):
    """Where a building stands between use and rubble. A demolished one stays in the register."""

    STANDING = "standing", _("ใช้งาน")
    ASKED = "asked", _("ขออนุญาตรื้อถอน")
    PERMITTED = "permitted", _("อนุญาตให้รื้อถอนแล้ว")
    DEMOLISHED = "demolished", _("รื้อถอนแล้ว")


class DemolitionState(models.TextChoices):
    ASKED = "asked", _("รออนุญาต")
    PERMITTED = "permitted", _("อนุญาตแล้ว")
    REFUSED = "refused", _("ไม่อนุญาต")
    DONE = "done", _("รื้อถอนแล้ว")


class BudgetSource(models.TextChoices):
    BUDGET = "budget", _("งบประมาณ")
    OFF_BUDGET = "off_budget", _("เงินนอกงบประมาณ")
    DONATION = "donation", _("บริจาค")
    LOCAL = "local", _("องค์กรปกครองส่วนท้องถิ่น")
    UNKNOWN = "", _("ไม่ทราบ")


class LandKind(models.TextChoices):
    TREASURY = "treasury", _("ที่ราชพัสดุ")
    TITLE_DEED = "deed", _("โฉนดที่ดิน")
    NOR_SOR_3 = "ns3", _("น.ส. 3 / น.ส. 3 ก.")
    CLAIM = "sk1", _("ส.ค. 1 หรือใบจอง (น.ส. 2)")
    LAND_REFORM = "spk", _("ส.ป.ก.")
    PUBLIC = "public", _("ที่สาธารณประโยชน์ (นสล.)")
    FOREST = "forest", _("ป่าสงวนหรืออุทยาน")
    TEMPLE = "temple", _("ที่วัดหรือที่ธรณีสงฆ์")
    BORROWED = "borrowed", _("ที่เอกชนให้ใช้")
    NONE = "none", _("ไม่มีเอกสารสิทธิ์")


class AssetKind(models.TextChoices):
    """Groups of durable articles by which useful lives are set (list of the Budget Bureau)."""

    CONSTRUCTION = "construction", _("ครุภัณฑ์ก่อสร้าง")
    FARMING = "farming", _("ครุภัณฑ์การเกษตร")
    MEDICAL = "medical", _("ครุภัณฑ์การแพทย์")
    EDUCATION = "education", _("ครุภัณฑ์การศึกษา")
    PUBLICITY = "publicity", _("ครุภัณฑ์โฆษณาและเผยแพร่")
    HOUSEHOLD = "household", _("ครุภัณฑ์งานบ้านงานครัว")
    ELECTRIC = "electric", _("ครุภัณฑ์ไฟฟ้าและวิทยุ")
    VEHICLE = "vehicle", _("ครุภัณฑ์ยานพาหนะ")
    MOTORCYCLE = "motorcycle", _("รถจักรยานยนต์")
    FACTORY = "factory", _("ครุภัณฑ์โรงงาน")
    OFFICE = "office", _("ครุภัณฑ์สำนักงาน")
    SURVEY = "survey", _("ครุภัณฑ์สำรวจ")
    COMPUTER = "computer", _("ครุภัณฑ์คอมพิวเตอร์")


# Years of use until only one baht is left. The computer's is practice, not on the published list.
USEFUL_LIFE: dict[str, int] = dict.fromkeys(AssetKind.values, 10) | {
    AssetKind.VEHICLE: 8,
    AssetKind.MOTORCYCLE: 5,
    AssetKind.COMPUTER: 3,
}


class Method(models.TextChoices):
    SPECIFIC = "specific", _("เฉพาะเจาะจง")
    SELECTION = "selection", _("คัดเลือก")
    BIDDING = "bidding", _("e-bidding")
    DONATION = "donation", _("รับบริจาค")
    TRANSFER = "transfer", _("รับโอน")
    OTHER = "other", pgettext_lazy("method", "อื่น ๆ")


class Money(models.TextChoices):
    BUDGET = "budget", _("เงินงบประมาณ")
    OFF_BUDGET = "off_budget", _("เงินนอกงบประมาณ")
    DONATION = "donation", _("เงินหรือของบริจาค")


class Condition(models.TextChoices):
    IN_USE = "in_use", _("ใช้การได้")
    WAITING_REPAIR = "waiting_repair", _("รอซ่อม")
    WAITING_DISPOSAL = "waiting_disposal", _("รอจำหน่าย")
    MISSING = "missing", _("หาไม่พบ")
    DISPOSED = "disposed", _("จำหน่ายแล้ว")


class TransferState(models.TextChoices):
    ASKED = "asked", _("รอรับ")
    ACCEPTED = "accepted", _("รับแล้ว")
    REFUSED = "refused", _("ไม่รับ")
    WITHDRAWN = "withdrawn", _("ถอนคืน")


class DisposalWay(models.TextChoices):
    """Ways of disposal under the regulation on procurement and supplies 2560, clause 215."""

    SALE = "sale", _("ขาย")
    EXCHANGE = "exchange", _("แลกเปลี่ยน")
    TRANSFER = "transfer", _("โอน")
    DESTROY = "destroy", _("แปรสภาพหรือทำลาย")
    WRITE_OFF = "write_off", _("จำหน่ายเป็นสูญ")


class DisposalState(models.TextChoices):
    PROPOSED = "proposed", _("เสนอจำหน่าย")
    ORDERED = "ordered", _("สั่งจำหน่ายแล้ว")
    DONE = "done", _("จำหน่ายแล้ว")
    DROPPED = "dropped", _("ยกเลิก")


class RepairState(models.TextChoices):
    OPEN = "open", _("กำลังซ่อม")
    DONE = "done", _("ซ่อมเสร็จ")
    BEYOND = "beyond", _("ซ่อมไม่คุ้ม")


class CheckState(models.TextChoices):
    OPEN = "open", _("กำลังตรวจ")
    CLOSED = "closed", _("ปิดแล้ว")


class Seen(models.TextChoices):
    """What the yearly check found at an article."""

    OK = "ok", _("ใช้การได้")
    BROKEN = "broken", _("ชำรุด")
    LOST = "lost", _("หาไม่พบ")
    MISPLACED = "misplaced", _("อยู่ผิดที่")


class Need(models.TextChoices):
    """What a criterion asks for."""

    CLASSROOM = "classroom", _("ห้องเรียน")
    TOILET = "toilet", _("ส้วม (ที่นั่ง)")
    HOUSE = "house", _("บ้านพักครู (หลัง)")


# Years after which a building is old: houses and halls of concrete against yards, fences and tanks. Upper ends of the ranges
# that the government's accounting policy gives for permanent buildings and for other constructions.
BUILDING_LIFE: dict[str, int] = dict.fromkeys(BuildingKind.values, 25) | dict.fromkeys(ROOMED, 40)
