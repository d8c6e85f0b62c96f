"""Channels and the states of a message on its way."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    APP = "app", _("ในระบบ")
    EMAIL = "email", _("อีเมล")


class State(models.TextChoices):
    """``calling`` is written just before the outside call; what is found there after a crash is in doubt."""

    PENDING = "pending", _("รอส่ง")
    CALLING = "calling", _("กำลังส่ง")
    SENT = "sent", _("ส่งแล้ว")
    FAILED = "failed", _("ส่งไม่ได้")
    UNCERTAIN = "uncertain", _("ไม่แน่ว่าส่งแล้ว")
    HELD = "held", _("ยังไม่ได้ตั้งค่าเครื่องส่ง")
