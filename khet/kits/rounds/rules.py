"""The rights of rounds: who fills in, confirms, certifies, verifies, opens and closes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from khet.base.org.api import capability

VIEW = capability(
    "rounds.view", _("ดูรอบข้อมูลของหน่วยงานตน"),
    roles=["director", "deputy", "head", "officer", "planner", "personnel", "auditor", "admin", "principal", "school_clerk", "teacher"],
)  # fmt: skip
VIEW_ALL = capability(
    "rounds.view_all", _("ดูกระดานรอบข้อมูลทั้งเขต"),
    roles=["director", "deputy", "head", "officer", "planner", "personnel", "auditor", "admin"],
)  # fmt: skip
CONFIRM = capability("rounds.confirm", _("กรอกและยืนยันข้อมูลของโรงเรียน"), roles=["school_clerk", "principal"])
CERTIFY = capability("rounds.certify", _("รับรองข้อมูลของโรงเรียน"), roles=["principal"])
VERIFY = capability("rounds.verify", _("ตรวจข้อมูลและส่งคืนให้โรงเรียนแก้"), roles=["planner"])
REMIND = capability("rounds.remind", _("เตือนโรงเรียนที่ยังไม่ส่งข้อมูล"), roles=["planner"])
MANAGE = capability("rounds.manage", _("เปิด ปิด และเปิดรอบข้อมูลใหม่"), roles=["planner", "director"])
DUTIES = capability("rounds.duties", _("กำหนดผู้รับผิดชอบผลตรวจข้อมูล"), roles=["planner", "admin", "principal"])
CENSUS = capability("rounds.census", _("ดาวน์โหลดข้อมูลของรอบที่ปิดแล้ว"), roles=["director", "planner"])
