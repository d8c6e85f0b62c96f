"""Kinds of units and posts, ways of holding authority."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    OFFICE = "office", _("สำนักงานเขตพื้นที่การศึกษา")
    GROUP = "group", _("กลุ่ม")
    SCHOOL = "school", _("โรงเรียน")
    NETWORK = "network", _("เครือข่ายโรงเรียน")
    TEAM = "team", _("กลุ่มดอก")
    COMMITTEE = "committee", _("คณะกรรมการ")


class PostKind(models.TextChoices):
    """What a post is in the chain of command."""

    DIRECTOR = "director", _("ผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา")
    DEPUTY = "deputy", _("รองผู้อำนวยการสำนักงานเขตพื้นที่การศึกษา")
    HEAD = "head", _("ผู้อำนวยการกลุ่ม หรือหัวหน้ากลุ่ม")
    OFFICER = "officer", _("เจ้าหน้าที่")
    PRINCIPAL = "principal", _("ผู้อำนวยการสถานศึกษา")
    VICE_PRINCIPAL = "vice_principal", _("รองผู้อำนวยการสถานศึกษา")
    CLERK = "clerk", _("ธุรการโรงเรียน")
    TEACHER = "teacher", _("ครู")


class Reach(models.TextChoices):
    """How far the capabilities of a role go from the unit where it is held."""

    UNIT = "unit", _("เฉพาะหน่วยงานของตน")
    BELOW = "below", _("หน่วยงานของตนและหน่วยงานในกำกับ")
    AREA = "area", _("ทั้งเขตพื้นที่")


class HoldingKind(models.TextChoices):
    SUBSTANTIVE = "substantive", _("ดำรงตำแหน่ง")
    CARETAKER = "caretaker", _("รักษาการในตำแหน่ง")


class DelegationKind(models.TextChoices):
    ACTING = "acting", _("รักษาราชการแทน")
    ON_BEHALF = "on_behalf", _("ปฏิบัติราชการแทน")


class IdKind(models.TextChoices):
    CITIZEN = "citizen", _("เลขประจำตัวประชาชน")
    G_CODE = "g_code", _("รหัส G")
    PASSPORT = "passport", _("หนังสือเดินทาง")
    OFFICIAL = "official", _("เลขประจำตัวข้าราชการ")
