"""Pupils as subjects of personal data, and how long former ones are known by name."""

from django.utils.translation import gettext_lazy as _

from khet.base.privacy.bases import Retention, SubjectKind, retention, subject_kind
from khet.modules.students.actions import due_to_forget, forget_pupils

subject_kind(SubjectKind("students.pupil", _("นักเรียน")))
retention(
    Retention(
        code="students.pupils",
        title=_("อดีตนักเรียน"),
        basis=_("ใช้ติดตามเด็กออกกลางคันและรับรองประวัติการเรียน หลักฐานการศึกษา (ปพ.) เก็บที่โรงเรียน ไม่ใช่ที่นี่"),
        counts_from=_("วันที่ออกจากโรงเรียนแห่งสุดท้าย"),
        counter=_("คน"),
        effect=_("ชื่อ เลขประจำตัว วันเกิด ที่อยู่ ครอบครัว ทุน และสุขภาพถูกลบ เหลือโรงเรียน ชั้น เพศ ปี และผลสิ้นปีไว้นับจำนวน"),
        years=10,
        least=3,
        due=due_to_forget,
        forget=forget_pupils,
    )
)
