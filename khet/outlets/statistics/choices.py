"""Words of figures: chapters, kinds, levels."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Chapter(models.TextChoices):
    """Chapters of figures, in the order of the yearly information book (thai.md 2.7 of the office's practice)."""

    PUPILS = "pupils", _("นักเรียน")
    MOVEMENT = "movement", _("การเข้า ออก เลื่อนชั้น และคงอยู่")
    TEACHERS = "teachers", _("ครูและบุคลากร")
    SCHOOLS = "schools", pgettext_lazy("many", "โรงเรียน")
    BUILDINGS = "buildings", _("สิ่งก่อสร้างและที่ดิน")
    EQUIPMENT = "equipment", _("ครุภัณฑ์ คอมพิวเตอร์ และสาธารณูปโภค")
    CHILDREN = "children", _("การศึกษาเพื่อปวงชน (EFA)")
    FORECAST = "forecast", _("แนวโน้มและการคาดประมาณ")


class Kind(models.TextChoices):
    """What a value is: ``n`` itself, or ``n`` over ``of`` times the scale."""

    COUNT = "count", _("จำนวน")
    RATIO = "ratio", _("อัตราส่วน")
    MEAN = "mean", _("ค่าเฉลี่ย")


class Level(models.TextChoices):
    """By which places figures are gathered."""

    AREA = "area", _("ทั้งเขต")
    DISTRICT = "district", _("อำเภอ")
    NETWORK = "network", _("เครือข่ายโรงเรียน")
    SCHOOL = "school", _("โรงเรียน")
