"""What the trail of sign-ins tells apart."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    SIGN_IN = "sign_in", _("เข้าสู่ระบบ")
    PASSWORD = "password", _("ตรวจรหัสผ่าน")
    FACTOR = "factor", _("ตรวจปัจจัยที่สอง")
    PASSKEY = "passkey", _("เข้าด้วยพาสคีย์")
    PROVIDER = "provider", _("เข้าผ่านผู้ให้บริการยืนยันตัวตน")
    CONFIRM = "confirm", _("ยืนยันตัวตนอีกครั้ง")
    SIGN_OUT = "sign_out", _("ออกจากระบบ")
    SESSION_ENDED = "session_ended", _("จบการใช้งานบนเครื่องหนึ่ง")
    IDLE = "idle", _("หมดเวลาเพราะไม่ได้ใช้")
    FACTOR_ADDED = "factor_added", _("ตั้งปัจจัยที่สอง")
    FACTOR_REMOVED = "factor_removed", _("ลบปัจจัยที่สอง")
    FACTOR_RESET = "factor_reset", _("ผู้ดูแลล้างปัจจัยที่สอง")
    RECOVERY_CODES = "recovery_codes", _("ออกรหัสสำรองชุดใหม่")
    RESET_ASKED = "reset_asked", _("ขอตั้งรหัสผ่านใหม่")
    PASSWORD_SET = "password_set", _("ตั้งรหัสผ่าน")
    EMAIL_CHANGED = "email_changed", _("เปลี่ยนอีเมล")
    INVITED = "invited", _("ส่งลิงก์เชิญ")
    LINKED = "linked", _("ผูกบัญชีผู้ให้บริการ")
    UNLINKED = "unlinked", _("เลิกผูกบัญชีผู้ให้บริการ")
    LIMITED = "limited", _("ลองถี่เกินไป")
    MISSES = "misses", _("ไล่เปิดรายการที่ไม่มีหรือไม่มีสิทธิ์เห็น")


class Outcome(models.TextChoices):
    DONE = "done", _("สำเร็จ")
    REFUSED = "refused", _("ถูกปฏิเสธ")


class Provider(models.TextChoices):
    LINE = "line", "LINE"
    THAID = "thaid", "ThaID"
