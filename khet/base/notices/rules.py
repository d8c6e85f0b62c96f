"""Who may look into the outbox."""

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import capability

NOTICES_OUTBOX = capability("notices.outbox", _("ดูตู้ขาออกของการแจ้งเตือน"), roles=["admin"])
WATCH = "system.watch"
SYSTEM_WATCH = capability(WATCH, _("รับแจ้งเมื่อการสำรองหรือการตรวจข้อมูลมีปัญหา"), roles=["admin"])
