"""What partners are, and with what they help."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PartnerKind(models.TextChoices):
    LOCAL = "local", _("อปท. (อบต. เทศบาล)")
    FAITH = "faith", _("วัดหรือมัสยิด")
    FOUNDATION = "foundation", _("มูลนิธิหรือสมาคม")
    COMPANY = "company", _("บริษัทหรือห้างร้าน")
    ALUMNI = "alumni", _("ศิษย์เก่า")
    PARENTS = "parents", _("เครือข่ายผู้ปกครอง")
    ICT = "ict", _("เครือข่าย ICT")
    OTHER = "other", _("อื่น ๆ")


class Support(models.TextChoices):
    TEACHING = "teaching", _("วิชาการและแหล่งเรียนรู้")
    FUNDS = "funds", _("ทุนและงบประมาณ")
    PLACES = "places", _("อาคารสถานที่")
    ICT = "ict", _("ICT และอินเทอร์เน็ต")
    WELFARE = "welfare", _("สุขภาพและความปลอดภัย")
    CULTURE = "culture", _("ศาสนาและวัฒนธรรม")
