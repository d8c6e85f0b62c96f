"""Words of a round that never change: levels of checks, kinds of sheets, states of a return and of a finding."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """What a finding asks for before its sheet can be confirmed."""

    STOP = "stop", _("ต้องแก้")
    EXPLAIN = "explain", _("แก้หรือชี้แจง")


class SheetKind(models.TextChoices):
    REGISTER = "register", _("ยืนยันทะเบียน")
    FORM = "form", _("ตอบแบบ")
    FILE = "file", _("ส่งไฟล์")
